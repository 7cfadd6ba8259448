import type { ChainAction, ChainStatus, Intent, OrderId, OrderStatus, Trade } from "@matchpoint/sdk";

/** Where an order is: on its way, held by the taker delay, in the book, or over. */
export type Stage = "in_flight" | "delayed" | "resting" | "done";

/** An order as the venue keeps it. Plain JSON; amounts in micro-units. */
export interface PaperOrder {
  readonly orderId: OrderId;
  readonly intent: Intent;
  /** Order of submission: time priority among our own. */
  readonly seq: number;
  stage: Stage;
  status: OrderStatus;
  /** Shares matched so far. */
  matched: number;
  /** Shares of others that were there before us at our price and still are. */
  ahead: number;
  /** How much of `ahead` went with the latest level changes: a print of the same shares must not count again. */
  credit: number;
  creditAt: number;
  /** When it took its place in the book. */
  restedAt: number;
  /** How much of its level went shortly before that: late prints may be of those shares. */
  prior: number;
  /** Entered while the book was unknown: takes its place when the book is known again. */
  blind: boolean;
  /** Filled while resting: shares, and the exact dollars and fee of all of them together. */
  makerShares: number;
  makerCost: number;
  makerFee: number;
  /** What it holds back of the account: dollars of a buy, shares of a sell. */
  reservedCash: number;
  offered: number;
}

/** A trade as the venue keeps it. */
export type PaperTrade = { -readonly [K in keyof Trade]: Trade[K] };

/** A chain action as the venue keeps it. */
export interface PaperAction {
  readonly action: ChainAction;
  status: ChainStatus;
  /** Whether its shares or dollars are held back until it is over. */
  held: boolean;
  /** Why it will revert. */
  doomed?: string;
}

/** What happened in numbers. All start at 0. */
export interface PaperStats {
  /** Orders handed over. */
  orders: number;
  rejected: number;
  fills: number;
  makerFills: number;
  /** Fills whose fee came from the fallback because the market states no schedule. */
  fallbackFees: number;
  /** Fills against a book that was never seen whole. */
  syntheticFills: number;
  /** Orders that arrived while the book was unknown. */
  blindOrders: number;
  tradesFailed: number;
  /** Market events for markets that were never listed. */
  unlisted: number;
  /** Events whose values no market can have. */
  malformed: number;
  /** Chain actions whose id was used before: ignored. */
  duplicateActions: number;
}

/** Fresh counters. */
export function noStats(): PaperStats {
  return {
    orders: 0,
    rejected: 0,
    fills: 0,
    makerFills: 0,
    fallbackFees: 0,
    syntheticFills: 0,
    blindOrders: 0,
    tradesFailed: 0,
    unlisted: 0,
    malformed: 0,
    duplicateActions: 0,
  };
}

/** Whether an order spends dollars instead of buying a number of shares. */
export function spendsDollars(intent: Intent): boolean {
  return intent.side === "buy" && isImmediate(intent);
}

/** Whether an order never rests. */
export function isImmediate(intent: Intent): boolean {
  return intent.orderType === "FAK" || intent.orderType === "FOK";
}

/** Keeps the newest `limit` entries of a map in insertion order. */
export function trim<K>(map: Map<K, unknown>, limit: number): void {
  while (map.size > limit) map.delete(map.keys().next().value as K);
}
