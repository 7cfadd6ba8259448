import { describe, expect, it } from "vitest";
import { TruthEngine, type TruthSnapshot } from "../../src/truth/index.ts";
import { config, Desk, event, MATCH, ms, steps } from "./helpers.ts";

describe("an upstream that takes its word back", () => {
  it("is heard although a copy of it still says the old one", () => {
    const desk = new Desk();
    desk.start("grid", 1);
    desk.won("grid", 1, 0);
    for (const source of ["panda", "relay"]) desk.won(source, 1, 0);
    desk.retract("panda", "rollback", 1);
    expect(desk.game(1).status).toBe("live");
    expect(desk.game(1).posterior).toBeCloseTo(0.839, 3);
    expect(steps(desk.pass(3_000))).toContain("#1 live>disputed");
  });

  it("is not taken back again by a copy that hears of it late", () => {
    const desk = new Desk({ tier_a_sources: [], required_sources_for_final: 2 });
    for (const source of ["panda", "relay", "steam"]) desk.won(source, 1, 0);
    desk.retract("panda", "correction", 1);
    desk.won("panda", 1, 0);
    expect(desk.game(1).status).toBe("final");
    desk.retract("relay", "correction", 1);
    desk.won("relay", 1, 0);
    expect(desk.game(1)).toMatchObject({ status: "final", sources: ["panda", "relay", "steam"] });
  });
});

describe("a score of the series that falls", () => {
  it("to one that was told before is a fall too", () => {
    const desk = new Desk();
    desk.say("steam", { kind: "series_score", maps: [0, 1] });
    desk.won("grid", 1, 1);
    desk.won("grid", 2, 1);
    desk.say("steam", { kind: "series_score", maps: [0, 2] });
    desk.retract("grid", "rollback", 2);
    desk.say("steam", { kind: "series_score", maps: [0, 1] });
    expect(desk.game(2)).toMatchObject({ winner: undefined, posterior: 0 });
    desk.pass(60_000);
    expect(desk.state).toMatchObject({ status: "live", maps: [0, 1] });
    expect(desk.game(2).status).not.toBe("disputed");
  });

  it("counts as taken back when somebody else says so in words later", () => {
    const desk = new Desk();
    desk.say("steam", { kind: "series_score", maps: [0, 1] });
    desk.say("steam", { kind: "series_score", maps: [0, 2] });
    desk.won("grid", 1, 1);
    desk.won("grid", 2, 1);
    desk.say("steam", { kind: "series_score", maps: [0, 1] });
    expect(desk.state.status).toBe("final");
    desk.retract("grid", "rollback", 2);
    expect(desk.game(2)).toMatchObject({ winner: undefined, posterior: 0 });
    desk.won("grid", 2, 0);
    desk.say("steam", { kind: "series_score", maps: [1, 1] });
    expect(desk.game(2)).toMatchObject({ status: "final", winner: 0, sources: ["grid", "steam"] });
  });

  it("and goes on from there is a correction", () => {
    const desk = new Desk();
    for (const maps of [
      [0, 1],
      [0, 2],
      [0, 1],
      [1, 1],
    ] as const)
      desk.say("panda", { kind: "series_score", maps });
    expect(desk.state).toMatchObject({ status: "live", maps: [1, 1] });
    expect(desk.game(2)).toMatchObject({ status: "effectively_final", winner: 0 });
  });

  it("and comes back was only told late", () => {
    const desk = new Desk();
    for (const maps of [
      [0, 1],
      [0, 2],
      [0, 1],
      [0, 2],
    ] as const)
      desk.say("panda", { kind: "series_score", maps });
    expect(desk.state).toMatchObject({ status: "effectively_final", winner: 1, maps: [0, 2] });
    expect(desk.violations("panda")).toBe(1);
    // The fall is forgotten: a score that does not follow is none.
    desk.say("panda", { kind: "series_score", maps: [1, 1] });
    expect(desk.state.maps).toEqual([0, 2]);
  });

  it("and stays there no longer says who won, and denies nothing", () => {
    const desk = new Desk();
    desk.start("grid", 1);
    desk.say("relay", { kind: "series_score", maps: [1, 0] });
    expect(desk.game(1).status).toBe("effectively_final");
    desk.pass(1_000);
    desk.say("relay", { kind: "series_score", maps: [0, 0] });
    desk.pass(5_000);
    desk.say("relay", { kind: "series_score", maps: [0, 0] });
    expect(desk.game(1).status).toBe("effectively_final");
    desk.pass(5_000);
    const changes = desk.progress("grid", { score: [9, 4] });
    expect(steps(changes)).toEqual(["#1 effectively_final>retracted", "#1 retracted>live"]);
    desk.won("panda", 1, 0);
    expect(desk.game(1)).toMatchObject({ status: "effectively_final", sources: ["panda"] });
  });

  it("and stays there denies nothing of the series either", () => {
    const desk = new Desk();
    for (const maps of [
      [1, 0],
      [1, 1],
      [2, 1],
    ] as const)
      desk.say("relay", { kind: "series_score", maps });
    desk.say("relay", { kind: "series_won", winner: 0 });
    desk.say("relay", { kind: "series_score", maps: [1, 1] });
    desk.pass(11_000);
    desk.say("steam", { kind: "series_won", winner: 0 });
    desk.say("stats", { kind: "series_won", winner: 0 });
    expect(desk.state).toMatchObject({ status: "final", winner: 0, sources: ["stats", "steam"] });
  });

  it.each(["wiki", "broken"])("is not made a fall by the word of %s, who decides nothing", (source) => {
    const desk = new Desk();
    for (const maps of [
      [0, 1],
      [0, 2],
      [0, 1],
    ] as const)
      desk.say("panda", { kind: "series_score", maps });
    desk.say("broken", { kind: "source_invalid" });
    desk.retract(source, "rollback", 2);
    expect(desk.state).toMatchObject({ status: "effectively_final", maps: [0, 2] });
  });

  it("to nothing, or when all is over, was reset", () => {
    const desk = new Desk();
    for (const source of ["relay", "steam"])
      for (const maps of [
        [1, 0],
        [2, 0],
      ] as const)
        desk.say(source, { kind: "series_score", maps });
    expect(desk.state.status).toBe("final");
    for (const maps of [
      [1, 0],
      [0, 0],
    ] as const) {
      desk.say("relay", { kind: "series_score", maps });
      desk.pass(20_000);
      expect(steps(desk.say("steam", { kind: "series_ended" }))).toEqual([]);
    }
    expect(desk.state).toMatchObject({ status: "final", maps: [2, 0] });
  });

  it("is remembered across a restart", () => {
    const desk = new Desk();
    for (const maps of [
      [0, 1],
      [0, 2],
      [0, 1],
    ] as const)
      desk.say("panda", { kind: "series_score", maps });
    const restored = new TruthEngine(config());
    restored.restore(JSON.parse(JSON.stringify(desk.engine.snapshot())) as TruthSnapshot);
    restored.apply(event("panda", { kind: "series_score", maps: [1, 1] }, { at: desk.now }));
    expect(restored.state(MATCH)!.maps).toEqual([1, 1]);
  });
});

describe("a snapshot from before ids and results were remembered", () => {
  it("gives every source a memory of its own", () => {
    const desk = new Desk({}, 1);
    for (const source of ["grid", "steam"])
      desk.say(source, { kind: "game_started", game: 1, ref: `${source}-1` });
    const snapshot = JSON.parse(JSON.stringify(desk.engine.snapshot())) as TruthSnapshot;
    for (const { sources } of snapshot.matches)
      for (const source of sources)
        for (const key of ["pastRefs", "claimed", "graded"] as const) Reflect.deleteProperty(source, key);
    const restored = new TruthEngine(config());
    restored.restore(snapshot);
    restored.apply(event("grid", { kind: "game_started", game: 1, ref: "grid-2" }));
    restored.apply(event("grid", { kind: "game_won", game: 1, winner: 0 }));
    const [grid, steam] = restored.snapshot().matches[0]!.sources;
    expect(grid).toMatchObject({ pastRefs: [null, "grid-1"], claimed: [null, [0]] });
    expect(steam).toMatchObject({ pastRefs: [], claimed: [] });
    expect(restored.sources().find(({ source }) => source === "steam")?.games).toEqual({
      right: 0,
      wrong: 0,
    });
  });
});

describe("a game under a new id", () => {
  it("is played again, also when nobody had won it", () => {
    const desk = new Desk({}, 1, "dota2");
    desk.say("panda", { kind: "game_started", game: 1, ref: "100" });
    desk.progress("panda", { score: [4, 1], clockMs: 300_000 });
    const changes = desk.say("panda", { kind: "game_started", game: 1, ref: "101" });
    expect(changes).toMatchObject([{ on: "remake", kind: "revised", fresh: false }]);
    expect(desk.game(1)).toMatchObject({ status: "live", progress: {} });
  });

  it("is not played again when its old id is told late", () => {
    const desk = new Desk({}, 1);
    desk.say("grid", { kind: "game_started", game: 1, ref: "a" });
    desk.progress("grid", { score: [4, 1] });
    desk.say("grid", { kind: "game_started", game: 1, ref: "b" });
    desk.won("grid", 1, 0);
    expect(steps(desk.say("grid", { kind: "game_started", game: 1, ref: "a" }))).toEqual([]);
    expect(steps(desk.say("grid", { kind: "game_started", game: 1, ref: "b" }))).toEqual([]);
    expect(desk.game(1)).toMatchObject({ status: "final", winner: 0 });
  });
});

describe("a game whose source takes it back in words before it comes under a new id", () => {
  it("is not played again when its old id is told late", () => {
    const desk = new Desk({}, 1, "dota2");
    desk.say("panda", { kind: "game_started", game: 1, ref: "a" });
    desk.progress("panda", { score: [4, 1] });
    desk.retract("panda", "remake", 1);
    desk.say("panda", { kind: "game_started", game: 1, ref: "b" });
    desk.progress("panda", { score: [2, 0] });
    expect(desk.say("panda", { kind: "game_started", game: 1, ref: "a" })).toEqual([]);
    expect(desk.game(1).progress.score).toEqual([2, 0]);
  });

  it("is played again under a third one, and goes on under its own after a rollback", () => {
    const desk = new Desk({}, 1, "dota2");
    desk.say("panda", { kind: "game_started", game: 1, ref: "a" });
    desk.progress("panda", { score: [4, 1] });
    desk.retract("panda", "rollback", 1);
    desk.say("panda", { kind: "game_started", game: 1, ref: "a" });
    for (const ref of ["b", "c"]) {
      desk.progress("panda", { score: [2, 1] });
      const changes = desk.say("panda", { kind: "game_started", game: 1, ref });
      expect(changes).toMatchObject([{ on: "remake", kind: "revised" }]);
    }
  });
});

describe("a clock that is set back", () => {
  it("is told when what is shown follows, however late the last source hears of it", () => {
    const desk = new Desk({}, 1, "dota2");
    desk.progress("grid", { score: [3, 0], clockMs: 600_000 });
    desk.progress("steam", { score: [3, 0], clockMs: 600_000 });
    expect(desk.progress("grid", { score: [3, 0], clockMs: 180_000 })).toEqual([]);
    // Steam has gone silent before it heard.
    desk.pass(120_000);
    const changes = desk.progress("grid", { score: [3, 0], clockMs: 300_000 });
    expect(changes.find(({ game }) => game === 1)).toMatchObject({ on: "rollback", kind: "revised" });
    expect(desk.game(1).progress.clockMs).toBe(300_000);
  });

  it("is told when play goes on from there, although another source never heard of it", () => {
    const desk = new Desk({}, 1, "dota2");
    desk.progress("panda", { score: [3, 0], clockMs: 360_000 });
    desk.progress("steam", { score: [3, 0], clockMs: 360_000 });
    expect(desk.progress("panda", { score: [3, 0], clockMs: 240_000 })).toEqual([]);
    const changes = desk.progress("panda", { score: [5, 0], clockMs: 360_000 });
    expect(changes).toMatchObject([{ on: "rollback", kind: "revised", fresh: false }]);
    expect(desk.progress("panda", { score: [5, 0], clockMs: 480_000 })).toMatchObject([{ on: "progress" }]);
  });

  it("is told when a source says so that is later than the first that shows it", () => {
    const desk = new Desk({}, 1, "dota2");
    desk.progress("steam", { score: [0, 5], clockMs: 840_000 });
    desk.pass(120_000);
    desk.progress("panda", { score: [0, 5], clockMs: 540_000 });
    expect(desk.game(1).progress.clockMs).toBe(540_000);
    expect(desk.changes.map(({ kind }) => kind)).not.toContain("revised");
    const changes = desk.progress("steam", { score: [0, 5], clockMs: 540_000 });
    expect(changes).toMatchObject([{ on: "rollback", kind: "revised" }]);
  });

  it("is no news when only a faster source has gone silent", () => {
    const desk = new Desk({}, 1, "dota2");
    desk.progress("grid", { score: [3, 0], clockMs: 600_000 });
    desk.pass(40_000);
    const changes = desk.progress("steam", { score: [3, 0], clockMs: 560_000 });
    expect(changes.map(({ kind }) => kind)).not.toContain("revised");
    expect(desk.changes.at(-1)!.current.since).toBeLessThan(ms(40_000));
  });
});

describe("a deciding game that only follows from other words", () => {
  it("is undone with the game that it was made from, and was not played", () => {
    const desk = new Desk();
    desk.won("grid", 1, 1);
    desk.won("panda", 1, 1);
    desk.won("panda", 2, 0);
    desk.won("steam", 2, 1);
    desk.say("panda", { kind: "series_won", winner: 1 });
    expect(desk.game(3)).toMatchObject({ status: "effectively_final", winner: 1 });
    expect(steps(desk.won("grid", 2, 1))).toEqual([
      "#2 effectively_final>disputed",
      "#2 disputed>final",
      "#3 effectively_final>retracted",
      "#3 retracted>scheduled",
      "series effectively_final>final",
      "#3 scheduled>not_played",
    ]);
    expect(desk.state).toMatchObject({ status: "final", winner: 1, maps: [0, 2] });
  });

  it("stays where somebody says in so many words who won it", () => {
    const desk = new Desk();
    desk.won("grid", 1, 1);
    desk.won("panda", 1, 1);
    desk.won("panda", 2, 0);
    desk.won("steam", 2, 1);
    desk.say("panda", { kind: "series_won", winner: 1 });
    desk.won("steam", 3, 1);
    desk.won("grid", 2, 1);
    expect(desk.game(3).status).not.toBe("not_played");
  });

  it("goes with the source's own word that it was made from, before that is said anew", () => {
    const desk = new Desk();
    desk.won("official", 1, 0);
    desk.won("official", 2, 1);
    desk.say("official", { kind: "series_won", winner: 0 });
    expect(desk.game(3)).toMatchObject({ status: "final", winner: 0 });
    desk.retract("official", "correction", 2);
    expect(desk.game(3).winner).toBeUndefined();
    expect(desk.state).toMatchObject({ winner: undefined, maps: [1, 0] });
    desk.won("official", 2, 0);
    expect(desk.state).toMatchObject({ status: "final", winner: 0, maps: [2, 0] });
    expect(desk.game(3).status).toBe("not_played");
  });

  it("goes with the result of the series, and is of the other team when that is corrected", () => {
    const desk = new Desk();
    desk.won("official", 1, 0);
    desk.won("official", 2, 1);
    desk.say("official", { kind: "series_won", winner: 0 });
    desk.say("official", { kind: "series_won", winner: 1 });
    expect(desk.game(3)).toMatchObject({ status: "final", winner: 1 });
    expect(desk.state).toMatchObject({ status: "final", winner: 1, maps: [1, 2] });
  });

  it("is none, final or not, once the games before it decide the series", () => {
    const desk = new Desk();
    desk.won("official", 1, 0);
    desk.won("official", 2, 1);
    desk.say("official", { kind: "series_won", winner: 0 });
    for (const source of ["grid", "panda", "steam"]) desk.won(source, 2, 0);
    expect(desk.game(2)).toMatchObject({ winner: 0 });
    expect(desk.state).toMatchObject({ winner: 0, maps: [2, 0] });
    expect(desk.game(3).status).toBe("not_played");
  });
});

describe("a game that somebody says was won after others had decided the series", () => {
  it("is in dispute, and so is the series", () => {
    const desk = new Desk();
    for (const source of ["grid", "panda"]) desk.won(source, 1, 0);
    for (const source of ["grid", "panda"]) desk.won(source, 2, 1);
    for (const source of ["grid", "panda"]) desk.won(source, 3, 0);
    expect(desk.state).toMatchObject({ status: "final", winner: 0, maps: [2, 1] });
    for (const source of ["grid", "panda"]) desk.won(source, 2, 0);
    expect(desk.game(2)).toMatchObject({ status: "final", winner: 0 });
    expect(desk.state).toMatchObject({ status: "disputed", maps: [2, 0] });
    expect(desk.game(3).status).toBe("disputed");
    // Who takes it back settles it.
    for (const source of ["grid", "panda"]) desk.retract(source, "correction", 3);
    expect(desk.state).toMatchObject({ status: "final", winner: 0, maps: [2, 0] });
    expect(desk.game(3).status).toBe("not_played");
  });
});

describe("a source that corrects a game after it had told who won the series", () => {
  it("says the same of the series as its games do, once they decide it", () => {
    const desk = new Desk();
    desk.won("official", 1, 0);
    desk.won("official", 2, 1);
    desk.won("panda", 2, 0);
    desk.say("official", { kind: "series_won", winner: 0 });
    desk.say("panda", { kind: "series_won", winner: 0 });
    desk.retract("official", "correction", 2);
    desk.won("official", 2, 0);
    expect(desk.state).toMatchObject({ status: "final", winner: 0, maps: [2, 0] });
    desk.pass(60_000);
    expect(desk.state.status).toBe("final");
  });
});
