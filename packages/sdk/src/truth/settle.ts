import { MatchpointError } from "../errors.ts";
import type { SourceId } from "../ids.ts";
import { logistic } from "../units/index.ts";
import type { Judgement, Outcome3, TruthRule } from "./claims.ts";
import { claimSet, deniesItself, hasFrozen, isOverruled } from "./claimSet.ts";
import type { TruthConfig } from "./config.ts";
import { extendCurve } from "./curve.ts";
import { truthTarget } from "./machine.ts";
import { heldBy, NOTHING, type Mover } from "./mover.ts";
import { scoresCross } from "./poolProgress.ts";
import { sameProgress } from "./progress.ts";
import { counts, isBegun, isDecided, isOpen, type MatchRecord, type SubjectRecord } from "./records.ts";
import { isBeyond, judgeSeries, lastPlayed, oddsIndex } from "./seriesJudgement.ts";
import { isPutOff } from "./postponement.ts";
import type { PlayInput, Recorded, Retraction } from "./takeBack.ts";
import { wentBack } from "./wentBack.ts";

/** Passes over a match's subjects until nothing moves; each pass moves something, and chains are short. */
const MAX_PASSES = 64;
/** Log-odds that are this close to zero weigh nothing. */
const EVEN = 1e-9;

/** One step of the fold over one match: moves its machines until they agree with the evidence. */
export class Settlement {
  readonly #match: MatchRecord;
  readonly #config: TruthConfig;
  readonly #rule: TruthRule;
  readonly #mover: Mover;
  /** Whether the step is a timer's: it may cast doubt, never decide. */
  readonly #timed: boolean;
  /** Results that this step's source has unsaid, per subject. */
  readonly #takenBack = new Map<number, { on: Retraction; says: Outcome3 }>();
  /** How a game was retracted in this step: the series that rests on it follows in the same way. */
  #retracted: Retraction | undefined;
  #disputed = false;

  constructor(match: MatchRecord, config: TruthConfig, rule: TruthRule, mover: Mover, timed: boolean) {
    this.#match = match;
    this.#config = config;
    this.#rule = rule;
    this.#mover = mover;
    this.#timed = timed;
  }

  /** Applies what a claim asks for: what was taken back first, then play, then results. */
  take(recorded: Recorded, source: SourceId): void {
    for (const { game, on, says } of recorded.takenBack) this.#takenBack.set(game, { on, says });
    if (recorded.takenBack.length > 0) this.judge();
    const before = this.#mover.changes.length;
    for (const { game, on } of recorded.wiped) this.#unplay(this.#match.subjects[game]!, on);
    for (const { game, on } of recorded.plays) this.#play(this.#match.subjects[game]!, on, source);
    if (recorded.judge || this.#mover.changes.length > before) this.judge();
  }

  /** The format was corrected: a series that was decided by the old one is taken back, unless claims about it hold it. */
  reformat(): void {
    const { winner } = this.#match.subjects[0]!.verdict;
    if (winner !== undefined) this.#takenBack.set(0, { on: "correction", says: winner });
    this.judge();
  }

  /** Judges every subject until nothing moves any more. */
  judge(): void {
    for (let pass = 0; pass < MAX_PASSES; pass++) {
      const before = this.#mover.changes.length;
      for (const subject of this.#match.subjects) if (subject.game > 0) this.#judgeGame(subject);
      this.#judgeSeries();
      this.#cascade();
      if (this.#mover.changes.length === before) return;
    }
    throw new MatchpointError("INVARIANT", `truth of match ${this.#match.match.matchId} does not settle`);
  }

  /** Shows the progress of a game anew. `unsaid`: the source that says less than before. */
  progress(subject: SubjectRecord, progress: SubjectRecord["progress"], unsaid?: SourceId): void {
    const { status } = subject.verdict;
    if (status !== "live" && status !== "paused" && status !== "disputed") return;
    const back = wentBack(this.#match, subject, progress, unsaid);
    if (back === undefined && sameProgress(progress, subject.progress)) return;
    subject.curve = extendCurve(subject.curve ?? undefined, subject.progress, progress) ?? null;
    subject.progress = progress;
    if (back === undefined) this.#mover.move(subject, "progress", {});
    // What was shown is shown no longer: whoever acted on it is told.
    else this.#mover.move(subject, "rollback", {}, `${back}: ${this.#mover.cause.reason}`);
  }

  #judgeGame(subject: SubjectRecord): void {
    const claims = claimSet(this.#match, subject.game, this.#config);
    const held = this.#rule.judge(claims, this.#config);
    const named = held.leader === 0 || held.leader === 1;
    const beyond = isBeyond(this.#match, subject.game);
    // However sure the sources are of it: one of the series' games is not what it is held to be.
    const judgement: Judgement = beyond && named ? { ...held, level: "none", contradicted: true } : held;
    if (beyond && isDecided(subject.verdict)) {
      if (named) {
        this.#dispute(subject, judgement, "the games ahead of it decide the series");
        return;
      }
      this.#takenBack.set(subject.game, { on: "correction", says: subject.verdict.winner! });
    }
    const voided = claims.statements.some((each) => each.says === "void");
    const crossed =
      deniesItself(this.#match, subject.game) ||
      scoresCross(this.#match, subject.game, this.#mover.cause.at, this.#config);
    const frozen = hasFrozen(this.#match, subject.game);
    if (this.#isOverruled(subject))
      this.#takenBack.set(subject.game, { on: "correction", says: subject.verdict.winner! });
    this.#settle(subject, judgement, { frozen, voided, broken: false, crossed });
  }

  /** Whether a result only followed from words about other games that no longer hold. */
  #isOverruled({ game, verdict }: SubjectRecord): boolean {
    if (!isDecided(verdict)) return false;
    return this.#match.sources.some((source) => counts(source) && isOverruled(this.#match, source, game));
  }

  #judgeSeries(): void {
    const subject = this.#match.subjects[0]!;
    const claims = claimSet(this.#match, 0, this.#config);
    const direct = this.#rule.judge(claims, this.#config);
    const judgement = judgeSeries(this.#match, claims, direct);
    const voided = judgement.leader === "void" || claims.statements.some((each) => each.says === "void");
    const gameDisputed = this.#match.subjects.some(
      ({ game, verdict }) => game > 0 && verdict.status === "disputed",
    );
    const frozen = gameDisputed || hasFrozen(this.#match, 0);
    if (this.#retracted !== undefined && !this.#takenBack.has(0) && subject.verdict.winner !== undefined) {
      this.#takenBack.set(0, { on: this.#retracted, says: subject.verdict.winner });
    }
    this.#settle(subject, judgement, {
      frozen,
      voided,
      broken: this.#disputed,
      crossed: deniesItself(this.#match, 0),
    });
  }

  #settle(
    subject: SubjectRecord,
    judgement: Judgement,
    about: {
      readonly frozen: boolean;
      readonly voided: boolean;
      readonly broken: boolean;
      readonly crossed: boolean;
    },
  ): void {
    switch (subject.verdict.status) {
      case "scheduled":
      case "live":
      case "paused":
        if (this.#decide(subject, judgement)) return;
        this.#contest(
          subject,
          judgement,
          about.crossed || (judgement.contradicted && judgement.level === "none"),
        );
        return;
      case "disputed":
        if (this.#decide(subject, judgement)) return;
        if (about.crossed || judgement.contradicted || judgement.level !== "none" || about.frozen) {
          this.#mover.evidence(subject, heldBy(judgement));
        } else this.#mover.move(subject, "reopen", heldBy(judgement));
        return;
      case "effectively_final":
      case "final":
        this.#hold(subject, judgement, about.broken);
        return;
      case "void":
        this.#holdVoid(subject, judgement, about.voided || about.frozen);
        return;
      case "retracted":
      case "not_played":
        return;
    }
  }

  /** Leaves an undecided or disputed state when the evidence suffices. */
  #decide(subject: SubjectRecord, judgement: Judgement): boolean {
    if (judgement.level === "none" || judgement.leader === undefined || this.#timed) return false;
    if (judgement.leader === "void") this.#mover.move(subject, "void", heldBy(judgement));
    else this.#mover.move(subject, judgement.level === "final" ? "final" : "effective", heldBy(judgement));
    return true;
  }

  /** Waits out a contradiction; what outlasts the grace is disputed. */
  #contest(subject: SubjectRecord, judgement: Judgement, contested: boolean, held = heldBy(judgement)): void {
    if (!contested) {
      this.#mover.clear(subject, "dispute");
      this.#mover.evidence(subject, held);
      return;
    }
    if (subject.graceDue === null) this.#mover.set(subject, "dispute");
    if (!this.#isDue(subject.graceDue)) this.#mover.evidence(subject, held);
    else this.#dispute(subject, judgement, "contradiction outlasted the grace");
  }

  #isDue(due: SubjectRecord["waitDue"]): boolean {
    return due !== null && this.#mover.cause.at >= due;
  }

  #dispute(subject: SubjectRecord, judgement: Judgement, why: string): void {
    if (subject.game > 0) this.#disputed = true;
    this.#mover.move(subject, "contradiction", heldBy(judgement), `${why}: ${this.#mover.cause.reason}`);
  }

  /** Keeps a result, raises it, or gives it up. */
  #hold(subject: SubjectRecord, judgement: Judgement, broken: boolean): void {
    const { verdict } = subject;
    const winner = verdict.winner!;
    const stands = judgement.leader === winner && judgement.level !== "none";
    const unsaid = this.#takenBack.get(subject.game);
    const lowered = verdict.status === "final" && judgement.level !== "final";
    if (stands && judgement.level === "final" && verdict.status === "effectively_final" && !this.#timed) {
      this.#mover.move(subject, "final", heldBy(judgement));
    } else if (stands && !(unsaid?.says === winner && lowered)) {
      this.#mover.clear(subject, "dispute");
      this.#mover.evidence(subject, heldBy(judgement));
      if (this.#isDue(subject.waitDue) && !subject.verdict.singleSource) {
        const why = "no second upstream within max_wait_ms";
        this.#mover.move(subject, "wait_expired", { singleSource: true }, why);
      }
    } else if (unsaid?.says === winner) {
      this.#retract(subject, unsaid.on);
    } else if (judgement.logOdds[oddsIndex(winner)] < -EVEN) {
      this.#dispute(subject, judgement, "the evidence outweighs the verdict");
    } else if (broken) {
      this.#dispute(subject, judgement, "a game that it rests on is disputed");
    } else {
      const posterior = logistic(judgement.logOdds[oddsIndex(winner)]);
      const { forfeit, sources } = verdict;
      this.#contest(subject, judgement, true, { winner, posterior, forfeit, sources });
    }
  }

  #holdVoid(subject: SubjectRecord, judgement: Judgement, claimed: boolean): void {
    const unsaid = this.#takenBack.get(subject.game);
    if (judgement.leader === "void" && judgement.level !== "none") {
      this.#mover.clear(subject, "dispute");
      this.#mover.evidence(subject, heldBy(judgement));
    } else if (unsaid?.says === "void" || !claimed) {
      this.#retract(subject, unsaid?.on ?? "correction");
    } else if (judgement.logOdds[2] < -EVEN) {
      this.#dispute(subject, judgement, "the evidence outweighs the cancellation");
    } else {
      this.#contest(subject, judgement, true);
    }
  }

  /** Takes a result back: `retracted`, then at once where the subject was before. */
  #retract(subject: SubjectRecord, on: Retraction): void {
    if (subject.game > 0) this.#retracted = on;
    this.#takenBack.delete(subject.game);
    this.#mover.move(subject, on, NOTHING);
    this.#mover.move(subject, "restore", NOTHING);
  }

  /** What the series' end means for games that were not decided. */
  #cascade(): void {
    const series = this.#match.subjects[0]!.verdict;
    if (series.status === "void") return;
    if (series.status === "disputed") {
      // Whether it took more games is open, but what is being played is.
      for (const subject of this.#match.subjects)
        if (subject.verdict.status === "not_played" && isBegun(this.#match, subject.game))
          this.#reopen(subject);
      return;
    }
    const last = lastPlayed(this.#match);
    for (const subject of this.#match.subjects) {
      if (subject.game === 0) continue;
      const { status } = subject.verdict;
      const unplayed = last !== undefined && subject.game > last;
      // Play that nobody speaks of any more was none.
      const shown = (status === "live" || status === "paused") && isBegun(this.#match, subject.game);
      if (unplayed && isOpen(subject.verdict) && !shown) {
        this.#mover.move(subject, "not_played", NOTHING, "the series is decided without it");
      }
      if (!unplayed && status === "not_played") this.#reopen(subject);
    }
  }

  /** The series is open again, and this game with it; play that was reported meanwhile counts now. */
  #reopen(subject: SubjectRecord): void {
    this.#mover.move(subject, "reopen", NOTHING);
    if (isBegun(this.#match, subject.game)) this.#mover.move(subject, "start", {});
  }

  #play(subject: SubjectRecord, on: PlayInput, source: SourceId): void {
    const { status } = subject.verdict;
    if (on === "postpone" || on === "reinstate") {
      this.#putOff(subject, on);
      return;
    }
    const now = status === "disputed" ? subject.last : status;
    let input: "start" | "pause" | "resume" | "end";
    if (on === "begun" || on === "start") {
      const own = on === "start" && subject.pausedBy === source;
      const again = now === "paused" && (own || subject.putOffFrom !== null);
      if (now !== "scheduled" && !again) return;
      input = "start";
    } else {
      input = on;
    }
    if (input === "pause" || input === "end") subject.pausedBy = now === "live" ? source : subject.pausedBy;
    if (status !== "disputed") {
      if (isOpen(subject.verdict)) this.#mover.move(subject, input, {});
      return;
    }
    const target = truthTarget(subject.last, input, subject.last);
    if (target === "live" || target === "paused") subject.last = target;
  }

  /** The series is put off, or on again: then it is where it was. */
  #putOff(subject: SubjectRecord, on: "postpone" | "reinstate"): void {
    const { status } = subject.verdict;
    if (status !== "scheduled" && status !== "live" && status !== "paused") return;
    if (on === "postpone") {
      subject.putOffFrom ??= status;
      this.#mover.move(subject, on, {});
    } else if (subject.putOffFrom !== null && !isPutOff(this.#match)) {
      subject.last = subject.putOffFrom;
      this.#mover.move(subject, on, {});
      subject.putOffFrom = null;
    }
  }

  /** Play was taken back: what was shown of it goes, and whoever acted on it is told. */
  #unplay(subject: SubjectRecord, on: Retraction): void {
    subject.progress = {};
    subject.setBackBy = null;
    subject.fellBehind = false;
    if (on === "remake") subject.curve = null;
    const { status } = subject.verdict;
    const told = this.#mover.changes.some(
      (change) => (change.game ?? 0) === subject.game && change.kind === "revised",
    );
    const shown = status === "live" || status === "paused" || status === "disputed";
    if (shown && !told) this.#mover.move(subject, on, {});
  }
}
