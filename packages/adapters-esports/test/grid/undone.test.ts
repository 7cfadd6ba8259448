import { describe, expect, it } from "vitest";
import { CS, LOL, told } from "../support.ts";
import {
  event,
  feedEnded,
  gameEnded,
  gameStarted,
  gameState,
  gameWon,
  invalidated,
  roundStarted,
  roundWon,
  seriesEnded,
  seriesWon,
  started,
  validated,
} from "./transactions.ts";
import { play, fresh, claims } from "./decoding.ts";

describe("a rollback", () => {
  const beginning = [started(), gameStarted("g1"), roundStarted("g1", 1), roundWon("g1", 1, "96")];
  const inverse = [
    event("team:96", "!won", "round:round-1", {
      delta: { games: [{ id: "g1", teams: [{ id: "96", score: -1 }] }] },
    }),
    event("game:g1", "!started", "round:round-1", {
      delta: {
        games: [
          { id: "g1", segments: [{ id: "round-1", type: "round", sequenceNumber: 1, started: false }] },
        ],
      },
    }),
    event("series:2700001", "!started", "game:g1", {
      delta: { games: [{ id: "g1", started: false }] },
      more: { revertedEventId: "x" },
    }),
  ];

  it("takes the game back between the invalidation and the validation, and tells the new one", () => {
    const decoder = fresh();
    play(decoder, beginning);
    const events = play(
      decoder,
      [invalidated(), ...inverse, validated(), gameStarted("g9"), roundStarted("g9", 1)],
      5,
    );
    expect(told(events)).toEqual([
      "source_invalid",
      "retracted 1 rollback",
      "source_valid",
      "game_started 1 g9",
      "progress 1 0-0",
      "progress 1 0-0 r1",
    ]);
    expect(claims(events).every((each) => each.replayed === undefined)).toBe(true);
  });

  it("is known by the type of its event where a delta leaves it out", () => {
    const decoder = fresh();
    play(decoder, beginning);
    expect(told(play(decoder, [event("series:2700001", "!started", "game:g1")], 5))).toEqual([
      "retracted 1 rollback",
    ]);
  });

  it("is known without an invalidation too", () => {
    const decoder = fresh();
    play(decoder, beginning);
    expect(told(play(decoder, [inverse], 5))).toEqual(["retracted 1 rollback"]);
  });

  it("holds back everything but retractions until the data are valid again", () => {
    const decoder = fresh();
    play(decoder, beginning);
    const during = play(
      decoder,
      [invalidated(), roundWon("g1", 2, "97"), gameWon("g1", "97"), seriesWon("97")],
      5,
    );
    expect(told(during)).toEqual(["source_invalid"]);
    expect(decoder.status(CS.matchId)).toMatchObject({ valid: false });
    expect(told(play(decoder, [validated()], 9))).toEqual([
      "source_valid",
      "progress 1 1-1 r2",
      "game_won 1 1 forfeit",
      "series_score 0-1",
      "series_won 1 forfeit",
    ]);
  });

  it("of a winner takes the win back and lets the game go on", () => {
    const decoder = fresh(LOL);
    play(decoder, [gameStarted("g1"), gameWon("g1", "96"), gameEnded("g1")]);
    const undone = event("team:96", "!won", "game:g1", {
      delta: { teams: [{ id: "96", score: -1 }], games: [{ id: "g1", teams: [{ id: "96", won: false }] }] },
    });
    const going = event("series:2700001", "!ended", "game:g1", {
      delta: { games: [{ id: "g1", finished: false }] },
    });
    expect(told(play(decoder, [[going, undone]], 4))).toEqual([
      "retracted 1 rollback",
      "game_started 1 g1",
      "progress 1 0-0",
      "series_score 0-0",
    ]);
  });

  it("of the series takes everything back and says again what still holds", () => {
    const decoder = fresh(LOL);
    play(decoder, [
      gameStarted("g1"),
      gameWon("g1", "96"),
      gameStarted("g2"),
      gameWon("g2", "96"),
      seriesWon("96"),
    ]);
    const undone = event("team:96", "!won", "series:2700001", {
      delta: { teams: [{ id: "96", won: false }] },
    });
    const events = play(decoder, [undone], 6);
    expect(told(events)).toEqual([
      "retracted series rollback",
      "series_started",
      "game_started 1 g1",
      "progress 1 0-0",
      "game_won 1 0",
      "game_started 2 g2",
      "progress 2 0-0",
      "game_won 2 0",
      "series_score 2-0",
    ]);
    expect(
      claims(events)
        .slice(1)
        .every((each) => each.replayed === true),
    ).toBe(true);
  });
});

describe("a remake", () => {
  it("is a new id under the same number", () => {
    const decoder = fresh();
    const start = (id: string): object =>
      event("series:2700001", "started", `game:${id}`, { targetState: gameState(id, 1, [0, 0]) });
    const events = play(decoder, [start("g1"), roundWon("g1", 1, "96"), gameEnded("g1"), start("g2")]);
    expect(told(events)).toEqual([
      "series_started",
      "game_started 1 g1",
      "progress 1 0-0",
      "progress 1 1-0 r1",
      "game_ended 1",
      "retracted 1 remake",
      "game_started 1 g2",
      "progress 1 0-0",
    ]);
  });

  it("is known by its place where games carry no number: nobody won the one before", () => {
    const decoder = fresh();
    const events = play(decoder, [gameStarted("g1"), gameEnded("g1"), gameStarted("g2")]);
    expect(told(events).slice(3)).toEqual([
      "game_ended 1",
      "retracted 1 remake",
      "game_started 1 g2",
      "progress 1 0-0",
    ]);
  });
});

describe("an end", () => {
  it("without a winner is no win: a draw, an abandoned series, lost data", () => {
    expect(told(play(fresh(), [started(), seriesEnded()]))).toEqual(["series_started", "series_ended"]);
    expect(told(play(fresh(), [started(), feedEnded()]))).toEqual(["series_started", "series_ended"]);
  });

  it("comes once, and a winner that is named late still counts", () => {
    const decoder = fresh();
    const events = play(decoder, [started(), seriesEnded(), feedEnded(), seriesWon("97")]);
    expect(told(events)).toEqual(["series_started", "series_ended", "series_won 1 forfeit"]);
  });

  it("of a game that never started, or short of a legal score, is a forfeit", () => {
    expect(told(play(fresh(), [started(), gameWon("g1", "97")])).at(1)).toBe("game_won 1 1 forfeit");
    const decoder = fresh();
    play(decoder, [gameStarted("g1"), roundStarted("g1", 1), roundWon("g1", 1, "96")]);
    expect(told(play(decoder, [gameWon("g1", "97")], 4))[0]).toBe("game_won 1 1 forfeit");
  });

  it("names a team that is not of the match in a quarantined frame", () => {
    const decoder = fresh();
    const [event] = play(decoder, [seriesWon("555")]);
    expect(event).toMatchObject({ type: "frame_quarantined", feed: "grid" });
    expect((event as { reason: string }).reason).toMatch(/"555" is neither team .* refs\.grid\.teams/);
  });

  it("tells pauses of a running game only", () => {
    const pause = event("series:2700001", "paused", "game:g1", {
      delta: { games: [{ id: "g1", paused: true }] },
    });
    const resume = event("series:2700001", "resumed", "game:g1", {
      delta: { games: [{ id: "g1", paused: false }] },
    });
    const decoder = fresh(LOL);
    expect(
      told(play(decoder, [gameStarted("g1"), pause, pause, resume, gameWon("g1", "96"), pause])).slice(3),
    ).toEqual(["game_paused 1", "game_resumed 1", "game_won 1 0", "series_score 1-0"]);
  });
});
