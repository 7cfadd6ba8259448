import type { Nanos } from "@matchpoint/sdk";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  heedHeaders,
  newRateState,
  RATE_TIERS,
  takeTokens,
  type RateState,
  type RateUse,
} from "../../src/index.ts";

const at = (seconds: number) => Math.round(seconds * 1e9) as Nanos;
const order = (count: number, open = 0): RateUse => ({ kind: "order", count, open });
const full = newRateState("standard", at(0));

/** Sends, or throws. */
function send(state: RateState, use: RateUse, now: number): RateState {
  const verdict = takeTokens(state, use, at(now));
  if (!verdict.ok) throw new TypeError(`refused for ${verdict.why}`);
  return verdict.state;
}

describe("token buckets", () => {
  it("take a batch of N for N, all or nothing", () => {
    let state = full;
    for (let n = 0; n < 4; n++) state = send(state, order(15), 0);
    expect(takeTokens(state, order(1), at(0))).toEqual({ ok: false, state, wait: 25_000_000, why: "order" });
    expect(takeTokens(state, order(15), at(0))).toMatchObject({ ok: false, wait: 375_000_000 });
    expect(takeTokens(state, order(15), at(0.375))).toMatchObject({ ok: true });
    expect(takeTokens(state, order(15), (at(0.375) - 1) as Nanos)).toMatchObject({ ok: false, wait: 1 });
  });

  it("refuse for good what is more than the bucket", () => {
    expect(takeTokens(full, order(61), at(0))).toMatchObject({ ok: false, wait: undefined });
  });

  it("keep enough cancels for every order that may rest: new orders stop first", () => {
    const state = send(full, { kind: "cancel", count: 100 }, 0); // 20 left
    expect(takeTokens(state, order(5, 14), at(0)).ok).toBe(true); // 14 + 5 + 1
    expect(takeTokens(state, order(5, 15), at(0))).toMatchObject({
      ok: false,
      why: "cancel_reserve",
      wait: 12_500_000,
    });
    expect(takeTokens(state, order(5, 15), at(0.0125)).ok).toBe(true);
    expect(takeTokens(state, { kind: "cancel", count: 20 }, at(0)).ok).toBe(true); // what the reserve is for
  });

  it("take orders with more open than the bucket holds, as long as it is full", () => {
    expect(takeTokens(full, order(1, 5_000), at(0)).ok).toBe(true);
    const used = send(full, { kind: "cancel", count: 1 }, 0);
    expect(takeTokens(used, order(1, 5_000), at(0))).toMatchObject({ ok: false, why: "cancel_reserve" });
  });

  it("let a cancel-all go into debt, and pay it back", () => {
    const state = send(full, { kind: "cancel_all", open: 199 }, 0); // 120 - 200
    expect(takeTokens(state, { kind: "cancel", count: 1 }, at(0))).toMatchObject({ wait: 1_012_500_000 });
    expect(takeTokens(state, { kind: "cancel", count: 1 }, at(1.0125)).ok).toBe(true);
  });

  it("heed the venue: fewer tokens, a refusal, another tier, never more tokens", () => {
    const heard = heedHeaders(full, "order", { "Poly-RateLimit-Remaining": "3" }, false, at(0));
    expect(takeTokens(heard, order(3), at(0)).ok).toBe(true);
    expect(takeTokens(heard, order(4), at(0)).ok).toBe(false);
    expect(heedHeaders(full, "order", {}, true, at(0)).order).toBe(0);
    expect(heedHeaders(heard, "order", { "poly-ratelimit-remaining": "60" }, false, at(0))).toEqual(heard);
    const gold = heedHeaders(full, "order", { "Poly-RateLimit-Tier": "Gold" }, false, at(0));
    expect(gold).toMatchObject({ tier: "gold", order: full.order });
    expect(takeTokens(gold, order(600), at(2)).ok).toBe(true);
    for (const tier of ["__proto__", "toString", "vip"])
      expect(heedHeaders(full, "order", { "Poly-RateLimit-Tier": tier }, false, at(0))).toEqual(full);
  });

  it("do not run backwards", () => {
    const state = send(full, order(60), 5);
    expect(takeTokens(state, order(1), at(1))).toMatchObject({ ok: false });
  });

  it.each([-1, 0.5, NaN, Infinity, 1e9])("refuse the count %d", (count) => {
    expect(() => takeTokens(full, order(count), at(0))).toThrow(/not a count/);
  });

  it("never let more through than burst and rate allow, and let through after the stated wait", () => {
    const tiers = Object.keys(RATE_TIERS) as (keyof typeof RATE_TIERS)[];
    const step = fc.record({
      gap: fc.integer({ min: 0, max: 200_000_000 }),
      use: fc.oneof(
        fc.record({
          kind: fc.constant("order" as const),
          count: fc.integer({ min: 1, max: 15 }),
          open: fc.nat(40),
        }),
        fc.record({ kind: fc.constant("cancel" as const), count: fc.integer({ min: 1, max: 40 }) }),
      ),
    });
    fc.assert(
      fc.property(fc.constantFrom(...tiers), fc.array(step, { maxLength: 60 }), (tier, steps) => {
        let state = newRateState(tier, at(0));
        let now = 0;
        const sent = { order: 0, cancel: 0 };
        for (const { gap, use } of steps) {
          now += gap;
          const verdict = takeTokens(state, use, now as Nanos);
          state = verdict.state;
          if (verdict.ok) sent[use.kind] += use.count;
          else if (verdict.wait !== undefined) {
            expect(verdict.wait).toBeGreaterThan(0);
            expect(takeTokens(state, use, (now + verdict.wait) as Nanos).ok).toBe(true);
            expect(takeTokens(state, use, (now + verdict.wait - 1) as Nanos).ok).toBe(false);
          }
          for (const kind of ["order", "cancel"] as const) {
            const { rate, burst } = RATE_TIERS[tier][kind];
            expect(sent[kind]).toBeLessThanOrEqual(burst + (rate * now) / 1e9);
            expect(Number.isSafeInteger(state[kind])).toBe(true);
          }
        }
      }),
    );
  });
});
