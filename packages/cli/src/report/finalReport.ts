import { statSync } from "node:fs";
import type { Core, MarketSummary, RunSummary, Usdc } from "@matchpoint/sdk";
import { cents, count, decimalsOf, fileSize, money, plain, plural, wrap } from "./format.ts";
import { listMarkets, type MarketList } from "./labels.ts";
import { moneyLines } from "./moneyLines.ts";
import { paperLines } from "./paperLines.ts";
import type { RunExtras } from "./resultJson.ts";
import type { RunLog } from "./runLog.ts";
import { sourceLines } from "./sourceLines.ts";
import { table, type Column } from "./table.ts";
import { stateWord } from "./words.ts";
import { whyLines } from "./why.ts";

/** Widest line of running text where lines may be as long as they like. */
const TEXT_COLUMNS = 120;

/** The account of a run for people: what it did, market by market, and why it did not do more. */
export function finalReport(summary: RunSummary, core: Core, extras: RunExtras, width: number): string[] {
  const { journal, log } = extras;
  const markets = listMarkets(core);
  const text = Math.min(width, TEXT_COLUMNS);
  const lines = [
    "",
    ...(extras.notes ?? []),
    ...endLines(extras),
    ...fold(
      [
        plural(summary.events, "event"),
        plural(summary.intents, "intent"),
        plural(summary.orders, "order"),
        plural(summary.fills, "fill"),
        `${count(summary.denied)} denied`,
        `${count(summary.skipped)} skipped`,
      ],
      text,
    ),
    ...troubleLine(summary),
    ...faultLines(log, markets, width),
    "",
    ...marketLines(summary, markets, width),
    ...wrap(legend(summary), text),
    "",
    ...accountLines(summary),
    "",
    ...paragraph(moneyLines(summary, width, text)),
    ...paragraph(paperLines(summary, width, text)),
    ...paragraph(sourceLines(summary, width, text)),
    ...whyLines(summary.whyNot, log, core, markets, width),
    "",
  ];
  if (journal !== null) lines.push(`Journal: ${journal}${sizeOf(journal)}`);
  lines.push(`Effects: ${summary.effectsHash}`);
  return lines;
}

/** Lines with an empty one after them; nothing when there are none. */
function paragraph(lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [...lines, ""];
}

function sizeOf(path: string): string {
  const found = statSync(path, { throwIfNoEntry: false });
  return found === undefined ? "" : ` (${fileSize(found.size)})`;
}

/** How the run ended, when it was not by itself. */
function endLines({ unfinished, log }: RunExtras): string[] {
  const stopped = log.stopped.map(({ kind, since }) => {
    const time = new Date(since).toISOString().slice(11, 19);
    return `${kind.toUpperCase()} by an operator at ${time} UTC, and not resumed`;
  });
  return [...(unfinished === undefined ? [] : [unfinished]), ...stopped];
}

function faultLines({ faults, lastFault }: RunLog, markets: MarketList, width: number): string[] {
  if (lastFault === undefined) return [];
  const { marketId, message } = lastFault;
  const where = marketId === undefined ? "" : `${markets.label(marketId)}: `;
  return wrap(plain(`faults: ${count(faults)}, last: ${where}${message}`), width);
}

/** What the columns of money are. */
function legend(summary: RunSummary): string {
  const open = summary.markets.some(({ unrealized }) => unrealized !== 0);
  const parts = [
    "VOLUME: dollars traded",
    "FEES: paid, already taken off the rest",
    "REALIZED: from what was sold, merged or paid out",
    ...(open ? ["OPEN: what is still held, sold into the bids, less its cost", "P&L: REALIZED + OPEN"] : []),
  ];
  return parts.join(" · ");
}

/** What went wrong, when anything did. */
function troubleLine(summary: RunSummary): string[] {
  const { quarantined, fillsVoided, alarms } = summary;
  const parts = [
    ...(quarantined === 0 ? [] : [`${plural(quarantined, "frame")} quarantined`]),
    ...(fillsVoided === 0 ? [] : [`${plural(fillsVoided, "fill")} voided`]),
    ...(alarms === 0 ? [] : [plural(alarms, "alarm")]),
  ];
  return parts.length === 0 ? [] : [parts.join(" · ")];
}

/** Joins parts into as few lines as fit. */
function fold(parts: readonly string[], width: number): string[] {
  const lines: string[] = [];
  for (const part of parts) {
    const last = lines.at(-1);
    const longer = last === undefined ? part : `${last} · ${part}`;
    if (last === undefined || longer.length > width) lines.push(part);
    else lines[lines.length - 1] = longer;
  }
  return lines;
}

type MoneyRow = Pick<MarketSummary, "fills" | "volume" | "fees" | "realized" | "unrealized" | "pnl"> & {
  readonly name: string;
  readonly state: string;
};

function marketLines(summary: RunSummary, markets: MarketList, width: number): string[] {
  const byId = new Map(summary.markets.map((market) => [market.marketId, market]));
  const rows: MoneyRow[] = markets.entries.map(({ market }) => {
    const row = byId.get(market.marketId)!;
    const causes = row.haltCauses.length === 0 ? "" : `: ${row.haltCauses.join(", ")}`;
    return { ...row, name: markets.label(market.marketId), state: `${stateWord(row.status)}${causes}` };
  });
  for (const { marketId, title, status, ...row } of summary.markets) {
    if (markets.entries.some(({ market }) => market.marketId === marketId)) continue;
    rows.push({ ...row, name: `Earlier: ${title}`, state: stateWord(status) });
  }
  const sum = (key: Exclude<keyof MoneyRow, "name" | "state">): Usdc =>
    rows.reduce((total, row) => total + row[key], 0) as Usdc;
  const total: MoneyRow = {
    name: "Total",
    state: "",
    fills: sum("fills"),
    volume: sum("volume"),
    fees: sum("fees"),
    realized: sum("realized"),
    unrealized: sum("unrealized"),
    pnl: sum("pnl"),
  };
  const dollars = (
    title: string,
    key: "fees" | "realized" | "unrealized" | "pnl",
    signed = true,
  ): Column<MoneyRow> => {
    // One number of decimals per column, so that the points stand below each other.
    const decimals = Math.max(...rows.map((row) => decimalsOf(row[key])), decimalsOf(total[key]));
    return { title, align: "right", cell: (row) => money(row[key], signed, decimals) };
  };
  const columns: readonly Column<MoneyRow>[] = [
    { title: "MARKET", align: "left", least: 8, middle: true, cell: (row) => row.name },
    { title: "STATE", align: "left", least: 8, cell: (row) => row.state },
    { title: "FILLS", align: "right", cell: (row) => count(row.fills) },
    { title: "VOLUME", align: "right", cell: (row) => cents(row.volume) },
    dollars("FEES", "fees", false),
    dollars("REALIZED", "realized"),
    ...(rows.some((row) => row.unrealized !== 0) ? [dollars("OPEN", "unrealized")] : []),
    dollars("P&L", "pnl"),
  ];
  return table(columns, [...rows, total], width);
}

function accountLines(summary: RunSummary): string[] {
  const sum = summary.markets.reduce((total, market) => total + market.pnl, 0);
  const agrees =
    sum === summary.pnl
      ? "the markets add up to the ledger"
      : `DIFFERS from the markets' sum by ${sum - summary.pnl} micro-dollars`;
  const lines = [
    `P&L ${money(summary.pnl, true)} after ${money(summary.fees)} fees: ${agrees}`,
    `Cash ${money(summary.cash)} of ${money(summary.deposits)} paid in`,
  ];
  if (summary.unrealized !== summary.unrealizedAtModel)
    lines.push(
      `Open ${money(summary.unrealized, true)} at the bids, ${money(summary.unrealizedAtModel, true)} by the model`,
    );
  for (const { strategyId, realized, trades } of summary.strategies) {
    lines.push(`  ${strategyId}: ${money(realized, true)} realized in ${plural(trades, "fill")}`);
  }
  return lines;
}
