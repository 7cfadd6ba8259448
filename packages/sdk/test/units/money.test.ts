import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isMatchpointError } from "../../src/errors.ts";
import {
  complement,
  feePerShare,
  feeSchedule,
  formatDecimal,
  formatPrice,
  formatShares,
  formatUsdc,
  mulDiv,
  NO_FEE,
  notional,
  parseDecimal,
  parsePrice,
  parseShares,
  parseUsdc,
  price,
  priceToProbability,
  probability,
  shares,
  sharesFor,
  takerFee,
  usdc,
  type Price,
  type Shares,
  type Usdc,
} from "../../src/units/index.ts";

const MAX = Number.MAX_SAFE_INTEGER;
const amount = fc.oneof(
  fc.nat(),
  fc.maxSafeInteger().map((n) => Math.abs(n)),
);
const at = fc.integer({ min: 0, max: 10_000 }).map((n) => n as Price);

function codeOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    return isMatchpointError(error) ? error.code : "another error";
  }
  return "none";
}
/** What a calculation should give: the exact number, or an overflow. */
function exactly(value: bigint): number | "UNIT_OVERFLOW" {
  return value > BigInt(MAX) ? "UNIT_OVERFLOW" : Number(value);
}
function outcome(run: () => number): number | string {
  const code = codeOf(run);
  return code === "none" ? run() : code;
}

describe("notional", () => {
  it("is exact and rounds the last micro-dollar", () => {
    fc.assert(
      fc.property(amount, at, (size, p) => {
        const product = BigInt(size) * BigInt(p);
        expect(outcome(() => notional(size as Shares, p, "down"))).toBe(exactly(product / 10_000n));
        expect(outcome(() => notional(size as Shares, p, "up"))).toBe(exactly((product + 9_999n) / 10_000n));
      }),
      { numRuns: 500 },
    );
  });

  it("holds at the edges", () => {
    expect(notional(MAX as Shares, 10_000 as Price, "up")).toBe(MAX);
    expect(notional(0 as Shares, 5_000 as Price, "up")).toBe(0);
    expect(notional(1 as Shares, 1 as Price, "up")).toBe(1);
    expect(notional(1 as Shares, 1 as Price, "down")).toBe(0);
    expect(notional(21_280_000 as Shares, 4_700 as Price, "up")).toBe(10_001_600);
  });
});

describe("sharesFor", () => {
  it("is exact and rounds down", () => {
    fc.assert(
      fc.property(amount, fc.integer({ min: 1, max: 10_000 }), (money, p) => {
        const expected = exactly((BigInt(money) * 10_000n) / BigInt(p));
        expect(outcome(() => sharesFor(money as Usdc, p as Price))).toBe(expected);
      }),
      { numRuns: 500 },
    );
  });

  it("never costs more than was given", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 900_719_925_474 }),
        fc.integer({ min: 1, max: 10_000 }),
        (money, p) => {
          const bought = sharesFor(money as Usdc, p as Price);
          expect(notional(bought, p as Price, "up")).toBeLessThanOrEqual(money);
          expect(notional((bought + 1) as Shares, p as Price, "up")).toBeGreaterThan(money - 1);
        },
      ),
    );
  });

  it("refuses what has no answer", () => {
    expect(codeOf(() => sharesFor(1 as Usdc, 0 as Price))).toBe("UNIT_INVALID");
    expect(codeOf(() => sharesFor(-1 as Usdc, 5 as Price))).toBe("UNIT_INVALID");
  });
});

describe("mulDiv", () => {
  it("is exact", () => {
    fc.assert(
      fc.property(amount, amount, fc.integer({ min: 1, max: MAX }), (a, b, c) => {
        const product = BigInt(a) * BigInt(b);
        const divisor = BigInt(c);
        expect(outcome(() => mulDiv(a, b, c, "down"))).toBe(exactly(product / divisor));
        expect(outcome(() => mulDiv(a, b, c, "up"))).toBe(exactly((product + divisor - 1n) / divisor));
      }),
      { numRuns: 500 },
    );
  });
});

describe("takerFee", () => {
  /** shares * rate * (p (1 - p))^exponent dollars, half up to 1e-5, from the formula as documented. */
  function documented(size: number, p: number, rate: number, exponent: number): bigint {
    const top = 2n * BigInt(size) * BigInt(rate) * (BigInt(p) * BigInt(10_000 - p)) ** BigInt(exponent);
    const bottom = 10n ** 6n * 10n ** 6n * (10n ** 8n) ** BigInt(exponent); // shares and rate in millionths
    return ((top * 10n ** 5n + bottom) / (2n * bottom)) * 10n;
  }

  it("is the documented formula, exact", () => {
    fc.assert(
      fc.property(
        amount,
        at,
        fc.integer({ min: 0, max: 1_000_000 }),
        fc.integer({ min: 0, max: 4 }),
        (size, p, rate, exponent) => {
          const expected = documented(size, p, rate, exponent);
          if (expected > BigInt(MAX)) return;
          expect(takerFee(size as Shares, p, feeSchedule(rate, exponent, true))).toBe(Number(expected));
        },
      ),
      { numRuns: 500 },
    );
  });

  it.each([
    [100, 5_000, 1_250_000],
    [100, 3_000, 1_050_000],
    [100, 7_000, 1_050_000],
    [100, 1_000, 450_000],
    [100, 100, 49_500],
    [100, 0, 0],
    [100, 10_000, 0],
    [0, 5_000, 0],
  ])("of %d shares at %d with the sports rate is %d", (size, p, fee) => {
    expect(takerFee((size * 1e6) as Shares, p as Price, feeSchedule(50_000, 1, true))).toBe(fee);
  });

  it("is nothing below a hundred-thousandth of a dollar and without a schedule", () => {
    const sports = feeSchedule(50_000, 1, true);
    expect(takerFee(399 as Shares, 5_000 as Price, sports)).toBe(0);
    expect(takerFee(400 as Shares, 5_000 as Price, sports)).toBe(10);
    expect(takerFee(1e9 as Shares, 5_000 as Price, NO_FEE)).toBe(0);
  });

  it("agrees with the fee per share", () => {
    fc.assert(
      fc.property(at, fc.integer({ min: 0, max: 1_000_000 }), (p, rate) => {
        const schedule = feeSchedule(rate, 1, true);
        expect(
          Math.abs(takerFee(1e9 as Shares, p, schedule) / 1e9 - feePerShare(p, schedule)),
        ).toBeLessThanOrEqual(5.1e-9);
      }),
    );
  });

  it.each([
    [-1, 1],
    [0.5, 1],
    [1_000_001, 1],
    [0, -1],
    [0, 5],
    [0, 1.5],
    [Number.NaN, 1],
  ])("refuses a rate of %d ppm with exponent %d", (rate, exponent) => {
    expect(codeOf(() => feeSchedule(rate, exponent, true))).toBe("UNIT_INVALID");
  });
});

describe("checked numbers", () => {
  it.each([Number.NaN, Infinity, -Infinity, 0.5, 2 ** 53, -1, 10_001])("refuse %s as a price", (value) => {
    expect(codeOf(() => price(value))).toBe("UNIT_INVALID");
  });
  it.each([Number.NaN, Infinity, 0.5, 2 ** 53, -1])("refuse %s as shares", (value) => {
    expect(codeOf(() => shares(value))).toBe("UNIT_INVALID");
  });
  it.each([Number.NaN, Infinity, 0.5, 2 ** 53])("refuse %s as dollars", (value) => {
    expect(codeOf(() => usdc(value))).toBe("UNIT_INVALID");
  });
  it.each([Number.NaN, -0.001, 1.001, Infinity])("refuse %s as a probability", (value) => {
    expect(codeOf(() => probability(value))).toBe("UNIT_INVALID");
  });
  it("accept their ranges", () => {
    expect([price(0), price(10_000), shares(MAX), usdc(-MAX), probability(0), probability(1)]).toEqual([
      0,
      10_000,
      MAX,
      -MAX,
      0,
      1,
    ]);
    expect([complement(100 as Price), priceToProbability(5_250 as Price)]).toEqual([9_900, 0.525]);
  });
});

describe("the decimal grammar", () => {
  it("reads what it writes", () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), fc.integer({ min: 0, max: 6 }), (value, scale) => {
        expect(parseDecimal(formatDecimal(value, scale), scale, "value")).toBe(value === 0 ? 0 : value);
      }),
      { numRuns: 500 },
    );
  });

  it("writes no trailing zeros and no more than it knows", () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), fc.integer({ min: 0, max: 6 }), (value, scale) => {
        expect(formatDecimal(value, scale)).toMatch(/^-?(0|[1-9]\d*)(\.\d*[1-9])?$/);
      }),
    );
  });

  it.each([
    "",
    " ",
    "1 ",
    " 1",
    "+1",
    "1.",
    ".5",
    "1e3",
    "0x10",
    "1_000",
    "1,000",
    "NaN",
    "Infinity",
    "--1",
    "-",
    "1.2.3",
    "١",
    "1\n",
  ])("refuses %j", (text) => {
    expect(codeOf(() => parseDecimal(text, 6, "value"))).toBe("UNIT_INVALID");
  });

  it.each(["0.12345", "1.0001", "-0.1", "2"])("refuses %s as a price", (text) => {
    expect(codeOf(() => parsePrice(text))).toBe("UNIT_INVALID");
  });

  it("does not round and does not overflow silently", () => {
    expect(codeOf(() => parseShares("0.0000001"))).toBe("UNIT_INVALID");
    expect(codeOf(() => parseShares("9007199254.740992"))).toBe("UNIT_OVERFLOW");
    expect(codeOf(() => parseShares("99999999999999999"))).toBe("UNIT_INVALID");
    expect(parseShares("9007199254.740991")).toBe(MAX);
    expect(parseShares("1.5000000000")).toBe(1_500_000);
    expect(codeOf(() => parseShares("-1"))).toBe("UNIT_INVALID");
  });

  it("names a hostile text only in part", () => {
    const text = "9".repeat(5_000_000);
    expect(codeOf(() => parseDecimal(text, 6, "value"))).toBe("UNIT_INVALID");
    try {
      parseDecimal(text, 6, "value");
    } catch (error) {
      expect(String(error).length).toBeLessThan(200);
    }
  });

  it("reads and writes the units", () => {
    expect([parsePrice("0.525"), parseShares("21.28"), parseUsdc("-3.25"), parseUsdc("-0")]).toEqual([
      5_250, 21_280_000, -3_250_000, 0,
    ]);
    expect([
      formatPrice(5_250 as Price),
      formatShares(21_280_000 as Shares),
      formatUsdc(-3_250_000 as Usdc),
    ]).toEqual(["0.525", "21.28", "-3.25"]);
  });
});
