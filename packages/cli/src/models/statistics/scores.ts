import { log } from "@matchpoint/sdk";

/** A probability and what came of it. */
export interface Outcome {
  readonly p: number;
  readonly won: boolean;
}

/** Log-loss takes no probability for surer than this. */
const SUREST = 1e-12;

/** Squared distance of a probability and its outcome. */
export function squaredError({ p, won }: Outcome): number {
  const off = won ? 1 - p : p;
  return off * off;
}

/** -ln of the probability given to what happened. */
export function surprise({ p, won }: Outcome): number {
  return -log(Math.max(SUREST, won ? p : 1 - p));
}

/** Mean of a loss over samples; NaN without any. */
export function mean<T>(samples: readonly T[], of: (sample: T) => number): number {
  let sum = 0;
  for (const sample of samples) sum += of(sample);
  return sum / samples.length;
}

/** Mean squared distance of probability and outcome. */
export function brier(samples: readonly Outcome[]): number {
  return mean(samples, squaredError);
}

/** Mean of -ln of the probability given to what happened. */
export function logLoss(samples: readonly Outcome[]): number {
  return mean(samples, surprise);
}
