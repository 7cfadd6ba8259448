import type { FeeSchedule, Shares, Usdc } from "@matchpoint/sdk";
import type { PaperRateLimit } from "./realism/buckets.ts";
import type { LatencyTableName } from "./realism/latencyTables.ts";
import type { Quantiles } from "./realism/quantiles.ts";
import type { PaperRestarts } from "./realism/restarts.ts";

/** How long a leg takes, in ms: always the same, or drawn from measured quantiles. */
export type PaperLeg = number | Quantiles;

/** How long things take. What is left out is as the table has it; `matchpoint paper-check` measures your own. */
export interface PaperLatency {
  /** The table for what is not stated below: `uncalibrated-1`, or `constant-1` when realism is off. */
  readonly table: LatencyTableName;
  /** From something happening at the venue until its market data is here: an order meets the book that is seen so much later. */
  readonly feed_ms: PaperLeg;
  /** From handing over an order until the matching engine has it. */
  readonly place_ms: PaperLeg;
  /** From handing over a cancel until the matching engine has it. */
  readonly cancel_ms: PaperLeg;
  /** From the engine's decision about an order or cancel until its answer is here. */
  readonly ack_ms: PaperLeg;
  /** From something happening to an order by itself (a fill, an expiry, the end of its delay) until word of it is here. */
  readonly fill_report_ms: PaperLeg;
  /** From a match until it is mined. */
  readonly mined_ms: PaperLeg;
  /** From a match until it is confirmed; at least `mined_ms`. */
  readonly confirmed_ms: PaperLeg;
  /** From sending a merge, split or redeem until it is final. */
  readonly chain_ms: PaperLeg;
  /** Each of the above takes up to this much longer, drawn evenly from the seed. Default 0. */
  readonly jitter_ms: number;
}

/** Probabilities, from 0 to 1, of things going wrong. */
export interface PaperFaults {
  /** A matched trade fails on the chain and is voided (drawn at each attempt to mine it). */
  readonly trade_fail: number;
  /**
   * How much such a failure depends on the price's move since the match. 0: not at all; 1: only trades fail by which we would have
   * won. The share of failed trades that would have won is `(1 + this) / 2`, and `trade_fail` stays the rate over all of them where
   * prices move either way equally often.
   */
  readonly trade_fail_adverse: number;
  /** A trade is not mined at the first attempt and retried after another `mined_ms`; at most three times. */
  readonly trade_retry: number;
  /** A merge, split or redeem reverts. */
  readonly chain_revert: number;
  /** A trade report arrives twice. */
  readonly duplicate_report: number;
}

/**
 * When a resting order is taken to be filled. `queue`, the base case: those who cancel stood ahead of it or behind it, by the
 * sizes there. `worst_queue`, the pessimistic one: whoever cancels stood behind it. `touch`, the optimistic one: it is always first.
 * `through`: only what trades beyond its price fills it. A strategy that does not earn under `worst_queue` does not earn.
 */
export type FillModel = "queue" | "touch" | "worst_queue" | "through";

/** From which state of a trade on what it brought in (shares of a buy, dollars of a sell) can be used again. */
export type UseGate = "matched" | "mined" | "confirmed";

/** What a paper broker is made of. Keys in snake case are those of the configuration file. */
export interface PaperBrokerOptions {
  /** Goes into order hashes and trade ids. */
  readonly runId: string;
  /** Seed of all that is drawn. */
  readonly seed: number;
  /**
   * Default `on`. With `off` everything that is not stated is ideal: constant latencies, no feed's way, nothing fails, no limits, no
   * restarts, no book too old. For tests of something else; a run's account says so.
   */
  readonly realism?: "on" | "off";
  /** Dollars on the account; default $1,000. */
  readonly collateral?: Usdc;
  /** Fees of markets that state none; default Polymarket's sports schedule (5 %, takers only). Each use is counted. */
  readonly fallbackFee?: FeeSchedule;
  readonly latency?: Partial<PaperLatency>;
  readonly faults?: Partial<PaperFaults>;
  readonly fill_model?: FillModel;
  /**
   * Exponent of the `queue` model: a cancelled share stood behind us with probability `behind^n / (behind^n + ahead^n)`. Default 1,
   * where every share is as likely as any other; 0 is half and half.
   */
  readonly queue_exponent?: number;
  /** A book of which nothing was heard for longer than this, in ms, fills nothing. Default 300,000; 0: whatever its age. */
  readonly stale_book_ms?: number;
  /** Requests a second, as the venue's tiers have them. Default `standard`. */
  readonly rate_limit?: PaperRateLimit;
  /** When the venue's engine restarts. Default: once a week. */
  readonly restarts?: Partial<PaperRestarts>;
  /** Whether fills are also counted as an optimist and a pessimist would have them. Default `on`. */
  readonly scenarios?: "on" | "off";
  /** Default `mined`: as on the venue, tokens and proceeds are there when the chain has moved them. */
  readonly sell_gate?: UseGate;
  /** Least time from arrival to `expiresAt` of a GTD order, in ms. Default 120,000: the venue demands three minutes and ends the order one minute early. */
  readonly gtd_min_lead_ms?: number;
  /** How long a print may trail the level change that it caused, in ms; default 1,000. */
  readonly print_match_ms?: number;
  /** Size assumed at the stated best price of a book that was never seen whole; default the market's smallest order. */
  readonly synthetic_size?: Shares;
  /**
   * How many finished orders, and how many trades, are remembered for look-ups and for refusing duplicates, those of all
   * accounts together; default 10,000.
   */
  readonly retain?: number;
}

/**
 * What a paper exchange is made of: the options of a paper broker, but for the dollars, which `deposit` brings. It is the venue itself,
 * not a guess at one: what is not stated is ideal, and resting orders fill as `worst_queue` says.
 */
export interface PaperExchangeOptions extends Omit<
  PaperBrokerOptions,
  "collateral" | "realism" | "scenarios"
> {
  /**
   * What becomes of an order that would trade with one of its own account. Default `refuse`. What Polymarket does is not
   * documented.
   */
  readonly selfCross?: "refuse" | "allow";
  /**
   * What the outside world shows in a market of which no book event came yet. Default `nothing`: the accounts trade with each
   * other. `unknown` makes orders wait for the first book event, as a paper broker does.
   */
  readonly unseenBook?: "nothing" | "unknown";
  /**
   * How matches become final: by the latencies and faults above (`timed`, the default), or only by what `settleTrade` tells,
   * for a venue that settles on a chain of its own.
   */
  readonly settlement?: "timed" | "told";
}
