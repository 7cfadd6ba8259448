/** What one has seen of a series; what has come since can be asked for with it. */
export interface SeriesCursor {
  /** How often it had been thinned. */
  readonly thinned: number;
  /** Stretches of time it had. */
  readonly buckets: number;
}

/** Rows of a series: columns of one length. A value that is not known is `null`. */
export interface SeriesRows {
  /** Which row of the whole series the first one is: what one has from there on is replaced. */
  readonly from: number;
  readonly t: readonly number[];
  /** One per line of the series. */
  readonly lines: readonly (readonly (number | null)[])[];
  readonly cursor: SeriesCursor;
}

/** How a series is kept. */
export interface SeriesOptions {
  /** Stretches of time at most; each makes two rows. Default 2,048. */
  readonly buckets?: number;
  /** How long a stretch is at first, in ms. Default 10. */
  readonly widthMs?: number;
}

const BUCKETS = 2_048;
const WIDTH_MS = 10;
/** Two rows per stretch: of each line its least and its greatest value, whichever came first before. */
const ROWS = 2;

/**
 * Values of several lines over time, in bounded memory: time is cut into stretches, which become twice as long whenever there are too
 * many. Of each line a stretch keeps the least and the greatest value, in the order in which they came, so that no spike is ever lost.
 * The same samples always give the same rows.
 */
export class Series {
  #most: number;
  #width: number;
  #origin = 0;
  #thinned = 0;
  /** Number of each stretch, counted from the first sample, and when its first and last samples were. */
  #cells: number[] = [];
  #starts: number[] = [];
  #ends: number[] = [];
  /** Per line: the extreme that came first and the one that came last; NaN: none. */
  readonly #first: number[][];
  readonly #second: number[][];
  #last: number[];

  constructor(lines: number, { buckets = BUCKETS, widthMs = WIDTH_MS }: SeriesOptions = {}) {
    this.#most = Math.max(4, buckets);
    this.#width = widthMs;
    this.#first = Array.from({ length: lines }, () => []);
    this.#second = Array.from({ length: lines }, () => []);
    this.#last = new Array<number>(lines).fill(NaN);
  }

  /** Stretches of time that it has now. */
  get buckets(): number {
    return this.#cells.length;
  }
  /** How long one is, in ms. */
  get widthMs(): number {
    return this.#width;
  }
  /** The last sample's time; `undefined` before the first. */
  get lastAt(): number | undefined {
    return this.#ends.at(-1);
  }

  /** Adds a line that was not known before: it begins here. */
  addLine(): void {
    this.#first.push(this.#cells.map(() => NaN));
    this.#second.push(this.#cells.map(() => NaN));
    this.#last.push(NaN);
  }

  /** Takes a sample; `t` never falls, NaN is a value that is not known. */
  push(t: number, values: ArrayLike<number>): void {
    if (this.#cells.length === 0) this.#origin = t;
    const cell = Math.floor((t - this.#origin) / this.#width);
    let at = this.#cells.length - 1;
    if (at < 0 || this.#cells[at] !== cell) {
      if (this.#cells.length >= this.#most) {
        this.#thin();
        this.push(t, values);
        return;
      }
      at += 1;
      this.#cells.push(cell);
      this.#starts.push(t);
      for (const line of this.#first) line.push(NaN);
      for (const line of this.#second) line.push(NaN);
      this.#ends.push(t);
    }
    this.#ends[at] = t;
    for (let line = 0; line < this.#last.length; line++) {
      const value = values[line] ?? NaN;
      this.#last[line] = value;
      if (!Number.isNaN(value)) this.#extend(line, at, value);
    }
  }

  /** Keeps no more stretches than so many from now on, as long as that makes them. */
  coarsen(buckets: number): void {
    this.#most = Math.min(this.#most, Math.max(4, buckets));
    if (this.#cells.length > this.#most) this.#thin();
  }

  /** What has come since a cursor; everything without one, or when what was there has been thinned. */
  since(cursor: SeriesCursor | undefined): SeriesRows {
    const buckets = this.#cells.length;
    // The last stretch that was seen may have grown.
    const begin = cursor?.thinned === this.#thinned ? Math.max(0, Math.min(buckets, cursor.buckets) - 1) : 0;
    const t: number[] = [];
    for (let at = begin; at < buckets; at++) t.push(this.#starts[at]!, this.#ends[at]!);
    const lines = this.#first.map((first, line) => {
      const second = this.#second[line]!;
      const rows: (number | null)[] = [];
      for (let at = begin; at < buckets; at++) rows.push(known(first[at]!), known(second[at]!));
      return rows;
    });
    if (buckets > 0) {
      // Where it stands now: an extreme of the last stretch need not be its last value.
      t.push(this.#ends[buckets - 1]!);
      lines.forEach((rows, line) => rows.push(known(this.#last[line]!)));
    }
    return { from: begin * ROWS, t, lines, cursor: { thinned: this.#thinned, buckets } };
  }

  #extend(line: number, at: number, value: number): void {
    const first = this.#first[line]!;
    const second = this.#second[line]!;
    const [a, b] = [first[at]!, second[at]!];
    if (Number.isNaN(a)) {
      first[at] = value;
      second[at] = value;
      return;
    }
    if (value > Math.max(a, b)) {
      first[at] = Math.min(a, b);
      second[at] = value;
    } else if (value < Math.min(a, b)) {
      first[at] = Math.max(a, b);
      second[at] = value;
    }
  }

  /** Makes stretches twice as long until a good part of the room is free. */
  #thin(): void {
    this.#thinned += 1;
    while (this.#cells.length > (this.#most * 3) / 4) {
      this.#width *= 2;
      this.#merge();
    }
  }

  #merge(): void {
    const into: number[] = [];
    const cells: number[] = [];
    for (const cell of this.#cells) {
      const half = Math.floor(cell / 2);
      if (cells.at(-1) !== half) cells.push(half);
      into.push(cells.length - 1);
    }
    const starts: number[] = [];
    const ends: number[] = [];
    into.forEach((to, from) => {
      starts[to] ??= this.#starts[from]!;
      ends[to] = this.#ends[from]!;
    });
    this.#first.forEach((first, line) => {
      const second = this.#second[line]!;
      const [a, b] = [first.slice(), second.slice()];
      first.length = 0;
      second.length = 0;
      for (let to = 0; to < cells.length; to++) {
        first.push(NaN);
        second.push(NaN);
      }
      into.forEach((to, from) => {
        for (const value of [a[from]!, b[from]!]) if (!Number.isNaN(value)) this.#extend(line, to, value);
      });
    });
    this.#cells = cells;
    this.#starts = starts;
    this.#ends = ends;
  }
}

function known(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}
