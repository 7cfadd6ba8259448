import { describe, expect, test } from "vitest";
import {
  id,
  type Decision,
  type MarketId,
  type OrderId,
  type Outcome,
  type Shares,
  type StrategyId,
  type TradeId,
  type Usdc,
} from "../../src/index.ts";
import {
  atFair,
  EXTERNAL,
  groupLines,
  Ledger,
  PNL_PARTS,
  profitAndLoss,
  sumLines,
  type LedgerSnapshot,
  type Mark,
} from "../../src/portfolio/index.ts";
import { action, change, MARKET, S, say, T0, USD, type Shape } from "./support.ts";

const B = id<MarketId>("0xa-other");
const fair = (first: number): Mark["fair"] => [first, 1_000_000 - first] as unknown as Mark["fair"];
/** A market whose every share is worth so much by the model, and sold for so much. */
const mark = (first: number, bids: readonly [number, number]): Mark => ({
  fair: fair(first),
  worth: (outcome, shares) => atFair(shares, bids[outcome] as Usdc),
});

function funded(): Ledger {
  const ledger = new Ledger();
  ledger.deposit(USD(1000), T0);
  return ledger;
}

function book(ledger: Ledger, shape: Shape, decision?: Partial<Decision>, rebate = 0): void {
  const made = change(shape);
  const whole = { by: "strategy", ...decision } as Decision;
  const intent = { ...made.order!.intent, ...(decision === undefined ? {} : { decision: whole }) };
  ledger.trade({ ...made, order: { intent } }, T0, rebate as Usdc);
}

const look = (ledger: Ledger, name: string, when: "after5s" | "after30s", worth: number): boolean =>
  ledger.mark({ orderId: id<OrderId>("0xo"), tradeId: id<TradeId>(name) }, when, worth as Usdc);
const micros = (value: number): Usdc => value as Usdc;

describe("shares at a worth", () => {
  test.each([
    [10_000_000, 550_000, 5_500_000],
    [1, 999_999, 0],
    [-1, 1, -1],
    [-10_000_000, 550_000, -5_500_000],
    [0, 550_000, 0],
    // Beyond what a product of doubles holds exactly.
    [9_007_199_254_740_991, 333_333, 3_002_396_749_180_578],
  ])("%d at %d is %d", (shares, each, worth) => {
    expect(atFair(shares as Shares, each as Usdc)).toBe(worth);
  });
});

describe("two strategies in one market", () => {
  /** `p` buys ten at 40 and sells six at 50 to nobody in particular; `q` buys five of the other side at 45 afterwards. */
  function shared(): Ledger {
    const ledger = funded();
    book(ledger, { name: "a", strategy: "p", size: S(10), cost: USD(4), fee: 1 });
    book(ledger, { name: "b", strategy: "p", side: "sell", size: S(6), cost: USD(3), fee: 2 });
    book(ledger, { name: "c", strategy: "q", outcome: 1, size: S(5), cost: USD(2.25), fee: 4 });
    return ledger;
  }

  test("each has the dollars it moved and its shares by the model; the last has what selling them all brings", () => {
    const { cells, total, markets, strategies, equity } = profitAndLoss(shared(), () =>
      mark(520_000, [500_000, 300_000]),
    );
    expect(cells.map(({ marketId, strategyId }) => [marketId, strategyId])).toEqual([
      [MARKET, "p"],
      [MARKET, "q"],
    ]);
    const [p, q] = cells;
    // -4 + 3 dollars, less fees, and 4 shares at 52 cents.
    expect(p).toMatchObject({
      pnl: USD(1.08) - 3,
      trades: 2,
      volume: USD(7),
      fees: 3,
      realized: USD(0.6) - 2,
    });
    expect(p!.unrealized).toBe(p!.pnl - p!.realized);
    // 4 at 50 and 5 at 30 cents are bid for: 3.50, of which 2.08 are p's.
    expect(q).toMatchObject({
      pnl: USD(-2.25 + 3.5 - 2.08) - 4,
      trades: 1,
      volume: USD(2.25),
      fees: 4,
      realized: 0,
    });
    expect(q!.unrealizedAtModel).toBe(USD(-2.25 + 5 * 0.48) - 4);
    expect(q!.parts.exit).toBe(USD(3.5 - 2.08 - 2.4));
    expect(p!.parts.exit).toBe(0);
    expect(total.pnl).toBe(p!.pnl + q!.pnl);
    expect(markets.get(MARKET)!.parts.exit).toBe(q!.parts.exit);
    expect([...strategies.keys()]).toEqual(["p", "q"]);
    expect(equity).toBe(USD(1000) + total.pnl);
  });

  test("strategies come by id, markets by their first booking", () => {
    const ledger = funded();
    book(ledger, { name: "a", strategy: "z", size: S(1), cost: USD(0.5) });
    book(ledger, { name: "b", strategy: "y", market: B, size: S(1), cost: USD(0.5) });
    book(ledger, { name: "c", strategy: "z", market: B, size: S(1), cost: USD(0.5) });
    const { strategies, markets, cells } = profitAndLoss(ledger, () => mark(500_000, [400_000, 400_000]));
    expect([...strategies.keys()]).toEqual(["y", "z"]);
    expect([...markets.keys()]).toEqual([MARKET, B]);
    expect(strategies.get(id<StrategyId>("z"))!.trades).toBe(2);
    expect([...groupLines(cells, ({ trades }) => trades).keys()]).toEqual([1]);
  });

  test("nobody booked anything: there is nothing", () => {
    const { cells, total, equity, rebates } = profitAndLoss(funded(), () => undefined);
    expect([cells, total, equity]).toEqual([[], sumLines([]), USD(1000)]);
    expect(rebates).toEqual({ accrued: 0, received: 0, due: 0 });
    expect(total.parts).toEqual(Object.fromEntries(PNL_PARTS.map((part) => [part, 0])));
    expect([funded().cells(MARKET, undefined), funded().fills(MARKET, undefined)]).toEqual([[], []]);
  });
});

describe("the parts of a fill", () => {
  const bids = mark(600_000, [600_000, 400_000]);
  const partsOf = (shape: Shape, decision: Partial<Decision>) => {
    const ledger = funded();
    book(ledger, shape, decision);
    return ledger.fills(MARKET, bids)[0]!;
  };

  test("of a purchase", () => {
    const fill = partsOf(
      { name: "a", size: S(10), cost: USD(5.3), fee: 7 },
      { fair: micros(550_000), price: micros(520_000) },
    );
    expect(fill).toEqual({
      ...{ marketId: MARKET, strategyId: "s", key: "0xo a", outcome: 0, side: "buy" },
      ...{ size: S(10), cost: USD(5.3), fee: 7, status: "MATCHED", pnl: USD(0.7) - 7 },
      decision: { by: "strategy", fair: 550_000, price: 520_000 },
      parts: {
        ...{ edge: USD(0.3), legLoss: 0, slippage: USD(-0.1), fees: -7, after5s: 0, after30s: 0 },
        ...{ settlement: USD(0.5), conversion: 0, exit: 0, rounding: 0 },
      },
    });
  });

  test("of a sale, the other way round", () => {
    const fill = partsOf(
      { name: "a", side: "sell", outcome: 1, size: S(10), cost: USD(5.3), fee: 7 },
      { fair: micros(500_000), price: micros(520_000) },
    );
    expect(fill).toMatchObject({
      pnl: USD(5.3 - 4) - 7,
      parts: { edge: USD(0.2), slippage: USD(0.1), fees: -7, settlement: USD(1) },
    });
  });

  test.each([
    ["a hedge beyond break-even loses what is beyond", "buy", 450_000, { legLoss: USD(-0.7), edge: USD(1) }],
    ["a hedge at break-even loses nothing", "buy", 520_000, { legLoss: 0, edge: USD(0.3) }],
    ["a hedge below it loses nothing", "buy", 600_000, { legLoss: 0, edge: USD(0.3) }],
    [
      "a sale below what it cost loses what is missing",
      "sell",
      600_000,
      { legLoss: USD(-0.8), edge: USD(0.5) },
    ],
    ["a sale above what it cost loses nothing", "sell", 450_000, { legLoss: 0, edge: USD(-0.3) }],
  ] as const)("of a pair's leg: %s", (_, side, breakEven, expected) => {
    const decision = { fair: micros(550_000), price: micros(520_000), breakEven: micros(breakEven) };
    const { parts, pnl } = partsOf({ name: "a", side, size: S(10), cost: USD(5.2) }, decision);
    expect(parts).toMatchObject({ ...expected, slippage: 0 });
    expect(PNL_PARTS.reduce((sum, part) => sum + parts[part], 0)).toBe(pnl);
  });

  test("that nobody decided are its fee and what became of it", () => {
    const ledger = funded();
    ledger.adopt(change({ name: "a", size: S(10), cost: USD(5.3), fee: 7 }).report, T0);
    const [fill] = ledger.fills(MARKET, bids);
    expect(fill).toMatchObject({ strategyId: EXTERNAL, decision: undefined });
    expect(fill!.parts).toMatchObject({ edge: 0, slippage: 0, fees: -7, settlement: USD(0.7) });
  });

  test("are looked at again: a look that was not taken is in the next part", () => {
    const ledger = funded();
    book(ledger, { name: "a", size: S(10), cost: USD(5) }, { fair: micros(500_000), price: micros(500_000) });
    const parts = () => ledger.fills(MARKET, bids)[0]!.parts;
    expect(parts()).toMatchObject({ after5s: 0, after30s: 0, settlement: USD(1) });
    expect(look(ledger, "a", "after30s", 530_000)).toBe(true);
    expect(parts()).toMatchObject({ after5s: 0, after30s: USD(0.3), settlement: USD(0.7) });
    expect(look(ledger, "a", "after5s", 480_000)).toBe(true);
    expect(parts()).toMatchObject({ after5s: USD(-0.2), after30s: USD(0.5), settlement: USD(0.7) });
    expect(() => look(ledger, "a", "after5s", NaN)).toThrow();
    expect(look(ledger, "nothing", "after5s", 480_000)).toBe(false);
    say(ledger, "a", "FAILED");
    expect(look(ledger, "a", "after5s", 480_000)).toBe(false);
    expect(ledger.fills(MARKET, bids)).toEqual([]);
    expect(profitAndLoss(ledger, () => bids).cells).toEqual([]);
  });
});

describe("merges, splits and redemptions", () => {
  test("convert shares at their worth, and have only what is beyond", () => {
    const ledger = funded();
    ledger.chain(action("s", "split", [S(10), S(10)]), USD(-10), T0, id<StrategyId>("s"));
    ledger.chain(action("m", "merge", [S(4), S(4)]), USD(4), T0, id<StrategyId>("s"));
    const open = profitAndLoss(ledger, () => mark(600_000, [590_000, 390_000])).total;
    expect(open.parts).toMatchObject({ conversion: 0, exit: USD(-0.12), settlement: 0 });
    ledger.resolution(MARKET, [USD(1), USD(0)], id<StrategyId>("s"));
    ledger.chain(action("r", "redeem", [S(6), S(6)]), USD(5.5), T0, id<StrategyId>("s"));
    const { parts, pnl } = profitAndLoss(ledger, () => undefined).total;
    expect([parts.conversion, parts.exit, pnl]).toEqual([USD(-0.5), 0, USD(-0.5)]);
  });
});

describe("a market of which nothing is known", () => {
  test("is worth what its last fill was measured by, of the other outcome too", () => {
    const ledger = funded();
    const cheap = { fair: micros(300_000), price: micros(300_000) };
    book(ledger, { name: "a", outcome: 1, size: S(10), cost: USD(3) }, cheap);
    book(ledger, { name: "b", outcome: 0, size: S(10), cost: USD(5) });
    const model = (): number => profitAndLoss(ledger, () => undefined).total.unrealizedAtModel;
    // 70 and 30 cents.
    expect(model()).toBe(USD(7 + 3 - 8));
    ledger.adopt(change({ name: "c", size: S(10), cost: USD(5) }).report, T0);
    expect(model()).toBe(USD(14 + 3 - 13));
    expect(profitAndLoss(ledger, () => undefined).total.unrealized).toBe(0);
  });

  test("is worth half a dollar a share when no fill was measured", () => {
    const ledger = funded();
    book(ledger, { name: "a", outcome: 1, size: S(10), cost: USD(3) });
    expect(profitAndLoss(ledger, () => undefined).total.unrealizedAtModel).toBe(USD(2));
  });
});

describe("makers' rebates", () => {
  test("go with their fill, and come in on their own", () => {
    const ledger = funded();
    book(ledger, { name: "a", size: S(10), cost: USD(3) }, undefined, 900);
    book(ledger, { name: "b", size: S(10), cost: USD(3) }, undefined, 50);
    expect(ledger.rebates).toEqual({ accrued: 950, received: 0, due: 950 });
    say(ledger, "a", "FAILED");
    expect(ledger.rebates.accrued).toBe(50);
    const lines = (): unknown[] => [...ledger.accounts()].filter(({ account }) => account.startsWith("reb"));
    expect(lines()).toEqual([
      { account: `rebates:${MARKET}`, balance: -50 },
      { account: "rebates-due", balance: 50 },
    ]);
    ledger.receiveRebate(micros(50));
    expect(lines()).toEqual([
      { account: `rebates:${MARKET}`, balance: -50 },
      { account: "rebates-due", balance: 0 },
    ]);
    expect(ledger.cash).toBe(USD(997) + 50);
    expect(ledger.realizedTotal).toBe(0);
    expect(() => ledger.receiveRebate(micros(0.5))).toThrow();
    expect(() => {
      book(ledger, { name: "c", size: 1, cost: 1 }, undefined, -1);
    }).toThrow(/trade c has the amount -1/);
    ledger.audit();
    const other = Ledger.restore(JSON.parse(JSON.stringify(ledger.snapshot())));
    expect([other.rebates, other.cash]).toEqual([ledger.rebates, ledger.cash]);
    other.audit();
  });

  test("that were never earned can come in too", () => {
    const ledger = funded();
    ledger.receiveRebate(micros(7));
    expect([...ledger.accounts()].slice(-1)).toEqual([{ account: "rebates-due", balance: -7 }]);
    expect(profitAndLoss(ledger, () => undefined)).toMatchObject({
      equity: USD(1000) + 7,
      total: { pnl: 0 },
    });
    ledger.audit();
  });
});

describe("a snapshot", () => {
  test("has no looks, neither of single fills nor of those that were pruned", () => {
    const ledger = funded();
    for (const name of ["a", "b"]) {
      book(ledger, { name, size: S(10), cost: USD(5) }, { fair: micros(500_000), price: micros(500_000) });
      look(ledger, name, "after5s", 480_000);
      look(ledger, name, "after30s", 530_000);
      say(ledger, name, "CONFIRMED");
    }
    ledger.prune([{ orderId: "0xo", trades: ["a"] }]);
    const at = (of: Ledger) => profitAndLoss(of, () => mark(600_000, [600_000, 400_000])).total;
    expect(at(ledger).parts).toMatchObject({ after5s: USD(-0.4), after30s: USD(1), settlement: USD(1.4) });
    const snapshot = ledger.snapshot();
    expect(snapshot.markets[0]!.sums).toEqual([
      { strategyId: "s", values: ["0", "0", "0", "0", "0", "0", "5000000000000", "10000000", "0", "1"] },
    ]);
    expect(JSON.stringify(snapshot)).not.toContain("after5s");
    const other = Ledger.restore(JSON.parse(JSON.stringify(snapshot)));
    expect(at(other).parts).toMatchObject({ after5s: 0, after30s: 0, settlement: USD(2) });
    expect(at(other).pnl).toBe(at(ledger).pnl);
    expect([at(ledger).unseen, at(other).unseen]).toEqual([0, 2]);
    // A look that is taken after the restart is one; those of the pruned fill are gone.
    look(other, "b", "after5s", 480_000);
    expect(at(other).unseen).toBe(1);
    expect(at(other).parts).toMatchObject({ after5s: USD(-0.2), after30s: 0, settlement: USD(2.2) });
    // The ledger itself keeps what it has seen.
    expect(at(ledger).parts.after30s).toBe(USD(1));
  });

  /** What a version without attribution wrote: no flows of cash and shares per strategy, no decisions. */
  function earlier(snapshot: LedgerSnapshot, forget: boolean): LedgerSnapshot {
    const plain = JSON.parse(JSON.stringify(snapshot)) as { markets: Record<string, unknown>[] };
    for (const market of plain.markets) {
      const base = market["base"] as Record<string, unknown> & { strategies: Record<string, unknown>[] };
      for (const key of ["proceeds", "shares0", "shares1", "rebates"]) {
        Reflect.deleteProperty(base, key);
        for (const tally of base.strategies) {
          Reflect.deleteProperty(tally, key);
          Reflect.deleteProperty(tally, "cash");
        }
      }
      delete market["sums"];
      if (forget) delete market["baseLast"];
    }
    return plain as unknown as LedgerSnapshot;
  }

  test.each([
    [false, "q"],
    [true, "p"],
  ])(
    "of an earlier version is taken over, its flows as if a chain action had made them (%s)",
    (forget, heir) => {
      const ledger = funded();
      book(ledger, { name: "a", strategy: "p", size: S(10), cost: USD(5) });
      book(ledger, { name: "b", strategy: "q", outcome: 1, size: S(4), cost: USD(1), fee: 3 });
      for (const name of ["a", "b"]) say(ledger, name, "CONFIRMED");
      ledger.prune([{ orderId: "0xo", trades: ["a", "b"] }]);
      const other = Ledger.restore(earlier(ledger.snapshot(), forget));
      other.audit();
      const marks = () => mark(600_000, [550_000, 350_000]);
      const [before, after] = [ledger, other].map((each) => profitAndLoss(each, marks));
      expect(after!.total.pnl).toBe(before!.total.pnl);
      expect(after!.total.parts).toMatchObject({
        fees: 0,
        settlement: 0,
        conversion: USD(1.6) - 3,
        exit: USD(-0.7),
      });
      expect(after!.strategies.get(id<StrategyId>(heir))!.parts.conversion).toBe(USD(1.6) - 3);
      for (const outcome of [0, 1] as Outcome[])
        expect(other.position(MARKET, outcome)).toEqual(ledger.position(MARKET, outcome));
    },
  );

  test("whose flows do not go with its shares, or whose rebates are nobody's, is refused", () => {
    const ledger = funded();
    book(ledger, { name: "a", size: S(10), cost: USD(5) });
    const snapshot = ledger.snapshot();
    const market = snapshot.markets[0]!;
    const base = { ...market.base, shares1: 1 };
    expect(() => Ledger.restore({ ...snapshot, markets: [{ ...market, base }] })).toThrow(
      /0 shares are held, but .*\/1 moved/,
    );
    const owed = { ...market.base, rebates: 1 };
    expect(() => Ledger.restore({ ...snapshot, markets: [{ ...market, base: owed }] })).toThrow(
      /rebates of 1 is attributed as 0/,
    );
  });
});
