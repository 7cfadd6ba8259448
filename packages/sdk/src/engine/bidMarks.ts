import type { BookView } from "../book/index.ts";
import type { Outcome } from "../events/index.ts";
import { NANOS_PER_MS, type Nanos, type Price } from "../units/index.ts";

/** A book that is trusted and has had no bid for so long says that nobody wants the shares. */
const GONE_AFTER = 30_000 * NANOS_PER_MS;

const ZERO = 0 as Price;

/**
 * What a market's shares could be sold for, as last seen: the best bid of each outcome while the book was to be trusted. A bid that is
 * missing for a moment (books are cleared at a game's start) keeps its last price; one that stays away is worth nothing.
 */
export class BidMarks {
  readonly #bids: [Price | undefined, Price | undefined] = [undefined, undefined];
  readonly #goneSince: [Nanos | undefined, Nanos | undefined] = [undefined, undefined];

  /** Looks at the book. */
  see(book: Pick<BookView, "status" | "bid">, now: Nanos): void {
    if (book.status !== "live" && book.status !== "synthetic") {
      this.#goneSince[0] = undefined;
      this.#goneSince[1] = undefined;
      return;
    }
    this.#see(0, book.bid(0), now);
    this.#see(1, book.bid(1), now);
  }

  #see(outcome: Outcome, bid: Price, now: Nanos): void {
    if (bid > 0) {
      this.#bids[outcome] = bid;
      this.#goneSince[outcome] = undefined;
    } else {
      this.#goneSince[outcome] ??= now;
    }
  }

  /** `undefined` before anything was seen. */
  of(outcome: Outcome, now: Nanos): Price | undefined {
    const since = this.#goneSince[outcome];
    if (since !== undefined && now - since >= GONE_AFTER) return ZERO;
    return this.#bids[outcome];
  }
}
