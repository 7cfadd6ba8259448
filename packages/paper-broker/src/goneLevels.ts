import { PRICE_ONE, type BookEvent, type MarketBook, type Outcome, type Price } from "@matchpoint/sdk";

/** Levels are keyed by ladder and price. */
const KEYS = PRICE_ONE + 1;
/** Beyond this many numbers, what is too old is thrown out of a level's list. */
const LONG = 64;
/** Beyond this many levels, those that lost nothing lately are forgotten. */
const MANY = 256;

/** The key of a level of one of a book's ladders. */
export function levelKey(ladder: number, price: Price): number {
  return ladder * KEYS + price;
}

/** The size that a book shows at a level. */
export function shownAt(book: MarketBook, key: number): number {
  const ladder = Math.floor(key / KEYS);
  return book.sizeAt((ladder >> 1) as Outcome, (ladder & 1) === 0 ? "bid" : "ask", (key % KEYS) as Price);
}

/** {@link GoneLevels} as plain JSON: each level's key with what it lost, as `at, size, at, size, …`. */
export type SavedGone = readonly (readonly [number, readonly number[]])[];

/**
 * What levels have lost lately. The print of a trade can come after the smaller level that it left: an order that joined the
 * level in between must not be filled by it, nor may that print be taken for another one.
 */
export class GoneLevels {
  readonly #window: number;
  /** Per level what it lost, oldest first: `at, size, at, size, …`. */
  readonly #gone = new Map<number, number[]>();
  /** The levels of a whole book that is about to be replaced, with what they show. */
  readonly #watched: number[] = [];

  /** @param window nanoseconds after which a loss is forgotten */
  constructor(window: number) {
    this.#window = window;
  }

  /** An event of the book is about to be applied. */
  before(book: MarketBook, event: BookEvent, now: number): void {
    if (event.type === "book_delta") {
      const { levels } = event;
      for (let i = 0; i + 2 < levels.length; i += 3) {
        const key = levelKey(levels[i]!, levels[i + 1]! as Price);
        const lost = shownAt(book, key) - levels[i + 2]!;
        if (lost > 0) this.#lose(key, lost, now);
      }
    } else if (event.type === "book_snapshot") {
      const outcome = book.mirrored ? 0 : event.outcome;
      for (const side of ["bid", "ask"] as const) {
        const ladder = outcome * 2 + (side === "bid" ? 0 : 1);
        for (const { price, size } of book.levels(outcome, side, PRICE_ONE))
          this.#watched.push(levelKey(ladder, price), size);
      }
    }
  }

  /** It has been applied. */
  after(book: MarketBook, now: number): void {
    const watched = this.#watched;
    if (watched.length === 0) return;
    for (let i = 0; i < watched.length; i += 2) {
      const lost = watched[i + 1]! - shownAt(book, watched[i]!);
      if (lost > 0) this.#lose(watched[i]!, lost, now);
    }
    watched.length = 0;
  }

  /** What a level has lost within the window. */
  lately(key: number, now: number): number {
    const losses = this.#gone.get(key);
    if (losses === undefined) return 0;
    let sum = 0;
    for (let i = losses.length - 2; i >= 0 && now - losses[i]! <= this.#window; i -= 2) sum += losses[i + 1]!;
    return sum;
  }

  /** Forgets all of it. */
  clear(): void {
    this.#gone.clear();
  }

  save(): SavedGone {
    return [...this.#gone];
  }

  restore(saved: SavedGone): void {
    for (const [key, losses] of saved) this.#gone.set(key, [...losses]);
  }

  #lose(key: number, lost: number, now: number): void {
    const losses = this.#gone.get(key);
    if (losses === undefined) {
      if (this.#gone.size >= MANY) this.#forget(now);
      this.#gone.set(key, [now, lost]);
      return;
    }
    losses.push(now, lost);
    if (losses.length < LONG) return;
    let old = 0;
    while (old < losses.length && now - losses[old]! > this.#window) old += 2;
    losses.splice(0, old);
  }

  #forget(now: number): void {
    for (const [key, losses] of this.#gone)
      if (now - losses[losses.length - 2]! > this.#window) this.#gone.delete(key);
  }
}
