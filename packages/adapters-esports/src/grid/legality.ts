import type { Team, Title } from "@matchpoint/sdk";

/** Rounds that win a map in CS2 (MR12) and Valorant, without overtime. */
const ROUNDS_TO_WIN = 13;

/**
 * Whether a game was won without being played out. GRID has no event for a forfeit: it shows as a win without a legal
 * score, or of a game that never started. Only rounds are judged; kills (LoL, Dota 2) say nothing about who won.
 *
 * @param round number of the last round that started, to tell a score that was never stated from a score of 0-0
 */
export function isForfeit(
  title: Title,
  started: boolean,
  score: readonly [number, number] | undefined,
  round: number | undefined,
  winner: Team,
): boolean {
  if (!started) return true;
  if (score === undefined || (title !== "cs2" && title !== "valorant")) return false;
  if (score[0] + score[1] < (round ?? 1) - 1) return false;
  const won = score[winner];
  const lost = score[winner === 0 ? 1 : 0];
  return won < ROUNDS_TO_WIN || won <= lost;
}

/** Whether a series was won with fewer maps than its format demands. */
export function isSeriesForfeit(bestOf: number, mapsWon: number): boolean {
  return mapsWon < Math.ceil(bestOf / 2);
}
