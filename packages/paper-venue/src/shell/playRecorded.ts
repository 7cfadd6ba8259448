import { NANOS_PER_MS, type Clock, type CoreEvent } from "@matchpoint/sdk";
import type { VenueDriver } from "./driver.ts";

/** The longest that is waited at once. */
const LONGEST_MS = 60_000;

/** Has a venue live through what was recorded, at the pace at which it happened; what is returned ends it. */
export function playRecorded(driver: VenueDriver, clock: Clock, events: Iterator<CoreEvent>): () => void {
  const began = clock.monotonic();
  let next = events.next();
  let stopped = false;
  let cancel: (() => void) | undefined;
  const go = (): void => {
    if (stopped) return;
    while (next.done !== true && next.value.at <= clock.monotonic() - began) {
      driver.observe(next.value);
      next = events.next();
    }
    if (next.done === true) return;
    const left = (next.value.at - (clock.monotonic() - began)) / NANOS_PER_MS;
    cancel = clock.after(Math.min(LONGEST_MS, Math.max(1, Math.ceil(left))), go);
  };
  go();
  return () => {
    stopped = true;
    cancel?.();
    events.return?.();
  };
}
