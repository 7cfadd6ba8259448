import { notional, takerFee, type FeeSchedule, type Shares, type TradeId, type Usdc } from "@matchpoint/sdk";
import { restingNeed, type Fill } from "./funds.ts";
import type { PaperMarket } from "./market.ts";
import type { PaperOrder, PaperTrade } from "./records.ts";
import type { Venue } from "./venue.ts";

/** The fees of a market: its own, or the fallback. */
export function feeOf(venue: Venue, market: PaperMarket): FeeSchedule {
  return market.description.fee ?? venue.settings.fallbackFee;
}

/** Moves the shares and dollars of one fill, makes it a trade, and plans what becomes of it. */
export function recordFill(
  venue: Venue,
  order: PaperOrder,
  market: PaperMarket,
  fill: Fill,
  liquidity: "maker" | "taker",
  now: number,
): void {
  const { account, settings, stats } = venue;
  const { marketId, outcome, side } = order.intent;
  const held = account.holding(marketId, outcome);
  order.matched += fill.size;
  if (side === "buy") {
    account.cash -= fill.cost + fill.fee;
    held.matched += fill.size;
  } else {
    account.cash += fill.cost - fill.fee;
    if (settings.gate !== "matched") account.incoming += fill.cost - fill.fee;
    held.matched -= fill.size;
    held.mined -= fill.size;
    held.settled -= fill.size;
  }
  stats.fills++;
  if (liquidity === "maker") stats.makerFills++;
  if (market.book.status === "synthetic") stats.syntheticFills++;
  const exempt = liquidity === "maker" && settings.fallbackFee.takerOnly;
  if (market.description.fee === undefined && !exempt) stats.fallbackFees++;
  const tradeId = `${settings.runId}-t${venue.tradeCount}` as TradeId;
  const trade: PaperTrade = {
    tradeId,
    orderId: order.orderId,
    marketId,
    outcome,
    side,
    ...fill,
    liquidity,
    status: "MATCHED",
  };
  venue.remember(trade);
  venue.tellTrade(now, now + venue.takes("fill_report", `${tradeId}|MATCHED`), trade);
  venue.agenda.plan(now + venue.takes("mined", tradeId), { kind: "mine", tradeId, attempt: 0 });
}

/**
 * Fills a resting order, at its own price. Cost and fee are those of all its resting fills together, so that no split
 * loses or makes a micro-dollar.
 */
export function fillResting(
  venue: Venue,
  order: PaperOrder,
  market: PaperMarket,
  size: number,
  now: number,
): void {
  const { limit, side } = order.intent;
  const schedule = feeOf(venue, market);
  const total = (order.makerShares + size) as Shares;
  const cost = notional(total, limit, side === "buy" ? "up" : "down") - order.makerCost;
  const fee = schedule.takerOnly ? 0 : Math.max(0, takerFee(total, limit, schedule) - order.makerFee);
  order.makerShares = total;
  order.makerCost += cost;
  order.makerFee += fee;
  const fill: Fill = { price: limit, size: size as Shares, cost: cost as Usdc, fee: fee as Usdc };
  recordFill(venue, order, market, fill, "maker", now);
  if (order.matched >= order.intent.size) {
    venue.finish(order, "FILLED");
  } else {
    const need = restingNeed(order, schedule);
    venue.hold(order, need.cash, need.offered);
  }
}
