import type { Team, Tier, Title } from "@matchpoint/sdk";
import type { Prng } from "../simulator/prng.ts";
import { countMaps, type Moment, type View } from "./world.ts";

/** How a source is, and how it speaks. */
export interface Profile {
  readonly source: string;
  /** What it says of itself; the configuration decides. */
  readonly tier: Tier;
  readonly upstream: string;
  readonly titles: readonly Title[];
  /** Share of the matches of its titles that it covers. */
  readonly covers: number;
  /** Median of how late it is, in ms, and how much that varies (sd of the logarithm). */
  readonly lagMs: number;
  readonly spread: number;
  /** Whether it says that it takes something back; else it only says what is so now. */
  readonly retracts: boolean;
  /** Whether it numbers its messages, so that what is lost is sent again. */
  readonly numbered: boolean;
  readonly says: ReadonlySet<"progress" | "games" | "scores" | "series" | "given">;
}

const ALL: readonly Title[] = ["lol", "cs2", "dota2", "valorant"];

/** The sources of the season. Two feeds of one upstream copy it: also its mistakes. */
export const PROFILES: readonly Profile[] = [
  source("grid", "A", "grid", ALL, 0.8, 900, 0.3, ["progress", "games", "scores", "series"], true, true),
  source("official", "A", "publisher", ALL, 0.1, 3_000, 0.4, ["games", "series"], true, true),
  source("pandascore", "B", "pandascore", ALL, 0.95, 12_000, 0.5, [
    "progress",
    "games",
    "scores",
    "series",
    "given",
  ]),
  source("polymarket_sports", "B", "pandascore", ALL, 0.6, 35_000, 0.4, ["scores"]),
  source("riot_gateway", "A", "riot", ["lol"], 0.8, 35_000, 0.3, ["progress", "games", "series"]),
  source("steam", "B", "valve", ["dota2"], 0.8, 20_000, 0.3, ["progress", "games", "scores"]),
  source("opendota", "B", "valve", ["dota2"], 0.6, 45_000, 0.4, ["games"]),
  source(
    "scoreboard",
    "B",
    "scoreboard",
    ["cs2", "valorant"],
    0.8,
    5_000,
    0.4,
    ["progress", "games", "series"],
    true,
  ),
  source("grid_relay", "B", "grid", ALL, 0.4, 8_000, 0.4, ["progress", "games", "series"], true),
  source("liquipedia", "C", "liquipedia", ALL, 0.8, 400_000, 0.6, ["games", "series", "given"]),
];

function source(
  name: string,
  tier: Tier,
  upstream: string,
  titles: readonly Title[],
  covers: number,
  lagMs: number,
  spread: number,
  says: readonly ("progress" | "games" | "scores" | "series" | "given")[],
  retracts = false,
  numbered = false,
): Profile {
  return {
    source: name,
    tier,
    upstream,
    titles,
    covers,
    lagMs,
    spread,
    retracts,
    numbered,
    says: new Set(says),
  };
}

/** What an upstream gets wrong about a game, and for how long. Whoever copies it says the same. */
export interface Mistake {
  readonly upstream: string;
  readonly game: number;
  /** `typo`: the winner alone; `swapped`: the teams, scores too; `early`: a win that is not one yet. */
  readonly kind: "typo" | "swapped" | "early";
  readonly from: number;
  readonly until: number;
}

/** A source at one match. */
export interface Voice {
  readonly profile: Profile;
  /** How late it is today, in ms. */
  readonly lagMs: number;
  /** When it is out: it sees nothing then, and afterwards how things are. */
  readonly outage: { readonly from: number; readonly to: number; readonly told: boolean } | undefined;
}

/** Three to six sources for a match. */
export function drawVoices(rng: Prng, title: Title, endsAt: number): readonly Voice[] {
  const there = PROFILES.filter((each) => each.titles.includes(title));
  let chosen = there.filter((each) => rng.chance(each.covers));
  while (chosen.length > 6) chosen = chosen.filter((each) => each !== rng.pick(chosen));
  for (const each of there) if (chosen.length < 3 && !chosen.includes(each)) chosen.push(each);
  return chosen.map((profile) => {
    const from = rng.between(0, endsAt);
    const out = rng.chance(0.1)
      ? { from, to: from + rng.between(30_000, 900_000), told: rng.chance(0.5) }
      : undefined;
    return { profile, lagMs: rng.logNormal(profile.lagMs, profile.spread), outage: out };
  });
}

/** Share of games about which an upstream is wrong. */
const WRONG = 0.035;

/**
 * Mistakes of a match. About one game at most one upstream is wrong: where two that do not copy each other make the same
 * mistake at once, no rule of evidence can tell.
 */
export function drawMistakes(
  rng: Prng,
  voices: readonly Voice[],
  moments: readonly Moment[],
): readonly Mistake[] {
  const mistakes: Mistake[] = [];
  const last = moments.at(-1)!.view;
  for (const { game, started } of last.games) {
    if (!rng.chance(WRONG)) continue;
    const { upstream } = rng.pick(voices).profile;
    const kind = rng.pick(["typo", "swapped", "early"] as const);
    const begin = moments.find(({ view }) => view.games.some((each) => each.game === game && each.started));
    const end = moments.find(({ view }) =>
      view.games.some((each) => each.game === game && each.winner !== undefined),
    );
    if (!started || begin === undefined || end === undefined) continue;
    const right = upstream === "grid" || upstream === "publisher" || rng.chance(0.85);
    const late = rng.chance(0.8) ? rng.between(5_000, 120_000) : rng.between(120_000, 3_600_000);
    if (kind === "early") {
      const from = begin.at + (end.at - begin.at) * rng.between(0.3, 0.95);
      mistakes.push({ upstream, game, kind, from, until: from + rng.between(5_000, 60_000) });
    } else {
      mistakes.push({ upstream, game, kind, from: begin.at, until: right ? end.at + late : Infinity });
    }
  }
  return mistakes;
}

const flip = ([a, b]: readonly [number, number]): readonly [number, number] => [b, a];
const other = (team: Team): Team => (team === 0 ? 1 : 0);

/** How things look to who makes the mistake. */
export function mistaken(view: View, mistake: Mistake, at: number, bestOf: number): View {
  if (at < mistake.from || at >= mistake.until) return view;
  const games = view.games.map((each) => {
    if (each.game !== mistake.game || !each.started) return each;
    if (mistake.kind === "early") {
      const leader: Team = each.score[0] >= each.score[1] ? 0 : 1;
      return each.winner === undefined ? { ...each, winner: leader } : each;
    }
    const score = mistake.kind === "swapped" ? flip(each.score) : each.score;
    return each.winner === undefined || each.forfeit
      ? { ...each, score }
      : { ...each, score, winner: other(each.winner) };
  });
  const maps = countMaps(games);
  if (view.forfeit) return { ...view, games, maps };
  const needed = Math.floor(bestOf / 2) + 1;
  const winner = ([0, 1] as const).find((team) => maps[team] >= needed);
  return { ...view, games, maps, winner, ended: winner !== undefined || maps[0] + maps[1] >= bestOf };
}
