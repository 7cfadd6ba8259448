import {
  LADDER,
  type BestQuote,
  type BookContinuity,
  type BookDelta,
  type BookEvent,
  type BookSnapshot,
  type MarketDescription,
} from "../events/index.ts";
import { PRICE_ONE, type Nanos, type Price, type Shares } from "../units/index.ts";
import type { BookStatus, BookView } from "./bookView.ts";
import { MarketLadders } from "./marketLadders.ts";
import type { PriceLadder } from "./priceLadder.ts";

/** What an event changed, as bit flags: the result of {@link MarketBook.apply}. */
export const BOOK_CHANGE = {
  NONE: 0,
  /** A best price, or the size there. */
  TOP: 1,
  /** Any level. */
  DEPTH: 2,
  STATUS: 4,
  TICK: 8,
} as const;

/** Counters of a book, for reports. */
export interface BookStats {
  snapshots: number;
  deltas: number;
  quotes: number;
  trades: number;
  /** Levels that a synthetic book made up or dropped to follow the stated best. */
  corrections: number;
  /** Stated best prices that a snapshotted book did not have. */
  mismatches: number;
  /** Levels finer than the tick: kept, since the venue states them. */
  offGrid: number;
  /** Events after which bid and ask crossed. */
  crossed: number;
  /** Levels that no book can hold (price, size or ladder out of range): each makes the book `gapped`. */
  refused: number;
  /** Levels dropped because a new tick left them off the grid. */
  dropped: number;
}

/** The worse of two statuses speaks for a book of two halves. */
const SEVERITY: Readonly<Record<BookStatus, number>> = { live: 0, synthetic: 1, empty: 2, gapped: 3, stale: 4, disconnected: 5 };

/** Options of a {@link MarketBook}. */
export interface MarketBookOptions {
  /** Size assumed where a synthetic book knows a best price but no size. Default: the market's smallest order. */
  readonly syntheticSize?: Shares;
}

/**
 * The book of one market. Trusts nothing: without a snapshot it is `synthetic` and follows the stated best prices; with one it is `live` until a
 * stated best price, a crossing or a level that it must refuse proves that something was missed.
 */
export class MarketBook extends MarketLadders implements BookView {
  readonly stats: BookStats = {
    snapshots: 0,
    deltas: 0,
    quotes: 0,
    trades: 0,
    corrections: 0,
    mismatches: 0,
    offGrid: 0,
    crossed: 0,
    refused: 0,
    dropped: 0,
  };
  status: BookStatus = "empty";
  tick: Price;
  epoch = 0;
  updatedAt = 0 as Nanos;
  readonly #syntheticSize: number;
  /** Status of each half; a mirrored book only has the first. */
  readonly #halves: BookStatus[];
  /** Whether a half stands on a real snapshot: then stated prices check it, else they make it. */
  readonly #real: boolean[];
  /** A quote that the book did not confirm yet. */
  #doubted = false;
  /** Set while an event is applied, when it held a level that no book can hold. */
  #bad = false;

  constructor(market: MarketDescription, options: MarketBookOptions = {}) {
    super(market);
    this.tick = market.tick;
    this.#syntheticSize = options.syntheticSize ?? market.minSize;
    this.#halves = market.mirrored ? ["empty"] : ["empty", "empty"];
    this.#real = market.mirrored ? [false] : [false, false];
  }

  /** Takes one event of this market; returns what it changed as {@link BOOK_CHANGE} flags. Never throws for bad data. */
  apply(event: BookEvent): number {
    if (event.type === "market_trade") {
      this.stats.trades++;
      return BOOK_CHANGE.NONE;
    }
    if (event.type === "book_continuity") return this.#onContinuity(event);
    const [bid0, ask0, bid1, ask1] = this.ladders;
    const bidKey0 = bid0.bestKey;
    const askKey0 = ask0.bestKey;
    const bidSize0 = bid0.bestSize;
    const askSize0 = ask0.bestSize;
    const bidKey1 = bid1.bestKey;
    const askKey1 = ask1.bestKey;
    const bidSize1 = bid1.bestSize;
    const askSize1 = ask1.bestSize;
    const before = this.status;

    let flags: number;
    if (event.type === "book_delta") flags = this.#onDelta(event);
    else if (event.type === "book_snapshot") flags = this.#onSnapshot(event);
    else if (event.type === "best_quote") flags = this.#onQuote(event);
    else flags = this.#onTick(event.tick);

    this.#checkCrossed();
    this.#settleStatus();
    if (
      bid0.bestKey !== bidKey0 ||
      ask0.bestKey !== askKey0 ||
      bid0.bestSize !== bidSize0 ||
      ask0.bestSize !== askSize0 ||
      (!this.mirrored &&
        (bid1.bestKey !== bidKey1 ||
          ask1.bestKey !== askKey1 ||
          bid1.bestSize !== bidSize1 ||
          ask1.bestSize !== askSize1))
    ) {
      flags |= BOOK_CHANGE.TOP | BOOK_CHANGE.DEPTH;
    }
    return this.status === before ? flags : flags | BOOK_CHANGE.STATUS;
  }

  #onDelta(event: BookDelta): number {
    this.stats.deltas++;
    this.updatedAt = event.at;
    const restarted = this.#restart();
    const changed = this.#setLevels(event.levels, 0, this.mirrored ? LADDER.ASK_0 : LADDER.ASK_1);
    if (!this.#real[0] || this.#real[1] === false) this.#markSeen(event.levels);
    if (!this.#real[0]) {
      const followed = this.#follow(event.bestBid, event.bestAsk);
      return followed || changed || restarted ? BOOK_CHANGE.DEPTH : BOOK_CHANGE.NONE;
    }
    if (this.#disagrees(event.bestBid, event.bestAsk)) {
      if (this.#halves[0] === "live") {
        this.stats.mismatches++;
        this.#halves[0] = "gapped";
      }
    } else if (event.bestBid >= 0 && event.bestAsk >= 0) {
      this.#doubted = false;
    }
    return changed ? BOOK_CHANGE.DEPTH : BOOK_CHANGE.NONE;
  }

  #onSnapshot(event: BookSnapshot): number {
    this.stats.snapshots++;
    this.updatedAt = event.at;
    const half = this.mirrored ? 0 : event.outcome;
    const first = half === 0 ? LADDER.BID_0 : LADDER.BID_1;
    this.ladders[first].clear();
    this.ladders[(first + 1) as 1 | 3].clear();
    this.#halves[half] = event.synthetic ? "synthetic" : "live";
    this.#real[half] = !event.synthetic;
    if (half === 0) this.#doubted = false;
    this.#setLevels(event.levels, first, first + 1);
    return BOOK_CHANGE.DEPTH;
  }

  /**
   * A quote travels in a frame of its own and may overtake the levels that it speaks of, so that a book is gapped only by
   * the second quote in a row that it cannot confirm.
   */
  #onQuote(event: BestQuote): number {
    this.stats.quotes++;
    this.updatedAt = event.at;
    if (!this.#real[0]) {
      const restarted = this.#restart();
      this.#halves[0] = "synthetic";
      return this.#follow(event.bestBid, event.bestAsk) || restarted ? BOOK_CHANGE.DEPTH : BOOK_CHANGE.NONE;
    }
    if (!this.#disagrees(event.bestBid, event.bestAsk)) {
      this.#doubted = false;
    } else if (this.#halves[0] === "live") {
      this.stats.mismatches++;
      if (this.#doubted) this.#halves[0] = "gapped";
      this.#doubted = true;
    }
    return BOOK_CHANGE.NONE;
  }

  #onTick(tick: Price): number {
    if (!Number.isInteger(tick) || tick <= 0 || tick >= PRICE_ONE) {
      this.#refuse();
      return BOOK_CHANGE.NONE;
    }
    this.tick = tick;
    this.epoch++;
    let dropped = 0;
    for (let i = 0; i < (this.mirrored ? 2 : 4); i++) dropped += this.ladders[i]!.retick(tick);
    this.stats.dropped += dropped;
    return dropped > 0 ? BOOK_CHANGE.TICK | BOOK_CHANGE.DEPTH : BOOK_CHANGE.TICK;
  }

  #onContinuity(event: BookContinuity): number {
    if (event.state === "resynced") return BOOK_CHANGE.NONE; // the snapshot that follows makes the book live, not the promise of it
    const before = this.status;
    const state: BookStatus = event.state === "gap" ? "gapped" : event.state;
    for (let i = 0; i < this.#halves.length; i++) this.#halves[i] = state;
    this.#settleStatus();
    return this.status === before ? BOOK_CHANGE.NONE : BOOK_CHANGE.STATUS;
  }

  /** Sets levels given as `ladder, price, size`; refuses those that no book can hold or that are not of `first` to `last`. */
  #setLevels(levels: readonly number[], first: number, last: number): boolean {
    let changed = false;
    const length = levels.length;
    for (let i = 0; i + 2 < length; i += 3) {
      const index = levels[i]!;
      const price = levels[i + 1]!;
      const size = levels[i + 2]!;
      if (
        !(index >= first && index <= last && price > 0 && price < PRICE_ONE && size >= 0 && size <= Number.MAX_SAFE_INTEGER) ||
        (index | 0) !== index ||
        (price | 0) !== price ||
        Math.floor(size) !== size
      ) {
        if (size !== 0) this.#refuse(); // removing a level that cannot exist changes nothing
        continue;
      }
      const ladder = this.ladders[index as 0 | 1 | 2 | 3];
      if (ladder.set((index & 1) === 0 ? price : PRICE_ONE - price, size)) changed = true;
      if (ladder.step !== this.tick && size > 0 && price % this.tick !== 0) this.stats.offGrid++;
    }
    if (length % 3 !== 0) this.#refuse();
    return changed;
  }

  #refuse(): void {
    this.stats.refused++;
    this.#bad = true;
  }

  /** Follows the stated best prices of outcome 0 where no levels are known. Returns whether a level changed. */
  #follow(bestBid: number, bestAsk: number): boolean {
    const bids = bestBid >= 0 && bestBid < PRICE_ONE && this.#lead(this.ladders[LADDER.BID_0], bestBid);
    const asks = bestAsk > 0 && bestAsk <= PRICE_ONE && this.#lead(this.ladders[LADDER.ASK_0], PRICE_ONE - bestAsk);
    return bids || asks;
  }

  #lead(ladder: PriceLadder, key: number): boolean {
    const dropped = ladder.dropBetter(key);
    this.stats.corrections += dropped;
    if (key === 0 || ladder.bestKey === key) return dropped > 0;
    if (Math.floor(key) !== key) {
      this.#refuse();
      return dropped > 0;
    }
    ladder.set(key, this.#syntheticSize);
    this.stats.corrections++;
    return true;
  }

  /** Whether a stated best price of outcome 0 is not the book's. */
  #disagrees(bestBid: number, bestAsk: number): boolean {
    return (
      (bestBid >= 0 && bestBid !== this.ladders[LADDER.BID_0].bestKey) ||
      (bestAsk >= 0 && bestAsk !== PRICE_ONE - this.ladders[LADDER.ASK_0].bestKey)
    );
  }

  #markSeen(levels: readonly number[]): void {
    if (!this.#real[0]) this.#halves[0] = "synthetic";
    if (this.#real[1] !== false) return;
    for (let i = 0; i < levels.length; i += 3) if (levels[i]! >= LADDER.BID_1) this.#halves[1] = "synthetic";
  }

  /**
   * What a half without a snapshot knew before an interruption is worth nothing: it begins anew from what is stated.
   * Returns whether anything was thrown away.
   */
  #restart(): boolean {
    let restarted = false;
    for (let half = 0; half < this.#halves.length; half++) {
      if (this.#real[half] || SEVERITY[this.#halves[half]!] < SEVERITY.gapped) continue;
      this.ladders[half === 0 ? LADDER.BID_0 : LADDER.BID_1].clear();
      this.ladders[half === 0 ? LADDER.ASK_0 : LADDER.ASK_1].clear();
      this.#halves[half] = "empty";
      restarted = true;
    }
    return restarted;
  }

  #checkCrossed(): void {
    for (let half = 0; half < this.#halves.length; half++) {
      const bids = this.ladders[half === 0 ? LADDER.BID_0 : LADDER.BID_1];
      const asks = this.ladders[half === 0 ? LADDER.ASK_0 : LADDER.ASK_1];
      if (bids.best < 0 || asks.best < 0 || bids.bestKey + asks.bestKey < PRICE_ONE) continue;
      this.stats.crossed++;
      this.#gap(half);
    }
    if (!this.#bad) return;
    this.#bad = false;
    for (let half = 0; half < this.#halves.length; half++) this.#gap(half);
  }

  #gap(half: number): void {
    if (SEVERITY[this.#halves[half]!] < SEVERITY.gapped) this.#halves[half] = "gapped";
  }

  #settleStatus(): void {
    const first = this.#halves[0]!;
    const second = this.#halves[1];
    this.status = second === undefined || SEVERITY[first] >= SEVERITY[second] ? first : second;
  }
}
