import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseLossless } from "../../src/common/losslessJson.ts";

describe("JSON without rounding", () => {
  it("gives whole numbers beyond 2^53 as their digits, and all others as numbers", () => {
    expect(
      parseLossless(
        '{"lobby_id": 29962116515841831 ,"a":[9007199254740991,9007199254740993,-9007199254740993],"f":12345678901234567.5,"e":1e20}',
      ),
    ).toEqual({
      lobby_id: "29962116515841831",
      a: [9_007_199_254_740_991, "9007199254740993", "-9007199254740993"],
      f: 12_345_678_901_234_567.5,
      e: 1e20,
    });
  });

  it("leaves text alone, whatever it looks like", () => {
    const name = 'x":29962116515841831,"\\';
    expect(parseLossless(JSON.stringify({ name, n: 1 }))).toEqual({ name, n: 1 });
  });

  it("makes no JSON of what is none", () => {
    for (const text of [
      "{29962116515841831:1}",
      "[029962116515841831]",
      "[1 29962116515841831]",
      '["29962116515841831',
    ])
      expect(() => parseLossless(text), text).toThrow(SyntaxError);
  });

  it("agrees with JSON.parse wherever that is exact", () => {
    // What is not exact is left out of the comparison, as a number here and as digits there.
    const inexact = (_: string, value: unknown): unknown =>
      (typeof value === "number" || typeof value === "string") &&
      /^-?\d{16,}$/.test(String(value)) &&
      !Number.isSafeInteger(Number(value))
        ? "big"
        : value;
    fc.assert(
      fc.property(fc.json(), (text) => {
        const lossless = JSON.stringify(parseLossless(text));
        expect(JSON.parse(lossless, inexact)).toEqual(JSON.parse(text, inexact));
      }),
    );
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }), fc.string(), (big, text) => {
        const [read, same] = parseLossless(`[${big},${JSON.stringify(text)}]`) as [number | string, string];
        expect(String(read)).toBe(String(big));
        expect(same).toBe(text);
      }),
    );
  });
});
