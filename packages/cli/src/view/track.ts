import type { ChartFrame, ChartMark, ChartSpan } from "@matchpoint/dashboard";
import type { Core, MarketEntry } from "@matchpoint/sdk";
import { Series, type SeriesCursor } from "./series.ts";

/** What one has seen of a market's chart. */
export interface ChartCursor {
  readonly points: SeriesCursor;
  readonly marks: { readonly revision: number; readonly count: number };
}

/** The lines of a chart before those of the sources' ages. */
const LINES = [
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
] as const;

const PRICE_ONE = 10_000;
const SHARE = 1_000_000;
/** Marks that are kept of what must not be lost, and of orders, of which there may be very many. */
const MOST_MARKS = 4_000;
const MOST_ORDERS = 2_000;
const MOST_SPANS = 500;
/** Of a market that has been over for long: stretches of time, and marks of orders. */
const COARSE = { buckets: 256, orders: 100 };

/** Books that nobody can go by. */
const UNSOUND: Readonly<Record<string, ChartSpan["kind"]>> = {
  gapped: "gap",
  stale: "stale",
  disconnected: "disconnected",
};

interface OpenSpan {
  readonly kind: ChartSpan["kind"];
  readonly from: number;
  to?: number;
  readonly text: string;
}

/** One market over time: its lines, what happened, and when it could not be gone by. */
export class MarketTrack {
  readonly #series = new Series(LINES.length);
  readonly #values: number[] = new Array<number>(LINES.length).fill(NaN);
  #marks: ChartMark[] = [];
  #marksRevision = 0;
  #orders = 0;
  readonly #fills = new Map<string, ChartMark>();
  #spans: OpenSpan[] = [];
  readonly #open = new Map<string, OpenSpan>();
  /** Places of the sources in `hello.sources`, in the order of this market's lines. */
  readonly #sources: number[] = [];

  /**
   * Takes the market as it is now. `spoke`: when each source last said anything of its match, by its place in the run's list;
   * `bookAge`: since the book last changed, in ms. Both as they were before the event that is looked at: it is their greatest values
   * that count.
   */
  sample(
    t: number,
    entry: MarketEntry,
    core: Core,
    bookAge: number,
    spoke: ReadonlyMap<number, number> | undefined,
  ): void {
    const { book, quotes, truth } = entry;
    const [bid, ask] = [book.bid(0), book.ask(0)];
    const { matched: yes } = core.ledger.position(entry.market.marketId, 0);
    const { matched: no } = core.ledger.position(entry.market.marketId, 1);
    const values = this.#values;
    const quote = quotes[0];
    values[0] = quote.mid ?? NaN;
    values[1] = quote.microprice ?? NaN;
    values[2] = bid > 0 ? bid / PRICE_ONE : NaN;
    values[3] = ask < PRICE_ONE ? ask / PRICE_ONE : NaN;
    values[4] = truth?.pOf(0) ?? NaN;
    values[5] = truth?.sd ?? NaN;
    values[6] = edgeOf(entry, 0) ?? NaN;
    values[7] = edgeOf(entry, 1) ?? NaN;
    values[8] = bid > 0 && ask < PRICE_ONE ? (ask - bid) / PRICE_ONE : NaN;
    values[9] = (yes - no) / SHARE;
    values[10] = bookAge;
    if (spoke !== undefined) this.#ages(t, spoke);
    this.#series.push(t, values);
  }

  /** Looks whether a stretch that is shaded begins or ends. */
  look(t: number, { book, trading, payouts }: MarketEntry, killed: boolean): void {
    const data = payouts === undefined ? UNSOUND[book.status] : undefined;
    this.#span("data", data, t, `the book is ${book.status}`);
    const halted = trading.status === "HALT" && payouts === undefined;
    this.#span("halt", halted ? "halt" : undefined, t, halted ? [...trading.causes].join(", ") : "");
    this.#span("killed", killed && payouts === undefined ? "killed" : undefined, t, "killed");
  }

  mark(mark: ChartMark): void {
    if (mark.kind === "order") this.#orders += 1;
    this.#marks.push(mark);
    if (this.#orders > MOST_ORDERS || this.#marks.length > MOST_MARKS + MOST_ORDERS) this.#thin();
  }

  /** A fill's mark; the same trade again is the same mark. */
  fill(key: string, mark: Extract<ChartMark, { kind: "fill" }>): void {
    this.#fills.set(key, mark);
    this.mark(mark);
  }

  /** A fill was taken back. */
  failed(key: string): void {
    const mark = this.#fills.get(key);
    const at = mark === undefined ? -1 : this.#marks.indexOf(mark);
    if (mark?.kind !== "fill" || at === -1) return;
    const failed = { ...mark, failed: true };
    this.#marks[at] = failed;
    this.#fills.set(key, failed);
    this.#marksRevision += 1;
  }

  /** Keeps less of it: its lines in fewer stretches, none of their extremes lost, and few of its orders; all else stays. */
  coarsen(): void {
    this.#series.coarsen(COARSE.buckets);
    while (this.#orders > COARSE.orders) this.#thin();
  }

  get marks(): readonly ChartMark[] {
    return this.#marks;
  }
  get spans(): readonly ChartSpan[] {
    return this.#spans;
  }

  /** What has come since a cursor. `sources`: how many the run has. */
  frame(
    market: string,
    sources: number,
    since?: ChartCursor,
  ): { readonly frame: ChartFrame; readonly cursor: ChartCursor } {
    const { from, t, lines, cursor } = this.#series.since(since?.points);
    const none = t.map(() => null);
    const ages = Array.from({ length: sources }, (_, place) => {
      const line = this.#sources.indexOf(place);
      return line === -1 ? none : lines[LINES.length + line]!;
    });
    const marksFrom = since?.marks.revision === this.#marksRevision ? since.marks.count : 0;
    const named = Object.fromEntries(
      LINES.map((name, line) => [name, lines[line]!.map(shortened)]),
    ) as Record<(typeof LINES)[number], (number | null)[]>;
    // A line that the page expects and is not among LINES does not compile.
    const points: ChartFrame["points"] = { t, ...named, ages };
    return {
      frame: {
        type: "chart",
        market,
        from,
        points,
        marksFrom,
        marks: this.#marks.slice(marksFrom),
        spans: this.#spans,
      },
      cursor: { points: cursor, marks: { revision: this.#marksRevision, count: this.#marks.length } },
    };
  }

  #ages(t: number, spoke: ReadonlyMap<number, number>): void {
    for (const [place, at] of spoke) {
      let line = this.#sources.indexOf(place);
      if (line === -1) {
        line = this.#sources.push(place) - 1;
        this.#series.addLine();
      }
      this.#values[LINES.length + line] = Math.max(0, t - at);
    }
  }

  #span(key: string, kind: ChartSpan["kind"] | undefined, t: number, text: string): void {
    const open = this.#open.get(key);
    if (open?.kind === kind && (open?.text ?? text) === text) return;
    if (open !== undefined) {
      open.to = t;
      this.#open.delete(key);
    }
    if (kind === undefined) return;
    const span = { kind, from: t, text };
    this.#open.set(key, span);
    // The oldest that are over go first.
    if (this.#spans.length >= MOST_SPANS)
      this.#spans = this.#spans.filter((each, i) => i > 0 || each.to === undefined);
    this.#spans = [...this.#spans, span];
  }

  /** Of orders every second goes, then what is oldest. */
  #thin(): void {
    this.#marksRevision += 1;
    let nth = 0;
    this.#marks = this.#marks.filter(({ kind }) => kind !== "order" || (nth += 1) % 2 === 0);
    this.#orders = this.#marks.filter(({ kind }) => kind === "order").length;
    if (this.#marks.length > MOST_MARKS) this.#marks = this.#marks.slice(-Math.ceil((MOST_MARKS * 3) / 4));
  }
}

/** What buying an outcome now is worth beyond its price and fee; `undefined` while there is no ask or no probability. */
export function edgeOf({ quotes, truth, payouts }: MarketEntry, outcome: 0 | 1): number | undefined {
  const quote = quotes[outcome];
  return truth === undefined || payouts !== undefined || quote.ask >= PRICE_ONE
    ? undefined
    : quote.edge(truth.pOf(outcome));
}

/** A millionth is more than a screen can show. */
function shortened(value: number | null): number | null {
  return value === null ? null : Math.round(value * 1_000_000) / 1_000_000;
}
