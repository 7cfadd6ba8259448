import { id, type MatchDescription, type MatchId, type Title } from "@matchpoint/sdk";
import { Prng } from "../simulator/prng.ts";
import { drawTurn, Plot, type Turn } from "./plot.ts";
import { tell, type Message } from "./teller.ts";
import { drawMistakes, drawVoices, type Mistake } from "./voices.ts";
import { endOf, type End, type Moment } from "./world.ts";

/** One match of a season: what happened, and what its sources said of it. */
export interface Fixture {
  readonly match: MatchDescription;
  /** Ms of the season at which the match is scheduled; all other times are after that. */
  readonly startsAt: number;
  readonly turn: Turn;
  readonly moments: readonly Moment[];
  readonly mistakes: readonly Mistake[];
  readonly sources: readonly string[];
  readonly messages: readonly Message[];
}

const TITLES: readonly Title[] = ["lol", "cs2", "dota2", "valorant"];
const FORMATS = [1, 1, 2, 3, 3, 3, 3, 3, 5, 5] as const;
const BETWEEN_MATCHES_MS = 120_000;

/** Makes match number `index` of a season; each is drawn apart, so that a season of fewer matches has the same ones. */
export function makeFixture(seed: number, index: number): Fixture {
  const rng = (what: string): Prng => new Prng(seed, `season ${index} ${what}`);
  const world = rng("world");
  const title = world.pick(TITLES);
  const bestOf = world.pick(FORMATS);
  const turn = drawTurn(world);
  const { moments } = new Plot(world, title, bestOf, turn).write();
  const voices = drawVoices(rng("voices"), title, moments.at(-1)!.at);
  const mistakes = drawMistakes(rng("mistakes"), voices, moments);
  const rounds = title === "cs2" || title === "valorant";
  const messages = voices
    .flatMap((voice) => tell(rng(voice.profile.source), voice, moments, mistakes, { bestOf, rounds }))
    .sort((a, b) => a.at - b.at);
  const match: MatchDescription = {
    matchId: id<MatchId>(`season-${seed}-${index}`),
    title,
    teams: [{ name: `Home ${index}` }, { name: `Away ${index}` }],
    bestOf,
  };
  const sources = voices.map(({ profile }) => profile.source);
  return { match, startsAt: index * BETWEEN_MATCHES_MS, turn, moments, mistakes, sources, messages };
}

/** How the series (0) or a game stood at a time. */
export function endAt(fixture: Fixture, game: number, at: number): End {
  const moment = fixture.moments.findLast((each) => each.at <= at);
  return moment === undefined ? undefined : endOf(moment.view, game, fixture.match.bestOf);
}

/** When the last word on the series (0) or a game was spoken, and what it is. */
export function lastWord(fixture: Fixture, game: number): { readonly end: End; readonly at: number } {
  const { moments, match } = fixture;
  const end = endOf(moments.at(-1)!.view, game, match.bestOf);
  let at = 0;
  for (let i = moments.length - 1; i >= 0; i--) {
    if (endOf(moments[i]!.view, game, match.bestOf) !== end) break;
    at = moments[i]!.at;
  }
  return { end, at };
}

/** Whether a winner is the one of an end. */
export function isWinner(end: End, winner: number | undefined): boolean {
  return winner !== undefined && (end === winner || end === `given${winner}`);
}
