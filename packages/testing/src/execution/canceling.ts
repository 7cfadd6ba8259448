import assert from "node:assert/strict";
import { id, type MarketId, type OrderId } from "@matchpoint/sdk";
import { testMarket } from "../harness/index.ts";
import type { ConformanceCase } from "../conformance/index.ts";
import type { MakeCase } from "./caseMaker.ts";
import type { Placed } from "./trial.ts";

/** Cancels, one by one and all at once. */
export function cancelingCases(make: MakeCase): ConformanceCase[] {
  return [
    make("E40", "a resting order is cancelled, and what it set aside is free again", async (trial) => {
      const placed = await trial.placed({ price: 0.45, shares: 2_000 }, "live");
      const outcome = await trial.cancel(placed);
      assert.equal(outcome.kind, "canceled", JSON.stringify(outcome));
      assert.equal(trial.status(placed), "CANCELED");
      await trial.placed({ price: 0.45, shares: 2_000 }, "live");
    }),
    make("E41", "a second cancel is answered: it was not cancelled by that", async (trial) => {
      const placed = await trial.placed({ price: 0.45, shares: 10 }, "live");
      await trial.cancel(placed);
      assert.equal((await trial.adapter.cancelOrder(placed.order.orderId)).kind, "not_canceled");
    }),
    make("E42", "an order that never was is not cancelled", async (trial) => {
      const never = id<OrderId>(`0x${"ab".repeat(32)}`);
      const outcome = await trial.adapter.cancelOrder(never);
      assert.equal(outcome.kind, "not_canceled", JSON.stringify(outcome));
    }),
    make("E43", "an order that is filled is not cancelled, and stays filled", async (trial) => {
      const placed = await trial.placed({ price: 0.5, shares: 10 }, "matched");
      await trial.until("it is filled", () => trial.status(placed) === "FILLED");
      assert.equal((await trial.cancel(placed)).kind, "not_canceled");
      assert.equal(trial.status(placed), "FILLED");
    }),
    make("E44", "a cancel keeps what was filled before", async (trial) => {
      const placed = await trial.placed({ price: 0.5, shares: 150 });
      await trial.until(
        "a part is filled",
        () => trial.matched(placed) === 100 && trial.status(placed) === "LIVE",
      );
      assert.equal((await trial.cancel(placed)).kind, "canceled");
      assert.equal(trial.matched(placed), 100);
    }),
    make("E45", "all orders of one market go, those of another stay", async (trial) => {
      const other = testMarket(
        {
          marketId: id<MarketId>("0x5f6502"),
          outcomes: [
            { tokenId: id("1003"), name: "Over" },
            { tokenId: id("1004"), name: "Under" },
          ],
          takerDelayMs: 0,
        },
        false,
      );
      await trial.stage.list(other);
      await trial.book([[0.4, 100]], [[0.6, 100]], other.marketId);
      const kept = await trial.placed({ marketId: other.marketId, price: 0.3, shares: 10 }, "live");
      const gone = [
        await trial.placed({ price: 0.45, shares: 10 }, "live"),
        await trial.placed({ outcome: 1, price: 0.3, shares: 10 }, "live"),
      ];
      const outcomes = await trial.adapter.cancelAll(trial.market.marketId);
      assert.deepEqual(
        outcomes.map(({ kind, orderId }) => `${kind} ${orderId}`).sort(),
        gone.map(({ order }) => `canceled ${order.orderId}`).sort(),
      );
      await trial.until("they are told to be gone", () =>
        gone.every((each) => trial.status(each) === "CANCELED"),
      );
      assert.equal(trial.status(kept), "LIVE");
    }),
    make("E46", "all orders go at once", async (trial) => {
      const placed: Placed[] = [];
      for (const price of [0.41, 0.42, 0.43]) placed.push(await trial.placed({ price, shares: 10 }, "live"));
      const outcomes = await trial.adapter.cancelAll();
      assert.equal(outcomes.filter(({ kind }) => kind === "canceled").length, 3, JSON.stringify(outcomes));
      await trial.until("they are told to be gone", () =>
        placed.every((each) => trial.status(each) === "CANCELED"),
      );
      assert.deepEqual(await trial.adapter.fetchOpenOrders(), []);
    }),
  ];
}
