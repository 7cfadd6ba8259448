import type { CoreEventType } from "../events/index.ts";

/** What the bus tells apart when it comes to capacity. */
export type Topic = "control" | "truth" | "own" | "market" | "book" | "ticker" | "evidence";

/**
 * What happens when a queue is full. `coalesce`: book deltas that follow each other become one, which says the same.
 * `drop_oldest`: the oldest goes and is counted. `exempt`: nothing is ever dropped; at the mark, the market is halted and its
 * book deltas stop until the queue has drained.
 */
export type Overflow = "coalesce" | "drop_oldest" | "exempt";

/** One topic's limits. */
export interface TopicPolicy {
  /** Events of the topic that one queue holds before its overflow rule applies. */
  readonly capacity: number;
  readonly overflow: Overflow;
  /**
   * How repeated events are recognised: `seen` among the last that had a reference of their own, `same_as_last` when a
   * trade's status is reported again. Absent: nothing is taken for a repetition.
   */
  readonly dedup?: "seen" | "same_as_last";
}

/** The bus's topics. Capacities are per queue: per market, or per match. */
export const TOPICS: Readonly<Record<Topic, TopicPolicy>> = {
  /** The run itself, the operator, the account and the venue's mode. */
  control: { capacity: 1_024, overflow: "exempt" },
  /** Match facts. */
  truth: { capacity: 4_096, overflow: "exempt", dedup: "seen" },
  /** Reports about our own orders, trades and chain actions. */
  own: { capacity: 1_024, overflow: "exempt", dedup: "same_as_last" },
  /** Listings, terms, tick changes, continuity and resolution of a market. */
  market: { capacity: 1_024, overflow: "exempt" },
  /** Snapshots, deltas and best quotes. */
  book: { capacity: 512, overflow: "coalesce" },
  /** Public trades. */
  ticker: { capacity: 1_024, overflow: "drop_oldest" },
  /** Frames that could not be read. */
  evidence: { capacity: 256, overflow: "drop_oldest" },
};

/** The topic of each kind of event. */
export const EVENT_TOPIC: Readonly<Record<CoreEventType, Topic>> = {
  run_started: "control",
  run_stopping: "control",
  run_stopped: "control",
  operator: "control",
  strategy_reply: "control",
  timer: "control",
  balance_report: "control",
  venue_mode: "control",
  venue_limits: "control",
  own_channel: "control",
  feed_redundancy: "control",
  queue_pressure: "control",
  loop_stalled: "control",
  reconciled: "control",
  adopted: "control",
  chain_requested: "own",
  risk_noted: "control",
  snapshot_taken: "control",
  match_listed: "truth",
  match_claim: "truth",
  source_health: "truth",
  order_prepared: "own",
  order_report: "own",
  trade_report: "own",
  chain_report: "own",
  market_listed: "market",
  terms_changed: "market",
  terms_continuity: "market",
  tick_size_changed: "market",
  book_continuity: "market",
  market_resolved_hint: "market",
  market_resolution: "market",
  book_snapshot: "book",
  book_delta: "book",
  best_quote: "book",
  market_trade: "ticker",
  frame_quarantined: "evidence",
};
