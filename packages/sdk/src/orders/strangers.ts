import type { TradeReport, TradeStatus } from "../events/index.ts";
import type { OrderId, TradeId } from "../ids.ts";
import type { Order, TradeChange } from "./order.ts";
import type { TradeRecord } from "./orderRecord.ts";
import type { TradeSnapshot } from "./orderSnapshot.ts";
import { TRADE_MACHINE } from "./tradeMachine.ts";

/** Trades of orders that are not kept: other people's, and those of pruned orders. */
export class Strangers {
  readonly #foreign = new Map<string, TradeRecord>();
  /** What is kept of pruned orders: their trades' ids, so that nothing old is taken for new. */
  readonly #retired = new Map<OrderId, readonly TradeId[]>();

  retire(orderId: OrderId, trades: readonly TradeId[]): void {
    this.#retired.set(orderId, trades);
  }

  isRetired(orderId: OrderId): boolean {
    return this.#retired.has(orderId);
  }

  trade(e: TradeReport): TradeChange {
    const old = this.#retired.get(e.orderId);
    if (old?.includes(e.tradeId) === true && e.status !== "FAILED") {
      return tradeChange(undefined, e, e.status, e.status, "duplicate", undefined);
    }
    const key = keyOf(e);
    const known = this.#foreign.get(key);
    const from = known?.status;
    const cell = TRADE_MACHINE.table[from ?? "UNSEEN"][e.status];
    const to: TradeStatus = cell.kind === "move" ? e.status : (from ?? e.status);
    if (known === undefined) this.#foreign.set(key, { report: e, status: to });
    else known.status = to;
    const why = old === undefined ? undefined : `trade ${e.tradeId} changes an order that was pruned`;
    return tradeChange(undefined, e, from, to, "foreign", undefined, why);
  }

  dump(): { foreign: TradeSnapshot[]; retired: { orderId: OrderId; trades: TradeId[] }[] } {
    return {
      foreign: Array.from(this.#foreign.values(), ({ report, status }) => ({ report, status })),
      retired: Array.from(this.#retired, ([orderId, trades]) => ({ orderId, trades: [...trades] })),
    };
  }

  load(plain: {
    readonly foreign: readonly TradeSnapshot[];
    readonly retired: readonly { readonly orderId: OrderId; readonly trades: readonly TradeId[] }[];
  }): void {
    for (const { report, status } of plain.foreign) this.#foreign.set(keyOf(report), { report, status });
    for (const { orderId, trades } of plain.retired) this.#retired.set(orderId, trades);
  }
}

/** One trade may match several orders, so a trade id alone is no key. */
function keyOf(e: TradeReport): string {
  return `${e.orderId} ${e.tradeId}`;
}

export function tradeChange(
  order: Order | undefined,
  report: TradeReport,
  from: TradeStatus | undefined,
  to: TradeStatus,
  kind: TradeChange["kind"],
  orderFrom: TradeChange["orderFrom"],
  illegal?: string,
): TradeChange {
  const change = { order, report, from, to, kind, orderFrom, orderTo: order?.status };
  return illegal === undefined ? change : { ...change, illegal };
}
