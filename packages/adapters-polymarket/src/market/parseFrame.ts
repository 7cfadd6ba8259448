import { isTick, wireMillis, wireOptionalPrice, wirePrice, wireSize, wireTick } from "./decimal.ts";
import { ABSENT, type FrameStage } from "./stage.ts";
import type { TokenIndex } from "./tokenIndex.ts";

/** Why a frame is refused, and the token it spoke of when that much could be read. */
export interface Refusal {
  readonly reason: string;
  readonly tokenId?: string;
}

type Fields = Readonly<Record<string, unknown>>;

/**
 * Reads a frame through `JSON.parse` and checks every field that is used: the slow, complete twin of the scanner. Leaves what
 * it says in the stage; on a refusal the stage holds nothing that may be used.
 */
export class FrameParser {
  readonly #index: TokenIndex;
  readonly #stage: FrameStage;

  constructor(index: TokenIndex, stage: FrameStage) {
    this.#index = index;
    this.#stage = stage;
  }

  parse(text: string): Refusal | undefined {
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch (error) {
      return { reason: `not JSON: ${clip(error instanceof Error ? error.message : String(error))}` };
    }
    if (!Array.isArray(value)) return this.#event(value);
    for (const each of value as unknown[]) {
      const refusal = this.#event(each);
      if (refusal !== undefined) return refusal;
    }
    return undefined;
  }

  #event(value: unknown): Refusal | undefined {
    if (!isObject(value)) return { reason: `an event is ${show(value)}, not an object` };
    const type = value["event_type"];
    if (type !== undefined && (typeof type !== "string" || type === ""))
      return { reason: `event_type is ${show(type)}` };
    switch (type) {
      case undefined: // what GET /book answers is a book without a type
      case "book":
        return this.#book(value);
      case "price_change":
        return this.#changes(value);
      case "last_trade_price":
        return this.#trade(value);
      case "tick_size_change":
        return this.#tick(value);
      case "best_bid_ask":
        return this.#quote(value);
      case "market_resolved":
        return this.#resolved(value);
      default:
        this.#stage.ignore();
        return undefined;
    }
  }

  #book(event: Fields): Refusal | undefined {
    const tokenId = event["asset_id"];
    const millis = wireMillis(event["timestamp"]);
    if (!isId(tokenId)) return bad("asset_id", tokenId);
    if (millis < 0) return bad("timestamp", event["timestamp"], tokenId);
    const tickText = event["tick_size"];
    const tick = wireOptionalPrice(tickText);
    if (tick !== ABSENT && !isTick(tick)) return bad("tick_size", tickText, tokenId);
    this.#stage.beginBook();
    const refusal = this.#ladder(event["bids"], true, tokenId) ?? this.#ladder(event["asks"], false, tokenId);
    if (refusal !== undefined) return refusal;
    this.#stage.endBook(this.#index.get(tokenId), tick, millis);
    return undefined;
  }

  #ladder(levels: unknown, bid: boolean, tokenId: string): Refusal | undefined {
    const name = bid ? "bids" : "asks";
    if (!Array.isArray(levels)) return bad(name, levels, tokenId);
    const seen = new Set<number>();
    for (const level of levels as unknown[]) {
      if (!isObject(level)) return bad(`${name}[${seen.size}]`, level, tokenId);
      const price = wirePrice(level["price"]);
      if (price < 0) return bad(`${name}[${seen.size}].price`, level["price"], tokenId);
      const size = wireSize(level["size"]);
      if (size < 0) return bad(`${name}[${seen.size}].size`, level["size"], tokenId);
      if (seen.has(price)) return { reason: `${name} list the price ${show(level["price"])} twice`, tokenId };
      seen.add(price);
      this.#stage.level(bid, price, size);
    }
    return undefined;
  }

  #changes(event: Fields): Refusal | undefined {
    const changes = event["price_changes"];
    if (!Array.isArray(changes)) return bad("price_changes", changes);
    const first: unknown = isObject(changes[0]) ? changes[0]["asset_id"] : undefined;
    const named = isId(first) ? first : undefined;
    const millis = wireMillis(event["timestamp"]);
    if (millis < 0) return bad("timestamp", event["timestamp"], named);
    this.#stage.beginChanges();
    for (let i = 0; i < changes.length; i++) {
      const change: unknown = changes[i];
      if (!isObject(change)) return bad(`price_changes[${i}]`, change, named);
      const tokenId = change["asset_id"];
      if (!isId(tokenId)) return bad(`price_changes[${i}].asset_id`, tokenId, named);
      const price = wirePrice(change["price"]);
      if (price < 0) return bad(`price_changes[${i}].price`, change["price"], tokenId);
      const size = wireSize(change["size"]);
      if (size < 0) return bad(`price_changes[${i}].size`, change["size"], tokenId);
      const side = change["side"];
      if (side !== "BUY" && side !== "SELL") return bad(`price_changes[${i}].side`, side, tokenId);
      const bid = wireOptionalPrice(change["best_bid"]);
      if (bid < ABSENT) return bad(`price_changes[${i}].best_bid`, change["best_bid"], tokenId);
      const ask = wireOptionalPrice(change["best_ask"]);
      if (ask < ABSENT) return bad(`price_changes[${i}].best_ask`, change["best_ask"], tokenId);
      this.#stage.change(this.#index.get(tokenId), side === "BUY", price, size, bid, ask);
    }
    const reason = this.#stage.endChanges(millis);
    if (reason === undefined) return undefined;
    return named === undefined ? { reason } : { reason, tokenId: named };
  }

  #trade(event: Fields): Refusal | undefined {
    const tokenId = event["asset_id"];
    if (!isId(tokenId)) return bad("asset_id", tokenId);
    const millis = wireMillis(event["timestamp"]);
    if (millis < 0) return bad("timestamp", event["timestamp"], tokenId);
    const price = wirePrice(event["price"]);
    if (price < 0) return bad("price", event["price"], tokenId);
    const size = wireSize(event["size"]);
    if (size < 0) return bad("size", event["size"], tokenId);
    const side = event["side"];
    if (side !== "BUY" && side !== "SELL") return bad("side", side, tokenId);
    this.#stage.trade(this.#index.get(tokenId), side === "BUY", price, size, millis);
    return undefined;
  }

  #tick(event: Fields): Refusal | undefined {
    const tokenId = event["asset_id"];
    if (!isId(tokenId)) return bad("asset_id", tokenId);
    const millis = wireMillis(event["timestamp"]);
    if (millis < 0) return bad("timestamp", event["timestamp"], tokenId);
    const tick = wireTick(event["new_tick_size"]);
    if (tick < 0) return bad("new_tick_size", event["new_tick_size"], tokenId);
    this.#stage.tick(this.#index.get(tokenId), tick, millis);
    return undefined;
  }

  #quote(event: Fields): Refusal | undefined {
    const tokenId = event["asset_id"];
    if (!isId(tokenId)) return bad("asset_id", tokenId);
    const millis = wireMillis(event["timestamp"]);
    if (millis < 0) return bad("timestamp", event["timestamp"], tokenId);
    const bid = wireOptionalPrice(event["best_bid"]);
    if (bid < ABSENT) return bad("best_bid", event["best_bid"], tokenId);
    const ask = wireOptionalPrice(event["best_ask"]);
    if (ask < ABSENT) return bad("best_ask", event["best_ask"], tokenId);
    this.#stage.quote(this.#index.get(tokenId), bid, ask, millis);
    return undefined;
  }

  #resolved(event: Fields): Refusal | undefined {
    const tokenId = event["winning_asset_id"];
    if (!isId(tokenId)) return bad("winning_asset_id", tokenId);
    const millis = wireMillis(event["timestamp"]);
    if (millis < 0) return bad("timestamp", event["timestamp"], tokenId);
    this.#stage.resolved(this.#index.get(tokenId), millis);
    return undefined;
  }
}

function isObject(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isId(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}

function bad(field: string, value: unknown, tokenId?: string): Refusal {
  const reason = `${field} is ${show(value)}`;
  return tokenId === undefined ? { reason } : { reason, tokenId };
}

function show(value: unknown): string {
  if (value === undefined) return "missing";
  if (typeof value === "string") return JSON.stringify(clip(value));
  if (typeof value === "number" || typeof value === "boolean" || value === null) return String(value);
  return Array.isArray(value) ? "a list" : "an object";
}

function clip(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
