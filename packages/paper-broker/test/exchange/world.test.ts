import { describe, expect, it } from "vitest";
import type { OrderId, Price, Side } from "@matchpoint/sdk";
import { cents, Harness, market, MARKET, sh, usd, WALL } from "../harness.ts";
import { Floor, INSTANT } from "./floor.ts";

const parts = (floor: Floor): unknown[] =>
  floor
    .trades()
    .map(({ taker, makers }) => [
      taker.account ?? "outside",
      taker.price / 100,
      makers.map(({ account, size }) => [account ?? "outside", size / 1e6]),
    ]);
const print = (floor: Floor, side: Side, price: number, size: number): Floor =>
  floor.event({
    type: "market_trade",
    marketId: MARKET,
    outcome: 0,
    side,
    price: cents(price),
    size: sh(size),
  });

describe("what the outside world shows", () => {
  it("goes first where it was there first, and behind what entered before it grew", () => {
    const floor = new Floor().open(["ann", "bob", "cat"], 100).book([], [[50, 10]]);
    floor.place("ann", { side: "sell", limit: cents(50), size: sh(5) });
    floor.delta([], [[50, 30]]);
    floor.place("bob", { side: "sell", limit: cents(50), size: sh(5) });
    expect(floor.shown().asks).toEqual([[50, 40]]);
    floor.place("cat", { limit: cents(50), size: sh(12) });
    floor.place("cat", { limit: cents(50), size: sh(10) });
    floor.place("cat", { limit: cents(50), size: sh(30) });
    expect(parts(floor)).toEqual([
      [
        "cat",
        50,
        [
          ["outside", 10],
          ["ann", 2],
        ],
      ],
      [
        "cat",
        50,
        [
          ["ann", 3],
          ["outside", 7],
        ],
      ],
      // 13 of the 20 that came after ann's were left, all of them there before bob's.
      [
        "cat",
        50,
        [
          ["outside", 13],
          ["bob", 5],
        ],
      ],
    ]);
    expect(floor.shown()).toEqual({ bids: [[50, 12]], asks: [] });
  });

  it("is taken once, by whichever account", () => {
    const floor = new Floor().open(["ann", "bob"]).book([], [[50, 10]]);
    floor.place("ann", { limit: cents(50), size: sh(6) });
    expect(floor.shown().asks).toEqual([[50, 4]]);
    floor.place("bob", { limit: cents(50), size: sh(6), orderType: "FAK" });
    expect(floor.fills("bob").map(({ size }) => size)).toEqual([sh(4)]);
    expect(floor.shown().asks).toEqual([]);
    // What is gone is gone for post-only orders too: this is the venue.
    expect(floor.statuses("bob", floor.place("bob", { postOnly: true, limit: cents(50) }))).toEqual([
      "sent",
      "live",
    ]);
  });

  it("moves up those behind it when it is taken", () => {
    const floor = new Floor().open(["ann", "bob"], 100).book([], [[50, 100]]);
    floor.place("ann", { side: "sell", limit: cents(50), size: sh(10) });
    floor.place("bob", { limit: cents(50), size: sh(70) });
    print(floor, "buy", 50, 33);
    expect(floor.fills("ann").map(({ size }) => size)).toEqual([sh(3)]);
  });

  it("is not in front of those who come after it was taken", () => {
    const floor = new Floor().open(["ann", "bob"], 100).book([], [[50, 100]]);
    floor.place("bob", { limit: cents(50), size: sh(70) });
    floor.place("ann", { side: "sell", limit: cents(50), size: sh(10) });
    print(floor, "buy", 50, 33);
    expect(floor.fills("ann").map(({ size }) => size)).toEqual([sh(3)]);
  });

  it("shares a print among accounts by price, then by who entered the book first", () => {
    const floor = new Floor({ latency: { ...INSTANT } }, market({ takerDelayMs: 1_000 }))
      .open(["ann", "bob", "cat"])
      .book([[40, 1]], [[50, 100]]);
    // Ann's order came first, but was held by the taker delay and entered the book last.
    const first = floor.place("ann", { limit: cents(50), size: sh(10) });
    floor.delta([], [[50, 0]]).wait(500);
    floor.place("bob", { limit: cents(50), size: sh(10) });
    floor.wait(1_000).place("cat", { limit: cents(51), size: sh(10) });
    expect(floor.statuses("ann", first)).toEqual(["sent", "delayed", "unmatched"]);
    print(floor, "sell", 50, 25);
    expect(parts(floor)).toEqual([
      ["outside", 51, [["cat", 10]]],
      ["outside", 50, [["bob", 10]]],
      ["outside", 50, [["ann", 5]]],
    ]);
    expect(floor.trades()[0]!.taker).toMatchObject({ side: "sell", outcome: 0, price: cents(51), fee: 0 });
  });

  it("fills resting orders of all accounts that it meets, at their prices", () => {
    const floor = new Floor().open(["ann", "bob"]).book([[40, 1]], [[60, 1]]);
    floor.place("ann", { limit: cents(50), size: sh(10) });
    floor.place("bob", { limit: cents(51), size: sh(10) });
    floor.delta([], [[50, 15]]);
    expect(parts(floor)).toEqual([
      ["outside", 51, [["bob", 10]]],
      ["outside", 50, [["ann", 5]]],
    ]);
    expect(floor.shown()).toEqual({
      bids: [
        [50, 5],
        [40, 1],
      ],
      asks: [[60, 1]],
    });
  });

  it("need not be there: accounts trade in a market that never had a book", () => {
    const floor = new Floor().open(["ann", "bob"]);
    floor.place("ann", { outcome: 1, limit: cents(50), size: sh(10) });
    floor.place("bob", { limit: cents(50), size: sh(10) });
    expect(floor.trades()).toHaveLength(1);
    const waiting = new Floor({ unseenBook: "unknown" }).open(["ann", "bob"]);
    waiting.place("ann", { outcome: 1, limit: cents(50), size: sh(10) });
    waiting.place("bob", { limit: cents(50), size: sh(10) });
    expect([waiting.trades(), waiting.shown()]).toEqual([[], { bids: [], asks: [] }]);
    waiting.book([], []);
    expect(waiting.trades()).toHaveLength(1);
  });

  it("stops the matching while it is not known, and takes it up in the order of arrival", () => {
    const floor = new Floor().open(["ann", "bob", "cat"], 50).book([[40, 5]], [[60, 5]]);
    floor.place("ann", { limit: cents(45), size: sh(10) });
    floor.event({ type: "book_continuity", marketId: MARKET, state: "gap", reason: "test" });
    expect(floor.shown()).toEqual({ bids: [[45, 10]], asks: [] });
    floor.place("bob", { side: "sell", limit: cents(45), size: sh(6) });
    floor.place("cat", { side: "sell", limit: cents(44), size: sh(10) });
    expect(floor.trades()).toEqual([]);
    floor.book([[40, 5]], [[60, 5]]);
    expect(parts(floor)).toEqual([
      ["bob", 45, [["ann", 6]]],
      ["cat", 45, [["ann", 4]]],
    ]);
    expect(floor.shown().asks).toEqual([
      [44, 6],
      [60, 5],
    ]);
  });

  it("is met by a paper broker as by an exchange with one account", () => {
    const broker = new Harness({ latency: INSTANT }).book([[40, 5]], [[50, 7]]);
    const taken = broker.place({ size: sh(10) });
    broker.print("sell", 50, 2).wait(0);
    const floor = new Floor().open(["own"]).book([[40, 5]], [[50, 7]]);
    const same = floor.place("own", { size: sh(10) });
    print(floor, "sell", 50, 2);
    const plain = (fills: ReturnType<Floor["fills"]>): unknown[] =>
      fills.map(({ price, size, cost, fee, liquidity }) => ({ price, size, cost, fee, liquidity }));
    expect(plain(floor.fills("own"))).toEqual(plain(broker.trades(taken)));
    expect(floor.statuses("own", same)).toEqual(broker.statuses(taken));
  });
});

describe("what the venue does to all accounts", () => {
  const two = (floor: Floor): OrderId[] => [
    floor.place("ann", { limit: cents(40.5), size: sh(10) }),
    floor.place("bob", { outcome: 1, limit: cents(40), size: sh(10) }),
  ];

  it("clears the book at the game's start, whenever that is now", () => {
    const starts = (ms: number): ReturnType<typeof market> =>
      market({ tick: 10 as Price, clearBookOnStart: true, startsAt: (WALL + ms) as never });
    const floor = new Floor({}, starts(5_000)).open(["ann", "bob"]).wait(1_000);
    const [first, second] = two(floor);
    floor.list(starts(9_000)).wait(5_000);
    expect(floor.shown().bids).toEqual([[40.5, 10]]);
    floor.wait(4_000);
    expect([floor.statuses("ann", first!).at(-1), floor.statuses("bob", second!).at(-1)]).toEqual([
      "canceled",
      "canceled",
    ]);
    expect(floor.shown()).toEqual({ bids: [], asks: [] });
  });

  it("throws out what a coarser tick leaves off the grid, and nothing else", () => {
    const floor = new Floor({}, market({ tick: 10 as Price })).open(["ann", "bob"]);
    const [first, second] = two(floor);
    floor.event({ type: "tick_size_changed", marketId: MARKET, tick: 100 });
    expect(floor.statuses("ann", first!)).toEqual(["sent", "live", "invalid:TICK"]);
    expect(floor.statuses("bob", second!)).toEqual(["sent", "live"]);
    expect(floor.exchange.view("ann").free()).toBe(usd(1_000));
  });

  it("changes a market's terms by listing it again", () => {
    const floor = new Floor({}, market()).open(["ann", "bob"], 100);
    floor.list(market({ acceptingOrders: false }));
    expect(floor.statuses("ann", floor.place("ann", {}))).toEqual(["sent", "rejected:MARKET_CLOSED"]);
    floor.list(market({ minSize: sh(20), takerDelayMs: 500 }));
    expect(floor.statuses("ann", floor.place("ann", {}))).toEqual(["sent", "rejected:MIN_SIZE"]);
    floor.place("ann", { side: "sell", size: sh(20) });
    const late = floor.place("bob", { size: sh(20) });
    expect(floor.statuses("bob", late)).toEqual(["sent", "delayed"]);
    expect(floor.exchange.order(late)).toMatchObject({ stage: "delayed", status: "DELAYED" });
    expect(floor.wait(500).statuses("bob", late)).toEqual(["sent", "delayed", "matched"]);
    expect(floor.exchange.market(MARKET)).toMatchObject({ takerDelayMs: 500 });
  });

  it("fails a trade on request, for all who are in it", () => {
    const floor = new Floor().open(["ann", "bob", "cat"], 100);
    floor.place("ann", { side: "sell", limit: cents(50), size: sh(10) });
    floor.place("bob", { outcome: 1, limit: cents(50), size: sh(10) });
    floor.place("cat", { limit: cents(50), size: sh(20) });
    const [trade] = floor.trades();
    expect(floor.exchange.failTrade(trade!.tradeId)).toBe(true);
    floor.wait(2_000);
    for (const each of ["ann", "bob", "cat"]) {
      expect(floor.fills(each, "FAILED")).toHaveLength(1);
      expect([floor.cash(each), floor.held(each, 0), floor.held(each, 1)]).toEqual([
        usd(1_000),
        sh(100),
        sh(100),
      ]);
    }
    expect(floor.exchange.trade(trade!.tradeId)).toEqual({ ...trade, status: "FAILED" });
    expect(floor.exchange.failTrade(trade!.tradeId)).toBe(false);
    expect(floor.exchange.failTrade("floor-t9" as never)).toBe(false);
    expect(floor.exchange.trade("floor-t9" as never)).toBeUndefined();
  });

  it("expires what one account has resting, and says why", () => {
    const floor = new Floor({}, market({ tick: 10 as Price })).open(["ann", "bob"]);
    const [first, second] = two(floor);
    floor.place("ann", { limit: cents(30) });
    expect(floor.expire("ann")).toBe(2);
    expect(floor.statuses("ann", first!)).toEqual(["sent", "live", "canceled"]);
    expect(floor.reports("ann").at(-1)).toMatchObject({
      status: "canceled",
      detail: "the heartbeat stopped",
    });
    expect(floor.statuses("bob", second!)).toEqual(["sent", "live"]);
    expect(floor.expire("ann")).toBe(0);
    floor.exchange.advance(5 as never, () => {});
    expect(() => floor.exchange.expireAll("ann", "x", 0 as never)).toThrow(
      expect.objectContaining({ code: "INVARIANT" }),
    );
  });
});
