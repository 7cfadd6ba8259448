import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { GameProgress, MarketSubject } from "../../src/events/index.ts";
import {
  impliedProbability,
  leadOf,
  carriedChance,
  mapAdvantageModel,
  openGameProbability,
  seriesWinProbability,
  winsNeeded,
} from "../../src/truth/index.ts";
import { config, Desk, MATCH } from "./helpers.ts";

const all = (p: number): number[] => [p, p, p, p, p];

describe("seriesWinProbability", () => {
  it.each([
    [0.55, 0.575, 0.593],
    [0.6, 0.648, 0.683],
    [0.65, 0.718, 0.765],
    [0.7, 0.784, 0.837],
  ])("agrees with the closed forms at p = %d", (p, bo3, bo5) => {
    expect(seriesWinProbability(3, all(p))).toBeCloseTo(p * p * (3 - 2 * p), 14);
    expect(seriesWinProbability(5, all(p))).toBeCloseTo(p ** 3 * (6 * p * p - 15 * p + 10), 14);
    expect(Math.abs(seriesWinProbability(3, all(p)) - bo3)).toBeLessThanOrEqual(0.0005001);
    expect(Math.abs(seriesWinProbability(5, all(p)) - bo5)).toBeLessThanOrEqual(0.0005001);
  });

  it("agrees with the published numbers after a game", () => {
    expect(seriesWinProbability(3, [1, 0.55, 0.55])).toBeCloseTo(0.7975, 12);
    expect(seriesWinProbability(3, [1, 0.6, 0.6])).toBeCloseTo(0.84, 12);
    expect(seriesWinProbability(5, [1, 0.55, 0.55, 0.55, 0.55])).toBeCloseTo(0.7585, 4);
    expect(seriesWinProbability(5, [1, 0.6, 0.6, 0.6, 0.6])).toBeCloseTo(0.8208, 12);
    expect(seriesWinProbability(3, [0, 0.55, 0.55])).toBeCloseTo(0.3025, 12);
    expect(seriesWinProbability(3, [0, 0.6, 0.6])).toBeCloseTo(0.36, 12);
    expect(seriesWinProbability(5, [0, 0.55, 0.55, 0.55, 0.55])).toBeCloseTo(0.391, 3);
    expect(seriesWinProbability(5, [0, 0.6, 0.6, 0.6, 0.6])).toBeCloseTo(0.4752, 12);
  });

  it.each([
    ["Bo3 0-0", 3, [], 0.5, 0.5],
    ["Bo3 0-0, p .6", 3, [], 0.6, 0.48],
    ["Bo3 1-0", 3, [1], 0.5, 0.5],
    ["Bo3 1-0, p .6", 3, [1], 0.6, 0.4],
    ["Bo3 0-1", 3, [0], 0.5, 0.5],
    ["Bo3 0-1, p .6", 3, [0], 0.6, 0.6],
    ["Bo3 1-1", 3, [1, 0], 0.5, 1],
    ["Bo5 0-0", 5, [], 0.5, 0.375],
  ] as const)("moves with the live game as published: %s", (_, bestOf, decided, p, sensitivity) => {
    const rest = Array.from({ length: bestOf - decided.length - 1 }, () => p);
    const won = seriesWinProbability(bestOf, [...decided, 1, ...rest]);
    const lost = seriesWinProbability(bestOf, [...decided, 0, ...rest]);
    expect(won - lost).toBeCloseTo(sensitivity, 12);
  });

  it("is the live recursion: m * won + (1 - m) * lost", () => {
    const game = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(
        fc.constantFrom(1, 3, 5, 7),
        fc.array(game, { minLength: 7, maxLength: 7 }),
        (bestOf, games) => {
          const [m, ...rest] = games;
          const direct = seriesWinProbability(bestOf, games);
          const split =
            m! * seriesWinProbability(bestOf, [1, ...rest]) +
            (1 - m!) * seriesWinProbability(bestOf, [0, ...rest]);
          expect(direct).toBeCloseTo(split, 12);
          expect(
            seriesWinProbability(
              bestOf,
              games.map((p) => 1 - p),
            ),
          ).toBeCloseTo(1 - direct, 12);
        },
      ),
    );
  });

  it("takes open games by the score that leads to them", () => {
    const chance = (won: number, lost: number): number => carriedChance("cs2", won, lost);
    const second = chance(1, 0);
    expect(second).toBeCloseTo(4.7 / 8.4, 12);
    expect(seriesWinProbability(3, [], chance)).toBeCloseTo(0.5, 12);
    expect(seriesWinProbability(3, [1], chance)).toBeCloseTo(second + (1 - second) / 2, 12);
    expect(seriesWinProbability(5, [1, 1, "open"], chance)).toBeGreaterThan(0.9);
    expect(openGameProbability(3, [1], 1, chance)).toBeCloseTo(second, 12);
    expect(openGameProbability(3, [1, 0.3], 2, chance)).toBeCloseTo(0.5, 12);
    expect(openGameProbability(3, [1, 1], 2, chance)).toBe(0.5);
    expect(openGameProbability(5, [0.5, 1], 2, chance)).toBeCloseTo((chance(2, 0) + chance(1, 1)) / 2, 12);
    expect(carriedChance("other", 2, 0)).toBe(0.5);
  });

  it("takes missing games as even, and void ones as nobody's", () => {
    expect(seriesWinProbability(3, [])).toBe(0.5);
    expect(seriesWinProbability(3, [1, 1, 0])).toBe(1);
    expect(seriesWinProbability(3, [1, undefined, 0])).toBe(0.5);
    expect(seriesWinProbability(2, [1, 0])).toBe(0.5);
    expect(seriesWinProbability(99, [])).toBeCloseTo(0.5, 12);
    expect([1, 2, 3, 5].map(winsNeeded)).toEqual([1, 2, 2, 3]);
  });
});

describe("the map-advantage model", () => {
  it("admits what it is", () => {
    expect(mapAdvantageModel.card.calibrated).toBe(false);
    expect(mapAdvantageModel.card.limits.length).toBeGreaterThan(0);
  });

  it.each<[GameProgress, number]>([
    [{}, 0],
    [{ score: [3, 3] }, 0],
    [{ score: [4, 3] }, 1],
    [{ gold: [10_000, 12_000], kills: [9, 1] }, -1],
    [{ gold: [10_000, 10_000], towers: [2, 0], score: [0, 5] }, 1],
    [{ kills: [0, 1] }, -1],
  ])("sees who leads in %j", (progress, lead) => {
    expect(leadOf(progress)).toBe(lead);
  });

  it("gives the title's advantage to the team in front of the game being played", () => {
    const desk = new Desk();
    const p = (): number => mapAdvantageModel.p(desk.state, desk.engine.config).p;
    expect(p()).toBe(0.5);
    desk.say("grid", { kind: "game_progress", game: 1, progress: { gold: [30_000, 28_000] } });
    expect(p()).toBe(config().map_advantage.lol);
    desk.won("grid", 1, 0);
    expect(p()).toBe(0.5);
    desk.say("grid", { kind: "game_progress", game: 2, progress: { gold: [1_000, 1_500] } });
    expect(p()).toBeCloseTo(1 - config().map_advantage.lol, 12);
  });
});

describe("implied probability", () => {
  const series: MarketSubject = { kind: "series", matchId: MATCH, teamOf: [0, 1] };
  const game = (n: number): MarketSubject => ({ kind: "game", matchId: MATCH, game: n, teamOf: [1, 0] });
  const implied = (desk: Desk, subject: MarketSubject): number[] => {
    const { byTeam, sd } = impliedProbability(subject, desk.state, mapAdvantageModel, desk.engine.config);
    expect(byTeam[0] + byTeam[1]).toBeCloseTo(1, 12);
    expect(sd).toBeGreaterThanOrEqual(0);
    return [byTeam[0], byTeam[1]];
  };

  /** Chance of a series of three after a map that was won: to win the second, or to lose it and win the third. */
  const ahead = carriedChance("lol", 1, 0) + (1 - carriedChance("lol", 1, 0)) / 2;

  it("is by team, whatever the order of the outcomes", () => {
    const desk = new Desk();
    desk.say("grid", { kind: "game_progress", game: 1, progress: { score: [5, 1] } });
    expect(implied(desk, game(1))[0]).toBe(0.74);
    const second = 0.74 * carriedChance("lol", 1, 0) + 0.26 * carriedChance("lol", 0, 1);
    expect(implied(desk, game(2))[0]).toBeCloseTo(second, 12);
    expect(implied(desk, series)[0]).toBeCloseTo(0.74 * ahead + 0.26 * (1 - ahead), 12);
  });

  it("counts decided games with the certainty of their status", () => {
    const desk = new Desk();
    desk.won("panda", 1, 0);
    expect(implied(desk, game(1))[0]).toBe(0.99);
    expect(implied(desk, series)[0]).toBeCloseTo(0.99 * ahead + 0.01 * (1 - ahead), 12);
    desk.won("steam", 1, 0);
    expect(implied(desk, game(1))[0]).toBe(0.999);
    expect(implied(desk, series)[0]).toBeCloseTo(ahead, 12);
    expect(implied(desk, game(2))[0]).toBeCloseTo(carriedChance("lol", 1, 0), 12);
    desk.won("panda", 2, 0);
    expect(implied(desk, series)[0]).toBe(0.99);
    desk.won("steam", 2, 0);
    expect(implied(desk, series)[0]).toBe(0.999);
    expect(implied(desk, game(3))).toEqual([0.5, 0.5]);
  });

  it("falls with a contradiction before it is a dispute", () => {
    const desk = new Desk();
    desk.won("panda", 1, 0);
    desk.won("steam", 1, 1);
    expect(desk.game(1).status).toBe("effectively_final");
    expect(implied(desk, game(1))[0]).toBe(0.5);
    expect(implied(desk, series)[0]).toBeCloseTo(0.5, 12);
    desk.pass(3_000);
    expect(implied(desk, game(1))[0]).toBe(0.5);
  });

  it("is half of everything for what pays half", () => {
    const desk = new Desk();
    desk.say("grid", { kind: "game_won", game: 1, winner: 0, forfeit: true });
    expect(implied(desk, game(1))).toEqual([0.5, 0.5]);
    // The other two are still even at first; who has lost the one that was played is behind in the last.
    expect(implied(desk, series)[0]).toBeCloseTo(0.5 + 0.5 * carriedChance("lol", 0, 1), 12);
    desk.say("grid", { kind: "cancelled", reason: "cancelled" });
    expect(implied(desk, series)).toEqual([0.5, 0.5]);
    expect(implied(desk, game(2))).toEqual([0.5, 0.5]);
  });

  it("knows nothing of games that do not exist", () => {
    expect(implied(new Desk(), game(9))).toEqual([0.5, 0.5]);
  });
});
