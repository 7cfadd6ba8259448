import type { ChartFrame, ChartMark, ChartPoints, ChartSpan, EquityFrame } from "../frames.ts";

/** A column of a chart. */
export type Column = (number | null)[];

/** The columns of points that are one number each. */
export type ColumnName = Exclude<keyof ChartPoints, "t" | "ages">;

/** All of them: one that is missing does not compile. */
const COLUMNS = [
  "mid",
  "microprice",
  "bid",
  "ask",
  "p",
  "sd",
  "edge0",
  "edge1",
  "spread",
  "position",
  "bookAge",
] as const satisfies readonly ColumnName[];

/**
 * One market's chart as it grows by frames that replace its end. Arrays are kept and cut, not made anew: several thousand points come
 * with every few frames.
 */
export class ChartData {
  market: string | undefined;
  readonly t: number[] = [];
  readonly columns: Readonly<Record<ColumnName, Column>>;
  /** One standard deviation above and below the model's probability. */
  readonly above: Column = [];
  readonly below: Column = [];
  ages: Column[] = [];
  marks: ChartMark[] = [];
  spans: readonly ChartSpan[] = [];

  constructor() {
    this.columns = Object.fromEntries(COLUMNS.map((name) => [name, [] as Column])) as Record<
      (typeof COLUMNS)[number],
      Column
    >;
  }

  /** Takes a frame in. False when it does not join what is here, or is not whole: then all of it has to be asked for again. */
  take(frame: ChartFrame): boolean {
    const fresh = frame.market !== this.market;
    const { from, marksFrom, points } = frame;
    if (fresh && (from !== 0 || marksFrom !== 0)) return false;
    if (!joins(from, fresh ? 0 : this.t.length) || !joins(marksFrom, fresh ? 0 : this.marks.length))
      return false;
    const n = points.t.length;
    if (COLUMNS.some((name) => points[name].length !== n) || points.ages.some((each) => each.length !== n))
      return false;
    // Another number of sources is another chart.
    if (from !== 0 && points.ages.length !== this.ages.length) return false;
    if (from === 0) this.ages = points.ages.map(() => []);
    this.market = frame.market;
    replaceEnd(this.t, from, points.t);
    for (const name of COLUMNS) replaceEnd(this.columns[name], from, points[name]);
    this.ages.forEach((column, i) => replaceEnd(column, from, points.ages[i]!));
    this.above.length = this.below.length = from;
    for (let i = 0; i < n; i++) {
      const p = points.p[i];
      const sd = points.sd[i];
      const known = p !== null && p !== undefined && sd !== null && sd !== undefined;
      this.above.push(known ? Math.min(1, p + sd) : null);
      this.below.push(known ? Math.max(0, p - sd) : null);
    }
    replaceEnd(this.marks, marksFrom, frame.marks);
    this.spans = frame.spans;
    return true;
  }

  /** Forgets everything. */
  clear(): void {
    this.market = undefined;
    for (const column of [this.t, this.above, this.below, ...Object.values(this.columns)]) column.length = 0;
    this.ages = [];
    this.marks = [];
    this.spans = [];
  }
}

/** Index of the last time that is not after `t`; -1: all are. */
export function indexAt(times: readonly number[], t: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (times[middle]! <= t) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** The account over time. */
export class EquityData {
  readonly t: number[] = [];
  readonly equity: Column = [];
  readonly realized: Column = [];
  readonly drawdown: Column = [];
  readonly exposure: Column = [];

  /** As with {@link ChartData.take}. */
  take({ from, points }: EquityFrame): boolean {
    const names = ["equity", "realized", "drawdown", "exposure"] as const;
    if (!joins(from, this.t.length) || names.some((name) => points[name].length !== points.t.length))
      return false;
    replaceEnd(this.t, from, points.t);
    for (const name of names) replaceEnd(this[name], from, points[name]);
    return true;
  }
}

function joins(from: number, length: number): boolean {
  return Number.isInteger(from) && from >= 0 && from <= length;
}

function replaceEnd<T>(column: T[], from: number, rest: readonly T[]): void {
  column.length = from;
  for (const each of rest) column.push(each);
}
