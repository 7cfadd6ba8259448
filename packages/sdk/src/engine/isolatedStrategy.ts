import { MatchpointError } from "../errors.ts";
import type { StrategyAction } from "../events/index.ts";
import type { IntentId, MarketId } from "../ids.ts";
import {
  Strategy,
  type FillContext,
  type HaltContext,
  type OrderContext,
  type OrderRequest,
  type OrderView,
  type ResolvedContext,
  type StaleContext,
  type StrategyClass,
  type StrategyContext,
  type TimerContext,
  type TradeContext,
  type TruthContext,
} from "../strategy/index.ts";
import type { Binding } from "./binding.ts";
import { isolatedView, plainOrder, type IsolatedView } from "./isolatedView.ts";

/** A hook that the strategy itself is to be called with, elsewhere. */
export interface IsolatedCall {
  readonly marketId: MarketId;
  readonly hook: string;
  /** What the hook's context has beyond the market's, as plain data of the moment. */
  readonly extra: Readonly<Record<string, unknown>>;
  /** What the market looks like when this is called: between two events, any number of them later. */
  readonly view: () => IsolatedView;
}

/** Takes the calls of an isolated strategy. It must not change anything of the core. */
export type IsolatedOutbox = (call: IsolatedCall) => void;

/** Names of orders that are remembered: far more than a strategy may have open. */
const NAMES = 4_096;

/**
 * Stands in the core for a strategy that runs elsewhere: it only passes on its hooks, and does what replies ask for, through the same
 * context and the same gate as any strategy. It decides nothing, so that the same events with the same replies lead to the same orders
 * whether anybody listens or not.
 */
export abstract class IsolatedStrategy extends Strategy {
  /** The strategy's own names of its orders, and the core's. */
  readonly #intents = new Map<string, IntentId>();
  readonly #names = new Map<IntentId, string>();

  protected abstract hear(call: IsolatedCall): void;

  override onStart(ctx: StrategyContext): void {
    this.#pass("onStart", ctx);
  }
  override onBook(ctx: StrategyContext): void {
    this.#pass("onBook", ctx);
  }
  override onTrade(ctx: TradeContext): void {
    this.#pass("onTrade", ctx, { trade: ctx.trade });
  }
  override onTruth(ctx: TruthContext): void {
    this.#pass("onTruth", ctx, { previous: ctx.previous });
  }
  override onTruthRevised(ctx: TruthContext): void {
    this.#pass("onTruthRevised", ctx, { previous: ctx.previous });
  }
  override onOrder(ctx: OrderContext): void {
    const { order, previous, code } = ctx;
    this.#pass("onOrder", ctx, { order: plainOrder(this.#named(order)), previous, code });
  }
  override onFill(ctx: FillContext): void {
    this.#pass("onFill", ctx, { order: plainOrder(this.#named(ctx.order)), fill: ctx.fill });
  }
  override onFillVoided(ctx: FillContext): void {
    this.#pass("onFillVoided", ctx, { order: plainOrder(this.#named(ctx.order)), fill: ctx.fill });
  }
  override onPosition(ctx: StrategyContext): void {
    this.#pass("onPosition", ctx);
  }
  override onStale(ctx: StaleContext): void {
    this.#pass("onStale", ctx, { source: ctx.source });
  }
  override onHalt(ctx: HaltContext): void {
    this.#pass("onHalt", ctx, { causes: ctx.causes });
  }
  override onResume(ctx: HaltContext): void {
    this.#pass("onResume", ctx, { causes: ctx.causes });
  }
  override onResolved(ctx: ResolvedContext): void {
    this.#pass("onResolved", ctx, { payouts: ctx.payouts });
  }
  override onTimer(ctx: TimerContext): void {
    this.#pass("onTimer", ctx, { name: ctx.name });
  }
  override onStop(ctx: StrategyContext): void {
    this.#pass("onStop", ctx);
  }

  /** Does what a reply asks for, as one hook. @throws {@link MatchpointError} `STRATEGY_FAULT` as any hook may */
  reply(binding: Binding, actions: readonly StrategyAction[]): void {
    for (const action of actions) this.#act(binding, action);
  }

  #act(binding: Binding, action: StrategyAction): void {
    const { context } = binding;
    switch (action.kind) {
      case "buy":
      case "sell": {
        const request = asRequest(action.request);
        const intentId = action.kind === "buy" ? context.buy(request) : context.sell(request);
        this.#name(action.ref, intentId);
        return;
      }
      case "cancel":
        context.cancel(this.#intents.get(action.order) ?? (action.order as IntentId));
        return;
      case "cancel_all":
        context.cancelAll(action.reason);
        return;
      case "after":
        context.after(action.ms, action.name);
        return;
      case "clear_timer":
        context.clearTimer(action.name);
        return;
      case "skip":
        binding.skips.add(action.reason, action.data, action.times);
        return;
    }
  }

  #name(ref: string, intentId: IntentId): void {
    this.#intents.set(ref, intentId);
    this.#names.set(intentId, ref);
    if (this.#intents.size <= NAMES) return;
    const [[oldest, named]] = this.#intents as unknown as [[string, IntentId]];
    this.#intents.delete(oldest);
    this.#names.delete(named);
  }

  readonly #named = (order: OrderView): OrderView => {
    const name = this.#names.get(order.intentId);
    return name === undefined ? order : { ...plainOrder(order), intentId: name as IntentId };
  };

  #pass(hook: string, ctx: StrategyContext, extra: IsolatedCall["extra"] = {}): void {
    const view = (): IsolatedView => isolatedView(ctx, this.#named);
    this.hear({ marketId: ctx.market.marketId, hook, extra, view });
  }
}

/** What is no object has no field that could be looked at. */
function asRequest(request: unknown): OrderRequest {
  if (typeof request === "object" && request !== null && !Array.isArray(request))
    return request as OrderRequest;
  throw new MatchpointError("STRATEGY_FAULT", "an order was asked for with no request");
}

/**
 * The class that stands in the core for another that runs elsewhere. Without an outbox nobody is asked: for replays and verification,
 * where the replies are in the journal.
 */
export function isolated(use: StrategyClass, outbox: IsolatedOutbox = () => undefined): StrategyClass {
  const { id, posture, params, truthDriven } = use;
  return class extends IsolatedStrategy {
    static readonly id = id;
    static readonly posture = posture;
    static readonly params = params;
    static readonly truthDriven = truthDriven ?? false;
    static readonly isolation = "worker";
    protected override hear(call: IsolatedCall): void {
      outbox(call);
    }
  };
}
