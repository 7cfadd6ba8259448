import { complement, formatPrice, formatShares, type Price, type Shares } from "@matchpoint/sdk";
import type { TradeRecord } from "../engine/records.ts";
import type { Core } from "../core.ts";
import { sha1 } from "../derive.ts";
import { wireBook } from "../http/bookReads.ts";
import { fieldsOf, own, parseJson } from "../order/parse.ts";
import { nanos } from "../time.ts";
import { best, type Market } from "../world/listing.ts";
import { Sockets } from "./sockets.ts";

interface Subscriber {
  readonly assets: Set<string>;
  custom: boolean;
}

/** Beyond this many assets on one socket no first book is sent, as clients have found (nautilus_trader's documentation). */
const MAX_SNAPSHOTS = 500;
/** What the venue says to a message that it does not understand. */
const INVALID = "INVALID OPERATION";
const MAX_TEXT = 1_000_000;

/** The public channel: books, level changes, trades, ticks, resolutions. Source: docs.polymarket.com market channel. */
export class MarketChannel {
  readonly #core: Core;
  readonly #sockets: Sockets<Subscriber>;
  /** Best prices that were last told, by condition id. */
  readonly #told = new Map<string, string>();

  constructor(core: Core) {
    this.#core = core;
    this.#sockets = new Sockets(core.agenda, (effect) => core.effect(effect));
  }

  open(socketId: string, at: number): void {
    this.#sockets.open(socketId, { assets: new Set(), custom: false }, at);
  }

  gone(socketId: string): void {
    this.#sockets.gone(socketId);
  }

  /** Cuts every socket. */
  closeAll(code: number, reason: string): void {
    for (const [socketId] of this.#sockets.all()) this.#sockets.close(socketId, code, reason);
  }

  receive(socketId: string, text: string, at: number): void {
    if (this.#sockets.heard(socketId, text, at)) return;
    const subscriber = this.#sockets.state(socketId);
    const message = text.length > MAX_TEXT ? undefined : fieldsOf(parseJson(text));
    if (subscriber === undefined) return;
    const operation = message && own(message, "operation");
    const type = message && own(message, "type");
    const assets = message && (own(message, "assets_ids") ?? own(message, "asset_ids"));
    const known = operation === "subscribe" || operation === "unsubscribe";
    if (
      message === undefined ||
      !Array.isArray(assets) ||
      !(known || (typeof type === "string" && /^market$/i.test(type)))
    ) {
      this.#sockets.send(socketId, INVALID);
      return;
    }
    const ids = (assets as unknown[]).filter((each): each is string => typeof each === "string");
    if (own(message, "custom_feature_enabled") === true) subscriber.custom = true;
    if (operation === "unsubscribe") {
      for (const each of ids) subscriber.assets.delete(each);
      return;
    }
    const fresh = [...new Set(ids)].filter((each) => !subscriber.assets.has(each));
    if (fresh.length === 0 && ids.length > 0) {
      this.#sockets.send(socketId, "NO NEW ASSETS");
      return;
    }
    for (const each of fresh) subscriber.assets.add(each);
    if (own(message, "initial_dump") === false) return;
    const listed = fresh.filter((_, index) => subscriber.assets.size - fresh.length + index < MAX_SNAPSHOTS);
    const delay = this.#core.settings.snapshotDelayMs;
    if (delay === 0) this.#snapshot(socketId, listed, at);
    else this.#core.agenda.plan(at + nanos(delay), (due) => this.#snapshot(socketId, listed, due));
  }

  /** The public book of a market is not what it was. */
  book(market: Market, at: number): void {
    const core = this.#core;
    const { description, shown } = market;
    const book = core.engine.exchange.book(description.marketId, 0);
    const time = String(core.wall.millis(at));
    const { bid, ask } = best(book);
    const bests = (outcome: 0 | 1) => {
      const [low, high] = outcome === 0 ? [bid, ask] : [flip(ask), flip(bid)];
      return {
        best_bid: low === undefined ? "0" : formatPrice(low),
        best_ask: high === undefined ? "1" : formatPrice(high),
      };
    };
    const changes: Record<string, unknown>[] = [];
    const change = (price: Price, size: Shares, bids: boolean) => {
      for (const outcome of [0, 1] as const) {
        const own = outcome === 0 ? price : complement(price);
        const side = (outcome === 0) === bids ? "BUY" : "SELL";
        changes.push({
          asset_id: market.tokenId(outcome),
          price: formatPrice(own),
          size: formatShares(size),
          side,
          hash: sha1(`${market.tokenId(outcome)}|${own}|${size}|${side}|${at}`),
          ...bests(outcome),
        });
      }
    };
    diff(shown.bids, book.bids, (price, size) => change(price, size, true));
    diff(shown.asks, book.asks, (price, size) => change(price, size, false));
    if (changes.length > 0) {
      this.#broadcast(
        market,
        false,
        {
          market: description.marketId,
          price_changes: changes,
          timestamp: time,
          event_type: "price_change",
        },
        at,
      );
    }
    if (market.traded) {
      market.traded = false;
      for (const outcome of [0, 1] as const) this.#sendBook(market, outcome, at);
    }
    const told = `${bid ?? ""}|${ask ?? ""}`;
    if (this.#told.get(description.marketId) === told) return;
    this.#told.set(description.marketId, told);
    if (bid !== undefined || ask !== undefined) core.life.moved(market, bid, ask, at);
    for (const outcome of [0, 1] as const) {
      const { best_bid, best_ask } = bests(outcome);
      const spread = bid === undefined || ask === undefined ? "" : formatPrice((ask - bid) as Price);
      this.#toAsset(
        market,
        outcome,
        true,
        {
          event_type: "best_bid_ask",
          market: description.marketId,
          asset_id: market.tokenId(outcome),
          best_bid,
          best_ask,
          spread,
          timestamp: time,
        },
        at,
      );
    }
  }

  /** A match, told once. */
  trade({ market, trade }: TradeRecord, at: number): void {
    const { taker } = trade;
    this.#toAsset(
      market,
      taker.outcome,
      false,
      {
        market: market.description.marketId,
        asset_id: market.tokenId(taker.outcome),
        price: formatPrice(taker.price),
        size: formatShares(taker.size),
        fee_rate_bps: "0",
        side: taker.side === "buy" ? "BUY" : "SELL",
        timestamp: String(this.#core.wall.millis(at)),
        event_type: "last_trade_price",
        transaction_hash: "",
      },
      at,
    );
  }

  tickChanged(market: Market, from: Price, to: Price, at: number): void {
    for (const outcome of [0, 1] as const) {
      this.#toAsset(
        market,
        outcome,
        false,
        {
          event_type: "tick_size_change",
          market: market.description.marketId,
          asset_id: market.tokenId(outcome),
          old_tick_size: formatPrice(from),
          new_tick_size: formatPrice(to),
          timestamp: String(this.#core.wall.millis(at)),
        },
        at,
      );
    }
  }

  resolved(market: Market, winner: 0 | 1, at: number): void {
    this.#broadcast(
      market,
      true,
      {
        event_type: "market_resolved",
        id: market.gammaId,
        market: market.description.marketId,
        assets_ids: [market.tokenId(0), market.tokenId(1)],
        winning_asset_id: market.tokenId(winner),
        winning_outcome: market.name(winner),
        timestamp: String(this.#core.wall.millis(at)),
        tags: market.listing.match.tags.map(({ slug }) => slug),
      },
      at,
    );
  }

  #snapshot(socketId: string, assets: readonly string[], at: number): void {
    const core = this.#core;
    const books: unknown[] = [];
    for (const asset of assets) {
      const found = core.markets.ofToken(asset);
      if (found === undefined || found.market.payouts !== undefined) continue;
      const { market, outcome } = found;
      const occasion = { market: market.description.marketId };
      if (core.faults.strike("missing_snapshot", occasion, at) !== undefined) continue;
      books.push({ ...wireBook(core, market, outcome, at), event_type: "book" });
    }
    // The first answer is a list of books, later frames are single events.
    if (books.length > 0) this.#send(socketId, books, undefined, at);
  }

  #sendBook(market: Market, outcome: 0 | 1, at: number): void {
    this.#toAsset(
      market,
      outcome,
      false,
      { ...wireBook(this.#core, market, outcome, at), event_type: "book" },
      at,
    );
  }

  /** To whoever follows one of the market's assets. */
  #broadcast(market: Market, custom: boolean, frame: unknown, at: number): void {
    for (const [socketId, { assets, custom: wants }] of this.#sockets.all()) {
      if (custom && !wants) continue;
      if (assets.has(market.tokenId(0)) || assets.has(market.tokenId(1)))
        this.#send(socketId, frame, market, at);
    }
  }

  #toAsset(market: Market, outcome: 0 | 1, custom: boolean, frame: unknown, at: number): void {
    for (const [socketId, { assets, custom: wants }] of this.#sockets.all()) {
      if (assets.has(market.tokenId(outcome)) && (wants || !custom)) this.#send(socketId, frame, market, at);
    }
  }

  #send(socketId: string, frame: unknown, market: Market | undefined, at: number): void {
    const occasion = { market: market?.description.marketId };
    if (this.#core.faults.strike("market_freeze", occasion, at) !== undefined) return;
    this.#sockets.send(socketId, JSON.stringify(frame));
  }
}

function flip(price: Price | undefined): Price | undefined {
  return price === undefined ? undefined : complement(price);
}

/** Tells each level whose size is another than was shown, and shows it. */
function diff(
  shown: Map<Price, Shares>,
  levels: readonly { readonly price: Price; readonly size: Shares }[],
  tell: (price: Price, size: Shares) => void,
): void {
  const now = new Map(levels.map(({ price, size }) => [price, size]));
  for (const [price, size] of [...shown]) {
    const left = now.get(price);
    if (left === size) continue;
    if (left === undefined) shown.delete(price);
    else shown.set(price, left);
    tell(price, left ?? (0 as Shares));
  }
  for (const [price, size] of now) {
    if (shown.has(price)) continue;
    shown.set(price, size);
    tell(price, size);
  }
}
