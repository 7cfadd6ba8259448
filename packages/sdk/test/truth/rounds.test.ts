import { describe, expect, it } from "vitest";
import type { GameProgress } from "../../src/events/index.ts";
import { Desk, steps } from "./helpers.ts";

const cs2 = (bestOf = 3): Desk => new Desk({}, bestOf, "cs2");

describe("scores that the title's rules do not allow", () => {
  it.each<[string, GameProgress]>([
    ["above the end", { score: [14, 5] }],
    ["above the end of an overtime", { score: [17, 12] }],
    ["of parts of rounds", { score: [1.5, 0] }],
    ["with a round too far on", { score: [8, 5], round: 15 }],
    ["with a round before it", { score: [8, 5], round: 12 }],
    ["with half a round", { score: [8, 5], round: 13.5 }],
  ])("are counted and change nothing: %s", (_, bad) => {
    const desk = cs2();
    expect(desk.progress("grid", bad)).toEqual([]);
    expect(desk.violations("grid")).toBe(1);
    expect(desk.game(1)).toMatchObject({ status: "scheduled", progress: {} });
  });

  it("are legal where the title counts kills", () => {
    const desk = new Desk();
    desk.progress("grid", { score: [40, 5] });
    expect(desk.game(1).progress.score).toEqual([40, 5]);
    expect(desk.violations("grid")).toBe(0);
  });

  it("are also those that go on after the end", () => {
    const desk = cs2();
    desk.progress("panda", { score: [13, 5] });
    desk.progress("panda", { score: [13, 6] });
    expect(desk.violations("panda")).toBe(1);
    expect(desk.game(1).winner).toBe(0);
  });

  it("are rounds whose result the source never told; when it does, it is heard again", () => {
    const desk = cs2();
    desk.progress("grid", { score: [8, 5], round: 14 });
    desk.progress("grid", { round: 15 });
    expect(desk.violations("grid")).toBe(1);
    expect(desk.game(1).progress).toEqual({ score: [8, 5], round: 14 });
    desk.progress("grid", { score: [9, 5], round: 15 });
    expect(desk.game(1).progress).toEqual({ score: [9, 5], round: 15 });
  });

  it("are sides that change within a half", () => {
    const desk = cs2();
    desk.progress("grid", { score: [3, 2], firstSide: 0 });
    desk.progress("grid", { score: [4, 2], firstSide: 1 });
    expect(desk.violations("grid")).toBe(1);
    expect(desk.game(1).progress).toEqual({ score: [4, 2] });
    desk.progress("grid", { score: [7, 5], firstSide: 1 });
    desk.progress("grid", { score: [7, 6], firstSide: 1 });
    expect(desk.violations("grid")).toBe(1);
  });
});

describe("a score that ends the game", () => {
  it("is evidence of the win, but no result statement: tier A alone does not make it final", () => {
    const desk = cs2();
    desk.progress("grid", { score: [12, 7] });
    expect(steps(desk.progress("grid", { score: [13, 7] }))).toEqual(["#1 live>effectively_final"]);
    expect(desk.game(1)).toMatchObject({ winner: 0, posterior: expect.closeTo(0.99, 6) as number });
    expect(steps(desk.won("grid", 1, 0))).toEqual(["#1 effectively_final>final"]);
  });

  it("of two upstreams is final", () => {
    const desk = cs2();
    desk.progress("panda", { score: [11, 13] });
    expect(steps(desk.progress("steam", { score: [11, 13] }))).toEqual(["#1 effectively_final>final"]);
    expect(desk.game(1).winner).toBe(1);
  });

  it("is not 13-12, but 16-12", () => {
    const desk = cs2();
    desk.progress("panda", { score: [13, 12] });
    expect(desk.game(1).status).toBe("live");
    desk.progress("panda", { score: [16, 12] });
    expect(desk.game(1).status).toBe("effectively_final");
    const other = new Desk({}, 3, "valorant");
    other.progress("panda", { score: [13, 12] });
    expect(other.game(1).status).toBe("live");
    other.progress("panda", { score: [14, 12] });
    expect(other.game(1).status).toBe("effectively_final");
  });

  it("that falls again takes the win back", () => {
    const desk = cs2();
    desk.progress("panda", { score: [12, 7] });
    desk.progress("panda", { score: [13, 7] });
    expect(steps(desk.progress("panda", { score: [12, 7] }))).toEqual([
      "#1 effectively_final>retracted",
      "#1 retracted>live",
    ]);
    expect(desk.game(1).progress).toEqual({ score: [12, 7] });
  });
});

describe("a result and the score of its own source", () => {
  it("that names the other team cancel out", () => {
    const desk = cs2();
    desk.progress("grid", { score: [13, 7] });
    desk.won("grid", 1, 1);
    expect(desk.violations("grid")).toBe(1);
    expect(desk.game(1).status).not.toBe("final");
    expect(desk.game(1).winner).not.toBe(1);
    desk.pass(3_000);
    expect(desk.game(1).status).toBe("disputed");
    desk.won("grid", 1, 0);
    expect(desk.game(1)).toMatchObject({ status: "final", winner: 0 });
  });

  it.each([false, true])(
    "that names the other team is wrong, and with it both are taken back (after a rollback: %s)",
    (before) => {
      const desk = cs2();
      const rounds = (): string[] => steps(desk.progress("grid", { score: [13, 7] }));
      if (before) {
        rounds();
        desk.retract("grid", "rollback", 1);
      }
      expect(rounds()).toContain("#1 live>effectively_final");
      expect(steps(desk.won("grid", 1, 1))).toEqual(["#1 effectively_final>retracted", "#1 retracted>live"]);
      desk.retract("grid", "correction", 1);
      expect(desk.game(1)).toMatchObject({ status: "live", winner: undefined, progress: {} });
      desk.won("grid", 1, 0);
      desk.pass(60_000);
      expect(desk.game(1)).toMatchObject({ status: "final", winner: 0 });
    },
  );

  it("that does not bear it out need a second upstream", () => {
    const desk = cs2();
    desk.progress("grid", { score: [8, 5] });
    desk.won("grid", 1, 0);
    expect(desk.violations("grid")).toBe(1);
    expect(desk.game(1).status).toBe("effectively_final");
    desk.won("panda", 1, 0);
    expect(desk.game(1).status).toBe("final");
  });

  it("may be a round apart, and a forfeit needs no score", () => {
    const late = cs2();
    late.progress("grid", { score: [12, 5] });
    late.won("grid", 1, 0);
    expect(late.game(1).status).toBe("final");
    const given = cs2();
    given.progress("grid", { score: [3, 5] });
    given.say("grid", { kind: "game_won", game: 1, winner: 0, forfeit: true });
    expect(given.game(1)).toMatchObject({ status: "final", forfeit: true });
    expect(given.violations("grid")).toBe(0);
  });

  it("agree once the score comes after it", () => {
    const desk = cs2();
    desk.progress("grid", { score: [8, 5] });
    desk.won("grid", 1, 0);
    desk.progress("grid", { score: [13, 5] });
    expect(desk.game(1).status).toBe("final");
  });
});

describe("progress of one state of the game", () => {
  it("forgets what was true of the round before", () => {
    const desk = cs2();
    desk.progress("grid", {
      score: [3, 2],
      round: 6,
      alive: [5, 3],
      planted: true,
      clockMs: 80_000,
      equipment: [9, 8],
    });
    desk.progress("grid", { score: [4, 2], round: 7 });
    expect(desk.game(1).progress).toEqual({ score: [4, 2], round: 7 });
  });

  it("keeps the side until the half is over", () => {
    const desk = cs2();
    desk.progress("grid", { score: [3, 2], firstSide: 1 });
    desk.progress("grid", { score: [4, 2] });
    expect(desk.game(1).progress.firstSide).toBe(1);
    desk.progress("grid", { score: [7, 5] });
    expect(desk.game(1).progress.firstSide).toBeUndefined();
  });

  it("is not filled with the round of a slower source", () => {
    const desk = cs2();
    desk.progress("panda", {
      score: [3, 2],
      round: 6,
      alive: [1, 4],
      planted: true,
      clockMs: 70_000,
      firstSide: 0,
    });
    desk.progress("grid", { score: [4, 2], round: 7 });
    expect(desk.game(1).progress).toEqual({ score: [4, 2], round: 7 });
    desk.progress("panda", { score: [4, 2], round: 7, alive: [5, 5], equipment: [5_000, 21_000] });
    expect(desk.game(1).progress).toEqual({
      score: [4, 2],
      round: 7,
      alive: [5, 5],
      equipment: [5_000, 21_000],
      firstSide: 0,
    });
  });

  it("is not filled by a source that does not say where it stands", () => {
    const desk = cs2();
    desk.progress("panda", { alive: [1, 4] });
    desk.progress("grid", { score: [4, 2], round: 7 });
    expect(desk.game(1).progress).toEqual({ score: [4, 2], round: 7 });
  });

  it("of a title without rounds takes clock and players alive from one source", () => {
    const desk = new Desk();
    desk.progress("panda", { score: [3, 2], clockMs: 600_000, alive: [5, 4], gold: [20_000, 19_000] });
    desk.progress("grid", { score: [4, 2] });
    expect(desk.game(1).progress).toEqual({ score: [4, 2], gold: [20_000, 19_000] });
    desk.progress("panda", { score: [4, 2], clockMs: 640_000 });
    expect(desk.game(1).progress).toMatchObject({ score: [4, 2], clockMs: 640_000 });
  });
});

describe("a score that falls", () => {
  it("without a retraction revises what was shown", () => {
    const desk = cs2();
    desk.progress("grid", { score: [8, 5], round: 14 });
    const [change] = desk.progress("grid", { score: [7, 5], round: 13 });
    expect(change).toMatchObject({ game: 1, on: "rollback", kind: "revised", fresh: false });
    expect(desk.violations("grid")).toBe(1);
  });

  it("because the source that was ahead is invalid revises it too", () => {
    const desk = cs2();
    desk.progress("panda", { score: [7, 5] });
    desk.progress("grid", { score: [8, 5] });
    const changes = desk.say("grid", { kind: "source_invalid" });
    expect(changes).toMatchObject([{ on: "rollback", kind: "revised" }]);
    expect(desk.game(1).progress.score).toEqual([7, 5]);
  });

  it("is no fall of the round's clock", () => {
    const desk = cs2();
    desk.progress("grid", { score: [8, 5], clockMs: 90_000 });
    desk.progress("grid", { score: [8, 6], clockMs: 1_000 });
    expect(desk.violations("grid")).toBe(0);
    expect(desk.game(1).progress.clockMs).toBe(1_000);
  });
});

describe("scores that no one game can have had", () => {
  it("are a contradiction: after the grace the game is disputed, until they fit again", () => {
    const desk = cs2();
    desk.progress("grid", { score: [8, 5] });
    desk.progress("panda", { score: [7, 7] });
    expect(desk.game(1).status).toBe("live");
    expect(steps(desk.pass(3_000))).toEqual(["#1 live>disputed"]);
    expect(steps(desk.progress("grid", { score: [8, 7] }))).toEqual(["#1 disputed>live"]);
  });

  it("are none when one is behind, when they have one upstream, or count kills", () => {
    const behind = cs2();
    behind.progress("grid", { score: [8, 5] });
    behind.progress("panda", { score: [6, 5] });
    behind.pass(10_000);
    expect(behind.game(1).status).toBe("live");
    const relayed = cs2();
    relayed.progress("relay", { score: [8, 5] });
    relayed.progress("panda", { score: [7, 7] });
    relayed.pass(10_000);
    expect(relayed.game(1).status).toBe("live");
    const kills = new Desk();
    kills.progress("grid", { score: [8, 5] });
    kills.progress("panda", { score: [7, 7] });
    kills.pass(10_000);
    expect(kills.game(1).status).toBe("live");
  });

  it("end when the source that stands alone with its score falls silent", () => {
    const desk = new Desk({ stale_ms_by_source: { panda: 5_000 } }, 3, "cs2");
    desk.progress("grid", { score: [8, 5] });
    desk.progress("panda", { score: [7, 7] });
    desk.pass(4_000);
    expect(desk.game(1).status).toBe("disputed");
    desk.pass(2_000);
    expect(steps(desk.progress("grid", { score: [9, 5] }))).toEqual(["#1 disputed>live"]);
  });
});

describe("a series", () => {
  it("is borne out no better than the games that it rests on", () => {
    const desk = cs2();
    desk.progress("grid", { score: [13, 5] });
    desk.won("grid", 1, 0);
    desk.progress("grid", { score: [8, 5] }, 2);
    desk.won("grid", 2, 0);
    desk.say("grid", { kind: "series_won", winner: 0 });
    expect(desk.game(2).status).toBe("effectively_final");
    expect(desk.state.status).toBe("effectively_final");
    desk.progress("grid", { score: [13, 5] }, 2);
    expect(desk.state.status).toBe("final");
  });
});
