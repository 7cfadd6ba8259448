import type { MarketDescription } from "@matchpoint/sdk";
import type { SimFrame } from "@matchpoint/testing";
import type { Wire } from "./wire.ts";

/** One token's book as the frames tell it, in whole mills and shares. */
export interface ReadBook {
  readonly bids: Map<number, number>;
  readonly asks: Map<number, number>;
  statedBid: number;
  statedAsk: number;
}

export interface ReadTrade {
  readonly market: number;
  readonly token: 0 | 1;
  readonly price: number;
  readonly size: number;
  readonly side: string;
}

const decoder = new TextDecoder();

/**
 * Reads market frames by the venue's documented shapes and nothing else: a second opinion beside the SDK's decoders.
 */
export class MarketReader {
  /** Per market, per token. */
  readonly books: readonly (readonly [ReadBook, ReadBook])[];
  readonly ticks: number[];
  trades = 0;
  frames = 0;
  snapshots = 0;
  readonly problems: string[] = [];
  readonly #byToken = new Map<string, { market: number; token: 0 | 1 }>();
  readonly #onTrade: ((trade: ReadTrade, at: number) => void) | undefined;

  constructor(markets: readonly MarketDescription[], onTrade?: (trade: ReadTrade, at: number) => void) {
    this.#onTrade = onTrade;
    this.books = markets.map(() => [emptyBook(), emptyBook()]);
    this.ticks = markets.map(() => 10);
    markets.forEach((market, index) => {
      this.#byToken.set(market.outcomes[0].tokenId, { market: index, token: 0 });
      this.#byToken.set(market.outcomes[1].tokenId, { market: index, token: 1 });
    });
  }

  /** Takes a frame; returns the markets that it touched. */
  take(frame: SimFrame): number[] {
    if (frame.fault === "hostile") return [];
    this.frames += 1;
    const json: Wire = JSON.parse(decoder.decode(frame.bytes));
    return (Array.isArray(json) ? json : [json]).map((message) => this.#message(message, frame.receivedAtMs));
  }

  #message(message: Wire, at: number): number {
    const age = at - Number(message.timestamp);
    if (!(age >= 0 && age < 5_000)) this.#problem(`timestamp ${message.timestamp} received at ${at}`);
    switch (message.event_type) {
      case "book":
        return this.#book(message);
      case "price_change":
        return this.#change(message);
      case "last_trade_price": {
        const { market, token } = this.#find(message.asset_id);
        this.trades += 1;
        const price = mills(message.price);
        this.#onTrade?.({ market, token, price, size: Number(message.size), side: message.side }, at);
        return market;
      }
      case "tick_size_change": {
        const { market } = this.#find(message.asset_id);
        this.ticks[market] = mills(message.new_tick_size);
        return market;
      }
      case "market_resolved":
        return this.#find(message.assets_ids[0]).market;
      default:
        this.#problem(`unknown event ${message.event_type}`);
        return 0;
    }
  }

  #find(asset: string): { market: number; token: 0 | 1 } {
    const found = this.#byToken.get(asset);
    if (found === undefined) throw new RangeError(`unknown token ${asset}`);
    return found;
  }

  #book(message: Wire): number {
    const { market, token } = this.#find(message.asset_id);
    const book = this.books[market]![token];
    this.snapshots += 1;
    const bids = message.bids.map((level: Wire) => [mills(level.price), Number(level.size)]);
    const asks = message.asks.map((level: Wire) => [mills(level.price), Number(level.size)]);
    if (this.snapshots > 64) {
      if (!same(book.bids, bids) || !same(book.asks, asks))
        this.#problem(`book of market ${market} token ${token} differs`);
    }
    book.bids.clear();
    book.asks.clear();
    for (const [price, size] of bids) book.bids.set(price, size);
    for (const [price, size] of asks) book.asks.set(price, size);
    book.statedBid = bids.length === 0 ? 0 : bids[bids.length - 1][0];
    book.statedAsk = asks.length === 0 ? 1_000 : asks[asks.length - 1][0];
    if (Math.max(0, ...book.bids.keys()) !== book.statedBid)
      this.#problem("best bid is not the last of the bids");
    if (Math.min(1_000, ...book.asks.keys()) !== book.statedAsk)
      this.#problem("best ask is not the last of the asks");
    return market;
  }

  #change(message: Wire): number {
    const [first, second] = message.price_changes;
    const a = this.#level(first);
    const b = this.#level(second);
    const mirrored =
      a.market === b.market &&
      a.token !== b.token &&
      a.price + b.price === 1_000 &&
      first.size === second.size &&
      first.side !== second.side &&
      a.bid + b.ask === 1_000 &&
      a.ask + b.bid === 1_000;
    if (!mirrored || message.price_changes.length !== 2)
      this.#problem(`not mirrored: ${JSON.stringify(message)}`);
    return a.market;
  }

  #level(change: Wire): { market: number; token: 0 | 1; price: number; bid: number; ask: number } {
    const { market, token } = this.#find(change.asset_id);
    const book = this.books[market]![token];
    const price = mills(change.price);
    const size = Number(change.size);
    const side = change.side === "BUY" ? book.bids : book.asks;
    if (size === 0) side.delete(price);
    else side.set(price, size);
    if (price % this.ticks[market]! !== 0)
      this.#problem(`price ${price} is off the grid of ${this.ticks[market]}`);
    book.statedBid = mills(change.best_bid);
    book.statedAsk = mills(change.best_ask);
    if (book.statedBid >= book.statedAsk) this.#problem(`crossed: ${book.statedBid} ${book.statedAsk}`);
    return { market, token, price, bid: book.statedBid, ask: book.statedAsk };
  }

  #problem(text: string): void {
    if (this.problems.length < 20) this.problems.push(text);
  }
}

function emptyBook(): ReadBook {
  return { bids: new Map(), asks: new Map(), statedBid: 0, statedAsk: 1_000 };
}

function mills(text: string): number {
  const value = Math.round(Number(text) * 1_000);
  if (String(value / 1_000) !== text) throw new RangeError(`price ${text}`);
  return value;
}

function same(known: ReadonlyMap<number, number>, levels: readonly (readonly [number, number])[]): boolean {
  return known.size === levels.length && levels.every(([price, size]) => known.get(price) === size);
}
