import { logit } from "@matchpoint/sdk";
import { describe as group, expect, it } from "vitest";
import { MapOdds } from "../../src/simulator/agents/mapOdds.ts";
import { Opinion } from "../../src/simulator/agents/opinion.ts";
import { describe } from "../../src/simulator/description.ts";
import { resolveOptions } from "../../src/simulator/options.ts";
import { playWorld } from "../../src/simulator/simulate.ts";
import { MatchView } from "../../src/simulator/world/matchView.ts";

group("MapOdds", () => {
  // Per-round probability to map probability, MR12 with overtime.
  it.each([
    [0.5, 0.5],
    [0.52, 0.586],
    [0.55, 0.706],
    [0.6, 0.861],
  ])("turns %f per round into %f per map", (round, map) => {
    const odds = new MapOdds(logit(round), logit(round), 0);
    expect(Math.abs(odds.at(0, 0) - map)).toBeLessThan(0.002);
  });

  // Equal teams, CT wins 52 % of rounds; the leader began as CT, and as T.
  it.each([
    [3, 0, 0.73, 0.747],
    [5, 0, 0.859, 0.878],
    [6, 3, 0.744, 0.799],
    [7, 5, 0.661, 0.754],
    [9, 3, 0.939, 0.965],
    [12, 10, 0.865, 0.885],
    [12, 11, 0.74, 0.76],
  ])("prices %i to %i as published", (a, b, beganCt, beganT) => {
    const ct = logit(0.52);
    expect(Math.abs(new MapOdds(ct, -ct, 0).at(a, b) - beganCt)).toBeLessThan(0.002);
    expect(Math.abs(new MapOdds(ct, -ct, 1).at(a, b) - beganT)).toBeLessThan(0.002);
  });

  it("goes on through overtime", () => {
    const odds = new MapOdds(0, 0, 0);
    expect(odds.at(12, 12)).toBeCloseTo(0.5, 12);
    expect(odds.at(15, 15)).toBeCloseTo(0.5, 12);
    expect(odds.at(15, 12)).toBeGreaterThan(odds.at(14, 12));
    expect(odds.at(16, 14)).toBe(1);
    expect(odds.at(14, 16)).toBe(0);
    expect(odds.at(13, 5)).toBe(1);
  });
});

group("an opinion", () => {
  it.each(["lol", "cs2"] as const)("of %s is calibrated against what happens, and never certain", (title) => {
    const bins = Array.from({ length: 5 }, () => ({ p: 0, won: 0, n: 0 }));
    for (let seed = 1; seed <= 150; seed++) {
      const options = resolveOptions({ seed, title, bestOf: 1, faults: "none" });
      const market = describe(options).markets[1]!;
      const opinion = new Opinion(title, 1, options.rating, 1);
      const view = new MatchView(1);
      const seen: number[] = [];
      let next = 0;
      playWorld(options, (fact) => {
        view.apply(fact);
        if (!view.inGame || view.games[0]!.winner !== undefined || fact.at < next) return;
        next = fact.at + 240_000;
        seen.push(opinion.worth(market, view));
      });
      const won = market.subject!.teamOf[0] === view.winner ? 1 : 0;
      for (const p of seen) {
        expect(p > 0 && p < 1).toBe(true);
        const bin = bins[Math.floor(p * 5)]!;
        bin.p += p;
        bin.won += won;
        bin.n += 1;
      }
    }
    for (const { p, won, n } of bins) {
      expect(n).toBeGreaterThan(60);
      expect(Math.abs(p / n - won / n)).toBeLessThan(0.12);
    }
  });

  it("prices a game that may not be played as half of what is left", () => {
    const options = resolveOptions({ seed: 2, title: "lol", bestOf: 3, rating: 2 });
    const { markets } = describe(options);
    const opinion = new Opinion("lol", 3, 2, 1);
    const view = new MatchView(3);
    const third = markets[3]!;
    const p = opinion.worth(third, view);
    const win = 1 / (1 + Math.exp(-2));
    const played = 2 * win * (1 - win);
    const expected = played * win + (1 - played) / 2;
    expect(third.subject!.teamOf[0] === 0 ? p : 1 - p).toBeCloseTo(expected, 9);
  });
});
