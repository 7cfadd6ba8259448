import type { CoreEvent } from "@matchpoint/sdk";
import { describe, expect, it } from "vitest";
import { createGridStateDecoder, gridStateQuery } from "../../src/index.ts";
import { CS, decode, LOL, stampAt, told } from "../support.ts";
import { gameState, seriesState, teamState } from "./transactions.ts";

const answer = (state: object | null): object => ({
  data: {
    seriesState: state === null ? null : { id: "2700001", updatedAt: "2026-05-01T10:00:00Z", ...state },
  },
});

function poll(states: readonly (object | null)[], match = CS, everyMs = 15_000): string[] {
  const decoder = createGridStateDecoder({ matches: [match] });
  return states.flatMap((state, index) => told(decode(decoder, answer(state), stampAt(index * everyMs))));
}

const won = (score: readonly [number, number], winner: 0 | 1, more: object = {}): object => ({
  finished: true,
  teams: [teamState("96", score[0], { won: winner === 0 }), teamState("97", score[1], { won: winner === 1 })],
  ...more,
});

const finished = seriesState(
  [gameState("g1", 1, [13, 5], won([13, 5], 0)), gameState("g2", 2, [16, 14], won([16, 14], 0))],
  [2, 0],
  won([2, 0], 0),
);

describe("the series-state decoder", () => {
  it("tells a finished and valid series with one winner", () => {
    expect(poll([finished])).toEqual([
      "series_started",
      "game_started 1 g1",
      "progress 1 13-5",
      "game_won 1 0",
      "game_started 2 g2",
      "progress 2 16-14",
      "game_won 2 0",
      "series_score 2-0",
      "series_won 0",
    ]);
  });

  it("settles nothing on a state that is finished but not valid, until it is", () => {
    expect(poll([{ ...finished, valid: false }])).toEqual(["source_invalid"]);
    expect(poll([{ ...finished, valid: false }, finished]).slice(0, 3)).toEqual([
      "source_invalid",
      "source_valid",
      "series_started",
    ]);
  });

  it("names no series winner before it is finished, nor when there are none or two", () => {
    expect(
      poll([seriesState([], [2, 0], { teams: [teamState("96", 2, { won: true }), teamState("97", 0)] })]),
    ).not.toContain("series_won 0");
    expect(poll([seriesState([], [1, 1], { finished: true })])).toEqual([
      "series_started",
      "series_score 1-1",
      "series_ended",
    ]);
    const both = {
      finished: true,
      teams: [teamState("96", 1, { won: true }), teamState("97", 1, { won: true })],
    };
    expect(poll([seriesState([], [1, 1], both)]).at(-1)).toBe("series_ended");
  });

  it("takes LoL's kills for a score and never for a winner", () => {
    const game = gameState("g1", 1, [18, 22], {
      teams: [teamState("96", 18, { won: true }), teamState("97", 22)],
      finished: true,
    });
    expect(poll([seriesState([game], [1, 0])], LOL)).toContain("game_won 1 0");
  });

  it("tells the difference between polls: corrections, remakes, vanished games", () => {
    const running = seriesState([gameState("g1", 1, [4, 2])]);
    expect(poll([running, running, seriesState([gameState("g2", 1, [0, 0])]), seriesState([])])).toEqual([
      "series_started",
      "game_started 1 g1",
      "progress 1 4-2",
      "progress 1 4-2",
      "retracted 1 remake",
      "game_started 1 g2",
      "progress 1 0-0",
      "retracted 1 correction",
    ]);
  });

  it("takes a game of a summary, which leaves out that it started, for a played one", () => {
    const game = {
      id: "g1",
      sequenceNumber: 1,
      teams: [
        { id: "96", won: false, score: 13 },
        { id: "97", won: true, score: 15 },
      ],
    };
    expect(poll([seriesState([game], [0, 1])])).toContain("game_won 1 1");
  });

  it("gives what it sees first, or after a long silence, as history", () => {
    const decoder = createGridStateDecoder({ matches: [CS] });
    const at = (ms: number, score: readonly [number, number]): CoreEvent[] =>
      decode(decoder, answer(seriesState([gameState("g1", 1, score)])), stampAt(ms));
    expect(at(0, [1, 0]).every((event) => "replayed" in event)).toBe(true);
    expect(at(15_000, [2, 0]).some((event) => "replayed" in event)).toBe(false);
    expect(at(60_000, [3, 0]).every((event) => "replayed" in event)).toBe(true);
  });

  it("passes over an answer that is older than the one before", () => {
    const decoder = createGridStateDecoder({ matches: [CS] });
    const at = (updatedAt: string, score: readonly [number, number]): string[] =>
      told(decode(decoder, answer(seriesState([gameState("g1", 1, score)], [0, 0], { updatedAt }))));
    at("2026-05-01T10:00:30Z", [3, 0]);
    expect(at("2026-05-01T10:00:20Z", [2, 0])).toEqual([]);
  });

  it("goes on after an answer whose time is of the future", () => {
    const decoder = createGridStateDecoder({ matches: [CS] });
    const at = (updatedAt: string, score: readonly [number, number]): string[] =>
      told(decode(decoder, answer(seriesState([gameState("g1", 1, score)], [0, 0], { updatedAt }))));
    expect(at("2062-05-01T10:00:00Z", [3, 0])).toContain("progress 1 3-0");
    expect(at("2026-05-01T09:59:30Z", [4, 0])).toEqual(["progress 1 4-0"]);
  });

  it("has nothing to say of a series without a state, or of another one", () => {
    expect(poll([null])).toEqual([]);
    const decoder = createGridStateDecoder({ matches: [CS] });
    expect(decode(decoder, { data: { seriesState: { ...finished, id: "77" } } })).toEqual([]);
  });

  it("quarantines errors and what is no answer", () => {
    const decoder = createGridStateDecoder({ matches: [CS] });
    const denied = { errors: [{ message: "Not allowed", extensions: { errorType: "UNAUTHENTICATED" } }] };
    expect(decode(decoder, denied)).toMatchObject([
      { type: "frame_quarantined", reason: "UNAUTHENTICATED: Not allowed" },
    ]);
    expect(told(decode(decoder, { data: { seriesState: { id: "2700001", games: [{ id: 5 }] } } }))).toEqual([
      "frame_quarantined",
    ]);
    expect(told(decode(decoder, "]["))).toEqual(["frame_quarantined"]);
  });
});

describe("the series-state query", () => {
  it("cannot be broken out of by an id", () => {
    expect(gridStateQuery('1") { x }')).toContain('seriesState(id: "1\\") { x }")');
  });
});
