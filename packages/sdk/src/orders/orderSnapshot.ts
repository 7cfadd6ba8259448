import type { Intent, OrderStatus, TradeReport, TradeStatus } from "../events/index.ts";
import type { OrderId, TradeId } from "../ids.ts";
import type { Nanos } from "../units/index.ts";
import type { OrderCounts } from "./orderCounts.ts";
import { addTrade, OrderRecord } from "./orderRecord.ts";
import { isTerminalTrade } from "./tradeMachine.ts";

/** A trade in a snapshot: its first report and where it stands. */
export interface TradeSnapshot {
  readonly report: TradeReport;
  readonly status: TradeStatus;
  /** Of no order of this run, but the account's own by an operator's word. */
  readonly adopted?: true;
}

/** An order in a snapshot. What its trades add up to is not written: it is added up again. */
export interface OrderSnapshot {
  readonly intent: Intent;
  readonly orderId?: OrderId;
  readonly status: OrderStatus;
  readonly createdAt: Nanos;
  readonly updatedAt: Nanos;
  readonly code?: string;
  readonly cancelRequested: boolean;
  readonly overfilled: boolean;
  /** Absent: no, or of an earlier version. */
  readonly takenBefore?: true;
  readonly cancelOnItsWay: boolean;
  readonly cancelAskedAt?: Nanos;
  readonly looks: number;
  readonly lastLookAt: Nanos;
  readonly heldGone: boolean;
  readonly trades: readonly TradeSnapshot[];
}

/** An `OrderStore` as plain JSON. */
export interface OrderStoreSnapshot {
  readonly version: 1;
  readonly lookSpacing: Nanos;
  readonly orders: readonly OrderSnapshot[];
  readonly foreign: readonly TradeSnapshot[];
  readonly retired: readonly { readonly orderId: OrderId; readonly trades: readonly TradeId[] }[];
  readonly counts: OrderCounts;
}

export function dumpOrder(order: OrderRecord): OrderSnapshot {
  const { absence } = order;
  return {
    intent: order.intent,
    ...(order.orderId === undefined ? {} : { orderId: order.orderId }),
    status: order.status,
    createdAt: order.createdAt,
    updatedAt: order.updatedAt,
    ...(order.code === undefined ? {} : { code: order.code }),
    cancelRequested: order.cancelRequested,
    overfilled: order.overfilled,
    ...(order.takenBefore ? { takenBefore: true } : {}),
    cancelOnItsWay: absence.cancelOnItsWay,
    ...(absence.cancelAskedAt === undefined ? {} : { cancelAskedAt: absence.cancelAskedAt }),
    looks: absence.looks,
    lastLookAt: absence.lastLookAt,
    heldGone: absence.heldGone,
    trades: order.trades.map((tradeId) => ({ ...order.records!.get(tradeId)! })),
  };
}

export function loadOrder(plain: OrderSnapshot): OrderRecord {
  const order = new OrderRecord(plain.intent, plain.createdAt);
  order.orderId = plain.orderId;
  order.status = plain.status;
  order.updatedAt = plain.updatedAt;
  order.code = plain.code;
  order.cancelRequested = plain.cancelRequested;
  order.overfilled = plain.overfilled;
  order.takenBefore = plain.takenBefore ?? false;
  order.absence.cancelOnItsWay = plain.cancelOnItsWay;
  order.absence.cancelAskedAt = plain.cancelAskedAt;
  order.absence.looks = plain.looks;
  order.absence.lastLookAt = plain.lastLookAt;
  order.absence.heldGone = plain.heldGone;
  for (const { report, status } of plain.trades) {
    addTrade(order, { report, status });
    if (!isTerminalTrade(status)) order.openTrades += 1;
  }
  return order;
}
