import type { GameProgress, MatchClaim, SourceEvent } from "../events/index.ts";
import type { Outcome3 } from "./claims.ts";
import { bearing, inOrder, meaning } from "./claimSet.ts";
import { denialOf, isDenied } from "./denial.ts";
import { winsNeeded } from "./models/series.ts";
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
import { counts, played, type MatchRecord, type SourceRecord } from "./records.ts";
import { postpone } from "./postponement.ts";
import {
  isTeam,
  retract,
  takeBackGame,
  unvoid,
  type PlayInput,
  type Recorded,
  type Retraction,
} from "./takeBack.ts";
import { TITLE_RULES } from "./titleRules.ts";

const RETRACTIONS: readonly Retraction[] = ["rollback", "remake", "correction"];

function blank(): Recorded {
  return {
    plays: [],
    takenBack: [],
    wiped: [],
    progressOf: undefined,
    judge: false,
    unsaid: false,
    violation: undefined,
    duplicate: false,
    first: false,
    contradiction: false,
  };
}

function isGame(match: MatchRecord, game: unknown): game is number {
  return Number.isInteger(game) && (game as number) >= 1 && (game as number) < match.subjects.length;
}

/** Play moves a match only by the word of a source that counts, and never by tier C. */
function play(source: SourceRecord, game: number, on: PlayInput, out: Recorded): void {
  if (source.tier === "C" || !counts(source)) return;
  if (game > 0) out.plays.push({ game: 0, on: on === "start" ? "start" : "begun" });
  if (on !== "start" && on !== "begun") out.plays.push({ game, on: "begun" });
  out.plays.push({ game, on });
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
  // What its scores showed counts as said: the result corrects it.
  const shown = end?.says ?? meaning(match, source, game)?.end.says;
  if (shown !== undefined && shown !== "open" && shown !== says)
    takeBackGame(match, source, game, "correction", out);
  match.order += 1;
  source.ends[game] = {
    says,
    forfeit,
    tier: source.tier,
    upstream: source.upstream,
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

function score(
  match: MatchRecord,
  source: SourceRecord,
  maps: readonly [number, number],
  out: Recorded,
): void {
  const { bestOf } = match.match;
  const needed = winsNeeded(bestOf);
  // The pair comes from a feed: its type is a claim.
  const stated: readonly number[] = Array.isArray(maps) ? maps : [];
  const counted = stated.length === 2 && stated.every((each) => Number.isInteger(each) && each >= 0);
  if (!counted || maps[0] > needed || maps[1] > needed || maps[0] + maps[1] > bestOf) {
    out.violation = "a series score that the format does not allow";
    return;
  }
  const apart = source.scores.map((known) => [maps[0] - known.maps[0], maps[1] - known.maps[1]] as const);
  if (apart.some(([first, second]) => first === 0 && second === 0)) {
    out.duplicate = true;
    return;
  }
  if (apart.some(([first, second]) => first * second < 0)) {
    out.violation = "a series score that does not follow from the ones before; it is not taken";
    return;
  }
  if (apart.some(([first, second]) => first + second < 0)) {
    out.violation = "the series score fell without a retraction; it is taken as an earlier one";
    // Unless somebody else has taken back a game that it no longer counts: then this is how the source says so.
    for (let game = played(source.scores.at(-1)); game > maps[0] + maps[1]; game--) {
      if (isDenied(match, source, game)) takeBackGame(match, source, game, "rollback", out);
    }
  }
  match.order += 1;
  source.scores.push({ maps: [maps[0], maps[1]], order: match.order, at: source.spokeAt });
  source.scores.sort((a, b) => played(a) - played(b));
  out.judge = true;
  if (maps[0] + maps[1] > 0) play(source, 0, "begun", out);
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
      const known = source.refs[claim.game] ?? null;
      unvoid(match, source, out);
      if (
        claim.ref !== undefined &&
        known !== null &&
        known !== claim.ref &&
        isTeam(source.ends[claim.game]?.says)
      ) {
        retract(match, source, claim.game, "remake", out);
      }
      source.started[claim.game] = true;
      if (claim.ref !== undefined) source.refs[claim.game] = claim.ref;
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
      score(match, source, claim.maps, out);
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
