import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { TITLE_RULES, type RoundRules } from "../../src/truth/index.ts";
import { halfAfter, isMatchPoint, scoreVerdict } from "../../src/truth/titleRules.ts";

const cs2 = TITLE_RULES.cs2.rounds!;
const valorant = TITLE_RULES.valorant.rounds!;
const word = (rules: RoundRules, a: number, b: number): string => {
  const verdict = scoreVerdict(rules, [a, b]);
  return verdict.kind === "won" ? `won by ${verdict.winner}` : verdict.kind;
};

describe("the rules of titles", () => {
  it.each([
    [0, 0, "open"],
    [12, 11, "open"],
    [13, 0, "won by 0"],
    [11, 13, "won by 1"],
    [14, 3, "illegal"],
    [12, 12, "open"],
    [13, 12, "open"],
    [15, 12, "open"],
    [16, 12, "won by 0"],
    [14, 16, "won by 1"],
    [15, 15, "open"],
    [16, 15, "open"],
    [17, 14, "illegal"],
    [17, 12, "illegal"],
    [19, 15, "won by 0"],
    [19, 17, "won by 0"],
    [19, 18, "open"],
    [22, 20, "won by 0"],
    [1.5, 0, "illegal"],
    [-1, 0, "illegal"],
    [Number.NaN, 0, "illegal"],
  ])("CS2 at %d-%d: %s", (a, b, expected) => {
    expect(word(cs2, a, b)).toBe(expected);
  });

  it.each([
    [12, 12, "open"],
    [13, 11, "won by 0"],
    [13, 12, "open"],
    [14, 12, "won by 0"],
    [15, 12, "illegal"],
    [13, 13, "open"],
    [18, 20, "won by 1"],
  ])("Valorant at %d-%d: %s", (a, b, expected) => {
    expect(word(valorant, a, b)).toBe(expected);
  });

  it("let no score of LoL or Dota 2 decide", () => {
    for (const title of ["lol", "dota2", "other"] as const) expect(TITLE_RULES[title].rounds).toBeUndefined();
  });

  it("end every game that is played round by round at its first winning score", () => {
    const game = fc.tuple(
      fc.constantFrom(cs2, valorant),
      fc.array(fc.constantFrom(0 as const, 1 as const), { minLength: 60, maxLength: 60 }),
    );
    fc.assert(
      fc.property(game, ([rules, rounds]) => {
        const score: [number, number] = [0, 0];
        for (const winner of rounds) {
          const point = isMatchPoint(rules, score, winner);
          score[winner] += 1;
          const verdict = scoreVerdict(rules, score);
          expect(verdict.kind).not.toBe("illegal");
          expect(verdict.kind === "won").toBe(point);
          if (verdict.kind === "won") {
            expect(verdict.winner).toBe(winner);
            score[winner] += 1;
            expect(scoreVerdict(rules, score).kind).toBe("illegal");
            return;
          }
        }
      }),
    );
  });

  it("change sides after 12 rounds and with every half of an overtime", () => {
    expect([0, 11, 12, 23, 24, 26, 27, 29, 30].map((rounds) => halfAfter(cs2, rounds))).toEqual([
      0, 0, 1, 1, 2, 2, 3, 3, 4,
    ]);
    expect([23, 24, 25].map((rounds) => halfAfter(valorant, rounds))).toEqual([1, 2, 3]);
  });
});
