import {
  NANOS_PER_MS,
  SystemClock,
  type CancelTimer,
  type Clock,
  type Millis,
  type Nanos,
} from "@matchpoint/sdk";

/** A day on which nobody's own clock stands: an event that bears today's date was stamped by another clock. */
const EPOCH = Date.UTC(2031, 0, 1, 12);

/**
 * Real time, `pace` times as fast, from a date of its own: what waits for minutes is tested over real sockets in a moment.
 *
 * @example
 * ```ts
 * import { PacedClock } from "@matchpoint/testing";
 * const clock = new PacedClock(100);
 * clock.after(60_000, () => console.log("a minute, in 0.6 s"));
 * ```
 */
export class PacedClock implements Clock {
  readonly pace: number;
  readonly #system = new SystemClock();
  readonly #startsAt: number;

  constructor(pace: number, startsAt: number = EPOCH) {
    this.pace = pace;
    this.#startsAt = startsAt;
  }

  wall(): Millis {
    return (this.#startsAt + Math.floor(this.monotonic() / NANOS_PER_MS)) as Millis;
  }

  monotonic(): Nanos {
    return Math.round(this.#system.monotonic() * this.pace) as Nanos;
  }

  after(ms: number, callback: () => void): CancelTimer {
    return this.#system.after(ms / this.pace, callback);
  }
}

/** A clock that knows how many timers wait on it. */
export class WatchedClock implements Clock {
  readonly #clock: Clock;
  readonly #pending = new Set<object>();
  #fired = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Timers that have neither come due nor been cancelled. */
  get pending(): number {
    return this.#pending.size;
  }

  /** Timers that have come due. */
  get fired(): number {
    return this.#fired;
  }

  wall(): Millis {
    return this.#clock.wall();
  }

  monotonic(): Nanos {
    return this.#clock.monotonic();
  }

  after(ms: number, callback: () => void): CancelTimer {
    const timer = {};
    this.#pending.add(timer);
    const cancel = this.#clock.after(ms, () => {
      this.#pending.delete(timer);
      this.#fired += 1;
      callback();
    });
    return () => {
      this.#pending.delete(timer);
      cancel();
    };
  }
}
