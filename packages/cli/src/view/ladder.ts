import type { LadderFrame, LadderLevel, LadderTrade, OwnOrder } from "@matchpoint/dashboard";
import {
  PRICE_ONE,
  type CoreEvent,
  type Core,
  type IntentId,
  type MarketEntry,
  type Order,
  type Outcome,
} from "@matchpoint/sdk";

/** Levels of a side that are shown. */
const LEVELS = 30;
const TRADES = 40;

/** Resting orders of one market, with what is estimated to be before each. */
export class LadderView {
  /** Shares before a resting order at its price. */
  readonly #ahead = new Map<IntentId, number>();
  #trades: LadderTrade[] = [];

  /** Takes what moves the queue: public trades at a price of ours, levels that shrink, orders that begin to rest. */
  take(event: CoreEvent, t: number, entry: MarketEntry, core: Core): void {
    if (event.type === "market_trade") {
      const level = levelOf(event.outcome, event.price);
      const buys = (event.outcome === 0) === (event.side === "buy");
      this.#trades = [
        { t, price: level, size: event.size, taker: buys ? ("buy" as const) : ("sell" as const) },
        ...this.#trades,
      ].slice(0, TRADES);
      this.#traded(level, event.size, buys, entry, core);
    }
    if (this.#ahead.size === 0 && !core.orders.hasOpen(entry.market.marketId)) return;
    this.#rest(entry, core);
  }

  frame(
    t: number,
    bookAgeMs: number | undefined,
    entry: MarketEntry,
    core: Core,
    at: (nanos: number) => number,
  ): LadderFrame {
    const { book, market, truth, payouts } = entry;
    const asksSum =
      book.ask(0) < PRICE_ONE && book.ask(1) < PRICE_ONE ? book.ask(0) + book.ask(1) : undefined;
    const bidsSum = book.bid(0) > 0 && book.bid(1) > 0 ? book.bid(0) + book.bid(1) : undefined;
    const own = core.orders.open(market.marketId).map((order): OwnOrder => this.#own(order, at));
    return {
      type: "ladder",
      market: market.marketId,
      t,
      tick: book.tick,
      book: book.status,
      ...(bookAgeMs === undefined ? {} : { bookAgeMs }),
      mirrored: book.mirrored,
      bids: levels(entry, 0, "bid"),
      asks: levels(entry, 0, "ask"),
      ...(book.mirrored ? {} : { other: { bids: levels(entry, 1, "bid"), asks: levels(entry, 1, "ask") } }),
      own,
      ...(truth === undefined || payouts !== undefined ? {} : { fair: truth.pOf(0), sd: truth.sd }),
      ...(asksSum === undefined ? {} : { asksSum }),
      ...(bidsSum === undefined ? {} : { bidsSum }),
      trades: this.#trades,
    };
  }

  #own(order: Order, at: (nanos: number) => number): OwnOrder {
    const { intent, orderId, matched, status, createdAt } = order;
    const { outcome, side, limit } = intent;
    const ahead = this.#ahead.get(intent.intentId);
    return {
      intent: intent.intentId,
      ...(orderId === undefined ? {} : { order: orderId }),
      strategy: intent.strategyId,
      outcome,
      side,
      price: limit,
      level: levelOf(outcome, limit),
      onSide: onBids(order) ? "bid" : "ask",
      size: intent.size,
      matched,
      status,
      purpose: intent.purpose,
      reason: intent.reason,
      since: at(createdAt),
      ...(ahead === undefined ? {} : { ahead }),
    };
  }

  /** What trades at a price takes from those before first. */
  #traded(level: number, size: number, takerBuys: boolean, { market }: MarketEntry, core: Core): void {
    for (const order of core.orders.open(market.marketId)) {
      const { intentId, outcome, limit } = order.intent;
      const ahead = this.#ahead.get(intentId);
      if (ahead === undefined || levelOf(outcome, limit) !== level || onBids(order) === takerBuys) continue;
      this.#ahead.set(intentId, Math.max(0, ahead - size));
    }
  }

  /** Nobody can be before an order who is not in the book; who joins later is behind it. */
  #rest({ market, book }: MarketEntry, core: Core): void {
    const open = core.orders.open(market.marketId);
    for (const { status, intent } of open) {
      const rests = status === "LIVE" || status === "PENDING_CANCEL";
      if (!rests) continue;
      const there = book.sizeAt(intent.outcome, intent.side === "buy" ? "bid" : "ask", intent.limit);
      const ahead = this.#ahead.get(intent.intentId);
      if (ahead === undefined || there < ahead) this.#ahead.set(intent.intentId, there);
    }
    if (this.#ahead.size <= open.length) return;
    const still = new Set(open.map(({ intent }) => intent.intentId));
    for (const intentId of this.#ahead.keys()) if (!still.has(intentId)) this.#ahead.delete(intentId);
  }
}

/** Where a price of an outcome stands on outcome 0's ladder. */
export function levelOf(outcome: Outcome, price: number): number {
  return outcome === 0 ? price : PRICE_ONE - price;
}

function onBids({ intent: { outcome, side } }: Order): boolean {
  return (outcome === 0) === (side === "buy");
}

function levels({ book }: MarketEntry, outcome: Outcome, side: "bid" | "ask"): LadderLevel[] {
  return book.levels(outcome, side, LEVELS).map(({ price, size }) => [price, size]);
}
