import { setTimeout as sleep } from "node:timers/promises";

const SLICE_MS = 40;
/** Longest single wait, so that whoever waits can redraw in between. */
const LONGEST_MS = 120;

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
      if (real - this.#checked < SLICE_MS) return false;
      this.#checked = real;
      return true;
    }
    return virtualMs / this.#speed - real > SLICE_MS / 2;
  }

  /** Waits until real time has caught up, or the signal. `meanwhile` is called every now and then. */
  async wait(virtualMs: number, signal: AbortSignal, meanwhile: () => void): Promise<void> {
    do {
      const left =
        this.#speed === Infinity ? 0 : virtualMs / this.#speed - (performance.now() - this.#started);
      try {
        await sleep(Math.max(0, Math.min(left, LONGEST_MS)), undefined, { signal });
      } catch {
        return; // the signal
      }
      meanwhile();
    } while (this.#speed !== Infinity && this.ahead(virtualMs));
  }
}
