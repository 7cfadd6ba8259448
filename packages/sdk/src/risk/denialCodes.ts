/** What a denial means to the person who reads it. */
export interface DenialInfo {
  readonly group: "form" | "system" | "venue" | "market" | "truth" | "book" | "limit";
  /** What was found. */
  readonly summary: string;
  /** What has to happen before the same intent would pass. */
  readonly clears: string;
}

/**
 * Every code with which an intent or a chain action is refused. Codes are stable: never reused for another meaning;
 * `docs/reference/denials.md` has one heading for each and a test compares both.
 */
export const DENIAL_CODES = {
  INTENT_INVALID: {
    group: "form",
    summary:
      "A number of the intent is not a whole, positive amount of its unit, its fields contradict each other, or there is no such field.",
    clears: "A well-formed intent. The detail names the field: a bug in the strategy.",
  },
  STRATEGY_HALTED: {
    group: "system",
    summary:
      "The strategy ran away, or failed again and again, and is halted in every market; none of its hooks is called.",
    clears: "An operator's resume with a reason.",
  },
  STRATEGY_FAULT: {
    group: "form",
    summary:
      "The hook that asked for the order threw, or returned a promise. Nothing that it asked for is sent.",
    clears: "A hook that comes to a sound end. The alarm of the same moment has its error.",
  },
  NO_ORDER_TYPE: {
    group: "form",
    summary:
      "With `engine.order_choice.by: depth` no order type serves what was asked: the detail says what the book lacks.",
    clears: "A book with more on offer within the limit, another limit, or a type that the strategy names.",
  },
  CAPABILITY_UNSUPPORTED: {
    group: "form",
    summary: "The execution adapter does not take this order type or flag. It is refused, never dropped.",
    clears: "Another order type, or another adapter.",
  },
  PRICE_OUT_OF_RANGE: {
    group: "form",
    summary: "The limit is not between one tick and one dollar minus one tick.",
    clears: "A limit in that range.",
  },
  OFF_GRID: {
    group: "form",
    summary: "The limit is not a multiple of the market's tick, which can change while it trades.",
    clears: "A limit on the grid of `ctx.book.tick`, rounded in the direction that the strategy can afford.",
  },
  BELOW_MIN_SIZE: {
    group: "form",
    summary: "The order is smaller than the market's smallest order.",
    clears: "A size of at least `ctx.market.minSize`.",
  },
  SIZE_PRECISION: {
    group: "form",
    summary:
      "The size is finer than a hundredth of a share, or the dollars of a FAK or FOK buy finer than a cent.",
    clears: "A size rounded down to hundredths.",
  },
  BELOW_MARKETABLE_MINIMUM: {
    group: "form",
    summary: "A buy that would match at once is worth less than $1, which the venue refuses.",
    clears: "A larger order, or one that rests.",
  },
  POST_ONLY_CROSSES: {
    group: "form",
    summary: "A post-only order would match at once, which the venue refuses.",
    clears: "A limit that does not reach the other side of the book.",
  },
  PURPOSE_MISMATCH: {
    group: "form",
    summary:
      "The intent's purpose is not what it does: an exit that buys, or a hedge that does not shrink a residual.",
    clears: "The purpose that fits; what adds risk is an entry.",
  },
  DUPLICATE_INTENT: {
    group: "form",
    summary: "The intent's id was used before, or the same order is open already and was made just now.",
    clears: "The open order becoming terminal, or `duplicate_window_ms` passing.",
  },
  SELF_CROSS: {
    group: "form",
    summary: "The order would match an order of our own, of this outcome or through the mirrored one.",
    clears: "Cancelling the resting order first.",
  },
  SYSTEM_NOT_READY: {
    group: "system",
    summary: "The bot is booting, checking or recovering.",
    clears: "Recovery being over.",
  },
  SYSTEM_STOP_ENTRY: {
    group: "system",
    summary: "An operator has stopped entries; what is open is completed and reduced.",
    clears: "An operator's resume.",
  },
  SYSTEM_REDUCE_ONLY: {
    group: "system",
    summary: "Our books are in doubt: positions may only be reduced.",
    clears: "An operator's resume.",
  },
  SYSTEM_HALTED: {
    group: "system",
    summary: "The bot was killed. The kill is latched and survives a restart.",
    clears: "An operator's resume, and the recovery that follows it.",
  },
  SYSTEM_STOPPING: {
    group: "system",
    summary: "The run is ending: orders are being cancelled and nothing new is sent.",
    clears: "A new run.",
  },
  VENUE_POST_ONLY: {
    group: "venue",
    summary: "The venue takes only post-only orders at the moment, as it does after a restart.",
    clears: "The venue opening again; post-only orders pass.",
  },
  VENUE_CANCEL_ONLY: {
    group: "venue",
    summary: "The venue takes only cancellations at the moment.",
    clears: "The venue opening again.",
  },
  VENUE_RESTARTING: {
    group: "venue",
    summary: "The venue's matching engine is restarting.",
    clears: "The venue opening again.",
  },
  VENUE_DOWN: {
    group: "venue",
    summary: "The venue does not answer.",
    clears: "The venue opening again.",
  },
  OWN_CHANNEL_LOST: {
    group: "venue",
    summary:
      "The channel on which the venue tells of our own orders and trades was lost, and what happened meanwhile is not known for certain.",
    clears: "The channel being back, and two comparisons with the venue in a row that agree after that.",
  },
  BALANCE_REFUSED: {
    group: "venue",
    summary:
      "The venue has refused four buys in a row, over all markets, for want of balance, and the books have the dollars.",
    clears:
      "The end of `breaker_cooldown_ms`, or a resume of everything; with `breaker_resume: operator` a resume.",
  },
  MARKET_CLOSED: {
    group: "market",
    summary: "The venue does not accept orders in this market.",
    clears: "The venue listing it as accepting orders.",
  },
  MARKET_BUSY: {
    group: "market",
    summary: "Another strategy owns the market, or this one claimed it with another posture.",
    clears: "The market becoming IDLE: nothing held beyond dust and nothing open.",
  },
  MARKET_LOCKED: {
    group: "market",
    summary: "The market holds a complete pair: its profit is fixed and is neither added to nor taken apart.",
    clears: "The pair being merged.",
  },
  MARKET_FINALIZING: {
    group: "market",
    summary: "The market's own outcome is decided, or the venue has resolved it.",
    clears: "Nothing, for entries. For exits: `finalizing.allow_reduce`.",
  },
  MARKET_HALTED: {
    group: "market",
    summary: "The market is halted; `ctx.haltCauses` names the causes.",
    clears: "Every cause being cleared by its own rule. For exits: `halt.allow_reduce`.",
  },
  MARKET_RESOLVED: {
    group: "market",
    summary: "The market is resolved and everything of ours in it is terminal.",
    clears: "Nothing: only redeeming is left.",
  },
  MARKET_NOT_FINAL: {
    group: "market",
    summary: "A redemption was asked for before the market is decided.",
    clears: "The market being FINALIZING or RESOLVED.",
  },
  CHAIN_ACTION_PENDING: {
    group: "market",
    summary: "A merge or redemption of this market is under way: its shares are spoken for.",
    clears: "The chain action being final or reverted.",
  },
  RESOLUTION_UNCLEAR: {
    group: "market",
    summary:
      "The market's rules text has a sentence that is not understood, contradicts another or the listing, or is missing; the detail names it.",
    clears:
      "The venue listing another text, or `resolution_filter` other than `refuse`. Exits and hedges pass.",
  },
  SUBJECT_UNPROVEN: {
    group: "truth",
    summary: "The strategy rests on match truth and it is not proven which match the market is about.",
    clears: "A mapping of the market to its match.",
  },
  TRUTH_UNKNOWN: {
    group: "truth",
    summary: "The strategy rests on match truth and no source has said anything about the match.",
    clears: "A source's first claim.",
  },
  TRUTH_STALE: {
    group: "truth",
    summary: "The sources of match truth have been silent for longer than their limit.",
    clears: "A fresh claim.",
  },
  TRUTH_DISPUTED: {
    group: "truth",
    summary: "The match that the strategy's truth is about is disputed, or was retracted.",
    clears: "The sources agreeing again.",
  },
  TRUTH_SINGLE_SOURCE: {
    group: "truth",
    summary: "An outcome that the strategy rests on has one source only, for longer than `max_wait_ms`.",
    clears: "A second source with another upstream, or an official result.",
  },
  SIGNAL_TOO_LATE: {
    group: "truth",
    summary:
      "The strategy rests on match truth, the order takes liquidity, and the latest news came from a source that is later than `max_signal_lag_ms` or of unknown lag: the market has heard it already.",
    clears:
      "News of a source that is in time, by `lag_ms_by_source` or as measured. Post-only orders and exits pass.",
  },
  MODEL_UNCALIBRATED: {
    group: "truth",
    summary:
      "The order would take liquidity on a probability that was never compared with outcomes: a title whose model is not calibrated, or a state without the fields that the calibrated one reads.",
    clears:
      "A post-only order, a model whose card says calibrated, or a source that gives what the model reads.",
  },
  TERMS_STALE: {
    group: "market",
    summary:
      "The venue's terms of the market (fee, delay, tick, rules) were not read for longer than `terms_max_age_ms` of the market feed.",
    clears: "The venue's terms being read again.",
  },
  TAKER_DELAY: {
    group: "market",
    summary: "The venue holds orders that take for longer than `max_taker_delay_ms`.",
    clears: "A shorter delay of the market, an order that rests, or a higher limit.",
  },
  BOOK_UNTRUSTED: {
    group: "book",
    summary:
      "The market's book is empty, gapped, stale or disconnected, or synthetic where that is not allowed.",
    clears: "A snapshot.",
  },
  BOOK_STALE: {
    group: "book",
    summary: "The market's book has had no update for longer than `max_book_age_ms`.",
    clears: "An update of the book.",
  },
  LOOP_STALLED: {
    group: "book",
    summary:
      "The process did nothing for longer than `max_loop_stall_ms`: the book may be as old as that, whatever has been read since.",
    clears: "The process going on for as long as it did nothing, at most ten seconds.",
  },
  PRICE_BAND: {
    group: "book",
    summary: "An entry's limit is outside `min_price` to `max_price`.",
    clears: "A limit within the band.",
  },
  SPREAD_TOO_WIDE: {
    group: "book",
    summary: "An entry would cross a spread wider than `max_spread`.",
    clears: "A narrower spread, or an order that rests.",
  },
  SLIPPAGE: {
    group: "book",
    summary: "The limit lies further beyond the best price than `max_slippage`.",
    clears: "A limit nearer to the best price.",
  },
  FILL_SLIPPAGE: {
    group: "book",
    summary:
      "The average price that the book gives the whole size is worse than its best price by more than `max_fill_slippage_usdc`.",
    clears: "A deeper book, a smaller size, or a better limit.",
  },
  LIQUIDITY_TOO_THIN: {
    group: "book",
    summary:
      "Less than `min_liquidity_usdc` is on offer within the limit, or the order takes more than `max_depth_fraction` of it.",
    clears: "A deeper book, or a smaller order.",
  },
  INSUFFICIENT_BALANCE: {
    group: "limit",
    summary:
      "The collateral, less the worst case of every open order, does not cover the order with its fee.",
    clears: "Orders ending, positions closing, or a smaller order.",
  },
  INSUFFICIENT_SHARES: {
    group: "limit",
    summary:
      "There are not enough shares to sell that passed `sell_gate` and are not promised to an open order or a chain action.",
    clears: "Trades being mined, or open sells being cancelled.",
  },
  MAX_ORDER: {
    group: "limit",
    summary: "The order can cost more than `max_order_usdc`.",
    clears: "A smaller order.",
  },
  MAX_MARKET: {
    group: "limit",
    summary: "The market's worst-case exposure would exceed `max_market_usdc`.",
    clears: "Exposure in the market going down.",
  },
  MAX_MATCH: {
    group: "limit",
    summary: "The worst-case exposure over all markets of the match would exceed `max_match_usdc`.",
    clears: "Exposure in the match's markets going down.",
  },
  MAX_TOURNAMENT: {
    group: "limit",
    summary:
      "The worst-case exposure over all matches of the tournament would exceed `max_tournament_usdc`. Markets of which no league is known count as one tournament.",
    clears: "Exposure in the tournament's markets going down.",
  },
  MAX_ACCOUNT: {
    group: "limit",
    summary: "The account's worst-case exposure would exceed `max_account_usdc`.",
    clears: "Exposure anywhere going down.",
  },
  MAX_UNSETTLED: {
    group: "limit",
    summary:
      "Shares by unconfirmed trades, with everything open, would have cost more than `max_unsettled_usdc`.",
    clears: "Trades being confirmed.",
  },
  MAX_DAILY_LOSS: {
    group: "limit",
    summary:
      "The day's loss, realized and by the best bids of what is held, has reached `max_daily_loss_usdc`, or had reached it earlier in the day.",
    clears: "The next UTC day.",
  },
  MAX_OPEN_ORDERS: {
    group: "limit",
    summary: "The account has `max_open_orders` orders that are not terminal.",
    clears: "An order ending.",
  },
  CANCEL_BUDGET: {
    group: "limit",
    summary:
      "One more open order could not be cancelled together with the others: the venue takes only so many cancels at once.",
    clears: "An order ending. Exits that match at once or die pass.",
  },
  MAX_MARKET_ORDERS: {
    group: "limit",
    summary: "The market has `max_open_orders_per_market` orders that are not terminal.",
    clears: "An order of the market ending.",
  },
  ORDER_RATE: {
    group: "limit",
    summary:
      "The market has had `max_orders_per_minute` orders within the last minute (exits: `exit_orders_per_minute` more).",
    clears: "Time.",
  },
  RUNAWAY: {
    group: "limit",
    summary:
      "Orders or dollars came faster than `runaway` allows. The strategy is halted, or the account killed: the detail says which limit it was.",
    clears: "An operator's resume with a reason.",
  },
  DRAWDOWN_SIZE: {
    group: "limit",
    summary:
      "The account is below its highest value, and the entry is larger than what the curve of `drawdown` leaves of `max_order_usdc`, `max_market_usdc`, `max_match_usdc` or `max_account_usdc`.",
    clears: "A smaller order (`ctx.riskScale` says how small), or the account's value rising again.",
  },
  MAX_LEG_IMBALANCE: {
    group: "limit",
    summary:
      "In the worst case the leg without its counterpart would exceed `max_leg_imbalance_usdc` or `max_leg_imbalance_shares`.",
    clears: "The other leg filling, or a smaller leg.",
  },
} as const satisfies Readonly<Record<string, DenialInfo>>;

/** A code of {@link DENIAL_CODES}. */
export type DenialCode = keyof typeof DENIAL_CODES;
