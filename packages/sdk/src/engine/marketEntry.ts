import { MarketBook } from "../book/index.ts";
import type { ChainAction, MarketDescription } from "../events/index.ts";
import type { MarketTruth } from "../strategy/index.ts";
import { MarketTrading } from "../trading/index.ts";
import { feeSchedule, type FeeSchedule, type Usdc } from "../units/index.ts";
import type { Binding } from "./binding.ts";
import { LiveQuote } from "./quote.ts";

/** Everything that the core keeps about one market, apart from orders and money. */
export class MarketEntry {
  market: MarketDescription;
  readonly book: MarketBook;
  readonly trading: MarketTrading;
  readonly quotes: readonly [LiveQuote, LiveQuote];
  bindings: readonly Binding[] = [];
  truth: MarketTruth | undefined;
  payouts: readonly [Usdc, Usdc] | undefined;
  /** The chain action under way, if any: its tokens are reserved until it is terminal. */
  chain: ChainAction | undefined;
  redeemed = false;
  /** Comparisons with the venue that have agreed in a row, since a mismatch was last raised. */
  agreements = 0;
  feeFallbackWarned = false;
  fee: FeeSchedule;
  readonly #fallbackRate: number;

  constructor(market: MarketDescription, fallbackFeeRate: number) {
    this.market = market;
    this.#fallbackRate = fallbackFeeRate;
    this.fee = this.#feeOf(market);
    this.book = new MarketBook(market);
    this.trading = new MarketTrading(market.marketId);
    const fee = (): FeeSchedule => this.fee;
    this.quotes = [new LiveQuote(0, this.book, fee), new LiveQuote(1, this.book, fee)];
  }

  /** The venue changed the market's terms. */
  update(market: MarketDescription): void {
    this.market = market;
    this.fee = this.#feeOf(market);
  }

  #feeOf(market: MarketDescription): FeeSchedule {
    return market.fee ?? feeSchedule(Math.round(this.#fallbackRate * 1_000_000), 1, true);
  }
}
