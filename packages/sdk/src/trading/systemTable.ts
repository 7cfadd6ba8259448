/** States of our own system. The venue has its own machine; permissions of both intersect. */
export type SystemStatus =
  | "BOOT"
  | "CHECKLIST"
  | "RECOVERING"
  | "READY"
  | "STOP_ENTRY"
  | "REDUCE_ONLY"
  | "HALTED"
  | "DRAINING"
  | "STOPPED";
/** Every state, in the order of a run. */
export const SYSTEM_STATUSES: readonly SystemStatus[] = [
  "BOOT",
  "CHECKLIST",
  "RECOVERING",
  "READY",
  "STOP_ENTRY",
  "REDUCE_ONLY",
  "HALTED",
  "DRAINING",
  "STOPPED",
];

/** What the system machine can be told. */
export type SystemInput =
  | "booted"
  | "checklist_passed"
  | "recovered"
  | "stop_entries"
  | "reduce_only"
  | "operator_resume"
  | "kill"
  | "drain"
  | "drained";
/** Every input. */
export const SYSTEM_INPUTS: readonly SystemInput[] = [
  "booted",
  "checklist_passed",
  "recovered",
  "stop_entries",
  "reduce_only",
  "operator_resume",
  "kill",
  "drain",
  "drained",
];

/** The table's columns: inputs, with `recovered` told apart by the latched kill and the restriction in force. */
export type SystemSymbol =
  SystemInput | "recovered_latched" | "recovered_stop_entry" | "recovered_reduce_only";
/** Every symbol. */
export const SYSTEM_SYMBOLS: readonly SystemSymbol[] = [
  ...SYSTEM_INPUTS,
  "recovered_latched",
  "recovered_stop_entry",
  "recovered_reduce_only",
];

/** A cell of the table; see `TradingRow`. */
export type SystemRow =
  | { readonly kind: "move"; readonly to: SystemStatus; readonly why: string }
  | { readonly kind: "stay"; readonly why: string }
  | { readonly kind: "never"; readonly why: string };

const move = (to: SystemStatus, why: string): SystemRow => ({ kind: "move", to, why });
const stay = (why: string): SystemRow => ({ kind: "stay", why });
const never = (why: string): SystemRow => ({ kind: "never", why });

const KILLED = move("HALTED", "killed; latched until an operator resumes");
const DRAINS = move("DRAINING", "stopping: every order is being cancelled");
const NOTED = stay("noted; in force once recovery is over");
const NOT_DRAINING = never("only a draining system can be drained");
const AFTER_BOOT = never("the system has booted before");
const AFTER_CHECKLIST = never("the checklist has been passed before");
const NOT_RECOVERING = never("recovery is not under way");
const NOTHING_TO_RESUME = stay("nothing is stopped");
const recoveredNever = (row: SystemRow) => ({
  recovered: row,
  recovered_latched: row,
  recovered_stop_entry: row,
  recovered_reduce_only: row,
});
const STOPPING = stay("stopping already");
const LATCHES = stay("stopping already; the kill is latched for the next start");

/** State × symbol, complete. */
export const SYSTEM_TABLE: Readonly<Record<SystemStatus, Readonly<Record<SystemSymbol, SystemRow>>>> = {
  BOOT: {
    booted: move("CHECKLIST", "booted"),
    checklist_passed: never("the checklist begins after boot"),
    ...recoveredNever(NOT_RECOVERING),
    stop_entries: NOTED,
    reduce_only: NOTED,
    operator_resume: NOTHING_TO_RESUME,
    kill: KILLED,
    drain: DRAINS,
    drained: NOT_DRAINING,
  },
  CHECKLIST: {
    booted: AFTER_BOOT,
    checklist_passed: move("RECOVERING", "every check passed"),
    ...recoveredNever(NOT_RECOVERING),
    stop_entries: NOTED,
    reduce_only: NOTED,
    operator_resume: NOTHING_TO_RESUME,
    kill: KILLED,
    drain: DRAINS,
    drained: NOT_DRAINING,
  },
  RECOVERING: {
    booted: AFTER_BOOT,
    checklist_passed: AFTER_CHECKLIST,
    recovered: move("READY", "journal, venue and chain agree"),
    recovered_latched: move("HALTED", "a kill is latched: an operator has to resume"),
    recovered_stop_entry: move("STOP_ENTRY", "recovered; entries stay stopped"),
    recovered_reduce_only: move("REDUCE_ONLY", "recovered; only reductions are allowed"),
    stop_entries: NOTED,
    reduce_only: NOTED,
    operator_resume: stay("recovery is under way; a latched kill can be lifted once HALTED"),
    kill: KILLED,
    drain: DRAINS,
    drained: NOT_DRAINING,
  },
  READY: {
    booted: AFTER_BOOT,
    checklist_passed: AFTER_CHECKLIST,
    ...recoveredNever(NOT_RECOVERING),
    stop_entries: move("STOP_ENTRY", "entries stopped by an operator"),
    reduce_only: move("REDUCE_ONLY", "our books are in doubt: reductions only"),
    operator_resume: NOTHING_TO_RESUME,
    kill: KILLED,
    drain: DRAINS,
    drained: NOT_DRAINING,
  },
  STOP_ENTRY: {
    booted: AFTER_BOOT,
    checklist_passed: AFTER_CHECKLIST,
    ...recoveredNever(NOT_RECOVERING),
    stop_entries: stay("entries are stopped already"),
    reduce_only: move("REDUCE_ONLY", "our books are in doubt: reductions only"),
    operator_resume: move("READY", "resumed by an operator"),
    kill: KILLED,
    drain: DRAINS,
    drained: NOT_DRAINING,
  },
  REDUCE_ONLY: {
    booted: AFTER_BOOT,
    checklist_passed: AFTER_CHECKLIST,
    ...recoveredNever(NOT_RECOVERING),
    stop_entries: stay("reductions only is stricter"),
    reduce_only: stay("reductions only already"),
    operator_resume: move("READY", "resumed by an operator"),
    kill: KILLED,
    drain: DRAINS,
    drained: NOT_DRAINING,
  },
  HALTED: {
    booted: AFTER_BOOT,
    checklist_passed: never("a killed system goes on only by an operator's resume"),
    ...recoveredNever(NOT_RECOVERING),
    stop_entries: NOTED,
    reduce_only: NOTED,
    operator_resume: move("RECOVERING", "resumed by an operator: recovered before anything else"),
    kill: stay("killed already"),
    drain: DRAINS,
    drained: NOT_DRAINING,
  },
  DRAINING: {
    booted: AFTER_BOOT,
    checklist_passed: STOPPING,
    ...recoveredNever(STOPPING),
    stop_entries: STOPPING,
    reduce_only: STOPPING,
    operator_resume: stay("a stop is not taken back: start again"),
    kill: LATCHES,
    drain: STOPPING,
    drained: move("STOPPED", "no order is open"),
  },
  STOPPED: {
    booted: AFTER_BOOT,
    checklist_passed: STOPPING,
    ...recoveredNever(STOPPING),
    stop_entries: STOPPING,
    reduce_only: STOPPING,
    operator_resume: stay("a stop is not taken back: start again"),
    kill: LATCHES,
    drain: STOPPING,
    drained: stay("stopped already"),
  },
};
