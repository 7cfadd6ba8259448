import { PRICE_ONE, type Outcome } from "@matchpoint/sdk";
import type { PaperMarket } from "./market.ts";
import { ownLegs, type PaperMatch } from "./records.ts";
import type { Venue } from "./venue.ts";

/**
 * How likely a match fails on the chain. A part of the failures strikes whatever happens, the rest only trades that the price has
 * moved in favour of since (by which we would have won): someone on the other side saw to it that they did not settle. While
 * the price went either way equally often both parts together are `trade_fail`.
 */
export function failChance(venue: Venue, match: PaperMatch): number {
  const { trade_fail: rate, trade_fail_adverse: adverse } = venue.settings.faults;
  if (rate === 0 || adverse === 0) return rate;
  const market = venue.markets.get(match.marketId);
  const own = ownLegs(match)[0];
  const moved = market === undefined || own === undefined ? 0 : gain(market, own.leg);
  if (moved === 0) return rate;
  return Math.min(1, rate * (moved > 0 ? 1 + adverse : 1 - adverse));
}

/** What a share of a leg has gained since its match, in twice the units of price; 0 when nobody knows. */
function gain(market: PaperMarket, leg: { outcome: Outcome; side: "buy" | "sell"; price: number }): number {
  const now = worthTwice(market, leg.outcome);
  if (now === undefined) return 0;
  const up = now - 2 * leg.price;
  return leg.side === "buy" ? up : 0 - up;
}

/** Best bid and ask together, or twice the payout. */
function worthTwice(market: PaperMarket, outcome: Outcome): number | undefined {
  const payout = market.payouts?.[outcome];
  if (payout !== undefined) return payout / 50;
  if (!market.usable) return undefined;
  const bid = market.book.bid(outcome);
  const ask = market.book.ask(outcome);
  return bid > 0 && ask < PRICE_ONE ? bid + ask : undefined;
}
