import { z } from "zod";
import type { MarketSubject, Outcome } from "../events/index.ts";
import { NANOS_PER_MS, PRICE_ONE, USDC_ONE, type Price, type Usdc } from "../units/index.ts";
import type {
  BookContext,
  FillContext,
  HaltContext,
  MarketTruth,
  OrderContext,
  PositionContext,
  SiblingMarket,
  StaleContext,
  StrategyContext,
  TimerContext,
  TruthContext,
} from "./context.ts";
import { gridFloor, orderSize, smallest } from "./grid.ts";
import { isClosed } from "./phase.ts";
import {
  decided,
  gameFromSeries,
  combined,
  gameOfPrice,
  midOf,
  playedChance,
  priceOfGame,
  seriesFromGames,
  type Estimate,
  type Fair,
  type GameTerm,
} from "./seriesFair.ts";
import { SERIES_CONSISTENCY_PARAMS } from "./seriesParams.ts";
import { Strategy } from "./strategy.ts";

const STATE = z.object({
  /** Team 0's price in a game before it was played, as last seen: what a game without a market is taken to be worth. 0: none. */
  priorP: z.number().default(0),
  /** Since when there has been an edge, and on which outcome; 0: there is none. */
  edgeSince: z.number().default(0),
  edgeOutcome: z.union([z.literal(0), z.literal(1)]).default(0),
  /** Since when the siblings have implied no price; 0: they do. */
  blindSince: z.number().default(0),
  /** Implied price of the outcome that was asked for, and of what is held; 0: nothing. */
  askedP: z.number().default(0),
  entryP: z.number().default(0),
  /** Why the position is being left; empty while it is not. */
  exiting: z.string().default(""),
  exitTriedAt: z.number().default(0),
  pausedUntil: z.number().default(0),
});

type State = z.output<typeof STATE>;
type Context = StrategyContext<State>;

const EPSILON = 1e-9;
const TARGET = "target reached";

/**
 * Prices the markets of one match against each other: the series by the recursion over its games' prices, a game by what the
 * series' price leaves for it. Buys the outcome whose own book lags behind what its siblings imply, after fee and beyond their
 * uncertainty; leaves when the book has caught up, when the siblings turn, or when time is up. Relative value, not arbitrage:
 * each position is a directional bet, and all of one match share one cap.
 */
export class SeriesConsistency extends Strategy<typeof SERIES_CONSISTENCY_PARAMS, typeof STATE> {
  static readonly id = "series-consistency";
  static readonly posture = "directional";
  static readonly params: typeof SERIES_CONSISTENCY_PARAMS = SERIES_CONSISTENCY_PARAMS;
  static readonly state: typeof STATE = STATE;

  override onStart(ctx: Context): void {
    if (ctx.market.subject !== undefined) ctx.after(this.params.recheck_ms, "look");
  }

  override onBook(ctx: BookContext<State>): void {
    this.#look(ctx);
  }

  override onTruth(ctx: TruthContext<State>): void {
    this.#look(ctx);
  }

  override onTruthRevised(ctx: TruthContext<State>): void {
    ctx.cancelAll("truth revised");
    ctx.state.edgeSince = 0;
    this.#look(ctx);
  }

  override onStale(ctx: StaleContext<State>): void {
    ctx.cancelAll(`truth is stale: ${ctx.source}`);
    ctx.state.edgeSince = 0;
  }

  override onResume(ctx: HaltContext<State>): void {
    if (ctx.state.exiting !== "") this.#leave(ctx, ctx.state.exiting);
  }

  override onTimer(ctx: TimerContext<State>): void {
    if (ctx.name === "hold") return this.#leave(ctx, "held too long");
    if (ctx.name === "retry")
      return ctx.state.exiting === "" ? undefined : this.#leave(ctx, ctx.state.exiting);
    if (ctx.status === "RESOLVED") return;
    this.#look(ctx);
    ctx.after(this.params.recheck_ms, "look");
  }

  override onOrder(ctx: OrderContext<State>): void {
    const { order, state } = ctx;
    const refused = order.status === "DENIED" || order.status === "REJECTED";
    if (order.side === "buy") {
      if (refused) state.pausedUntil = ctx.now + this.params.cooldown_ms * NANOS_PER_MS;
    } else if (refused || order.status === "CANCELED") {
      ctx.after(this.params.exit_retry_ms, "retry");
    }
    this.#tidy(ctx);
  }

  override onFill(ctx: FillContext<State>): void {
    const { state } = ctx;
    if (ctx.order.side === "buy") {
      if (state.entryP === 0) ctx.after(this.params.max_hold_ms, "hold");
      state.entryP = state.askedP;
      state.pausedUntil = ctx.now + this.params.entry_pause_ms * NANOS_PER_MS;
    }
    if (state.exiting !== "") this.#leave(ctx, state.exiting);
  }

  override onFillVoided(ctx: FillContext<State>): void {
    if (ctx.order.side === "sell") this.#leave(ctx, "sale failed on the chain");
  }

  override onPosition(ctx: PositionContext<State>): void {
    this.#tidy(ctx);
  }

  #tidy(ctx: Context): void {
    const { state } = ctx;
    if (held(ctx) !== undefined || ctx.orders().length > 0 || (state.entryP === 0 && state.exiting === ""))
      return;
    state.pausedUntil = ctx.now + this.params.cooldown_ms * NANOS_PER_MS;
    state.entryP = 0;
    state.exiting = "";
    state.edgeSince = 0;
    ctx.clearTimer("hold");
    ctx.clearTimer("retry");
  }

  #look(ctx: Context): void {
    const { subject } = ctx.market;
    const { truth } = ctx;
    if (subject === undefined || truth === undefined) return ctx.skip("the market is about no known match");
    const fair = this.#fair(ctx, subject, truth);
    const outcome = held(ctx);
    if (outcome !== undefined && ctx.state.exiting !== "") this.#leave(ctx, ctx.state.exiting);
    if (!fair.known) {
      ctx.state.edgeSince = 0;
      ctx.state.blindSince = ctx.state.blindSince === 0 ? ctx.now : ctx.state.blindSince;
      const blind = ctx.now - ctx.state.blindSince > this.params.blind_ms * NANOS_PER_MS;
      if (blind && outcome !== undefined && ctx.state.exiting === "")
        this.#leave(ctx, "the siblings imply nothing");
      return ctx.skip(fair.why);
    }
    ctx.state.blindSince = 0;
    // One's own book is an opinion too, and often the better one: the wider or the less certain of the two yields.
    const both = combined(midOf(ctx, 1, this.params.quote_sd) ?? fair, fair);
    const own = subject.teamOf[0] === 0 ? both.p : 1 - both.p;
    const pOf = (of: Outcome): number => (of === 0 ? own : 1 - own);
    if (outcome !== undefined && ctx.state.exiting === "") {
      const p = pOf(outcome);
      if (p <= ctx.state.entryP - this.params.reversal) this.#leave(ctx, "the siblings turned");
      else if (ctx.quote(outcome).bid / PRICE_ONE >= p - this.params.target_gap) this.#leave(ctx, TARGET);
    }
    this.#enter(ctx, truth, pOf, both.sd);
  }

  /** Team 0's price of this market by the others. */
  #fair(ctx: Context, subject: MarketSubject, truth: MarketTruth): Fair {
    const { params } = this;
    const { match } = truth;
    if (match.stale) return { known: false, why: "truth is stale" };
    if (match.status === "disputed" || match.games.some((game) => game.status === "disputed")) {
      return { known: false, why: "truth is disputed" };
    }
    const siblings = ctx.siblings();
    const quoted = new Map<number, Estimate>();
    let series: Estimate | undefined;
    for (const sibling of siblings) {
      const mid = midOf(sibling, params.max_spread, params.quote_sd);
      if (mid === undefined) continue;
      const about = sibling.market.subject!;
      if (about.kind === "series") series = mid;
      else quoted.set(about.game, mid);
    }
    const own = subject.kind === "game" ? subject.game : 0;
    const { bestOf } = match.match;
    const games: GameTerm[] = [];
    const priors: number[] = [];
    let missing: number | undefined;
    for (const game of match.games) {
      const index = game.game - 1;
      const price = quoted.get(game.game);
      const said = decided(game);
      const played = said === undefined ? playedChance(bestOf, games, index) : 1;
      const known =
        said ?? (price !== undefined && played >= params.min_played ? gameOfPrice(price, played) : undefined);
      if (price !== undefined && known !== undefined && known !== "void" && game.status === "scheduled")
        priors.push(known.p);
      if (known !== undefined) games.push(known);
      else if (game.game === own) games.push({ p: midOf(ctx, 1, 0)?.p ?? 0.5, sd: 0 });
      else {
        games.push(undefined);
        missing ??= game.game;
      }
    }
    // The best guess for a game without a market is what its neighbours were worth before they were played.
    if (priors.length > 0) ctx.state.priorP = priors.reduce((sum, p) => sum + p, 0) / priors.length;
    if (ctx.state.priorP === 0 && missing !== undefined)
      return { known: false, why: `no price for game ${missing}` };
    const priced = games.map((game) => game ?? { p: ctx.state.priorP, sd: params.later_sd });
    if (own === 0) {
      if (quoted.size === 0) return { known: false, why: "no game of the match has a price" };
      return { known: true, ...seriesFromGames(bestOf, priced) };
    }
    if (decided(match.games[own - 1]!) !== undefined) return { known: false, why: "the game is decided" };
    if (series === undefined) return { known: false, why: "the series has no price" };
    const fair = gameFromSeries(bestOf, priced, own - 1, series, params.min_weight);
    if (!fair.known) return fair;
    return { known: true, ...priceOfGame(fair, playedChance(bestOf, priced, own - 1)) };
  }

  #enter(ctx: Context, truth: MarketTruth, pOf: (outcome: Outcome) => number, sd: number): void {
    const { params } = this;
    const { state } = ctx;
    if (isClosed(ctx.status)) return ctx.skip(`market is ${ctx.status}`);
    if (truth.own.singleSource) return ctx.skip("truth rests on a single source");
    if (state.exiting !== "") return ctx.skip("leaving a position");
    const outcome: Outcome = ctx.quote(0).edge(pOf(0)) >= ctx.quote(1).edge(pOf(1)) ? 0 : 1;
    const p = pOf(outcome);
    const quote = ctx.quote(outcome);
    const edge = quote.edge(p);
    if (edge < params.edge_threshold - EPSILON) {
      state.edgeSince = 0;
      return ctx.skip("edge below threshold", { edge, sd });
    }
    if (edge > params.edge_max + EPSILON) return ctx.skip("edge above band", { edge });
    if (state.edgeSince === 0 || state.edgeOutcome !== outcome) {
      state.edgeSince = ctx.now;
      state.edgeOutcome = outcome;
    }
    if (ctx.now - state.edgeSince < params.persist_ms * NANOS_PER_MS)
      return ctx.skip("the edge is new", { edge });
    if (ctx.now < state.pausedUntil) return ctx.skip("pausing");
    if (ctx.orders().length > 0) return ctx.skip("an order is under way");
    if (ctx.position(outcome === 0 ? 1 : 0).matched >= ctx.market.minSize)
      return ctx.skip("the other outcome is held");
    const worth = (price: Price): boolean =>
      p - price / PRICE_ONE - quote.feeAt(price) >= params.edge_threshold - EPSILON;
    let limit = gridFloor(Math.min(p, quote.ask / PRICE_ONE + params.max_slippage), ctx.market.tick);
    while (limit > quote.ask && !worth(limit)) limit = (limit - ctx.market.tick) as Price;
    if (limit < quote.ask) limit = quote.ask;
    const room = params.max_match_usdc * USDC_ONE - committed(ctx);
    if (room < USDC_ONE) return ctx.skip("the match's cap is reached");
    const { tick } = ctx.market;
    const feePerDollar = (quote.feeAt(tick) * PRICE_ONE) / tick;
    const maxUsdc = Math.floor(Math.min(params.max_entry_usdc * USDC_ONE, room) / (1 + feePerDollar)) as Usdc;
    const wanted = ctx.kelly({ p, price: quote.ask, fraction: params.kelly_fraction, maxUsdc });
    const size = smallest((wanted * quote.ask) / limit, ctx.book.depth(outcome, "buy", limit));
    if (size < ctx.market.minSize) return ctx.skip("size below the venue's minimum", { wanted, edge });
    state.askedP = p;
    ctx.buy({ outcome, limit, size, orderType: "FAK", reason: "book behind its siblings", edge });
  }

  #leave(ctx: Context, reason: string): void {
    const outcome = held(ctx);
    const { state } = ctx;
    for (const order of ctx.orders()) if (order.side === "buy") ctx.cancel(order.intentId);
    if (outcome === undefined) return;
    state.exiting = reason;
    if (ctx.orders().some((order) => order.side === "sell")) return ctx.skip("an exit is under way");
    if (isClosed(ctx.status)) return ctx.skip(`no exits while the market is ${ctx.status}`);
    const retry = this.params.exit_retry_ms;
    if (state.exitTriedAt !== 0 && ctx.now - state.exitTriedAt < retry * NANOS_PER_MS)
      return ctx.after(retry, "retry");
    state.exitTriedAt = ctx.now;
    const { bid } = ctx.quote(outcome);
    if (bid <= 0) {
      ctx.after(retry, "retry");
      return ctx.skip("no bid to exit at", { reason });
    }
    const slack = reason === TARGET ? 0 : this.params.max_slippage * PRICE_ONE;
    const { tick } = ctx.market;
    const limit = Math.min(bid, Math.max(tick, Math.ceil((bid - slack) / tick) * tick)) as Price;
    const size = orderSize(ctx.position(outcome).matched);
    ctx.sell({ outcome, limit, size, orderType: "FAK", purpose: "exit", reason });
    // A target is a price: when the bid is gone by then, what is held is looked at anew.
    if (reason === TARGET) state.exiting = "";
  }
}

/** What all of this strategy's positions and buys in the match cost, this market's included, in micro-dollars. */
function committed(ctx: Context): number {
  let sum = 0;
  for (const market of [ctx as SiblingMarket, ...ctx.siblings()]) {
    sum += market.position(0).cost + market.position(1).cost;
    for (const order of market.orders()) {
      if (order.side === "buy") sum += ((order.size - order.matched) * order.limit) / PRICE_ONE;
    }
  }
  return sum;
}

/** The outcome of which enough is held to be sold. */
function held(ctx: Context): Outcome | undefined {
  const { minSize } = ctx.market;
  if (orderSize(ctx.position(0).matched) >= minSize) return 0;
  return orderSize(ctx.position(1).matched) >= minSize ? 1 : undefined;
}
