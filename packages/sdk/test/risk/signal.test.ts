import { describe, expect, it } from "vitest";
import { gate, held, intent, late, MARKET, px, resting, view, type World } from "./support.ts";

const LATE: World = { truthDriven: true, signal: late(24_300) };
const codeOf = (order: ReturnType<typeof intent>, world: World): string => {
  const verdict = gate().check(order, view(world));
  return verdict.allow ? "allowed" : verdict.code;
};

describe("late news", () => {
  it.each([
    ["a FAK", intent()],
    ["a FOK", intent({ orderType: "FOK" })],
    ["a GTC that crosses", resting({ limit: px(0.51) })],
  ])("never leads to %s", (_name, order) => {
    expect(codeOf(order, LATE)).toBe("SIGNAL_TOO_LATE");
    expect(codeOf(order, { ...LATE, signal: late(undefined) })).toBe("SIGNAL_TOO_LATE");
  });

  it.each([
    ["post-only quotes", resting({ postOnly: true, limit: px(0.4) }), LATE],
    ["orders that rest below the ask", resting({ limit: px(0.49) }), LATE],
    ["strategies that do not rest on truth", intent(), { ...LATE, truthDriven: false }],
    ["news in time", intent(), { ...LATE, signal: { ...late(900), mayTake: true } }],
    ["the time before any news", intent(), { truthDriven: true }],
    [
      "exits",
      intent({ side: "sell", purpose: "exit", limit: px(0.48) }),
      { ...LATE, positions: { [MARKET]: [held(20, 10), held(0, 0)] } },
    ],
  ] as const)("leaves %s alone", (_name, order, world) => {
    expect(codeOf(order, world)).toBe("allowed");
  });
});
