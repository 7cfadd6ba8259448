import type { MarketId, MatchId, TokenId } from "../ids.ts";
import type { FeeSchedule, Millis, Price, Shares, Usdc } from "../units/index.ts";
import type { Stamped } from "./stamp.ts";
import type { TermsChanged, TermsContinuity } from "./terms.ts";

/** Index of an outcome within its market: 0 is the venue's first token ("YES"), 1 its second ("NO"). */
export type Outcome = 0 | 1;
/** Index of a team within its match, in the order of {@link MatchDescription.teams}. Says nothing about sides or tokens. */
export type Team = 0 | 1;
/** Which way an order or a trade goes, seen from its taker. */
export type Side = "buy" | "sell";

/** The other outcome. */
export function otherOutcome(outcome: Outcome): Outcome {
  return outcome === 0 ? 1 : 0;
}

/** What a market is about, when it is about a match: the whole series, or one game (map) of it. */
export type MarketSubject =
  | { readonly kind: "series"; readonly matchId: MatchId; readonly teamOf: readonly [Team, Team] }
  | {
      readonly kind: "game";
      readonly matchId: MatchId;
      readonly game: number;
      readonly teamOf: readonly [Team, Team];
    };

/** One outcome of a market. */
export interface OutcomeDescription {
  readonly tokenId: TokenId;
  readonly name: string;
}

/** Everything that trading a market needs to know about it, as the venue (or an import's mapping) states it. */
export interface MarketDescription {
  readonly marketId: MarketId;
  readonly title: string;
  readonly outcomes: readonly [OutcomeDescription, OutcomeDescription];
  /** What the market is about; absent means unproven: no truth-driven strategy may trade it. */
  readonly subject?: MarketSubject;
  /**
   * The match that decides it without its being about who wins the match or a game: a handicap, a total. Its risk counts with that match;
   * no strategy that rests on match facts trades it. Where there is a `subject`, that counts.
   */
  readonly related?: MatchId;
  /** Why there is no subject, where somebody tried to prove one. */
  readonly unproven?: string;
  /** Smallest price step. */
  readonly tick: Price;
  /** Smallest order. */
  readonly minSize: Shares;
  /** The market's own fees; absent: the configured fallback applies, with a warning. */
  readonly fee?: FeeSchedule;
  /**
   * The part of the takers' fees, in millionths, that the venue shares out among the makers; absent: none is stated. Polymarket pays
   * it once a day, by each maker's part of the fees (docs.polymarket.com/programs/maker-rebates).
   */
  readonly makerRebatePpm?: number;
  /** How long the venue holds a marketable order before it matches (`secondsDelay`), in ms. */
  readonly takerDelayMs: number;
  /** Whether both outcomes are one book (bid on one = ask on the other at 1 - p). True on Polymarket. */
  readonly mirrored: boolean;
  readonly negRisk: boolean;
  readonly acceptingOrders: boolean;
  /** Game start; with `clearBookOnStart` the venue cancels resting orders then. */
  readonly startsAt?: Millis;
  readonly clearBookOnStart: boolean;
  /** The venue's rules text, or its id, that says what resolves it. */
  readonly rules?: string;
  /** Whether the outcome that was proposed for it is disputed at the venue's oracle; absent: nobody has said so. */
  readonly disputed?: boolean;
  /**
   * Which of the venue's exchanges its orders are for, as their EIP-712 domain has it; absent: 2. With 3 the outcomes' tokens are
   * position ids. Source: docs.polymarket.com/protocol-v2-migration.
   */
  readonly version?: 2 | 3;
}

/** The match that a market's risk counts with: the one it is about, or is related to; `undefined`: nobody knows. */
export function matchOf({ subject, related }: MarketDescription): MatchId | undefined {
  return subject?.matchId ?? related;
}

/**
 * A market enters the run, or is described anew: what it is about was proven or disproven. What the venue changes of its terms
 * while it is traded comes as {@link TermsChanged}.
 */
export interface MarketListed extends Stamped {
  readonly type: "market_listed";
  readonly market: MarketDescription;
}

/**
 * Which ladder a level belongs to: the bids or asks of outcome 0, or of outcome 1. Mirrored markets only use the first
 * two: their decoders turn an outcome-1 level at p into an outcome-0 level at 1 - p.
 */
export const LADDER = { BID_0: 0, ASK_0: 1, BID_1: 2, ASK_1: 3 } as const;
/** A value of {@link LADDER}. */
export type Ladder = 0 | 1 | 2 | 3;

/** The ladder of a side of an outcome. */
export function ladderOf(outcome: Outcome, side: "bid" | "ask"): Ladder {
  return ((outcome << 1) | (side === "bid" ? 0 : 1)) as Ladder;
}

/**
 * The whole book of a market (mirrored), or of one of its outcomes (not mirrored); replaces what was known of the
 * ladders that it covers.
 */
export interface BookSnapshot extends Stamped {
  readonly type: "book_snapshot";
  readonly marketId: MarketId;
  /** Which outcome's ladders are covered: 0 for mirrored markets. */
  readonly outcome: Outcome;
  /** Flat triples `ladder, price, size`, in any order. */
  readonly levels: readonly number[];
  /** Made from best bid and ask because the capture has no snapshot. */
  readonly synthetic: boolean;
}

/** New sizes of price levels (absolute, 0 removes). */
export interface BookDelta extends Stamped {
  readonly type: "book_delta";
  readonly marketId: MarketId;
  /** Flat triples `ladder, price, size`. */
  readonly levels: readonly number[];
  /** Best bid of outcome 0 after these changes as the venue states it; -1 when not stated, 0 when there is none. */
  readonly bestBid: number;
  /** Best ask of outcome 0 after these changes; -1 when not stated, 10,000 when there is none. */
  readonly bestAsk: number;
}

/** The venue's own statement of the best prices of outcome 0; checks the book, and drives it where no levels are known. */
export interface BestQuote extends Stamped {
  readonly type: "best_quote";
  readonly marketId: MarketId;
  /** 0 when there is none. */
  readonly bestBid: number;
  /** 10,000 when there is none. */
  readonly bestAsk: number;
}

/** A public trade. */
export interface MarketTrade extends Stamped {
  readonly type: "market_trade";
  readonly marketId: MarketId;
  readonly outcome: Outcome;
  /** The taker's side. */
  readonly side: Side;
  readonly price: Price;
  readonly size: Shares;
}

/** The price grid changed: a new epoch of the book. */
export interface TickSizeChanged extends Stamped {
  readonly type: "tick_size_changed";
  readonly marketId: MarketId;
  readonly tick: Price;
}

/** Whether a market's data can be trusted, as its feed says. */
export interface BookContinuity extends Stamped {
  readonly type: "book_continuity";
  readonly marketId: MarketId;
  /** `gap`: something was missed; `stale`: silence; `disconnected`: no socket; `resynced`: a fresh snapshot follows or came. */
  readonly state: "gap" | "stale" | "disconnected" | "resynced";
  readonly reason: string;
}

/** The socket's `market_resolved`: a hint that settlement is near, never proof of it. */
export interface MarketResolvedHint extends Stamped {
  readonly type: "market_resolved_hint";
  readonly marketId: MarketId;
  readonly winner: Outcome;
}

/** The venue's resolution (Gamma resolved with outcome prices, or chain payouts): what a share of each outcome pays. */
export interface MarketResolution extends Stamped {
  readonly type: "market_resolution";
  readonly marketId: MarketId;
  /** Micro-dollars per whole share; `[1_000_000, 0]`, or `[500_000, 500_000]` for 50-50. */
  readonly payouts: readonly [Usdc, Usdc];
  readonly source: string;
}

/** Events about markets. */
export type MarketEvent =
  | MarketListed
  | TermsChanged
  | TermsContinuity
  | BookSnapshot
  | BookDelta
  | BestQuote
  | MarketTrade
  | TickSizeChanged
  | BookContinuity
  | MarketResolvedHint
  | MarketResolution;

/** Events that change or qualify a book. */
export type BookEvent = BookSnapshot | BookDelta | BestQuote | MarketTrade | TickSizeChanged | BookContinuity;
