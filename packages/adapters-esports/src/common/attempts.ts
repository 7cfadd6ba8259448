import { NANOS_PER_MS, type Clock } from "@matchpoint/sdk";

/** At most `count` attempts in any window of `windowMs`: what a provider allows per key. */
export class AttemptBudget {
  readonly #clock: Clock;
  readonly #windowMs: number;
  /** When the last attempts were or will be made, in a ring: the next one takes the place of the oldest. */
  #times: number[];
  #next = 0;
  #notBefore = -Infinity;

  constructor(clock: Clock, count: number, windowMs: number) {
    this.#clock = clock;
    this.#windowMs = windowMs;
    this.#times = new Array<number>(count).fill(-Infinity);
  }

  /** Books the next attempt that is possible, and says in how many ms it is. */
  book(afterMs = 0): number {
    const now = this.#now();
    const due = Math.max(now + afterMs, this.#notBefore, this.#times[this.#next]! + this.#windowMs);
    this.#times[this.#next] = due;
    this.#next = (this.#next + 1) % this.#times.length;
    return due - now;
  }

  /** No attempt is made for so long: the provider has sent somebody away who uses the same key. */
  rest(ms: number): void {
    this.#notBefore = Math.max(this.#notBefore, this.#now() + ms);
  }

  /** Allows no more than `count` from now on. */
  narrow(count: number): void {
    if (count >= this.#times.length) return;
    this.#times = [...this.#times.slice(this.#next), ...this.#times.slice(0, this.#next)].slice(-count);
    this.#next = 0;
  }

  #now(): number {
    return this.#clock.monotonic() / NANOS_PER_MS;
  }
}

/** By how much a wait is lengthened at most, by chance. */
const JITTER = 0.25;

/**
 * Waiting times between attempts: doubled after every failure up to a limit, and back to the first after a success. Each is
 * lengthened by up to a quarter by chance, so that those who were cut off together do not come back together; never
 * shortened, because the first one may be what a provider demands.
 */
export class Backoff {
  readonly #firstMs: number;
  readonly #limitMs: number;
  readonly #random: () => number;
  #failures = 0;

  /** @param random a number from 0 to 1 */
  constructor(firstMs: number, limitMs: number, random: () => number = Math.random) {
    this.#firstMs = firstMs;
    this.#limitMs = limitMs;
    this.#random = random;
  }

  next(): number {
    let ms = this.#firstMs;
    for (let i = 0; i < this.#failures && ms < this.#limitMs; i++) ms *= 2;
    this.#failures += 1;
    return Math.min(ms, this.#limitMs) * (1 + JITTER * this.#random());
  }

  reset(): void {
    this.#failures = 0;
  }
}
