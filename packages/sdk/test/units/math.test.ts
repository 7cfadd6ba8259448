import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { exp, log, logistic, logit, pow } from "../../src/units/index.ts";

const WITHIN = 1e-14;
function closeTo(actual: number, expected: number, within = WITHIN): void {
  const error = actual === expected ? 0 : Math.abs(actual - expected) / Math.abs(expected);
  expect(error, `${actual} against ${expected}`).toBeLessThanOrEqual(within);
}
const real = (min: number, max: number) => fc.double({ min, max, noNaN: true });

describe("exp", () => {
  it("is e^x to 1e-14", () => {
    fc.assert(
      fc.property(fc.oneof(real(-700, 700), real(-2, 2), real(-1e-9, 1e-9)), (x) => {
        closeTo(exp(x), Math.exp(x));
      }),
      { numRuns: 1000 },
    );
  });
  it("knows its ends", () => {
    expect([exp(0), exp(-0), exp(710), exp(-746), exp(Infinity), exp(-Infinity)]).toEqual([
      1,
      1,
      Infinity,
      0,
      Infinity,
      0,
    ]);
    expect(exp(Number.NaN)).toBeNaN();
    closeTo(exp(1), Math.E);
    closeTo(exp(709.7), Math.exp(709.7));
    expect(exp(-745)).toBeGreaterThan(0);
  });
  it("never falls where e^x rises", () => {
    fc.assert(
      fc.property(real(-50, 50), real(1e-6, 1), (x, step) => {
        expect(exp(x + step)).toBeGreaterThan(exp(x));
      }),
    );
  });
});

describe("log", () => {
  it("is the natural logarithm to 1e-14", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.double({ min: Number.MIN_VALUE, noNaN: true, noDefaultInfinity: true }),
          real(0.5, 2),
          real(1e-6, 1),
        ),
        (x) => {
          fc.pre(x > 0);
          closeTo(log(x), Math.log(x));
        },
      ),
      { numRuns: 1000 },
    );
  });
  it("knows its ends", () => {
    expect([log(1), log(0), log(Infinity)]).toEqual([0, -Infinity, Infinity]);
    expect(log(-1)).toBeNaN();
    expect(log(Number.NaN)).toBeNaN();
    closeTo(log(Number.MIN_VALUE), Math.log(Number.MIN_VALUE));
    closeTo(log(Number.MAX_VALUE), Math.log(Number.MAX_VALUE));
  });
});

describe("the functions built on them", () => {
  it("pow is x^y", () => {
    fc.assert(
      fc.property(real(1e-3, 1e3), real(-5, 5), (x, y) => {
        closeTo(pow(x, y), Math.pow(x, y), 1e-13);
      }),
    );
    expect([pow(7, 0), pow(0, 2)]).toEqual([1, 0]);
  });
  it("logit and logistic undo each other", () => {
    fc.assert(
      fc.property(real(1e-6, 1 - 1e-6), (p) => {
        expect(Math.abs(logistic(logit(p)) - p)).toBeLessThanOrEqual(1e-15);
      }),
    );
  });
  it("logistic stays a probability and is symmetric", () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true }), (x) => {
        expect(logistic(x)).toBeGreaterThanOrEqual(0);
        expect(logistic(x)).toBeLessThanOrEqual(1);
        expect(Math.abs(logistic(x) + logistic(-x) - 1)).toBeLessThanOrEqual(2.3e-16);
      }),
    );
    expect([logistic(0), logistic(1000), logistic(-1000)]).toEqual([0.5, 1, 0]);
  });
});
