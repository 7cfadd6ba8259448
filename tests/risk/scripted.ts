import {
  AccountRebuilder,
  checkEvent,
  createRuntime,
  id,
  parseConfig,
  Strategy,
  type BookContext,
  type BotConfigInput,
  type Capabilities,
  type CoreEvent,
  type Effect,
  type ExecutionCommand,
  type ExecutionFold,
  type ExecutionReport,
  type HaltContext,
  type Intent,
  type IntentId,
  type MarketId,
  type Nanos,
  type OperatorCommand,
  type OrderContext,
  type OrderId,
  type OrderReport,
  type OrderRequest,
  type Price,
  type RebuiltAccount,
  type Runtime,
  type Shares,
  type StrategyContext,
  type StrategyUse,
  type TradeReport,
  type Usdc,
} from "@matchpoint/sdk";
import { z } from "zod";
import { STARTS_AT, Tape } from "../runtime/tape.ts";

const ALL: Capabilities = {
  orderTypes: ["FAK", "FOK", "GTC", "GTD"],
  postOnly: true,
  merge: false,
  split: false,
};

type Told = ExecutionReport extends infer Each
  ? Each extends ExecutionReport
    ? Omit<Each, "at" | "receivedAt">
    : never
  : never;

/** A venue that does nothing by itself: what it says is what the test has it say. */
export class ScriptedVenue implements ExecutionFold {
  readonly capabilities: Capabilities;
  readonly sent: ExecutionCommand[] = [];
  readonly intents = new Map<OrderId, Intent>();
  readonly #runId: string;
  #said: Told[] = [];
  #at = 0;

  constructor(runId: string, capabilities: Partial<Capabilities> = {}) {
    this.#runId = runId;
    this.capabilities = { ...ALL, ...capabilities };
  }

  say(report: Told, at: number): void {
    this.#said.push(report);
    this.#at = at;
  }
  prepare(intent: Intent, seq: number): never {
    const orderId = id<OrderId>(`${this.#runId}-${seq}`);
    this.intents.set(orderId, intent);
    return { intent, orderId, payload: undefined } as never;
  }
  submit(command: ExecutionCommand): void {
    this.sent.push(command);
  }
  observe(): void {
    // The outside world is none of its business.
  }
  nextDue(): Nanos | undefined {
    return this.#said.length === 0 ? undefined : (this.#at as Nanos);
  }
  advance(_to: Nanos, emit: (report: ExecutionReport) => void): void {
    const said = this.#said;
    this.#said = [];
    const stamp = { at: this.#at, receivedAt: STARTS_AT + this.#at / 1_000_000 };
    for (const each of said) emit({ ...each, ...stamp } as never);
  }
}

/** What a scripted strategy does on each book: whatever the test says at that moment. */
export type Act = (ctx: StrategyContext) => void;
export interface Script {
  act: Act | undefined;
  readonly hooks: string[];
}

/** A strategy that does what a test has it do. */
export class Scripted extends Strategy<typeof Scripted.params> {
  static readonly id = "scripted";
  static readonly posture = "directional";
  static readonly params = z.custom<Script>();
  override onStart(): void {
    this.params.hooks.push("start");
  }
  override onBook(ctx: BookContext): void {
    this.params.hooks.push("book");
    this.params.act?.(ctx);
  }
  override onOrder(ctx: OrderContext): void {
    this.params.hooks.push(`order ${ctx.order.status}`);
  }
  override onFill(): void {
    this.params.hooks.push("fill");
  }
  override onHalt(ctx: HaltContext): void {
    this.params.hooks.push(`halt ${ctx.causes.join(",")}`);
  }
  override onResume(): void {
    this.params.hooks.push("resume");
  }
}

export const cents = (price: number): Price => (price * 100) as Price;
export const shares = (amount: number): Shares => (amount * 1_000_000) as Shares;

/** A resting buy of ten shares at 40 cents, or what the test makes of it. */
export const request = (over: Partial<OrderRequest> = {}): OrderRequest => ({
  outcome: 0,
  limit: cents(40),
  size: shares(10),
  orderType: "GTC",
  ...over,
});

/** A live run on a scripted venue, with everything that it journals. */
export class RiskRun {
  readonly venue: ScriptedVenue;
  readonly runtime: Runtime;
  readonly tape: Tape;
  readonly log: CoreEvent[] = [];
  /** Beside each event of the log, the hash of what it led to. */
  readonly hashes: (string | undefined)[] = [];
  readonly effects: Effect[] = [];
  readonly scripts: readonly Script[];
  #ms = 0;
  readonly #startsAt: number;

  constructor(
    options: {
      readonly risk?: BotConfigInput["risk"];
      readonly engine?: BotConfigInput["engine"];
      readonly runId?: string;
      readonly strategies?: number;
      /** In place of scripted ones. */
      readonly use?: StrategyUse;
      readonly capabilities?: Partial<Capabilities>;
      readonly carried?: RebuiltAccount;
      readonly startsAt?: number;
    } = {},
  ) {
    const { runId = "first", carried } = options;
    this.venue = new ScriptedVenue(runId, options.capabilities);
    this.scripts = Array.from({ length: options.strategies ?? 1 }, () => ({ act: undefined, hooks: [] }));
    const strategies = this.scripts.map((script, i): StrategyUse => ({
      use: Scripted,
      name: `s${i}`,
      params: script,
    }));
    this.runtime = createRuntime({
      config: parseConfig({
        risk: { resolution_filter: "off", max_book_age_ms: 0, ...options.risk },
        ...(options.engine === undefined ? {} : { engine: options.engine }),
      }),
      strategies: options.use === undefined ? strategies : [options.use],
      execution: this.venue,
      runId,
      mode: "live",
      collateral: 1_000_000_000 as Usdc,
      startsAt: options.startsAt ?? STARTS_AT,
      ...(carried === undefined ? {} : { carried }),
      journal: {
        append: (event, hash) => {
          this.log.push(checkEvent(JSON.parse(JSON.stringify(event))));
          this.hashes.push(hash);
        },
      },
    });
    this.runtime.on("step", (_event, made) => this.effects.push(...made));
    this.#startsAt = options.startsAt ?? STARTS_AT;
    this.tape = new Tape(this.runtime, this.#startsAt);
  }

  get core(): Runtime["core"] {
    return this.runtime.core;
  }
  get script(): Script {
    return this.scripts[0]!;
  }
  /** Virtual time so far, in ms. */
  get ms(): number {
    return this.#ms;
  }

  wait(ms: number): this {
    this.#ms += ms;
    this.tape.wait(ms);
    return this;
  }

  /** A book, on which the strategies act. */
  book(bid = 47, ask = 53, marketId = "m1"): this {
    this.wait(1);
    this.tape.book([[bid, 5_000]], [[ask, 5_000]], marketId);
    return this;
  }

  /** Has a strategy do something on one book of a market. */
  act(act: Act, marketId = "m1", which = 0): this {
    this.scripts[which]!.act = (ctx) => {
      if (ctx.market.marketId === marketId) act(ctx);
    };
    this.book(47, 53, marketId);
    this.scripts[which]!.act = undefined;
    return this;
  }

  /** Has it place orders, and tells their ids at the venue. */
  place(...requests: readonly Partial<OrderRequest>[]): readonly OrderId[] {
    return this.placeIn("m1", ...requests);
  }
  placeIn(marketId: string, ...requests: readonly Partial<OrderRequest>[]): readonly OrderId[] {
    const before = this.venue.sent.length;
    this.act((ctx) => {
      for (const over of requests) ctx.buy(request(over));
    }, marketId);
    return this.venue.sent
      .slice(before)
      .flatMap((command) => (command.kind === "place" ? [command.order.orderId] : []));
  }

  report(orderId: OrderId, status: OrderReport["status"], more: Partial<OrderReport> = {}): this {
    this.wait(1);
    this.venue.say({ type: "order_report", orderId, status, ...more } as never, this.#ms * 1_000_000);
    this.wait(0);
    return this;
  }

  /** A trade of an order, at its limit or a price in cents. */
  trade(
    orderId: OrderId,
    tradeId: string,
    status: TradeReport["status"],
    over: { readonly size?: number; readonly at?: number } = {},
  ): this {
    const intent = this.venue.intents.get(orderId)!;
    const size = over.size === undefined ? intent.size : shares(over.size);
    const price = over.at === undefined ? intent.limit : cents(over.at);
    const cost = Math.round((size * price) / 10_000);
    const { marketId, outcome, side } = intent;
    this.wait(1);
    this.venue.say(
      {
        type: "trade_report",
        tradeId: id(tradeId),
        orderId,
        marketId,
        outcome,
        side,
        price,
        size,
        cost: cost as Usdc,
        fee: 0 as Usdc,
        liquidity: "maker",
        status,
      },
      this.#ms * 1_000_000,
    );
    this.wait(0);
    return this;
  }

  operate(command: OperatorCommand): this {
    this.wait(1);
    this.tape.offer({ type: "operator", operator: "test", command });
    return this;
  }

  /** The account is compared with the venue's, and agrees. */
  compared(): this {
    this.wait(1).tape.offer({ type: "reconciled", agrees: true, differences: [] });
    return this;
  }

  causes(marketId = "m1"): readonly string[] {
    return [...this.core.market(id<MarketId>(marketId))!.trading.causes];
  }
  alarms(): readonly string[] {
    return this.effects.flatMap((effect) => (effect.type === "alarm" ? [effect.code] : []));
  }
  /** The last alarm's words. */
  alarm(): string {
    return this.effects.findLast((effect) => effect.type === "alarm")!.message;
  }
  denials(): readonly string[] {
    return this.effects.flatMap((effect) => (effect.type === "denied" ? [effect.code] : []));
  }
  cancelled(): readonly IntentId[] {
    return this.venue.sent.flatMap((command) => (command.kind === "cancel" ? [command.intentId] : []));
  }

  /** The account as the journal has it, for a run that begins so long after this one's last event. */
  rebuilt(laterMs = 1_000): RebuiltAccount {
    const rebuilder = new AccountRebuilder();
    for (const event of this.log) rebuilder.take(event);
    return rebuilder.account(this.#startsAt + this.#ms + laterMs);
  }

  /** Killed, and started again: a run that knows nothing but the journal, recovered and with the same market. */
  restarted(
    laterMs = 1_000,
    options: Omit<NonNullable<ConstructorParameters<typeof RiskRun>[0]>, "carried" | "startsAt"> = {},
    markets: (run: RiskRun) => void = () => undefined,
  ): RiskRun {
    const next = new RiskRun({
      runId: "next",
      ...options,
      carried: this.rebuilt(laterMs),
      startsAt: this.#startsAt + this.#ms + laterMs,
    });
    markets(next);
    next.wait(1).tape.offer({
      type: "adopted",
      reason: "restart",
      evidence: "test",
      what: { kind: "complete" },
    });
    return next;
  }
}
