import { z } from "zod";
import type { Outcome } from "../events/index.ts";
import { NANOS_PER_MS, PRICE_ONE, SHARES_ONE, type Price, type Shares } from "../units/index.ts";
import type { BookContext, OrderContext, OrderView, StrategyContext, TimerContext, TruthContext } from "./context.ts";
import { gridFloor, orderSize } from "./grid.ts";
import { isClosed } from "./phase.ts";
import { Strategy } from "./strategy.ts";

const PARAMS = z.strictObject({
  /** What the quotes are centred on: the model's probability, or the book's own microprice. */
  reference: z.enum(["model", "microprice"]).default("model"),
  /** Distance of each quote from the reference, in probability. */
  half_spread: z.number().min(0.001).max(0.4).default(0.02),
  /** Size of each quote in shares. */
  size_shares: z.number().min(1).max(1_000_000).default(20),
  /** Net position at which the side that would add to it stops quoting. */
  max_position_shares: z.number().min(1).max(10_000_000).default(100),
  /** How far both quotes move against the position, in probability per 100 shares held. */
  skew_per_100_shares: z.number().min(0).max(0.5).default(0.01),
  /** A quote moves only when its target is at least this many ticks away. */
  requote_ticks: z.number().int().min(1).max(1_000).default(1),
  /** A quote that is still safe is left alone for at least this long. */
  min_rest_ms: z.number().int().min(0).max(3_600_000).default(1_000),
  /** Cancels per minute and market; when used up, only quotes that became unsafe are pulled. */
  max_cancels_per_minute: z.number().int().min(1).max(10_000).default(40),
  /** After news about the match the quotes are pulled and stay away for this long; 0 keeps them. */
  pause_after_truth_ms: z.number().int().min(0).max(3_600_000).default(3_000),
  /** Pause after a denial: what the gate has just refused, it will refuse again. */
  denied_pause_ms: z.number().int().min(0).max(3_600_000).default(2_000),
  /** Quotes only while the reference lies between these. */
  min_reference: z.number().min(0).max(1).default(0.08),
  max_reference: z.number().min(0).max(1).default(0.92),
  /** Wider books than this are left alone, in probability. */
  max_book_spread: z.number().min(0.001).max(1).default(0.2),
});

const STATE = z.object({
  pausedUntil: z.number().default(0),
  deniedUntil: z.number().default(0),
  minuteStarted: z.number().default(0),
  cancels: z.number().default(0),
});

type State = z.output<typeof STATE>;

const MINUTE = 60_000 * NANOS_PER_MS;

/**
 * Quotes both outcomes post-only around a reference, leaning against its own position, and steps aside when news arrives:
 * the strategy that needs no fast feed. A bid on each outcome is a bid and an offer in the one book that both share; when
 * both fill, the pair is merged and the capital comes back.
 */
export class ModelMaker extends Strategy<typeof PARAMS, typeof STATE> {
  static readonly id = "model-maker";
  static readonly posture = "directional";
  static readonly params: typeof PARAMS = PARAMS;
  static readonly state: typeof STATE = STATE;

  override onBook(ctx: BookContext<State>): void {
    this.#quote(ctx);
  }

  override onTruth(ctx: TruthContext<State>): void {
    this.#news(ctx, "truth changed");
  }

  override onTruthRevised(ctx: TruthContext<State>): void {
    this.#news(ctx, "truth revised");
  }

  override onOrder(ctx: OrderContext<State>): void {
    if (ctx.order.status === "DENIED") ctx.state.deniedUntil = ctx.now + this.params.denied_pause_ms * NANOS_PER_MS;
  }

  override onTimer(ctx: TimerContext<State>): void {
    if (ctx.name === "resume") this.#quote(ctx);
  }

  /** Whoever quotes through news is picked off by those who saw it first. */
  #news(ctx: TruthContext<State>, why: string): void {
    const pause = this.params.pause_after_truth_ms;
    if (pause === 0 || !ctx.truth.fresh) return;
    ctx.state.pausedUntil = ctx.now + pause * NANOS_PER_MS;
    ctx.cancelAll(why);
    ctx.after(pause, "resume");
  }

  #quote(ctx: StrategyContext<State>): void {
    if (isClosed(ctx.status)) return ctx.skip(`market is ${ctx.status}`);
    if (ctx.now < ctx.state.pausedUntil) return ctx.skip("pausing after news");
    if (ctx.now < ctx.state.deniedUntil) return ctx.skip("pausing after a denial");
    const { params } = this;
    const quote = ctx.quote(0);
    if (quote.ask - quote.bid > params.max_book_spread * PRICE_ONE) {
      ctx.cancelAll("book too wide");
      return ctx.skip("book too wide", { bid: quote.bid, ask: quote.ask });
    }
    const reference = params.reference === "model" ? ctx.truth?.pOf(0) : quote.microprice;
    if (reference === undefined) {
      ctx.cancelAll("no reference");
      return ctx.skip(params.reference === "model" ? "no truth about this market" : "one side of the book is empty");
    }
    if (reference < params.min_reference || reference > params.max_reference) {
      ctx.cancelAll("reference out of range");
      return ctx.skip("reference out of range", { reference });
    }
    const net = ctx.position(0).matched - ctx.position(1).matched;
    const skew = (net / (100 * SHARES_ONE)) * params.skew_per_100_shares;
    this.#side(ctx, 0, reference - skew, net);
    this.#side(ctx, 1, 1 - (reference - skew), -net);
  }

  /** Keeps one bid on an outcome where it should be. `fair` and `held` are that outcome's own. */
  #side(ctx: StrategyContext<State>, outcome: Outcome, fair: number, held: number): void {
    const { params } = this;
    const { tick, minSize } = ctx.market;
    const best = ctx.quote(outcome);
    const target = Math.min(gridFloor(fair - params.half_spread, tick), best.ask - tick) as Price;
    const room = params.max_position_shares * SHARES_ONE - held;
    const size = orderSize(Math.min(params.size_shares * SHARES_ONE, room));
    const resting = ctx.orders().find((order) => order.outcome === outcome && order.side === "buy");
    if (resting !== undefined) {
      this.#keepOrPull(ctx, resting, target, size, fair);
      return;
    }
    if (size < minSize) return ctx.skip("position limit reached", { outcome, held });
    if (target < tick) return ctx.skip("target price below the grid", { outcome });
    ctx.buy({
      outcome,
      limit: target,
      size,
      orderType: "GTC",
      postOnly: true,
      reason: `quote ${outcome === 0 ? "bid" : "offer"}`,
      edge: fair - target / PRICE_ONE,
    });
  }

  #keepOrPull(ctx: StrategyContext<State>, order: OrderView, target: Price, size: Shares, fair: number): void {
    if (order.status !== "LIVE") return;
    const { params } = this;
    const away = Math.abs(order.limit - target);
    const unsafe = order.limit / PRICE_ONE >= fair - params.half_spread / 4 || size < ctx.market.minSize;
    if (away < params.requote_ticks * ctx.market.tick && !unsafe) return;
    if (!unsafe) {
      if (ctx.now - order.placedAt < params.min_rest_ms * NANOS_PER_MS) return ctx.skip("quote is young and safe");
      if (!this.#spendCancel(ctx)) return ctx.skip("cancel budget is used up");
    } else {
      this.#spendCancel(ctx);
    }
    ctx.cancel(order.intentId);
  }

  #spendCancel(ctx: StrategyContext<State>): boolean {
    const { state } = ctx;
    if (ctx.now - state.minuteStarted >= MINUTE) {
      state.minuteStarted = ctx.now;
      state.cancels = 0;
    }
    state.cancels += 1;
    return state.cancels <= this.params.max_cancels_per_minute;
  }
}

