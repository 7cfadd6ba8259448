import type { Team } from "../events/index.ts";
import type { Outcome3 } from "./claims.ts";
import { meaning } from "./claimSet.ts";
import { reinstate } from "./postponement.ts";
import { counts, played, type MatchRecord, type SourceRecord } from "./records.ts";

/** Why something was taken back. */
export type Retraction = "rollback" | "remake" | "correction";

/** What can be reported of play. `begun`: it is known to have started. */
export type PlayInput = "begun" | "start" | "pause" | "resume" | "end" | "postpone" | "reinstate";

/** What a claim asks of the machine, after it was put on record. */
export interface Recorded {
  /** Play that was reported: subject (0 is the series) and input, in order. `begun`: it is known to have started. */
  readonly plays: { readonly game: number; readonly on: PlayInput }[];
  /** Results that the source had stated and states no longer. */
  readonly takenBack: { readonly game: number; readonly on: Retraction; readonly says: Outcome3 }[];
  /** Subjects whose play was taken back. */
  readonly wiped: { readonly game: number; readonly on: Retraction }[];
  /** Game whose progress has to be pooled again. */
  progressOf: number | undefined;
  /** Whether results have to be judged again. */
  judge: boolean;
  /** Whether the source states less of its progress than before, without a retraction. */
  unsaid: boolean;
  violation: string | undefined;
  duplicate: boolean;
  /** Whether a result was stated for the first time by any source. */
  first: boolean;
  /** Whether another upstream's standing result says otherwise. */
  contradiction: boolean;
}

/** A claim that asks for nothing. */
export function blank(): Recorded {
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

/** Whether a value from a feed is a team. */
export function isTeam(team: unknown): team is Team {
  return team === 0 || team === 1;
}

/** Play moves a match only by the word of a source that counts, and never by tier C. */
export function play(source: SourceRecord, game: number, on: PlayInput, out: Recorded): void {
  if (source.tier === "C" || !counts(source)) return;
  if (game > 0) out.plays.push({ game: 0, on: on === "start" ? "start" : "begun" });
  if (on !== "start" && on !== "begun") out.plays.push({ game, on: "begun" });
  out.plays.push({ game, on });
}

/** Scores without a game that was taken back, and the last one without its winner, when that is known. */
function shorten(source: SourceRecord, game: number, winner: Outcome3 | "open" | undefined): void {
  const last = source.scores.at(-1);
  if (last === undefined || played(last) < game) return;
  source.scores = source.scores.filter((score) => played(score) < game);
  if (game - 1 <= played(source.fell ?? undefined)) source.fell = null;
  if (game !== played(last) || !isTeam(winner) || last.maps[winner] === 0) return;
  const maps: [number, number] = [...last.maps];
  maps[winner] -= 1;
  if (played(source.scores.at(-1)) < game - 1) source.scores.push({ maps, order: last.order });
}

/** Whether another upstream has said, or taken back, the same: then it had been so. Else the source was wrong alone. */
function wasSo(match: MatchRecord, source: SourceRecord, game: number): boolean {
  const said = source.claimed[game] ?? [];
  return match.sources.some((other) => {
    if (other.upstream === source.upstream) return false;
    const end = other.ends[game];
    return (
      end?.says === "open" || end?.again === true || said.some((each) => other.claimed[game]?.includes(each))
    );
  });
}

/**
 * Drops what a source said of a subject's end; of a result there remains its denial of what was stated before.
 * @param so whether what it said had been so: then it was not wrong
 */
function takeBack(
  match: MatchRecord,
  source: SourceRecord,
  game: number,
  on: Retraction,
  out: Recorded,
  so = wasSo(match, source, game),
): void {
  const stated = source.ends[game]?.says;
  const said = isTeam(stated) || stated === "void" ? stated : meaning(match, source, game)?.end.says;
  const had = said !== undefined && said !== "open";
  const contested = match.sources.some((other) => {
    const theirs = other === source ? undefined : meaning(match, other, game)?.end.says;
    return theirs !== undefined && theirs !== "open";
  });
  if (had) out.takenBack.push({ game, on, says: said });
  if (on !== "correction" && so) source.claimed[game] = [];
  if (had || contested) {
    match.order += 1;
    source.ends[game] =
      source.tier === "C"
        ? null
        : {
            says: "open",
            forfeit: false,
            tier: source.tier,
            upstream: source.upstream,
            order: match.order,
            at: source.spokeAt,
            ...(had ? { denies: said } : {}),
          };
    out.judge = true;
  }
  shorten(source, game, said);
}

/**
 * A game taken back takes with it what its source said of the series, which rested on the game, and of other games what only
 * followed from that.
 */
export function takeBackGame(
  match: MatchRecord,
  source: SourceRecord,
  game: number,
  on: Retraction,
  out: Recorded,
): void {
  const before = match.subjects.map((each) => meaning(match, source, each.game)?.end.says);
  const so = wasSo(match, source, game);
  takeBack(match, source, game, on, out, so);
  const series = source.ends[0];
  if (isTeam(series?.says)) takeBack(match, source, 0, on, out, so);
  before.forEach((says, other) => {
    if (other === 0 || other === game || !isTeam(says)) return;
    if (meaning(match, source, other)?.end.says !== says) out.takenBack.push({ game: other, on, says });
  });
}

/** A source whose score of the series had fallen below a game by itself had heard before the one that takes it back in words. */
function follow(match: MatchRecord, source: SourceRecord, game: number, on: Retraction, out: Recorded): void {
  if (source.fell !== null && played(source.fell) < game) takeBackGame(match, source, game, on, out);
}

/** Play of the game is unsaid by everybody: who has not heard yet will say it anew or be behind. */
function wipe(match: MatchRecord, source: SourceRecord, game: number, on: Retraction, out: Recorded): void {
  source.started[game] = false;
  source.pastRefs[game] = source.refs[game] ?? source.pastRefs[game] ?? null;
  source.refs[game] = null;
  if (source.tier === "C") return;
  for (const other of match.sources) other.progress[game] = null;
  out.wiped.push({ game, on });
}

/** A source that reports play has no cancellation or postponement standing. */
export function unvoid(match: MatchRecord, source: SourceRecord, out: Recorded): void {
  source.postponedAt = null;
  // Who still says that it is put off has not heard yet.
  if (source.tier !== "C" && counts(source)) for (const other of match.sources) other.postponedAt = null;
  if (source.ends[0]?.says === "void") takeBack(match, source, 0, "correction", out);
}

/** Takes back a game, or without one the whole series. */
export function retract(
  match: MatchRecord,
  source: SourceRecord,
  game: number | undefined,
  on: Retraction,
  out: Recorded,
): void {
  if (game !== undefined) {
    takeBackGame(match, source, game, on, out);
    // Only the word of who decides takes back what others say.
    if (source.tier !== "C" && counts(source))
      for (const other of match.sources) if (other !== source) follow(match, other, game, on, out);
    wipe(match, source, game, on, out);
    return;
  }
  reinstate(source, out);
  for (let each = match.subjects.length - 1; each >= 0; each--) {
    takeBack(match, source, each, on, out);
    wipe(match, source, each, on, out);
  }
}
