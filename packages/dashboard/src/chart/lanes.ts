import uPlot from "uplot";
import type { ChartData } from "../store/index.ts";
import { count, lapse, NONE, signed, timeOfDay } from "../text/format.ts";
import type { Colours } from "./colours.ts";
import { RAIL } from "./marks.ts";
import { ON_THE_RIGHT } from "./side.ts";
import { priceRange } from "./view.ts";

/** The charts that stand above each other on one axis of time. */
export type LaneName = "price" | "edge" | "age" | "position";

/** What the lanes read while they draw. */
export interface LaneContext {
  readonly colours: () => Colours;
  readonly range: () => [number, number];
  readonly drawUnder: (u: uPlot, lane: LaneName) => void;
  readonly drawOver: (u: uPlot, lane: LaneName) => void;
  readonly zoomed: (from: number, to: number) => void;
  readonly unzoom: () => void;
  readonly pointed: (u: uPlot) => void;
}

const AXIS_WIDTH = 56;
const TIME_HEIGHT = 24;
const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const TIME_STEPS = [
  ...[1, 2, 5, 10, 15, 30].map((n) => n * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((n) => n * MINUTE),
  ...[1, 2, 4, 6, 12, 24, 48, 96].map((n) => n * HOUR),
];

/** A lane's data in the order of its series. */
export function laneData(lane: LaneName, data: ChartData): uPlot.AlignedData {
  const { t, columns, above, below } = data;
  const { mid, microprice, p, bid, ask, edge0, edge1, bookAge, position } = columns;
  switch (lane) {
    case "price":
      return [t, above, below, ask, bid, microprice, mid, p];
    case "edge":
      return [t, edge0, edge1];
    case "age":
      return [t, bookAge];
    case "position":
      return [t, position];
  }
}

/** Options of a lane's chart. `rows`: names of what has an age. */
export function laneOptions(
  lane: LaneName,
  size: { readonly width: number; readonly height: number },
  rows: readonly string[],
  context: LaneContext,
): uPlot.Options {
  const last = lane === "position";
  return {
    ...size,
    ms: 1,
    padding: [lane === "price" ? RAIL + 4 : 3, 0, last ? 0 : 3, 8],
    legend: { show: false },
    cursor: {
      y: false,
      x: true,
      points: { show: lane !== "age", size: 6, width: 1.5 },
      drag: { x: true, y: false, setScale: false, dist: 6 },
      focus: { prox: -1 },
      sync: { key: "chart", scales: ["x", null] },
      bind: {
        dblclick: () => () => {
          context.unzoom();
          return null;
        },
      },
    },
    scales: {
      x: { time: false, range: () => context.range() },
      [lane]: valueScale(lane, rows.length),
    },
    axes: [timeAxis(last, context), valueAxis(lane, rows, context)],
    series: [{}, ...seriesOf(lane, context)],
    bands: lane === "price" ? [{ series: [1, 2], fill: () => context.colours().band }] : [],
    hooks: {
      drawClear: [(u) => context.drawUnder(u, lane)],
      draw: [(u) => context.drawOver(u, lane)],
      setCursor: [(u) => (lane === "price" ? context.pointed(u) : undefined)],
      setSelect: [
        (u) => {
          const { left, width } = u.select;
          if (width <= 0) return;
          u.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
          // Every lane hears of the same gesture; the one it was made on answers.
          if (lane === "price") context.zoomed(u.posToVal(left, "x"), u.posToVal(left + width, "x"));
        },
      ],
    },
  };
}

function valueScale(lane: LaneName, rows: number): uPlot.Scale {
  switch (lane) {
    case "price":
      return { range: (_u, least, greatest) => priceRange(least, greatest) };
    case "edge":
      return {
        range: (_u, least, greatest) => [Math.min(-0.01, least), Math.max(0.01, greatest)],
      };
    case "age":
      return { range: () => [0, rows] };
    case "position":
      return { range: (_u, least, greatest) => [Math.min(0, least) - 1, Math.max(0, greatest) + 1] };
  }
}

function timeAxis(shown: boolean, { colours }: LaneContext): uPlot.Axis {
  return {
    stroke: () => colours().muted,
    grid: { stroke: () => colours().lineSoft, width: 1 },
    ticks: { show: shown, stroke: () => colours().line, width: 1, size: 4 },
    size: shown ? TIME_HEIGHT : 0,
    gap: 3,
    font: "11px sans-serif",
    space: 78,
    incrs: TIME_STEPS,
    values: (u, splits, _axis, _space, step) =>
      splits.map((t) => {
        const text = timeOfDay(t).slice(0, step >= MINUTE ? 5 : 8);
        // A label that would be cut off is left out.
        return shown && u.valToPos(t, "x") > text.length * 3 ? text : "";
      }),
  };
}

function valueAxis(lane: LaneName, rows: readonly string[], { colours }: LaneContext): uPlot.Axis {
  return {
    scale: lane,
    ...ON_THE_RIGHT,
    stroke: () => colours().muted,
    grid: { stroke: () => colours().lineSoft, width: 1 },
    ticks: { show: false },
    size: AXIS_WIDTH,
    gap: 6,
    font: "11px sans-serif",
    space: lane === "price" ? 34 : 18,
    ...splitsOf(lane, rows),
  };
}

/** Few and round: a lane is as high as three lines of text. */
function splitsOf(lane: LaneName, rows: readonly string[]): Partial<uPlot.Axis> {
  if (lane === "age")
    return {
      grid: { show: false },
      splits: () => rows.map((_, i) => rows.length - i - 0.5),
      values: () => rows.map((name) => (name.length > 7 ? `${name.slice(0, 6)}\u2026` : name)),
    };
  const values = (_u: uPlot, splits: number[]): string[] => splits.map((value) => axisText(lane, value));
  if (lane === "price") return { values };
  return {
    values,
    splits: (_u, _axis, min, max) => {
      const step = roundStep(Math.max(-min, max) * 0.85, lane === "edge" ? 0.01 : 1);
      // The position's lane has no room for three.
      const ends = lane === "edge" ? [-step, 0, step] : -min > max ? [-step, 0] : [0, step];
      return ends.filter((value) => value === 0 || (value > min && value < max));
    },
  };
}

/** The greatest of 1, 2 or 5 times a power of ten that is not above a value, and at least `least`. */
export function roundStep(value: number, least: number): number {
  if (value <= least) return least;
  const ten = 10 ** Math.floor(Math.log10(value) + 1e-9);
  return Math.max(least, [5, 2, 1].find((each) => each * ten <= value * (1 + 1e-9))! * ten);
}

function axisText(lane: LaneName, value: number): string {
  if (lane === "price") return value < 0 || value > 1.0001 ? "" : value.toFixed(2);
  if (lane === "edge") return `${signed(value * 100, 0)}\u00a2`;
  return Number.isInteger(value) ? count(value) : "";
}

const stepped = uPlot.paths.stepped!({ align: 1 });
const linear = uPlot.paths.linear!();

/** Steps where they can be seen; where several points share a pixel, the line that uPlot draws by least and greatest. */
const lineOf: uPlot.Series.PathBuilder = (u, series, from, to) =>
  (to - from > u.bbox.width ? linear : stepped)(u, series, from, to);

function seriesOf(lane: LaneName, { colours }: LaneContext): uPlot.Series[] {
  const line = (
    label: string,
    colour: keyof Colours,
    width: number,
    more: Partial<uPlot.Series> = {},
  ): uPlot.Series => ({
    label,
    scale: lane,
    stroke: () => colours()[colour],
    width,
    points: { show: false },
    paths: lineOf,
    ...more,
  });
  switch (lane) {
    case "price":
      return [
        line("above", "band", 0),
        line("below", "band", 0),
        line("ask", "faint", 0.6, { dash: [1, 3] }),
        line("bid", "faint", 0.6, { dash: [1, 3] }),
        line("microprice", "micro", 1, { dash: [3, 3] }),
        line("mid", "market", 1.8),
        line("p", "model", 1.8),
      ];
    case "edge":
      return [
        line("edge0", "up", 1.3, { fillTo: 0, fill: () => `${colours().up}22` }),
        line("edge1", "down", 1.3, { dash: [4, 2] }),
      ];
    case "age":
      // Drawn by hand; the series is there so that the lane has a pointer.
      return [line("age", "faint", 0, { paths: () => null })];
    case "position":
      return [line("position", "text", 1.3, { fillTo: 0, fill: () => `${colours().muted}2a` })];
  }
}

/** An age with its unit, or that there is none. */
export function ageText(ms: number | null | undefined): string {
  return ms === null || ms === undefined ? NONE : lapse(ms);
}
