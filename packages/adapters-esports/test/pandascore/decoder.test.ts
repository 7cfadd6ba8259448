import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decode, problemsOf, stampAt, told } from "../support.ts";
import { csFrame, game, hello, lolFrame, match, results, roundEvent } from "./messages.ts";
import { fresh, play } from "./decoding.ts";

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
