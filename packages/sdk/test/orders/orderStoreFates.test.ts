import { describe, expect, test } from "vitest";
import { id, type MarketId, type OrderReport, type TradeId } from "../../src/index.ts";
import { OrderStore } from "../../src/orders/index.ts";
import { hashOf, intent, MARKET, prepared, report, S, S1, SEC, sent, statusOf, trade } from "./support.ts";

describe("orders whose fate is unknown", () => {
  const unknown = (shape = {}): OrderStore => {
    const store = sent(shape);
    store.report(report("unknown", SEC(2)));
    return store;
  };

  test("stay so without evidence", () => {
    const store = unknown();
    for (const status of ["sent", "unknown", "cancel_refused", "absent"] as const) {
      store.report(report(status, SEC(3)));
      expect(statusOf(store), status).toBe("UNKNOWN");
    }
  });

  test("absence is no evidence before a cancel by hash or the expiry", () => {
    const store = unknown();
    for (let i = 0; i < 5; i++) store.report(report("absent", SEC(3 + i)));
    expect(statusOf(store)).toBe("UNKNOWN");
  });

  test("two looks after a cancel by hash end it; the same look twice is one", () => {
    const store = unknown();
    store.requestCancel(S1, SEC(3));
    store.report(report("absent", SEC(3)));
    store.report(report("absent", SEC(4)));
    expect(store.report(report("absent", SEC(4)))).toMatchObject({ applied: false });
    store.report(report("absent", SEC(4.5)));
    expect(statusOf(store)).toBe("UNKNOWN");
    expect(store.report(report("absent", SEC(5)))).toMatchObject({ from: "UNKNOWN", to: "CANCELED" });
    expect(store.get(S1)!.code).toBe("ABSENT");
  });

  test("that the venue did not find what to cancel does not unmake the cancel", () => {
    const store = unknown();
    store.requestCancel(S1, SEC(3));
    store.report(report("cancel_refused", SEC(3)));
    store.report(report("absent", SEC(4)));
    store.report(report("absent", SEC(5)));
    expect(statusOf(store)).toBe("CANCELED");
  });

  test("two looks after the expiry end it", () => {
    const store = unknown({ orderType: "GTD", expiresAt: SEC(10) });
    store.report(report("absent", SEC(8)));
    store.report(report("absent", SEC(10)));
    store.report(report("absent", SEC(11)));
    expect(statusOf(store)).toBe("UNKNOWN");
    store.report(report("absent", SEC(12)));
    expect(statusOf(store)).toBe("CANCELED");
  });

  test("looks are remembered over a restart", () => {
    const store = unknown();
    store.requestCancel(S1, SEC(3));
    store.report(report("absent", SEC(4)));
    const again = OrderStore.restore(JSON.parse(JSON.stringify(store.snapshot())));
    again.report(report("absent", SEC(5)));
    expect(statusOf(again)).toBe("CANCELED");
  });

  test("being seen between two looks starts the count again", () => {
    const store = unknown();
    store.requestCancel(S1, SEC(3));
    store.report(report("absent", SEC(4)));
    store.report(report("live", SEC(5)));
    expect(store.get(S1)).toMatchObject({ status: "LIVE", cancelRequested: true });
    store.report(report("absent", SEC(6)));
    expect(statusOf(store)).toBe("UNKNOWN");
    store.report(report("absent", SEC(7)));
    expect(statusOf(store)).toBe("CANCELED");
  });

  test("a trade is evidence", () => {
    const resting = unknown();
    resting.trade(trade());
    expect(statusOf(resting)).toBe("LIVE");
    const immediate = unknown({ orderType: "FAK", spend: 50 });
    immediate.trade(trade());
    expect(statusOf(immediate)).toBe("MATCHED");
    const whole = unknown({ size: 10 });
    whole.trade(trade());
    expect(statusOf(whole)).toBe("FILLED");
  });

  test("one that was held to be gone and is seen alive is a contradiction; a late trade of it is not", () => {
    const store = unknown();
    store.requestCancel(S1, SEC(3));
    store.report(report("absent", SEC(4)));
    store.report(report("absent", SEC(5)));
    expect(store.trade(trade()).illegal).toBeUndefined();
    expect(store.report(report("live", SEC(6))).illegal).toMatch(/gone is alive/);
    expect(statusOf(store)).toBe("CANCELED");
  });

  test("ends without the venue's word when its market has resolved and the chain agrees", () => {
    const store = unknown();
    expect(store.conclude(S1, SEC(9))).toMatchObject({ to: "CANCELED", applied: true });
    expect(store.get(S1)!.code).toBe("RESOLVED");
  });

  test("inside the venue's delay an order is not listed: no look counts", () => {
    const store = sent();
    store.report(report("delayed"));
    store.requestCancel(S1, SEC(3));
    for (let i = 4; i < 9; i++) store.report(report("absent", SEC(i)));
    expect(statusOf(store)).toBe("DELAYED");
  });
});

describe("trades", () => {
  test("confirmed before matched is both at once", () => {
    const store = sent();
    expect(store.trade(trade({ status: "CONFIRMED" }))).toMatchObject({
      kind: "matched",
      from: undefined,
      to: "CONFIRMED",
    });
    expect(store.trade(trade({ status: "MATCHED" }))).toMatchObject({ kind: "duplicate", to: "CONFIRMED" });
    expect(store.get(S1)!.matched).toBe(S(10));
  });

  test("loops between retrying and mined, then fails after confirmation", () => {
    const store = sent();
    const kinds = (["MATCHED", "MINED", "RETRYING", "MINED", "RETRYING", "CONFIRMED", "FAILED"] as const).map(
      (status) => store.trade(trade({ status })).kind,
    );
    expect(kinds).toEqual(["matched", "advanced", "advanced", "advanced", "advanced", "confirmed", "voided"]);
    expect(store.get(S1)).toMatchObject({ matched: 0, spent: 0, fees: 0 });
    expect(store.trade(trade({ status: "CONFIRMED" })).illegal).toMatch(/comparison/);
    expect(store.get(S1)!.matched).toBe(0);
    store.trade(trade({ name: "t2" }));
    store.report(report("canceled", SEC(9)));
    expect(store.hasOpen(MARKET)).toBe(true);
    store.trade(trade({ name: "t2", status: "CONFIRMED" }));
    expect(store.hasOpen(MARKET)).toBe(false);
  });

  test("one trade id with two of our orders is two trades", () => {
    const store = sent();
    store.create(intent({ name: "s-2" }), SEC(0));
    store.prepared(prepared("s-2"));
    expect(store.trade(trade()).kind).toBe("matched");
    expect(store.trade(trade({ order: "s-2" })).kind).toBe("matched");
  });

  test("of an unknown order is foreign, at every report", () => {
    const store = sent();
    const foreign = { order: "other" };
    expect(store.trade(trade(foreign))).toMatchObject({ kind: "foreign", order: undefined, to: "MATCHED" });
    expect(store.trade(trade({ ...foreign, status: "CONFIRMED" }))).toMatchObject({
      kind: "foreign",
      from: "MATCHED",
    });
    expect(store.hasOpen(MARKET)).toBe(true); // our own order
    expect(store.counts.foreign).toBe(2);
  });

  test("that contradicts its order is not counted", () => {
    const store = sent();
    const change = store.trade(trade({ side: "sell" }));
    expect(change).toMatchObject({ kind: "foreign", illegal: expect.stringMatching(/not of its order/) });
    expect(store.get(S1)!.matched).toBe(0);
  });

  test("restated with other numbers keeps the first and is loud", () => {
    const store = sent();
    store.trade(trade({ size: 10 }));
    expect(store.trade(trade({ size: 11, status: "CONFIRMED" }))).toMatchObject({
      kind: "confirmed",
      illegal: expect.stringMatching(/restated/),
    });
    expect(store.get(S1)!.matched).toBe(S(10));
  });

  test.each([
    ["size", NaN],
    ["size", -1],
    ["size", 0],
    ["size", 1e309],
    ["size", 0.5],
    ["cost", -1],
    ["fee", NaN],
    ["status", "BOGUS"],
    ["status", "__proto__"],
  ])("with %s %s are refused before they touch anything", (key, value) => {
    const store = sent();
    const before = JSON.stringify(store.snapshot());
    expect(() => store.trade({ ...trade(), [key]: value })).toThrow(
      expect.objectContaining({ code: "EVENT_INVALID" }),
    );
    expect(JSON.stringify(store.snapshot())).toBe(before);
  });

  test("reports with a status of no kind are refused", () => {
    const bad = { ...report("live"), status: "constructor" } as unknown as OrderReport;
    expect(() => sent().report(bad)).toThrow(expect.objectContaining({ code: "EVENT_INVALID" }));
  });
});

describe("pruning", () => {
  test("drops what is over, and takes nothing old for new", () => {
    const store = sent();
    store.trade(trade({ status: "CONFIRMED" }));
    store.report(report("canceled", SEC(5)));
    expect(store.prune(SEC(5))).toEqual([]);
    expect(store.prune()).toHaveLength(1);
    expect(store.get(S1)).toBeUndefined();
    expect(store.ownership(hashOf("s-1"))).toBe("retired");
    expect(store.trade(trade({ status: "CONFIRMED" })).kind).toBe("duplicate");
    expect(store.trade(trade({ status: "FAILED" }))).toMatchObject({
      kind: "foreign",
      illegal: expect.stringMatching(/pruned/),
    });
    expect(store.trade(trade({ name: "t2" })).illegal).toMatch(/pruned/);
  });

  test("keeps orders with a trade that is still open", () => {
    const store = sent();
    store.trade(trade());
    store.report(report("canceled", SEC(5)));
    expect(store.prune()).toEqual([]);
  });
});

describe("what is open", () => {
  test("lists orders oldest first, by market, in an array that does not change under its reader", () => {
    const store = new OrderStore();
    const other = id<MarketId>("0xother");
    for (const name of ["s-1", "s-2", "s-3"]) {
      store.create(intent({ name, ...(name === "s-2" ? { market: other } : {}) }), SEC(0));
      store.prepared(prepared(name));
    }
    const open = store.open(MARKET);
    expect(open.map((order) => order.intent.intentId)).toEqual(["s-1", "s-3"]);
    store.report(report("canceled"));
    expect(open).toHaveLength(2);
    expect(store.open(MARKET)).toHaveLength(1);
    expect([...store.allOpen()].map((order) => order.intent.intentId)).toEqual(["s-2", "s-3"]);
    expect(store.openCount).toBe(2);
    expect(store.open(id<MarketId>("0xnone"))).toEqual([]);
  });

  test("lists an order's trades, failed ones too", () => {
    const store = sent();
    store.trade(trade({ name: "a" }));
    store.trade(trade({ name: "b", status: "FAILED" }));
    expect(store.get(S1)!.trades).toEqual(["a", "b"].map((name) => id<TradeId>(name)));
  });
});
