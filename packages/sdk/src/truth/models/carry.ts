import type { Title } from "../../events/index.ts";
import type { TruthState } from "../../state/index.ts";
import type { OpenChance } from "./series.ts";

/**
 * Pseudo-counts of a Beta prior of the chance that a team wins a map of a match, per title: the smaller, the more one map
 * tells of the next. The winner of the first map won the second as well in
 *
 * - CS2: .559 of 3,811 matches (2023-2026, standard error .008): the mean of Beta(3.7, 3.7) after one map;
 * - Dota 2: .568 of 706 matches (2025-2026, .019): Beta(3.2, 3.2);
 * - LoL: .597 of 181 matches (2026, from quotes; .036) and Valorant: .516 of 93 (.052): too few to tell from CS2, which stands
 *   for both.
 */
const PRIOR_MAPS: Readonly<Record<Title, number | undefined>> = {
  cs2: 3.7,
  dota2: 3.2,
  lol: 3.7,
  valorant: 3.7,
  other: undefined,
};

/**
 * Chance of winning the next map of a match for a team that has won and lost so many of it, when nothing else is known: the
 * teams' strength shows in the maps before. A half for games of unknown title.
 *
 * @example
 * ```ts
 * import { carriedChance } from "@matchpoint/sdk";
 * carriedChance("cs2", 1, 0); // 0.5595...
 * ```
 */
export function carriedChance(title: Title, won: number, lost: number): number {
  const prior = PRIOR_MAPS[title];
  return prior === undefined ? 0.5 : (prior + won) / (2 * prior + won + lost);
}

/**
 * Chances in the games of a match that are still to come, by the games that were played; a game that was given up tells
 * nothing of strength.
 */
export function carryOf(state: TruthState): OpenChance {
  const [given, taken] = forfeits(state);
  return (won, lost) => carriedChance(state.match.title, Math.max(0, won - given), Math.max(0, lost - taken));
}

/** Games that team 0 has won and lost by playing. */
export function gamesPlayed(state: TruthState): readonly [won: number, lost: number] {
  const [given, taken] = forfeits(state);
  return [Math.max(0, state.maps[0] - given), Math.max(0, state.maps[1] - taken)];
}

function forfeits({ games }: TruthState): [won: number, lost: number] {
  const count: [number, number] = [0, 0];
  for (const { status, forfeit, winner } of games) {
    const decided = status === "final" || status === "effectively_final";
    if (decided && forfeit && winner !== undefined) count[winner] += 1;
  }
  return count;
}
