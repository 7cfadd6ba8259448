import type { Outcome, Side } from "../events/index.ts";
import type { Nanos, Price, Shares } from "../units/index.ts";
import type { BookStatus, BookView, Level, Walk, WalkAmount } from "../book/index.ts";

/** A window on a book: shows all of it, and nothing can be changed through it. */
export class BookWindow implements BookView {
  readonly #book: BookView;

  constructor(book: BookView) {
    this.#book = book;
  }

  get status(): BookStatus {
    return this.#book.status;
  }
  get tick(): Price {
    return this.#book.tick;
  }
  get epoch(): number {
    return this.#book.epoch;
  }
  get updatedAt(): Nanos {
    return this.#book.updatedAt;
  }
  get mirrored(): boolean {
    return this.#book.mirrored;
  }
  bid(outcome: Outcome): Price {
    return this.#book.bid(outcome);
  }
  ask(outcome: Outcome): Price {
    return this.#book.ask(outcome);
  }
  bidSize(outcome: Outcome): Shares {
    return this.#book.bidSize(outcome);
  }
  askSize(outcome: Outcome): Shares {
    return this.#book.askSize(outcome);
  }
  sizeAt(outcome: Outcome, side: "bid" | "ask", price: Price): Shares {
    return this.#book.sizeAt(outcome, side, price);
  }
  depth(outcome: Outcome, side: Side, limit: Price): Shares {
    return this.#book.depth(outcome, side, limit);
  }
  walk(outcome: Outcome, side: Side, amount: WalkAmount, limit?: Price): Walk {
    return this.#book.walk(outcome, side, amount, limit);
  }
  levels(outcome: Outcome, side: "bid" | "ask", max: number): Level[] {
    return this.#book.levels(outcome, side, max);
  }
}

Object.freeze(BookWindow.prototype);
