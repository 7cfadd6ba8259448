/** Which stretch of time the charts show. */
export type Span = "all" | number;

const MINUTE_MS = 60_000;

export const SPANS: readonly { readonly span: Span; readonly label: string }[] = [
  { span: 2 * MINUTE_MS, label: "2m" },
  { span: 10 * MINUTE_MS, label: "10m" },
  { span: 30 * MINUTE_MS, label: "30m" },
  { span: "all", label: "All" },
];

/** The least that is shown, so that a chart which begins is no single line. */
const LEAST_MS = 10_000;

/** Time from and to which a chart reaches: its last stretch, all of it, or what was cut out of it by hand. */
export function rangeOf(
  times: readonly number[],
  span: Span,
  zoom: readonly [number, number] | undefined,
): [number, number] {
  if (zoom !== undefined) return [zoom[0], zoom[1]];
  const first = times[0] ?? 0;
  const last = times.at(-1) ?? first + LEAST_MS;
  if (span === "all") return [Math.min(first, last - LEAST_MS), last];
  return [last - span, last];
}

const FASTEST_MS = 100;
const SLOWEST_MS = 500;

/** Time between two drawings of a chart of that many ms on that many pixels: half a pixel's worth, within what feels alive. */
export function drawPace(ms: number, pixels: number): number {
  return Math.min(SLOWEST_MS, Math.max(FASTEST_MS, ms / Math.max(1, pixels) / 2));
}

/** The least range of values shown: a market that stands still is a flat line, not noise that fills the chart. */
const LEAST_SPREAD = 0.06;

/** Prices from and to which a chart reaches: what is seen with some room, inside of 0 and 1. */
export function priceRange(least: number | null, greatest: number | null): [number, number] {
  if (least === null || greatest === null || !Number.isFinite(least) || !Number.isFinite(greatest))
    return [0, 1];
  const room = Math.max((greatest - least) * 0.08, (LEAST_SPREAD - (greatest - least)) / 2, 0.004);
  const low = Math.max(-0.01, least - room);
  const high = Math.min(1.01, greatest + room);
  return low < high ? [low, high] : [0, 1];
}

/** Least and greatest values of columns between two indexes, both included; null when there are none. */
export function extent(
  columns: readonly (readonly (number | null)[])[],
  from: number,
  to: number,
): [number | null, number | null] {
  let least: number | null = null;
  let greatest: number | null = null;
  for (const column of columns) {
    for (let i = Math.max(0, from); i <= to && i < column.length; i++) {
      const value = column[i];
      if (value === null || value === undefined) continue;
      if (least === null || value < least) least = value;
      if (greatest === null || value > greatest) greatest = value;
    }
  }
  return [least, greatest];
}
