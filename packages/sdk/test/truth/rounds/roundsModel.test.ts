import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { GameProgress, Team } from "../../../src/events/index.ts";
import type { TruthState } from "../../../src/state/index.ts";
import {
  createRoundsModel,
  CS2_FITTED,
  cs2Model,
  mapTable,
  ROUND_FORMATS,
  VALORANT_FITTED,
  valorantModel,
  type RoundTitle,
} from "../../../src/truth/index.ts";
import { config, Desk } from "../helpers.ts";

const MODELS = { cs2: cs2Model, valorant: valorantModel };

/** A state of the first map, or of a later one after maps that were won. */
function state(title: RoundTitle, progress: GameProgress, maps: readonly Team[] = []): TruthState {
  const desk = new Desk({}, 5, title);
  for (const [index, winner] of maps.entries()) desk.won("official", index + 1, winner);
  const base = desk.state;
  const game = maps.length + 1;
  return {
    ...base,
    currentGame: game,
    games: base.games.map((each) => (each.game === game ? { ...each, status: "live", progress } : each)),
  };
}

const p = (title: RoundTitle, progress: GameProgress, maps: readonly Team[] = []): number =>
  MODELS[title].p(state(title, progress, maps), config()).p;

/** The same moment with the teams exchanged. */
function swapped(progress: GameProgress): GameProgress {
  const flip = <T>(pair: readonly [T, T] | undefined): [T, T] | undefined =>
    pair === undefined ? undefined : [pair[1], pair[0]];
  const clean: Record<string, unknown> = {
    ...progress,
    score: flip(progress.score),
    equipment: flip(progress.equipment),
    alive: flip(progress.alive),
    firstSide: progress.firstSide === undefined ? undefined : progress.firstSide === 0 ? 1 : 0,
  };
  return Object.fromEntries(Object.entries(clean).filter(([, value]) => value !== undefined));
}

const side = fc.constantFrom<Team | undefined>(0, 1, undefined);
const progressOf = fc
  .record({
    own: fc.nat(12),
    other: fc.nat(12),
    round: fc.constantFrom(0, 1, 2, undefined),
    firstSide: side,
    equipment: fc.option(fc.tuple(fc.nat(35_000), fc.nat(35_000))),
    alive: fc.option(fc.tuple(fc.nat(5), fc.nat(5))),
    planted: fc.constantFrom(true, false, undefined),
  })
  .map(({ own, other, round, firstSide, equipment, alive, planted }): GameProgress => ({
    score: [own, other],
    ...(round === undefined ? {} : { round: own + other + round }),
    ...(firstSide === undefined ? {} : { firstSide }),
    ...(equipment === null ? {} : { equipment }),
    ...(alive === null ? {} : { alive }),
    ...(planted === undefined ? {} : { planted }),
  }));

describe.each(["cs2", "valorant"] as const)("the %s model", (title) => {
  it("gives both teams chances that add up to one, whatever is known", () => {
    fc.assert(
      fc.property(progressOf, (progress) => {
        const [own, other] = [p(title, progress), p(title, swapped(progress))];
        expect(own).toBeGreaterThanOrEqual(0.001);
        expect(own).toBeLessThanOrEqual(0.999);
        expect(own + other).toBeCloseTo(1, 10);
      }),
    );
  });

  it("is the plain table when only score and side are known", () => {
    const fitted = title === "cs2" ? CS2_FITTED : VALORANT_FITTED;
    const table = mapTable(ROUND_FORMATS[title], { strength: 0, firstSide: fitted.coefficients.firstSide });
    expect(p(title, { score: [7, 4], firstSide: 1 })).toBeCloseTo(table.at(7, 4, false), 12);
    expect(p(title, { score: [4, 10], firstSide: 1 })).toBeCloseTo(table.at(4, 10, true), 12);
    const both = (table.at(7, 4, false) + table.at(7, 4, true)) / 2;
    expect(p(title, { score: [7, 4] })).toBeCloseTo(both, 12);
  });

  it("likes equipment and players, and the bomb for those who planted it", () => {
    const at = (more: GameProgress): number => p(title, { score: [5, 5], round: 11, firstSide: 0, ...more });
    expect(at({ equipment: [25_000, 5_000] })).toBeGreaterThan(at({ equipment: [25_000, 25_000] }) + 0.03);
    const rich = { equipment: [25_000, 25_000] } as const;
    const chances = [5, 4, 3, 2, 1].map((alive) => at({ ...rich, alive: [5, alive] }));
    expect(chances).toEqual(chances.toSorted((a, b) => a - b));
    expect(at({ ...rich, alive: [3, 3], planted: true })).toBeLessThan(
      at({ ...rich, alive: [3, 3], planted: false }),
    );
  });

  it("takes nothing of a round that is not the one after the score", () => {
    const score = [5, 5] as const;
    const plain = p(title, { score, firstSide: 0 });
    const old = { score, firstSide: 0, equipment: [30_000, 1_000], alive: [5, 0] } as const;
    expect(p(title, { ...old, round: 10 })).toBe(plain);
    expect(p(title, old)).toBe(plain);
    expect(p(title, { ...old, round: 11 })).toBeGreaterThan(plain);
  });

  it("knows less of who is stronger early than late, and nothing before the first word", () => {
    const sd = (progress: GameProgress): number => MODELS[title].p(state(title, progress), config()).sd;
    expect(sd({ score: [0, 0], firstSide: 0 })).toBeGreaterThan(sd({ score: [10, 10], firstSide: 0 }));
    const scheduled = MODELS[title].p(new Desk({}, 3, title).state, config());
    expect(scheduled.calibrated).toBe(false);
    expect(scheduled.p).toBeCloseTo(0.5, 12);
    expect(scheduled.sd).toBeGreaterThan(0.08);
  });

  it("calls itself calibrated as its validation has it", () => {
    const fitted = title === "cs2" ? CS2_FITTED : VALORANT_FITTED;
    const { overall } = fitted.validation;
    expect(overall.n).toBeGreaterThan(1_000);
    expect(MODELS[title].card.calibrated).toBe(overall.ece <= overall.eceBand);
    const off = { ...fitted, validation: { ...fitted.validation, overall: { ...overall, ece: 1 } } };
    expect(createRoundsModel(title, off).card.calibrated).toBe(false);
  });

  it("holds a decided score for nearly sure", () => {
    expect(p(title, { score: [13, 4], firstSide: 0 })).toBe(0.999);
    const behind = p(title, { score: [12, 14], firstSide: 0 });
    if (title === "cs2") expect(behind).toBeGreaterThan(0.1);
    else expect(behind).toBeCloseTo(0.001, 12);
  });
});

describe("maps before this one", () => {
  it("make the winner of the first CS2 map the favourite of the second, as measured", () => {
    expect(p("cs2", {}, [0])).toBeCloseTo(4.7 / 8.4, 3);
    expect(p("cs2", { score: [0, 0] }, [0])).toBeCloseTo(4.7 / 8.4, 2);
    expect(p("cs2", { score: [0, 0] }, [0, 1])).toBeCloseTo(0.5, 12);
    expect(p("cs2", { score: [3, 3], firstSide: 0 }, [1])).toBeLessThan(0.47);
  });
});
