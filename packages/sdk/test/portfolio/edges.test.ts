import { describe, expect, test } from "vitest";
import { id, type MarketId, type Outcome, type StrategyId, type Usdc } from "../../src/index.ts";
import { EXTERNAL, Ledger } from "../../src/portfolio/index.ts";
import { action, buy, change, MARKET, S, sell, T0, USD } from "./support.ts";
import { funded, reborn } from "./ledgers.ts";

describe("what is asked about a market without bookings", () => {
  test("is nothing", () => {
    const ledger = funded();
    for (const outcome of [0, 1] as Outcome[]) {
      expect(ledger.sellable(MARKET, outcome, "matched")).toBe(0);
      expect(ledger.unconfirmed(MARKET, outcome)).toBe(0);
      expect(ledger.onChain(MARKET, outcome)).toBe(0);
    }
    expect(ledger.payouts(MARKET)).toBeUndefined();
    expect(ledger.mergeable(MARKET)).toBe(0);
    expect(ledger.pairCost(MARKET)).toEqual({
      pairs: 0,
      cost: 0,
      locked: 0,
      residual: 0,
      residualOutcome: undefined,
    });
    expect(ledger.market(MARKET)).toEqual({ realized: 0, fees: 0, cost: 0, trades: 0, volume: 0 });
    expect([...ledger.markets()]).toEqual([]);
  });
});

describe("pairs", () => {
  const pairs = (first: number, second: number) => {
    const ledger = funded();
    if (first > 0) buy(ledger, { name: "y", size: S(first), cost: USD(first * 0.4) });
    if (second > 0) buy(ledger, { name: "n", outcome: 1, size: S(second), cost: USD(second * 0.55) });
    return ledger.pairCost(MARKET);
  };
  test.each([
    [10, 10, { pairs: S(10), cost: USD(9.5), locked: USD(0.5), residual: 0, residualOutcome: undefined }],
    [10, 4, { pairs: S(4), cost: USD(3.8), locked: USD(0.2), residual: S(6), residualOutcome: 0 }],
    [4, 10, { pairs: S(4), cost: USD(3.8), locked: USD(0.2), residual: S(6), residualOutcome: 1 }],
    [0, 10, { pairs: 0, cost: 0, locked: 0, residual: S(10), residualOutcome: 1 }],
    [10, 0, { pairs: 0, cost: 0, locked: 0, residual: S(10), residualOutcome: 0 }],
  ])("of %d and %d shares", (first, second, expected) => {
    expect(pairs(first, second)).toEqual(expected);
  });

  test("cost their part of each leg rounded up, and all of it where the leg is whole", () => {
    const ledger = funded();
    buy(ledger, { name: "y", size: 3, cost: 10 });
    buy(ledger, { name: "n", outcome: 1, size: 1, cost: 1 });
    expect(ledger.pairCost(MARKET)).toMatchObject({ pairs: 1, cost: 4 + 1, residual: 2 });
    // A short leg's proceeds are no cost of a pair.
    sell(ledger, { name: "s", outcome: 1, size: 5, cost: 3 });
    expect(ledger.pairCost(MARKET)).toMatchObject({ pairs: 0, cost: 0, residual: 3 });
  });
});

describe("chain actions", () => {
  test("may bring or cost nothing at all", () => {
    const ledger = funded();
    expect(ledger.chain(action("m", "merge", [0, 0]), 0 as Usdc, T0).booked).toBe(true);
    expect(ledger.chain(action("s", "split", [0, 0]), 0 as Usdc, T0).booked).toBe(true);
    expect(ledger.chain(action("r", "redeem", [0, 0]), 0 as Usdc, T0).booked).toBe(true);
    ledger.audit();
  });

  test("that bring dollars for no shares bring profit, and the books balance", () => {
    const ledger = funded();
    expect(ledger.chain(action("m", "merge", [0, 0]), 3 as Usdc, T0).realized).toBe(3);
    expect(ledger.position(MARKET, 0)).toMatchObject({ matched: 0, cost: 0 });
    ledger.audit();
  });

  test("move whole micro-dollars, and what is none of them is refused before anything is booked", () => {
    const ledger = funded();
    for (const kind of ["merge", "split", "redeem"] as const) {
      for (const bad of [NaN, 0.5, -0.5, 1e309]) {
        expect(() => ledger.chain(action("x", kind, [1, 1]), bad as Usdc, T0)).toThrow(
          expect.objectContaining({ code: "UNIT_INVALID" }),
        );
      }
    }
    expect([...ledger.markets()]).toEqual([]);
    expect(ledger.cash).toBe(USD(1000));
  });

  test("redeemed where both outcomes pay are divided by what each pays", () => {
    const ledger = funded();
    buy(ledger, { name: "y", size: S(10), cost: USD(4) }, "CONFIRMED");
    buy(ledger, { name: "n", outcome: 1, size: S(30), cost: USD(15) }, "CONFIRMED");
    ledger.resolution(MARKET, [USD(0.25), USD(0.75)]);
    expect(ledger.chain(action("r", "redeem", [S(10), S(30)]), USD(25), T0).realized).toBe(USD(6));
    expect([0, 1].map((outcome) => ledger.position(MARKET, outcome as Outcome).cost)).toEqual([0, 0]);
    ledger.audit();
  });

  test("redeemed of one outcome leave the other", () => {
    const ledger = funded();
    buy(ledger, { name: "y", size: S(10), cost: USD(4) }, "CONFIRMED");
    buy(ledger, { name: "n", outcome: 1, size: S(10), cost: USD(5) }, "CONFIRMED");
    ledger.resolution(MARKET, [USD(0.5), USD(0.5)]);
    expect(ledger.chain(action("r", "redeem", [0, S(10)]), USD(5), T0).realized).toBe(0);
    expect(ledger.position(MARKET, 0)).toMatchObject({ matched: S(10), cost: USD(4), openedAt: T0 });
    expect(ledger.position(MARKET, 1)).toMatchObject({ matched: 0, cost: 0 });
    ledger.audit();
  });

  test("that are known are known after a restart too", () => {
    const ledger = funded();
    ledger.chain(action("s", "split", [S(1), S(1)]), USD(-1), T0);
    expect(reborn(ledger).chain(action("s", "split", [S(1), S(1)]), USD(-1), T0).booked).toBe(false);
  });
});

describe("a resolution", () => {
  test("is another when either payout is", () => {
    const ledger = funded();
    buy(ledger, { name: "y", size: S(10), cost: USD(4) });
    expect(ledger.resolution(MARKET, [USD(1), USD(0)]).booked).toBe(true);
    expect(ledger.resolution(MARKET, [USD(1), USD(0)]).booked).toBe(false);
    expect(ledger.resolution(MARKET, [USD(1), USD(1)]).booked).toBe(true);
    expect(ledger.payouts(MARKET)).toEqual([USD(1), USD(1)]);
  });

  test("pays from nothing to a dollar", () => {
    const ledger = funded();
    for (const bad of [-1, 1_000_001, 0.5]) {
      for (const payouts of [
        [bad, 0],
        [0, bad],
      ] as [Usdc, Usdc][])
        expect(() => ledger.resolution(MARKET, payouts)).toThrow(
          `a payout of ${bad} micro-dollars is not from 0 to $1`,
        );
    }
    expect(ledger.payouts(MARKET)).toBeUndefined();
  });

  test("is kept over a restart with who answers for it", () => {
    const ledger = funded();
    buy(ledger, { name: "y", size: S(10), cost: USD(4), strategy: "a" }, "CONFIRMED");
    ledger.resolution(MARKET, [USD(0), USD(1)], id<StrategyId>("z"));
    const again = reborn(ledger);
    expect(again.payouts(MARKET)).toEqual([USD(0), USD(1)]);
    expect(again.byStrategy()).toEqual(ledger.byStrategy());
    expect(again.byStrategy()).toMatchObject([
      { strategyId: "a", realized: 0 },
      { strategyId: "z", realized: USD(-4) },
    ]);
  });
});

describe("trades", () => {
  test("of nobody's orders are the account's own once they match", () => {
    const ledger = funded();
    const alone = { ...change({ name: "a", size: S(1), cost: USD(0.5) }), order: undefined };
    expect(ledger.trade(alone, T0).booked).toBe(true);
    expect(ledger.byStrategy()).toMatchObject([{ strategyId: EXTERNAL, trades: 1 }]);
  });

  test("that had failed when they were first heard of are not booked, told either way", () => {
    const ledger = funded();
    expect(buy(ledger, { name: "a", size: S(1), cost: USD(0.5) }, "FAILED").booked).toBe(false);
    expect(
      ledger.adopt(change({ name: "b", size: S(1), cost: USD(0.5) }, "foreign", "FAILED").report, T0).booked,
    ).toBe(false);
    expect([...ledger.markets()]).toEqual([]);
  });

  test("told again change nothing, whatever the report says", () => {
    const ledger = funded();
    buy(ledger, { name: "a", size: S(1), cost: USD(0.5) });
    const again = change({ name: "a", size: S(1), cost: USD(0.5) }, "duplicate", "CONFIRMED");
    expect(ledger.trade(again, T0)).toEqual({ booked: false, realized: 0, short: false });
    expect(ledger.position(MARKET, 0).settled).toBe(0);
  });
});

describe("books that are kept as a file", () => {
  test("hold nothing that there is not", () => {
    expect(new Ledger().snapshot()).toStrictEqual({ version: 1, deposits: 0, markets: [], actions: [] });
    const ledger = funded();
    buy(ledger, { name: "a", size: S(1), cost: USD(0.5) });
    const [market] = reborn(ledger).snapshot().markets;
    expect(Object.keys(market!).sort()).toEqual(["base", "entries", "marketId"]);
    expect(Object.keys(market!.entries[0]!).sort()).toEqual(
      [
        "at",
        "cost",
        "fee",
        "key",
        "outcome",
        "sealed",
        "side",
        "size",
        "status",
        "strategyId",
        "type",
        "unseen",
      ].sort(),
    );
  });

  test("go on with what has come in, who booked last, and when it was opened", () => {
    const ledger = funded();
    ledger.receiveRebate(USD(2));
    buy(ledger, { name: "a", size: S(10), cost: USD(4), strategy: "last" }, "CONFIRMED");
    ledger.chain(action("s", "split", [S(1), S(1)]), USD(-1), T0);
    ledger.prune([{ orderId: "0xo", trades: ["a"] }]);
    const again = reborn(ledger);
    for (const one of [ledger, again]) {
      expect([one.openedAt, one.cash, one.rebates.received]).toEqual([T0, USD(997), USD(2)]);
      expect(one.position(MARKET, 0)).toMatchObject({ matched: S(11), openedAt: T0 });
      one.chain(action("m", "merge", [S(1), S(1)]), USD(1), T0);
      expect(one.byStrategy().map(({ strategyId }) => strategyId)).toEqual(["last"]);
    }
  });

  test("know who booked last of what was dropped, and of nothing that was not", () => {
    const ledger = funded();
    for (const [name, strategy] of Object.entries({ a: "x", b: "y", c: "z", d: "w" }))
      buy(ledger, { name, size: S(1), cost: USD(0.5), strategy }, "CONFIRMED");
    ledger.prune([{ orderId: "0xo", trades: ["b"] }]);
    expect(ledger.snapshot().markets[0]!.baseLast).toBeUndefined();
    ledger.prune([{ orderId: "0xo", trades: ["a", "c"] }]);
    expect(ledger.snapshot().markets[0]!).toMatchObject({ baseLast: "z", entries: [{ strategyId: "w" }] });
    ledger.audit();
  });

  test("are refused when a newer version wrote them", () => {
    expect(() => Ledger.restore({ ...funded().snapshot(), version: 2 as 1 })).toThrow(
      expect.objectContaining({
        code: "JOURNAL_SCHEMA_NEWER",
        message: expect.stringContaining("ledger snapshot has version 2, not 1"),
      }),
    );
  });

  test("are read anew by an audit, which finds what was changed behind their back", () => {
    const ledger = funded();
    const amounts = [S(2), S(2)] as [number, number];
    ledger.chain(action("s", "split", amounts), USD(-2), T0);
    ledger.audit();
    amounts[0] = S(3);
    ledger.check();
    expect(() => {
      ledger.audit();
    }).toThrow(expect.objectContaining({ code: "LEDGER_UNBALANCED" }));
  });
});

test("the trial balance names its accounts, and those of rebates where there are any", () => {
  const ledger = funded();
  const other = id<MarketId>("0xn");
  buy(ledger, { name: "a", size: S(10), cost: USD(4) });
  sell(ledger, { name: "b", size: S(5), cost: USD(3) });
  buy(ledger, { name: "c", outcome: 1, market: other, size: S(2), cost: USD(1) });
  const lines = (): Record<string, number> =>
    Object.fromEntries([...ledger.accounts()].map(({ account, balance }) => [account, balance]));
  const plain = {
    cash: USD(998),
    deposits: USD(-1000),
    [`inventory:${MARKET}:0`]: USD(2),
    [`inventory:${MARKET}:1`]: 0,
    [`realized:${MARKET}`]: USD(-1),
    [`inventory:${other}:0`]: 0,
    [`inventory:${other}:1`]: USD(1),
    [`realized:${other}`]: -0,
  };
  expect(Object.keys(lines()).sort()).toEqual(Object.keys(plain).sort());
  for (const [account, balance] of Object.entries(plain))
    expect(lines()[account]! + 0, account).toBe(balance + 0);
  ledger.trade(change({ name: "d", size: S(1), cost: USD(0.5) }), T0, USD(0.25));
  expect(lines()[`rebates:${MARKET}`]).toBe(USD(-0.25));
  expect(lines()[`rebates:${other}`]).toBeUndefined();
  expect(lines()["rebates-due"]).toBe(USD(0.25));
  ledger.receiveRebate(USD(0.25));
  expect(lines()["rebates-due"]).toBe(0);
  ledger.check();
});
