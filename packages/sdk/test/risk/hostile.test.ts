import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Intent } from "../../src/events/index.ts";
import { OrderRate } from "../../src/risk/orderRate.ts";
import type { Nanos } from "../../src/units/index.ts";
import { gate, held, intent, MARKET, view } from "./support.ts";

const number = fc.oneof(
  fc.constantFrom(
    0,
    -0,
    1,
    -1,
    0.1,
    NaN,
    Infinity,
    -Infinity,
    2 ** 53,
    -(2 ** 53),
    1e308,
    5_000,
    4_800,
    10_000,
  ),
  fc.integer({ min: -10, max: 20_000 }),
  fc.integer({ min: 0, max: 200 }).map((n) => n * 1_000_000),
  fc.double(),
);
const wrong = fc.constantFrom(undefined, null, "", "5000", true, [], {}, 5n, "__proto__", "x".repeat(500));
/** Mostly what the field should be, so that one bad field does not always hide behind another. */
const mostly = (...good: unknown[]) =>
  fc.oneof(
    { weight: 20, arbitrary: fc.constantFrom(...good) },
    { weight: 1, arbitrary: number },
    { weight: 1, arbitrary: wrong },
  );
const hostile = fc.record({
  outcome: mostly(0, 1),
  side: mostly("buy", "sell"),
  orderType: mostly("FAK", "FOK", "GTC", "GTD"),
  postOnly: mostly(true, false),
  limit: mostly(4_800, 5_000),
  size: mostly(10_000_000),
  spend: mostly(4_800_000, undefined),
  expiresAt: mostly(undefined, undefined, 5e9),
  purpose: mostly("entry", "exit", "hedge"),
  edge: mostly(undefined, 0.05),
});

describe("hostile intents", () => {
  it(
    "are denied with a code, never thrown over, and pass only when they are sound",
    { timeout: 30_000 },
    () => {
      let passed = 0;
      fc.assert(
        fc.property(hostile, (fields) => {
          const one = { ...intent(), ...fields } as unknown as Intent;
          const verdict = gate().check(one, view({ positions: { [MARKET]: [held(50, 25), held(0, 0)] } }));
          if (!verdict.allow) {
            expect(verdict.detail.length).toBeLessThan(300);
            return;
          }
          passed += 1;
          expect(Number.isSafeInteger(one.size) && one.size >= 5_000_000 && one.size % 10_000 === 0).toBe(
            true,
          );
          expect(one.limit % 100 === 0 && one.limit >= 100 && one.limit <= 9_900).toBe(true);
          const immediateBuy = one.side === "buy" && (one.orderType === "FAK" || one.orderType === "FOK");
          expect(one.spend !== undefined).toBe(immediateBuy);
          if (one.spend !== undefined) expect(one.spend * 10_000).toBeLessThanOrEqual(one.size * one.limit);
          expect(one.expiresAt !== undefined).toBe(one.orderType === "GTD");
          expect(one.purpose === "exit" && one.side === "buy").toBe(false);
        }),
        { numRuns: 2_000, seed: 3 },
      );
      expect(passed).toBeGreaterThan(20);
    },
  );
});

describe("OrderRate", () => {
  it("counts like a list that is filtered, up to its capacity", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 6 }),
        fc.array(fc.nat(30), { maxLength: 60 }),
        (capacity, gaps) => {
          const rate = new OrderRate(capacity);
          const times: number[] = [];
          let now = 0;
          for (const gap of gaps) {
            now += gap;
            const within = times.filter((time) => time > now - 60).length;
            expect(rate.within(now - 60)).toBe(Math.min(capacity, within));
            rate.add(now as Nanos);
            times.push(now);
          }
        },
      ),
    );
  });
});
