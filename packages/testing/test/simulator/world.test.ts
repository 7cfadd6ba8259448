import type { Team } from "@matchpoint/sdk";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { resolveOptions } from "../../src/simulator/options.ts";
import { playWorld } from "../../src/simulator/simulate.ts";
import { Prng } from "../../src/simulator/prng.ts";
import { Scheduler } from "../../src/simulator/scheduler.ts";
import { ctOf, mapWinner } from "../../src/simulator/world/cs2Game.ts";
import type { Fact } from "../../src/simulator/world/facts.ts";
import { LolGame } from "../../src/simulator/world/lolGame.ts";
import { MatchView } from "../../src/simulator/world/matchView.ts";

function facts(seed: number, title: "lol" | "cs2", bestOf: 1 | 3 | 5): Fact[] {
  const list: Fact[] = [];
  playWorld(resolveOptions({ seed, title, bestOf, faults: "none" }), (fact) => list.push(fact));
  return list;
}

/** Gold difference per minute and the winner of a game between teams of a given strength. */
function playLol(seed: number, edge: number): { leads: number[]; winner: Team; minutes: number } {
  const scheduler = new Scheduler();
  const leads: number[] = [];
  let winner: Team | undefined;
  new LolGame(
    {
      rng: new Prng(seed, "test"),
      after: (ms, run) => {
        scheduler.after(ms, run);
      },
      publish: (fact) => {
        if (fact.kind === "economy" && fact.clockMs % 60_000 === 0)
          leads[fact.clockMs / 60_000] = fact.gold[0] - fact.gold[1];
      },
      finished: (team) => {
        winner = team;
      },
    },
    1,
    edge,
  ).start();
  while (winner === undefined && scheduler.step());
  return { leads, winner: winner!, minutes: leads.length };
}

describe("a game of League of Legends", () => {
  const games = Array.from({ length: 1_500 }, (_, seed) =>
    playLol(seed, new Prng(seed, "edge").normal(0, 0.6)),
  );

  it("lasts as long as professional games do", () => {
    const lengths = games.map(({ minutes }) => minutes).sort((a, b) => a - b);
    expect(lengths[75]).toBeGreaterThanOrEqual(20);
    expect(lengths[750]).toBeGreaterThan(27);
    expect(lengths[750]).toBeLessThan(36);
    expect(lengths[1_425]).toBeLessThanOrEqual(46);
  });

  // Professional games of 2022 at 15 minutes: a lead of 1.8k wins .734, of 3k .840, of 4.1k .910.
  it.each([
    [15, 1_000, 2_000, 0.62, 0.8],
    [15, 3_000, 5_000, 0.82, 0.95],
    [25, 5_000, 8_000, 0.86, 0.97],
  ])(
    "at minute %i a lead of %i to %i wins about as often as in professional games",
    (minute, low, high, from, to) => {
      const leading = games.filter(
        ({ leads }) => Math.abs(leads[minute] ?? 0) >= low && Math.abs(leads[minute] ?? 0) < high,
      );
      const won =
        leading.filter(({ leads, winner }) => leads[minute]! > 0 === (winner === 0)).length / leading.length;
      expect(leading.length).toBeGreaterThan(80);
      expect(won).toBeGreaterThan(from);
      expect(won).toBeLessThan(to);
    },
  );

  it("is sometimes won from far behind", () => {
    const comebacks = games.filter(({ leads, winner }) =>
      leads.some((lead) => (winner === 0 ? -lead : lead) > 3_000),
    );
    expect(comebacks.length / games.length).toBeGreaterThan(0.04);
    expect(comebacks.length / games.length).toBeLessThan(0.25);
  });

  it("is won by the stronger team more often, not always", () => {
    const strong = Array.from({ length: 400 }, (_, seed) => playLol(10_000 + seed, 1).winner).filter(
      (team) => team === 0,
    ).length;
    expect(strong).toBeGreaterThan(260);
    expect(strong).toBeLessThan(370);
  });
});

describe("the rules of CS2", () => {
  it.each([
    [13, 0, 0],
    [13, 11, 0],
    [11, 13, 1],
    [12, 12, undefined],
    [13, 12, undefined],
    [15, 15, undefined],
    [16, 12, 0],
    [16, 14, 0],
    [14, 16, 1],
    [16, 15, undefined],
    [19, 15, 0],
    [18, 18, undefined],
    [12, 5, undefined],
  ])("%i to %i ends the map for team %s", (a, b, winner) => {
    expect(mapWinner(a, b)).toBe(winner);
  });

  it("changes sides after 12 rounds, at overtime not, and after every third of it", () => {
    const sides = [1, 12, 13, 24, 25, 27, 28, 30, 31, 34].map((round) => ctOf(round, 0));
    expect(sides).toEqual([0, 0, 1, 1, 1, 1, 0, 0, 1, 0]);
  });
});

describe("a series", () => {
  it.each(["lol", "cs2"] as const)("of %s is legal from the first fact to the last", (title) => {
    fc.assert(
      fc.property(fc.nat(5_000), fc.constantFrom(1 as const, 3 as const, 5 as const), (seed, bestOf) => {
        const view = new MatchView(bestOf);
        let at = 0;
        let ended = false;
        for (const fact of facts(seed, title, bestOf)) {
          expect(Number.isInteger(fact.at) && fact.at >= at && !ended).toBe(true);
          at = fact.at;
          if (fact.kind === "round_ended") {
            expect(fact.score[fact.winner]).toBe(view.score[fact.winner] + 1);
            expect(fact.score[0] + fact.score[1]).toBe(fact.round);
            expect(mapWinner(view.score[0], view.score[1])).toBeUndefined();
            expect(fact.money.every((money) => money >= 0 && money <= 80_000)).toBe(true);
          }
          view.apply(fact);
          expect(Math.min(...view.alive)).toBeGreaterThanOrEqual(0);
          if (fact.kind === "game_won" && title === "cs2")
            expect(mapWinner(view.score[0], view.score[1])).toBe(fact.winner);
          if (fact.kind === "series_ended") ended = true;
        }
        const needed = (bestOf + 1) / 2;
        expect(ended).toBe(true);
        expect(Math.max(...view.maps)).toBe(needed);
        expect(Math.min(...view.maps)).toBeLessThan(needed);
        expect(view.maps[view.winner!]).toBe(needed);
        const played = view.games.filter((game) => game.status === "finished").length;
        expect(played).toBe(view.maps[0] + view.maps[1]);
      }),
      { numRuns: 15 },
    );
  });

  it("is won by either team, and by the favourite more often", () => {
    const winners = Array.from({ length: 60 }, (_, seed) => {
      const won = facts(seed, "lol", 1).find((fact) => fact.kind === "series_won")!;
      const { rating } = resolveOptions({ seed, title: "lol", bestOf: 1 });
      return { winner: won.winner, favourite: rating > 0 ? 0 : 1 };
    });
    const first = winners.filter(({ winner }) => winner === 0).length;
    expect(first).toBeGreaterThan(15);
    expect(first).toBeLessThan(45);
    expect(winners.filter(({ winner, favourite }) => winner === favourite).length).toBeGreaterThan(30);
  });
});
