import type { BookView } from "../book/index.ts";
import { MatchpointError } from "../errors.ts";
import type { MarketDescription, Outcome } from "../events/index.ts";
import type { IntentId } from "../ids.ts";
import type { Order } from "../orders/index.ts";
import type { HaltCause, Position, TradingStatus } from "../state/index.ts";
import type {
  MarketTruth,
  OrderRequest,
  OrderView,
  Quote,
  SiblingMarket,
  StrategyContext,
} from "../strategy/index.ts";
import type { Halt } from "../trading/index.ts";
import type { Millis, Nanos, Price, Shares, Usdc } from "../units/index.ts";
import type { Binding } from "./binding.ts";
import { readText } from "./handedOver.ts";
import { sealed } from "./sealed.ts";

/** An order as its strategy sees it: a window on the live order. */
export class LiveOrderView implements OrderView {
  readonly #order: Order;
  constructor(order: Order) {
    this.#order = order;
  }
  get intentId(): OrderView["intentId"] {
    return this.#order.intent.intentId;
  }
  get orderId(): OrderView["orderId"] {
    return this.#order.orderId;
  }
  get outcome(): OrderView["outcome"] {
    return this.#order.intent.outcome;
  }
  get side(): OrderView["side"] {
    return this.#order.intent.side;
  }
  get orderType(): OrderView["orderType"] {
    return this.#order.intent.orderType;
  }
  get postOnly(): boolean {
    return this.#order.intent.postOnly;
  }
  get limit(): OrderView["limit"] {
    return this.#order.intent.limit;
  }
  get size(): OrderView["size"] {
    return this.#order.intent.size;
  }
  get matched(): OrderView["matched"] {
    return this.#order.matched;
  }
  get status(): OrderView["status"] {
    return this.#order.status;
  }
  get purpose(): OrderView["purpose"] {
    return this.#order.intent.purpose;
  }
  get reason(): OrderView["reason"] {
    return this.#order.intent.reason;
  }
  get placedAt(): OrderView["placedAt"] {
    return this.#order.createdAt;
  }
}

const DEFAULT_KELLY = 0.25;

let bindingIn: (context: object) => Binding | undefined;

/**
 * What a strategy's hooks are given. What is behind it no strategy reaches, whatever its types say: the core's own objects are in private
 * fields, and the class cannot be changed.
 */
export class Context implements StrategyContext {
  readonly #binding: Binding;

  static {
    bindingIn = (context) => (#binding in context ? context.#binding : undefined);
  }

  constructor(binding: Binding) {
    this.#binding = binding;
  }

  get now(): Nanos {
    return this.#binding.host.now;
  }
  get wall(): Millis {
    return this.#binding.host.wall;
  }
  get state(): unknown {
    return this.#binding.state;
  }
  get market(): MarketDescription {
    return this.#binding.entry.market;
  }
  get book(): BookView {
    return this.#binding.entry.shown;
  }
  get truth(): MarketTruth | undefined {
    return this.#binding.entry.truth;
  }
  get status(): TradingStatus {
    return this.#binding.entry.trading.status;
  }
  get haltCauses(): readonly HaltCause[] {
    return [...this.#binding.entry.trading.causes];
  }
  get halts(): readonly Halt[] {
    return this.#binding.entry.trading.halts;
  }
  get riskScale(): number {
    return this.#binding.host.riskScale;
  }
  get cash(): Usdc {
    return this.#binding.host.cashAvailable();
  }
  quote(outcome: Outcome): Quote {
    return this.#binding.entry.quotes[outcome];
  }
  position(outcome: Outcome): Position {
    return this.#binding.host.positionOf(this.#binding, outcome);
  }
  siblings(): readonly SiblingMarket[] {
    return this.#binding.host.siblingsOf(this.#binding).map(({ context }) => context);
  }
  orders(): readonly OrderView[] {
    return this.#binding.open;
  }
  kelly(options: {
    readonly p: number;
    readonly price: Price;
    readonly fraction?: number;
    readonly maxUsdc?: Usdc;
  }): Shares {
    return this.#binding.host.kellySize(
      this.#binding.entry,
      options.p,
      options.price,
      options.fraction ?? DEFAULT_KELLY,
      options.maxUsdc,
    );
  }
  buy(request: OrderRequest): IntentId {
    const binding = inside(this);
    return binding.host.submit(binding, "buy", request);
  }
  sell(request: OrderRequest): IntentId {
    const binding = inside(this);
    return binding.host.submit(binding, "sell", request);
  }
  cancel(order: IntentId): void {
    const binding = inside(this);
    if (binding.open.some((view) => view.intentId === order))
      binding.host.requestCancel(binding, order, "strategy");
  }
  cancelAll(reason: string): void {
    const why = readText(reason, "the reason of ctx.cancelAll", "Say why: a short text.");
    const binding = inside(this);
    for (const view of binding.open) binding.host.requestCancel(binding, view.intentId, why);
  }
  skip(reason: string, data?: Readonly<Record<string, unknown>>): void {
    if (typeof (reason as unknown) !== "string" || reason === "") {
      throw new MatchpointError("STRATEGY_FAULT", "ctx.skip was called without a reason", {
        hint: "Say why nothing was done: a short text, the same each time.",
      });
    }
    this.#binding.skips.add(reason, data);
  }
  after(ms: number, name: string): void {
    const binding = inside(this);
    binding.host.setStrategyTimer(binding, name, ms);
  }
  clearTimer(name: string): void {
    const binding = inside(this);
    binding.host.clearStrategyTimer(binding, name);
  }
}

for (const { prototype } of [Context, LiveOrderView]) Object.freeze(prototype);

/**
 * The core's side of a context.
 * @throws {@link MatchpointError} `STRATEGY_FAULT` for whatever only looks like one
 */
export function inside(context: StrategyContext): Binding {
  const binding = bindingIn(context);
  if (binding === undefined)
    throw new MatchpointError(
      "STRATEGY_FAULT",
      "something was asked for by a context that was not given out",
      {
        hint: "Use the context that the hook is given, not an object made of it.",
      },
    );
  return binding;
}

/** A context for a hook that has more to say than the market alone. Its own fields hide those of that name. */
export function hookContext<Extra extends object>(binding: Binding, extra: Extra): StrategyContext & Extra {
  const context = new Context(binding) as StrategyContext as StrategyContext & Extra;
  for (const key of Object.keys(extra) as (keyof Extra)[]) {
    Object.defineProperty(context, key, { value: sealed(extra[key]), enumerable: true });
  }
  return context;
}
