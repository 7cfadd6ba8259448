/** The frame of tables. @module */
import type { Micros, MicroShares, Outcome, RunTime, Ticks } from "./units.ts";

/** All tables, at most four times a second; whole each time. */
export interface TablesFrame {
  readonly type: "tables";
  /** The run's time that they show. */
  readonly t: RunTime;
  readonly header: Header;
  readonly feeds: readonly FeedRow[];
  readonly markets: readonly MarketRow[];
  readonly positions: readonly PositionRow[];
  readonly attribution: Attribution;
  readonly latency: readonly LatencyRow[];
  readonly race: readonly RaceRow[];
  readonly calibration: Calibration;
  readonly whyNot: readonly WhyNotRow[];
  /** What is stopped, by whom, and what ends it. */
  readonly stops: readonly StopRow[];
}

/** The sentence at the top. */
export interface Header {
  readonly mode: "paper" | "live";
  /** Of the run: `READY`, `HALTED`, `STOP_ENTRY` ... */
  readonly system: string;
  /** Whether a kill is in force; `since` and `reason` are in `stops`. */
  readonly killed: boolean;
  /** `OPEN`, `POST_ONLY`, `CANCEL_ONLY`, `RESTARTING` or `DOWN`. */
  readonly venue: string;
  /** Feeds that are sound, and all. */
  readonly feedsOk: number;
  readonly feeds: number;
  /** By how much the venue's or true time was ahead of ours when last measured, in ms; absent: not measured. */
  readonly skewMs?: number;
  /** What open positions and orders can lose at worst. */
  readonly exposure: Micros;
  /** Realized since the UTC day began, and what is held at what its sale would bring. */
  readonly today: Micros;
  readonly pnl: Micros;
  readonly equity: Micros;
  readonly cash: Micros;
  /** From the highest equity so far, as a positive number. */
  readonly drawdown: Micros;
  readonly openOrders: number;
  readonly fills: number;
  readonly orders: number;
  readonly denied: number;
  readonly skipped: number;
  readonly alarms: number;
  readonly events: number;
  /** Since the run began, in ms of its own time. */
  readonly uptimeMs: number;
}

/** A source of match facts, a market's data connection, or a whole feed. */
export interface FeedRow {
  readonly feed: string;
  /** A match's or a market's label, where it is of one. */
  readonly of?: string;
  /** `live` is sound; anything else is trouble: `connecting`, `stale`, `down`, `gapped` ... */
  readonly health: string;
  readonly ok: boolean;
  readonly reason: string;
  readonly since: RunTime;
  /** When it last said anything. */
  readonly last?: RunTime;
}

/** One line of the markets table. Prices and probabilities are of outcome 0. */
export interface MarketRow {
  readonly id: string;
  readonly label: string;
  /** The match's score, `1-0`, and that of the game being played, where there are any. */
  readonly series?: string;
  readonly score?: string;
  /** Where the game stands, in words: clock, gold, round. */
  readonly progress?: string;
  /** `live`, `effectively_final`, `disputed` ...; absent: what it is about is not proven. */
  readonly truth?: string;
  /** Posterior of the leading claim of an end; 0 while nobody claims one. */
  readonly confidence?: number;
  readonly singleSource?: boolean;
  readonly unproven?: string;
  readonly bid?: Ticks;
  readonly ask?: Ticks;
  readonly mid?: number;
  readonly p?: number;
  readonly sd?: number;
  /** What buying the better outcome now is worth beyond its price and fee, in dollars a share; negative: nothing is. */
  readonly edge?: number;
  readonly edgeOutcome?: Outcome;
  /** Shares of both sides within a cent of the best prices. */
  readonly liquidity: MicroShares;
  readonly takerDelayMs: number;
  /** Takers' fee of the market, in millionths. */
  readonly feePpm: number;
  /** How far the book can be trusted: `live`, `synthetic`, `gapped`, `stale`, `disconnected`, `empty`. */
  readonly book: string;
  /** Since the book last changed, in ms; absent: never. */
  readonly bookAgeMs?: number;
  readonly state: string;
  readonly stateSince?: RunTime;
  readonly halts: readonly HaltRow[];
  /** What a share of each outcome pays, once that is certain. */
  readonly payouts?: readonly [Micros, Micros];
  /** What the rules are found to be dangerous for, or the venue disputes; absent: nothing. */
  readonly warning?: string;
  readonly held: readonly [MicroShares, MicroShares];
  readonly openOrders: number;
  readonly pnl: Micros;
}

/** Why a market is halted and what clears that. */
export interface HaltRow {
  readonly cause: string;
  readonly since: RunTime;
  readonly reason: string;
  /** In words. */
  readonly clears: string;
  /** When a cool-down ends it. */
  readonly until?: RunTime;
}

/** What is held of one outcome. */
export interface PositionRow {
  readonly market: string;
  readonly label: string;
  readonly outcome: Outcome;
  readonly name: string;
  readonly shares: MicroShares;
  /** Of them, by confirmed trades: what can be merged or redeemed. */
  readonly settled: MicroShares;
  /** `matched`: not settled yet; `settled`; `redeemable`: the payout is known; `disputed`; `redeeming`, `merging`: under way. */
  readonly settlement: "matched" | "settled" | "redeemable" | "redeeming" | "merging" | "disputed";
  /** With its fees. */
  readonly cost: Micros;
  /** What its sale would bring now, level by level. */
  readonly mark: Micros;
  /** Its worth by the model; absent: there is none. */
  readonly atModel?: Micros;
  /** What it loses if its outcome does not win. */
  readonly maxLoss: Micros;
  /** The venue's text of what resolves it, or its id. */
  readonly rules?: string;
  /** What in it is out of the ordinary. */
  readonly clause?: string;
  /** When the match was to begin; absent: not stated. */
  readonly startsAt?: RunTime;
}

/** The parts of profit and loss, in the order in which they come about; docs/reference has what each one is. */
export interface Parts {
  readonly edge: Micros;
  readonly legLoss: Micros;
  readonly slippage: Micros;
  readonly fees: Micros;
  readonly after5s: Micros;
  readonly after30s: Micros;
  readonly settlement: Micros;
  readonly conversion: Micros;
  readonly exit: Micros;
  readonly rounding: Micros;
}

/** Profit and loss of something: `parts` add up to `pnl` to the micro-dollar, and `realized + unrealized` are `pnl`. */
export interface PnlRow {
  readonly trades: number;
  readonly volume: Micros;
  readonly fees: Micros;
  readonly realized: Micros;
  readonly unrealized: Micros;
  readonly pnl: Micros;
  readonly parts: Parts;
}

/** Where the money came from: `rows` add up to `total`, and that is the ledger's. */
export interface Attribution {
  readonly total: PnlRow;
  readonly rows: readonly (PnlRow & {
    readonly market: string;
    readonly label: string;
    readonly strategy: string;
  })[];
  /** What the ledger has: `cash + inventory at its mark - deposits - rebates received`; `total.pnl`, or something is wrong. */
  readonly ledger: Micros;
  /** Makers' rebates earned and not received: no part of it. */
  readonly rebatesDue: Micros;
}

/** The stages of news on its way to a settled trade. */
export type LatencyStage =
  | "source_to_receive"
  | "receive_to_decision"
  | "decision_to_post"
  | "post_to_ack"
  | "ack_to_match"
  | "match_to_confirmed";

/** How long a stage took. `counts[i]` are those of at most `edges[i]` ms and more than `edges[i - 1]`; the last counts the rest. */
export interface LatencyRow {
  readonly stage: LatencyStage;
  readonly n: number;
  readonly p50Ms?: number;
  readonly p90Ms?: number;
  readonly p99Ms?: number;
  readonly maxMs?: number;
  readonly edges: readonly number[];
  /** One more than `edges`. */
  readonly counts: readonly number[];
}

/** How a source of match facts does against the others. */
export interface RaceRow {
  readonly source: string;
  readonly tier: string;
  readonly claims: number;
  /** Times that it was the first to say something that another said too, and times that it took part. */
  readonly first: number;
  readonly races: number;
  /** Behind the first, in ms, over the races that it did not win. */
  readonly behindP50Ms?: number;
  readonly behindP90Ms?: number;
  /** What it counts as being late by, in ms; absent: unknown. */
  readonly lagMs?: number;
  /** Whether its news may lead to orders that take liquidity. */
  readonly mayTake: boolean;
}

/** How good the model's probability was against the market's mid, over what has been decided. */
export interface Calibration {
  /** Samples (one per market and minute) and markets that were decided. */
  readonly n: number;
  readonly markets: number;
  readonly brierModel?: number;
  readonly brierMid?: number;
  /** `brierMid - brierModel`: positive is the model's advantage. */
  readonly advantage?: number;
  /** 95% of a bootstrap by match; absent: fewer than two matches. */
  readonly interval?: readonly [number, number];
  readonly bins: readonly CalibrationBin[];
}

/** Samples whose probability lay in one tenth. */
export interface CalibrationBin {
  readonly by: "model" | "mid";
  readonly from: number;
  readonly to: number;
  readonly n: number;
  /** Mean of what was said, and how often it came about. */
  readonly said: number;
  readonly was: number;
}

/** Why something was not traded: counted by strategy, market and reason; most frequent first. */
export interface WhyNotRow {
  readonly strategy: string;
  readonly market: string;
  readonly label: string;
  /** The strategy passed, or the risk gate refused. */
  readonly kind: "skip" | "denied";
  /** A strategy's words, or the denial's code. */
  readonly reason: string;
  readonly count: number;
  /** What was said with the last one, in words. */
  readonly last: string;
}

/** Something that is stopped. */
export interface StopRow {
  readonly what: "kill" | "stop_entry" | "strategy" | "day_loss" | "market";
  /** Market or strategy. */
  readonly of?: string;
  readonly reason: string;
  readonly since?: RunTime;
  readonly clears: string;
}
