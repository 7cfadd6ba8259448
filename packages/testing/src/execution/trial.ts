import assert from "node:assert/strict";
import {
  id,
  OrderStore,
  type ActionId,
  type ChainAction,
  type ExecutionAdapter,
  type ExecutionReport,
  type Intent,
  type MarketDescription,
  type Nanos,
  type OrderReport,
  type OrderStatus,
  type PlaceOutcome,
  type PreparedOrder,
  type TradeReport,
  type Usdc,
} from "@matchpoint/sdk";
import { testMarket } from "../harness/index.ts";
import { fetched, latestTrades, reported } from "./accounting.ts";
import { inDollars, inShares, inTicks } from "./amounts.ts";
import type { ExecutionStage, ExecutionSubject } from "./subject.ts";
import { intentOf, type OrderWish } from "./wish.ts";

/** An order that a case has placed. */
export interface Placed {
  readonly intent: Intent;
  readonly order: PreparedOrder;
  readonly outcome: PlaceOutcome;
}

/** Dollars on the account of each case. */
export const COLLATERAL: Usdc = inDollars(1_000);
const STEP_MS = 50;

/** What cases ask an adapter. */
type Asked = Pick<
  ExecutionAdapter,
  | "placeOrder"
  | "cancelOrder"
  | "cancelAll"
  | "fetchOrder"
  | "fetchOpenOrders"
  | "fetchTrades"
  | "fetchPositions"
  | "fetchBalances"
>;

/** One case on a stage of its own: places orders, hears every report, and keeps the orders as a run would. */
export class Trial {
  readonly stage: ExecutionStage;
  /** The adapter's questions and cancels, each waited for while time passes. */
  readonly adapter: Asked;
  readonly market: MarketDescription = testMarket({ marketId: id("0x5f6501"), takerDelayMs: 0 }, false);
  readonly told: ExecutionReport[] = [];
  readonly store = new OrderStore();
  /** What the order machines found contradictory. */
  readonly contradictions: string[] = [];
  readonly #subject: ExecutionSubject;
  readonly #stop = new AbortController();
  /** Reports that came before the order was kept here: an adapter may be that fast. */
  readonly #early: ExecutionReport[] = [];
  readonly #said: unknown[] = [];
  #listening: Promise<void> = Promise.resolve();
  #failure: string | undefined;
  #seq = 0;

  constructor(subject: ExecutionSubject, stage: ExecutionStage) {
    this.#subject = subject;
    this.stage = stage;
    const { adapter } = stage;
    this.adapter = {
      placeOrder: (order) => this.within(adapter.placeOrder(order), "an answer to an order"),
      cancelOrder: (orderId) => this.within(adapter.cancelOrder(orderId), "an answer to a cancel"),
      cancelAll: (scope) => this.within(adapter.cancelAll(scope), "an answer to a cancel of all"),
      fetchOrder: (orderId) => this.within(adapter.fetchOrder(orderId), "an answer about an order"),
      fetchOpenOrders: () => this.within(adapter.fetchOpenOrders(), "a list of orders"),
      fetchTrades: (since) => this.within(adapter.fetchTrades(since), "a list of trades"),
      fetchPositions: () => this.within(adapter.fetchPositions(), "a list of positions"),
      fetchBalances: () => this.within(adapter.fetchBalances(), "an answer about the balance"),
    };
  }

  /** Plays a case, then holds the adapter's whole account against what was reported. */
  static async play(subject: ExecutionSubject, play: (trial: Trial) => Promise<void>): Promise<void> {
    const stage = await subject.open({ collateral: COLLATERAL });
    const trial = new Trial(subject, stage);
    try {
      trial.#listen();
      await stage.list(trial.market);
      await trial.book(
        [
          [0.48, 100],
          [0.47, 200],
        ],
        [
          [0.5, 100],
          [0.52, 200],
        ],
      );
      await play(trial);
      await trial.agrees();
      assert.deepEqual(trial.contradictions, [], "reports contradict each other");
      trial.#keepsSecrets();
    } finally {
      trial.#stop.abort();
      await stage.close();
      await trial.#listening;
    }
  }

  /** What others show, as `[dollars, shares]`, best first. */
  async book(
    bids: readonly (readonly [number, number])[],
    asks: readonly (readonly [number, number])[],
    marketId = this.market.marketId,
  ): Promise<void> {
    const levels = (side: typeof bids) =>
      side.map(([price, size]) => ({ price: inTicks(price), size: inShares(size) }));
    await this.stage.show(marketId, levels(bids), levels(asks));
  }

  /** Makes an order, as a run would have it before it is sent. */
  prepare(wish: OrderWish): { readonly intent: Intent; readonly order: PreparedOrder } {
    const seq = this.#seq++;
    const intent = intentOf(wish, this.market.marketId, seq, this.#now());
    const order = this.stage.adapter.prepare(intent, seq);
    const at = this.#now();
    this.store.create(intent, at);
    this.store.prepared({
      type: "order_prepared",
      intentId: intent.intentId,
      orderId: order.orderId,
      at,
      receivedAt: this.stage.clock.wall(),
    });
    for (const report of this.#early.splice(0)) this.#hear(report);
    return { intent, order };
  }

  /** Sends a prepared order and keeps what the answer says of it. */
  async send({ intent, order }: { readonly intent: Intent; readonly order: PreparedOrder }): Promise<Placed> {
    this.stage.adapter.presign?.(order);
    this.#report(order, "sent");
    const outcome = await this.adapter.placeOrder(order);
    this.#said.push(outcome);
    if (outcome.kind === "unknown") this.#report(order, "unknown");
    else if (outcome.kind === "rejected") this.#report(order, "rejected", outcome);
    else this.#report(order, outcome.kind);
    return { intent, order, outcome };
  }

  place(wish: OrderWish): Promise<Placed> {
    return this.send(this.prepare(wish));
  }

  /** Places an order and demands that it is taken. */
  async placed(wish: OrderWish, ...kinds: PlaceOutcome["kind"][]): Promise<Placed> {
    const placed = await this.place(wish);
    const allowed = kinds.length === 0 ? ["live", "matched"] : kinds;
    assert.ok(
      allowed.includes(placed.outcome.kind),
      `the order was answered with ${JSON.stringify(placed.outcome)}, not ${allowed.join(" or ")}`,
    );
    return placed;
  }

  /** Places an order and demands that it is refused for this reason, and that nothing comes of it. */
  async refused(wish: OrderWish, ...codes: string[]): Promise<void> {
    const { outcome, order } = await this.place(wish);
    if (outcome.kind !== "rejected") assert.fail(`the order was answered with ${JSON.stringify(outcome)}`);
    assert.ok(
      codes.includes(outcome.code),
      `refused as ${outcome.code} (${outcome.detail ?? ""}), not ${codes.join(" or ")}`,
    );
    assert.equal(this.store.byOrderId(order.orderId)?.matched, 0);
  }

  async cancel({ order }: Placed): ReturnType<ExecutionStage["adapter"]["cancelOrder"]> {
    this.store.requestCancel(order.intent.intentId, this.#now());
    const outcome = await this.within(this.stage.adapter.cancelOrder(order.orderId), "an answer to a cancel");
    this.#said.push(outcome);
    if (outcome.kind === "canceled") this.#report(order, "canceled");
    else if (outcome.kind === "not_canceled") this.#report(order, "cancel_refused");
    else this.#report(order, "unknown");
    return outcome;
  }

  /** A look has not found an order. */
  absent({ order }: Placed): void {
    this.#report(order, "absent");
  }

  status({ order }: Pick<Placed, "order">): OrderStatus {
    return this.store.byOrderId(order.orderId)!.status;
  }

  /** An order's trades as they were last reported, in the order of their first reports. */
  trades({ order }: Pick<Placed, "order">): readonly TradeReport[] {
    return latestTrades(this.told, this.store).filter(({ orderId }) => orderId === order.orderId);
  }

  /** Shares matched by an order's trades that have not failed, in shares. */
  matched(placed: Pick<Placed, "order">): number {
    return this.store.byOrderId(placed.order.orderId)!.matched / 1_000_000;
  }

  /** Waits until something is so. @throws when it is not within the subject's patience */
  async until(
    what: string,
    check: () => boolean | Promise<boolean>,
    ms = this.#subject.patienceMs ?? 30_000,
  ): Promise<void> {
    const end = this.#now() + ms * 1_000_000;
    for (;;) {
      assert.equal(this.#failure, undefined, "the reports have failed");
      if (await check()) return;
      assert.ok(
        this.#now() < end,
        `it was not so within ${ms} ms that ${what}; told: ${JSON.stringify(this.told.slice(-12))}`,
      );
      await this.stage.wait(STEP_MS);
    }
  }

  /** Lets time pass while something is awaited. */
  async within<T>(promise: Promise<T>, what: string): Promise<T> {
    let result: { readonly value: T } | undefined;
    let failure: { readonly error: unknown } | undefined;
    promise.then(
      (value) => (result = { value }),
      (error: unknown) => (failure = { error }),
    );
    await this.until(`there is ${what}`, () => result !== undefined || failure !== undefined);
    if (failure !== undefined) assert.fail(`${what} failed: ${String(failure.error)}`);
    return result!.value;
  }

  /** Waits until what the adapter fetches of the account is what its reports add up to, to the micro-dollar. */
  async agrees(): Promise<void> {
    const { adapter } = this.stage;
    let difference = "";
    await this.until("the account is what was reported", async () => {
      try {
        const expected = reported(this.told, this.store, this.actions, COLLATERAL);
        const actual = await this.within(fetched(adapter), "an answer about the account");
        difference = JSON.stringify({ expected, actual });
        return JSON.stringify(expected) === JSON.stringify(actual);
      } catch {
        return false;
      }
    }).catch((error: unknown) => {
      assert.fail(`${String(error)}\nthe account: ${difference}`);
    });
  }

  #listen(): void {
    this.#listening = (async () => {
      for await (const report of this.stage.adapter.reports(this.#stop.signal)) this.#hear(report);
    })().catch((error: unknown) => {
      this.#failure = String(error);
    });
  }

  #hear(report: ExecutionReport): void {
    if (
      (report.type === "order_report" || report.type === "trade_report") &&
      this.store.ownership(report.orderId) === "foreign"
    ) {
      this.#early.push(report);
      return;
    }
    this.told.push(report);
    if (report.type === "order_report") this.#take(report);
    if (report.type === "trade_report") {
      const { illegal } = this.store.trade(report);
      if (illegal !== undefined) this.contradictions.push(illegal);
    }
  }

  #report(order: PreparedOrder, status: OrderReport["status"], rest: Partial<OrderReport> = {}): void {
    const { code, detail } = rest;
    this.#take({
      type: "order_report",
      orderId: order.orderId,
      status,
      ...(code === undefined ? {} : { code }),
      ...(detail === undefined ? {} : { detail }),
      at: this.#now(),
      receivedAt: this.stage.clock.wall(),
    });
  }

  #take(report: OrderReport): void {
    const { illegal } = this.store.report(report);
    if (illegal !== undefined) this.contradictions.push(`${report.orderId}: ${illegal}`);
  }

  /** Chain actions that a case has sent, by id. */
  readonly actions = new Map<string, ChainAction>();

  /** Sends a chain action and waits until it is over; tells how it ended. */
  async act(kind: "merge" | "split" | "redeem", shares: readonly [number, number]): Promise<string> {
    const { settlement } = this.stage;
    assert.ok(settlement !== undefined, "the stage has no chain");
    const actionId = `trial-${kind}-${this.actions.size}`;
    const action: ChainAction = {
      actionId: id<ActionId>(actionId),
      kind,
      marketId: this.market.marketId,
      amounts: [inShares(shares[0]), inShares(shares[1])],
    };
    this.actions.set(actionId, action);
    const outcome = await this.within(settlement.submit(action), "an answer to a chain action");
    if (outcome.kind === "refused") return "refused";
    let end = "";
    await this.until("the chain action is over", () => {
      const over = this.told.find(
        (report) =>
          report.type === "chain_report" &&
          report.actionId === actionId &&
          (report.status === "FINAL" || report.status === "REVERTED"),
      );
      if (over?.type === "chain_report") end = over.status;
      return end !== "";
    });
    return end;
  }

  #keepsSecrets(): void {
    const text = JSON.stringify([this.told, this.#said.map(plain)]);
    for (const secret of this.#subject.secrets ?? [])
      assert.ok(!text.includes(secret), "what the adapter says holds a secret");
  }

  #now(): Nanos {
    return this.stage.clock.monotonic();
  }
}

/** An outcome with its error spelled out, causes included. */
function plain(said: unknown): unknown {
  if (typeof said !== "object" || said === null || !("cause" in said)) return said;
  const { cause } = said;
  return cause instanceof Error
    ? { ...said, cause: [cause.message, cause.stack, plain(cause), Object.entries(cause)] }
    : said;
}
