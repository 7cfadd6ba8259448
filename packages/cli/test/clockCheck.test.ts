import { NANOS_PER_MS, type SkewCheck } from "@matchpoint/sdk";
import { expect, it } from "vitest";
import { ClockStanding } from "../src/clockCheck.ts";

const check = (id: SkewCheck["id"], status: SkewCheck["status"]): SkewCheck => ({
  id,
  status,
  found: `${id} is ${status}`,
  fix: "",
});
const at = (seconds: number): number => seconds * 1_000 * NANOS_PER_MS;

it("a clock is in order until it is found to be off, and again when it no longer is", () => {
  const standing = new ClockStanding({ everyMs: 600_000, demanded: false, startsAt: at(0) });
  expect(standing.trouble(at(0))).toBeUndefined();
  standing.take([check("clock-ntp", "ok"), check("clock-venue", "fail")], at(1));
  expect(standing.trouble(at(2))).toBe("clock-venue is fail");
  standing.take([check("clock-ntp", "fail"), check("clock-venue", "fail")], at(600));
  expect(standing.trouble(at(601))).toBe("clock-ntp is fail; clock-venue is fail");
  standing.take([check("clock-ntp", "warn"), check("clock-venue", "ok")], at(1_200));
  expect(standing.trouble(at(100_000))).toBeUndefined();
});

it("where real money is traded, one that nobody could compare for long is not in order", () => {
  const standing = new ClockStanding({ everyMs: 600_000, demanded: true, startsAt: at(0) });
  standing.take([check("clock-ntp", "warn"), check("clock-venue", "ok")], at(600));
  standing.take([check("clock-ntp", "warn"), check("clock-venue", "ok")], at(1_200));
  expect(standing.trouble(at(1_799))).toBeUndefined();
  expect(standing.trouble(at(1_801))).toBe("not proven right for 30 min: clock-ntp is warn");
  standing.take([check("clock-ntp", "ok"), check("clock-venue", "ok")], at(1_802));
  expect(standing.trouble(at(3_601))).toBeUndefined();
  // Nothing was measured since, though it should have been.
  expect(standing.trouble(at(3_603))).toBe("not proven right for 30 min");
});
