import { escaped } from "../models/report/html.ts";
import { WIDTH, num, type Scale } from "./svg.ts";

/** A mark on an axis. */
export interface Tick {
  /** 0 to 1: from the left, or from the top. */
  readonly at: number;
  readonly text: string;
}

/** A picture with its axes: the drawing is stretched, its words are not. */
export interface Chart {
  /** What it shows, for those who cannot see it. */
  readonly label: string;
  readonly height: number;
  readonly content: readonly string[];
  readonly x: readonly Tick[];
  readonly y: readonly Tick[];
  readonly kind?: string;
}

/** Ticks of an axis from values of a scale. */
export function ticksOf(
  values: readonly number[],
  of: Scale,
  length: number,
  text: (value: number) => string,
): readonly Tick[] {
  return values.map((value) => ({ at: of(value) / length, text: text(value) }));
}

/** The picture. */
export function chart({ label, height, content, x, y, kind = "" }: Chart): string {
  const grid = y.map(({ at }) => `M0 ${num(at * height)}H${WIDTH}`).join("");
  const words = [
    ...y.map(({ at, text }) => `<i class="y" style="top:${percent(at)}">${escaped(text)}</i>`),
    ...x.map(
      ({ at, text }, i) =>
        `<i class="x${i % 2 === 1 ? " odd" : ""}" style="left:${percent(at)}">${escaped(text)}</i>`,
    ),
  ];
  return [
    `<div class="chart ${kind}"><div class="plot" style="height:${height}px">`,
    `<svg role="img" aria-label="${escaped(label)}" viewBox="0 0 ${WIDTH} ${height}" preserveAspectRatio="none">`,
    `<path class="grid" d="${grid}"/>`,
    ...content,
    "</svg>",
    ...words,
    "</div></div>",
  ].join("\n");
}

/** A line. */
export function line(d: string, name: string): string {
  return d === "" ? "" : `<path class="line ${name}" d="${d}"/>`;
}

/** An area. */
export function area(d: string, name: string): string {
  return d === "" ? "" : `<path class="area ${name}" d="${d}"/>`;
}

/** A stretch from `from` to `to`, over the whole height. */
export function shade(from: number, to: number, height: number, name: string, title: string): string {
  const width = Math.max(1, to - from);
  return `<rect class="shade ${name}" x="${num(from)}" y="0" width="${num(width)}" height="${height}"><title>${escaped(title)}</title></rect>`;
}

/** A dot that keeps its size. */
export function dot(x: number, y: number, name: string, title: string): string {
  return `<path class="dot ${name}" d="M${num(x)} ${num(y)}h0"><title>${escaped(title)}</title></path>`;
}

/** The key of a picture: each entry with a swatch. */
export function legend(entries: readonly (readonly [name: string, text: string])[]): string {
  return `<ul class="key">${entries.map(([name, text]) => `<li><b class="${name}"></b>${escaped(text)}</li>`).join("")}</ul>`;
}

/** A bar of a list. */
export interface Bar {
  readonly name: string;
  readonly value: number;
  readonly text: string;
  readonly title?: string;
  readonly strong?: boolean;
}

/** Horizontal bars to both sides of one zero, each with its words. */
export function bars(label: string, all: readonly Bar[]): string {
  const low = Math.min(0, ...all.map(({ value }) => value));
  const high = Math.max(0, ...all.map(({ value }) => value));
  const width = high - low || 1;
  const rows = all.map(({ name, value, text, title, strong }) => {
    const from = (Math.min(0, value) - low) / width;
    const size = Math.abs(value) / width;
    const sign = value < 0 ? "bad" : "good";
    return [
      `<tr${strong === true ? ' class="strong"' : ""}${title === undefined ? "" : ` title="${escaped(title)}"`}><th scope="row">${escaped(name)}</th>`,
      `<td class="bar"><svg viewBox="0 0 ${WIDTH} 10" preserveAspectRatio="none" aria-hidden="true">`,
      `<rect class="${sign}" x="${num(from * WIDTH)}" y="1" width="${num(size * WIDTH)}" height="8"/>`,
      `<path class="zero" d="M${num((-low / width) * WIDTH)} 0V10"/></svg></td>`,
      `<td class="${value < 0 ? "neg" : ""}">${escaped(text)}</td></tr>`,
    ].join("");
  });
  return `<table class="bars"><caption>${escaped(label)}</caption><tbody>${rows.join("\n")}</tbody></table>`;
}

function percent(part: number): string {
  return `${Math.round(part * 10_000) / 100}%`;
}
