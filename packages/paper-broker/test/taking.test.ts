import { describe, expect, it } from "vitest";
import type { MarketDescription } from "@matchpoint/sdk";
import { cents, Harness, market, MARKET, sh, SPORTS, usd } from "./harness.ts";

describe("orders that take", () => {
  it("PB-01 meets the book as it is on arrival, 58 ms after it was handed over", () => {
    const h = new Harness().book([], [[50, 100]]);
    const id = h.place({ orderType: "FAK" });
    h.wait(30)
      .delta(
        [],
        [
          [50, 0],
          [51, 100],
        ],
      )
      .wait(200);
    expect(h.statuses(id)).toEqual(["sent", "rejected:FAK_NO_MATCH"]);
    expect(h.of(id).map((each) => each.at / 1e6)).toEqual([0, 116]);
  });

  it("PB-02 a FAK buy spends dollars: a better price buys more shares", () => {
    const h = new Harness().book(
      [],
      [
        [40, 100],
        [50, 100],
      ],
    );
    const id = h.placed({ orderType: "FAK", limit: cents(50), size: sh(10) });
    expect(h.filled(id)).toBe(12.5);
    expect(h.trades(id)).toMatchObject([{ price: cents(40), cost: usd(5), fee: 0, liquidity: "taker" }]);
    expect(h.statuses(id)).toEqual(["sent", "matched"]);
    expect(h.cash()).toBe(995);
  });

  it("PB-03 a GTC buy buys exact shares at the better price and keeps the rest of the money", () => {
    const h = new Harness().book(
      [],
      [
        [40, 100],
        [50, 100],
      ],
    );
    const id = h.placed({ orderType: "GTC", limit: cents(50), size: sh(10) });
    expect(h.filled(id)).toBe(10);
    expect(h.cash()).toBe(996);
    expect(h.statuses(id)).toEqual(["sent", "matched"]);
  });

  it("PB-04 walks levels best first, one trade per price, never beyond the limit", () => {
    const h = new Harness().book(
      [],
      [
        [48, 4],
        [49, 3],
        [50, 2],
        [51, 100],
      ],
    );
    const id = h.placed({ orderType: "GTC", limit: cents(50), size: sh(20) });
    expect(h.trades(id).map((trade) => [trade.price / 100, trade.size / 1e6])).toEqual([
      [48, 4],
      [49, 3],
      [50, 2],
    ]);
    expect(h.statuses(id)).toEqual(["sent", "live"]);
    expect(h.broker.view.openOrders()).toMatchObject([{ orderId: id, matched: sh(9), size: sh(20) }]);
  });

  it("PB-05 a FAK takes what is there and its rest is killed", () => {
    const h = new Harness().book([], [[50, 4]]);
    const id = h.placed({ orderType: "FAK" });
    expect(h.filled(id)).toBe(4);
    expect(h.statuses(id)).toEqual(["sent", "matched", "canceled"]);
    expect(h.broker.view.order(id)).toMatchObject({ kind: "found", status: "CANCELED", matched: sh(4) });
  });

  it("PB-06 a FAK sell goes by shares", () => {
    const h = new Harness().own(0, 20, 50).book(
      [
        [60, 5],
        [55, 5],
        [54, 5],
      ],
      [],
    );
    const id = h.placed({ side: "sell", orderType: "FAK", limit: cents(55), size: sh(12) });
    expect(h.trades(id).map((trade) => trade.cost)).toEqual([usd(3), usd(2.75)]);
    expect(h.statuses(id)).toEqual(["sent", "matched", "canceled"]);
    expect(h.held(0)).toBe(10);
  });

  it("PB-07 a FOK fills whole or not at all, and takes nothing when it does not", () => {
    const h = new Harness().book([], [[50, 9.99]]);
    const killed = h.placed({ orderType: "FOK" });
    expect(h.statuses(killed)).toEqual(["sent", "rejected:FOK_NOT_FILLED"]);
    expect(h.cash()).toBe(1000);
    h.delta([], [[50, 10]]);
    expect(h.filled(h.placed({ orderType: "FOK" }))).toBe(10);
  });

  it("PB-08 a FOK sell too", () => {
    const h = new Harness().own(0, 20, 50).book(
      [
        [60, 5],
        [55, 5],
      ],
      [],
    );
    expect(
      h.statuses(h.placed({ side: "sell", orderType: "FOK", limit: cents(55), size: sh(11) })),
    ).toContain("rejected:FOK_NOT_FILLED");
    expect(h.filled(h.placed({ side: "sell", orderType: "FOK", limit: cents(55), size: sh(10) }))).toBe(10);
  });

  it("PB-09 fills whole ten-thousandths of a share and never spends more than the dollars given", () => {
    const h = new Harness({}, market({ tick: 10 as never })).book([], [[7, 1000]]);
    const id = h.placed({ orderType: "FAK", limit: cents(7), spend: usd(1), size: sh(14.2857) });
    expect(h.trades(id)).toMatchObject([{ size: 14_285_700, cost: 999_999 }]);
  });

  it("PB-10 buying outcome 1 takes the bids of outcome 0 at the complement", () => {
    const h = new Harness().book([[45, 8]], [[50, 100]]);
    const id = h.placed({ outcome: 1, limit: cents(55), size: sh(8) });
    expect(h.trades(id)).toMatchObject([
      { outcome: 1, side: "buy", price: cents(55), size: sh(8), cost: usd(4.4) },
    ]);
    const other = h.placed({ outcome: 1, limit: cents(55), size: sh(8), orderType: "FAK" });
    expect(h.statuses(other)).toContain("rejected:FAK_NO_MATCH");
  });

  it("PB-11 what was taken stays taken while the level shows the same size", () => {
    const h = new Harness().book([], [[50, 10]]);
    h.placed({ size: sh(10) });
    h.delta([], [[50, 10]]).book([], [[50, 10]]);
    expect(h.statuses(h.placed({ orderType: "FAK" }))).toContain("rejected:FAK_NO_MATCH");
  });

  it("PB-12 a level that grows gives the growth, one that shrinks nothing, one that returns all", () => {
    const h = new Harness().book([], [[50, 10]]);
    h.placed({ size: sh(10) });
    h.delta([], [[50, 16]]);
    expect(h.filled(h.placed({ orderType: "FAK", size: sh(50) }))).toBe(6);
    h.delta([], [[50, 9]]);
    expect(h.filled(h.placed({ orderType: "FAK", size: sh(50) }))).toBe(0);
    h.delta([], [[50, 14]]);
    expect(h.filled(h.placed({ orderType: "FAK", size: sh(50) }))).toBe(5);
    h.delta([], [[50, 0]]).delta([], [[50, 7]]);
    expect(h.filled(h.placed({ orderType: "FAK", size: sh(50) }))).toBe(7);
  });

  it("PB-13 charges the market's own fee, on top of a buy and off a sell", () => {
    const h = new Harness({}, market({ fee: SPORTS })).book([], [[50, 100]]);
    const buy = h.placed({ size: sh(100), limit: cents(50) });
    expect(h.trades(buy)).toMatchObject([{ cost: usd(50), fee: usd(1.25) }]);
    expect(h.cash()).toBe(1000 - 51.25);
    h.wait(12_000).book([[40, 100]], []);
    const sell = h.placed({ side: "sell", size: sh(100), limit: cents(40), orderType: "FAK" });
    expect(h.trades(sell)).toMatchObject([{ cost: usd(40), fee: usd(1.2) }]);
    expect(h.cash()).toBe(1000 - 51.25 + 38.8);
  });

  it("PB-14 uses and counts the fallback where a market states no fee", () => {
    const bare: MarketDescription = market();
    delete (bare as { fee?: unknown }).fee;
    const h = new Harness({}, bare).book([], [[50, 100]]);
    expect(h.trades(h.placed({ size: sh(100) }))).toMatchObject([{ fee: usd(1.25) }]);
    expect(h.broker.view.stats().fallbackFees).toBe(1);
    const own = new Harness({ fallbackFee: { ratePpm: 20_000, exponent: 1, takerOnly: true } }, bare).book(
      [],
      [[50, 100]],
    );
    expect(own.trades(own.placed({ size: sh(100) }))).toMatchObject([{ fee: usd(0.5) }]);
  });

  it.each(["gap", "stale", "disconnected"] as const)(
    "PB-15 matches nothing against a book that is %s",
    (state) => {
      const h = new Harness().book([], [[50, 100]]);
      h.event({ type: "book_continuity", marketId: MARKET, state, reason: "test" });
      expect(h.statuses(h.placed({ orderType: "FAK" }))).toContain("rejected:FAK_NO_MATCH");
      const resting = h.placed({ size: sh(10) });
      expect(h.statuses(resting)).toEqual(["sent", "live"]);
      expect(h.broker.view.stats().blindOrders).toBe(1);
      h.book([], [[49, 4]]);
      h.wait(100);
      // What it would have taken on arrival, as a taker at the level's price; the rest stays.
      expect(h.trades(resting)).toMatchObject([{ price: cents(49), size: sh(4), liquidity: "taker" }]);
      expect(h.broker.view.openOrders()).toHaveLength(1);
    },
  );

  it("PB-16 holds a blind post-only order to its promise when the book is known", () => {
    const h = new Harness();
    const crossing = h.placed({ postOnly: true });
    h.book([], [[50, 100]]).wait(100);
    expect(h.statuses(crossing)).toEqual(["sent", "live", "canceled:POST_ONLY_CROSSES"]);
  });

  it("PB-17 says so when fills were against a book that was never seen whole", () => {
    const h = new Harness();
    h.event({ type: "best_quote", marketId: MARKET, bestBid: 4_800, bestAsk: 5_000 });
    const id = h.placed({ orderType: "FAK", size: sh(50) });
    expect(h.filled(id)).toBe(5); // the market's smallest order is all that is assumed to be there
    expect(h.broker.view.stats().syntheticFills).toBe(1);
  });
});
