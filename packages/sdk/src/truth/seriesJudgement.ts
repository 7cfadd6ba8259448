import { logistic, logit } from "../units/index.ts";
import type { Team } from "../events/index.ts";
import type { SourceId } from "../ids.ts";
import type { ClaimSet, Judgement, Outcome3 } from "./claims.ts";
import { winsNeeded } from "./models/series.ts";
import { counts, isDecided, mapsWon, type MatchRecord, type SubjectRecord } from "./records.ts";

/** What the decided games say of the series. */
interface ByMaps {
  readonly outcome: Outcome3;
  readonly level: "effective" | "final";
  readonly posterior: number;
  readonly sources: readonly SourceId[];
}

/** A posterior is never so sure that its log-odds are infinite. */
const NEAR_ONE = 1 - 1e-12;

function strongestFirst(a: SubjectRecord, b: SubjectRecord): number {
  if (a.verdict.status !== b.verdict.status) return a.verdict.status === "final" ? -1 : 1;
  return b.verdict.posterior - a.verdict.posterior || a.game - b.game;
}

function union(lists: readonly (readonly SourceId[])[]): SourceId[] {
  return [...new Set(lists.flat())].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
}

function byMaps(match: MatchRecord): ByMaps | undefined {
  const { bestOf } = match.match;
  const games = match.subjects.slice(1);
  const needed = winsNeeded(bestOf);
  const maps = mapsWon(match);
  const winner = ([0, 1] as const).find((team: Team) => maps[team] >= needed);
  if (winner !== undefined) {
    // The weakest of the wins that it takes, the strongest of them chosen.
    const won = games
      .filter(({ verdict }) => isDecided(verdict) && verdict.winner === winner)
      .sort(strongestFirst)
      .slice(0, needed);
    return {
      outcome: winner,
      level: won.every(({ verdict }) => verdict.status === "final") ? "final" : "effective",
      posterior: won.reduce((least, { verdict }) => Math.min(least, verdict.posterior), 1),
      sources: union(won.map(({ verdict }) => verdict.sources)),
    };
  }
  const all = games.slice(0, bestOf);
  if (all.length === 0 || !all.every(({ verdict }) => verdict.status === "final")) return undefined;
  return {
    outcome: "void",
    level: "final",
    posterior: all.reduce((least, { verdict }) => Math.min(least, verdict.posterior), 1),
    sources: union(all.map(({ verdict }) => verdict.sources)),
  };
}

/** Games that the maps leave unplayed although a counting source reports play of them. */
function playedBeyond(match: MatchRecord): boolean {
  let last = 0;
  for (const { game, verdict } of match.subjects) if (game > 0 && isDecided(verdict)) last = game;
  return match.sources.some(
    (record) =>
      counts(record) && record.tier !== "C" && record.started.some((started, game) => started && game > last),
  );
}

/** Whether the games ahead of this one decide the series: by the format it cannot have been played. */
export function isBeyond(match: MatchRecord, game: number): boolean {
  return Math.max(...mapsWon(match, game)) >= winsNeeded(match.match.bestOf);
}

const INDEX: Readonly<Record<"0" | "1" | "void", 0 | 1 | 2>> = { "0": 0, "1": 1, void: 2 };

/** The place of an outcome in {@link Judgement.logOdds}. */
export function oddsIndex(outcome: Outcome3): 0 | 1 | 2 {
  return INDEX[outcome];
}

function contradiction(maps: ByMaps, direct: Judgement): Judgement {
  const index = oddsIndex(maps.outcome);
  const forMaps = logit(Math.min(maps.posterior, NEAR_ONE));
  const logOdds = direct.logOdds.map((odds, each) => (each === index ? odds + forMaps : odds - forMaps)) as [
    number,
    number,
    number,
  ];
  const claimed = direct.leader ?? maps.outcome;
  const leader = logOdds[index] >= logOdds[oddsIndex(claimed)] ? maps.outcome : claimed;
  return {
    leader,
    level: "none",
    posterior: logistic(logOdds[oddsIndex(leader)]),
    logOdds,
    contradicted: true,
    forfeit: false,
    sources: leader === maps.outcome ? maps.sources : direct.sources,
  };
}

/**
 * Judges the series by claims about it and by its games. Maps decide it even without a claim, with the weaker status of
 * those that it takes; a claim that says otherwise than the maps is a contradiction, however strong either is.
 */
export function judgeSeries(match: MatchRecord, claims: ClaimSet, direct: Judgement): Judgement {
  const maps = byMaps(match);
  if (maps === undefined) return direct;
  const index = oddsIndex(maps.outcome);
  const forMaps = logit(Math.min(maps.posterior, NEAR_ONE));
  // A disqualification does not rest on maps: as a final result it overturns what they say.
  const overturned = direct.level === "final" && direct.forfeit && direct.leader !== maps.outcome;
  if (overturned) return direct;
  if (playedBeyond(match)) return contradiction(maps, direct);
  const claimed = claims.statements.some((each) => each.tier !== "C" && each.says !== "open");
  const agrees = direct.leader === maps.outcome && (direct.level !== "none" || !direct.contradicted);
  if (claimed && !agrees) return contradiction(maps, direct);
  const logOdds: [number, number, number] = [...direct.logOdds];
  logOdds[index] = claimed ? Math.max(forMaps, logOdds[index]) : forMaps;
  return {
    leader: maps.outcome,
    level: maps.level === "final" || (agrees && direct.level === "final") ? "final" : "effective",
    posterior: logistic(logOdds[index]),
    logOdds,
    contradicted: agrees && direct.contradicted,
    forfeit: agrees && direct.forfeit,
    sources: agrees ? union([maps.sources, direct.sources]) : maps.sources,
  };
}

/** Whether a source that decides gives a game by default. */
function isGiven(match: MatchRecord, game: number): boolean {
  return match.sources.some(
    (source) => counts(source) && source.tier !== "C" && source.ends[game]?.forfeit === true,
  );
}

/**
 * The last game that the series took, when that is known: its maps explain the result, or it ended by forfeit. A bare claim
 * that the series is won does not say which games were played.
 */
export function lastPlayed(match: MatchRecord): number | undefined {
  const series = match.subjects[0]!.verdict;
  if (!isDecided(series) || series.winner === undefined) return undefined;
  const games = match.subjects.slice(1);
  if (mapsWon(match)[series.winner] >= winsNeeded(match.match.bestOf)) {
    return games.reduce((last, { game, verdict }) => (isDecided(verdict) ? game : last), 0);
  }
  if (!series.forfeit) return undefined;
  return games.reduce(
    (last, { game, verdict: { status } }) =>
      (status === "scheduled" || status === "not_played") && !isGiven(match, game) ? last : game,
    0,
  );
}
