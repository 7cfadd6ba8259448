import type { FeedHealth, Tier } from "../events/index.ts";
import type { SourceId } from "../ids.ts";
import type { Nanos } from "../units/index.ts";
import type { SourceCounters } from "./records.ts";

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** Counters per source. */
export class Counters {
  readonly #bySource = new Map<SourceId, Mutable<SourceCounters>>();

  constructor(known: readonly SourceCounters[] = []) {
    for (const each of known) this.#bySource.set(each.source, { ...each, health: each.health });
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
      .map((each) => ({ ...each }));
  }
}
