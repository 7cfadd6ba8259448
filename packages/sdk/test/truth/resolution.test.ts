import { describe, expect, it } from "vitest";
import type { MarketSubject } from "../../src/events/index.ts";
import type { Usdc } from "../../src/units/index.ts";
import { checkResolution, DEFAULT_RESOLUTION_RULES, resolvePayouts } from "../../src/truth/index.ts";
import { Desk, MATCH } from "./helpers.ts";

const series: MarketSubject = { kind: "series", matchId: MATCH, teamOf: [1, 0] };
const game1: MarketSubject = { kind: "game", matchId: MATCH, game: 1, teamOf: [0, 1] };
const game3: MarketSubject = { kind: "game", matchId: MATCH, game: 3, teamOf: [0, 1] };
const pays = (zero: number, one: number): [Usdc, Usdc] => [(zero * 1e6) as Usdc, (one * 1e6) as Usdc];

describe("a market's rule", () => {
  it("pays the winner's outcome, by team and not by place", () => {
    const desk = new Desk();
    desk.won("grid", 1, 0);
    desk.won("grid", 2, 0);
    expect(resolvePayouts(game1, desk.state)).toMatchObject({
      decided: true,
      payouts: pays(1, 0),
      provisional: false,
    });
    expect(resolvePayouts(series, desk.state)).toMatchObject({ decided: true, payouts: pays(0, 1) });
    expect(resolvePayouts(game3, desk.state)).toMatchObject({ decided: true, payouts: pays(0.5, 0.5) });
  });

  it("is provisional while truth is", () => {
    const desk = new Desk();
    desk.won("panda", 1, 1);
    expect(resolvePayouts(game1, desk.state)).toMatchObject({ payouts: pays(0, 1), provisional: true });
    expect(resolvePayouts(series, desk.state)).toEqual({ decided: false, reason: "truth is live" });
  });

  it("pays half for a forfeited game that counts for the series", () => {
    const desk = new Desk();
    desk.say("grid", { kind: "game_won", game: 1, winner: 0, forfeit: true });
    desk.won("grid", 2, 0);
    expect(resolvePayouts(game1, desk.state)).toMatchObject({ payouts: pays(0.5, 0.5), reason: "forfeit" });
    expect(desk.state.maps).toEqual([2, 0]);
    expect(resolvePayouts(series, desk.state)).toMatchObject({ payouts: pays(0, 1) });
  });

  it("pays the winner of a series forfeited after its start, half before", () => {
    const after = new Desk();
    after.start("grid", 1);
    after.say("grid", { kind: "series_won", winner: 1, forfeit: true });
    expect(resolvePayouts(series, after.state)).toMatchObject({ payouts: pays(1, 0) });
    const before = new Desk();
    before.say("grid", { kind: "series_won", winner: 1, forfeit: true });
    expect(resolvePayouts(series, before.state)).toMatchObject({ payouts: pays(0.5, 0.5) });
    const generous = { ...DEFAULT_RESOLUTION_RULES.series, id: "own", forfeitBeforeStart: "winner" } as const;
    expect(resolvePayouts(series, before.state, generous)).toMatchObject({ payouts: pays(1, 0) });
  });

  it("pays half for what was cancelled", () => {
    const desk = new Desk();
    desk.say("panda", { kind: "cancelled", reason: "cancelled" });
    expect(resolvePayouts(series, desk.state)).toMatchObject({ payouts: pays(0.5, 0.5) });
    expect(resolvePayouts(game1, desk.state)).toMatchObject({ payouts: pays(0.5, 0.5) });
  });

  it("decides nothing of a game that does not exist or a market of one team", () => {
    const { state } = new Desk();
    expect(resolvePayouts({ ...game1, game: 4 }, state).decided).toBe(false);
    expect(resolvePayouts({ ...series, teamOf: [0, 0] }, state).decided).toBe(false);
  });
});

describe("the venue's resolution", () => {
  it("raises nothing when it agrees or truth has not decided", () => {
    const desk = new Desk();
    expect(checkResolution(series, desk.state, pays(1, 0))).toBeUndefined();
    desk.won("grid", 1, 0);
    expect(checkResolution(game1, desk.state, pays(1, 0))).toBeUndefined();
  });

  it("raises a mismatch when it pays otherwise", () => {
    const desk = new Desk();
    desk.won("grid", 1, 0);
    expect(checkResolution(game1, desk.state, pays(0.5, 0.5))).toEqual({
      code: "PAYOUT_DIFFERS_FROM_TRUTH",
      expected: pays(1, 0),
      paid: pays(0.5, 0.5),
      message: "venue pays 0.5/0.5 per share, rule esports-game expects 1/0 (won)",
    });
    desk.say("grid", { kind: "retracted", game: 1, reason: "correction" });
    desk.say("grid", { kind: "game_won", game: 1, winner: 0, forfeit: true });
    expect(checkResolution(game1, desk.state, pays(1, 0))?.expected).toEqual(pays(0.5, 0.5));
  });
});
