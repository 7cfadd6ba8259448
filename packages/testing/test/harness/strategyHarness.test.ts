import {
  PairArb,
  parsePrice,
  parseShares,
  Strategy,
  type BookContext,
  type TimerContext,
  type TruthContext,
} from "@matchpoint/sdk";
import { describe, expect, it } from "vitest";
import { strategyHarness, testMatch } from "../../src/index.ts";

/** A schema that is at hand; only `max_price` is used. */
const PARAMS = PairArb.params;
const CHEAP = { max_price: 0.3 };

class BuyCheap extends Strategy<typeof PARAMS> {
  static readonly id = "buy-cheap";
  static readonly posture = "directional";
  static readonly params = PARAMS;

  override onBook(ctx: BookContext): void {
    const { ask } = ctx.quote(0);
    if (ask / 10_000 >= this.params.max_price) return ctx.skip("not cheap", { ask });
    if (ctx.orders().length > 0 || ctx.position(0).matched > 0) return ctx.skip("bought already");
    ctx.buy({ outcome: 0, limit: ask, size: parseShares("10"), reason: "cheap" });
  }
}

class Rester extends Strategy<typeof PARAMS> {
  static readonly id = "rester";
  static readonly posture = "directional";
  static readonly params = PARAMS;

  override onBook(ctx: BookContext): void {
    if (ctx.orders().length > 0) return;
    ctx.buy({
      outcome: 0,
      limit: parsePrice("0.4"),
      size: parseShares("20"),
      orderType: "GTC",
      postOnly: true,
    });
    ctx.after(5_000, "give up");
  }

  override onTimer(ctx: TimerContext): void {
    ctx.cancelAll(ctx.name);
  }
}

class OnTruth extends Strategy<typeof PARAMS> {
  static readonly id = "on-truth";
  static readonly posture = "directional";
  static readonly params = PARAMS;
  static readonly truthDriven = true;

  override onTruth(ctx: TruthContext): void {
    ctx.skip(`maps ${ctx.truth.match.maps.join(" to ")}`, { p: ctx.truth.p });
  }
}

describe("a strategy harness", () => {
  it("runs the strategy and shows why nothing was done", () => {
    const harness = strategyHarness({ strategy: BuyCheap, params: CHEAP });
    harness.book({ bids: [[0.49, 100]], asks: [[0.51, 100]] });
    harness.level("ask", 0.5, 40);
    expect(harness.skips()).toEqual([{ reason: "not cheap", count: 2, last: { ask: 5_000 } }]);
    expect(harness.orders()).toEqual([]);
    expect(harness.status()).toBe("IDLE");
  });

  it("shows orders, fills, positions and cash as plain numbers", () => {
    const harness = strategyHarness({ strategy: BuyCheap, params: { max_price: 0.5 } });
    harness.book({ bids: [["0.24", "100"]], asks: [["0.25", "100"]] });
    expect(harness.orders()).toMatchObject([
      {
        outcome: 0,
        side: "buy",
        orderType: "FAK",
        limit: 0.25,
        size: 10,
        matched: 0,
        reason: "cheap",
        status: "PREPARED",
        placedAtMs: 0,
      },
    ]);
    harness.advance(500);
    expect(harness.openOrders().length).toBe(1);
    expect(harness.fills()).toEqual([]);
    harness.advance(20_000);
    const [fill] = harness.fills();
    expect(fill).toMatchObject({
      outcome: 0,
      side: "buy",
      price: 0.25,
      size: 10,
      cost: 2.5,
      fee: 0.09375,
      liquidity: "taker",
      status: "CONFIRMED",
    });
    expect(fill!.orderId).toBe(harness.orders()[0]!.id);
    expect(fill!.atMs).toBeGreaterThan(1_000);
    expect(harness.orders()[0]).toMatchObject({ status: "FILLED", matched: 10 });
    expect(harness.openOrders()).toEqual([]);
    expect(harness.position(0)).toEqual({ shares: 10, settled: 10, cost: 2.59375 });
    expect(harness.cash()).toBeCloseTo(1_000 - 2.59375, 9);
    harness.resolve([1, 0]).advance(20_000);
    expect(harness.status()).toBe("RESOLVED");
    expect(harness.finish().pnl).toBe(7_406_250);
  });

  it("shows what the risk gate refused", () => {
    const harness = strategyHarness({
      strategy: BuyCheap,
      params: CHEAP,
      config: { risk: { max_order_usdc: 1 } },
    });
    harness.book({ bids: [[0.24, 100]], asks: [[0.25, 100]] });
    const [order] = harness.orders();
    expect(order!.status).toBe("DENIED");
    expect(order!.code).toMatch(/^[A-Z_]+$/);
    expect(harness.fills()).toEqual([]);
  });

  it("matches resting orders against other people's trades and lets timers ring", () => {
    const harness = strategyHarness({ strategy: Rester });
    harness.book({ bids: [[0.39, 100]], asks: [[0.42, 100]] }).advance(500);
    expect(harness.openOrders()).toMatchObject([
      { status: "LIVE", orderType: "GTC", postOnly: true, limit: 0.4 },
    ]);
    harness.trade("sell", 0.4, 5).advance(1_000);
    expect(harness.fills()).toMatchObject([{ price: 0.4, size: 5, fee: 0, liquidity: "maker" }]);
    harness.advance(6_000);
    expect(harness.orders()).toMatchObject([{ status: "CANCELED", matched: 5 }]);
  });

  it("tells of the match, and reads levels of either outcome", () => {
    const harness = strategyHarness({ strategy: OnTruth, match: { bestOf: 5 } });
    harness.book({ bids: [[0.3, 10]], asks: [[0.4, 20]] }, 1);
    const { book } = harness.runtime.core.market(harness.market.marketId)!;
    expect([book.bid(1), book.ask(1), book.bid(0), book.ask(0)]).toEqual([3_000, 4_000, 6_000, 7_000]);
    harness.level("bid", 0.35, 7, 1);
    expect([book.bid(1), book.ask(0)]).toEqual([3_500, 6_500]);
    harness.claim({ kind: "game_started", game: 1 }).claim({ kind: "game_won", game: 1, winner: 1 });
    expect(harness.skips().map((skip) => skip.reason)).toContain("maps 0 to 1");
    harness.claim({ kind: "retracted", game: 1, reason: "rollback" }, { source: "grid" });
    expect(harness.runtime.core.truth.state(testMatch().matchId)!.maps).toEqual([0, 0]);
    harness.health("down").continuity("gap");
    expect(book.status).toBe("gapped");
    harness.operator({ kind: "kill" });
    expect(harness.status()).toBe("HALT");
  });

  it("works without a match", () => {
    const harness = strategyHarness({ strategy: BuyCheap, params: CHEAP, match: false });
    expect(harness.market.subject).toBeUndefined();
    harness.book({ bids: [[0.24, 100]], asks: [[0.25, 100]] }).advance(5_000);
    expect(harness.fills().length).toBe(1);
  });

  it("refuses parameters, configurations and prices that are none", () => {
    expect(() => strategyHarness({ strategy: BuyCheap, params: { above: 1 } })).toThrow(
      expect.objectContaining({ code: "STRATEGY_INVALID" }),
    );
    expect(() =>
      strategyHarness({ strategy: BuyCheap, params: CHEAP, config: { risk: { max_order_usdc: -1 } } }),
    ).toThrow(expect.objectContaining({ code: "CONFIG_INVALID" }));
    const harness = strategyHarness({ strategy: BuyCheap, params: CHEAP });
    expect(() => harness.book({ bids: [[1.5, 1]] })).toThrow(
      expect.objectContaining({ code: "UNIT_INVALID" }),
    );
    expect(() => harness.book({ bids: [[NaN, 1]] })).toThrow(
      expect.objectContaining({ code: "UNIT_INVALID" }),
    );
    expect(() => harness.level("bid", 0.5, -1)).toThrow(expect.objectContaining({ code: "UNIT_INVALID" }));
  });
});
