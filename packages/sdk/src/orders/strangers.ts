import type { TradeReport, TradeStatus } from "../events/index.ts";
import type { OrderId, TradeId } from "../ids.ts";
import type { Order, TradeChange } from "./order.ts";
import type { OrderRecord, TradeRecord } from "./orderRecord.ts";
import type { TradeSnapshot } from "./orderSnapshot.ts";
import { isTerminalTrade, TRADE_MACHINE } from "./tradeMachine.ts";

/** So many pruned orders are known for certain, as across restarts. */
export const MOST_RETIRED = 20_000;
/** How many more there may be until the oldest are let go of: one by one would look past all that went before. */
const TO_LET_GO = 2_000;

/** Trades of orders that are not kept: other people's, and those of pruned orders. */
export class Strangers {
  readonly #foreign = new Map<string, TradeRecord>();
  /** What is kept of pruned orders: their trades' ids, so that nothing old is taken for new. */
  readonly #retired = new Map<OrderId, readonly TradeId[]>();

  retire(orderId: OrderId, trades: readonly TradeId[]): void {
    this.#retired.set(orderId, trades);
    if (this.#retired.size < MOST_RETIRED + TO_LET_GO) return;
    for (const oldest of this.#retired.keys()) {
      if (this.#retired.size <= MOST_RETIRED) return;
      this.#retired.delete(oldest);
    }
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
    if (known?.adopted === true) return nextReport(known, e);
    const from = known?.status;
    const cell = TRADE_MACHINE.table[from ?? "UNSEEN"][e.status];
    const to: TradeStatus = cell.kind === "move" ? e.status : (from ?? e.status);
    if (known === undefined) this.#foreign.set(key, { report: e, status: to });
    else known.status = to;
    const why = old === undefined ? undefined : `trade ${e.tradeId} changes an order that was pruned`;
    return tradeChange(undefined, e, from, to, "foreign", undefined, why);
  }

  /**
   * Takes a foreign trade for the account's own. What was heard of it before counts: one that is known to be confirmed or to
   * have failed is adopted as such.
   */
  adopt(e: TradeReport): TradeChange {
    const heard = this.trade(e);
    if (heard.kind !== "foreign") return heard;
    const known = this.#foreign.get(keyOf(e))!;
    const { status } = known;
    this.#foreign.set(keyOf(e), { report: e, status, adopted: true });
    const kind = status === "FAILED" ? "voided" : "matched";
    return tradeChange(undefined, { ...e, status }, undefined, status, kind, undefined);
  }

  /** Where a trade of an order that is not kept stands; `retired` when it was over before its order was pruned. */
  status(orderId: OrderId, tradeId: TradeId): TradeStatus | "retired" | undefined {
    const record = this.#foreign.get(`${orderId} ${tradeId}`);
    if (record?.adopted === true) return record.status;
    return this.#retired.get(orderId)?.includes(tradeId) === true ? "retired" : undefined;
  }

  /** An adopted trade as it stands. */
  record(e: TradeReport): TradeRecord | undefined {
    const record = this.#foreign.get(keyOf(e));
    return record?.adopted === true ? record : undefined;
  }

  /** Every adopted trade. */
  *adopted(): IterableIterator<TradeRecord> {
    for (const record of this.#foreign.values()) if (record.adopted === true) yield record;
  }

  /** Adopted trades that are not terminal. */
  *openAdopted(): IterableIterator<TradeReport> {
    for (const { report, status, adopted } of this.#foreign.values()) {
      if (adopted === true && !isTerminalTrade(status)) yield report;
    }
  }

  dump(): { foreign: TradeSnapshot[]; retired: { orderId: OrderId; trades: TradeId[] }[] } {
    return {
      foreign: Array.from(this.#foreign.values(), (record) => ({ ...record })),
      retired: Array.from(this.#retired, ([orderId, trades]) => ({ orderId, trades: [...trades] })),
    };
  }

  load(plain: {
    readonly foreign: readonly TradeSnapshot[];
    readonly retired: readonly { readonly orderId: OrderId; readonly trades: readonly TradeId[] }[];
  }): void {
    for (const record of plain.foreign) this.#foreign.set(keyOf(record.report), { ...record });
    for (const { orderId, trades } of plain.retired) this.#retired.set(orderId, trades);
  }
}

/** One trade may match several orders, so a trade id alone is no key. */
function keyOf(e: TradeReport): string {
  return `${e.orderId} ${e.tradeId}`;
}

/** What a report says about a trade that is counted already; moves its record. */
export function nextReport(known: TradeRecord, e: TradeReport, order?: OrderRecord): TradeChange {
  const { status: from, report: first } = known;
  const same = first.size === e.size && first.cost === e.cost && first.fee === e.fee;
  const cell = TRADE_MACHINE.table[from][e.status];
  let illegal = same ? undefined : `trade ${e.tradeId} is restated with other numbers; the first stand`;
  if (cell.kind !== "move") {
    if (cell.kind !== "stay") illegal = `trade ${e.tradeId}: ${cell.why}`;
    return tradeChange(order, e, from, from, "duplicate", order?.status, illegal);
  }
  known.status = e.status;
  const kind = e.status === "CONFIRMED" ? "confirmed" : e.status === "FAILED" ? "voided" : "advanced";
  return tradeChange(order, e, from, e.status, kind, order?.status, illegal);
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
