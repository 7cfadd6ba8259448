import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  isOvertime,
  isPistol,
  mapResult,
  mapTable,
  ROUND_FORMATS,
  sideSign,
  type RoundTitle,
} from "../../../src/truth/index.ts";
import { logistic, logit } from "../../../src/units/index.ts";

const TITLES: readonly RoundTitle[] = ["cs2", "valorant"];
const even = { strength: 0, firstSide: 0 };

describe("the format of rounds", () => {
  it("changes sides at the half, and in the middle of overtime blocks but not between them", () => {
    const sides = (title: RoundTitle, rounds: number): string =>
      Array.from({ length: rounds }, (_, played) =>
        sideSign(ROUND_FORMATS[title], played) === 1 ? "c" : "t",
      )
        .join("")
        .slice(10);
    expect(sides("cs2", 42)).toBe("cc" + "tttttttttttt" + "ttt" + "ccc" + "ccc" + "ttt" + "ttt" + "ccc");
    expect(sides("valorant", 30)).toBe("cc" + "tttttttttttt" + "ctctct");
  });

  it.each([
    ["cs2", 13, 11, 1],
    ["cs2", 5, 13, 0],
    ["cs2", 12, 12, undefined],
    ["cs2", 14, 12, undefined],
    ["cs2", 15, 14, undefined],
    ["cs2", 16, 14, 1],
    ["cs2", 15, 15, undefined],
    ["cs2", 18, 16, undefined],
    ["cs2", 17, 19, 0],
    ["valorant", 13, 12, undefined],
    ["valorant", 14, 12, 1],
    ["valorant", 16, 18, 0],
    ["valorant", 17, 17, undefined],
  ] as const)("%s at %d-%d", (title, own, other, result) => {
    expect(mapResult(ROUND_FORMATS[title], own, other)).toBe(result);
  });

  it("knows pistol rounds and overtime", () => {
    expect([0, 1, 11, 12, 13].filter((played) => isPistol(ROUND_FORMATS.cs2, played))).toEqual([0, 12]);
    expect([23, 24, 40].filter((played) => isOvertime(ROUND_FORMATS.cs2, played))).toEqual([24, 40]);
  });
});

describe("the table of scores", () => {
  it.each([
    [0.51, 0.543],
    [0.52, 0.586],
    [0.53, 0.627],
    [0.54, 0.667],
    [0.55, 0.706],
    [0.57, 0.776],
    [0.6, 0.861],
  ])("turns %d per round into %d per map, as published", (round, map) => {
    const table = mapTable(ROUND_FORMATS.cs2, { strength: logit(round), firstSide: 0 });
    expect(Math.abs(table.at(0, 0, true) - map)).toBeLessThanOrEqual(0.00051);
  });

  it.each([
    [3, 0, 0.73, 0.747],
    [5, 0, 0.859, 0.878],
    [6, 3, 0.744, 0.799],
    [7, 5, 0.661, 0.754],
    [8, 4, 0.835, 0.893],
    [9, 3, 0.939, 0.965],
    [10, 8, 0.744, 0.801],
    [11, 9, 0.792, 0.832],
    [12, 10, 0.865, 0.885],
    [12, 11, 0.74, 0.76],
  ])("at %d-%d with CT at .52 gives what was published for the leader", (own, other, startedCt, startedT) => {
    const table = mapTable(ROUND_FORMATS.cs2, { strength: 0, firstSide: logit(0.52) });
    expect(Math.abs(table.at(own, other, true) - startedCt)).toBeLessThanOrEqual(0.0011);
    expect(Math.abs(table.at(own, other, false) - startedT)).toBeLessThanOrEqual(0.0011);
  });

  it.each(TITLES)("is the recursion over the rounds, in overtime too: %s", (title) => {
    const format = ROUND_FORMATS[title];
    const odds = { strength: 0.13, firstSide: -0.21 };
    const table = mapTable(format, odds);
    for (const startedFirst of [true, false]) {
      for (let own = 0; own <= 24; own++) {
        for (let other = 0; other <= 24; other++) {
          const played = own + other;
          const block =
            12 + (title === "cs2" ? 3 * Math.floor((played - 24) / 6) : Math.floor((played - 24) / 2));
          const reachable = played <= 24 ? Math.max(own, other) <= 13 : Math.min(own, other) >= block;
          if (!reachable || mapResult(format, own, other) !== undefined) continue;
          const first = (sideSign(format, own + other) === 1) === startedFirst;
          const p = logistic(odds.strength + (first ? odds.firstSide : -odds.firstSide));
          const direct =
            p * table.at(own + 1, other, startedFirst) + (1 - p) * table.at(own, other + 1, startedFirst);
          expect(table.at(own, other, startedFirst)).toBeCloseTo(direct, 12);
        }
      }
    }
  });

  it.each(TITLES)("gives both teams chances that add up to one: %s", (title) => {
    const rounds = fc.integer({ min: 0, max: 30 });
    const odds = fc.double({ min: -1, max: 1, noNaN: true });
    fc.assert(
      fc.property(rounds, rounds, odds, odds, fc.boolean(), (own, other, strength, firstSide, started) => {
        const p = mapTable(ROUND_FORMATS[title], { strength, firstSide }).at(own, other, started);
        const q = mapTable(ROUND_FORMATS[title], { strength: -strength, firstSide }).at(other, own, !started);
        if (own === other && mapResult(ROUND_FORMATS[title], own, other) !== undefined) return;
        expect(p + q).toBeCloseTo(1, 10);
      }),
    );
  });

  it("is even at even scores of even teams, and tells sides apart", () => {
    for (const title of TITLES) {
      const table = mapTable(ROUND_FORMATS[title], even);
      for (const rounds of [0, 5, 12, 13, 15, 20])
        expect(table.at(rounds, rounds, true)).toBeCloseTo(0.5, 12);
    }
    const strong = mapTable(ROUND_FORMATS.cs2, { strength: 0, firstSide: 0.4 });
    expect(strong.at(6, 6, true)).toBeLessThan(strong.at(6, 6, false));
  });
});
