import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DRAWDOWN_CONFIG, drawdownScale, type DrawdownConfig } from "../../src/risk/index.ts";

const curve = (over: Readonly<Record<string, unknown>>): DrawdownConfig => DRAWDOWN_CONFIG.parse(over);
const GZ = curve({ curve: "grossman_zhou", alpha: 0.8, floor: 0.1 });
const TABLE = curve({
  curve: "table",
  floor: 0.05,
  points: [
    { drawdown: 0.1, multiplier: 0.8 },
    { drawdown: 0.2, multiplier: 0.2 },
    { drawdown: 0.5, multiplier: 0 },
  ],
});

describe("the curve of Grossman and Zhou", () => {
  it.each([
    [1_000, 1_000, 1],
    [1_200, 1_000, 1],
    [900, 1_000, (900 - 800) / (0.2 * 900)],
    [990, 1_000, (990 - 800) / (0.2 * 990)],
    [830, 1_000, (830 - 800) / (0.2 * 830)],
    [810, 1_000, 0.1],
    [800, 1_000, 0.1],
    [500, 1_000, 0.1],
    [0, 1_000, 0.1],
    [-5, 1_000, 0.1],
    [-5, 0, 0.1],
  ])("at %d of %d is %d", (value, peak, scale) => {
    expect(drawdownScale(GZ, value, peak)).toBeCloseTo(scale, 12);
  });

  it("ends at nothing with a floor of 0, and never begins above 1", () => {
    const none = curve({ curve: "grossman_zhou", alpha: 0.9, floor: 0 });
    expect(drawdownScale(none, 900, 1_000)).toBe(0);
    expect(drawdownScale(none, 999.9, 1_000)).toBeCloseTo((999.9 - 900) / (0.1 * 999.9), 12);
    expect(drawdownScale(curve({ curve: "grossman_zhou", alpha: 0, floor: 0 }), 500, 1_000)).toBe(1);
  });
});

describe("a table", () => {
  it.each([
    [1_000, 1],
    [950, 0.9],
    [900, 0.8],
    [850, 0.5],
    [800, 0.2],
    [650, 0.1],
    [600, 1 / 15],
    [500, 0.05],
    [100, 0.05],
    [0, 0.05],
  ])("at %d of 1000 is %d", (value, scale) => {
    expect(drawdownScale(TABLE, value, 1_000)).toBeCloseTo(scale, 12);
  });

  it("may begin below 1 at once, and stays flat behind its last point", () => {
    const table = curve({ curve: "table", floor: 0, points: [{ drawdown: 0, multiplier: 0.5 }] });
    expect(drawdownScale(table, 1_000, 1_000)).toBe(1);
    expect(drawdownScale(table, 999, 1_000)).toBe(0.5);
    expect(drawdownScale(table, 1, 1_000)).toBe(0.5);
  });
});

describe("any curve", () => {
  it("lies between its floor and 1, and never grows with the loss", () => {
    const any = fc.oneof(
      fc
        .record({
          alpha: fc.double({ min: 0, max: 0.99, noNaN: true }),
          floor: fc.double({ min: 0, max: 1, noNaN: true }),
        })
        .map((over) => curve({ curve: "grossman_zhou", ...over })),
      fc
        .tuple(
          fc.double({ min: 0, max: 1, noNaN: true }),
          fc.uniqueArray(fc.integer({ min: 0, max: 100 }), { minLength: 1, maxLength: 6 }),
          fc.array(fc.integer({ min: 0, max: 100 }), { minLength: 6, maxLength: 6 }),
        )
        .map(([floor, at, by]) => {
          const multipliers = [...by].sort((a, b) => b - a);
          const points = [...at]
            .sort((a, b) => a - b)
            .map((each, i) => ({ drawdown: each / 100, multiplier: multipliers[i]! / 100 }));
          return curve({ curve: "table", floor, points });
        }),
    );
    fc.assert(
      fc.property(
        any,
        fc.integer({ min: -100, max: 1_500 }),
        fc.integer({ min: 0, max: 500 }),
        (config, value, less) => {
          const [now, then] = [
            drawdownScale(config, value, 1_000),
            drawdownScale(config, value - less, 1_000),
          ];
          expect(now).toBeGreaterThanOrEqual(config.floor);
          expect(now).toBeLessThanOrEqual(1);
          expect(then).toBeLessThanOrEqual(now + 1e-12);
        },
      ),
    );
  });

  it("is 1 when there is none", () => {
    expect(drawdownScale(curve({}), 1, 1_000)).toBe(1);
    expect(curve({}).curve).toBe("none");
  });
});

describe("the configuration of a curve", () => {
  const problems = (over: Readonly<Record<string, unknown>>): readonly string[] =>
    (DRAWDOWN_CONFIG.safeParse(over).error?.issues ?? []).map(
      ({ path, message }) => `${path.join(".")}: ${message}`,
    );

  it("has points for a table, and for nothing else", () => {
    expect(problems({ curve: "table" })).toEqual(["points: is needed by the curve `table`"]);
    expect(problems({ points: [{ drawdown: 0.1, multiplier: 1 }] })).toEqual([
      "points: is only for the curve `table`",
    ]);
    expect(problems({ curve: "table", points: [] })).toHaveLength(1);
  });

  it("has points in order, which do not rise", () => {
    const points = [
      { drawdown: 0.2, multiplier: 0.5 },
      { drawdown: 0.2, multiplier: 0.6 },
    ];
    expect(problems({ curve: "table", points })).toEqual([
      "points.1.drawdown: must be above the one before it",
      "points.1.multiplier: must not be above the one before it: sizes do not grow with a loss",
    ]);
    expect(problems({ curve: "table", points: [points[0]!, { drawdown: 0.3, multiplier: 0.5 }] })).toEqual(
      [],
    );
  });

  it("refuses what is no part", () => {
    for (const bad of [
      { alpha: 1 },
      { alpha: -0.1 },
      { floor: 1.1 },
      { floor: NaN },
      { curve: "steep" },
      { flor: 0 },
    ])
      expect(problems(bad)).toHaveLength(1);
  });
});
