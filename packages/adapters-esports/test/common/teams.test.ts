import type { MatchDescription } from "@matchpoint/sdk";
import { describe, expect, it } from "vitest";
import { createGridDecoder, createPandascoreDecoder, matchesByRef } from "../../src/index.ts";
import { CS, LOL } from "../support.ts";

const grid = (match: string, teams: readonly [string, string]): MatchDescription => ({
  ...LOL,
  refs: { grid: { match, teams } },
});

describe("matches by a source's ids", () => {
  it("are found by the source's own id, and left out where it has none", () => {
    const other = grid("2700002", ["96", "97"]);
    expect([...matchesByRef([CS, other], "grid").keys()]).toEqual(["2700001", "2700002"]);
    expect([...matchesByRef([CS, other], "pandascore").keys()]).toEqual(["1616952"]);
  });

  it("are refused when two have one id: one of them would never be heard of", () => {
    expect(() => createGridDecoder({ matches: [CS, LOL] })).toThrow(
      'matches cs2-wolves-otters and lol-wolves-otters have the id "2700001" both',
    );
    expect(() => createPandascoreDecoder({ matches: [CS, LOL] })).toThrow('the id "1616952" both');
  });

  it("may name one match again: what is said last holds", () => {
    const renamed = { ...CS, bestOf: 5 };
    expect(matchesByRef([CS, renamed], "grid").get("2700001")?.match.bestOf).toBe(5);
  });

  it("are refused when both teams have one id: every win would be the first one's", () => {
    expect(() => createGridDecoder({ matches: [grid("1", ["5", "5"])] })).toThrow(
      'both teams have the id "5"',
    );
  });
});
