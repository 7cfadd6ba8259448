import type { ChainAction, ChainStatus, Intent, OrderId, OrderStatus, Trade, TradeId } from "@matchpoint/sdk";
import type { AccountId, ExchangeTrade, TradeLeg } from "./exchange.ts";

/** Where an order is: on its way, held by the taker delay, in the book, or over. */
export type Stage = "in_flight" | "delayed" | "resting" | "done";

/** An order as the venue keeps it. Plain JSON; amounts in micro-units. */
export interface PaperOrder {
  readonly account: AccountId;
  readonly orderId: OrderId;
  readonly intent: Intent;
  /** Names it for what is drawn: the same in a replay, whatever the run is called. */
  readonly lot: string;
  /** Order of submission. */
  readonly seq: number;
  stage: Stage;
  status: OrderStatus;
  /** When it was handed over, then when it arrived, then when it took its place in the book. */
  since: number;
  /** Shares matched so far. */
  matched: number;
  readonly trades: TradeId[];
  /** Cancels that were asked for. */
  cancels: number;
  /** Shares of others that were there before us at our price and still are. */
  ahead: number;
  /** What the level showed when it was last looked at. */
  level: number;
  /** How much the level lost with its latest changes, and how much of that came off `ahead`: a print of it must not count again. */
  lost: number;
  credit: number;
  creditAt: number;
  /** Shares printed at the price whose level change has not come yet, and when the last were. */
  printed: number;
  printedAt: number;
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

/** An order that was handed over just now. */
export function newOrder(
  account: AccountId,
  orderId: OrderId,
  intent: Intent,
  lot: string,
  seq: number,
  now: number,
): PaperOrder {
  return {
    account,
    orderId,
    intent,
    lot,
    seq,
    stage: "in_flight",
    status: "SENT",
    since: now,
    matched: 0,
    trades: [],
    cancels: 0,
    ahead: 0,
    level: 0,
    lost: 0,
    credit: 0,
    creditAt: 0,
    printed: 0,
    printedAt: 0,
    restedAt: 0,
    prior: 0,
    blind: false,
    makerShares: 0,
    makerCost: 0,
    makerFee: 0,
    reservedCash: 0,
    offered: 0,
  };
}

/** A match as the venue keeps it. */
export type PaperMatch = { -readonly [K in keyof ExchangeTrade]: ExchangeTrade[K] } & {
  /** Names it for what is drawn. */
  readonly lot: string;
  /** Its next mining fails, by request. */
  doomed?: true;
};

/** An account's side of a match. */
export interface OwnLeg {
  readonly account: AccountId;
  readonly leg: TradeLeg;
  readonly liquidity: Trade["liquidity"];
}

/** The sides of a match that are accounts', the taker's first. */
export function ownLegs({ taker, makers }: PaperMatch): OwnLeg[] {
  const own: OwnLeg[] = [];
  if (taker.account !== undefined) own.push({ account: taker.account, leg: taker, liquidity: "taker" });
  for (const leg of makers) {
    if (leg.account !== undefined) own.push({ account: leg.account, leg, liquidity: "maker" });
  }
  return own;
}

/** An account's side of a match, as its owner is told. */
export function tradeOf(
  { tradeId, marketId, status }: PaperMatch,
  { orderId, outcome, side, price, size, cost, fee }: TradeLeg,
  liquidity: Trade["liquidity"],
): Trade {
  return {
    tradeId,
    orderId: orderId!,
    marketId,
    outcome,
    side,
    price,
    size,
    cost,
    fee,
    liquidity,
    status,
  };
}

/** A match as everyone may see it, as it is now. */
export function publicTrade({
  tradeId,
  marketId,
  taker,
  makers,
  status,
  matchedAt,
}: PaperMatch): ExchangeTrade {
  return { tradeId, marketId, taker, makers, status, matchedAt };
}

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
  /** Orders that arrived when nothing had been heard of the book for too long. */
  staleBooks: number;
  /** Orders and cancels refused for coming too fast. */
  rateLimited: number;
  /** Restarts of the venue in which an order or a cancel was refused. */
  restartsMet: number;
  /** Prints of the other outcome that told a trade a second time. */
  mirroredPrints: number;
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
    staleBooks: 0,
    rateLimited: 0,
    restartsMet: 0,
    mirroredPrints: 0,
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
