import { describe, expect, it } from "vitest";
import type { Intent, Nanos } from "@matchpoint/sdk";
import { cents, Harness, id, market, MARKET, sh, SPORTS, usd } from "./harness.ts";

const MINUTES_3 = (180_000 * 1e6) as Nanos;

/** Why an order is refused whatever the book: what was asked for, the code, words of the detail. */
const REFUSED: readonly (readonly [string, Partial<Intent>, string, RegExp])[] = [
  ["PB-20 off the grid", { limit: 5_050 as never }, "TICK", /0\.505.*minimum tick size rule: 0\.01/],
  ["PB-21 below one tick", { limit: 0 as never }, "TICK", /0/],
  ["PB-22 above one minus a tick", { limit: 10_000 as never }, "TICK", /1/],
  ["PB-23 not a price", { limit: Number.NaN as never }, "TICK", /NaN/],
  ["PB-24 smaller than the market's smallest order", { size: sh(4.99) }, "MIN_SIZE", /4\.99.*minimum: 5/],
  ["PB-25 finer than a hundredth of a share", { size: sh(10.001) }, "PRECISION", /2 decimals/],
  ["PB-26 not a size", { size: 1e309 as never }, "PRECISION", /Infinity/],
  ["PB-27 a negative size", { size: -5_000_000 as never }, "PRECISION", /-5000000/],
  ["PB-28 more than any account holds", { size: 2e15 as never }, "PRECISION", /2000000000000000/],
  [
    "PB-29 a market buy finer than a cent",
    { orderType: "FAK", spend: usd(1.005) },
    "PRECISION",
    /2 decimals/,
  ],
  [
    "PB-30 a market buy without dollars",
    { orderType: "FOK", spend: undefined as never },
    "PRECISION",
    /undefined/,
  ],
  [
    "PB-31 a market buy below a dollar",
    { orderType: "FAK", spend: usd(0.99) },
    "MIN_SIZE",
    /\(\$0\.99\), min size: \$1/,
  ],
  ["PB-32 dollars on an order that counts shares", { spend: usd(5) }, "OTHER", /spends dollars/],
  ["PB-33 post-only on an order that must take", { orderType: "FAK", postOnly: true }, "OTHER", /post-only/],
  ["PB-34 a GTD order without an end", { orderType: "GTD" }, "EXPIRATION", /invalid expiration/],
  [
    "PB-35 a GTD order that ends too soon",
    { orderType: "GTD", expiresAt: (100_000 * 1e6) as Nanos },
    "EXPIRATION",
    /120000 ms/,
  ],
  ["PB-36 an end on an order that has none", { expiresAt: MINUTES_3 }, "EXPIRATION", /GTC/],
  [
    "PB-37 more than the collateral",
    { size: sh(2_001) },
    "BALANCE",
    /balance: 1000000000, order amount \(inc\. fees\): 1000500000/,
  ],
  ["PB-38 shares that are not held", { side: "sell" }, "BALANCE", /balance: 0, order amount: 10000000/],
  ["PB-39 an unknown market", { marketId: id("0xnone") }, "OTHER", /market not found/],
];

describe("orders that are refused", () => {
  it.each(REFUSED)("%s", (_name, over, code, detail) => {
    const h = new Harness().book([[40, 100]], [[60, 100]]);
    const orderId = h.placed(over);
    expect(h.statuses(orderId)).toEqual(["sent", `rejected:${code}`]);
    expect(h.of(orderId)[1]!.detail).toMatch(detail);
    expect(h.broker.view.free()).toBe(usd(1000));
    expect(h.broker.view.openOrders()).toEqual([]);
    expect(h.broker.view.stats().rejected).toBe(1);
  });

  it("PB-40 post-only orders that meet the public book, even where we have emptied it", () => {
    const h = new Harness().book([[40, 100]], [[50, 10]]);
    expect(h.statuses(h.placed({ postOnly: true, limit: cents(50) }))).toEqual([
      "sent",
      "rejected:POST_ONLY_CROSSES",
    ]);
    h.placed({ size: sh(10) });
    expect(h.statuses(h.placed({ postOnly: true, limit: cents(50) }))).toEqual([
      "sent",
      "rejected:POST_ONLY_CROSSES",
    ]);
    expect(h.statuses(h.placed({ postOnly: true, limit: cents(49) }))).toEqual(["sent", "live"]);
    expect(h.statuses(h.placed({ postOnly: true, outcome: 1, limit: cents(60) }))).toContain(
      "rejected:POST_ONLY_CROSSES",
    );
  });

  it("PB-41 a marketable buy below a dollar, though the same order may rest", () => {
    const h = new Harness().book([], [[10, 100]]);
    expect(h.statuses(h.placed({ limit: cents(10), size: sh(9) }))).toEqual(["sent", "rejected:MIN_SIZE"]);
    expect(h.statuses(h.placed({ limit: cents(9), size: sh(9) }))).toEqual(["sent", "live"]);
  });

  it("PB-42 a duplicate, by its hash", () => {
    const h = new Harness().book([[40, 10]], [[60, 10]]);
    const order = h.broker.prepare({ ...baseIntent(), limit: cents(45) }, 99);
    h.broker.submit({ kind: "place", order }, 0 as Nanos);
    h.broker.submit({ kind: "place", order }, 0 as Nanos);
    h.wait(200);
    expect(h.statuses(order.orderId)).toEqual(["sent", "live", "rejected:DUPLICATE"]);
    expect(h.broker.view.openOrders()).toHaveLength(1);
  });

  it("PB-43 orders of a market that is closed or resolved", () => {
    const h = new Harness().book([], [[50, 100]]);
    h.event({ type: "market_listed", market: market({ acceptingOrders: false }) });
    expect(h.statuses(h.placed({}))).toContain("rejected:MARKET_CLOSED");
    h.event({ type: "market_listed", market: market() });
    expect(h.statuses(h.placed({}))).toContain("matched");
    h.event({ type: "market_resolution", marketId: MARKET, payouts: [usd(1), usd(0)], source: "test" });
    expect(h.statuses(h.placed({}))).toContain("rejected:MARKET_CLOSED");
  });

  it("PB-44 one pool of collateral for all markets, fees included, freed by a cancel", () => {
    const other = id<typeof MARKET>("0xm2");
    const h = new Harness({ collateral: usd(10) }, market({ fee: SPORTS })).book([], [[60, 100]]);
    h.event({ type: "market_listed", market: market({ marketId: other, fee: SPORTS }) }).book(
      [],
      [[50, 100]],
      other,
    );
    const resting = h.placed({ limit: cents(50), size: sh(10) }); // $5 of $10, makers pay no fee
    expect(h.broker.view.free()).toBe(usd(5));
    // $5 at 50 cents plus $0.125 of fee does not fit any more; $4.87 does.
    expect(h.statuses(h.placed({ marketId: other, orderType: "FAK", spend: usd(5) }))).toContain(
      "rejected:BALANCE",
    );
    expect(h.statuses(h.placed({ marketId: other, orderType: "FAK", spend: usd(4.87) }))).toContain(
      "matched",
    );
    h.cancel(resting).wait(200);
    expect(h.broker.view.free()).toBe(h.broker.view.balances().collateral);
    expect(h.cash()).toBeCloseTo(10 - 4.87 - 0.12175, 5);
  });

  it("PB-45 a fee that is higher at the better price than at the limit", () => {
    // Limit 90 cents: the fee there is small; filled at 50 cents it is not. What counts is what it really costs.
    const h = new Harness({ collateral: usd(10.1) }, market({ fee: SPORTS })).book([], [[50, 100]]);
    expect(h.statuses(h.placed({ orderType: "FAK", limit: cents(90), spend: usd(10) }))).toContain(
      "rejected:BALANCE",
    );
    expect(h.cash()).toBe(10.1);
  });

  it("PB-46 shares offered by another open sell, or not mined yet", () => {
    const h = new Harness().own(0, 20, 50).book([[40, 100]], [[70, 100]]);
    const first = h.placed({ side: "sell", limit: cents(60), size: sh(15) });
    const sell = { side: "sell", limit: cents(40), size: sh(10), orderType: "FAK" } as const;
    expect(h.statuses(h.placed(sell))).toContain("rejected:BALANCE");
    h.cancel(first).wait(200);
    expect(h.statuses(h.placed(sell))).toContain("matched");
    h.delta([], [[50, 10]]);
    const buy = h.placed({ limit: cents(50), size: sh(10) });
    expect(h.filled(buy)).toBe(10);
    h.delta([[40, 200]], [[50, 0]]);
    expect(h.statuses(h.placed({ ...sell, size: sh(20) }))).toContain("rejected:BALANCE");
    h.wait(2_000);
    expect(h.statuses(h.placed({ ...sell, size: sh(20) }))).toContain("matched");
  });

  it("PB-47 money from a sell before it is mined", () => {
    const h = new Harness({ collateral: usd(10) }).own(0, 20, 50).book([[50, 20]], []);
    h.placed({ side: "sell", limit: cents(50), size: sh(20), orderType: "FAK" });
    expect([h.cash(), h.broker.view.free()]).toEqual([10, 0]);
    h.book([], [[50, 20]]);
    expect(h.statuses(h.placed({}))).toContain("rejected:BALANCE");
    h.wait(2_000);
    expect(h.statuses(h.placed({}))).toContain("matched");
  });

  it("PB-48 orders that would trade with our own", () => {
    const h = new Harness().own(0, 20, 50).book([[30, 100]], [[70, 100]]);
    h.placed({ limit: cents(40) });
    expect(h.statuses(h.placed({ side: "sell", limit: cents(40) }))).toEqual(["sent", "rejected:OTHER"]);
    expect(h.statuses(h.placed({ side: "sell", limit: cents(40), postOnly: true }))).toContain(
      "rejected:POST_ONLY_CROSSES",
    );
    expect(h.statuses(h.placed({ outcome: 1, limit: cents(60) }))).toEqual(["sent", "rejected:OTHER"]);
    expect(h.statuses(h.placed({ outcome: 1, limit: cents(59) }))).toEqual(["sent", "live"]);
    expect(h.statuses(h.placed({ side: "sell", limit: cents(42) }))).toEqual(["sent", "live"]);
  });

  it("PB-49 does not mix the outcomes of a market that is not mirrored", () => {
    const h = new Harness({}, market({ mirrored: false })).book([], []);
    h.event({ type: "book_snapshot", marketId: MARKET, outcome: 1, levels: [], synthetic: false });
    h.placed({ limit: cents(60) });
    expect(h.statuses(h.placed({ outcome: 1, limit: cents(60) }))).toEqual(["sent", "live"]);
  });
});

function baseIntent(): Intent {
  return {
    intentId: id("dup"),
    strategyId: id("test"),
    marketId: MARKET,
    outcome: 0,
    side: "buy",
    orderType: "GTC",
    postOnly: false,
    limit: cents(50),
    size: sh(10),
    purpose: "entry",
    reason: "",
  };
}
