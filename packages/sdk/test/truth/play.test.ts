import { describe, expect, it } from "vitest";
import { MatchpointError } from "../../src/errors.ts";
import type { GameProgress } from "../../src/events/index.ts";
import { id, type MatchId } from "../../src/ids.ts";
import { TruthEngine, type TruthChange } from "../../src/truth/index.ts";
import { config, Desk, event, match, MATCH, ms, steps } from "./helpers.ts";

function progress(desk: Desk, source: string, value: GameProgress, said = {}): TruthChange[] {
  return desk.say(source, { kind: "game_progress", game: 1, progress: value }, said);
}

describe("play", () => {
  it("starts, pauses and resumes a game, and the series with it", () => {
    const desk = new Desk();
    expect(steps(desk.start("panda", 1))).toEqual(["series scheduled>live", "#1 scheduled>live"]);
    expect(steps(desk.say("panda", { kind: "game_paused", game: 1 }))).toEqual(["#1 live>paused"]);
    expect(steps(desk.say("steam", { kind: "game_paused", game: 1 }))).toEqual([]);
    expect(steps(desk.start("steam", 1))).toEqual([]);
    expect(steps(desk.say("steam", { kind: "game_resumed", game: 1 }))).toEqual(["#1 paused>live"]);
  });

  it("seen for the first time in its middle has started", () => {
    const paused = new Desk();
    expect(steps(paused.say("panda", { kind: "game_paused", game: 1 }))).toEqual([
      "series scheduled>live",
      "#1 scheduled>live",
      "#1 live>paused",
    ]);
    const running = new Desk();
    expect(steps(progress(running, "panda", { score: [1, 0] }))).toEqual([
      "series scheduled>live",
      "#1 scheduled>live",
    ]);
  });

  it("that ends without a winner waits, and goes on when the same source starts it again", () => {
    const desk = new Desk();
    desk.say("grid", { kind: "game_started", game: 1, ref: "a" });
    expect(steps(desk.say("grid", { kind: "game_ended", game: 1 }))).toEqual(["#1 live>paused"]);
    expect(steps(desk.start("panda", 1))).toEqual([]);
    expect(steps(desk.say("grid", { kind: "game_started", game: 1, ref: "b" }))).toEqual(["#1 paused>live"]);
    expect(steps(desk.say("grid", { kind: "series_ended" }))).toEqual(["series live>paused"]);
    expect(steps(desk.start("grid", 2))).toEqual(["series paused>live", "#2 scheduled>live"]);
  });

  it("reported by a slower source after the result changes nothing", () => {
    const desk = new Desk();
    desk.won("grid", 1, 0);
    const late = [
      ...desk.start("panda", 1),
      ...progress(desk, "panda", { score: [3, 2] }),
      ...desk.say("panda", { kind: "game_paused", game: 1 }),
    ];
    expect(late).toEqual([]);
    expect(desk.game(1)).toMatchObject({ status: "final", progress: {} });
  });
});

describe("progress", () => {
  it("is the furthest of all sources, filled from the others", () => {
    const desk = new Desk();
    progress(desk, "grid", { score: [8, 5], round: 14 });
    progress(desk, "panda", { score: [7, 5], round: 13, gold: [40_000, 38_000] });
    expect(desk.game(1).progress).toEqual({ score: [8, 5], round: 14, gold: [40_000, 38_000] });
    progress(desk, "panda", { score: [8, 6], round: 15 });
    expect(desk.game(1).progress).toEqual({ score: [8, 6], round: 15, gold: [40_000, 38_000] });
  });

  it("keeps what a source said before and leaves out now", () => {
    const desk = new Desk();
    progress(desk, "grid", { gold: [10, 9], kills: [1, 0] });
    progress(desk, "grid", { kills: [2, 0] });
    expect(desk.game(1).progress).toEqual({ gold: [10, 9], kills: [2, 0] });
  });

  it("that goes backwards without a retraction is taken as a rollback, but is no fresh signal", () => {
    const desk = new Desk();
    progress(desk, "grid", { score: [8, 5], gold: [10, 9] });
    const [change] = progress(desk, "grid", { score: [7, 5] });
    expect(change).toMatchObject({ on: "rollback", kind: "revised", fresh: false });
    expect(change!.reason).toContain("score fell without a retraction");
    expect(desk.game(1).progress).toEqual({ score: [7, 5] });
    expect(desk.engine.sources()[0]).toMatchObject({ violations: 1 });
  });

  it("is not held back by a source that has gone silent or invalid", () => {
    const silent = new Desk();
    progress(silent, "grid", { score: [80, 0] });
    silent.pass(30_001);
    progress(silent, "panda", { score: [9, 5] });
    expect(silent.game(1).progress.score).toEqual([9, 5]);
    const invalid = new Desk();
    progress(invalid, "grid", { score: [80, 0] });
    progress(invalid, "panda", { score: [9, 5] });
    expect(invalid.game(1).progress.score).toEqual([80, 0]);
    invalid.say("grid", { kind: "source_invalid" });
    expect(invalid.game(1).progress.score).toEqual([9, 5]);
  });

  it("that says nothing new is no change", () => {
    const desk = new Desk();
    progress(desk, "grid", { score: [1, 0] });
    expect(progress(desk, "grid", { score: [1, 0] })).toEqual([]);
    expect(desk.engine.sources()[0]).toMatchObject({ claims: 1, duplicates: 1 });
  });

  it.each([
    { score: [Number.NaN, 0] },
    { score: [1] },
    { kills: [-1, 0] },
    { gold: [Infinity, 0] },
    { gold: "12" },
    { clockMs: Number.NaN },
    { round: "3" },
  ])("that makes no sense is not taken: %j", (bad) => {
    const desk = new Desk();
    expect(progress(desk, "grid", bad as unknown as GameProgress)).toEqual([]);
    expect(desk.game(1)).toMatchObject({ status: "scheduled", progress: {} });
    expect(desk.engine.sources()[0]).toMatchObject({ violations: 1 });
  });

  it("keeps known fields only", () => {
    const desk = new Desk();
    progress(desk, "grid", JSON.parse('{"score":[1,0],"__proto__":{"x":1},"note":"hi"}') as GameProgress);
    expect(desk.game(1).progress).toEqual({ score: [1, 0] });
  });
});

describe("repetitions", () => {
  it("are dropped by the source's reference, whatever came between", () => {
    const desk = new Desk();
    desk.won("panda", 1, 0, { ref: "412" });
    desk.say("panda", { kind: "retracted", game: 1, reason: "rollback" }, { ref: "413" });
    expect(desk.won("panda", 1, 0, { ref: "412" })).toEqual([]);
    expect(desk.game(1).status).toBe("scheduled");
    expect(steps(desk.won("panda", 1, 0, { ref: "414" }))).toEqual(["#1 scheduled>effectively_final"]);
  });

  it("are remembered for thousands of messages, in bounded memory", () => {
    const desk = new Desk();
    desk.won("panda", 1, 0, { ref: "first" });
    desk.say("panda", { kind: "retracted", game: 1, reason: "rollback" }, { ref: "second" });
    for (let i = 0; i < 10_000; i++) {
      desk.say("panda", { kind: "series_started" }, { ref: String(i) });
      if (i === 5_000) expect(desk.won("panda", 1, 0, { ref: "first" })).toEqual([]);
    }
    const [known] = desk.engine.snapshot().matches[0]!.sources;
    expect(known!.seen.flat().length).toBeLessThanOrEqual(8_192);
    expect(known!.seen.flat()).toContain('9999|{"kind":"series_started"}');
  });

  it("are not seen in several claims of one message", () => {
    const desk = new Desk();
    desk.won("grid", 1, 0, { ref: "7" });
    desk.won("grid", 2, 0, { ref: "7" });
    desk.say("grid", { kind: "series_won", winner: 0 }, { ref: "7" });
    expect(desk.state).toMatchObject({ status: "final", maps: [2, 0] });
  });

  it("are not seen in claims that say something else under the same reference", () => {
    const desk = new Desk();
    desk.say("panda", { kind: "series_score", maps: [1, 0] }, { ref: "modified-1" });
    desk.say("panda", { kind: "series_score", maps: [1, 1] }, { ref: "modified-1" });
    expect(desk.state.maps).toEqual([1, 1]);
    desk.say("panda", { kind: "series_won", winner: 0 }, { ref: "2" });
    desk.say("panda", { kind: "series_won", winner: 0, forfeit: true }, { ref: "2" });
    expect(desk.state).toMatchObject({ winner: 0, forfeit: true });
  });

  it("without a reference are counted and change nothing", () => {
    const desk = new Desk();
    desk.won("panda", 1, 0);
    expect(desk.won("panda", 1, 0)).toEqual([]);
    expect(desk.engine.sources()[0]).toMatchObject({ source: "panda", claims: 1, duplicates: 1, first: 1 });
  });
});

describe("replayed history", () => {
  it("updates truth and is never fresh", () => {
    const desk = new Desk();
    const replay = [
      ...desk.say("grid", { kind: "game_started", game: 1 }, { replayed: true }),
      ...desk.won("grid", 1, 0, { replayed: true }),
    ];
    expect(desk.game(1).status).toBe("final");
    expect(replay.length).toBeGreaterThan(0);
    expect(replay.every((change) => !change.fresh)).toBe(true);
    expect(desk.won("grid", 2, 0).every((change) => change.fresh)).toBe(true);
  });

  it("is what a feed sends while it says that it replays", () => {
    const desk = new Desk();
    desk.health("grid", "replaying");
    expect(desk.won("grid", 1, 0).some((change) => change.fresh)).toBe(false);
    desk.health("grid", "live");
    expect(desk.won("grid", 2, 0).some((change) => change.fresh)).toBe(true);
  });
});

describe("staleness", () => {
  const limits = { stale_ms_by_source: { default: 30_000, grid: 5_000 } };
  const kinds = (changes: readonly TruthChange[]): string[] => changes.map((change) => change.kind);

  it("comes when the source heard last is silent for longer than its limit", () => {
    const desk = new Desk(limits);
    desk.start("panda", 1);
    desk.pass(1_000);
    progress(desk, "grid", { score: [1, 0] });
    expect(desk.pass(4_999)).toEqual([]);
    const [stale] = desk.pass(1);
    expect(stale).toMatchObject({ kind: "stale", fresh: false });
    expect(desk.state).toMatchObject({ stale: true, staleSource: "grid", lastClaimAt: ms(1_000) });
    const [again] = progress(desk, "panda", { score: [1, 0] });
    expect(again).toMatchObject({ kind: "fresh_again", fresh: true });
    expect(desk.state).toMatchObject({ stale: false, staleSource: undefined });
    expect(kinds(desk.pass(29_999))).toEqual([]);
    expect(kinds(desk.pass(1))).toEqual(["stale"]);
    expect(desk.state.staleSource).toBe("panda");
  });

  it("is put off by a repeated word, but not by a redelivered, replayed or tier-C one", () => {
    const desk = new Desk(limits);
    desk.say("grid", { kind: "game_started", game: 1 }, { ref: "1" });
    desk.pass(4_000);
    desk.start("grid", 1);
    desk.pass(4_000);
    expect(desk.state.stale).toBe(false);
    desk.say("grid", { kind: "game_started", game: 1 }, { ref: "1" });
    progress(desk, "grid", { score: [1, 0] }, { replayed: true });
    progress(desk, "wiki", { score: [1, 0] });
    desk.pass(1_000);
    expect(desk.state.stale).toBe(true);
    progress(desk, "wiki", { score: [2, 0] });
    expect(desk.state.stale).toBe(true);
  });

  it("is not known before the start and after the end", () => {
    const desk = new Desk(limits);
    expect(kinds(desk.pass(1_000_000))).toEqual([]);
    desk.won("grid", 1, 0);
    desk.won("grid", 2, 0);
    expect(desk.timers.has("truth:stale:match-1")).toBe(false);
    expect(kinds(desk.pass(1_000_000))).toEqual([]);
  });

  it("also comes between games: nobody knows whether the next has begun", () => {
    const desk = new Desk(limits);
    desk.won("grid", 1, 0);
    expect(kinds(desk.pass(5_000))).toEqual(["stale"]);
  });

  it("comes at once when the last live source goes, and stays until it speaks", () => {
    const desk = new Desk(limits);
    desk.start("grid", 1);
    expect(kinds(desk.health("grid", "down"))).toEqual(["stale"]);
    expect(desk.health("grid", "live")).toEqual([]);
    expect(desk.state.stale).toBe(true);
    expect(kinds(desk.start("grid", 1))).toEqual(["fresh_again"]);
  });

  it("falls to the next source when the freshest goes down", () => {
    const desk = new Desk(limits);
    desk.start("panda", 1);
    desk.pass(1_000);
    desk.start("grid", 1);
    desk.health("grid", "down");
    expect(desk.state.stale).toBe(false);
    desk.pass(29_000);
    expect(desk.state).toMatchObject({ stale: true, staleSource: "panda" });
  });

  it("does not move its timer with every claim", () => {
    const desk = new Desk(limits);
    desk.start("grid", 1);
    const due = desk.timers.get("truth:stale:match-1");
    desk.pass(2_000);
    progress(desk, "grid", { score: [1, 0] });
    expect(desk.timers.get("truth:stale:match-1")).toBe(due);
    desk.pass(3_000);
    expect(desk.state.stale).toBe(false);
    expect(desk.timers.get("truth:stale:match-1")).toBe(ms(7_000));
  });
});

describe("listing", () => {
  it("refuses a series of no games and exchanged teams", () => {
    const engine = new TruthEngine(config());
    for (const bestOf of [0, -1, 2.5, Number.NaN, 100]) {
      expect(() => engine.list(match(bestOf), ms(0))).toThrow(MatchpointError);
    }
    engine.list(match(3), ms(0));
    const exchanged = match(3, { teams: [{ name: "Gen.G" }, { name: "T1" }] });
    expect(() => engine.list(exchanged, ms(1))).toThrow(/changed their order/);
    expect(engine.matches()).toEqual([MATCH]);
  });

  it("again keeps what is known and follows the format", () => {
    const desk = new Desk();
    desk.won("grid", 1, 0);
    desk.won("grid", 2, 0);
    expect(desk.state.status).toBe("final");
    const changes = desk.engine.list(match(5), ms(1));
    expect(desk.state.games).toHaveLength(5);
    expect(steps(changes)).toEqual([
      "series final>retracted",
      "series retracted>live",
      "#3 not_played>scheduled",
    ]);
    desk.engine.list(match(3), ms(2));
    expect(desk.state.games).toHaveLength(3);
    expect(desk.state.status).toBe("final");
  });

  it("is needed: claims about other matches are counted only", () => {
    const desk = new Desk();
    const claim = { ...event("grid", { kind: "series_won", winner: 0 }), matchId: id<MatchId>("other") };
    expect(desk.engine.apply(claim)).toEqual([]);
    expect(desk.engine.state(id<MatchId>("other"))).toBeUndefined();
    expect(desk.engine.sources()[0]).toMatchObject({ unlisted: 1, claims: 0 });
  });
});

describe("sources()", () => {
  it("tells who was first and who contradicted", () => {
    const desk = new Desk();
    desk.won("panda", 1, 0);
    desk.won("steam", 1, 1);
    desk.won("relay", 1, 0);
    expect(desk.engine.sources()).toMatchObject([
      { source: "panda", tier: "B", upstream: "panda", claims: 1, first: 1, contradictions: 0 },
      { source: "relay", upstream: "panda", first: 0, contradictions: 1 },
      { source: "steam", first: 0, contradictions: 1 },
    ]);
  });

  it("takes any name for a source", () => {
    const desk = new Desk();
    for (const name of ["__proto__", "constructor", "toString"]) desk.won(name, 1, 0);
    expect(desk.game(1).status).toBe("final");
    expect(desk.engine.sources().map((source) => source.source)).toEqual([
      "__proto__",
      "constructor",
      "toString",
    ]);
  });
});

describe("timers", () => {
  it("that were not taken yet are in the snapshot", () => {
    const engine = new TruthEngine(config());
    engine.list(match(), ms(0));
    engine.apply(event("panda", { kind: "game_won", game: 1, winner: 0 }));
    const restored = new TruthEngine(config());
    restored.restore(engine.snapshot());
    const timers = engine.takeTimers();
    expect(timers.map((timer) => timer.timerId)).toEqual(["truth:wait:match-1#1", "truth:stale:match-1"]);
    expect(restored.takeTimers()).toEqual(timers);
    expect(restored.takeTimers()).toEqual([]);
    expect(() => restored.restore({ ...engine.snapshot(), version: 2 as 1 })).toThrow(/version 2/);
  });

  it("that nobody set change nothing", () => {
    const desk = new Desk();
    for (const id of [
      "",
      "truth:",
      "truth:wait:",
      "truth:stale:nobody",
      "truth:wait:match-1#9",
      "quiet:x",
      "truth:dispute:match-1",
    ]) {
      expect(desk.engine.onTimer(id, ms(5))).toEqual([]);
    }
  });
});
