import { describe, expect, test } from "vitest";
import { id, type IntentId, type OrderReport } from "../../src/index.ts";
import { OrderStore } from "../../src/orders/index.ts";
import {
  hashOf,
  intent,
  MARKET,
  prepared,
  report,
  S,
  S1,
  SEC,
  sent,
  statusOf,
  trade,
  USD,
} from "./support.ts";

describe("an order's way to the venue", () => {
  test("intent, prepared, sent, live", () => {
    const store = new OrderStore();
    const order = store.create(intent(), SEC(0));
    expect(order.status).toBe("INTENT");
    expect(store.prepared(prepared("s-1"))).toMatchObject({ from: "INTENT", to: "PREPARED", applied: true });
    expect(store.byOrderId(hashOf("s-1"))).toBe(order);
    store.report(report("sent"));
    store.report(report("live"));
    expect(statusOf(store)).toBe("LIVE");
    expect(store.open(MARKET)).toEqual([order]);
  });

  test("refuses the same intent twice, and an intent that makes no sense", () => {
    const store = new OrderStore();
    store.create(intent(), SEC(0));
    expect(() => store.create(intent(), SEC(0))).toThrow(/already/);
    for (const bad of [{ size: 0 }, { size: NaN }, { limit: 1.5 }, { size: -1 }, { spend: 0 }]) {
      expect(() => store.create(intent({ name: "x", ...bad }), SEC(0)), JSON.stringify(bad)).toThrow();
    }
    expect(store.openCount).toBe(1);
  });

  test("counts a denied intent without keeping it; denies a kept one only before it has a hash", () => {
    const store = new OrderStore();
    expect(store.deny(intent(), "BALANCE", SEC(0))).toMatchObject({ status: "DENIED", code: "BALANCE" });
    expect(store.get(S1)).toBeUndefined();
    store.create(intent(), SEC(0));
    expect(store.deny(intent(), "CAPABILITY", SEC(1)).status).toBe("DENIED");
    expect(store.openCount).toBe(0);
    expect(store.counts.denied).toBe(2);
    expect(() => sent().deny(intent(), "X", SEC(2))).toThrow(/cannot be denied/);
  });

  test("never gives an intent a second hash, nor a hash a second intent", () => {
    const store = new OrderStore();
    store.create(intent(), SEC(0));
    store.create(intent({ name: "s-2" }), SEC(0));
    store.prepared(prepared("s-1"));
    expect(store.prepared(prepared("s-1"))).toMatchObject({ applied: false });
    expect(store.prepared(prepared("s-1")).illegal).toBeUndefined();
    expect(store.prepared(prepared("s-1", SEC(1), hashOf("other"))).illegal).toMatch(/one hash/);
    expect(store.prepared(prepared("s-2", SEC(1), hashOf("s-1"))).illegal).toMatch(/one hash/);
    expect(store.get(id<IntentId>("s-2"))).toMatchObject({ status: "INTENT", orderId: undefined });
  });

  test("a refusal as duplicate proves that the order exists", () => {
    const store = sent();
    store.report(report("rejected", SEC(2), { code: "DUPLICATE" }));
    expect(statusOf(store)).toBe("UNKNOWN");
  });

  test("a rejection keeps its code", () => {
    const store = sent();
    store.report(report("rejected", SEC(2), { code: "TICK" }));
    expect(store.get(S1)).toMatchObject({ status: "REJECTED", code: "TICK" });
  });

  test("reports on orders of others are refused by code; ownership tells them apart", () => {
    const store = sent();
    const foreign = report("live", SEC(2), { orderId: hashOf("other") });
    expect(store.ownership(hashOf("s-1"))).toBe("ours");
    expect(store.ownership(hashOf("other"))).toBe("foreign");
    expect(() => store.report(foreign)).toThrow(expect.objectContaining({ code: "ORDER_UNKNOWN" }));
  });
});

describe("contradictions are loud and move nothing", () => {
  const reports = (...statuses: OrderReport["status"][]): OrderStore => {
    const store = sent();
    statuses.forEach((status, i) => store.report(report(status, SEC(2 + i))));
    return store;
  };
  test.each<[OrderReport["status"][], OrderReport["status"]]>([
    [["live"], "rejected"],
    [["matched"], "rejected"],
    [["rejected"], "live"],
    [["rejected"], "matched"],
  ])("after %j comes %s", (before, next) => {
    const store = reports(...before);
    const status = statusOf(store);
    const change = store.report(report(next, SEC(9)));
    expect(change.applied).toBe(false);
    expect(change.illegal).toBeTruthy();
    expect(statusOf(store)).toBe(status);
    expect(store.counts.illegal).toBe(1);
  });

  test("a trade of a rejected order counts all the same", () => {
    const store = reports("rejected");
    const change = store.trade(trade());
    expect(change).toMatchObject({ kind: "matched", orderTo: "REJECTED" });
    expect(change.illegal).toMatch(/refused is alive/);
    expect(store.get(S1)!.matched).toBe(S(10));
  });

  test("a refusal of an order with trades", () => {
    const store = sent();
    store.trade(trade());
    expect(store.report(report("rejected")).illegal).toMatch(/has matched/);
  });
});

describe("late and repeated news", () => {
  test("changes nothing once the order is over", () => {
    const store = sent();
    store.report(report("canceled"));
    for (const status of [
      "sent",
      "live",
      "delayed",
      "matched",
      "unknown",
      "cancel_refused",
      "absent",
    ] as const) {
      expect(store.report(report(status, SEC(8))), status).toMatchObject({ applied: false, to: "CANCELED" });
    }
    expect(store.counts.illegal).toBe(0);
  });

  test("a kill that is said twice, in two ways, is one", () => {
    const store = sent({ orderType: "FOK", spend: 50 });
    store.report(report("canceled"));
    expect(store.report(report("rejected", SEC(3), { code: "FOK_NOT_FILLED" })).illegal).toBeUndefined();
    expect(statusOf(store)).toBe("CANCELED");
  });
});

describe("resting orders", () => {
  test("fill by their trades alone, exactly", () => {
    const store = sent({ size: 30 });
    store.report(report("live"));
    store.trade(trade({ name: "a", size: 10 }));
    const almost = store.trade(trade({ name: "b", size: 19.999999 }));
    expect(almost.orderTo).toBe("LIVE");
    expect(store.trade(trade({ name: "c", size: 0.000001 }))).toMatchObject({
      orderFrom: "LIVE",
      orderTo: "FILLED",
    });
    expect(store.get(S1)).toMatchObject({ matched: S(30), spent: USD(14.999999), overfilled: false });
  });

  test("called matched, they wait for their trades, and a rest below 0.01 share does not keep them open", () => {
    const store = sent({ size: 30 });
    store.report(report("matched"));
    expect(statusOf(store)).toBe("MATCHED");
    store.trade(trade({ name: "a", size: 20 }));
    expect(statusOf(store)).toBe("MATCHED");
    store.trade(trade({ name: "b", size: 9.995 }));
    expect(statusOf(store)).toBe("FILLED");
  });

  test("trades before the report: matched closes the rest below 0.01 share", () => {
    const store = sent({ size: 30 });
    store.trade(trade({ size: 29.995 }));
    expect(statusOf(store)).toBe("LIVE");
    expect(store.report(report("matched"))).toMatchObject({ from: "LIVE", to: "FILLED" });
  });

  test("even a tiny one is not filled before a trade", () => {
    const store = sent({ size: 0.005 });
    store.report(report("matched"));
    expect(statusOf(store)).toBe("MATCHED");
    store.trade(trade({ size: 0.005 }));
    expect(statusOf(store)).toBe("FILLED");
  });

  test("matched in part and resting", () => {
    const store = sent();
    store.report(report("matched"));
    store.trade(trade());
    store.report(report("live", SEC(4)));
    expect(statusOf(store)).toBe("LIVE");
  });

  test("a delayed order that is not matched rests", () => {
    const store = sent();
    store.report(report("delayed"));
    store.report(report("unmatched", SEC(4)));
    expect(statusOf(store)).toBe("LIVE");
  });
});

describe("immediate orders", () => {
  const fak = (spend = 50): OrderStore => sent({ orderType: "FAK", size: 100, limit: 0.5, spend });

  test("a buy is filled when its dollars are spent, however many shares that are", () => {
    const store = fak();
    store.report(report("matched"));
    store.trade(trade({ name: "a", size: 100, price: 0.4 }));
    expect(statusOf(store)).toBe("MATCHED");
    store.trade(trade({ name: "b", size: 25, price: 0.4 }));
    expect(store.get(S1)).toMatchObject({
      status: "FILLED",
      matched: S(125),
      spent: USD(50),
      overfilled: false,
    });
  });

  test("a rest that buys less than 0.01 share does not keep it open", () => {
    const store = fak();
    store.trade(trade({ size: 100, cost: USD(49.994) }));
    expect(statusOf(store)).toBe("MATCHED");
    const other = fak();
    other.trade(trade({ size: 100, cost: USD(49.9951) }));
    expect(statusOf(other)).toBe("FILLED");
  });

  test("a buy that spends too much is flagged and accepted", () => {
    const store = fak();
    store.trade(trade({ size: 100.000001, cost: USD(50.000001) }));
    expect(store.get(S1)).toMatchObject({ status: "FILLED", overfilled: true });
    expect(store.counts.overfills).toBe(1);
  });

  test("filled in part, it stays MATCHED until the venue says that the rest was killed", () => {
    const store = fak();
    store.trade(trade({ size: 10 }));
    store.report(report("matched", SEC(4)));
    expect(statusOf(store)).toBe("MATCHED");
    store.report(report("canceled", SEC(5)));
    expect(store.get(S1)).toMatchObject({ status: "CANCELED", matched: S(10) });
  });

  test("never rests: live says only that it is in, unmatched that it is dead", () => {
    const store = fak();
    store.report(report("live"));
    expect(statusOf(store)).toBe("SENT");
    store.report(report("delayed", SEC(3)));
    store.report(report("unmatched", SEC(6)));
    expect(statusOf(store)).toBe("CANCELED");
  });

  test("a sell is filled by its shares", () => {
    const store = sent({ orderType: "FAK", side: "sell", size: 100 });
    store.trade(trade({ name: "a", size: 60, side: "sell" }));
    expect(statusOf(store)).toBe("MATCHED");
    store.trade(trade({ name: "b", size: 40, side: "sell" }));
    expect(statusOf(store)).toBe("FILLED");
  });

  test("whose only trade fails is over, not waiting for ever", () => {
    const store = fak();
    store.report(report("matched"));
    store.trade(trade({ size: 100 }));
    const change = store.trade(trade({ size: 100, status: "FAILED" }));
    expect(change).toMatchObject({ kind: "voided", from: "MATCHED", orderTo: "FILLED" });
    expect(store.get(S1)).toMatchObject({ matched: 0, spent: 0, grossMatched: S(100) });
    const unseen = fak();
    unseen.report(report("matched"));
    expect(unseen.trade(trade({ size: 100, status: "FAILED" }))).toMatchObject({
      kind: "voided",
      from: undefined,
    });
    expect(unseen.get(S1)).toMatchObject({ status: "FILLED", matched: 0, grossMatched: S(100) });
  });
});

describe("cancels", () => {
  test("sent before the order was live may be sent again once it is, whatever became of the first", () => {
    const store = sent();
    store.requestCancel(S1, SEC(1));
    store.report(report("live"));
    expect(store.get(S1)).toMatchObject({ status: "LIVE", cancelRequested: true });
    expect(store.requestCancel(S1, SEC(3))).toMatchObject({ to: "PENDING_CANCEL", applied: true });
  });

  test("a live order is pending until the venue answers", () => {
    const store = sent();
    store.report(report("live"));
    expect(store.requestCancel(S1, SEC(3))).toMatchObject({ to: "PENDING_CANCEL", applied: true });
    expect(store.requestCancel(S1, SEC(3))).toMatchObject({ applied: false });
    store.report(report("live", SEC(4)));
    expect(statusOf(store)).toBe("PENDING_CANCEL");
    store.report(report("cancel_refused", SEC(4)));
    expect(store.get(S1)).toMatchObject({ status: "LIVE", cancelRequested: false });
    store.requestCancel(S1, SEC(5));
    store.report(report("canceled", SEC(6)));
    expect(store.get(S1)).toMatchObject({ status: "CANCELED", cancelRequested: false });
  });

  test("asked for too early, the wish stands and can be sent again once the order is live", () => {
    const store = sent();
    expect(store.requestCancel(S1, SEC(1))).toMatchObject({ to: "SENT", applied: true });
    expect(store.requestCancel(S1, SEC(1)).applied).toBe(false);
    store.report(report("delayed"));
    store.report(report("cancel_refused", SEC(3)));
    store.report(report("unmatched", SEC(4)));
    expect(store.get(S1)).toMatchObject({ status: "LIVE", cancelRequested: true });
    expect(store.requestCancel(S1, SEC(5))).toMatchObject({ to: "PENDING_CANCEL", applied: true });
  });

  test("a fill after the cancel was acknowledged counts; the order stays cancelled", () => {
    const store = sent();
    store.report(report("live"));
    store.requestCancel(S1, SEC(3));
    store.report(report("canceled", SEC(4)));
    const change = store.trade(trade({ size: 40 }));
    expect(change).toMatchObject({ kind: "matched", orderFrom: "CANCELED", orderTo: "CANCELED" });
    expect(change.illegal).toBeUndefined();
    expect(store.get(S1)!.matched).toBe(S(40));
    expect(store.counts.lateFills).toBe(1);
    expect(store.hasOpen(MARKET)).toBe(true);
    store.trade(trade({ size: 40, status: "CONFIRMED" }));
    expect(store.hasOpen(MARKET)).toBe(false);
  });
});
