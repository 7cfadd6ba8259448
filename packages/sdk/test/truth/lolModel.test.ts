import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { GameProgress, MatchDescription, Title } from "../../src/events/index.ts";
import type { GameTruth, GoldCurve, TruthState } from "../../src/state/index.ts";
import {
  createLolModel,
  defaultModel,
  dota2Model,
  lolModel,
  lolMoment,
  modelFor,
  TRUTH_DEFAULTS,
  type LolCoefficients,
  type ModelEstimate,
  type ProbabilityModel,
} from "../../src/truth/index.ts";
import { LOL_FITTED } from "../../src/truth/models/fitted/lol.ts";
import type { Millis, Nanos } from "../../src/units/index.ts";
import { MATCH } from "./helpers.ts";

const VERDICT = {
  status: "live",
  winner: undefined,
  posterior: 0,
  singleSource: false,
  forfeit: false,
  revision: 1,
  since: 0 as Nanos,
  sources: [],
} as const;

interface World {
  readonly progress?: GameProgress;
  readonly curve?: GoldCurve;
  readonly title?: Title;
  readonly teams?: readonly [string, string];
  readonly startsAt?: number;
  readonly status?: GameTruth["status"];
}

function state({
  progress = {},
  curve,
  title = "lol",
  teams = ["A", "B"],
  startsAt,
  status,
}: World): TruthState {
  const match: MatchDescription = {
    matchId: MATCH,
    title,
    teams: [{ name: teams[0] }, { name: teams[1] }],
    bestOf: 1,
    ...(startsAt === undefined ? {} : { startsAt: startsAt as Millis }),
  };
  const game: GameTruth = {
    ...VERDICT,
    status: status ?? "live",
    game: 1,
    progress,
    ...(curve === undefined ? {} : { curve }),
  };
  return {
    ...VERDICT,
    match,
    maps: [0, 0],
    games: [game],
    currentGame: 1,
    stale: false,
    staleSource: undefined,
    lastClaimAt: 0 as Nanos,
  };
}

const ask = (world: World, model: ProbabilityModel = lolModel): ModelEstimate =>
  model.p(state(world), TRUTH_DEFAULTS);

/** A game whose lead went so, minute by minute, and that stands at the last of them. */
function game(leads: readonly number[], firstSide?: 0 | 1): Pick<World, "progress" | "curve"> {
  const lead = leads.at(-1)!;
  return {
    progress: {
      clockMs: leads.length * 60_000,
      gold: [30_000 + Math.max(0, lead), 30_000 + Math.max(0, -lead)],
      ...(firstSide === undefined ? {} : { firstSide }),
    },
    curve: { from: 1, leads },
  };
}

const straight = (minutes: number, lead: number): number[] =>
  Array.from({ length: minutes }, (_, i) => (lead * (i + 1)) / minutes);

describe("the LoL model", () => {
  it("is on the blue side's side, and even when nobody says who that is", () => {
    const { p } = ask(game(straight(20, 0)));
    expect(p).toBe(0.5);
    expect(ask(game(straight(20, 0), 0)).p).toBeGreaterThan(0.51);
    expect(ask(game(straight(20, 0), 1)).p).toBeCloseTo(1 - ask(game(straight(20, 0), 0)).p, 12);
  });

  it("says of a lead about what was seen of such leads in professional games", () => {
    // Leads of one to two thousand at 15 minutes won .73 of 1,530 games, of three to five thousand .94 of 763.
    expect(ask(game(straight(15, 1_500))).p).toBeGreaterThan(0.68);
    expect(ask(game(straight(15, 1_500))).p).toBeLessThan(0.77);
    expect(ask(game(straight(15, 3_800))).p).toBeGreaterThan(0.88);
    expect(ask(game(straight(15, 3_800))).p).toBeLessThan(0.96);
    expect(ask(game(straight(30, 1_500))).p).toBeLessThan(ask(game(straight(10, 1_500))).p);
  });

  it("asks how the lead came about", () => {
    const grown = [...straight(23, 0), 2_500, 5_000];
    const thrown = [...straight(20, 9_000), 8_000, 7_000, 6_500, 5_500, 5_000];
    expect(ask(game(grown)).p - ask(game(thrown)).p).toBeGreaterThan(0.02);
  });

  it("turns with the teams", () => {
    const lead = fc.integer({ min: -20_000, max: 20_000 });
    fc.assert(
      fc.property(
        fc.array(lead, { minLength: 1, maxLength: 70 }),
        fc.constantFrom(0, 1, undefined),
        (leads, side) => {
          const one = ask(game(leads, side));
          const other = ask(
            game(
              leads.map((each) => -each),
              side === undefined ? undefined : side === 0 ? 1 : 0,
            ),
          );
          expect(one.p + other.p).toBeCloseTo(1, 12);
          expect(one.sd).toBeCloseTo(other.sd, 12);
        },
      ),
    );
  });

  it("gives more for more gold, at any minute and lead", () => {
    for (let minute = 3; minute <= 60; minute++) {
      let before = 0;
      for (let lead = -20_000; lead <= 20_000; lead += 500) {
        const shifted = ask(game(Array.from({ length: minute }, () => lead))).p;
        expect(shifted).toBeGreaterThanOrEqual(before);
        before = shifted;
      }
      const last = (lead: number): number =>
        ask(game([...Array.from({ length: minute - 1 }, () => 0), lead])).p;
      expect(last(1_000)).toBeGreaterThan(last(0));
      expect(last(6_000)).toBeGreaterThanOrEqual(last(5_000));
    }
  });

  it("stays a probability at what no game shows", () => {
    const any = fc.double({ min: 0, max: 1e12, noNaN: true });
    fc.assert(
      fc.property(any, any, any, (clockMs, a, b) => {
        const { p, sd } = ask({ progress: { clockMs, gold: [a, b] } });
        expect(p).toBeGreaterThanOrEqual(0.002);
        expect(p).toBeLessThanOrEqual(0.998);
        expect(sd).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  it("holds what it says at minute 50 for longer games, and does not call it calibrated", () => {
    const at = (clockMs: number) => ask({ progress: { clockMs, gold: [60_000, 55_000] } });
    expect(at(50 * 60_000).p).toBe(at(90 * 60_000).p);
    expect(at(49 * 60_000).calibrated).toBe(true);
    expect(at(51 * 60_000).calibrated).toBe(false);
  });

  it("takes no gold for anything before minute 3", () => {
    const side = { firstSide: 0 } as const;
    const early = { ...side, clockMs: 170_000, gold: [2_900, 500] } as const;
    expect(ask({ progress: early }).p).toBe(ask({ progress: side, status: "scheduled" }).p);
    expect(ask({ progress: early }).p).toBeCloseTo(0.54, 1);
  });

  it("does with the last point where the curve is missing, less sure of it", () => {
    const whole = game(straight(25, 4_000));
    const bare = { progress: whole.progress! };
    expect(Math.abs(ask(bare).p - ask(whole).p)).toBeLessThan(0.03);
    expect(ask(bare).sd / ask(bare).p / (1 - ask(bare).p)).toBeGreaterThan(
      ask(whole).sd / ask(whole).p / (1 - ask(whole).p),
    );
    expect(lolMoment(state({ ...whole, curve: { from: 22, leads: [1, 2, 3, 4] } }))).toMatchObject({
      level: undefined,
      change: expect.any(Number),
    });
  });

  it("says what the map-advantage model says where gold or clock is missing, and that this is not calibrated", () => {
    expect(ask({ progress: { score: [9, 4] } })).toMatchObject({
      p: TRUTH_DEFAULTS.map_advantage.lol,
      calibrated: false,
    });
    expect(ask({ progress: { gold: [20_000, 10_000] } }).calibrated).toBe(false);
    expect(ask(game(straight(20, 100))).calibrated).toBe(true);
  });
});

describe("ratings of the teams", () => {
  const asOf = Date.UTC(2026, 0, 1);
  const coefficients: LolCoefficients = {
    ...LOL_FITTED.coefficients,
    ratings: { asOf, weight: 1, teams: { strong: 1, weak: -0.5 } },
  };
  const model = createLolModel({ ...LOL_FITTED, coefficients });
  const even = game(straight(20, 0));
  const logOdds = (startsAt: number | undefined, teams: readonly [string, string]): number => {
    const { p } = ask({ ...even, teams, ...(startsAt === undefined ? {} : { startsAt }) }, model);
    return Math.log(p / (1 - p));
  };

  it("shift the log-odds by their difference, a stranger counting as 0", () => {
    expect(logOdds(asOf, ["Strong", "WEAK"])).toBeCloseTo(1.5, 9);
    expect(logOdds(asOf, ["weak", "strong"])).toBeCloseTo(-1.5, 9);
    expect(logOdds(asOf, ["Strong", "new"])).toBeCloseTo(1, 9);
    expect(logOdds(asOf, ["new", "newer"])).toBeCloseTo(0, 9);
  });

  it("fade, and say nothing of games before the data ended or without a date", () => {
    const days = (n: number): number => asOf + n * 86_400_000;
    expect(logOdds(days(270), ["strong", "weak"])).toBeCloseTo(0.75, 9);
    expect(logOdds(days(2_000), ["strong", "weak"])).toBe(0);
    expect(logOdds(days(-1), ["strong", "weak"])).toBe(0);
    expect(logOdds(undefined, ["strong", "weak"])).toBe(0);
    expect(logOdds(asOf, ["constructor", "__proto__"])).toBe(0);
  });

  it("that are shipped say nothing of teams of today", () => {
    const teams = ["TSM", "C9"] as const;
    const now = ask({ ...even, teams, startsAt: Date.UTC(2026, 10, 22) });
    expect(now.p).toBe(0.5);
    expect(ask({ ...even, teams, startsAt: Date.UTC(2017, 6, 1) }).p).not.toBe(0.5);
  });
});

describe("the default model", () => {
  it("asks the model of the title", () => {
    const world = game(straight(20, 3_000));
    for (const title of ["lol", "cs2", "valorant", "dota2", "other"] as const) {
      const own = modelFor(title).p(state({ ...world, title }), TRUTH_DEFAULTS);
      expect(ask({ ...world, title }, defaultModel)).toMatchObject(own);
    }
    expect(ask({ ...world, title: "other" }, defaultModel).calibrated).toBe(false);
    expect(["lol", "cs2", "valorant"].every((title) => modelFor(title as Title).card.calibrated)).toBe(true);
  });
});

describe("the Dota 2 model", () => {
  const at = (minute: number, gold: readonly [number, number]): ModelEstimate =>
    ask({ title: "dota2", progress: { clockMs: minute * 60_000, gold } }, dota2Model);

  it("never says that it is calibrated", () => {
    expect(dota2Model.card.calibrated).toBe(false);
    expect(at(30, [60_000, 50_000]).calibrated).toBe(false);
    expect(ask({ title: "dota2", progress: { score: [3, 1] } }, dota2Model).calibrated).toBe(false);
  });

  it("takes the share of the lead, more of it with time", () => {
    expect(at(20, [42_000, 42_000]).p).toBe(0.5);
    expect(at(20, [44_000, 40_000]).p).toBeGreaterThan(0.65);
    expect(at(40, [88_000, 80_000]).p).toBeGreaterThan(at(20, [44_000, 40_000]).p);
    expect(at(20, [44_000, 40_000]).p + at(20, [40_000, 44_000]).p).toBeCloseTo(1, 12);
    expect(at(1, [9_000, 3_000]).p).toBe(0.5);
  });

  it("does not take a bare lead for all the gold there is", () => {
    expect(at(20, [4_000, 0]).p).toBeLessThan(0.85);
    expect(at(20, [4_000, 0]).p).toBeCloseTo(at(20, [54_000, 50_000]).p, 1);
  });
});
