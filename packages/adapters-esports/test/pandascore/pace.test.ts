import { VirtualClock } from "@matchpoint/sdk";
import { describe, expect, it } from "vitest";
import { Pace } from "../../src/pandascore/pace.ts";

describe("the pace of one token", () => {
  it("is what a match wants while there are few, and shares the hour among many", () => {
    const pace = new Pace(new VirtualClock(), 1_000);
    pace.join();
    pace.join();
    expect(pace.next(10_000)).toBe(10_000);
    for (let more = 0; more < 18; more++) pace.join();
    const everyMs = pace.next(10_000);
    expect((20 * 3_600_000) / everyMs).toBeLessThanOrEqual(900.001);
    expect(everyMs).toBeLessThan(100_000);
    for (let less = 0; less < 19; less++) pace.leave();
    expect(pace.next(10_000)).toBe(10_000);
  });

  it("is slow when few requests are left, as PandaScore counts them", () => {
    const pace = new Pace(new VirtualClock(), 1_000);
    pace.join();
    pace.note("99");
    expect(pace.next(10_000)).toBe(60_000);
    for (const nothing of [undefined, "", "many"]) pace.note(nothing);
    expect(pace.next(10_000)).toBe(60_000);
    pace.note("980");
    expect(pace.next(10_000)).toBe(10_000);
  });

  it("stops everyone when one is told to wait", () => {
    const clock = new VirtualClock();
    const pace = new Pace(clock, 1_000);
    pace.join();
    pace.block(25_000);
    pace.block(5_000);
    expect(pace.blockedMs).toBe(25_000);
    expect(pace.next(10_000)).toBe(25_000);
    clock.advance(25_000);
    expect(pace.blockedMs).toBe(0);
    expect(pace.next(10_000)).toBe(10_000);
  });
});
