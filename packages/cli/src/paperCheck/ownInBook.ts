import {
  complement,
  ladderOf,
  PRICE_ONE,
  type BookDelta,
  type BookSnapshot,
  type CoreEvent,
  type Intent,
  type MarketDescription,
  type MarketId,
  type OrderId,
} from "@matchpoint/sdk";

/** An order that rests, or is about to, and where. */
interface Own {
  readonly marketId: MarketId;
  readonly key: number;
  left: number;
  /** Whether the book shows it. */
  shown: boolean;
}

const KEYS = PRICE_ONE + 1;

/**
 * The world as it would be without us. A live run's market data shows the run's own orders; a paper venue that took them for somebody
 * else's would queue behind itself. They are taken out of the levels that they rest in: from the level change that is as large
 * as they are, or from their acknowledgement, until they are over.
 */
export class OwnInBook {
  readonly #orders = new Map<OrderId, Own>();
  /** What the venue showed, per market and level. */
  readonly #raw = new Map<MarketId, Map<number, number>>();

  /** An order is on its way. One that never rests shows nothing. */
  sent(orderId: OrderId, intent: Intent, market: MarketDescription): void {
    if (intent.orderType === "FAK" || intent.orderType === "FOK") return;
    const { marketId, outcome, side, limit, size } = intent;
    const own = side === "buy" ? "bid" : "ask";
    const other = side === "buy" ? "ask" : "bid";
    const turned = outcome === 1 && market.mirrored;
    const key = turned
      ? ladderOf(0, other) * KEYS + complement(limit)
      : ladderOf(outcome, own) * KEYS + limit;
    this.#orders.set(orderId, { marketId, key, left: size, shown: false });
  }

  live(orderId: OrderId): void {
    const own = this.#orders.get(orderId);
    if (own !== undefined) own.shown = true;
  }

  filled(orderId: OrderId, size: number): void {
    const own = this.#orders.get(orderId);
    if (own === undefined) return;
    own.left = Math.max(0, own.left - size);
    // Nobody says of an order that all of it is filled: it rests no longer, and best prices are the others' again.
    if (own.left === 0) this.over(orderId);
  }

  over(orderId: OrderId): void {
    this.#orders.delete(orderId);
  }

  /** An event of the outside world without our orders; `undefined` when nothing of it is left. */
  without(event: CoreEvent): CoreEvent | undefined {
    if (event.type === "book_snapshot") {
      this.#forget(event);
      return this.#less(event);
    }
    if (event.type === "book_delta") {
      const less = this.#less(event);
      // A best price that we ourselves make is not in the book without us.
      return this.#rests(event.marketId) ? { ...less, bestBid: -1, bestAsk: -1 } : less;
    }
    return event.type === "best_quote" && this.#rests(event.marketId) ? undefined : event;
  }

  #rests(marketId: MarketId): boolean {
    for (const own of this.#orders.values()) if (own.marketId === marketId) return true;
    return false;
  }

  /** A whole book replaces what was known of its ladders. */
  #forget({ marketId, outcome }: BookSnapshot): void {
    const raw = this.#raw.get(marketId);
    if (raw === undefined) return;
    for (const key of raw.keys()) if (Math.floor(key / KEYS) >> 1 === outcome) raw.delete(key);
  }

  #less<E extends BookDelta | BookSnapshot>(event: E): E {
    let raw = this.#raw.get(event.marketId);
    if (raw === undefined) this.#raw.set(event.marketId, (raw = new Map<number, number>()));
    const levels = [...event.levels];
    for (let i = 0; i + 2 < levels.length; i += 3) {
      const key = levels[i]! * KEYS + levels[i + 1]!;
      const size = levels[i + 2]!;
      const grown = size - (raw.get(key) ?? 0);
      raw.set(key, size);
      levels[i + 2] = Math.max(0, size - this.#ownAt(event.marketId, key, grown));
    }
    return { ...event, levels };
  }

  #ownAt(marketId: MarketId, key: number, grown: number): number {
    let own = 0;
    for (const order of this.#orders.values()) {
      if (order.marketId !== marketId || order.key !== key) continue;
      if (order.left === grown) order.shown = true;
      if (order.shown) own += order.left;
    }
    return own;
  }
}
