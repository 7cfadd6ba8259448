import { describe, expect, it } from "vitest";
import { TruthEngine, type TruthSnapshot } from "../../src/truth/index.ts";
import { config, Desk, MATCH, ms, steps } from "./helpers.ts";

const DAY = 86_400_000;
const postponed = { kind: "cancelled", reason: "postponed" } as const;

describe("a match that is put off", () => {
  it("pauses, and is back where it was when it is on again", () => {
    const desk = new Desk();
    expect(steps(desk.say("panda", postponed))).toEqual(["series scheduled>paused"]);
    expect(desk.state.games.map(({ status }) => status)).toEqual(["scheduled", "scheduled", "scheduled"]);
    desk.pass(DAY);
    expect(desk.state.status).toBe("paused");
    expect(steps(desk.retract("panda", "correction"))).toEqual(["series paused>scheduled"]);
    expect(desk.changes.filter(({ on }) => on === "reinstate")).toMatchObject([{ kind: "revised" }]);
    desk.pass(30 * DAY);
    expect(desk.state.status).toBe("scheduled");
  });

  it("goes on when a source reports play", () => {
    const desk = new Desk();
    desk.say("panda", postponed);
    expect(steps(desk.start("grid", 1))).toEqual(["series paused>live", "#1 scheduled>live"]);
    desk.pass(30 * DAY);
    expect(desk.state.status).toBe("live");
  });

  it("does not go stale before its start, and does when it had begun", () => {
    const desk = new Desk();
    for (let day = 0; day < 3; day++) {
      desk.say("panda", postponed);
      desk.pass(DAY);
    }
    expect(desk.changes.filter(({ kind }) => kind === "stale")).toEqual([]);
    const begun = new Desk();
    begun.start("panda", 1);
    begun.say("panda", postponed);
    begun.pass(60_000);
    expect(begun.state).toMatchObject({ stale: true, staleSource: "panda" });
    const paused = new Desk();
    paused.say("panda", { kind: "game_paused", game: 1 });
    paused.pass(60_000);
    expect(paused.state.stale).toBe(true);
  });

  it("in the middle of a game pauses that too", () => {
    const desk = new Desk();
    desk.start("panda", 1);
    expect(steps(desk.say("panda", postponed))).toEqual(["series live>paused", "#1 live>paused"]);
    expect(steps(desk.say("panda", { kind: "game_resumed", game: 1 }))).toEqual([
      "series paused>live",
      "#1 paused>live",
    ]);
  });

  it("is void when the rules' time has passed, and not before", () => {
    const desk = new Desk();
    desk.say("panda", postponed);
    desk.pass(7 * DAY - 1);
    expect(desk.state.status).toBe("paused");
    desk.pass(1);
    expect(desk.state.status).toBe("void");
    expect(desk.state.games.map(({ status }) => status)).toEqual(["void", "void", "void"]);
    expect(steps(desk.start("panda", 1))).toContain("series void>retracted");
    expect(desk.state.status).toBe("live");
  });

  it("is void at once where the rules leave no time", () => {
    const desk = new Desk({ postponed_void_after_ms: 0 });
    desk.say("panda", postponed);
    expect(desk.state.status).toBe("void");
  });

  it("stays put off while another source says so", () => {
    const desk = new Desk();
    desk.say("panda", postponed);
    desk.say("grid", postponed);
    desk.retract("panda", "correction");
    expect(desk.state.status).toBe("paused");
    desk.retract("grid", "correction");
    expect(desk.state.status).toBe("scheduled");
  });

  it("is not one by the word of tier C", () => {
    const desk = new Desk();
    desk.say("wiki", postponed);
    desk.pass(30 * DAY);
    expect(desk.state.status).toBe("scheduled");
  });

  it("is no way out of a result", () => {
    const desk = new Desk();
    desk.say("grid", { kind: "series_won", winner: 0 });
    desk.say("panda", postponed);
    desk.pass(DAY);
    expect(desk.state).toMatchObject({ status: "final", winner: 0 });
  });

  it("is remembered across a restart, with its time", () => {
    const desk = new Desk();
    desk.say("panda", postponed);
    const text = JSON.stringify(desk.engine.snapshot());
    const restored = new TruthEngine(config());
    restored.restore(JSON.parse(text) as TruthSnapshot);
    const [timer] = [...desk.timers].filter(([id]) => id.startsWith("truth:postponed:"));
    expect(timer![1]).toBe(ms(7 * DAY));
    restored.onTimer(timer![0], timer![1]);
    expect(restored.state(MATCH)!.status).toBe("void");
  });

  it("that is cancelled for good is void at once", () => {
    const desk = new Desk();
    desk.say("panda", postponed);
    desk.say("panda", { kind: "cancelled", reason: "cancelled" });
    expect(desk.state.status).toBe("void");
  });
});
