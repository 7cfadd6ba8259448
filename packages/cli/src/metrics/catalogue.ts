/** One metric that a run exports. */
export interface MetricRow {
  readonly kind: "counter" | "gauge" | "histogram";
  /** What it says; the page of metrics is made of it. */
  readonly help: string;
  /** Its labels, with what they can be: each is one of few, whatever the world sends. */
  readonly labels: Readonly<Record<string, string>>;
  /** Upper bounds of a histogram's buckets. */
  readonly buckets?: readonly number[];
}

const MS_BUCKETS: readonly number[] = [
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500],
  ...[1_000, 2_000, 5_000, 10_000, 20_000, 60_000],
];
const LAG_BUCKETS: readonly number[] = [10, 50, 100, 500, 1_000, 5_000, 20_000, 60_000, 300_000];
const BPS_BUCKETS: readonly number[] = [
  -200, -100, -50, -20, -10, -1, 0, 1, 10, 20, 50, 100, 200, 500, 1_000,
];

const counter = (help: string, labels: MetricRow["labels"] = {}): MetricRow => ({
  kind: "counter",
  help,
  labels,
});
const gauge = (help: string, labels: MetricRow["labels"] = {}): MetricRow => ({
  kind: "gauge",
  help,
  labels,
});
const histogram = (
  help: string,
  buckets: readonly number[],
  labels: MetricRow["labels"] = {},
): MetricRow => ({ kind: "histogram", help, labels, buckets });

const CHANNEL = { channel: "`telegram`, `discord` or `webhook`" };
const TOPIC = { topic: "a queue of the bus" };

/** Every metric that a run exports, by its name. Dashboards, alert rules and the page of metrics are held against it. */
export const METRICS = {
  run_info: gauge("Always 1; says which run it is.", {
    run_id: "the run",
    mode: "`paper` or `live`",
  }),
  system_state: gauge("1 for the state that the system is in, 0 for the others.", {
    state: "a state of the system's machine",
  }),
  venue_state: gauge("1 for the state that the venue is in, 0 for the others.", {
    state: "a state of the venue",
  }),
  ready: gauge("1 while the run may trade, as `/readyz` says it; else 0."),

  events_total: counter("What the core has taken.", { type: "the kind of event" }),
  event_lag_ms: histogram(
    "From when something happened, as its source says, to when it reached us, in ms. Re-sent history does not count.",
    LAG_BUCKETS,
    { source: "a source of match facts, `books`, or `other` for those beyond the first 64" },
  ),
  source_up: gauge("1 while what a source brings can be relied on, for every match of it; else 0.", {
    source: "the same, without `books`",
  }),
  stale_sources: gauge("Sources whose word cannot be relied on just now."),
  stale_matches: gauge("Matches of which no source has told anything for longer than it may be silent."),
  stale_books: gauge("Books of unresolved markets that nobody can quote on: gapped, stale or disconnected."),
  truth_confidence: gauge(
    "How sure it is held that a match, or else its current game, has ended as the leading claim says: 0 to 1; 0 while nobody claims an end.",
    { match_id: "a match that is not settled, at most 200" },
  ),
  clock_offset_ms: gauge("By how much another clock was ahead of ours when it was last measured, in ms.", {
    against: "`ntp` or `venue`",
  }),

  orders_total: counter("Orders that were asked for and not denied."),
  order_answers_total: counter("First answers of the venue to orders.", {
    answer: "`accepted`, `rejected` or `unknown`",
  }),
  order_place_latency_ms: histogram(
    "From the decision for an order to the venue's first answer, in ms.",
    MS_BUCKETS,
  ),
  order_fill_latency_ms: histogram("From the decision for an order to its first fill, in ms.", MS_BUCKETS, {
    liquidity: "`maker` or `taker`",
  }),
  slippage_bps: histogram(
    "How much worse a fill was than the price that its order was decided by, in hundredths of a percent of that price; below 0: better.",
    BPS_BUCKETS,
    { liquidity: "`maker` or `taker`" },
  ),
  open_orders: gauge("Orders that are open, those of unknown fate among them."),
  unknown_orders: gauge("Orders of which nobody knows what became of them."),
  fills_total: counter("Trades of ours, each once."),
  fills_voided_total: counter("Trades of ours that failed after they had been matched."),
  unsettled_trade_age_seconds: gauge(
    "For how long the oldest trade that is neither confirmed nor failed has been waiting; 0 without any.",
  ),
  chain_final_age_seconds: gauge(
    "How old the chain's last final block was at the last comparison; absent where nobody asks it.",
  ),
  denials_total: counter("Orders that the risk gate denied.", { code: "a code of a denial" }),

  markets: gauge("Markets by the state that their trading is in.", {
    state: "a state of a market's machine",
  }),
  halted_markets: gauge("Markets that a cause holds; one that two causes hold counts twice.", {
    cause: "a cause of a halt",
  }),
  market_halts_total: counter("How often markets were halted."),
  halted_strategies: gauge("Strategies that may ask for nothing until an operator resumes them."),
  alarms_total: counter("Alarms that the core has raised.", { code: "a code of an alarm" }),
  kill_switch_triggers_total: counter("How often the account was killed.", {
    reason: "`operator`, `daily_loss` or `runaway`",
  }),
  reconcile_mismatch_count: counter(
    "Differences between our books and the venue's or the chain's, as found.",
    {
      kind: "a kind of difference",
    },
  ),
  comparisons_total: counter("Comparisons of our books with the venue's.", { agrees: "`true` or `false`" }),

  equity_usd: gauge("Cash and what is held, at what its sale would bring."),
  pnl_usd: gauge("What the run has won or lost, in dollars.", {
    part: "`realized`, `unrealized`, `fees` (negative) or `total`",
  }),
  pnl_today_usd: gauge("What was realized since the UTC day began, in dollars."),
  drawdown_usd: gauge(
    "How far equity is below the highest that was scraped since the run began, in dollars.",
  ),
  size_scale: gauge("What part of its usual size an entry may have, by the drawdown curve: 0 to 1."),
  exposure_usd: gauge(
    "What the account can lose at worst: the cost of what it holds, and what its open orders can still take.",
  ),

  queue_depth: gauge("Events that wait to be taken.", TOPIC),
  queue_offered_total: counter("Events that were offered.", TOPIC),
  queue_dropped_total: counter("Events that were dropped because a queue was full.", TOPIC),
  queue_coalesced_total: counter("Events that were merged into one that waited.", TOPIC),
  queue_stopped_markets: gauge("Markets whose book events are stopped until a queue has drained."),
  alerts_waiting: gauge("Alerts that are on their way.", CHANNEL),
  alerts_sent_total: counter("Alerts that got through.", CHANNEL),
  alerts_dropped_total: counter("Alerts that never got through.", CHANNEL),
  metrics_faults_total: counter("Events that could not be counted; anything above 0 is a defect."),
  event_loop_delay_ms: gauge("By how much the loop was late since the last reading, in ms.", {
    quantile: "`0.5`, `0.99` or `1`",
  }),
  event_loop_utilization: gauge("What part of the time since the last reading the loop was busy: 0 to 1."),
  memory_bytes: gauge("Memory of the process.", { kind: "`resident`, `heap` or `external`" }),
  process_cpu_seconds: counter("Processor time of the process."),
  uptime_seconds: gauge("Since the process began."),
} as const satisfies Readonly<Record<string, MetricRow>>;

/** A metric's name. */
export type MetricName = keyof typeof METRICS;
