import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  id,
  type IntentId,
  type Nanos,
  type OrderReport,
  type Shares,
  type TradeReport,
  type TradeStatus,
  type Usdc,
} from "../../src/index.ts";
import {
  ORDER_MACHINE,
  OrderStore,
  worstCase,
  type OrderChange,
  type TradeChange,
} from "../../src/orders/index.ts";
import { hashOf, intent, MARKET, prepared, SEC, trade, type IntentShape } from "./support.ts";

type Step =
  | { kind: "report"; status: OrderReport["status"]; code?: "DUPLICATE"; order: number }
  | { kind: "trade"; status: TradeStatus; trade: number }
  | { kind: "cancel" | "prepare"; order: number }
  | { kind: "prune" };

const ORDERS: IntentShape[] = [
  { name: "o0", orderType: "GTC", size: 30 },
  { name: "o1", orderType: "GTD", size: 30, side: "sell", expiresAt: SEC(20) },
  { name: "o2", orderType: "FAK", size: 30, spend: 15 },
  { name: "o3", orderType: "FOK", size: 30, side: "sell" },
];
/** Trades of each order: in parts, and the last one whole; together they overfill it. */
const TRADES = ORDERS.flatMap((shape, order) =>
  [10, 19.995, 5, 30].map((size, n) =>
    trade({
      name: `t${n}`,
      order: `o${order}`,
      size,
      fee: 0.01 * n,
      ...(shape.side ? { side: shape.side } : {}),
    }),
  ),
);

const statuses: OrderReport["status"][] = [
  ...(["sent", "live", "matched", "delayed", "unmatched", "rejected", "unknown", "canceled"] as const),
  ...(["cancel_refused", "expired", "invalid", "absent", "absent", "absent"] as const),
];
const order = fc.nat({ max: ORDERS.length - 1 });
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant("report" as const),
      status: fc.constantFrom(...statuses),
      order,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("report" as const),
      status: fc.constant("rejected" as const),
      code: fc.constant("DUPLICATE" as const),
      order,
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant("trade" as const),
      status: fc.constantFrom<TradeStatus>("MATCHED", "MINED", "RETRYING", "CONFIRMED", "FAILED"),
      trade: fc.nat({ max: TRADES.length - 1 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constantFrom("cancel" as const, "prepare" as const), order }),
  },
);
const steps = fc.array(step, { maxLength: 60 });
const withPrune = fc.array(
  fc.oneof({ weight: 15, arbitrary: step }, { weight: 1, arbitrary: fc.constant<Step>({ kind: "prune" }) }),
  { maxLength: 60 },
);

function fresh(): OrderStore {
  const store = new OrderStore();
  ORDERS.forEach((shape, n) => {
    store.create(intent(shape), SEC(0));
    if (n % 2 === 0) store.prepared(prepared(shape.name!));
  });
  return store;
}

/** Applies a step as an engine does; undefined when it names what is not there. */
function apply(store: OrderStore, one: Step, at: Nanos): OrderChange | TradeChange | undefined {
  switch (one.kind) {
    case "report": {
      const orderId = hashOf(`o${one.order}`);
      if (store.ownership(orderId) !== "ours") return undefined;
      const { status } = one;
      return store.report({
        type: "order_report",
        orderId,
        status,
        at,
        receivedAt: 0,
        ...(one.code ? { code: one.code } : {}),
      } as OrderReport);
    }
    case "trade":
      return store.trade({ ...TRADES[one.trade]!, status: one.status, at });
    case "cancel":
    case "prepare": {
      const name = `o${one.order}`;
      const known = store.get(id<IntentId>(name));
      if (known === undefined) return undefined;
      return one.kind === "cancel"
        ? store.requestCancel(known.intent.intentId, at)
        : store.prepared(prepared(name, at));
    }
    case "prune":
      store.prune();
      return undefined;
  }
}

const isOrderChange = (change: OrderChange | TradeChange): change is OrderChange => "applied" in change;
const dump = (store: OrderStore): string => JSON.stringify(store.snapshot());

describe("whatever the reports", () => {
  test("orders move only along the table, never silently against it, and never back from their end", () => {
    fc.assert(
      fc.property(steps, (list) => {
        const store = fresh();
        list.forEach((one, i) => {
          const before = ORDERS.map(({ name }) => store.get(id<IntentId>(name!))!.status);
          const illegalBefore = store.counts.illegal;
          const change = apply(store, one, SEC(1 + i));
          ORDERS.forEach(({ name }, n) => {
            const from = before[n]!;
            const to = store.get(id<IntentId>(name!))!.status;
            if (from === to) return;
            expect(ORDER_MACHINE.terminal, `${from} to ${to}`).not.toContain(from);
            const cells = Object.values(ORDER_MACHINE.table[from]);
            expect(cells, `${from} to ${to}`).toContainEqual({ kind: "move", to });
          });
          expect(store.counts.illegal - illegalBefore).toBe(change?.illegal === undefined ? 0 : 1);
          expect(change?.illegal ?? "").not.toMatch(/should be impossible/);
          if (change?.illegal !== undefined && isOrderChange(change)) expect(change.applied).toBe(false);
        });
      }),
      { numRuns: 300 },
    );
  });

  test("matched is what the trades that stand add up to, and the worst case is never negative", () => {
    fc.assert(
      fc.property(steps, (list) => {
        const store = fresh();
        const stand = new Map<string, { report: TradeReport; status: TradeStatus }>();
        list.forEach((one, i) => {
          const change = apply(store, one, SEC(1 + i));
          if (
            one.kind === "trade" &&
            change !== undefined &&
            !isOrderChange(change) &&
            change.kind !== "foreign"
          ) {
            const key = `${change.report.orderId}/${change.report.tradeId}`;
            const known = stand.get(key)?.status;
            const final = known === "FAILED" || (known === "CONFIRMED" && one.status !== "FAILED");
            const backwards = one.status === "MATCHED" && known !== undefined;
            if (!final && !backwards) stand.set(key, { report: change.report, status: one.status });
            expect(change.to).toBe(stand.get(key)!.status);
          }
          let openTrades = 0;
          for (const { name } of ORDERS) {
            const kept = store.get(id<IntentId>(name!))!;
            const own = [...stand.values()].filter(({ report }) => report.orderId === kept.orderId);
            const sum = (part: (report: TradeReport) => number, all: boolean): number =>
              own.reduce(
                (total, { report, status }) => total + (all || status !== "FAILED" ? part(report) : 0),
                0,
              );
            expect(kept.matched).toBe(sum((report) => report.size, false));
            expect(kept.spent).toBe(sum((report) => report.cost, false));
            expect(kept.fees).toBe(sum((report) => report.fee, false));
            expect(kept.grossMatched).toBe(sum((report) => report.size, true));
            const { cash, shares } = worstCase(kept);
            expect(cash).toBeGreaterThanOrEqual(0);
            expect(shares).toBeGreaterThanOrEqual(0);
            const over = ORDER_MACHINE.terminal.includes(kept.status);
            if (over) expect(cash + shares).toBe(0);
            expect(store.open(MARKET).includes(kept)).toBe(!over);
            openTrades += own.filter(({ status }) => status !== "FAILED" && status !== "CONFIRMED").length;
          }
          expect(store.hasOpen(MARKET)).toBe(store.openCount + openTrades > 0);
        });
      }),
    );
  });

  test("every step said twice is as said once", () => {
    fc.assert(
      fc.property(steps, (list) => {
        const once = fresh();
        const twice = fresh();
        list.forEach((one, i) => {
          apply(once, one, SEC(1 + i));
          apply(twice, one, SEC(1 + i));
          apply(twice, one, SEC(1 + i));
          // The counters count reports, so they may differ.
          expect({ ...twice.snapshot(), counts: {} }).toEqual({ ...once.snapshot(), counts: {} });
        });
      }),
    );
  });

  test("a store restored from JSON goes on as the one it came from", () => {
    fc.assert(
      fc.property(withPrune, fc.nat(), (list, cut) => {
        const store = fresh();
        const at = list.length === 0 ? 0 : cut % list.length;
        list.slice(0, at).forEach((one, i) => apply(store, one, SEC(1 + i)));
        const other = OrderStore.restore(JSON.parse(dump(store)));
        expect(dump(other)).toBe(dump(store));
        list.slice(at).forEach((one, i) => {
          const mine = apply(store, one, SEC(1 + at + i));
          const theirs = apply(other, one, SEC(1 + at + i));
          expect(JSON.stringify(theirs)).toBe(JSON.stringify(mine));
          expect(dump(other)).toBe(dump(store));
          expect(other.open(MARKET).map((one) => one.intent.intentId)).toEqual(
            store.open(MARKET).map((one) => one.intent.intentId),
          );
        });
      }),
    );
  });

  test("trades end the same in whatever order their reports come, unless one failed after it was confirmed", () => {
    const history = fc.constantFrom<TradeStatus[]>(
      ["MATCHED", "MINED", "CONFIRMED"],
      ["MATCHED", "RETRYING", "MINED", "CONFIRMED"],
      ["MATCHED", "RETRYING", "FAILED"],
      ["MATCHED", "MINED", "FAILED"],
    );
    fc.assert(
      fc.property(
        fc.array(history, { minLength: TRADES.length, maxLength: TRADES.length }),
        fc.infiniteStream(fc.nat()),
        (plans, random) => {
          const all = plans.flatMap((plan, n) =>
            plan.map((status): Step => ({ kind: "trade", status, trade: n })),
          );
          const shuffled = all
            .map((one) => ({ one, key: random.next().value as number }))
            .sort((a, b) => a.key - b.key);
          const end = (list: Step[]): unknown => {
            const store = fresh();
            for (const n of [1, 3]) store.prepared(prepared(`o${n}`));
            for (const one of list) expect(apply(store, one, SEC(2))?.illegal).toBeUndefined();
            return ORDERS.map(({ name }) => {
              const { matched, spent, fees, grossMatched } = store.get(id<IntentId>(name!))!;
              return { matched, spent, fees, grossMatched };
            });
          };
          expect(end(shuffled.map(({ one }) => one))).toEqual(end(all));
        },
      ),
    );
  });
});

test("random reports make every move of the table", () => {
  // A move that nothing makes would be a dead row.
  const met = new Set<string>();
  const random = fc.sample(fc.array(step, { minLength: 10, maxLength: 40 }), { numRuns: 2000, seed: 7 });
  for (const list of random) {
    const store = fresh();
    list.forEach((one, i) => {
      const before = ORDERS.map(({ name }) => store.get(id<IntentId>(name!))!.status);
      const change = apply(store, one, SEC(1 + i));
      if (change === undefined) return;
      const n = ORDERS.findIndex(({ name }) => name === change.order?.intent.intentId);
      if (n < 0) return;
      met.add(`${before[n]!} -> ${change.order!.status}`);
    });
  }
  const moves = new Set<string>();
  for (const from of ORDER_MACHINE.states) {
    for (const event of ORDER_MACHINE.events) {
      const cell = ORDER_MACHINE.table[from][event];
      // `deny` and `conclude` are calls of their own, tested by example.
      if (cell.kind === "move" && event !== "deny" && event !== "gone") moves.add(`${from} -> ${cell.to}`);
    }
  }
  expect([...moves].filter((move) => !met.has(move))).toEqual([]);
});

test("sums beyond exact integers are refused, not rounded", () => {
  const store = new OrderStore();
  store.create(intent({ name: "o0", size: 1 }), SEC(0));
  store.prepared(prepared("o0"));
  const big = { ...trade({ order: "o0" }), size: (Number.MAX_SAFE_INTEGER - 1) as Shares, cost: 0 as Usdc };
  store.trade(big);
  const before = dump(store);
  const next = { ...big, tradeId: trade({ name: "x" }).tradeId, orderId: hashOf("o0") };
  expect(() => store.trade(next)).toThrow(expect.objectContaining({ code: "UNIT_OVERFLOW" }));
  expect(dump(store)).toBe(before);
});
