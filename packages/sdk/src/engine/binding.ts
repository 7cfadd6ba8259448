import type { BookView } from "../book/index.ts";
import { MatchpointError } from "../errors.ts";
import type { MarketDescription, Outcome } from "../events/index.ts";
import type { IntentId, StrategyId } from "../ids.ts";
import type { Order } from "../orders/index.ts";
import type { HaltCause, Position, TradingStatus } from "../state/index.ts";
import type {
  MarketTruth,
  OrderRequest,
  OrderView,
  Quote,
  SiblingMarket,
  Strategy,
  StrategyClass,
  StrategyContext,
} from "../strategy/index.ts";
import type { Halt } from "../trading/index.ts";
import type { Millis, Nanos, Price, Shares, Usdc } from "../units/index.ts";
import type { KellyBasis } from "./kellyShares.ts";
import type { MarketEntry } from "./marketEntry.ts";
import { SkipTable } from "./skips.ts";
import { readText } from "./handedOver.ts";

/** A strategy of the run: its class, its one instance, and the id that its orders carry. */
export interface StrategySpec {
  readonly id: StrategyId;
  readonly use: StrategyClass;
  readonly strategy: Strategy;
  /** Whether its entries rest on match truth. */
  readonly truthDriven: boolean;
  /** Which markets it is given; absent: all. */
  readonly accepts?: (market: MarketDescription) => boolean;
}

/** What a binding needs of the core. */
export interface BindingHost {
  readonly now: Nanos;
  readonly wall: Millis;
  /** What part of its usual size an entry may have. */
  readonly riskScale: number;
  cashAvailable(): Usdc;
  positionOf(binding: Binding, outcome: Outcome): Position;
  siblingsOf(binding: Binding): readonly Binding[];
  submit(binding: Binding, side: "buy" | "sell", request: OrderRequest): IntentId;
  requestCancel(binding: Binding, intentId: IntentId, reason: string): void;
  kellySize(entry: MarketEntry, p: number, price: Price, fraction: number, maxUsdc: Usdc | undefined): Shares;
  /** What such a size is reckoned from, beside the market and the cash. */
  kellyBasis(): Pick<KellyBasis, "bankroll" | "maxOrderUsdc">;
  setStrategyTimer(binding: Binding, name: string, ms: number): void;
  clearStrategyTimer(binding: Binding, name: string): void;
}

/** An order as its strategy sees it: a window on the live order. */
export class LiveOrderView implements OrderView {
  readonly order: Order;
  constructor(order: Order) {
    this.order = order;
  }
  get intentId(): OrderView["intentId"] {
    return this.order.intent.intentId;
  }
  get orderId(): OrderView["orderId"] {
    return this.order.orderId;
  }
  get outcome(): OrderView["outcome"] {
    return this.order.intent.outcome;
  }
  get side(): OrderView["side"] {
    return this.order.intent.side;
  }
  get orderType(): OrderView["orderType"] {
    return this.order.intent.orderType;
  }
  get postOnly(): boolean {
    return this.order.intent.postOnly;
  }
  get limit(): OrderView["limit"] {
    return this.order.intent.limit;
  }
  get size(): OrderView["size"] {
    return this.order.intent.size;
  }
  get matched(): OrderView["matched"] {
    return this.order.matched;
  }
  get status(): OrderView["status"] {
    return this.order.status;
  }
  get purpose(): OrderView["purpose"] {
    return this.order.intent.purpose;
  }
  get reason(): OrderView["reason"] {
    return this.order.intent.reason;
  }
  get placedAt(): OrderView["placedAt"] {
    return this.order.createdAt;
  }
}

const DEFAULT_KELLY = 0.25;

/**
 * One strategy in one market: the context that its hooks are given. Hooks with more to say get an object whose prototype
 * is this one, so its members are plain fields and getters (private `#` fields would not be found through a prototype).
 */
export class Binding implements StrategyContext {
  readonly spec: StrategySpec;
  readonly entry: MarketEntry;
  readonly state: unknown;
  readonly skips: SkipTable = new SkipTable();
  readonly host: BindingHost;
  /** Names of its timers that are set and not yet due. */
  readonly timers = new Set<string>();
  /** Whether its first hook has been called. */
  started = false;
  /** Open orders of this strategy here, oldest first; the list is replaced, never changed in place. */
  private readonly open: { views: readonly LiveOrderView[] } = { views: [] };
  /** See {@link Binding.prototypeOfContexts}. */
  private twin: Binding | undefined = undefined;

  constructor(host: BindingHost, entry: MarketEntry, spec: StrategySpec, state: unknown) {
    this.host = host;
    this.entry = entry;
    this.spec = spec;
    this.state = state;
  }

  get now(): Nanos {
    return this.host.now;
  }
  get wall(): Millis {
    return this.host.wall;
  }
  get market(): MarketDescription {
    return this.entry.market;
  }
  get book(): BookView {
    return this.entry.book;
  }
  get truth(): MarketTruth | undefined {
    return this.entry.truth;
  }
  get status(): TradingStatus {
    return this.entry.trading.status;
  }
  get haltCauses(): readonly HaltCause[] {
    return [...this.entry.trading.causes];
  }
  get halts(): readonly Halt[] {
    return this.entry.trading.halts;
  }
  get riskScale(): number {
    return this.host.riskScale;
  }
  get cash(): Usdc {
    return this.host.cashAvailable();
  }
  quote(outcome: Outcome): Quote {
    return this.entry.quotes[outcome];
  }
  position(outcome: Outcome): Position {
    return this.host.positionOf(this, outcome);
  }
  siblings(): readonly SiblingMarket[] {
    return this.host.siblingsOf(this);
  }
  orders(): readonly OrderView[] {
    return this.open.views;
  }
  kelly(options: {
    readonly p: number;
    readonly price: Price;
    readonly fraction?: number;
    readonly maxUsdc?: Usdc;
  }): Shares {
    return this.host.kellySize(
      this.entry,
      options.p,
      options.price,
      options.fraction ?? DEFAULT_KELLY,
      options.maxUsdc,
    );
  }
  buy(request: OrderRequest): IntentId {
    return this.host.submit(this.bindingOf(), "buy", request);
  }
  sell(request: OrderRequest): IntentId {
    return this.host.submit(this.bindingOf(), "sell", request);
  }
  cancel(order: IntentId): void {
    if (this.open.views.some((view) => view.intentId === order))
      this.host.requestCancel(this, order, "strategy");
  }
  cancelAll(reason: string): void {
    const why = readText(reason, "the reason of ctx.cancelAll", "Say why: a short text.");
    for (const view of this.open.views) this.host.requestCancel(this, view.intentId, why);
  }
  skip(reason: string, data?: Readonly<Record<string, unknown>>): void {
    if (typeof (reason as unknown) !== "string" || reason === "") {
      throw new MatchpointError("STRATEGY_FAULT", "ctx.skip was called without a reason", {
        hint: "Say why nothing was done: a short text, the same each time.",
      });
    }
    this.skips.add(reason, data);
  }
  after(ms: number, name: string): void {
    this.host.setStrategyTimer(this.bindingOf(), name, ms);
  }
  clearTimer(name: string): void {
    this.host.clearStrategyTimer(this.bindingOf(), name);
  }

  /** Hook contexts are derived from the binding by prototype; this finds the binding itself from either. */
  private bindingOf(): Binding {
    return this.entry.bindings.find((binding) => binding.spec === this.spec) ?? this;
  }

  /**
   * What hook contexts inherit from: a twin with the same members. V8 gives an object that is a prototype a shape of its
   * own, so if bindings themselves were, the strategies' reads in the hot path would meet another shape in each market.
   */
  get prototypeOfContexts(): Binding {
    this.twin ??= Object.assign(Object.create(Binding.prototype) as Binding, this);
    return this.twin;
  }

  addOrder(order: Order): void {
    this.open.views = [...this.open.views, new LiveOrderView(order)];
  }
  dropOrder(order: Order): void {
    this.open.views = this.open.views.filter((view) => view.order !== order);
  }
}

/** A context for a hook that has more to say than the binding alone. Its own fields hide the binding's getters of that name. */
export function hookContext<Extra extends object>(binding: Binding, extra: Extra): StrategyContext & Extra {
  const context = Object.create(binding.prototypeOfContexts) as StrategyContext & Extra;
  for (const key of Object.keys(extra) as (keyof Extra)[]) {
    Object.defineProperty(context, key, { value: extra[key], enumerable: true });
  }
  return context;
}
