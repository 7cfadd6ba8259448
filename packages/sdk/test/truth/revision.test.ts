import { describe, expect, it } from "vitest";
import { Desk, steps } from "./helpers.ts";

describe("disputes", () => {
  it("hold within the grace and come after it", () => {
    const desk = new Desk({ dispute_grace_ms: 3_000 });
    desk.start("panda", 1);
    desk.won("panda", 1, 0);
    const clash = desk.won("steam", 1, 1);
    expect(steps(clash)).toEqual([]);
    expect(desk.game(1)).toMatchObject({ status: "effectively_final", winner: 0, posterior: 0.5 });
    expect(steps(desk.pass(2_999))).toEqual([]);
    const [dispute] = desk.pass(1);
    expect(dispute).toMatchObject({ game: 1, to: "disputed", on: "contradiction", kind: "revised" });
    expect(desk.game(1).winner).toBeUndefined();
  });

  it("end within the grace when the source corrects itself", () => {
    const desk = new Desk();
    desk.won("panda", 1, 0);
    desk.won("steam", 1, 1);
    desk.pass(1_000);
    expect(steps(desk.won("steam", 1, 0))).toEqual(["#1 effectively_final>final"]);
    expect(steps(desk.pass(60_000))).toEqual([]);
  });

  it("come at once when the evidence outweighs the verdict", () => {
    const desk = new Desk();
    desk.start("panda", 1);
    desk.won("panda", 1, 0);
    expect(steps(desk.won("grid", 1, 1))).toEqual(["#1 effectively_final>disputed"]);
    expect(desk.game(1).winner).toBe(1);
    expect(steps(desk.won("panda", 1, 1))).toEqual(["#1 disputed>final"]);
  });

  it("take even a tier-A final when a good source says otherwise", () => {
    const desk = new Desk();
    desk.won("grid", 1, 0);
    desk.won("panda", 1, 1);
    expect(desk.game(1).status).toBe("final");
    expect(desk.game(1).posterior).toBeCloseTo(0.839, 3);
    desk.pass(3_000);
    expect(desk.game(1).status).toBe("disputed");
    expect(steps(desk.won("steam", 1, 0))).toEqual(["#1 disputed>final"]);
  });

  it("do not come from a weak voice against a strong verdict", () => {
    const desk = new Desk();
    desk.won("grid", 1, 0);
    desk.won("panda", 1, 0);
    desk.won("wiki", 1, 1);
    desk.pass(60_000);
    expect(desk.game(1).status).toBe("final");
  });

  it("come between claims on an undecided game as well", () => {
    const desk = new Desk();
    desk.start("panda", 1);
    desk.won("wiki", 1, 1);
    desk.won("panda", 1, 0);
    expect(desk.game(1).status).toBe("live");
    expect(desk.pass(3_000)[0]).toMatchObject({ from: "live", to: "disputed", kind: "status" });
  });

  it("reopen when nobody claims an end any more", () => {
    const desk = new Desk();
    desk.start("panda", 1);
    desk.won("panda", 1, 0);
    desk.won("steam", 1, 1);
    desk.pass(3_000);
    desk.say("steam", { kind: "retracted", game: 1, reason: "correction" });
    expect(desk.game(1).status).toBe("disputed");
    expect(steps(desk.say("panda", { kind: "retracted", game: 1, reason: "correction" }))).toEqual([
      "#1 disputed>live",
    ]);
  });

  it("follow play meanwhile, to reopen to where it stands", () => {
    const desk = new Desk();
    desk.won("panda", 1, 0);
    desk.won("grid", 1, 1);
    expect(desk.game(1).status).toBe("disputed");
    desk.start("grid", 1);
    expect(desk.game(1).status).toBe("disputed");
    desk.say("grid", { kind: "retracted", game: 1, reason: "correction" });
    expect(steps(desk.say("panda", { kind: "retracted", game: 1, reason: "correction" }))).toEqual([
      "#1 disputed>live",
    ]);
  });
});

describe("retractions", () => {
  it.each(["rollback", "remake", "correction"] as const)("by %s: retracted, then where it was", (reason) => {
    const desk = new Desk();
    desk.start("grid", 1);
    desk.won("grid", 1, 0);
    const changes = desk.say("grid", { kind: "retracted", game: 1, reason });
    expect(steps(changes)).toEqual(["#1 final>retracted", "#1 retracted>live"]);
    expect(changes.map((change) => [change.on, change.kind])).toEqual([
      [reason, "revised"],
      ["restore", "revised"],
    ]);
    expect(desk.game(1)).toMatchObject({ status: "live", winner: undefined, posterior: 0, sources: [] });
    expect(steps(desk.won("grid", 1, 1))).toEqual(["#1 live>final"]);
  });

  it("that leave enough evidence change nothing but the evidence", () => {
    const desk = new Desk();
    desk.won("grid", 1, 0);
    desk.won("panda", 1, 0);
    desk.won("steam", 1, 0);
    expect(steps(desk.say("panda", { kind: "retracted", game: 1, reason: "correction" }))).toEqual([]);
    expect(desk.game(1)).toMatchObject({ status: "final", sources: ["grid", "steam"] });
  });

  it("lower a final that has lost its second upstream", () => {
    const desk = new Desk();
    desk.won("panda", 1, 0);
    desk.won("wiki", 1, 0);
    expect(desk.game(1).status).toBe("final");
    expect(steps(desk.say("wiki", { kind: "retracted", game: 1, reason: "correction" }))).toEqual([
      "#1 final>retracted",
      "#1 retracted>scheduled",
      "#1 scheduled>effectively_final",
    ]);
  });

  it("stand against sources that have not heard of them", () => {
    const desk = new Desk();
    desk.start("grid", 1);
    desk.won("grid", 1, 0);
    desk.won("panda", 1, 0);
    desk.say("grid", { kind: "retracted", game: 1, reason: "remake" });
    expect(desk.game(1).status).toBe("live");
    desk.won("panda", 1, 0);
    expect(desk.game(1).status).toBe("live");
    desk.pass(3_000);
    expect(desk.game(1).status).toBe("disputed");
    desk.say("panda", { kind: "retracted", game: 1, reason: "remake" });
    expect(desk.game(1).status).toBe("live");
    desk.won("panda", 1, 1);
    expect(desk.game(1)).toMatchObject({ status: "effectively_final", winner: 1 });
  });

  it("by a source that names another winner are corrections", () => {
    const desk = new Desk();
    desk.won("panda", 1, 0);
    expect(steps(desk.won("panda", 1, 1))).toEqual([
      "#1 effectively_final>retracted",
      "#1 retracted>scheduled",
      "#1 scheduled>effectively_final",
    ]);
    expect(desk.game(1).winner).toBe(1);
  });

  it("by a new id of a game that was won are remakes", () => {
    const desk = new Desk();
    desk.say("grid", { kind: "game_started", game: 1, ref: "uuid-1" });
    desk.won("grid", 1, 0);
    expect(steps(desk.say("grid", { kind: "game_started", game: 1, ref: "uuid-1" }))).toEqual([]);
    const changes = desk.say("grid", { kind: "game_started", game: 1, ref: "uuid-2" });
    expect(steps(changes)).toEqual(["#1 final>retracted", "#1 retracted>live"]);
    expect(changes[0]!.on).toBe("remake");
  });

  it("of play wipe the progress and tell strategies", () => {
    const desk = new Desk();
    desk.start("grid", 1);
    desk.say("grid", { kind: "game_progress", game: 1, progress: { score: [9, 5] } });
    const changes = desk.say("grid", { kind: "retracted", game: 1, reason: "rollback" });
    expect(changes).toMatchObject([{ game: 1, from: "live", to: "live", on: "rollback", kind: "revised" }]);
    expect(desk.game(1).progress).toEqual({});
  });

  it("of the whole series take back all that rests on it", () => {
    const desk = new Desk();
    desk.start("grid", 1);
    desk.won("grid", 1, 0);
    desk.won("grid", 2, 0);
    expect(desk.state.status).toBe("final");
    const changes = desk.say("grid", { kind: "retracted", reason: "rollback" });
    expect(desk.state.status).toBe("live");
    expect(desk.state.games.map((game) => game.status)).toEqual(["live", "scheduled", "scheduled"]);
    expect(steps(changes)).toEqual([
      "#1 final>retracted",
      "#1 retracted>live",
      "#2 final>retracted",
      "#2 retracted>scheduled",
      "series final>retracted",
      "series retracted>live",
      "#3 not_played>scheduled",
    ]);
  });
});

describe("invalid sources", () => {
  it("freeze: their votes go, and come back", () => {
    const desk = new Desk();
    desk.start("grid", 1);
    desk.won("grid", 1, 0);
    expect(steps(desk.say("grid", { kind: "source_invalid" }))).toEqual([]);
    expect(desk.game(1)).toMatchObject({ status: "final", posterior: 0.5 });
    desk.pass(3_000);
    expect(desk.game(1).status).toBe("disputed");
    expect(steps(desk.say("grid", { kind: "source_valid" }))).toEqual(["#1 disputed>final"]);
  });

  it("that roll back while invalid leave no result", () => {
    const desk = new Desk();
    desk.start("grid", 1);
    desk.won("grid", 1, 0);
    desk.say("grid", { kind: "source_invalid" });
    expect(steps(desk.say("grid", { kind: "retracted", game: 1, reason: "rollback" }))).toEqual([
      "#1 final>retracted",
      "#1 retracted>live",
    ]);
    desk.won("grid", 1, 1);
    expect(desk.game(1).status).toBe("live");
    expect(steps(desk.say("grid", { kind: "source_valid" }))).toEqual(["#1 live>final"]);
    expect(desk.game(1).winner).toBe(1);
  });

  it("move nothing; what they reported of play counts when they are valid again", () => {
    const desk = new Desk();
    desk.say("grid", { kind: "source_invalid" });
    const frozen = [
      ...desk.start("grid", 1),
      ...desk.say("grid", { kind: "game_progress", game: 1, progress: { score: [3, 0] } }),
    ];
    expect(frozen).toEqual([]);
    expect(steps(desk.say("grid", { kind: "source_valid" }))).toEqual([
      "series scheduled>live",
      "#1 scheduled>live",
    ]);
    expect(desk.game(1).progress).toEqual({ score: [3, 0] });
    desk.health("grid", "invalid");
    expect(steps(desk.start("grid", 2))).toEqual([]);
    expect(steps(desk.health("grid", "live"))).toEqual(["#2 scheduled>live"]);
  });

  it("do not matter when others suffice", () => {
    const desk = new Desk();
    desk.won("grid", 1, 0);
    desk.won("panda", 1, 0);
    desk.health("grid", "invalid");
    desk.pass(60_000);
    expect(desk.game(1)).toMatchObject({ status: "final", sources: ["panda"] });
  });
});

describe("cancelled, walkover, postponed", () => {
  it("void the match and the games that were not decided", () => {
    const desk = new Desk();
    desk.won("grid", 1, 0);
    desk.start("grid", 2);
    desk.say("panda", { kind: "cancelled", reason: "cancelled" });
    expect(desk.state.status).toBe("void");
    expect(desk.state.games.map((game) => game.status)).toEqual(["final", "void", "void"]);
    expect(desk.state.currentGame).toBeUndefined();
  });

  it("do not come from tier C alone", () => {
    const desk = new Desk();
    desk.say("wiki", { kind: "cancelled", reason: "walkover" });
    expect(desk.state.status).toBe("scheduled");
    desk.pass(60_000);
    expect(desk.state.status).toBe("scheduled");
  });

  it("against a result are a contradiction, never a way from final to void", () => {
    const desk = new Desk();
    desk.say("grid", { kind: "series_won", winner: 0 });
    desk.say("panda", { kind: "cancelled", reason: "cancelled" });
    expect(desk.state.status).toBe("final");
    desk.pass(3_000);
    expect(desk.state.status).toBe("disputed");
    expect(steps(desk.say("grid", { kind: "cancelled", reason: "cancelled" }))).toContain(
      "series disputed>void",
    );
  });

  it("end when the source reports play after all", () => {
    const desk = new Desk();
    desk.say("panda", { kind: "cancelled", reason: "walkover" });
    expect(desk.game(2).status).toBe("void");
    const changes = desk.say("panda", { kind: "game_started", game: 1 });
    expect(desk.state.status).toBe("live");
    expect(desk.state.games.map((game) => game.status)).toEqual(["live", "scheduled", "scheduled"]);
    expect(steps(changes)).toContain("series void>retracted");
  });

  it("do not void a game whose result comes late", () => {
    const desk = new Desk();
    desk.say("panda", { kind: "cancelled", reason: "cancelled" });
    desk.won("grid", 1, 1);
    expect(desk.game(1)).toMatchObject({ status: "final", winner: 1 });
    expect(desk.game(2).status).toBe("void");
    expect(desk.state.status).toBe("void");
  });
});

describe("a result that was taken back", () => {
  it("is not made again by slower sources that still tell it", () => {
    const desk = new Desk();
    desk.start("grid", 1);
    desk.won("grid", 1, 0);
    desk.retract("grid", "rollback", 1);
    desk.pass(5_000);
    desk.won("panda", 1, 0);
    desk.won("steam", 1, 0);
    expect(desk.game(1).status).toBe("live");
    desk.pass(3_000);
    expect(desk.game(1).status).toBe("disputed");
    desk.won("grid", 1, 0);
    expect(desk.game(1)).toMatchObject({ status: "final", sources: ["grid", "panda", "steam"] });
  });

  it("is believed of a source that has heard of that, or that tells it much later", () => {
    const heard = new Desk();
    heard.start("grid", 1);
    heard.won("grid", 1, 0);
    heard.won("panda", 1, 0);
    heard.retract("grid", "rollback", 1);
    heard.retract("panda", "rollback", 1);
    heard.won("panda", 1, 0);
    expect(heard.game(1).status).toBe("effectively_final");
    const later = new Desk();
    later.start("grid", 1);
    later.won("grid", 1, 0);
    later.retract("grid", "remake", 1);
    later.pass(600_000);
    later.won("panda", 1, 0);
    expect(later.game(1).status).toBe("effectively_final");
    const another = new Desk();
    another.start("grid", 1);
    another.won("grid", 1, 0);
    another.retract("grid", "correction", 1);
    another.won("panda", 1, 1);
    expect(another.game(1)).toMatchObject({ status: "effectively_final", winner: 1 });
  });

  it("is not made again by a score of the series either, which falls when its source has heard", () => {
    const desk = new Desk();
    desk.start("grid", 1);
    desk.won("grid", 1, 1);
    desk.retract("grid", "rollback", 1);
    desk.pass(5_000);
    desk.say("panda", { kind: "series_score", maps: [0, 1] });
    desk.pass(3_000);
    expect(desk.game(1).status).toBe("disputed");
    desk.say("panda", { kind: "series_score", maps: [0, 0] });
    expect(desk.game(1).status).toBe("live");
    desk.say("panda", { kind: "series_score", maps: [1, 0] });
    expect(desk.game(1)).toMatchObject({ status: "effectively_final", winner: 0 });
  });
});
