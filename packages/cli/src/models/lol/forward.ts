import type { ProbabilityModel } from "@matchpoint/sdk";
import { normaliseName } from "@matchpoint/sdk";
import { markdownTable } from "../card.ts";
import { score, type Scores } from "../evaluate.ts";
import { interval } from "../evaluationText.ts";
import type { Fit, Sample } from "../titles.ts";
import { seasonsOf } from "./ratings.ts";
import type { LolRow } from "./rows.ts";

/** The moments that forward tests are reported at. */
const MINUTES = [10, 15, 20, 25];
/** Fewer games than this before a season are no fit. */
const FEWEST = 500;

export const LOGISTIC = "a logistic regression on gold per minute";
export const PUBLISHED = "the closed form published for 2025";
export const UNRATED = "itself without the teams' ratings";

/** One season, scored by the recipe fitted on all seasons before it. */
export interface ForwardTest {
  readonly season: string;
  readonly games: number;
  /** Share of places in these games that teams without a rating took: new, promoted or renamed. */
  readonly unknown: number;
  readonly minutes: readonly (Scores & { readonly at: number })[];
}

/**
 * The recipe as it would have stood before each season: fitted on what was there by then, scored on the season that
 * followed. The sizes in the recipe (half-lives, ridges, the published share) were chosen on these seasons together; factors,
 * ratings and their weight were not.
 */
export function forwardTests(
  rows: readonly LolRow[],
  fit: (rows: readonly LolRow[]) => Fit,
  samplesOf: (rows: readonly LolRow[], model: ProbabilityModel, rivals: unknown) => readonly Sample[],
): ForwardTest[] {
  return seasonsOf(rows).flatMap((playedAt) => {
    const earlier = rows.filter((row) => row.playedAt < playedAt);
    const later = rows.filter((row) => row.playedAt === playedAt);
    if (earlier.length < FEWEST || later.length === 0) return [];
    const { model, rivals } = fit(earlier);
    const samples = samplesOf(later, model, rivals);
    const known = new Set(earlier.flatMap(({ blue, red }) => [normaliseName(blue), normaliseName(red)]));
    const places = later.flatMap(({ blue, red }) => [normaliseName(blue), normaliseName(red)]);
    return {
      season: later[0]!.season,
      games: later.length,
      unknown: places.filter((team) => !known.has(team)).length / places.length,
      minutes: MINUTES.flatMap((at) => {
        const here = samples.filter((sample) => sample.at === at);
        return here.length === 0 ? [] : [{ at, ...score(here) }];
      }),
    };
  });
}

/** The forward tests as the card has them. */
export function forwardNotes(tests: readonly ForwardTest[]): string[] {
  if (tests.length === 0) return [];
  const lines = tests.flatMap(({ season, games, unknown, minutes }) =>
    minutes.map(({ at, brier, rivals }, i) => {
      const best = [LOGISTIC, PUBLISHED].reduce((a, b) => (rivals[a]!.brier <= rivals[b]!.brier ? a : b));
      return [
        i === 0 ? `${season} (${games} games, ${(100 * unknown).toFixed(0)} % of teams unknown)` : "",
        String(at),
        brier.toFixed(4),
        rivals[UNRATED]!.brier.toFixed(4),
        rivals[LOGISTIC]!.brier.toFixed(4),
        rivals[PUBLISHED]!.brier.toFixed(4),
        interval(rivals[best]!.brierDifference),
      ];
    }),
  );
  return [
    "Season after season: the recipe fitted on all seasons before one, scored on that one. Brier scores, and the difference to the better of both simpler models (negative: the model is better; 95 % interval by game). How strongly ratings forget and are held back was chosen on these same seasons, which flatters them a little; the next season is the honest test.",
    markdownTable(
      ["season", "minute", "model", "without ratings", "logistic per minute", "closed form", "to the better"],
      lines,
    ),
  ];
}
