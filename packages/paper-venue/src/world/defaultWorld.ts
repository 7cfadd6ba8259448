import type { Price } from "@matchpoint/sdk";
import { luck } from "../derive.ts";
import type { VenueListing } from "./listing.ts";
import { matchListings } from "./matchListings.ts";

/** What the default world is made of. */
export interface WorldOptions {
  readonly seed: number;
  /** Wall clock at monotonic time 0, Unix ms. */
  readonly wallStart: number;
  /** Taker delay of every market in seconds. Default 1, as on most esports markets. */
  readonly secondsDelay?: number;
  /** When the matches begin, in ms from the start. Default 30 minutes. */
  readonly startsInMs?: number;
}

const MATCHES = [
  { title: "lol", bestOf: 5, tournament: "LCK Playoffs", teams: ["T1", "Gen.G"], codes: ["t1", "gen"] },
  { title: "cs2", bestOf: 3, tournament: "IEM Katowice", teams: ["FaZe", "Spirit"], codes: ["faze", "ts7"] },
] as const;

/**
 * A small world: one LoL and one CS2 match, each with its winner and the winners of its games, named and worded as Polymarket
 * lists them.
 *
 * @example
 * ```ts
 * import { defaultWorld } from "@matchpoint/paper-venue";
 *
 * const listings = defaultWorld({ seed: 1, wallStart: 1_790_000_000_000, secondsDelay: 0 });
 * listings[0]?.description.title; // "LoL: T1 vs Gen.G (BO5) - LCK Playoffs"
 * ```
 */
export function defaultWorld(options: WorldOptions): readonly VenueListing[] {
  const startsAt = Math.floor((options.wallStart + (options.startsInMs ?? 1_800_000)) / 1_000) * 1_000;
  const day = new Date(startsAt).toISOString().slice(0, 10);
  return MATCHES.flatMap(({ codes, ...match }, index) => {
    const slug = `${match.title}-${codes.join("-")}-${day}`;
    return matchListings({
      ...match,
      seed: options.seed,
      slug,
      startsAt,
      eventId: String(90_000 + index),
      fair: (4_000 + 100 * Math.floor(luck(options.seed, `fair|${slug}`) * 20)) as Price,
      ...(options.secondsDelay === undefined ? {} : { secondsDelay: options.secondsDelay }),
    });
  });
}
