import type { MarketSummary, RunSummary, WhyNot } from "@matchpoint/sdk";
import { clipMiddle, count, money, table } from "./format.ts";

const WHY_LINES = 15;

/** The account of a run for people: what it did, market by market, and why it did not do more. */
export function finalReport(summary: RunSummary, journal: string | undefined): string[] {
  const { fills, orders, intents, denied, skipped } = summary;
  const lines = [
    "",
    `${count(summary.events)} events · ${count(intents)} intents · ${count(orders)} orders · ${count(fills)} fills · ` +
      `${count(denied)} denied · ${count(skipped)} skipped`,
    "",
    ...table(MARKET_COLUMNS, summary.markets),
    "",
    ...accountLines(summary),
    "",
    "Why it did not trade",
    ...whyLines(summary.whyNot),
  ];
  if (journal !== undefined) lines.push("", `Journal: ${journal}`);
  lines.push(`Effects: ${summary.effectsHash}`);
  return lines;
}

const MARKET_COLUMNS = [
  { title: "MARKET", align: "left", max: 44, cell: (row: MarketSummary) => clipMiddle(row.title, 44) },
  {
    title: "STATE",
    align: "left",
    cell: (row: MarketSummary) => (row.haltCauses.length === 0 ? row.status : `${row.status} (${row.haltCauses.join(", ")})`),
  },
  { title: "FILLS", align: "right", cell: (row: MarketSummary) => count(row.fills) },
  { title: "VOLUME", align: "right", cell: (row: MarketSummary) => money(row.volume) },
  { title: "FEES", align: "right", cell: (row: MarketSummary) => money(row.fees) },
  { title: "REALIZED", align: "right", cell: (row: MarketSummary) => money(row.realized, true) },
  { title: "OPEN", align: "right", cell: (row: MarketSummary) => money(row.unrealized, true) },
  { title: "P&L", align: "right", cell: (row: MarketSummary) => money(row.pnl, true) },
] as const;

function accountLines(summary: RunSummary): string[] {
  const sum = summary.markets.reduce((total, market) => total + market.pnl, 0);
  const agrees = sum === summary.pnl ? "= sum of the markets = ledger" : `DIFFERS from the markets' sum by ${sum - summary.pnl} micro-dollars`;
  const lines = [`P&L ${money(summary.pnl, true)} after ${money(summary.fees)} fees (${agrees}); cash ${money(summary.cash)}`];
  for (const { strategyId, realized, trades } of summary.strategies) {
    lines.push(`  ${strategyId}: ${money(realized, true)} realized in ${count(trades)} fills`);
  }
  return lines;
}

function whyLines(whyNot: readonly WhyNot[]): string[] {
  if (whyNot.length === 0) return ["  no strategy gave a reason"];
  const shown = whyNot.slice(0, WHY_LINES);
  const lines = table(
    [
      { title: "  TIMES", align: "right", cell: (row: WhyNot) => count(row.count) },
      { title: "STRATEGY", align: "left", cell: (row: WhyNot) => row.strategyId },
      { title: "MARKET", align: "left", max: 36, cell: (row: WhyNot) => clipMiddle(row.title, 36) },
      { title: "REASON", align: "left", cell: (row: WhyNot) => row.reason },
    ],
    shown,
  );
  const rest = whyNot.length - shown.length;
  return rest > 0 ? [...lines, `  and ${rest} more reasons (--json has the most frequent 100)`] : lines;
}
