import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { GameProgress } from "../../src/events/index.ts";
import type { GoldCurve } from "../../src/state/index.ts";
import { extendCurve, leadAt, TruthEngine } from "../../src/truth/index.ts";
import { Desk, MATCH } from "./helpers.ts";

const at = (seconds: number, lead: number): GameProgress => ({
  clockMs: seconds * 1000,
  gold: [50_000 + Math.max(0, lead), 50_000 + Math.max(0, -lead)],
});

/** The curve after so many statements. */
function told(...points: readonly GameProgress[]): GoldCurve | undefined {
  let curve: GoldCurve | undefined;
  points.forEach((point, i) => {
    curve = extendCurve(curve, points[i - 1] ?? {}, point);
  });
  return curve;
}

describe("the gold curve", () => {
  it("has the lead at each full minute, drawn straight between statements", () => {
    expect(told(at(0, 0), at(30, 0), at(90, 200), at(150, 0))).toEqual({ from: 1, leads: [100, 100] });
    expect(told(at(0, 0), at(60, 120), at(120, -60))).toEqual({ from: 1, leads: [120, -60] });
    expect(told(at(0, 0), at(240, 400))).toEqual({ from: 1, leads: [100, 200, 300, 400] });
  });

  it("begins where the telling begins", () => {
    expect(told(at(610, 500))).toBeUndefined();
    expect(told(at(610, 500), at(650, 500), at(670, 700))).toEqual({ from: 11, leads: [600] });
    expect(told(at(660, 500))).toEqual({ from: 11, leads: [500] });
  });

  it("draws nothing over more than five minutes", () => {
    expect(told(at(0, 0), at(60, 100), at(400, 900), at(430, 900))).toEqual({ from: 7, leads: [900] });
  });

  it("goes back with the clock, and keeps what was before", () => {
    const curve = told(at(0, 0), at(60, 100), at(120, 200), at(180, 300), at(100, 150));
    expect(curve).toEqual({ from: 1, leads: [100] });
    expect(extendCurve(curve, at(100, 150), at(130, 300))).toEqual({ from: 1, leads: [100, 250] });
    expect(told(at(0, 0), at(60, 100), at(5, 0))).toBeUndefined();
  });

  it("does not mind a clock that is a little behind", () => {
    expect(told(at(0, 0), at(60, 100), at(121, 200), at(118, 190), at(125, 210))).toMatchObject({
      leads: [100, expect.closeTo(198.36, 1)],
    });
  });

  it("needs gold and clock", () => {
    expect(told(at(0, 0), at(60, 100), { clockMs: 90_000 }, { score: [1, 0] })).toEqual({
      from: 1,
      leads: [100],
    });
  });

  it("stays bounded, whole and finite whatever is told", () => {
    const point = fc.tuple(fc.double({ min: 0, max: 1e9, noNaN: true }), fc.integer({ min: -1e6, max: 1e6 }));
    fc.assert(
      fc.property(fc.array(point, { maxLength: 60 }), (points) => {
        const curve = told(...points.map(([seconds, lead]) => at(seconds, lead)));
        if (curve === undefined) return;
        expect(curve.from).toBeGreaterThanOrEqual(1);
        expect(curve.from + curve.leads.length - 1).toBeLessThanOrEqual(180);
        expect(curve.leads.every(Number.isFinite)).toBe(true);
      }),
    );
  });

  it("is the same however often it is told on a straight line", () => {
    const every = (seconds: number) =>
      told(...Array.from({ length: Math.floor(900 / seconds) + 1 }, (_, i) => at(i * seconds, i * seconds)));
    const coarse = every(60);
    for (const seconds of [5, 10, 20, 30]) {
      const fine = every(seconds);
      expect(fine?.leads.map(Math.round)).toEqual(coarse?.leads);
    }
  });
});

describe("the lead at a moment", () => {
  const curve: GoldCurve = { from: 3, leads: [300, 500] };
  const now = { minute: 4.5, lead: 600 };
  it.each([
    [4.5, 600],
    [9, 600],
    [4.25, 550],
    [4, 500],
    [3.5, 400],
    [3, 300],
    [2.9, undefined],
    [0, 0],
    [-1, 0],
  ])("%f is %s", (minute, lead) => {
    expect(leadAt(curve, now, minute)).toBe(lead);
  });
});

describe("the curve of what is held true", () => {
  const say = (desk: Desk, seconds: number, lead: number): void => {
    desk.say("grid", { kind: "game_progress", game: 1, progress: at(seconds, lead) });
  };
  const leads = (desk: Desk): readonly number[] | undefined => desk.state.games[0]!.curve?.leads;
  const played = (): Desk => {
    const desk = new Desk();
    desk.start("grid", 1);
    for (const minute of [0, 1, 2, 3]) say(desk, minute * 60, minute * 100);
    return desk;
  };

  it("grows with the progress, and outlives a snapshot", () => {
    const desk = played();
    expect(leads(desk)).toEqual([100, 200, 300]);
    const other = new TruthEngine(desk.engine.config);
    other.restore(desk.engine.snapshot());
    expect(other.state(MATCH)?.games[0]!.curve).toEqual({ from: 1, leads: [100, 200, 300] });
  });

  it("is kept over a rollback as far as play goes on from", () => {
    const desk = played();
    desk.say("grid", { kind: "retracted", game: 1, reason: "rollback" });
    desk.start("grid", 1);
    say(desk, 125, 210);
    expect(leads(desk)).toEqual([100, 200]);
    say(desk, 180, 250);
    expect(leads(desk)).toEqual([100, 200, 250]);
  });

  it("begins anew with a remake", () => {
    const desk = played();
    desk.say("grid", { kind: "retracted", game: 1, reason: "remake" });
    expect(leads(desk)).toBeUndefined();
    desk.start("grid", 1);
    say(desk, 0, 0);
    say(desk, 60, -50);
    expect(leads(desk)).toEqual([-50]);
  });
});
