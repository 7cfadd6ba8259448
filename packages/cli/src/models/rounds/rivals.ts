import { log, logistic, mapTable, ROUND_FORMATS, type MapTable, type RoundTitle } from "@matchpoint/sdk";
import type { RoundRow } from "./rows.ts";

/** Numbers of the simpler models of rounds. */
export interface RoundsRivals {
  /** Log-odds of the first side, the same in every round. */
  readonly firstSide: number;
  /** Standard deviation of the teams' strength, for the table that learns it from the score. */
  readonly spread: number;
}

export const FIXED = "the Markov table with a fixed chance per side";
export const LEARNING = "that table with the teams' strength learnt from the score";

const NODES = Array.from({ length: 13 }, (_, i) => (i - 6) / 2);

/** What simpler models say at the start of a round, of the first team: they know the score and who is on which side. */
export function rivalsOf(
  title: RoundTitle,
  { firstSide, spread }: RoundsRivals,
): (round: RoundRow, startedFirst: boolean) => Record<string, number> {
  const format = ROUND_FORMATS[title];
  const fixed = mapTable(format, { strength: 0, firstSide });
  const learning = NODES.map((node) => ({
    strength: node * spread,
    weight: -(node * node) / 2,
    table: mapTable(format, { strength: node * spread, firstSide }),
  }));
  return ({ score }, startedFirst) => ({
    [FIXED]: within(fixed.at(score[0], score[1], startedFirst)),
    [LEARNING]: within(learnt(learning, score, startedFirst)),
  });
}

interface Node {
  readonly strength: number;
  readonly weight: number;
  readonly table: MapTable;
}

/** The mean over strengths, each weighed by how likely the score is under it. */
function learnt(
  nodes: readonly Node[],
  [own, other]: readonly [number, number],
  startedFirst: boolean,
): number {
  let sum = 0;
  let weights = 0;
  for (const { strength, weight, table } of nodes) {
    const likely = Math.exp(weight + own * log(logistic(strength)) + other * log(logistic(-strength)));
    sum += likely * table.at(own, other, startedFirst);
    weights += likely;
  }
  return sum / weights;
}

/** Held off certainty as the model is. */
function within(p: number): number {
  return Math.min(0.999, Math.max(0.001, p));
}
