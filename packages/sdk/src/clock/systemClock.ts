import { NANOS_PER_MS, type Millis, type Nanos } from "../units/index.ts";
import type { CancelTimer, Clock } from "./clock.ts";

const MAX_TIMEOUT_MS = 2_147_483_647;

/** The machine's own clock. Timers do not keep a process alive by themselves when `unref` is set. */
export class SystemClock implements Clock {
  readonly #origin = performance.now();

  wall(): Millis {
    return Date.now() as Millis;
  }

  monotonic(): Nanos {
    return Math.round((performance.now() - this.#origin) * NANOS_PER_MS) as Nanos;
  }

  after(ms: number, callback: () => void): CancelTimer {
    const handle = setTimeout(callback, Math.min(Math.max(0, ms), MAX_TIMEOUT_MS));
    return () => {
      clearTimeout(handle);
    };
  }
}
