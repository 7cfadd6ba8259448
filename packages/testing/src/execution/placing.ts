import assert from "node:assert/strict";
import type { ConformanceCase } from "../conformance/index.ts";
import type { MakeCase } from "./caseMaker.ts";
import { fills } from "./words.ts";

/** From intent to match: prices, amounts and fees to the micro-dollar. The book is 48 × 100, 47 × 200 bid and 50 × 100, 52 × 200 asked. */
export function placingCases(make: MakeCase): ConformanceCase[] {
  return [
    make("E01", "an order's id follows from its intent and sequence alone", async (trial) => {
      const { adapter } = trial.stage;
      const { intent, order } = trial.prepare({ price: 0.45, shares: 10 });
      assert.equal(adapter.prepare(intent, 0).orderId, order.orderId, "the same intent gives another id");
      assert.notEqual(
        adapter.prepare(intent, 7).orderId,
        order.orderId,
        "another sequence gives the same id",
      );
      const other = { ...intent, limit: (intent.limit - 100) as typeof intent.limit };
      assert.notEqual(adapter.prepare(other, 0).orderId, order.orderId, "another price gives the same id");
      await trial.send({ intent, order });
    }),
    make("E02", "a GTC order below the ask rests, and is listed", async (trial) => {
      const placed = await trial.placed({ price: 0.45, shares: 10 }, "live");
      const { adapter } = trial;
      await trial.until("the order is found live", async () => {
        const found = await adapter.fetchOrder(placed.order.orderId);
        return found.kind === "found" && found.status === "LIVE" && found.matched === 0;
      });
      const [listed] = await adapter.fetchOpenOrders();
      assert.deepEqual(
        { ...listed },
        {
          orderId: placed.order.orderId,
          marketId: trial.market.marketId,
          outcome: 0,
          side: "buy",
          price: 4_500,
          size: 10_000_000,
          matched: 0,
        },
      );
      assert.equal(trial.status(placed), "LIVE");
    }),
    make("E03", "a GTC order at the ask takes it: exact price, shares, cost and fee", async (trial) => {
      const placed = await trial.placed({ price: 0.5, shares: 10 }, "matched");
      await trial.until("the fill is told", () => trial.matched(placed) === 10);
      assert.deepEqual(fills(trial.trades(placed)), [["taker", "buy", 0, 0.5, 10, 5, 0.125]]);
      assert.equal(trial.status(placed), "FILLED");
    }),
    make("E04", "a GTC order that finds too little takes it and rests with what is left", async (trial) => {
      const placed = await trial.placed({ price: 0.5, shares: 150 });
      await trial.until(
        "the fill is told and the rest is live",
        () => trial.matched(placed) === 100 && trial.status(placed) === "LIVE",
      );
      const [listed] = await trial.adapter.fetchOpenOrders();
      assert.equal(listed?.size, 150_000_000);
      assert.equal(listed.matched, 100_000_000);
    }),
    make("E05", "an order walks the book level by level, each at its own price and fee", async (trial) => {
      const placed = await trial.placed({ price: 0.52, shares: 150 }, "matched");
      await trial.until("all fills are told", () => trial.matched(placed) === 150);
      assert.deepEqual(fills(trial.trades(placed)), [
        ["taker", "buy", 0, 0.5, 100, 50, 1.25],
        ["taker", "buy", 0, 0.52, 50, 26, 0.624],
      ]);
    }),
    make("E06", "a FAK buy spends dollars: a better price buys more shares", async (trial) => {
      const placed = await trial.placed({ orderType: "FAK", price: 0.52, spend: 4.8 }, "matched");
      await trial.until("the fill is told", () => trial.matched(placed) > 0);
      assert.deepEqual(fills(trial.trades(placed)), [["taker", "buy", 0, 0.5, 9.6, 4.8, 0.12]]);
      await trial.until("the order is over", () => trial.status(placed) === "FILLED");
    }),
    make("E07", "a FAK order takes what there is, and its rest is killed", async (trial) => {
      const placed = await trial.placed({ orderType: "FAK", price: 0.5, spend: 80 }, "matched");
      await trial.until(
        "the order is over",
        () => trial.matched(placed) === 100 && trial.status(placed) === "CANCELED",
      );
      assert.deepEqual(await trial.adapter.fetchOpenOrders(), []);
    }),
    make("E08", "a FAK order that finds nothing is refused, and nothing of it stays", async (trial) => {
      await trial.refused({ orderType: "FAK", price: 0.49, spend: 5 }, "FAK_NO_MATCH");
    }),
    make("E09", "a FOK order that cannot be filled whole is refused whole", async (trial) => {
      await trial.refused({ orderType: "FOK", price: 0.5, spend: 80 }, "FOK_NOT_FILLED");
    }),
    make("E10", "a FOK order that can be filled is", async (trial) => {
      const placed = await trial.placed({ orderType: "FOK", price: 0.52, spend: 50 }, "matched");
      await trial.until("the order is over", () => trial.status(placed) === "FILLED");
      assert.equal(trial.matched(placed), 100);
    }),
    make("E11", "a FAK sell gives shares and receives dollars, less the fee", async (trial) => {
      await hold(trial, 20);
      const placed = await trial.placed(
        { orderType: "FAK", side: "sell", price: 0.48, shares: 20 },
        "matched",
      );
      await trial.until("the order is over", () => trial.status(placed) === "FILLED");
      assert.deepEqual(fills(trial.trades(placed)), [["taker", "sell", 0, 0.48, 20, 9.6, 0.2496]]);
    }),
    make(
      "E12",
      "a buy of one outcome takes the bids of the other at one minus their price",
      async (trial) => {
        const placed = await trial.placed({ outcome: 1, price: 0.52, shares: 30 }, "matched");
        await trial.until("the fill is told", () => trial.matched(placed) === 30);
        assert.deepEqual(fills(trial.trades(placed)), [["taker", "buy", 1, 0.52, 30, 15.6, 0.3744]]);
      },
    ),
    make("E13", "a post-only order that would take is refused", async (trial) => {
      await trial.refused({ postOnly: true, price: 0.5, shares: 10 }, "POST_ONLY_CROSSES");
    }),
    make("E14", "a post-only order that takes nothing rests", async (trial) => {
      await trial.placed({ postOnly: true, price: 0.49, shares: 10 }, "live");
    }),
    make("E15", "a resting order is filled at its own price, free of fees", async (trial) => {
      const placed = await trial.placed({ postOnly: true, price: 0.49, shares: 10 }, "live");
      await trial.stage.take(trial.market.marketId, "sell", 4_900 as never, 10_000_000 as never);
      await trial.until("the fill is told", () => trial.matched(placed) === 10);
      assert.deepEqual(fills(trial.trades(placed)), [["maker", "buy", 0, 0.49, 10, 4.9, 0]]);
      await trial.until("the order is over", () => trial.status(placed) === "FILLED");
    }),
    make(
      "E16",
      "a resting order of the other outcome is told with its own outcome, side and price",
      async (trial) => {
        const placed = await trial.placed({ outcome: 1, postOnly: true, price: 0.51, shares: 10 }, "live");
        await trial.stage.take(trial.market.marketId, "buy", 4_900 as never, 10_000_000 as never);
        await trial.until("the fill is told", () => trial.matched(placed) === 10);
        assert.deepEqual(fills(trial.trades(placed)), [["maker", "buy", 1, 0.51, 10, 5.1, 0]]);
      },
    ),
    make("E17", "a resting order is filled in parts, each told once", async (trial) => {
      const placed = await trial.placed({ postOnly: true, price: 0.49, shares: 30 }, "live");
      for (const shares of [5, 12.5]) {
        const before = trial.matched(placed);
        await trial.stage.take(trial.market.marketId, "sell", 4_900 as never, (shares * 1_000_000) as never);
        await trial.until("the part is told", () => trial.matched(placed) === before + shares);
      }
      assert.equal(trial.status(placed), "LIVE");
      assert.deepEqual(
        fills(trial.trades(placed)).map(([, , , , shares]) => shares),
        [5, 12.5],
      );
    }),
  ];
}

/** Buys shares of outcome 0 and waits until they can be sold. */
export async function hold(
  trial: Parameters<Parameters<MakeCase>[2]>[0],
  shares: number,
  outcome: 0 | 1 = 0,
): Promise<void> {
  const placed = await trial.placed({ outcome, price: outcome === 0 ? 0.5 : 0.52, shares }, "matched");
  await trial.until("the purchase is confirmed", () => {
    const trades = trial.trades(placed);
    return (
      trades.length > 0 &&
      trial.matched(placed) === shares &&
      trades.every(({ status }) => status === "CONFIRMED")
    );
  });
}
