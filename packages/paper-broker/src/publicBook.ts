import { complement, PRICE_ONE, type Outcome, type Price, type Shares, type Side } from "@matchpoint/sdk";
import type { PublicBook, PublicLevel } from "./exchange.ts";
import type { PaperMarket } from "./market.ts";

/** What everybody sees of a market: what others show less what was taken of it, and the accounts' resting orders. */
export function publicBook(market: PaperMarket, outcome: Outcome): PublicBook {
  return { bids: levelsOf(market, outcome, "buy"), asks: levelsOf(market, outcome, "sell") };
}

/** Whether the public book is not what it was when this was last asked. */
export function bookChanged(market: PaperMarket): boolean {
  const now: number[] = [];
  for (const outcome of market.book.mirrored ? ([0] as const) : ([0, 1] as const)) {
    const { bids, asks } = publicBook(market, outcome);
    const apart = outcome * 2 * PRICE_ONE; // so that no number stands for two levels
    for (const { price, size } of bids) now.push(apart + price, size);
    for (const { price, size } of asks) now.push(apart + PRICE_ONE + price, size);
  }
  const { told } = market;
  market.told = now;
  return now.length !== told.length || now.some((each, i) => each !== told[i]);
}

/** One side of the book, `side` being that of those who made it. */
function levelsOf(market: PaperMarket, outcome: Outcome, side: Side): PublicLevel[] {
  const buys = side === "buy";
  const taker: Side = buys ? "sell" : "buy";
  const sizes = new Map<number, number>();
  if (market.usable) {
    for (const level of market.book.levels(outcome, buys ? "bid" : "ask", PRICE_ONE)) {
      const left = market.left(outcome, taker, level);
      if (left > 0) sizes.set(level.price, left);
    }
  }
  for (const { intent, matched, blind } of market.resting) {
    if (blind) continue;
    const own = intent.outcome === outcome;
    if (own ? intent.side !== side : !market.description.mirrored || intent.side === side) continue;
    const price = own ? intent.limit : complement(intent.limit);
    sizes.set(price, (sizes.get(price) ?? 0) + intent.size - matched);
  }
  return [...sizes]
    .sort(([a], [b]) => (buys ? b - a : a - b))
    .map(([price, size]) => ({ price: price as Price, size: size as Shares }));
}
