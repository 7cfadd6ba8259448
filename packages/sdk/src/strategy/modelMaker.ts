import { z } from "zod";
import { otherOutcome, type Outcome } from "../events/index.ts";
import { NANOS_PER_MS, PRICE_ONE, SHARES_ONE, type Price, type Shares } from "../units/index.ts";
import type {
  BookContext,
  MarketTruth,
  OrderContext,
  OrderView,
  StaleContext,
  StrategyContext,
  TimerContext,
  TruthContext,
} from "./context.ts";
import { gridFloor, orderSize } from "./grid.ts";
import { isNews, NEWS_STATE } from "./news.ts";
import { isClosed } from "./phase.ts";
import { modelShare } from "./shrink.ts";
import { Strategy } from "./strategy.ts";

const ms = (fallback: number) => z.int().min(0).max(3_600_000).default(fallback);

const PARAMS = z.strictObject({
  reference: z
    .enum(["model", "microprice"])
    .default("model")
    .describe("What the quotes are centred on: the model's probability, or the book's own microprice."),
  market_sd: z
    .number()
    .min(0)
    .max(1)
    .default(0.1)
    .describe(
      "How far the market is from the truth, as one standard deviation m: with the model's sd s, quotes are centred m² / (m² + s²) of the way from the microprice to the model. 1 hardly looks at sd.",
    ),
  half_spread: z
    .number()
    .min(0.001)
    .max(0.4)
    .default(0.02)
    .describe("Distance of each quote from the reference, in probability."),
  size_shares: z.number().min(1).max(1_000_000).default(20).describe("Shares per quote."),
  max_position_shares: z
    .number()
    .min(1)
    .max(10_000_000)
    .default(100)
    .describe("Net position that no quote may lead beyond."),
  skew_per_100_shares: z
    .number()
    .min(0)
    .max(0.5)
    .default(0.03)
    .describe("How far both quotes move against the position, in probability per 100 shares held."),
  requote_move: z
    .number()
    .min(0)
    .max(1)
    .default(0.01)
    .describe(
      "A quote that is safe moves only when its target is this far away (and at least a tick), in probability.",
    ),
  min_rest_ms: ms(1_000).describe("A quote that is safe is left alone for at least this long."),
  max_cancels_per_minute: z
    .int()
    .min(1)
    .max(10_000)
    .default(40)
    .describe("Cancels per minute and market; when used up, only quotes that became unsafe are pulled."),
  news_move: z
    .number()
    .min(0)
    .max(1)
    .default(0.02)
    .describe(
      "A move of the implied probability that counts as news; kills, towers, rounds and results always do.",
    ),
  pause_after_truth_ms: ms(20_000).describe(
    "After news about the match the quotes are pulled and stay away for this long; 0 keeps them.",
  ),
  denied_pause_ms: ms(2_000).describe(
    "Pause after a denial or rejection: what was just refused will be refused again.",
  ),
  min_reference: z
    .number()
    .min(0)
    .max(1)
    .default(0.08)
    .describe("Quotes only while the reference is at least this."),
  max_reference: z
    .number()
    .min(0)
    .max(1)
    .default(0.92)
    .describe("Quotes only while the reference is at most this."),
  max_book_spread: z
    .number()
    .min(0.001)
    .max(1)
    .default(0.2)
    .describe("Wider books than this are left alone, in probability."),
});

const STATE = z.object({
  ...NEWS_STATE,
  pausedUntil: z.number().default(0),
  deniedUntil: z.number().default(0),
  minuteStarted: z.number().default(0),
  cancels: z.number().default(0),
});

type State = z.output<typeof STATE>;
type Context = StrategyContext<State>;

const MINUTE = 60_000 * NANOS_PER_MS;
/** A quote is unsafe once less than this part of the half-spread lies between it and the reference. */
const UNSAFE = 1 / 4;

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
  static readonly truthDriven = (params: z.output<typeof PARAMS>): boolean => params.reference === "model";

  override onBook(ctx: BookContext<State>): void {
    this.#quote(ctx);
  }

  override onTruth(ctx: TruthContext<State>): void {
    if (isNews(ctx.state, ctx.truth, this.params.news_move) && ctx.truth.fresh) this.#stepAside(ctx, "news");
    else this.#quote(ctx);
  }

  override onTruthRevised(ctx: TruthContext<State>): void {
    this.#stepAside(ctx, "truth revised");
  }

  override onStale(ctx: StaleContext<State>): void {
    if (this.params.reference === "model") this.#pull(ctx, "truth is stale");
  }

  override onOrder(ctx: OrderContext<State>): void {
    const { order, state } = ctx;
    if (order.status !== "DENIED" && order.status !== "REJECTED") return;
    state.deniedUntil = ctx.now + this.params.denied_pause_ms * NANOS_PER_MS;
  }

  override onTimer(ctx: TimerContext<State>): void {
    if (ctx.name === "resume") this.#quote(ctx);
  }

  /** Whoever quotes through news is picked off by those who saw it first. */
  #stepAside(ctx: Context, why: string): void {
    const pause = this.params.pause_after_truth_ms;
    if (pause === 0) return;
    ctx.state.pausedUntil = ctx.now + pause * NANOS_PER_MS;
    this.#pull(ctx, why);
    ctx.after(pause, "resume");
  }

  #quote(ctx: Context): void {
    if (isClosed(ctx.status)) return ctx.skip(`market is ${ctx.status}`);
    if (ctx.now < ctx.state.pausedUntil) return ctx.skip("pausing after news");
    const { params } = this;
    const book = ctx.quote(0);
    if (book.ask - book.bid > params.max_book_spread * PRICE_ONE) {
      this.#pull(ctx, "book too wide");
      return ctx.skip("book too wide", { bid: book.bid, ask: book.ask });
    }
    const model = params.reference === "model";
    const reference = !model
      ? book.microprice
      : ctx.truth === undefined || isDoubted(ctx.truth)
        ? undefined
        : towardsModel(book.microprice, ctx.truth, params.market_sd);
    if (reference === undefined) {
      this.#pull(ctx, "no reference");
      return ctx.skip(
        model ? "truth about this market is missing, stale or in doubt" : "one side of the book is empty",
      );
    }
    if (reference < params.min_reference || reference > params.max_reference) {
      this.#pull(ctx, "reference out of range");
      return ctx.skip("reference out of range", { reference });
    }
    const net = ctx.position(0).matched - ctx.position(1).matched;
    const skew = (net / (100 * SHARES_ONE)) * params.skew_per_100_shares;
    this.#side(ctx, 0, reference - skew, net);
    this.#side(ctx, 1, 1 - (reference - skew), -net);
  }

  /** Keeps one bid on an outcome where it should be. `fair` and `held` are that outcome's own. */
  #side(ctx: Context, outcome: Outcome, fair: number, held: number): void {
    const { params } = this;
    const { tick, minSize } = ctx.market;
    const target = Math.min(
      gridFloor(fair - params.half_spread, tick),
      ctx.quote(outcome).ask - tick,
    ) as Price;
    const size = orderSize(
      Math.min(
        params.size_shares * SHARES_ONE * ctx.riskScale,
        params.max_position_shares * SHARES_ONE - held,
      ),
    );
    const bids = ctx.orders().filter((order) => order.side === "buy");
    const resting = bids.find((order) => order.outcome === outcome);
    if (resting !== undefined) {
      this.#keepOrPull(ctx, resting, target, size, fair);
      return;
    }
    if (ctx.now < ctx.state.deniedUntil) return ctx.skip("pausing after a refusal");
    if (size < minSize) return ctx.skip("position limit reached", { outcome, held: held / SHARES_ONE });
    if (target < tick) return ctx.skip("target price below the grid", { outcome });
    // The other quote may still be on its way out: the two must never meet each other.
    const other = bids.find((order) => order.outcome === otherOutcome(outcome));
    if (other !== undefined && other.limit + target >= PRICE_ONE)
      return ctx.skip("waiting for the other quote to go");
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

  #keepOrPull(ctx: Context, order: OrderView, target: Price, size: Shares, fair: number): void {
    if (order.status !== "LIVE") return;
    const { params } = this;
    const left = order.size - order.matched;
    const unsafe =
      order.limit / PRICE_ONE > fair - params.half_spread * UNSAFE ||
      size < Math.min(left, ctx.market.minSize);
    if (!unsafe) {
      const move = Math.max(params.requote_move * PRICE_ONE, ctx.market.tick);
      if (Math.abs(order.limit - target) < move) return;
      if (ctx.now - order.placedAt < params.min_rest_ms * NANOS_PER_MS)
        return ctx.skip("quote is young and safe");
      if (this.#cancelsLeft(ctx) <= 0) return ctx.skip("cancel budget is used up");
    }
    ctx.state.cancels += 1;
    ctx.cancel(order.intentId);
  }

  /** Takes every quote back, whatever the budget says; it counts all the same. */
  #pull(ctx: Context, why: string): void {
    this.#cancelsLeft(ctx);
    for (const order of ctx.orders()) if (order.status === "LIVE") ctx.state.cancels += 1;
    ctx.cancelAll(why);
  }

  #cancelsLeft(ctx: Context): number {
    const { state } = ctx;
    if (ctx.now - state.minuteStarted >= MINUTE) {
      state.minuteStarted = ctx.now;
      state.cancels = 0;
    }
    return this.params.max_cancels_per_minute - state.cancels;
  }
}

/** The first outcome's probability: from the book's own towards the model's, as far as the model is sure of it. */
function towardsModel(microprice: number | undefined, truth: MarketTruth, marketSd: number): number {
  const p = truth.pOf(0);
  return microprice === undefined ? p : microprice + modelShare(truth.sd, marketSd) * (p - microprice);
}

/** Whether the model's p rests on truth that is stale, contradicted, taken back, or said by one source alone. */
function isDoubted({ match }: MarketTruth): boolean {
  return (
    match.stale ||
    [match, ...match.games].some(
      ({ status, singleSource }) => singleSource || status === "disputed" || status === "retracted",
    )
  );
}
