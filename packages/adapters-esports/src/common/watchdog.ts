import { NANOS_PER_MS, type CancelTimer, type Clock } from "@matchpoint/sdk";

/**
 * Calls back when nothing has happened for a while. Touching it is cheap: it moves no timer, and the timer that comes due
 * looks at when the last touch was.
 */
export class Watchdog {
  readonly #clock: Clock;
  readonly #onSilence: (silentMs: number) => void;
  #limitMs: number;
  #last = 0;
  #cancel: CancelTimer | undefined;
  #barked = false;

  constructor(clock: Clock, limitMs: number, onSilence: (silentMs: number) => void) {
    this.#clock = clock;
    this.#limitMs = limitMs;
    this.#onSilence = onSilence;
  }

  /** Starts to watch, from now. */
  start(): void {
    this.stop();
    this.touch();
    this.#arm(this.#limitMs);
  }

  /** Something happened. */
  touch(): void {
    this.#last = this.#clock.monotonic();
    if (this.#barked && this.#cancel === undefined) this.#arm(this.#limitMs);
    this.#barked = false;
  }

  /** Changes how long silence may last. */
  limit(ms: number): void {
    if (ms === this.#limitMs) return;
    this.#limitMs = ms;
    if (this.#cancel === undefined) return;
    this.#cancel();
    this.#check();
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    this.#barked = false;
  }

  #arm(ms: number): void {
    this.#cancel = this.#clock.after(ms, () => this.#check());
  }

  #check(): void {
    this.#cancel = undefined;
    const silentMs = (this.#clock.monotonic() - this.#last) / NANOS_PER_MS;
    if (silentMs < this.#limitMs) {
      this.#arm(this.#limitMs - silentMs);
      return;
    }
    this.#barked = true;
    this.#onSilence(silentMs);
  }
}
