import { z } from "zod";
import { otherOutcome, type Outcome } from "../events/index.ts";
import { NANOS_PER_MS, notional, PRICE_ONE, SHARES_ONE, USDC_ONE, type Price, type Shares } from "../units/index.ts";
import type { BookContext, FillContext, OrderContext, OrderView, StrategyContext, TimerContext } from "./context.ts";
import { gridFloor, orderSize, smallest } from "./grid.ts";
import { isClosed } from "./phase.ts";
import { heldCost, pairCost } from "./pairCost.ts";
import { Strategy } from "./strategy.ts";

const PARAMS = z.strictObject({
  /** How the first leg is bought: resting post-only, taken from the book, or either. */
  leg1: z.enum(["rest", "take", "either"]).default("either"),
  /** Most that a pair may cost in all, fees included, in dollars. */
  pair_cost_cap: z.number().min(0.5).max(1).default(0.985),
  /** What must be left of the pair's dollar: the second leg is taken only below `1 - safety_margin`. */
  safety_margin: z.number().min(0).max(0.5).default(0.015),
  /** Shares per first leg. */
  clip_shares: z.number().min(1).max(1_000_000).default(25),
  /** Dollars that must stand on the missing leg's asks within `liquidity_band` before a first leg is bought. */
  min_liquidity_usdc: z.number().min(0).max(10_000_000).default(50),
  /** How far above the best ask that liquidity may stand, in probability. */
  liquidity_band: z.number().min(0).max(1).default(0.05),
  /** How far below its own slow average an outcome must be offered (or bid for) to be worth a first leg. */
  discount: z.number().min(0).max(0.5).default(0.025),
  /** Time over which that average forgets half. */
  average_half_life_ms: z.number().int().min(100).max(86_400_000).default(90_000),
  /** First legs only between these prices of the outcome. */
  min_price: z.number().min(0).max(1).default(0.1),
  max_price: z.number().min(0).max(1).default(0.9),
  /** What becomes of a residual that could not be completed in time. */
  residual: z.enum(["complete", "unwind", "hold"]).default("complete"),
  /** How long a residual waits for a completion below the cap. */
  residual_timeout_ms: z.number().int().min(100).max(86_400_000).default(240_000),
  /** With `complete`: most that a late pair may cost, fees included, in dollars; above it the residual is held. */
  max_completion_cost: z.number().min(0.5).max(1.5).default(1.03),
  /** With `unwind`: most that selling the residual may lose per share, in dollars; above it the residual is held. */
  max_unwind_loss: z.number().min(0).max(1).default(0.08),
  /** Pause between attempts after the time-out. */
  retry_ms: z.number().int().min(50).max(3_600_000).default(2_000),
  /** Pause after a denial: what the gate has just refused, it will refuse again. */
  denied_pause_ms: z.number().int().min(0).max(3_600_000).default(1_000),
  /** A resting first leg moves only when its target is this many ticks away and it has rested this long. */
  requote_ticks: z.number().int().min(1).max(1_000).default(2),
  min_rest_ms: z.number().int().min(0).max(3_600_000).default(2_000),
});

const STATE = z.object({
  /** Slow average of outcome 0's mid, and when it was last moved. */
  average: z.number().default(0),
  averagedAt: z.number().default(0),
  /** The residual has outlived its time: the policy acts. */
  expired: z.boolean().default(false),
  /** A residual exists and its time-out runs. */
  waiting: z.boolean().default(false),
  triedAt: z.number().default(0),
  deniedUntil: z.number().default(0),
});

type State = z.output<typeof STATE>;
type Context = StrategyContext<State>;

/**
 * Accumulates pairs of both outcomes for less than the dollar that a pair pays. On a mirrored book both legs are never cheap
 * at once, so the first leg is bought when its outcome stands below its own slow average, and the second is taken only
 * when `cost_basis(held) + effective_price(missing, size) + fee` leaves the safety margin. Legs are sized from fills. A
 * residual is completed, unwound or held by policy once its time is up; a complete pair is merged by the engine.
 */
export class PairArb extends Strategy<typeof PARAMS, typeof STATE> {
  static readonly id = "pair-arb";
  static readonly posture = "pair";
  static readonly params: typeof PARAMS = PARAMS;
  static readonly state: typeof STATE = STATE;

  override onBook(ctx: BookContext<State>): void {
    this.#average(ctx);
    this.#act(ctx);
  }

  override onTimer(ctx: TimerContext<State>): void {
    if (ctx.name === "residual") ctx.state.expired = true;
    this.#act(ctx);
  }

  override onFill(ctx: FillContext<State>): void {
    this.#act(ctx);
  }

  override onOrder(ctx: OrderContext<State>): void {
    if (ctx.order.status === "DENIED") ctx.state.deniedUntil = ctx.now + this.params.denied_pause_ms * NANOS_PER_MS;
    // What is left of a hedge that did not fill at once must not rest: the market that it was priced for has gone.
    if (ctx.order.purpose === "hedge" && ctx.order.status === "LIVE") ctx.cancel(ctx.order.intentId);
  }

  #act(ctx: Context): void {
    if (isClosed(ctx.status)) return ctx.skip(`market is ${ctx.status}`);
    if (ctx.now < ctx.state.deniedUntil) return ctx.skip("pausing after a denial");
    const residual = ctx.position(0).matched - ctx.position(1).matched;
    const size = orderSize(Math.abs(residual));
    if (size === 0) {
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
    const { state } = ctx;
    if (state.waiting) {
      state.waiting = false;
      state.expired = false;
      ctx.clearTimer("residual");
    }
    if (ctx.orders().some((order) => order.purpose === "hedge" || order.orderType === "FAK")) {
      return ctx.skip("an order is under way");
    }
    if (this.#bothLegs(ctx)) return;
    if (state.average === 0) return ctx.skip("no average of the price yet");
    this.#firstLeg(ctx, 0, state.average);
    this.#firstLeg(ctx, 1, 1 - state.average);
  }

  #firstLeg(ctx: Context, outcome: Outcome, average: number): void {
    const { params } = this;
    const quote = ctx.quote(outcome);
    const target = gridFloor(average - params.discount, ctx.market.tick);
    const resting = ctx.orders().find((order) => order.outcome === outcome);
    if (target < params.min_price * PRICE_ONE || target > params.max_price * PRICE_ONE) {
      if (resting !== undefined) ctx.cancel(resting.intentId);
      return ctx.skip("price out of the range for a first leg", { outcome });
    }
    const size = smallest(params.clip_shares * SHARES_ONE);
    if (size < ctx.market.minSize) return ctx.skip("clip below the venue's minimum size");
    if (!this.#liquid(ctx, otherOutcome(outcome))) {
      if (resting !== undefined) ctx.cancel(resting.intentId);
      return ctx.skip("too little on the other leg's asks", { outcome });
    }
    const takeable = quote.ask / PRICE_ONE + quote.feeAt(quote.ask) <= average - params.discount;
    if (takeable && params.leg1 !== "rest") {
      if (ctx.orders().length > 0) {
        ctx.cancelAll("taking the first leg");
        return;
      }
      const there = smallest(size, quote.askSize);
      if (there < ctx.market.minSize) return ctx.skip("too little at the ask for a first leg");
      ctx.buy({ outcome, limit: quote.ask, size: there, orderType: "FAK", reason: "first leg taken" });
      return;
    }
    if (params.leg1 === "take") return ctx.skip("not below its average", { outcome, ask: quote.ask, average });
    this.#rest(ctx, outcome, Math.min(target, quote.ask - ctx.market.tick) as Price, size, resting);
  }

  #rest(ctx: Context, outcome: Outcome, limit: Price, size: Shares, resting: OrderView | undefined): void {
    const { params } = this;
    const { tick } = ctx.market;
    if (resting === undefined) {
      if (limit < tick) return ctx.skip("target price below the grid", { outcome });
      ctx.buy({ outcome, limit, size, orderType: "GTC", postOnly: true, reason: "first leg resting" });
      return;
    }
    if (resting.status !== "LIVE") return;
    if (Math.abs(resting.limit - limit) < params.requote_ticks * tick) return;
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
    const yes = ctx.quote(0);
    const no = ctx.quote(1);
    if (yes.ask + no.ask >= PRICE_ONE) return false;
    const size = smallest(
      this.params.clip_shares * SHARES_ONE,
      ctx.book.depth(0, "buy", yes.ask),
      ctx.book.depth(1, "buy", no.ask),
    );
    if (size < ctx.market.minSize) return false;
    const first = pairCost(ctx.position(0), yes, size);
    const second = pairCost(ctx.position(1), no, size);
    const total = first.missing + first.fee + second.missing + second.fee;
    if (!first.complete || !second.complete || !this.#affordable(size, total)) return false;
    if (ctx.orders().length > 0) {
      ctx.cancelAll("both legs at once");
      return true;
    }
    const edge = 1 - total / size;
    ctx.buy({ outcome: 0, limit: first.worst, size, orderType: "GTC", reason: "both legs at once", edge });
    ctx.buy({ outcome: 1, limit: second.worst, size, orderType: "GTC", purpose: "hedge", reason: "both legs at once", edge });
    return true;
  }

  // --- second leg ------------------------------------------------------------------------------------------------------

  #complete(ctx: Context, held: Outcome, residual: Shares): void {
    const missing = otherOutcome(held);
    for (const order of ctx.orders()) {
      if (order.outcome === held && order.side === "buy") ctx.cancel(order.intentId);
    }
    if (ctx.orders().some((order) => order.purpose === "hedge" || order.side === "sell")) {
      return ctx.skip("an order is under way");
    }
    if (residual < ctx.market.minSize) return ctx.skip("residual below the venue's minimum size", { residual });
    if (ctx.state.expired) {
      this.#policy(ctx, held, residual);
      return;
    }
    if (!this.#hedge(ctx, held, residual, "second leg", (size, total) => this.#affordable(size, total))) {
      ctx.skip("second leg too dear", { outcome: missing, ask: ctx.quote(missing).ask });
    }
  }

  /** Buys the missing leg if the pair's whole cost passes. Tries the full residual, then what stands at the best ask. */
  #hedge(ctx: Context, held: Outcome, residual: Shares, reason: string, fits: (size: Shares, total: number) => boolean): boolean {
    const missing = otherOutcome(held);
    const quote = ctx.quote(missing);
    for (const amount of [residual, smallest(residual, quote.askSize)]) {
      if (amount < ctx.market.minSize) continue;
      const cost = pairCost(ctx.position(held), quote, amount);
      if (!cost.complete || !fits(amount, cost.total)) continue;
      const resting = ctx.orders().filter((order) => order.outcome === missing);
      if (resting.length > 0) {
        for (const order of resting) ctx.cancel(order.intentId);
        return true;
      }
      const edge = 1 - cost.total / amount;
      // GTC at the worst price met buys exact shares (a FAK buy would spend dollars); what does not fill at once is cancelled.
      ctx.buy({ outcome: missing, limit: cost.worst, size: amount, orderType: "GTC", purpose: "hedge", reason, edge });
      return true;
    }
    return false;
  }

  /** A pair of this size at this cost leaves the margin and keeps under the cap. */
  #affordable(size: Shares, total: number): boolean {
    return total < size * (1 - this.params.safety_margin) && total <= size * this.params.pair_cost_cap;
  }

  #policy(ctx: Context, held: Outcome, residual: Shares): void {
    const { params, state } = { params: this.params, state: ctx.state };
    if (ctx.now - state.triedAt < params.retry_ms * NANOS_PER_MS) return ctx.skip("residual: waiting to try again");
    state.triedAt = ctx.now;
    ctx.after(params.retry_ms, "retry");
    if (params.residual === "hold") return ctx.skip("residual held to payout (leg risk)");
    if (params.residual === "complete") {
      const fits = (size: Shares, total: number): boolean => total <= size * params.max_completion_cost;
      if (!this.#hedge(ctx, held, residual, "residual completed late", fits)) {
        ctx.skip("residual too dear to complete: held (leg risk)");
      }
      return;
    }
    const quote = ctx.quote(held);
    const walk = quote.selling({ shares: residual });
    if (walk.shares < ctx.market.minSize) return ctx.skip("no bids to unwind the residual at");
    const loss = heldCost(ctx.position(held), walk.shares) - walk.cost + quote.feeAt(walk.worst) * walk.shares;
    if (loss > walk.shares * params.max_unwind_loss) return ctx.skip("residual too costly to unwind: held (leg risk)", { loss });
    ctx.sell({ outcome: held, limit: walk.worst, size: orderSize(walk.shares), orderType: "FAK", purpose: "exit", reason: "residual unwound" });
  }

  // --- the slow average ------------------------------------------------------------------------------------------------

  #average(ctx: Context): void {
    const mid = ctx.quote(0).mid;
    if (mid === undefined) return;
    const { state } = ctx;
    if (state.average === 0) {
      state.average = mid;
    } else {
      const halfLife = this.params.average_half_life_ms * NANOS_PER_MS;
      const age = ctx.now - state.averagedAt;
      // 1 - 2^(-age / halfLife) to second order is enough for an average, and needs no exponential.
      const x = Math.min(1, (0.6931471805599453 * age) / halfLife);
      state.average += (mid - state.average) * Math.min(1, x - (x * x) / 2);
    }
    state.averagedAt = ctx.now;
  }
}
