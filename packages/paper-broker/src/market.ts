import {
  complement,
  ladderOf,
  MarketBook,
  notional,
  PRICE_ONE,
  sharesFor,
  type BookEvent,
  type MarketDescription,
  type Outcome,
  type Price,
  type Shares,
  type Side,
  type Usdc,
} from "@matchpoint/sdk";
import { GoneLevels, levelKey, shownAt } from "./goneLevels.ts";
import type { PaperOrder } from "./records.ts";

/** Every fill is a whole number of ten-thousandths of a share: the venue's precision of a market buy's shares. */
export const FILL_GRAIN = 100;

/** Rounds shares down to {@link FILL_GRAIN}. */
export function floorToGrain(amount: number): number {
  return amount - (amount % FILL_GRAIN);
}

/** Liquidity found at one price. */
export interface Found {
  readonly price: Price;
  readonly size: Shares;
}

/** How much to look for. */
export type Wanted = { readonly shares: number } | { readonly usdc: number };

/**
 * A market as the paper venue sees it: the public book, what we have taken out of it, and our own resting orders.
 *
 * **Consumption rule.** What we took at a level stays taken: we find `displayed - taken` there. After every book event
 * `taken` is at most what is displayed, and nothing else lowers it. So a level that grows by x gives us x more, a level that
 * shrinks gives us nothing, and only a level that was gone comes back whole: no displayed share is ever filled twice.
 */
export class PaperMarket {
  description: MarketDescription;
  readonly book: MarketBook;
  /** Our orders in the book, in order of arrival. */
  readonly resting: PaperOrder[] = [];
  /** Payouts per share once the venue resolved the market. */
  payouts: readonly [Usdc, Usdc] | undefined;
  /** The start for which clearing the book is planned or was passed over. */
  clearAt: number | undefined;
  /** What levels have lost lately. */
  readonly gone: GoneLevels;
  readonly #taken = new Map<number, number>();

  constructor(
    description: MarketDescription,
    {
      syntheticSize,
      printMatch,
    }: { readonly syntheticSize: Shares | undefined; readonly printMatch: number },
  ) {
    this.description = description;
    this.gone = new GoneLevels(printMatch);
    this.book = new MarketBook(description, syntheticSize === undefined ? {} : { syntheticSize });
  }

  /** Whether the book says what is there: while it does not, nothing is matched against it. */
  get usable(): boolean {
    return this.book.status === "live" || this.book.status === "synthetic";
  }

  apply(event: BookEvent, now: number): void {
    this.gone.before(this.book, event, now);
    this.book.apply(event);
    this.gone.after(this.book, now);
    if (this.#taken.size > 0) this.#refresh();
  }

  /** What a taker of `side` finds at `limit` or better, best first: up to the amount wanted, in whole grains. */
  find(
    outcome: Outcome,
    side: Side,
    limit: Price,
    wanted: Wanted,
  ): { readonly found: Found[]; readonly complete: boolean } {
    const found: Found[] = [];
    if (!this.usable) return { found, complete: false };
    const buy = side === "buy";
    if (buy ? this.book.ask(outcome) > limit : this.book.bid(outcome) < limit)
      return { found, complete: false };
    let shares = "shares" in wanted ? wanted.shares : 0;
    let dollars = "usdc" in wanted ? wanted.usdc : 0;
    for (const level of this.book.levels(outcome, buy ? "ask" : "bid", PRICE_ONE)) {
      if (buy ? level.price > limit : level.price < limit) break;
      const there = floorToGrain(level.size - (this.#taken.get(this.#key(outcome, side, level.price)) ?? 0));
      if ("shares" in wanted) {
        const size = Math.min(there, shares);
        shares -= size;
        if (size > 0) found.push({ price: level.price, size: size as Shares });
        if (shares === 0) return { found, complete: true };
      } else {
        const affordable = floorToGrain(sharesFor(dollars as Usdc, level.price));
        const size = Math.min(there, affordable);
        if (size > 0) found.push({ price: level.price, size: size as Shares });
        if (affordable <= there) return { found, complete: true };
        dollars -= notional(size as Shares, level.price, "up");
      }
    }
    return { found, complete: false };
  }

  /** Takes what {@link PaperMarket.find} found. */
  take(outcome: Outcome, side: Side, found: readonly Found[]): void {
    for (const { price, size } of found) {
      const key = this.#key(outcome, side, price);
      this.#taken.set(key, (this.#taken.get(key) ?? 0) + size);
    }
  }

  /** Size that others show at the price of an order, on its own side. */
  displayed(order: PaperOrder): number {
    const { outcome, side, limit } = order.intent;
    return this.book.sizeAt(outcome, side === "buy" ? "bid" : "ask", limit);
  }

  /** How much of an order's level went lately. */
  goneAt(order: PaperOrder, now: number): number {
    const { outcome, side, limit } = order.intent;
    return this.gone.lately(this.#key(outcome, side === "buy" ? "sell" : "buy", limit), now);
  }

  /** Whether an order at its limit meets the other side of the public book. */
  meets(outcome: Outcome, side: Side, limit: Price): boolean {
    return side === "buy" ? this.book.ask(outcome) <= limit : this.book.bid(outcome) >= limit;
  }

  /** Removes an order from the book. */
  remove(order: PaperOrder): void {
    const index = this.resting.indexOf(order);
    if (index >= 0) this.resting.splice(index, 1);
  }

  /** What is taken, as `key, size` pairs for a snapshot. */
  taken(): (readonly [number, number])[] {
    return [...this.#taken];
  }

  restoreTaken(taken: readonly (readonly [number, number])[]): void {
    for (const [key, size] of taken) this.#taken.set(key, size);
  }

  /** A level's key: its ladder and price, on a mirrored market always those of outcome 0. */
  #key(outcome: Outcome, taker: Side, price: Price): number {
    const side = taker === "buy" ? "ask" : "bid";
    if (outcome === 1 && this.description.mirrored) {
      return levelKey(ladderOf(0, side === "ask" ? "bid" : "ask"), complement(price));
    }
    return levelKey(ladderOf(outcome, side), price);
  }

  #refresh(): void {
    for (const [key, size] of this.#taken) {
      const shown = shownAt(this.book, key);
      if (shown === 0) this.#taken.delete(key);
      else if (shown < size) this.#taken.set(key, shown);
    }
  }
}
