/** Wins that decide a series of at most `bestOf` games. */
export function winsNeeded(bestOf: number): number {
  return Math.floor(bestOf / 2) + 1;
}

/**
 * Probability that team 0 wins a series: the exact recursion P = m * P(next | won) + (1 - m) * P(next | lost), carried
 * forward over the games in the order of play.
 *
 * @param bestOf games at most
 * @param games team 0's probability in each game: 1 or 0 for a decided one, `undefined` for one that counts for nobody
 *   (void); games beyond the list are even
 * @returns the probability; a series that ends without a majority counts half, as markets pay it
 *
 * @example
 * ```ts
 * import { seriesWinProbability } from "@matchpoint/sdk";
 * seriesWinProbability(3, [1, 0.6, 0.6]); // 0.84
 * ```
 */
export function seriesWinProbability(bestOf: number, games: readonly (number | undefined)[]): number {
  const needed = winsNeeded(bestOf);
  let won = 0;
  // open[w] is the probability of w wins with the series undecided after the games so far; losses are the rest.
  let open: number[] = [1];
  let counted = 0;
  for (let index = 0; index < bestOf; index++) {
    const p = index < games.length ? games[index] : 0.5;
    if (p === undefined) continue;
    counted += 1;
    const next: number[] = Array.from({ length: counted + 1 }, () => 0);
    for (let wins = 0; wins < counted; wins++) {
      const mass = open[wins]!;
      if (mass === 0) continue;
      if (wins + 1 === needed) won += mass * p;
      else next[wins + 1]! += mass * p;
      if (counted - wins < needed) next[wins]! += mass * (1 - p);
    }
    open = next;
  }
  const undecided = open.reduce((sum, mass) => sum + mass, 0);
  return Math.min(1, won + undecided / 2);
}
