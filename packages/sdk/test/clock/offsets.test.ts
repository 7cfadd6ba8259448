import { expect, test } from "vitest";
import { judgeSkew, type OffsetMeasurement } from "../../src/clock/index.ts";

const measured = (offsetMs: number, errorMs: number): OffsetMeasurement => ({
  offsetMs,
  errorMs,
  answers: 3,
  asked: 4,
  problems: [],
});
const judge = (offsetMs: number, errorMs: number) =>
  judgeSkew("clock-ntp", { name: "NTP", measured: measured(offsetMs, errorMs) }, 1_000);

test("fails only when the clock is off beyond doubt, warns while the error leaves it open", () => {
  expect(judge(0, 10).status).toBe("ok");
  expect(judge(-990, 10).status).toBe("ok");
  expect(judge(995, 10).status).toBe("warn");
  expect(judge(1_010, 10).status).toBe("warn");
  expect(judge(1_011, 10).status).toBe("fail");
  expect(judge(-1_011, 10).status).toBe("fail");
});

test("says which way, how far and what to do", () => {
  expect(judge(2_300, 12)).toEqual({
    id: "clock-ntp",
    status: "fail",
    found: "our clock is 2300 ms behind NTP (±12 ms, 3 of 4 answered); at most 1000 ms are allowed",
    fix: "Have the machine's clock set by NTP (`timedatectl set-ntp true`, or chrony), then start again.",
  });
  expect(judge(-5, 1).found).toContain("5 ms ahead of NTP");
  expect(judge(0, 1).found).toContain("agrees with NTP");
});

test("a clock that could not be measured is no clock that is right", () => {
  const check = judgeSkew(
    "clock-venue",
    { name: "the venue", measured: undefined, problem: "HTTP 503" },
    1_000,
  );
  expect(check).toMatchObject({
    status: "warn",
    found: "the clock could not be compared with the venue: HTTP 503",
  });
});
