import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LagSketch } from "../../../src/truth/index.ts";

const filled = (samples: readonly number[]): LagSketch => {
  const sketch = new LagSketch();
  for (const sample of samples) sketch.add(sample);
  return sketch;
};

describe("a distribution of lags", () => {
  it("says nothing without samples", () => {
    expect(new LagSketch().quantile(0.5)).toBeUndefined();
    expect(new LagSketch()).toMatchObject({ n: 0, max: 0 });
  });

  it("has every quantile to 5 %, never below the true one", () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0, max: 600_000, noNaN: true }), { minLength: 1, maxLength: 400 }),
        fc.constantFrom(0.1, 0.5, 0.9, 1),
        (samples, q) => {
          const sorted = [...samples].sort((a, b) => a - b);
          const exact = sorted[Math.max(0, Math.ceil(q * sorted.length - 1e-9) - 1)]!;
          const found = filled(samples).quantile(q)!;
          expect(found).toBeGreaterThanOrEqual(exact);
          expect(found).toBeLessThanOrEqual(Math.max(exact * 1.05, 1) + 1e-6);
        },
      ),
    );
  });

  it("takes what is negative for 0, and no number or history for no sample", () => {
    const sketch = filled([-5, NaN, Infinity, 600_001, 1e309]);
    expect(sketch.n).toBe(1);
    expect(sketch.quantile(0.9)).toBe(0);
  });

  it("forgets: a source is as late as it has been lately", () => {
    const sketch = filled([...Array<number>(2_000).fill(40_000), ...Array<number>(2_000).fill(500)]);
    expect(sketch.n).toBe(4_000);
    expect(sketch.quantile(0.9)!).toBeLessThan(530);
  });

  it("is bounded and the same after a snapshot", () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0, max: 600_000, noNaN: true }), { maxLength: 2_000 }),
        (samples) => {
          const sketch = filled(samples);
          const json = JSON.stringify(sketch.snapshot());
          expect(json.length).toBeLessThan(5_000);
          const other = new LagSketch(JSON.parse(json) as ReturnType<LagSketch["snapshot"]>);
          for (const each of [sketch, other]) each.add(1_234);
          expect(other.snapshot()).toEqual(sketch.snapshot());
        },
      ),
      { numRuns: 30 },
    );
  });
});
