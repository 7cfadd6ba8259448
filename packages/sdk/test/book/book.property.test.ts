import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MarketBook } from "../../src/book/index.ts";
import type { Outcome, Side } from "../../src/events/index.ts";
import type { Price, Shares, Usdc } from "../../src/units/index.ts";
import { delta, market, p, s, snapshot } from "./helpers.ts";

const TICKS = [1000, 100, 50, 25, 10, 1] as const;
const size = fc.oneof(
  fc.constant(0),
  fc.integer({ min: 1, max: 2_000_000_000 }),
  fc.maxSafeInteger().map((n) => Math.abs(n)),
);

/** Non-crossing levels around a middle, on a grid. */
const grid = fc.record({
  tick: fc.constantFrom(...TICKS),
  middle: fc.integer({ min: 1, max: 9999 }),
  steps: fc.array(fc.tuple(fc.integer({ min: 0, max: 60 }), size, fc.boolean()), { maxLength: 40 }),
});
function levelsOf({
  tick,
  middle,
  steps,
}: {
  tick: number;
  middle: number;
  steps: [number, number, boolean][];
}): number[] {
  const levels: number[] = [];
  const low = Math.floor(middle / tick) * tick;
  for (const [step, amount, bid] of steps) {
    const price = bid ? low - step * tick : low + (step + 1) * tick;
    if (price > 0 && price < 10_000) levels.push(bid ? 0 : 1, price, amount);
  }
  return levels;
}

/** The book as anyone would write it: a map of sizes per ladder. */
class MapBook {
  readonly sides = [new Map<number, number>(), new Map<number, number>()] as const;
  set(levels: readonly number[]): void {
    for (let i = 0; i < levels.length; i += 3) {
      const side = this.sides[levels[i] as 0 | 1];
      if (levels[i + 2] === 0) side.delete(levels[i + 1]!);
      else side.set(levels[i + 1]!, levels[i + 2]!);
    }
  }
  /** Levels of a side of an outcome, best first. */
  levels(outcome: Outcome, side: "bid" | "ask"): { price: number; size: number }[] {
    const asks = (side === "ask") !== (outcome === 1);
    const found = [...this.sides[asks ? 1 : 0]].map(([price, amount]) => ({
      price: outcome === 1 ? 10_000 - price : price,
      size: amount,
    }));
    return found.sort((a, b) => (side === "bid" ? b.price - a.price : a.price - b.price));
  }
}

interface Found {
  shares: bigint;
  cost: bigint;
  worst: number;
  levels: number;
  complete: boolean;
}

/** The walk in exact integers of 1e-10 dollars. */
function oracle(
  levels: { price: number; size: number }[],
  side: Side,
  amount: { shares?: number; usdc?: number },
  limit: number,
): Found {
  let shares = 0n;
  let value = 0n;
  let worst = 0;
  let count = 0;
  const wanted = amount.shares === undefined ? undefined : BigInt(amount.shares);
  const money = amount.usdc === undefined ? undefined : BigInt(amount.usdc) * 10_000n;
  let complete = wanted === 0n || money === 0n;
  for (const level of levels) {
    if (complete || (side === "buy" ? level.price > limit : level.price < limit)) break;
    const price = BigInt(level.price);
    let take = BigInt(level.size);
    if (wanted !== undefined && take >= wanted - shares) {
      take = wanted - shares;
      complete = true;
    }
    if (money !== undefined && take * price >= money - value) {
      const left = money - value;
      take = side === "buy" ? left / price : (left + price - 1n) / price;
      complete = true;
    }
    if (take === 0n) break;
    shares += take;
    value += take * price;
    worst = level.price;
    count++;
  }
  const cost = side === "buy" ? (value + 9_999n) / 10_000n : value / 10_000n;
  return { shares, cost, worst, levels: count, complete };
}

const outcomes = [0, 1] as const;

describe("any book", () => {
  it("is what a map of levels would be, best first, without phantom levels", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.boolean(), grid), { minLength: 1, maxLength: 8 }), (events) => {
        const book = new MarketBook(market({ tick: p(100) }));
        const naive = new MapBook();
        book.apply(snapshot([]));
        for (const [whole, shape] of events) {
          const levels = levelsOf(shape);
          if (whole) for (const side of naive.sides) side.clear();
          book.apply(whole ? snapshot(levels) : delta(levels));
          naive.set(levels);
          for (const outcome of outcomes) {
            for (const side of ["bid", "ask"] as const) {
              const expected = naive.levels(outcome, side);
              expect(book.levels(outcome, side, 1e6)).toEqual(expected);
              expect(book.levels(outcome, side, 2)).toEqual(expected.slice(0, 2));
              expect(side === "bid" ? book.bid(outcome) : book.ask(outcome)).toBe(
                expected[0]?.price ?? (side === "bid" ? 0 : 10_000),
              );
              expect(side === "bid" ? book.bidSize(outcome) : book.askSize(outcome)).toBe(
                expected[0]?.size ?? 0,
              );
            }
          }
        }
        expect(book.stats.refused).toBe(0);
      }),
    );
  });

  it("is gapped exactly while it has been crossed since the last snapshot", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.boolean(), grid), { minLength: 1, maxLength: 6 }), (events) => {
        const book = new MarketBook(market({ tick: p(1) }));
        book.apply(snapshot([]));
        let crossed = false;
        for (const [whole, shape] of events) {
          book.apply(whole ? snapshot(levelsOf(shape)) : delta(levelsOf(shape)));
          crossed =
            (crossed && !whole) || (book.bidSize(0) > 0 && book.askSize(0) > 0 && book.bid(0) >= book.ask(0));
          expect(book.status).toBe(crossed ? "gapped" : "live");
        }
      }),
    );
  });

  it("mirrors: the second outcome is the first at the complement", () => {
    fc.assert(
      fc.property(
        grid,
        fc.integer({ min: 0, max: 10_000 }),
        fc.integer({ min: 0, max: 5e9 }),
        (shape, limit, amount) => {
          const book = new MarketBook(market());
          book.apply(snapshot(levelsOf(shape)));
          const other = new MarketBook(market());
          const turned: number[] = [];
          const levels = levelsOf(shape);
          for (let i = 0; i < levels.length; i += 3)
            turned.push(1 - levels[i]!, 10_000 - levels[i + 1]!, levels[i + 2]!);
          other.apply(snapshot(turned));
          expect(book.ask(1)).toBe(10_000 - book.bid(0));
          expect(book.bid(1)).toBe(10_000 - book.ask(0));
          for (const outcome of outcomes) {
            const against = (1 - outcome) as Outcome;
            for (const side of ["buy", "sell"] as const) {
              expect(other.depth(outcome, side, p(limit))).toBe(book.depth(against, side, p(limit)));
              for (const wanted of [{ shares: s(amount) }, { usdc: amount as Usdc }]) {
                expect(other.walk(outcome, side, wanted, p(limit))).toEqual(
                  book.walk(against, side, wanted, p(limit)),
                );
              }
            }
          }
        },
      ),
    );
  });

  it("walks exactly", () => {
    const amount = fc.oneof(
      fc.integer({ min: 0, max: 10_000_000_000 }),
      fc.maxSafeInteger().map((n) => Math.abs(n)),
    );
    const limit = fc.option(fc.integer({ min: 0, max: 10_000 }), { nil: undefined });
    fc.assert(
      fc.property(grid, amount, limit, fc.boolean(), (shape, value, cap, byShares) => {
        const book = new MarketBook(market({ tick: p(10) }));
        book.apply(snapshot(levelsOf(shape)));
        const naive = new MapBook();
        naive.set(levelsOf(shape));
        for (const outcome of outcomes) {
          for (const side of ["buy", "sell"] as const) {
            const wanted = byShares ? { shares: value as Shares } : { usdc: value as Usdc };
            const walk = book.walk(outcome, side, wanted, cap as Price | undefined);
            const levels = naive.levels(outcome, side === "buy" ? "ask" : "bid");
            const worst = cap ?? (side === "buy" ? 10_000 : 0);
            const expected = oracle(levels, side, wanted, worst);
            if (expected.shares > BigInt(Number.MAX_SAFE_INTEGER)) {
              expect(walk.complete).toBe(false);
              continue;
            }
            expect({ ...walk, shares: BigInt(walk.shares), cost: BigInt(walk.cost), average: 0 }).toEqual({
              ...expected,
              average: 0,
            });
            const within = levels.filter((level) =>
              side === "buy" ? level.price <= worst : level.price >= worst,
            );
            const sum = within.reduce((total, level) => total + BigInt(level.size), 0n);
            const most = BigInt(Number.MAX_SAFE_INTEGER);
            expect(BigInt(book.depth(outcome, side, p(worst)))).toBe(sum > most ? most : sum);
          }
        }
      }),
      { numRuns: 300 },
    );
  });

  it("without a snapshot always has the stated best prices", () => {
    const stated = fc
      .tuple(fc.integer({ min: 0, max: 98 }), fc.integer({ min: 1, max: 100 }))
      .filter(([bid, ask]) => bid < ask);
    fc.assert(
      fc.property(fc.array(fc.tuple(grid, stated), { minLength: 1, maxLength: 10 }), (events) => {
        const book = new MarketBook(market());
        for (const [shape, [bid, ask]] of events) {
          book.apply(delta(levelsOf({ ...shape, tick: 100 }), bid * 100, ask * 100));
          expect([book.bid(0), book.ask(0), book.status]).toEqual([bid * 100, ask * 100, "synthetic"]);
        }
      }),
    );
  });

  it("survives any numbers and says so", () => {
    const any = fc.oneof(
      fc.double(),
      fc.integer(),
      fc.constantFrom(0, -0, 1, 2, 3, 5000, Number.NaN, Infinity, 2 ** 53, 1e309),
    );
    fc.assert(
      fc.property(fc.array(any, { maxLength: 30 }), any, any, (levels, bestBid, bestAsk) => {
        const book = new MarketBook(market());
        for (const event of [
          delta(levels, bestBid, bestAsk),
          snapshot(levels),
          delta(levels, bestBid, bestAsk),
        ])
          book.apply(event);
        for (const side of ["bid", "ask"] as const) {
          for (const level of book.levels(0, side, 1e6)) {
            expect(Number.isInteger(level.price) && level.price > 0 && level.price < 10_000).toBe(true);
            expect(Number.isSafeInteger(level.size) && level.size > 0).toBe(true);
          }
        }
        expect(book.walk(0, "buy", { shares: s(1000) }).cost).toBeGreaterThanOrEqual(0);
        if (book.stats.refused > 0) expect(book.status).toBe("gapped");
      }),
    );
  });
});
