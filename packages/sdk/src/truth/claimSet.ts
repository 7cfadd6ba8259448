import type { Team } from "../events/index.ts";
import { accuracyOf, type TruthConfig } from "./config.ts";
import type { ClaimSet, Outcome3, Statement } from "./claims.ts";
import { winsNeeded } from "./models/series.ts";
import { counts, isDecided, isOpen, type MatchRecord, type SourceRecord, type StatedEnd } from "./records.ts";

/** What a source's words come to for one subject. */
export interface Meaning {
  readonly end: StatedEnd;
  /** Whether it is a result statement, rather than read from a score. */
  readonly stated: boolean;
}

function says(record: SourceRecord, end: Outcome3, order: number): StatedEnd {
  return { says: end, forfeit: false, tier: record.tier, upstream: record.upstream, order };
}

/**
 * Who won a game by a source's score of the series, where the score leaves one answer: it counts the games up to its sum,
 * and what the other decided ones do not explain must be this game's.
 */
function byScore(match: MatchRecord, record: SourceRecord, game: number): Meaning | undefined {
  if (record.score === null) return undefined;
  const left: [number, number] = [...record.score.maps];
  if (game > left[0] + left[1]) return undefined;
  for (let other = 1, played = left[0] + left[1]; other <= played; other++) {
    const verdict = match.subjects[other]?.verdict;
    if (other === game || verdict === undefined) continue;
    if (isDecided(verdict) && verdict.winner !== undefined) left[verdict.winner] -= 1;
  }
  if (left[0] < 0 || left[1] < 0 || left[0] > 0 === left[1] > 0) return undefined;
  return { end: says(record, left[0] > 0 ? 0 : 1, record.score.order), stated: false };
}

/** A series win says who won the deciding game, once all others are decided and even. In a best of one it always does. */
function byDecider(match: MatchRecord, record: SourceRecord, game: number): Meaning | undefined {
  const series = record.ends[0];
  if (series === null || series === undefined || series.forfeit) return undefined;
  if (series.says === "open" || series.says === "void" || game !== match.match.bestOf) return undefined;
  const maps: [number, number] = [0, 0];
  for (let other = 1; other < game; other++) {
    const { verdict } = match.subjects[other]!;
    if (!isDecided(verdict) || verdict.winner === undefined) return undefined;
    maps[verdict.winner] += 1;
  }
  return maps[0] === maps[1] ? { end: series, stated: true } : undefined;
}

/** A score that reaches the majority says who won the series. */
function seriesByScore(match: MatchRecord, record: SourceRecord): Meaning | undefined {
  if (record.score === null) return undefined;
  const needed = winsNeeded(match.match.bestOf);
  const team = ([0, 1] as const).find((each: Team) => record.score!.maps[each] >= needed);
  return team === undefined ? undefined : { end: says(record, team, record.score.order), stated: false };
}

/** What a source says, or shows by a score, of a subject's end (0 is the series). */
export function meaning(match: MatchRecord, record: SourceRecord, game: number): Meaning | undefined {
  const end = record.ends[game];
  if (end !== null && end !== undefined) return { end, stated: true };
  if (game === 0) return seriesByScore(match, record);
  return byScore(match, record, game) ?? byDecider(match, record, game);
}

/**
 * Whether a game can have ended by the order of play: all before it are over, or a score counts them. Until then results of
 * it wait without a vote; once it is decided, doubts about earlier games do not undo it.
 */
export function inOrder(match: MatchRecord, game: number): boolean {
  const own = match.subjects[game]!.verdict;
  if (!isOpen(own) && own.status !== "void") return true;
  for (let earlier = 1; earlier < game; earlier++) {
    if (isOpen(match.subjects[earlier]!.verdict)) {
      return match.sources.some(
        (record) =>
          counts(record) &&
          record.tier !== "C" &&
          record.score !== null &&
          record.score.maps[0] + record.score.maps[1] >= game - 1,
      );
    }
  }
  return true;
}

function statement(record: SourceRecord, { end, stated }: Meaning, config: TruthConfig): Statement {
  return {
    source: record.source,
    tier: end.tier,
    upstream: end.upstream,
    accuracy: accuracyOf(config, record.source, end.tier),
    says: end.says,
    forfeit: end.forfeit,
    stated,
    order: end.order,
  };
}

/** Everything that counts about a subject's end (0 is the series). */
export function claimSet(match: MatchRecord, game: number, config: TruthConfig): ClaimSet {
  const { matchId } = match.match;
  const subject = match.subjects[game]!;
  const about = game === 0 ? { matchId } : { matchId, game };
  if (subject.verdict.status === "not_played" || (game > 0 && !inOrder(match, game)))
    return { ...about, statements: [] };
  const statements: Statement[] = [];
  const voids: Statement[] = [];
  for (const record of match.sources) {
    if (!counts(record)) continue;
    const found = meaning(match, record, game);
    if (found !== undefined) {
      statements.push(statement(record, found, config));
      continue;
    }
    const series = record.ends[0];
    if (game > 0 && series?.says === "void")
      voids.push(statement(record, { end: series, stated: true }, config));
  }
  // A cancelled match takes the games with it that nobody says were played to an end.
  const played = statements.some((each) => each.says !== "open");
  return {
    ...about,
    statements: played || isDecided(subject.verdict) ? statements : [...statements, ...voids],
  };
}

/** Whether a source that does not count at present had said how the subject ended. */
export function hasFrozen(match: MatchRecord, game: number): boolean {
  return match.sources.some((record) => {
    const end = record.ends[game];
    return !counts(record) && end !== null && end !== undefined && end.says !== "open";
  });
}
