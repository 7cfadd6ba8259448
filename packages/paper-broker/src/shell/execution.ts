import {
  NANOS_PER_MS,
  type CancelOutcome,
  type CancelTimer,
  type ChainAction,
  type ChainOutcome,
  type ChainReport,
  type Clock,
  type CoreEvent,
  type ExecutionAdapter,
  type ExecutionReport,
  type IntentId,
  type MarketId,
  type Nanos,
  type OrderId,
  type OrderReport,
  type PlaceOutcome,
  type PreparedOrder,
  type SettlementAdapter,
} from "@matchpoint/sdk";
import type { PaperBroker } from "../broker.ts";
import { ReportStream } from "./reportStream.ts";

/** A paper broker behind the contracts of a real venue, for shells that await instead of folding. */
export interface PaperExecution extends ExecutionAdapter {
  /** The chain side: merge, split and redeem. Its `reports` are the chain reports alone; those of the execution side hold all. */
  readonly settlement: SettlementAdapter;
  /** Tells the venue what happened in the world. Times are those of the clock given. */
  observe(event: CoreEvent): void;
  /** Stops the clock's timer. What is under way stays as it is. */
  close(): void;
}

/**
 * Wraps a paper broker: answers come when the clock says that they are due.
 *
 * @example
 * ```ts
 * import { SystemClock } from "@matchpoint/sdk";
 * import { createPaperBroker, paperExecution } from "@matchpoint/paper-broker";
 *
 * const venue = paperExecution(createPaperBroker({ runId: "example", seed: 1 }), new SystemClock());
 * console.log(await venue.fetchBalances());
 * venue.close();
 * ```
 */
export function paperExecution(broker: PaperBroker, clock: Clock): PaperExecution {
  return new PaperShell(broker, clock);
}

type Answer<T> = (outcome: T) => void;

class PaperShell implements PaperExecution {
  readonly capabilities;
  readonly settlement: SettlementAdapter;
  readonly #broker: PaperBroker;
  readonly #clock: Clock;
  readonly #all = new ReportStream<ExecutionReport>();
  readonly #chain = new ReportStream<ChainReport>();
  readonly #placing = new Map<OrderId, Answer<PlaceOutcome>[]>();
  readonly #canceling = new Map<OrderId, Answer<CancelOutcome>[]>();
  #timer: CancelTimer | undefined;
  /** Latest time handed to the broker: events may carry stamps of a moment ago, commands may not. */
  #latest = 0;

  constructor(broker: PaperBroker, clock: Clock) {
    this.#broker = broker;
    this.#clock = clock;
    this.capabilities = broker.capabilities;
    this.settlement = {
      submit: (action) => this.#submit(action),
      reports: (signal) => this.#chain.read(signal),
    };
  }

  prepare(...[intent, seq]: Parameters<ExecutionAdapter["prepare"]>): PreparedOrder {
    return this.#broker.prepare(intent, seq);
  }

  observe(event: CoreEvent): void {
    this.#latest = Math.max(this.#latest, event.at);
    this.#broker.observe(event);
    this.#arm();
  }

  placeOrder(order: PreparedOrder): Promise<PlaceOutcome> {
    const answer = answerTo(this.#placing, order.orderId);
    this.#broker.submit({ kind: "place", order }, this.#time());
    this.#arm();
    return answer;
  }

  cancelOrder(orderId: OrderId): Promise<CancelOutcome> {
    const answer = answerTo(this.#canceling, orderId);
    this.#broker.submit({ kind: "cancel", intentId: "" as IntentId, orderId }, this.#time());
    this.#arm();
    return answer;
  }

  cancelAll(scope?: MarketId): Promise<readonly CancelOutcome[]> {
    const open = this.#broker.view.openOrders(scope);
    return Promise.all(open.map((order) => this.cancelOrder(order.orderId)));
  }

  fetchOrder(orderId: OrderId): ReturnType<ExecutionAdapter["fetchOrder"]> {
    return Promise.resolve(this.#broker.view.order(orderId));
  }

  fetchOpenOrders(): ReturnType<ExecutionAdapter["fetchOpenOrders"]> {
    return Promise.resolve(this.#broker.view.openOrders());
  }

  fetchTrades(since?: string): ReturnType<ExecutionAdapter["fetchTrades"]> {
    const from = since === undefined ? 0 : Number(since);
    const { trades, next } = this.#broker.view.trades(Number.isSafeInteger(from) ? from : 0);
    return Promise.resolve({ trades, cursor: String(next) });
  }

  fetchPositions(): ReturnType<ExecutionAdapter["fetchPositions"]> {
    return Promise.resolve(this.#broker.view.positions());
  }

  fetchBalances(): ReturnType<ExecutionAdapter["fetchBalances"]> {
    return Promise.resolve(this.#broker.view.balances());
  }

  reports(signal: AbortSignal): AsyncIterable<ExecutionReport> {
    return this.#all.read(signal);
  }

  close(): void {
    this.#timer?.();
    this.#timer = undefined;
  }

  #submit(action: ChainAction): Promise<ChainOutcome> {
    if (this.#broker.view.chainStatus(action.actionId) !== undefined) {
      return Promise.resolve({ kind: "refused", detail: `action ${action.actionId} was sent before` });
    }
    this.#broker.submit({ kind: "chain", action }, this.#time());
    this.#arm();
    return Promise.resolve({ kind: "sent" });
  }

  #time(): Nanos {
    this.#latest = Math.max(this.#latest, this.#clock.monotonic());
    return this.#latest as Nanos;
  }

  /** Wakes up when the broker next does something; in whole ms, since clocks count no finer. */
  #arm(): void {
    this.close();
    const due = this.#broker.nextDue();
    if (due === undefined) return;
    const ms = Math.ceil((due - this.#clock.monotonic()) / NANOS_PER_MS);
    this.#timer = this.#clock.after(Math.max(0, ms), () => this.#pump());
  }

  #pump(): void {
    this.#broker.advance(this.#time(), (report) => this.#deliver(report));
    this.#arm();
  }

  #deliver(report: ExecutionReport): void {
    this.#all.push(report);
    if (report.type === "chain_report") this.#chain.push(report);
    if (report.type !== "order_report") return;
    const placed = placeOutcome(report);
    if (placed !== undefined) settleAll(this.#placing, report.orderId, placed);
    const canceled = cancelOutcome(report);
    if (canceled !== undefined) settleAll(this.#canceling, report.orderId, canceled);
  }
}

function answerTo<T>(waiting: Map<OrderId, Answer<T>[]>, orderId: OrderId): Promise<T> {
  return new Promise((resolve) => {
    const answers = waiting.get(orderId);
    if (answers === undefined) waiting.set(orderId, [resolve]);
    else answers.push(resolve);
  });
}

function settleAll<T>(waiting: Map<OrderId, Answer<T>[]>, orderId: OrderId, outcome: T): void {
  for (const answer of waiting.get(orderId) ?? []) answer(outcome);
  waiting.delete(orderId);
}

function placeOutcome(report: OrderReport): PlaceOutcome | undefined {
  const { status, code, detail } = report;
  if (status === "live" || status === "matched" || status === "delayed") return { kind: status };
  if (status !== "rejected") return undefined;
  return { kind: "rejected", code: code ?? "OTHER", ...(detail === undefined ? {} : { detail }) };
}

function cancelOutcome({ status, orderId, detail }: OrderReport): CancelOutcome | undefined {
  if (status === "canceled") return { kind: "canceled", orderId };
  if (status !== "cancel_refused") return undefined;
  return { kind: "not_canceled", orderId, reason: detail ?? "refused" };
}
