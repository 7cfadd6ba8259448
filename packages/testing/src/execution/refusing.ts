import assert from "node:assert/strict";
import { id, type MarketId } from "@matchpoint/sdk";
import type { ConformanceCase } from "../conformance/index.ts";
import type { MakeCase } from "./caseMaker.ts";

/** What must be refused, for the right reason, without a throw and without anything coming of it. */
export function refusingCases(make: MakeCase): ConformanceCase[] {
  return [
    make("E20", "a price off the grid is refused, never rounded", async (trial) => {
      await trial.refused({ price: 0.455, shares: 10 }, "TICK");
    }),
    make("E21", "a resting order below the smallest size is refused", async (trial) => {
      await trial.refused({ price: 0.45, shares: 4 }, "MIN_SIZE");
    }),
    make("E22", "a marketable buy of less than a dollar is refused", async (trial) => {
      await trial.book([[0.08, 100]], [[0.1, 100]]);
      await trial.refused({ price: 0.1, shares: 9 }, "MIN_SIZE");
      await trial.refused({ orderType: "FAK", price: 0.1, spend: 0.9 }, "MIN_SIZE");
    }),
    make("E23", "a buy that the account cannot pay is refused", async (trial) => {
      await trial.refused({ price: 0.45, shares: 2_300 }, "BALANCE");
    }),
    make("E24", "what rests is set aside: a second order cannot use it", async (trial) => {
      await trial.placed({ price: 0.45, shares: 2_000 }, "live");
      await trial.refused({ price: 0.45, shares: 300 }, "BALANCE");
    }),
    make("E25", "a sell of shares that are not held is refused", async (trial) => {
      await trial.refused({ side: "sell", price: 0.55, shares: 10 }, "BALANCE");
    }),
    make("E26", "sizes are whole hundredths of a share", async (trial) => {
      await trial.refused({ price: 0.45, shares: 10.005 }, "PRECISION");
    }),
    make("E27", "dollars of a FAK buy are whole cents", async (trial) => {
      await trial.refused({ orderType: "FAK", price: 0.5, spend: 5.005 }, "PRECISION");
    }),
    make("E28", "a market that takes no orders refuses them", async (trial) => {
      await trial.stage.list({ ...trial.market, acceptingOrders: false });
      await trial.refused({ price: 0.45, shares: 10 }, "MARKET_CLOSED");
    }),
    make("E29", "a market that was never listed refuses orders", async (trial) => {
      const { outcome } = await trial.place({ marketId: id<MarketId>("0x5f6599"), price: 0.45, shares: 10 });
      assert.equal(outcome.kind, "rejected");
    }),
    make("E30", "the same order sent twice is one order", async (trial) => {
      const { intent, order } = await trial.placed({ price: 0.45, shares: 10 }, "live");
      const again = await trial.adapter.placeOrder(order);
      if (again.kind === "rejected") assert.equal(again.code, "DUPLICATE");
      else assert.equal(again.kind, "live");
      assert.equal((await trial.adapter.fetchOpenOrders()).length, 1, intent.intentId);
    }),
    make("E31", "post-only goes with orders that rest, and with no others", async (trial) => {
      const { outcome } = await trial.place({ orderType: "FAK", postOnly: true, price: 0.5, spend: 5 });
      assert.equal(outcome.kind, "rejected");
    }),
    make("E32", "a GTD order that ends too soon is refused", async (trial) => {
      await trial.refused({ orderType: "GTD", price: 0.45, shares: 10, expiresInMs: 20_000 }, "EXPIRATION");
    }),
    make("E33", "an order that would trade with one of ours is refused", async (trial) => {
      await trial.placed({ price: 0.49, shares: 10, postOnly: true }, "live");
      const { outcome } = await trial.place({ outcome: 1, price: 0.51, shares: 10 });
      assert.equal(outcome.kind, "rejected", JSON.stringify(outcome));
    }),
  ];
}
