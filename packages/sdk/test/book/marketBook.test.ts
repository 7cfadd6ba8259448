import { describe, expect, it } from "vitest";
import { BOOK_CHANGE, MarketBook } from "../../src/book/index.ts";
import { id } from "../../src/ids.ts";
import type { BookContinuity, BookEvent } from "../../src/events/index.ts";
import type { Usdc } from "../../src/units/index.ts";
import { delta, market, p, s, snapshot, stamp } from "./helpers.ts";
import type { Nanos } from "../../src/units/index.ts";

const SECOND = 1_000_000_000;

const { TOP, DEPTH, STATUS, TICK, NONE } = BOOK_CHANGE;
const BOOK = [0, 4900, 30, 0, 4800, 10, 1, 5200, 25, 1, 5300, 40];

function live(levels: readonly number[] = BOOK, changes = {}): MarketBook {
  const book = new MarketBook(market(changes));
  book.apply(snapshot(levels));
  return book;
}
const continuity = (state: BookContinuity["state"]): BookEvent => ({
  type: "book_continuity",
  marketId: id("m"),
  state,
  reason: "test",
  ...stamp(3),
});
const quote = (bestBid: number, bestAsk: number): BookEvent => ({
  type: "best_quote",
  marketId: id("m"),
  bestBid,
  bestAsk,
  ...stamp(4),
});

describe("a mirrored book", () => {
  it("shows both outcomes of one pair of ladders", () => {
    const book = live();
    expect([book.bid(0), book.ask(0), book.bid(1), book.ask(1)]).toEqual([4900, 5200, 4800, 5100]);
    expect([book.bidSize(0), book.askSize(0), book.bidSize(1), book.askSize(1)]).toEqual([30, 25, 25, 30]);
    expect(book.levels(1, "bid", 9)).toEqual([
      { price: 4800, size: 25 },
      { price: 4700, size: 40 },
    ]);
    expect(book.sizeAt(1, "ask", p(5200))).toBe(10);
    expect(book.sizeAt(1, "ask", p(5250))).toBe(0);
  });

  it("has no bid and no ask where a side is empty", () => {
    const book = live([]);
    expect([book.bid(0), book.ask(0), book.bid(1), book.ask(1)]).toEqual([0, 10_000, 0, 10_000]);
    expect(book.bidSize(0)).toBe(0);
    expect(book.walk(0, "buy", { shares: s(5) })).toEqual({
      shares: 0,
      cost: 0,
      worst: 0,
      levels: 0,
      complete: false,
      average: 0,
    });
  });

  it("reports what changed", () => {
    const book = new MarketBook(market());
    expect(book.apply(snapshot(BOOK))).toBe(TOP | DEPTH | STATUS);
    expect(book.apply(snapshot(BOOK))).toBe(DEPTH);
    expect(book.apply(delta([0, 4800, 11]))).toBe(DEPTH);
    expect(book.apply(delta([0, 4800, 11]))).toBe(NONE);
    expect(book.apply(delta([0, 4900, 31]))).toBe(TOP | DEPTH);
    expect(book.apply(delta([0, 4900, 0]))).toBe(TOP | DEPTH);
    expect(book.bid(0)).toBe(4800);
    expect(book.apply(delta([1, 5100, 0]))).toBe(NONE);
    expect(
      book.apply({
        type: "market_trade",
        marketId: id("m"),
        outcome: 0,
        side: "buy",
        price: p(5200),
        size: s(1),
        ...stamp(),
      }),
    ).toBe(NONE);
    expect(book.stats).toMatchObject({ snapshots: 2, deltas: 5, trades: 1 });
    expect(book.updatedAt).toBe(2);
  });
});

describe("trust", () => {
  it("drops levels better than the stated best: the frames that remove them are on their way", () => {
    const book = live();
    expect(book.apply(delta([0, 5000, 7], 4900, 5200)) & TOP).toBe(TOP);
    expect([book.bid(0), book.status]).toEqual([4900, "live"]);
    expect(book.stats).toMatchObject({ corrections: 1, mismatches: 0 });
  });

  it("waits a second for a stated best price that it lacks, then is gapped until a snapshot", () => {
    const book = live();
    book.apply(delta([0, 4800, 7], 5000, 5200));
    book.apply(delta([0, 4800, 8], 5000, 5200, SECOND));
    expect([book.status, book.stats.mismatches]).toEqual(["live", 1]);
    expect(book.apply(delta([0, 4800, 9], 5000, 5200, SECOND + 10)) & STATUS).toBe(STATUS);
    expect(book.status).toBe("gapped");
    book.apply(delta([0, 5000, 8], 5000, 5200, SECOND + 20));
    expect(book.status).toBe("gapped");
    book.apply(snapshot(BOOK));
    expect(book.status).toBe("live");
  });

  it("stays live when the level that it lacked arrives in time", () => {
    const book = live();
    book.apply(delta([0, 4800, 7], 5000, 5200));
    book.apply(delta([0, 5000, 7], 5000, 5200, SECOND));
    book.apply(delta([0, 4800, 8], 5000, 5200, 2 * SECOND));
    expect(book.status).toBe("live");
  });

  it("does not check what is not stated", () => {
    const book = live();
    book.apply(delta([0, 4900, 0], -1, 5200));
    book.apply(delta([1, 5200, 0], 4800, -1));
    expect(book.status).toBe("live");
  });

  it("checks an empty side too", () => {
    const book = live([0, 4900, 30]);
    book.apply(delta([0, 4800, 1], 4900, 10_000));
    expect(book.status).toBe("live");
    book.apply(delta([0, 4800, 2], 4900, 5500));
    book.apply(delta([0, 4800, 3], 4900, 5500, 2 * SECOND));
    expect(book.status).toBe("gapped");
  });

  it("lets quotes run ahead of their levels, but not for long", () => {
    const book = live();
    expect(book.apply(quote(5000, 5200))).toBe(NONE);
    book.apply(delta([0, 5000, 7], 5000, 5200));
    expect(book.apply(quote(5100, 5200))).toBe(NONE);
    expect(book.apply({ ...quote(5100, 5200), at: (2 * SECOND) as Nanos })).toBe(STATUS);
    expect(book.status).toBe("gapped");
  });

  it("is gapped when crossed, also by a snapshot that changes nothing", () => {
    const book = live();
    expect(book.apply(delta([0, 5200, 1])) & STATUS).toBe(STATUS);
    expect(book.status).toBe("gapped");
    const crossed = [...BOOK, 0, 5200, 1];
    book.apply(snapshot(crossed));
    expect(book.status).toBe("gapped");
    book.apply(snapshot(crossed));
    expect(book.status).toBe("gapped");
    expect(book.stats.crossed).toBe(3);
  });

  it.each(["gap", "stale", "disconnected"] as const)("needs a snapshot after %s", (state) => {
    const book = live();
    expect(book.apply(continuity(state))).toBe(STATUS);
    expect(book.status).toBe(state === "gap" ? "gapped" : state);
    expect(book.apply(continuity("resynced"))).toBe(NONE);
    book.apply(delta([0, 4900, 31], 4900, 5200));
    expect(book.status).not.toBe("live");
    book.apply(snapshot(BOOK));
    expect(book.status).toBe("live");
  });

  it.each([
    ["a negative size", [0, 4900, -1]],
    ["NaN", [0, 4900, Number.NaN]],
    ["an infinite size", [0, 4900, Infinity]],
    ["a size beyond 2^53", [0, 4900, 2 ** 53]],
    ["a fractional size", [0, 4900, 1.5]],
    ["a fractional price", [0, 4900.5, 1]],
    ["a price of nothing", [0, 0, 1]],
    ["a price of a dollar", [1, 10_000, 1]],
    ["a NaN price", [1, Number.NaN, 1]],
    ["the other outcome's ladder", [2, 4900, 1]],
    ["no ladder", [-1, 4900, 1]],
    ["half a triple", [0, 4900]],
  ])("refuses %s, keeps the rest and is gapped", (_, bad) => {
    const book = live();
    book.apply(delta([0, 4700, 3, ...bad]));
    expect(book.stats.refused).toBe(1);
    expect(book.status).toBe("gapped");
    expect(book.sizeAt(0, "bid", p(4700))).toBe(3);
    expect(book.bidSize(0)).toBe(30);
  });

  it("keeps and counts levels finer than the tick", () => {
    const book = live();
    book.apply(delta([0, 4955, 3, 1, 5195, 4], 4955, 5195));
    expect([book.bid(0), book.ask(0), book.ask(1)]).toEqual([4955, 5195, 5045]);
    expect(book.stats.offGrid).toBe(2);
    expect(book.status).toBe("live");
    expect(book.levels(0, "bid", 9).map((level) => level.price)).toEqual([4955, 4900, 4800]);
  });

  it("takes the largest sizes", () => {
    const book = live([0, 4900, 9e15, 0, 4800, 9e15, 1, 5000, Number.MAX_SAFE_INTEGER]);
    expect(book.bidSize(0)).toBe(9e15);
    expect(book.depth(0, "sell", p(4000))).toBe(Number.MAX_SAFE_INTEGER);
    expect(book.walk(0, "sell", { shares: s(9e15) }).cost).toBe((9e15 * 49) / 100);
  });
});

describe("a new tick", () => {
  it("opens an epoch and drops what is off the grid", () => {
    const book = live([0, 9600, 1, 1, 9700, 1]);
    const changed = book.apply({ type: "tick_size_changed", marketId: id("m"), tick: p(10), ...stamp() });
    expect(changed).toBe(TICK);
    book.apply(delta([0, 9650, 2, 0, 9610, 3]));
    expect([book.tick, book.epoch, book.bid(0), book.stats.offGrid]).toEqual([10, 1, 9650, 0]);
    expect(book.apply({ type: "tick_size_changed", marketId: id("m"), tick: p(100), ...stamp() })).toBe(
      TICK | DEPTH | TOP,
    );
    expect(book.levels(0, "bid", 9)).toEqual([{ price: 9600, size: 1 }]);
    expect([book.epoch, book.stats.dropped, book.ask(0)]).toEqual([2, 2, 9700]);
  });

  it.each([0, -1, 0.5, Number.NaN, 10_000])("refuses %s", (tick) => {
    const book = live();
    book.apply({ type: "tick_size_changed", marketId: id("m"), tick: p(tick), ...stamp() });
    expect([book.tick, book.epoch, book.status]).toEqual([100, 0, "gapped"]);
  });
});

describe("a book that never had a snapshot", () => {
  it("follows the stated best prices", () => {
    const book = new MarketBook(market());
    expect(book.apply(delta([0, 4500, 9], 4900, 5200))).toBe(TOP | DEPTH | STATUS);
    expect(book.status).toBe("synthetic");
    expect([book.bid(0), book.bidSize(0), book.ask(0), book.askSize(0)]).toEqual([
      4900, 5_000_000, 5200, 5_000_000,
    ]);
    expect(book.sizeAt(0, "bid", p(4500))).toBe(9);
    book.apply(delta([0, 4900, 8], 4900, 5200));
    expect(book.bidSize(0)).toBe(8);
    book.apply(delta([1, 5000, 8], 4500, 5000));
    expect([book.bid(0), book.ask(0), book.status]).toEqual([4500, 5000, "synthetic"]);
    expect(book.stats).toMatchObject({ corrections: 3, mismatches: 0 });
  });

  it("empties a side that is stated to be empty", () => {
    const book = new MarketBook(market());
    book.apply(delta([0, 4500, 9], 4500, 5200));
    book.apply(delta([0, 4500, 0], 0, 10_000));
    expect([book.bid(0), book.ask(0)]).toEqual([0, 10_000]);
  });

  it("assumes the size that it is told to", () => {
    const book = new MarketBook(market(), { syntheticSize: s(77) });
    book.apply(quote(4900, 5200));
    expect([book.status, book.bidSize(0), book.askSize(0)]).toEqual(["synthetic", 77, 77]);
  });

  it("begins anew after an interruption", () => {
    const book = new MarketBook(market());
    book.apply(delta([0, 4500, 9], 4900, 5200));
    book.apply(continuity("stale"));
    book.apply(delta([0, 4600, 9], 4900, 5200));
    expect(book.status).toBe("synthetic");
    expect(book.sizeAt(0, "bid", p(4500))).toBe(0);
    expect(book.bid(0)).toBe(4900);
  });

  it("becomes live by a snapshot and then checks", () => {
    const book = new MarketBook(market());
    book.apply(snapshot(BOOK, { synthetic: true }));
    expect(book.status).toBe("synthetic");
    book.apply(delta([], 4700, 5200));
    expect([book.status, book.bid(0)]).toEqual(["synthetic", 4700]);
    book.apply(snapshot(BOOK));
    book.apply(delta([], 5000, 5200));
    book.apply(delta([], 5000, 5200, 2 * SECOND));
    expect(book.status).toBe("gapped");
  });
});

describe("a book of two halves", () => {
  const two = () => new MarketBook(market({ mirrored: false }));

  it("keeps outcomes apart and is live when both are", () => {
    const book = two();
    book.apply(snapshot([0, 4900, 30, 1, 5200, 25]));
    expect(book.status).toBe("empty");
    book.apply(snapshot([2, 4600, 3, 3, 5400, 2], { outcome: 1 }));
    expect(book.status).toBe("live");
    expect([book.bid(0), book.ask(0), book.bid(1), book.ask(1)]).toEqual([4900, 5200, 4600, 5400]);
    book.apply(snapshot([2, 4500, 3], { outcome: 1 }));
    expect([book.bid(0), book.bid(1), book.ask(1)]).toEqual([4900, 4500, 10_000]);
    book.apply(delta([3, 4400, 1], 4900, 5200));
    expect([book.bid(1), book.ask(1), book.status]).toEqual([4500, 4400, "gapped"]);
  });

  it("refuses the other half's levels in a snapshot", () => {
    const book = two();
    book.apply(snapshot([2, 4600, 3]));
    expect(book.bid(1)).toBe(0);
    expect(book.stats.refused).toBe(1);
  });

  it("can be synthetic in one half", () => {
    const book = two();
    book.apply(snapshot([0, 4900, 30, 1, 5200, 25]));
    book.apply(delta([2, 4600, 1], 4900, 5200));
    expect([book.status, book.bid(1)]).toEqual(["synthetic", 4600]);
    book.apply(delta([], 5000, 5200));
    book.apply(delta([], 5000, 5200, 2 * SECOND));
    expect(book.status).toBe("gapped");
  });
});

describe("a walk", () => {
  const book = live([1, 5000, 10_000_000, 1, 5100, 20_000_000, 0, 4900, 7_000_001]);

  it("buys shares level by level", () => {
    expect(book.walk(0, "buy", { shares: s(15_000_000) })).toEqual({
      shares: 15_000_000,
      cost: 7_550_000,
      worst: 5100,
      levels: 2,
      complete: true,
      average: 7_550_000 / 15_000_000,
    });
    expect(book.walk(0, "buy", { shares: s(40_000_000) })).toMatchObject({
      shares: 30_000_000,
      complete: false,
    });
    expect(book.walk(0, "buy", { shares: s(15_000_000) }, p(5000))).toMatchObject({
      shares: 10_000_000,
      complete: false,
    });
  });

  it("rounds a buy up and a sale down, once", () => {
    expect(book.walk(0, "sell", { shares: s(7_000_001) }).cost).toBe(3_430_000);
    expect(book.walk(1, "buy", { shares: s(7_000_001) }).cost).toBe(3_570_001);
  });

  it("spends dollars", () => {
    expect(book.walk(0, "buy", { usdc: 5_510_000 as Usdc })).toMatchObject({
      shares: 11_000_000,
      cost: 5_510_000,
      complete: true,
    });
    expect(book.walk(0, "buy", { usdc: 5_000_000 as Usdc })).toMatchObject({
      shares: 10_000_000,
      levels: 1,
      complete: true,
    });
    expect(book.walk(0, "buy", { usdc: 99e6 as Usdc })).toMatchObject({
      shares: 30_000_000,
      complete: false,
    });
  });

  it("raises dollars", () => {
    expect(book.walk(0, "sell", { usdc: 1 as Usdc })).toMatchObject({ shares: 3, cost: 1, complete: true });
    expect(book.walk(0, "sell", { usdc: 9e6 as Usdc })).toMatchObject({ shares: 7_000_001, complete: false });
  });

  it("finds nothing for nothing", () => {
    expect(book.walk(0, "buy", { shares: s(0) })).toMatchObject({ shares: 0, levels: 0, complete: true });
    expect(book.walk(0, "buy", { usdc: 0 as Usdc })).toMatchObject({ shares: 0, levels: 0, complete: true });
  });

  it.each([-1, 0.5, Number.NaN, 2 ** 53])("refuses an amount of %s", (amount) => {
    expect(() => book.walk(0, "buy", { shares: s(amount) })).toThrow("cannot be walked");
    expect(() => book.walk(0, "sell", { usdc: amount as Usdc })).toThrow("cannot be walked");
  });
});
