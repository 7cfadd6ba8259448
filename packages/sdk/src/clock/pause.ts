import type { Clock } from "./clock.ts";

/** Resolves when `ms` milliseconds have passed by a clock, or the signal aborts. Never rejects. */
export function pause(clock: Clock, ms: number, signal?: AbortSignal): Promise<void> {
  if (signal?.aborted === true) return Promise.resolve();
  return new Promise((resolve) => {
    const stop = (): void => {
      cancel();
      signal?.removeEventListener("abort", stop);
      resolve();
    };
    const cancel = clock.after(ms, stop);
    signal?.addEventListener("abort", stop, { once: true });
  });
}
