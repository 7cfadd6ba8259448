import type { BookView, Walk } from "../book/index.ts";
import type { Outcome } from "../events/index.ts";
import type { Quote } from "../strategy/index.ts";
import {
  feePerShare,
  PRICE_ONE,
  type FeeSchedule,
  type Price,
  type Probability,
  type Shares,
  type Usdc,
} from "../units/index.ts";

/** An outcome's quote, read from the live book at each access: one object per outcome serves every event. */
export class LiveQuote implements Quote {
  readonly outcome: Outcome;
  readonly #book: BookView;
  readonly #fee: () => FeeSchedule;

  constructor(outcome: Outcome, book: BookView, fee: () => FeeSchedule) {
    this.outcome = outcome;
    this.#book = book;
    this.#fee = fee;
    Object.freeze(this);
  }

  get bid(): Price {
    return this.#book.bid(this.outcome);
  }
  get bidSize(): Shares {
    return this.#book.bidSize(this.outcome);
  }
  get ask(): Price {
    return this.#book.ask(this.outcome);
  }
  get askSize(): Shares {
    return this.#book.askSize(this.outcome);
  }
  get mid(): Probability | undefined {
    const bid = this.bid;
    const ask = this.ask;
    if (bid <= 0 || ask >= PRICE_ONE) return undefined;
    return ((bid + ask) / (2 * PRICE_ONE)) as Probability;
  }
  get microprice(): Probability | undefined {
    const bid = this.bid;
    const ask = this.ask;
    if (bid <= 0 || ask >= PRICE_ONE) return undefined;
    const bidSize = this.bidSize;
    const askSize = this.askSize;
    const total = bidSize + askSize;
    if (total <= 0) return this.mid;
    return ((bid * (askSize / total) + ask * (bidSize / total)) / PRICE_ONE) as Probability;
  }
  feeAt(price: Price): number {
    return feePerShare(price, this.#fee());
  }
  edge(p: number): number {
    const ask = this.ask;
    return p - ask / PRICE_ONE - this.feeAt(ask);
  }
  buying(amount: { readonly shares: Shares } | { readonly usdc: Usdc }, limit?: Price): Walk {
    return this.#book.walk(this.outcome, "buy", amount, limit);
  }
  selling(amount: { readonly shares: Shares }, limit?: Price): Walk {
    return this.#book.walk(this.outcome, "sell", amount, limit);
  }
}

Object.freeze(LiveQuote.prototype);
