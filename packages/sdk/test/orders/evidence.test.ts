import { describe, expect, test } from "vitest";
import {
  id,
  NO_FEE,
  type Intent,
  type IntentId,
  type Nanos,
  type OrderReport,
  type OrderType,
  type Usdc,
} from "../../src/index.ts";
import { feeSchedule } from "../../src/index.ts";
import { ORDER_MACHINE, OrderStore, worstCase } from "../../src/orders/index.ts";
import { ENTERED, zeroCounts } from "../../src/orders/orderCounts.ts";
import { OrderIndex } from "../../src/orders/orderIndex.ts";
import { OrderMover } from "../../src/orders/orderMover.ts";
import { OrderRecord } from "../../src/orders/orderRecord.ts";
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

const after = (statuses: readonly OrderReport["status"][], shape = {}): OrderStore => {
  const store = sent(shape);
  statuses.forEach((status, i) => store.report(report(status, SEC(2 + i))));
  return store;
};

describe("an order moves as its table says, and nowhere else", () => {
  const cells = ORDER_MACHINE.states.flatMap((state) =>
    ORDER_MACHINE.events.map((event) => [state, event, ORDER_MACHINE.table[state][event]] as const),
  );
  test.each(cells)("%s on %s", (state, event, cell) => {
    const index = new OrderIndex();
    const counts = zeroCounts();
    const order = new OrderRecord(intent(), SEC(0));
    Object.assign(order, { status: state, cancelRequested: true });
    order.absence.cancelOnItsWay = true;
    order.absence.looks = 1;
    index.insert(order);
    const change = new OrderMover(index, counts).step(order, event, SEC(9));
    const to = cell.kind === "move" ? cell.to : state;
    expect(change).toMatchObject({ order, from: state, to, applied: cell.kind === "move" });
    expect(order).toMatchObject({ status: to, updatedAt: cell.kind === "move" ? SEC(9) : SEC(0) });
    const counter = cell.kind === "move" ? ENTERED[to] : undefined;
    expect(counts).toEqual({ ...zeroCounts(), ...(counter === undefined ? {} : { [counter]: 1 }) });
    const loud = cell.kind === "illegal" || cell.kind === "impossible";
    const why = loud
      ? cell.kind === "illegal"
        ? cell.why
        : `should be impossible (${cell.why})`
      : undefined;
    expect(change.illegal).toBe(why === undefined ? undefined : `${event} in ${state}: ${why}`);
    expect("illegal" in change).toBe(loud);
    const over = ORDER_MACHINE.terminal.includes(to);
    expect(index.open.has(order.intent.intentId)).toBe(!over);
    expect(index.market(MARKET)!.open).toEqual(over ? [] : [order]);
    // A cancel is over with its order; once live, it has to be asked for again.
    expect(order.cancelRequested).toBe(!(cell.kind === "move" && over));
    expect(order.absence.cancelOnItsWay).toBe(!(cell.kind === "move" && (over || to === "LIVE")));
    const seen = ["live", "delayed", "matched", "unmatched", "fill_resting", "fill_immediate", "complete"];
    expect(order.absence.looks).toBe(!loud && seen.includes(event) ? 0 : 1);
  });
});

describe("an order that never rests", () => {
  test.each<OrderType>(["FAK", "FOK"])("%s: taken in, killed, and never live", (orderType) => {
    expect(statusOf(after(["live"], { orderType, spend: 50 }))).toBe("SENT");
    expect(statusOf(after(["unmatched"], { orderType, spend: 50 }))).toBe("CANCELED");
    const store = sent({ orderType, spend: 50 });
    store.trade(trade({ size: 10 }));
    expect(statusOf(store)).toBe("MATCHED");
  });

  test.each<OrderType>(["GTC", "GTD"])("%s does rest", (orderType) => {
    const expiresAt = orderType === "GTD" ? { expiresAt: SEC(99) } : {};
    expect(statusOf(after(["live"], { orderType, ...expiresAt }))).toBe("LIVE");
    expect(statusOf(after(["unmatched"], { orderType, ...expiresAt }))).toBe("LIVE");
  });

  test("a sale is complete by its shares, whatever dollars they bring", () => {
    const store = sent({ orderType: "FAK", side: "sell", size: 100, limit: 0.5 });
    store.trade(trade({ size: 60, price: 0.9, side: "sell" }));
    expect([statusOf(store), store.get(S1)!.overfilled]).toEqual(["MATCHED", false]);
  });

  test("a rest of exactly 0.01 share, or of the dollars that buy it, keeps it open", () => {
    const sale = sent({ orderType: "FAK", side: "sell", size: 100 });
    sale.trade(trade({ size: 99.99, side: "sell" }));
    expect(statusOf(sale)).toBe("MATCHED");
    const buy = sent({ orderType: "FAK", size: 100, limit: 0.5, spend: 50 });
    buy.trade(trade({ size: 99, cost: USD(49.995) }));
    expect(statusOf(buy)).toBe("MATCHED");
    buy.trade(trade({ name: "t2", size: 0.000001, cost: USD(0.000001) }));
    expect(statusOf(buy)).toBe("FILLED");
  });

  test("without stated dollars it may spend what its shares cost at the limit, rounded up", () => {
    const store = sent({ orderType: "FAK", size: 0.0001, limit: 0.3333 });
    expect(worstCase(store.get(S1)!)).toEqual({ cash: 34, shares: 0 });
  });
});

describe("the worst case is rounded against the account", () => {
  const order = (shape: Parameters<typeof intent>[0], over: object = {}) => ({
    ...sent(shape).get(S1)!,
    intent: intent(shape),
    status: "LIVE" as const,
    matched: 0 as never,
    spent: 0 as Usdc,
    ...over,
  });
  const fee = feeSchedule(50_000, 1, true);

  test.each([
    ["dollars of a resting buy", order({ size: 0.0001, limit: 0.3333 }), NO_FEE, 34],
    ["a spending buy without fees is its dollars", order({ orderType: "FAK", spend: 50 }), NO_FEE, USD(50)],
    ["the fee on a single micro-dollar", order({ orderType: "FAK", spend: 0.000001 }), fee, 1 + 1 + 10],
    ["nothing left to spend has no fee", order({ orderType: "FAK", spend: 50 }, { spent: USD(50) }), fee, 0],
    ["nor has anything overspent", order({ orderType: "FAK", spend: 50 }, { spent: USD(51) }), fee, 0],
    ["nothing left to buy has no fee", order({ size: 10 }, { matched: S(10) }), fee, 0],
  ])("%s", (_, one, schedule, cash) => {
    expect(worstCase(one, schedule)).toEqual({ cash, shares: 0 });
  });
});

describe("looks that miss an order", () => {
  const asked = (store: OrderStore, at: Nanos): OrderStore => {
    store.requestCancel(S1, at);
    return store;
  };
  const looks = (store: OrderStore, ...times: number[]): string => {
    for (const at of times) store.report(report("absent", SEC(at)));
    return statusOf(store);
  };

  test("count from the first moment of a run on", () => {
    const store = new OrderStore();
    store.create(intent(), SEC(0));
    store.prepared(prepared("s-1", SEC(0.1)));
    store.report(report("unknown", SEC(0.2)));
    asked(store, SEC(0.3));
    expect(looks(store, 0.5)).toBe("UNKNOWN");
    expect(looks(store, 1.4)).toBe("UNKNOWN");
    expect(looks(store, 1.5)).toBe("CANCELED");
  });

  test("count anew from the first one after the order was seen, however soon it comes", () => {
    const store = asked(after(["unknown"]), SEC(3));
    looks(store, 4);
    store.report(report("live", SEC(4.1)));
    expect(looks(store, 4.2)).toBe("UNKNOWN");
    expect(looks(store, 5.1)).toBe("UNKNOWN");
    expect(looks(store, 5.2)).toBe("CANCELED");
  });

  test("at the same moment are one, also where none need to lie apart", () => {
    const store = new OrderStore({ lookSpacing: 0 as Nanos });
    store.create(intent(), SEC(0));
    store.prepared(prepared("s-1"));
    store.report(report("unknown"));
    asked(store, SEC(3));
    expect(looks(store, 4, 4, 3.5)).toBe("UNKNOWN");
    expect(looks(store, 4.000000001)).toBe("CANCELED");
  });

  test("are none of an order that the venue does not list", () => {
    expect(looks(asked(after(["matched"]), SEC(3)), 4, 5, 6, 7)).toBe("MATCHED");
    expect(looks(asked(after(["delayed"]), SEC(3)), 4, 5, 6, 7)).toBe("DELAYED");
  });

  test("are none of those before the cancel, or at its moment", () => {
    expect(looks(asked(after(["unknown"]), SEC(6)), 4, 5, 6, 7)).toBe("UNKNOWN");
  });

  test.each<OrderReport["status"]>(["live", "delayed", "unmatched", "matched"])(
    "and then the order is there after all: %s is a contradiction",
    (status) => {
      const store = asked(after(["unknown"]), SEC(3));
      expect(looks(store, 4, 5)).toBe("CANCELED");
      const change = store.report(report(status, SEC(6)));
      expect(change).toMatchObject({ applied: false, to: "CANCELED" });
      expect(change.illegal).toBe("resurfaced in CANCELED: an order that was held to be gone is alive");
    },
  );

  test("are forgotten with the cancel of a run that has ended", () => {
    const store = asked(after(["unknown"]), SEC(3));
    looks(store, 4);
    store.forgetCancel(S1);
    expect(looks(store, 5, 6, 7)).toBe("UNKNOWN");
    expect(store.requestCancel(S1, SEC(8)).applied).toBe(true);
    expect(looks(store, 9)).toBe("UNKNOWN");
    expect(looks(store, 10)).toBe("CANCELED");
  });

  test("lie as far apart as the store was told, over a restart too", () => {
    const store = new OrderStore({ lookSpacing: SEC(5) });
    store.create(intent(), SEC(0));
    store.prepared(prepared("s-1"));
    store.report(report("unknown"));
    asked(store, SEC(3));
    looks(store, 4);
    const again = OrderStore.restore(JSON.parse(JSON.stringify(store.snapshot())));
    expect(looks(again, 8.9)).toBe("UNKNOWN");
    expect(looks(again, 9)).toBe("CANCELED");
  });
});

describe("whether a report changed anything", () => {
  const said = (store: OrderStore, status: OrderReport["status"], at: number) => {
    const { applied } = store.report(report(status, SEC(at)));
    return [applied, store.get(S1)!.updatedAt];
  };

  test("news of a state that it is in already does not", () => {
    expect(said(after(["live"]), "live", 9)).toEqual([false, SEC(2)]);
    expect(said(after(["live"]), "sent", 9)).toEqual([false, SEC(2)]);
    expect(said(after(["unknown"]), "unknown", 9)).toEqual([false, SEC(2)]);
    expect(said(after(["unknown"]), "absent", 9)).toEqual([false, SEC(2)]);
    expect(said(after(["rejected"]), "live", 9)).toEqual([false, SEC(2)]);
  });

  test("a look that counts does, and the same look again does not", () => {
    const store = after(["unknown"]);
    store.requestCancel(S1, SEC(3));
    expect(said(store, "absent", 4)).toEqual([true, SEC(4)]);
    expect(said(store, "absent", 4)).toEqual([false, SEC(4)]);
    expect(said(store, "absent", 4.5)).toEqual([false, SEC(4)]);
  });

  test("the answer to a cancel does, once", () => {
    const store = after(["unknown"]);
    store.requestCancel(S1, SEC(3));
    expect(said(store, "cancel_refused", 4)).toEqual([true, SEC(4)]);
    expect(said(store, "cancel_refused", 5)).toEqual([false, SEC(4)]);
  });

  test("doubt about a cancel on its way does, and it may be sent again", () => {
    const store = sent();
    store.requestCancel(S1, SEC(2));
    store.report(report("delayed", SEC(3)));
    expect(store.requestCancel(S1, SEC(4)).applied).toBe(false);
    expect(said(store, "unknown", 5)).toEqual([true, SEC(5)]);
    expect(store.requestCancel(S1, SEC(6)).applied).toBe(true);
    expect(said(store, "unknown", 7)).toEqual([true, SEC(7)]);
    expect(store.requestCancel(S1, SEC(8)).applied).toBe(true);
  });

  test.each<OrderReport["status"]>(["live", "matched"])(
    "a late refusal of a cancel takes the wish back from an order that is %s",
    (status) => {
      const store = sent();
      store.requestCancel(S1, SEC(1));
      store.report(report(status, SEC(2)));
      expect(store.get(S1)!.cancelRequested).toBe(true);
      expect(said(store, "cancel_refused", 3)).toEqual([true, SEC(3)]);
      expect(store.get(S1)!.cancelRequested).toBe(false);
      expect(said(store, "cancel_refused", 4)).toEqual([false, SEC(3)]);
    },
  );

  test("a new order asks for no cancel and has no overfill", () => {
    expect(new OrderStore().create(intent(), SEC(5))).toMatchObject({
      status: "INTENT",
      cancelRequested: false,
      overfilled: false,
      createdAt: SEC(5),
      updatedAt: SEC(5),
    });
  });
});

describe("why an order ended", () => {
  test("by the venue's code, or by none that it gave", () => {
    expect(after(["rejected"]).get(S1)!.code).toBe("OTHER");
    expect(after(["canceled"]).get(S1)!.code).toBeUndefined();
  });

  test("a conclusion changes nothing of an order that is over already", () => {
    const store = after(["canceled"]);
    expect(store.conclude(S1, SEC(9))).toMatchObject({ applied: false, to: "CANCELED" });
    expect(store.get(S1)!.code).toBeUndefined();
    // Nobody held it to be gone: that it was live once is late news.
    expect(store.report(report("live", SEC(10)))).not.toHaveProperty("illegal");
  });
});

describe("what names no order is refused", () => {
  const nobody = id<IntentId>("nobody");
  test.each<[string, (store: OrderStore) => unknown]>([
    ["a hash", (store) => store.prepared({ ...prepared("s-1"), intentId: nobody })],
    ["a cancel", (store) => store.requestCancel(nobody, SEC(1))],
    ["a cancel to forget", (store) => store.forgetCancel(nobody)],
    ["a conclusion", (store) => store.conclude(nobody, SEC(1))],
  ])("%s", (_, call) => {
    expect(() => call(sent())).toThrow(
      expect.objectContaining({
        code: "ORDER_UNKNOWN",
        message: expect.stringContaining("no order of intent nobody is kept"),
      }),
    );
  });

  test("a report says what it named, and who may be behind it", () => {
    expect(() => sent().report(report("live", SEC(2), { orderId: hashOf("x") }))).toThrow(
      expect.objectContaining({
        code: "ORDER_UNKNOWN",
        message: expect.stringContaining("report live names order 0xx, which this run does not keep"),
        hint: "Another process may be trading with the same wallet.",
      }),
    );
  });
});

describe("what is no order, trade or report is refused by name", () => {
  const numbers: [object, string][] = [
    [{ size: 0 }, "report on trade t1 has size 0: not a positive integer"],
    [{ cost: -1 }, "report on trade t1 has cost -1: not a non-negative integer"],
    [{ cost: 0.5 }, "report on trade t1 has cost 0.5: not a non-negative integer"],
    [{ fee: -1 }, "report on trade t1 has fee -1: not a non-negative integer"],
    [{ fee: 0.5 }, "report on trade t1 has fee 0.5: not a non-negative integer"],
    [{ status: "DONE" }, 'report on trade t1 has the unknown status "DONE"'],
  ];
  test.each(numbers)("a trade with %j", (over, message) => {
    for (const take of ["trade", "adopt"] as const) {
      expect(() => sent()[take]({ ...trade(), ...over })).toThrow(
        expect.objectContaining({
          code: "EVENT_INVALID",
          message: expect.stringContaining(message),
          hint: "The adapter that made this report decodes the venue's answer wrongly.",
        }),
      );
    }
  });

  test("a report of no known status", () => {
    expect(() => sent().report(report("gone" as never))).toThrow(
      'report on order 0xs-1 has the unknown status "gone"',
    );
  });

  test.each<[Partial<Intent>, string]>([
    [{ size: S(0) }, "intent s-1 asks for no shares"],
    [{ spend: USD(0) }, "intent s-1 spends 0: not more than nothing"],
    [{ spend: USD(-1) }, "intent s-1 spends -1000000: not more than nothing"],
  ])("an intent with %j", (over, message) => {
    expect(() => new OrderStore().create({ ...intent(), ...over }, SEC(0))).toThrow(
      expect.objectContaining({ code: "UNIT_INVALID", message: expect.stringContaining(message) }),
    );
  });

  test("a trade that costs nothing and has no fee is one", () => {
    expect(sent().trade(trade({ cost: USD(0) })).kind).toBe("matched");
  });
});
