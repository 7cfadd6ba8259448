import type { Intent, OrderStatus, TradeReport, TradeStatus } from "../events/index.ts";
import type { OrderId, TradeId } from "../ids.ts";
import type { Nanos, Shares, Usdc } from "../units/index.ts";

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
  readonly fees: Usdc;
  /** Shares matched by all trades, also by those that failed later: what the venue has taken off the order. */
  readonly grossMatched: Shares;
  /** Dollars of all trades, also of those that failed later. */
  readonly grossSpent: Usdc;
  readonly createdAt: Nanos;
  readonly updatedAt: Nanos;
  /** Why it was denied, rejected or held to be gone. */
  readonly code?: string | undefined;
  /** A cancellation was asked for and has not been refused. */
  readonly cancelRequested: boolean;
  /** More was matched than the order asked for, beyond the venue's rounding. */
  readonly overfilled: boolean;
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
  /** The order that it belongs to; `undefined` when the trade is foreign. */
  readonly order: Order | undefined;
  readonly report: TradeReport;
  /** `undefined` at first sight. */
  readonly from: TradeStatus | undefined;
  readonly to: TradeStatus;
  /**
   * `matched`: seen for the first time and counted, whatever status it already has (`to` may be CONFIRMED).
   * `advanced`: moved between MATCHED, MINED and RETRYING. `confirmed`: became CONFIRMED. `voided`: became FAILED and is
   * no longer counted (`from` undefined: it was never counted). `duplicate`: nothing new. `foreign`: not ours to count.
   */
  readonly kind: "matched" | "advanced" | "confirmed" | "voided" | "duplicate" | "foreign";
  /** What the order did because of it. */
  readonly orderFrom: OrderStatus | undefined;
  readonly orderTo: OrderStatus | undefined;
  /** Set when the report contradicts what is known: the market must halt. */
  readonly illegal?: string;
}
