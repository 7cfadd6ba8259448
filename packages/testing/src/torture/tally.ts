import { createHash } from "node:crypto";
import type { FaultKind } from "./kernel/faults.ts";
import type { Violation } from "./record.ts";
import type { SeedResult } from "./run.ts";

/** A seed in which something happened that must not. */
export interface FailedSeed {
  readonly seed: number;
  readonly violations: readonly Violation[];
}

/** What came of many seeds. */
export interface TortureReport {
  readonly seeds: number;
  /** Things that happened and must not have, all seeds together. */
  readonly violations: number;
  readonly seedsPerSecond: number;
  /** In how many seeds each kind of fault took effect; kinds that never did are not there. */
  readonly faultsExercised: Readonly<Partial<Record<FaultKind, number>>>;
  /** How often each invariant was looked at. */
  readonly invariantsChecked: Readonly<Record<string, number>>;
  /** Of the hashes of all seeds: the same seeds give the same, on every machine and with any number of workers. */
  readonly hash: string;
}

/** What of a seed's result the sum over many needs; plain JSON. */
export type SeedOutcome = Pick<
  SeedResult,
  "seed" | "hash" | "violations" | "faults" | "checked" | "entries" | "lives" | "simulatedMs"
>;

/** Adds up the results of seeds, in any order. */
export class TortureTally {
  readonly failed: FailedSeed[] = [];
  /** How often each fault took effect, over all seeds. */
  readonly effects: Partial<Record<FaultKind, number>> = {};
  entries = 0;
  lives = 0;
  simulatedMs = 0;
  readonly #hashes = new Map<number, string>();
  readonly #exercised: Partial<Record<FaultKind, number>> = {};
  readonly #checked: Record<string, number> = {};
  #violations = 0;

  get seeds(): number {
    return this.#hashes.size;
  }

  add({ seed, hash, violations, faults, checked, entries, lives, simulatedMs }: SeedOutcome): void {
    this.#hashes.set(seed, hash);
    this.#violations += violations.length;
    if (violations.length > 0) this.failed.push({ seed, violations });
    for (const [kind, count] of Object.entries(faults) as [FaultKind, number][]) {
      this.#exercised[kind] = (this.#exercised[kind] ?? 0) + 1;
      this.effects[kind] = (this.effects[kind] ?? 0) + count;
    }
    for (const [id, count] of Object.entries(checked)) this.#checked[id] = (this.#checked[id] ?? 0) + count;
    this.entries += entries;
    this.lives += lives;
    this.simulatedMs += simulatedMs;
  }

  /** @param seconds how long it took */
  report(seconds: number): TortureReport {
    const hash = createHash("sha256");
    for (const [seed, own] of [...this.#hashes].sort(([a], [b]) => a - b)) hash.update(`${seed} ${own}\n`);
    return {
      seeds: this.seeds,
      violations: this.#violations,
      seedsPerSecond: Math.round((10 * this.seeds) / Math.max(0.001, seconds)) / 10,
      faultsExercised: sorted(this.#exercised),
      invariantsChecked: sorted(this.#checked),
      hash: hash.digest("hex").slice(0, 32),
    };
  }
}

/** The same record with its keys in order: `I2` before `I10`. */
function sorted<T extends Readonly<Partial<Record<string, number>>>>(record: T): T {
  const number = (key: string): number => Number(/\d+$/.exec(key)?.[0] ?? 0);
  const keys = Object.keys(record).sort((a, b) => number(a) - number(b) || (a < b ? -1 : 1));
  return Object.fromEntries(keys.map((key) => [key, record[key]])) as T;
}
