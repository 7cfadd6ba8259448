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

  /**
   * What counts now, for {@link SumWindow.add}, oldest first: a piece's sum as of its end, so that what is counted on from it by another
   * clock still counts no shorter than it would have here.
   */
  pieces(now: Nanos): readonly { readonly at: Nanos; readonly sum: number }[] {
    this.#roll(now);
    const found: { readonly at: Nanos; readonly sum: number }[] = [];
    for (let piece = this.#last - this.#sums.length + 1; piece <= this.#last; piece++) {
      const sum = this.#sums[this.#slot(piece)]!;
      if (sum !== 0) found.push({ at: Math.min((piece + 1) * this.#piece - 1, now) as Nanos, sum });
    }
    return found;
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
