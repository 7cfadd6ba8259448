import type uPlot from "uplot";
import { indexAt, type ChartData } from "../store/index.ts";
import type { Colours } from "./colours.ts";

/** From which age on a silence is worth a look, and from which on it is trouble, in ms. */
const LOOK_MS = 5_000;
const TROUBLE_MS = 30_000;
/** The age whose bar is as high as its row. */
const FULL_MS = 120_000;

const TONES = ["faint", "caution", "alarm"] as const;

/** Height of an age's bar, from 0 to 1: by powers of ten, so that a second and a minute can both be seen. */
export function ageHeight(ms: number): number {
  return Math.min(1, Math.log1p(Math.max(0, ms) / 1_000) / Math.log1p(FULL_MS / 1_000));
}

/** Colour of an age. */
export function ageTone(ms: number): (typeof TONES)[number] {
  return ms < LOOK_MS ? "faint" : ms < TROUBLE_MS ? "caution" : "alarm";
}

/** The greatest age in each of `width` columns between two moments; -1 where nothing is known. */
export function agesByColumn(
  times: readonly number[],
  ages: readonly (number | null)[],
  from: number,
  to: number,
  width: number,
): Float64Array {
  const greatest = new Float64Array(width).fill(-1);
  if (to <= from) return greatest;
  let i = Math.max(0, indexAt(times, from));
  let before = -1;
  for (; i < times.length && times[i]! <= to; i++) {
    const age = ages[i];
    const column = Math.min(width - 1, Math.max(0, Math.floor(((times[i]! - from) / (to - from)) * width)));
    // Between two points the first one's age holds.
    for (let gap = before + 1; before >= 0 && gap < column; gap++) greatest[gap] = greatest[before]!;
    if (age !== null && age !== undefined && age > greatest[column]!) greatest[column] = age;
    before = column;
  }
  return greatest;
}

/** How long the book and each source have been silent: a row each, the higher the longer. */
export function drawAges(u: uPlot, data: ChartData, colours: Colours): void {
  const { ctx, bbox } = u;
  const { min, max } = u.scales["x"]!;
  if (min === undefined || max === undefined) return;
  const rows = [data.columns.bookAge, ...data.ages];
  const high = bbox.height / rows.length;
  const ratio = devicePixelRatio;
  const step = Math.max(1, Math.round(ratio));
  ctx.save();
  rows.forEach((ages, row) => {
    const base = bbox.top + high * (row + 1);
    const columns = agesByColumn(data.t, ages, min, max, Math.max(1, Math.floor(bbox.width / step)));
    for (const tone of TONES) {
      ctx.fillStyle = colours[tone];
      ctx.beginPath();
      columns.forEach((age, i) => {
        if (age < 0 || ageTone(age) !== tone) return;
        const tall = Math.max(ratio, ageHeight(age) * (high - 2 * ratio));
        ctx.rect(bbox.left + i * step, base - tall, step, tall);
      });
      ctx.fill();
    }
  });
  ctx.restore();
}
