import type { ActionId, IntentId, MarketId, OrderId, StrategyId, TradeId } from "../ids.ts";
import type { Nanos, Price, Shares, Usdc } from "../units/index.ts";
import type { Outcome, Side } from "./market.ts";
import type { Stamped } from "./stamp.ts";

/**
 * Order types with Polymarket's semantics. FAK fills what it can at once and dies (the venue's IOC), FOK all or nothing,
 * GTC rests, GTD rests until `expiresAt`. A FAK or FOK **buy** spends dollars: it buys more shares than asked when the
 * price is better; a GTC or GTD buy buys exact shares.
 */
export type OrderType = "FAK" | "FOK" | "GTC" | "GTD";

/** What a venue's adapter can do. What it cannot is refused, never dropped. */
export interface Capabilities {
  readonly orderTypes: readonly OrderType[];
  readonly postOnly: boolean;
  readonly merge: boolean;
  readonly split: boolean;
  /**
   * How many cancels the venue takes at once, the request itself counted as one: no more orders than that are kept open. Absent: no
   * such limit is known. What the venue says later (`venue_limits`) counts instead. Polymarket: `DELETE /cancel-all` costs one and one for each order (docs.polymarket.com, trading rate limits).
   */
  readonly cancelBurst?: number;
}

/**
 * What was known when an intent was decided: its fills are measured against it. It decides nothing, so it is no part of the effects'
 * hash. All in micro-dollars per share of the intent's outcome.
 */
export interface Decision {
  /** What a share was held to be worth. */
  readonly fair: Usdc;
  /** Who held it so: the strategy (it stated `fair` or `edge`), the core's own probability, the book's mid; `none`: nobody, it is `price`. */
  readonly by: "strategy" | "model" | "mid" | "none";
  /** The price that it was decided by: the best opposite one for an order that takes, its limit for one that rests. */
  readonly price: Usdc;
  /** A leg of a pair: the price at which hedging (or selling) what is held neither wins nor loses; beyond it is leg loss. */
  readonly breakEven?: Usdc;
}

/** What a strategy wants; becomes an order only through the risk gate. */
export interface Intent {
  readonly intentId: IntentId;
  readonly strategyId: StrategyId;
  readonly marketId: MarketId;
  readonly outcome: Outcome;
  readonly side: Side;
  readonly orderType: OrderType;
  readonly postOnly: boolean;
  /** The worst price that is acceptable. */
  readonly limit: Price;
  /** Shares asked for. For a FAK or FOK buy: what `spend` buys at `limit`; improvement buys more. */
  readonly size: Shares;
  /** Dollars that a FAK or FOK buy spends at most (whole cents, fee not included); absent on every other order. */
  readonly spend?: Usdc;
  /** Monotonic expiry of a GTD order. */
  readonly expiresAt?: Nanos;
  /** `entry` adds risk, `exit` reduces a position, `hedge` completes a pair (reduces its residual). */
  readonly purpose: "entry" | "exit" | "hedge";
  /** Why, in the strategy's words. */
  readonly reason: string;
  /** Edge that the strategy saw, in probability, for attribution. */
  readonly edge?: number;
  /** What it was decided by, for attribution. */
  readonly decision?: Decision;
}

/** The order's hash is known and journaled; nothing has been sent yet. */
export interface OrderPrepared extends Stamped {
  readonly type: "order_prepared";
  readonly intentId: IntentId;
  readonly orderId: OrderId;
  /** Live: what the order is, so that its journal can be read without the strategy that wanted it. */
  readonly intent?: Intent;
  /** Live: what kind of position its strategy builds. */
  readonly posture?: "pair" | "directional";
}

/** States of an order, as `orders/` keeps them. */
export type OrderStatus =
  | "INTENT"
  | "DENIED"
  | "PREPARED"
  | "SENT"
  | "LIVE"
  | "DELAYED"
  | "MATCHED"
  | "PENDING_CANCEL"
  | "UNKNOWN"
  | "FILLED"
  | "CANCELED"
  | "EXPIRED"
  | "REJECTED"
  | "INVALID";

/** Why a venue refused an order, in stable codes; the venue's own text goes into `detail`. */
export type RejectCode =
  | "BALANCE"
  | "ALLOWANCE"
  | "TICK"
  | "MIN_SIZE"
  | "PRECISION"
  | "POST_ONLY_CROSSES"
  | "FOK_NOT_FILLED"
  | "FAK_NO_MATCH"
  | "EXPIRATION"
  | "DUPLICATE"
  | "MARKET_CLOSED"
  | "VENUE_MODE"
  | "RATE_LIMITED"
  | "AUTH"
  | "OTHER";

/** What the venue says about an order. */
export interface OrderReport extends Stamped {
  readonly type: "order_report";
  readonly orderId: OrderId;
  readonly status:
    | "sent"
    | "live"
    | "matched"
    | "delayed"
    | "unmatched"
    | "rejected"
    | "unknown"
    | "canceled"
    | "cancel_refused"
    | "expired"
    | "invalid"
    | "absent";
  readonly code?: RejectCode;
  readonly detail?: string;
}

/** States of a trade: provisional until CONFIRMED; FAILED voids it, even after CONFIRMED (reorganisation). */
export type TradeStatus = "MATCHED" | "MINED" | "RETRYING" | "CONFIRMED" | "FAILED";

/** What the venue says about a trade of ours. The same trade is reported once per status, in any order, maybe twice. */
export interface TradeReport extends Stamped {
  readonly type: "trade_report";
  readonly tradeId: TradeId;
  readonly orderId: OrderId;
  readonly marketId: MarketId;
  /** Our own outcome and side, never the counterparty's. */
  readonly outcome: Outcome;
  readonly side: Side;
  readonly price: Price;
  readonly size: Shares;
  /** Exact dollars that changed hands without the fee: what a buy paid, what a sell received. */
  readonly cost: Usdc;
  readonly fee: Usdc;
  readonly liquidity: "maker" | "taker";
  readonly status: TradeStatus;
}

/** An action on the chain. */
export interface ChainAction {
  readonly actionId: ActionId;
  readonly kind: "merge" | "split" | "redeem";
  readonly marketId: MarketId;
  /** Merge and split: pairs. Redeem: everything held, stated per outcome in `amounts`. */
  readonly amounts: readonly [Shares, Shares];
}

/** States of a chain action. */
export type ChainStatus = "REQUESTED" | "SENT" | "MINED" | "FINAL" | "REVERTED" | "UNKNOWN";

/** What the chain says about an action of ours. */
export interface ChainReport extends Stamped {
  readonly type: "chain_report";
  readonly actionId: ActionId;
  readonly status: "SENT" | "MINED" | "FINAL" | "REVERTED" | "UNKNOWN";
  /** Dollars received (merge, redeem) or paid (split, negative); stated with FINAL. */
  readonly proceeds?: Usdc;
  readonly detail?: string;
}

/** Free collateral as the account has it, for reconciliation; the first one opens the ledger. */
export interface BalanceReport extends Stamped {
  readonly type: "balance_report";
  readonly collateral: Usdc;
}

/** What orders the venue takes at the moment. */
export interface VenueModeChanged extends Stamped {
  readonly type: "venue_mode";
  readonly mode: "OPEN" | "POST_ONLY" | "CANCEL_ONLY" | "RESTARTING" | "DOWN";
  readonly detail: string;
}

/** How much the venue takes at once from now on: it has said something else than was known. */
export interface VenueLimitsChanged extends Stamped {
  readonly type: "venue_limits";
  /** See {@link Capabilities.cancelBurst}. */
  readonly cancelBurst: number;
  readonly detail: string;
}

/**
 * The channel on which the venue tells of our own orders and trades: `lost` when nothing was heard on it for longer than a reconnect
 * takes, `back` when it is open again. It replays nothing, so entries wait from the first until, after the second, two comparisons
 * (`reconciled`) in a row agree: a run whose adapter says this has to be compared with its venue.
 */
export interface OwnChannelChanged extends Stamped {
  readonly type: "own_channel";
  readonly state: "lost" | "back";
  readonly detail: string;
}

/** Reports about our own orders, trades, chain actions and account. */
export type ExecutionReport =
  | OrderPrepared
  | OrderReport
  | TradeReport
  | ChainReport
  | BalanceReport
  | VenueModeChanged
  | VenueLimitsChanged
  | OwnChannelChanged;
