import type { CalibrationBin, LatencyRow } from "@matchpoint/dashboard";
import { count } from "../report/format.ts";
import { realismLine } from "../report/realism.ts";
import { bars, chart, dot, legend, line, ticksOf } from "./charts.ts";
import type { Gathered } from "./gather.ts";
import { exact, grid, note, section, type Cell } from "./html.ts";
import { num, scale, WIDTH } from "./svg.ts";

const SQUARE = 320;
const WHY_ROWS = 60;

const CASES: Readonly<Record<string, string>> = {
  optimistic: "optimistic: always first in the queue",
  base: "base: as the run had it",
  pessimistic: "pessimistic: always last in the queue",
};

/** The same orders, filled as an optimist, the run and a pessimist have them; and what of the venue was left out. */
export function scenarioSection({ scenarios, realism, evidence }: Gathered): string {
  const live = evidence.mode === "live";
  const real = realism.every(({ state }) => state === "on");
  return section("scenarios", "If resting orders had been filled otherwise", [
    scenarios.length > 0
      ? bars(
          "Profit and loss of the same orders",
          scenarios.map(({ name, pnl, fills }) => ({
            name: CASES[name] ?? name,
            value: pnl,
            text: `${exact(pnl)} · ${count(fills)} fills`,
            strong: name === "base",
          })),
        )
      : note(
          live
            ? "The fills are the venue's own: there is nothing to guess."
            : `Not known: ${evidence.scenariosLack ?? "no run says"}.`,
        ),
    ...(realism.length === 0
      ? []
      : [
          note(realismLine(realism), real ? "note" : "bad-note"),
          `<details><summary>Every part of the simulated venue</summary>`,
          grid(
            "How real the venue was",
            ["part", "state", "how"],
            realism.map(({ part, state, detail, why }): Cell[] => [
              part,
              { text: state, kind: state === "on" ? "" : "neg" },
              state === "weakened" ? `${detail}: ${why ?? ""}` : detail,
            ]),
            { lies: ["l", "n", "l"], wide: "wide" },
          ),
          "</details>",
        ]),
  ]);
}

/** What the model said against what came about, and against the market's mid. */
export function calibrationSection({ calibration }: Gathered): string {
  const { n, markets, brierModel, brierMid, advantage, interval, bins } = calibration;
  if (n === 0 || brierModel === undefined || brierMid === undefined || advantage === undefined)
    return section("calibration", "Model against market", [
      note("No market was decided on which a model and a mid both said something."),
    ]);
  const spread =
    interval === undefined
      ? "none of fewer than two matches"
      : `${four(interval[0])} to ${four(interval[1])}`;
  return section("calibration", "Model against market", [
    `<div class="two"><div class="square">`,
    legend([
      ["k-dot k-model", "the model"],
      ["k-taker k-mid", "the market's mid"],
    ]),
    reliability(bins),
    "</div><div>",
    grid(
      `Brier scores (lower is better) over ${count(n)} looks, once a minute, at ${count(markets)} decided markets`,
      ["", ""],
      [
        ["the model", four(brierModel)],
        ["the market's mid", four(brierMid)],
        ["the model's advantage", { text: four(advantage), kind: advantage < 0 ? "neg" : "" }],
        ["its 95 % interval, by match", spread],
      ],
    ),
    note(
      interval === undefined
        ? "Looks at one match are no independent evidence: with one match nothing is known of the model."
        : interval[0] > 0
          ? "The interval is above zero: the model knew more than the market."
          : interval[1] < 0
            ? "The interval is below zero: the market knew more than the model."
            : "The interval spans zero: it is not known who knew more.",
    ),
    "</div></div>",
  ]);
}

function reliability(bins: readonly CalibrationBin[]): string {
  const x = scale(0, 1, 0, WIDTH);
  const y = scale(0, 1, SQUARE, 0);
  const fifths = [0, 0.2, 0.4, 0.6, 0.8, 1];
  const percent = (value: number): string => `${Math.round(100 * value)}%`;
  return chart({
    label: "Said against came about, by tenths of what was said; on the dashed line both agree",
    height: SQUARE,
    content: [
      line(`M0 ${SQUARE}L${WIDTH} 0`, "zero"),
      ...bins
        .toSorted((a, b) => (a.by === b.by ? 0 : a.by === "mid" ? -1 : 1))
        .map(({ by, said, was, n }) =>
          dot(
            x(said),
            y(was),
            by,
            `${by === "mid" ? "mid" : "model"} said ${percent(said)}, came about ${percent(was)} (${count(n)} looks)`,
          ),
        ),
    ],
    x: ticksOf(fifths, x, WIDTH, percent),
    y: ticksOf(fifths, y, SQUARE, percent),
  });
}

const STAGES: Readonly<Record<LatencyRow["stage"], string>> = {
  source_to_receive: "source to here",
  receive_to_decision: "here to decision",
  decision_to_post: "decision to order sent",
  post_to_ack: "sent to answer",
  ack_to_match: "answer to match",
  match_to_confirmed: "match to confirmed",
};

/** How long each stage took, per run where there are several. */
export function latencySection({ runs }: Gathered): string {
  const rows = runs.flatMap(({ view }, i) =>
    view
      .tables()
      .latency.filter(({ n }) => n > 0)
      .map((row) => ({ row, name: runs.length === 1 ? "" : `run ${i + 1}: ` })),
  );
  if (rows.length === 0)
    return section("latency", "Latency", [
      note("Nothing was measured: no fact, order or trade came with a time."),
    ]);
  const ms = (value: number | undefined): string => (value === undefined ? "" : milliseconds(value));
  return section("latency", "Latency", [
    `<div class="scroll" tabindex="0" role="region" aria-label="Latency by stage"><table class="wide"><caption>From news to a settled trade</caption>`,
    `<thead><tr><th scope="col" class="l">stage</th><th scope="col">n</th><th scope="col">median</th><th scope="col">90 %</th><th scope="col">99 %</th><th scope="col">most</th><th scope="col" class="l">how often, from short to long</th></tr></thead><tbody>`,
    ...rows.map(
      ({ row, name }) =>
        `<tr><th scope="row" class="l">${name}${STAGES[row.stage]}</th><td>${count(row.n)}</td><td>${ms(row.p50Ms)}</td><td>${ms(row.p90Ms)}</td><td>${ms(row.p99Ms)}</td><td>${ms(row.maxMs)}</td><td class="l spark">${histogram(row)}</td></tr>`,
    ),
    "</tbody></table></div>",
    note("On paper, stages of orders are those of the simulated venue."),
  ]);
}

function milliseconds(value: number): string {
  return value >= 10_000
    ? `${(value / 1_000).toFixed(1)} s`
    : `${value < 10 ? value.toFixed(1) : Math.round(value)} ms`;
}

function histogram({ counts, edges }: LatencyRow): string {
  const most = Math.max(1, ...counts);
  const width = 120 / counts.length;
  const columns = counts.map((n, i) => {
    const height = n === 0 ? 0 : Math.max(1, (n / most) * 18);
    const upTo = edges[i] === undefined ? "more" : `up to ${milliseconds(edges[i])}`;
    return n === 0
      ? ""
      : `<rect x="${num(i * width)}" y="${num(18 - height)}" width="${num(width - 1)}" height="${num(height)}"><title>${upTo}: ${count(n)}</title></rect>`;
  });
  return `<svg width="120" height="18" viewBox="0 0 120 18" aria-hidden="true">${columns.join("")}</svg>`;
}

interface Why {
  readonly strategy: string;
  readonly kind: "skip" | "denied";
  readonly reason: string;
  readonly count: number;
  readonly markets: number;
  readonly last: string;
}

/** Why it did not trade more: what the gate refused, and what the strategies passed over. */
export function whyNotSection({ runs }: Gathered): string {
  const found = new Map<string, Why>();
  for (const row of runs.flatMap(({ view }) => view.tables().whyNot)) {
    const key = JSON.stringify([row.kind, row.strategy, row.reason]);
    const before = found.get(key);
    found.set(key, {
      strategy: row.strategy,
      kind: row.kind,
      reason: row.reason,
      count: row.count + (before?.count ?? 0),
      markets: 1 + (before?.markets ?? 0),
      last: before?.last ?? row.last,
    });
  }
  const all = [...found.values()].sort((a, b) => b.count - a.count);
  const part = (kind: Why["kind"], title: string, first: string, none: string): string => {
    const rows = all.filter((row) => row.kind === kind);
    if (rows.length === 0) return note(none);
    return grid(
      `${title}: ${count(rows.reduce((sum, row) => sum + row.count, 0))} times${rows.length > WHY_ROWS ? `; the most frequent ${WHY_ROWS} of ${rows.length}` : ""}`,
      [first, "STRATEGY", "TIMES", "MARKETS", "WHAT WAS SAID LAST"],
      rows
        .slice(0, WHY_ROWS)
        .map((row): Cell[] => [row.reason, row.strategy, count(row.count), count(row.markets), row.last]),
      { lies: ["l", "n", "", "", "l"], wide: "wide" },
    );
  };
  return section("why-not", "Why it did not trade more", [
    part("denied", "Denied by the risk gate", "CODE", "The risk gate denied nothing."),
    part("skip", "Passed over by the strategies", "REASON", "No strategy passed anything over."),
  ]);
}

function four(value: number): string {
  return value.toFixed(4).replace("-", "−");
}
