/** The frames that are drawn: chart, equity, ladder. @module */
import type { Micros, MicroShares, Outcome, RunTime, Ticks } from "./units.ts";

/**
 * The selected market's chart: `points` replace what the page has from index `from` on (0: everything). The thread thins what it keeps
 * as it grows, least and greatest values staying: then everything comes again.
 */
export interface ChartFrame {
  readonly type: "chart";
  readonly market: string;
  readonly from: number;
  readonly points: ChartPoints;
  /** Likewise, of all that happened: what replaces the marks from index `marksFrom` on. */
  readonly marksFrom: number;
  readonly marks: readonly ChartMark[];
  /** All of them each time. */
  readonly spans: readonly ChartSpan[];
}

/** Columns of one length, one row per point; prices and probabilities in dollars a share of outcome 0. `t` never falls. */
export interface ChartPoints {
  readonly t: readonly RunTime[];
  readonly mid: readonly (number | null)[];
  readonly microprice: readonly (number | null)[];
  readonly bid: readonly (number | null)[];
  readonly ask: readonly (number | null)[];
  /** The model's probability and one standard deviation of it. */
  readonly p: readonly (number | null)[];
  readonly sd: readonly (number | null)[];
  /** What buying outcome 0, and outcome 1, was worth beyond price and fee. */
  readonly edge0: readonly (number | null)[];
  readonly edge1: readonly (number | null)[];
  readonly spread: readonly (number | null)[];
  /** Whole shares of outcome 0 less those of outcome 1. */
  readonly position: readonly (number | null)[];
  /** Since the book last changed, in ms. */
  readonly bookAge: readonly (number | null)[];
  /** Per source of `hello.sources`: since it last said anything of this match, in ms. */
  readonly ages: readonly (readonly (number | null)[])[];
}

/** Something that happened at one moment. */
export type ChartMark =
  | {
      readonly kind: "truth";
      readonly t: RunTime;
      readonly seq: number;
      readonly source: string;
      /** `game_won`, `tower`, `kill`, `round`, `baron`, `dragon` ... */
      readonly what: string;
      readonly text: string;
      /** Which outcome it is good for, where that is plain. */
      readonly good?: Outcome;
    }
  | {
      readonly kind: "order";
      readonly t: RunTime;
      readonly seq: number;
      readonly intent: string;
      readonly outcome: Outcome;
      readonly side: "buy" | "sell";
      /** Of the order's own outcome; `level` is the same as outcome 0's price, where it is drawn. */
      readonly price: Ticks;
      readonly level: Ticks;
      readonly size: MicroShares;
      readonly text: string;
    }
  | {
      readonly kind: "fill";
      readonly t: RunTime;
      readonly seq: number;
      readonly trade: string;
      readonly outcome: Outcome;
      readonly side: "buy" | "sell";
      readonly price: Ticks;
      readonly level: Ticks;
      readonly size: MicroShares;
      readonly fee: Micros;
      readonly maker: boolean;
      /** It was taken back by the chain. */
      readonly failed: boolean;
      readonly strategy: string;
      readonly text: string;
    }
  | {
      readonly kind: "end";
      readonly t: RunTime;
      readonly seq: number;
      readonly what: string;
      readonly text: string;
    };

/** A stretch of time to be shaded. */
export interface ChartSpan {
  readonly kind: "gap" | "stale" | "disconnected" | "halt" | "killed";
  readonly from: RunTime;
  /** Absent: it lasts. */
  readonly to?: RunTime;
  readonly text: string;
}

/** The account over time; `from` as in {@link ChartFrame}. Money in micro-dollars, drawdown as a positive number. */
export interface EquityFrame {
  readonly type: "equity";
  readonly from: number;
  readonly points: {
    readonly t: readonly RunTime[];
    readonly equity: readonly (Micros | null)[];
    readonly drawdown: readonly (Micros | null)[];
    readonly realized: readonly (Micros | null)[];
    readonly exposure: readonly (Micros | null)[];
  };
}

/** The selected market's book, at most 20 times a second; whole each time. */
export interface LadderFrame {
  readonly type: "ladder";
  readonly market: string;
  readonly t: RunTime;
  readonly tick: Ticks;
  readonly book: string;
  readonly bookAgeMs?: number;
  /** Whether both outcomes are one book; then `bids` and `asks` are all there is, and outcome 1's price is `10,000 - price`. */
  readonly mirrored: boolean;
  /** Outcome 0's levels, best first: `[price, size]`. */
  readonly bids: readonly LadderLevel[];
  readonly asks: readonly LadderLevel[];
  /** Where the outcomes are two books: outcome 1's own levels in its own prices. */
  readonly other?: { readonly bids: readonly LadderLevel[]; readonly asks: readonly LadderLevel[] };
  readonly own: readonly OwnOrder[];
  /** The model's probability of outcome 0, as a line across, and one standard deviation. */
  readonly fair?: number;
  readonly sd?: number;
  /** Both outcomes' best asks (bids) together: below (above) 10,000 there is a pair to be bought (sold). */
  readonly asksSum?: Ticks;
  readonly bidsSum?: Ticks;
  /** Last public trades, newest first. */
  readonly trades: readonly LadderTrade[];
}

/** Price and size. */
export type LadderLevel = readonly [price: Ticks, size: MicroShares];

/** An order of ours that is open. */
export interface OwnOrder {
  readonly intent: string;
  readonly order?: string;
  readonly strategy: string;
  readonly outcome: Outcome;
  readonly side: "buy" | "sell";
  readonly price: Ticks;
  /** Where it stands on outcome 0's ladder. */
  readonly level: Ticks;
  readonly onSide: "bid" | "ask";
  readonly size: MicroShares;
  readonly matched: MicroShares;
  readonly status: string;
  readonly purpose: "entry" | "exit" | "hedge";
  readonly reason: string;
  readonly since: RunTime;
  /** Shares that are before it at its price, by what has been seen to trade and to leave there; absent: it does not rest. */
  readonly ahead?: MicroShares;
}

/** A public trade, in outcome 0's price. */
export interface LadderTrade {
  readonly t: RunTime;
  readonly price: Ticks;
  readonly size: MicroShares;
  /** Which side of outcome 0 the taker took. */
  readonly taker: "buy" | "sell";
}
