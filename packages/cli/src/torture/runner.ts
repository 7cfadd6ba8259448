import {
  JUDGES,
  poisoned,
  shrinkFailure,
  tortureSeed,
  type SeedOutcome,
  type ShrunkFailure,
  type TortureOptions,
} from "@matchpoint/testing";
import { watchConduct, type SeedConduct } from "./conduct.ts";
import type { Worker } from "./serve.ts";

/** What came of a seed, and how the user's own strategies did in it; plain JSON. */
export interface Outcome extends SeedOutcome {
  readonly conduct: SeedConduct;
}

/** Gives the next seed, or nothing when there are no more. */
export type TakeSeed = () => number | undefined;
/** Is told what came of one. */
export type ToldOutcome = (outcome: Outcome) => void;

/** Runs seeds where nothing but they can be seen. */
export interface SeedRunner {
  /** Gives the seed that did not end, where that can be seen. */
  run(take: TakeSeed, onOutcome: ToldOutcome, interrupted?: AbortSignal): Promise<number | undefined>;
  shrink(seed: number): Promise<ShrunkFailure | undefined>;
}

/** What a process does with a seed: without clocks, chance and the network. */
export function seedWorker(torture: TortureOptions): Worker {
  return {
    run: async (seed) => {
      const { judge, conduct } = watchConduct(torture.strategies ?? []);
      const options = { ...torture, judges: [...JUDGES, judge] };
      const result = await poisoned(() => tortureSeed(seed, options));
      const { hash, violations, faults, checked, entries, lives, simulatedMs } = result;
      return { seed, hash, violations, faults, checked, entries, lives, simulatedMs, conduct };
    },
    shrink: (seed) => poisoned(() => shrinkFailure(seed, torture)),
  };
}

/** Seeds in this process, one after the other: for programs that call the command and go on with something else. */
export class SeedsHere implements SeedRunner {
  readonly #worker: Worker;

  constructor(torture: TortureOptions) {
    this.#worker = seedWorker(torture);
  }

  async run(take: TakeSeed, onOutcome: ToldOutcome): Promise<undefined> {
    for (let seed = take(); seed !== undefined; seed = take()) onOutcome(await this.#worker.run(seed));
  }

  shrink(seed: number): Promise<ShrunkFailure | undefined> {
    return this.#worker.shrink(seed);
  }
}
