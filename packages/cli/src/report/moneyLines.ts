import { PNL_PARTS, type PnlLine, type PnlPart, type RunSummary, type Usdc } from "@matchpoint/sdk";
import { decimalsOf, money, plural, wrap } from "./format.ts";
import { table, type Column } from "./table.ts";

/** What the parts are called in a table, and what they are in words. */
export const PART_WORDS: Readonly<Record<PnlPart, { readonly title: string; readonly words: string }>> = {
  edge: { title: "EDGE", words: "seen at the decision" },
  legLoss: { title: "LEG LOSS", words: "legs of pairs closed beyond break-even" },
  slippage: { title: "SLIPPAGE", words: "from the decision's price to the fill's" },
  fees: { title: "FEES", words: "paid" },
  after5s: { title: "+5 S", words: "how far the price went within 5 seconds of the fills" },
  after30s: { title: "+30 S", words: "from then to 30 seconds" },
  settlement: { title: "LATER", words: "from then to the payout, or to now" },
  conversion: { title: "CONVERTED", words: "merges, splits and redemptions" },
  exit: { title: "EXIT", words: "what selling the rest now would cost" },
  rounding: { title: "ROUNDING", words: "whole micro-dollars" },
};

interface Row extends PnlLine {
  readonly name: string;
}

/** Where the profit or loss came from, per strategy; nothing without fills. */
export function moneyLines(summary: RunSummary, width: number, textWidth: number): string[] {
  const { strategies, parts, rebates } = summary;
  if (strategies.length === 0) return [];
  const total = { ...summary, name: "Total", trades: summary.fills };
  const rows: Pick<Row, "name" | "parts" | "pnl">[] = strategies.map((line) => ({
    ...line,
    name: line.strategyId,
  }));
  if (rows.length > 1) rows.push(total);
  const shown = PNL_PARTS.filter((part) => parts[part] !== 0 || rows.some((row) => row.parts[part] !== 0));
  const dollars = (
    title: string,
    of: (row: (typeof rows)[number]) => Usdc,
  ): Column<(typeof rows)[number]> => {
    const decimals = Math.max(...rows.map((row) => decimalsOf(of(row))));
    return { title, align: "right", cell: (row) => money(of(row), true, decimals) };
  };
  const columns = [
    { title: "STRATEGY", align: "left", least: 8, cell: ({ name }: { name: string }) => name } as const,
    ...shown.map((part) => dollars(PART_WORDS[part].title, (row) => row.parts[part])),
    dollars("P&L", (row) => row.pnl),
  ];
  const legend = shown.map((part) => `${PART_WORDS[part].title}: ${PART_WORDS[part].words}`).join(" · ");
  return [
    "Where it came from",
    ...table(columns, rows, width),
    ...wrap(legend, textWidth),
    ...(summary.unseen === 0
      ? []
      : wrap(
          `${plural(summary.unseen, "fill")} of earlier starts: nobody looked 5 seconds after them, so what came of them since is in LATER`,
          textWidth,
        )),
    ...(rebates.due === 0 && rebates.received === 0
      ? []
      : [`Makers' rebates: ${money(rebates.due)} due by the schedule, ${money(rebates.received)} received`]),
  ];
}
