import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { progressOf, progressText } from "../../src/report/progressLine.ts";

const told = (fraction: number | undefined, done: number, wallMs: number): string =>
  progressText(progressOf({ done, unit: "runs", fraction }, wallMs));

describe("the line of progress", () => {
  it("foretells nothing from what has only just begun", () => {
    expect(told(0, 0, 5_000)).toBe("  0%");
    // Threads that took five seconds to start, and a first glance at a long recording: not seven hours.
    expect(told(0.000_2, 0, 5_000)).toBe("  0%");
    expect(told(0.25, 1, 5_000)).toBe(" 25%  0.2 runs/s  0:15 to go");
    expect(told(undefined, 3_000, 1_000)).toBe("3,000 runs/s");
  });

  it("says how long it takes only beside a share that is not 0 %", () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(100_000), (fraction, wallMs) => {
        const text = told(fraction, 1, wallMs);
        expect(/to go/.test(text) && / 0%/.test(text)).toBe(false);
      }),
    );
  });
});
