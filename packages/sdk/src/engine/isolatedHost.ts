import { MarketBook, type BookView } from "../book/index.ts";
import { MatchpointError } from "../errors.ts";
import type { Outcome, Side, StrategyAction } from "../events/index.ts";
import type { IntentId, MarketId } from "../ids.ts";
import {
  HOOKS,
  type MarketTruth,
  type OrderRequest,
  type OrderView,
  type Quote,
  type SiblingMarket,
  type Strategy,
  type StrategyClass,
  type StrategyContext,
} from "../strategy/index.ts";
import type { Price, Shares, Usdc } from "../units/index.ts";
import type { IsolatedTruth, IsolatedView } from "./isolatedView.ts";
import { kellyShares } from "./kellyShares.ts";
import { LiveQuote } from "./quote.ts";

/** A hook to be called, as it came from the core. */
export interface HostedCall {
  readonly marketId: MarketId;
  readonly hook: string;
  readonly extra: Readonly<Record<string, unknown>>;
  readonly view: IsolatedView;
}

const DEFAULT_KELLY = 0.25;

/**
 * Runs a strategy away from the core: gives its hooks a context made of plain data, and collects what they ask for. Its memory
 * (`ctx.state`) lives here.
 */
export class IsolatedHost {
  readonly #use: StrategyClass;
  readonly #strategy: Strategy;
  readonly #states = new Map<MarketId, unknown>();
  #named = 0;

  constructor(use: StrategyClass, params: unknown) {
    this.#use = use;
    this.#strategy = new use(use.params.parse(params));
  }

  /** The hooks that the strategy has. */
  get hooks(): readonly string[] {
    const own = this.#strategy as unknown as Readonly<Record<string, unknown>>;
    return HOOKS.filter((hook) => typeof own[hook] === "function");
  }

  /** Calls a hook. @throws whatever the hook throws; `STRATEGY_FAULT` when it returns a promise */
  run({ marketId, hook, extra, view }: HostedCall): readonly StrategyAction[] {
    const { [hook]: called } = this.#strategy as unknown as Readonly<Record<string, unknown>>;
    if (!HOOKS.includes(hook) || typeof called !== "function") return [];
    if (!this.#states.has(marketId))
      this.#states.set(
        marketId,
        this.#use.state === undefined ? {} : structuredClone(this.#use.state.parse({})),
      );
    const actions: StrategyAction[] = [];
    const context = new HostedContext(
      view,
      this.#states.get(marketId),
      actions,
      () => `~${(this.#named += 1)}`,
    );
    for (const key of Object.keys(extra))
      Object.defineProperty(context, key, { value: extra[key], enumerable: true });
    const answer: unknown = called.call(this.#strategy, context);
    if (typeof (answer as Partial<PromiseLike<unknown>> | undefined)?.then === "function")
      throw new MatchpointError("STRATEGY_FAULT", "a hook returned a promise; hooks must be synchronous");
    return actions;
  }
}

/** A market as plain data shows it. */
class HostedMarket implements SiblingMarket {
  readonly #view: IsolatedView;
  readonly book: BookView;
  readonly truth: MarketTruth | undefined;
  readonly #quotes: readonly [Quote, Quote];

  constructor(view: IsolatedView) {
    this.#view = view;
    const book = new MarketBook(view.market);
    book.load(view.book);
    this.book = book;
    this.truth = view.truth === undefined ? undefined : truthOf(view.truth);
    const fee = (): IsolatedView["fee"] => view.fee;
    this.#quotes = [new LiveQuote(0, book, fee), new LiveQuote(1, book, fee)];
  }

  get market(): StrategyContext["market"] {
    return this.#view.market;
  }
  get status(): StrategyContext["status"] {
    return this.#view.status;
  }
  quote(outcome: Outcome): Quote {
    return this.#quotes[outcome];
  }
  position(outcome: Outcome): ReturnType<StrategyContext["position"]> {
    return this.#view.positions[outcome];
  }
  orders(): readonly OrderView[] {
    return this.#view.orders;
  }
}

/** The context of one hook. */
class HostedContext extends HostedMarket implements StrategyContext {
  readonly #seen: IsolatedView;
  readonly #actions: StrategyAction[];
  readonly #name: () => string;
  readonly state: unknown;

  constructor(view: IsolatedView, state: unknown, actions: StrategyAction[], name: () => string) {
    super(view);
    this.#seen = view;
    this.state = state;
    this.#actions = actions;
    this.#name = name;
  }

  get now(): StrategyContext["now"] {
    return this.#seen.now;
  }
  get wall(): StrategyContext["wall"] {
    return this.#seen.wall;
  }
  get haltCauses(): StrategyContext["haltCauses"] {
    return this.#seen.haltCauses;
  }
  get halts(): StrategyContext["halts"] {
    return this.#seen.halts;
  }
  get cash(): Usdc {
    return this.#seen.cash;
  }
  get riskScale(): number {
    return this.#seen.riskScale;
  }
  siblings(): readonly SiblingMarket[] {
    return this.#seen.siblings.map((view) => new HostedMarket(view));
  }
  kelly(options: {
    readonly p: number;
    readonly price: Price;
    readonly fraction?: number;
    readonly maxUsdc?: Usdc;
  }): Shares {
    const { p, price, fraction = DEFAULT_KELLY, maxUsdc } = options;
    const { riskScale: scale, fee, bankroll, cash, maxOrderUsdc } = this.#seen;
    return kellyShares(
      { p, price, fraction, maxUsdc },
      { fee, bankroll, cash: () => cash, maxOrderUsdc, scale },
    );
  }
  buy(request: OrderRequest): IntentId {
    return this.#ask("buy", request);
  }
  sell(request: OrderRequest): IntentId {
    return this.#ask("sell", request);
  }
  cancel(order: IntentId): void {
    this.#actions.push({ kind: "cancel", order });
  }
  cancelAll(reason: string): void {
    this.#actions.push({ kind: "cancel_all", reason });
  }
  skip(reason: string, data?: Readonly<Record<string, unknown>>): void {
    this.#actions.push({ kind: "skip", reason, times: 1, ...(data === undefined ? {} : { data }) });
  }
  after(ms: number, name: string): void {
    this.#actions.push({ kind: "after", ms, name });
  }
  clearTimer(name: string): void {
    this.#actions.push({ kind: "clear_timer", name });
  }

  #ask(kind: Side, request: OrderRequest): IntentId {
    const ref = this.#name();
    this.#actions.push({ kind, ref, request: { ...request } });
    return ref as IntentId;
  }
}

function truthOf({ byOutcome, ...truth }: IsolatedTruth): MarketTruth {
  return { ...truth, pOf: (outcome) => byOutcome[outcome] };
}
