import { eventProblem, OrderStore } from "@matchpoint/sdk";
import { describe, expect, it } from "vitest";
import { TRADE_STATUSES } from "../../src/account/status.ts";
import {
  ADDRESS,
  entry,
  hear,
  heardTrade,
  MAKER_ORDER,
  makerFrame,
  newDecoder,
  NO,
  ORDER,
  OTHER_ADDRESS,
  OTHER_KEY,
  tradeFrame,
  YES,
} from "./frames.ts";

describe("trades of the user channel", () => {
  it.each([...TRADE_STATUSES])("understand the status %s as %s", (text, status) => {
    expect(heardTrade(tradeFrame({ status: text })).status).toBe(status);
    expect(heardTrade(tradeFrame({ status: `TRADE_STATUS_${text}` })).status).toBe(status);
  });

  it("are ours as taker, with the fee that the venue does not state", () => {
    const trade = heardTrade(tradeFrame());
    expect(eventProblem(trade)).toBeUndefined();
    expect(trade).toMatchObject({
      tradeId: "t-1",
      orderId: ORDER,
      outcome: 0,
      side: "buy",
      price: 5_000,
      size: 25_000_000,
      cost: 12_500_000,
      fee: 312_500, // 25 * 0.05 * 0.25
      liquidity: "taker",
      occurredAt: 1_790_000_000_000,
      publishedAt: 1_790_000_000_123,
    });
  });

  it("count the makers' prices: improvement, and the complement across outcomes", () => {
    const trade = heardTrade(
      tradeFrame({
        price: "0.5",
        maker_orders: [
          entry({ matched_amount: "10", price: "0.48" }),
          entry({ matched_amount: "15", price: "0.51", asset_id: NO, side: "BUY" }), // 0.49 to us
        ],
      }),
    );
    expect(trade).toMatchObject({ size: 25_000_000, cost: 12_150_000, price: 4_860 });
    const decoder = newDecoder();
    hear(decoder, tradeFrame({ maker_orders: [entry({ price: "0.4" })] }));
    expect(decoder.stats.repriced).toBe(1);
  });

  it("count the stated price where the makers' parts do not cover the size", () => {
    const trade = heardTrade(tradeFrame({ maker_orders: [entry({ matched_amount: "30", price: "0.4" })] }));
    expect(trade.cost).toBe(12_500_000);
  });

  it("read a price finer than any grid exactly, and round against us", () => {
    const changes = { size: "14.2857", price: "0.07000007", maker_orders: [] };
    expect(heardTrade(tradeFrame(changes))).toMatchObject({ size: 14_285_700, price: 700, cost: 1_000_000 });
    expect(heardTrade(tradeFrame({ ...changes, price: "0.07", side: "SELL" }))).toMatchObject({
      cost: 999_999,
    });
  });

  it.each([
    ["our own side of the same outcome", { side: "SELL", asset_id: YES, price: "0.5" }, "sell", 0],
    ["the same side as the taker across outcomes", { side: "BUY", asset_id: NO, price: "0.5" }, "buy", 1],
    ["the opposite side where none is stated", { side: undefined, asset_id: YES, price: "0.5" }, "sell", 0],
    [
      "the taker's side where none is stated across outcomes",
      { side: "", asset_id: NO, price: "0.5" },
      "buy",
      1,
    ],
  ])("as maker take %s", (_, own, side, outcome) => {
    expect(heardTrade(makerFrame(own))).toMatchObject({
      orderId: MAKER_ORDER,
      side,
      outcome,
      fee: 0,
      liquidity: "maker",
    });
  });

  it("as maker take price and size from our own entry, not from the trade", () => {
    const frame = makerFrame(
      { matched_amount: "7", price: "0.45", asset_id: NO, side: "BUY" },
      { size: "100", price: "0.55" },
    );
    expect(heardTrade(frame)).toMatchObject({ outcome: 1, price: 4_500, size: 7_000_000, cost: 3_150_000 });
  });

  it("find our entry by the address when the key is another one", () => {
    const frame = makerFrame({ owner: OTHER_KEY, maker_address: ADDRESS.toLowerCase() });
    expect(heardTrade(frame).orderId).toBe(MAKER_ORDER);
  });

  it("may hold several orders of ours, and one of them twice", () => {
    const second = `0x${"99".repeat(32)}`;
    const frame = makerFrame(
      {},
      {
        maker_orders: [
          entry({ matched_amount: "5" }, true),
          entry({ matched_amount: "3" }),
          entry({ matched_amount: "4", order_id: second, price: "0.49" }, true),
          entry({ matched_amount: "2" }, true),
        ],
      },
    );
    expect(hear(newDecoder(), frame)).toMatchObject([
      { orderId: MAKER_ORDER, size: 7_000_000 },
      { orderId: second, size: 4_000_000, price: 4_900 },
    ]);
  });

  it("are reported for both sides when we trade with ourselves", () => {
    const said = hear(newDecoder(), tradeFrame({ maker_orders: [entry({}, true)] }));
    expect(said).toMatchObject([
      { orderId: ORDER, side: "buy", liquidity: "taker" },
      { orderId: MAKER_ORDER, side: "sell", liquidity: "maker" },
    ]);
  });

  it.each([
    [makerFrame({ owner: OTHER_KEY, maker_address: OTHER_ADDRESS }), "no entry of maker_orders"],
    [
      tradeFrame({ owner: OTHER_KEY, trade_owner: OTHER_KEY, maker_address: OTHER_ADDRESS }),
      "taker is not us",
    ],
    [tradeFrame({ asset_id: "77" }), "of no market that is followed"],
    [tradeFrame({ market: "0xother" }), "not of its market"],
    [tradeFrame({ status: "SETTLED" }), "status"],
    [tradeFrame({ size: "0" }), "size"],
    [tradeFrame({ size: "1.0000001" }), "size"],
    [tradeFrame({ price: "NaN" }), "price"],
    [tradeFrame({ size: "9007199254740993" }), "size"],
    [tradeFrame({ maker_orders: [entry({ matched_amount: "-1" })] }), "matched_amount"],
  ])("%# are quarantined: %s", (frame, reason) => {
    const said = hear(newDecoder(), frame);
    expect(said).toMatchObject([
      { type: "frame_quarantined", reason: expect.stringContaining(reason) as string },
    ]);
  });

  it("are dropped when said twice, and not when their status comes back later", () => {
    const decoder = newDecoder();
    const mined = tradeFrame({ status: "MINED" });
    const again = tradeFrame({ status: "MINED", last_update: "1790000009" });
    expect(hear(decoder, tradeFrame(), tradeFrame(), mined, mined, again)).toHaveLength(3);
    expect(decoder.stats).toMatchObject({ trades: 3, duplicates: 2 });
  });

  it("are quarantined when they say something else than before", () => {
    const said = hear(newDecoder(), tradeFrame(), tradeFrame({ size: "26", maker_orders: [] }));
    expect(said[1]).toMatchObject({
      type: "frame_quarantined",
      reason: "trade t-1 is MATCHED again, but not as before",
    });
  });

  it("of an order that is not ours alone are told as foreign by the order store", () => {
    expect(new OrderStore().trade(heardTrade(tradeFrame())).kind).toBe("foreign");
  });
});
