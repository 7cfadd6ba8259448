import { defaultModel, ModelMaker, TemporalArb, type ProbabilityModel, type Title } from "@matchpoint/sdk";
import { describe, expect, it } from "vitest";
import { leadModel, startRun, type TestRun } from "../runtime/start.ts";
import { MATCH } from "../runtime/tape.ts";
import { denials, GAME_1, last, open, placed } from "./support.ts";

/** The same numbers, as unsure of them as one likes. */
function unsure(sd: number): ProbabilityModel {
  return { ...leadModel, p: (state, config) => ({ ...leadModel.p(state, config), sd }) };
}

const TAKER = {
  use: TemporalArb,
  params: { model_trust: 1, kelly_fraction: 0.1, max_entry_usdc: 1_000, max_slippage: 0, market_sd: 0.1 },
};

/** Game 1 of a match of a title starts level; then team 0 goes ahead by a tenth of all gold at twenty minutes. */
function leadOf(title: Title, model: ProbabilityModel, book = 65): TestRun {
  const run = startRun([TAKER], { model });
  run.tape.match({ ...MATCH, title }).market(GAME_1);
  run.tape.book([[book - 2, 500]], [[book, 500]]).wait(100);
  run.tape
    .claim("grid", { kind: "series_started" }, "A")
    .claim("grid", { kind: "game_started", game: 1 }, "A");
  const progress = (minute: number, gold: readonly [number, number], score: readonly [number, number]) =>
    ({ kind: "game_progress", game: 1, progress: { clockMs: minute * 60_000, gold, score } }) as const;
  run.tape.claim("grid", progress(19, [30_000, 30_000], [0, 0]), "A").wait(1_000);
  run.tape.claim("grid", progress(20, [34_000, 31_000], [3, 0]), "A").wait(300);
  return run;
}

describe("taking liquidity", () => {
  it("is not done on the Dota 2 model, which says that it is not calibrated", () => {
    const run = leadOf("dota2", defaultModel, 67);
    expect(placed(run)).toEqual([]);
    expect(denials(run)).toContain("MODEL_UNCALIBRATED");
  });

  it("is done on the LoL model, which was compared with outcomes", () => {
    const run = leadOf("lol", defaultModel, 75);
    expect(placed(run)).toMatchObject([{ side: "buy", outcome: 0, orderType: "FAK" }]);
    expect(denials(run)).toEqual([]);
  });

  it("is not done on the LoL model where it has to guess by the score", () => {
    const run = startRun([TAKER], { model: defaultModel });
    run.tape.match().market(GAME_1);
    run.tape.book([[63, 500]], [[65, 500]]).wait(100);
    run.tape
      .claim("grid", { kind: "series_started" }, "A")
      .claim("grid", { kind: "game_started", game: 1 }, "A")
      .wait(1_000);
    run.tape.claim("grid", { kind: "game_progress", game: 1, progress: { score: [3, 0] } }, "A").wait(300);
    expect(placed(run)).toEqual([]);
    expect(denials(run)).toContain("MODEL_UNCALIBRATED");
  });
});

describe("a model that is unsure", () => {
  it("makes temporal-arb buy as much less as its share in the belief is less", () => {
    // (.74 - .65) / (1 - .65) of $1,000, a tenth of it: $25.71; at an sd as large as the market's, half of that.
    expect(last(leadOf("lol", unsure(0))).spend! / 1e6).toBeCloseTo(25.7, 0);
    expect(last(leadOf("lol", unsure(0.1))).spend! / 1e6).toBeCloseTo(12.85, 0);
    expect(last(leadOf("lol", unsure(0.2))).spend! / 1e6).toBeCloseTo(5.14, 0);
  });

  it("draws model-maker's quotes towards the book", () => {
    const centre = (sd: number): number => {
      const run = startRun(
        [{ use: ModelMaker, params: { reference: "model", market_sd: 0.1, half_spread: 0.02 } }],
        { model: unsure(sd) },
      );
      run.tape.match().market(GAME_1);
      run.tape.book([[40, 500]], [[60, 500]]).wait(200);
      run.tape
        .claim("grid", { kind: "series_started" }, "A")
        .claim("grid", { kind: "game_started", game: 1 }, "A");
      run.tape
        .claim("grid", { kind: "game_progress", game: 1, progress: { score: [5, 1] } }, "A")
        .wait(21_000);
      const bid = open(run).find(({ intent }) => intent.outcome === 0)!.intent.limit;
      return bid / 10_000 + 0.02;
    };
    // The book's own middle is .50, the model says .74.
    expect(centre(0.3)).toBeLessThan(0.55);
    expect(centre(0.1)).toBeCloseTo(0.62, 1);
    expect(centre(0.1)).toBeGreaterThan(centre(0.3));
  });
});
