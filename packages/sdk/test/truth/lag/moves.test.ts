import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MoveDetector } from "../../../src/truth/index.ts";
import type { Nanos, Price } from "../../../src/units/index.ts";

type Row = readonly [ms: number, bid: number, ask: number];

/** What began or grew, as `ms direction cents`. */
function watch(rows: readonly Row[], withinMs = 5_000): string[] {
  const detector = new MoveDetector({ price: 0.02, withinMs });
  return rows.flatMap(([ms, bid, ask]) => {
    const move = detector.observe((ms * 1e6) as Nanos, (bid * 100) as Price, (ask * 100) as Price);
    return move === undefined
      ? []
      : [`${ms} ${move.up ? "up" : "down"} ${move.size / 100} since ${move.at / 1e6}`];
  });
}

describe("a market's move", () => {
  it("begins when the bid is far enough above what was asked, and grows", () => {
    expect(
      watch([
        [0, 50, 51],
        [10_000, 50, 56],
        [10_010, 56, 60],
        [10_100, 58, 64],
        [10_200, 58, 63],
      ]),
    ).toEqual(["10010 up 5 since 10010", "10100 up 7 since 10010"]);
  });

  it("goes down as well", () => {
    expect(
      watch([
        [0, 50, 51],
        [900, 45, 47],
      ]),
    ).toEqual(["900 down 3 since 900"]);
  });

  it("is none when quotes are pulled: one side alone says nothing", () => {
    expect(
      watch([
        [0, 50, 51],
        [100, 10, 51],
        [200, 50, 90],
        [300, 0, 100],
        [400, 50, 51],
      ]),
    ).toEqual([]);
  });

  it("is none when it takes longer than the window", () => {
    const slow = Array.from({ length: 30 }, (_, i): Row => [i * 2_500, 50 + i, 51 + i]);
    expect(watch(slow)).toEqual([]);
    expect(watch(slow, 10_000).length).toBeGreaterThan(0);
  });

  it("counts from the prices that stood, however long they had", () => {
    expect(
      watch([
        [0, 50, 51],
        [3_600_000, 54, 55],
      ]),
    ).toEqual(["3600000 up 3 since 3600000"]);
  });

  it("may be followed by one back, and by another after a rest", () => {
    expect(
      watch([
        [0, 50, 51],
        [100, 55, 56],
        [200, 50, 51],
        [20_000, 50, 51],
        [20_100, 53, 54],
      ]),
    ).toEqual(["100 up 4 since 100", "200 down 4 since 200", "20100 up 2 since 20100"]);
  });

  it("is not seen across a gap", () => {
    const detector = new MoveDetector({ price: 0.02, withinMs: 5_000 });
    detector.observe(0 as Nanos, 5_000 as Price, 5_100 as Price);
    detector.reset();
    expect(detector.observe(1e9 as Nanos, 6_000 as Price, 6_100 as Price)).toBeUndefined();
  });

  it("is never larger than what prices did within the window", () => {
    const row = fc.tuple(fc.integer({ min: 1, max: 3_000 }), fc.integer({ min: 1, max: 97 }));
    fc.assert(
      fc.property(fc.array(row, { maxLength: 60 }), (steps) => {
        const detector = new MoveDetector({ price: 0.02, withinMs: 5_000 });
        let at = 0;
        let low = 100;
        let high = 0;
        for (const [wait, bid] of steps) {
          at += wait;
          low = Math.min(low, bid);
          high = Math.max(high, bid);
          const move = detector.observe(
            (at * 1e6) as Nanos,
            (bid * 100) as Price,
            ((bid + 1) * 100) as Price,
          );
          if (move === undefined) continue;
          expect(move.size).toBeGreaterThanOrEqual(200);
          expect(move.size).toBeLessThanOrEqual((high - low) * 100);
          expect(move.at).toBeLessThanOrEqual(at * 1e6);
        }
      }),
    );
  });
});
