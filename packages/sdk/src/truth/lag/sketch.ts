/** Upper edges of the buckets in ms: 1 ms, then 5 % wider each, up to ten minutes. Multiplied, so equal on every machine. */
const EDGES: readonly number[] = (() => {
  const edges = [0, 1];
  while (edges.at(-1)! < 600_000) edges.push(edges.at(-1)! * 1.05);
  return edges;
})();

/** Once so many samples weigh, every bucket forgets half: a source is as late as it has been lately. */
const MOST_WEIGHT = 512;

/** Shares are floats: what is left of a weight is this or less when nothing is. */
const EVEN = 1e-9;

/** The longest lag that is one: whoever says it later than this tells history. */
export const LONGEST_LAG_MS = 600_000;

/** What a {@link LagSketch} knows, as plain JSON. */
export interface LagSketchSnapshot {
  readonly n: number;
  readonly max: number;
  /** Bucket and weight, in order. */
  readonly buckets: readonly (readonly [number, number])[];
}

/** A distribution of lags in ms: bounded memory, exact to 5 %, the same for the same samples in the same order. */
export class LagSketch {
  #n = 0;
  #max = 0;
  #weight = 0;
  readonly #buckets: number[] = new Array<number>(EDGES.length).fill(0);

  constructor(snapshot?: LagSketchSnapshot) {
    if (snapshot === undefined) return;
    this.#n = snapshot.n;
    this.#max = snapshot.max;
    for (const [bucket, weight] of snapshot.buckets) {
      this.#buckets[bucket] = weight;
      this.#weight += weight;
    }
  }

  /** Samples taken, those that weigh no more included. */
  get n(): number {
    return this.#n;
  }
  /** The longest ever. */
  get max(): number {
    return this.#max;
  }

  /** Takes a sample; what is negative counts as 0, what is beyond ten minutes is none. */
  add(ms: number): void {
    if (!(ms <= LONGEST_LAG_MS)) return;
    const lag = ms > 0 ? ms : 0;
    this.#n += 1;
    if (lag > this.#max) this.#max = lag;
    this.#buckets[bucketOf(lag)]! += 1;
    this.#weight += 1;
    if (this.#weight >= MOST_WEIGHT) this.#halve();
  }

  /** The lag that a share `q` of the samples does not exceed, rounded up to the bucket's edge; `undefined` without samples. */
  quantile(q: number): number | undefined {
    return quantileOf([{ sketch: this, share: 1 }], 0, q);
  }

  /** What the samples of a bucket weigh. */
  weightOf(bucket: number): number {
    return this.#buckets[bucket]!;
  }
  get weight(): number {
    return this.#weight;
  }

  snapshot(): LagSketchSnapshot {
    const buckets = this.#buckets.flatMap((weight, bucket) =>
      weight > 0 ? [[bucket, weight] as const] : [],
    );
    return { n: this.#n, max: this.#max, buckets };
  }

  #halve(): void {
    this.#weight = 0;
    for (let bucket = 0; bucket < EDGES.length; bucket++) {
      const half = Math.ceil(this.#buckets[bucket]! / 2);
      this.#buckets[bucket] = half;
      this.#weight += half;
    }
  }
}

/** A quantile of several distributions together, each with a share of its weight, and of samples of 0 ms. */
export function quantileOf(
  parts: readonly { readonly sketch: LagSketch; readonly share: number }[],
  zeros: number,
  q: number,
): number | undefined {
  const counted = parts.filter(({ sketch, share }) => share > 0 && sketch.weight > 0);
  const total = counted.reduce((sum, { sketch, share }) => sum + sketch.weight * share, zeros);
  if (total <= 0) return undefined;
  const max = counted.reduce((most, { sketch }) => Math.max(most, sketch.max), 0);
  let left = q * total - zeros;
  if (left <= EVEN) return 0;
  for (let bucket = 0; bucket < EDGES.length; bucket++) {
    for (const { sketch, share } of counted) left -= sketch.weightOf(bucket) * share;
    if (left <= EVEN) return Math.min(EDGES[bucket]!, max);
  }
  return max;
}

/** The first bucket whose edge is not below a lag. */
function bucketOf(lag: number): number {
  let low = 0;
  let high = EDGES.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (EDGES[middle]! >= lag) high = middle;
    else low = middle + 1;
  }
  return low;
}
