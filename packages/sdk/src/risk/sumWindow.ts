import type { Nanos } from "../units/index.ts";

/**
 * Adds up what happened within a sliding window, in memory that does not grow. Time is counted in pieces, and a piece counts until all
 * of it has left the window: never less than what truly happened within it, and at most one piece more.
 */
export class SumWindow {
  readonly #piece: number;
  readonly #sums: number[];
  #last = -Infinity;
  #total = 0;

  /** @param window its length in ns, a multiple of `pieces` */
  constructor(window: number, pieces: number) {
    this.#piece = window / pieces;
    this.#sums = new Array<number>(pieces + 1).fill(0);
  }

  add(amount: number, now: Nanos): void {
    this.#roll(now);
    this.#sums[this.#slot(this.#last)]! += amount;
    this.#total += amount;
  }

  total(now: Nanos): number {
    this.#roll(now);
    return this.#total;
  }

  clear(): void {
    this.#sums.fill(0);
    this.#total = 0;
  }

  #slot(piece: number): number {
    const { length } = this.#sums;
    return ((piece % length) + length) % length;
  }

  #roll(now: Nanos): void {
    const piece = Math.floor(now / this.#piece);
    if (piece <= this.#last) return;
    if (piece - this.#last >= this.#sums.length) this.clear();
    else {
      for (let each = this.#last + 1; each <= piece; each++) {
        const slot = this.#slot(each);
        this.#total -= this.#sums[slot]!;
        this.#sums[slot] = 0;
      }
    }
    this.#last = piece;
  }
}
