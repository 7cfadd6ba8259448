import { MatchpointError } from "../errors.ts";
import type { Intent, OrderPrepared, OrderReport, TradeReport } from "../events/index.ts";
import type { IntentId, MarketId, OrderId } from "../ids.ts";
import type { FeeSchedule, Nanos, Shares, Usdc } from "../units/index.ts";
import type { Order, OrderChange, TradeChange } from "./order.ts";

const todo = (): never => {
  throw new MatchpointError("INVARIANT", "under construction");
};

/** Counters since the run began. */
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
  readonly trades: number;
  readonly voided: number;
  readonly foreign: number;
  readonly duplicates: number;
  readonly lateFills: number;
  readonly overfills: number;
  readonly illegal: number;
  readonly pruned: number;
}

/** A store's contents as plain JSON. */
export interface OrderStoreSnapshot {
  readonly version: 1;
}

export class OrderStore {
  readonly counts: OrderCounts = todo();
  create(_intent: Intent, _at: Nanos): Order {
    return todo();
  }
  deny(_intent: Intent, _code: string, _at: Nanos): Order {
    return todo();
  }
  get(_id: IntentId): Order | undefined {
    return todo();
  }
  byOrderId(_id: OrderId): Order | undefined {
    return todo();
  }
  /** Whose an order id is: kept here, ours but pruned, or never made by this run. */
  ownership(_id: OrderId): "ours" | "retired" | "foreign" {
    return todo();
  }
  prepared(_e: OrderPrepared): OrderChange {
    return todo();
  }
  report(_e: OrderReport): OrderChange {
    return todo();
  }
  requestCancel(_id: IntentId, _at: Nanos): OrderChange {
    return todo();
  }
  /** The market resolved and chain balances agree: an UNKNOWN order is held to be gone. */
  conclude(_id: IntentId, _at: Nanos): OrderChange {
    return todo();
  }
  trade(_e: TradeReport): TradeChange {
    return todo();
  }
  open(_marketId: MarketId): readonly Order[] {
    return todo();
  }
  get openCount(): number {
    return todo();
  }
  allOpen(): Iterable<Order> {
    return todo();
  }
  hasOpen(_marketId: MarketId): boolean {
    return todo();
  }
  /** Drops terminal orders whose trades are terminal and which changed last before `before` (default: any time). */
  prune(_before?: Nanos): readonly Order[] {
    return todo();
  }
  snapshot(): OrderStoreSnapshot {
    return todo();
  }
  static restore(_snapshot: OrderStoreSnapshot): OrderStore {
    return todo();
  }
}

export function isTerminal(_order: Order): boolean {
  return todo();
}
export function worstCase(
  _order: Order,
  _fee?: FeeSchedule,
): { readonly cash: Usdc; readonly shares: Shares } {
  return todo();
}
