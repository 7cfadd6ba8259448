import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ClaimSet, TruthConfig, TruthRule } from "@matchpoint/sdk";
import { simulateSeason, type SeasonReport } from "../../src/index.ts";

/** What must hold of every season, whatever the seed. */
function isSound(season: SeasonReport): void {
  expect(season.falseFinals.filter(({ tierAAlone }) => !tierAAlone)).toEqual([]);
  expect(season.falseFinals.filter(({ revised }) => !revised)).toEqual([]);
  expect(season.injected.filter(({ shown, heard, revised }) => shown && heard && !revised)).toEqual([]);
  expect(season.wrongAtTheEnd).toEqual([]);
}

describe("a season", () => {
  it("of sixty matches has everything in it that can go wrong, and ends with the right results", () => {
    const season = simulateSeason({ matches: 60, seed: 1 });
    isSound(season);
    expect(season.claims).toBeGreaterThan(5_000);
    expect(season.games.n).toBeGreaterThan(100);
    expect(new Set(season.injected.map(({ kind }) => kind)).size).toBeGreaterThanOrEqual(2);
    expect(season.injected.filter(({ shown }) => shown).length).toBeGreaterThan(5);
    expect(season.sources.length).toBeGreaterThanOrEqual(8);
    expect(season.neverFinal.length).toBeLessThan(6);
    expect(season.games.medianMs).toBeLessThan(10_000);
  });

  it("is the same every time", () => {
    const [one, other] = [1, 2].map(() => simulateSeason({ matches: 5, seed: 3 }));
    expect(JSON.stringify(one)).toBe(JSON.stringify(other));
  });

  it("has no result that was none, with any seed and configuration", () => {
    const config = fc.constantFrom<Readonly<Record<string, unknown>>>(
      {},
      { required_sources_for_final: 3 },
      { tier_a_sources: [] },
      { max_wait_ms: 3_000, dispute_grace_ms: 0 },
      { learn_reliability: "use" },
    );
    // The number of the match shrinks on its own: a failure names one match of one season.
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100_000 }), fc.nat(2_000), config, (seed, from, overrides) => {
        isSound(simulateSeason({ matches: 2, seed, from, config: overrides }));
      }),
      { numRuns: 60 },
    );
  });

  it.each([
    [
      "one upstream wrong about game 2, another one too early about game 3",
      6265,
      406,
      { tier_a_sources: [] },
    ],
    ["a result overturned after the end, of which one source hears", 32237, 181, { dispute_grace_ms: 0 }],
    ["a rollback after the end while tier A is out", 52544, 1389, { dispute_grace_ms: 0 }],
    ["a wrong series that rests on a disputed game", 42344, 1170, { required_sources_for_final: 3 }],
    ["a wrong series that rests on a contested game", 30176, 865, { required_sources_for_final: 3 }],
    ["a remake before the first kill", 63384, 1611, { dispute_grace_ms: 0 }],
    ["a clock set back, and a source that goes silent before it hears", 79690, 589, {}],
    ["a clock set back by one source, past which play goes on", 46594, 1498, { tier_a_sources: [] }],
    ["a clock set back after a result was taken back", 75548, 1288, {}],
    ["a rollback of which only a score of the series tells", 4, 664, {}],
    ["a rollback of which only clocks tell", 43250, 859, { tier_a_sources: [] }],
  ])("is sound with %s", (_, seed, from, config) => {
    isSound(simulateSeason({ matches: 1, seed, from, config }));
  });

  it("tells what nobody could know: an overturned result of which only tier C hears", () => {
    const season = simulateSeason({ matches: 1, seed: 65_307, from: 372 });
    expect(season.injected).toMatchObject([{ kind: "correction", game: 0, heard: false, shown: true }]);
    expect(season.overturnedUnheard).toEqual([season.injected[0]!.matchId]);
    expect([season.neverFinal, season.wrongAtTheEnd]).toEqual([[], []]);
  });

  it("makes fewer results final without tier A, and later", () => {
    const plain = simulateSeason({ matches: 40, seed: 2 });
    const without = simulateSeason({ matches: 40, seed: 2, config: { tier_a_sources: [] } });
    isSound(without);
    expect(without.falseFinals).toEqual([]);
    expect(without.games.medianMs).toBeGreaterThan(plain.games.medianMs);
    expect(without.games.n).toBeLessThanOrEqual(plain.games.n);
  });
});

describe("a wrong rule", () => {
  /** The majority of sources, two at least: whoever copies a mistake confirms it. */
  const majority: TruthRule = {
    id: "majority-of-sources",
    judge(claims: ClaimSet, config: TruthConfig) {
      const votes = ([0, 1, "void"] as const).map((outcome) => ({
        outcome,
        sources: claims.statements.filter(({ says }) => says === outcome).map(({ source }) => source),
      }));
      const best = votes.reduce((a, b) => (b.sources.length > a.sources.length ? b : a));
      const n = best.sources.length;
      const most = n > claims.statements.length / 2;
      const final = most && n >= config.required_sources_for_final;
      const sign = (outcome: unknown): number => (n === 0 ? 0 : outcome === best.outcome ? 3 : -3);
      return {
        leader: n === 0 ? undefined : best.outcome,
        level: final ? ("final" as const) : most ? ("effective" as const) : ("none" as const),
        posterior: n === 0 ? 0 : 0.95,
        logOdds: [sign(0), sign(1), sign("void")] as const,
        contradicted: n > 0 && !most,
        forfeit: claims.statements.some(({ says, forfeit }) => forfeit && says === best.outcome),
        sources: [...best.sources].sort(),
      };
    },
  };

  it("that counts copies as witnesses is caught", () => {
    const season = simulateSeason({ matches: 20, seed: 1, rule: majority, config: { tier_a_sources: [] } });
    expect(season.falseFinals.length).toBeGreaterThan(0);
    expect(() => {
      isSound(season);
    }).toThrow();
  });
});
