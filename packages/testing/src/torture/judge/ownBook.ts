import type { BookEvent } from "@matchpoint/sdk";

const ONE = 10_000;

/** One side of a book as sizes by price, with its best price kept. */
class Side {
  readonly #sizes = new Map<number, number>();
  readonly #better: (a: number, b: number) => boolean;
  readonly none: number;
  best: number;

  constructor(bids: boolean) {
    this.none = bids ? 0 : ONE;
    this.best = this.none;
    this.#better = bids ? (a, b) => a > b : (a, b) => a < b;
  }

  get bestSize(): number {
    return this.best === this.none ? 0 : (this.#sizes.get(this.best) ?? 0);
  }

  set(price: number, size: number): void {
    if (size > 0) this.#sizes.set(price, size);
    else this.#sizes.delete(price);
    if (size > 0 && this.#better(price, this.best)) this.best = price;
    else if (size === 0 && price === this.best) this.#next();
  }

  /** Levels better than what is stated to be best are gone. */
  dropBetter(stated: number): void {
    while (this.best !== this.none && this.#better(this.best, stated)) this.set(this.best, 0);
  }

  clear(): void {
    this.#sizes.clear();
    this.best = this.none;
  }

  /** Only levels on the grid are left. */
  regrid(tick: number): void {
    for (const price of this.#sizes.keys()) if (price % tick !== 0) this.#sizes.delete(price);
    if (this.bestSize === 0) this.#next();
  }

  #next(): void {
    this.best = this.none;
    for (const price of this.#sizes.keys()) if (this.#better(price, this.best)) this.best = price;
  }
}

/**
 * The book of a mirrored market as its messages make it: absolute sizes by price, and a stated best price that takes away what is better.
 * Judges what the core shows of the same messages.
 */
export class OwnBook {
  readonly bids = new Side(true);
  readonly asks = new Side(false);
  /** Stands on a snapshot of the venue's. */
  founded = false;
  /** Why nothing may be priced by it, until the next snapshot. */
  unsound: string | undefined;
  /** When the last message came that says something of prices. */
  at = -1;
  /** Since when a best price is stated that the book does not have; -1 while it has them. */
  lackingSince = -1;
  /** Held a level that no book can hold since its last snapshot: what follows is not defined. */
  spoiled = false;

  /** Takes the next message of its market. */
  take(event: BookEvent): void {
    switch (event.type) {
      case "book_snapshot":
        this.bids.clear();
        this.asks.clear();
        this.spoiled = false;
        this.lackingSince = -1;
        this.founded = !event.synthetic;
        this.unsound = undefined;
        this.at = event.at;
        this.#levels(event.levels);
        return;
      case "book_delta":
        this.at = event.at;
        this.#levels(event.levels);
        this.#stated(event.bestBid, event.bestAsk, event.at);
        return;
      case "best_quote":
        this.at = event.at;
        this.#stated(event.bestBid, event.bestAsk, event.at);
        return;
      case "tick_size_changed":
        this.bids.regrid(event.tick);
        this.asks.regrid(event.tick);
        return;
      case "book_continuity":
        if (event.state !== "resynced" && this.founded) this.unsound = event.state;
        return;
      case "market_trade":
        return;
    }
  }

  get crossed(): boolean {
    const { bids, asks } = this;
    return bids.best !== bids.none && asks.best !== asks.none && bids.best >= asks.best;
  }

  #levels(levels: readonly number[]): void {
    for (let i = 0; i + 2 < levels.length; i += 3) {
      const [ladder, price, size] = [levels[i]!, levels[i + 1]!, levels[i + 2]!];
      const possible =
        (ladder === 0 || ladder === 1) &&
        Number.isInteger(price) &&
        price > 0 &&
        price < ONE &&
        Number.isSafeInteger(size) &&
        size >= 0;
      if (possible) (ladder === 0 ? this.bids : this.asks).set(price, size);
      else if (size !== 0) this.spoiled = true;
    }
    if (levels.length % 3 !== 0) this.spoiled = true;
  }

  #stated(bid: number, ask: number, at: number): void {
    if (!Number.isInteger(bid) || !Number.isInteger(ask) || bid >= ONE || ask > ONE || ask === 0) {
      this.spoiled = true;
      return;
    }
    if (bid >= 0) this.bids.dropBetter(bid);
    if (ask >= 0) this.asks.dropBetter(ask);
    const lacks = (bid >= 0 && bid !== this.bids.best) || (ask >= 0 && ask !== this.asks.best);
    if (!lacks) this.lackingSince = -1;
    else if (this.lackingSince < 0) this.lackingSince = at;
  }
}
