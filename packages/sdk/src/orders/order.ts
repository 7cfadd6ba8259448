import type { Intent, OrderStatus, TradeReport, TradeStatus } from "../events/index.ts";
import type { OrderId, TradeId } from "../ids.ts";
import { mulDiv, NO_FEE, notional, takerFee } from "../units/index.ts";
import { PRICE_ONE, type FeeSchedule, type Nanos, type Shares, type Usdc } from "../units/index.ts";
import { isTerminalStatus } from "./orderMachine.ts";

/** An order of ours, from intent to its end. The store moves it; everyone else reads it. */
export interface Order {
  readonly intent: Intent;
  /** The order's hash, once prepared. */
  readonly orderId?: OrderId | undefined;
  readonly status: OrderStatus;
  /** Shares matched by trades that stand (failed ones not counted). */
  readonly matched: Shares;
  /** Dollars of those trades without fees: paid by a buy, received by a sell. */
  readonly spent: Usdc;
  /** Fees of those trades. */
  readonly fees: Usdc;
  /** Shares matched by all trades, also by those that failed later: what the venue has taken off the order. */
  readonly grossMatched: Shares;
  /** Dollars of all trades, also of those that failed later. */
  readonly grossSpent: Usdc;
  readonly createdAt: Nanos;
  readonly updatedAt: Nanos;
  /** Why it was denied (a denial code) or rejected (a reject code); `ABSENT` or `RESOLVED` when it is held to be gone. */
  readonly code?: string | undefined;
  /**
   * A cancellation is wanted: asked for, and not refused while the order was live. One that becomes LIVE with this set
   * needs a new request, for the earlier one may have come too early.
   */
  readonly cancelRequested: boolean;
  /** More was matched than was asked for; the venue's rounding of market buys does that by micro-shares. */
  readonly overfilled: boolean;
  /** The venue was known to have it, and then its fate became unknown: that it is found again is no news of what the venue takes. */
  readonly takenBefore: boolean;
  /** Its trades, also failed ones, as they came. */
  readonly trades: readonly TradeId[];
}

/** What an event did to an order. */
export interface OrderChange {
  readonly order: Order;
  readonly from: OrderStatus;
  readonly to: OrderStatus;
  /** Whether anything changed; false for duplicates, late news and illegal events. */
  readonly applied: boolean;
  /** Set when the event contradicts the order: nothing moved, and the market must halt. */
  readonly illegal?: string;
}

/** What a trade report did. */
export interface TradeChange {
  /** The order that it belongs to; `undefined` when it is not ours. */
  readonly order: Order | undefined;
  readonly report: TradeReport;
  /** `undefined` at first sight. */
  readonly from: TradeStatus | undefined;
  readonly to: TradeStatus;
  /**
   * - `matched`: seen for the first time and counted, whatever its status (`to` may already be CONFIRMED)
   * - `advanced`: moved between MATCHED, MINED and RETRYING
   * - `confirmed`: became CONFIRMED
   * - `voided`: became FAILED and is not counted any more (`from` undefined: it never was)
   * - `duplicate`: nothing new
   * - `foreign`: of no order of this run, or contradicting its order; not counted
   */
  readonly kind: "matched" | "advanced" | "confirmed" | "voided" | "duplicate" | "foreign";
  /** The order's states before and after; `undefined` when there is no order. */
  readonly orderFrom: OrderStatus | undefined;
  readonly orderTo: OrderStatus | undefined;
  /** Set when the report contradicts what is known: the market must halt. What could be counted was. */
  readonly illegal?: string;
}

/** Hundredths of a share: the venue cuts matched sizes there, so that less than this may stay open for ever. */
export const DUST: Shares = 10_000 as Shares;

/** FAK and FOK orders match at once or die: they never rest. */
export function isImmediate(intent: Intent): boolean {
  return intent.orderType === "FAK" || intent.orderType === "FOK";
}

/** A FAK or FOK buy spends dollars; every other order is for shares. */
export function isSpending(intent: Intent): boolean {
  return intent.side === "buy" && isImmediate(intent);
}

/** Dollars that a spending order may spend, fees not included. */
export function budget(intent: Intent): Usdc {
  return intent.spend ?? notional(intent.size, intent.limit, "up");
}

/**
 * Whether the venue has nothing left to match of an order. Counts failed trades too: what the venue matched is off the
 * order, whether it settles or not.
 *
 * An order for shares is complete when they are matched. A spending order is complete when its dollars are spent. Where
 * the venue has matched all that it will (`settled`: an immediate order with a fill, or an order that the venue calls
 * matched), a rest below {@link DUST} does not keep it open: less than 0.01 share, or dollars that do not buy 0.01 share
 * at the limit.
 */
export function isComplete(
  intent: Intent,
  grossMatched: Shares,
  grossSpent: Usdc,
  settled: boolean,
): boolean {
  if (grossMatched <= 0) return false;
  const tolerated = settled || isImmediate(intent);
  if (isSpending(intent)) {
    const left = budget(intent) - grossSpent;
    return left <= 0 || (tolerated && left < notional(DUST, intent.limit, "up"));
  }
  const left = intent.size - grossMatched;
  return left <= 0 || (tolerated && left < DUST);
}

/** Whether an order is over. A late fill may still grow what it matched. */
export function isTerminal(order: Order): boolean {
  return isTerminalStatus(order.status);
}

/** Fees are rounded to $0.00001. */
const FEE_STEP = 10;
const NOTHING = { cash: 0 as Usdc, shares: 0 as Shares };

/**
 * What an order can still take from the account at worst: a buy the dollars that it has not spent plus the highest fee on
 * them, a sell the shares that it has not sold. Nothing once the order is over. A failed trade's share counts as open
 * again here (though not for completeness), since the venue may put it back.
 *
 * Without a `fee` no fee is reserved. Fees are rounded per fill: each fill beyond the second may add $0.000005 to the bound.
 */
export function worstCase(
  order: Order,
  fee: FeeSchedule = NO_FEE,
): { readonly cash: Usdc; readonly shares: Shares } {
  if (isTerminal(order)) return NOTHING;
  const { intent } = order;
  if (intent.side === "sell") {
    return { cash: 0 as Usdc, shares: Math.max(0, intent.size - order.matched) as Shares };
  }
  const free = fee.ratePpm === 0 || (intent.postOnly && fee.takerOnly);
  if (isSpending(intent)) {
    const left = Math.max(0, budget(intent) - order.spent) as Usdc;
    const most = free || left === 0 ? 0 : highestFeeOnDollars(left, fee) + FEE_STEP;
    return { cash: (left + most) as Usdc, shares: 0 as Shares };
  }
  const left = Math.max(0, intent.size - order.matched) as Shares;
  const cost = notional(left, intent.limit, "up");
  // Price and fee together never fall as the price rises, so the limit is the worst of all fills.
  const most = free || left === 0 ? 0 : takerFee(left, intent.limit, fee) + FEE_STEP;
  return { cash: (cost + most) as Usdc, shares: 0 as Shares };
}

/**
 * `dollars / p` shares cost a fee of `dollars * rate * p^(e-1) * (1-p)^e`, which is at most `dollars * rate` for e >= 1.
 * For e = 0 the cheapest price of the grid buys the most shares.
 */
function highestFeeOnDollars(dollars: Usdc, fee: FeeSchedule): number {
  const perDollar = fee.exponent === 0 ? fee.ratePpm * PRICE_ONE : fee.ratePpm;
  return mulDiv(dollars, perDollar, 1_000_000, "up");
}
