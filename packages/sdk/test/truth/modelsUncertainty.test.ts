import { describe, expect, it } from "vitest";
import type { MarketSubject } from "../../src/events/index.ts";
import { modelShare } from "../../src/strategy/shrink.ts";
import { impliedProbability, lolModel, type ProbabilityModel } from "../../src/truth/index.ts";
import type { Probability } from "../../src/units/index.ts";
import { Desk, MATCH } from "./helpers.ts";

const SERIES: MarketSubject = { kind: "series", matchId: MATCH, teamOf: [0, 1] };
const GAME: MarketSubject = { kind: "game", matchId: MATCH, game: 1, teamOf: [0, 1] };

const model = (p: number, sd: number): ProbabilityModel => ({
  ...lolModel,
  p: () => ({ p: p as Probability, sd }),
});
const implied = (
  desk: Desk,
  subject: MarketSubject,
  of: ProbabilityModel,
): ReturnType<typeof impliedProbability> => impliedProbability(subject, desk.state, of, desk.engine.config);

describe("the uncertainty of an implied probability", () => {
  it("is the model's own in the game that is played, and carried by what the game weighs in the series", () => {
    const desk = new Desk();
    desk.say("grid", { kind: "game_progress", game: 1, progress: { score: [1, 0] } });
    expect(implied(desk, GAME, model(0.6, 0.1)).sd).toBe(0.1);
    const { sd } = implied(desk, SERIES, model(0.6, 0));
    const more = implied(desk, SERIES, model(0.6, 0.1)).sd;
    // The first game moves a series of three by a little more than a half: who wins it is the stronger one.
    expect(Math.sqrt(more * more - sd * sd)).toBeGreaterThan(0.05);
    expect(Math.sqrt(more * more - sd * sd)).toBeLessThan(0.06);
  });

  it.each([
    ["a probability", NaN, 0.1],
    ["a probability", 1.5, 0.1],
    ["a probability", -0.1, 0.1],
    ["an uncertainty", 0.9, NaN],
    ["an uncertainty", 0.9, -0.1],
  ])("of a model that says no %s (%d, %d) is that of a coin, and not calibrated", (_, p, sd) => {
    const desk = new Desk();
    desk.say("grid", { kind: "game_progress", game: 1, progress: { score: [1, 0] } });
    expect(implied(desk, GAME, model(p, sd))).toEqual({ byTeam: [0.5, 0.5], sd: 0.5, calibrated: false });
    expect(implied(desk, SERIES, model(p, sd))).toMatchObject({ byTeam: [0.5, 0.5], calibrated: false });
  });

  it("of a series with a game in dispute is wide, whatever the model knows of the next one", () => {
    const clear = new Desk();
    clear.won("grid", 1, 0);
    clear.won("panda", 1, 0);
    const disputed = new Desk();
    disputed.won("grid", 1, 0);
    disputed.won("official", 1, 1);
    disputed.pass(60_000);
    expect(disputed.game(1).status).toBe("disputed");
    const [sure, unsure] = [clear, disputed].map((desk) => implied(desk, SERIES, model(0.6, 0.1)));
    expect(sure!.calibrated).toBe(true);
    expect(unsure!.calibrated).toBe(false);
    expect(unsure!.sd).toBeGreaterThan(sure!.sd + 0.1);
  });

  it("of the LoL model counts as compared with outcomes only once there is gold to read", () => {
    const desk = new Desk();
    const said = (): boolean => implied(desk, GAME, lolModel).calibrated;
    expect(said()).toBe(false);
    const at = (clockMs: number): void => {
      desk.say("grid", { kind: "game_progress", game: 1, progress: { clockMs, gold: [10_000, 9_000] } });
    };
    at(120_000);
    expect(said()).toBe(false);
    at(600_000);
    expect(said()).toBe(true);
  });
});

describe("a model's share against the market", () => {
  it.each([
    [0.1, 0.1, 0.5],
    [0.2, 0.1, 0.2],
    [0, 0.1, 1],
    [0.1, 0, 0],
    [Infinity, 0.1, 0],
    [NaN, 0.1, 0],
    [-0.1, 0.1, 0],
  ])("sd %d beside %d counts for %d: by variances", (sd, market, share) => {
    expect(modelShare(sd, market)).toBeCloseTo(share, 12);
  });
});
