import { describe, expect, it } from "vitest";
import { cents, Harness, market, MARKET, sh, SPORTS, usd } from "./harness.ts";

const slow = market({ takerDelayMs: 1_000 });
const at = (h: Harness, orderId: never): number[] => h.of(orderId).map((each) => each.at / 1e6);

describe("the taker delay", () => {
  it("PB-50 holds a marketable order and matches it against the book at the end of the window", () => {
    const h = new Harness({}, slow).book([], [[50, 100]]);
    const id = h.place({ orderType: "GTC", limit: cents(50), size: sh(10) });
    h.wait(500)
      .delta(
        [],
        [
          [50, 0],
          [48, 100],
        ],
      )
      .wait(2_000);
    expect(h.statuses(id)).toEqual(["sent", "delayed", "matched"]);
    expect(at(h, id as never)).toEqual([0, 116, 58 + 1_000 + 58]);
    expect(h.trades(id)).toMatchObject([{ price: cents(48), size: sh(10), liquidity: "taker" }]);
  });

  it("PB-51 rests what finds nothing at the end: unmatched", () => {
    const h = new Harness({}, slow).book([[40, 5]], [[50, 100]]);
    const id = h.place({});
    h.wait(500)
      .delta([], [[50, 0]])
      .wait(2_000);
    expect(h.statuses(id)).toEqual(["sent", "delayed", "unmatched"]);
    expect(h.broker.view.order(id)).toMatchObject({ status: "LIVE" });
  });

  it.each([
    ["FAK", "FAK_NO_MATCH"],
    ["FOK", "FOK_NOT_FILLED"],
  ] as const)("PB-52 kills a %s that finds nothing at the end", (orderType, code) => {
    const h = new Harness({}, slow).book([], [[50, 100]]);
    const id = h.place({ orderType });
    h.wait(500)
      .delta([], [[50, 0]])
      .wait(2_000);
    expect(h.statuses(id)).toEqual(["sent", "delayed", `canceled:${code}`]);
    expect(h.broker.view.free()).toBe(usd(1000));
  });

  it("PB-53 cannot be cancelled in the window, and can after it", () => {
    const h = new Harness({}, slow).book([], [[50, 100]]);
    const id = h.place({ size: sh(200) });
    h.wait(500).cancel(id).wait(1_000);
    expect(h.statuses(id)).toEqual(["sent", "delayed", "cancel_refused", "live"]);
    expect(h.filled(id)).toBe(100);
    h.cancel(id).wait(200);
    expect(h.statuses(id).at(-1)).toBe("canceled");
  });

  it("PB-54 holds its dollars back in the window", () => {
    const h = new Harness({ collateral: usd(10) }, market({ takerDelayMs: 1_000, fee: SPORTS })).book(
      [],
      [[50, 100]],
    );
    h.placed({ orderType: "FAK", spend: usd(9) });
    expect(h.broker.view.free()).toBe(usd(10) - usd(9.225));
    expect(h.statuses(h.placed({ orderType: "FAK", spend: usd(1) }))).toContain("rejected:BALANCE");
  });

  it("PB-58 may need all that it held back", () => {
    const h = new Harness({ collateral: usd(5) }, slow).book([], [[50, 100]]);
    const id = h.place({ size: sh(10) });
    expect(h.wait(2_000).statuses(id)).toEqual(["sent", "delayed", "matched"]);
    const selling = new Harness({}, slow).own(0, 10, 50).book([[50, 100]], []);
    expect(selling.held(0)).toBe(10);
    const sell = selling.place({ side: "sell", size: sh(10) });
    expect(selling.wait(2_000).statuses(sell)).toEqual(["sent", "delayed", "matched"]);
  });

  it("PB-55 checks everything again at the end", () => {
    const closed = new Harness({}, slow).book([], [[50, 100]]);
    const first = closed.place({});
    closed
      .wait(500)
      .event({ type: "market_listed", market: { ...slow, acceptingOrders: false } })
      .wait(2_000);
    expect(closed.statuses(first)).toEqual(["sent", "delayed", "rejected:MARKET_CLOSED"]);

    const grid = new Harness({}, market({ takerDelayMs: 1_000, tick: 10 as never })).book([], [[50, 100]]);
    const second = grid.place({ limit: cents(50.5) });
    grid.wait(500).event({ type: "tick_size_changed", marketId: MARKET, tick: 100 }).wait(2_000);
    expect(grid.statuses(second)).toEqual(["sent", "delayed", "rejected:TICK"]);

    const own = new Harness({}, slow).own(0, 20, 50).book([], [[50, 100]]);
    const third = own.place({ limit: cents(60) });
    own.wait(100).place({ side: "sell", limit: cents(60) });
    own.wait(2_000);
    expect(own.statuses(third)).toEqual(["sent", "delayed", "rejected:OTHER"]);
  });

  it("PB-56 does not hold orders that would rest, or post-only ones", () => {
    const h = new Harness({}, slow).book([], [[50, 100]]);
    expect(h.statuses(h.placed({ limit: cents(49) }))).toEqual(["sent", "live"]);
    expect(h.statuses(h.placed({ limit: cents(49), postOnly: true }))).toEqual(["sent", "live"]);
    expect(h.statuses(h.placed({ limit: cents(49), orderType: "FAK" }))).toEqual([
      "sent",
      "rejected:FAK_NO_MATCH",
    ]);
  });

  it("PB-57 reads the delay of each market and each change of it", () => {
    const h = new Harness({}, slow).book([], [[50, 100]]);
    h.event({ type: "market_listed", market: market({ takerDelayMs: 0 }) });
    expect(h.statuses(h.placed({}))).toEqual(["sent", "matched"]);
  });
});
