import type { ReliabilityBin } from "@matchpoint/sdk";
import { escaped } from "./html.ts";

const MARGIN = { left: 44, right: 12, top: 12, bottom: 36 };

interface Axis {
  readonly from: number;
  readonly to: number;
  readonly ticks: readonly number[];
  readonly label: string;
  readonly text: (value: number) => string;
}

interface Frame {
  readonly width: number;
  readonly height: number;
  readonly x: Axis;
  readonly y: Axis;
}

/** Where a value lies on the picture. */
function place(frame: Frame, x: number, y: number): readonly [number, number] {
  const width = frame.width - MARGIN.left - MARGIN.right;
  const height = frame.height - MARGIN.top - MARGIN.bottom;
  const part = (axis: Axis, value: number): number => (value - axis.from) / (axis.to - axis.from || 1);
  return [
    round(MARGIN.left + part(frame.x, x) * width),
    round(frame.height - MARGIN.bottom - part(frame.y, y) * height),
  ];
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function picture(frame: Frame, label: string, content: readonly string[]): string {
  const { width, height, x, y } = frame;
  const grid = [
    ...y.ticks.map((tick) => {
      const [left, at] = place(frame, x.from, tick);
      const [right] = place(frame, x.to, tick);
      return `<line class="grid" x1="${left}" y1="${at}" x2="${right}" y2="${at}"/><text class="tick" x="${left - 6}" y="${at + 4}" text-anchor="end">${y.text(tick)}</text>`;
    }),
    ...x.ticks.map((tick) => {
      const [at, bottom] = place(frame, tick, y.from);
      return `<text class="tick" x="${at}" y="${bottom + 16}" text-anchor="middle">${x.text(tick)}</text>`;
    }),
  ];
  return [
    `<svg role="img" aria-label="${escaped(label)}" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">`,
    ...grid,
    `<text class="tick" x="${round((width + MARGIN.left) / 2)}" y="${height - 4}" text-anchor="middle">${escaped(x.label)}</text>`,
    `<text class="tick" transform="translate(11 ${round((height - MARGIN.bottom) / 2)}) rotate(-90)" text-anchor="middle">${escaped(y.label)}</text>`,
    ...content,
    "</svg>",
  ].join("\n");
}

const CHANCE: Omit<Axis, "label"> = {
  from: 0,
  to: 1,
  ticks: [0, 0.25, 0.5, 0.75, 1],
  text: (value) => String(value),
};

/** What was said against how often it happened: points on the diagonal are calibrated. Bars are two standard errors. */
export function reliabilityPlot(what: string, bins: readonly ReliabilityBin[]): string {
  const frame: Frame = {
    width: 320,
    height: 320,
    x: { ...CHANCE, label: "said" },
    y: { ...CHANCE, label: "happened" },
  };
  const [x0, y0] = place(frame, 0, 0);
  const [x1, y1] = place(frame, 1, 1);
  const points = bins.flatMap(({ n, predicted, observed }) => {
    const [x, y] = place(frame, predicted, observed);
    const error = 2 * Math.sqrt((predicted * (1 - predicted)) / n);
    const [, low] = place(frame, predicted, Math.max(0, observed - error));
    const [, high] = place(frame, predicted, Math.min(1, observed + error));
    return [
      `<line class="bar" x1="${x}" y1="${low}" x2="${x}" y2="${high}"/>`,
      `<circle class="s0" cx="${x}" cy="${y}" r="4"><title>said ${predicted.toFixed(3)}, happened ${observed.toFixed(3)}, n ${n}</title></circle>`,
    ];
  });
  const worst = bins.reduce((most, bin) => Math.max(most, Math.abs(bin.predicted - bin.observed)), 0);
  return picture(
    frame,
    `Reliability of ${what}: ${bins.length} bins, the farthest is ${worst.toFixed(3)} off the diagonal`,
    [`<line class="diagonal" x1="${x0}" y1="${y0}" x2="${x1}" y2="${y1}"/>`, ...points],
  );
}

/** One line of a {@link linePlot}. */
export interface Series {
  readonly name: string;
  readonly points: readonly (readonly [x: number, y: number])[];
}

/** A loss or an error over the minutes or rounds of the games; the first series is the model's own. */
export function linePlot(label: string, xLabel: string, yLabel: string, series: readonly Series[]): string {
  const all = series.flatMap(({ points }) => points);
  if (all.length === 0) return "";
  const xs = [...new Set(all.map(([x]) => x))].sort((a, b) => a - b);
  const most = Math.max(...all.map(([, y]) => y));
  const step = stepFor(most);
  const to = Math.ceil(most / step) * step;
  const frame: Frame = {
    width: 420,
    height: 320,
    x: { from: xs[0]!, to: xs.at(-1)!, ticks: thinned(xs), label: xLabel, text: String },
    y: {
      from: 0,
      to,
      ticks: Array.from({ length: Math.round(to / step) + 1 }, (_, i) => i * step),
      label: yLabel,
      text: (value) => String(Number(value.toFixed(3))),
    },
  };
  const lines = series.flatMap(({ name, points }, i) => {
    const path = points.map(([x, y]) => place(frame, x, y).join(",")).join(" ");
    return [
      `<polyline class="line s${i} d${i}" points="${path}"><title>${escaped(name)}</title></polyline>`,
      ...points.map(([x, y]) => {
        const [cx, cy] = place(frame, x, y);
        return `<circle class="s${i}" cx="${cx}" cy="${cy}" r="${i === 0 ? 3 : 2}"><title>${escaped(name)}: ${y.toFixed(4)} at ${x}</title></circle>`;
      }),
    ];
  });
  const key = series.map(
    ({ name }, i) =>
      `<li><svg aria-hidden="true" width="30" height="10" viewBox="0 0 30 10"><line class="line s${i} d${i}" x1="0" y1="5" x2="30" y2="5"/></svg> ${escaped(name)}</li>`,
  );
  return `${picture(frame, label, lines)}<ul class="key">${key.join("")}</ul>`;
}

function stepFor(most: number): number {
  const raw = most / 5;
  const power = 10 ** Math.floor(Math.log10(raw));
  return [1, 2, 5, 10].map((factor) => factor * power).find((step) => step >= raw)!;
}

function thinned(xs: readonly number[]): readonly number[] {
  const every = Math.ceil(xs.length / 10);
  return xs.filter((_, i) => i % every === 0);
}
