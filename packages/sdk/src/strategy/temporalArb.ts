import { z } from "zod";
import type { Outcome } from "../events/index.ts";
import { NANOS_PER_MS, PRICE_ONE, USDC_ONE, type Price, type Usdc } from "../units/index.ts";
import type {
  BookContext,
  FillContext,
  HaltContext,
  MarketTruth,
  OrderContext,
  PositionContext,
  StaleContext,
  StrategyContext,
  TimerContext,
  TruthContext,
} from "./context.ts";
import { gridFloor, orderSize, smallest } from "./grid.ts";
import { isClosed } from "./phase.ts";
import { modelShare } from "./shrink.ts";
import { Strategy } from "./strategy.ts";
import { TEMPORAL_ARB_PARAMS } from "./temporalParams.ts";

const STATE = z.object({
  /** Implied probability of outcome 0 before the news that is looked for, and when it was; 0 before any. */
  baseP: z.number().default(0),
  baseAt: z.number().default(0),
  /** The latest news: when, for which outcome, and the edge at which it was traded (0: not yet). */
  signalAt: z.number().default(0),
  signalOutcome: z.union([z.literal(0), z.literal(1)]).default(0),
  signalEdge: z.number().default(0),
  /** Whose news it was, how late that source is in ms (-1: unknown), and whether it is too late to take liquidity on. */
  signalSource: z.string().default(""),
  signalLagMs: z.number().default(-1),
  signalTooLate: z.boolean().default(false),
  /** News, edge and probability of the entry under way. */
  askedAt: z.number().default(0),
  askedEdge: z.number().default(0),
  askedP: z.number().default(0),
  /** Implied probability of the held outcome when it was bought; 0 while nothing is held. */
  entryP: z.number().default(0),
  /** Why the position is being left; empty while it is not. */
  exiting: z.string().default(""),
  exitTriedAt: z.number().default(0),
  /** The market's state in which an exit was refused: there is no point in asking again before it changes. */
  exitRefusedIn: z.string().default(""),
  pausedUntil: z.number().default(0),
});

type State = z.output<typeof STATE>;
type Context = StrategyContext<State>;

/** Probabilities are floats: a price at the very edge of the band counts as within it. */
const EPSILON = 1e-9;
const TARGET = "target reached";

/**
 * Trades the time between something happening in a match and the book having heard of it: when fresh news moves the implied
 * probability, buys the outcome that gained while its ask and fee still leave an edge within a band, once per piece of
 * news; leaves when the book has caught up, when the news is taken back, when truth goes silent, or when time is up.
 */
export class TemporalArb extends Strategy<typeof TEMPORAL_ARB_PARAMS, typeof STATE> {
  static readonly id = "temporal-arb";
  static readonly posture = "directional";
  static readonly params: typeof TEMPORAL_ARB_PARAMS = TEMPORAL_ARB_PARAMS;
  static readonly state: typeof STATE = STATE;
  static readonly truthDriven = true;

  override onTruth(ctx: TruthContext<State>): void {
    this.#listen(ctx, ctx.truth);
    this.#act(ctx, ctx.truth);
  }

  override onTruthRevised(ctx: TruthContext<State>): void {
    const { state, truth } = ctx;
    const outcome = held(ctx);
    const buying = ctx.orders().find((order) => order.side === "buy");
    ctx.cancelAll("truth revised");
    this.#forget(ctx);
    // What an entry buys that is under way, and may be held by the venue where nothing can cancel it, goes too.
    const lessSure =
      outcome === undefined
        ? buying !== undefined && truth.pOf(buying.outcome) < state.askedP
        : truth.pOf(outcome) < state.entryP;
    if (lessSure) this.#leave(ctx, "truth reversed");
  }

  override onBook(ctx: BookContext<State>): void {
    if (ctx.truth === undefined) return ctx.skip("no truth about this market");
    this.#act(ctx, ctx.truth);
  }

  override onStale(ctx: StaleContext<State>): void {
    ctx.cancelAll(`truth is stale: ${ctx.source}`);
    this.#forget(ctx);
    if (this.params.exit_on_stale) this.#leave(ctx, "truth stale");
  }

  override onResume(ctx: HaltContext<State>): void {
    if (ctx.state.exiting !== "") this.#leave(ctx, ctx.state.exiting);
  }

  override onTimer(ctx: TimerContext<State>): void {
    if (ctx.name === "hold") this.#leave(ctx, "held too long");
    if (ctx.name === "retry" && ctx.state.exiting !== "") this.#leave(ctx, ctx.state.exiting);
  }

  override onOrder(ctx: OrderContext<State>): void {
    const { order, state } = ctx;
    const refused = order.status === "DENIED" || order.status === "REJECTED";
    if (order.side === "buy") {
      if (refused) state.pausedUntil = ctx.now + this.params.denied_pause_ms * NANOS_PER_MS;
    } else if (
      order.status === "DENIED" &&
      isClosed(ctx.status) &&
      (ctx.code === "SYSTEM_HALTED" || ctx.code?.startsWith("MARKET_") === true)
    ) {
      // The market's or the system's state forbids exits; any other denial may pass, such as that of shares that are not mined yet.
      state.exitRefusedIn = ctx.status;
    } else if (refused || order.status === "CANCELED") {
      // An exit that was refused or killed is tried again: shares may be sold once their trade is mined.
      ctx.after(this.params.exit_retry_ms, "retry");
    }
    this.#tidy(ctx);
  }

  override onFill(ctx: FillContext<State>): void {
    const { order, state } = ctx;
    if (order.side === "buy") {
      if (state.entryP === 0) ctx.after(this.params.max_hold_ms, "hold");
      state.entryP = state.askedP;
      // News that came while the entry travelled is not traded by it.
      if (state.askedAt === state.signalAt) state.signalEdge = state.askedEdge;
    }
    // Whatever is left, or has come in meanwhile, goes too.
    if (state.exiting !== "") this.#leave(ctx, state.exiting);
  }

  /** A sale that failed on the chain gives the shares back: whatever the reason for the exit was, it still stands. */
  override onFillVoided(ctx: FillContext<State>): void {
    if (ctx.order.side === "sell") this.#leave(ctx, "sale failed on the chain");
  }

  override onPosition(ctx: PositionContext<State>): void {
    this.#tidy(ctx);
  }

  /** Nothing is held and nothing under way: the episode is over. */
  #tidy(ctx: Context): void {
    const { state } = ctx;
    if (held(ctx) !== undefined || ctx.orders().length > 0 || (state.entryP === 0 && state.exiting === ""))
      return;
    if (state.entryP !== 0) state.pausedUntil = ctx.now + this.params.cooldown_ms * NANOS_PER_MS;
    state.entryP = 0;
    state.signalAt = 0;
    state.exiting = "";
    state.exitRefusedIn = "";
    ctx.clearTimer("hold");
    ctx.clearTimer("retry");
  }

  /** Tells news by what it does to the implied probability. Replayed history moves the base and is no news. */
  #listen(ctx: Context, truth: MarketTruth): void {
    const { params } = this;
    const { state } = ctx;
    const p = truth.pOf(0);
    const moved = p - state.baseP;
    const news = state.baseAt !== 0 && truth.fresh && Math.abs(moved) >= params.signal_move;
    if (news) {
      state.signalAt = ctx.now;
      state.signalOutcome = moved > 0 ? 0 : 1;
      state.signalEdge = 0;
      const { signal } = truth;
      state.signalSource = signal?.source ?? "";
      state.signalLagMs = signal?.lagMs ?? -1;
      state.signalTooLate = signal?.mayTake === false;
    }
    if (
      news ||
      !truth.fresh ||
      state.baseAt === 0 ||
      ctx.now - state.baseAt > params.signal_window_ms * NANOS_PER_MS
    ) {
      state.baseP = p;
      state.baseAt = Math.max(1, ctx.now);
    }
  }

  #forget(ctx: Context): void {
    ctx.state.signalAt = 0;
    ctx.state.baseAt = 0;
  }

  #act(ctx: Context, truth: MarketTruth): void {
    const outcome = held(ctx);
    if (outcome !== undefined) {
      const reason = ctx.state.exiting === "" ? this.#exitReason(ctx, truth, outcome) : ctx.state.exiting;
      if (reason !== undefined) this.#leave(ctx, reason);
    }
    this.#enter(ctx, truth);
  }

  #exitReason(ctx: Context, truth: MarketTruth, outcome: Outcome): string | undefined {
    const p = truth.pOf(outcome);
    if (p <= ctx.state.entryP - this.params.reversal) return "truth reversed";
    return this.#reached(ctx, outcome, ctx.quote(outcome).bid) ? TARGET : undefined;
  }

  /** Whether a bid is as high as what is held is worth, less the gap. Without truth nobody knows. */
  #reached({ truth }: Context, outcome: Outcome, bid: Price): boolean {
    return truth !== undefined && bid / PRICE_ONE >= truth.pOf(outcome) - this.params.target_gap;
  }

  #enter(ctx: Context, truth: MarketTruth): void {
    const { params } = this;
    const { state } = ctx;
    if (isClosed(ctx.status)) return ctx.skip(`market is ${ctx.status}`);
    if (state.exiting !== "") return ctx.skip("leaving a position");
    if (state.signalAt === 0) return ctx.skip("no fresh news");
    if (ctx.now - state.signalAt > params.signal_window_ms * NANOS_PER_MS) return ctx.skip("news is old");
    if (state.signalTooLate) return ctx.skip("signal too late", lateness(state, truth));
    if (ctx.now < state.pausedUntil) return ctx.skip("pausing");
    if (ctx.orders().length > 0) return ctx.skip("an order is under way");
    const outcome = state.signalOutcome;
    if (ctx.position(outcome === 0 ? 1 : 0).matched >= ctx.market.minSize)
      return ctx.skip("the other outcome is held");
    const p = truth.pOf(outcome);
    const quote = ctx.quote(outcome);
    const edge = quote.edge(p);
    if (edge < params.edge_threshold - EPSILON) return ctx.skip("edge below threshold", { edge });
    if (edge > params.edge_max + EPSILON) return ctx.skip("edge above band", { edge });
    if (state.signalEdge !== 0 && edge < state.signalEdge + params.edge_growth)
      return ctx.skip("this news is traded", { edge });
    const limit = lastWorth(
      quote.ask,
      Math.min(p, quote.ask / PRICE_ONE + params.max_slippage),
      ctx.market.tick,
      (price) => {
        return p - price / PRICE_ONE - quote.feeAt(price) >= params.edge_threshold - EPSILON;
      },
    );
    const room = params.max_position_usdc * USDC_ONE - ctx.position(outcome).cost;
    // A dollar costs the more fee the lower the price that it meets: the bounds hold for the lowest there is.
    const { tick } = ctx.market;
    const feePerDollar = (quote.feeAt(tick) * PRICE_ONE) / tick;
    const most = Math.min(params.max_entry_usdc * USDC_ONE, room) / (1 + feePerDollar);
    const maxUsdc = Math.max(0, Math.floor(most)) as Usdc;
    const ask = quote.ask / PRICE_ONE;
    const trust = params.model_trust * modelShare(truth.sd, params.market_sd);
    const believed = ask + trust * (p - ask);
    const wanted = ctx.kelly({ p: believed, price: quote.ask, fraction: params.kelly_fraction, maxUsdc });
    // A FAK buy spends `size * limit` dollars: as many as the wanted shares cost at the ask, and no more.
    const size = smallest((wanted * quote.ask) / limit, ctx.book.depth(outcome, "buy", limit));
    if (size < ctx.market.minSize) return ctx.skip("size below the venue's minimum", { wanted, edge });
    state.askedEdge = edge;
    state.askedAt = state.signalAt;
    state.askedP = p;
    ctx.buy({ outcome, limit, size, orderType: "FAK", reason: "book behind truth", edge });
  }

  #leave(ctx: Context, reason: string): void {
    const outcome = held(ctx);
    const buys = ctx.orders().filter((order) => order.side === "buy");
    if (outcome === undefined && buys.length === 0) return;
    const { state } = ctx;
    const { bid } = ctx.quote(outcome ?? 0);
    if (reason === TARGET && outcome !== undefined && !this.#reached(ctx, outcome, bid)) {
      // The bid that reached it was pulled before the exit got there.
      state.exiting = "";
      return ctx.skip("the target is gone again");
    }
    state.exiting = reason;
    for (const order of buys) ctx.cancel(order.intentId);
    if (outcome === undefined) return;
    if (ctx.orders().some((order) => order.side === "sell")) return ctx.skip("an exit is under way");
    if (state.exitRefusedIn === ctx.status) return ctx.skip(`no exits while the market is ${ctx.status}`);
    const retry = this.params.exit_retry_ms;
    if (state.exitTriedAt !== 0 && ctx.now - state.exitTriedAt < retry * NANOS_PER_MS)
      return ctx.after(retry, "retry");
    state.exitTriedAt = ctx.now;
    const size = orderSize(ctx.position(outcome).matched);
    if (bid <= 0) {
      ctx.after(retry, "retry");
      return ctx.skip("no bid to exit at", { reason });
    }
    // A target is a price; every other exit is in a hurry and takes what is bid a little below as well.
    const slack = reason === TARGET ? 0 : this.params.max_slippage * PRICE_ONE;
    const { tick } = ctx.market;
    const limit = Math.min(bid, Math.max(tick, Math.ceil((bid - slack) / tick) * tick)) as Price;
    ctx.sell({ outcome, limit, size, orderType: "FAK", purpose: "exit", reason });
  }
}

/** Whose news it was and how late that source is, against the most that is allowed. */
function lateness(state: State, { signal }: MarketTruth): Readonly<Record<string, unknown>> {
  const { signalSource: source, signalLagMs } = state;
  return {
    source,
    lagMs: signalLagMs < 0 ? "unknown" : Math.round(signalLagMs),
    limitMs: signal?.limitMs,
  };
}

/** The highest price on the grid, from `best` up to a probability, that is still worth paying. `best` itself always is. */
function lastWorth(best: Price, most: number, tick: Price, worth: (price: Price) => boolean): Price {
  let limit = gridFloor(most, tick);
  while (limit > best && !worth(limit)) limit = (limit - tick) as Price;
  return limit < best ? best : limit;
}

/** The outcome of which enough is held to be sold; less than the venue's minimum order is carried to the payout. */
function held(ctx: Context): Outcome | undefined {
  const { minSize } = ctx.market;
  if (orderSize(ctx.position(0).matched) >= minSize) return 0;
  if (orderSize(ctx.position(1).matched) >= minSize) return 1;
  return undefined;
}
