import { seededRandom } from "./random.ts";

/** An estimate with its 95 % interval. */
export interface Interval {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

const DRAWS = 2_000;
const SEED = 424_242;

/**
 * Mean of a value over samples with its 95 % percentile interval, drawing whole clusters (matches) with replacement:
 * moments of one match are no independent evidence.
 *
 * @param samples the value of each sample and the cluster that it belongs to
 */
export function bootstrapMean(
  samples: readonly { readonly cluster: string; readonly value: number }[],
  draws = DRAWS,
): Interval {
  const sums = new Map<string, [sum: number, n: number]>();
  for (const { cluster, value } of samples) {
    const known = sums.get(cluster);
    if (known === undefined) sums.set(cluster, [value, 1]);
    else {
      known[0] += value;
      known[1] += 1;
    }
  }
  const clusters = [...sums.values()];
  const random = seededRandom(SEED);
  const means: number[] = [];
  for (let draw = 0; draw < draws; draw++) {
    let sum = 0;
    let n = 0;
    for (let i = 0; i < clusters.length; i++) {
      const [part, count] = clusters[Math.floor(random() * clusters.length)]!;
      sum += part;
      n += count;
    }
    means.push(sum / n);
  }
  means.sort((a, b) => a - b);
  const total = clusters.reduce((sum, [part]) => sum + part, 0);
  return {
    mean: total / samples.length,
    low: means[Math.floor(0.025 * draws)] ?? NaN,
    high: means[Math.ceil(0.975 * draws) - 1] ?? NaN,
  };
}
