import { NANOS_PER_MS, type Millis, type Nanos } from "../units/index.ts";
import type { CancelTimer, Clock } from "./clock.ts";

interface Pending {
  readonly due: number;
  readonly order: number;
  readonly callback: () => void;
}

/**
 * A clock that moves only when told to: tests, replays and simulations run hours in milliseconds with it, the same way
 * every time.
 *
 * @example
 * ```ts
 * import { VirtualClock } from "@matchpoint/sdk";
 * const clock = new VirtualClock({ startsAt: 1_780_000_000_000 });
 * let rang = false;
 * clock.after(500, () => { rang = true; });
 * clock.advance(500); // rang is true, clock.wall() is 500 ms later
 * ```
 */
export class VirtualClock implements Clock {
  readonly #startsAt: number;
  #now = 0;
  #order = 0;
  #pending: Pending[] = [];

  constructor(options: { readonly startsAt?: number } = {}) {
    this.#startsAt = options.startsAt ?? 0;
  }

  wall(): Millis {
    return (this.#startsAt + Math.floor(this.#now / NANOS_PER_MS)) as Millis;
  }

  monotonic(): Nanos {
    return this.#now as Nanos;
  }

  after(ms: number, callback: () => void): CancelTimer {
    const pending: Pending = {
      due: this.#now + Math.max(0, ms) * NANOS_PER_MS,
      order: this.#order++,
      callback,
    };
    this.#pending.push(pending);
    return () => {
      this.#pending = this.#pending.filter((other) => other !== pending);
    };
  }

  /** When the next timer is due, if any. */
  next(): Nanos | undefined {
    let first: Pending | undefined;
    for (const pending of this.#pending) {
      if (first === undefined || pending.due < first.due) first = pending;
    }
    return first?.due as Nanos | undefined;
  }

  /** Moves on by `ms`, calling every timer that comes due, in order of due time and then of setting. */
  advance(ms: number): void {
    const until = this.#now + ms * NANOS_PER_MS;
    for (;;) {
      let first: Pending | undefined;
      for (const pending of this.#pending) {
        if (pending.due > until) continue;
        if (
          first === undefined ||
          pending.due < first.due ||
          (pending.due === first.due && pending.order < first.order)
        ) {
          first = pending;
        }
      }
      if (first === undefined) break;
      this.#pending = this.#pending.filter((other) => other !== first);
      if (first.due > this.#now) this.#now = first.due;
      first.callback();
    }
    this.#now = until;
  }
}
