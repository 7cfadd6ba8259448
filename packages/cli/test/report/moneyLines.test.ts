import { PNL_PARTS, type PnlLine, type PnlPart, type RunSummary, type Usdc } from "@matchpoint/sdk";
import { describe, expect, it } from "vitest";
import { moneyLines } from "../../src/report/moneyLines.ts";

function line(parts: Partial<Record<PnlPart, number>>): PnlLine {
  const whole = Object.fromEntries(PNL_PARTS.map((part) => [part, parts[part] ?? 0]));
  const pnl = Object.values(parts).reduce((sum, part) => sum + part, 0) as Usdc;
  const none = 0 as Usdc;
  return {
    ...{ trades: 1, volume: none, fees: none, realized: pnl, unrealized: none, unrealizedAtModel: none },
    ...{ pnl, rebates: none, unseen: 0, parts: whole as PnlLine["parts"] },
  };
}

function summary(
  lines: Readonly<Record<string, PnlLine>>,
  total: PnlLine,
  due = 0,
  received = 0,
): RunSummary {
  const strategies = Object.entries(lines).map(([strategyId, each]) => ({ strategyId, ...each }));
  return {
    ...{ strategies, parts: total.parts, pnl: total.pnl, fills: 2, unseen: total.unseen },
    rebates: { accrued: due + received, received, due },
  } as unknown as RunSummary;
}

describe("where the money came from", () => {
  it("has a row per strategy and their sum, and only the parts that are there", () => {
    const [maker, pair] = [
      line({ edge: 4_000_000, after5s: -1_500_000 }),
      line({ edge: -10, legLoss: -250_000 }),
    ];
    const total = line({ edge: 3_999_990, legLoss: -250_000, after5s: -1_500_000 });
    expect(moneyLines(summary({ maker, pair }, total), 100, 100)).toEqual([
      "Where it came from",
      "STRATEGY       EDGE  LEG LOSS    +5 S        P&L",
      "maker     +$4.00000     $0.00  -$1.50  +$2.50000",
      "pair      -$0.00001    -$0.25   $0.00  -$0.25001",
      "Total     +$3.99999    -$0.25  -$1.50  +$2.24999",
      "EDGE: seen at the decision · LEG LOSS: legs of pairs closed beyond break-even · +5 S: how far the",
      "price went within 5 seconds of the fills",
    ]);
  });

  it("shows a part that cancels out over the strategies", () => {
    const shown = moneyLines(summary({ a: line({ exit: 5 }), b: line({ exit: -5 }) }, line({})), 100, 100);
    expect(shown[1]).toBe("STRATEGY        EXIT         P&L");
  });

  it("says how many fills nobody has looked at, and where what came of them is", () => {
    const total = { ...line({ settlement: 5 }), unseen: 2 };
    expect(moneyLines(summary({ s: total }, total), 100, 200).at(-1)).toBe(
      "2 fills of earlier starts: nobody looked 5 seconds after them, so what came of them since is in LATER",
    );
  });

  it("needs no sum of a single strategy, and nothing where nobody traded", () => {
    const one = line({ fees: -20_000 });
    expect(moneyLines(summary({ one }, one), 100, 100)).toHaveLength(4);
    expect(moneyLines(summary({}, line({})), 100, 100)).toEqual([]);
  });

  it.each([
    [1_500, 0, ["Makers' rebates: $0.0015 due by the schedule, $0.00 received"]],
    [0, 20_000, ["Makers' rebates: $0.00 due by the schedule, $0.02 received"]],
    [0, 0, []],
  ])("tells of rebates: %d due, %d received", (due, received, expected) => {
    const one = line({ fees: -20_000 });
    expect(moneyLines(summary({ one }, one, due, received), 100, 100).slice(4)).toEqual(expected);
  });
});
