import type { MarketId, OrderId, TradeId } from "../ids.ts";
import type { TradeReport } from "./execution.ts";
import type { Outcome } from "./market.ts";
import type { Stamped } from "./stamp.ts";

/**
 * What can differ between the core's account and the venue's. Unless said otherwise `expected` and `actual` are shares:
 * what we hold to be true, and what the venue says.
 *
 * - `position`: shares held of an outcome; `settled`: those of them that are confirmed.
 * - `cash`: collateral, in micro-dollars.
 * - `missed_trade`: the venue has a trade of ours, or a state of it, whose report never came.
 * - `matched_amount`: what an open order has matched, beyond what trades explain.
 * - `missing_order`: an order that we hold to be open is not open there; `ended_order`: one that is over here is open there.
 * - `foreign_order`, `foreign_trade`: of the account, but not of this run.
 * - `chain_position`, `chain_cash`: the same of the chain's own balances, where nodes of it are named.
 * - `unanswered`: the venue could not be compared with; `actual` is how many looks in a row have failed.
 */
export type DifferenceKind =
  | "position"
  | "settled"
  | "cash"
  | "missed_trade"
  | "matched_amount"
  | "missing_order"
  | "ended_order"
  | "foreign_order"
  | "foreign_trade"
  | "chain_position"
  | "chain_cash"
  | "unanswered";

/** One difference between what the core holds and what the venue says, in integers of a millionth. */
export interface Difference {
  readonly kind: DifferenceKind;
  /** Absent when it concerns the whole account. */
  readonly marketId?: MarketId;
  readonly outcome?: Outcome;
  readonly orderId?: OrderId;
  readonly tradeId?: TradeId;
  readonly expected: number;
  readonly actual: number;
}

/** The account was compared with the venue's. A statement about the outside world: a replay keeps it. */
export interface Reconciled extends Stamped {
  readonly type: "reconciled";
  /** The market that was compared; absent: the whole account. */
  readonly marketId?: MarketId;
  readonly agrees: boolean;
  readonly differences: readonly Difference[];
  /** Absent: the chain was not asked. */
  readonly chain?: ChainLook;
}

/** How the chain itself stood when the account was compared with it. */
export interface ChainLook {
  /** Why several looks in a row had no answer of it: the venue's word stands alone. Absent: it answers. */
  readonly silent?: string;
  /** How old its last final block was, in whole ms. Absent: it did not say. */
  readonly finalAgeMs?: number;
  /** Absent: it was not asked, or did not say. */
  readonly allowance?: ChainAllowance;
}

/** What the account lets the venue's contracts take of it, for the markets of the run. */
export interface ChainAllowance {
  /** pUSD that the contract with the least may still take, in micro-dollars; what no float holds exactly counts as the most that one does. */
  readonly dollars: number;
  /** Contracts that may not take shares, each as words for a person: what is sold by them is refused. */
  readonly noShares: readonly string[];
}

/** A trade that an operator has decided to be the account's own. */
export type AdoptedTrade = Omit<TradeReport, "type" | keyof Stamped>;
