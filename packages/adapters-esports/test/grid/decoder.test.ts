import type { CoreEvent } from "@matchpoint/sdk";
import { describe, expect, it } from "vitest";
import { CS, decode, LOL, problemsOf, stampAt, told } from "../support.ts";
import {
  event,
  gameEnded,
  gameStarted,
  gameState,
  gameWon,
  roundStarted,
  roundWon,
  seriesState,
  started,
  sweep,
  teamState,
  transaction,
} from "./transactions.ts";
import { play, fresh, claims } from "./decoding.ts";

describe("a series that runs smoothly", () => {
  it("is told from its start to its winner", () => {
    const decoder = fresh();
    const events = sweep().flatMap((frame, index) => decode(decoder, frame, stampAt(index * 1000 + 1200)));
    const seen = told(events);
    expect(seen.filter((each) => !each.startsWith("progress"))).toEqual([
      "series_started",
      "game_started 1 g1",
      "game_won 1 0",
      "series_score 1-0",
      "game_started 2 g2",
      "game_won 2 0",
      "series_score 2-0",
      "series_won 0",
    ]);
    expect(seen[seen.indexOf("game_won 1 0") - 1]).toBe("progress 1 13-5 r18");
    expect(seen.filter((each) => each.startsWith("progress 2"))).toHaveLength(37);
    expect(decoder.status(CS.matchId)).toMatchObject({
      sequence: 83,
      over: true,
      gapped: false,
      playing: false,
    });
  });

  it("says where each claim comes from", () => {
    const decoder = fresh();
    const [one] = play(decoder, [started()]);
    expect(one).toEqual({
      type: "match_claim",
      at: 1_200_000_000,
      receivedAt: stampAt(1200).receivedAt,
      occurredAt: stampAt(1000).receivedAt,
      publishedAt: stampAt(1000).receivedAt,
      matchId: CS.matchId,
      source: "grid",
      tier: "A",
      upstream: "grid",
      ref: "1",
      claim: { kind: "series_started" },
    });
  });

  it("gives every claim of one transaction its own ref", () => {
    const events = claims(play(fresh(), [[started(), gameStarted("g1")]]));
    expect(events.map((each) => each.ref)).toEqual(["1", "1.1", "1.2"]);
  });

  it("builds the type where an export leaves it out", () => {
    const untyped = { ...gameWon("g1", "97"), type: undefined };
    expect(told(play(fresh(), [gameStarted("g1"), untyped])).at(-2)).toBe("game_won 1 1 forfeit");
  });

  it("does nothing for what no claim is made of, and counts the types that it does not know", () => {
    const decoder = fresh();
    play(decoder, [gameStarted("g1")]);
    const bought = event("player:p1", "purchased", "item:elite", {
      delta: {
        games: [
          { id: "g1", teams: [{ id: "96", money: -300, netWorth: 0, players: [{ id: "p1", money: -300 }] }] },
        ],
      },
    });
    const sung = event("player:p1", "sang", "song:la");
    expect(play(decoder, [bought, sung], 2)).toEqual([]);
    expect([...decoder.stats.unknownEvents.entries()]).toEqual([["player-sang-song", 1]]);
  });

  it("counts the fields that it does not know, and reads the rest as ever", () => {
    const decoder = fresh();
    play(decoder, [started(), gameStarted("g1")]);
    const more = { games: [{ id: "g1", teams: [{ id: "96", score: 1 }], referee: { id: 1 } }] };
    const won = event("team:96", "won", "round:round-1", { delta: more, more: { moonPhase: "full" } });
    expect(told(play(decoder, [won], 3))).toEqual(["progress 1 1-0"]);
    expect(Object.fromEntries(decoder.stats.unknownFields.entries())).toEqual({
      "events.moonPhase": 1,
      "events.seriesStateDelta.games.referee": 1,
    });
  });
});

describe("deltas", () => {
  it("are signed increments, so that scores are absolute and can go back", () => {
    const decoder = fresh();
    play(decoder, [
      gameStarted("g1"),
      roundWon("g1", 1, "96"),
      roundWon("g1", 2, "96"),
      roundWon("g1", 3, "97"),
    ]);
    const events = play(decoder, [roundWon("g1", 3, "97", -1)], 5);
    expect(told(events)).toEqual(["retracted 1 rollback", "game_started 1 g1", "progress 1 2-0 r3"]);
    expect(claims(events).map((each) => each.replayed)).toEqual([undefined, true, true]);
  });

  it("that add up to more than a claim can say make the count unknown", () => {
    const decoder = fresh();
    const mapsWon = (score: number) =>
      event("team:96", "won", "series:2700001", { delta: { teams: [{ id: "96", score }] } });
    const kills = event("team:96", "killed", "player:2", {
      delta: { games: [{ id: "g1", teams: [{ id: "96", kills: 600_000 }] }] },
    });
    const events = play(decoder, [gameStarted("g1"), mapsWon(60), mapsWon(60), kills, kills]);
    expect(problemsOf(events)).toEqual([]);
    expect(told(events)).toContain("series_score 60-0");
    expect(told(events).at(-1)).toBe("progress 1 0-0");
    const last = claims(events).at(-1)!.claim;
    expect(last.kind === "game_progress" && last.progress.kills).toBeUndefined();
  });

  it("name games and rounds by number absolutely", () => {
    const decoder = fresh();
    const events = play(decoder, [
      gameStarted("g1"),
      roundStarted("g1", 4),
      roundStarted("g1", 4),
      roundStarted("g1", 5),
    ]);
    expect(told(events)).toEqual([
      "series_started",
      "game_started 1 g1",
      "progress 1 0-0",
      "progress 1 0-0 r4",
      "progress 1 0-0 r5",
    ]);
  });

  it("merge lists by id", () => {
    const decoder = fresh();
    const kill = event("player:p1", "killed", "player:p9", {
      delta: {
        games: [
          {
            id: "g1",
            teams: [
              { id: "96", kills: 1 },
              { id: "97", deaths: 1 },
            ],
          },
        ],
      },
    });
    const events = claims(play(decoder, [gameStarted("g1"), kill, roundWon("g1", 1, "97"), kill]));
    expect(events.at(-1)!.claim).toMatchObject({ progress: { score: [0, 1], kills: [2, 0] } });
  });

  it("are overruled by a whole state of the game", () => {
    const decoder = fresh();
    const state = gameState("g1", 2, [7, 4], {
      segments: [{ id: "round-12", type: "round", sequenceNumber: 12, started: true }],
      teams: [teamState("97", 4, { side: "counter-terrorists" }), teamState("96", 7, { side: "terrorists" })],
    });
    const events = play(decoder, [event("series:2700001", "started", "game:g1", { targetState: state })]);
    expect(told(events)).toEqual(["series_started", "game_started 2 g1", "progress 2 7-4 r12"]);
    expect(claims(events)[2]!.claim).toMatchObject({ progress: { firstSide: 1, score: [7, 4] } });
  });

  it("count the living by players whose state is known, who all stand again when a round starts", () => {
    const decoder = fresh();
    const five = (team: string): object[] =>
      [1, 2, 3, 4, 5].map((n) => ({ id: `${team}-${n}`, alive: true }));
    const state = gameState("g1", 1, [0, 0], {
      teams: [teamState("96", 0, { players: five("96") }), teamState("97", 0, { players: five("97") })],
    });
    const dies = event("player:96-1", "killed", "player:97-3", {
      delta: {
        games: [
          {
            id: "g1",
            teams: [
              { id: "96", kills: 1 },
              { id: "97", players: [{ id: "97-3", alive: false }] },
            ],
          },
        ],
      },
    });
    const alsoDies = event("player:97-1", "killed", "player:96-1", {
      targetState: { game: { alive: false } },
      delta: { games: [{ id: "g1", teams: [{ id: "97", kills: 1 }] }] },
    });
    const events = claims(
      play(decoder, [
        event("series:2700001", "started", "game:g1", { targetState: state }),
        dies,
        alsoDies,
        roundStarted("g1", 2),
      ]),
    );
    const alive = events.flatMap(({ claim }) =>
      claim.kind === "game_progress" ? [claim.progress.alive] : [],
    );
    expect(alive).toEqual([
      [5, 5],
      [5, 4],
      [4, 4],
      [5, 5],
    ]);
  });
});

describe("LoL", () => {
  it("never takes kills for the winner of a game", () => {
    const decoder = fresh(LOL);
    const kills = event("player:p1", "killed", "player:p9", {
      delta: {
        games: [
          {
            id: "g1",
            teams: [
              { id: "97", score: 22, kills: 22 },
              { id: "96", score: 18, kills: 18 },
            ],
          },
        ],
      },
    });
    const events = play(decoder, [gameStarted("g1"), kills, gameWon("g1", "96"), gameEnded("g1")]);
    expect(told(events).slice(3)).toEqual(["progress 1 18-22", "game_won 1 0", "series_score 1-0"]);
  });

  it("gives gold, towers and a clock that counts up, once a state has given their base", () => {
    const decoder = fresh(LOL);
    const tower = event("player:p1", "completed", "destroyTower:destroyTower", {
      delta: {
        games: [
          {
            id: "g1",
            teams: [
              {
                id: "96",
                netWorth: 550,
                objectives: [{ id: "destroyTower", type: "destroyTower", completionCount: 1 }],
              },
            ],
          },
        ],
      },
    });
    const unknown = claims(play(decoder, [gameStarted("g1"), tower]));
    expect(unknown.at(-1)!.claim).toMatchObject({ progress: { towers: [1, 0] } });
    expect(unknown.at(-1)!.claim).not.toHaveProperty("progress.gold");
    const whole = gameState("g1", 1, [3, 2], {
      clock: { currentSeconds: 905, ticking: true, ticksBackwards: false },
      teams: [
        teamState("96", 3, { netWorth: 24_100, side: "red" }),
        teamState("97", 2, { netWorth: 23_000, side: "blue" }),
      ],
    });
    const sampled = event("grid:GRID", "sampled", "series:2700001", { series: seriesState([whole]) });
    const [one] = claims(play(decoder, [sampled], 3));
    expect(one!.claim).toMatchObject({
      progress: { gold: [24_100, 23_000], clockMs: 905_000, score: [3, 2], firstSide: 1 },
    });
    expect(claims(play(decoder, [tower], 4))[0]!.claim).toMatchObject({
      progress: { gold: [24_650, 23_000], towers: [2, 0] },
    });
  });

  it("does not read a game time off a clock that counts down", () => {
    const decoder = fresh(LOL);
    const state = gameState("g1", 1, [0, 0], { clock: { currentSeconds: 115, ticksBackwards: true } });
    const events = claims(
      play(decoder, [event("series:2700001", "started", "game:g1", { targetState: state })]),
    );
    expect(events.at(-1)!.claim).not.toHaveProperty("progress.clockMs");
  });
});

describe("time", () => {
  it("marks what occurred more than 30 s ago, or at an unknown time, as replayed", () => {
    const old = decode(fresh(), transaction(1, [started()]), stampAt(31_001));
    expect(old[0]).toMatchObject({ replayed: true });
    expect(decode(fresh(), transaction(1, [started()]), stampAt(31_000))[0]).not.toHaveProperty("replayed");
    const timeless = decode(fresh(), transaction(1, [started()], { occurredAt: "soon" }), stampAt(0));
    expect(timeless[0]).toMatchObject({ replayed: true });
    expect(timeless[0]).not.toHaveProperty("occurredAt");
  });

  it("leaves out the 1970 of file exports", () => {
    const [one] = decode(
      fresh(),
      transaction(1, [started()], { publishedAt: "1970-01-01T00:00:00.000Z" }),
      stampAt(1000),
    );
    expect(one).not.toHaveProperty("publishedAt");
    expect(one).toHaveProperty("occurredAt");
  });

  it("says again where a running game stands when there is no news but transactions come", () => {
    const decoder = fresh();
    play(decoder, [gameStarted("g1")]);
    const idle = event("player:p1", "damaged", "player:p2");
    const at = (sequence: number): CoreEvent[] =>
      decode(decoder, transaction(sequence, [idle]), stampAt(sequence * 1000));
    const events = [2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13].map((sequence) => told(at(sequence)));
    expect(events.filter((each) => each.length > 0)).toEqual([["progress 1 0-0"]]);
    play(
      decoder,
      [event("series:2700001", "paused", "game:g1", { delta: { games: [{ id: "g1", paused: true }] } })],
      14,
    );
    expect(decode(decoder, transaction(15, [idle]), stampAt(40_000))).toEqual([]);
  });
});
