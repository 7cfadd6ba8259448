import { complement, PRICE_ONE, type Outcome, type Shares, type Side } from "@matchpoint/sdk";
import type { PublicBook, PublicLevel } from "./exchange.ts";
import type { PaperMarket } from "./market.ts";

/** What everybody sees of a market: what others show less what was taken of it, and the accounts' resting orders. */
export function publicBook(market: PaperMarket, outcome: Outcome): PublicBook {
  return { bids: levelsOf(market, outcome, "buy"), asks: levelsOf(market, outcome, "sell") };
}

/** Whether the public book is not what it was when this was last asked. */
export function bookChanged(market: PaperMarket): boolean {
  const now: number[] = [];
  put(now, publicBook(market, 0), 0);
  // A number of its own for every level of either outcome.
  if (!market.book.mirrored) put(now, publicBook(market, 1), 2 * PRICE_ONE);
  const { told } = market;
  market.told = now;
  if (now.length !== told.length) return true;
  for (let i = 0; i < now.length; i++) if (now[i] !== told[i]) return true;
  return false;
}

function put(now: number[], { bids, asks }: PublicBook, apart: number): void {
  for (const { price, size } of bids) now.push(apart + price, size);
  for (const { price, size } of asks) now.push(apart + PRICE_ONE + price, size);
}

/** One side of the book, `side` being that of those who made it. */
function levelsOf(market: PaperMarket, outcome: Outcome, side: Side): PublicLevel[] {
  const buys = side === "buy";
  const taker: Side = buys ? "sell" : "buy";
  const levels: PublicLevel[] = [];
  if (market.usable) {
    for (const level of market.book.levels(outcome, buys ? "bid" : "ask", PRICE_ONE)) {
      const left = market.left(outcome, taker, level);
      if (left > 0) levels.push({ price: level.price, size: left as Shares });
    }
  }
  let sorted = true;
  for (const { intent, matched, blind } of market.resting) {
    if (blind) continue;
    const own = intent.outcome === outcome;
    if (own ? intent.side !== side : !market.description.mirrored || intent.side === side) continue;
    const price = own ? intent.limit : complement(intent.limit);
    const index = levels.findIndex((level) => level.price === price);
    const size = intent.size - matched;
    if (index >= 0) levels[index] = { price, size: (levels[index]!.size + size) as Shares };
    else {
      levels.push({ price, size: size as Shares });
      sorted = false;
    }
  }
  if (!sorted) levels.sort((a, b) => (buys ? b.price - a.price : a.price - b.price));
  return levels;
}
