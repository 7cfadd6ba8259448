import type { ModelScore, ModelValidation, ProbabilityModel, ReliabilityBin } from "@matchpoint/sdk";
import { bootstrapMean, type Interval } from "./statistics/bootstrap.ts";
import { calibrationBand, calibrationError, reliability } from "./statistics/calibration.ts";
import { brier, logLoss, squaredError, surprise } from "./statistics/scores.ts";
import type { GameRow, ModelTitle, Sample, TitleModelling } from "./titles.ts";

/** How much better the model was than a simpler one on the same samples: negative differences are better. */
export interface Comparison {
  readonly brier: number;
  readonly logLoss: number;
  /** The model's loss less the rival's, with the interval of a bootstrap by match. */
  readonly brierDifference: Interval;
  readonly logLossDifference: Interval;
}

/** The scores of one moment of the games, or of all moments. */
export interface Scores extends Omit<ModelScore, "rivals"> {
  readonly reliability: readonly ReliabilityBin[];
  readonly rivals: Readonly<Record<string, Comparison>>;
}

/** How good a model was on a set of games. */
export interface Evaluation {
  readonly title: ModelTitle;
  readonly unit: "minute" | "round";
  /** Games and matches. */
  readonly n: number;
  readonly matches: number;
  readonly buckets: readonly (Scores & { readonly at: number })[];
  /** The kinds of moments, by name, where the title tells them apart. */
  readonly parts: Readonly<Record<string, Scores>>;
  readonly overall: Scores;
}

/** Scores a model at every moment of the rows that its title counts. */
export function evaluate<Row extends GameRow>(
  modelling: TitleModelling<Row>,
  rows: readonly Row[],
  { model, rivals }: { readonly model: ProbabilityModel; readonly rivals: unknown },
): Evaluation {
  const samples = modelling.samples(rows, model, rivals);
  const buckets = modelling.buckets.flatMap((at) => {
    const here = samples.filter((sample) => sample.at === at);
    return here.length === 0 ? [] : [{ at, ...score(here) }];
  });
  return {
    title: modelling.title,
    unit: modelling.unit,
    n: rows.length,
    matches: new Set(rows.map(({ match }) => match)).size,
    buckets,
    parts: partsOf(samples),
    overall: score(samples),
  };
}

function partsOf(samples: readonly Sample[]): Record<string, Scores> {
  const parts = new Set(samples.flatMap(({ part }) => (part === undefined ? [] : [part])));
  return Object.fromEntries(
    [...parts].map((name) => [name, score(samples.filter(({ part }) => part === name))]),
  );
}

/** The scores of samples, and of what their rivals say. */
export function score(samples: readonly Sample[]): Scores {
  const bins = reliability(samples);
  return {
    n: samples.length,
    brier: brier(samples),
    logLoss: logLoss(samples),
    ece: calibrationError(bins),
    eceBand: calibrationBand(samples),
    reliability: bins,
    rivals: Object.fromEntries(
      Object.keys(samples[0]?.rivals ?? {}).map((name) => [name, compare(samples, name)]),
    ),
  };
}

function compare(samples: readonly Sample[], name: string): Comparison {
  const theirs = samples.map(({ rivals, won }) => ({ p: rivals[name]!, won }));
  const difference = (loss: typeof surprise): Interval =>
    bootstrapMean(
      samples.map((sample, i) => ({ cluster: sample.match, value: loss(sample) - loss(theirs[i]!) })),
    );
  return {
    brier: brier(theirs),
    logLoss: logLoss(theirs),
    brierDifference: difference(squaredError),
    logLossDifference: difference(surprise),
  };
}

/** The part of an evaluation that a model carries on its card. */
export function validation(
  evaluation: Evaluation,
  data: Pick<ModelValidation, "fittedOn" | "testedOn">,
): ModelValidation {
  const figures = ({ n, brier, logLoss, ece, eceBand, rivals }: Scores): ModelScore => ({
    n,
    brier: rounded(brier),
    logLoss: rounded(logLoss),
    ece: rounded(ece),
    eceBand: rounded(eceBand),
    rivals: Object.fromEntries(
      Object.entries(rivals).map(([name, their]) => [
        name,
        { brier: rounded(their.brier), logLoss: rounded(their.logLoss) },
      ]),
    ),
  });
  return {
    ...data,
    unit: evaluation.unit,
    buckets: evaluation.buckets.map((bucket) => ({ at: bucket.at, ...figures(bucket) })),
    overall: figures(evaluation.overall),
    reliability: evaluation.overall.reliability.map(({ n, predicted, observed }) => ({
      n,
      predicted: rounded(predicted),
      observed: rounded(observed),
    })),
  };
}

function rounded(value: number): number {
  return Number(value.toFixed(5));
}
