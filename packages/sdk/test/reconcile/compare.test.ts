import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { OrderStatus, TradeStatus } from "../../src/events/index.ts";
import { id, type ActionId } from "../../src/ids.ts";
import { compare, tradeKey, type Comparison, type Dust } from "../../src/reconcile/index.ts";
import type { Shares, Usdc } from "../../src/units/index.ts";
import { actual, expected, held, heldOrder, M1, ONE, openOrder, stated, tradeOf } from "./support.ts";

const EXACT: Dust = { shares: 0 as Shares, cash: 0 as Usdc };
const AGREES: Comparison = { agrees: true, differences: [], inFlight: new Set(), rounding: [] };

describe("accounts that are the same", () => {
  it("agree", () => {
    const here = expected({ positions: [held(10 * ONE, 4 * ONE)], orders: [heldOrder({ matched: 3 })] });
    const there = actual({
      positions: [stated(10 * ONE, 4 * ONE)],
      openOrders: [openOrder({ matched: 3 as Shares })],
    });
    expect(compare(here, there, EXACT)).toEqual(AGREES);
  });

  it("agree within dust, and not beyond it", () => {
    const shares = (by: number): Comparison =>
      compare(expected({ positions: [held(ONE)] }), actual({ positions: [stated(ONE + by)] }));
    expect(shares(20_000).agrees).toBe(true);
    expect(shares(-20_000).agrees).toBe(true);
    expect(shares(20_001).differences).toEqual([
      { kind: "position", marketId: M1, outcome: 0, expected: ONE, actual: ONE + 20_001 },
    ]);
    expect(shares(-20_001).agrees).toBe(false);
    const cash = (by: number): Comparison => compare(expected(), actual({ cash: 1_000 * ONE + by }));
    expect(cash(10).agrees).toBe(true);
    expect(cash(-11).differences).toEqual([
      { kind: "cash", expected: 1_000 * ONE, actual: 1_000 * ONE - 11 },
    ]);
  });
});

describe("positions", () => {
  it("that only one side knows are found", () => {
    expect(compare(expected({ positions: [held(ONE)] }), actual()).differences).toMatchObject([
      { kind: "position", expected: ONE, actual: 0 },
    ]);
    expect(compare(expected(), actual({ positions: [stated(ONE, ONE, 1)] })).differences).toMatchObject([
      { kind: "position", outcome: 1, expected: 0, actual: ONE },
    ]);
  });

  it("that differ in what is confirmed only, differ in that", () => {
    const here = expected({ positions: [held(10 * ONE, 10 * ONE)] });
    expect(compare(here, actual({ positions: [stated(10 * ONE, 4 * ONE)] })).differences).toEqual([
      { kind: "settled", marketId: M1, outcome: 0, expected: 10 * ONE, actual: 4 * ONE },
    ]);
  });

  it("sold before their buy was confirmed have no confirmed shares on either side", () => {
    const here = expected({ positions: [held(4 * ONE, -6 * ONE)] });
    expect(compare(here, actual({ positions: [stated(4 * ONE, 0)] }), EXACT)).toEqual(AGREES);
  });
});

describe("a trade whose report is on its way", () => {
  const known = (status: TradeStatus) => new Map([[tradeKey(tradeOf()), status]]);
  const bought = { cash: 1_000 * ONE - 4 * ONE - 100 };
  const cases = [
    {
      what: "a match",
      here: expected({ orders: [heldOrder()] }),
      there: actual({
        ...bought,
        positions: [stated(10 * ONE, 0)],
        openOrders: [openOrder({ matched: (10 * ONE) as Shares })],
        trades: [tradeOf()],
      }),
      late: { expected: 0, actual: 10 * ONE },
    },
    {
      what: "a confirmation",
      here: expected({ ...bought, positions: [held(10 * ONE, 0)], trades: known("MATCHED") }),
      there: actual({ ...bought, positions: [stated(10 * ONE)], trades: [tradeOf({ status: "CONFIRMED" })] }),
      late: { expected: 0, actual: 10 * ONE },
    },
    {
      what: "a failure",
      here: expected({ ...bought, positions: [held(10 * ONE, 0)], trades: known("MINED") }),
      there: actual({ trades: [tradeOf({ status: "FAILED" })] }),
      late: { expected: 10 * ONE, actual: 0 },
    },
    {
      what: "a sale",
      here: expected({ positions: [held(10 * ONE)] }),
      there: actual({ cash: 1_000 * ONE + 4 * ONE - 100, trades: [tradeOf({ side: "sell" })] }),
      late: { expected: 0, actual: -10 * ONE },
    },
  ];

  it.each(cases)("$what is allowed for once, exactly, and then missed", ({ here, there, late }) => {
    const first = compare(here, there, EXACT);
    expect(first.differences).toEqual([]);
    expect(first.inFlight.size).toBe(1);
    const second = compare(here, there, EXACT, first.inFlight);
    expect(second.differences).toEqual([
      { kind: "missed_trade", marketId: M1, outcome: 0, orderId: "o1", tradeId: "t1", ...late },
    ]);
  });

  it.each(cases)("$what hides nothing else", ({ here, there }) => {
    const cash = { collateral: (there.balances.collateral + 1) as Usdc };
    expect(compare(here, { ...there, balances: cash }, EXACT).differences).toMatchObject([{ kind: "cash" }]);
    const more = { ...there, positions: [...there.positions, stated(1, 0)] };
    expect(compare(here, more, EXACT).differences).toMatchObject([{ kind: "position" }]);
  });

  it("explains nothing in the other direction: what the venue lacks is no news", () => {
    const here = expected({ ...bought, positions: [held(10 * ONE, 0)], trades: known("MATCHED") });
    const kinds = compare(here, actual({ trades: [tradeOf()] }), EXACT).differences.map(({ kind }) => kind);
    expect(kinds).toEqual(["position", "cash"]);
  });

  it("is not counted twice when the chain has it before the venue says so", () => {
    // By the venue's list it is matched: an adapter adds it to a balance that holds it already.
    const here = expected({ ...bought, positions: [held(10 * ONE, 0)], trades: known("MATCHED") });
    const cash = 1_000 * ONE - 2 * (4 * ONE + 100);
    const twice = actual({ cash, positions: [stated(20 * ONE, 10 * ONE)], trades: [tradeOf()] });
    expect(compare(here, twice, EXACT)).toEqual(AGREES);
    // Balances are asked for one after the other: one may hold it while another does not.
    const once = actual({ ...bought, positions: [stated(20 * ONE, 10 * ONE)], trades: [tradeOf()] });
    expect(compare(here, once, EXACT)).toEqual(AGREES);
    // Nothing hides behind it, and it explains nothing once the venue says that it is mined.
    const more = actual({ cash: cash - 1, positions: [stated(20 * ONE + 1, 10 * ONE)], trades: [tradeOf()] });
    expect(compare(here, more, EXACT).differences.map(({ kind }) => kind)).toEqual(["position", "cash"]);
    const mined = { ...twice, trades: [tradeOf({ status: "MINED" })] };
    expect(compare(here, mined, EXACT).differences.map(({ kind }) => kind)).toEqual(["position", "cash"]);
  });

  it("may be among the chain's shares before it is confirmed, and a sale until it is mined", () => {
    const here = expected({ ...bought, positions: [held(10 * ONE, 0)], trades: known("MINED") });
    const there = { ...bought, positions: [stated(10 * ONE)], trades: [tradeOf({ status: "MINED" })] };
    expect(compare(here, actual(there), EXACT)).toEqual(AGREES);
    const sold = expected({ cash: 1_000 * ONE + 4 * ONE - 100, trades: known("MATCHED") });
    const not = { cash: 1_000 * ONE + 4 * ONE - 100, positions: [stated(0, 10 * ONE)] };
    expect(compare(sold, actual({ ...not, trades: [tradeOf({ side: "sell" })] }), EXACT)).toEqual(AGREES);
    const over = actual({ ...not, trades: [tradeOf({ side: "sell", status: "CONFIRMED" })] });
    expect(compare(sold, over, EXACT).agrees).toBe(false);
  });

  it("is no news when it moves nothing, nor when it was over before it was pruned", () => {
    const here = expected({ ...bought, positions: [held(10 * ONE, 0)], trades: known("MATCHED") });
    const there = actual({
      ...bought,
      positions: [stated(10 * ONE, 0)],
      trades: [tradeOf({ status: "MINED" })],
    });
    expect(compare(here, there, EXACT)).toEqual(AGREES);
    const pruned = expected({ trades: new Map([[tradeKey(tradeOf()), "retired" as const]]) });
    expect(compare(pruned, actual({ trades: [tradeOf({ status: "CONFIRMED" })] }), EXACT)).toEqual(AGREES);
  });

  it("counts once, however often it is listed", () => {
    const there = actual({ ...bought, positions: [stated(10 * ONE, 0)], trades: [tradeOf(), tradeOf()] });
    expect(compare(expected(), there, EXACT).agrees).toBe(true);
  });

  it("is new again once we have heard more of it", () => {
    const there = actual({
      ...bought,
      positions: [stated(10 * ONE)],
      trades: [tradeOf({ status: "CONFIRMED" })],
    });
    const first = compare(expected(), there, EXACT);
    const heard = expected({ ...bought, positions: [held(10 * ONE, 0)], trades: known("MATCHED") });
    expect(compare(heard, there, EXACT, first.inFlight).agrees).toBe(true);
  });
});

describe("what is not ours", () => {
  const owners = new Map([[tradeOf().orderId, "foreign" as const]]);

  it("is a difference at once: an order", () => {
    const there = actual({ openOrders: [openOrder({ matched: ONE as Shares })] });
    expect(compare(expected({ owners }), there, EXACT).differences).toEqual([
      { kind: "foreign_order", marketId: M1, outcome: 0, orderId: "o1", expected: 0, actual: 9 * ONE },
    ]);
  });

  it("is a difference at once: a trade, which explains its shares and dollars", () => {
    const there = actual({
      cash: 1_000 * ONE - 4 * ONE - 100,
      positions: [stated(10 * ONE, 0)],
      trades: [tradeOf()],
    });
    expect(compare(expected({ owners }), there, EXACT).differences).toMatchObject([
      { kind: "foreign_trade", tradeId: "t1", expected: 0, actual: 10 * ONE },
    ]);
  });

  it("stays one when it has failed", () => {
    const there = actual({ trades: [tradeOf({ status: "FAILED" })] });
    expect(compare(expected({ owners }), there, EXACT).differences).toMatchObject([
      { kind: "foreign_trade" },
    ]);
  });
});

describe("orders", () => {
  const silent: readonly OrderStatus[] = ["PREPARED", "SENT", "DELAYED", "UNKNOWN"];
  const listed: readonly OrderStatus[] = ["LIVE", "MATCHED", "PENDING_CANCEL"];

  it.each(silent)("that are %s need not be listed", (status) => {
    const here = expected({ orders: [heldOrder({ status })] });
    expect(compare(here, actual(), EXACT)).toEqual(AGREES);
    expect(compare(here, actual({ openOrders: [openOrder()] }), EXACT)).toEqual(AGREES);
  });

  it.each(listed)("that are %s may have ended once, and are missing then", (status) => {
    const here = expected({ orders: [heldOrder({ status, matched: 3 * ONE })] });
    const first = compare(here, actual(), EXACT);
    expect(first.agrees).toBe(true);
    expect(compare(here, actual(), EXACT, first.inFlight).differences).toEqual([
      { kind: "missing_order", marketId: M1, outcome: 0, orderId: "o1", expected: 7 * ONE, actual: 0 },
    ]);
  });

  it("that are over here and open there are found at once, pruned ones too", () => {
    const there = actual({ openOrders: [openOrder()] });
    for (const owner of ["ours", "retired"] as const) {
      const here = expected({ owners: new Map([[openOrder().orderId, owner]]) });
      expect(compare(here, there, EXACT).differences).toMatchObject([
        { kind: "ended_order", actual: 10 * ONE },
      ]);
    }
  });

  it("whose matched amount no trade explains are found at once", () => {
    const there = actual({ openOrders: [openOrder({ matched: ONE as Shares })] });
    expect(compare(expected({ orders: [heldOrder()] }), there, EXACT).differences).toEqual([
      { kind: "matched_amount", marketId: M1, outcome: 0, orderId: "o1", expected: 0, actual: ONE },
    ]);
  });
});

describe("a chain action under way", () => {
  const pairs = { positions: [held(5 * ONE), held(5 * ONE, 5 * ONE, 1)] };
  const amounts = [5 * ONE, 5 * ONE] as unknown as readonly [Shares, Shares];
  const merge = {
    action: { actionId: id<ActionId>("a1"), kind: "merge", marketId: M1, amounts },
    cash: 5 * ONE,
  } as const;
  const here = expected({ ...pairs, pending: [merge] });

  it("may be done there or not, but shares and dollars together", () => {
    const undone = actual({ positions: [stated(5 * ONE), stated(5 * ONE, 5 * ONE, 1)] });
    expect(compare(here, undone, EXACT)).toEqual(AGREES);
    const done = compare(here, actual({ cash: 1_005 * ONE }), EXACT);
    expect(done.differences).toEqual([]);
    expect([...done.inFlight]).toEqual(["chain a1"]);
    expect(compare(here, actual(), EXACT).differences).toMatchObject([
      { kind: "cash", expected: 1_005 * ONE },
    ]);
    const dollarsOnly = actual({ cash: 1_005 * ONE, positions: undone.positions });
    expect(compare(here, dollarsOnly, EXACT).differences).toMatchObject([{ kind: "cash" }]);
  });

  it("that is done there and not told at the second look is a difference of its shares", () => {
    const there = actual({ cash: 1_005 * ONE });
    const { inFlight } = compare(here, there, EXACT);
    const { differences } = compare(here, there, EXACT, inFlight);
    expect(differences.map(({ kind, outcome }) => [kind, outcome])).toEqual([
      ["position", 0],
      ["position", 1],
    ]);
  });

  it("works the other way round for a split", () => {
    const split = { action: { ...merge.action, kind: "split" as const }, cash: -5 * ONE };
    const done = actual({ cash: 995 * ONE, positions: [stated(5 * ONE), stated(5 * ONE, 5 * ONE, 1)] });
    expect(compare(expected({ pending: [split] }), done, EXACT).differences).toEqual([]);
  });
});

describe("any account", () => {
  const shares = fc.integer({ min: 0, max: 1_000 * ONE });
  const status = fc.constantFrom<TradeStatus>("MATCHED", "MINED", "RETRYING", "CONFIRMED", "FAILED");
  const trade = fc.record({
    size: fc.integer({ min: 1, max: 100 * ONE }),
    cost: shares,
    fee: fc.nat(ONE),
    status,
    side: fc.constantFrom("buy" as const, "sell" as const),
    outcome: fc.constantFrom(0 as const, 1 as const),
  });

  it("agrees with the venue that is only ahead by trades, and any one planted difference is found through them", () => {
    fc.assert(
      fc.property(
        fc.tuple(shares, shares),
        fc.array(trade, { maxLength: 6 }),
        fc.integer({ min: -50 * ONE, max: 50 * ONE }),
        fc.nat(2),
        (base, ahead, planted, where) => {
          const trades = ahead.map((each, i) =>
            tradeOf({
              ...each,
              tradeId: id(`t${i}`),
              size: each.size as Shares,
              cost: each.cost as Usdc,
              fee: each.fee as Usdc,
            }),
          );
          const now = [base[0] + 10_000 * ONE, base[1] + 10_000 * ONE];
          const settled = [...now];
          let cash = 1_000 * ONE;
          for (const { status: at, side, outcome, size, cost, fee } of trades) {
            if (at === "FAILED") continue;
            const sign = side === "buy" ? 1 : -1;
            now[outcome]! += sign * size;
            if (side === "sell" || at === "CONFIRMED") settled[outcome]! += sign * size;
            cash -= sign * cost + fee;
          }
          const here = expected({
            positions: [held(base[0] + 10_000 * ONE), held(base[1] + 10_000 * ONE, undefined, 1)],
          });
          const there = (by: readonly number[]) =>
            actual({
              cash: cash + by[2]!,
              trades,
              positions: [stated(now[0]! + by[0]!, settled[0]), stated(now[1]! + by[1]!, settled[1], 1)],
            });
          expect(compare(here, there([0, 0, 0]), EXACT).differences).toEqual([]);
          const by = [0, 0, 0];
          by[where] = planted;
          const { agrees, differences } = compare(here, there(by), EXACT);
          expect(agrees).toBe(planted === 0);
          expect(differences.map(({ expected: a, actual: b }) => b - a)).toEqual(
            planted === 0 ? [] : [planted],
          );
        },
      ),
    );
  });
});
