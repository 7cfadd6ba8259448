import type { Decision, Intent, Outcome, TradeReport } from "../events/index.ts";
import { otherOutcome } from "../events/index.ts";
import type { MarketId } from "../ids.ts";
import { atFair, profitAndLoss, type Mark, type Pnl, type TimedFill } from "../portfolio/index.ts";
import type { OrderRequest } from "../strategy/index.ts";
import { impliedProbability } from "../truth/index.ts";
import {
  feePerShare,
  mulDiv,
  NANOS_PER_MS,
  PRICE_ONE,
  takerFee,
  USDC_ONE,
  type Nanos,
  type Price,
  type Shares,
  type Usdc,
} from "../units/index.ts";
import type { Binding } from "./binding.ts";
import type { Floor } from "./floor.ts";
import type { MarketEntry } from "./marketEntry.ts";

/** Micro-dollars in a tick of the finest grid. */
const PER_PRICE = USDC_ONE / PRICE_ONE;
const HALF = (USDC_ONE / 2) as Usdc;
const ZERO = 0 as Usdc;

/** How long after a fill its shares' worth is looked at, and what that look is called. */
const LOOKS = [
  { when: "after5s", wait: 5_000 * NANOS_PER_MS },
  { when: "after30s", wait: 30_000 * NANOS_PER_MS },
] as const;

/** Tells what orders were decided by and what fills were worth some time after, and values what is held. Decides nothing. */
export class PnlDesk {
  readonly #floor: Floor;
  /** Fills whose looks are to come, oldest first. */
  readonly #waiting: readonly [TimedFill[], TimedFill[]] = [[], []];

  constructor(floor: Floor) {
    this.#floor = floor;
  }

  /** An intent with what it was decided by. */
  decided({ entry, spec }: Binding, intent: Intent, request: OrderRequest): Intent {
    const { outcome, side, limit, postOnly, purpose } = intent;
    const { book, fee } = entry;
    const buys = side === "buy";
    const best = buys ? book.ask(outcome) : book.bid(outcome);
    const takes = !postOnly && (buys ? best <= limit && best < PRICE_ONE : best >= limit && best > 0);
    const at = takes ? best : limit;
    const price = (at * PER_PRICE) as Usdc;
    const isPair = spec.use.posture === "pair";
    const stated = isPair
      ? request.fair
      : (request.fair ?? impliedBy(request.edge, at, buys, takes ? feePerShare(at, fee) : 0));
    const breakEven = isPair ? this.#breakEven(entry, outcome, buys, purpose) : undefined;
    const decision: Decision = {
      ...this.#fairNow(entry, outcome, stated, price),
      price,
      ...(breakEven === undefined ? {} : { breakEven }),
    };
    return { ...intent, decision };
  }

  #fairNow(
    entry: MarketEntry,
    outcome: Outcome,
    stated: number | undefined,
    price: Usdc,
  ): Pick<Decision, "fair" | "by"> {
    if (stated !== undefined) return { fair: microsOf(stated), by: "strategy" };
    const own = this.#ownWorth(entry, outcome);
    if (own !== undefined) return { fair: own, by: "model" };
    const mid = midOf(entry, outcome);
    return mid === undefined ? { fair: price, by: "none" } : { fair: mid, by: "mid" };
  }

  /** The price at which a leg neither wins nor loses: a dollar less what the other leg cost, or what this one did. */
  #breakEven(
    { market }: MarketEntry,
    outcome: Outcome,
    buys: boolean,
    purpose: Intent["purpose"],
  ): Usdc | undefined {
    if (buys && purpose !== "hedge") return undefined;
    const held = buys ? otherOutcome(outcome) : outcome;
    const { matched, cost } = this.#floor.ledger.position(market.marketId, held);
    if (matched <= 0 || cost < 0) return undefined;
    const each = mulDiv(cost, USDC_ONE, matched, "up");
    return (buys ? USDC_ONE - each : each) as Usdc;
  }

  /** A fill was booked: what its shares are worth is looked at later. */
  filled({ marketId, orderId, tradeId, outcome }: TradeReport): void {
    const fill: TimedFill = { at: this.#floor.now, marketId, orderId, tradeId, outcome };
    for (const waiting of this.#waiting) waiting.push(fill);
  }

  /** An earlier run's account was taken over: looks at its last fills that are still to come are this run's. */
  goOn(): void {
    const { now, ledger } = this.#floor;
    LOOKS.forEach(({ wait }, i) => {
      this.#waiting[i]!.push(...ledger.fillsSince((now - wait) as Nanos));
    });
  }

  /**
   * Takes the looks that are due by now. Called before an event is taken in: nothing has changed since the one before it, so the books
   * are those of the moment that the look was due, and no timer is needed.
   */
  look(): void {
    const { now, ledger, markets } = this.#floor;
    LOOKS.forEach(({ when, wait }, i) => {
      const waiting = this.#waiting[i]!;
      while (waiting.length > 0 && waiting[0]!.at + wait <= now) {
        const fill = waiting.shift()!;
        const entry = markets.get(fill.marketId);
        // A payout is what the fill comes to in the end, however soon it comes.
        if (entry === undefined || entry.payouts !== undefined) continue;
        const worth = midOf(entry, fill.outcome) ?? this.#ownWorth(entry, fill.outcome);
        if (worth !== undefined) ledger.mark(fill, when, worth);
      }
    });
  }

  /** What the venue will share out to the maker of a fill: its part of what a taker pays (docs.polymarket.com/programs/maker-rebates). */
  rebateOf(entry: MarketEntry | undefined, { liquidity, size, price }: TradeReport): Usdc {
    const part = entry?.market.makerRebatePpm ?? 0;
    if (entry === undefined || liquidity !== "maker" || part === 0) return ZERO;
    return mulDiv(takerFee(size, price, entry.fee), part, 1_000_000, "down") as Usdc;
  }

  /** What a market's shares are valued at; `undefined` for one that was never listed here. */
  mark(marketId: MarketId): Mark | undefined {
    const entry = this.#floor.markets.get(marketId);
    if (entry === undefined) return undefined;
    const { payouts, trading, book, market } = entry;
    if (payouts !== undefined)
      return { fair: payouts, worth: (outcome, shares) => atFair(shares, payouts[outcome]) };
    const first = this.#ownWorth(entry, 0) ?? midOf(entry, 0) ?? oneSided(entry) ?? HALF;
    const disputed = market.disputed === true || trading.causes.has("truth_disputed");
    return {
      fair: [first, (USDC_ONE - first) as Usdc],
      ...(disputed ? { most: HALF } : {}),
      worth: (outcome, shares) => {
        if (shares === 0) return ZERO;
        if (shares < 0) {
          // Nobody offers the rest: at worst it costs a dollar each.
          const owed = (0 - shares) as Shares;
          const walk = book.walk(outcome, "buy", { shares: owed });
          return (0 - walk.cost - (owed - walk.shares)) as Usdc;
        }
        const sold = book.walk(outcome, "sell", { shares }).cost;
        return disputed ? (Math.min(sold, atFair(shares, HALF)) as Usdc) : sold;
      },
    };
  }

  /** The account's profit and loss at this moment. */
  get pnl(): Pnl {
    return profitAndLoss(this.#floor.ledger, (marketId) => this.mark(marketId));
  }

  /** Cash and what is held, valued the same way. */
  get equity(): Usdc {
    return this.#floor.ledger.equity((marketId) => this.mark(marketId));
  }

  /** A share's worth by the core's own probability: only while what the market is about goes on, by a model that was compared with outcomes. */
  #ownWorth({ market: { subject }, rule }: MarketEntry, outcome: Outcome): Usdc | undefined {
    const { truth, options } = this.#floor;
    const match = subject === undefined ? undefined : truth.state(subject.matchId);
    if (subject === undefined || match === undefined || match.stale || match.status === "scheduled")
      return undefined;
    const { byTeam, calibrated } = impliedProbability(subject, match, options.model, options.truth, rule);
    if (!calibrated) return undefined;
    const first = microsOf(byTeam[subject.teamOf[0]]);
    return outcome === 0 ? first : ((USDC_ONE - first) as Usdc);
  }
}

/** What a strategy that saw an edge held a share to be worth. */
function impliedBy(edge: number | undefined, at: Price, buys: boolean, fee: number): number | undefined {
  if (edge === undefined || !Number.isFinite(edge)) return undefined;
  return buys ? at / PRICE_ONE + fee + edge : at / PRICE_ONE - fee - edge;
}

function microsOf(dollars: number): Usdc {
  return Math.round(Math.min(1, Math.max(0, dollars)) * USDC_ONE) as Usdc;
}

/** Halfway between the best prices of a sound book. */
function midOf({ book }: MarketEntry, outcome: Outcome): Usdc | undefined {
  if (book.status !== "live" && book.status !== "synthetic") return undefined;
  const bid = book.bid(outcome);
  const ask = book.ask(outcome);
  if (bid <= 0 || ask >= PRICE_ONE) return undefined;
  return (((bid + ask) * PER_PRICE) / 2) as Usdc;
}

/** The only best price of outcome 0 that there is. */
function oneSided({ book }: MarketEntry): Usdc | undefined {
  const [bid, ask] = [book.bid(0), book.ask(0)];
  if (bid > 0) return (bid * PER_PRICE) as Usdc;
  return ask < PRICE_ONE ? ((ask * PER_PRICE) as Usdc) : undefined;
}
