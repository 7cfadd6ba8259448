import {
  LADDER,
  type BestQuote,
  type BookContinuity,
  type BookDelta,
  type BookEvent,
  type BookSnapshot,
  type MarketDescription,
} from "../events/index.ts";
import { NANOS_PER_MS, PRICE_ONE, type Nanos, type Price, type Shares } from "../units/index.ts";
import type { BookStatus, BookView, SavedBook } from "./bookView.ts";
import { MarketLadders } from "./marketLadders.ts";
import { BOOK_CHANGE, type PriceLadder } from "./priceLadder.ts";

/** Counters of a book, for reports. */
export interface BookStats {
  snapshots: number;
  deltas: number;
  quotes: number;
  trades: number;
  /** Levels that were made up (synthetic book) or dropped to follow the stated best prices. */
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

/** Statuses by severity: the worse half speaks for a book of two. */
const STATUS = [
  "live",
  "synthetic",
  "empty",
  "gapped",
  "stale",
  "disconnected",
] as const satisfies readonly BookStatus[];
const LIVE = 0;
const SYNTHETIC = 1;
const EMPTY = 2;
const GAPPED = 3;
const INTERRUPTED = { gap: GAPPED, stale: 4, disconnected: 5 } as const;

const NO_LEVELS: readonly number[] = [];

/** How long a stated best price may be missing, ns: the rest of a burst arrives within it. */
const LACKING_GRACE = 1_000 * NANOS_PER_MS;

/** Options of a {@link MarketBook}. */
export interface MarketBookOptions {
  /** Size assumed where a synthetic book knows a best price but no size. Default: the market's smallest order. */
  readonly syntheticSize?: Shares;
}

/**
 * The book of one market. Trusts nothing: without a snapshot it is `synthetic` and follows the stated best prices; with one it is `live` until a
 * stated best price that it keeps lacking, a crossing or a level that it must refuse proves that something was missed.
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
  tick: Price;
  epoch = 0;
  updatedAt = 0 as Nanos;
  // `private` instead of `#`: a third faster here, where a method call costs as much as its work.
  private readonly syntheticSize: number;
  /** Severity of each half's status. A mirrored book has no second half: it is always fine. */
  private first = EMPTY;
  private second: number;
  /** Whether a half stands on a real snapshot: then stated prices check it, else they make it. */
  private firstReal = false;
  private secondReal: boolean;
  /** Since when the book lacks a best price that the venue states; -1 while it does not. */
  private lackingSince = -1;
  /** Set while an event is applied, when it held a level that no book can hold. */
  private bad = false;

  constructor(market: MarketDescription, options: MarketBookOptions = {}) {
    super(market);
    this.tick = market.tick;
    this.syntheticSize = options.syntheticSize ?? market.minSize;
    this.second = market.mirrored ? LIVE : EMPTY;
    this.secondReal = market.mirrored;
  }

  get status(): BookStatus {
    return STATUS[this.worst]!;
  }

  /** Takes one event of this market; returns what it changed as {@link BOOK_CHANGE} flags. Never throws for bad data. */
  apply(event: BookEvent): number {
    const before = this.worst;
    const flags = this.route(event);
    if ((flags & BOOK_CHANGE.TOP) !== 0 || this.bad || event.type === "book_snapshot") this.checkSides();
    return this.worst === before ? flags : flags | BOOK_CHANGE.STATUS;
  }

  /** What the book knows, as plain JSON; {@link MarketBook.load} goes on from it as if nothing had been. */
  save(): SavedBook {
    const { tick, epoch, updatedAt, lackingSince } = this;
    return {
      tick,
      epoch,
      updatedAt,
      halves: [this.first, this.firstReal, this.second, this.secondReal],
      lackingSince,
      levels: this.dumpLevels(),
    };
  }

  /** Takes over what another book of the same market saved. */
  load(saved: SavedBook): void {
    this.tick = saved.tick;
    this.epoch = saved.epoch;
    this.updatedAt = saved.updatedAt;
    [this.first, this.firstReal, this.second, this.secondReal] = saved.halves;
    this.lackingSince = saved.lackingSince;
    this.loadLevels(saved.levels);
  }

  private get worst(): number {
    return this.first >= this.second ? this.first : this.second;
  }

  private route(event: BookEvent): number {
    switch (event.type) {
      case "book_delta":
        return this.onDelta(event);
      case "book_snapshot":
        return this.onSnapshot(event);
      case "best_quote":
        return this.onQuote(event);
      case "market_trade":
        this.stats.trades++;
        return BOOK_CHANGE.NONE;
      case "tick_size_changed":
        return this.onTick(event.tick);
      case "book_continuity":
        return this.onContinuity(event);
    }
  }

  private onDelta(event: BookDelta): number {
    this.stats.deltas++;
    this.updatedAt = event.at;
    if (!this.firstReal || !this.secondReal)
      return this.onUnfounded(event.levels, event.bestBid, event.bestAsk);
    const flags = this.setLevels(event.levels, 0, this.mirrored ? LADDER.ASK_0 : LADDER.ASK_1);
    return flags | this.compare(event.bestBid, event.bestAsk, event.at);
  }

  /**
   * Holds a live book against the best prices that the venue states. The venue sends what changed at one moment in several
   * frames that all state the best prices after that moment: so levels better than a stated best are gone already and are
   * dropped, and a stated best that the book lacks may still be on its way. Only lacking it for longer is a gap.
   */
  private compare(bestBid: number, bestAsk: number, at: number): number {
    if (this.first !== LIVE || !this.disagrees(bestBid, bestAsk)) {
      if (bestBid >= 0 && bestAsk >= 0) this.lackingSince = -1;
      return BOOK_CHANGE.NONE;
    }
    if (Math.floor(bestBid) !== bestBid || Math.floor(bestAsk) !== bestAsk) {
      this.refuse();
      return BOOK_CHANGE.NONE;
    }
    let dropped = 0;
    if (bestBid >= 0 && bestBid < PRICE_ONE) dropped += this.ladders[LADDER.BID_0].dropBetter(bestBid);
    if (bestAsk > 0 && bestAsk <= PRICE_ONE)
      dropped += this.ladders[LADDER.ASK_0].dropBetter(PRICE_ONE - bestAsk);
    this.stats.corrections += dropped;
    if (!this.disagrees(bestBid, bestAsk)) {
      this.lackingSince = -1;
    } else if (this.lackingSince < 0) {
      this.stats.mismatches++;
      this.lackingSince = at;
    } else if (at - this.lackingSince > LACKING_GRACE) {
      this.first = GAPPED;
    }
    return dropped > 0 ? BOOK_CHANGE.DEPTH | BOOK_CHANGE.TOP : BOOK_CHANGE.NONE;
  }

  /** A change to a book of which a half never had a snapshot. */
  private onUnfounded(levels: readonly number[], bestBid: number, bestAsk: number): number {
    let flags = this.restart() | this.setLevels(levels, 0, this.mirrored ? LADDER.ASK_0 : LADDER.ASK_1);
    if (!this.secondReal) {
      for (let i = 0; i < levels.length; i += 3) if (levels[i]! >= LADDER.BID_1) this.second = SYNTHETIC;
    }
    if (this.firstReal) return flags | this.compare(bestBid, bestAsk, this.updatedAt);
    this.first = SYNTHETIC;
    if (bestBid >= 0 && bestBid < PRICE_ONE) flags |= this.follow(this.ladders[LADDER.BID_0], bestBid);
    if (bestAsk > 0 && bestAsk <= PRICE_ONE)
      flags |= this.follow(this.ladders[LADDER.ASK_0], PRICE_ONE - bestAsk);
    return flags;
  }

  private onSnapshot(event: BookSnapshot): number {
    this.stats.snapshots++;
    this.updatedAt = event.at;
    const second = !this.mirrored && event.outcome === 1;
    const index = second ? LADDER.BID_1 : LADDER.BID_0;
    const bids = this.ladders[index];
    const asks = this.ladders[(index + 1) as 1 | 3];
    const bid = bids.bestKey;
    const ask = asks.bestKey;
    const bidSize = bids.bestSize;
    const askSize = asks.bestSize;
    bids.clear();
    asks.clear();
    if (second) {
      this.second = event.synthetic ? SYNTHETIC : LIVE;
      this.secondReal = !event.synthetic;
    } else {
      this.first = event.synthetic ? SYNTHETIC : LIVE;
      this.firstReal = !event.synthetic;
      this.lackingSince = -1;
    }
    this.setLevels(event.levels, index, index + 1);
    return bid === bids.bestKey &&
      ask === asks.bestKey &&
      bidSize === bids.bestSize &&
      askSize === asks.bestSize
      ? BOOK_CHANGE.DEPTH
      : BOOK_CHANGE.DEPTH | BOOK_CHANGE.TOP;
  }

  private onQuote(event: BestQuote): number {
    this.stats.quotes++;
    this.updatedAt = event.at;
    if (!this.firstReal) return this.onUnfounded(NO_LEVELS, event.bestBid, event.bestAsk);
    return this.compare(event.bestBid, event.bestAsk, event.at);
  }

  private onTick(tick: Price): number {
    if (!Number.isInteger(tick) || tick <= 0 || tick >= PRICE_ONE) {
      this.refuse();
      return BOOK_CHANGE.NONE;
    }
    this.tick = tick;
    this.epoch++;
    let dropped = 0;
    for (let i = 0; i < (this.mirrored ? 2 : 4); i++) dropped += this.ladders[i]!.retick(tick);
    this.stats.dropped += dropped;
    return dropped > 0 ? BOOK_CHANGE.TICK | BOOK_CHANGE.DEPTH | BOOK_CHANGE.TOP : BOOK_CHANGE.TICK;
  }

  private onContinuity(event: BookContinuity): number {
    if (event.state === "resynced") return BOOK_CHANGE.NONE; // the snapshot that follows makes the book live, not its promise
    this.first = INTERRUPTED[event.state];
    if (!this.mirrored) this.second = this.first;
    return BOOK_CHANGE.NONE;
  }

  /** Sets levels given as `ladder, price, size`; refuses those that no book can hold or that are not of `first` to `last`. */
  private setLevels(levels: readonly number[], first: number, last: number): number {
    let flags: number = BOOK_CHANGE.NONE;
    const length = levels.length;
    for (let i = 0; i + 2 < length; i += 3) {
      const index = levels[i]!;
      const price = levels[i + 1]!;
      const size = levels[i + 2]!;
      if (
        !(
          index >= first &&
          index <= last &&
          price > 0 &&
          price < PRICE_ONE &&
          size >= 0 &&
          size <= Number.MAX_SAFE_INTEGER
        ) ||
        (index | 0) !== index ||
        (price | 0) !== price ||
        Math.floor(size) !== size
      ) {
        if (size !== 0) this.refuse(); // removing a level that cannot exist changes nothing
        continue;
      }
      const ladder = this.ladders[index as 0 | 1 | 2 | 3];
      flags |= ladder.set((index & 1) === 0 ? price : PRICE_ONE - price, size);
      if (ladder.step !== this.tick && size > 0 && price % this.tick !== 0) this.stats.offGrid++;
    }
    if (length % 3 !== 0) this.refuse();
    return flags;
  }

  private refuse(): void {
    this.stats.refused++;
    this.bad = true;
  }

  /** Makes a stated best price the best of a ladder whose levels are not known. */
  private follow(ladder: PriceLadder, key: number): number {
    if (Math.floor(key) !== key) {
      this.refuse();
      return BOOK_CHANGE.NONE;
    }
    const dropped = ladder.dropBetter(key);
    this.stats.corrections += dropped;
    if (key === 0 || ladder.bestKey === key)
      return dropped > 0 ? BOOK_CHANGE.DEPTH | BOOK_CHANGE.TOP : BOOK_CHANGE.NONE;
    this.stats.corrections++;
    return ladder.set(key, this.syntheticSize);
  }

  /** Whether a stated best price of outcome 0 is not the book's. */
  private disagrees(bestBid: number, bestAsk: number): boolean {
    return (
      (bestBid >= 0 && bestBid !== this.ladders[LADDER.BID_0].bestKey) ||
      (bestAsk >= 0 && bestAsk !== PRICE_ONE - this.ladders[LADDER.ASK_0].bestKey)
    );
  }

  /** What a half without a snapshot knew before an interruption is worth nothing: it begins anew from what is stated. */
  private restart(): number {
    let flags: number = BOOK_CHANGE.NONE;
    if (!this.firstReal && this.first >= GAPPED) {
      this.ladders[LADDER.BID_0].clear();
      this.ladders[LADDER.ASK_0].clear();
      this.first = EMPTY;
      flags = BOOK_CHANGE.DEPTH | BOOK_CHANGE.TOP;
    }
    if (!this.secondReal && this.second >= GAPPED) {
      this.ladders[LADDER.BID_1].clear();
      this.ladders[LADDER.ASK_1].clear();
      this.second = EMPTY;
      flags = BOOK_CHANGE.DEPTH | BOOK_CHANGE.TOP;
    }
    return flags;
  }

  /** A crossed half, and both after a refused level, cannot be trusted. */
  private checkSides(): void {
    const [bid0, ask0, bid1, ask1] = this.ladders;
    let first = this.bad;
    let second = this.bad;
    this.bad = false;
    if (bid0.best >= 0 && ask0.best >= 0 && bid0.bestKey + ask0.bestKey >= PRICE_ONE) {
      this.stats.crossed++;
      first = true;
    }
    if (!this.mirrored && bid1.best >= 0 && ask1.best >= 0 && bid1.bestKey + ask1.bestKey >= PRICE_ONE) {
      this.stats.crossed++;
      second = true;
    }
    if (first && this.first < GAPPED) this.first = GAPPED;
    if (second && !this.mirrored && this.second < GAPPED) this.second = GAPPED;
  }
}
