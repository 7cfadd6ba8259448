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

const TICK_MS = 1;
/** Real time that one turn may let pass: sockets are served between turns, so their messages keep up however busy the machine is. */
const LONGEST_TURN_MS = 4;

interface Timer {
  readonly due: number;
  readonly callback: () => void;
}

/**
 * Real time, `pace` times as fast, from a date of its own: what waits for minutes is tested over real sockets in a moment. While anything
 * waits on it, a pause of the process itself counts for next to nothing: a busy machine makes time slower, never jump.
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
  /** In the order in which they come due. */
  #timers: Timer[] = [];
  #ticking = false;
  /** This clock's ms, and the real ones at which they were right. */
  #now = 0;
  #seen = 0;

  constructor(pace: number, startsAt: number = EPOCH) {
    this.pace = pace;
    this.#startsAt = startsAt;
  }

  wall(): Millis {
    return (this.#startsAt + Math.floor(this.#read())) as Millis;
  }

  monotonic(): Nanos {
    return Math.round(this.#read() * NANOS_PER_MS) as Nanos;
  }

  after(ms: number, callback: () => void): CancelTimer {
    const timer = { due: this.#read() + Math.max(0, ms), callback };
    const next = this.#timers.findIndex(({ due }) => due > timer.due);
    this.#timers.splice(next === -1 ? this.#timers.length : next, 0, timer);
    this.#tick();
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }

  #read(): number {
    const real = this.#system.monotonic() / NANOS_PER_MS;
    const passed = real - this.#seen;
    this.#seen = real;
    this.#now += this.pace * (this.#ticking ? Math.min(passed, LONGEST_TURN_MS) : passed);
    return this.#now;
  }

  #tick(): void {
    if (this.#ticking || this.#timers.length === 0) return;
    this.#ticking = true;
    this.#system.after(TICK_MS, () => {
      const now = this.#read();
      this.#ticking = false;
      // One at a time, and the next turn is sure before any is called: they set and cancel others, and may throw.
      this.#tick();
      for (let [first] = this.#timers; first !== undefined && first.due <= now; [first] = this.#timers) {
        this.#timers.shift();
        first.callback();
      }
    });
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
