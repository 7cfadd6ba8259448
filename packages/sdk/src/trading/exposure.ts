import type { Position } from "../state/index.ts";
import type { Nanos, Shares, Usdc } from "../units/index.ts";
import type { ExposureFacts } from "./tradingInput.ts";

/** What {@link ExposureFacts} amount to; see `TradingSymbol`. */
export type ExposureClass = "flat" | "open" | "paired" | "residual";

const NOTHING: Position = {
  matched: 0 as Shares,
  settled: 0 as Shares,
  cost: 0 as Usdc,
  openedAt: undefined as Nanos | undefined,
};

/** A market in which nothing was ever done. */
export const NO_EXPOSURE: ExposureFacts = {
  positions: [NOTHING, NOTHING],
  openOrders: false,
  openChain: false,
  dust: 0 as Shares,
};

/** Tells what facts amount to: a locked pair needs shares of both outcomes and a residual of at most dust. */
export function classify(facts: ExposureFacts): ExposureClass {
  const yes = facts.positions[0].matched;
  const no = facts.positions[1].matched;
  if (yes <= facts.dust && no <= facts.dust) return facts.openOrders || facts.openChain ? "open" : "flat";
  return Math.min(yes, no) > 0 && Math.abs(yes - no) <= facts.dust ? "paired" : "residual";
}
