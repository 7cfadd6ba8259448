import assert from "node:assert/strict";
import type { Price } from "@matchpoint/sdk";
import type { ConformanceCase } from "../conformance/index.ts";
import type { MakeCase } from "./caseMaker.ts";

/** What a market does to orders: the taker delay, its grid, its start, its end. */
export function livingCases(make: MakeCase): ConformanceCase[] {
  return [
    make("E60", "a taker is delayed, cannot be cancelled meanwhile, and is matched then", async (trial) => {
      await trial.stage.list({ ...trial.market, takerDelayMs: 3_000 });
      const placed = await trial.placed({ price: 0.5, shares: 10 }, "delayed");
      assert.equal(trial.status(placed), "DELAYED");
      assert.notEqual((await trial.cancel(placed)).kind, "canceled");
      await trial.until("it is filled after the delay", () => trial.status(placed) === "FILLED");
      assert.equal(trial.matched(placed), 10);
    }),
    make("E61", "a delayed order whose liquidity has gone rests", async (trial) => {
      await trial.stage.list({ ...trial.market, takerDelayMs: 3_000 });
      const placed = await trial.placed({ price: 0.5, shares: 10 }, "delayed");
      await trial.book([[0.48, 100]], [[0.52, 100]]);
      await trial.until("it rests", () => trial.status(placed) === "LIVE");
      assert.equal(trial.matched(placed), 0);
    }),
    make("E62", "a delayed FAK order whose liquidity has gone is killed", async (trial) => {
      await trial.stage.list({ ...trial.market, takerDelayMs: 3_000 });
      const placed = await trial.placed({ orderType: "FAK", price: 0.5, spend: 5 }, "delayed");
      await trial.book([[0.48, 100]], [[0.52, 100]]);
      await trial.until(
        "it is killed",
        () => trial.status(placed) === "CANCELED" || trial.status(placed) === "REJECTED",
      );
      assert.equal(trial.matched(placed), 0);
    }),
    make("E63", "an order that rests is not delayed", async (trial) => {
      await trial.stage.list({ ...trial.market, takerDelayMs: 3_000 });
      await trial.placed({ price: 0.45, shares: 10 }, "live");
    }),
    make("E64", "a finer grid takes finer prices", async (trial) => {
      await trial.refused({ price: 0.455, shares: 10 }, "TICK");
      await trial.stage.list({ ...trial.market, tick: 10 as Price });
      await trial.placed({ price: 0.455, shares: 10 }, "live");
    }),
    make("E65", "the end of a market cancels what rests in it", async (trial) => {
      const placed = await trial.placed({ price: 0.45, shares: 10 }, "live");
      await trial.stage.resolve(trial.market.marketId, [1_000_000, 0] as never);
      await trial.until("the order is over", () => ["CANCELED", "INVALID"].includes(trial.status(placed)));
    }),
  ];
}
