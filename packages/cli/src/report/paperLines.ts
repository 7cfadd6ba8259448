import type { RunSummary, ScenarioSummary } from "@matchpoint/sdk";
import { count, money, wrap } from "./format.ts";
import { realismLine } from "./realism.ts";
import { table, type Column } from "./table.ts";

const CASE: Readonly<Record<ScenarioSummary["name"], string>> = {
  optimistic: "optimistic: always first",
  base: "base: this run",
  pessimistic: "pessimistic: always last",
};

/** What a paper result rests on: the account under three fill models, and which parts of the venue were left out. */
export function paperLines({ scenarios, realism }: RunSummary, width: number, text: number): string[] {
  const lines: string[] = [];
  if (scenarios !== undefined && scenarios.verdict !== "no-fills") {
    const columns: readonly Column<ScenarioSummary>[] = [
      { title: "FILLS OF RESTING ORDERS", align: "left", least: 8, cell: ({ name }) => CASE[name] },
      { title: "MODEL", align: "left", cell: ({ model }) => model },
      { title: "FILLS", align: "right", cell: ({ fills }) => count(fills) },
      { title: "RESTING", align: "right", cell: ({ makerFills }) => count(makerFills) },
      { title: "P&L", align: "right", cell: ({ pnl }) => money(pnl, true) },
    ];
    lines.push("The same orders, with resting orders filled otherwise");
    lines.push(...table(columns, scenarios.accounts, width));
    if (scenarios.verdict === "no-deploy")
      lines.push(
        ...wrap(
          "Verdict: NO-DEPLOY: the sign of the P&L changes between base and pessimistic, so it is a matter of the queue",
          text,
        ),
      );
    else lines.push("Verdict: none: base and pessimistic have the same sign");
  }
  if (realism !== undefined) lines.push(...wrap(realismLine(realism), text));
  return lines;
}
