import { normaliseName } from "@matchpoint/sdk";
import { fitLogistic } from "../statistics/logistic.ts";
import type { LolRow } from "./rows.ts";

/**
 * A game counts half as much as one a quarter of a season later: a sixteenth from season to season, since line-ups change
 * between them. Forward tests on three seasons prefer this to slower forgetting at every minute, most of all late in games.
 */
const HALF_LIFE_SEASONS = 0.25;
/** Pull of a rating to 0: teams that were seen in few games are nearly average. */
const RIDGE = 20;

/** The seasons of rows, in order. */
export function seasonsOf(rows: readonly LolRow[]): string[] {
  return [...new Set(rows.map(({ playedAt }) => playedAt))].sort();
}

/**
 * How strong teams were when these games ended, in log-odds: Bradley and Terry's model by ridge regression, with a term for
 * the side, later seasons weighing more.
 */
export function rateTeams(rows: readonly LolRow[]): Record<string, number> {
  const seasons = seasonsOf(rows);
  const teams = [
    ...new Set(rows.flatMap(({ blue, red }) => [normaliseName(blue), normaliseName(red)])),
  ].sort();
  const index = new Map(teams.map((team, i) => [team, i]));
  const width = teams.length + 1;
  const x = rows.map(({ blue, red }) => {
    const line = Array.from({ length: width }, () => 0);
    line[index.get(normaliseName(blue))!]! += 1;
    line[index.get(normaliseName(red))!]! -= 1;
    line[width - 1] = 1;
    return line;
  });
  const beta = fitLogistic({
    x,
    won: rows.map(({ blueWon }) => blueWon),
    weight: rows.map(
      ({ playedAt }) => 0.5 ** ((seasons.length - 1 - seasons.indexOf(playedAt)) / HALF_LIFE_SEASONS),
    ),
    ridge: teams.map(() => RIDGE).concat(0),
  });
  // Rows without a team's name are of many teams.
  return Object.fromEntries(
    teams.map((team, i) => [team, beta[i]!] as const).filter(([team]) => team !== ""),
  );
}

/** Per game: blue's rating less red's as it was before the game's season; `undefined` when neither was rated. */
export function ratingsBefore(rows: readonly LolRow[]): ReadonlyMap<string, number | undefined> {
  const before = new Map<string, number | undefined>();
  for (const season of seasonsOf(rows)) {
    const earlier = rows.filter(({ playedAt }) => playedAt < season);
    const ratings: Readonly<Record<string, number>> = earlier.length === 0 ? {} : rateTeams(earlier);
    for (const { game, blue, red, playedAt } of rows) {
      if (playedAt !== season) continue;
      const [a, b] = [ratings[normaliseName(blue)], ratings[normaliseName(red)]];
      before.set(game, a === undefined && b === undefined ? undefined : (a ?? 0) - (b ?? 0));
    }
  }
  return before;
}
