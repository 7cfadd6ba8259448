import type { ExecutionReport, TradeStatus } from "@matchpoint/sdk";
import { expect, it } from "vitest";
import type { History } from "../../src/torture/record.ts";
import { Dice } from "../../src/torture/kernel/dice.ts";
import { Ground } from "../../src/torture/kernel/ground.ts";
import { SimTime } from "../../src/torture/kernel/simTime.ts";
import { SimGateway } from "../../src/torture/program/gateway.ts";
import { Host, Life } from "../../src/torture/program/life.ts";

/** Promises that are kept by now have told whoever waits. */
const turn = (): Promise<void> =>
  new Promise((done) => {
    setImmediate(done);
  });

/** A gateway whose socket says nothing, onto a venue that lists these trades. */
function silent(statuses: Record<string, TradeStatus>): {
  readonly heard: string[];
  readonly until: (ms: number) => Promise<void>;
} {
  const time = new SimTime();
  const ground = new Ground(time, new Dice(1, {}), 0);
  ground.history = { add: () => undefined } as unknown as History;
  const life = new Life(ground, new Host(), 1, "a", 1);
  const trades = (): unknown => ({
    trades: Object.entries(statuses).map(([tradeId, status]) => ({
      tradeId,
      orderId: `of-${tradeId}`,
      status,
    })),
    cursor: "0",
  });
  const gateway = new SimGateway({
    ground,
    life,
    venue: { trades, mode: "OPEN" } as never,
    front: { refuses: () => undefined } as never,
    follows: [],
    heartbeats: false,
    durable: () => 0,
  });
  const heard: string[] = [];
  void (async () => {
    for await (const report of gateway.reports(new AbortController().signal))
      if (isTrade(report)) heard.push(`${report.tradeId} ${report.status}`);
  })();
  return {
    heard,
    until: async (ms) => {
      const end = time.now + ms * 1e6;
      time.after(ms, () => undefined);
      while (time.now < end && time.step()) await turn();
      await turn();
    },
  };
}

function isTrade(report: ExecutionReport): report is Extract<ExecutionReport, { type: "trade_report" }> {
  return report.type === "trade_report";
}

it("tells in its first sweep what became of an earlier life's trades since this one began, and nothing that was over before", async () => {
  const statuses: Record<string, TradeStatus> = {
    over: "CONFIRMED",
    gone: "FAILED",
    open: "MINED",
    undone: "CONFIRMED",
  };
  const { heard, until } = silent(statuses);
  await until(1_000);
  statuses["open"] = "FAILED";
  statuses["undone"] = "FAILED";
  statuses["late"] = "CONFIRMED";
  await until(9_000);
  expect(heard.sort()).toEqual(["late CONFIRMED", "open FAILED", "undone FAILED"]);
  await until(9_000);
  expect(heard).toHaveLength(3);
});
