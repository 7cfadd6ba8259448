import fc from "fast-check";
import { expect, test } from "vitest";
import {
  combined,
  gameFromSeries,
  gameOfPrice,
  playedChance,
  priceOfGame,
  seriesFromGames,
  weightOf,
  type GameTerm,
} from "../../src/strategy/seriesFair.ts";

const sure = (p: number) => ({ p, sd: 0 });
const chance = fc.double({ min: 0.05, max: 0.95, noNaN: true });
const bestOf = fc.constantFrom(1, 3, 5);

/** By counting every way in which a series can go, without the recursion. */
function enumerated(games: readonly number[]): {
  readonly series: number;
  readonly played: readonly number[];
} {
  const needed = Math.floor(games.length / 2) + 1;
  const played = games.map(() => 0);
  let series = 0;
  const walk = (index: number, wins: number, losses: number, mass: number): void => {
    if (wins === needed) {
      series += mass;
      return;
    }
    if (losses === needed || index === games.length) return;
    played[index]! += mass;
    walk(index + 1, wins + 1, losses, mass * games[index]!);
    walk(index + 1, wins, losses + 1, mass * (1 - games[index]!));
  };
  walk(0, 0, 0, 1);
  return { series, played };
}

const series = fc
  .tuple(bestOf, fc.array(chance, { minLength: 5, maxLength: 5 }))
  .map(([games, ps]) => ps.slice(0, games));

test("the series and each game's chance of being played are what counting every way gives", () => {
  fc.assert(
    fc.property(series, (ps) => {
      const games = ps.map(sure);
      const expected = enumerated(ps);
      expect(seriesFromGames(ps.length, games).p).toBeCloseTo(expected.series, 10);
      ps.forEach((_, i) => {
        expect(playedChance(ps.length, games, i)).toBeCloseTo(expected.played[i]!, 10);
      });
    }),
  );
});

test("a game priced from the series that it makes comes out as it went in", () => {
  fc.assert(
    fc.property(series, fc.nat(4), (ps, n) => {
      const index = n % ps.length;
      const games = ps.map(sure);
      if (weightOf(ps.length, games, index) < 0.05) return;
      const found = gameFromSeries(ps.length, games, index, seriesFromGames(ps.length, games), 0.05);
      expect(found).toMatchObject({ known: true });
      if (found.known) expect(found.p).toBeCloseTo(ps[index]!, 8);
    }),
  );
});

test("an unplayed game pays half, so its market says less of the game the less likely it is", () => {
  expect(priceOfGame(sure(0.7), 0.5).p).toBeCloseTo(0.6, 12);
  expect(gameOfPrice({ p: 0.6, sd: 0.01 }, 0.5)).toEqual({ p: 0.7, sd: 0.02 });
  expect(gameOfPrice({ p: 0.95, sd: 0.01 }, 0.5).p).toBe(1);
});

test("at one game each the series is the decider, and its error is the decider's", () => {
  const games: GameTerm[] = [sure(1), sure(0), { p: 0.62, sd: 0.02 }];
  expect(seriesFromGames(3, games)).toEqual({ p: 0.62, sd: 0.02 });
  expect(gameFromSeries(3, games, 2, { p: 0.55, sd: 0.01 }, 0.25)).toEqual({
    known: true,
    p: 0.55,
    sd: 0.01,
  });
});

test("a game of a decided series has no price by it, and one that no series fits has none either", () => {
  const over = gameFromSeries(3, [sure(1), sure(1), sure(0.5)], 2, sure(1), 0.25);
  expect(over).toEqual({ known: false, why: "the game hardly moves the series" });
  const impossible = gameFromSeries(3, [sure(0.5), sure(0.5), sure(0.5)], 0, sure(0.95), 0.25);
  expect(impossible).toEqual({ known: false, why: "no price of the game fits the series" });
});

test("the noise of the series is divided by the game's weight", () => {
  const even: GameTerm[] = [sure(0.5), sure(0.5), sure(0.5)];
  const found = gameFromSeries(3, even, 0, { p: 0.6, sd: 0.01 }, 0.25);
  expect(found).toMatchObject({ known: true, p: 0.7, sd: 0.02 });
});

test("a voided game counts for nobody", () => {
  expect(seriesFromGames(3, [sure(1), "void", sure(0.5)]).p).toBeCloseTo(0.75, 12);
  expect(playedChance(3, [sure(1), "void", sure(0.5)], 2)).toBe(1);
});

test("two estimates count by how sure they are", () => {
  expect(combined({ p: 0.5, sd: 0.01 }, { p: 0.6, sd: 0.01 }).p).toBeCloseTo(0.55, 12);
  expect(combined({ p: 0.5, sd: 0.01 }, { p: 0.6, sd: 0.03 }).p).toBeCloseTo(0.51, 12);
  expect(combined({ p: 0.5, sd: 0 }, { p: 0.6, sd: 0 })).toEqual({ p: 0.55, sd: 0 });
});
