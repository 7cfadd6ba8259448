import assert from "node:assert/strict";
import type { TradeStatus } from "@matchpoint/sdk";
import type { ConformanceCase } from "../conformance/index.ts";
import type { MakeCase } from "./caseMaker.ts";
import { hold } from "./placing.ts";

const HALF = [500_000, 500_000] as never;

/** What comes after a match: trades, positions, the chain. */
export function settlingCases(make: MakeCase): ConformanceCase[] {
  return [
    make("E50", "a trade is matched, mined and confirmed, each told", async (trial) => {
      const placed = await trial.placed({ price: 0.5, shares: 10 }, "matched");
      await trial.until("the trade is confirmed", () => trial.trades(placed)[0]?.status === "CONFIRMED");
      const seen: TradeStatus[] = [];
      for (const report of trial.told)
        if (report.type === "trade_report" && !seen.includes(report.status)) seen.push(report.status);
      assert.deepEqual(seen, ["MATCHED", "MINED", "CONFIRMED"]);
    }),
    make("E51", "what was bought is held at once, and settled when it is confirmed", async (trial) => {
      await hold(trial, 10);
      await trial.until("the position is settled", async () => {
        const [position] = await trial.adapter.fetchPositions();
        return position?.matched === 10_000_000 && position.settled === 10_000_000 && position.outcome === 0;
      });
    }),
    make("E52", "trades are fetched from a cursor on, none twice and none left out", async (trial) => {
      const { adapter } = trial;
      const first = await trial.placed({ price: 0.5, shares: 10 }, "matched");
      await trial.until("the first is told", () => trial.matched(first) === 10);
      let before = await adapter.fetchTrades();
      await trial.until("the first is listed", async () => {
        before = await adapter.fetchTrades();
        return before.trades.length > 0;
      });
      const second = await trial.placed({ price: 0.5, shares: 20 }, "matched");
      await trial.until("the second is listed, and the first is not listed again", async () => {
        const { trades } = await adapter.fetchTrades(before.cursor);
        const found = trades.filter(({ orderId }) => orderId === second.order.orderId);
        return found.reduce((sum, { size }) => sum + size, 0) === 20_000_000;
      });
      const all = await adapter.fetchTrades();
      const keys = all.trades.map(({ orderId, tradeId }) => `${orderId} ${tradeId}`);
      assert.equal(new Set(keys).size, keys.length, "a trade is listed twice");
      assert.equal(
        all.trades.reduce((sum, { size }) => sum + size, 0),
        30_000_000,
      );
    }),
    make(
      "E53",
      "a trade that fails gives back shares, dollars and fee",
      async (trial) => {
        await trial.stage.arm("trade_fails");
        const placed = await trial.placed({ price: 0.5, shares: 10 }, "matched");
        await trial.until("the trade has failed", () => trial.trades(placed)[0]?.status === "FAILED");
        assert.equal(trial.matched(placed), 0);
        await trial.until(
          "the account is as before",
          async () => (await trial.adapter.fetchBalances()).collateral === 1_000_000_000,
        );
      },
      "trade_fails",
    ),
    make("E54", "a pair is merged into a dollar", async (trial) => {
      await hold(trial, 10);
      await hold(trial, 10, 1);
      assert.equal(await trial.act("merge", [10, 10]), "FINAL");
      const report = trial.told.findLast((each) => each.type === "chain_report");
      assert.equal(report?.type === "chain_report" && report.proceeds, 10_000_000);
    }),
    make("E55", "dollars are split into pairs", async (trial) => {
      assert.equal(await trial.act("split", [25, 25]), "FINAL");
    }),
    make("E56", "more than is held cannot be merged", async (trial) => {
      await hold(trial, 10);
      assert.notEqual(await trial.act("merge", [10, 10]), "FINAL");
    }),
    make("E57", "what a resolved market pays is redeemed: all, nothing, or half", async (trial) => {
      await hold(trial, 10);
      await hold(trial, 20, 1);
      await trial.stage.resolve(trial.market.marketId, HALF);
      assert.equal(await trial.act("redeem", [10, 20]), "FINAL");
      const report = trial.told.findLast((each) => each.type === "chain_report");
      assert.equal(report?.type === "chain_report" && report.proceeds, 15_000_000);
    }),
  ];
}
