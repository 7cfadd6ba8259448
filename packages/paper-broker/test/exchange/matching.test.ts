import { describe, expect, it } from "vitest";
import type { OrderId } from "@matchpoint/sdk";
import { cents, market, MARKET, sh, SPORTS, usd } from "../harness.ts";
import { Floor } from "./floor.ts";

const who = (floor: Floor): unknown[] =>
  floor
    .trades()
    .map(({ taker, makers }) => [
      taker.account,
      taker.price / 100,
      taker.size / 1e6,
      makers.map((maker) => [maker.account ?? "outside", maker.size / 1e6]),
    ]);

describe("accounts trade with each other", () => {
  it("a bid meets an ask of the same outcome, at the maker's price", () => {
    const floor = new Floor().open(["ann"], 100).open(["bob"]);
    const ask = floor.place("ann", { side: "sell", limit: cents(48), size: sh(10) });
    const bid = floor.place("bob", { side: "buy", limit: cents(50), size: sh(10) });
    expect(floor.fills("bob")).toMatchObject([
      { orderId: bid, side: "buy", price: cents(48), size: sh(10), cost: usd(4.8), liquidity: "taker" },
    ]);
    expect(floor.fills("ann")).toMatchObject([
      { orderId: ask, side: "sell", price: cents(48), size: sh(10), cost: usd(4.8), liquidity: "maker" },
    ]);
    expect(floor.fills("ann")[0]!.tradeId).toBe(floor.fills("bob")[0]!.tradeId);
    expect([floor.cash("ann"), floor.cash("bob")]).toEqual([usd(1_004.8), usd(995.2)]);
    expect([floor.held("ann", 0), floor.held("bob", 0)]).toEqual([sh(90), sh(10)]);
    expect(floor.statuses("bob", bid)).toEqual(["sent", "matched"]);
    expect(floor.exchange.view("ann").order(ask)).toMatchObject({ status: "FILLED", matched: sh(10) });
  });

  it("two buys of either outcome make a pair: the dollar is shared, the maker pays its own price", () => {
    const floor = new Floor().open(["ann", "bob"]);
    floor.place("ann", { outcome: 1, side: "buy", limit: cents(55), size: sh(10) });
    floor.place("bob", { outcome: 0, side: "buy", limit: cents(60), size: sh(10) });
    expect(floor.fills("bob")).toMatchObject([{ outcome: 0, side: "buy", price: cents(45), cost: usd(4.5) }]);
    expect(floor.fills("ann")).toMatchObject([{ outcome: 1, side: "buy", price: cents(55), cost: usd(5.5) }]);
    expect([floor.held("ann", 1), floor.held("bob", 0)]).toEqual([sh(10), sh(10)]);
  });

  it("two sells of either outcome dissolve a pair", () => {
    const floor = new Floor().open(["ann", "bob"], 20);
    floor.place("ann", { outcome: 1, side: "sell", limit: cents(55), size: sh(10) });
    floor.place("bob", { outcome: 0, side: "sell", limit: cents(40), size: sh(10) });
    expect(floor.fills("bob")).toMatchObject([{ outcome: 0, price: cents(45), cost: usd(4.5) }]);
    expect(floor.fills("ann")).toMatchObject([{ outcome: 1, price: cents(55), cost: usd(5.5) }]);
    expect([floor.cash("ann"), floor.cash("bob")]).toEqual([usd(1_005.5), usd(1_004.5)]);
  });

  it("outcomes that are not one book do not meet", () => {
    const floor = new Floor({}, market({ mirrored: false })).open(["ann", "bob"]);
    floor.place("ann", { outcome: 1, side: "buy", limit: cents(55), size: sh(10) });
    floor.place("bob", { outcome: 0, side: "buy", limit: cents(60), size: sh(10) });
    expect(floor.trades()).toEqual([]);
    expect(floor.shown(0).asks).toEqual([]);
  });

  it("price first, then who entered the book first, whichever outcome they are on; one trade per price", () => {
    const floor = new Floor().open(["ann", "bob", "cat", "dan"], 100);
    floor.place("ann", { side: "sell", limit: cents(50), size: sh(10) });
    const first = floor.place("bob", { outcome: 1, side: "buy", limit: cents(50), size: sh(10) });
    floor.place("cat", { side: "sell", limit: cents(49), size: sh(5) });
    const second = floor.place("bob", { side: "sell", limit: cents(50), size: sh(10) });
    const taker = floor.place("dan", { side: "buy", limit: cents(50), size: sh(28) });
    expect(who(floor)).toEqual([
      ["dan", 49, 5, [["cat", 5]]],
      [
        "dan",
        50,
        23,
        [
          ["ann", 10],
          ["bob", 10],
          ["bob", 3],
        ],
      ],
    ]);
    expect(floor.exchange.order(taker)).toMatchObject({
      stage: "done",
      status: "FILLED",
      trades: ["floor-t0", "floor-t1"],
    });
    // Each of bob's orders is told of its own part, under the one id of the trade.
    expect(floor.fills("bob").map((each) => [each.tradeId, each.orderId, each.size / 1e6])).toEqual([
      ["floor-t1", first, 10],
      ["floor-t1", second, 3],
    ]);
  });

  it("what is left of a taker rests and is met by the next one", () => {
    const floor = new Floor().open(["ann", "bob"], 50);
    floor.place("ann", { side: "sell", limit: cents(50), size: sh(6) });
    const bid = floor.place("bob", { side: "buy", limit: cents(52), size: sh(10) });
    expect(floor.shown()).toEqual({ bids: [[52, 4]], asks: [] });
    floor.place("ann", { side: "sell", limit: cents(50), size: sh(10) });
    expect(
      floor.fills("bob").map(({ price, size, liquidity }) => [price / 100, size / 1e6, liquidity]),
    ).toEqual([
      [50, 6, "taker"],
      [52, 4, "maker"],
    ]);
    expect(floor.exchange.order(bid)).toMatchObject({ account: "bob", status: "FILLED", matched: sh(10) });
    expect(floor.shown()).toEqual({ bids: [], asks: [[50, 6]] });
  });

  it("takers pay the fee, makers none", () => {
    const floor = new Floor({}, market({ fee: SPORTS })).open(["ann", "bob"], 100);
    floor.place("ann", { side: "sell", limit: cents(50), size: sh(100) });
    floor.place("bob", { side: "buy", limit: cents(50), size: sh(100) });
    expect([floor.fills("bob")[0]!.fee, floor.fills("ann")[0]!.fee]).toEqual([usd(1.25), 0]);
  });

  it("a dollar order spends what it was given, across accounts and prices", () => {
    const floor = new Floor().open(["ann"], 100).open(["bob"]);
    floor.place("ann", { side: "sell", limit: cents(40), size: sh(10) });
    floor.place("ann", { side: "sell", limit: cents(50), size: sh(50) });
    floor.place("bob", { orderType: "FAK", limit: cents(50), spend: usd(9), size: sh(18) });
    expect(floor.fills("bob").map(({ size, cost }) => [size, cost])).toEqual([
      [sh(10), usd(4)],
      [sh(10), usd(5)],
    ]);
  });

  it.each(["refuse", "allow"] as const)("an account's own orders: %s", (selfCross) => {
    const floor = new Floor({ selfCross }).open(["ann"], 100);
    floor.place("ann", { side: "sell", limit: cents(50), size: sh(10) });
    const bid = floor.place("ann", { side: "buy", limit: cents(50), size: sh(10) });
    if (selfCross === "refuse") expect(floor.statuses("ann", bid)).toEqual(["sent", "rejected:OTHER"]);
    else expect(floor.fills("ann").map(({ liquidity }) => liquidity)).toEqual(["taker", "maker"]);
    expect(floor.cash("ann")).toBe(usd(1_000));
    expect(floor.wait(20_000).held("ann", 0)).toBe(sh(100));
  });

  it("a post-only order that would meet another account's is refused", () => {
    const floor = new Floor().open(["ann", "bob"], 100);
    floor.place("ann", { side: "sell", limit: cents(50), size: sh(10) });
    const bid = floor.place("bob", { postOnly: true, limit: cents(50), size: sh(10) });
    expect(floor.statuses("bob", bid)).toEqual(["sent", "rejected:POST_ONLY_CROSSES"]);
    expect(floor.statuses("bob", floor.place("bob", { postOnly: true, limit: cents(49) }))).toEqual([
      "sent",
      "live",
    ]);
  });

  it("nobody can cancel another account's order, or use its name", () => {
    const floor = new Floor().open(["ann", "bob"]);
    const bid = floor.place("ann", { limit: cents(50) });
    floor.cancel("bob", bid);
    expect(floor.statuses("bob", bid)).toEqual(["cancel_refused"]);
    floor.place("bob", { limit: cents(50) }, bid);
    expect(floor.statuses("bob", bid)).toEqual(["cancel_refused", "rejected:DUPLICATE"]);
    expect(floor.statuses("ann", bid)).toEqual(["sent", "live"]);
    expect(floor.exchange.view("bob").order(bid)).toEqual({ kind: "absent" });
    expect(floor.exchange.view("bob").openOrders()).toEqual([]);
    expect(floor.exchange.order(bid)).toMatchObject({ account: "ann", stage: "resting" });
  });

  it("an account that nobody opened has nothing and can do nothing", () => {
    const floor = new Floor();
    expect(floor.exchange.view("eve").balances()).toEqual({ collateral: 0 });
    expect(floor.statuses("eve", floor.place("eve", {}))).toEqual(["sent", "rejected:BALANCE"]);
    expect(floor.exchange.order("nothing" as OrderId)).toBeUndefined();
    expect(floor.exchange.market(MARKET)).toMatchObject({ title: "T1 vs Gen.G" });
  });
});
