import type { JSX } from "preact";
import type { ChartData } from "../store/index.ts";
import { NONE, probability, signed, timeOfDay } from "../text/format.ts";
import { ageText } from "./lanes.ts";
import { nearestMarks } from "./marks.ts";

interface ReadoutProps {
  readonly data: ChartData;
  /** The point under the pointer; null: the last one. */
  readonly index: number | null;
  readonly sources: readonly string[];
  /** How far around the point a mark belongs to it, in ms. */
  readonly reach: number;
}

/** Every value of the chart at one moment, each in its place, so that nothing jumps while the pointer moves. */
export function Readout({ data, index, sources, reach }: ReadoutProps): JSX.Element {
  const at = index ?? data.t.length - 1;
  const t = data.t[at];
  const { columns } = data;
  const sd = columns.sd[at];
  const cell = (name: string, value: string, tone = ""): JSX.Element => (
    <span class="read" key={name}>
      <span class={`read-name ${tone}`}>{name}</span>
      <span class="read-value">{value}</span>
    </span>
  );
  const marks = index === null || t === undefined ? [] : nearestMarks(data.marks, t, reach);
  return (
    <div class="readout">
      <div class="read-row">
        {cell(index === null ? "latest" : "at", timeOfDay(t), "strong")}
        {cell("mid", probability(columns.mid[at]), "market")}
        {cell(
          "model p",
          `${probability(columns.p[at])}${sd === null || sd === undefined ? "" : ` \u00b1${sd.toFixed(3).slice(1)}`}`,
          "model",
        )}
        {cell("micro", probability(columns.microprice[at]))}
        {cell("bid", probability(columns.bid[at]))}
        {cell("ask", probability(columns.ask[at]))}
        {cell("spread", cents(columns.spread[at]))}
        {cell("edge yes", signed(times100(columns.edge0[at]), 1, "\u00a2"), "up")}
        {cell("edge no", signed(times100(columns.edge1[at]), 1, "\u00a2"), "down")}
        {cell("position", signed(columns.position[at], 0))}
        {cell("book", ageText(columns.bookAge[at]))}
        {data.ages.map((ages, i) => cell(sources[i] ?? `source ${String(i + 1)}`, ageText(ages[at])))}
        <ul class="read-marks" aria-live="off">
          {marks.map((mark) => (
            <li key={mark.seq} class={`read-mark ${mark.kind}`}>
              <span class="faint">{timeOfDay(mark.t)}</span> {mark.kind === "truth" ? `${mark.source}: ` : ""}
              {mark.text}
            </li>
          ))}
        </ul>
      </div>
    </div>
  );
}

function times100(value: number | null | undefined): number | null {
  return value === null || value === undefined ? null : value * 100;
}

function cents(value: number | null | undefined): string {
  return value === null || value === undefined ? NONE : `${(value * 100).toFixed(1)}\u00a2`;
}
