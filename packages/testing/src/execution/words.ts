import type { TradeReport } from "@matchpoint/sdk";

/** A fill as people write it: maker or taker, side, outcome, dollars per share, shares, dollars, fee in dollars. */
export type Fill = readonly [string, string, number, number, number, number, number];

/** Trades in words, the cheapest of a buy first. */
export function fills(trades: readonly TradeReport[]): Fill[] {
  return trades
    .map(({ liquidity, side, outcome, price, size, cost, fee }): Fill => [
      liquidity,
      side,
      outcome,
      price / 10_000,
      size / 1_000_000,
      cost / 1_000_000,
      fee / 1_000_000,
    ])
    .sort((a, b) => a[3] - b[3] || a[4] - b[4]);
}
