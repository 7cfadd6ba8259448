import type { ReliabilityBin } from "@matchpoint/sdk";
import { seededRandom } from "./random.ts";
import type { Outcome } from "./scores.ts";

const BINS = 10;
const SIMULATIONS = 1_000;
const SEED = 20_170_601;

/** Where each of `BINS` bins of equal counts ends. */
function binEnds(n: number): number[] {
  return Array.from({ length: BINS }, (_, bin) => Math.floor(((bin + 1) * n) / BINS));
}

/** Samples by rising probability. Equal ones stay in the order they came in. */
function byProbability<T extends { readonly p: number }>(samples: readonly T[]): T[] {
  return samples.toSorted((a, b) => a.p - b.p);
}

/** What was said on average and how often it happened, in ten bins of equal counts by rising probability. */
export function reliability(samples: readonly Outcome[]): ReliabilityBin[] {
  const sorted = byProbability(samples);
  const bins: ReliabilityBin[] = [];
  let start = 0;
  for (const end of binEnds(sorted.length)) {
    if (end === start) continue;
    let predicted = 0;
    let observed = 0;
    for (let i = start; i < end; i++) {
      predicted += sorted[i]!.p;
      observed += sorted[i]!.won ? 1 : 0;
    }
    const n = end - start;
    bins.push({ n, predicted: predicted / n, observed: observed / n });
    start = end;
  }
  return bins;
}

/** Expected calibration error: the mean distance of a bin's probability and frequency, weighted by its count. */
export function calibrationError(bins: readonly ReliabilityBin[]): number {
  let n = 0;
  let sum = 0;
  for (const bin of bins) {
    n += bin.n;
    sum += bin.n * Math.abs(bin.predicted - bin.observed);
  }
  return sum / n;
}

/**
 * What the calibration error of a perfectly calibrated model stays below in 95 of 100 cases, at these very probabilities:
 * outcomes are drawn from them, a thousand times over. Samples of one game share its draw, as they share its outcome.
 */
export function calibrationBand(samples: readonly { readonly p: number; readonly game: string }[]): number {
  const sorted = byProbability(samples);
  const games = new Map<string, number>();
  const gameOf = sorted.map(({ game }) => {
    const known = games.get(game);
    if (known !== undefined) return known;
    games.set(game, games.size);
    return games.size - 1;
  });
  const ends = binEnds(sorted.length);
  const random = seededRandom(SEED);
  const draws = new Float64Array(games.size);
  const errors: number[] = [];
  for (let run = 0; run < SIMULATIONS; run++) {
    for (let game = 0; game < draws.length; game++) draws[game] = random();
    let error = 0;
    let i = 0;
    for (const end of ends) {
      let surplus = 0;
      for (; i < end; i++) {
        const { p } = sorted[i]!;
        surplus += p - (draws[gameOf[i]!]! < p ? 1 : 0);
      }
      error += Math.abs(surplus);
    }
    errors.push(error / sorted.length);
  }
  errors.sort((a, b) => a - b);
  return errors[Math.ceil(0.95 * SIMULATIONS) - 1]!;
}
