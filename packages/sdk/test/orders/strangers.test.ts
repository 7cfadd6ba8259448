import { describe, expect, test } from "vitest";
import { id, type TradeId, type TradeStatus } from "../../src/index.ts";
import { OrderStore, type OrderStoreSnapshot } from "../../src/orders/index.ts";
import { MOST_RETIRED, Strangers } from "../../src/orders/strangers.ts";
import { hashOf, intent, MARKET, prepared, report, S, S1, SEC, sent, trade } from "./support.ts";

const foreign = (status: TradeStatus, name = "t1") => trade({ order: "x", name, status });
const reborn = (store: OrderStore): OrderStore => {
  const plain = store.snapshot();
  // As a file holds it: what is not there is absent, never undefined.
  expect(JSON.parse(JSON.stringify(plain))).toStrictEqual(plain);
  const again = OrderStore.restore(JSON.parse(JSON.stringify(plain)) as OrderStoreSnapshot);
  expect(again.snapshot()).toStrictEqual(plain);
  expect(again.counts).toEqual(store.counts);
  return again;
};
const t1 = id<TradeId>("t1");

test("of pruned orders the latest are remembered, and no more: a bot that quotes for weeks does not grow", () => {
  const strangers = new Strangers();
  const orders = Array.from({ length: 3 * MOST_RETIRED }, (_, n) => hashOf(`s-${n}`));
  for (const orderId of orders) strangers.retire(orderId, [t1]);
  for (const orderId of orders.slice(-MOST_RETIRED)) expect(strangers.isRetired(orderId)).toBe(true);
  const { retired } = strangers.dump();
  expect(retired.length).toBeLessThan(1.2 * MOST_RETIRED);
  expect(strangers.isRetired(orders[0]!)).toBe(false);
});

describe("a trade of somebody else's", () => {
  test("is told as foreign at each report, as far as it has come, and contradicts nothing", () => {
    const store = sent();
    const steps: [TradeStatus, TradeStatus | undefined, TradeStatus][] = [
      ["MINED", undefined, "MINED"],
      ["MATCHED", "MINED", "MINED"],
      ["CONFIRMED", "MINED", "CONFIRMED"],
      ["RETRYING", "CONFIRMED", "CONFIRMED"],
      ["FAILED", "CONFIRMED", "FAILED"],
      ["CONFIRMED", "FAILED", "FAILED"],
    ];
    for (const [status, from, to] of steps) {
      const said = foreign(status);
      const change = store.trade(said);
      expect(change).toStrictEqual({
        order: undefined,
        report: said,
        from,
        to,
        kind: "foreign",
        orderFrom: undefined,
        orderTo: undefined,
      });
    }
    expect(store.snapshot().foreign).toStrictEqual([{ report: foreign("MINED"), status: "FAILED" }]);
  });

  test("neither holds its market open nor is retried, and is no trade of ours, before and after a restart", () => {
    const store = new OrderStore();
    store.trade(foreign("RETRYING"));
    for (const one of [store, reborn(store)]) {
      expect(one.hasOpen(MARKET)).toBe(false);
      expect(one.retrying(MARKET)).toEqual([]);
      expect([...one.retryingMarkets()]).toEqual([]);
      expect(one.tradeStatus(hashOf("x"), t1)).toBeUndefined();
    }
  });

  test("that is open is not counted for one that was adopted and is over", () => {
    const store = new OrderStore();
    store.adopt(foreign("CONFIRMED"));
    store.trade(foreign("MATCHED", "t2"));
    for (const one of [store, reborn(store)]) expect(one.hasOpen(MARKET)).toBe(false);
    store.adopt(foreign("MATCHED", "t3"));
    for (const one of [store, reborn(store)]) expect(one.hasOpen(MARKET)).toBe(true);
  });
});

describe("where a trade stands", () => {
  test("of our orders: as its last report moved it", () => {
    const store = sent();
    expect(store.tradeStatus(hashOf("s-1"), t1)).toBeUndefined();
    store.trade(trade());
    expect(store.tradeStatus(hashOf("s-1"), t1)).toBe("MATCHED");
    expect(store.tradeStatus(hashOf("s-1"), id<TradeId>("t2"))).toBeUndefined();
    store.trade(trade({ status: "CONFIRMED" }));
    store.trade(trade({ status: "MINED" }));
    for (const one of [store, reborn(store)]) expect(one.tradeStatus(hashOf("s-1"), t1)).toBe("CONFIRMED");
  });

  test("of orders that were dropped: over before", () => {
    const store = sent();
    store.trade(trade({ status: "CONFIRMED" }));
    store.report(report("canceled", SEC(5)));
    store.prune();
    for (const one of [store, reborn(store)]) {
      expect(one.tradeStatus(hashOf("s-1"), t1)).toBe("retired");
      expect(one.tradeStatus(hashOf("s-1"), id<TradeId>("t2"))).toBeUndefined();
      expect(one.tradeStatus(hashOf("x"), t1)).toBeUndefined();
      expect(one.ownership(hashOf("s-1"))).toBe("retired");
      expect(one.trade(trade({ status: "MINED" }))).toMatchObject({ kind: "duplicate", from: "MINED" });
      expect(one.trade(trade({ name: "t2" })).illegal).toBe("trade t2 changes an order that was pruned");
    }
  });

  test("of nobody's orders: only once it was adopted", () => {
    const store = sent();
    store.trade(foreign("MINED"));
    expect(store.tradeStatus(hashOf("x"), t1)).toBeUndefined();
    store.adopt(foreign("MATCHED"));
    for (const one of [store, reborn(store)]) expect(one.tradeStatus(hashOf("x"), t1)).toBe("MINED");
  });

  test("a dropped order's hash is no other's, and one without a hash leaves none behind", () => {
    const store = sent();
    store.report(report("canceled", SEC(5)));
    store.create(intent({ name: "s-2" }), SEC(5));
    store.deny(intent({ name: "s-2" }), "BALANCE", SEC(5));
    expect(store.prune()).toHaveLength(2);
    expect(store.snapshot().retired).toEqual([{ orderId: hashOf("s-1"), trades: [] }]);
    store.create(intent({ name: "s-3" }), SEC(6));
    expect(store.prepared(prepared("s-3", SEC(6), hashOf("s-1"))).illegal).toMatch(/one hash/);
  });
});

describe("a trade that is told with other numbers", () => {
  test.each([
    ["size", { size: S(11) }],
    ["cost", { cost: 1 }],
    ["fee", { fee: 1 }],
  ])("as its %s, is loud; the first numbers stand", (_, other) => {
    const store = sent();
    const first = trade({ fee: 0.02 });
    store.trade(first);
    for (const status of ["MATCHED", "MINED"] as const) {
      expect(store.trade({ ...first, ...other, status } as never).illegal).toBe(
        "trade t1 is restated with other numbers; the first stand",
      );
    }
    expect(store.get(S1)!).toMatchObject({ matched: first.size, spent: first.cost, fees: first.fee });
    expect(store.trade({ ...first, status: "CONFIRMED" })).not.toHaveProperty("illegal");
  });
});

describe("adopting", () => {
  test("a trade of our own order is what its report would be", () => {
    const store = sent();
    expect(store.adopt(trade({ size: 40 }))).toMatchObject({ kind: "matched", orderTo: "LIVE" });
    expect(store.get(S1)!.matched).toBe(S(40));
    expect(store.snapshot().foreign).toEqual([]);
    expect(store.adopt(trade({ order: "x" }))).toMatchObject({ kind: "matched", order: undefined });
  });

  test("counts each open trade of a market once, whatever is told again", () => {
    const store = new OrderStore();
    for (const status of ["MATCHED", "MATCHED", "MINED", "RETRYING", "RETRYING"] as const)
      store.adopt(foreign(status));
    expect(store.hasOpen(MARKET)).toBe(true);
    store.trade(foreign("CONFIRMED"));
    expect(store.hasOpen(MARKET)).toBe(false);
    store.trade(foreign("FAILED"));
    expect(store.hasOpen(MARKET)).toBe(false);
    store.adopt(foreign("MATCHED", "t2"));
    expect(store.hasOpen(MARKET)).toBe(true);
    store.trade(foreign("FAILED", "t2"));
    expect(store.hasOpen(MARKET)).toBe(false);
  });
});

describe("a store that goes on from a snapshot", () => {
  test("holds a market open by the trades of orders that are over", () => {
    const store = sent();
    store.trade(trade());
    store.report(report("canceled", SEC(5)));
    const again = reborn(store);
    for (const one of [store, again]) {
      expect([one.hasOpen(MARKET), one.openCount]).toEqual([true, 0]);
      one.trade(trade({ status: "CONFIRMED" }));
      expect(one.hasOpen(MARKET)).toBe(false);
    }
  });

  test("knows orders without a hash, and the codes and cancels of others", () => {
    const store = sent();
    store.create(intent({ name: "s-2" }), SEC(1));
    store.requestCancel(S1, SEC(2));
    store.create(intent({ name: "s-3" }), SEC(1));
    store.deny(intent({ name: "s-3" }), "BALANCE", SEC(1));
    const again = reborn(store);
    expect(again.requestCancel(S1, SEC(3)).applied).toBe(false);
    expect(again.snapshot().orders.map(({ status, code }) => [status, code])).toEqual([
      ["SENT", undefined],
      ["INTENT", undefined],
      ["DENIED", "BALANCE"],
    ]);
  });

  test("is refused when a newer version wrote it", () => {
    expect(() => OrderStore.restore({ ...sent().snapshot(), version: 2 as 1 })).toThrow(
      expect.objectContaining({
        code: "JOURNAL_SCHEMA_NEWER",
        message: expect.stringContaining("order snapshot has version 2, not 1"),
      }),
    );
  });
});
