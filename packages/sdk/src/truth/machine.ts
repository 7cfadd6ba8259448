import { MatchpointError } from "../errors.ts";
import type { TruthStatus } from "../state/index.ts";

/** What moves the truth machine. */
export type TruthInput =
  | "start"
  | "pause"
  | "resume"
  | "end"
  | "postpone"
  | "reinstate"
  | "progress"
  | "evidence"
  | "effective"
  | "final"
  | "wait_expired"
  | "contradiction"
  | "reopen"
  | "rollback"
  | "remake"
  | "correction"
  | "restore"
  | "void"
  | "not_played";

/** What the table says of one state and input. `last` is the last of scheduled, live and paused that the subject was in. */
export type TruthCell =
  | { readonly to: TruthStatus | "last" }
  /** Legal, and changes nothing. */
  | { readonly ignored: string }
  /** The engine never raises this input in this state. */
  | { readonly impossible: string };

/** A machine as data. */
export interface TruthMachine {
  readonly states: readonly TruthStatus[];
  /** Each input with its meaning. */
  readonly inputs: Readonly<Record<TruthInput, string>>;
  readonly table: Readonly<Record<TruthStatus, Readonly<Record<TruthInput, TruthCell>>>>;
}

const to = (target: TruthStatus | "last"): TruthCell => ({ to: target });
const ignored = (why: string): TruthCell => ({ ignored: why });
const never = (why: string): TruthCell => ({ impossible: why });

const startsFirst = never("the engine raises start first: what is played has started");
const noWait = never("the wait runs only while effectively_final; leaving that state clears it");
const notRetracted = never("restore follows a retraction in the same step, and nothing else");
const notDisputed = never("reopen leaves disputed and not_played only");
const onlyUndecided = never("raised for games that nobody has decided or contests only");
const playIgnored = ignored(
  "a slower source still reports play; the result stands until evidence is taken back",
);
const transient = never("retracted is left by restore in the same step");
const putOffOnly = never("raised while the series is put off only, which is paused");
const undecidedOnly = never(
  "raised in undecided and disputed states only: a decided result is first disputed or retracted",
);

const UNDECIDED = {
  effective: to("effectively_final"),
  final: to("final"),
  wait_expired: noWait,
  contradiction: to("disputed"),
  reopen: notDisputed,
  restore: notRetracted,
  void: to("void"),
} as const;

const TAKEN_BACK = {
  rollback: to("retracted"),
  remake: to("retracted"),
  correction: to("retracted"),
} as const;

const PLAY_IGNORED = {
  start: playIgnored,
  pause: playIgnored,
  resume: playIgnored,
  end: playIgnored,
  progress: playIgnored,
  postpone: ignored(
    "a result is not put off; beyond the rules' time it is cancelled, and that contradicts it",
  ),
  reinstate: putOffOnly,
} as const;

/** The truth machine of a series and of each of its games. Every state × input pair is here. */
export const TRUTH_MACHINE: TruthMachine = {
  states: [
    "scheduled",
    "live",
    "paused",
    "effectively_final",
    "final",
    "disputed",
    "retracted",
    "void",
    "not_played",
  ],
  inputs: {
    start: "a source of tier A or B says, or shows by reporting play, that it has started",
    pause: "a source of tier A or B says that play is paused",
    resume: "a source of tier A or B says that play goes on",
    end: "a source of tier A or B says that it is over and names no winner",
    postpone: "a source of tier A or B says that the series is put off",
    reinstate: "nobody says any more that it is put off",
    progress: "the score or clock moved",
    evidence: "the claims behind the verdict changed without changing the status",
    effective: "the pooled posterior of a result reached confirm_threshold",
    final: "one tier-A result statement, or required_sources_for_final upstreams",
    wait_expired: "max_wait_ms passed in effectively_final: the verdict is flagged singleSource",
    contradiction:
      "the evidence contradicts itself, or the verdict, for longer than dispute_grace_ms, or outweighs it",
    reopen: "resolving evidence is that nothing is decided",
    rollback: "play or result was taken back: state restored to an earlier one",
    remake: "play or result was taken back: the game is played again",
    correction: "play or result was taken back: the source had been wrong",
    restore: "back to where it was before the result",
    void: "cancelled, walkover, postponed beyond the rules, or ended without a winner by its format",
    not_played: "the series was decided without this game",
  },
  table: {
    scheduled: {
      start: to("live"),
      pause: startsFirst,
      resume: startsFirst,
      end: startsFirst,
      postpone: to("paused"),
      reinstate: putOffOnly,
      progress: startsFirst,
      evidence: to("scheduled"),
      ...UNDECIDED,
      rollback: ignored("nothing had been held true"),
      remake: ignored("nothing had been held true"),
      correction: ignored("nothing had been held true"),
      not_played: to("not_played"),
    },
    live: {
      start: ignored("another source says the same"),
      pause: to("paused"),
      resume: ignored("it is not paused"),
      end: to("paused"),
      postpone: to("paused"),
      reinstate: putOffOnly,
      progress: to("live"),
      evidence: to("live"),
      ...UNDECIDED,
      rollback: to("live"),
      remake: to("live"),
      correction: to("live"),
      not_played: to("not_played"),
    },
    paused: {
      start: to("live"),
      pause: ignored("another source says the same"),
      resume: to("live"),
      end: ignored("play is not going on already"),
      postpone: to("paused"),
      reinstate: to("last"),
      progress: to("paused"),
      evidence: to("paused"),
      ...UNDECIDED,
      rollback: to("paused"),
      remake: to("paused"),
      correction: to("paused"),
      not_played: to("not_played"),
    },
    effectively_final: {
      ...PLAY_IGNORED,
      evidence: to("effectively_final"),
      effective: undecidedOnly,
      final: to("final"),
      wait_expired: to("effectively_final"),
      contradiction: to("disputed"),
      reopen: notDisputed,
      ...TAKEN_BACK,
      restore: notRetracted,
      void: never("a cancellation against a result is a contradiction: it goes through disputed"),
      not_played: onlyUndecided,
    },
    final: {
      ...PLAY_IGNORED,
      evidence: to("final"),
      effective: undecidedOnly,
      final: undecidedOnly,
      wait_expired: noWait,
      contradiction: to("disputed"),
      reopen: notDisputed,
      ...TAKEN_BACK,
      restore: notRetracted,
      void: never("final is not left by a cancellation: against a result it is a contradiction"),
      not_played: onlyUndecided,
    },
    disputed: {
      start: ignored("kept as the state to reopen to; the dispute is about the result"),
      pause: ignored("kept as the state to reopen to; the dispute is about the result"),
      resume: ignored("kept as the state to reopen to; the dispute is about the result"),
      end: ignored("kept as the state to reopen to; the dispute is about the result"),
      postpone: ignored("the dispute is about the result; beyond the rules' time it is void"),
      reinstate: putOffOnly,
      progress: to("disputed"),
      evidence: to("disputed"),
      effective: to("effectively_final"),
      final: to("final"),
      wait_expired: noWait,
      contradiction: ignored("it is disputed already"),
      reopen: to("last"),
      rollback: to("disputed"),
      remake: to("disputed"),
      correction: to("disputed"),
      restore: notRetracted,
      void: to("void"),
      not_played: onlyUndecided,
    },
    retracted: {
      start: transient,
      pause: transient,
      resume: transient,
      end: transient,
      postpone: transient,
      reinstate: transient,
      progress: transient,
      evidence: transient,
      effective: transient,
      final: transient,
      wait_expired: transient,
      contradiction: transient,
      reopen: transient,
      rollback: transient,
      remake: transient,
      correction: transient,
      restore: to("last"),
      void: transient,
      not_played: transient,
    },
    void: {
      ...PLAY_IGNORED,
      evidence: to("void"),
      effective: undecidedOnly,
      final: undecidedOnly,
      wait_expired: noWait,
      contradiction: to("disputed"),
      reopen: notDisputed,
      ...TAKEN_BACK,
      restore: notRetracted,
      void: ignored("it is void already"),
      not_played: onlyUndecided,
    },
    not_played: {
      ...PLAY_IGNORED,
      evidence: to("not_played"),
      effective: never("claims about it have no vote while the series stands decided without it"),
      final: never("claims about it have no vote while the series stands decided without it"),
      wait_expired: noWait,
      contradiction: never("claims about it have no vote while the series stands decided without it"),
      reopen: to("scheduled"),
      rollback: ignored("nothing had been held true"),
      remake: ignored("nothing had been held true"),
      correction: ignored("nothing had been held true"),
      restore: notRetracted,
      void: never("claims about it have no vote while the series stands decided without it"),
      not_played: ignored("another look at the same series"),
    },
  },
};

/** The undecided states that `last` stands for. */
export type OpenStatus = "scheduled" | "live" | "paused";

/**
 * Where an input leads, or `undefined` when it is legal and changes nothing.
 *
 * @throws {@link MatchpointError} `TRANSITION_ILLEGAL` for a pair that the table calls impossible
 */
export function truthTarget(from: TruthStatus, on: TruthInput, last: OpenStatus): TruthStatus | undefined {
  const cell = TRUTH_MACHINE.table[from][on];
  if ("ignored" in cell) return undefined;
  if ("impossible" in cell) {
    throw new MatchpointError("TRANSITION_ILLEGAL", `truth: ${on} in ${from}: ${cell.impossible}`);
  }
  return cell.to === "last" ? last : cell.to;
}

/** Whether a step is one of the table's. */
export function isTruthRow(from: TruthStatus, on: TruthInput, target: TruthStatus): boolean {
  const cell = TRUTH_MACHINE.table[from][on];
  if (!("to" in cell)) return false;
  return (
    cell.to === target ||
    (cell.to === "last" && (target === "scheduled" || target === "live" || target === "paused"))
  );
}
