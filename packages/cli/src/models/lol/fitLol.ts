import {
  lolCurveLogOdds,
  lolMoment,
  lolTerms,
  lolTime,
  type LolCoefficients,
  type LolMoment,
} from "@matchpoint/sdk";
import { inOrder } from "../split.ts";
import { fitLogistic } from "../statistics/logistic.ts";
import { solve } from "../statistics/solve.ts";
import { playGame } from "./play.ts";
import { rateTeams, ratingsBefore, seasonsOf } from "./ratings.ts";
import { seasonEnd, type LolRow } from "./rows.ts";

/** The minutes that the curve is fitted over. */
const FIRST_MINUTE = 4;
const LAST_MINUTE = 45;
/** Moments of one game say nearly the same: each counts for a fifth of a game. */
const MOMENT_WEIGHT = 0.2;
/** A season counts half as much as the second one after it: what gold is worth changes with the game. */
const HALF_LIFE_SEASONS = 2;
const RIDGE = 1;
/** What a point of rating is worth where nothing could be seen of it, and how surely: ratings of one event say little. */
const RATING_WEIGHT = 1.5;
const RATING_RIDGE = 10;

/** Per-minute logistic regressions on the gold lead: intercept and slope per thousand. */
export type MinuteLogistic = Readonly<Record<string, readonly [intercept: number, slope: number]>>;

interface Moment {
  readonly row: LolRow;
  readonly moment: Required<LolMoment>;
}

/** The numbers of the LoL model on all of these games. */
export function fitLol(unordered: readonly LolRow[]): LolCoefficients {
  const rows = inOrder(unordered);
  const moments = momentsOf(rows);
  const won = moments.map(({ row }) => row.blueWon);
  const x = moments.map(({ moment }) => lolTerms(moment));
  const seasons = seasonsOf(rows);
  const recency = ({ playedAt }: LolRow): number =>
    0.5 ** ((seasons.length - 1 - seasons.indexOf(playedAt)) / HALF_LIFE_SEASONS);
  const terms = fitLogistic({
    x,
    won,
    weight: moments.map(({ row }) => MOMENT_WEIGHT * recency(row)),
    ridge: x[0]!.map(() => RIDGE),
  });
  const usual = {
    level: shareOfLead(moments, ({ level }) => level ?? 0),
    change: shareOfLead(moments, ({ change }) => change ?? 0),
  };
  const unrated: LolCoefficients = { terms, usual, ratings: { asOf: 0, weight: 0, teams: {} } };
  const ratings = {
    asOf: Math.max(...rows.map(seasonEnd)),
    weight: ratingWeight(rows, moments, unrated),
    teams: rounded(rateTeams(rows), 3),
  };
  return {
    terms: terms.map(tidy),
    usual: { level: usual.level.map(tidy), change: usual.change.map(tidy) },
    ratings,
  };
}

/** What the fit reads of a game does not depend on the fit: forward tests tell every game once. */
const told = new WeakMap<LolRow, readonly Moment[]>();

function momentsOf(rows: readonly LolRow[]): Moment[] {
  return rows.flatMap((row) => {
    let moments = told.get(row);
    if (moments === undefined) told.set(row, (moments = tell(row)));
    return moments;
  });
}

function tell(row: LolRow): Moment[] {
  const moments: Moment[] = [];
  for (const { minute, state } of playGame(row, LAST_MINUTE)) {
    if (minute < FIRST_MINUTE) continue;
    const moment = lolMoment(state);
    if (moment?.level === undefined || moment.change === undefined) continue;
    moments.push({ row, moment: { ...moment, level: moment.level, change: moment.change } });
  }
  return moments;
}

/** Least squares of a term on the lead, by minute: what to expect of it when only the lead is known. */
function shareOfLead(moments: readonly Moment[], of: (moment: LolMoment) => number): number[] {
  const matrix = [0, 1, 2].map(() => [0, 0, 0]);
  const right = [0, 0, 0];
  for (const { moment } of moments) {
    const line = lolTime(moment.minute).map((power) => power * moment.lead);
    const value = of(moment);
    for (let j = 0; j < 3; j++) {
      right[j]! += line[j]! * value;
      for (let k = 0; k < 3; k++) matrix[j]![k]! += line[j]! * line[k]!;
    }
  }
  return solve(matrix, right);
}

/** What a point of rating difference from before the season is worth beside the curve; never less than nothing. */
function ratingWeight(
  rows: readonly LolRow[],
  moments: readonly Moment[],
  coefficients: LolCoefficients,
): number {
  const before = ratingsBefore(rows);
  const rated = moments.filter(({ row }) => before.get(row.game) !== undefined);
  if (rated.length === 0) return RATING_WEIGHT;
  const [more = 0] = fitLogistic({
    x: rated.map(({ row }) => [before.get(row.game)!]),
    won: rated.map(({ row }) => row.blueWon),
    weight: rated.map(() => MOMENT_WEIGHT),
    offset: rated.map(
      ({ row, moment }) => lolCurveLogOdds(coefficients, moment) + RATING_WEIGHT * before.get(row.game)!,
    ),
    ridge: [RATING_RIDGE],
  });
  return tidy(Math.max(0, RATING_WEIGHT + more));
}

/** Per minute: a logistic regression on the gold lead alone, as a model to beat. */
export function fitMinuteLogistic(rows: readonly LolRow[], minutes: readonly number[]): MinuteLogistic {
  const fits: Record<string, [number, number]> = {};
  for (const minute of minutes) {
    const there = inOrder(rows).filter(({ leads }) => leads.length >= minute);
    if (there.length < 50) continue;
    const [intercept = 0, slope = 0] = fitLogistic({
      x: there.map(({ leads }) => [1, leads[minute - 1]! / 1000]),
      won: there.map(({ blueWon }) => blueWon),
      ridge: [1e-6, 1e-6],
    });
    fits[String(minute)] = [tidy(intercept), tidy(slope)];
  }
  return fits;
}

function tidy(value: number): number {
  return Number(value.toFixed(5));
}

function rounded(table: Readonly<Record<string, number>>, digits: number): Record<string, number> {
  return Object.fromEntries(
    Object.entries(table).map(([key, value]) => [key, Number(value.toFixed(digits))]),
  );
}
