import type { CancelTimer, Clock } from "../clock/index.ts";
import { NANOS_PER_MS } from "../units/index.ts";

/** Tells how long the process has done nothing: a loop that is held up, a long collection of garbage, a machine that slept. */
export interface StallWatch {
  /** The longest time without a turn of the loop since this was asked last, in ms; 0: none that counts. */
  take(): number;
}

/** A loop that turns is seen to do so this often within the time that counts as a stall. */
const BEATS = 5;

/**
 * Watches the loop by a timer: whoever asks finds out that it is late, also before the timer itself runs. Times are the clock's own.
 */
export class LoopWatch implements StallWatch {
  readonly #clock: Clock;
  readonly #limitMs: number;
  readonly #onStall: () => void;
  #turnedAt: number;
  #longest = 0;
  #cancel: CancelTimer | undefined;

  /** @param onStall told of a stall that the timer was the first to see: somebody ought to ask */
  constructor(clock: Clock, limitMs: number, onStall: () => void) {
    this.#clock = clock;
    this.#limitMs = limitMs;
    this.#onStall = onStall;
    this.#turnedAt = clock.monotonic();
  }

  start(): void {
    this.#turnedAt = this.#clock.monotonic();
    this.#beat();
  }

  stop(): void {
    this.#cancel?.();
  }

  take(): number {
    this.#look();
    const longest = this.#longest;
    this.#longest = 0;
    return longest;
  }

  /** The time since the last beat; one that counts is a turn by itself, so that it is told of once. */
  #look(): boolean {
    const now = this.#clock.monotonic();
    const ms = (now - this.#turnedAt) / NANOS_PER_MS;
    if (ms <= this.#limitMs) return false;
    this.#turnedAt = now;
    if (ms > this.#longest) this.#longest = ms;
    return true;
  }

  #beat(): void {
    this.#cancel = this.#clock.after(this.#limitMs / BEATS, () => {
      const stalled = this.#look();
      this.#turnedAt = this.#clock.monotonic();
      this.#beat();
      if (stalled) this.#onStall();
    });
  }
}
