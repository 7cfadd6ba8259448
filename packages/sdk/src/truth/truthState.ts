import type { TruthState } from "../state/index.ts";
import { isDecided, mapsWon, type MatchRecord } from "./records.ts";

/** The game being played: the latest that is, else the first that is not over. */
function currentGame(match: MatchRecord): number | undefined {
  const series = match.subjects[0]!.verdict;
  if (isDecided(series) || series.status === "void") return undefined;
  const games = match.subjects.slice(1);
  const played = games.findLast(({ verdict: { status } }) => status === "live" || status === "paused");
  const next = games.find(({ verdict: { status } }) => status === "scheduled" || status === "disputed");
  return (played ?? next)?.game;
}

/** The read-only view of a match's record. */
export function truthState(match: MatchRecord): TruthState {
  return {
    ...match.subjects[0]!.verdict,
    match: match.match,
    maps: mapsWon(match),
    games: match.subjects.slice(1).map(({ game, verdict, progress, curve }) => ({
      ...verdict,
      game,
      progress,
      ...(curve === null ? {} : { curve }),
    })),
    currentGame: currentGame(match),
    stale: match.stale,
    staleSource: match.staleSource ?? undefined,
    lastClaimAt: match.lastClaimAt,
  };
}
