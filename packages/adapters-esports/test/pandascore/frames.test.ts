import type { CoreEvent } from "@matchpoint/sdk";
import { describe, expect, it } from "vitest";
import { CS, decode, isClaim, LOL, told } from "../support.ts";
import { csFrame, dotaFrame, game, hello, lolFrame, match, roundEvent } from "./messages.ts";
import { fresh, play } from "./decoding.ts";

const progressOf = (events: readonly CoreEvent[]): object[] =>
  events.filter(isClaim).flatMap(({ claim }) => (claim.kind === "game_progress" ? [claim.progress] : []));

describe("frames", () => {
  const running = match("running", [game(1, "running"), game(2, "not_started")]);

  it("of CS give rounds, with round_score for the score and score for the maps", () => {
    const decoder = fresh();
    const events = play(decoder, [running, csFrame(31, 14, 5, 8, {}, [1, 0])]);
    expect(progressOf(events)).toEqual([{ score: [5, 8], round: 14, planted: false, firstSide: 1 }]);
  });

  it("of LoL give kills, gold, towers and the clock", () => {
    const decoder = fresh(LOL);
    const events = play(decoder, [
      running,
      lolFrame(
        31,
        912,
        { gold: 28_100, kills: 6, towers: 3, score: 1 },
        { gold: 26_000, kills: 9, towers: 1 },
      ),
    ]);
    expect(progressOf(events)).toEqual([
      {
        score: [6, 9],
        kills: [6, 9],
        gold: [28_100, 26_000],
        towers: [3, 1],
        clockMs: 912_000,
        firstSide: 0,
      },
    ]);
  });

  it("of Dota 2 give kills and the clock, and no towers because nobody says whether they stand", () => {
    const events = play(fresh({ ...CS, title: "dota2" }), [running, dotaFrame(31, 1500, 18, 11)]);
    expect(progressOf(events)).toEqual([
      { score: [11, 18], kills: [11, 18], clockMs: 1_500_000, firstSide: 1 },
    ]);
  });

  it("of Valorant give what they surely say", () => {
    const frame = {
      match: { id: 1616952 },
      game: { id: 31, finished: false, winner_id: null },
      current_timestamp: 40,
      round: { number: 12, status: "live" },
      attackers: { id: 1, score: 1 },
      defenders: { id: 2, score: 0 },
    };
    expect(progressOf(play(fresh({ ...CS, title: "valorant" }), [running, frame]))).toEqual([
      { round: 12, firstSide: 1 },
    ]);
  });

  it("name the winner before REST does, and REST does not take it back by being late", () => {
    const decoder = fresh();
    const over = csFrame(31, 22, 13, 9, { game: { id: 31, finished: true, winner_id: 1 } });
    const events = play(decoder, [
      running,
      csFrame(31, 22, 12, 9),
      over,
      running,
      match("running", [game(1, "finished", 1)]),
    ]);
    expect(told(events).filter((each) => !each.startsWith("progress"))).toEqual([
      "series_started",
      "game_started 1 31",
      "game_won 1 0",
    ]);
  });

  it("give way to a winner that REST names otherwise", () => {
    const decoder = fresh();
    play(decoder, [running, csFrame(31, 22, 13, 9, { game: { id: 31, finished: true, winner_id: 1 } })]);
    expect(told(play(decoder, [match("running", [game(1, "finished", 2)])], 4000)).slice(0, 3)).toEqual([
      "retracted 1 correction",
      "game_started 1 31",
      "progress 1 13-9 r22",
    ]);
  });

  it("are told as pauses and resumptions", () => {
    const decoder = fresh();
    const events = play(decoder, [
      running,
      csFrame(31, 3, 1, 1),
      csFrame(31, 3, 1, 1, { paused: true }),
      csFrame(31, 3, 1, 1),
    ]);
    expect(told(events).slice(3)).toEqual(["game_paused 1", "game_resumed 1"]);
  });

  it("that are doubled or swapped lead to nothing", () => {
    const decoder = fresh(LOL);
    const at = (seconds: number, kills: number): object => lolFrame(31, seconds, { kills }, {});
    const events = play(decoder, [running, at(100, 1), at(104, 3), at(102, 2), at(104, 3), at(106, 3)]);
    expect(progressOf(events).map((each) => (each as { score: number[] }).score[0])).toEqual([1, 3]);
    expect(decoder.stats).toMatchObject({ frames: 5, late: 1 });
  });

  it("that stay behind for five seconds are a game that was set back", () => {
    const decoder = fresh(LOL);
    const at = (seconds: number, kills: number): object => lolFrame(31, seconds, { kills }, {});
    play(decoder, [running, at(1200, 9)]);
    const events = play(decoder, [at(900, 5), at(902, 5), at(904, 5), at(906, 5)], 10_000);
    expect(told(events)).toEqual(["retracted 1 rollback", "game_started 1 31", "progress 1 5-0"]);
  });

  it("that begin again are a remake of the game", () => {
    const decoder = fresh(LOL);
    const at = (seconds: number, kills: number): object => lolFrame(31, seconds, { kills }, {});
    play(decoder, [running, at(300, 2)]);
    const events = play(decoder, [at(0, 0), at(2, 0), at(4, 0), at(6, 0)], 10_000);
    expect(told(events).slice(0, 3)).toEqual(["retracted 1 remake", "game_started 1 31", "progress 1 0-0"]);
    expect(events.filter(isClaim)[0]!.ref).not.toBe(events.filter(isClaim)[1]!.ref);
  });

  it("of a restored round in CS set the score back, after a while", () => {
    const decoder = fresh();
    play(decoder, [running, csFrame(31, 9, 5, 3)]);
    const back = [2, 4, 6, 8].map((bomb) => csFrame(31, 8, 4, 3, { current_timestamp: bomb }));
    expect(told(play(decoder, back, 10_000))).toEqual([
      "retracted 1 rollback",
      "game_started 1 31",
      "progress 1 4-3 r8",
    ]);
  });

  it("that stay behind and stand still are a game that was set back too", () => {
    const decoder = fresh();
    play(decoder, [running, csFrame(31, 9, 5, 3)]);
    const paused = csFrame(31, 8, 4, 3, { current_timestamp: 8, paused: true });
    expect(told(play(decoder, [paused, paused, paused, paused], 10_000))).toEqual([
      "retracted 1 rollback",
      "game_started 1 31",
      "game_paused 1",
      "progress 1 4-3 r8",
    ]);
  });

  it("that come again after one that was swapped make it none that stays behind", () => {
    const decoder = fresh();
    const now = csFrame(31, 9, 5, 3);
    const swapped = csFrame(31, 9, 4, 3);
    play(decoder, [running, swapped, now]);
    expect(told(play(decoder, [swapped, now, now, now, now, swapped, now], 10_000))).toEqual([]);
  });

  it("of a game that is set back twice to the same say it twice", () => {
    const decoder = fresh();
    const [before, after] = [csFrame(31, 8, 4, 3), csFrame(31, 9, 5, 3)];
    const back = [after, before, before, before, before];
    const events = [...play(decoder, [running, before, ...back]), ...play(decoder, back, 20_000)];
    const retracted = events.filter(isClaim).filter(({ claim }) => claim.kind === "retracted");
    expect(retracted).toHaveLength(2);
    expect(new Set(retracted.map(({ ref }) => ref)).size).toBe(2);
  });

  it("of a game that begins again are no repetition of those before the events that moved it on", () => {
    const decoder = fresh();
    const start = csFrame(31, 1, 0, 0);
    play(decoder, [running, start, roundEvent("round_end", 1, 1, 0)]);
    expect(told(play(decoder, [start, start, start, start], 10_000)).slice(0, 1)).toEqual([
      "retracted 1 remake",
    ]);
  });

  it("that take back their own winner retract it", () => {
    const decoder = fresh();
    play(decoder, [running, csFrame(31, 22, 13, 9, { game: { id: 31, finished: true, winner_id: 1 } })]);
    const on = [2, 4, 6, 8].map((second) => csFrame(31, 22, 12, 9, { current_timestamp: second }));
    expect(told(play(decoder, on, 10_000))).toEqual([
      "retracted 1 rollback",
      "game_started 1 31",
      "progress 1 12-9 r22",
    ]);
  });

  it("of a game that REST has closed are late", () => {
    const decoder = fresh();
    play(decoder, [
      running,
      csFrame(31, 22, 12, 9),
      match("running", [game(1, "finished", 1), game(2, "running")]),
    ]);
    expect(play(decoder, [csFrame(31, 22, 12, 9, { current_timestamp: 3 })], 6000)).toEqual([]);
  });

  it("are placed by the maps before them while REST is not known", () => {
    const decoder = fresh();
    expect(told(decode(decoder, csFrame(99, 4, 2, 1, {}, [1, 0])))).toEqual([
      "series_started",
      "game_started 2 99",
      "progress 2 2-1 r4",
    ]);
    const unknown = fresh({ ...CS, title: "dota2" });
    expect(decode(unknown, dotaFrame(99, 100, 1, 1))).toEqual([]);
    expect(unknown.stats.unplaced).toBe(1);
  });

  it("keep a running game alive while its clock moves", () => {
    const decoder = fresh();
    play(decoder, [running, csFrame(31, 3, 1, 1, { current_timestamp: 0 })]);
    const moving = Array.from({ length: 8 }, (_, index) =>
      csFrame(31, 3, 1, 1, { current_timestamp: 2 + index * 2 }),
    );
    expect(told(play(decoder, moving, 4000))).toEqual(["progress 1 1-1 r3"]);
    const frozen = Array.from({ length: 8 }, () =>
      csFrame(31, 3, 1, 1, { current_timestamp: 20, bomb_planted: true }),
    );
    expect(told(play(decoder, frozen, 21_000)).length).toBeLessThanOrEqual(1);
  });
});

describe("events", () => {
  const running = match("running", [game(1, "running")]);

  it("of rounds move the score on, and never back", () => {
    const decoder = fresh();
    decode(decoder, hello("31"));
    const events = play(decoder, [
      running,
      roundEvent("round_end", 5, 3, 2),
      roundEvent("round_start", 6, 3, 2),
    ]);
    expect(told(events).slice(2)).toEqual(["progress 1 3-2 r5", "progress 1 3-2 r6"]);
    // A recovery sends the game again.
    expect(play(decoder, [roundEvent("round_end", 4, 2, 2), roundEvent("round_end", 5, 3, 2)], 8000)).toEqual(
      [],
    );
    expect(decoder.stats).toMatchObject({ events: 4, duplicates: 1 });
  });

  it("of other kinds are counted", () => {
    const decoder = fresh();
    const kill = {
      type: "kill",
      payload: { killer: { id: 1 }, killed: { id: 2 } },
      round_number: 3,
      ingame_timestamp: 61_200,
    };
    const herald = {
      type: "rift_herald_kill",
      payload: {},
      ingame_timestamp: 912,
      game_id: 31,
      match_id: 1616952,
      is_first: false,
    };
    expect(play(decoder, [running, kill, kill, herald]).length).toBe(2);
    expect(decoder.stats.duplicates).toBe(1);
    expect([...decoder.stats.unclaimed.entries()]).toEqual([
      ["kill", 1],
      ["rift_herald_kill", 1],
    ]);
  });
});
