import { z } from "zod";
import { otherOutcome, type Outcome } from "../events/index.ts";
import {
  NANOS_PER_MS,
  notional,
  PRICE_ONE,
  SHARES_ONE,
  USDC_ONE,
  type Price,
  type Shares,
} from "../units/index.ts";
import { watchMid } from "./calm.ts";
import type {
  BookContext,
  FillContext,
  HaltContext,
  OrderContext,
  OrderView,
  StrategyContext,
  TimerContext,
  TruthContext,
} from "./context.ts";
import { gridFloor, orderSize, smallest } from "./grid.ts";
import { isNews, NEWS_STATE } from "./news.ts";
import { affordable, heldCost, highestLimit, pairCost, within, type Fits } from "./pairCost.ts";
import { planBothLegs, planSecondLeg, planUnwind, type LegPlan } from "./pairPlans.ts";
import { PAIR_ARB_PARAMS } from "./pairParams.ts";
import { isClosed } from "./phase.ts";
import { Strategy } from "./strategy.ts";

const STATE = z.object({
  ...NEWS_STATE,
  /** Slow average of outcome 0's mid, and when it was last moved. */
  average: z.number().default(0),
  averagedAt: z.number().default(0),
  /** The mid that the book has kept near, and since when. */
  calmMid: z.number().default(0),
  calmSince: z.number().default(0),
  /** A residual exists and its time-out runs. */
  waiting: z.boolean().default(false),
  /** The residual has outlived its time: the policy acts. */
  expired: z.boolean().default(false),
  /** The residual is there because a fill was voided: `on_void` says what becomes of it. */
  voided: z.boolean().default(false),
  triedAt: z.number().default(0),
  /** Time of the book by which a second leg was last taken. */
  tookOn: z.number().default(-1),
  deniedUntil: z.number().default(0),
  /** No first legs before this: a pair has just been completed. */
  restUntil: z.number().default(0),
});

type State = z.output<typeof STATE>;
type Context = StrategyContext<State>;

/** A move of the implied probability that counts as news. */
const NEWS_MOVE = 0.02;

/**
 * Accumulates pairs of both outcomes for less than the dollar that a pair pays. On a mirrored book the asks of both add up to
 * one plus the spread, so both legs are never cheap at once: the first leg rests below a calm market for somebody in a
 * hurry, and the second is bought only when `cost_basis(held) + effective_price(missing, size) + fee` leaves the safety
 * margin. Legs are sized from fills. A residual that outlives its time is completed, unwound or held by policy; a complete
 * pair is merged by the engine.
 */
export class PairArb extends Strategy<typeof PAIR_ARB_PARAMS, typeof STATE> {
  static readonly id = "pair-arb";
  static readonly posture = "pair";
  static readonly params: typeof PAIR_ARB_PARAMS = PAIR_ARB_PARAMS;
  static readonly state: typeof STATE = STATE;
  readonly #fits: Fits = (size, total) => affordable(size, total, this.params);

  override onBook(ctx: BookContext<State>): void {
    this.#watch(ctx);
    this.#act(ctx);
  }

  override onTruth(ctx: TruthContext<State>): void {
    if (isNews(ctx.state, ctx.truth, NEWS_MOVE)) this.#unrest(ctx);
  }

  override onTruthRevised(ctx: TruthContext<State>): void {
    this.#unrest(ctx);
  }

  override onResume(ctx: HaltContext<State>): void {
    this.#unrest(ctx);
    this.#act(ctx);
  }

  override onTimer(ctx: TimerContext<State>): void {
    if (ctx.name === "residual") ctx.state.expired = true;
    this.#act(ctx);
  }

  override onFill(ctx: FillContext<State>): void {
    this.#act(ctx);
  }

  override onFillVoided(ctx: FillContext<State>): void {
    // Fills fail more often where the price has moved on: the leg that is left does not get better by waiting.
    ctx.state.voided = true;
    ctx.state.expired = true;
    ctx.state.triedAt = 0;
    ctx.state.tookOn = -1;
    this.#act(ctx);
  }

  override onOrder(ctx: OrderContext<State>): void {
    const { order, state } = ctx;
    if (order.status === "DENIED" || order.status === "REJECTED") {
      state.deniedUntil = ctx.now + this.params.denied_pause_ms * NANOS_PER_MS;
    }
    // What is left of an order that was to take must not rest: the book that it was priced for has gone.
    if (order.status === "LIVE" && !order.postOnly) ctx.cancel(order.intentId);
    // What made room may be used at once; an order that found nothing waits for the book to say what is there.
    if (order.status === "CANCELED" && order.postOnly) this.#act(ctx);
  }

  #act(ctx: Context): void {
    if (isClosed(ctx.status)) {
      // A locked pair cancels nothing by itself: first legs that rest there would be watched by nobody.
      if (ctx.status === "LOCKED_PAIR") this.#pull(ctx);
      return ctx.skip(`market is ${ctx.status}`);
    }
    if (ctx.now < ctx.state.deniedUntil) return ctx.skip("pausing after a refusal");
    const residual = ctx.position(0).matched - ctx.position(1).matched;
    const size = orderSize(Math.abs(residual));
    // Less than the venue's smallest order cannot be completed by itself: it waits for the next first leg.
    if (size < ctx.market.minSize) {
      ctx.state.voided = false;
      ctx.state.expired = false;
      this.#flat(ctx);
      return;
    }
    if (!ctx.state.waiting) {
      ctx.state.waiting = true;
      ctx.after(this.params.residual_timeout_ms, "residual");
    }
    this.#complete(ctx, residual > 0 ? 0 : 1, size);
  }

  // --- first leg -------------------------------------------------------------------------------------------------------

  #flat(ctx: Context): void {
    const { params } = this;
    const { state } = ctx;
    if (state.waiting) {
      state.waiting = false;
      state.expired = false;
      state.restUntil = ctx.now + params.cooldown_ms * NANOS_PER_MS;
      ctx.clearTimer("residual");
      ctx.clearTimer("retry");
      ctx.after(params.cooldown_ms, "cooldown");
    }
    for (const order of ctx.orders())
      if (order.purpose === "hedge" && order.postOnly) ctx.cancel(order.intentId);
    if (ctx.orders().some((order) => order.purpose !== "entry" || !order.postOnly))
      return ctx.skip("an order is under way");
    if (this.#bothLegs(ctx)) return;
    if (ctx.now < state.restUntil) return ctx.skip("cooling down after a pair");
    const mid = ctx.quote(0).mid;
    if (mid === undefined || state.average === 0) {
      this.#pull(ctx);
      return ctx.skip("one side of the book is empty");
    }
    if (ctx.now - state.calmSince < params.calm_ms * NANOS_PER_MS) {
      this.#pull(ctx);
      return ctx.skip("the book is not calm");
    }
    // An outcome that can be taken goes first: a bid laid for the other would be in its way.
    const averages = [state.average, 1 - state.average] as const;
    const first = this.#isCheap(ctx, 0, averages[0]) || !this.#isCheap(ctx, 1, averages[1]) ? 0 : 1;
    const second = otherOutcome(first);
    if (this.#firstLeg(ctx, first, averages[first])) return;
    this.#firstLeg(ctx, second, averages[second]);
  }

  /** Whether an outcome is to be taken: enough of it is asked, fee included, below its average by the discount. */
  #isCheap(ctx: Context, outcome: Outcome, average: number): boolean {
    if (this.params.leg1 === "rest") return false;
    const quote = ctx.quote(outcome);
    if (smallest(this.#clip(ctx), quote.askSize) < ctx.market.minSize) return false;
    return quote.ask / PRICE_ONE + quote.feeAt(quote.ask) <= average - this.params.discount;
  }

  /** Takes an outcome, or lays a bid for it. True when it is being taken: then nothing else may be under way. */
  #firstLeg(ctx: Context, outcome: Outcome, average: number): boolean {
    const { params } = this;
    const { tick, minSize } = ctx.market;
    const quote = ctx.quote(outcome);
    const resting = ctx.orders().find((order) => order.outcome === outcome);
    // Below the average *and* the present mid: below the average alone would be a bid into a falling price.
    const target = gridFloor(Math.min(average, quote.mid ?? 0) - params.discount, tick);
    if (target < params.min_price * PRICE_ONE || target > params.max_price * PRICE_ONE) {
      if (resting !== undefined) ctx.cancel(resting.intentId);
      ctx.skip("price out of the range for a first leg", { outcome });
      return false;
    }
    const size = smallest(this.#clip(ctx));
    if (size < minSize) {
      ctx.skip("clip below the venue's minimum size");
      return false;
    }
    if (!this.#liquid(ctx, otherOutcome(outcome))) {
      if (resting !== undefined) ctx.cancel(resting.intentId);
      ctx.skip("too little on the other leg's asks", { outcome });
      return false;
    }
    if (this.#isCheap(ctx, outcome, average)) {
      this.#takeFirst(ctx, outcome, size);
      return true;
    }
    if (params.leg1 === "take") ctx.skip("not below its average", { outcome, ask: quote.ask, average });
    else this.#rest(ctx, outcome, Math.min(target, quote.ask - tick) as Price, size, resting);
    return false;
  }

  /** Shares of a first leg: fewer while the account is in a drawdown. Second legs are what the first ones ask for. */
  #clip(ctx: Context): number {
    return this.params.clip_shares * SHARES_ONE * ctx.riskScale;
  }

  #takeFirst(ctx: Context, outcome: Outcome, size: Shares): void {
    if (ctx.orders().length > 0) {
      ctx.cancelAll("taking the first leg");
      return ctx.skip("resting first legs go before one is taken");
    }
    const quote = ctx.quote(outcome);
    const there = smallest(size, quote.askSize);
    ctx.buy({ outcome, limit: quote.ask, size: there, orderType: "FAK", reason: "first leg taken" });
  }

  #rest(ctx: Context, outcome: Outcome, limit: Price, size: Shares, resting: OrderView | undefined): void {
    const { params } = this;
    if (resting === undefined) {
      if (limit < ctx.market.tick) return ctx.skip("target price below the grid", { outcome });
      ctx.buy({ outcome, limit, size, orderType: "GTC", postOnly: true, reason: "first leg resting" });
      return;
    }
    if (resting.status !== "LIVE" || Math.abs(resting.limit - limit) < params.requote_move * PRICE_ONE)
      return;
    if (ctx.now - resting.placedAt < params.min_rest_ms * NANOS_PER_MS) return ctx.skip("first leg is young");
    ctx.cancel(resting.intentId);
  }

  /** Whether dollars enough stand on an outcome's asks, near the best, for a pair to be completed there. */
  #liquid(ctx: Context, outcome: Outcome): boolean {
    const { ask } = ctx.quote(outcome);
    if (ask >= PRICE_ONE) return false;
    const limit = Math.min(ask + this.params.liquidity_band * PRICE_ONE, PRICE_ONE - ctx.market.tick);
    const depth = ctx.book.depth(outcome, "buy", Math.floor(limit) as Price);
    return notional(depth, ask, "down") >= this.params.min_liquidity_usdc * USDC_ONE;
  }

  /**
   * Both legs at once, where each has a book of its own: `eff_yes + eff_no < 1 - fees - safety_margin`, integrated over both
   * books at size. On a mirrored book the asks add up to one plus the spread, so this never fires there.
   */
  #bothLegs(ctx: Context): boolean {
    const quotes = [ctx.quote(0), ctx.quote(1)] as const;
    const plan = planBothLegs(quotes, this.#clip(ctx) as Shares, ctx.market.minSize, this.#fits);
    if (plan === undefined) return false;
    if (ctx.orders().length > 0) {
      ctx.cancelAll("both legs at once");
      return true;
    }
    const how = { size: plan.size, orderType: "GTC", reason: "both legs at once", edge: plan.edge } as const;
    ctx.buy({ ...how, outcome: 0, limit: plan.limits[0] });
    // When the first leg was denied there is nothing to hedge.
    if (ctx.orders().length > 0) ctx.buy({ ...how, outcome: 1, limit: plan.limits[1], purpose: "hedge" });
    return true;
  }

  // --- second leg ------------------------------------------------------------------------------------------------------

  #complete(ctx: Context, held: Outcome, residual: Shares): void {
    this.#pull(ctx);
    const resting = ctx.orders().find((order) => order.purpose === "hedge" && order.postOnly);
    if (ctx.orders().some((order) => order !== resting)) return ctx.skip("an order is under way");
    if (
      resting === undefined &&
      this.#take(ctx, held, this.#plan(ctx, held, residual, this.#fits), "second leg")
    )
      return;
    const cost = pairCost(ctx.position(held), ctx.quote(otherOutcome(held)), residual);
    if (!within(cost.shares, cost.total, this.params.stop_cost)) ctx.state.expired = true;
    if (ctx.state.expired && this.#policy(ctx, held, residual, resting)) return;
    this.#restSecond(ctx, held, residual, resting);
  }

  #plan(ctx: Context, held: Outcome, residual: Shares, fits: Fits): LegPlan | undefined {
    const { tick, minSize } = ctx.market;
    const terms = { tick, minSize, reach: this.params.liquidity_band * PRICE_ONE };
    return planSecondLeg(ctx.position(held), ctx.quote(otherOutcome(held)), residual, terms, fits);
  }

  /** GTC buys exact shares (a FAK buy would spend dollars); what does not fill at once is cancelled. */
  #take(ctx: Context, held: Outcome, plan: LegPlan | undefined, reason: string): boolean {
    // What a take has eaten is still shown until the book says otherwise: one take per look.
    if (plan === undefined || ctx.book.updatedAt === ctx.state.tookOn) return false;
    ctx.state.tookOn = ctx.book.updatedAt;
    ctx.buy({ ...plan, outcome: otherOutcome(held), orderType: "GTC", purpose: "hedge", reason });
    return true;
  }

  /** Bids for the missing leg at the highest price that leaves the margin: whoever rests pays no fee. */
  #restSecond(ctx: Context, held: Outcome, size: Shares, resting: OrderView | undefined): void {
    const outcome = otherOutcome(held);
    const quote = ctx.quote(outcome);
    if (this.params.leg2 === "take") return ctx.skip("second leg too dear", { outcome, ask: quote.ask });
    const { tick } = ctx.market;
    const ceiling = (quote.ask - tick) as Price;
    const how = { tick, ceiling, maker: true };
    const limit = highestLimit(heldCost(ctx.position(held), size), quote, size, how, this.#fits);
    if (resting !== undefined) {
      const stale = resting.size - resting.matched !== size || resting.limit !== limit;
      if (resting.status === "LIVE" && stale) ctx.cancel(resting.intentId);
      return ctx.skip("second leg rests", { outcome, limit: resting.limit, ask: quote.ask });
    }
    if (limit <= 0) return ctx.skip("second leg too dear", { outcome, ask: quote.ask });
    ctx.buy({
      outcome,
      limit,
      size,
      orderType: "GTC",
      postOnly: true,
      purpose: "hedge",
      reason: "second leg resting",
    });
  }

  /** Does what is to be done with a residual that has outlived its time; false when that is nothing. */
  #policy(ctx: Context, held: Outcome, residual: Shares, resting: OrderView | undefined): boolean {
    const { retry_ms: retry, max_completion_cost: most, max_unwind_loss: loss } = this.params;
    const { voided } = ctx.state;
    const policy = voided ? this.params.on_void : this.params.residual;
    if (policy === "hold") {
      ctx.skip(voided ? "leg of a voided pair held (leg risk)" : "residual held to payout (leg risk)");
      return false;
    }
    if (ctx.state.triedAt !== 0 && ctx.now - ctx.state.triedAt < retry * NANOS_PER_MS) return false;
    ctx.after(retry, "retry");
    const complete = policy !== "unwind";
    const plan = complete
      ? this.#plan(ctx, held, residual, (size, total) => within(size, total, most))
      : planUnwind(ctx.position(held), ctx.quote(held), residual, ctx.market.minSize, loss);
    if (plan !== undefined && resting !== undefined) {
      ctx.cancel(resting.intentId);
      return true;
    }
    ctx.state.triedAt = ctx.now;
    if (plan === undefined) {
      const what = voided ? "leg of a voided pair" : "residual";
      ctx.skip(`${what} too ${complete ? "dear to complete" : "costly to unwind"}: held (leg risk)`);
      return false;
    }
    if (complete)
      return this.#take(ctx, held, plan, voided ? "re-hedged after a void" : "residual completed late");
    const reason = voided ? "unwound after a void" : "residual unwound";
    ctx.sell({ ...plan, outcome: held, orderType: "FAK", purpose: "exit", reason });
    return true;
  }

  // --- the market's mood -----------------------------------------------------------------------------------------------

  #watch(ctx: Context): void {
    const mid = ctx.quote(0).mid;
    if (mid === undefined) return;
    const { average_half_life_ms: halfLife, calm_move: move } = this.params;
    if (watchMid(ctx.state, mid, ctx.now, halfLife, move)) this.#unrest(ctx);
  }

  /** Something is going on: who rests now sells to those who know more. */
  #unrest(ctx: Context): void {
    ctx.state.calmSince = ctx.now;
    ctx.after(this.params.calm_ms, "calm");
    this.#pull(ctx);
  }

  /** Takes back the first legs that rest. */
  #pull(ctx: Context): void {
    for (const order of ctx.orders())
      if (order.purpose === "entry" && order.postOnly) ctx.cancel(order.intentId);
  }
}
