import { MarketBook, type BookView } from "../book/index.ts";
import type { ChainAction, MarketDescription } from "../events/index.ts";
import type { SourceId } from "../ids.ts";
import type { HaltCause } from "../state/index.ts";
import type { MarketTruth } from "../strategy/index.ts";
import { MarketTrading } from "../trading/index.ts";
import { assessResolution, type ResolutionAssessment, type ResolutionRule } from "../truth/index.ts";
import type { MoveDetector } from "../truth/index.ts";
import { feeSchedule, type FeeSchedule, type Nanos, type Price, type Usdc } from "../units/index.ts";
import { BidMarks } from "./bidMarks.ts";
import type { Binding } from "./binding.ts";
import { BookWindow } from "./bookWindow.ts";
import { LiveQuote } from "./quote.ts";

/** The latest news of a market: whose it was, when, and outcome 0's implied probability with it. */
export interface MarketNews {
  readonly source: SourceId;
  readonly at: Nanos;
  readonly p: number;
  /** How far it moved it. */
  readonly moved: number;
}

/** Everything that the core keeps about one market, apart from orders and money. */
export class MarketEntry {
  /** Frozen throughout. */
  market: MarketDescription;
  readonly book: MarketBook;
  /** The book as strategies are shown it. */
  readonly shown: BookView;
  readonly trading: MarketTrading;
  readonly quotes: readonly [LiveQuote, LiveQuote];
  /** What its shares could be sold for, as last seen. */
  readonly bids: BidMarks = new BidMarks();
  bindings: readonly Binding[] = [];
  truth: MarketTruth | undefined;
  /** What moved the implied probability last; see the truth desk. */
  news: MarketNews | undefined;
  /** Outcome 0's implied probability before any news. */
  baseP: number | undefined;
  /** Watches the best prices for moves, once the market is tied to a match. */
  moves: MoveDetector | undefined;
  /** Whether the truth engine knows that it is watched. */
  watched = false;
  payouts: readonly [Usdc, Usdc] | undefined;
  /** The chain action under way, if any: its tokens are reserved until it is terminal. */
  chain: ChainAction | undefined;
  /** No chain action before this time: the last one reverted. */
  chainRetryAt = 0 as Nanos;
  /** Chain actions that have reverted in a row. */
  chainReverts = 0;
  /** A queue of this market's events is full, or was and has not drained yet. */
  queueFull = false;
  /** Comparisons with the venue that have agreed in a row, since a mismatch was last raised. */
  agreements = 0;
  /** Why the venue's terms are too old to begin anything by; `undefined`: they are not. */
  staleTerms: string | undefined;
  fee: FeeSchedule;
  /** What its rules text was found to say; `undefined`: it has none. */
  resolution: ResolutionAssessment | undefined;
  readonly #fallbackRate: number;

  /** @param operatorOnly halts that no cool-down ends */
  constructor(market: MarketDescription, fallbackFeeRate: number, operatorOnly: readonly HaltCause[] = []) {
    this.market = frozen(market);
    this.#fallbackRate = fallbackFeeRate;
    this.fee = this.#feeOf(this.market);
    this.resolution = assessed(market);
    this.book = new MarketBook(market);
    this.shown = new BookWindow(this.book);
    this.trading = new MarketTrading(market.marketId, { operatorOnly });
    const fee = (): FeeSchedule => this.fee;
    this.quotes = [new LiveQuote(0, this.book, fee), new LiveQuote(1, this.book, fee)];
  }

  /** The venue changed the market's terms. Whether its outcomes are one book is decided when the book is made. */
  update(market: MarketDescription): void {
    const { mirrored } = this.book;
    this.market = frozen({ ...market, mirrored });
    this.fee = this.#feeOf(this.market);
    this.resolution = assessed(market);
  }

  /** The venue changed the grid alone. */
  newTick(tick: Price): void {
    this.market = frozen({ ...this.market, tick });
  }

  /** The rule that its text states; `undefined`: that of its kind holds. */
  get rule(): ResolutionRule | undefined {
    return this.resolution?.ok === true ? this.resolution.rule : undefined;
  }

  #feeOf(market: MarketDescription): FeeSchedule {
    return market.fee ?? feeSchedule(Math.round(this.#fallbackRate * 1_000_000), 1, true);
  }
}

/** A copy that nobody can change: strategies are shown what the risk gate goes by. */
function frozen<T>(value: T): T {
  if (typeof value !== "object" || value === null) return value;
  const copy: unknown = Array.isArray(value)
    ? value.map(frozen)
    : Object.fromEntries(Object.entries(value).map(([key, each]) => [key, frozen(each) as unknown]));
  return Object.freeze(copy) as T;
}

function assessed({
  rules,
  outcomes,
  subject,
  startsAt,
}: MarketDescription): ResolutionAssessment | undefined {
  if (rules === undefined || rules.trim() === "") return undefined;
  return assessResolution({ rules, outcomes: [outcomes[0].name, outcomes[1].name], subject, startsAt });
}
