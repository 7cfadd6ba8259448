import type { Title } from "../../events/index.ts";

/**
 * Pseudo-counts of a Beta prior of the chance that a team wins a map of a match, per title: the smaller, the more one map
 * tells of the next. CS2: the winner of the first map won the second in .559 of 3,811 matches (2023-2026), which is the
 * mean of Beta(3.7, 3.7) after one map.
 */
const PRIOR_MAPS: Readonly<Partial<Record<Title, number>>> = { cs2: 3.7 };

/**
 * Chance of winning the next map of a match for a team that has won and lost so many of it, when nothing else is known: the
 * teams' strength shows in the maps before. A half for titles where that was not measured.
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
