import type { BotConfig } from "@matchpoint/sdk";
import type { Account } from "./account.ts";
import type { Life } from "./life.ts";
import type { Seen } from "./seen.ts";

/**
 * Sizes in a drawdown, by bounds: what the account is worth is never taken for less than it may be, and the most that it ever was never for
 * more than it surely was. A limit that is broken under these is broken. Part of I6.
 * @module
 */

const OUTCOMES = [0, 1] as const;
const ONE = 10_000;
/** The maximum is moved in steps of a thousandth of what was put in. */
const STEPS = 1_000;
/** So long after it was taken over, what is held counts as lost where its book has not come. */
const PRICED_WITHIN = 10_000_000_000;

type Curve = BotConfig["risk"]["drawdown"];

/** What a start of the program has seen of prices, and what its account was worth at most. */
export class Drawdown {
  /** By market and outcome: the best bid while the book was to be trusted. One that goes is worth less later. */
  readonly #marks = new Map<string, number>();
  /** What was won at least when it was most, each with when it was so: nobody has lost before anything was won. */
  readonly #most: { readonly at: number; readonly won: number }[] = [];
  /** What no book has priced counts as lost until then. */
  pricedBy = -Infinity;

  /** The most that was ever won, at least. */
  get won(): number {
    return this.#most.at(-1)?.won ?? 0;
  }

  raise(at: number, won: number): void {
    if (won > this.won) this.#most.push({ at, won });
  }

  mark(marketId: string, outcome: number, bid: number): void {
    if (bid > 0) this.#marks.set(`${marketId} ${outcome}`, bid);
  }

  marked(marketId: string, outcome: number): number | undefined {
    return this.#marks.get(`${marketId} ${outcome}`);
  }

  /** A restart keeps the maximum, as far as the journal surely tells of it: something is in it that came later. */
  goOn(before: Drawdown, told: number): void {
    const kept = before.#most.findLast(({ at }) => at < told);
    if (kept !== undefined) this.#most.push({ at: -Infinity, won: kept.won });
  }
}

/** Looks at the prices of a step, and at what they make of the account. */
export function judgeWorth({ life, core, step: { event }, history }: Seen): void {
  const { drawdown, account } = life;
  if (history.world.config.risk.drawdown.curve === "none") return;
  if (event.type === "adopted" && event.what.kind === "complete")
    drawdown.pricedBy = event.at + PRICED_WITHIN;
  const marketId = "marketId" in event ? event.marketId : undefined;
  const book = marketId === undefined ? undefined : life.markets.get(marketId)?.book;
  const shown = marketId === undefined ? undefined : core.market(marketId)?.book;
  if (
    marketId !== undefined &&
    book !== undefined &&
    (shown?.status === "live" || shown?.status === "synthetic")
  )
    for (const outcome of OUTCOMES) {
      const own = outcome === 0 ? book.bids.best : ONE - book.asks.best;
      drawdown.mark(marketId, outcome, Math.max(own, shown.bid(outcome)));
    }
  const won = wonForSure(life, core);
  if (won === undefined) return;
  drawdown.raise(event.at, won - Math.max(1, Math.floor(putIn(account) / STEPS)));
}

function putIn({ deposited, depositedInKind }: Account): number {
  return deposited + depositedInKind;
}

/** What was won, realized and at bids; `undefined`: some of what is held has no book that is to be trusted, or no bid. */
function wonForSure({ account, markets }: Life, core: Seen["core"]): number | undefined {
  let won = account.realized;
  for (const [marketId, { cost }] of account.costs) {
    const held = OUTCOMES.map((outcome) => account.position(marketId, outcome).shares);
    const [first = 0, second = 0] = held;
    if (first === 0 && second === 0 && cost[0] === 0 && cost[1] === 0) continue;
    const payouts = account.payouts.get(marketId);
    const book = markets.get(marketId)?.book;
    if (first < 0 || second < 0) return undefined;
    const pairs = payouts === undefined ? Math.min(first, second) : 0;
    won += pairs - cost[0] - cost[1];
    for (const outcome of OUTCOMES) {
      const shares = held[outcome]!;
      if (shares === 0) continue;
      if (payouts !== undefined) {
        won += times(shares, payouts[outcome], 1_000_000);
        continue;
      }
      const shown = core.market(marketId as never);
      const trusted =
        shown?.market.mirrored === true &&
        shown.book.status === "live" &&
        book?.founded === true &&
        book.unsound === undefined &&
        !book.spoiled &&
        !book.crossed;
      const bid = outcome === 0 ? book?.bids.best : ONE - (book?.asks.best ?? ONE);
      if (!trusted || bid === undefined || bid <= 0) return undefined;
      won += times(shares - pairs, bid, ONE);
    }
  }
  return won;
}

/** What was won at most, as whoever asks for an entry is told. */
function wonAtMost({ account, drawdown }: Life, now: number): number {
  let won = account.realized;
  for (const [marketId, { cost }] of account.costs) {
    const held = OUTCOMES.map((outcome) => account.position(marketId, outcome).shares);
    const payouts = account.payouts.get(marketId);
    const pairs = payouts === undefined ? Math.max(0, Math.min(held[0]!, held[1]!)) : 0;
    won += pairs - cost[0] - cost[1];
    for (const outcome of OUTCOMES) {
      const rest = held[outcome]! - pairs;
      // Shares that were sold and never were owe something at least.
      if (rest <= 0) continue;
      const bid = drawdown.marked(marketId, outcome);
      if (payouts !== undefined) won += times(rest, payouts[outcome], 1_000_000);
      else if (bid !== undefined) won += times(rest, bid, ONE);
      else if (now >= drawdown.pricedBy || pairs > 0) won += Math.abs(cost[outcome]);
    }
  }
  return won;
}

/** The part of its usual size that an entry may have at most. */
export function mostOfSize(life: Life, curve: Curve, now: number): number {
  if (curve.curve === "none") return 1;
  const deposits = putIn(life.account);
  return partOf(curve, deposits + wonAtMost(life, now), deposits + life.drawdown.won);
}

/** The curve as it is described: what part of its size an entry may have when the account is worth so much, and was worth so much at most. */
function partOf(curve: Curve, worth: number, most: number): number {
  if (worth >= most) return 1;
  const lost = (most - worth) / most;
  let part = 0;
  if (worth > 0 && curve.curve === "grossman_zhou") {
    const { alpha } = curve;
    part = (worth - alpha * most) / ((1 - alpha) * worth);
  } else if (worth > 0) {
    const points = [{ drawdown: 0, multiplier: 1 }, ...(curve.points ?? [])];
    const next = points.findIndex(({ drawdown }) => drawdown > lost);
    const from = points.at(next === -1 ? -1 : next - 1)!;
    const to = points[next] ?? from;
    const along = to === from ? 0 : (lost - from.drawdown) / (to.drawdown - from.drawdown);
    part = from.multiplier + along * (to.multiplier - from.multiplier);
  }
  return Math.max(curve.floor, Math.min(1, part));
}

function times(shares: number, price: number, one: number): number {
  return Number((BigInt(shares) * BigInt(price)) / BigInt(one));
}
