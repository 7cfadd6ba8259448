import {
  complement,
  ladderOf,
  MarketBook,
  PRICE_ONE,
  type BookEvent,
  type Level,
  type MarketDescription,
  type Outcome,
  type Price,
  type Side,
  type Usdc,
} from "@matchpoint/sdk";
import { GoneLevels, levelKey, shownAt } from "./goneLevels.ts";
import type { PaperOrder } from "./records.ts";
import type { Settings } from "./settings.ts";

/** Every fill is a whole number of ten-thousandths of a share: the venue's precision of a market buy's shares. */
export const FILL_GRAIN = 100;

/** At prices between whole cents only hundredths of a share cost whole micro-dollars. */
const EXACT_GRAIN = 10_000;

const NO_LEVELS: readonly Level[] = [];

/** What a market needs of the settings. */
type Rules = Pick<Settings, "syntheticSize" | "printMatch" | "unseenBook" | "settlement" | "staleBook">;

/** The latest print: the same trade may be told again as one of the other outcome. */
export interface LastPrint {
  readonly outcome: Outcome;
  readonly price: number;
  readonly size: number;
  readonly at: number;
  readonly occurredAt: number;
}

/**
 * A market as the paper venue sees it: the book that the outside world shows, what was taken out of it, and the accounts'
 * resting orders.
 *
 * **Consumption rule.** What we took at a level stays taken: we find `displayed - taken` there. After every book event
 * `taken` is at most what is displayed, and nothing else lowers it. So a level that grows by x gives us x more, a level that
 * shrinks gives us nothing, and only a level that was gone comes back whole: no displayed share is ever filled twice.
 */
export class PaperMarket {
  description: MarketDescription;
  readonly book: MarketBook;
  /** The accounts' orders in the book, in the order in which they entered it. */
  readonly resting: PaperOrder[] = [];
  /** Payouts per share once the venue resolved the market. */
  payouts: readonly [Usdc, Usdc] | undefined;
  /** The start for which clearing the book is planned or was passed over. */
  clearAt: number | undefined;
  /** The public book as it was told last, as flat numbers. */
  told: readonly number[] = [];
  /** What levels have lost lately. */
  readonly gone: GoneLevels;
  /** When something of it was heard last. */
  heardAt = 0;
  lastPrint: LastPrint | undefined;
  /** Whose book this is too, and who keeps it. */
  readonly #keeper: PaperMarket | undefined;
  readonly #staleBook: number;
  readonly #taken = new Map<number, number>();
  readonly #unseenBook: Rules["unseenBook"];
  readonly #exact: boolean;

  /** @param keeper the same market of another account's venue, which keeps the book for both */
  constructor(
    description: MarketDescription,
    { syntheticSize, printMatch, unseenBook, settlement, staleBook }: Rules,
    keeper?: PaperMarket,
  ) {
    this.#unseenBook = unseenBook;
    this.#staleBook = staleBook;
    this.#exact = settlement === "told";
    this.#keeper = keeper;
    this.description = description;
    this.gone = keeper?.gone ?? new GoneLevels(printMatch);
    this.book =
      keeper?.book ?? new MarketBook(description, syntheticSize === undefined ? {} : { syntheticSize });
  }

  /** Whether the book says what is there: while it does not, nothing is matched against it. */
  get usable(): boolean {
    const { status } = this.book;
    return (
      status === "live" || status === "synthetic" || (status === "empty" && this.#unseenBook === "nothing")
    );
  }

  /** Whether it was so long ago that anything was heard of the book that nothing can be filled against it. */
  tooOld(now: number): boolean {
    return now - this.heardAt > this.#staleBook;
  }

  /** Whether another one keeps the book. */
  get follows(): boolean {
    return this.#keeper !== undefined;
  }

  apply(event: BookEvent, now: number): void {
    this.heardAt = now;
    if (this.#keeper === undefined) {
      this.gone.before(this.book, event, now);
      this.book.apply(event);
      this.gone.after(this.book, now);
    }
    if (this.#taken.size > 0) this.#refresh();
  }

  /** Levels that others show against a taker of `side`, best first; none when the best is beyond `limit`. */
  opposite(outcome: Outcome, side: Side, limit: Price): readonly Level[] {
    if (!this.meets(outcome, side, limit)) return NO_LEVELS;
    return this.book.levels(outcome, side === "buy" ? "ask" : "bid", PRICE_ONE);
  }

  /**
   * Rounds shares down to what is filled at a price: whole grains. A chain counts in whole micro-dollars and rounds each fill by
   * itself: where one settles, only such fills are made that leave it nothing to round.
   */
  whole(amount: number, price: Price): number {
    return amount - (amount % (this.#exact && price % 100 !== 0 ? EXACT_GRAIN : FILL_GRAIN));
  }

  /** What of a level that others show against a taker of `side` was not taken yet, in whole grains. */
  left(outcome: Outcome, side: Side, { price, size }: Level): number {
    return this.whole(size - (this.#taken.get(this.#key(outcome, side, price)) ?? 0), price);
  }

  /** Takes shares that others show. Those who stand behind them at the price move up. */
  take(outcome: Outcome, side: Side, price: Price, size: number): void {
    const key = this.#key(outcome, side, price);
    this.#taken.set(key, (this.#taken.get(key) ?? 0) + size);
    for (const order of this.resting) {
      if (order.ahead > 0 && this.#place(order) === key) order.ahead = Math.max(0, order.ahead - size);
    }
  }

  /** Size that others show at the price of an order, on its own side. */
  displayed(order: PaperOrder): number {
    const { outcome, side, limit } = order.intent;
    return this.book.sizeAt(outcome, side === "buy" ? "bid" : "ask", limit);
  }

  /** What of {@link PaperMarket.displayed} is really there: less what was taken of it. */
  standing(order: PaperOrder): number {
    return this.displayed(order) - (this.#taken.get(this.#place(order)) ?? 0);
  }

  /** How much of an order's level went lately. */
  goneAt(order: PaperOrder, now: number): number {
    return this.gone.lately(this.#place(order), now);
  }

  /** Whether an order at its limit meets what the other side shows. */
  meets(outcome: Outcome, side: Side, limit: Price): boolean {
    return side === "buy" ? this.book.ask(outcome) <= limit : this.book.bid(outcome) >= limit;
  }

  /** Removes an order from the book. Returns whether it was there. */
  remove(order: PaperOrder): boolean {
    const index = this.resting.indexOf(order);
    if (index >= 0) this.resting.splice(index, 1);
    return index >= 0;
  }

  /** What is taken, as `key, size` pairs for a snapshot. */
  taken(): (readonly [number, number])[] {
    return [...this.#taken];
  }

  restoreTaken(taken: readonly (readonly [number, number])[]): void {
    for (const [key, size] of taken) this.#taken.set(key, size);
  }

  /** The key of the level in which an order rests. */
  #place({ intent: { outcome, side, limit } }: PaperOrder): number {
    return this.#key(outcome, side === "buy" ? "sell" : "buy", limit);
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
