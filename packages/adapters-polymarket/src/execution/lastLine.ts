/**
 * What is checked of an order at the very last moment, against what only the adapter knows by then. The risk gate has checked the
 * intent; since then the tick may have changed, the book moved, and an order of ours come to rest that the core cannot know of.
 * @module
 */
import {
  formatPrice,
  formatShares,
  formatUsdc,
  notional,
  PRICE_ONE,
  slippageOf,
  type BookView,
  type Intent,
  type OpenOrder,
  type Price,
  type RejectCode,
} from "@matchpoint/sdk";
import { MINIMUM_ORDER } from "../venue/limits.ts";
import type { TradedMarket } from "./gatewayMarkets.ts";
import { isImmediate } from "./prepare.ts";

/** Why an order is not sent. */
export interface LocalRefusal {
  readonly code: RejectCode;
  readonly detail: string;
}

/** What is known of an order of ours that may rest. */
export type RestingOrder = Pick<OpenOrder, "orderId" | "marketId" | "outcome" | "side" | "price">;

/** What the last checks look at. */
export interface LastLook {
  /** As it is known now; the order was made when it may have been another. */
  readonly market: TradedMarket | undefined;
  /** Orders of ours that may rest, also those that the core does not know. */
  readonly resting: Iterable<RestingOrder>;
  /** The market's book, where somebody keeps one; one that is not `live` is not looked at. */
  readonly book?: BookView | undefined;
  /** The most that the average price for the whole size may be worse than the best price. */
  readonly maxSlippage?: Price | undefined;
}

/** The first reason not to send an order; `undefined` when there is none. Pure. */
export function lastLook(intent: Intent, look: LastLook): LocalRefusal | undefined {
  const { market, resting, book } = look;
  if (market === undefined)
    return { code: "MARKET_CLOSED", detail: `market ${intent.marketId} is not known` };
  const { tick } = market;
  if (!market.market.acceptingOrders)
    return { code: "MARKET_CLOSED", detail: "the market accepts no orders" };
  if (intent.limit % tick !== 0 || intent.limit < tick || intent.limit > PRICE_ONE - tick)
    return {
      code: "TICK",
      detail: `the tick is ${formatPrice(tick)} by now; ${formatPrice(intent.limit)} is off its grid`,
    };
  const crossed = selfCrossed(intent, resting, market.market.mirrored);
  if (crossed !== undefined) return { code: "OTHER", detail: crossed };
  return book?.status === "live" ? againstBook(intent, book, look.maxSlippage) : undefined;
}

/** The order of ours that an intent would match, in words; a buy of one outcome at p is a sell of the other at 1 - p. */
export function selfCrossed(
  intent: Intent,
  resting: Iterable<RestingOrder>,
  mirrored: boolean,
): string | undefined {
  const buys = intent.side === "buy";
  for (const { orderId, marketId, outcome, side, price } of resting) {
    if (marketId !== intent.marketId) continue;
    const same = outcome === intent.outcome;
    if (same ? side === intent.side : side !== intent.side || !mirrored) continue;
    const reach = same ? price : PRICE_ONE - price;
    if (buys ? reach <= intent.limit : reach >= intent.limit)
      return `SELF_CROSS: would match our own ${orderId}: ${side} at ${formatPrice(price)}`;
  }
  return undefined;
}

function againstBook(
  intent: Intent,
  book: BookView,
  maxSlippage: Price | undefined,
): LocalRefusal | undefined {
  const { outcome, side, limit, orderType, postOnly } = intent;
  const buys = side === "buy";
  const best = buys ? book.ask(outcome) : book.bid(outcome);
  const none = buys ? best >= PRICE_ONE : best <= 0;
  const crosses = !none && (buys ? limit >= best : limit <= best);
  if (postOnly) return crosses ? { code: "POST_ONLY_CROSSES", detail: "it would cross the book" } : undefined;
  if (!crosses) return undefined;
  if (!isImmediate(intent) && buys) {
    const value = notional(intent.size, limit, "down");
    if (value < MINIMUM_ORDER.marketableBuyDollars)
      return { code: "MIN_SIZE", detail: `a marketable buy of $${formatUsdc(value)} is below $1` };
  }
  const amount = intent.spend === undefined ? { shares: intent.size } : { usdc: intent.spend };
  const walk = book.walk(outcome, side, amount, limit);
  if (orderType === "FOK" && !walk.complete)
    return { code: "FOK_NOT_FILLED", detail: `only ${formatShares(walk.shares)} shares are on offer` };
  // Who has to get out is not kept in by a thin book.
  if (maxSlippage === undefined || intent.purpose === "exit" || walk.shares === 0) return undefined;
  const slipped = slippageOf(walk, best, buys);
  if (slipped <= maxSlippage) return undefined;
  return {
    code: "OTHER",
    detail: `SLIPPAGE: the size costs ${(slipped / PRICE_ONE).toFixed(6)} more than the best price, at most ${formatPrice(maxSlippage)}`,
  };
}
