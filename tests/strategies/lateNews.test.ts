import {
  id,
  mapAdvantageModel,
  ModelMaker,
  Strategy,
  TemporalArb,
  type StrategyUse,
  type TruthContext,
} from "@matchpoint/sdk";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { startRun, type TestRun } from "../runtime/start.ts";
import { denials, GAME_1, held, placed, skipped } from "./support.ts";

/** Whoever leads wins with .74; declared calibrated, so that nothing but the lag decides. */
const MODEL = { ...mapAdvantageModel, card: { ...mapAdvantageModel.card, calibrated: true } };

/** Buys the leader at every truth, as somebody's own strategy may. */
class TakeLeader extends Strategy<z.ZodObject> {
  static readonly id = "take-leader";
  static readonly posture = "directional";
  static readonly params = z.object({});
  static readonly truthDriven = true;
  override onTruth(ctx: TruthContext): void {
    const { leader, p } = ctx.truth;
    if (p === 0.5) return ctx.skip("level");
    const { ask } = ctx.quote(leader);
    ctx.buy({ outcome: leader, limit: ask, size: 20_000_000 as never });
  }
}

const TEMPORAL: StrategyUse = { use: TemporalArb, params: { model_trust: 1, cooldown_ms: 0, edge_max: 1 } };

/** Game 1 is level, every source is heard, and a market is there. */
function level(use: StrategyUse, sources: readonly string[], truth: Record<string, unknown> = {}): TestRun {
  const run = startRun([use], { config: { truth_engine: truth }, model: MODEL });
  run.tape.match().market(GAME_1);
  run.tape.book([[63, 500]], [[65, 500]]).wait(100);
  for (const source of sources) run.tape.claim(source, { kind: "game_started", game: 1 });
  run.tape.wait(1_000);
  return run;
}

const scores = (run: TestRun, source: string, score: readonly [number, number]): TestRun => {
  run.tape.claim(source, { kind: "game_progress", game: 1, progress: { gold: [9_000, 4_000], score } });
  run.tape.wait(300);
  return run;
};

const last = (run: TestRun, reason: string) =>
  run.runtime.summary().whyNot.find((why) => why.reason === reason)?.last;

describe("news of a source of unknown lag", () => {
  it("leads temporal-arb to no order, and it says why with the figures", () => {
    const run = scores(level(TEMPORAL, ["espn"]), "espn", [3, 0]);
    run.tape.book([[63, 501]], [[65, 500]]);
    expect(placed(run)).toEqual([]);
    expect(skipped(run, "signal too late")).toBeGreaterThan(0);
    expect(last(run, "signal too late")).toEqual({ source: "espn", lagMs: "unknown", limitMs: 10_000 });
  });

  it("is denied to every truth-driven strategy by the gate", () => {
    const run = scores(level({ use: TakeLeader }, ["espn"]), "espn", [3, 0]);
    expect(placed(run)).toEqual([]);
    expect(denials(run)).toContain("SIGNAL_TOO_LATE");
    expect(last(run, "denied: SIGNAL_TOO_LATE")?.["detail"]).toBe(
      "the news came from espn, which is of unknown lag, at most 10 s",
    );
  });

  it("still cancels and moves resting quotes, which stay post-only", () => {
    const maker: StrategyUse = {
      use: ModelMaker,
      params: { reference: "model", pause_after_truth_ms: 5_000 },
    };
    const run = level(maker, ["espn"]);
    run.tape.book([[40, 500]], [[60, 500]]).wait(500);
    const before = placed(run).length;
    expect(before).toBe(2);
    scores(run, "espn", [3, 0]);
    expect([...run.runtime.core.orders.allOpen()]).toEqual([]);
    run.tape
      .book([[70, 500]], [[78, 500]])
      .wait(6_000)
      .book([[70, 501]], [[78, 500]])
      .wait(300);
    expect(placed(run).length).toBeGreaterThan(before);
    expect(placed(run).every(({ postOnly }) => postOnly)).toBe(true);
    expect(denials(run)).toEqual([]);
  });
});

describe("news of a source that is in time", () => {
  it.each([
    ["by the defaults", "grid", {}],
    ["because it is declared", "espn", { lag_ms_by_source: { espn: 2_000 } }],
    ["for nobody asks, the guard is off", "espn", { signal_lag_guard: "off" }],
  ])("is traded: %s", (_name, source, truth) => {
    expect(placed(scores(level(TEMPORAL, [source], truth), source, [3, 0]))).toHaveLength(1);
    expect(
      placed(scores(level({ use: TakeLeader }, [source], truth), source, [3, 0])).length,
    ).toBeGreaterThan(0);
  });

  it("is traded although a slow source repeats it", () => {
    const run = level(TEMPORAL, ["grid", "espn"]);
    run.tape.book([[70, 500]], [[76, 500]]).wait(10);
    scores(run, "grid", [3, 0]);
    expect(placed(run)).toEqual([]);
    scores(run, "espn", [3, 0]);
    run.tape.book([[60, 500]], [[65, 500]]);
    expect(placed(run)).toHaveLength(1);
  });

  it("does not make timely what a slow source said first", () => {
    const run = level({ use: TakeLeader }, ["grid", "espn"]);
    scores(run, "espn", [3, 0]);
    scores(run, "grid", [3, 0]);
    run.tape.claim("grid", { kind: "game_progress", game: 1, progress: { clockMs: 60_000, score: [3, 0] } });
    expect(placed(run)).toEqual([]);
    expect(new Set(denials(run))).toEqual(new Set(["SIGNAL_TOO_LATE"]));
  });

  it("is no longer, once the market was seen to know it first, three times", () => {
    const run = level(TEMPORAL, ["grid"]);
    for (let score = 1; score <= 5; score++) {
      // The market knows each fact; the source tells it 30 s later.
      run.tape.book([[60 + 4 * score, 500]], [[61 + 4 * score, 500]]).wait(30_000);
      run.tape
        .claim("grid", { kind: "game_progress", game: 1, progress: { score: [score, 0] } })
        .wait(20_000);
    }
    const { lag } = run.runtime.core.truth.sources().find(({ source }) => source === "grid")!;
    expect(lag).toMatchObject({ n: 3, inTime: false, mayTake: false });
    expect(lag.lagMs!).toBeGreaterThan(29_000);
  });
});

describe("exits", () => {
  it("stay allowed on late news: they may take", () => {
    const run = level({ ...TEMPORAL, params: { ...(TEMPORAL.params as object), reversal: 0.08 } }, [
      "grid",
      "espn",
    ]);
    scores(run, "grid", [3, 0]);
    run.tape.wait(2_000);
    expect(held(run)[0]).toBeGreaterThan(5);
    run.tape.claim("espn", {
      kind: "game_progress",
      game: 1,
      progress: { gold: [9_000, 30_000], score: [3, 9] },
    });
    run.tape.wait(3_000);
    expect(placed(run).at(-1)).toMatchObject({ side: "sell", purpose: "exit", reason: "truth reversed" });
    expect(held(run)[0]).toBeLessThan(0.01);
  });
});

it("the signal names the source that moved the market's probability last", () => {
  const run = level(TEMPORAL, ["grid", "espn"]);
  const signal = () => run.runtime.core.market(id("m1"))!.truth!.signal;
  expect(signal()).toBeUndefined();
  scores(run, "espn", [3, 0]);
  expect(signal()).toMatchObject({ source: "espn", lagMs: undefined, limitMs: 10_000, mayTake: false });
  scores(run, "grid", [3, 30]);
  run.tape.claim("grid", { kind: "game_progress", game: 1, progress: { gold: [1, 9_000], score: [3, 30] } });
  expect(signal()).toMatchObject({ source: "grid", mayTake: true });
});
