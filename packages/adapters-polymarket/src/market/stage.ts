import {
  LADDER,
  PRICE_ONE,
  type CoreEvent,
  type Millis,
  type Nanos,
  type Price,
  type ReceiveStamp,
  type Shares,
} from "@matchpoint/sdk";
import type { IndexedMarket, IndexedToken } from "./tokenIndex.ts";

/** A decimal that the venue left out or sent as `""`. */
export const ABSENT = -1;

/** Fills an array that will hold sizes: not a whole number, so that V8 makes it one of doubles from the start. */
const NO_NUMBER = 0.5;

/** Beyond this many changes in one frame they are found through a map. */
const FEW = 32;

/** Counters of what a frame's events did not bring to anyone. */
export interface StageCounts {
  /** Events and changes of tokens that are not in the index. */
  foreign: number;
  /** Event types that carry nothing for us. */
  ignored: number;
  /** Quotes that cannot be told in outcome-0 terms: a side left out, or the second outcome of an unmirrored market. */
  unusable: number;
}

/**
 * Collects what one frame says, in the terms of the core: prices of outcome 0 for mirrored markets, both sides of a mirrored
 * change as one level. Nothing leaves before {@link FrameStage.commit}, so that a frame counts whole or not at all.
 *
 * Both ways of reading a frame end here; methods that can object return the reason.
 */
export class FrameStage {
  readonly counts: StageCounts = { foreign: 0, ignored: 0, unusable: 0 };
  private readonly events: CoreEvent[] = [];
  /** Events of this frame; `events` may still hold more, of the one before. */
  private count = 0;
  private readonly ticks: { market: IndexedMarket; tick: Price }[] = [];
  private at = 0 as Nanos;
  private receivedAt = 0 as Millis;
  private foreign = 0;
  private ignored = 0;
  private unusable = 0;

  // The changes of one price_change event.
  private market: IndexedMarket | undefined;
  private twoMarkets = false;
  private changes = 0;
  private bestBid = ABSENT;
  private bestAsk = ABSENT;
  private keys = new Int32Array(64);
  /** Sizes as outcome 0 and as outcome 1 stated them, -1 when it did not. */
  private sizes = new Float64Array(128);
  private readonly byKey = new Map<number, number>();

  // The levels of one book.
  private bids = 0;
  private asks = 0;
  private readonly bidPrices = new Int32Array(PRICE_ONE + 1);
  private readonly askPrices = new Int32Array(PRICE_ONE + 1);
  private readonly bidSizes = new Float64Array(PRICE_ONE + 1);
  private readonly askSizes = new Float64Array(PRICE_ONE + 1);
  /** The levels of a book as they go out: filled here and copied in one go, where an array that grows is copied often. */
  private readonly flat: number[] = [];

  /** Starts a frame, forgetting what an unfinished one left. */
  begin(stamp: ReceiveStamp): void {
    this.at = stamp.at;
    this.receivedAt = stamp.receivedAt;
    this.count = 0;
    if (this.ticks.length > 0) this.ticks.length = 0;
    this.foreign = 0;
    this.ignored = 0;
    this.unusable = 0;
  }

  /** Starts a price_change. */
  beginChanges(): void {
    this.market = undefined;
    this.twoMarkets = false;
    this.changes = 0;
    this.bestBid = ABSENT;
    this.bestAsk = ABSENT;
    if (this.byKey.size > 0) this.byKey.clear();
  }

  /** One element of `price_changes`; `bid` and `ask` are the stated best prices, or {@link ABSENT}. */
  change(
    token: IndexedToken | undefined,
    buy: boolean,
    price: number,
    size: number,
    bid: number,
    ask: number,
  ): void {
    if (token === undefined) {
      this.foreign++;
      return;
    }
    const market = token.market;
    if (this.market === undefined) this.market = market;
    else if (this.market !== market) this.twoMarkets = true;
    let ladder: number = buy ? LADDER.BID_0 : LADDER.ASK_0;
    let level = price;
    if (token.outcome === 0) {
      this.bestBid = statedBid(bid);
      this.bestAsk = statedAsk(ask);
    } else if (market.mirrored) {
      ladder = buy ? LADDER.ASK_0 : LADDER.BID_0;
      level = PRICE_ONE - price;
      this.bestBid = complementOf(statedAsk(ask));
      this.bestAsk = complementOf(statedBid(bid));
    } else {
      ladder = buy ? LADDER.BID_1 : LADDER.ASK_1;
    }
    const key = (ladder << 14) | level;
    let slot = this.find(key);
    if (slot < 0) {
      slot = this.changes++;
      if (slot === this.keys.length) this.grow();
      this.keys[slot] = key;
      this.sizes[slot * 2] = ABSENT;
      this.sizes[slot * 2 + 1] = ABSENT;
      if (slot >= FEW) this.byKey.set(key, slot);
    }
    this.sizes[slot * 2 + token.outcome] = size;
  }

  /** Ends a price_change. */
  endChanges(occurredAt: number): string | undefined {
    if (this.twoMarkets) return "price_changes name tokens of two markets";
    if (this.market === undefined) return undefined;
    const disputed = this.disputed();
    if (disputed >= 0)
      return `the two outcomes disagree on the size at ${this.levelAt(disputed) / PRICE_ONE}`;
    let levels: number[];
    if (this.changes === 1) {
      levels = [this.ladderAt(0), this.levelAt(0), this.sizeOf(0)];
    } else {
      levels = [];
      for (let i = 0; i < this.changes; i++) levels.push(this.ladderAt(i), this.levelAt(i), this.sizeOf(i));
    }
    this.events[this.count++] = {
      type: "book_delta",
      marketId: this.market.marketId,
      levels,
      bestBid: this.bestBid,
      bestAsk: this.bestAsk,
      at: this.at,
      receivedAt: this.receivedAt,
      occurredAt: occurredAt as Millis,
    };
    return undefined;
  }

  /** Starts a book. */
  beginBook(): void {
    this.bids = 0;
    this.asks = 0;
  }

  /** One level of a book. A side cannot have more levels than there are prices. */
  level(bid: boolean, price: number, size: number): void {
    if (bid) {
      this.bidPrices[this.bids] = price;
      this.bidSizes[this.bids++] = size;
    } else {
      this.askPrices[this.asks] = price;
      this.askSizes[this.asks++] = size;
    }
  }

  /** Ends a book; `tick` may be {@link ABSENT}. */
  endBook(token: IndexedToken | undefined, tick: number, occurredAt: number): void {
    if (token === undefined) {
      this.foreign++;
      return;
    }
    if (tick !== ABSENT) this.tick(token, tick, occurredAt);
    const { market, outcome } = token;
    const turned = outcome === 1 && market.mirrored;
    const bidLadder = turned ? LADDER.ASK_0 : outcome === 1 ? LADDER.BID_1 : LADDER.BID_0;
    const askLadder = turned ? LADDER.BID_0 : outcome === 1 ? LADDER.ASK_1 : LADDER.ASK_0;
    const flat = this.flat;
    const length = (this.bids + this.asks) * 3;
    while (flat.length < length) flat.push(NO_NUMBER);
    let at = 0;
    for (let i = 0; i < this.bids; i++) {
      const price = this.bidPrices[i]!;
      flat[at++] = bidLadder;
      flat[at++] = turned ? PRICE_ONE - price : price;
      flat[at++] = this.bidSizes[i]!;
    }
    for (let i = 0; i < this.asks; i++) {
      const price = this.askPrices[i]!;
      flat[at++] = askLadder;
      flat[at++] = turned ? PRICE_ONE - price : price;
      flat[at++] = this.askSizes[i]!;
    }
    const levels = flat.slice(0, length);
    this.events[this.count++] = {
      type: "book_snapshot",
      marketId: market.marketId,
      outcome: turned ? 0 : outcome,
      levels,
      synthetic: false,
      at: this.at,
      receivedAt: this.receivedAt,
      occurredAt: occurredAt as Millis,
    };
  }

  /** A tick: told on when it is news, since both tokens of a market and every book repeat it. */
  tick(token: IndexedToken | undefined, tick: number, occurredAt: number): void {
    if (token === undefined) {
      this.foreign++;
      return;
    }
    let known = token.market.tick as number;
    for (const pending of this.ticks) if (pending.market === token.market) known = pending.tick;
    if (known === tick) return;
    this.ticks.push({ market: token.market, tick: tick as Price });
    this.events[this.count++] = {
      type: "tick_size_changed",
      marketId: token.market.marketId,
      tick: tick as Price,
      at: this.at,
      receivedAt: this.receivedAt,
      occurredAt: occurredAt as Millis,
    };
  }

  /** A public trade, in the terms of the token that it names. */
  trade(
    token: IndexedToken | undefined,
    buy: boolean,
    price: number,
    size: number,
    occurredAt: number,
  ): void {
    if (token === undefined) {
      this.foreign++;
      return;
    }
    this.events[this.count++] = {
      type: "market_trade",
      marketId: token.market.marketId,
      outcome: token.outcome,
      side: buy ? "buy" : "sell",
      price: price as Price,
      size: size as Shares,
      at: this.at,
      receivedAt: this.receivedAt,
      occurredAt: occurredAt as Millis,
    };
  }

  /** The best prices of a token. */
  quote(token: IndexedToken | undefined, bid: number, ask: number, occurredAt: number): void {
    if (token === undefined) {
      this.foreign++;
      return;
    }
    const turned = token.outcome === 1;
    const bestBid = turned ? complementOf(statedAsk(ask)) : statedBid(bid);
    const bestAsk = turned ? complementOf(statedBid(bid)) : statedAsk(ask);
    if ((turned && !token.market.mirrored) || bestBid === ABSENT || bestAsk === ABSENT) {
      this.unusable++;
      return;
    }
    this.events[this.count++] = {
      type: "best_quote",
      marketId: token.market.marketId,
      bestBid,
      bestAsk,
      at: this.at,
      receivedAt: this.receivedAt,
      occurredAt: occurredAt as Millis,
    };
  }

  /** The socket's word that a market is resolved. */
  resolved(winner: IndexedToken | undefined, occurredAt: number): void {
    if (winner === undefined) {
      this.foreign++;
      return;
    }
    this.events[this.count++] = {
      type: "market_resolved_hint",
      marketId: winner.market.marketId,
      winner: winner.outcome,
      at: this.at,
      receivedAt: this.receivedAt,
      occurredAt: occurredAt as Millis,
    };
  }

  /** An event type that carries nothing for us. */
  ignore(): void {
    this.ignored++;
  }

  /** Hands everything over, in order. Returns how many events there were. */
  commit(emit: (event: CoreEvent) => void): number {
    this.counts.foreign += this.foreign;
    this.counts.ignored += this.ignored;
    this.counts.unusable += this.unusable;
    for (const { market, tick } of this.ticks) market.tick = tick;
    const { events, count } = this;
    for (let i = 0; i < count; i++) emit(events[i]!);
    return count;
  }

  private ladderAt(change: number): number {
    return this.keys[change]! >>> 14;
  }

  private levelAt(change: number): number {
    return this.keys[change]! & 0x3fff;
  }

  private sizeOf(change: number): number {
    const own = this.sizes[change * 2]!;
    return own >= 0 ? own : this.sizes[change * 2 + 1]!;
  }

  /** The first change on whose size both outcomes spoke and disagreed, -1 when there is none. */
  private disputed(): number {
    for (let i = 0; i < this.changes; i++) {
      const own = this.sizes[i * 2]!;
      const mirror = this.sizes[i * 2 + 1]!;
      if (own >= 0 && mirror >= 0 && own !== mirror) return i;
    }
    return -1;
  }

  private find(key: number): number {
    const keys = this.keys;
    const last = this.changes < FEW ? this.changes : FEW;
    for (let i = 0; i < last; i++) if (keys[i] === key) return i;
    return this.changes > FEW ? (this.byKey.get(key) ?? -1) : -1;
  }

  private grow(): void {
    const keys = new Int32Array(this.keys.length * 2);
    keys.set(this.keys);
    this.keys = keys;
    const sizes = new Float64Array(this.sizes.length * 2);
    sizes.set(this.sizes);
    this.sizes = sizes;
  }
}

/** No bid can stand at $1 and no ask at 0: such a statement states nothing. */
function statedBid(bid: number): number {
  return bid === PRICE_ONE ? ABSENT : bid;
}

function statedAsk(ask: number): number {
  return ask === 0 ? ABSENT : ask;
}

function complementOf(price: number): number {
  return price === ABSENT ? ABSENT : PRICE_ONE - price;
}
