import type uPlot from "uplot";
import type { ChartMark, ChartSpan } from "../frames.ts";
import type { Colours } from "./colours.ts";

type Fill = Extract<ChartMark, { kind: "fill" }>;
type Truth = Extract<ChartMark, { kind: "truth" }>;

/** Room above the prices in which truth events stand, in CSS pixels. */
export const RAIL = 16;

/** Orders in sight that are still drawn at full strength. */
const CROWD = 60;

/** What ends something, and so stands out. */
const DECISIVE = /won|end|final|decided|result/;

/** Shades the stretches in which the market could not be seen (hatched) or not be traded (plain, with its reason). */
export function drawSpans(u: uPlot, spans: readonly ChartSpan[], colours: Colours, named: boolean): void {
  const { ctx, bbox } = u;
  const ratio = devicePixelRatio;
  const names: { readonly left: number; readonly right: number; readonly line: number }[] = [];
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  for (const span of spans) {
    const from = u.valToPos(span.from, "x", true);
    const to = span.to === undefined ? bbox.left + bbox.width : u.valToPos(span.to, "x", true);
    const left = Math.max(bbox.left, from);
    const width = Math.min(bbox.left + bbox.width, Math.max(to, from + ratio)) - left;
    if (width <= 0) continue;
    const blocked = span.kind === "halt" || span.kind === "killed";
    ctx.fillStyle = blocked ? colours.halt : colours.gap;
    ctx.fillRect(left, bbox.top, width, bbox.height);
    if (!blocked) hatch(ctx, left, bbox.top, width, bbox.height, ratio, colours.gap);
    if (!named || width < 30 * ratio) continue;
    ctx.fillStyle = blocked ? colours.alarm : colours.caution;
    ctx.font = `${String(10 * ratio)}px sans-serif`;
    ctx.textAlign = "left";
    ctx.textBaseline = "bottom";
    const room = width - 8 * ratio;
    const all = fitted(ctx, `${span.kind}${span.text === "" ? "" : ` \u00b7 ${span.text}`}`, room);
    // A cut that leaves next to nothing of the reason is no help.
    const text = all.length < span.kind.length + 10 ? fitted(ctx, span.kind, room) : all;
    // Stretches lie upon each other: a kill halts every market.
    const right = left + 8 * ratio + ctx.measureText(text).width;
    let line = 0;
    while (names.some((each) => each.line === line && each.left < right && left < each.right)) line++;
    names.push({ left, right, line });
    ctx.fillText(text, left + 4 * ratio, bbox.top + bbox.height - (3 + 12 * line) * ratio);
  }
  ctx.restore();
}

function hatch(
  ctx: CanvasRenderingContext2D,
  left: number,
  top: number,
  width: number,
  height: number,
  ratio: number,
  colour: string,
): void {
  ctx.save();
  ctx.beginPath();
  ctx.rect(left, top, width, height);
  ctx.clip();
  ctx.strokeStyle = colour;
  ctx.lineWidth = ratio;
  ctx.beginPath();
  const apart = 7 * ratio;
  // The hatching stands still while time moves on under it.
  for (let x = Math.floor((left - height) / apart) * apart; x < left + width; x += apart) {
    ctx.moveTo(x, top + height);
    ctx.lineTo(x + height, top);
  }
  ctx.stroke();
  ctx.restore();
}

function fitted(ctx: CanvasRenderingContext2D, text: string, width: number): string {
  if (ctx.measureText(text).width <= width) return text;
  let length = Math.floor((text.length * width) / ctx.measureText(text).width) - 1;
  while (length > 0 && ctx.measureText(`${text.slice(0, length)}\u2026`).width > width) length--;
  return length <= 0 ? "" : `${text.slice(0, length).trimEnd()}\u2026`;
}

/** Truth events on a rail above the prices with a line down; orders as dashes and fills as triangles at their level. */
export function drawMarks(u: uPlot, marks: readonly ChartMark[], colours: Colours): void {
  const { ctx, bbox } = u;
  const { min, max } = u.scales["x"]!;
  if (min === undefined || max === undefined) return;
  const ratio = devicePixelRatio;
  ctx.save();
  ctx.beginPath();
  ctx.rect(
    bbox.left - 6 * ratio,
    bbox.top - RAIL * ratio,
    bbox.width + 12 * ratio,
    bbox.height + RAIL * ratio,
  );
  ctx.clip();
  const shown = between(marks, min, max);
  for (const mark of shown)
    if (mark.kind === "truth" || mark.kind === "end") drawTruth(u, mark, colours, ratio);
  const orders = shown.filter((mark) => mark.kind === "order");
  // Quotes that move with the market are thousands: together they are a texture, not a wall before the prices.
  const crowd = Math.min(1, CROWD / Math.max(1, orders.length));
  ctx.globalAlpha = Math.max(0.3, crowd);
  for (const mark of orders) {
    const half = (crowd < 1 ? 2.5 : 4) * ratio;
    const x = u.valToPos(mark.t, "x", true);
    const y = u.valToPos(mark.level / 10_000, "price", true);
    ctx.strokeStyle = longs(mark) ? colours.up : colours.down;
    ctx.lineWidth = (crowd < 1 ? 1 : 1.5) * ratio;
    ctx.beginPath();
    ctx.moveTo(x - half, y);
    ctx.lineTo(x + half, y);
    ctx.stroke();
  }
  ctx.globalAlpha = 1;
  for (const mark of shown) if (mark.kind === "fill") drawFill(u, mark, colours, ratio);
  ctx.restore();
}

function drawTruth(
  u: uPlot,
  mark: Truth | Extract<ChartMark, { kind: "end" }>,
  colours: Colours,
  ratio: number,
): void {
  const { ctx, bbox } = u;
  const x = Math.round(u.valToPos(mark.t, "x", true)) + 0.5;
  const good = mark.kind === "truth" ? mark.good : undefined;
  const heavy = mark.kind === "end" || DECISIVE.test(mark.what);
  const colour = good === 0 ? colours.up : good === 1 ? colours.down : colours.truth;
  ctx.strokeStyle = colour;
  ctx.fillStyle = colour;
  ctx.globalAlpha = heavy ? 0.7 : 0.17;
  ctx.lineWidth = ratio;
  ctx.beginPath();
  ctx.moveTo(x, bbox.top);
  ctx.lineTo(x, bbox.top + bbox.height);
  ctx.stroke();
  ctx.globalAlpha = 1;
  // Up: good for the first outcome; down: for the second; a diamond: neither is plain.
  const y = bbox.top - (RAIL / 2) * ratio;
  const r = (heavy ? 5 : 3.6) * ratio;
  ctx.beginPath();
  if (good === undefined) {
    ctx.moveTo(x, y - r);
    ctx.lineTo(x + r, y);
    ctx.lineTo(x, y + r);
    ctx.lineTo(x - r, y);
  } else {
    const tip = good === 0 ? -r : r;
    ctx.moveTo(x, y + tip);
    ctx.lineTo(x + r, y - tip * 0.8);
    ctx.lineTo(x - r, y - tip * 0.8);
  }
  ctx.closePath();
  ctx.fill();
}

function drawFill(u: uPlot, mark: Fill, colours: Colours, ratio: number): void {
  const { ctx } = u;
  const x = u.valToPos(mark.t, "x", true);
  const y = u.valToPos(mark.level / 10_000, "price", true);
  const up = longs(mark);
  const r = fillRadius(mark.size) * ratio;
  const tip = up ? -r : r;
  ctx.beginPath();
  ctx.moveTo(x, y + tip);
  ctx.lineTo(x + r * 0.95, y - tip * 0.75);
  ctx.lineTo(x - r * 0.95, y - tip * 0.75);
  ctx.closePath();
  ctx.fillStyle = mark.maker ? colours.panel : up ? colours.up : colours.down;
  ctx.strokeStyle = mark.maker ? (up ? colours.up : colours.down) : colours.panel;
  ctx.lineWidth = (mark.maker ? 1.8 : 1) * ratio;
  ctx.fill();
  ctx.stroke();
  if (!mark.failed) return;
  ctx.strokeStyle = colours.alarm;
  ctx.lineWidth = 1.8 * ratio;
  ctx.beginPath();
  ctx.moveTo(x - r, y - r);
  ctx.lineTo(x + r, y + r);
  ctx.moveTo(x + r, y - r);
  ctx.lineTo(x - r, y + r);
  ctx.stroke();
}

/** Area goes with the size, within what can be seen and does not cover the chart. */
export function fillRadius(size: number): number {
  return Math.min(11, 4 + Math.sqrt(size / 1_000_000) * 0.45);
}

/** Whether it is for the first outcome: buying it, or selling the other. */
export function longs({ side, outcome }: { readonly side: string; readonly outcome: number }): boolean {
  return (side === "buy") === (outcome === 0);
}

/** The marks of a stretch of time; marks come in order. */
export function between(marks: readonly ChartMark[], from: number, to: number): readonly ChartMark[] {
  return marks.slice(lowerBound(marks, from), lowerBound(marks, to + 1));
}

function lowerBound(marks: readonly ChartMark[], t: number): number {
  let low = 0;
  let high = marks.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (marks[middle]!.t < t) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The mark that is nearest to a moment, not further than `reach` ms; what is traded before what is told. */
export function nearestMarks(marks: readonly ChartMark[], t: number, reach: number): readonly ChartMark[] {
  return [...between(marks, t - reach, t + reach)]
    .sort((a, b) => Math.abs(a.t - t) - Math.abs(b.t - t))
    .slice(0, 4);
}
