import {
  feeSchedule,
  id,
  LADDER,
  NANOS_PER_MS,
  type ActionId,
  type ChainAction,
  type ChainReport,
  type CoreEvent,
  type ExecutionReport,
  type FeeSchedule,
  type Intent,
  type IntentId,
  type MarketDescription,
  type MarketId,
  type MarketTrade,
  type Millis,
  type Nanos,
  type OrderId,
  type OrderReport,
  type Outcome,
  type PreparedOrder,
  type Price,
  type Shares,
  type Side,
  type StrategyId,
  type TokenId,
  type TradeReport,
  type Usdc,
} from "@matchpoint/sdk";
import { createPaperBroker, type PaperBroker, type PaperBrokerOptions } from "@matchpoint/paper-broker";

export const WALL = 1_780_000_000_000;
export const MARKET = id<MarketId>("0xm1");
export const FREE: FeeSchedule = feeSchedule(0, 1, true);
export const SPORTS: FeeSchedule = feeSchedule(50_000, 1, true);
export const SHARE = 1_000_000;
export const DOLLAR = 1_000_000;

/** A price in cents. */
export const cents = (value: number): Price => Math.round(value * 100) as Price;
export const sh = (value: number): Shares => Math.round(value * SHARE) as Shares;
export const usd = (value: number): Usdc => Math.round(value * DOLLAR) as Usdc;

export function market(over: Partial<MarketDescription> = {}): MarketDescription {
  return {
    marketId: MARKET,
    title: "T1 vs Gen.G",
    outcomes: [
      { tokenId: id<TokenId>("1"), name: "T1" },
      { tokenId: id<TokenId>("2"), name: "Gen.G" },
    ],
    tick: 100 as Price,
    minSize: sh(5),
    fee: FREE,
    takerDelayMs: 0,
    mirrored: true,
    negRisk: false,
    acceptingOrders: true,
    clearBookOnStart: false,
    ...over,
  };
}

/** Levels as `[price in cents, shares]`, of outcome 0. */
export type Side0 = readonly (readonly [number, number])[];

/** Drives a broker like the runtime does and keeps every report. */
export class Harness {
  readonly broker: PaperBroker;
  readonly reports: ExecutionReport[] = [];
  /** What was handed over, for those who keep books of their own. */
  readonly commands: { readonly order?: PreparedOrder; readonly action?: ChainAction; readonly at: Nanos }[] =
    [];
  now = 0;
  #seq = 0;
  #lazy = false;

  constructor(options: Partial<PaperBrokerOptions> = {}, listed: MarketDescription | null = market()) {
    this.broker = createPaperBroker({
      runId: "run",
      seed: 7,
      realism: "off",
      fill_model: "worst_queue",
      ...options,
    });
    if (listed !== null) this.event({ type: "market_listed", market: listed });
  }

  stamp(): { at: Nanos; receivedAt: Millis } {
    return { at: (this.now * NANOS_PER_MS) as Nanos, receivedAt: (WALL + Math.floor(this.now)) as Millis };
  }

  /** From now on moves the broker's clock only where time is let pass, and then at once. */
  lazily(): this {
    this.#lazy = true;
    return this;
  }

  /** Goes on where another one is, with a broker of its own. */
  resume(other: Harness): this {
    this.reports.push(...other.reports);
    this.now = other.now;
    this.#seq = other.#seq;
    return this;
  }

  /** Lets time pass to `ms`, as the runtime does: step by step along what is due. */
  to(ms: number): this {
    const until = ms * NANOS_PER_MS;
    if (this.#lazy) {
      if (ms > this.now + 20_000) this.broker.advance(until as Nanos, (report) => this.reports.push(report));
      this.now = ms;
      return this;
    }
    for (;;) {
      const due = this.broker.nextDue();
      if (due === undefined || due > until) break;
      this.broker.advance(due, (report) => this.reports.push(report));
    }
    this.now = ms;
    return this;
  }

  /** Lets `ms` pass. */
  wait(ms: number): this {
    return this.to(this.now + ms);
  }

  event(event: Record<string, unknown> & { type: CoreEvent["type"] }): this {
    this.to(this.now);
    const stamped = { ...event, ...this.stamp() } as unknown as CoreEvent;
    this.broker.observe(stamped);
    return this;
  }

  book(bids: Side0, asks: Side0, marketId = MARKET): this {
    return this.event({
      type: "book_snapshot",
      marketId,
      outcome: 0,
      levels: levels(bids, asks),
      synthetic: false,
    });
  }

  delta(bids: Side0, asks: Side0, marketId = MARKET): this {
    return this.event({ type: "book_delta", marketId, levels: levels(bids, asks), bestBid: -1, bestAsk: -1 });
  }

  print(side: Side, price: number, size: number, outcome: Outcome = 0): this {
    const trade: Partial<MarketTrade> = {
      type: "market_trade",
      marketId: MARKET,
      outcome,
      side,
      price: cents(price),
      size: sh(size),
    };
    return this.event(trade as never);
  }

  /** Hands over an order now; returns its id. */
  place(over: Partial<Intent>): OrderId {
    this.to(this.now);
    const order = this.broker.prepare(intent(this.#seq, over), this.#seq++);
    this.commands.push({ order, at: this.stamp().at });
    this.broker.submit({ kind: "place", order }, this.stamp().at);
    return order.orderId;
  }

  /** Hands over an order and waits until its answer is here (before anything is mined). */
  placed(over: Partial<Intent>): OrderId {
    const orderId = this.place(over);
    this.wait(200);
    return orderId;
  }

  cancel(orderId: OrderId): this {
    this.to(this.now);
    this.broker.submit({ kind: "cancel", intentId: id<IntentId>("x"), orderId }, this.stamp().at);
    return this;
  }

  chain(
    kind: ChainAction["kind"],
    amounts: readonly [number, number],
    actionId = `chain-${this.#seq++}`,
  ): ActionId {
    this.to(this.now);
    const action: ChainAction = {
      actionId: id<ActionId>(actionId),
      kind,
      marketId: MARKET,
      amounts: [sh(amounts[0]), sh(amounts[1])],
    };
    this.commands.push({ action, at: this.stamp().at });
    this.broker.submit({ kind: "chain", action }, this.stamp().at);
    return action.actionId;
  }

  /** Buys shares of an outcome from the book and waits until they are confirmed. */
  own(outcome: Outcome, size: number, price: number): this {
    const own = cents(price);
    const level = [[price, size]] as const;
    if (outcome === 0) this.book([], level);
    else this.book([[100 - price, size]], []);
    this.place({ outcome, limit: own, size: sh(size), orderType: "GTC" });
    this.wait(12_000);
    return this.book([], []);
  }

  of(orderId: OrderId): OrderReport[] {
    return this.reports.filter(
      (each): each is OrderReport => each.type === "order_report" && each.orderId === orderId,
    );
  }

  statuses(orderId: OrderId): string[] {
    return this.of(orderId).map((each) =>
      each.code === undefined ? each.status : `${each.status}:${each.code}`,
    );
  }

  trades(orderId?: OrderId, status: TradeReport["status"] = "MATCHED"): TradeReport[] {
    return this.reports.filter(
      (each): each is TradeReport =>
        each.type === "trade_report" &&
        each.status === status &&
        (orderId === undefined || each.orderId === orderId),
    );
  }

  filled(orderId: OrderId): number {
    return this.trades(orderId).reduce((sum, trade) => sum + trade.size, 0) / SHARE;
  }

  chainReports(actionId: ActionId): ChainReport[] {
    return this.reports.filter(
      (each): each is ChainReport => each.type === "chain_report" && each.actionId === actionId,
    );
  }

  held(outcome: Outcome): number {
    const found = this.broker.view.positions().find((each) => each.outcome === outcome);
    return (found?.matched ?? 0) / SHARE;
  }

  cash(): number {
    return this.broker.view.balances().collateral / DOLLAR;
  }
}

export function levels(bids: Side0, asks: Side0): number[] {
  const flat: number[] = [];
  for (const [price, size] of bids) flat.push(LADDER.BID_0, cents(price), sh(size));
  for (const [price, size] of asks) flat.push(LADDER.ASK_0, cents(price), sh(size));
  return flat;
}

export { id };

/** A GTC buy of 10 shares of outcome 0 at 50 cents, unless told otherwise. A FAK or FOK buy spends `size * limit`. */
export function intent(seq: number, over: Partial<Intent> = {}): Intent {
  const made: Intent = {
    intentId: id<IntentId>(`test-${seq}`),
    strategyId: id<StrategyId>("test"),
    marketId: MARKET,
    outcome: 0,
    side: "buy",
    orderType: "GTC",
    postOnly: false,
    limit: cents(50),
    size: sh(10),
    purpose: "entry",
    reason: "test",
    ...over,
  };
  const spends = made.side === "buy" && (made.orderType === "FAK" || made.orderType === "FOK");
  if (!spends || "spend" in over) return made;
  const spend = Math.floor((made.size * made.limit) / 10_000 / 10_000) * 10_000;
  return { ...made, spend: spend as Usdc };
}
