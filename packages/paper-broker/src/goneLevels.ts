import { PRICE_ONE, type BookEvent, type MarketBook, type Outcome, type Price } from "@matchpoint/sdk";

/** Levels are keyed by ladder and price. */
const KEYS = PRICE_ONE + 1;
/** Beyond this many remembered levels the old ones are thrown out. */
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

/** What a level has lost, and when it last did. */
interface Gone {
  readonly size: number;
  readonly at: number;
}

/** {@link GoneLevels} as plain JSON. */
export interface SavedGone {
  readonly needed: boolean;
  readonly levels: readonly (readonly [number, Gone])[];
}

/**
 * What levels have lost lately. The print of a trade can come after the smaller level that it left, and does not always say
 * when the trade happened: an order that joined the level in between must not be filled by it.
 */
export class GoneLevels {
  readonly #window: number;
  readonly #gone = new Map<number, Gone>();
  #needed = true;
  /** The levels that the event in hand may change, with what they show before it. */
  #watched: number[] = [];

  /** @param window nanoseconds after which a loss is forgotten */
  constructor(window: number) {
    this.#window = window;
  }

  /** A print came. Where prints say when they happened, nobody has to guess: nothing is kept from then on. */
  printed(occurredAt: number | undefined): void {
    this.#needed = occurredAt === undefined;
    if (!this.#needed) this.#gone.clear();
  }

  before(book: MarketBook, event: BookEvent): void {
    const watched = this.#watched;
    watched.length = 0;
    if (!this.#needed) return;
    if (event.type === "book_delta") {
      const { levels } = event;
      for (let i = 0; i + 2 < levels.length; i += 3) this.#watch(book, levels[i]!, levels[i + 1]!);
    } else if (event.type === "book_snapshot") {
      const ladder = book.mirrored ? 0 : event.outcome * 2;
      for (const side of ["bid", "ask"] as const) {
        const outcome = book.mirrored ? 0 : event.outcome;
        for (const { price } of book.levels(outcome, side, PRICE_ONE))
          this.#watch(book, ladder + (side === "bid" ? 0 : 1), price);
      }
    }
  }

  #watch(book: MarketBook, ladder: number, price: number): void {
    const key = levelKey(ladder, price as Price);
    const shown = shownAt(book, key);
    if (shown > 0) this.#watched.push(key, shown);
  }

  after(book: MarketBook, now: number): void {
    const watched = this.#watched;
    if (watched.length === 0) return;
    for (let i = 0; i < watched.length; i += 2) {
      const key = watched[i]!;
      const lost = watched[i + 1]! - shownAt(book, key);
      if (lost > 0) this.#gone.set(key, { size: this.lately(key, now) + lost, at: now });
    }
    if (this.#gone.size > MANY) {
      for (const [key, { at }] of this.#gone) if (now - at > this.#window) this.#gone.delete(key);
    }
  }

  /** What a level has lost within the window. */
  lately(key: number, now: number): number {
    const gone = this.#gone.get(key);
    return gone === undefined || now - gone.at > this.#window ? 0 : gone.size;
  }

  save(): SavedGone {
    return { needed: this.#needed, levels: [...this.#gone] };
  }

  restore({ needed, levels }: SavedGone): void {
    this.#needed = needed;
    for (const [key, gone] of levels) this.#gone.set(key, gone);
  }
}
