import { describe, expect, it } from "vitest";
import type { Nanos } from "@matchpoint/sdk";
import { cents, Harness, id, market, MARKET, sh, usd, WALL } from "./harness.ts";

const at = (ms: number): Nanos => (ms * 1e6) as Nanos;

describe("cancels", () => {
  it("PB-80 take 45 ms there and 58 back, and free what was held back", () => {
    const h = new Harness().book([], [[60, 10]]);
    const orderId = h.placed({});
    h.cancel(orderId).wait(200);
    expect(h.of(orderId).map((each) => [each.status, each.at / 1e6])).toEqual([
      ["sent", 0],
      ["live", 116],
      ["canceled", 303],
    ]);
    expect(h.broker.view.free()).toBe(usd(1000));
  });

  it("PB-81 race fills: what fills on the way cannot be cancelled", () => {
    const h = new Harness().book([], [[60, 10]]);
    const orderId = h.placed({});
    h.cancel(orderId).wait(30).print("sell", 49, 50).wait(200);
    expect(h.statuses(orderId)).toEqual(["sent", "live", "cancel_refused"]);
    expect(h.filled(orderId)).toBe(10);
    expect(h.of(orderId).at(-1)!.detail).toBe("already canceled or matched");
  });

  it("PB-82 keep what filled before them", () => {
    const h = new Harness().book([], [[60, 10]]);
    const orderId = h.placed({});
    h.cancel(orderId).wait(30).print("sell", 49, 4).wait(200);
    expect(h.statuses(orderId)).toEqual(["sent", "live", "canceled"]);
    expect([h.filled(orderId), h.cash(), h.broker.view.free()]).toEqual([4, 998, usd(998)]);
  });

  it("PB-83 do not find what has not arrived or never was", () => {
    const h = new Harness().book([], [[60, 10]]);
    const orderId = h.place({});
    h.cancel(orderId).cancel(id("0xnever")).wait(200);
    expect(h.statuses(orderId)).toEqual(["sent", "cancel_refused", "live"]);
    expect(h.statuses(id("0xnever"))).toEqual(["cancel_refused"]);
  });
});

describe("ends that come by themselves", () => {
  it("PB-84 a GTD order ends at its expiry, not before and not after", () => {
    const h = new Harness().book([], [[60, 10]]);
    const orderId = h.placed({ orderType: "GTD", expiresAt: at(130_000) });
    expect(h.to(129_999).broker.view.openOrders()).toHaveLength(1);
    h.to(130_000).print("sell", 49, 5).wait(100);
    expect(h.statuses(orderId)).toEqual(["sent", "live", "expired"]);
    expect([h.filled(orderId), h.broker.view.free()]).toEqual([0, usd(1000)]);
  });

  it("PB-85 takes shorter ends when told that the venue does", () => {
    const h = new Harness({ gtd_min_lead_ms: 0 }).book([], [[60, 10]]);
    const orderId = h.placed({ orderType: "GTD", expiresAt: at(500) });
    expect(h.wait(1_000).statuses(orderId)).toEqual(["sent", "live", "expired"]);
  });

  it("PB-86 clears the book at the game's start, by wall clock", () => {
    const h = new Harness({}, market({ clearBookOnStart: true, startsAt: (WALL + 5_000) as never })).book(
      [],
      [[60, 10]],
    );
    const orderId = h.placed({});
    h.to(4_999).print("sell", 49, 1).to(6_000);
    expect(h.statuses(orderId)).toEqual(["sent", "live", "canceled"]);
    expect(h.of(orderId).at(-1)!.at).toBe(at(5_058));
    expect(h.statuses(h.placed({}))).toEqual(["sent", "live"]);
  });

  it("PB-87 follows a start that moves, and lets be a market listed after its start", () => {
    const moving = { clearBookOnStart: true, startsAt: (WALL + 5_000) as never };
    const h = new Harness({}, market(moving)).book([], [[60, 10]]);
    const orderId = h.placed({});
    h.event({ type: "market_listed", market: market({ ...moving, startsAt: (WALL + 9_000) as never }) });
    expect(h.to(8_999).statuses(orderId)).toEqual(["sent", "live"]);
    expect(h.to(9_100).statuses(orderId)).toEqual(["sent", "live", "canceled"]);
    const late = new Harness({}, market({ clearBookOnStart: true, startsAt: (WALL - 5_000) as never })).book(
      [],
      [[60, 10]],
    );
    expect(late.wait(100).statuses(late.placed({}))).toEqual(["sent", "live"]);
  });

  it("PB-88 a resolution cancels what rests", () => {
    const h = new Harness().book([], [[60, 10]]);
    const orderId = h.placed({});
    h.event({ type: "market_resolution", marketId: MARKET, payouts: [usd(0), usd(1)], source: "gamma" }).wait(
      100,
    );
    expect(h.statuses(orderId)).toEqual(["sent", "live", "canceled"]);
    expect(h.of(orderId).at(-1)!.detail).toBe("the market is resolved");
    expect(h.broker.view.openOrders()).toEqual([]);
  });

  it("PB-89 a coarser grid makes orders between its prices invalid, a finer one none", () => {
    const h = new Harness({}, market({ tick: 10 as never })).book([], [[60, 10]]);
    const on = h.placed({ limit: cents(50), size: sh(5) });
    const off = h.placed({ limit: cents(50.5), size: sh(5) });
    h.event({ type: "tick_size_changed", marketId: MARKET, tick: 100 }).wait(100);
    expect(h.statuses(off)).toEqual(["sent", "live", "invalid:TICK"]);
    h.event({ type: "market_listed", market: market({ tick: 10 as never }) }).wait(100);
    expect(h.statuses(on)).toEqual(["sent", "live"]);
    expect(h.statuses(h.placed({ limit: cents(50.5) }))).toEqual(["sent", "live"]);
  });

  it("keeps the grid that the venue changed when other terms change, and takes the one that terms state", () => {
    const h = new Harness().book([], [[60, 10]]);
    h.event({ type: "tick_size_changed", marketId: MARKET, tick: 10 }).wait(100);
    const fine = h.placed({ limit: cents(50.5) });
    const terms = (over: object) =>
      h.event({ type: "terms_changed", marketId: MARKET, source: "clob", terms: over });
    terms({ startsAt: WALL + 3_600_000 }).wait(100);
    expect(h.statuses(fine)).toEqual(["sent", "live"]);
    expect(h.statuses(h.placed({ limit: cents(50.7) }))).toEqual(["sent", "live"]);
    terms({ tick: 100 }).wait(100);
    expect(h.statuses(fine)).toEqual(["sent", "live", "invalid:TICK"]);
  });
});

describe("reports", () => {
  it("PB-90 carry their own due time, the wall clock of the first outside event, and when it happened", () => {
    const h = new Harness({}, null);
    h.now = 1_000;
    h.event({ type: "market_listed", market: market() }).book([], [[50, 10]]);
    const orderId = h.placed({ size: sh(5) });
    expect(h.trades(orderId)[0]).toMatchObject({
      at: at(1_116),
      receivedAt: WALL + 1_116,
      occurredAt: WALL + 1_058,
    });
  });

  it("PB-91 of one moment keep the order of what led to them", () => {
    const h = new Harness().book(
      [],
      [
        [50, 10],
        [51, 10],
      ],
    );
    const first = h.place({ size: sh(5) });
    const second = h.place({ size: sh(5) });
    const third = h.place({ limit: cents(51), size: sh(20) });
    h.wait(200);
    const told = h.reports
      .filter((each) => each.at === at(116))
      .map((each) => `${each.type}:${(each as { orderId: string }).orderId}`);
    expect(told).toEqual([
      `order_report:${first}`,
      `trade_report:${first}`,
      `order_report:${second}`,
      `trade_report:${second}`,
      `order_report:${third}`,
      `trade_report:${third}`,
    ]);
  });

  it("PB-92 vary with jitter, from the seed alone", () => {
    const run = (seed: number): number[] => {
      const h = new Harness({ seed, latency: { jitter_ms: 40 } }).book([], [[50, 1_000]]);
      for (let i = 0; i < 20; i++) h.placed({ size: sh(5) });
      return h.to(20_000).reports.map((each) => each.at);
    };
    expect(run(1)).toEqual(run(1));
    expect(run(1)).not.toEqual(run(2));
    const h = new Harness({ latency: { jitter_ms: 40 } }).book([], [[60, 1_000]]);
    for (let i = 0; i < 50; i++) {
      const sent = h.now;
      const answered = h.of(h.placed({ size: sh(5) }))[1]!.at / 1e6 - sent;
      expect(answered).toBeGreaterThanOrEqual(116);
      expect(answered).toBeLessThan(196);
    }
  });

  it("PB-93 never come out of observe or submit, and wait for advance", () => {
    const h = new Harness().book([], [[50, 10]]);
    h.place({});
    h.broker.observe({ type: "market_listed", market: market(), at: at(500), receivedAt: WALL as never });
    expect(h.reports).toEqual([]);
    expect(h.broker.nextDue()).toBe(0);
    h.to(1_000);
    expect(h.reports.map((each) => each.at)).toEqual([0, at(116), at(116)]);
  });

  it("PB-94 a command from the past is a programming error", () => {
    const h = new Harness();
    h.wait(100).broker.advance(at(100), () => {});
    const order = h.broker.prepare({ marketId: MARKET } as never, 0);
    expect(() => h.broker.submit({ kind: "place", order }, at(99))).toThrow(
      expect.objectContaining({ code: "INVARIANT" }),
    );
  });
});

describe("bad input", () => {
  it("PB-95 is counted and changes nothing", () => {
    const h = new Harness().book([[50, 10]], [[60, 10]]);
    const orderId = h.placed({});
    for (const size of [Number.NaN, -5, 0, 1e309, 0.5]) {
      h.event({ type: "market_trade", marketId: MARKET, outcome: 0, side: "sell", price: 4_900, size });
    }
    h.event({
      type: "market_trade",
      marketId: MARKET,
      outcome: 0,
      side: "sell",
      price: Number.NaN,
      size: 5e6,
    });
    h.event({ type: "market_resolution", marketId: MARKET, payouts: [2_000_000, -1], source: "bad" });
    h.event({ type: "book_delta", marketId: id("0xother"), levels: [0, 5_000, 1], bestBid: -1, bestAsk: -1 });
    h.event({
      type: "market_trade",
      marketId: id("__proto__"),
      outcome: 0,
      side: "sell",
      price: 4_900,
      size: 5e6,
    });
    h.wait(200);
    expect(h.statuses(orderId)).toEqual(["sent", "live"]);
    expect(h.filled(orderId)).toBe(0);
    expect(h.broker.view.stats()).toMatchObject({ malformed: 7, unlisted: 2 });
  });

  it.each([
    [{ latency: { place_ms: -1 } }],
    [{ latency: { place_ms: Number.NaN } }],
    [{ latency: { mined_ms: 20_000 } }],
    [{ latency: { plce_ms: 5 } as never }],
    [{ faults: { trade_fail: 1.5 } }],
    [{ fill_model: "lucky" as never }],
    [{ sell_gate: "never" as never }],
    [{ seed: 0.5 }],
    [{ collateral: -1 as never }],
    [{ retain: 0 }],
    [{ synthetic_size: 0 as never }],
  ])("PB-96 refuses the options %j", (options) => {
    expect(() => new Harness(options)).toThrow(expect.objectContaining({ code: "CONFIG_INVALID" }));
  });
});

describe("prepare", () => {
  it("PB-97 is pure: 32 bytes of hash from the run, the sequence and what is asked for", () => {
    const h = new Harness();
    const one = {
      marketId: MARKET,
      outcome: 0,
      side: "buy",
      limit: 5_000,
      size: 5_000_000,
      intentId: "a-1",
    } as never;
    const made = h.broker.prepare(one, 3);
    expect(made.orderId).toMatch(/^0x[0-9a-f]{64}$/);
    expect(h.broker.prepare(one, 3)).toEqual(made);
    expect(new Harness().broker.prepare(one, 3)).toEqual(made);
    const others = [
      h.broker.prepare(one, 4),
      h.broker.prepare({ ...(one as object), limit: 5_100 } as never, 3),
      h.broker.prepare({ ...(one as object), spend: 1 } as never, 3),
      h.broker.prepare({ ...(one as object), expiresAt: 1 } as never, 3),
      new Harness({ runId: "other" }).broker.prepare(one, 3),
    ];
    expect(new Set([made, ...others].map((each) => each.orderId)).size).toBe(6);
    expect(h.broker.nextDue()).toBeUndefined();
  });
});

describe("memory", () => {
  it("PB-98 forgets the oldest finished orders and trades", () => {
    const h = new Harness({ retain: 3 }).book([], [[50, 1_000]]);
    const ids = Array.from({ length: 6 }, () => h.placed({ size: sh(5) }));
    expect(ids.map((each) => h.broker.view.order(each).kind)).toEqual([
      "absent",
      "absent",
      "absent",
      "found",
      "found",
      "found",
    ]);
    expect(h.broker.view.trades()).toMatchObject({ trades: { length: 3 }, next: 6 });
    expect(h.broker.view.trades(5).trades).toHaveLength(1);
    h.to(30_000);
    expect(h.trades(ids[0], "CONFIRMED")).toHaveLength(1);
    expect(h.broker.view.positions()).toMatchObject([{ matched: sh(30), settled: sh(30) }]);
  });
});
