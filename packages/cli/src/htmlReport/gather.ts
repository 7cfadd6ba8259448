import type { Attribution, Calibration, PnlRow } from "@matchpoint/dashboard";
import {
  matchOf,
  MatchpointError,
  PNL_PARTS,
  type MarketId,
  type RealismPart,
  type ScenarioReport,
} from "@matchpoint/sdk";
import { bootstrapMean } from "../models/statistics/bootstrap.ts";
import { plain } from "../report/format.ts";
import { leastOf, weakenedText } from "../report/realism.ts";
import { calibrationOf } from "../view/index.ts";
import { sortedJson, type DayRow, type ReadRun } from "./readRun.ts";
import { judge, type Brought, type Evidence, type Verdict } from "./verdict.ts";

/** Profit over time; with several runs, one after the other, `t` is how long they ran. Money in micro-dollars. */
export interface Curve {
  readonly t: readonly number[];
  readonly won: readonly number[];
  readonly drawdown: readonly number[];
  readonly most: number;
  /** Where each run after the first begins. */
  readonly seams: readonly number[];
}

/** A scenario over all runs. */
export interface ScenarioRow {
  readonly name: string;
  readonly model: string;
  readonly fills: number;
  readonly makerFills: number;
  readonly pnl: number;
}

/** Runs of one strategy, and what they come to together. */
export interface Gathered {
  readonly runs: readonly ReadRun[];
  readonly accounts: readonly Attribution[];
  readonly total: PnlRow;
  readonly byMatch: readonly (Brought & { readonly trades: number })[];
  readonly days: readonly DayRow[];
  /** What earlier runs had brought whose accounts these went on with; with the days it is the total. */
  readonly earlier: number;
  readonly curve: Curve;
  readonly calibration: Calibration;
  readonly scenarios: readonly ScenarioRow[];
  /** How real the paper venue was, part by part; none where that is not known, and live. */
  readonly realism: readonly RealismPart[];
  readonly evidence: Evidence;
  readonly verdict: Verdict;
}

const SUMS = ["trades", "volume", "fees", "realized", "unrealized", "pnl"] as const;

/**
 * Takes runs together.
 * @throws MatchpointError `USAGE` for runs that are not of one kind, or that count the same money twice
 */
export function gather(read: readonly ReadRun[]): Gathered {
  demandOneKind(read);
  const runs = [...read].sort((a, b) => a.view.started.receivedAt - b.view.started.receivedAt);
  const accounts = runs.map(({ view }) => view.tables().attribution);
  const total = sumOf(accounts.map((account) => account.total));
  const byMatch = matchesOf(runs, accounts);
  const days = daysOf(runs);
  const calibration = calibrationOf(runs.flatMap(({ view }) => view.samples));
  const scenarios = scenariosOf(runs);
  const traded = byMatch.filter(({ trades }) => trades > 0);
  const pessimistic = scenarios.find(({ name }) => name === "pessimistic")?.pnl;
  const lacks = runs.flatMap(({ paper }) => (paper.lack === undefined ? [] : [paper.lack]));
  const realism = leastOf(runs.flatMap(({ paper }) => paper.realism ?? []));
  const interval = pnlIntervalOf(traded);
  const evidence: Evidence = {
    mode: runs[0]!.view.started.mode,
    ledgerGap: accounts.reduce((gap, account) => gap + gapOf(account), 0),
    booksOnly: named(runs, ({ view }) => view.lacks.length > 0),
    unended: named(runs, ({ view }) => view.end !== (view.started.mode === "live" ? "clean" : "ended")),
    killed: named(runs, ({ view }) => view.core.system.latched),
    ...realismLack(realism),
    ...(lacks[0] === undefined ? {} : { scenariosLack: lacks[0] }),
    ...(pessimistic === undefined ? {} : { pessimistic }),
    fills: total.trades,
    pnl: total.pnl,
    realized: total.realized,
    matches: traded,
    days: days.map(({ day, pnl }) => ({ name: day, pnl })),
    ...(interval === undefined ? {} : { pnlInterval: interval }),
    ...(tradesByModel(runs) ? { brier: brierOf(calibration) } : {}),
  };
  return {
    runs,
    accounts,
    total,
    byMatch,
    days,
    earlier: runs.reduce((sum, run) => sum + run.earlier, 0),
    curve: curveOf(runs),
    calibration,
    scenarios,
    realism,
    evidence,
    verdict: judge(evidence),
  };
}

function demandOneKind(runs: readonly ReadRun[]): void {
  const refuse = (message: string, hint: string): never => {
    throw new MatchpointError("USAGE", message, { hint });
  };
  const [first, ...rest] = runs;
  const kind = ({ view }: ReadRun): string => sortedJson(view.started.strategies);
  const ids = new Map<string, ReadRun>();
  for (const run of runs) {
    const before = ids.get(run.view.started.runId);
    if (before !== undefined)
      refuse(`${run.file} and ${before.file} are the same run`, "Name each run once: it would count twice.");
    ids.set(run.view.started.runId, run);
  }
  for (const run of rest) {
    if (run.view.started.mode !== first!.view.started.mode)
      refuse(`${run.file} is ${run.view.started.mode}, ${first!.file} is not`, "Report them apart.");
    if (kind(run) !== kind(first!))
      refuse(
        `${run.file} traded with other strategies or parameters than ${first!.file}`,
        "One report is about one strategy: report them apart.",
      );
    const earlier = run.view.started.recovers;
    if (earlier !== undefined && ids.has(earlier))
      refuse(
        `${run.file} goes on from ${ids.get(earlier)!.file}, and its account includes that one's`,
        "Name the last of them alone.",
      );
  }
}

/** By how much an account's lines, their parts and the ledger differ at most. */
export function gapOf({ total, rows, ledger }: Attribution): number {
  const all = sumOf(rows);
  const parts = [total, ...rows].map((row) => Math.abs(partsSum(row) - row.pnl));
  return Math.max(
    Math.abs(total.pnl - ledger),
    ...SUMS.map((what) => Math.abs(all[what] - total[what])),
    ...parts,
  );
}

function partsSum({ parts }: PnlRow): number {
  return PNL_PARTS.reduce((sum, part) => sum + parts[part], 0);
}

/** Lines added up. */
export function sumOf(rows: readonly PnlRow[]): PnlRow {
  const sum = (of: (row: PnlRow) => number): number => rows.reduce((all, row) => all + of(row), 0);
  const parts = Object.fromEntries(PNL_PARTS.map((part) => [part, sum((row) => row.parts[part])]));
  return {
    ...(Object.fromEntries(SUMS.map((what) => [what, sum((row) => row[what])])) as unknown as Omit<
      PnlRow,
      "parts"
    >),
    parts: parts as unknown as PnlRow["parts"],
  };
}

/** The match that a market is about, or the market itself where nobody knows: `id` tells clusters apart, `name` is for people. */
export function matchName(run: ReadRun, marketId: string): { readonly id: string; readonly name: string } {
  const { core, markets } = run.view;
  const entry = core.market(marketId as MarketId);
  const match = entry === undefined ? undefined : matchOf(entry.market);
  if (match === undefined) return { id: marketId, name: markets.label(marketId as MarketId) };
  const about = core.markets().find((each) => each.truth?.match.match.matchId === match)?.truth?.match.match;
  if (about === undefined) return { id: match, name: match };
  return { id: match, name: plain(`${about.teams[0].name} v ${about.teams[1].name}`) };
}

function matchesOf(runs: readonly ReadRun[], accounts: readonly Attribution[]): Gathered["byMatch"] {
  const found = new Map<string, { name: string; pnl: number; trades: number }>();
  for (const [i, { rows }] of accounts.entries()) {
    for (const { market, pnl, trades } of rows) {
      const { id, name } = matchName(runs[i]!, market);
      const row = found.get(id) ?? { name, pnl: 0, trades: 0 };
      found.set(id, { ...row, pnl: row.pnl + pnl, trades: row.trades + trades });
    }
  }
  return [...found.values()];
}

function daysOf(runs: readonly ReadRun[]): readonly DayRow[] {
  const found = new Map<string, number>();
  for (const { day, pnl } of runs.flatMap(({ days }) => days)) found.set(day, (found.get(day) ?? 0) + pnl);
  return [...found].map(([day, pnl]) => ({ day, pnl })).sort((a, b) => (a.day < b.day ? -1 : 1));
}

/** 95 % of a bootstrap by match, each a cluster of its own, of the profit per match; of fewer than two there is none. */
export function pnlIntervalOf(matches: readonly Brought[]): readonly [number, number] | undefined {
  if (matches.length < 2) return undefined;
  const { low, high } = bootstrapMean(matches.map(({ pnl }, i) => ({ cluster: String(i), value: pnl })));
  return [low, high];
}

function curveOf(runs: readonly ReadRun[]): Curve {
  const t: number[] = [];
  const won: number[] = [];
  const drawdown: number[] = [];
  const seams: number[] = [];
  let shift = 0;
  let base = 0;
  let peak = 0;
  for (const [i, { view }] of runs.entries()) {
    const rows = view.profit();
    const from = view.started.receivedAt;
    const start = runs.length === 1 ? 0 : shift - from;
    if (i > 0) seams.push(shift);
    let last = 0;
    for (const [k, at] of rows.t.entries()) {
      const value = rows.won[k];
      if (value === null || value === undefined) continue;
      last = value;
      peak = Math.max(peak, base + value);
      t.push(at + start);
      won.push(base + value);
      drawdown.push(peak - base - value);
    }
    base += last;
    shift += view.t - from;
  }
  return { t, won, drawdown, seams, most: drawdown.reduce((a, b) => Math.max(a, b), 0) };
}

/** Scenarios of all runs added up; nothing when one of them has none. */
function scenariosOf(runs: readonly ReadRun[]): readonly ScenarioRow[] {
  const reports = runs.flatMap(({ paper }): ScenarioReport[] =>
    paper.scenarios === undefined ? [] : [paper.scenarios],
  );
  if (reports.length < runs.length) return [];
  const found = new Map<string, ScenarioRow>();
  for (const { name, model, fills, makerFills, pnl } of reports.flatMap(({ accounts }) => accounts)) {
    const row = found.get(name) ?? { name, model, fills: 0, makerFills: 0, pnl: 0 };
    found.set(name, {
      ...row,
      fills: row.fills + fills,
      makerFills: row.makerFills + makerFills,
      pnl: row.pnl + pnl,
    });
  }
  return [...found.values()];
}

/** What of the venue was left out, or weaker than its floor; the scenarios have a rule of their own. */
export function realismLack(parts: readonly RealismPart[]): Pick<Evidence, "realismOff" | "realismWeakened"> {
  const off = parts.filter(({ part, state }) => state === "off" && part !== "scenarios");
  return {
    realismOff: off.map(({ part }) => part),
    realismWeakened: parts.filter(({ state }) => state === "weakened").map(weakenedText),
  };
}

function tradesByModel(runs: readonly ReadRun[]): boolean {
  return runs.some(({ view }) =>
    view.core.markets().some(({ bindings }) => bindings.some(({ spec }) => spec.truthDriven)),
  );
}

function brierOf({ advantage, interval }: Calibration): NonNullable<Evidence["brier"]> {
  return {
    ...(advantage === undefined ? {} : { advantage }),
    ...(interval === undefined ? {} : { interval }),
  };
}

function named(runs: readonly ReadRun[], of: (run: ReadRun) => boolean): readonly string[] {
  return runs.filter(of).map(({ view }) => view.started.runId);
}
