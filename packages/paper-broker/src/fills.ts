import { takerFee, type FeeSchedule, type Shares, type Usdc } from "@matchpoint/sdk";
import type { TradeLeg } from "./exchange.ts";
import { makerCost, restingNeed } from "./funds.ts";
import type { PaperMarket } from "./market.ts";
import type { PaperMatch, PaperOrder } from "./records.ts";
import type { Venue } from "./venue.ts";
import type { Met } from "./walk.ts";

/** A leg with the order that it fills; none when the outside world is on it. */
interface Party {
  readonly leg: TradeLeg;
  readonly order?: PaperOrder;
}

/** The fees of a market: its own, or the fallback. */
export function feeOf(venue: Venue, market: PaperMarket): FeeSchedule {
  return market.description.fee ?? venue.settings.fallbackFee;
}

/** Trades with all that a taker met at one price. What others showed must have been taken already. */
export function fillTaker(
  venue: Venue,
  order: PaperOrder,
  market: PaperMarket,
  { price, size, cost, outside, outsideCost, outsideAfter, makers }: Met,
  now: number,
): void {
  const { account, orderId } = order;
  const { outcome, side } = order.intent;
  const fee = takerFee(size, price, feeOf(venue, market));
  const parties: Party[] = makers.map((part) => makerParty(venue, part.order, market, part.size));
  if (outside > 0) {
    const shown = { outcome, side: side === "buy" ? "sell" : "buy", price } as const;
    parties.splice(outsideAfter, 0, { leg: { ...shown, size: outside, cost: outsideCost, fee: 0 as Usdc } });
  }
  const taker = { leg: { account, orderId, outcome, side, price, size, cost, fee }, order };
  record(venue, market, taker, parties, now);
  for (const part of makers) afterFill(venue, part.order, market);
}

/** Fills a resting order by somebody of the outside world, at its own price. */
export function fillResting(
  venue: Venue,
  order: PaperOrder,
  market: PaperMarket,
  size: number,
  now: number,
): void {
  const maker = makerParty(venue, order, market, size as Shares);
  const { outcome, side, price, cost } = maker.leg;
  const other = side === "buy" ? "sell" : "buy";
  const taker = { outcome, side: other, price, size: size as Shares, cost, fee: 0 as Usdc } as const;
  record(venue, market, { leg: taker }, [maker], now);
  afterFill(venue, order, market);
}

/**
 * A resting order's side of a match. Cost and fee are those of all its resting fills together, so that no split loses or makes
 * a micro-dollar.
 */
function makerParty(venue: Venue, order: PaperOrder, market: PaperMarket, size: Shares): Party {
  const { account, orderId } = order;
  const { limit, outcome, side } = order.intent;
  const schedule = feeOf(venue, market);
  const cost = makerCost(order, size);
  const total = (order.makerShares + size) as Shares;
  const fee = schedule.takerOnly ? 0 : Math.max(0, takerFee(total, limit, schedule) - order.makerFee);
  order.makerShares = total;
  order.makerCost += cost;
  order.makerFee += fee;
  return { leg: { account, orderId, outcome, side, price: limit, size, cost, fee: fee as Usdc }, order };
}

/** A resting order that was filled is over, or holds back less. */
function afterFill(venue: Venue, order: PaperOrder, market: PaperMarket): void {
  if (order.matched >= order.intent.size) {
    venue.finish(order, "FILLED");
    return;
  }
  const need = restingNeed(order, feeOf(venue, market));
  venue.hold(order, need.cash, need.offered);
  venue.touch(market);
}

/** Moves the shares and dollars of a match, makes it a trade, and plans what becomes of it. */
function record(
  venue: Venue,
  market: PaperMarket,
  taker: Party,
  makers: readonly Party[],
  now: number,
): void {
  const { marketId } = market.description;
  const tradeId = venue.nextTrade();
  const own = taker.order ?? makers.find(({ order }) => order !== undefined)!.order!;
  const match: PaperMatch = {
    tradeId,
    lot: venue.settings.shared ? tradeId : `${own.lot}#${own.trades.length}`,
    marketId,
    taker: taker.leg,
    makers: makers.map(({ leg }) => leg),
    status: "MATCHED",
    matchedAt: now as PaperMatch["matchedAt"],
  };
  fill(venue, market, match, taker, "taker");
  for (const maker of makers) fill(venue, market, match, maker, "maker");
  venue.remember(match);
  venue.tellTrade(now, venue.wordOf("fill_report", `${match.lot}|MATCHED`, now), match);
  if (venue.settings.settlement === "told") return;
  venue.agenda.plan(now + venue.takes("mined", match.lot), { kind: "mine", tradeId, attempt: 0 });
}

function fill(
  venue: Venue,
  market: PaperMarket,
  match: PaperMatch,
  { leg, order }: Party,
  liquidity: "maker" | "taker",
): void {
  if (order === undefined) return;
  const { settings, stats } = venue;
  venue.account(order.account).matched(match.marketId, leg);
  order.matched += leg.size;
  order.trades.push(match.tradeId);
  stats.fills++;
  if (liquidity === "maker") stats.makerFills++;
  if (market.book.status === "synthetic") stats.syntheticFills++;
  const exempt = liquidity === "maker" && settings.fallbackFee.takerOnly;
  if (market.description.fee === undefined && !exempt) stats.fallbackFees++;
}
