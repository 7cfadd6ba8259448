import {
  Strategy,
  type BookContext,
  type FillContext,
  type OrderType,
  type Outcome,
  type Price,
  type Shares,
  type StrategyContext,
  type TimerContext,
} from "@matchpoint/sdk";
import { z } from "zod";

const PARAMS = z.object({
  /** Throws on each n-th book; 0: never. */
  throwEvery: z.number().int().default(0),
  /** Asks for nonsense on each n-th book; 0: never. */
  nonsenseEvery: z.number().int().default(0),
  /** Asks for fifty orders on each n-th book; 0: never. */
  runawayEvery: z.number().int().default(0),
  /** Sets timers that set timers on each n-th book; 0: never. */
  floodEvery: z.number().int().default(0),
  /** Sells what is matched, as far as the gate lets it; else only what is confirmed. */
  eager: z.boolean().default(false),
  /** Sells what it has bought the moment that it may. */
  flips: z.boolean().default(false),
  /** Acts on each n-th book. */
  pace: z.number().int().min(1).default(2),
});
const STATE = z.object({ n: z.number().default(0) });
type State = z.output<typeof STATE>;

const CENT = 10_000;
const FLOOD = "flood-";
const MIN_SIZE = 5_000_000;

/** Whole hundredths of a share. */
function whole(size: number): Shares {
  return Math.max(0, size - (size % CENT)) as Shares;
}

/** What all of them do: count, and misbehave when told to. Gives the number of the book, or nothing when it is to be passed over. */
abstract class Hyperactive extends Strategy<typeof PARAMS, typeof STATE> {
  protected next(ctx: StrategyContext<State>): number | undefined {
    const n = ctx.state.n++;
    const { throwEvery, nonsenseEvery, runawayEvery, floodEvery, pace } = this.params;
    if (throwEvery > 0 && n % throwEvery === throwEvery - 1) {
      const nothing = undefined as unknown as { readonly there: number };
      return nothing.there;
    }
    if (nonsenseEvery > 0 && n % nonsenseEvery === nonsenseEvery - 1) this.#nonsense(ctx, n);
    if (runawayEvery > 0 && n % runawayEvery === runawayEvery - 1) this.#runAway(ctx);
    if (floodEvery > 0 && n % floodEvery === floodEvery - 1) this.#flood(ctx, n);
    return n % pace === 0 ? n / pace : undefined;
  }

  override onTimer(ctx: TimerContext<State>): void {
    if (ctx.name.startsWith(FLOOD)) for (const half of ["a", "b"]) ctx.after(1, `${ctx.name}${half}`);
  }

  /** Each of them sets two: without a bound they would never end. */
  #flood(ctx: StrategyContext<State>, n: number): void {
    for (let i = 0; i < 4; i++) ctx.after(i, `${FLOOD}${n}-${i}`);
  }

  override onPosition(ctx: StrategyContext<State>): void {
    if (!this.params.flips || ctx.orders().some(({ side }) => side === "sell")) return;
    for (const outcome of [0, 1] as const) {
      const { bid } = ctx.quote(outcome);
      const held = this.toSell(ctx, outcome);
      if (held < MIN_SIZE || bid <= 0) continue;
      // The price moves while the order is on its way.
      const { tick } = ctx.market;
      const limit = Math.max(tick, Math.floor((bid - 500) / tick) * tick) as Price;
      ctx.sell({ outcome, limit, size: whole(held), orderType: "FAK" });
    }
  }

  protected toSell(ctx: StrategyContext<State>, outcome: Outcome): number {
    const { matched, settled } = ctx.position(outcome);
    return this.params.eager ? matched : settled;
  }

  #runAway(ctx: StrategyContext<State>): void {
    const { bid } = ctx.quote(0);
    if (bid <= 0) return;
    for (let i = 0; i < 50; i++)
      ctx.buy({ outcome: 0, limit: bid, size: ((5 + i) * 1_000_000) as Shares, orderType: "GTC" });
  }

  #nonsense(ctx: StrategyContext<State>, n: number): void {
    const values = [Number.NaN, Infinity, -5_000_000, 0, 1e300, 0.5, Number.MIN_VALUE, 2 ** 53];
    const value = values[n % values.length]!;
    ctx.buy({ outcome: (n % 2) as Outcome, limit: ctx.quote(0).ask, size: value as Shares });
    ctx.buy({ outcome: 0, limit: value as Price, size: 5_000_000 as Shares, orderType: "GTC" });
    ctx.sell({ outcome: 1, limit: 5_000 as Price, size: value as Shares });
  }
}

/** Takes and rests in turn, with every type of order, and sells what it holds now and then. */
export class TortureTaker extends Hyperactive {
  static readonly id = "torture-taker";
  static readonly posture = "directional";
  static readonly params = PARAMS;
  static readonly state = STATE;

  override onBook(ctx: BookContext<State>): void {
    const n = this.next(ctx);
    if (n === undefined) return;
    const outcome = ((n >> 1) % 2) as Outcome;
    const quote = ctx.quote(outcome);
    const held = this.toSell(ctx, outcome);
    if (n % 5 === 4 && held >= 5_000_000 && quote.bid > 0) {
      ctx.sell({ outcome, limit: quote.bid, size: whole(held), orderType: n % 2 === 0 ? "FAK" : "GTC" });
      return;
    }
    const orderType: OrderType = n % 3 === 0 ? "FAK" : n % 7 === 0 ? "FOK" : "GTC";
    const rests = n % 4 === 1 && orderType === "GTC";
    const limit = rests ? quote.bid : quote.ask;
    if (limit <= 0 || limit >= 10_000) return ctx.skip("no price");
    ctx.buy({ outcome, limit, size: ((5 + (n % 9)) * 1_000_000) as Shares, orderType });
    const oldest = ctx.orders()[0];
    if (oldest !== undefined && n % 6 === 5) ctx.cancel(oldest.intentId);
  }
}

/** Quotes both sides, and moves its quotes with every book. */
export class TortureMaker extends Hyperactive {
  static readonly id = "torture-maker";
  static readonly posture = "directional";
  static readonly params = PARAMS;
  static readonly state = STATE;

  override onBook(ctx: BookContext<State>): void {
    const n = this.next(ctx);
    if (n === undefined) return;
    for (const order of ctx.orders()) {
      const best = ctx.quote(order.outcome).bid;
      if (order.side === "buy" && order.limit !== best) ctx.cancel(order.intentId);
    }
    if (ctx.orders().length >= 4) return ctx.skip("quotes stand");
    const outcome = (n % 2) as Outcome;
    const { bid, ask } = ctx.quote(outcome);
    const held = this.toSell(ctx, outcome);
    const gtd =
      n % 3 === 0
        ? ({ orderType: "GTD", expiresInMs: 60_000 + 1_000 * (n % 60) } as const)
        : ({ orderType: "GTC" } as const);
    if (bid > 0) ctx.buy({ outcome, limit: bid, size: 10_000_000 as Shares, postOnly: n % 4 !== 0, ...gtd });
    if (held >= 5_000_000 && ask < 10_000)
      ctx.sell({ outcome, limit: ask, size: whole(held), orderType: "GTC", postOnly: true });
    ctx.after(4_000, "requote");
  }

  override onTimer(ctx: TimerContext<State>): void {
    super.onTimer(ctx);
    if (ctx.name === "requote") ctx.cancelAll("quotes are old");
  }
}

/** Buys both outcomes, whatever that costs, so that there is always something to merge. */
export class TorturePair extends Hyperactive {
  static readonly id = "torture-pair";
  static readonly posture = "pair";
  static readonly params = PARAMS;
  static readonly state = STATE;

  override onBook(ctx: BookContext<State>): void {
    const n = this.next(ctx);
    if (n === undefined || ctx.orders().length > 0) return;
    const [yes, no] = [ctx.position(0).matched as number, ctx.position(1).matched as number];
    const outcome: Outcome = yes <= no ? 0 : 1;
    const missing = Math.abs(yes - no);
    const { ask } = ctx.quote(outcome);
    if (ask >= 10_000) return ctx.skip("nothing is offered");
    const tick = ctx.market.tick as number;
    const limit = Math.min(10_000 - tick, Math.floor((ask + 100) / tick) * tick) as Price;
    const size = whole(missing >= 5_000_000 ? missing : 8_000_000);
    ctx.buy({
      outcome,
      limit,
      size,
      orderType: n % 2 === 0 ? "GTC" : "FAK",
      purpose: missing > 0 ? "hedge" : "entry",
    });
  }

  override onFill(ctx: FillContext<State>): void {
    if (ctx.orders().length > 2) ctx.cancelAll("more than two legs");
  }
}
