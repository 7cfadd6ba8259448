import { PNL_PARTS, type PnlPart } from "@matchpoint/sdk";
import type { PnlRow } from "@matchpoint/dashboard";
import { escaped } from "../models/report/html.ts";
import { count, duration, plural } from "../report/format.ts";
import { PART_WORDS } from "../report/moneyLines.ts";
import { area, bars, chart, legend, line, ticksOf } from "./charts.ts";
import { sumOf, type Gathered } from "./gather.ts";
import { exact, grid, note, rounded, section, signed, type Cell } from "./html.ts";
import { linePath, niceTicks, num, scale, timeText, timeTicks, WIDTH } from "./svg.ts";

/** Rows of a table at most; the files beside the report have all of them. */
const MOST_ROWS = 120;
const CURVE_COLUMNS = 700;

/** The verdict, why, and every rule. */
export function verdictSection({ verdict }: Gathered): string {
  const { binding, findings } = verdict;
  const others = findings.filter(({ state }) => state === "broken").length - 1;
  const more = others > 0 ? ` ${plural(others, "more rule")} ${others === 1 ? "is" : "are"} broken.` : "";
  const why =
    binding === undefined
      ? "No rule below is broken. That is no promise: it says that nothing known speaks against it."
      : undefined;
  return [
    `<section class="verdict${binding === undefined ? " go" : ""}" id="verdict" aria-labelledby="verdict-h"><h2 id="verdict-h">${verdict.verdict}</h2>`,
    binding === undefined
      ? `<p class="why">${escaped(why!)}</p>`
      : `<p class="why"><b>${escaped(binding.title)}:</b> ${escaped(binding.found!)}${escaped(more)}</p>`,
    `<ul class="rules">`,
    ...findings.map(
      ({ id, demands, state, found }) =>
        `<li class="${state}"><span>${escaped(demands)}${found === undefined ? "" : ` <em>${escaped(found.charAt(0).toUpperCase() + found.slice(1))}</em>`} <code>${id}</code></span></li>`,
    ),
    "</ul></section>",
  ].join("\n");
}

/** The account in a few numbers. */
export function summarySection(gathered: Gathered): string {
  const { runs, total, byMatch, curve, days } = gathered;
  const traded = byMatch.filter(({ trades }) => trades > 0);
  const headers = runs.map(({ view }) => view.tables().header);
  const sum = (of: (header: (typeof headers)[number]) => number): number =>
    headers.reduce((all, header) => all + of(header), 0);
  const ran = runs.reduce((all, { view }) => all + view.t - view.started.receivedAt, 0);
  const ordered = traded.map(({ pnl }) => pnl).sort((a, b) => b - a);
  const [best, worst] = ordered.length === 0 ? ["–", ""] : [rounded(ordered[0]!), rounded(ordered.at(-1)!)];
  const won = traded.filter(({ pnl }) => pnl > 0).length;
  const perVolume =
    total.volume === 0
      ? ""
      : `${((100 * total.pnl) / total.volume).toFixed(2)} % of volume`.replace("-", "−");
  const tiles: readonly (readonly [string, string, string, number?])[] = [
    ["Profit and loss", exact(total.pnl), perVolume, total.pnl],
    ["Realized", exact(total.realized), `open ${exact(total.unrealized)}`, total.realized],
    ["Largest drawdown", rounded(curve.most, false), "from its highest"],
    ["Fees paid", exact(total.fees).replace("+", ""), "inside the profit"],
    [
      "Volume",
      rounded(total.volume, false),
      `${count(total.trades)} fills of ${count(sum(({ orders }) => orders))} orders`,
    ],
    ["Matches traded", count(traded.length), `${count(won)} with a profit`],
    ["Best and worst match", best, worst],
    ["Days (UTC)", count(days.length), `${duration(ran)} of running`],
    [
      "Not traded",
      count(sum(({ skipped }) => skipped)),
      `passed over; ${count(sum(({ denied }) => denied))} denied`,
    ],
    [
      "Events",
      count(sum(({ events }) => events)),
      plural(
        sum(({ alarms }) => alarms),
        "alarm",
      ),
    ],
  ];
  const cells = tiles.map(
    ([name, value, small, sign]) =>
      `<div><dt>${escaped(name)}</dt><dd${sign !== undefined && sign < 0 ? ' class="neg"' : ""}>${escaped(value)}<small>${escaped(small)}</small></dd></div>`,
  );
  const lacks = [...new Set(runs.flatMap(({ view }) => view.lacks))];
  return section("summary", "Summary", [
    `<dl class="tiles">${cells.join("\n")}</dl>`,
    ...lacks.map((lack) => note(lack, "bad-note")),
    ...(runs.length > 1 ? [runsTable(gathered)] : []),
  ]);
}

function runsTable({ runs, accounts }: Gathered): string {
  return grid(
    "The runs, each by its own account",
    ["run", "began (UTC)", "ran", "end", "fills", "P&L"],
    runs.map(({ view, reason }, i): Cell[] => [
      view.started.runId,
      new Date(view.started.receivedAt).toISOString().slice(0, 16).replace("T", " "),
      duration(view.t - view.started.receivedAt),
      reason ?? "broken off",
      count(accounts[i]!.total.trades),
      signed(accounts[i]!.total.pnl),
    ]),
    { wide: "wide" },
  );
}

/** Profit over time, and how far below its highest it was. */
export function equitySection({ curve, runs }: Gathered): string {
  const { t, won, drawdown, seams } = curve;
  const [from, to] = [t[0] ?? 0, t.at(-1) ?? 1];
  const single = runs.length === 1;
  const x = scale(from, to, 0, WIDTH);
  const [high, deep] = [220, 80];
  const [low, top] = padded(won);
  const y = scale(low, top, high, 0);
  const below = scale(0, Math.max(curve.most, 10_000), 0, deep);
  const times = single
    ? ticksOf(timeTicks(from, to), x, WIDTH, (at) => timeText(at, to - from))
    : ticksOf(niceTicks(from, to, 6), x, WIDTH, (at) => duration(at));
  const zero = low <= 0 && top >= 0 ? [line(`M0 ${num(y(0))}H${WIDTH}`, "zero")] : [];
  const seamLines = seams.map((at) => line(`M${num(x(at))} 0V${high}`, "seam"));
  const depth = linePath(t, drawdown, x, below, CURVE_COLUMNS);
  const filled = depth === "" ? "" : `${depth}V0H0Z`;
  return section("equity", "Profit over time", [
    legend([
      [
        "k-line k-mid",
        single
          ? "profit and loss, what is held at what its sale would bring"
          : "profit and loss, run after run",
      ],
      ["k-dd", "below its highest so far"],
    ]),
    chart({
      label: `Profit and loss over time; it ends at ${exact(won.at(-1) ?? 0)}`,
      height: high,
      content: [...zero, ...seamLines, line(linePath(t, won, x, y, CURVE_COLUMNS), "won")],
      x: [],
      y: ticksOf(niceTicks(low, top), y, high, (value) => short(value)),
      kind: "low",
    }),
    chart({
      label: `Drawdown over time; at most ${rounded(curve.most, false)}`,
      height: deep,
      content: [area(filled, "drawdown")],
      x: times,
      y: ticksOf([0, Math.max(curve.most, 10_000)], below, deep, (value) => short(-value)),
    }),
    note(
      single
        ? "Times are the run's own (UTC). What was put in or taken out does not count."
        : "Time is how long the runs ran, one after the other; dashed lines part them.",
    ),
  ]);
}

/** Where the money came from, down to the ledger. */
export function attributionSection({ accounts, total, runs, evidence }: Gathered): string {
  const rows = accounts.flatMap((account) => account.rows);
  const shown = PNL_PARTS.filter(
    (part) => total.parts[part] !== 0 || rows.some((row) => row.parts[part] !== 0),
  );
  const strategies = [...new Set(rows.map(({ strategy }) => strategy))];
  const lines = strategies.map((name) => ({
    name,
    ...sumOf(rows.filter(({ strategy }) => strategy === name)),
  }));
  const ledger = accounts.reduce((sum, account) => sum + account.ledger, 0);
  const same = evidence.ledgerGap === 0;
  const rebates = accounts.reduce((sum, account) => sum + account.rebatesDue, 0);
  return section("attribution", "Where the money came from", [
    same
      ? note(
          `✓ All lines add up to ${exact(total.pnl)}, and the ledger has ${exact(ledger)}: the same to the micro-dollar.`,
          "good-note",
        )
      : note(
          `The lines add up to ${exact(total.pnl)}, the ledger has ${exact(ledger)}; they differ by up to ${exact(evidence.ledgerGap)}.`,
          "bad-note",
        ),
    bars("From what was seen to what came of it", [
      ...shown.map((part) => ({
        name: partName(part),
        value: total.parts[part],
        text: exact(total.parts[part]),
      })),
      { name: "Profit and loss", value: total.pnl, text: exact(total.pnl), strong: true },
    ]),
    grid(
      "By strategy, in dollars",
      ["STRATEGY", "FILLS", ...shown.map((part) => PART_WORDS[part].title), "P&L"],
      [...lines, { name: "Total", ...total }].map((row) => partCells(row.name, row, shown)),
      { lies: ["n"], sum: true, wide: "wide tight" },
    ),
    marketTable(rows, total, runs.length),
    ...(rebates === 0
      ? []
      : [note(`Makers' rebates of ${exact(rebates)} are due by the schedule; they are in no line.`)]),
    note("Each part is explained in the documentation: concepts/money.md."),
  ]);
}

function partName(part: PnlPart): string {
  const { title, words } = PART_WORDS[part];
  return `${title}: ${words}`;
}

function partCells(name: string, row: PnlRow, shown: readonly PnlPart[]): Cell[] {
  return [name, count(row.trades), ...shown.map((part) => signed(row.parts[part])), signed(row.pnl)];
}

type Line = Gathered["accounts"][number]["rows"][number];

/** Every market and strategy; beyond the greatest they are one line, so that the sum stays what it is. */
function marketTable(rows: readonly Line[], total: PnlRow, runs: number): string {
  const sorted = rows.toSorted((a, b) => Math.abs(b.pnl) - Math.abs(a.pnl));
  const rest = sorted.slice(MOST_ROWS);
  const cells = (name: string, strategy: string, row: PnlRow): Cell[] => [
    name,
    strategy,
    count(row.trades),
    rounded(row.volume, false).replace("$", ""),
    exact(row.fees).replace(/[+$]/g, ""),
    signed(row.realized),
    signed(row.unrealized),
    signed(row.pnl),
  ];
  return grid(
    `By market and strategy, in dollars${runs > 1 ? ", over all runs" : ""}`,
    ["MARKET", "STRATEGY", "FILLS", "VOLUME", "FEES", "REALIZED", "OPEN", "P&L"],
    [
      ...sorted.slice(0, MOST_ROWS).map((row) => cells(row.label, row.strategy, row)),
      ...(rest.length === 0 ? [] : [cells(`${count(rest.length)} more: attribution.csv`, "", sumOf(rest))]),
      cells("Total", "", total),
    ],
    { lies: ["l", "n"], sum: true, wide: "wide" },
  );
}

/** What single matches and days brought. */
export function spreadSection({ byMatch, days, earlier, evidence, total }: Gathered): string {
  const traded = byMatch.filter(({ trades }) => trades > 0).toSorted((a, b) => b.pnl - a.pnl);
  const ends = traded.length <= 24 ? traded : [...traded.slice(0, 12), ...traded.slice(-12)];
  const [low, high] = evidence.pnlInterval ?? [];
  return section("matches", "Matches and days", [
    `<div class="two"><div>`,
    traded.length === 0
      ? note("No match was traded.")
      : bars(
          traded.length > ends.length ? `The best and worst 12 of ${traded.length} matches` : "By match",
          ends.map(({ name, pnl }) => ({ name, value: pnl, text: rounded(pnl) })),
        ),
    "</div><div>",
    bars(
      days.length > 31 ? "By day (UTC), the last 31" : "By day (UTC)",
      days.slice(-31).map(({ day, pnl }) => ({ name: day, value: pnl, text: rounded(pnl) })),
    ),
    "</div></div>",
    ...(earlier === 0
      ? []
      : [
          note(
            `The account goes on from an earlier run, which had brought ${rounded(earlier)}: that is of none of these days. What was held then counts as it cost.`,
          ),
        ]),
    low === undefined || high === undefined
      ? note(
          "Of fewer than two matches there is no interval: nothing can be said about how much of this is luck.",
        )
      : note(
          `Per match ${rounded(total.pnl / Math.max(1, traded.length))} on average; 95 % interval ${rounded(low)} to ${rounded(high)} (2,000 draws of whole matches, the same every time).`,
        ),
  ]);
}

/** A stretch with some room around what is in it. */
export function padded(values: readonly number[]): readonly [number, number] {
  let low = 0;
  let high = 0;
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  const room = (high - low || 1_000_000) * 0.06;
  return [low - (low < 0 ? room : 0), high + room];
}

/** Dollars on an axis. */
function short(value: number): string {
  const dollars = value / 1_000_000;
  const size = Math.abs(dollars);
  const digits = size === 0 || size >= 10 ? 0 : 2;
  return `${dollars < 0 ? "−" : ""}$${size >= 1_000_000 ? `${(size / 1_000_000).toFixed(1)}m` : size >= 10_000 ? `${(size / 1_000).toFixed(0)}k` : size.toFixed(digits)}`;
}
