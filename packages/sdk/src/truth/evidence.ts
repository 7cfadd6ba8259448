import type { GameProgress, MatchClaim, SourceEvent } from "../events/index.ts";
import type { Outcome3 } from "./claims.ts";
import { bearing, inOrder, meaning } from "./claimSet.ts";
import { denialOf } from "./denial.ts";
import {
  carry,
  changesSides,
  fellBack,
  illegalProgress,
  progressFault,
  sameProgress,
  tidy,
  without,
} from "./progress.ts";
import type { MatchRecord, SourceRecord } from "./records.ts";
import { postpone } from "./postponement.ts";
import { takeScore } from "./seriesScore.ts";
import {
  blank,
  isTeam,
  play,
  retract,
  takeBackGame,
  unvoid,
  type Recorded,
  type Retraction,
} from "./takeBack.ts";
import { TITLE_RULES } from "./titleRules.ts";

const RETRACTIONS: readonly Retraction[] = ["rollback", "remake", "correction"];

function isGame(match: MatchRecord, game: unknown): game is number {
  return Number.isInteger(game) && (game as number) >= 1 && (game as number) < match.subjects.length;
}

function stateEnd(
  match: MatchRecord,
  source: SourceRecord,
  game: number,
  says: Outcome3,
  forfeit: boolean,
  out: Recorded,
): void {
  const end = source.ends[game] ?? null;
  if (end?.says === says && end.forfeit === forfeit) {
    out.duplicate = true;
    return;
  }
  const others = match.sources.filter((other) => other !== source).map((other) => other.ends[game] ?? null);
  const standing = others.filter((other) => other !== null && other.says !== "open");
  out.first = standing.length === 0 && (end === null || end.says === "open");
  out.contradiction = standing.some((other) => other!.says !== says && other!.upstream !== source.upstream);
  const repeats = end?.says === says;
  // A winner that its scores showed, maybe after it had taken an earlier one back, counts as said: the result corrects it.
  const silent = end === null || end.says === "open";
  const read = silent ? meaning(match, source, game)?.end.says : end.says;
  const was = silent && !isTeam(read) ? undefined : read;
  if (was !== undefined && was !== says) takeBackGame(match, source, game, "correction", out);
  match.order += 1;
  source.ends[game] = {
    says,
    forfeit,
    tier: source.tier,
    upstream: source.upstream,
    ...(end?.says === "open" || (repeats && end.again === true) ? { again: true } : {}),
    order: repeats ? end.order : (denialOf(match, source, game, says, source.spokeAt) ?? match.order),
  };
  const claimed = source.claimed[game] ?? [];
  if (!claimed.includes(says)) source.claimed[game] = [...claimed, says];
  out.judge = true;
  if (game > 0 && !forfeit) {
    source.started[game] = true;
    play(source, 0, "begun", out);
  }
  const borne = bearing(match, source, game);
  if (borne === "denied") out.violation = "the source's own score names another end; it has no vote";
  if (borne === "short") out.violation = "the source's own score does not bear it out";
  if (game > 0 && !inOrder(match, game)) {
    out.violation = `result of game ${game} before the games ahead of it; it waits`;
  }
}

/** The source says that the match will not be held. */
function cancel(match: MatchRecord, source: SourceRecord, out: Recorded): void {
  source.postponedAt = null;
  stateEnd(match, source, 0, "void", false, out);
}

/** A postponement that stands for longer than the rules allow is a cancellation. */
export function cancelPostponed(match: MatchRecord, source: SourceRecord): Recorded {
  const out = blank();
  cancel(match, source, out);
  return out;
}

function progress(
  match: MatchRecord,
  source: SourceRecord,
  event: SourceEvent,
  claim: Extract<MatchClaim, { kind: "game_progress" }>,
  out: Recorded,
): void {
  const { game } = claim;
  const { rounds: rules } = TITLE_RULES[match.match.title];
  const before = source.progress[game]?.value ?? {};
  let fault = progressFault(claim.progress);
  const stated = fault === undefined ? tidy(claim.progress) : {};
  const back = fellBack(before, stated, rules);
  const earlier = back === undefined ? before : {};
  let value: GameProgress = { ...carry(earlier, stated, rules), ...stated };
  if (rules !== undefined) fault ??= illegalProgress(rules, earlier, value);
  if (fault !== undefined) {
    out.violation = fault;
    return;
  }
  unvoid(match, source, out);
  source.started[game] = true;
  play(source, game, "begun", out);
  if (source.tier === "C") return;
  if (back !== undefined) {
    out.unsaid = true;
    out.violation = `${back} without a retraction`;
  }
  if (rules !== undefined && changesSides(rules, earlier, value)) {
    out.violation = "the sides changed within a half";
    value = without(value, ["firstSide"]);
  }
  const said = meaning(match, source, game);
  match.order += 1;
  source.progress[game] = { value, at: event.at, order: match.order };
  out.duplicate = sameProgress(before, value);
  out.progressOf = game;
  if (rules !== undefined && !out.duplicate) weighScore(match, source, game, said, out);
}

/** Whether a source's score cannot be of the same game as another's: each has a team further on. */
function crosses(match: MatchRecord, source: SourceRecord, game: number): boolean {
  const own = source.progress[game]?.value.score;
  return match.sources.some((other) => {
    const theirs = other.progress[game]?.value.score;
    if (own === undefined || theirs === undefined) return false;
    return (own[0] - theirs[0]) * (own[1] - theirs[1]) < 0;
  });
}

/** What a new score does to what the source says of the end of the game. Most scores are rounds on the way and do nothing. */
function weighScore(
  match: MatchRecord,
  source: SourceRecord,
  game: number,
  before: ReturnType<typeof meaning>,
  out: Recorded,
): void {
  const was = before?.end.says;
  const is = meaning(match, source, game)?.end.says;
  const stated = source.ends[game]?.says;
  const { verdict, graceDue } = match.subjects[game]!;
  out.judge =
    was !== is ||
    isTeam(stated) ||
    graceDue !== null ||
    verdict.status === "disputed" ||
    crosses(match, source, game);
  if (isTeam(was) && is !== was && stated === undefined) {
    out.takenBack.push({ game, on: "rollback", says: was });
  }
  if (isTeam(stated) && bearing(match, source, game) === "denied") {
    out.violation = `its own result of game ${game} names the other team`;
  }
}

/** A game that comes under another id than before is played again, whether it had been won or was being played. */
function newGame(
  match: MatchRecord,
  source: SourceRecord,
  game: number,
  ref: string | undefined,
  out: Recorded,
): void {
  const known = source.refs[game] ?? null;
  const past = source.pastRefs[game] ?? null;
  if (ref === undefined || ref === known || (known !== null && ref === past)) return;
  const said = isTeam(source.ends[game]?.says) || (source.progress[game] ?? null) !== null;
  if (known !== null && said) retract(match, source, game, "remake", out);
  source.pastRefs[game] = known ?? past;
  source.refs[game] = ref;
}

/** What a source had reported of play while it did not count, when it counts again. */
export function resumed(source: SourceRecord): Recorded {
  const out = blank();
  out.judge = true;
  source.started.forEach((started, game) => {
    if (started) play(source, game, "begun", out);
  });
  return out;
}

/** Whether a claim gives a game by default in a series that was forfeited: that agrees with its not being played. */
function isGiven(match: MatchRecord, claim: MatchClaim): boolean {
  return claim.kind === "game_won" && claim.forfeit === true && match.subjects[0]!.verdict.forfeit;
}

/** The game that a claim is about; `undefined` for claims about the series or the source. */
function gameOf(claim: MatchClaim): number | undefined {
  return "game" in claim ? claim.game : undefined;
}

/** Whether a claim is a result of what is final already. */
export function isLate(match: MatchRecord, { claim }: SourceEvent): boolean {
  if (claim.kind !== "game_won" && claim.kind !== "series_won") return false;
  const subject = match.subjects[claim.kind === "game_won" ? claim.game : 0];
  return subject?.verdict.status === "final";
}

/** Puts a claim on its source's record and says what it asks of the machine. Bad claims change nothing. */
export function record(match: MatchRecord, source: SourceRecord, event: SourceEvent): Recorded {
  const out = blank();
  const { claim } = event;
  const game = gameOf(claim);
  if (game !== undefined && !isGame(match, game)) {
    out.violation = `the match has no game ${String(game)}`;
    return out;
  }
  if (
    game !== undefined &&
    match.subjects[game]!.verdict.status === "not_played" &&
    claim.kind !== "retracted" &&
    !isGiven(match, claim)
  ) {
    out.violation = `game ${game} is reported although the series was decided without it`;
    out.judge = true;
  }
  switch (claim.kind) {
    case "series_started":
      unvoid(match, source, out);
      play(source, 0, "start", out);
      break;
    case "game_started": {
      unvoid(match, source, out);
      newGame(match, source, claim.game, claim.ref, out);
      source.started[claim.game] = true;
      play(source, claim.game, "start", out);
      break;
    }
    case "game_paused":
      play(source, claim.game, "pause", out);
      break;
    case "game_resumed":
      unvoid(match, source, out);
      play(source, claim.game, "resume", out);
      break;
    case "game_ended":
      play(source, claim.game, "end", out);
      break;
    case "series_ended":
      play(source, 0, "end", out);
      break;
    case "game_progress":
      progress(match, source, event, claim, out);
      break;
    case "series_score":
      takeScore(match, source, claim.maps, out);
      break;
    case "game_won":
    case "series_won":
      if (isTeam(claim.winner)) stateEnd(match, source, game ?? 0, claim.winner, claim.forfeit === true, out);
      else out.violation = "the winner is neither team";
      break;
    case "cancelled":
      if (claim.reason === "postponed" && source.ends[0]?.says !== "void")
        postpone(match, source, event.at, out);
      else cancel(match, source, out);
      break;
    case "retracted":
      if (!RETRACTIONS.includes(claim.reason)) out.violation = "a retraction without a known reason";
      else retract(match, source, game, claim.reason, out);
      break;
    case "source_invalid":
      out.duplicate = source.invalid;
      source.invalid = true;
      out.judge = true;
      break;
    case "source_valid": {
      const duplicate = !source.invalid;
      source.invalid = false;
      return { ...resumed(source), duplicate };
    }
    default:
      out.violation = "a claim of an unknown kind";
  }
  return out;
}
