import {
  PRICE_ONE,
  SHARES_ONE,
  USDC_ONE,
  type Intent,
  type IntentId,
  type OrderStatus,
  type OrderType,
  type Outcome,
  type Price,
  type Shares,
  type Side,
  type TradeReport,
  type TradeStatus,
  type Usdc,
} from "@matchpoint/sdk";

/** An order that the strategy asked for, as plain data: prices in dollars, sizes in shares. */
export interface HarnessOrder {
  readonly id: IntentId;
  readonly outcome: Outcome;
  readonly side: Side;
  readonly orderType: OrderType;
  readonly postOnly: boolean;
  readonly limit: number;
  readonly size: number;
  readonly matched: number;
  readonly purpose: Intent["purpose"];
  readonly reason: string;
  /** `DENIED` when the risk gate refused it. */
  readonly status: OrderStatus;
  /** Why it was denied or rejected. */
  readonly code: string | undefined;
  /** Virtual milliseconds since the harness was made. */
  readonly placedAtMs: number;
}

/** A trade of the strategy's orders. Dollars and shares. */
export interface HarnessFill {
  readonly orderId: IntentId | undefined;
  readonly outcome: Outcome;
  readonly side: Side;
  readonly price: number;
  readonly size: number;
  readonly cost: number;
  readonly fee: number;
  readonly liquidity: "maker" | "taker";
  /** Where the trade stands now: `MATCHED` may still become `FAILED`. */
  readonly status: TradeStatus;
  /** Virtual milliseconds since the harness was made. */
  readonly atMs: number;
}

/** Why the strategy did nothing, and how often. */
export interface HarnessSkip {
  readonly reason: string;
  readonly count: number;
  readonly last: Readonly<Record<string, unknown>> | undefined;
}

/** What is held of an outcome. Shares, and what they cost in dollars with fees. */
export interface HarnessPosition {
  readonly shares: number;
  readonly settled: number;
  readonly cost: number;
}

export function dollars(price: Price): number {
  return price / PRICE_ONE;
}
export function shareCount(shares: Shares): number {
  return shares / SHARES_ONE;
}
export function money(usdc: Usdc): number {
  return usdc / USDC_ONE;
}

/** An order as it was asked for. */
export function orderOf(
  intent: Intent,
  placedAtMs: number,
  status: OrderStatus,
  code?: string,
): HarnessOrder {
  return {
    id: intent.intentId,
    outcome: intent.outcome,
    side: intent.side,
    orderType: intent.orderType,
    postOnly: intent.postOnly,
    limit: dollars(intent.limit),
    size: shareCount(intent.size),
    matched: 0,
    purpose: intent.purpose,
    reason: intent.reason,
    status,
    code,
    placedAtMs,
  };
}

/** A trade as it is reported. */
export function fillOf(report: TradeReport, orderId: IntentId | undefined, atMs: number): HarnessFill {
  return {
    orderId,
    outcome: report.outcome,
    side: report.side,
    price: dollars(report.price),
    size: shareCount(report.size),
    cost: money(report.cost),
    fee: money(report.fee),
    liquidity: report.liquidity,
    status: report.status,
    atMs,
  };
}
