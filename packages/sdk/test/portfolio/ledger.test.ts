import { describe, expect, test } from "vitest";
import { id, type MarketId, type Nanos, type StrategyId, type Usdc } from "../../src/index.ts";
import { EXTERNAL, Ledger } from "../../src/portfolio/index.ts";
import { action, buy, change, MARKET, S, say, sell, T0, USD } from "./support.ts";

function funded(): Ledger {
  const ledger = new Ledger();
  ledger.deposit(USD(1000), T0);
  return ledger;
}
const OWNER = id<StrategyId>("owner");

describe("buying and selling", () => {
  test("a buy's fee comes on top and belongs to the cost, a sell's comes off the proceeds", () => {
    const ledger = funded();
    buy(ledger, { name: "a", size: S(100), cost: USD(50), fee: USD(1.25) });
    expect(ledger.cash).toBe(USD(948.75));
    expect(ledger.position(MARKET, 0)).toEqual({
      matched: S(100),
      settled: 0,
      cost: USD(51.25),
      openedAt: T0,
    });
    const done = sell(ledger, { name: "b", size: S(100), cost: USD(60), fee: USD(1.2) });
    expect(done).toEqual({ booked: true, realized: USD(7.55), short: false });
    expect(ledger.cash).toBe(USD(1007.55));
    expect(ledger.position(MARKET, 0)).toEqual({ matched: 0, settled: 0, cost: 0, openedAt: undefined });
    expect(ledger.market(MARKET)).toEqual({
      realized: USD(7.55),
      fees: USD(2.45),
      cost: 0,
      trades: 2,
      volume: USD(110),
    });
    expect(ledger.realizedTotal).toBe(USD(7.55));
    expect(ledger.feesTotal).toBe(USD(2.45));
    ledger.audit();
  });

  test("a sale releases its part of the total cost rounded down, the last share the rest", () => {
    const ledger = funded();
    buy(ledger, { name: "a", size: 3, cost: 10 });
    expect(sell(ledger, { name: "b", size: 1, cost: 0 }).realized).toBe(-3);
    expect(sell(ledger, { name: "c", size: 1, cost: 0 }).realized).toBe(-3);
    expect(sell(ledger, { name: "d", size: 1, cost: 0 }).realized).toBe(-4);
    ledger.audit();
  });

  test("duplicates book nothing, and a trade is booked once however it is told", () => {
    const ledger = funded();
    expect(buy(ledger, { name: "a", size: S(1), cost: USD(0.5) }).booked).toBe(true);
    expect(buy(ledger, { name: "a", size: S(1), cost: USD(0.5) }).booked).toBe(false);
    expect(ledger.trade(change({ name: "a", size: 1, cost: 1 }, "duplicate"), T0).booked).toBe(false);
    expect(ledger.position(MARKET, 0).matched).toBe(S(1));
  });

  test("what is not money is refused", () => {
    const ledger = funded();
    for (const bad of [NaN, -1, 0.5, 1e309]) {
      expect(() => buy(ledger, { name: "a", size: bad, cost: 1 }), String(bad)).toThrow();
      expect(() => buy(ledger, { name: "a", size: 1, cost: 1, fee: bad }), String(bad)).toThrow();
      expect(() => ledger.deposit((bad === -1 ? NaN : bad) as Usdc, T0)).toThrow();
    }
    expect(() => ledger.chain(action("m", "merge", [1, 1]), -1 as Usdc, T0)).toThrow(/proceeds/);
    expect(() => ledger.chain(action("m", "split", [1, 1]), 1 as Usdc, T0)).toThrow(/proceeds/);
    expect(() => ledger.resolution(MARKET, [1_000_001 as Usdc, 0 as Usdc])).toThrow(/payout/);
    expect(() => ledger.resolution(MARKET, [NaN as Usdc, 0 as Usdc])).toThrow(/payout/);
    ledger.audit();
    expect(ledger.cash).toBe(USD(1000));
  });
});

describe("confirmation", () => {
  test("settled are confirmed shares that no sell has taken", () => {
    const ledger = funded();
    buy(ledger, { name: "a", size: S(100), cost: USD(40) });
    buy(ledger, { name: "b", size: S(50), cost: USD(20) }, "CONFIRMED");
    expect(ledger.position(MARKET, 0)).toMatchObject({ matched: S(150), settled: S(50) });
    sell(ledger, { name: "c", size: S(30), cost: USD(15) });
    expect(ledger.position(MARKET, 0)).toMatchObject({ matched: S(120), settled: S(20) });
    expect(ledger.onChain(MARKET, 0)).toBe(S(50));
    say(ledger, "c", "CONFIRMED");
    say(ledger, "a", "CONFIRMED");
    expect(ledger.position(MARKET, 0)).toMatchObject({ matched: S(120), settled: S(120) });
    expect(ledger.onChain(MARKET, 0)).toBe(S(120));
    ledger.audit();
  });

  test("the sell gate holds bought shares back until they have passed it", () => {
    const ledger = funded();
    buy(ledger, { name: "a", size: S(10), cost: USD(4) });
    const gates = (): number[] =>
      (["matched", "mined", "confirmed"] as const).map((gate) => ledger.sellable(MARKET, 0, gate) / 1e6);
    expect(gates()).toEqual([10, 0, 0]);
    say(ledger, "a", "MINED");
    expect(gates()).toEqual([10, 10, 0]);
    say(ledger, "a", "RETRYING");
    expect(gates()).toEqual([10, 0, 0]);
    say(ledger, "a", "MINED");
    say(ledger, "a", "CONFIRMED");
    expect(gates()).toEqual([10, 10, 10]);
    sell(ledger, { name: "b", size: S(4), cost: USD(2) });
    expect(gates()).toEqual([6, 6, 6]);
    ledger.audit();
  });
});

describe("failed trades", () => {
  test("leave the books as if they had never been, whatever came after", () => {
    const ledger = funded();
    const never = funded();
    buy(ledger, { name: "a", size: S(100), cost: USD(40), fee: USD(1) });
    for (const one of [ledger, never]) {
      buy(one, { name: "b", size: S(100), cost: USD(60), fee: USD(1) });
      sell(one, { name: "c", size: S(70), cost: USD(49) });
    }
    say(ledger, "a", "FAILED");
    expect(ledger.snapshot()).toEqual(never.snapshot());
    expect(ledger.market(MARKET)).toEqual(never.market(MARKET));
    expect(ledger.position(MARKET, 0)).toEqual(never.position(MARKET, 0));
    ledger.audit();
  });

  test("whose shares were sold leave a short position: flagged, balanced, and closed by the next buy", () => {
    const ledger = funded();
    buy(ledger, { name: "a", size: S(100), cost: USD(40) });
    sell(ledger, { name: "b", size: S(100), cost: USD(50) });
    const voided = say(ledger, "a", "FAILED");
    expect(voided).toEqual({ booked: true, realized: USD(-10), short: true });
    expect(ledger.position(MARKET, 0)).toMatchObject({ matched: S(-100), settled: 0, cost: USD(-50) });
    expect(ledger.isShort(MARKET)).toBe(true);
    ledger.audit();
    expect(buy(ledger, { name: "c", size: S(40), cost: USD(22) })).toMatchObject({
      realized: USD(-2),
      short: true,
    });
    expect(buy(ledger, { name: "d", size: S(80), cost: USD(40) })).toMatchObject({
      realized: 0,
      short: false,
    });
    expect(ledger.position(MARKET, 0)).toMatchObject({ matched: S(20), cost: USD(10) });
    ledger.audit();
  });

  test("whose shares were merged realize no phantom profit", () => {
    const ledger = funded();
    buy(ledger, { name: "y", outcome: 0, size: S(100), cost: USD(40) }, "CONFIRMED");
    buy(ledger, { name: "n", outcome: 1, size: S(100), cost: USD(55) }, "CONFIRMED");
    expect(ledger.chain(action("m", "merge", [S(100), S(100)]), USD(100), T0).realized).toBe(USD(5));
    expect(say(ledger, "y", "FAILED")).toEqual({ booked: true, realized: USD(-10), short: true });
    expect(ledger.position(MARKET, 0)).toMatchObject({ matched: S(-100), cost: USD(-50) });
    ledger.audit();
  });

  test("that were never booked change nothing", () => {
    const ledger = funded();
    expect(say(ledger, "x", "FAILED").booked).toBe(false);
    buy(ledger, { name: "a", size: 1, cost: 1 });
    expect(say(ledger, "a", "FAILED").booked).toBe(true);
    expect(say(ledger, "a", "FAILED").booked).toBe(false);
  });
});

describe("sells before their buy", () => {
  test("realize nothing until the buy is reported", () => {
    const ledger = funded();
    expect(sell(ledger, { name: "b", size: S(10), cost: USD(6), fee: USD(0.1) })).toEqual({
      booked: true,
      realized: 0,
      short: true,
    });
    expect(buy(ledger, { name: "a", size: S(10), cost: USD(5), fee: USD(0.1) })).toEqual({
      booked: true,
      realized: USD(0.8),
      short: false,
    });
    ledger.audit();
  });
});

describe("merge, split, redeem", () => {
  test("a merge releases the cost of both legs, once", () => {
    const ledger = funded();
    buy(ledger, { name: "y", outcome: 0, size: S(100), cost: USD(40), fee: USD(1) }, "CONFIRMED");
    buy(ledger, { name: "n", outcome: 1, size: S(80), cost: USD(44) }, "CONFIRMED");
    expect(ledger.mergeable(MARKET)).toBe(S(80));
    expect(ledger.pairCost(MARKET)).toEqual({
      pairs: S(80),
      cost: USD(76.8),
      locked: USD(3.2),
      residual: S(20),
      residualOutcome: 0,
    });
    const merge = action("m", "merge", [S(80), S(80)]);
    expect(ledger.chain(merge, USD(80), T0, OWNER).realized).toBe(USD(3.2));
    expect(ledger.chain(merge, USD(80), T0, OWNER).booked).toBe(false);
    expect(ledger.position(MARKET, 0)).toMatchObject({ matched: S(20), cost: USD(8.2) });
    expect(ledger.position(MARKET, 1)).toMatchObject({ matched: 0, cost: 0 });
    expect(ledger.byStrategy().find((one) => one.strategyId === OWNER)).toMatchObject({
      realized: USD(3.2),
      trades: 0,
    });
    ledger.audit();
  });

  test("a split buys both legs at half a dollar", () => {
    const ledger = funded();
    ledger.chain(action("s", "split", [3, 3]), -3 as Usdc, T0);
    expect([ledger.position(MARKET, 0).cost, ledger.position(MARKET, 1).cost]).toEqual([2, 1]);
    expect(ledger.position(MARKET, 0)).toMatchObject({ matched: 3, settled: 3 });
    expect(ledger.chain(action("m", "merge", [3, 3]), 3 as Usdc, T0).realized).toBe(0);
    ledger.audit();
  });

  test("a resolution writes off what pays nothing; a redemption books the rest", () => {
    const ledger = funded();
    buy(ledger, { name: "y", outcome: 0, size: S(100), cost: USD(40) }, "CONFIRMED");
    buy(ledger, { name: "n", outcome: 1, size: S(30), cost: USD(15) }, "CONFIRMED");
    expect(ledger.resolution(MARKET, [USD(1), USD(0)], OWNER).realized).toBe(USD(-15));
    expect(ledger.resolution(MARKET, [USD(1), USD(0)], OWNER).booked).toBe(false);
    expect(ledger.position(MARKET, 1)).toMatchObject({ matched: S(30), cost: 0 });
    expect(ledger.equity(() => undefined)).toBe(USD(1045));
    expect(ledger.chain(action("r", "redeem", [S(100), S(30)]), USD(100), T0, OWNER).realized).toBe(USD(60));
    expect(ledger.position(MARKET, 1).matched).toBe(0);
    expect(ledger.realizedTotal).toBe(USD(45));
    expect(ledger.cash).toBe(USD(1045));
    ledger.audit();
  });

  test("fifty-fifty, and a corrected resolution", () => {
    const ledger = funded();
    buy(ledger, { name: "y", outcome: 0, size: S(10), cost: USD(7) }, "CONFIRMED");
    expect(ledger.resolution(MARKET, [USD(0), USD(1)]).realized).toBe(USD(-7));
    expect(ledger.resolution(MARKET, [USD(0.5), USD(0.5)]).realized).toBe(USD(7));
    expect(ledger.payouts(MARKET)).toEqual([USD(0.5), USD(0.5)]);
    expect(ledger.equity(() => undefined)).toBe(USD(998));
    expect(ledger.chain(action("r", "redeem", [S(10), 0]), USD(5), T0).realized).toBe(USD(-2));
    ledger.audit();
  });

  test("a loser bought or failed after the resolution is settled like the others", () => {
    const ledger = funded();
    buy(ledger, { name: "a", outcome: 1, size: S(10), cost: USD(3) });
    ledger.resolution(MARKET, [USD(1), USD(0)]);
    expect(buy(ledger, { name: "b", outcome: 1, size: S(10), cost: USD(2) }).realized).toBe(USD(-2));
    expect(say(ledger, "a", "FAILED").realized).toBe(USD(3));
    expect(ledger.position(MARKET, 1)).toMatchObject({ matched: S(10), cost: 0 });
    expect(ledger.realizedTotal).toBe(USD(-2));
    ledger.audit();
  });
});

describe("attribution", () => {
  test("goes to each order's strategy and sums to the ledger", () => {
    const ledger = funded();
    buy(ledger, { name: "a", size: S(10), cost: USD(4), strategy: "zed" });
    sell(ledger, { name: "b", size: S(10), cost: USD(6), fee: USD(0.1), strategy: "alpha" });
    const [alpha, zed] = ledger.byStrategy();
    expect(alpha).toEqual({
      strategyId: "alpha",
      realized: USD(1.9),
      fees: USD(0.1),
      trades: 1,
      volume: USD(6),
    });
    expect(zed).toEqual({ strategyId: "zed", realized: 0, fees: 0, trades: 1, volume: USD(4) });
  });

  test("a foreign trade is booked only once it is adopted, and then followed", () => {
    const ledger = funded();
    const foreign = { ...change({ name: "f", size: S(10), cost: USD(4) }, "foreign"), order: undefined };
    expect(ledger.trade(foreign, T0).booked).toBe(false);
    expect(ledger.adopt(foreign.report, T0).booked).toBe(true);
    expect(ledger.adopt(foreign.report, T0).booked).toBe(false);
    expect(ledger.byStrategy()).toMatchObject([{ strategyId: EXTERNAL, trades: 1 }]);
    ledger.trade({ ...foreign, to: "CONFIRMED" }, T0);
    expect(ledger.position(MARKET, 0).settled).toBe(S(10));
    ledger.trade({ ...foreign, to: "FAILED" }, T0);
    expect(ledger.cash).toBe(USD(1000));
    ledger.audit();
  });
});

describe("the check", () => {
  test("finds a micro-dollar that went astray", () => {
    const ledger = funded();
    buy(ledger, { name: "a", size: S(10), cost: USD(4) });
    ledger.check();
    const snapshot = ledger.snapshot();
    const market = snapshot.markets[0]!;
    const astray = { ...snapshot, markets: [{ ...market, base: { ...market.base, cash: 1 } }] };
    expect(() => Ledger.restore(astray)).toThrow(expect.objectContaining({ code: "LEDGER_UNBALANCED" }));
    const unowned = { ...snapshot, markets: [{ ...market, base: { ...market.base, fees: 1 } }] };
    expect(() => Ledger.restore(unowned)).toThrow(/attributed/);
    const inexact = { ...snapshot, deposits: 0.5 as Usdc };
    expect(() => Ledger.restore(inexact)).toThrow(/exact/);
  });

  test("the trial balance adds up to zero", () => {
    const ledger = funded();
    buy(ledger, { name: "a", size: S(10), cost: USD(4) });
    sell(ledger, { name: "b", size: S(5), cost: USD(3) });
    const lines = [...ledger.accounts()];
    expect(lines.map((line) => line.account)).toContain(`inventory:${MARKET}:0`);
    expect(lines.reduce((sum, line) => sum + line.balance, 0)).toBe(0);
    expect(lines.some((line) => line.balance !== 0)).toBe(true);
  });
});

test("pruning forgets entries, not what they add up to", () => {
  const ledger = funded();
  for (const name of ["a", "b", "c"]) buy(ledger, { name, size: S(10), cost: USD(4) }, "CONFIRMED");
  ledger.chain(action("s", "split", [S(1), S(1)]), USD(-1), T0);
  const before = {
    position: ledger.position(MARKET, 0),
    pnl: ledger.market(MARKET),
    strategies: ledger.byStrategy(),
  };
  ledger.prune([{ orderId: "0xo", trades: ["a", "c", "nothing"] }]);
  expect(ledger.snapshot().markets[0]!.entries).toHaveLength(3);
  expect({
    position: ledger.position(MARKET, 0),
    pnl: ledger.market(MARKET),
    strategies: ledger.byStrategy(),
  }).toEqual(before);
  ledger.audit();
  say(ledger, "b", "FAILED");
  expect(ledger.position(MARKET, 0)).toMatchObject({ matched: S(21), cost: USD(8.5) });
  expect(say(ledger, "a", "FAILED").booked).toBe(false);
  ledger.audit();
});

test("pruning does not forget who booked last", () => {
  const ledger = funded();
  buy(ledger, { name: "a", size: S(10), cost: USD(4), strategy: "first" }, "CONFIRMED");
  buy(ledger, { name: "b", size: S(10), cost: USD(4), strategy: "last" }, "CONFIRMED");
  ledger.prune([{ orderId: "0xo", trades: ["a", "b"] }]);
  expect(ledger.snapshot().markets[0]!.entries).toEqual([]);
  ledger.chain(action("r", "redeem", [S(20), 0]), USD(20), T0);
  expect(ledger.byStrategy()).toMatchObject([
    { strategyId: "first", realized: 0 },
    { strategyId: "last", realized: USD(12) },
  ]);
});

test("nothing is known of a market without bookings", () => {
  const ledger = new Ledger();
  const none = id<MarketId>("0xnone");
  expect(ledger.position(none, 0)).toEqual({ matched: 0, settled: 0, cost: 0, openedAt: undefined });
  expect(ledger.market(none)).toMatchObject({ realized: 0, cost: 0 });
  expect(ledger.pairCost(none).pairs).toBe(0);
  expect(ledger.isShort(none)).toBe(false);
  expect([...ledger.markets()]).toEqual([]);
  expect(ledger.openedAt).toBeUndefined();
  ledger.deposit(USD(5), 7 as Nanos);
  ledger.deposit(USD(-2), 8 as Nanos);
  expect([ledger.openedAt, ledger.deposits, ledger.cash]).toEqual([7, USD(3), USD(3)]);
  ledger.check();
});
