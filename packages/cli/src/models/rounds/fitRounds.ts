import {
  FIGHT_KEYS,
  logistic,
  NEXT_KEYS,
  START_KEYS,
  type FightOdds,
  type RoundsCoefficients,
  type RoundTitle,
} from "@matchpoint/sdk";
import { fitLogistic } from "../statistics/logistic.ts";
import type { RoundsRow } from "./rows.ts";
import { fightRows, near, nextRows, startRows, type Regression } from "./samples.ts";
import type { FightSnapshot } from "./snapshots.ts";
import { fitSnapshots } from "./snapshotFit.ts";

/** Numbers of a game of the same kind that a fit on few maps is held near. */
export interface Known {
  readonly coefficients: RoundsCoefficients;
  /** Weight of the known numbers, in squared units of log-odds: a coefficient is thought to differ by 1/√hold. */
  readonly hold: number;
}

/** A hair of shrinkage to zero, so that a column that never varies has an answer. */
const LEAST_HOLD = 1;

/** All numbers of a model of rounds, from maps and, for the bomb, from in-round states of other matches. */
export function fitRounds(
  title: RoundTitle,
  rows: readonly RoundsRow[],
  known: Known,
  snapshots: readonly FightSnapshot[] | undefined,
  borrow: boolean,
): RoundsCoefficients {
  const hold = borrow ? known.hold : LEAST_HOLD;
  const fit = <Key extends string>(
    keys: readonly Key[],
    regression: Regression,
    prior: Readonly<Record<Key, number>>,
  ): Record<Key, number> => {
    const center = keys.map((key) => (borrow ? prior[key] : 0));
    if (regression.x.length === 0) return named(keys, center);
    const found = fitLogistic(near(regression, borrow ? center : undefined, hold));
    return named(
      keys,
      found.map((value, i) => value + center[i]!),
    );
  };
  const { coefficients } = known;
  const start = fit(START_KEYS, startRows(title, rows), coefficients.start);
  const plantUnknown = fit(FIGHT_KEYS, fightRows(title, rows, false), coefficients.fight.plantUnknown);
  const recorded = rows.some((row) =>
    row.rounds.some(({ fights }) => fights.some(({ planted }) => planted !== undefined)),
  );
  const plantKnown = recorded
    ? fit(FIGHT_KEYS, fightRows(title, rows, true), coefficients.fight.plantKnown)
    : elsewhere(plantUnknown, snapshots, coefficients);
  return {
    firstSide: fitFirstSide(rows),
    spread: fitSpread(
      title,
      rows,
      START_KEYS.map((key) => start[key]),
    ),
    start,
    next: fit(NEXT_KEYS, nextRows(title, rows), coefficients.next),
    fight: { plantKnown, plantUnknown },
  };
}

/** Plants that the maps do not record: players and bomb from the snapshots (or as known), equipment from the maps. */
function elsewhere(
  { equipment, equipmentFallen }: FightOdds,
  snapshots: readonly FightSnapshot[] | undefined,
  coefficients: RoundsCoefficients,
): FightOdds {
  const bomb = snapshots === undefined ? coefficients.fight.plantKnown : fitSnapshots(snapshots);
  return { ...bomb, equipment, equipmentFallen };
}

/** The log-odds of the first side over all rounds: with it alone, the table of scores is the one with fixed chances. */
export function fitFirstSide(rows: readonly RoundsRow[]): number {
  const rounds = rows.flatMap((row) => row.rounds);
  const [found] = fitLogistic({
    x: rounds.map(({ firstSide }) => [firstSide === 0 ? 1 : -1]),
    won: rounds.map(({ won }) => won),
  });
  return rounded(found!);
}

const SPREADS = Array.from({ length: 24 }, (_, i) => (i + 1) * 0.025);
const NODES = Array.from({ length: 25 }, (_, i) => (i - 12) / 4);

/**
 * How much teams differ in strength, in log-odds per round: the spread of a normal effect per map under which its rounds,
 * given side and equipment, are the most likely.
 */
function fitSpread(title: RoundTitle, rows: readonly RoundsRow[], start: readonly number[]): number {
  const maps = rows.map((row) => {
    const { x, won } = startRows(title, [row]);
    return x.map((features, i) => ({
      z: features.reduce((sum, value, j) => sum + value * start[j]!, 0),
      won: won[i]!,
    }));
  });
  let best = { spread: SPREADS[0]!, value: -Infinity };
  for (const spread of SPREADS) {
    let value = 0;
    for (const rounds of maps) {
      let sum = 0;
      let weights = 0;
      for (const node of NODES) {
        const weight = Math.exp((-node * node) / 2);
        let chance = weight;
        for (const { z, won } of rounds) {
          const p = logistic(z + node * spread);
          chance *= won ? p : 1 - p;
        }
        sum += chance;
        weights += weight;
      }
      value += Math.log(sum / weights);
    }
    if (value > best.value) best = { spread, value };
  }
  return rounded(best.spread);
}

function named<Key extends string>(keys: readonly Key[], values: readonly number[]): Record<Key, number> {
  return Object.fromEntries(keys.map((key, i) => [key, rounded(values[i]!)])) as Record<Key, number>;
}

/** Digits beyond these say nothing, and differ between machines. */
function rounded(value: number): number {
  return Number(value.toFixed(4));
}
