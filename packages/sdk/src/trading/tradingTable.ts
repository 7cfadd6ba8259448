import type { TradingStatus } from "../state/index.ts";

/** Every state of a market's trading machine. */
export const TRADING_STATUSES: readonly TradingStatus[] = [
  "IDLE",
  "BUILDING_PAIR",
  "TEMPORAL_ACTIVE",
  "LOCKED_PAIR",
  "FINALIZING",
  "HALT",
  "RESOLVED",
];

/**
 * What an input comes down to once its guards are looked at; the table's columns. Inputs that carry facts (`exposure`,
 * `merge_final`, `pair_broken`) are told apart by the facts, never by their name:
 *
 * - `facts_flat`: each leg at most dust and nothing open; `facts_open`: legs at most dust, something open;
 * - `facts_paired`: shares of both outcomes and a residual of at most dust; `facts_residual`: any other holding;
 * - `facts_unexplained`: holdings or orders in a market that no intent of this run ever claimed.
 */
export type TradingSymbol =
  | "intent_pair"
  | "intent_directional"
  | "intent_busy"
  | "facts_flat"
  | "facts_open"
  | "facts_paired"
  | "facts_residual"
  | "facts_unexplained"
  | "halt"
  | "clear_nothing"
  | "clear_partial"
  | "clear_last"
  | "truth_open"
  | "truth_terminal"
  | "truth_doubted"
  | "truth_reopened"
  | "resolution"
  | "settled";

/** Every symbol, and the inputs that it can come from (`derived`: from the machine itself, after any input). */
export const TRADING_SYMBOLS: Readonly<Record<TradingSymbol, readonly string[]>> = {
  intent_pair: ["intent"],
  intent_directional: ["intent"],
  intent_busy: ["intent"],
  facts_flat: ["exposure", "merge_final", "pair_broken"],
  facts_open: ["exposure", "merge_final", "pair_broken"],
  facts_paired: ["exposure", "merge_final", "pair_broken"],
  facts_residual: ["exposure", "merge_final", "pair_broken"],
  facts_unexplained: ["exposure", "merge_final", "pair_broken"],
  halt: ["halt"],
  clear_nothing: ["clear", "operator_resume"],
  clear_partial: ["clear", "operator_resume", "own_truth"],
  clear_last: ["clear", "operator_resume", "own_truth"],
  truth_open: ["own_truth"],
  truth_terminal: ["own_truth"],
  truth_doubted: ["own_truth"],
  truth_reopened: ["own_truth"],
  resolution: ["venue_resolution"],
  settled: ["derived"],
};

/**
 * A cell of the table. `move`: to one state. `rest`: to where facts, owner and truth say that the market stands, one of
 * the states listed. `stay`: legal, the state does not change. `never`: cannot happen in this state, and why; the input
 * is refused as illegal.
 */
export type TradingRow =
  | { readonly kind: "move"; readonly to: TradingStatus; readonly why: string }
  | { readonly kind: "rest"; readonly to: readonly TradingStatus[]; readonly why: string }
  | { readonly kind: "stay"; readonly why: string }
  | { readonly kind: "never"; readonly why: string };

const move = (to: TradingStatus, why: string): TradingRow => ({ kind: "move", to, why });
const rest = (to: readonly TradingStatus[], why: string): TradingRow => ({ kind: "rest", to, why });
const stay = (why: string): TradingRow => ({ kind: "stay", why });
const never = (why: string): TradingRow => ({ kind: "never", why });

const HALTS = move("HALT", "a halt cause was raised");
const DOUBTED = move("HALT", "the market's own truth is disputed or retracted");
const NOT_HALTED = stay("not halted: there is no cause to clear");
const NO_CAUSES = never("causes are held in HALT only");
const TRUTH_OPEN = stay("the market's own outcome is still open");
const DECIDED = move("FINALIZING", "the market's own outcome is decided");
const RESOLVES = move("FINALIZING", "the venue resolved the market");
const NOT_FINAL_BEFORE = never("a decided outcome has moved the market to FINALIZING before");
const SETTLED_EARLY = never("a venue resolution moves the market to FINALIZING first");
const CLAIMED = never("holdings are explained by the owner's intents");
const BUSY = never("the risk gate denies a second claimant with MARKET_BUSY");
const REDUCTION = stay("a reduction that configuration permits");
const REMEMBERED = stay("remembered for when the halt ends");
/** A pair that nobody of this run intended has no builder: what is left of it can only be reduced. */
const BROKEN = ["BUILDING_PAIR", "TEMPORAL_ACTIVE"] as const;
const OVER = stay("the market is resolved");

/** State × symbol, complete: a pair is a transition, a stay with its reason, or a proven impossibility. */
export const TRADING_TABLE: Readonly<Record<TradingStatus, Readonly<Record<TradingSymbol, TradingRow>>>> = {
  IDLE: {
    intent_pair: move("BUILDING_PAIR", "a pair leg was intended"),
    intent_directional: move("TEMPORAL_ACTIVE", "a directional position was intended"),
    intent_busy: never("an idle market has no owner"),
    facts_flat: stay("nothing held, nothing open"),
    facts_open: rest(["BUILDING_PAIR", "TEMPORAL_ACTIVE"], "something of the last owner's is open again"),
    facts_paired: rest(["LOCKED_PAIR", "TEMPORAL_ACTIVE"], "a late fill of the last owner's"),
    facts_residual: rest(["BUILDING_PAIR", "TEMPORAL_ACTIVE"], "a late fill of the last owner's"),
    facts_unexplained: move("HALT", "holdings or orders that no intent of this run explains"),
    halt: HALTS,
    clear_nothing: NOT_HALTED,
    clear_partial: NO_CAUSES,
    clear_last: NO_CAUSES,
    truth_open: TRUTH_OPEN,
    truth_terminal: DECIDED,
    truth_doubted: DOUBTED,
    truth_reopened: NOT_FINAL_BEFORE,
    resolution: RESOLVES,
    settled: SETTLED_EARLY,
  },
  BUILDING_PAIR: {
    intent_pair: stay("another leg of the owner's"),
    intent_directional: never("the owner claimed the market with posture pair"),
    intent_busy: BUSY,
    facts_flat: move("IDLE", "nothing held and no order, trade or chain action open"),
    facts_open: stay("legs are under way"),
    facts_paired: move("LOCKED_PAIR", "both legs matched, residual at most dust"),
    facts_residual: stay("one leg is short of the other"),
    facts_unexplained: CLAIMED,
    halt: HALTS,
    clear_nothing: NOT_HALTED,
    clear_partial: NO_CAUSES,
    clear_last: NO_CAUSES,
    truth_open: TRUTH_OPEN,
    truth_terminal: DECIDED,
    truth_doubted: DOUBTED,
    truth_reopened: NOT_FINAL_BEFORE,
    resolution: RESOLVES,
    settled: SETTLED_EARLY,
  },
  TEMPORAL_ACTIVE: {
    intent_pair: stay("a reduction of holdings that nobody owns"),
    intent_directional: stay("another order of the owner's, or a reduction of holdings that nobody owns"),
    intent_busy: BUSY,
    facts_flat: move("IDLE", "position at most dust and no order, trade or chain action open"),
    facts_open: stay("orders or trades are under way"),
    facts_paired: stay("a directional strategy may hold both outcomes"),
    facts_residual: stay("a position is held"),
    facts_unexplained: CLAIMED,
    halt: HALTS,
    clear_nothing: NOT_HALTED,
    clear_partial: NO_CAUSES,
    clear_last: NO_CAUSES,
    truth_open: TRUTH_OPEN,
    truth_terminal: DECIDED,
    truth_doubted: DOUBTED,
    truth_reopened: NOT_FINAL_BEFORE,
    resolution: RESOLVES,
    settled: SETTLED_EARLY,
  },
  LOCKED_PAIR: {
    intent_pair: never("neither entries nor exits are allowed in LOCKED_PAIR"),
    intent_directional: never("neither entries nor exits are allowed in LOCKED_PAIR"),
    intent_busy: BUSY,
    facts_flat: move("IDLE", "the pair is merged, or both legs were voided, and nothing is open"),
    facts_open: rest(BROKEN, "the pair is gone and an order, trade or chain action is still open"),
    facts_paired: stay("the pair is whole"),
    facts_residual: rest(BROKEN, "a leg was voided, a merge left a residual, or a late fill came"),
    facts_unexplained: CLAIMED,
    halt: HALTS,
    clear_nothing: NOT_HALTED,
    clear_partial: NO_CAUSES,
    clear_last: NO_CAUSES,
    truth_open: TRUTH_OPEN,
    truth_terminal: DECIDED,
    truth_doubted: DOUBTED,
    truth_reopened: NOT_FINAL_BEFORE,
    resolution: RESOLVES,
    settled: SETTLED_EARLY,
  },
  FINALIZING: {
    intent_pair: REDUCTION,
    intent_directional: REDUCTION,
    intent_busy: BUSY,
    facts_flat: stay("nothing is left to pay out"),
    facts_open: stay("waits for open orders and trades"),
    facts_paired: stay("held to payout or merge"),
    facts_residual: stay("held to payout as leg risk"),
    facts_unexplained: never("only looked for in IDLE"),
    halt: HALTS,
    clear_nothing: NOT_HALTED,
    clear_partial: NO_CAUSES,
    clear_last: NO_CAUSES,
    truth_open: stay("the venue resolved the market, whatever our sources say now"),
    truth_terminal: stay("the outcome firms up"),
    truth_doubted: DOUBTED,
    truth_reopened: move("HALT", "the decided outcome is open again: a retraction"),
    resolution: stay("resolved by the venue; waits for open orders and trades"),
    settled: move("RESOLVED", "resolved by the venue, every order and trade terminal"),
  },
  HALT: {
    intent_pair: REDUCTION,
    intent_directional: REDUCTION,
    intent_busy: BUSY,
    facts_flat: REMEMBERED,
    facts_open: REMEMBERED,
    facts_paired: REMEMBERED,
    facts_residual: REMEMBERED,
    facts_unexplained: never("only looked for in IDLE"),
    halt: stay("one more cause"),
    clear_nothing: never("a halted market has a cause"),
    clear_partial: stay("other causes, or the other half of this cause's rule, remain"),
    clear_last: rest(
      ["IDLE", "BUILDING_PAIR", "TEMPORAL_ACTIVE", "LOCKED_PAIR", "FINALIZING"],
      "no cause is left: recomputed from holdings, open orders, owner, posture and truth",
    ),
    truth_open: REMEMBERED,
    truth_terminal: REMEMBERED,
    truth_doubted: stay("one more cause"),
    truth_reopened: never("in HALT an open outcome is only remembered"),
    resolution: REMEMBERED,
    settled: move("RESOLVED", "resolved by the venue, every order and trade terminal"),
  },
  RESOLVED: {
    intent_pair: never("no intent passes the gate of a resolved market"),
    intent_directional: never("no intent passes the gate of a resolved market"),
    intent_busy: never("no intent passes the gate of a resolved market"),
    facts_flat: OVER,
    facts_open: OVER,
    facts_paired: OVER,
    facts_residual: OVER,
    facts_unexplained: never("only looked for in IDLE"),
    halt: stay("nothing is left to halt"),
    clear_nothing: stay("RESOLVED ended every halt"),
    clear_partial: NO_CAUSES,
    clear_last: NO_CAUSES,
    truth_open: OVER,
    truth_terminal: OVER,
    truth_doubted: OVER,
    truth_reopened: never("only looked for in FINALIZING"),
    resolution: stay("the same resolution again"),
    settled: never("already resolved"),
  },
};
