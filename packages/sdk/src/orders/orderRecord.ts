import type { Intent, OrderStatus, TradeReport, TradeStatus } from "../events/index.ts";
import type { OrderId, TradeId } from "../ids.ts";
import type { Nanos, Shares, Usdc } from "../units/index.ts";
import type { Absence } from "./classify.ts";
import type { Order } from "./order.ts";

/** A trade as it was first reported, and where it stands now. */
export interface TradeRecord {
  readonly report: TradeReport;
  status: TradeStatus;
  /** Of no order of this run, but the account's own by an operator's word. */
  adopted?: true;
}

/** The store's own, mutable side of an {@link Order}. */
export class OrderRecord implements Order {
  readonly intent: Intent;
  readonly createdAt: Nanos;
  orderId: OrderId | undefined = undefined;
  status: OrderStatus = "INTENT";
  matched: Shares = 0 as Shares;
  spent: Usdc = 0 as Usdc;
  fees: Usdc = 0 as Usdc;
  grossMatched: Shares = 0 as Shares;
  grossSpent: Usdc = 0 as Usdc;
  updatedAt: Nanos;
  code: string | undefined = undefined;
  cancelRequested = false;
  overfilled = false;
  takenBefore = false;
  readonly trades: TradeId[] = [];
  readonly absence: Absence = {
    cancelOnItsWay: false,
    cancelAskedAt: undefined,
    looks: 0,
    lastLookAt: 0 as Nanos,
    heldGone: false,
  };
  /** Its trades by id; made with the first one. */
  records: Map<TradeId, TradeRecord> | undefined = undefined;
  /** Trades of it that are not terminal. */
  openTrades = 0;

  constructor(intent: Intent, at: Nanos) {
    this.intent = intent;
    this.createdAt = at;
    this.updatedAt = at;
  }
}

/** Adds a trade to its order's sums. What the venue matched counts gross; only what has not failed counts as matched. */
export function addTrade(order: OrderRecord, trade: TradeRecord): void {
  const { tradeId, size, cost, fee } = trade.report;
  order.records ??= new Map();
  order.records.set(tradeId, trade);
  order.trades.push(tradeId);
  order.grossMatched = (order.grossMatched + size) as Shares;
  order.grossSpent = (order.grossSpent + cost) as Usdc;
  if (trade.status === "FAILED") return;
  order.matched = (order.matched + size) as Shares;
  order.spent = (order.spent + cost) as Usdc;
  order.fees = (order.fees + fee) as Usdc;
}
