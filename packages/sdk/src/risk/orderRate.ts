import type { Nanos } from "../units/index.ts";

/** Counts what happened within a sliding window; keeps no more times than it can be asked about. */
export class OrderRate {
  readonly #times: number[];
  #head = 0;
  #count = 0;

  /** @param capacity the highest count that matters; older times fall out beyond it */
  constructor(capacity: number) {
    this.#times = new Array<number>(Math.max(1, capacity)).fill(0);
  }

  add(at: Nanos): void {
    const { length } = this.#times;
    this.#times[(this.#head + this.#count) % length] = at;
    if (this.#count < length) this.#count += 1;
    else this.#head = (this.#head + 1) % length;
  }

  /** How many came later than `after`. Drops the others. */
  within(after: number): number {
    const { length } = this.#times;
    while (this.#count > 0 && this.#times[this.#head]! <= after) {
      this.#head = (this.#head + 1) % length;
      this.#count -= 1;
    }
    return this.#count;
  }
}
