import { formatDecimal, type MarketDescription } from "@matchpoint/sdk";
import { Prng } from "../prng.ts";
import { MILLS, type BookSide, type SimBook } from "./simBook.ts";

/** Every price as the venue writes it. */
const PRICES: readonly string[] = Array.from({ length: MILLS + 1 }, (_, mills) => formatDecimal(mills, 3));

function sizeText(microShares: number): string {
  return formatDecimal(microShares, 6);
}

/**
 * Writes the market channel's frames of one market: books worst level first, changes with both tokens (the second mirrored at
 * 1 - p), numbers and times as strings.
 */
export class MarketFrames {
  readonly #market: MarketDescription;
  readonly #gammaId: string;
  readonly #rng: Prng;
  readonly #tokens: readonly [string, string];
  readonly #startsAt: number;

  constructor(market: MarketDescription, gammaId: string, startsAt: number, seed: number) {
    this.#market = market;
    this.#gammaId = gammaId;
    this.#startsAt = startsAt;
    this.#tokens = [market.outcomes[0].tokenId, market.outcomes[1].tokenId];
    this.#rng = new Prng(seed, `frames ${market.marketId}`);
  }

  #stamp(at: number): string {
    return String(this.#startsAt + Math.floor(at));
  }

  /** The whole book of one token, as it is sent on subscription and after trades. */
  book(book: SimBook, token: 0 | 1, tick: number, lastTrade: number, at: number): string {
    const bids = this.#levels(book, token === 0 ? "bid" : "ask", token);
    const asks = this.#levels(book, token === 0 ? "ask" : "bid", token);
    const last = PRICES[token === 0 ? lastTrade : MILLS - lastTrade]!;
    return (
      `{"event_type":"book","market":"${this.#market.marketId}","asset_id":"${this.#tokens[token]}",` +
      `"timestamp":"${this.#stamp(at)}","hash":"${this.#rng.hex(40)}","bids":[${bids}],"asks":[${asks}],` +
      `"tick_size":"${PRICES[tick]!}","last_trade_price":"${last}"}`
    );
  }

  /** The levels of a side, the best last. */
  #levels(book: SimBook, side: BookSide, token: 0 | 1): string {
    const parts: string[] = [];
    book.eachLevel(side, (price, size) => {
      parts.push(`{"price":"${PRICES[token === 0 ? price : MILLS - price]!}","size":"${sizeText(size)}"}`);
    });
    return parts.reverse().join(",");
  }

  /** One level's new size, told for the token of the order that changed it and mirrored for the other. */
  priceChange(book: SimBook, side: BookSide, price: number, token: 0 | 1, at: number): string {
    const size = sizeText(book.sizeAt(side, price));
    const first = this.#change(book, side, price, size, token);
    const second = this.#change(book, side, price, size, token === 0 ? 1 : 0);
    return (
      `{"event_type":"price_change","market":"${this.#market.marketId}","timestamp":"${this.#stamp(at)}",` +
      `"price_changes":[${first},${second}]}`
    );
  }

  #change(book: SimBook, side: BookSide, price: number, size: string, token: 0 | 1): string {
    const own = token === 0;
    const buys = own === (side === "bid");
    const bid = own ? book.bid : MILLS - book.ask;
    const ask = own ? book.ask : MILLS - book.bid;
    return (
      `{"asset_id":"${this.#tokens[token]}","price":"${PRICES[own ? price : MILLS - price]!}","size":"${size}",` +
      `"side":"${buys ? "BUY" : "SELL"}","hash":"${this.#rng.hex(40)}","best_bid":"${PRICES[bid]!}","best_ask":"${PRICES[ask]!}"}`
    );
  }

  /** A trade, told for the taker's token. `side` is the taker's in terms of the first outcome. */
  lastTrade(side: BookSide, price: number, size: number, token: 0 | 1, at: number): string {
    const buys = (token === 0) === (side === "bid");
    return (
      `{"event_type":"last_trade_price","market":"${this.#market.marketId}","asset_id":"${this.#tokens[token]}",` +
      `"price":"${PRICES[token === 0 ? price : MILLS - price]!}","size":"${sizeText(size)}","side":"${buys ? "BUY" : "SELL"}",` +
      `"fee_rate_bps":"0","timestamp":"${this.#stamp(at)}","transaction_hash":"0x${this.#rng.hex(64)}"}`
    );
  }

  tickSizeChange(token: 0 | 1, from: number, to: number, at: number): string {
    return (
      `{"event_type":"tick_size_change","market":"${this.#market.marketId}","asset_id":"${this.#tokens[token]}",` +
      `"old_tick_size":"${PRICES[from]!}","new_tick_size":"${PRICES[to]!}","timestamp":"${this.#stamp(at)}"}`
    );
  }

  /** The hint that the market is resolved; `winner` is an outcome. */
  resolved(winner: 0 | 1, at: number): string {
    const [a, b] = this.#tokens;
    const name = JSON.stringify(this.#market.outcomes[winner].name);
    return (
      `{"event_type":"market_resolved","id":"${this.#gammaId}","market":"${this.#market.marketId}","assets_ids":["${a}","${b}"],` +
      `"winning_asset_id":"${this.#tokens[winner]}","winning_outcome":${name},"timestamp":"${this.#stamp(at)}","tags":["esports"]}`
    );
  }
}
