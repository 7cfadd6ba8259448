import { describe, expect, it } from "vitest";
import { Desk, steps } from "./helpers.ts";

const won = (winner: 0 | 1, forfeit = true) =>
  ({ kind: "series_won", winner, ...(forfeit ? { forfeit: true } : {}) }) as const;

describe("a forfeit", () => {
  it("before the start decides the series and leaves its games not played", () => {
    const desk = new Desk();
    desk.say("grid", won(1));
    expect(desk.state).toMatchObject({ status: "final", winner: 1, forfeit: true, maps: [0, 0] });
    expect(desk.state.games.map(({ status }) => status)).toEqual(["not_played", "not_played", "not_played"]);
  });

  it("in a game decides the game too, when a source says so", () => {
    const desk = new Desk();
    desk.won("grid", 1, 0);
    desk.start("grid", 2);
    desk.say("grid", { kind: "game_won", game: 2, winner: 1, forfeit: true });
    desk.say("grid", won(1));
    expect(desk.state).toMatchObject({ status: "final", winner: 1, forfeit: true });
    expect(desk.state.games.map(({ status, forfeit }) => [status, forfeit])).toEqual([
      ["final", false],
      ["final", true],
      ["not_played", false],
    ]);
  });

  it("of games that are given by default comes to the same, whether they or the series are told first", () => {
    const games = (desk: Desk): void => {
      for (const game of [2, 3]) desk.say("grid", { kind: "game_won", game, winner: 1, forfeit: true });
    };
    const first = new Desk();
    first.won("grid", 1, 0);
    games(first);
    first.say("grid", won(1));
    const last = new Desk();
    last.won("grid", 1, 0);
    last.say("grid", won(1));
    expect(last.state.games.map(({ status }) => status)).toEqual(["final", "not_played", "not_played"]);
    games(last);
    const result = (desk: Desk) => [
      desk.state.status,
      desk.state.maps,
      desk.state.games.map(({ status, winner, forfeit }) => [status, winner, forfeit]),
    ];
    expect(result(last)).toEqual(result(first));
    expect(last.state.maps).toEqual([1, 2]);
    expect(last.violations("grid")).toBe(0);
  });
});

describe("a disqualification after the end", () => {
  it("overturns what the maps say, once it is final itself", () => {
    const desk = new Desk();
    for (const source of ["grid", "panda"]) {
      desk.won(source, 1, 0);
      desk.won(source, 2, 0);
      desk.say(source, won(0, false));
    }
    expect(desk.state).toMatchObject({ status: "final", winner: 0 });
    desk.say("grid", won(1));
    desk.pass(3_000);
    expect(desk.state.status).toBe("disputed");
    expect(steps(desk.say("panda", won(1)))).toContain("series disputed>final");
    expect(desk.state).toMatchObject({ status: "final", winner: 1, forfeit: true, maps: [2, 0] });
    expect(desk.state.games.map(({ status }) => status)).toEqual(["final", "final", "not_played"]);
  });

  it("of one tier-B source is a dispute, not a new winner", () => {
    const desk = new Desk();
    desk.won("grid", 1, 0);
    desk.won("grid", 2, 0);
    desk.say("panda", won(1));
    desk.pass(3_000);
    expect(desk.state.status).toBe("disputed");
  });
});

describe("a series of two", () => {
  it("that ends even is void by its format: its end without a winner is legal", () => {
    const desk = new Desk({}, 2);
    desk.won("grid", 1, 0);
    desk.won("grid", 2, 1);
    desk.say("grid", { kind: "series_ended" });
    desk.say("panda", { kind: "series_score", maps: [1, 1] });
    expect(desk.state).toMatchObject({ status: "void", winner: undefined, maps: [1, 1] });
  });

  it("that a source calls won at 1-1 is not won: its own score denies it", () => {
    const desk = new Desk({}, 2);
    desk.say("grid", { kind: "series_score", maps: [1, 1] });
    desk.say("grid", won(0, false));
    expect(desk.violations("grid")).toBe(1);
    expect(desk.state.status).toBe("live");
    desk.pass(3_000);
    expect(desk.state.status).toBe("disputed");
  });

  it("is won by two maps", () => {
    const desk = new Desk({}, 2);
    desk.won("grid", 1, 1);
    desk.won("grid", 2, 1);
    expect(desk.state).toMatchObject({ status: "final", winner: 1 });
  });
});

describe("a series of five", () => {
  it("leaves games 4 and 5 not played after three wins, and plays them again when one is taken back", () => {
    const desk = new Desk({}, 5);
    for (const game of [1, 2, 3]) desk.won("grid", game, 0);
    const statuses = () => desk.state.games.map(({ status }) => status);
    expect(statuses()).toEqual(["final", "final", "final", "not_played", "not_played"]);
    desk.retract("grid", "remake", 3);
    expect(statuses()).toEqual(["final", "final", "scheduled", "scheduled", "scheduled"]);
    expect(desk.state).toMatchObject({ status: "live", currentGame: 3 });
  });
});

describe("an unofficial relay", () => {
  it("never makes final alone, whatever tier it claims", () => {
    const desk = new Desk();
    desk.won("riot_gateway", 1, 0, { tier: "A" });
    desk.say("riot_gateway", won(0, false), { tier: "A" });
    desk.pass(60_000);
    expect(desk.game(1)).toMatchObject({ status: "effectively_final", singleSource: true });
    expect(desk.state.status).not.toBe("final");
    expect(desk.engine.sources()[0]).toMatchObject({ tier: "B" });
    desk.won("panda", 1, 0);
    expect(desk.game(1).status).toBe("final");
  });

  it("is refused as tier A by the configuration: official is for a licensed relay", () => {
    expect(() => new Desk({ tier_a_sources: ["grid", "riot_gateway"] })).toThrow(/official/);
  });
});

describe("a source that copies another", () => {
  it("is one vote with it where the configuration says so, whatever it says of itself", () => {
    const desk = new Desk({ upstream_of: { mirror: "panda" } });
    desk.won("panda", 1, 0);
    desk.won("mirror", 1, 0);
    expect(desk.game(1)).toMatchObject({ status: "effectively_final", sources: ["mirror", "panda"] });
    const trusting = new Desk();
    trusting.won("panda", 1, 0);
    trusting.won("mirror", 1, 0);
    expect(trusting.game(1).status).toBe("final");
  });
});
