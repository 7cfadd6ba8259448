import { z } from "zod";
import type { Outcome } from "../events/index.ts";
import { NANOS_PER_MS, PRICE_ONE, USDC_ONE, type Usdc } from "../units/index.ts";
import type { BookContext, MarketTruth, OrderContext, StaleContext, StrategyContext, TimerContext, TruthContext } from "./context.ts";
import { gridFloor, orderSize, smallest } from "./grid.ts";
import { isClosed } from "./phase.ts";
import { Strategy } from "./strategy.ts";

const PARAMS = z.strictObject({
  /** Smallest edge worth taking: `p - ask - fee`, in probability. */
  edge_threshold: z.number().min(0).max(1).default(0.04),
  /** An edge above this is taken for our own error (stale book, wrong mapping) and left alone. */
  edge_max: z.number().min(0).max(1).default(0.25),
  /** Fraction of full Kelly. */
  kelly_fraction: z.number().min(0).max(1).default(0.25),
  /** Most that one entry spends, in dollars. */
  max_entry_usdc: z.number().min(1).max(1_000_000).default(40),
  /** Most that the position may have cost, in dollars. */
  max_position_usdc: z.number().min(1).max(1_000_000).default(80),
  /** How far beyond the best ask an entry may reach. */
  max_slippage: z.number().min(0).max(1).default(0.03),
  /** How long after fresh news an entry may still be tried. */
  signal_window_ms: z.number().int().min(0).max(600_000).default(8_000),
  /** Exit at target: the bid has come within this of the implied probability. */
  target_gap: z.number().min(-1).max(1).default(0.01),
  /** Exit on reversal: the implied probability has fallen this far below what it was at entry. */
  reversal: z.number().min(0).max(1).default(0.08),
  /** Exit on time: held longer than this. */
  max_hold_ms: z.number().int().min(1_000).max(86_400_000).default(900_000),
  /** Exit when truth goes stale. */
  exit_on_stale: z.boolean().default(true),
  /** Pause after a denied entry: what the gate has just refused, it will refuse again. */
  denied_pause_ms: z.number().int().min(0).max(3_600_000).default(1_000),
  /** Pause between attempts to exit. */
  exit_retry_ms: z.number().int().min(50).max(600_000).default(1_000),
});

const STATE = z.object({
  /** When the last fresh news came, 0 before any. */
  signalAt: z.number().default(0),
  deniedUntil: z.number().default(0),
  /** Implied probability of the held outcome when it was bought. */
  entryP: z.number().default(0),
  /** Why the position is being left; empty while it is not. */
  exiting: z.string().default(""),
  exitTriedAt: z.number().default(0),
});

type State = z.output<typeof STATE>;
type Context = StrategyContext<State>;

/**
 * Trades the time between something happening in a match and the book having heard of it: buys the outcome whose implied
 * probability exceeds its ask and fee by an edge within a band, and leaves when the book has caught up, when the news is
 * taken back, when truth goes silent, or when time is up.
 */
export class TemporalArb extends Strategy<typeof PARAMS, typeof STATE> {
  static readonly id = "temporal-arb";
  static readonly posture = "directional";
  static readonly params: typeof PARAMS = PARAMS;
  static readonly state: typeof STATE = STATE;
  static readonly truthDriven = true;

  override onTruth(ctx: TruthContext<State>): void {
    if (ctx.truth.fresh) ctx.state.signalAt = ctx.now;
    this.#act(ctx, ctx.truth);
  }

  override onTruthRevised(ctx: TruthContext<State>): void {
    ctx.cancelAll("truth revised");
    ctx.state.signalAt = 0;
    this.#leave(ctx, "truth reversed");
  }

  override onBook(ctx: BookContext<State>): void {
    if (ctx.truth === undefined) return ctx.skip("no truth about this market");
    this.#act(ctx, ctx.truth);
  }

  override onStale(ctx: StaleContext<State>): void {
    ctx.cancelAll(`truth is stale: ${ctx.source}`);
    ctx.state.signalAt = 0;
    if (this.params.exit_on_stale) this.#leave(ctx, "truth stale");
  }

  override onTimer(ctx: TimerContext<State>): void {
    if (ctx.name === "hold") this.#leave(ctx, "held too long");
    if (ctx.name === "retry" && ctx.state.exiting !== "") this.#leave(ctx, ctx.state.exiting);
  }

  override onOrder(ctx: OrderContext<State>): void {
    if (ctx.order.status === "DENIED") ctx.state.deniedUntil = ctx.now + this.params.denied_pause_ms * NANOS_PER_MS;
    // An exit that was refused or killed is tried again: shares may be sold once their trade is mined.
    if (ctx.state.exiting !== "" && ctx.order.side === "sell") ctx.after(this.params.exit_retry_ms, "retry");
  }

  override onPosition(ctx: Context): void {
    if (held(ctx) !== undefined) return;
    ctx.state.exiting = "";
    ctx.clearTimer("hold");
    ctx.clearTimer("retry");
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
    if (ctx.quote(outcome).bid / PRICE_ONE >= p - this.params.target_gap) return "target reached";
    return undefined;
  }

  #enter(ctx: Context, truth: MarketTruth): void {
    const { params } = this;
    if (isClosed(ctx.status)) return ctx.skip(`market is ${ctx.status}`);
    if (ctx.now < ctx.state.deniedUntil) return ctx.skip("pausing after a denial");
    if (ctx.state.exiting !== "") return ctx.skip("leaving a position");
    if (ctx.state.signalAt === 0) return ctx.skip("no fresh news yet");
    if (ctx.now - ctx.state.signalAt > params.signal_window_ms * NANOS_PER_MS) return ctx.skip("news is old");
    if (ctx.orders().length > 0) return ctx.skip("an order is under way");
    const outcome = truth.leader;
    const other = outcome === 0 ? 1 : 0;
    if (ctx.position(other).matched > 0) return ctx.skip("the other outcome is held");
    const quote = ctx.quote(outcome);
    const edge = quote.edge(truth.p);
    if (edge < params.edge_threshold) return ctx.skip("edge below threshold", { edge });
    if (edge > params.edge_max) return ctx.skip("edge above band", { edge });
    // The worst price at which the edge is still what was asked for; the fee there is at most the fee at the ask's side of it.
    const worth = truth.p - params.edge_threshold - quote.feeAt(quote.ask);
    const limit = gridFloor(Math.min(worth, quote.ask / PRICE_ONE + params.max_slippage), ctx.market.tick);
    if (limit < quote.ask) return ctx.skip("edge does not survive the grid", { edge });
    const room = params.max_position_usdc * USDC_ONE - ctx.position(outcome).cost;
    const maxUsdc = Math.max(0, Math.min(params.max_entry_usdc * USDC_ONE, room)) as Usdc;
    const wanted = ctx.kelly({ p: truth.p, price: limit, fraction: params.kelly_fraction, maxUsdc });
    const size = smallest(wanted, ctx.book.depth(outcome, "buy", limit));
    if (size < ctx.market.minSize) return ctx.skip("size below the venue's minimum", { wanted, edge });
    ctx.state.entryP = truth.p;
    ctx.buy({ outcome, limit, size, orderType: "FAK", reason: "book behind truth", edge });
    ctx.after(params.max_hold_ms, "hold");
  }

  #leave(ctx: Context, reason: string): void {
    const outcome = held(ctx);
    if (outcome === undefined) return;
    ctx.state.exiting = reason;
    for (const order of ctx.orders()) if (order.side === "buy") ctx.cancel(order.intentId);
    if (ctx.orders().some((order) => order.side === "sell")) return;
    const retry = this.params.exit_retry_ms * NANOS_PER_MS;
    if (ctx.state.exitTriedAt !== 0 && ctx.now - ctx.state.exitTriedAt < retry) return;
    ctx.state.exitTriedAt = ctx.now;
    const quote = ctx.quote(outcome);
    const size = orderSize(ctx.position(outcome).matched);
    if (quote.bid <= 0) {
      ctx.after(this.params.exit_retry_ms, "retry");
      return ctx.skip("no bid to exit at", { reason });
    }
    ctx.sell({ outcome, limit: quote.bid, size, orderType: "FAK", purpose: "exit", reason });
  }
}

/** The outcome of which enough is held to be sold; less than the venue's minimum order is carried to the payout. */
function held(ctx: Context): Outcome | undefined {
  const { minSize } = ctx.market;
  if (orderSize(ctx.position(0).matched) >= minSize) return 0;
  if (orderSize(ctx.position(1).matched) >= minSize) return 1;
  return undefined;
}
