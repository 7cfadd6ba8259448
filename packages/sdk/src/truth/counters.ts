import type { FeedHealth, Tier } from "../events/index.ts";
import type { SourceId } from "../ids.ts";
import type { Nanos } from "../units/index.ts";
import type { ResultTally, SourceCounters } from "./records.ts";

type Mutable<T> = { -readonly [K in keyof T]: T[K] extends ResultTally ? Mutable<ResultTally> : T[K] };

const NONE: ResultTally = { right: 0, wrong: 0 };

/** Counters per source. */
export class Counters {
  readonly #bySource = new Map<SourceId, Mutable<SourceCounters>>();

  constructor(known: readonly SourceCounters[] = []) {
    for (const each of known) {
      // Absent in what was written before results were graded.
      const { late, games, series } = each as Partial<SourceCounters>;
      const tallies = { late: late ?? 0, games: { ...NONE, ...games }, series: { ...NONE, ...series } };
      this.#bySource.set(each.source, { ...each, health: each.health, ...tallies });
    }
  }

  of(source: SourceId): Mutable<SourceCounters> {
    const known = this.#bySource.get(source);
    if (known !== undefined) return known;
    const made = {
      source,
      tier: "C" as Tier,
      upstream: source as string,
      claims: 0,
      duplicates: 0,
      contradictions: 0,
      violations: 0,
      unlisted: 0,
      first: 0,
      late: 0,
      games: { ...NONE },
      series: { ...NONE },
      lastAt: 0 as Nanos,
      health: undefined as FeedHealth | undefined,
    };
    this.#bySource.set(source, made);
    return made;
  }

  /** Copies, sorted by source. */
  list(): SourceCounters[] {
    return [...this.#bySource.values()]
      .sort((a, b) => (a.source < b.source ? -1 : a.source > b.source ? 1 : 0))
      .map((each) => ({ ...each, games: { ...each.games }, series: { ...each.series } }));
  }
}
