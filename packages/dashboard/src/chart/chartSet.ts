import uPlot from "uplot";
import { indexAt, type ChartData } from "../store/index.ts";
import { drawAges } from "./ageRows.ts";
import { coloursNow, type Colours } from "./colours.ts";
import { laneData, laneOptions, type LaneContext, type LaneName } from "./lanes.ts";
import { drawMarks, drawSpans } from "./marks.ts";
import { drawPace, rangeOf, type Span } from "./view.ts";

const LANES: readonly LaneName[] = ["price", "edge", "age", "position"];

/** Where each lane is drawn. */
export type LaneHosts = Readonly<Record<LaneName, HTMLElement>>;

/** What the chart tells the page. */
export interface ChartEvents {
  /** The point under the pointer; null: none. */
  readonly pointed: (index: number | null) => void;
  /** Whether a stretch was cut out by hand. */
  readonly zoomed: (zoomed: boolean) => void;
}

/** The lanes of a market's chart: one axis of time, one pointer, one zoom. Draws into its hosts, reads the data given and changes none of it. */
export class ChartSet {
  readonly #hosts: LaneHosts;
  readonly #data: ChartData;
  readonly #sources: () => readonly string[];
  readonly #events: ChartEvents;
  #colours: Colours = coloursNow();
  #plots = new Map<LaneName, uPlot>();
  #rows: readonly string[] | undefined;
  #span: Span = "all";
  #zoom: [number, number] | undefined;
  #pointed: number | null = null;

  /** `sources`: names of what the chart's ages are of. */
  constructor(hosts: LaneHosts, data: ChartData, sources: () => readonly string[], events: ChartEvents) {
    this.#hosts = hosts;
    this.#sources = sources;
    this.#data = data;
    this.#events = events;
  }

  /** Draws what has changed. */
  update(): void {
    if (this.#rows === undefined || this.#data.ages.length !== this.#rows.length - 1) this.#build();
    for (const [lane, plot] of this.#plots) plot.setData(laneData(lane, this.#data));
  }

  /** How long to wait before new points are drawn: a chart is the dearest thing on the page, and what moves it by no pixel is not seen. */
  pace(): number {
    const [from, to] = this.#range();
    return drawPace(to - from, this.#plots.get("price")?.width ?? 1);
  }

  setSpan(span: Span): void {
    this.#span = span;
    this.#setZoom(undefined);
  }

  /** Takes the colours of the theme that is shown now. */
  recolour(): void {
    this.#colours = coloursNow();
    for (const plot of this.#plots.values()) plot.redraw(false, true);
  }

  /** Takes the size that the hosts have now. */
  resize(): void {
    for (const [lane, plot] of this.#plots) {
      const size = sizeOf(this.#hosts[lane]);
      if (size.width !== plot.width || size.height !== plot.height) plot.setSize(size);
    }
  }

  /** Moves the pointer by points, for the keyboard; from the last point when there is none. */
  move(by: number): void {
    const { t } = this.#data;
    if (t.length === 0) return;
    const [from, to] = this.#range();
    const first = Math.max(0, indexAt(t, from));
    const last = Math.max(0, indexAt(t, to));
    const index = Math.min(last, Math.max(first, (this.#pointed ?? last) + by));
    const price = this.#plots.get("price");
    price?.setCursor({ left: price.valToPos(t[index]!, "x"), top: 0 });
  }

  /** Takes the pointer away. */
  leave(): void {
    this.#plots.get("price")?.setCursor({ left: -10, top: -10 });
  }

  destroy(): void {
    for (const plot of this.#plots.values()) plot.destroy();
    this.#plots.clear();
  }

  #range(): [number, number] {
    return rangeOf(this.#data.t, this.#span, this.#zoom);
  }

  #setZoom(zoom: [number, number] | undefined): void {
    this.#zoom = zoom;
    this.#events.zoomed(zoom !== undefined);
    for (const plot of this.#plots.values()) {
      const [min, max] = this.#range();
      plot.setScale("x", { min, max });
    }
  }

  #build(): void {
    this.destroy();
    const { ages } = this.#data;
    const names = this.#sources();
    this.#rows = ["book", ...ages.map((_, i) => names[i] ?? `source ${String(i + 1)}`)];
    const context: LaneContext = {
      colours: () => this.#colours,
      range: () => this.#range(),
      drawUnder: (u, lane) => {
        drawSpans(u, this.#data.spans, this.#colours, lane === "price");
        if (lane === "edge" || lane === "position") drawZero(u, lane, this.#colours);
      },
      drawOver: (u, lane) => {
        if (lane === "price") drawMarks(u, this.#data.marks, this.#colours);
        if (lane === "age") drawAges(u, this.#data, this.#colours);
      },
      zoomed: (from, to) => {
        if (to - from >= 1_000) this.#setZoom([from, to]);
      },
      unzoom: () => {
        this.#setZoom(undefined);
      },
      pointed: (u) => {
        const index = (u.cursor.left ?? -1) < 0 ? null : (u.cursor.idx ?? null);
        if (index === this.#pointed) return;
        this.#pointed = index;
        this.#events.pointed(index);
      },
    };
    for (const lane of LANES) {
      const host = this.#hosts[lane];
      const options = laneOptions(lane, sizeOf(host), this.#rows, context);
      this.#plots.set(lane, new uPlot(options, laneData(lane, this.#data), host));
    }
  }
}

function drawZero(u: uPlot, lane: LaneName, colours: Colours): void {
  const { ctx, bbox } = u;
  const scale = u.scales[lane];
  if (scale?.min === undefined || scale.max === undefined) return;
  const y = Math.round(u.valToPos(0, lane, true)) + 0.5;
  ctx.save();
  ctx.strokeStyle = colours.line;
  ctx.lineWidth = devicePixelRatio;
  ctx.beginPath();
  ctx.moveTo(bbox.left, y);
  ctx.lineTo(bbox.left + bbox.width, y);
  ctx.stroke();
  ctx.restore();
}

function sizeOf(host: HTMLElement): { readonly width: number; readonly height: number } {
  return { width: Math.max(80, host.clientWidth), height: Math.max(24, host.clientHeight) };
}
