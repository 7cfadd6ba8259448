import type { CoreEvent, MatchDescription, Millis } from "@matchpoint/sdk";
import { describe, expect, it } from "vitest";
import { createSteamDecoder, type SteamDecoder } from "../../src/index.ts";
import { decode, EPOCH, isClaim, problemsOf, stampAt, told } from "../support.ts";
import { answer, DOTA, game, OTTERS, result, WOLVES } from "./messages.ts";

function fresh(match: MatchDescription = DOTA): SteamDecoder {
  return createSteamDecoder({ matches: [match] });
}

/** Answers ten seconds apart; every event is one that a journal takes. */
function play(decoder: SteamDecoder, frames: readonly (string | object)[], fromMs = 0): CoreEvent[] {
  const events = frames.flatMap((frame, index) => decode(decoder, frame, stampAt(fromMs + index * 10_000)));
  expect(problemsOf(events)).toEqual([]);
  return events;
}

const progressOf = (events: readonly CoreEvent[]): object[] =>
  events.filter(isClaim).flatMap(({ claim }) => (claim.kind === "game_progress" ? [claim.progress] : []));

const G1 = 8_930_000_001;
const G2 = 8_930_000_002;
const G3 = 8_930_000_003;
const none = answer();

describe("live league games", () => {
  it("are told in the order of the match's teams, whoever is on radiant", () => {
    const worth = [3_000, 2_500] as const;
    const one = game({ id: G1, radiant: OTTERS, dire: WOLVES, kills: [7, 4], worth, towers: [2047, 1982] });
    const events = play(fresh(), [answer(one)]);
    expect(told(events)).toEqual(["series_started", `game_started 1 ${G1}`, "progress 1 4-7"]);
    expect(progressOf(events)).toEqual([
      {
        clockMs: 600_500,
        firstSide: 1,
        score: [4, 7],
        kills: [4, 7],
        gold: [12_500, 15_000],
        towers: [0, 2],
        alive: [5, 5],
      },
    ]);
    expect(events[0]).toMatchObject({ source: "steam", tier: "B", upstream: "valve", replayed: true });
  });

  it("keep ids exact that no double holds", () => {
    const big = answer(game({ id: G1 })).replaceAll(String(G1), "18930545836123456789");
    expect(told(play(fresh(), [big]))).toContain("game_started 1 18930545836123456789");
  });

  it("begin when towers stand, not with the draft", () => {
    const draft = game({ id: G1, seconds: 0, towers: [0, 0] });
    const bare = game({ id: G1, more: { scoreboard: undefined } });
    const horn = game({ id: G1, seconds: 0, kills: [1, 0] });
    expect(told(play(fresh(), [answer(bare), answer(draft)]))).toEqual([]);
    const decoder = fresh();
    expect(told(play(decoder, [answer(bare), answer(draft), answer(horn)]))).toEqual([
      "series_started",
      `game_started 1 ${G1}`,
      "progress 1 1-0",
    ]);
  });

  it("of others, of other leagues and without teams are left aside", () => {
    const decoder = fresh();
    const events = play(decoder, [
      answer(
        game({ id: 1, radiant: 5 }),
        game({ id: 2, more: { league_id: 18_001 } }),
        game({ id: 3, radiant: undefined }),
        game({ id: 4, radiant: WOLVES, dire: WOLVES }),
      ),
    ]);
    expect(events).toEqual([]);
    expect(decoder.stats).toMatchObject({ games: 4, foreign: 4, unnamed: 1, polls: 1 });
  });

  it("are known by their id when their teams go missing", () => {
    const decoder = fresh();
    play(decoder, [answer(game({ id: G1 }))]);
    const anonymous = game({ id: G1, radiant: undefined, dire: undefined, kills: [1, 0], seconds: 700 });
    expect(told(play(decoder, [answer(anonymous)], 10_000))).toEqual(["progress 1 1-0"]);
  });

  it("before the match can have begun are another match's", () => {
    const later = { ...DOTA, startsAt: (EPOCH + 4 * 3_600_000) as Millis };
    const decoder = fresh(later);
    expect(play(decoder, [answer(game({ id: G1 }))])).toEqual([]);
    expect(told(play(decoder, [answer(game({ id: G1 }))], 2 * 3_600_000))).toContain("series_started");
  });

  it("leave numbers out that not all five players have", () => {
    const board = {
      duration: 600,
      radiant: { score: 1, tower_state: 2047, players: [] },
      dire: { score: 2 },
    };
    expect(progressOf(play(fresh(), [answer(game({ id: G1, more: { scoreboard: board } }))]))).toEqual([
      { clockMs: 600_000, firstSide: 0, score: [1, 2], kills: [1, 2] },
    ]);
  });
});

describe("a game that leaves the list", () => {
  const on = answer(game({ id: G1, seconds: 2_400, kills: [30, 2] }));

  it("is no result, however big the lead was and however long it stays away", () => {
    const decoder = fresh();
    play(decoder, [on]);
    expect(play(decoder, [none, none, none, none, none], 10_000)).toEqual([]);
    expect(decoder.status(DOTA.matchId)).toMatchObject({ unresolved: [String(G1)], running: undefined });
  });

  it("is asked about after three polls without it, and not when it comes back", () => {
    const decoder = fresh();
    play(decoder, [on, none, none]);
    expect(decoder.status(DOTA.matchId)?.unresolved).toEqual([]);
    play(decoder, [none], 30_000);
    expect(decoder.status(DOTA.matchId)?.unresolved).toEqual([String(G1)]);
    expect(told(play(decoder, [answer(game({ id: G1, seconds: 2_500, kills: [31, 2] }))], 40_000))).toEqual([
      "progress 1 31-2",
    ]);
    expect(decoder.status(DOTA.matchId)?.unresolved).toEqual([]);
  });

  it("is not missed in an answer of which a part could not be read", () => {
    const decoder = fresh();
    play(decoder, [on]);
    const spoiled = answer({ match_id: -1 });
    expect(told(play(decoder, [spoiled, spoiled, spoiled, spoiled], 10_000))).toEqual(
      Array.from({ length: 4 }, () => "frame_quarantined"),
    );
    expect(decoder.status(DOTA.matchId)?.unresolved).toEqual([]);
  });

  it("is won by whom OpenDota names, on the side that Steam saw them", () => {
    const decoder = fresh();
    play(decoder, [answer(game({ id: G1, radiant: OTTERS, dire: WOLVES })), none, none, none]);
    expect(play(decoder, [result(G1, null)], 40_000)).toEqual([]);
    expect(told(play(decoder, [result(G1, true)], 50_000))).toEqual(["game_won 1 1", "series_score 0-1"]);
    expect(decoder.status(DOTA.matchId)?.unresolved).toEqual([]);
  });

  it("is won by whoever has one more win when the next game begins", () => {
    const decoder = fresh();
    play(decoder, [answer(game({ id: G1 })), none, none, none]);
    const next = game({ id: G2, radiant: OTTERS, dire: WOLVES, wins: [0, 1], seconds: 0, towers: [0, 0] });
    expect(told(play(decoder, [answer(next)], 40_000))).toEqual(["game_won 1 0", "series_score 1-0"]);
  });

  it("has no winner when the wins do not say which game went to whom", () => {
    const decoder = fresh();
    play(decoder, [answer(game({ id: G1 })), none, none, none]);
    const third = game({ id: G3, wins: [1, 1], seconds: 5 });
    expect(told(play(decoder, [answer(third)], 40_000))).toEqual([
      "game_ended 1",
      `game_started 3 ${G3}`,
      "progress 3 0-0",
      "series_score 1-1",
    ]);
  });

  it("has no winner while OpenDota and the wins disagree", () => {
    const decoder = fresh();
    const next = game({ id: G2, wins: [1, 0], seconds: 5 });
    play(decoder, [answer(game({ id: G1 })), none, none, none, answer(next)]);
    expect(told(play(decoder, [result(G1, false)], 50_000))).toEqual([
      "retracted 1 correction",
      `game_started 1 ${G1}`,
      "progress 1 0-0",
      "game_ended 1",
      "series_score 1-0",
    ]);
  });

  it("counts for the series, whose end follows from its games", () => {
    const decoder = fresh();
    const events = play(decoder, [
      answer(game({ id: G1 })),
      answer(game({ id: G2, wins: [1, 0] })),
      none,
      none,
      none,
      result(G2, false),
      answer(game({ id: G3, wins: [1, 1] })),
      result(G3, true),
    ]);
    expect(told(events).filter((each) => /won|score|ended/.test(each))).toEqual([
      "game_won 1 0",
      "series_score 1-0",
      "game_won 2 1",
      "series_score 1-1",
      "game_won 3 0",
      "series_score 2-1",
    ]);
    expect(decoder.status(DOTA.matchId)).toMatchObject({ decided: true, unresolved: [] });
  });
});

describe("a game under another id", () => {
  it("with the same wins is a remake, once the one before has left the list", () => {
    const decoder = fresh();
    const [old, anew] = [game({ id: G1, kills: [2, 1] }), game({ id: G2, seconds: 30 })];
    expect(told(play(decoder, [answer(old), answer(old, anew)])).at(-1)).toBe("progress 1 2-1");
    expect(told(play(decoder, [answer(anew), answer(anew)], 20_000))).toEqual([]);
    expect(told(play(decoder, [answer(anew), answer(anew)], 40_000))).toEqual([
      "retracted 1 remake",
      `game_started 1 ${G2}`,
      "progress 1 0-0",
    ]);
    // An old answer does not bring the old game back.
    expect(told(play(decoder, [answer(old), answer(old)], 60_000))).toEqual([]);
  });

  it("with the same wins after a result is not of this series", () => {
    const decoder = fresh();
    play(decoder, [answer(game({ id: G1 })), none, none, none, result(G1, true)]);
    expect(told(play(decoder, [answer(game({ id: G2, seconds: 50 }))], 50_000))).toEqual([]);
    expect(decoder.stats.unplaced).toBe(1);
  });

  it("gives the number back when the game that it seemed to replace turns out to have a result", () => {
    const decoder = fresh();
    play(decoder, [answer(game({ id: G1 })), none, none, none, answer(game({ id: G2, seconds: 50 }))]);
    expect(told(play(decoder, [result(G1, true)], 50_000))).toEqual([
      "retracted 1 remake",
      `game_started 1 ${G1}`,
      "progress 1 0-0",
      "game_won 1 0",
      "series_score 1-0",
    ]);
  });
});

describe("wins that no series can have", () => {
  it.each([
    ["too many", [0, 99]],
    ["a decided series", [2, 0]],
  ] as const)("%s: nothing of the game is believed", (_, wins) => {
    const decoder = fresh();
    play(decoder, [answer(game({ id: G1, seconds: 100 }))]);
    const odd = answer(game({ id: G1, seconds: 200, kills: [9, 9], wins }));
    expect(told(play(decoder, [odd], 10_000))).toEqual([]);
    expect(decoder.stats.unplaced).toBe(1);
    expect(told(play(decoder, [none, none, none, result(G1, true)], 20_000))).toEqual([
      "game_won 1 0",
      "series_score 1-0",
    ]);
  });
});

describe("the clock of a game", () => {
  it("makes old answers known: they lead to nothing", () => {
    const decoder = fresh();
    const at = (seconds: number, kills: number): string =>
      answer(game({ id: G1, seconds, kills: [kills, 0] }));
    const events = play(decoder, [at(100, 1), at(120, 3), at(110, 2), at(130, 3), at(130, 3)]);
    expect(progressOf(events).map((each) => (each as { score: number[] }).score[0])).toEqual([1, 3, 3]);
    expect(decoder.stats.late).toBe(1);
  });

  it("that stays behind for three polls was set back", () => {
    const decoder = fresh();
    const at = (seconds: number, kills: number): string =>
      answer(game({ id: G1, seconds, kills: [kills, 0] }));
    play(decoder, [at(1_200, 9)]);
    expect(told(play(decoder, [at(900, 5), at(910, 5), at(920, 5)], 10_000))).toEqual([
      "retracted 1 rollback",
      `game_started 1 ${G1}`,
      "progress 1 5-0",
    ]);
  });

  it("keeps a game alive while it moves, and only then", () => {
    const decoder = fresh();
    const at = (seconds: number): string => answer(game({ id: G1, seconds }));
    play(decoder, [at(100), at(101)]);
    expect(told(play(decoder, [at(102), at(103)], 20_000)).length).toBeGreaterThan(0);
    expect(told(play(decoder, [at(103), at(103), at(103)], 40_000))).toEqual([]);
  });
});

describe("what is seen", () => {
  it("first, or after a gap, is history", () => {
    const decoder = fresh();
    const replayed = (events: readonly CoreEvent[]): boolean[] => events.map((event) => "replayed" in event);
    expect(replayed(play(decoder, [answer(game({ id: G1 }))]))).toEqual([true, true, true]);
    expect(replayed(play(decoder, [answer(game({ id: G1, kills: [1, 0], seconds: 650 }))], 20_000))).toEqual([
      false,
    ]);
    expect(replayed(play(decoder, [answer(game({ id: G1, kills: [2, 0], seconds: 700 }))], 90_000))).toEqual([
      true,
    ]);
  });

  it("as an unknown field is counted by its path", () => {
    const decoder = fresh();
    play(decoder, [
      answer(game({ id: G1, more: { weather: 1, radiant_team: { team_id: WOLVES, colour: 2 } } })),
    ]);
    expect([...decoder.stats.unknownFields.entries()]).toEqual([
      ["radiant_team.colour", 1],
      ["weather", 1],
    ]);
  });

  it("of two matches goes to each of them", () => {
    const other: MatchDescription = {
      ...DOTA,
      matchId: "dota2-others" as MatchDescription["matchId"],
      refs: { steam: { match: "18000", teams: ["7", "8"] } },
    };
    const decoder = createSteamDecoder({ matches: [DOTA, other] });
    const events = play(decoder, [answer(game({ id: G1 }), game({ id: G2, radiant: 8, dire: 7 }))]);
    expect(events.filter(isClaim).map(({ matchId }) => matchId)).toEqual([
      ...Array.from({ length: 3 }, () => DOTA.matchId),
      ...Array.from({ length: 3 }, () => other.matchId),
    ]);
  });
});

describe("references", () => {
  it("that name no league, or cannot be told apart, are refused", () => {
    const ref = (match: string): MatchDescription => ({
      ...DOTA,
      refs: { steam: { match, teams: ["39", "2163"] } },
    });
    expect(() => fresh(ref("8930545836000 x"))).toThrow("write league:<league id>");
    const twin = { ...DOTA, matchId: "twin" as MatchDescription["matchId"] };
    expect(() => createSteamDecoder({ matches: [DOTA, twin] })).toThrow("cannot be told apart");
  });
});
