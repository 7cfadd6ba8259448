/** Wins that decide a series of at most `bestOf` games. */
export function winsNeeded(bestOf: number): number {
  return Math.floor(bestOf / 2) + 1;
}

/** Team 0's probability in a game of a series: 1 or 0 when decided, `open` when nothing is known, `undefined` when void. */
export type SeriesTerm = number | "open" | undefined;

/**
 * Probability that team 0 wins a series: the exact recursion P = m * P(next | won) + (1 - m) * P(next | lost), carried
 * forward over the games in the order of play.
 *
 * @param bestOf games at most
 * @param games team 0's probability in each game: 1 or 0 for a decided one, `undefined` for one that counts for nobody
 *   (void), `open` for one of which nothing is known; games beyond the list are open
 * @param openChance chance in an open game for a team that has won and lost so many before it, such as
 *   {@link carriedChance}; even when left out
 * @returns the probability; a series that ends without a majority counts half, as markets pay it
 *
 * @example
 * ```ts
 * import { seriesWinProbability } from "@matchpoint/sdk";
 * seriesWinProbability(3, [1, 0.6, 0.6]); // 0.84
 * ```
 */
export function seriesWinProbability(
  bestOf: number,
  games: readonly SeriesTerm[],
  openChance: OpenChance = even,
): number {
  const needed = winsNeeded(bestOf);
  let won = 0;
  let open = START;
  for (let index = 0; index < bestOf; index++) {
    const term = index < games.length ? games[index] : "open";
    if (term === undefined) continue;
    const next = play(open, term, openChance, needed);
    won += next.won;
    open = next.open;
  }
  const undecided = open.reduce((sum, mass) => sum + mass, 0);
  return Math.min(1, won + undecided / 2);
}

/**
 * Probability that team 0 wins a game that is still to come, if it is played at all: {@link OpenChance} at the scores that
 * the games before it can lead to.
 *
 * @param index place of the game, from 0
 */
export function openGameProbability(
  bestOf: number,
  games: readonly SeriesTerm[],
  index: number,
  openChance: OpenChance,
): number {
  const needed = winsNeeded(bestOf);
  let open = START;
  for (let before = 0; before < index; before++) {
    const term = before < games.length ? games[before] : "open";
    if (term !== undefined) open = play(open, term, openChance, needed).open;
  }
  let sum = 0;
  let played = 0;
  open.forEach((mass, wins) => {
    sum += mass * openChance(wins, open.length - 1 - wins);
    played += mass;
  });
  return played === 0 ? 0.5 : sum / played;
}

/** Chance in a game of which nothing is known, for a team that has won and lost so many before it. */
export type OpenChance = (won: number, lost: number) => number;

const even: OpenChance = () => 0.5;

/** `open[w]` is the probability of w wins with the series undecided after the games so far; losses are the rest. */
const START: readonly number[] = [1];

/** Plays one more game. */
function play(
  open: readonly number[],
  term: number | "open",
  openChance: OpenChance,
  needed: number,
): { open: readonly number[]; won: number } {
  const played = open.length - 1;
  const next: number[] = Array.from({ length: played + 2 }, () => 0);
  let won = 0;
  for (let wins = 0; wins <= played; wins++) {
    const mass = open[wins]!;
    if (mass === 0) continue;
    const p = term === "open" ? openChance(wins, played - wins) : term;
    if (wins + 1 === needed) won += mass * p;
    else next[wins + 1]! += mass * p;
    if (played - wins + 1 < needed) next[wins]! += mass * (1 - p);
  }
  return { open: next, won };
}
