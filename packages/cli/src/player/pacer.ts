import { setTimeout as sleep } from "node:timers/promises";

const SLICE_MS = 40;

/** Holds a run back to a multiple of real time. */
export class Pacer {
  readonly #speed: number;
  readonly #started = performance.now();
  #checked = 0;

  /** @param speed how many virtual milliseconds pass per real one; `Infinity` never waits */
  constructor(speed: number) {
    this.#speed = speed;
  }

  /** Whether the run is so far ahead that it should wait (or let others work). */
  ahead(virtualMs: number): boolean {
    const real = performance.now() - this.#started;
    if (this.#speed === Infinity) {
      if (real - this.#checked < 4 * SLICE_MS) return false;
      this.#checked = real;
      return true;
    }
    return virtualMs / this.#speed - real > SLICE_MS / 2;
  }

  /** Waits until real time has caught up. */
  async wait(virtualMs: number): Promise<void> {
    const real = performance.now() - this.#started;
    await sleep(this.#speed === Infinity ? 0 : Math.max(0, virtualMs / this.#speed - real));
  }
}
