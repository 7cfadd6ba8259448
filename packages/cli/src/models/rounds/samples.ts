import {
  equipmentRatio,
  fightFeatures,
  isOvertime,
  isPistol,
  nextFeatures,
  ROUND_FORMATS,
  startFeatures,
  type RoundStart,
  type RoundTitle,
} from "@matchpoint/sdk";
import type { LogisticProblem } from "../statistics/logistic.ts";
import type { RoundRow, RoundsRow } from "./rows.ts";

/** A logistic regression's rows. */
export interface Regression {
  readonly x: number[][];
  readonly won: boolean[];
}

/** What a round is at its start, from the first team's side. */
export function startOf(title: RoundTitle, { score, firstSide, equipment }: RoundRow): RoundStart {
  const format = ROUND_FORMATS[title];
  const played = score[0] + score[1];
  const kind = isPistol(format, played) ? "pistol" : isOvertime(format, played) ? "overtime" : "economy";
  return {
    first: firstSide === 0 ? 1 : -1,
    kind,
    equipment: kind === "economy" ? equipmentRatio(equipment[0], equipment[1]) : 0,
  };
}

/** Rounds by what was known when they began to be played. */
export function startRows(title: RoundTitle, rows: readonly RoundsRow[]): Regression {
  const rounds = rows.flatMap((row) => row.rounds);
  return {
    x: rounds.map((round) => startFeatures(startOf(title, round))),
    won: rounds.map(({ won }) => won),
  };
}

/** Rounds with an economy by what was known when the round before them began, and who won that. */
export function nextRows(title: RoundTitle, rows: readonly RoundsRow[]): Regression {
  const x: number[][] = [];
  const won: boolean[] = [];
  for (const { rounds } of rows) {
    for (const [index, round] of rounds.entries()) {
      const next = rounds[index + 1];
      if (next === undefined || startOf(title, next).kind !== "economy") continue;
      x.push(nextFeatures(startOf(title, round), round.won));
      won.push(next.won);
    }
  }
  return { x, won };
}

/** Rounds by every moment of their fights. @param plantKnown whether the model is told of the bomb */
export function fightRows(title: RoundTitle, rows: readonly RoundsRow[], plantKnown: boolean): Regression {
  const x: number[][] = [];
  const won: boolean[] = [];
  for (const round of rows.flatMap((row) => row.rounds)) {
    const start = startOf(title, round);
    for (const { alive, planted } of round.fights) {
      x.push(fightFeatures(start, alive[0], alive[1], plantKnown && planted === true));
      won.push(round.won);
    }
  }
  return { x, won };
}

/** A regression that is held near known coefficients, all the nearer the fewer rows there are. */
export function near(
  { x, won }: Regression,
  known: readonly number[] | undefined,
  hold: number,
): LogisticProblem {
  return {
    x,
    won,
    ridge: Array.from({ length: x[0]?.length ?? 0 }, () => hold),
    ...(known === undefined
      ? {}
      : { offset: x.map((row) => row.reduce((sum, value, j) => sum + value * known[j]!, 0)) }),
  };
}
