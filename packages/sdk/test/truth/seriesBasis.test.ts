import { describe, expect, it } from "vitest";
import { Desk, steps } from "./helpers.ts";

/** Game 1 to team 1, game 2 to team 0, both final by two upstreams. */
function even(): Desk {
  const desk = new Desk({ tier_a_sources: [] });
  for (const source of ["grid", "steam"]) desk.won(source, 1, 1);
  for (const source of ["grid", "steam"]) desk.won(source, 2, 0);
  return desk;
}

describe("what a source says of the series", () => {
  it("has no vote while it builds on a game that others are held to have won", () => {
    const desk = even();
    desk.won("panda", 1, 1);
    desk.won("panda", 2, 1);
    desk.say("panda", { kind: "series_won", winner: 1 });
    desk.say("relay", { kind: "series_score", maps: [0, 1] });
    desk.say("relay", { kind: "series_score", maps: [0, 2] });
    desk.pass(60_000);
    expect(desk.state).toMatchObject({ status: "live", winner: undefined, maps: [1, 1], currentGame: 3 });
    // Another mistake, about another game, does not confirm it.
    desk.say("steam", { kind: "series_won", winner: 1 });
    expect(desk.state.status).toBe("effectively_final");
  });

  it("has its vote again when the game is held to be as it says", () => {
    const desk = even();
    desk.won("panda", 1, 1);
    desk.won("panda", 2, 1);
    desk.say("panda", { kind: "series_won", winner: 1 });
    desk.won("grid", 2, 1);
    desk.won("steam", 2, 1);
    expect(desk.state).toMatchObject({ status: "final", winner: 1 });
  });

  it("counts whatever it says of games that it does not need", () => {
    const desk = new Desk({ tier_a_sources: [] });
    desk.won("panda", 1, 0);
    for (const source of ["grid", "steam"]) desk.won(source, 1, 1);
    desk.won("panda", 2, 0);
    desk.won("panda", 3, 0);
    desk.say("panda", { kind: "series_won", winner: 0 });
    expect(desk.state).toMatchObject({ status: "effectively_final", winner: 0 });
  });

  it("cannot hold final what rests on a game that is disputed, by the same source", () => {
    const desk = new Desk({}, 3);
    desk.won("grid", 1, 0);
    desk.won("grid", 2, 0);
    desk.say("grid", { kind: "series_won", winner: 0 });
    expect(desk.state.status).toBe("final");
    desk.won("panda", 2, 1);
    expect(desk.state.status).toBe("final");
    expect(steps(desk.pass(3_000))).toEqual(["#2 final>disputed", "series final>disputed"]);
  });

  it("cannot make final what rests on a game that is contested, within the grace", () => {
    const desk = new Desk({}, 1);
    desk.won("panda", 1, 0);
    desk.won("grid", 1, 1);
    desk.say("grid", { kind: "series_won", winner: 1 });
    expect(desk.state.status).not.toBe("final");
    desk.pass(3_000);
    expect(desk.state.status).toBe("disputed");
  });

  it("contradicts the maps when it does not rest on them", () => {
    const desk = even();
    for (const source of ["grid", "steam"]) desk.won(source, 3, 0);
    expect(desk.state).toMatchObject({ status: "final", winner: 0 });
    desk.say("panda", { kind: "series_won", winner: 1 });
    desk.pass(3_000);
    expect(desk.state.status).toBe("disputed");
  });
});

describe("a result that officials overturn", () => {
  it("is not outvoted by the score of its own upstream, or of others: that stays as it was", () => {
    const desk = new Desk({ tier_a_sources: [], dispute_grace_ms: 0 }, 2);
    for (const source of ["panda", "steam"]) desk.won(source, 1, 0);
    for (const source of ["panda", "steam"]) desk.won(source, 2, 0);
    desk.say("panda", { kind: "series_won", winner: 0 });
    for (const source of ["relay", "steam"]) desk.say(source, { kind: "series_score", maps: [2, 0] });
    expect(desk.state.status).toBe("final");
    const changes = desk.say("panda", { kind: "series_won", winner: 1, forfeit: true });
    expect(changes.map(({ kind }) => kind)).toContain("revised");
    expect(desk.state.status).toBe("disputed");
    desk.say("grid", { kind: "series_won", winner: 1, forfeit: true });
    expect(desk.state).toMatchObject({ status: "final", winner: 1, forfeit: true });
  });

  it("stays disputed against a source that states the result of the series by word", () => {
    const desk = new Desk({ tier_a_sources: [] }, 1);
    for (const source of ["panda", "steam"]) desk.say(source, { kind: "series_won", winner: 0 });
    desk.say("panda", { kind: "series_won", winner: 1, forfeit: true });
    desk.say("grid", { kind: "series_won", winner: 1, forfeit: true });
    desk.pass(3_000);
    expect(desk.state.status).toBe("disputed");
  });
});

describe("a game that is played although the series was decided without it", () => {
  it("is open again as soon as the series is disputed", () => {
    const desk = new Desk();
    desk.won("panda", 1, 0);
    desk.won("panda", 2, 0);
    expect(desk.game(3).status).toBe("not_played");
    desk.start("grid", 3);
    expect(steps(desk.pass(3_000))).toEqual([
      "series effectively_final>disputed",
      "#3 not_played>scheduled",
      "#3 scheduled>live",
    ]);
  });

  it.each([
    ["takes it back", (desk: Desk) => desk.retract("x", "rollback", 3)],
    ["does not count any more", (desk: Desk) => desk.say("x", { kind: "source_invalid" })],
  ])("is left out again when the only source of it %s", (_what, unsay) => {
    const desk = new Desk();
    for (const source of ["panda", "steam"]) for (const game of [1, 2]) desk.won(source, game, 0);
    desk.start("x", 3);
    desk.pass(3_000);
    expect([desk.state.status, desk.game(3).status]).toEqual(["disputed", "live"]);
    unsay(desk);
    expect([desk.state.status, desk.game(3).status]).toEqual(["final", "not_played"]);
    desk.pass(600_000);
    expect(desk.state.stale).toBe(false);
  });
});
