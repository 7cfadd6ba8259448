import type { ChartFrame, ChartMark } from "@matchpoint/dashboard";
import { escaped } from "../models/report/html.ts";
import { count } from "../report/format.ts";
import { area, chart, dot, legend, line, shade, ticksOf } from "./charts.ts";
import type { Gathered } from "./gather.ts";
import { exact, note, section } from "./html.ts";
import type { ReadRun } from "./readRun.ts";
import { bandPath, linePath, niceTicks, num, scale, timeText, timeTicks, WIDTH, type Scale } from "./svg.ts";

/** What is drawn at most: the report has to stay small whatever the run was. */
const MOST_CHARTS = 36;
const MOST_FILLS = 240;
const MOST_FACTS = 160;
const MOST_SPANS = 200;
const COLUMNS = 420;
const [HEIGHT, STRIP] = [240, 44];

interface Shown {
  readonly run: ReadRun;
  readonly nr: number;
  readonly id: string;
  readonly label: string;
  readonly pnl: number;
  readonly fills: number;
  readonly frame: ChartFrame;
}

/** Truth against price, market by market: those with most at stake. */
export function marketsSection({ runs, accounts }: Gathered): string {
  const all = runs.flatMap((run, i) => marketsOf(run, i, accounts[i]!.rows));
  const drawn = all
    .toSorted(
      (a, b) =>
        b.fills - a.fills ||
        Math.abs(b.pnl) - Math.abs(a.pnl) ||
        b.frame.points.t.length - a.frame.points.t.length,
    )
    .slice(0, MOST_CHARTS);
  // In the order of the run, not of their size.
  const kept = all.filter((each) => drawn.includes(each));
  return section("markets", "Truth against price", [
    legend([
      ["k-line k-mid", "mid"],
      ["k-book", "bid to ask"],
      ["k-line k-model", "model's probability"],
      ["k-band", "one standard deviation"],
      ["k-dot k-up", "bought the first outcome, or sold the second"],
      ["k-dot k-down", "the other way"],
      ["k-maker", "round: it rested"],
      ["k-taker", "square: it took"],
      ["k-halt", "halted"],
      ["k-gap", "book not sound"],
    ]),
    ...(kept.length === 0 ? [note("The run listed no market.")] : []),
    ...(kept.length < all.length
      ? [
          note(
            `Drawn are ${kept.length} of ${all.length} markets, those with most fills; all are in attribution.csv.`,
          ),
        ]
      : []),
    ...kept.map((each) => marketChart(each, runs.length > 1)),
  ]);
}

function marketsOf(run: ReadRun, nr: number, rows: Gathered["accounts"][number]["rows"]): readonly Shown[] {
  return run.view.hello().markets.flatMap(({ id, label }) => {
    const frame = run.view.chart(id)?.frame;
    if (frame === undefined || frame.points.t.length === 0) return [];
    const own = rows.filter(({ market }) => market === id);
    const pnl = own.reduce((sum, row) => sum + row.pnl, 0);
    const fills = own.reduce((sum, { trades }) => sum + trades, 0);
    return [{ run, nr, id, label, pnl, fills, frame }];
  });
}

function marketChart({ run, nr, id, label, pnl, fills, frame }: Shown, several: boolean): string {
  const { points, marks, spans } = frame;
  const [from, to] = [points.t[0]!, points.t.at(-1)!];
  const x = scale(from, Math.max(to, from + 1), 0, WIDTH);
  const upper = points.p.map((p, i) => (p === null ? null : Math.min(1, p + (points.sd[i] ?? 0))));
  const lower = points.p.map((p, i) => (p === null ? null : Math.max(0, p - (points.sd[i] ?? 0))));
  const y = scale(0, 1, HEIGHT, 0);
  const fillMarks = marks.filter((mark) => mark.kind === "fill");
  const drawn = thinned(fillMarks, MOST_FILLS);
  const market = run.view.core.markets().find((entry) => entry.market.marketId === id)!.market;
  const times = ticksOf(timeTicks(from, to), x, WIDTH, (at) => timeText(at, to - from));
  const held = points.position;
  const hasHeld = held.some((value) => value !== null && value !== 0);
  const heading = `${several ? `Run ${nr + 1}: ` : ""}${label}`;
  const words = [
    `${exact(pnl)} in ${count(fills)} ${fills === 1 ? "fill" : "fills"}`,
    `first outcome: ${market.outcomes[0].name}; second: ${market.outcomes[1].name}`,
    ...(drawn.length < fills ? [`${drawn.length} fills are drawn, all are in fills.csv`] : []),
  ];
  const content = [
    ...spans
      .slice(-MOST_SPANS)
      .filter((span) => (span.to ?? to) >= from && span.from <= to)
      .map((span) =>
        shade(x(Math.max(from, span.from)), x(Math.min(span.to ?? to, to)), HEIGHT, span.kind, span.text),
      ),
    area(bandPath(points.t, points.bid, points.ask, x, y, COLUMNS), "book"),
    area(bandPath(points.t, lower, upper, x, y, COLUMNS), "model"),
    ...factLines(marks, x),
    line(linePath(points.t, points.mid, x, y, COLUMNS), "mid"),
    line(linePath(points.t, points.p, x, y, COLUMNS), "model"),
    ...drawn.map((mark) =>
      dot(
        x(mark.t),
        y(mark.level / 10_000),
        `${(mark.side === "buy") === (mark.outcome === 0) ? "up" : "down"} ${mark.maker ? "maker" : "taker"}${mark.failed ? " failed" : ""}`,
        mark.text,
      ),
    ),
  ];
  return [
    `<div class="market"><h3>${escaped(heading)}</h3><p class="note">${escaped(words.join(" · "))}</p>`,
    chart({
      label: `${heading}: the market's mid and the model's probability of ${market.outcomes[0].name} over time, with ${fills} fills`,
      height: HEIGHT,
      content,
      x: hasHeld ? [] : times,
      y: ticksOf([0, 0.25, 0.5, 0.75, 1], y, HEIGHT, (value) => `${Math.round(value * 100)}¢`),
      kind: hasHeld ? "low" : "",
    }),
    ...(hasHeld ? [heldStrip(points.t, held, x, times)] : []),
    "</div>",
  ].join("\n");
}

/** What was held, below the prices: shares of the first outcome above zero, of the second below. */
function heldStrip(
  t: readonly number[],
  held: readonly (number | null)[],
  x: Scale,
  times: ReturnType<typeof ticksOf>,
): string {
  let low = 0;
  let high = 0;
  for (const value of held) {
    low = Math.min(low, value ?? 0);
    high = Math.max(high, value ?? 0);
  }
  const y = scale(low, high, STRIP, 0);
  const path = linePath(
    t,
    held.map((value) => value ?? 0),
    x,
    y,
    COLUMNS,
  );
  const zero = num(y(0));
  const ends = niceTicks(low, high, 2).filter(
    (value) => value === 0 || value === niceTicks(low, high, 2).at(-1),
  );
  return chart({
    label: `Shares held over time, from ${Math.round(low)} to ${Math.round(high)}`,
    height: STRIP,
    content: [
      area(path === "" ? "" : `M0 ${zero}V${path.slice(path.indexOf(" ") + 1)}V${zero}H0Z`, "held"),
      line(`M0 ${zero}H${WIDTH}`, "zero"),
    ],
    x: times,
    y: ticksOf(ends, y, STRIP, (value) => count(Math.round(value))),
  });
}

/** What happened in the match: each fact a tick at the foot, an end all the way up. */
function factLines(marks: readonly ChartMark[], x: Scale): readonly string[] {
  const facts = marks.filter((mark) => mark.kind === "truth");
  const ends = facts.filter(({ what }) => what.endsWith("_won")).slice(-MOST_FACTS);
  const others = facts.filter(({ what }) => !what.endsWith("_won"));
  const named = thinned(others, MOST_FACTS);
  return [
    `<path class="truth" d="${others.map(({ t }) => `M${num(x(t))} ${HEIGHT}v-7`).join("")}"/>`,
    ...named.map(
      ({ t, text }) =>
        `<path class="truth" d="M${num(x(t))} ${HEIGHT}v-7"><title>${escaped(text)}</title></path>`,
    ),
    ...ends.map(
      ({ t, text }) =>
        `<path class="truth end" d="M${num(x(t))} 0V${HEIGHT}"><title>${escaped(text)}</title></path>`,
    ),
  ];
}

/** Evenly fewer of them, first and last kept. */
function thinned<T>(all: readonly T[], most: number): readonly T[] {
  if (all.length <= most) return all;
  return Array.from({ length: most }, (_, i) => all[Math.round((i * (all.length - 1)) / (most - 1))]!);
}
