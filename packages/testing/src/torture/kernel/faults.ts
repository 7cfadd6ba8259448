/** One way in which a day can go wrong. */
export interface FaultRow {
  readonly group:
    | "network"
    | "market data"
    | "venue"
    | "chain"
    | "disk"
    | "process"
    | "host"
    | "truth"
    | "operator"
    | "always";
  /** What happens; said of the effect, not of the attempt. */
  readonly effect: string;
  /** Failure modes that it is a case of, as `docs/failure-modes.md` numbers them. */
  readonly rows: readonly string[];
  /** How often a run has it: the probability that it is switched on; absent, the run's own density decides. */
  readonly on?: number;
  /** Strength when on, drawn evenly from this range: a probability per occasion, or, with `times`, how often it happens in a run. */
  readonly rate: readonly [low: number, high: number];
  /** `rate` is a number of times per run, at drawn moments. */
  readonly times?: true;
}

/** A case of a failure mode that comes up by itself: nothing is switched on for it. */
const always = (effect: string, rows: readonly string[]): FaultRow => ({
  group: "always",
  effect,
  rows,
  rate: [0, 0],
});

/** Everything that can go wrong in a run, by name. */
export const TORTURE_FAULTS = {
  post_lost: row("network", "an order never reaches the venue, and no answer comes", ["O2"], [0, 0.2]),
  post_answer_lost: row("network", "an order reaches the venue, its answer never comes", ["O2"], [0, 0.2]),
  post_late: row("network", "an order reaches the venue after its sender has given up", ["O2"], [0, 0.1]),
  post_twice: row("network", "one and the same signed order reaches the venue twice", ["O3"], [0, 0.5]),
  answer_late: row("network", "an answer comes later than its asker waits for it", ["O2", "D4"], [0, 0.1]),
  cancel_lost: row("network", "a cancel or its answer is lost", ["O10"], [0, 0.3]),
  question_lost: row("network", "a question to the venue gets no answer", ["O1", "O2"], [0, 0.3]),
  http_html: row("network", "a page of HTML comes in place of an answer", ["H12"], [0, 0.1]),
  no_order_id: row("venue", "the answer to an order is a success without an order id", ["O12"], [0, 0.1]),
  http_425: row(
    "venue",
    "the matching engine restarts: 425 for a while, then post-only",
    ["O4"],
    [1, 2],
    0.2,
    true,
  ),
  http_429: row("venue", "a request is refused for too many before it", ["O5"], [0, 0.1]),
  http_503: row(
    "venue",
    "trading, or all but cancels, is switched off for a while",
    ["O6"],
    [1, 2],
    0.15,
    true,
  ),
  own_frame_lost: row("network", "word of an own order or trade never comes", ["O1"], [0, 0.3]),
  own_frame_twice: row("network", "word of an own order or trade comes twice", ["T7", "D5"], [0, 0.5]),
  own_frame_late: row(
    "network",
    "word of an own order or trade is overtaken by later word",
    ["D4", "O1"],
    [0, 0.5],
  ),
  own_disconnect: row(
    "network",
    "the socket of own orders is lost, and what was said meanwhile",
    ["O1"],
    [1, 3],
    undefined,
    true,
  ),
  own_stall: row(
    "network",
    "the socket of own orders is silent although it stands",
    ["O1", "D2"],
    [1, 2],
    undefined,
    true,
  ),
  heartbeat_lost: row(
    "network",
    "heartbeats do not arrive: the venue cancels every order of the account",
    ["O16"],
    [1, 2],
    0.3,
    true,
  ),
  md_disconnect: row(
    "market data",
    "the market socket is lost, and what was said meanwhile",
    ["D1"],
    [1, 3],
    undefined,
    true,
  ),
  md_stall: row(
    "market data",
    "the market socket is silent although it stands",
    ["D2"],
    [1, 2],
    undefined,
    true,
  ),
  md_gap: row("market data", "a frame of a book is lost", ["D3"], [0, 0.3]),
  md_late: row("market data", "a frame of a book is overtaken by later ones", ["D4"], [0, 0.2]),
  md_twice: row("market data", "a frame of a book comes twice", ["D5"], [0, 0.5]),
  md_crossed: row("market data", "a book is shown crossed", ["D9"], [0, 0.05]),
  md_garbage: row("market data", "a level is stated that no book can hold", ["D10"], [0, 0.05]),
  tick_change: row("venue", "the price grid changes under resting orders", ["D8"], [1, 2], 0.1, true),
  ghost_fill: row("venue", "a matched trade fails on the chain", ["O7"], [0, 0.35]),
  retrying: row("venue", "a trade is not mined at the first attempt", ["O8"], [0, 0.4]),
  cancel_refused: row("venue", "a cancel is refused although the order rests", ["O10"], [0, 0.2]),
  balance_phantom: row("venue", "orders are refused for a balance that is there", ["O13"], [1, 1], 0.1, true),
  market_closed: row(
    "venue",
    "a market stops taking orders and its book is emptied",
    ["T8"],
    [1, 1],
    0.15,
    true,
  ),
  fifty_fifty: row("venue", "a market is resolved half and half", ["T9"], [1, 1], 0.05, true),
  wrong_resolution: row("venue", "a market is resolved against what happened", ["T9"], [1, 1], 0.05, true),
  reorg: row("chain", "blocks are taken back, and with them trades that were mined", ["C1", "O7"], [0, 0.5]),
  deep_reorg: row("chain", "a trade that was confirmed is taken back", ["C1", "O7"], [0, 0.2], 0.15),
  finality_stall: row("chain", "blocks come and are not final for long", ["C2"], [1, 2], 0.2, true),
  rpc_lag: row("chain", "a node of the chain answers from a block long past", ["C3"], [0, 0.3]),
  rpc_lost: row("chain", "no node of the chain answers", ["C3"], [0, 0.3]),
  action_reverted: row("chain", "a merge or redemption is reverted", ["C9"], [0, 0.3]),
  action_unknown: row("chain", "nobody says whether an action reached the chain; it did", ["C4"], [0, 0.3]),
  action_refused: row("chain", "an action cannot be paid for and is not sent", ["C5"], [0, 0.3]),
  money_moved: row("chain", "somebody takes dollars from the account", ["C6", "C11"], [1, 1], 0.05, true),
  disk_full: row("disk", "the disk takes no more bytes for a while", ["H3"], [1, 1], 0.02, true),
  disk_error: row("disk", "a sync of the journal fails", ["H3", "H4"], [0, 0.003], 0.05),
  tail_lost: row("disk", "what was not synced is gone after a power loss", ["H4"], [0.3, 1], 0.6),
  tail_torn: row(
    "disk",
    "the last line of a journal was being written when the power went",
    ["H4"],
    [0.9, 0.9],
    0.8,
  ),
  bit_rot: row(
    "disk",
    "a byte of a journal has changed; the start is refused until it is restored",
    ["H5"],
    [0, 1],
    0.03,
  ),
  kill: row("process", "the program is gone from one instruction to the next", ["H2"], [0.0002, 0.0008], 0.5),
  kill_before_post: row(
    "process",
    "it is gone between the journal's sync and the sending of the order",
    ["H2"],
    [0.002, 0.008],
    0.5,
  ),
  kill_in_recovery: row("process", "it is gone while it recovers", ["H2"], [0, 0.3]),
  strategy_throws: row("process", "a strategy's hook throws", ["H9"], [0, 0.05], 0.1),
  strategy_runaway: row("process", "a strategy asks for order after order", ["O18"], [1, 1], 0.1, true),
  strategy_nonsense: row(
    "process",
    "a strategy asks for sizes and prices that are none",
    ["H11"],
    [0, 0.1],
    0.1,
  ),
  second_bot: row("process", "a second bot trades on the same wallet", ["C10", "O14"], [1, 1], 0.05, true),
  clock_step: row("host", "the wall clock is set by up to five seconds", ["H1"], [1, 3], undefined, true),
  loop_stall: row("host", "the program does nothing for up to ten seconds", ["H8"], [1, 3], undefined, true),
  truth_stall: row("truth", "a source falls silent while the match goes on", ["T1"], [1, 2], undefined, true),
  truth_wrong: row("truth", "a source tells the wrong winner and corrects itself later", ["T2"], [0, 0.3]),
  truth_rollback: row("truth", "a source takes back a game and tells it again", ["T3"], [1, 1], 0.1, true),
  remake: row("truth", "a game is broken off and played again", ["T4"], [1, 1], 0.1, true),
  forfeit: row("truth", "a team gives up after the start", ["T4"], [1, 1], 0.05, true),
  walkover: row("truth", "the match is called off before its start", ["T4"], [1, 1], 0.03, true),
  truth_gap: row("truth", "claims of a source are lost, and sent again as history", ["T6"], [0, 0.2]),
  truth_twice: row("truth", "a claim comes twice, or long after", ["T7"], [0, 0.3]),
  operator_kill: row("operator", "an operator kills, and maybe resumes later", ["O18"], [1, 1], 0.1, true),
  operator_halt: row("operator", "an operator halts, and resumes later", ["O18"], [1, 2], 0.15, true),
  stop_entries: row("operator", "an operator stops entries", ["O18"], [1, 1], 0.1, true),
  cancel_burst: row(
    "venue",
    "fewer cancels are taken at once than are asked for",
    ["O5"],
    [1, 1],
    0.12,
    true,
  ),
  late_market: row(
    "venue",
    "a market is listed, and traded, in the middle of a run",
    ["D7"],
    [1, 1],
    0.12,
    true,
  ),
  late_foreign: row(
    "operator",
    "somebody uses the account by hand in a market that is just being listed",
    ["O14", "C11"],
    [1, 1],
    0.3,
    true,
  ),
  oracle_dispute: row(
    "venue",
    "the outcome proposed for a market is disputed, and its shares are worth half at most",
    ["T9"],
    [1, 2],
    0.1,
    true,
  ),
  timer_flood: row("process", "a strategy sets timers that set timers", ["O18"], [1, 1], 0.06, true),
  worker_late: row("process", "a strategy's worker answers too late, or never", ["H8"], [0.002, 0.05], 0.03),
  worker_garbage: row(
    "process",
    "a strategy's worker answers with what is no answer",
    ["H9", "H11"],
    [0.002, 0.05],
    0.03,
  ),
  md_wrong: row("market data", "a book is told wrongly, and nothing says so", ["D6"], [0, 0.05], 0.15),
  own_status: row("network", "word of an own order has a status that nobody knows", ["D11"], [0, 0.1], 0.15),
  worker_dies: row("process", "a strategy's worker is gone", ["H9"], [0.002, 0.05], 0.03),
  venue_limits: row("venue", "the venue tells of another limit on cancels", ["O5"], [1, 2], 0.08, true),
  disk_low: row(
    "disk",
    "others fill the disk, maybe to the last byte, and the watch of its room stops the run",
    ["H3"],
    [1, 2],
    0.08,
    true,
  ),
  kill_resumed: always("a bot that was killed goes on by a person's word", ["O18"]),
  cancel_budget: always("an order more could not be taken back with the others", ["O5"]),
  related_market: always("a market that is only related to a match is traded beside the others", []),
  no_snapshot: always("changes of a book come before any whole one", ["D7"]),
  disputed_paid: always("a market that was disputed is paid by its payout vector", ["T9"]),
  partial_fill: always("an order is filled in part", ["O9"]),
  taker_delay: always("the venue holds an order before it matches it", ["O11"]),
  cancel_race: always("a cancel comes after its order was filled", ["O10"]),
  late_fill: always("word of a fill comes after its order was held to be over", ["O10"]),
  self_cross: always("a strategy would have traded with itself", ["O17"]),
  foreign_seen: always("the program sees what another one did on its wallet", ["O14", "C10"]),
  book_doubted: always("a book is found to be wrong, and asked for anew", ["D3", "D9", "D10"]),
  stale_stopped: always("a book or a match too old to trade on stops its market", ["D2", "T1"]),
  unknown_order: always("the fate of an order is unknown to its program", ["O2"]),
} as const satisfies Readonly<Record<string, FaultRow>>;

/** The name of a fault. */
export type FaultKind = keyof typeof TORTURE_FAULTS;

/** The names of all faults. */
export const FAULT_KINDS = Object.keys(TORTURE_FAULTS) as readonly FaultKind[];

function row(
  group: FaultRow["group"],
  effect: string,
  rows: readonly string[],
  rate: readonly [number, number],
  on?: number,
  times?: true,
): FaultRow {
  return {
    group,
    effect,
    rows,
    rate,
    ...(on === undefined ? {} : { on }),
    ...(times === undefined ? {} : { times }),
  };
}
