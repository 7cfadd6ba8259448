import type { MatchClaim, SourceEvent, Team } from "../events/index.ts";
import type { Outcome3 } from "./claims.ts";
import { inOrder, meaning } from "./claimSet.ts";
import { winsNeeded } from "./models/series.ts";
import { fellBack, progressFault, sameProgress, tidy } from "./progress.ts";
import type { MatchRecord, SourceRecord } from "./records.ts";

/** Why something was taken back. */
export type Retraction = "rollback" | "remake" | "correction";

const RETRACTIONS: readonly Retraction[] = ["rollback", "remake", "correction"];

/** What a claim asks of the machine, after it was put on record. */
export interface Recorded {
  /** Play that was reported: subject (0 is the series) and input, in order. `begun`: it is known to have started. */
  readonly plays: { readonly game: number; readonly on: "begun" | "start" | "pause" | "resume" | "end" }[];
  /** Results that the source had stated and states no longer. */
  readonly takenBack: { readonly game: number; readonly on: Retraction; readonly says: Outcome3 }[];
  /** Subjects whose play was taken back. */
  readonly wiped: { readonly game: number; readonly on: Retraction }[];
  /** Game whose progress has to be pooled again. */
  progressOf: number | undefined;
  /** Whether results have to be judged again. */
  judge: boolean;
  violation: string | undefined;
  duplicate: boolean;
  /** Whether a result was stated for the first time by any source. */
  first: boolean;
  /** Whether another upstream's standing result says otherwise. */
  contradiction: boolean;
}

function blank(): Recorded {
  return {
    plays: [],
    takenBack: [],
    wiped: [],
    progressOf: undefined,
    judge: false,
    violation: undefined,
    duplicate: false,
    first: false,
    contradiction: false,
  };
}

function isGame(match: MatchRecord, game: unknown): game is number {
  return Number.isInteger(game) && (game as number) >= 1 && (game as number) < match.subjects.length;
}

function isTeam(team: unknown): team is Team {
  return team === 0 || team === 1;
}

/** A score without its last game, when it is known whose that was. */
function shorten(source: SourceRecord, game: number, winner: Outcome3 | "open" | undefined): void {
  if (source.score === null) return;
  const maps: [number, number] = [...source.score.maps];
  if (game === maps[0] + maps[1] && isTeam(winner) && maps[winner] > 0) {
    maps[winner] -= 1;
    source.score = { maps, order: source.score.order };
  } else if (game <= maps[0] + maps[1]) {
    source.score = null;
  }
}

/** Drops what a source said of a subject's end; of a result there remains its denial of what was stated before. */
function takeBack(
  match: MatchRecord,
  source: SourceRecord,
  game: number,
  on: Retraction,
  out: Recorded,
): void {
  const said = meaning(match, source, game)?.end.says;
  const had = said !== undefined && said !== "open";
  const contested = match.sources.some((other) => {
    const theirs = other === source ? undefined : meaning(match, other, game)?.end.says;
    return theirs !== undefined && theirs !== "open";
  });
  if (had) out.takenBack.push({ game, on, says: said });
  if (had || contested) {
    match.order += 1;
    source.ends[game] =
      source.tier === "C"
        ? null
        : { says: "open", forfeit: false, tier: source.tier, upstream: source.upstream, order: match.order };
    out.judge = true;
  }
  shorten(source, game, said);
}

/** A game taken back takes with it what its source said of the series: that rested on the game. */
function takeBackGame(
  match: MatchRecord,
  source: SourceRecord,
  game: number,
  on: Retraction,
  out: Recorded,
): void {
  takeBack(match, source, game, on, out);
  const series = source.ends[0];
  if (isTeam(series?.says)) takeBack(match, source, 0, on, out);
}

/** Play of the game is unsaid by everybody: who has not heard yet will say it anew or be behind. */
function wipe(match: MatchRecord, source: SourceRecord, game: number, on: Retraction, out: Recorded): void {
  source.started[game] = false;
  source.refs[game] = null;
  if (source.tier === "C") return;
  for (const other of match.sources) other.progress[game] = null;
  out.wiped.push({ game, on });
}

/** A source that reports play has no cancellation standing. */
function unvoid(match: MatchRecord, source: SourceRecord, out: Recorded): void {
  if (source.ends[0]?.says === "void") takeBack(match, source, 0, "correction", out);
}

function play(source: SourceRecord, game: number, on: Recorded["plays"][0]["on"], out: Recorded): void {
  if (source.tier === "C") return;
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
  if (end !== null && end.says !== "open" && !repeats) takeBackGame(match, source, game, "correction", out);
  match.order += 1;
  source.ends[game] = {
    says,
    forfeit,
    tier: source.tier,
    upstream: source.upstream,
    order: repeats ? end.order : match.order,
  };
  out.judge = true;
  if (game > 0 && !forfeit) source.started[game] = true;
  if (game > 0 && !inOrder(match, game))
    out.violation = `result of game ${game} before the games ahead of it; it waits`;
}

function progress(
  match: MatchRecord,
  source: SourceRecord,
  event: SourceEvent,
  claim: Extract<MatchClaim, { kind: "game_progress" }>,
  out: Recorded,
): void {
  const fault = progressFault(claim.progress);
  if (fault !== undefined) {
    out.violation = fault;
    return;
  }
  const { game } = claim;
  unvoid(match, source, out);
  source.started[game] = true;
  play(source, game, "begun", out);
  if (source.tier === "C") return;
  const stated = tidy(claim.progress);
  const before = source.progress[game]?.value ?? {};
  const back = fellBack(before, stated);
  if (back !== undefined) out.violation = `${back} without a retraction`;
  const value = back === undefined ? { ...before, ...stated } : stated;
  match.order += 1;
  source.progress[game] = { value, at: event.at, order: match.order };
  out.duplicate = sameProgress(before, value);
  out.progressOf = game;
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
  const before = source.score?.maps;
  if (before !== undefined && (maps[0] < before[0] || maps[1] < before[1])) {
    out.violation = "the series score fell without a retraction; it is not taken";
    return;
  }
  if (before?.[0] === maps[0] && before[1] === maps[1]) {
    out.duplicate = true;
    return;
  }
  match.order += 1;
  source.score = { maps: [maps[0], maps[1]], order: match.order };
  out.judge = true;
  if (maps[0] + maps[1] > 0) play(source, 0, "begun", out);
}

function retract(
  match: MatchRecord,
  source: SourceRecord,
  game: number | undefined,
  on: Retraction,
  out: Recorded,
): void {
  if (game !== undefined) {
    takeBackGame(match, source, game, on, out);
    wipe(match, source, game, on, out);
    return;
  }
  for (let each = match.subjects.length - 1; each >= 0; each--) {
    takeBack(match, source, each, on, out);
    wipe(match, source, each, on, out);
  }
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
    claim.kind !== "retracted"
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
      stateEnd(match, source, 0, "void", false, out);
      break;
    case "retracted":
      if (!RETRACTIONS.includes(claim.reason)) out.violation = "a retraction without a known reason";
      else retract(match, source, game, claim.reason, out);
      break;
    case "source_invalid":
    case "source_valid":
      out.duplicate = source.invalid === (claim.kind === "source_invalid");
      source.invalid = claim.kind === "source_invalid";
      out.judge = true;
      break;
    default:
      out.violation = "a claim of an unknown kind";
  }
  return out;
}
