import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Prng } from "../../src/simulator/prng.ts";

describe("Prng", () => {
  it("gives the same draws on every machine", () => {
    const rng = new Prng(1, "vector");
    expect([rng.next(), rng.next(), rng.next()]).toEqual([2093481301, 3991141134, 2213487964]);
    expect(rng.normal(0, 1)).toBe(-0.0005848679796893659);
    expect(rng.exponential(1)).toBe(1.0804003395210822);
    expect(rng.uuid()).toBe("8a4999c4-1702-42de-a808-b0c676a2093f");
    expect(rng.hex(7)).toBe("194d844");
  });

  it("starts over after a reset", () => {
    const rng = new Prng(3, "a");
    const first = [rng.next(), rng.next()];
    rng.reset(3, "a");
    expect([rng.next(), rng.next()]).toEqual(first);
  });

  it("keeps streams of other seeds and labels apart", () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer(), fc.string(), fc.string(), (seedA, seedB, a, b) => {
        fc.pre(seedA !== seedB || a !== b);
        const [left, right] = [new Prng(seedA, a), new Prng(seedB, b)];
        const draws = (rng: Prng): number[] => Array.from({ length: 4 }, () => rng.next());
        expect(draws(left)).not.toEqual(draws(right));
      }),
    );
  });

  it("draws within its bounds", () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: -50, max: 50 }), fc.nat(100), (seed, low, width) => {
        const rng = new Prng(seed, "bounds");
        for (let i = 0; i < 20; i++) {
          const whole = rng.int(low, low + width);
          expect(Number.isInteger(whole) && whole >= low && whole <= low + width).toBe(true);
          const unit = rng.unit();
          expect(unit >= 0 && unit < 1).toBe(true);
          expect(rng.exponential(5)).toBeGreaterThanOrEqual(0);
        }
      }),
    );
  });

  it("has the moments that its distributions promise", () => {
    const rng = new Prng(11, "moments");
    const moments = (draw: () => number): [number, number] => {
      const values = Array.from({ length: 20_000 }, draw);
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
      return [mean, Math.sqrt(variance)];
    };
    const [mean, sd] = moments(() => rng.normal(3, 2));
    expect(Math.abs(mean - 3)).toBeLessThan(0.05);
    expect(Math.abs(sd - 2)).toBeLessThan(0.05);
    const [wait] = moments(() => rng.exponential(7));
    expect(Math.abs(wait - 7)).toBeLessThan(0.2);
    const heads = Array.from({ length: 20_000 }, () => (rng.chance(0.3) ? 1 : 0)).reduce<number>(
      (a, b) => a + b,
      0,
    );
    expect(Math.abs(heads / 20_000 - 0.3)).toBeLessThan(0.015);
  });
});
