import { NANOS_PER_MS, type Clock } from "@matchpoint/sdk";

/** At most `count` attempts in any window of `windowMs`: what a provider allows per key. */
export class AttemptBudget {
  readonly #clock: Clock;
  readonly #windowMs: number;
  readonly #times: number[];
  #next = 0;

  constructor(clock: Clock, count: number, windowMs: number) {
    this.#clock = clock;
    this.#windowMs = windowMs;
    this.#times = new Array<number>(count).fill(-Infinity);
  }

  /** Books the next attempt that is possible, and says in how many ms it is. */
  book(afterMs = 0): number {
    const now = this.#clock.monotonic() / NANOS_PER_MS;
    const due = Math.max(now + afterMs, this.#times[this.#next]! + this.#windowMs);
    this.#times[this.#next] = due;
    this.#next = (this.#next + 1) % this.#times.length;
    return due - now;
  }
}

/** Waiting times between attempts: doubled after every failure up to a limit, and back to the first after a success. */
export class Backoff {
  readonly #firstMs: number;
  readonly #limitMs: number;
  #failures = 0;

  constructor(firstMs: number, limitMs: number) {
    this.#firstMs = firstMs;
    this.#limitMs = limitMs;
  }

  next(): number {
    let ms = this.#firstMs;
    for (let i = 0; i < this.#failures && ms < this.#limitMs; i++) ms *= 2;
    this.#failures += 1;
    return Math.min(ms, this.#limitMs);
  }

  reset(): void {
    this.#failures = 0;
  }
}
