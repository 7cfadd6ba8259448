import { LATENCY_TABLES, atShare } from "@matchpoint/paper-broker";
import { count, plural, wrap } from "../report/format.ts";
import { table, type Column } from "../report/table.ts";
import type { CheckResult, QueueFit } from "./check.ts";
import type { Measured } from "./measured.ts";
import type { Compared, Optimism } from "./optimism.ts";
import type { Outcome } from "./tally.ts";

/** Orders that are listed one by one; `--json` has all. */
const LISTED = 20;

/** A comparison for people. */
export function checkLines(result: CheckResult, found: Optimism, width: number): string[] {
  const { orders, fits, measured, notSent } = result;
  const differ = [...orders].filter(differs).sort((a, b) => Math.abs(b.better) - Math.abs(a.better));
  const lines = [
    `${plural(orders.length, "order")} that left, ${plural(found.matches, "match", "matches")}${notSent === 0 ? "" : `; ${plural(notSent, "order")} never left`}`,
    "",
    ...table(TOTALS, [totals("really", orders, "real"), totals("on paper", orders, "paper")], width),
    "",
  ];
  if (differ.length > 0) {
    lines.push(
      `Orders that differ: ${count(differ.length)} of ${count(orders.length)}${differ.length > LISTED ? `, the ${LISTED} largest` : ""}`,
      ...table(COLUMNS, differ.slice(0, LISTED), width),
      "",
    );
  }
  const resting = fits.some(({ filled, apart }) => filled > 0 || apart > 0);
  if (resting)
    lines.push("Resting orders under each model", ...table(FITS, fits, width), ...bestFit(fits), "");
  if (measured.length > 0) lines.push("Latencies, measured", ...table(LEGS, measured, width), "");
  lines.push(...wrap(verdict(found), width));
  return lines;
}

/** `paper is optimistic by 0.31 cents a share`. */
function verdict({ centsPerShare, dollars, shares, interval, matches }: Optimism): string {
  if (shares === 0) return "paper is optimistic by 0 cents a share: nothing was filled, really or on paper";
  const which = centsPerShare < 0 ? "pessimistic" : "optimistic";
  const cents = (value: number): string => value.toFixed(2);
  const money = (value: number): string => `${value < 0 ? "-" : ""}$${Math.abs(value).toFixed(2)}`;
  const sign = centsPerShare < 0 ? -1 : 1;
  const range = (of: readonly [number, number]): readonly [number, number] =>
    sign > 0 ? of : [0 - of[1], 0 - of[0]];
  const sure =
    interval === undefined
      ? `no interval: ${plural(matches, "match", "matches")} can be resampled`
      : `95 % of resamples by match from ${range(interval.centsPerShare).map(cents).join(" to ")} cents, ${range(interval.dollars).map(money).join(" to ")}`;
  return `paper is ${which} by ${cents(Math.abs(centsPerShare))} cents a share, ${money(Math.abs(dollars))} over ${shares.toFixed(2)} shares (${sure})`;
}

function differs({ real, paper }: Compared): boolean {
  return (
    real.shares !== paper.shares ||
    real.cost !== paper.cost ||
    real.fee !== paper.fee ||
    real.voided !== paper.voided
  );
}

interface Totals {
  readonly name: string;
  readonly filled: number;
  readonly shares: number;
  readonly average: number | undefined;
  readonly fees: number;
  readonly voided: number;
  readonly answered: number | undefined;
  readonly firstFill: number | undefined;
}

function totals(name: string, orders: readonly Compared[], which: "real" | "paper"): Totals {
  const all = orders.map((order) => order[which]);
  const sum = (of: (outcome: Outcome) => number): number => all.reduce((total, each) => total + of(each), 0);
  const shares = sum((each) => each.shares);
  return {
    name,
    filled: all.filter((each) => each.shares > 0).length,
    shares: shares / 1e6,
    average: shares === 0 ? undefined : sum((each) => each.cost) / shares,
    fees: sum((each) => each.fee) / 1e6,
    voided: sum((each) => each.voided) / 1e6,
    answered: median(all.map((each) => each.answered)),
    firstFill: median(all.map((each) => each.firstFill)),
  };
}

function median(nanos: readonly (number | undefined)[]): number | undefined {
  const known = nanos.filter((each) => each !== undefined).sort((a, b) => a - b);
  return known[known.length >> 1];
}

function milliseconds(nanos: number | undefined): string {
  return nanos === undefined ? "-" : `${count(Math.round(nanos / 1e6))} ms`;
}

function price(value: number | undefined): string {
  return value === undefined ? "-" : value.toFixed(4);
}

const TOTALS: readonly Column<Totals>[] = [
  { title: "", align: "left", cell: ({ name }) => name },
  { title: "FILLED", align: "right", cell: ({ filled }) => count(filled) },
  { title: "SHARES", align: "right", cell: ({ shares }) => shares.toFixed(2) },
  { title: "AVERAGE", align: "right", cell: ({ average }) => price(average) },
  { title: "FEES", align: "right", cell: ({ fees }) => `$${fees.toFixed(5)}` },
  { title: "VOIDED", align: "right", cell: ({ voided }) => voided.toFixed(2) },
  { title: "ANSWER", align: "right", cell: ({ answered }) => milliseconds(answered) },
  { title: "FIRST FILL", align: "right", cell: ({ firstFill }) => milliseconds(firstFill) },
];

const filledText = ({ shares, cost, voided }: Outcome): string => {
  const gone = voided === 0 ? "" : `, ${(voided / 1e6).toFixed(2)} voided`;
  return shares === 0 ? `-${gone}` : `${(shares / 1e6).toFixed(2)} at ${price(cost / shares)}${gone}`;
};

const COLUMNS: readonly Column<Compared>[] = [
  { title: "ORDER", align: "left", cell: ({ orderId }) => orderId.slice(0, 10) },
  {
    title: "WHAT",
    align: "left",
    least: 12,
    cell: ({ side, outcome, size, limit, orderType }) =>
      `${orderType} ${side} ${(size / 1e6).toFixed(2)} ${outcome} at ${(limit / 10_000).toFixed(4)}`,
  },
  { title: "REALLY", align: "left", cell: ({ real }) => filledText(real) },
  { title: "ON PAPER", align: "left", cell: ({ paper }) => filledText(paper) },
  {
    title: "PAPER BETTER BY",
    align: "right",
    cell: ({ better }) => `${better < 0 ? "-" : ""}$${Math.abs(better).toFixed(4)}`,
  },
];

const FITS: readonly Column<QueueFit>[] = [
  { title: "MODEL", align: "left", cell: ({ model }) => model },
  { title: "SHARES", align: "right", cell: ({ filled }) => filled.toFixed(2) },
  { title: "APART FROM REALITY", align: "right", cell: ({ apart }) => apart.toFixed(2) },
];

function bestFit(fits: readonly QueueFit[]): string[] {
  const best = Math.min(...fits.map(({ apart }) => apart));
  const same = fits.filter(({ apart }) => apart === best).map(({ model }) => model);
  if (same.length === fits.length)
    return ["All are as far from what was filled: these orders do not tell the models apart"];
  return [`Closest to what was filled: ${same.join(", ")}`];
}

const LEGS: readonly Column<Measured>[] = [
  { title: "LEG", align: "left", cell: ({ leg }) => leg },
  { title: "TIMES", align: "right", cell: (each) => count(each.count) },
  { title: "P5", align: "right", cell: ({ quantiles }) => atShare(quantiles, 0.05).toFixed(1) },
  { title: "P50", align: "right", cell: ({ quantiles }) => atShare(quantiles, 0.5).toFixed(1) },
  { title: "P95", align: "right", cell: ({ quantiles }) => atShare(quantiles, 0.95).toFixed(1) },
  {
    title: "ASSUMED P50",
    align: "right",
    cell: ({ leg }) => atShare(LATENCY_TABLES["uncalibrated-1"].legs[leg], 0.5).toFixed(0),
  },
];
