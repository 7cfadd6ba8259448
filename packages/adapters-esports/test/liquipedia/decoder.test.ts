import fc from "fast-check";
import {
  TRUTH_CONFIG,
  TruthEngine,
  type CoreEvent,
  type MatchDescription,
  type MatchClaim,
  type Nanos,
  type SourceEvent,
  type TruthChange,
} from "@matchpoint/sdk";
import { describe, expect, it } from "vitest";
import { createLiquipediaDecoder, type LiquipediaDecoder } from "../../src/index.ts";
import { decode, isClaim, problemsOf, stampAt, told } from "../support.ts";
import { answer, givenUp, leading, map, opponents, record, SERIES, unused, won } from "./records.ts";

const HOUR = 3_600_000;

function make(match: MatchDescription = SERIES): LiquipediaDecoder {
  return createLiquipediaDecoder({ matches: [match] });
}

/** What one record comes to, read an hour after the start. */
function read(one: object, match: MatchDescription = SERIES, ms = HOUR): string[] {
  const events = decode(make(match), answer(one), stampAt(ms));
  expect(problemsOf(events)).toEqual([]);
  return told(events);
}

/** Why a record proves nothing. */
function doubt(one: object, ms = HOUR): string | undefined {
  const decoder = make();
  const events = decode(decoder, answer(one), stampAt(ms));
  expect(told(events).filter((each) => /^series|cancelled/.test(each))).toEqual([]);
  expect(decoder.status(SERIES.matchId)?.settled).toBe(false);
  return decoder.status(SERIES.matchId)?.unclear;
}

describe("a record", () => {
  it("proves a result by a winner, no type and the majority, in the order of the match's teams", () => {
    expect(read(won)).toEqual(["game_won 1 0", "game_won 2 0", "series_score 2-0", "series_won 0"]);
    expect(read(leading)).toEqual(["game_won 1 0", "series_score 1-0"]);
    expect(read(record())).toEqual([]);
  });

  it("proves nothing by being finished alone", () => {
    expect(doubt(record({ finished: 1 }))).toBe("finished without a winner");
    expect(doubt(record({ finished: 1, winner: "2" }))).toMatch(/a winner at 0-0/);
    expect(
      doubt(record({ finished: 1, winner: "2", match2opponents: opponents([1, "S"], [0, "S"]) })),
    ).toMatch(/a winner at 1-0 in a best of 3/);
    expect(
      doubt(record({ finished: 1, winner: "1", match2opponents: opponents([2, "S"], [1, "S"]) })),
    ).toMatch(/a winner at 2-1/);
    expect(doubt(record({ finished: 1, winner: "2", match2opponents: opponents([2, ""], [0, "S"]) }))).toBe(
      "a winner without a score",
    );
    expect(doubt(record({ winner: "2", match2opponents: opponents([2, "S"], [0, "S"]) }))).toBe(
      "a winner of a match that is not finished",
    );
    expect(doubt(record({ ...won, resulttype: "magic" }))).toMatch(/unknown type magic/);
    expect(doubt(record({ ...won, bestof: "5" }))).toMatch(/best of 5/);
    expect(doubt(record({ match2opponents: opponents([2, "S"], [0, "S"]) }))).toBeUndefined(); // not even its score is said
  });

  it("that was overturned proves nothing", () => {
    expect(doubt({ ...won, extradata: { overturned: "1" } })).toBe("the result was overturned");
  });

  it("makes a forfeit of a given match that had begun, and a walkover of one that had not", () => {
    expect(read(givenUp)).toEqual(["game_won 1 1", "series_won 0 forfeit"]);
    expect(read({ ...givenUp, match2games: [] })).toEqual(["cancelled walkover"]);
    const granted = map("2", [], { resulttype: "default", walkover: "ff" });
    expect(read({ ...givenUp, match2games: [map("1", [13, 7]), granted] })).toContain("game_won 2 0 forfeit");
    expect(read({ ...givenUp, resulttype: "", walkover: "dq" })).toContain("series_won 0 forfeit");
    expect(read({ ...givenUp, winner: "-1" })).toContain("series_ended"); // both gave up
  });

  it("ends a drawn match without a winner", () => {
    const draw = {
      finished: 1,
      winner: "0",
      resulttype: "draw",
      bestof: 2,
      match2opponents: opponents([1, "S"], [1, "S"]),
    };
    expect(read(record(draw), { ...SERIES, bestOf: 2 })).toEqual(["series_score 1-1", "series_ended"]);
    expect(doubt(record({ ...draw, resulttype: "" }))).toBe("half a draw");
    expect(doubt(record({ ...draw, match2opponents: opponents([2, "S"], [0, "S"]) }))).toBe(
      "a draw with a lead",
    );
  });

  it("is of a cancelled match only when somebody has entered that", () => {
    const np = record({
      finished: 1,
      status: "notplayed",
      resulttype: "np",
      match2opponents: opponents([-1, ""], [-1, ""]),
    });
    expect(read(np)).toEqual(["cancelled cancelled"]);
    // Nine hours on, a page that nobody has touched says the same.
    expect(doubt(np, 9 * HOUR)).toMatch(/nobody has entered/);
    expect(read({ ...np, extradata: { status: "cancelled" } }, SERIES, 9 * HOUR)).toEqual([
      "cancelled cancelled",
    ]);
    expect(read({ ...np, dateexact: 0 }, SERIES, 9 * HOUR)).toEqual(["cancelled cancelled"]);
    expect(read({ ...np, date: "0000-01-01 00:00:00", dateexact: 0 }, SERIES, 90 * HOUR)).toEqual([
      "cancelled cancelled",
    ]);
    // What was entered in time stays entered.
    const decoder = make();
    expect(told(decode(decoder, answer(np), stampAt(HOUR)))).toEqual(["cancelled cancelled"]);
    expect(told(decode(decoder, answer(np), stampAt(30 * HOUR)))).toEqual([]);
  });

  it("is corrected by a retraction", () => {
    const decoder = make();
    decode(decoder, answer(won), stampAt(HOUR));
    expect(decoder.status(SERIES.matchId)).toMatchObject({ settled: true, revision: 1 });
    const other = record({
      finished: 1,
      winner: "1",
      match2opponents: opponents([1, "S"], [2, "S"]),
      match2games: [map("2", [7, 13]), map("1", [13, 2]), map("1", [13, 3])],
    });
    const events = decode(decoder, answer(other), stampAt(3 * HOUR));
    expect(told(events)).toContain("retracted series correction");
    expect(told(events).at(-1)).toBe("series_won 1");
    expect(decoder.status(SERIES.matchId)).toMatchObject({ settled: true, revision: 2 });
    expect(told(decode(decoder, answer(other), stampAt(4 * HOUR)))).toEqual([]);
  });

  it("gives no winner of a map that its own scores deny, and none of a map that was not played", () => {
    expect(read(record({ match2games: [map("2", [13, 7]), unused] }))).toEqual([]);
    expect(read(record({ match2games: [map("2", [])] }))).toEqual(["game_won 1 0"]);
  });

  it("with other opponents is refused, whatever their order", () => {
    const strangers = opponents([2, "S"], [0, "S"]).map((each) => ({
      ...each,
      name: "Foxes",
      template: "wolves",
    }));
    expect(read({ ...won, match2opponents: strangers })).toEqual(["frame_quarantined"]);
    expect(read({ ...won, match2opponents: strangers.slice(1) })).toEqual(["frame_quarantined"]);
    const swapped = {
      ...won,
      winner: "1",
      match2opponents: [...opponents([2, "S"], [0, "S"])].reverse(),
      match2games: [],
    };
    expect(read(swapped)).toEqual(["series_score 2-0", "series_won 0"]);
  });
});

describe("an answer", () => {
  it("with an error is quarantined, with a warning or new fields counted", () => {
    const decoder = make();
    expect(told(decode(decoder, { error: ['API key "x" is not valid'] }))).toEqual(["frame_quarantined"]);
    expect(told(decode(decoder, {}))).toEqual(["frame_quarantined"]);
    expect(told(decode(decoder, { ...answer({ ...won, mood: 1 }), warning: ["slow"], error: [] }))).toContain(
      "series_won 0",
    );
    expect([...decoder.stats.unknown.entries()].map(([name]) => name)).toEqual([
      "warning: slow",
      "match.mood",
    ]);
  });

  it("may lack a match, hold others, and hold one that cannot be read", () => {
    const decoder = make();
    decode(decoder, answer(), stampAt(5));
    expect(decoder.status(SERIES.matchId)).toMatchObject({ askedAt: stampAt(5).at, foundAt: undefined });
    const events = decode(decoder, answer({ match2id: 7 }, { ...won, match2id: "other" }, won));
    expect(told(events)).toEqual([
      "game_won 1 0",
      "game_won 2 0",
      "series_score 2-0",
      "series_won 0",
      "frame_quarantined",
    ]);
    expect(decoder.stats.foreign).toBe(1);
  });
});

describe("Liquipedia's word", () => {
  const states = fc.constantFrom<object>(
    record(),
    leading,
    won,
    givenUp,
    { ...givenUp, match2games: [] },
    record({
      finished: 1,
      winner: "1",
      match2opponents: opponents([0, "S"], [2, "S"]),
      match2games: [map("1", [13, 1]), map("1", [13, 1])],
    }),
    record({ finished: 1, status: "notplayed", resulttype: "np" }),
    record({ finished: 1, winner: "0", resulttype: "draw", match2opponents: opponents([1, "S"], [1, "S"]) }),
    record({ finished: 1 }),
  );
  const steps = fc.array(fc.tuple(states, fc.integer({ min: 1, max: 30 * 60_000 })), {
    minLength: 1,
    maxLength: 12,
  });

  function apply(truth: TruthEngine, events: readonly CoreEvent[]): TruthChange[] {
    return events.filter(isClaim).flatMap((event) => truth.apply(event));
  }

  it("is always of tier C, replayed, and with its own upstream", () => {
    fc.assert(
      fc.property(steps, (list) => {
        const decoder = make();
        let ms = 0;
        for (const [one, wait] of list) {
          const events = decode(decoder, answer(one), stampAt((ms += wait)));
          expect(problemsOf(events)).toEqual([]);
          for (const event of events.filter(isClaim)) {
            expect(event).toMatchObject({
              tier: "C",
              upstream: "liquipedia",
              source: "liquipedia",
              replayed: true,
            });
          }
        }
      }),
    );
  });

  it("alone never makes anything final, effectively final or fresh", () => {
    let heard = 0;
    fc.assert(
      fc.property(steps, (list) => {
        const truth = new TruthEngine(
          TRUTH_CONFIG.parse({ confirm_threshold: 0.6, required_sources_for_final: 1 }),
        );
        truth.list(SERIES, 0 as Nanos);
        const decoder = make();
        let ms = 0;
        for (const [one, wait] of list) {
          ms += wait;
          const { at } = stampAt(ms);
          const changes = truth
            .takeTimers()
            .flatMap(({ timerId, due }) =>
              due !== undefined && due <= at ? truth.onTimer(timerId, due) : [],
            );
          const events = decode(decoder, answer(one), stampAt(ms));
          heard += events.filter(isClaim).length;
          changes.push(...apply(truth, events));
          for (const { to, fresh } of changes) {
            expect(fresh).toBe(false);
            expect(["final", "effectively_final"]).not.toContain(to);
          }
        }
        const { status, games } = truth.state(SERIES.matchId)!;
        for (const each of [status, ...games.map((game) => game.status)]) expect(each).not.toMatch(/final/);
      }),
      { numRuns: 200 },
    );
    expect(heard).toBeGreaterThan(200);
  });

  it("confirms what another source says, without being news", () => {
    const truth = new TruthEngine(TRUTH_CONFIG.parse({}));
    truth.list(SERIES, 0 as Nanos);
    const say = (claim: MatchClaim, ms: number): TruthChange[] => {
      const event: SourceEvent = {
        type: "match_claim",
        ...stampAt(ms),
        matchId: SERIES.matchId,
        source: "pandascore" as SourceEvent["source"],
        tier: "B",
        upstream: "pandascore",
        ref: `p${ms}`,
        claim,
      };
      return truth.apply(event);
    };
    say({ kind: "series_started" }, 0);
    say({ kind: "game_won", game: 1, winner: 0 }, 1_000);
    say({ kind: "game_won", game: 2, winner: 0 }, 2_000);
    say({ kind: "series_won", winner: 0 }, 3_000);
    expect(truth.state(SERIES.matchId)?.status).toBe("effectively_final");
    const changes = apply(truth, decode(make(), answer(won), stampAt(HOUR)));
    expect(truth.state(SERIES.matchId)?.status).toBe("final");
    expect(changes.length).toBeGreaterThan(0);
    expect(changes.every(({ fresh }) => !fresh)).toBe(true);
  });
});
