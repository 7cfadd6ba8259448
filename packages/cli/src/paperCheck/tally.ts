import type { ExecutionReport, OrderId, OrderReport, TradeId, TradeReport } from "@matchpoint/sdk";

/** What became of an order: amounts in micro-units, times in nanoseconds after it was handed over. */
export interface Outcome {
  shares: number;
  cost: number;
  fee: number;
  /** Shares of trades that failed. */
  voided: number;
  /** Until the first answer, and until word of the first fill. */
  answered: number | undefined;
  firstFill: number | undefined;
  /** What was said of it last, leaving out answers to cancels that were refused. */
  status: OrderReport["status"] | undefined;
}

const ANSWERS = new Set<OrderReport["status"]>(["live", "matched", "delayed", "rejected"]);

/** Adds up what a venue says of orders, whoever the venue is. */
export class Tally {
  readonly #orders = new Map<OrderId, Outcome & { at: number }>();
  readonly #trades = new Map<TradeId, Map<OrderId, TradeReport>>();

  placed(orderId: OrderId, at: number): void {
    this.#orders.set(orderId, {
      at,
      shares: 0,
      cost: 0,
      fee: 0,
      voided: 0,
      answered: undefined,
      firstFill: undefined,
      status: undefined,
    });
  }

  take(report: ExecutionReport): void {
    if (report.type === "order_report") this.#said(report);
    if (report.type === "trade_report") this.#traded(report);
  }

  of(orderId: OrderId): Outcome | undefined {
    return this.#orders.get(orderId);
  }

  #said({ orderId, status, at }: OrderReport): void {
    const order = this.#orders.get(orderId);
    if (order === undefined) return;
    // A cancel that is refused says nothing of the order: it is over already, or it rests as before.
    if (status !== "sent" && status !== "cancel_refused") order.status = status;
    if (ANSWERS.has(status)) order.answered ??= at - order.at;
  }

  /** Each trade of an order counts once; one that fails is taken back. */
  #traded(report: TradeReport): void {
    const { tradeId, orderId, status, size, cost, fee, at } = report;
    const order = this.#orders.get(orderId);
    if (order === undefined) return;
    let legs = this.#trades.get(tradeId);
    if (legs === undefined) this.#trades.set(tradeId, (legs = new Map<OrderId, TradeReport>()));
    const before = legs.get(orderId);
    if (before === undefined) {
      order.shares += size;
      order.cost += cost;
      order.fee += fee;
      order.firstFill ??= at - order.at;
    }
    if (status === "FAILED" && before?.status !== "FAILED") {
      const { size: counted, cost: paid, fee: charged } = before ?? report;
      order.shares -= counted;
      order.cost -= paid;
      order.fee -= charged;
      order.voided += counted;
    }
    if (before?.status !== "FAILED") legs.set(orderId, before === undefined ? report : { ...before, status });
  }
}
