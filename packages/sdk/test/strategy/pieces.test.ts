import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { gridFloor, orderSize, smallest } from "../../src/strategy/grid.ts";
import { watchMid, type CalmMemory } from "../../src/strategy/calm.ts";
import { kellyFraction } from "../../src/strategy/sizing.ts";
import { isNews } from "../../src/strategy/news.ts";
import { DEFAULT_STRATEGIES, type MarketTruth } from "../../src/strategy/index.ts";
import type { Price } from "../../src/units/index.ts";

describe("the grid", () => {
  it.each([
    [0.5, 100, 5_000],
    [0.47, 10, 4_700], // 0.47 is a little less than 0.47 in binary
    [0.4799, 100, 4_700],
    [1.2, 100, 9_900],
    [0.009, 100, 0],
    [-1, 100, 0],
  ])("floors %f at tick %i to %i", (p, tick, price) => {
    expect(gridFloor(p, tick as Price)).toBe(price);
  });

  it("floors on the grid, never above the probability by more than a rounding error", () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.constantFrom(10, 25, 50, 100, 1_000),
        (p, tick) => {
          const price = gridFloor(p, tick as Price);
          expect(price % tick).toBe(0);
          expect(price).toBeLessThanOrEqual(Math.min(p * 10_000 + 1e-5, 10_000 - tick));
          if (price > 0 && price < 10_000 - tick) expect(price + tick).toBeGreaterThan(p * 10_000);
        },
      ),
    );
  });

  it("rounds sizes down to hundredths of a share", () => {
    expect(orderSize(25_559_999.9)).toBe(25_550_000);
    expect(orderSize(-1)).toBe(0);
    expect(smallest(7_000_000, 3_339_999, 9e9)).toBe(3_330_000);
  });
});

describe("Kelly's fraction", () => {
  it.each([
    [0.6, 0.5574, 0.0962], // p .60 at .55 and its fee
    [0.6, 0.55, 0.1111],
    [0.5, 0.5, 0],
    [0.4, 0.5, 0],
    [0.6, 0, 0],
    [1, 1, 0],
    [Number.NaN, 0.5, 0],
  ])("of p %f at cost %f is %f", (p, cost, fraction) => {
    expect(kellyFraction(p, cost)).toBeCloseTo(fraction, 4);
  });

  it("is the stake that makes the logarithm of wealth grow most", () => {
    const growth = (p: number, cost: number, f: number): number =>
      p * Math.log(1 + (f * (1 - cost)) / cost) + (1 - p) * Math.log(1 - f);
    fc.assert(
      fc.property(
        fc.double({ min: 0.02, max: 0.97, noNaN: true }),
        fc.double({ min: 0.01, max: 0.95, noNaN: true }),
        (p, cost) => {
          fc.pre(p > cost + 0.01);
          const best = kellyFraction(p, cost);
          for (const other of [best * 0.9, Math.min(0.999, best * 1.1)])
            expect(growth(p, cost, best)).toBeGreaterThanOrEqual(growth(p, cost, other));
        },
      ),
    );
  });
});

describe("the slow average", () => {
  it("starts at the mid, forgets half in about its half-life, and never leaves what it has seen", () => {
    const memory: CalmMemory = { average: 0, averagedAt: 0, calmMid: 0 };
    watchMid(memory, 0.5, 0, 1_000, 1);
    for (let ms = 10; ms <= 1_000; ms += 10) watchMid(memory, 0.6, ms * 1e6, 1_000, 1);
    expect(memory.average).toBeCloseTo(0.55, 3);
    watchMid(memory, 0.2, 1e18, 1_000, 1);
    expect(memory.average).toBeGreaterThanOrEqual(0.2);
    expect(memory.average).toBeLessThan(0.55);
  });

  it("says when the mid has left, once per move", () => {
    const memory: CalmMemory = { average: 0, averagedAt: 0, calmMid: 0 };
    const left = [0.5, 0.51, 0.519, 0.521, 0.53, 0.5].map((mid, at) =>
      watchMid(memory, mid, at, 1_000, 0.02),
    );
    expect(left).toEqual([true, false, false, true, false, true]);
  });
});

describe("news", () => {
  const truth = (p: number, score: readonly [number, number], gold = 0, status = "live") =>
    ({ own: { status }, progress: { score, gold: [gold, 0] }, pOf: () => p }) as unknown as MarketTruth;

  it("is what happens: not the first look, not gold, not small moves of the probability", () => {
    const memory = { seen: "", seenP: 0 };
    const looks = [
      truth(0.5, [0, 0]),
      truth(0.5, [0, 0], 900),
      truth(0.51, [0, 0]),
      truth(0.52, [0, 0]),
      truth(0.52, [1, 0]),
      truth(0.52, [1, 0], 0, "final"),
      truth(0.52, [1, 0], 5, "final"),
    ];
    expect(looks.map((look) => isNews(memory, look, 0.02))).toEqual([
      false,
      false,
      false,
      true,
      true,
      true,
      false,
    ]);
  });
});

describe("the default strategies", () => {
  it.each(Object.entries(DEFAULT_STRATEGIES))(
    "%s: every parameter is documented, in snake case and has a default",
    (name, use) => {
      const shape = (use.params as unknown as { shape: Record<string, { description?: string }> }).shape;
      expect(use.id).toBe(name);
      expect(Object.keys(shape).length).toBeGreaterThan(5);
      for (const [key, schema] of Object.entries(shape)) {
        expect(key).toMatch(/^[a-z0-9]+(_[a-z0-9]+)*$/);
        expect(schema.description, key).toMatch(/\.$/);
      }
      expect(use.params.safeParse({}).success).toBe(true);
      expect(use.params.safeParse({ no_such_key: 1 }).success).toBe(false);
      expect(use.state!.parse({})).toEqual(JSON.parse(JSON.stringify(use.state!.parse({}))));
    },
  );
});
