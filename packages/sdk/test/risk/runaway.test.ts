import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { id, type StrategyId } from "../../src/ids.ts";
import { riskLimits, RunawayGuard, type RunawayLimits } from "../../src/risk/index.ts";
import { SumWindow } from "../../src/risk/sumWindow.ts";
import type { Nanos } from "../../src/units/index.ts";
import { config, gate, intent, resting, sh, usd, view } from "./support.ts";

const S = id<StrategyId>("s");
const T = id<StrategyId>("t");
const SECOND = 1_000_000_000;
const at = (seconds: number): Nanos => Math.round(seconds * SECOND) as Nanos;
const NONE: RunawayLimits = {
  account: { ordersPerSecond: 0, usdcPerMinute: 0, rejectsPerMinute: 0 },
  strategy: { ordersPerSecond: 0, usdcPerMinute: 0, rejectsPerMinute: 0 },
  cancelsPerFill: 0,
  malformedPerMinute: 0,
  faults: 0,
};
const guard = (over: Partial<RunawayLimits>): RunawayGuard => new RunawayGuard({ ...NONE, ...over });

describe("SumWindow", () => {
  it("never counts less than what was within the window, and at most one piece more", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -1_000, max: 1_000 }),
        fc.array(fc.tuple(fc.integer({ min: 0, max: 250 }), fc.integer({ min: 0, max: 9 })), {
          maxLength: 60,
        }),
        (start, steps) => {
          const window = new SumWindow(100, 10);
          const all: { at: number; amount: number }[] = [];
          let now = start;
          for (const [gap, amount] of steps) {
            now += gap;
            const sum = (since: number): number =>
              all.reduce((total, each) => total + (each.at > since ? each.amount : 0), 0);
            const counted = window.total(now as Nanos);
            expect(counted).toBeGreaterThanOrEqual(sum(now - 100));
            expect(counted).toBeLessThanOrEqual(sum(now - 110));
            window.add(amount, now as Nanos);
            all.push({ at: now, amount });
          }
        },
      ),
    );
  });

  it("forgets all of it when it is cleared, and goes on", () => {
    const window = new SumWindow(100, 10);
    window.add(5, 1 as Nanos);
    window.clear();
    expect(window.total(2 as Nanos)).toBe(0);
    window.add(3, 3 as Nanos);
    expect(window.total(50 as Nanos)).toBe(3);
    expect(window.total(111 as Nanos)).toBe(0);
  });

  it("takes time that stands still, or goes back, for the latest it knows", () => {
    const window = new SumWindow(100, 10);
    window.add(5, 500 as Nanos);
    window.add(2, 400 as Nanos);
    expect(window.total(500 as Nanos)).toBe(7);
  });
});

describe("RunawayGuard", () => {
  it("lets as many orders a second through as the limit says, and says who sent one too many", () => {
    const one = guard({ strategy: { ...NONE.strategy, ordersPerSecond: 3 } });
    for (let i = 0; i < 3; i++) {
      expect(one.excess(S, usd(1), at(i / 10))).toBeUndefined();
      one.sent(S, usd(1), at(i / 10));
    }
    expect(one.excess(S, usd(1), at(0.4))).toEqual({
      who: "strategy",
      reason: "4 orders within a second, the limit is 3",
    });
    expect(one.excess(T, usd(1), at(0.4))).toBeUndefined();
    expect(one.excess(S, usd(1), at(1.2))).toBeUndefined();
  });

  it("counts what is sent, not what is asked", () => {
    const one = guard({ strategy: { ...NONE.strategy, ordersPerSecond: 1 } });
    for (let i = 0; i < 9; i++) expect(one.excess(S, usd(1), at(0))).toBeUndefined();
  });

  it("adds all strategies up for the account", () => {
    const one = guard({ account: { ...NONE.account, ordersPerSecond: 2 } });
    one.sent(S, usd(1), at(0));
    one.sent(T, usd(1), at(0));
    expect(one.excess(S, usd(1), at(0.1))).toEqual({
      who: "account",
      reason: "3 orders within a second, the limit is 2",
    });
  });

  it("blames the strategy first where both are too fast", () => {
    const fast = { ...NONE.strategy, ordersPerSecond: 1 };
    const one = guard({ account: fast, strategy: fast });
    one.sent(S, usd(1), at(0));
    expect(one.excess(S, usd(1), at(0))).toMatchObject({ who: "strategy" });
    expect(one.excess(T, usd(1), at(0))).toMatchObject({ who: "account" });
  });

  it("takes the dollars of a minute up to the limit exactly", () => {
    const one = guard({ strategy: { ...NONE.strategy, usdcPerMinute: usd(10) } });
    one.sent(S, usd(6), at(0));
    expect(one.excess(S, usd(4), at(30))).toBeUndefined();
    expect(one.excess(S, usd(4.01), at(30))).toEqual({
      who: "strategy",
      reason: "orders for $10.01 within a minute, the limit is $10",
    });
    expect(one.excess(S, usd(10), at(61))).toBeUndefined();
    const all = guard({ account: { ...NONE.account, usdcPerMinute: usd(10) } });
    all.sent(T, usd(6), at(0));
    expect(all.excess(S, usd(4.01), at(30))).toMatchObject({ who: "account" });
  });

  it("counts rejects of a minute, by strategy and in all", () => {
    const one = guard({ strategy: { ...NONE.strategy, rejectsPerMinute: 2 } });
    expect(one.rejected(S, at(0))).toBeUndefined();
    expect(one.rejected(T, at(1))).toBeUndefined();
    expect(one.rejected(S, at(2))).toEqual({
      who: "strategy",
      reason: "2 orders rejected within a minute, the limit is 2",
    });
    const all = guard({ account: { ...NONE.account, rejectsPerMinute: 2 } });
    expect(all.rejected(S, at(0))).toBeUndefined();
    expect(all.rejected(T, at(1))).toMatchObject({ who: "account" });
    const slow = guard({ strategy: { ...NONE.strategy, rejectsPerMinute: 2 } });
    expect(slow.rejected(S, at(0))).toBeUndefined();
    expect(slow.rejected(S, at(62))).toBeUndefined();
  });

  it("holds cancels against fills, of which there is always one", () => {
    const one = guard({ cancelsPerFill: 2 });
    expect(one.cancelled(S, at(0))).toBeUndefined();
    expect(one.cancelled(S, at(0))).toBeUndefined();
    expect(one.cancelled(S, at(0))).toMatchObject({
      who: "strategy",
      reason: "3 cancels and 0 fills within a minute, the limit is 2 per fill",
    });
    one.filled(S, at(1));
    expect(one.cancelled(S, at(1))).toBeDefined();
    one.filled(S, at(1));
    one.filled(S, at(1));
    expect(one.cancelled(S, at(1))).toBeUndefined();
    expect(one.cancelled(S, at(1))).toBeUndefined();
    expect(one.cancelled(S, at(1))).toBeDefined();
  });

  it("counts orders that are none, and hooks that fail, each within its time", () => {
    const one = guard({ malformedPerMinute: 2, faults: 2 });
    expect(one.misstep("malformed_order", S, "size NaN", at(0))).toBeUndefined();
    expect(one.misstep("malformed_order", S, "size -0", at(59))).toEqual({
      who: "strategy",
      reason: "2 orders within a minute that are none, the last: size -0",
    });
    expect(one.misstep("failed_hook", S, "", at(0))).toBeUndefined();
    expect(one.misstep("failed_hook", S, "", at(590))).toEqual({
      who: "strategy",
      reason: "2 of its hooks failed within ten minutes",
    });
    expect(one.misstep("malformed_order", T, "size 0", at(60))).toBeUndefined();
    expect(one.misstep("malformed_order", T, "size 0", at(122))).toBeUndefined();
    expect(one.misstep("failed_hook", T, "", at(600))).toBeUndefined();
    expect(one.misstep("failed_hook", T, "", at(1_211))).toBeUndefined();
  });

  it("has no limits where they are 0", () => {
    const one = guard({});
    for (let i = 0; i < 5_000; i++) {
      one.sent(S, usd(1e6), at(0));
      expect(one.rejected(S, at(0))).toBeUndefined();
      expect(one.cancelled(S, at(0))).toBeUndefined();
      expect(one.misstep("malformed_order", S, "x", at(0))).toBeUndefined();
      expect(one.misstep("failed_hook", S, "", at(0))).toBeUndefined();
    }
    expect(one.excess(S, usd(1e6), at(0))).toBeUndefined();
  });

  it("measures anew whom an operator lets go on, and nobody else", () => {
    const rate = { ordersPerSecond: 1, usdcPerMinute: usd(5), rejectsPerMinute: 2 };
    const one = guard({ account: { ...rate, ordersPerSecond: 2, usdcPerMinute: usd(8) }, strategy: rate });
    one.sent(S, usd(4), at(0));
    one.sent(T, usd(4), at(0));
    one.rejected(S, at(0));
    one.clear(S);
    expect(one.excess(S, usd(0), at(0))).toMatchObject({ who: "account" });
    one.clearAccount();
    expect(one.excess(S, usd(5), at(0))).toBeUndefined();
    expect(one.excess(T, usd(0), at(0))).toMatchObject({ who: "strategy" });
    expect(one.rejected(S, at(0))).toBeUndefined();
  });
});

describe("the limits of what runs away", () => {
  it("grow with what one order, and how many of them, may be", () => {
    expect(riskLimits(config()).runaway).toEqual({
      account: { ordersPerSecond: 120, usdcPerMinute: usd(50_000), rejectsPerMinute: 120 },
      strategy: { ordersPerSecond: 80, usdcPerMinute: usd(25_000), rejectsPerMinute: 60 },
      cancelsPerFill: 1_000,
      malformedPerMinute: 5,
      faults: 5,
    });
    const small = riskLimits(config({ max_order_usdc: 2, max_open_orders: 5 })).runaway;
    expect(small.account).toMatchObject({ ordersPerSecond: 100, usdcPerMinute: usd(2_000) });
    expect(small.strategy).toMatchObject({ ordersPerSecond: 50, usdcPerMinute: usd(1_000) });
  });

  it("are those that are stated, where they are", () => {
    const runaway = {
      max_orders_per_second: 1,
      max_usdc_per_minute: 2.5,
      max_rejects_per_minute: 3,
      strategy_orders_per_second: 4,
      strategy_usdc_per_minute: 5,
      strategy_rejects_per_minute: 6,
      strategy_cancels_per_fill: 7,
      strategy_malformed_per_minute: 8,
      strategy_faults: 9,
    };
    expect(riskLimits(config({ runaway })).runaway).toEqual({
      account: { ordersPerSecond: 1, usdcPerMinute: usd(2.5), rejectsPerMinute: 3 },
      strategy: { ordersPerSecond: 4, usdcPerMinute: usd(5), rejectsPerMinute: 6 },
      cancelsPerFill: 7,
      malformedPerMinute: 8,
      faults: 9,
    });
  });
});

describe("RiskGate and what runs away", () => {
  const free = { duplicate_window_ms: 0, max_open_orders: 1_000 };

  it("denies the order that is one too many, says who has to stop, and counts only what passes", () => {
    const one = gate({ ...free, runaway: { strategy_orders_per_second: 2 } });
    const ask = (n: number) => one.check(resting({ intentId: id(`me-${n}`), limit: 4_000 as never }), view());
    expect([ask(1).allow, ask(2).allow]).toEqual([true, true]);
    expect(ask(3)).toEqual({
      allow: false,
      code: "RUNAWAY",
      detail: "3 orders within a second, the limit is 2",
      runaway: { who: "strategy", reason: "3 orders within a second, the limit is 2" },
    });
  });

  it("adds up what orders are worth at their limits", () => {
    const one = gate({ ...free, runaway: { max_usdc_per_minute: 9 } });
    expect(one.check(intent(), view()).allow).toBe(true);
    expect(one.check(intent({ intentId: id("me-2") }), view())).toMatchObject({
      code: "RUNAWAY",
      detail: "orders for $10 within a minute, the limit is $9",
      runaway: { who: "account" },
    });
    expect(one.check(intent({ intentId: id("me-3"), size: sh(8) }), view()).allow).toBe(true);
  });

  it("denies by the market's rate first: that is no reason to stop anybody", () => {
    const one = gate({ ...free, max_orders_per_minute: 1, runaway: { strategy_orders_per_second: 1 } });
    one.check(intent(), view());
    const verdict = one.check(intent({ intentId: id("me-2") }), view());
    expect(verdict).toEqual({ allow: false, code: "ORDER_RATE", detail: "1 orders within the last minute" });
  });

  it("counts an earlier run's orders for both", () => {
    const one = gate({ ...free, max_orders_per_minute: 2, runaway: { strategy_usdc_per_minute: 11 } });
    one.seed(intent(), 0 as Nanos);
    one.seed(intent(), 0 as Nanos);
    expect(one.check(intent(), view())).toMatchObject({ code: "ORDER_RATE" });
    const other = gate({ ...free, runaway: { strategy_usdc_per_minute: 11 } });
    other.seed(intent(), 0 as Nanos);
    other.seed(intent({ marketId: id("0xb") }), 0 as Nanos);
    expect(other.check(intent(), view())).toMatchObject({ code: "RUNAWAY", runaway: { who: "strategy" } });
  });
});
