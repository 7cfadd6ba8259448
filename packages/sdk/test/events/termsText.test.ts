import fc from "fast-check";
import { expect, test } from "vitest";
import { termsInWords } from "../../src/events/index.ts";
import type { MarketDescription, Millis } from "../../src/index.ts";

const startsAt = (ms: number | undefined): MarketDescription =>
  (ms === undefined ? {} : { startsAt: ms as Millis }) as MarketDescription;
const told = (ms: number): string => termsInWords(startsAt(undefined), { startsAt: ms as Millis });

test("a start is told as a time, not in milliseconds", () => {
  expect(termsInWords(startsAt(1_795_425_114_000), { startsAt: 1_795_428_714_250 as Millis })).toBe(
    "start 2026-11-23T09:11:54Z → start 2026-11-23T10:11:54.250Z",
  );
});

test("any time is told as ISO has it, and what is none as it is", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 253_402_300_799_999 }), (ms) => {
      expect(told(ms)).toBe(`start unknown → start ${new Date(ms).toISOString().replace(".000Z", "Z")}`);
    }),
  );
  for (const ms of [-1, NaN, Infinity, 0.5, 253_402_300_800_000])
    expect(told(ms)).toBe(`start unknown → start ${ms} ms`);
});
