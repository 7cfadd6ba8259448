import { describe, expect, it } from "vitest";
import type { MatchClaim } from "../../src/events/index.ts";
import type { SourceReport } from "../../src/truth/index.ts";
import { TruthEngine } from "../../src/truth/index.ts";
import { wilsonLower } from "../../src/truth/reliability.ts";
import { id, type MatchId } from "../../src/ids.ts";
import { config, Desk, event, match, ms } from "./helpers.ts";

function report(engine: TruthEngine, source: string): SourceReport {
  return engine.sources().find((each) => each.source === source)!;
}

/** Plays so many matches of one game: official and steam say who won, panda is wrong in every n-th. */
function season(matches: number, wrongEvery: number, overrides: Record<string, unknown> = {}): TruthEngine {
  const engine = new TruthEngine(config(overrides));
  for (let index = 0; index < matches; index++) {
    const matchId = id<MatchId>(`m${index}`);
    engine.list({ ...match(1), matchId }, ms(0));
    const won = (source: string, winner: 0 | 1) =>
      engine.apply({ ...event(source, { kind: "game_won", game: 1, winner }), matchId });
    won("official", 0);
    won("panda", index % wrongEvery === wrongEvery - 1 ? 1 : 0);
    won("steam", 0);
  }
  return engine;
}

describe("what is learned of a source", () => {
  it("is how often it was right, by what became final", () => {
    const engine = season(40, 10);
    expect(report(engine, "panda")).toMatchObject({ games: { right: 36, wrong: 4 }, late: 40 });
    const { games, demoted } = report(engine, "panda").reliability;
    expect(games.accuracy).toBeCloseTo((36 + 20 * 0.95) / 60, 12);
    expect(games.atLeast).toBeCloseTo(0.7695, 3);
    expect(demoted).toBe(false);
    expect(report(engine, "steam")).toMatchObject({ games: { right: 40, wrong: 0 } });
  });

  it("is nothing that it confirms itself", () => {
    const desk = new Desk();
    desk.won("grid", 1, 0);
    expect(report(desk.engine, "grid").games).toEqual({ right: 0, wrong: 0 });
    desk.won("panda", 1, 0);
    expect(report(desk.engine, "grid").games).toEqual({ right: 1, wrong: 0 });
  });

  it("follows corrections of truth", () => {
    const desk = new Desk();
    desk.won("grid", 1, 0);
    desk.won("panda", 1, 1);
    expect(report(desk.engine, "panda").games).toEqual({ right: 0, wrong: 1 });
    desk.won("grid", 1, 1);
    expect(desk.game(1)).toMatchObject({ status: "final", winner: 1 });
    expect(report(desk.engine, "panda").games).toEqual({ right: 1, wrong: 0 });
    expect(report(desk.engine, "grid").games).toEqual({ right: 0, wrong: 1 });
  });

  it("does not count against a source what was so until play was taken back", () => {
    const desk = new Desk();
    desk.start("panda", 1);
    for (const source of ["panda", "steam"]) desk.won(source, 1, 0);
    for (const source of ["panda", "steam"]) desk.retract(source, "remake", 1);
    for (const source of ["steam", "panda"]) desk.won(source, 1, 1);
    for (const source of ["panda", "steam"])
      expect(report(desk.engine, source).games).toEqual({ right: 1, wrong: 0 });
    const wrong = new Desk();
    wrong.won("panda", 1, 0);
    wrong.retract("panda", "correction", 1);
    wrong.won("panda", 1, 1);
    wrong.won("steam", 1, 1);
    expect(report(wrong.engine, "panda").games).toEqual({ right: 0, wrong: 1 });
  });

  it("counts against a source what it takes back as play that nobody else had heard of", () => {
    const desk = new Desk();
    desk.start("panda", 1);
    desk.won("panda", 1, 0);
    desk.retract("panda", "rollback", 1);
    desk.won("panda", 1, 1);
    desk.won("steam", 1, 1);
    expect(report(desk.engine, "panda").games).toEqual({ right: 0, wrong: 1 });
    expect(report(desk.engine, "steam").games).toEqual({ right: 1, wrong: 0 });
  });

  it("lets no source outvote others with results that it only repeated", () => {
    const overrides = { learn_reliability: "use", tier_a_sources: [], source_accuracy: { echo: 0.95 } };
    const engine = new TruthEngine(config(overrides));
    const say = (matchId: MatchId, source: string, winner: 0 | 1) =>
      engine.apply({ ...event(source, { kind: "game_won", game: 1, winner }), matchId });
    for (let index = 0; index < 5_000; index++) {
      const matchId = id<MatchId>(`m${index}`);
      engine.list({ ...match(1), matchId }, ms(0));
      for (const source of ["panda", "steam", "echo", "wiki"]) say(matchId, source, 0);
    }
    expect(report(engine, "echo").reliability.games.accuracy).toBeGreaterThan(0.999);
    const lie = id<MatchId>("lie");
    engine.list({ ...match(1), matchId: lie }, ms(1));
    say(lie, "echo", 1);
    expect(engine.state(lie)!.games[0]).toMatchObject({ status: "effectively_final" });
    expect(engine.state(lie)!.games[0]!.posterior).toBeCloseTo(0.99, 9);
    // Two others hold the balance again, also those that had no chance to learn.
    for (const source of ["first", "second", "third"]) say(lie, source, 0);
    expect(engine.state(lie)!.games[0]).toMatchObject({ winner: 0 });
    const weak = id<MatchId>("weak");
    engine.list({ ...match(1), matchId: weak }, ms(1));
    say(weak, "wiki", 1);
    expect(engine.state(weak)!.games[0]!.posterior).toBeCloseTo(0.95, 9);
  });

  it("is shown and not used by default, and not even counted when it is off", () => {
    const shown = season(100, 4);
    expect(report(shown, "panda")).toMatchObject({ tier: "B", reliability: { demoted: true } });
    expect(report(season(40, 10, { learn_reliability: "off" }), "panda").games).toEqual({
      right: 0,
      wrong: 0,
    });
  });

  it("takes tier and weight from a source that is wrong too often, when it is used", () => {
    const engine = season(100, 4, { learn_reliability: "use" });
    expect(report(engine, "panda").tier).toBe("C");
    const matchId = id<MatchId>("next");
    engine.list({ ...match(1), matchId }, ms(1));
    engine.apply({ ...event("panda", { kind: "game_won", game: 1, winner: 0 }), matchId });
    expect(engine.state(matchId)!.games[0]).toMatchObject({ status: "scheduled", winner: 0 });
    expect(engine.state(matchId)!.games[0]!.posterior).toBeCloseTo(0.7833, 3);
    const listed = season(100, 4, { learn_reliability: "use", tier_a_sources: ["panda", "official"] });
    expect(report(listed, "panda").tier).toBe("B");
  });

  it("leaves a source its tier in a match that it speaks of already: it must be able to take back what it said", () => {
    const engine = new TruthEngine(config({ learn_reliability: "use" }));
    const going = id<MatchId>("going");
    const about = (matchId: MatchId, source: string, claim: MatchClaim) =>
      engine.apply({ ...event(source, claim), matchId });
    engine.list({ ...match(1), matchId: going }, ms(0));
    about(going, "panda", { kind: "game_progress", game: 1, progress: { score: [9, 5] } });
    for (let index = 0; index < 60; index++) {
      const matchId = id<MatchId>(`m${index}`);
      engine.list({ ...match(1), matchId }, ms(0));
      about(matchId, "official", { kind: "game_won", game: 1, winner: 0 });
      about(matchId, "panda", { kind: "game_won", game: 1, winner: 1 });
    }
    expect(report(engine, "panda").tier).toBe("C");
    const [change] = about(going, "panda", { kind: "retracted", game: 1, reason: "rollback" });
    expect(change).toMatchObject({ on: "rollback", kind: "revised" });
    expect(engine.state(going)!.games[0]!.progress).toEqual({});
  });

  it("stays with a source that is right", () => {
    const engine = season(100, 1_000, { learn_reliability: "use" });
    expect(report(engine, "panda")).toMatchObject({ tier: "B", reliability: { demoted: false } });
  });

  it("survives a restart", () => {
    const engine = season(40, 10);
    const restored = new TruthEngine(config());
    restored.restore(JSON.parse(JSON.stringify(engine.snapshot())) as ReturnType<TruthEngine["snapshot"]>);
    expect(restored.sources()).toEqual(engine.sources());
  });
});

describe("the Wilson interval", () => {
  it("has the known lower ends", () => {
    expect(wilsonLower(0, 0)).toBe(0);
    expect(wilsonLower(10, 10)).toBeCloseTo(0.7225, 4);
    expect(wilsonLower(50, 50)).toBeCloseTo(0.9287, 4);
    expect(wilsonLower(81, 100)).toBeCloseTo(0.7222, 4);
    expect(wilsonLower(0, 10)).toBeCloseTo(0, 12);
  });
});
