import type { CoreEvent, MatchDescription } from "@matchpoint/sdk";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createPandascoreDecoder, type PandascoreDecoder } from "../../src/index.ts";
import { CS, decode, isClaim, LOL, problemsOf, stampAt, told } from "../support.ts";
import { csFrame, dotaFrame, game, hello, lolFrame, match, results, roundEvent } from "./messages.ts";

function fresh(one: MatchDescription = CS): PandascoreDecoder {
  return createPandascoreDecoder({ matches: [one] });
}

/** Messages two seconds apart. */
function play(decoder: PandascoreDecoder, messages: readonly object[], fromMs = 0): CoreEvent[] {
  return messages.flatMap((message, index) => decode(decoder, message, stampAt(fromMs + index * 2000)));
}

const progressOf = (events: readonly CoreEvent[]): object[] =>
  events.filter(isClaim).flatMap(({ claim }) => (claim.kind === "game_progress" ? [claim.progress] : []));

describe("match objects", () => {
  it("are told as they change, whatever the order of opponents and results", () => {
    const events = play(fresh(), [
      match("not_started", [game(1, "not_started"), game(2, "not_started"), game(3, "not_started")]),
      match("running", [game(1, "running"), game(2, "not_started"), game(3, "not_started")]),
      match("running", [game(1, "finished", 1), game(2, "running"), game(3, "not_started")], results(1, 0)),
      match(
        "running",
        [game(1, "finished", 1), game(2, "finished", 1), game(3, "not_started")],
        results(2, 0),
      ),
      match("finished", [game(1, "finished", 1), game(2, "finished", 1), game(3, "not_played")], {
        ...results(2, 0),
        winner_id: 1,
      }),
    ]);
    expect(told(events)).toEqual([
      "series_started",
      "game_started 1 31",
      "game_won 1 0",
      "game_started 2 32",
      "series_score 1-0",
      "game_won 2 0",
      "series_score 2-0",
      "series_won 0",
    ]);
    expect(events[0]).toMatchObject({
      source: "pandascore",
      tier: "B",
      upstream: "pandascore",
      ref: "rest-2026-05-01T10:00:05Z",
    });
  });

  it("say nothing twice", () => {
    const decoder = fresh();
    const one = match("running", [game(1, "running")]);
    expect(play(decoder, [one, one, one])).toHaveLength(2);
  });

  it("give what is seen first, or after a silence, as history", () => {
    const decoder = fresh();
    const first = decode(decoder, match("running", [game(1, "running")]), stampAt(0));
    expect(first.every((event) => "replayed" in event)).toBe(true);
    const soon = decode(decoder, match("running", [game(1, "finished", 2)]), stampAt(10_000));
    expect(told(soon)).toEqual(["game_won 1 1"]);
    expect(soon[0]).not.toHaveProperty("replayed");
    const late = decode(
      decoder,
      match("running", [game(1, "finished", 2), game(2, "finished", 2)]),
      stampAt(60_000),
    );
    expect(late.every((event) => "replayed" in event)).toBe(true);
  });

  it("take a corrected winner back before they name the other", () => {
    const decoder = fresh();
    play(decoder, [
      match("running", [game(1, "running")]),
      match("running", [game(1, "finished", 1)], results(1, 0)),
    ]);
    expect(told(play(decoder, [match("running", [game(1, "finished", 2)], results(0, 1))]))).toEqual([
      "retracted 1 correction",
      "game_started 1 31",
      "game_won 1 1",
      "series_score 0-1",
    ]);
  });

  it("take a corrected series back as a whole", () => {
    const decoder = fresh();
    const end = (winner: number, third: number): object =>
      match("finished", [game(1, "finished", 1), game(2, "finished", 2), game(3, "finished", third)], {
        winner_id: winner,
      });
    play(decoder, [end(1, 1)]);
    const events = told(play(decoder, [end(2, 2)]));
    expect(events.slice(0, 2)).toEqual(["retracted 3 correction", "retracted series correction"]);
    expect(events.filter((each) => /won/.test(each))).toEqual([
      "game_won 1 0",
      "game_won 2 1",
      "game_won 3 1",
      "series_won 1",
    ]);
  });

  it("believe an end without a winner at the second look, and a draw at once", () => {
    const decoder = fresh();
    const open = match("finished", [game(1, "finished", null)]);
    expect(told(play(decoder, [open]))).toEqual(["series_started", "game_started 1 31"]);
    expect(told(play(decoder, [open]))).toEqual(["game_ended 1", "series_ended"]);
    const late = fresh();
    expect(
      told(play(late, [open, match("finished", [game(1, "finished", 2)], { winner_id: 2 })])).slice(2),
    ).toEqual(["game_won 1 1", "series_won 1"]);
    const draw = match("finished", [game(1, "finished", 1), game(2, "finished", 2)], {
      draw: true,
      ...results(1, 1),
    });
    expect(told(play(fresh(), [draw])).at(-1)).toBe("series_ended");
  });

  it("tell a forfeit in a match that was being played as a win, and before it as a walkover", () => {
    const walkover = match("finished", [game(1, "not_played"), game(2, "not_played")], {
      forfeit: true,
      winner_id: 1,
    });
    expect(told(play(fresh(), [walkover]))).toEqual(["cancelled walkover"]);
    const decoder = fresh();
    play(decoder, [match("running", [game(1, "running"), game(2, "not_started")])]);
    const given = match("finished", [game(1, "finished", 1, { forfeit: true }), game(2, "not_played", 1)], {
      forfeit: true,
      winner_id: 1,
    });
    expect(told(play(decoder, [given]))).toEqual([
      "game_won 1 0 forfeit",
      "game_won 2 0 forfeit",
      "series_won 0 forfeit",
    ]);
  });

  it("tell a game that a team starts ahead with as given, not as played", () => {
    const ahead = match("running", [game(1, "finished", 1, { length: null }), game(2, "running")], {
      game_advantage: 1,
      ...results(1, 0),
    });
    expect(told(play(fresh(), [ahead]))).toEqual([
      "series_started",
      "game_won 1 0 forfeit",
      "game_started 2 32",
      "series_score 1-0",
    ]);
  });

  it("tell cancellations and postponements, and take them back when the match is on again", () => {
    expect(told(play(fresh(), [match("canceled")]))).toEqual(["cancelled cancelled"]);
    expect(told(play(fresh(), [match("postponed"), match("not_started"), match("running")]))).toEqual([
      "cancelled postponed",
      "retracted series correction",
      "series_started",
    ]);
  });

  it("take nothing back of games that they do not list", () => {
    const decoder = fresh();
    play(decoder, [match("running", [game(1, "finished", 1), game(2, "running")])]);
    expect(told(play(decoder, [{ ...match("running"), games: null }], 2_000))).toEqual([]);
    expect(
      told(play(decoder, [match("running", [game(1, "finished", 1), game(2, "finished", 1)])], 4_000)),
    ).toEqual(["game_won 2 0"]);
  });

  it("come in lists and in the change log too", () => {
    const decoder = fresh();
    const other = { ...match("running"), id: 5 };
    expect(told(decode(decoder, [other, match("running")]))).toEqual(["series_started"]);
    const change = {
      change_type: "update",
      type: "match",
      id: 1616952,
      modified_at: "x",
      object: match("running", [game(1, "running")]),
    };
    expect(told(decode(decoder, [change, { change_type: "update", type: "player", object: {} }]))).toEqual([
      "game_started 1 31",
    ]);
    expect(
      told(decode(decoder, { change_type: "deletion", type: "match", object: { reason: "x" } })),
    ).toEqual([]);
    expect(decoder.stats).toMatchObject({ foreign: 1, polls: 2 });
    const spoiled = [{ ...match("running"), games: 5 }, null, match("running", [game(1, "finished", 1)])];
    expect(told(decode(decoder, spoiled))).toEqual(["game_won 1 0", "frame_quarantined"]);
  });

  it("name a winner that is neither team in a quarantined frame", () => {
    const events = decode(fresh(), match("finished", [], { winner_id: 99 }));
    expect(events.at(-1)).toMatchObject({ type: "frame_quarantined" });
    expect((events.at(-1) as { reason: string }).reason).toContain("team 99 is neither team");
  });
});

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

describe("hostile messages", () => {
  it.each([
    ["no JSON", "{"],
    ["null", "null"],
    ["an empty object", "{}"],
    ["a match without an id", JSON.stringify({ ...match("running"), id: null })],
    ["a game at position 0", JSON.stringify(match("running", [game(0, "running")]))],
    ["a hundred maps won", JSON.stringify(match("running", [game(1, "running")], results(100, 3)))],
    ["round 1001", JSON.stringify(csFrame(31, 1_001, 1, 0))],
    ["round 1001 of an event", JSON.stringify(roundEvent("round_end", 1_001, 2, 1))],
    ["two million kills", JSON.stringify(lolFrame(31, 1, { kills: 2_000_000 }, {}))],
    ["negative gold", JSON.stringify(lolFrame(31, 1, { gold: -5 }, {}))],
    [
      "an infinite clock",
      JSON.stringify(csFrame(31, 1, 0, 0)).replace('"current_timestamp":61', '"current_timestamp":1e999'),
    ],
    ["a hello without its payload", '{"type":"hello"}'],
    ["deep nesting", "[".repeat(50_000)],
    ["a long text", JSON.stringify({ type: "x".repeat(5_000_000), payload: 3 })],
  ])("%s is quarantined", (_, text) => {
    const events = decode(fresh(), text);
    expect(told(events)).toEqual(["frame_quarantined"]);
    expect((events[0] as { sample: string }).sample).toBe(text.slice(0, 200));
    expect((events[0] as { reason: string }).reason.length).toBeLessThan(300);
  });

  it("never make it throw or say what no journal takes, and lead to one quarantine at most", () => {
    const good: readonly object[] = [
      match("running", [game(1, "running")], results(1, 0)),
      match("finished", [game(1, "finished", 1)], { winner_id: 1 }),
      csFrame(31, 3, 1, 1),
      lolFrame(31, 500, { kills: 2 }, {}),
      roundEvent("round_end", 3, 2, 1),
      hello("31"),
    ];
    const numbers = [-1, 1.5, 99, 100, 1_000, 1_001, 1_000_000, 1_000_001, 1e308];
    const nasty = fc.constantFrom<unknown>(null, ...numbers, "", "31", [], {}, [null], true);
    const damaged = fc
      .tuple(fc.nat({ max: good.length - 1 }), fc.nat(), nasty)
      .map(([which, where, value]) => {
        const text = JSON.stringify(good[which]);
        const spots = [...text.matchAll(/":([^,{}[\]]+)/g)];
        const spot = spots[where % spots.length]!;
        return (
          text.slice(0, spot.index + 2) + JSON.stringify(value) + text.slice(spot.index + spot[0].length)
        );
      });
    fc.assert(
      fc.property(fc.array(fc.oneof(damaged, fc.json(), fc.string()), { maxLength: 8 }), (list) => {
        const decoder = fresh();
        for (const [index, frame] of list.entries()) {
          const events = decode(decoder, frame, stampAt(index * 3000));
          expect(problemsOf(events)).toEqual([]);
          expect(events.filter((each) => each.type === "frame_quarantined").length).toBeLessThanOrEqual(1);
        }
      }),
      { numRuns: 300 },
    );
  });
});
