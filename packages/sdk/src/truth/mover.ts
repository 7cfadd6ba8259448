import type { MatchId, SourceId } from "../ids.ts";
import type { Verdict } from "../state/index.ts";
import { NANOS_PER_MS, type Nanos } from "../units/index.ts";
import type { TruthChange } from "./change.ts";
import type { Judgement } from "./claims.ts";
import type { TruthConfig } from "./config.ts";
import { truthTarget, type TruthInput } from "./machine.ts";
import type { MatchRecord, SubjectRecord, TruthTimer } from "./records.ts";

/** What a step is about. */
export interface Cause {
  readonly at: Nanos;
  readonly fresh: boolean;
  readonly reason: string;
  /** Whose claim it is. */
  readonly source?: SourceId;
}

/** The verdict's fields that evidence sets. */
export interface Held {
  readonly winner: Verdict["winner"];
  readonly posterior: number;
  readonly forfeit: boolean;
  readonly sources: readonly SourceId[];
}

/** A verdict that rests on nothing. */
export const NOTHING: Held = { winner: undefined, posterior: 0, forfeit: false, sources: [] };

/** A judgement as a verdict shows it. */
export function heldBy(judgement: Judgement): Held {
  const { leader, posterior, forfeit, sources } = judgement;
  return { winner: leader === "void" ? undefined : leader, posterior, forfeit, sources };
}

function sameHeld(a: Held, b: Held): boolean {
  return (
    a.winner === b.winner &&
    a.posterior === b.posterior &&
    a.forfeit === b.forfeit &&
    a.sources.length === b.sources.length &&
    a.sources.every((source, i) => source === b.sources[i])
  );
}

function timerId(kind: "wait" | "dispute", matchId: MatchId, game: number): string {
  return `truth:${kind}:${matchId}#${game}`;
}

function kindOf(on: TruthInput, from: Verdict["status"]): TruthChange["kind"] {
  switch (on) {
    case "progress":
    case "evidence":
      return "progress";
    case "rollback":
    case "remake":
    case "correction":
    case "restore":
    case "reinstate":
      return "revised";
    case "contradiction":
      return from === "scheduled" || from === "live" || from === "paused" ? "status" : "revised";
    case "reopen":
      return from === "not_played" ? "revised" : "status";
    case "start":
    case "pause":
    case "resume":
    case "end":
    case "postpone":
    case "effective":
    case "final":
    case "wait_expired":
    case "void":
    case "not_played":
      return "status";
  }
}

/** Moves subjects along the table, tells of every move, and keeps the timers that belong to states. */
export class Mover {
  readonly changes: TruthChange[] = [];
  readonly timers: TruthTimer[] = [];
  readonly cause: Cause;
  readonly #match: MatchRecord;
  readonly #config: TruthConfig;

  constructor(match: MatchRecord, config: TruthConfig, cause: Cause) {
    this.#match = match;
    this.#config = config;
    this.cause = cause;
  }

  /** Takes a row of the table and tells of it. Inputs that the table ignores do nothing. */
  move(subject: SubjectRecord, on: TruthInput, held: Partial<Verdict>, reason = this.cause.reason): void {
    const previous = subject.verdict;
    const target = truthTarget(previous.status, on, subject.last);
    if (target === undefined) return;
    const moved = target !== previous.status;
    const kind = kindOf(on, previous.status);
    const current: Verdict = {
      ...previous,
      ...(moved ? { singleSource: false } : {}),
      ...held,
      status: target,
      revision: previous.revision + 1,
      since: moved ? this.cause.at : previous.since,
    };
    subject.verdict = current;
    if (target === "scheduled" || target === "live" || target === "paused") subject.last = target;
    if (target === "scheduled" || target === "live") {
      subject.pausedBy = null;
      subject.putOffFrom = null;
    }
    if (moved) {
      this.clear(subject, "dispute");
      this.clear(subject, "wait");
      if (target === "effectively_final") this.set(subject, "wait");
    }
    this.changes.push({
      matchId: this.#match.match.matchId,
      ...(subject.game === 0 ? {} : { game: subject.game }),
      on,
      from: previous.status,
      to: target,
      previous,
      current,
      kind,
      // A score that went backwards is no news to act on.
      fresh: this.cause.fresh && (moved || kind !== "revised"),
      ...(this.cause.source === undefined ? {} : { source: this.cause.source }),
      reason,
    });
  }

  /** Starts a subject's wait for a second upstream, or the grace of a contradiction. */
  set(subject: SubjectRecord, kind: "wait" | "dispute"): void {
    const ms = kind === "wait" ? this.#config.max_wait_ms : this.#config.dispute_grace_ms;
    const due = (this.cause.at + ms * NANOS_PER_MS) as Nanos;
    if (kind === "wait") subject.waitDue = due;
    else subject.graceDue = due;
    this.timers.push({ timerId: timerId(kind, this.#match.match.matchId, subject.game), due });
  }

  /** Ends it. */
  clear(subject: SubjectRecord, kind: "wait" | "dispute"): void {
    const due = kind === "wait" ? subject.waitDue : subject.graceDue;
    if (due === null) return;
    if (kind === "wait") subject.waitDue = null;
    else subject.graceDue = null;
    this.timers.push({ timerId: timerId(kind, this.#match.match.matchId, subject.game), due: undefined });
  }

  /** Tells that the evidence behind a verdict changed, if it did. */
  evidence(subject: SubjectRecord, held: Held): void {
    if (!sameHeld(subject.verdict, held)) this.move(subject, "evidence", held);
  }
}
