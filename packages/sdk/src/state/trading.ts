import type { Nanos, Price, Shares, Usdc } from "../units/index.ts";

/** States of a market's trading machine. */
export type TradingStatus =
  "IDLE" | "BUILDING_PAIR" | "TEMPORAL_ACTIVE" | "LOCKED_PAIR" | "FINALIZING" | "HALT" | "RESOLVED";

/** Why a market is halted. HALT holds a set of these and is left when the set is empty. */
export type HaltCause =
  | "connectivity"
  | "stale_book"
  | "gapped_book"
  | "queue_mark"
  | "breaker"
  | "strategy_fault"
  | "truth_disputed"
  | "reconcile"
  | "foreign_order"
  | "terms_changed"
  | "illegal_transition"
  | "kill"
  | "manual";

/** What kind of position a strategy builds; a market has one posture, and one owner, at a time. */
export type Posture = "pair" | "directional";

/** What is held of one outcome. */
export interface Position {
  /** Shares by matched trades: exposure. */
  readonly matched: Shares;
  /** Shares by confirmed trades: what can be merged or redeemed. */
  readonly settled: Shares;
  /** What the held shares cost, fees included; averages are compared as this total, never as a rounded price. */
  readonly cost: Usdc;
  /** When the position was opened. */
  readonly openedAt: Nanos | undefined;
}

/** Best prices of an outcome. `undefined` when a side is empty. */
export interface TopOfBook {
  readonly bid: Price | undefined;
  readonly bidSize: Shares;
  readonly ask: Price | undefined;
  readonly askSize: Shares;
}
