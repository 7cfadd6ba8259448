/** A stretch of values that is laid on a stretch of the picture. */
export interface Scale {
  (value: number): number;
  readonly from: number;
  readonly to: number;
}

/** Size of every picture in its own units; it is stretched to the room that it gets, and lines keep their width. */
export const WIDTH = 1_000;

/** Lays `from..to` on `low..high` of the picture. */
export function scale(from: number, to: number, low: number, high: number): Scale {
  const width = to - from || 1;
  const lay = (value: number): number => low + ((value - from) / width) * (high - low);
  return Object.assign(lay, { from, to });
}

/** A number with at most one decimal. */
export function num(value: number): string {
  return String(Math.round(value * 10) / 10);
}

/** Round values from `from` to `to`, about as many as wanted. */
export function niceTicks(from: number, to: number, wanted = 4): readonly number[] {
  const rough = (to - from) / Math.max(1, wanted);
  if (!(rough > 0)) return [from];
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((each) => each * power).find((each) => each >= rough)!;
  const ticks: number[] = [];
  for (let i = Math.ceil(from / step - 1e-9); i * step <= to + step * 1e-9; i++) ticks.push(i * step);
  return ticks;
}

const STEPS_MS = [
  1_000, 5_000, 15_000, 60_000, 300_000, 600_000, 1_200_000, 1_800_000, 3_600_000, 7_200_000, 14_400_000,
  21_600_000, 43_200_000, 86_400_000, 172_800_000, 604_800_000, 2_592_000_000,
];

/** Round times from `from` to `to`. */
export function timeTicks(from: number, to: number, wanted = 6): readonly number[] {
  const step = STEPS_MS.find((each) => (to - from) / each <= wanted) ?? STEPS_MS.at(-1)!;
  const ticks: number[] = [];
  for (let at = Math.ceil(from / step) * step; at <= to; at += step) ticks.push(at);
  return ticks;
}

/** A time of day, or a day where the whole is longer than two. */
export function timeText(at: number, spanMs: number): string {
  const iso = new Date(at).toISOString();
  if (spanMs > 172_800_000) return iso.slice(5, 10);
  return spanMs > 300_000 ? iso.slice(11, 16) : iso.slice(11, 19);
}

interface Column {
  readonly at: number;
  readonly first: number;
  readonly low: number;
  readonly high: number;
  readonly last: number;
}

/** What is left of a line when its points share columns of the picture: of each its first, least, greatest and last. */
function columnsOf(
  t: readonly number[],
  values: readonly (number | null)[],
  x: Scale,
  columns: number,
): readonly (Column | null)[] {
  const found: (Column | null)[] = [];
  let now = -1;
  let column: { at: number; first: number; low: number; high: number; last: number } | undefined;
  const width = WIDTH / columns;
  for (const [i, at] of t.entries()) {
    const value = values[i];
    if (value === null || value === undefined) {
      if (column !== undefined) found.push(column, null);
      column = undefined;
      continue;
    }
    const place = x(at);
    const cell = Math.floor(place / width);
    if (column !== undefined && cell === now) {
      column.low = Math.min(column.low, value);
      column.high = Math.max(column.high, value);
      column.last = value;
      continue;
    }
    if (column !== undefined) found.push(column);
    now = cell;
    column = { at: place, first: value, low: value, high: value, last: value };
  }
  if (column !== undefined) found.push(column);
  return found;
}

/** A line's path: each value holds until the next one; one that is not known breaks it. */
export function linePath(
  t: readonly number[],
  values: readonly (number | null)[],
  x: Scale,
  y: Scale,
  columns: number,
): string {
  let path = "";
  let open = false;
  for (const column of columnsOf(t, values, x, columns)) {
    if (column === null) {
      open = false;
      continue;
    }
    const { at, first, low, high, last } = column;
    const rises = last >= first;
    const seen = [first, rises ? low : high, rises ? high : low, last];
    const ys = seen.map((value) => num(y(value))).filter((value, i, all) => i === 0 || value !== all[i - 1]);
    path += `${open ? `H${num(at)}V` : `M${num(at)} `}${ys[0]!}${ys
      .slice(1)
      .map((value) => `V${value}`)
      .join("")}`;
    if (!open && ys.length === 1) path += "h0";
    open = true;
  }
  return path;
}

/** The area between two lines; where one of them is not known it has a hole. */
export function bandPath(
  t: readonly number[],
  low: readonly (number | null)[],
  high: readonly (number | null)[],
  x: Scale,
  y: Scale,
  columns: number,
): string {
  const both = t.map((_, i) => typeof low[i] === "number" && typeof high[i] === "number");
  const only = (values: readonly (number | null)[]): (number | null)[] =>
    values.map((value, i) => (both[i] === true ? value : null));
  const lows = columnsOf(t, only(low), x, columns);
  const highs = columnsOf(t, only(high), x, columns);
  let path = "";
  let upper: string[] = [];
  let lower: string[] = [];
  const close = (): void => {
    if (upper.length > 1) path += `M${upper.join("L")}L${lower.toReversed().join("L")}Z`;
    upper = [];
    lower = [];
  };
  for (const [i, below] of lows.entries()) {
    const above = highs[i];
    if (below === null || above === null || above === undefined) {
      close();
      continue;
    }
    upper.push(`${num(above.at)} ${num(y(above.high))}`);
    lower.push(`${num(below.at)} ${num(y(below.low))}`);
  }
  close();
  return path;
}
