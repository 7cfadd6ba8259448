import { describe, expect, test } from "vitest";
import { id, type IntentId, type MarketId, type OrderReport } from "../../src/index.ts";
import { OrderStore, type OrderCounts } from "../../src/orders/index.ts";
import { hashOf, intent, MARKET, prepared, report, S, S1, SEC, sent, trade, USD } from "./support.ts";

const NONE: OrderCounts = {
  created: 0,
  denied: 0,
  filled: 0,
  canceled: 0,
  expired: 0,
  rejected: 0,
  invalid: 0,
  unknown: 0,
  trades: 0,
  voided: 0,
  foreign: 0,
  duplicates: 0,
  lateFills: 0,
  overfills: 0,
  illegal: 0,
  pruned: 0,
};
const said =
  (...statuses: OrderReport["status"][]) =>
  (store: OrderStore): void => {
    for (const [i, status] of statuses.entries()) store.report(report(status, SEC(2 + i)));
  };
const told =
  (...trades: Parameters<typeof trade>[0][]) =>
  (store: OrderStore): void => {
    for (const one of trades) store.trade(trade(one));
  };

describe("what has happened is counted once, and only what has happened", () => {
  test("nothing in a new store", () => {
    expect(new OrderStore().counts).toEqual(NONE);
  });

  // Each begins with one order for 100 shares that has been sent.
  test.each<[string, Partial<OrderCounts>, ...((store: OrderStore) => void)[]]>([
    ["an order that is on its way", {}],
    ["one that rests", {}, said("live")],
    ["a cancel", { canceled: 1 }, said("live", "canceled", "canceled")],
    ["an expiry", { expired: 1 }, said("live", "expired")],
    ["a refusal", { rejected: 1 }, said("rejected")],
    ["one that the venue made invalid", { invalid: 1 }, said("live", "invalid")],
    ["doubt, each time anew", { unknown: 2 }, said("unknown", "unknown", "live", "unknown")],
    ["a contradiction", { rejected: 1, illegal: 2 }, said("rejected", "live", "live")],
    ["a trade, and all that is said of it again", { trades: 1, duplicates: 2 }, told({}, {}, {})],
    ["a trade on its way to the end", { trades: 1 }, told({}, { status: "MINED" }, { status: "CONFIRMED" })],
    ["one that fails", { trades: 1, voided: 1 }, told({}, { status: "FAILED" })],
    ["one that had failed already", { trades: 1, voided: 1 }, told({ status: "FAILED" })],
    ["an order's end by its trades", { trades: 2, filled: 1 }, told({ size: 40 }, { name: "t2", size: 60 })],
    [
      "more than was asked for, once",
      { trades: 3, filled: 1, overfills: 1, lateFills: 1 },
      told({ size: 60 }, { name: "t2", size: 60 }, { name: "t3", size: 60 }),
    ],
    [
      "a trade of an order that is over",
      { canceled: 1, trades: 1, lateFills: 1 },
      said("canceled"),
      told({}),
    ],
    [
      "one of those that had failed already is no fill",
      { canceled: 1, trades: 1, voided: 1 },
      said("canceled"),
      told({ status: "FAILED" }),
    ],
    ["other people's trades", { foreign: 2 }, told({ order: "x" }, { order: "x", status: "MINED" })],
    ["a trade that is none of its order's", { foreign: 1, illegal: 1 }, told({ side: "sell" })],
    [
      "a trade with other numbers: a contradiction, not a duplicate",
      { trades: 1, illegal: 1 },
      told({}, { size: 11 }),
    ],
    [
      "a failed trade that is confirmed: the same",
      { trades: 1, voided: 1, illegal: 1 },
      told({ status: "FAILED" }, { status: "CONFIRMED" }),
    ],
    [
      "one trade and its order in contradiction",
      { rejected: 1, trades: 1, illegal: 1, lateFills: 1 },
      said("rejected"),
      told({}),
    ],
    ["what is dropped", { canceled: 1, pruned: 1 }, said("canceled"), (store) => store.prune()],
  ])("%s", (_, expected, ...steps) => {
    const store = sent();
    for (const step of steps) step(store);
    expect(store.counts).toEqual({ ...NONE, created: 1, ...expected });
  });

  test("a denial, whether there was an order or not", () => {
    const store = new OrderStore();
    store.deny(intent(), "BALANCE", SEC(0));
    store.create(intent(), SEC(0));
    store.deny(intent(), "BALANCE", SEC(1));
    store.deny(intent(), "OTHER", SEC(2));
    expect(store.counts).toEqual({ ...NONE, created: 1, denied: 2 });
    expect(store.get(S1)!.code).toBe("BALANCE");
  });

  test("a spending order's overfill is of dollars, not of shares", () => {
    const store = sent({ orderType: "FAK", size: 100, spend: 50 });
    store.trade(trade({ name: "a", size: 120, cost: USD(50) }));
    expect([store.counts.overfills, store.get(S1)!.overfilled]).toEqual([0, false]);
    store.trade(trade({ name: "b", size: 1, cost: USD(0.000001) }));
    expect([store.counts.overfills, store.get(S1)!.overfilled]).toEqual([1, true]);
  });
});

describe("a trade is of its order's market, outcome and side, or it is not counted", () => {
  test.each([
    ["market", { marketId: id<MarketId>("0xother") }],
    ["outcome", { outcome: 1 as const }],
    ["side", { side: "sell" as const }],
  ])("another %s", (_, other) => {
    const store = sent();
    expect(store.trade({ ...trade(), ...other })).toMatchObject({
      kind: "foreign",
      from: undefined,
      to: "MATCHED",
      orderFrom: "SENT",
      orderTo: "SENT",
      illegal: "trade t1 is not of its order's market, outcome and side",
    });
    expect(store.get(S1)!).toMatchObject({ status: "SENT", matched: 0, trades: [] });
    expect(store.tradeStatus(hashOf("s-1"), trade().tradeId)).toBeUndefined();
  });
});

describe("both contradictions of a trade that fails with other numbers are one word", () => {
  test("that of the trade", () => {
    const store = sent();
    store.trade(trade());
    const change = store.trade(trade({ size: 11, status: "FAILED" }));
    expect(change).toMatchObject({ kind: "voided", illegal: expect.stringContaining("restated") });
    expect(store.get(S1)!).toMatchObject({ matched: 0, spent: 0, grossMatched: S(10) });
  });
});

describe("sums that no whole number holds", () => {
  const almost = Number.MAX_SAFE_INTEGER;
  test.each([
    ["shares", { size: almost, cost: 0, fee: 0 }, { size: 1, cost: 0, fee: 0 }],
    ["dollars", { size: 1, cost: almost, fee: 0 }, { size: 1, cost: 1, fee: 0 }],
    ["fees", { size: 1, cost: 0, fee: almost }, { size: 1, cost: 0, fee: 1 }],
    ["dollars and fees", { size: 1, cost: 1, fee: 1 }, { size: 1, cost: almost - 2, fee: 1 }],
  ])("of %s are refused with the trade named, and leave everything as it was", (_, first, second) => {
    const store = sent();
    store.trade({ ...trade({ name: "a" }), ...first } as never);
    const before = JSON.stringify(store.snapshot());
    expect(() => store.trade({ ...trade({ name: "b" }), ...second } as never)).toThrow(
      expect.objectContaining({
        code: "UNIT_OVERFLOW",
        message: expect.stringContaining("trade b makes its order too large to count"),
      }),
    );
    expect(JSON.stringify(store.snapshot())).toBe(before);
  });

  test("just below, they are exact", () => {
    const store = sent();
    store.trade({ ...trade({ name: "a" }), size: 1, cost: 1, fee: 1 } as never);
    store.trade({ ...trade({ name: "b" }), size: almost - 1, cost: almost - 3, fee: 1 } as never);
    expect(store.get(S1)!).toMatchObject({ matched: almost, spent: almost - 2, fees: 2 });
  });
});

test("what is open in a market is known market by market", () => {
  const store = sent();
  const other = id<MarketId>("0xother");
  store.create(intent({ name: "s-2", market: other }), SEC(0));
  store.prepared(prepared("s-2"));
  expect([MARKET, other, id<MarketId>("0xnone")].map((market) => store.hasOpen(market))).toEqual([
    true,
    true,
    false,
  ]);
  store.report(report("canceled", SEC(3), { orderId: hashOf("s-2") }));
  expect([MARKET, other].map((market) => store.hasOpen(market))).toEqual([true, false]);
  expect(store.get(id<IntentId>("s-2"))!.status).toBe("CANCELED");
});
