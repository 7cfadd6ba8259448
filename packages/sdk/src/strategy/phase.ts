import type { TradingStatus } from "../state/index.ts";

/** Whether a market's state lets nobody enter, so that asking is pointless. Whose market it is, the gate says. */
export function isClosed(status: TradingStatus): boolean {
  return status === "LOCKED_PAIR" || status === "FINALIZING" || status === "HALT" || status === "RESOLVED";
}
