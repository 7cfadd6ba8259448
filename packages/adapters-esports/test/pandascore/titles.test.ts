import type { CoreEvent, MatchDescription } from "@matchpoint/sdk";
import { describe, expect, it } from "vitest";
import { createPandascoreDecoder, type PandascoreDecoder } from "../../src/index.ts";
import { CS, decode, isClaim, LOL, problemsOf, stampAt } from "../support.ts";
import { csFrame, dotaFrame, game, lolFrame, match, roundEvent } from "./messages.ts";

const DOTA: MatchDescription = { ...CS, title: "dota2" };
const VALORANT: MatchDescription = { ...CS, title: "valorant" };
const running = match("running", [game(1, "running")]);

function play(
  one: MatchDescription,
  messages: readonly object[],
): { events: CoreEvent[]; decoder: PandascoreDecoder } {
  const decoder = createPandascoreDecoder({ matches: [one] });
  const events = [running, ...messages].flatMap((message, index) =>
    decode(decoder, message, stampAt(index * 2000)),
  );
  expect(problemsOf(events)).toEqual([]);
  return { events, decoder };
}

const progressOf = (one: MatchDescription, ...messages: readonly object[]): object[] =>
  play(one, messages)
    .events.filter(isClaim)
    .flatMap(({ claim }) => (claim.kind === "game_progress" ? [claim.progress] : []));

const players = (count: number, each: (index: number) => object): object[] =>
  Array.from({ length: count }, (_, index) => ({ id: index + 1, kills: 1, ...each(index) }));

describe("what frames say of each title", () => {
  it("of LoL: dragons, barons and inhibitors, where both sides have them", () => {
    const frame = lolFrame(
      31,
      1_800,
      { drakes: 3, nashors: 1, inhibitors: 2 },
      { drakes: 1, nashors: 0, inhibitors: 0 },
    );
    expect(progressOf(LOL, frame)).toMatchObject([{ dragons: [3, 1], barons: [1, 0], inhibitors: [2, 0] }]);
    const half = progressOf(LOL, lolFrame(31, 1_800, { drakes: 3 }, {}));
    expect(half[0]).not.toHaveProperty("dragons");
  });

  it("of CS: whether the bomb is planted, and who lives where players say so", () => {
    const living = (alive: number): object => ({
      players: players(5, (index) => ({ hp: index < alive ? 40 : 0 })),
    });
    const ct = { id: 2, name: "Sea Otters", round_score: 3, score: 0 };
    const t = { id: 1, name: "Wolves", round_score: 4, score: 0 };
    const sides = { counter_terrorists: { ...ct, ...living(2) }, terrorists: { ...t, ...living(4) } };
    expect(progressOf(CS, csFrame(31, 8, 4, 3, { bomb_planted: true, ...sides }))).toEqual([
      { score: [4, 3], round: 8, planted: true, alive: [4, 2], firstSide: 1 },
    ]);
    expect(progressOf(CS, csFrame(31, 8, 4, 3))[0]).toEqual({
      score: [4, 3],
      round: 8,
      planted: false,
      firstSide: 1,
    });
  });

  it("of CS: no count of the living unless all five players say", () => {
    const four = { id: 2, round_score: 3, score: 0, players: players(4, () => ({ hp: 100 })) };
    const five = { id: 1, round_score: 4, score: 0, players: players(5, () => ({ alive: true })) };
    const frame = csFrame(31, 8, 4, 3, { counter_terrorists: four, terrorists: five });
    expect(progressOf(CS, frame)[0]).not.toHaveProperty("alive");
  });

  it("of Dota 2: who lives, players in a list or by number", () => {
    const frame = dotaFrame(31, 1_500, 18, 11) as { radiant: object; dire: object };
    const list = players(5, (index) => ({ alive: index > 0 }));
    const byNumber = Object.fromEntries(
      players(5, () => ({ alive: true })).map((one, index) => [String(index + 1), one]),
    );
    const said = {
      ...frame,
      radiant: { ...frame.radiant, players: list },
      dire: { ...frame.dire, players: byNumber },
    };
    expect(progressOf(DOTA, said)).toMatchObject([{ alive: [5, 4], kills: [11, 18] }]);
  });

  it("of Dota 2: no towers, whose documentation does not say whether the team took or lost them", () => {
    const frame = dotaFrame(31, 1_500, 18, 11) as { radiant: object; dire: object };
    const towers = { destroyed: 4, remaining: 7 };
    const said = { ...frame, radiant: { ...frame.radiant, towers }, dire: { ...frame.dire, towers } };
    expect(progressOf(DOTA, said)[0]).not.toHaveProperty("towers");
  });

  const valorant = (round: number, attack: object, defence: object): object => ({
    match: { id: 1616952 },
    game: { id: 31, finished: false, winner_id: null },
    current_timestamp: 40,
    round: { number: round, status: "live" },
    attackers: { id: 1, ...attack },
    defenders: { id: 2, ...defence },
  });

  it("of Valorant: rounds won by their own name", () => {
    expect(
      progressOf(VALORANT, valorant(4, { round_score: 1, score: 1 }, { round_score: 2, score: 0 })),
    ).toEqual([{ score: [1, 2], round: 4, firstSide: 1 }]);
  });

  it("of Valorant: a score that adds up to the rounds played is one of rounds; a smaller one may be of maps", () => {
    expect(progressOf(VALORANT, valorant(12, { score: 7 }, { score: 4 }))).toMatchObject([
      { score: [7, 4], round: 12 },
    ]);
    for (const [round, score] of [
      [2, [1, 0]],
      [5, [2, 2]],
      [12, [1, 1]],
      [12, [40, 38]],
    ] as const) {
      const [first, second] = score;
      expect(
        progressOf(VALORANT, valorant(round, { score: first }, { score: second }))[0],
      ).not.toHaveProperty("score");
    }
  });

  it("of a round that is over no more than its score: who lived and what was planted is another round's", () => {
    const planted = csFrame(31, 8, 4, 3, { bomb_planted: true });
    expect(
      progressOf(CS, planted, roundEvent("round_end", 8, 5, 3), roundEvent("round_start", 9, 5, 3)),
    ).toEqual([
      { score: [4, 3], round: 8, planted: true, firstSide: 1 },
      { score: [5, 3], round: 8, planted: true, firstSide: 1 },
      { score: [5, 3], round: 9, firstSide: 1 },
    ]);
  });

  it("of Valorant: rounds by events, whose sides are attackers and defenders", () => {
    const score = { attackers: { score: 3, team_id: 1 }, defenders: { score: 2, team_id: 2 } };
    const event = {
      type: "round_end",
      payload: { round_score: score, outcome: "spike_defused" },
      round_number: 5,
      game_id: 31,
    };
    expect(progressOf(VALORANT, event)).toEqual([{ score: [3, 2], round: 5 }]);
  });
});

describe("fields that nobody has heard of", () => {
  it("are counted by their path, in matches, games and frames", () => {
    const { decoder } = play(LOL, [
      match("running", [game(1, "running", null, { replay: 1 })], { mood: 1 }),
      lolFrame(31, 1, { atakhan: 1, gold: 1 }, { gold: 1 }, { weather: 1 }),
    ]);
    expect(Object.fromEntries(decoder.stats.unknownFields.entries())).toEqual({
      "match.mood": 1,
      "match.games.replay": 1,
      "frame.blue.atakhan": 1,
      "frame.weather": 1,
    });
  });

  it("are none in what is documented", () => {
    const { decoder } = play(CS, [csFrame(31, 1, 0, 0), dotaFrame(31, 1, 0, 0), lolFrame(31, 2, {}, {})]);
    expect([...decoder.stats.unknownFields.entries()]).toEqual([]);
  });
});

describe("when a match begins", () => {
  it("is part of its status, with what was planned first", () => {
    const moved = {
      scheduled_at: "2026-05-03T10:00:00Z",
      original_scheduled_at: "2026-05-01T10:00:00Z",
      rescheduled: true,
    };
    const decoder = createPandascoreDecoder({ matches: [CS] });
    decode(decoder, match("not_started", [], moved));
    expect(decoder.status(CS.matchId)).toMatchObject({
      scheduledAt: Date.UTC(2026, 4, 3, 10),
      originallyAt: Date.UTC(2026, 4, 1, 10),
    });
  });
});
