import type { ExecutionAdapter, ExecutionReport, TradeReport } from "@matchpoint/sdk";
import { executionConformance, type ExecutionStage, type ExecutionSubject } from "@matchpoint/testing";
import { describe, expect, it } from "vitest";
import { paperSubject } from "./paper.ts";

type Breakage = (adapter: ExecutionAdapter, stage: ExecutionStage) => Partial<ExecutionAdapter>;

/** The paper broker with something broken in between. */
function broken(breakage: Breakage): ExecutionSubject {
  return {
    ...paperSubject,
    patienceMs: 20_000,
    secrets: ["canary"],
    open: async (options) => {
      const stage = await paperSubject.open(options);
      const { adapter } = stage;
      const whole: ExecutionAdapter = {
        capabilities: adapter.capabilities,
        prepare: (intent, seq) => adapter.prepare(intent, seq),
        placeOrder: (order) => adapter.placeOrder(order),
        cancelOrder: (orderId) => adapter.cancelOrder(orderId),
        cancelAll: (scope) => adapter.cancelAll(scope),
        fetchOrder: (orderId) => adapter.fetchOrder(orderId),
        fetchOpenOrders: () => adapter.fetchOpenOrders(),
        fetchTrades: (since) => adapter.fetchTrades(since),
        fetchPositions: () => adapter.fetchPositions(),
        fetchBalances: () => adapter.fetchBalances(),
        reports: (signal) => adapter.reports(signal),
      };
      return { ...stage, adapter: { ...whole, ...breakage(adapter, stage) } };
    },
  };
}

/** Passes every trade report through a change; nothing in its place drops it. */
const changing =
  (change: (report: TradeReport, nth: number) => readonly TradeReport[]): Breakage =>
  (adapter) => ({
    async *reports(signal) {
      let nth = 0;
      for await (const report of adapter.reports(signal)) {
        if (report.type === "trade_report") yield* change(report, nth++);
        else yield report satisfies ExecutionReport;
      }
    },
  });

let counter = 0;

// What is broken, which case finds it, and what it says.
const FINDINGS: readonly (readonly [string, Breakage, string, RegExp])[] = [
  [
    "makes ids of nothing but luck",
    (adapter) => ({
      prepare: (intent, seq) => ({ ...adapter.prepare(intent, seq), orderId: `0x${counter++}` as never }),
    }),
    "E01",
    /gives another id/,
  ],
  [
    "takes a silence for a refusal",
    () => ({ placeOrder: async () => ({ kind: "rejected", code: "OTHER" }) }),
    "E02",
    /not live/,
  ],
  [
    "rounds prices to the grid",
    (adapter) => ({
      prepare: (intent, seq) =>
        adapter.prepare({ ...intent, limit: (intent.limit - (intent.limit % 100)) as never }, seq),
    }),
    "E20",
    /answered with {"kind":"live"}/,
  ],
  [
    "forgets the fee",
    changing((report) => [{ ...report, fee: 0 as never }]),
    "E03",
    /Expected values|deep-equal/,
  ],
  [
    "is a micro-dollar off",
    changing((report) => [{ ...report, cost: (report.cost + 1) as never }]),
    "E04",
    /the account is what was reported/,
  ],
  [
    "tells the counterparty's side",
    changing((report) => [{ ...report, side: report.side === "buy" ? "sell" : "buy" }]),
    "E15",
    /contradict|deep-equal|not so within/,
  ],
  [
    "loses the fills of makers",
    changing((report) => (report.liquidity === "maker" ? [] : [report])),
    "E15",
    /the fill is told/,
  ],
  [
    "gives each status of a trade a new id",
    changing((report, nth) => [{ ...report, tradeId: `t${nth}` as never }]),
    "E50",
    /confirmed|CONFIRMED|contradict|equal/,
  ],
  [
    "never tells what becomes of a trade",
    changing((report) => (report.status === "MATCHED" ? [report] : [])),
    "E50",
    /the trade is confirmed/,
  ],
  [
    "says cancelled whatever the venue says",
    (adapter) => ({
      cancelOrder: async (orderId) => {
        await adapter.cancelOrder(orderId);
        return { kind: "canceled", orderId };
      },
    }),
    "E43",
    /'canceled' !== 'not_canceled'|not_canceled/,
  ],
  [
    "cancels everything when asked for one market",
    (adapter) => ({ cancelAll: () => adapter.cancelAll() }),
    "E45",
    /deep-equal|LIVE/,
  ],
  [
    "lists trades from the beginning again",
    (adapter) => ({
      fetchTrades: async () => {
        const { trades } = await adapter.fetchTrades();
        return { trades: [...trades, ...trades], cursor: "0" };
      },
    }),
    "E52",
    /listed twice|not so within/,
  ],
  ["lists no positions", () => ({ fetchPositions: async () => [] }), "E51", /position is settled/],
  [
    "lets its key be seen",
    (adapter) => ({
      placeOrder: async (order) => {
        const answer = await adapter.placeOrder(order);
        return answer.kind === "rejected" ? { ...answer, detail: "signed with canary" } : answer;
      },
    }),
    "E13",
    /holds a secret/,
  ],
];

describe.concurrent("an adapter that", () => {
  for (const [what, breakage, number, says] of FINDINGS) {
    it(`${what} is found by ${number}`, async () => {
      const found = executionConformance(broken(breakage)).find(({ name }) => name.startsWith(number));
      await expect(found!.run()).rejects.toThrow(says);
    });
  }
});
