import { checkResolution } from "../truth/index.ts";
import type { Floor } from "./floor.ts";
import type { MarketEntry } from "./marketEntry.ts";

/** Raises an alarm when the venue pays other than what truth and the market's rule expect. */
export function comparePayouts(floor: Floor, entry: MarketEntry): void {
  const { payouts, market } = entry;
  const { subject, marketId } = market;
  const match = subject === undefined ? undefined : floor.truth.state(subject.matchId);
  if (payouts === undefined || subject === undefined || match === undefined) return;
  const mismatch = checkResolution(subject, match, payouts, entry.rule);
  if (mismatch !== undefined) floor.alarm(mismatch.code, mismatch.message, marketId);
}
