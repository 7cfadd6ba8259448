import { describe, expect, it } from "vitest";
import { isForfeit, isSeriesForfeit } from "../../src/grid/legality.ts";

describe("a game's forfeit", () => {
  it.each([
    ["cs2", true, [13, 11], 24, 0, false],
    ["cs2", true, [16, 14], 30, 0, false],
    ["cs2", true, [19, 17], 36, 0, false],
    ["valorant", true, [14, 16], 30, 1, false],
    ["cs2", true, [5, 3], 8, 0, true],
    ["cs2", true, [12, 3], 15, 1, true], // the team behind was given the map
    ["cs2", true, [13, 13], 26, 0, true],
    ["cs2", true, undefined, 8, 0, false],
    ["cs2", true, [0, 0], 22, 0, false], // a score that was never stated
    ["cs2", true, [0, 0], 1, 0, true],
    ["lol", true, [3, 20], undefined, 0, false],
    ["dota2", true, [0, 0], undefined, 0, false],
    ["lol", false, undefined, undefined, 1, true],
  ] as const)(
    "%s started=%s %j in round %s won by %s: %s",
    (title, started, score, round, winner, expected) => {
      expect(isForfeit(title, started, score, round, winner)).toBe(expected);
    },
  );
});

describe("a series' forfeit", () => {
  it.each([
    [1, 1, false],
    [1, 0, true],
    [3, 2, false],
    [3, 1, true],
    [5, 2, true],
    [2, 1, false],
  ])("best of %i with %i maps: %s", (bestOf, maps, expected) => {
    expect(isSeriesForfeit(bestOf, maps)).toBe(expected);
  });
});
