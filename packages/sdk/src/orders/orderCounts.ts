import type { OrderStatus } from "../events/index.ts";

/** What a store has seen since the run began. */
export interface OrderCounts {
  readonly created: number;
  readonly denied: number;
  readonly filled: number;
  readonly canceled: number;
  readonly expired: number;
  readonly rejected: number;
  readonly invalid: number;
  /** How often an order became UNKNOWN. */
  readonly unknown: number;
  /** Trades of our orders, also those that failed. */
  readonly trades: number;
  /** Those of them that failed. */
  readonly voided: number;
  /** Trade reports that name no order of this run, or contradict it. */
  readonly foreign: number;
  /** Trade reports that said nothing new. */
  readonly duplicates: number;
  /** Trades of orders that were over. */
  readonly lateFills: number;
  /** Orders that got more than they asked for. */
  readonly overfills: number;
  readonly illegal: number;
  readonly pruned: number;
}

export type MutableCounts = { -readonly [K in keyof OrderCounts]: number };

export function zeroCounts(): MutableCounts {
  return {
    created: 0,
    denied: 0,
    filled: 0,
    canceled: 0,
    expired: 0,
    rejected: 0,
    invalid: 0,
    unknown: 0,
    trades: 0,
    voided: 0,
    foreign: 0,
    duplicates: 0,
    lateFills: 0,
    overfills: 0,
    illegal: 0,
    pruned: 0,
  };
}

/** The counter that entering a state moves. */
export const ENTERED: Partial<Record<OrderStatus, keyof OrderCounts>> = {
  DENIED: "denied",
  FILLED: "filled",
  CANCELED: "canceled",
  EXPIRED: "expired",
  REJECTED: "rejected",
  INVALID: "invalid",
  UNKNOWN: "unknown",
};
