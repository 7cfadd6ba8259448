import { createHash } from "node:crypto";
import { MatchpointError, type FittedModel } from "@matchpoint/sdk";
import { evaluate, validation, type Evaluation } from "./evaluate.ts";
import { inOrder, splitByTime } from "./split.ts";
import type { Fit, GameRow, TitleModelling } from "./titles.ts";

/** A fit on everything, and the test of the same recipe on the later part. */
export interface FitResult {
  readonly fitted: FittedModel<unknown>;
  readonly rivals: unknown;
  readonly test: Evaluation;
  readonly notes: readonly string[];
}

/** Fewer games than this on either side of the split tell nothing. */
const FEWEST = 20;

/**
 * Fits on the earlier matches, tests on the later ones, then fits on all of them: the figures are of the recipe, the numbers
 * of all data.
 *
 * @throws MatchpointError `EVENT_INVALID` when there are too few games for both
 */
export function fitTitle<Row extends GameRow>(
  modelling: TitleModelling<Row>,
  rows: readonly Row[],
): FitResult {
  const sorted = inOrder(rows);
  const { earlier, later } = modelling.split?.(sorted) ?? splitByTime(sorted);
  if (earlier.length < FEWEST || later.length < FEWEST) {
    throw new MatchpointError(
      "EVENT_INVALID",
      `${earlier.length} games to fit on and ${later.length} to test on are too few`,
      { hint: `At least ${FEWEST} on either side are needed; a time or season with games on both.` },
    );
  }
  const trial = modelling.fit(earlier);
  const test = evaluate(modelling, later, trial);
  const final: Fit = modelling.fit(sorted);
  const coefficients = final.coefficients;
  return {
    fitted: {
      version: createHash("sha256").update(JSON.stringify(coefficients)).digest("hex").slice(0, 12),
      coefficients,
      data: modelling.describe(sorted),
      validation: validation(test, {
        fittedOn: modelling.describe(earlier),
        testedOn: modelling.describe(later),
      }),
    },
    rivals: final.rivals,
    test,
    notes: final.notes?.() ?? [],
  };
}
