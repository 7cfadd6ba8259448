import {
  formatPrice,
  type Core,
  type MarketSummary,
  type Price,
  type RunSummary,
  type Usdc,
  type WhyNot,
} from "@matchpoint/sdk";
import { cents, count, decimalsOf, money, plural } from "./format.ts";
import { listMarkets, type MarketList } from "./labels.ts";
import { table, type Column } from "./table.ts";

const WHY_LINES = 15;
const DENIALS = "https://github.com/matchpoint-sdk/matchpoint/blob/main/docs/reference/denials.md";

/** The account of a run for people: what it did, market by market, and why it did not do more. */
export function finalReport(
  summary: RunSummary,
  core: Core,
  journal: string | null,
  width: number,
): string[] {
  const markets = listMarkets(core);
  const lines = [
    "",
    ...fold(
      [
        plural(summary.events, "event"),
        plural(summary.intents, "intent"),
        plural(summary.orders, "order"),
        plural(summary.fills, "fill"),
        `${count(summary.denied)} denied`,
        `${count(summary.skipped)} skipped`,
      ],
      width,
    ),
    ...troubleLine(summary),
    "",
    ...marketLines(summary, markets, width),
    "",
    ...accountLines(summary),
    "",
    ...whyLines(summary.whyNot, markets, width),
    "",
  ];
  if (journal !== null) lines.push(`Journal: ${journal}`);
  lines.push(`Effects: ${summary.effectsHash}`);
  return lines;
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
    return { ...row, name: markets.label(market.marketId), state: `${row.status}${causes}` };
  });
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
  for (const { strategyId, realized, trades } of summary.strategies) {
    lines.push(`  ${strategyId}: ${money(realized, true)} realized in ${plural(trades, "fill")}`);
  }
  return lines;
}

function whyLines(whyNot: readonly WhyNot[], markets: MarketList, width: number): string[] {
  if (whyNot.length === 0) return ["Why it did not trade: no strategy gave a reason"];
  const shown = whyNot.slice(0, WHY_LINES);
  const columns: readonly Column<WhyNot>[] = [
    { title: "TIMES", align: "right", cell: (row) => count(row.count) },
    { title: "STRATEGY", align: "left", least: 12, cell: (row) => row.strategyId },
    { title: "MARKET", align: "left", least: 8, middle: true, cell: (row) => markets.label(row.marketId) },
    {
      title: "REASON (LAST TIME)",
      align: "left",
      least: 24,
      cell: (row) => `${row.reason}${lastTime(row.last)}`,
    },
  ];
  const lines = ["Why it did not trade", ...table(columns, shown, width)];
  const rest = whyNot.length - shown.length;
  if (rest > 0) lines.push(`and ${plural(rest, "more reason", "more reasons")}; --json has up to 100`);
  if (whyNot.some(({ reason }) => reason.startsWith("denied: ")))
    lines.push(`What a denial means: ${DENIALS}`);
  return lines;
}

/** Numbers under these names are prices, which everyone reads in dollars. */
const PRICES: ReadonlySet<string> = new Set(["ask", "bid", "limit", "price"]);

/** What was said with a reason the last time, in short. */
function lastTime(last: WhyNot["last"]): string {
  const parts = Object.entries(last ?? {}).flatMap(([key, value]) => {
    if (typeof value === "string") return [key === "detail" ? value : `${key} ${value}`];
    if (typeof value !== "number") return [];
    if (PRICES.has(key) && Number.isInteger(value)) return [`${key} ${formatPrice(value as Price)}`];
    return [`${key} ${Number.isInteger(value) ? value : value.toFixed(4)}`];
  });
  return parts.length === 0 ? "" : ` (${parts.join(", ")})`;
}
