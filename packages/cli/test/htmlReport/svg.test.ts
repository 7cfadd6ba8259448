import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bandPath, linePath, niceTicks, scale, timeTicks, WIDTH } from "../../src/htmlReport/svg.ts";

const COLUMNS = 100;
/** Characters of a column: four values with their letters and places. */
const MOST_CHARACTERS = 32;

describe("a line of a chart", () => {
  const x = scale(0, 1, 0, WIDTH);
  const y = scale(0, 1, 100, 0);

  it("stays as short as its columns allow, whatever it is drawn from, and keeps its extremes", () => {
    const values = fc.array(fc.option(fc.float({ min: 0, max: 1, noNaN: true }), { freq: 9 }), {
      minLength: 2,
      maxLength: 3_000,
    });
    fc.assert(
      fc.property(values, (line) => {
        const t = line.map((_, i) => i / (line.length - 1));
        // A hole makes a column begin anew.
        const holes = line.filter((value) => value === null).length;
        const path = linePath(t, line, x, y, COLUMNS);
        expect(path.length).toBeLessThan((COLUMNS + 1 + holes) * MOST_CHARACTERS);
        expect(path).not.toMatch(/NaN|undefined|e-/);
        const known = line.filter((value) => value !== null);
        const drawn = [...path.matchAll(/(?:[ML][\d.]+ |V)(-?[\d.]+)/g)].map(([, at]) => Number(at));
        if (known.length === 0) expect(path).toBe("");
        else {
          expect(Math.max(...drawn)).toBeCloseTo(Math.max(...known.map(y)), 0);
          expect(Math.min(...drawn)).toBeCloseTo(Math.min(...known.map(y)), 0);
        }
      }),
      { numRuns: 60 },
    );
  });

  it("has a band that ends where one of its edges is not known", () => {
    const t = [0, 0.1, 0.2, 0.3, 0.4, 0.5];
    const low = [0.1, 0.1, null, 0.2, 0.2, 0.2];
    const high = [0.3, 0.3, 0.4, 0.4, 0.4, null];
    expect(bandPath(t, low, high, x, y, COLUMNS).split("Z")).toHaveLength(3);
  });
});

describe("ticks", () => {
  it("are round, in order, within what they stand at, and few", () => {
    const ends = fc.tuple(
      fc.double({ min: -1e9, max: 1e9, noNaN: true }),
      fc.double({ min: 1e-3, max: 1e9, noNaN: true }),
    );
    fc.assert(
      fc.property(ends, ([from, width]) => {
        const ticks = niceTicks(from, from + width);
        expect(ticks.length).toBeLessThanOrEqual(6);
        for (const tick of ticks) {
          expect(tick).toBeGreaterThanOrEqual(from - width * 1e-6 - 1e-6);
          expect(tick).toBeLessThanOrEqual(from + width * (1 + 1e-6) + 1e-6);
        }
      }),
    );
    expect(timeTicks(0, 3_600_000)).toEqual([
      0, 600_000, 1_200_000, 1_800_000, 2_400_000, 3_000_000, 3_600_000,
    ]);
  });
});
