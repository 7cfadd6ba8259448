import type { TruthChange, TruthState } from "@matchpoint/sdk";
import { endAt, isWinner, type Fixture } from "./fixture.ts";
import { isHeard } from "./heard.ts";
import type { Unsaying } from "./world.ts";
import { PROFILES } from "./voices.ts";

/** A result that was held although it was none. */
export interface FalseResult {
  readonly matchId: string;
  readonly game: number;
  readonly status: "final" | "effectively_final";
  readonly winner: number;
  /** Ms after the match's scheduled start. */
  readonly at: number;
  readonly sources: readonly string[];
  /** Whether it rests on the statement of one wrong tier-A source, and on nobody but those who copy it. */
  readonly tierAAlone: boolean;
  /** Taken back later. */
  revised: boolean;
}

/** Something that was unsaid in the hall, and whether those who act on truth were told. */
export interface Injected extends Unsaying {
  readonly matchId: string;
  readonly at: number;
  /** Whether a source of tier A or B ever told of it. */
  readonly heard: boolean;
  /** Whether what is unsaid had been held true or shown. */
  shown: boolean;
  revised: boolean;
}

/** A result that was overtaken by a decision in the hall may be held until the slower sources have heard of it. */
const IN_FLIGHT_MS = 20 * 60_000;
/** How long after something was unsaid the word of it may come. */
const HEARD_BY_MS = 3 * 3_600_000;

const UPSTREAM = new Map(PROFILES.map(({ source, upstream }) => [source, upstream]));

/** Compares what is held true of one match with what happened. */
export class Referee {
  readonly falseResults: FalseResult[] = [];
  readonly injected: Injected[];
  /** When the series (0) and the games became final with the right winner, in ms after the scheduled start. */
  readonly finalAt = new Map<number, number>();
  /** Results that had been overturned in the hall moments before they were held: their sources had not heard yet. */
  readonly overtaken: {
    readonly matchId: string;
    readonly game: number;
    readonly status: string;
    readonly at: number;
  }[] = [];
  readonly #fixture: Fixture;
  readonly #tierA: ReadonlySet<string>;
  readonly #held = new Map<number, FalseResult>();

  constructor(fixture: Fixture, tierA: readonly string[]) {
    this.#fixture = fixture;
    this.#tierA = new Set(tierA);
    this.injected = fixture.moments.flatMap(({ at, unsaid }) =>
      unsaid === undefined
        ? []
        : [
            {
              ...unsaid,
              matchId: fixture.match.matchId,
              at,
              heard: isHeard(fixture, unsaid, at),
              shown: false,
              revised: false,
            },
          ],
    );
  }

  /** Looks at what is shown just before a message comes. */
  before(state: () => TruthState, at: number): void {
    for (const each of this.injected) {
      if (!each.shown && at >= each.at && at <= each.at + HEARD_BY_MS)
        each.shown = this.#shows(state(), each, at);
    }
  }

  /** Whether what was unsaid is held or shown at a time, and has not become so again meanwhile. */
  #shows(state: TruthState, { kind, game }: Injected, at: number): boolean {
    const held = game === 0 ? state : state.games[game - 1]!;
    const end = endAt(this.#fixture, game, at);
    if (held.status === "final" || held.status === "effectively_final") {
      return kind === "correction" ? !isWinner(end, held.winner) : end === undefined;
    }
    const now = this.#fixture.moments.findLast((each) => each.at <= at)!;
    const there = now.view.games.find((each) => each.game === game);
    if (there === undefined) return false;
    const shown = state.games[game - 1]!.progress;
    const more = (team: 0 | 1): boolean => (shown.score?.[team] ?? 0) > there.score[team];
    return more(0) || more(1) || (shown.clockMs ?? 0) > there.clockMs + 10_000;
  }

  /** Takes what changed. */
  take(change: TruthChange, at: number): void {
    const game = change.game ?? 0;
    if (change.kind === "revised") {
      for (const each of this.injected) {
        const due = at >= each.at && at <= each.at + HEARD_BY_MS;
        if (each.shown && !each.revised && due && each.game === game) each.revised = true;
      }
    }
    const { to, from, current } = change;
    const held = this.#held.get(game);
    if (held !== undefined && (to !== held.status || current.winner !== held.winner)) {
      held.revised ||= change.kind === "revised";
      this.#held.delete(game);
    }
    if (from === "final" && to !== "final") this.finalAt.delete(game);
    if (to !== "final" && to !== "effectively_final") return;
    if (from === to && held === undefined && this.finalAt.has(game)) return;
    if (this.#isTrue(game, to, current.winner, at)) {
      if (to === "final" && !this.finalAt.has(game)) this.finalAt.set(game, at);
      return;
    }
    if (this.#held.has(game)) return;
    const result: FalseResult = {
      matchId: this.#fixture.match.matchId,
      game,
      status: to,
      winner: current.winner!,
      at,
      sources: current.sources,
      tierAAlone: this.#isTierAAlone(game, current.sources),
      revised: false,
    };
    this.falseResults.push(result);
    this.#held.set(game, result);
  }

  /** Whether a winner is right, or was until a moment ago: then its sources could not have heard. */
  #isTrue(game: number, status: string, winner: number | undefined, at: number): boolean {
    if (isWinner(endAt(this.#fixture, game, at), winner)) return true;
    const before = this.#fixture.moments.filter((each) => each.at <= at && each.at > at - IN_FLIGHT_MS);
    const earlier = [at - IN_FLIGHT_MS, ...before.map((each) => each.at)];
    const was = earlier.some((time) => isWinner(endAt(this.#fixture, game, time), winner));
    if (was) this.overtaken.push({ matchId: this.#fixture.match.matchId, game, status, at });
    return was;
  }

  #isTierAAlone(game: number, sources: readonly string[]): boolean {
    const wrong = new Set(this.#fixture.mistakes.map(({ upstream }) => upstream));
    const alone = (names: readonly string[]): boolean =>
      names.some((name) => this.#tierA.has(name)) &&
      new Set(names.map((name) => UPSTREAM.get(name))).size === 1 &&
      wrong.has(UPSTREAM.get(names[0]!)!);
    if (alone(sources)) return true;
    if (game > 0) return false;
    // A series is wrong by its games when one of them is.
    return [...this.#held.values()].some((each) => each.tierAAlone);
  }
}
