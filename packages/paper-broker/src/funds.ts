import {
  notional,
  sharesFor,
  takerFee,
  type FeeSchedule,
  type Intent,
  type Shares,
  type Usdc,
} from "@matchpoint/sdk";
import { spendsDollars, type PaperOrder } from "./records.ts";
import type { Venue } from "./venue.ts";

/** What filling so much of a resting order costs or brings: all its fills together cost what one would. */
export function makerCost(
  { intent: { side, limit }, makerShares, makerCost: before }: PaperOrder,
  size: number,
): Usdc {
  return (notional((makerShares + size) as Shares, limit, side === "buy" ? "up" : "down") - before) as Usdc;
}

/**
 * What the venue asks for before it looks at the book: dollars of a buy with its fee at the limit when it may take, else
 * without. A sell asks for shares instead.
 */
export function admission(intent: Intent, takes: boolean, fee: FeeSchedule): number {
  if (intent.side === "sell") return 0;
  const { limit } = intent;
  const spend = spendsDollars(intent) ? intent.spend : undefined;
  const shares = spend === undefined ? intent.size : sharesFor(spend, limit);
  return (spend ?? notional(intent.size, limit, "up")) + (takes ? takerFee(shares, limit, fee) : 0);
}

/** What the resting part of an order still holds back: of a buy its dollars (and fee, where makers pay one), of a sell its shares. */
export function restingNeed(
  order: PaperOrder,
  fee: FeeSchedule,
): { readonly cash: number; readonly offered: number } {
  const { side, limit, size } = order.intent;
  const left = size - order.matched;
  const whole = (order.makerShares + left) as Shares;
  const fees = fee.takerOnly ? 0 : takerFee(whole, limit, fee) - order.makerFee;
  if (side === "sell") {
    const proceeds = notional(whole, limit, "down") - order.makerCost;
    return { cash: Math.max(0, fees - proceeds), offered: left };
  }
  return { cash: Math.max(0, notional(whole, limit, "up") - order.makerCost + fees), offered: 0 };
}

/** Why the account cannot carry an order, given what it holds back already; `undefined` when it can. */
export function shortfall(venue: Venue, order: PaperOrder, need: number): string | undefined {
  const { marketId, outcome, side, size } = order.intent;
  const account = venue.account(order.account);
  if (side === "sell") {
    const held = account.holding(marketId, outcome);
    const left = size - order.matched;
    const there = account.backing(held) - held.offered + order.offered;
    if (there < left) return `not enough balance / allowance: balance: ${there}, order amount: ${left}`;
  }
  const free = account.free() + order.reservedCash;
  if (free >= need) return undefined;
  return `not enough balance / allowance: balance: ${free}, order amount (inc. fees): ${need}`;
}
