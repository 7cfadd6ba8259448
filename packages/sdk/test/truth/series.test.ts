import { describe, expect, it } from "vitest";
import { Desk, steps } from "./helpers.ts";

describe("a series by its games", () => {
  it("is decided without a claim, and leaves the rest not played", () => {
    const desk = new Desk();
    desk.won("grid", 1, 0);
    expect(desk.state).toMatchObject({ status: "live", maps: [1, 0], currentGame: 2 });
    expect(steps(desk.won("grid", 2, 0))).toEqual([
      "#2 scheduled>final",
      "series live>final",
      "#3 scheduled>not_played",
    ]);
    expect(desk.state).toMatchObject({ status: "final", winner: 0, maps: [2, 0], currentGame: undefined });
  });

  it("has the weaker status of the wins that it takes", () => {
    const desk = new Desk({}, 5);
    desk.won("grid", 1, 0);
    desk.won("panda", 2, 0);
    desk.won("grid", 3, 0);
    expect(desk.state.status).toBe("effectively_final");
    expect(desk.state.posterior).toBeCloseTo(0.95, 12);
    expect(steps(desk.won("steam", 2, 0))).toEqual([
      "#2 effectively_final>final",
      "series effectively_final>final",
    ]);
  });

  it("takes the stronger of its maps and the claims about it", () => {
    const desk = new Desk();
    desk.won("panda", 1, 0);
    desk.won("panda", 2, 0);
    expect(desk.state.status).toBe("effectively_final");
    desk.say("grid", { kind: "series_won", winner: 0 });
    expect(desk.state.status).toBe("final");
    expect(desk.state.sources).toEqual(["grid", "panda"]);
  });

  it("is disputed when a claim contradicts the maps", () => {
    const desk = new Desk();
    desk.won("grid", 1, 0);
    desk.won("grid", 2, 0);
    desk.say("panda", { kind: "series_won", winner: 1 });
    expect(desk.state.status).toBe("final");
    desk.pass(3_000);
    expect(desk.state.status).toBe("disputed");
    expect(desk.game(3).status).toBe("not_played");
    expect(steps(desk.say("panda", { kind: "series_won", winner: 0 }))).toEqual(["series disputed>final"]);
  });

  it("is disputed when play goes on after its end", () => {
    const desk = new Desk();
    desk.won("panda", 1, 0);
    desk.won("panda", 2, 0);
    desk.start("grid", 3);
    expect(desk.game(3).status).toBe("not_played");
    expect(desk.engine.sources().find((source) => source.source === "grid")!.violations).toBe(1);
    desk.pass(3_000);
    expect(desk.state.status).toBe("disputed");
    desk.won("panda", 2, 1);
    expect(desk.state.status).toBe("live");
    expect(desk.game(3).status).toBe("live");
  });

  it("is not decided by the time that runs out on a game: doubt about maps needs no claim, a result does", () => {
    const desk = new Desk();
    desk.won("panda", 1, 0);
    desk.won("panda", 2, 0);
    desk.say("grid", { kind: "series_won", winner: 1 });
    expect(desk.state.status).toBe("disputed");
    desk.won("steam", 2, 1);
    expect(steps(desk.pass(3_000))).toEqual(["#2 effectively_final>disputed"]);
    expect(desk.state.status).toBe("disputed");
    desk.say("wiki", { kind: "series_won", winner: 1 });
    expect(desk.state).toMatchObject({ status: "final", winner: 1 });
  });

  it("follows a game that is retracted or disputed", () => {
    const desk = new Desk();
    desk.start("panda", 1);
    desk.won("panda", 1, 0);
    desk.won("panda", 2, 0);
    expect(steps(desk.say("panda", { kind: "retracted", game: 2, reason: "remake" }))).toEqual([
      "#2 effectively_final>retracted",
      "#2 retracted>scheduled",
      "series effectively_final>retracted",
      "series retracted>live",
      "#3 not_played>scheduled",
    ]);
    desk.won("panda", 2, 0);
    expect(steps(desk.won("grid", 2, 1))).toEqual([
      "#2 effectively_final>disputed",
      "series effectively_final>disputed",
    ]);
    desk.won("steam", 2, 1);
    expect(desk.game(2)).toMatchObject({ status: "final", winner: 1 });
    expect(desk.state).toMatchObject({ status: "live", maps: [1, 1], currentGame: 3 });
  });

  it("by a bare claim does not say which games were played", () => {
    const desk = new Desk();
    desk.say("grid", { kind: "series_won", winner: 1 });
    expect(desk.state.status).toBe("final");
    expect(desk.state.games.map((game) => game.status)).toEqual(["scheduled", "scheduled", "scheduled"]);
    desk.won("grid", 1, 1);
    desk.won("grid", 2, 1);
    expect(desk.state.games.map((game) => game.status)).toEqual(["final", "final", "not_played"]);
  });

  it("by forfeit leaves what was not begun not played", () => {
    const desk = new Desk();
    desk.won("grid", 1, 0);
    desk.say("grid", { kind: "series_won", winner: 0, forfeit: true });
    expect(desk.state).toMatchObject({ status: "final", forfeit: true });
    expect(desk.state.games.map((game) => game.status)).toEqual(["final", "not_played", "not_played"]);
  });

  it("of one game is that game, both ways", () => {
    const bySeries = new Desk({}, 1);
    bySeries.say("grid", { kind: "series_won", winner: 1 });
    expect(bySeries.game(1)).toMatchObject({ status: "final", winner: 1 });
    const byGame = new Desk({}, 1);
    byGame.won("grid", 1, 1);
    expect(byGame.state).toMatchObject({ status: "final", winner: 1 });
  });

  it("names the winner of its deciding game, by a source that shows the others as even", () => {
    const desk = new Desk();
    desk.won("grid", 1, 0);
    desk.won("grid", 2, 1);
    desk.start("grid", 3);
    desk.say("grid", { kind: "series_won", winner: 1 });
    expect(desk.game(3)).toMatchObject({ status: "final", winner: 1 });
  });

  it("of an even number of games can end without a winner", () => {
    const desk = new Desk({}, 2);
    desk.won("grid", 1, 0);
    desk.won("grid", 2, 1);
    expect(desk.state).toMatchObject({ status: "void", winner: undefined, maps: [1, 1] });
    expect(desk.state.games.map((game) => game.status)).toEqual(["final", "final"]);
    desk.say("grid", { kind: "retracted", game: 2, reason: "correction" });
    expect(desk.state.status).toBe("live");
  });
});

describe("a series of an even number of games", () => {
  it("is over without a winner by the score alone, whoever won which game", () => {
    const desk = new Desk({}, 2);
    desk.say("panda", { kind: "series_score", maps: [1, 1] });
    expect(desk.state).toMatchObject({ status: "void", winner: undefined });
    expect(desk.state.games.map(({ status }) => status)).toEqual(["scheduled", "scheduled"]);
    desk.say("steam", { kind: "series_won", winner: 0 });
    desk.pass(3_000);
    expect(desk.state.status).toBe("disputed");
  });

  it("is not over before that", () => {
    const desk = new Desk({}, 4);
    desk.say("panda", { kind: "series_score", maps: [1, 2] });
    expect(desk.state.status).toBe("live");
    desk.say("panda", { kind: "series_score", maps: [2, 2] });
    expect(desk.state.status).toBe("void");
  });
});

describe("the order of play", () => {
  it("makes a later game's result wait for the earlier ones", () => {
    const desk = new Desk();
    expect(steps(desk.won("grid", 2, 0))).toEqual(["series scheduled>live"]);
    expect(desk.game(2)).toMatchObject({ status: "scheduled", winner: undefined });
    expect(desk.engine.sources()[0]).toMatchObject({ violations: 1 });
    expect(steps(desk.won("grid", 1, 0))).toEqual([
      "#1 scheduled>final",
      "#2 scheduled>final",
      "series live>final",
      "#3 scheduled>not_played",
    ]);
  });

  it("is also shown by a score that counts the earlier games", () => {
    const desk = new Desk();
    desk.say("panda", { kind: "series_score", maps: [1, 1] });
    desk.won("grid", 3, 1);
    expect(desk.game(3).status).toBe("final");
    expect(desk.state.games.map((game) => game.status).slice(0, 2)).toEqual(["scheduled", "scheduled"]);
  });

  it("refuses games that the match does not have", () => {
    const desk = new Desk();
    for (const game of [0, 4, 1.5, -1, Number.NaN, "1" as unknown as number]) {
      expect(desk.won("grid", game, 0)).toEqual([]);
    }
    expect(desk.won("grid", 1, 7 as 0)).toEqual([]);
    expect(desk.engine.sources()[0]).toMatchObject({ violations: 7 });
    expect(desk.state.games.map((game) => game.status)).toEqual(["scheduled", "scheduled", "scheduled"]);
  });
});

describe("a series score", () => {
  it("says who won the games that it leaves no choice about", () => {
    const desk = new Desk();
    desk.say("panda", { kind: "series_score", maps: [1, 0] });
    expect(desk.game(1)).toMatchObject({ status: "effectively_final", winner: 0 });
    desk.say("panda", { kind: "series_score", maps: [1, 1] });
    expect(desk.game(2)).toMatchObject({ status: "effectively_final", winner: 1 });
    desk.say("panda", { kind: "series_score", maps: [1, 2] });
    expect(desk.state).toMatchObject({ status: "effectively_final", winner: 1, maps: [1, 2] });
  });

  it("says nothing of single games when it leaves a choice", () => {
    const desk = new Desk();
    desk.say("panda", { kind: "series_score", maps: [1, 1] });
    expect(desk.state.games.map((game) => game.status)).toEqual(["scheduled", "scheduled", "scheduled"]);
    desk.won("steam", 1, 1);
    expect(desk.game(1)).toMatchObject({ status: "effectively_final", sources: ["steam"] });
    expect(desk.game(2).status).toBe("scheduled");
    desk.won("panda", 1, 1);
    expect(desk.game(1)).toMatchObject({ status: "final", winner: 1 });
    expect(desk.game(2)).toMatchObject({ status: "effectively_final", winner: 0, sources: ["panda"] });
  });

  it("of a tier-A source is no result statement", () => {
    const desk = new Desk();
    desk.say("grid", { kind: "series_score", maps: [2, 0] });
    expect(desk.state).toMatchObject({ status: "effectively_final", winner: 0 });
  });

  it("that falls or cannot be is not taken", () => {
    const desk = new Desk();
    desk.say("panda", { kind: "series_score", maps: [1, 0] });
    for (const maps of [[0, 0], [3, 0], [2, 2], [-1, 0], [0.5, 0], [1], "2-0"]) {
      desk.say("panda", { kind: "series_score", maps: maps as unknown as [number, number] });
    }
    expect(desk.engine.sources()[0]).toMatchObject({ violations: 7 });
    expect(desk.state.maps).toEqual([1, 0]);
  });

  it("is taken back with the game that it counted last", () => {
    const desk = new Desk();
    desk.say("panda", { kind: "series_score", maps: [1, 0] });
    desk.say("panda", { kind: "series_score", maps: [1, 1] });
    expect(steps(desk.say("panda", { kind: "retracted", game: 2, reason: "correction" }))).toEqual([
      "#2 effectively_final>retracted",
      "#2 retracted>scheduled",
    ]);
    expect(desk.game(1)).toMatchObject({ status: "effectively_final", winner: 0 });
  });
});
