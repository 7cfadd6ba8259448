import { describe, expect, it } from "vitest";
import type { OrderId, Side } from "@matchpoint/sdk";
import { cents, Harness, market, MARKET, sh, usd } from "./harness.ts";

/** A bid for 10 shares at 50 cents behind `ahead` others. */
function bid(h: Harness, ahead = 100): OrderId {
  h.book([[50, ahead]], [[60, 100]]);
  return h.placed({ postOnly: true, limit: cents(50), size: sh(10) });
}

describe("resting orders, queue model", () => {
  it("PB-60 fill when prints at the price have used up what was ahead", () => {
    const h = new Harness();
    const id = bid(h);
    h.print("sell", 50, 99).delta([[50, 1]], []);
    expect(h.wait(100).filled(id)).toBe(0);
    h.print("sell", 50, 4).wait(100);
    expect(h.trades(id)).toMatchObject([
      { size: sh(3), price: cents(50), cost: usd(1.5), fee: 0, liquidity: "maker" },
    ]);
    h.print("sell", 50, 50).wait(100);
    expect(h.filled(id)).toBe(10);
    expect(h.broker.view.order(id)).toMatchObject({ status: "FILLED" });
    expect(h.cash()).toBe(995);
  });

  it("PB-61 count a trade once, whether its print or its level change comes first", () => {
    for (const printFirst of [true, false]) {
      const h = new Harness();
      const id = bid(h);
      for (const left of [75, 50, 25, 0]) {
        if (printFirst) h.print("sell", 50, 25).delta([[50, left]], []);
        else h.delta([[50, left]], []).print("sell", 50, 25);
        h.wait(10);
      }
      expect(h.filled(id), printFirst ? "print first" : "level first").toBe(0);
      h.print("sell", 50, 3).wait(100);
      expect(h.filled(id)).toBe(3);
    }
  });

  it("PB-62 credit a level change only to the prints of the next second", () => {
    const h = new Harness();
    const id = bid(h);
    h.delta([[50, 40]], []); // 60 cancelled, all of them ahead: 40 left
    h.wait(1_001).print("sell", 50, 45).wait(100);
    expect(h.filled(id)).toBe(5);
  });

  it("PB-63 cancels come from behind: a smaller level leaves as much ahead as it shows", () => {
    const h = new Harness();
    const id = bid(h);
    h.delta([[50, 300]], [])
      .delta([[50, 120]], [])
      .delta([[50, 80]], [])
      .wait(1_100);
    h.print("sell", 50, 80).wait(100);
    expect(h.filled(id)).toBe(0);
    h.print("sell", 50, 1).wait(100);
    expect(h.filled(id)).toBe(1);
  });

  it("PB-64 a print beyond the price fills up to the printed size, whoever was ahead", () => {
    const h = new Harness();
    const id = bid(h);
    h.print("sell", 49, 4).wait(100);
    expect(h.filled(id)).toBe(4);
    expect(h.trades(id)[0]).toMatchObject({ price: cents(50), cost: usd(2) });
  });

  it("PB-65 prints of the other outcome count at the complement", () => {
    const h = new Harness();
    const id = bid(h, 0);
    h.print("buy", 50, 4, 1).wait(100); // buying outcome 1 at 50 hits bids of outcome 0 at 50
    expect(h.filled(id)).toBe(4);
    h.print("sell", 50, 4, 1).wait(100); // selling outcome 1 lifts asks of outcome 0
    expect(h.filled(id)).toBe(4);
    const plain = new Harness({}, market({ mirrored: false }));
    plain.event({ type: "book_snapshot", marketId: MARKET, outcome: 1, levels: [], synthetic: false });
    const other = bid(plain, 0);
    plain.print("buy", 50, 4, 1).wait(100);
    expect(plain.filled(other)).toBe(0);
  });

  it("PB-66 prints by takers on our own side fill nothing", () => {
    const h = new Harness();
    const id = bid(h, 0);
    h.print("buy", 50, 50).print("buy", 49, 50).wait(100);
    expect(h.filled(id)).toBe(0);
  });

  it("PB-67 what the other side shows at or beyond the price fills up to its size, once, at our price", () => {
    const h = new Harness();
    const id = bid(h, 0);
    h.delta([], [[49, 4]])
      .delta([], [[49, 4]])
      .wait(100);
    expect(h.trades(id)).toMatchObject([{ size: sh(4), price: cents(50), liquidity: "maker" }]);
    h.delta([], [[49, 5]]).wait(100);
    expect(h.filled(id)).toBe(5);
    expect(h.statuses(h.placed({ orderType: "FAK", limit: cents(49), size: sh(50) }))).toContain(
      "rejected:FAK_NO_MATCH",
    );
  });

  it("PB-68 a crossed book is no book", () => {
    const h = new Harness();
    const id = bid(h, 20);
    h.delta([], [[50, 40]]).wait(100);
    expect(h.filled(id)).toBe(0);
    h.book([[49, 5]], [[50, 6]]).wait(100);
    expect(h.filled(id)).toBe(6);
  });

  it("PB-69 our own orders share a print by price, then by age", () => {
    const h = new Harness().book([[50, 10]], [[60, 100]]);
    const first = h.placed({ limit: cents(50), size: sh(10) });
    const second = h.placed({ limit: cents(50), size: sh(10) });
    const better = h.placed({ outcome: 1, side: "buy", limit: cents(39), size: sh(10) }); // an ask of outcome 0 at 61: other side
    const best = h.placed({ limit: cents(51), size: sh(10) });
    h.print("sell", 50, 28).wait(100);
    // 10 for the better bid, 10 for those ahead of both, then 8 for the older one.
    expect([best, first, second, better].map((each) => h.filled(each))).toEqual([10, 8, 0, 0]);
  });

  it("PB-70 sells rest and fill the same way", () => {
    const h = new Harness().own(0, 20, 50).book([[40, 10]], [[60, 30]]);
    const id = h.placed({ side: "sell", limit: cents(60), size: sh(10) });
    h.print("buy", 60, 34).wait(100);
    expect(h.trades(id)).toMatchObject([{ size: sh(4), cost: usd(2.4), side: "sell", liquidity: "maker" }]);
    h.print("buy", 61, 100).wait(100);
    expect([h.held(0), h.cash()]).toEqual([10, 1000 - 10 + 6]);
  });

  it("PB-71 many small fills cost exactly what one would", () => {
    const h = new Harness({}, market({ tick: 10 as never })).book([], [[60, 100]]);
    const id = h.placed({ limit: cents(33.3), size: sh(5) });
    for (let i = 0; i < 50; i++) h.print("sell", 33.3, 0.0999).wait(1);
    h.print("sell", 33.3, 5).wait(100);
    expect(h.trades(id).length).toBe(51);
    expect(h.cash()).toBe(1000 - 1.665);
    expect(h.broker.view.free()).toBe(usd(1000 - 1.665));
  });

  it("PB-72 makers pay where a schedule is not for takers only", () => {
    const fee = { ratePpm: 50_000, exponent: 1, takerOnly: false };
    const h = new Harness({}, market({ fee })).book([], [[60, 100]]);
    const id = h.placed({ limit: cents(50), size: sh(100) });
    expect(h.broker.view.free()).toBe(usd(1000 - 51.25));
    h.print("sell", 49, 40).print("sell", 49, 60).wait(100);
    expect(h.trades(id).map((trade) => trade.fee)).toEqual([usd(0.5), usd(0.75)]);
    expect(h.broker.view.free()).toBe(usd(1000 - 51.25));
  });
});

describe("fill models", () => {
  type Step = (h: Harness) => unknown;
  const print =
    (side: Side, price: number, size: number): Step =>
    (h) =>
      h.print(side, price, size);
  /** What fills a bid for 10 shares at 50 cents behind 100 others, per model. */
  const TABLE: readonly (readonly [string, Step, { queue: number; touch: number; through: number }])[] = [
    ["a print at the price", print("sell", 50, 8), { queue: 0, touch: 8, through: 0 }],
    ["a print at the price beyond the queue", print("sell", 50, 103), { queue: 3, touch: 10, through: 0 }],
    ["a print beyond the price", print("sell", 49, 8), { queue: 8, touch: 8, through: 8 }],
    ["size shown at the price", (h) => h.book([[49, 9]], [[50, 6]]), { queue: 6, touch: 6, through: 0 }],
    ["size shown beyond the price", (h) => h.book([[48, 9]], [[49, 6]]), { queue: 6, touch: 6, through: 6 }],
    ["a print that takes the other side", print("buy", 60, 50), { queue: 0, touch: 0, through: 0 }],
  ];
  describe.each(["queue", "touch", "through"] as const)("PB-73 %s", (fill_model) => {
    it.each(TABLE)("%s", (_name, step, expected) => {
      const h = new Harness({ fill_model });
      const id = bid(h);
      step(h);
      expect(h.wait(100).filled(id)).toBe(expected[fill_model]);
    });
  });
});
