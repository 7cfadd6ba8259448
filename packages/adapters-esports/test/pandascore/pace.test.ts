import { VirtualClock } from "@matchpoint/sdk";
import { describe, expect, it } from "vitest";
import { Pace } from "../../src/pandascore/pace.ts";

const one = {};

describe("the pace of one token", () => {
  it("is what a match wants while there are few, and shares the hour among many", () => {
    const pace = new Pace(new VirtualClock(), 1_000);
    const matches = Array.from({ length: 20 }, () => ({}));
    const [first, second, ...more] = matches as [object, object, ...object[]];
    pace.join(first, 10_000);
    pace.join(second, 10_000);
    expect(pace.next(first, 10_000)).toBe(10_000);
    for (const each of more) pace.join(each, 10_000);
    const everyMs = pace.next(first, 10_000);
    expect((20 * 3_600_000) / everyMs).toBeLessThanOrEqual(900.001);
    expect(everyMs).toBeLessThan(100_000);
    for (const each of [second, ...more]) pace.leave(each);
    expect(pace.next(first, 10_000)).toBe(10_000);
  });

  it("leaves to a match that is played what those that are far off or over do not want", () => {
    const pace = new Pace(new VirtualClock(), 1_000);
    const live = {};
    pace.join(live, 10_000);
    for (let each = 0; each < 40; each++) pace.join({}, 300_000);
    expect(pace.next(live, 10_000)).toBe(10_000);
    for (let each = 0; each < 40; each++) pace.join({}, 300_000);
    expect(pace.next(live, 10_000)).toBeLessThan(15_000);
  });

  it("is slow when few requests are left, as PandaScore counts them", () => {
    const pace = new Pace(new VirtualClock(), 1_000);
    pace.join(one, 10_000);
    pace.note("99");
    expect(pace.next(one, 10_000)).toBe(60_000);
    for (const nothing of [undefined, "", "many"]) pace.note(nothing);
    expect(pace.next(one, 10_000)).toBe(60_000);
    pace.note("980");
    expect(pace.next(one, 10_000)).toBe(10_000);
  });

  it("stops everyone when one is told to wait", () => {
    const clock = new VirtualClock();
    const pace = new Pace(clock, 1_000);
    pace.join(one, 10_000);
    pace.block(25_000);
    pace.block(5_000);
    expect(pace.blockedMs).toBe(25_000);
    expect(pace.next(one, 10_000)).toBe(25_000);
    clock.advance(25_000);
    expect(pace.blockedMs).toBe(0);
    expect(pace.next(one, 10_000)).toBe(10_000);
  });
});
