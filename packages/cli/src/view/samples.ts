/** What is told of many values. */
export interface Spread {
  readonly n: number;
  readonly p50: number | undefined;
  readonly p90: number | undefined;
  readonly p99: number | undefined;
  readonly max: number | undefined;
}

const KEPT = 4_096;

/**
 * Values in bounded memory, for quantiles: all of them up to a number, from then on every second, every fourth ... The count and the
 * greatest stay exact, and the same values always give the same answer.
 */
export class Samples {
  readonly #most: number;
  #kept: number[] = [];
  #stride = 1;
  #n = 0;
  #max = -Infinity;

  constructor(most = KEPT) {
    this.#most = most;
  }

  get n(): number {
    return this.#n;
  }

  add(value: number): void {
    if (this.#n % this.#stride === 0) {
      this.#kept.push(value);
      if (this.#kept.length > this.#most) {
        this.#kept = this.#kept.filter((_, i) => i % 2 === 0);
        this.#stride *= 2;
      }
    }
    this.#n += 1;
    if (value > this.#max) this.#max = value;
  }

  spread(): Spread {
    const sorted = this.#kept.toSorted((a, b) => a - b);
    const at = (part: number): number | undefined =>
      sorted[Math.min(sorted.length - 1, Math.ceil(part * sorted.length) - 1)];
    const { n } = this;
    return { n, p50: at(0.5), p90: at(0.9), p99: at(0.99), max: n === 0 ? undefined : this.#max };
  }
}
