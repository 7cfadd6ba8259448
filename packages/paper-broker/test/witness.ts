import {
  ChainStore,
  Ledger,
  OrderStore,
  type ChainAction,
  type ExecutionReport,
  type Nanos,
  type PreparedOrder,
  type Usdc,
} from "@matchpoint/sdk";

/** What was handed over, and when. */
export interface Command {
  readonly order?: PreparedOrder;
  readonly action?: ChainAction;
  readonly at: Nanos;
}

/** The SDK's own books of one account, fed with nothing but what was handed over and what the paper venue says. */
export class Witness {
  readonly orders = new OrderStore();
  readonly chain = new ChainStore();
  readonly ledger = new Ledger();
  readonly illegal: string[] = [];
  #seen = 0;

  constructor(dollars: Usdc) {
    this.ledger.deposit(dollars, 0 as never);
  }

  /** @param commands those since the last call; @param reports all so far */
  read(commands: readonly Command[], reports: readonly ExecutionReport[]): void {
    for (const { order, action, at } of commands) {
      if (order !== undefined) {
        this.orders.create(order.intent, at);
        this.orders.prepared({
          type: "order_prepared",
          at,
          receivedAt: 0 as never,
          intentId: order.intent.intentId,
          orderId: order.orderId,
        });
      }
      if (action !== undefined) this.chain.create(action, at);
    }
    for (const report of reports.slice(this.#seen)) {
      if (report.type === "order_report") this.#note(this.orders.report(report).illegal);
      if (report.type === "trade_report") {
        const change = this.orders.trade(report);
        this.#note(change.illegal);
        this.ledger.trade(change, report.at);
      }
      if (report.type === "chain_report") {
        const change = this.chain.report(report);
        this.#note(change.illegal);
        if (change.applied && change.to === "FINAL")
          this.ledger.chain(change.action!, change.proceeds!, report.at);
      }
    }
    this.#seen = reports.length;
  }

  #note(illegal: string | undefined): void {
    if (illegal !== undefined) this.illegal.push(illegal);
  }
}
