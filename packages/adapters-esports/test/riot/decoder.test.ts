import { TRUTH_CONFIG, TruthEngine, type CoreEvent, type GameProgress, type Nanos } from "@matchpoint/sdk";
import { describe, expect, it } from "vitest";
import { createRiotDecoder, type RiotDecoder } from "../../src/index.ts";
import { decode, isClaim, problemsOf, stampAt, told } from "../support.ts";
import {
  details,
  detailsFrame,
  frame,
  gameId,
  listedGame,
  MATCH_ID,
  OTTERS,
  RIFT,
  schedule,
  window,
  WOLVES,
} from "./messages.ts";

const G1 = gameId(1);
const G2 = gameId(2);

/** Decodes answers, each so many ms after the epoch. */
function run(decoder: RiotDecoder, ...answers: readonly (readonly [number, object])[]): CoreEvent[] {
  return answers.flatMap(([ms, answer]) => decode(decoder, answer, stampAt(ms)));
}

function make(more: Partial<Parameters<typeof createRiotDecoder>[0]> = {}): RiotDecoder {
  return createRiotDecoder({ matches: [RIFT], ...more });
}

function lastProgress(events: readonly CoreEvent[]): GameProgress | undefined {
  const claims = events.flatMap((event) => (isClaim(event) ? [event.claim] : []));
  return claims.flatMap((claim) => (claim.kind === "game_progress" ? [claim.progress] : [])).at(-1);
}

const unstarted = details([0, 0], [listedGame(1, "unstarted"), listedGame(2, "unstarted")]);
const running = details([0, 0], [listedGame(1, "inProgress"), listedGame(2, "unstarted")]);

describe("the gateway's counts", () => {
  it("say who won a game by what was added, in the order of the match's teams", () => {
    const decoder = make();
    const events = run(
      decoder,
      [0, running],
      [60_000, details([1, 0], [listedGame(1, "completed"), listedGame(2, "inProgress")])],
      [
        120_000,
        details(
          [1, 1],
          [listedGame(1, "completed"), listedGame(2, "completed"), listedGame(3, "inProgress")],
        ),
      ],
      [
        180_000,
        details(
          [1, 2],
          [1, 2, 3].map((number) => listedGame(number, "completed")),
        ),
      ],
    );
    expect(told(events)).toEqual([
      "series_started",
      `game_started 1 ${G1}`,
      "game_won 1 0",
      `game_started 2 ${G2}`,
      "series_score 1-0",
      "game_won 2 1",
      `game_started 3 ${gameId(3)}`,
      "series_score 1-1",
      "game_won 3 1",
      "series_score 1-2",
      "series_won 1",
    ]);
    expect(problemsOf(events)).toEqual([]);
    expect(
      events
        .filter(isClaim)
        .every(
          ({ tier, upstream, source }) => tier === "B" && upstream === "riot" && source === "riot_gateway",
        ),
    ).toBe(true);
  });

  it("leave a winner open where two answers remain, and give the score", () => {
    const both = details(
      [1, 1],
      [listedGame(1, "completed"), listedGame(2, "completed"), listedGame(3, "inProgress")],
    );
    const events = run(make(), [0, both]);
    expect(told(events)).not.toContain("game_won 1 0");
    expect(told(events)).toContain("series_score 1-1");
    const sweep = run(make(), [
      0,
      details([2, 0], [listedGame(1, "completed"), listedGame(2, "completed"), listedGame(3, "unneeded")]),
    ]);
    expect(told(sweep)).toEqual(expect.arrayContaining(["game_won 1 0", "game_won 2 0", "series_won 0"]));
    expect(told(sweep).some((each) => each.includes(" 3"))).toBe(false); // unneeded
  });

  it("wait with the winner of a completed game until it is counted", () => {
    const events = run(
      make(),
      [0, running],
      [20_000, details([0, 0], [listedGame(1, "completed"), listedGame(2, "unstarted")])],
      [140_000, details([0, 1], [listedGame(1, "completed"), listedGame(2, "unstarted")])],
    );
    expect(told(events).slice(2)).toEqual(["game_ended 1", "game_won 1 1", "series_score 0-1"]);
  });

  it("take back what is corrected", () => {
    const one = [listedGame(1, "completed"), listedGame(2, "inProgress")];
    const events = run(make(), [0, running], [20_000, details([1, 0], one)], [40_000, details([0, 1], one)]);
    const steps = told(events);
    const back = steps.indexOf("retracted 1 correction");
    expect(back).toBeGreaterThan(steps.indexOf("game_won 1 0"));
    expect(steps.indexOf("game_won 1 1")).toBeGreaterThan(back);
  });

  it("count a second id under one number as a remake", () => {
    const again = [
      listedGame(1, "completed"),
      listedGame(1, "inProgress", "999"),
      listedGame(2, "unstarted"),
    ];
    const decoder = make();
    const events = run(decoder, [0, running], [20_000, details([0, 0], again)]);
    expect(told(events).slice(2)).toEqual(["retracted 1 remake", "game_started 1 999"]);
    expect(decoder.status(RIFT.matchId)?.games.map(({ id }) => id)).toEqual(["999", G2]);
  });

  it("make a forfeit of a win without play, and none of one that was played", () => {
    const given = run(
      make(),
      [0, unstarted],
      [20_000, details([1, 0], [listedGame(1, "completed"), listedGame(2, "unstarted")])],
    );
    expect(told(given)).toContain("game_won 1 0 forfeit");
    expect(told(given)).not.toContain(`game_started 1 ${G1}`);
    const played = run(
      make(),
      [0, unstarted],
      [3_600_000, details([1, 0], [listedGame(1, "completed"), listedGame(2, "unstarted")])],
    );
    expect(told(played)).toContain("game_won 1 0");
    const whole = run(
      make(),
      [0, unstarted],
      [20_000, details([0, 2], [listedGame(1, "completed"), listedGame(2, "completed")])],
    );
    expect(told(whole)).toContain("series_won 1 forfeit");
  });

  it("make a given series of two wins at once, and say nothing of its games", () => {
    const both = [listedGame(1, "completed"), listedGame(2, "inProgress"), listedGame(3, "unstarted")];
    const events = run(
      make(),
      [0, running],
      [20_000, details([1, 0], both)],
      [40_000, details([1, 2], both)],
      [60_000, details([1, 2], both)],
    );
    expect(told(events).slice(-2)).toEqual(["series_score 1-2", "series_won 1 forfeit"]);
    expect(told(events).filter((each) => each.startsWith("game_won"))).toEqual(["game_won 1 0"]);
  });

  it("that say less than was known are taken for old ones until they say it again", () => {
    const decoder = make();
    const one = [listedGame(1, "completed"), listedGame(2, "inProgress")];
    run(decoder, [0, running], [20_000, details([1, 0], one)]);
    expect(run(decoder, [40_000, running], [60_000, details([1, 0], one)], [80_000, running])).toEqual([]);
    expect(decoder.stats.late).toBe(2);
    expect(told(run(decoder, [100_000, running]))).toContain("retracted 1 correction");
  });

  it("end a best of two that stands even without a winner", () => {
    const decoder = createRiotDecoder({ matches: [{ ...RIFT, bestOf: 2 }] });
    const games = [listedGame(1, "completed"), listedGame(2, "completed")];
    const one = run(decoder, [0, details([1, 0], games.slice(0, 1), { count: 2 })]);
    expect(told(one)).not.toContain("series_won 0");
    const events = run(decoder, [20_000, details([1, 1], games, { count: 2 })]);
    expect(told(events)).toContain("series_ended");
    expect(told(events).some((each) => each.startsWith("series_won"))).toBe(false);
  });

  it("name the winner of a series that was not played to its end by its outcome", () => {
    const events = run(
      make(),
      [0, running],
      [
        20_000,
        details([1, 0], [listedGame(1, "completed"), listedGame(2, "unneeded")], {
          outcomes: ["win", "loss"],
        }),
      ],
    );
    expect(told(events)).toContain("series_won 0 forfeit");
  });

  it("need the longer format where match and gateway differ", () => {
    const events = run(make(), [
      0,
      details([2, 0], [listedGame(1, "completed"), listedGame(2, "completed")], { count: 5 }),
    ]);
    expect(told(events)).toContain("series_score 2-0");
    expect(told(events)).not.toContain("series_won 0");
  });

  it("are refused with teams of another match, and never read by position", () => {
    const strangers = [
      { id: "1", name: "Wolves", result: { gameWins: 2 } },
      { id: OTTERS, result: { gameWins: 0 } },
    ];
    const decoder = make();
    const events = run(decoder, [0, details([0, 0], [], { teams: strangers })]);
    expect(told(events)).toEqual(["frame_quarantined"]);
    expect(decoder.status(RIFT.matchId)?.polledAt).toBeUndefined();
    const named = [
      { code: "wlv", result: { gameWins: 1 } },
      { name: "SEA OTTERS", result: { gameWins: 0 } },
    ];
    expect(told(run(make(), [0, details([0, 0], [listedGame(1, "completed")], { teams: named })]))).toContain(
      "game_won 1 0",
    );
  });

  it("of another match lead to nothing, and impossible ones to a quarantine", () => {
    const decoder = make();
    const text = JSON.stringify(running).replaceAll(MATCH_ID, "7");
    expect(decode(decoder, text)).toEqual([]);
    expect(decoder.stats.foreign).toBe(1);
    expect(told(run(decoder, [0, details([3, 2], [])]))).toEqual(["frame_quarantined"]);
    expect(told(run(decoder, [0, { data: { event: null } }]))).toEqual(["frame_quarantined"]);
    expect(told(run(decoder, [0, schedule([])]))).toEqual(["frame_quarantined"]);
  });
});

describe("the live statistics", () => {
  it("give where the game stands by team id, whichever side the list says", () => {
    const decoder = make();
    const blue = {
      gold: 24_100,
      kills: 5,
      towers: 2,
      barons: 1,
      inhibitors: 1,
      dragons: ["infernal", "ocean"],
      dead: 2,
    };
    const red = { gold: 21_000, kills: 3 };
    run(decoder, [0, running], [10_000, window(G1, [frame(0)])]);
    const events = run(decoder, [40_000, window(G1, [frame(10_000, blue, red)])]);
    expect(lastProgress(events)).toEqual({
      firstSide: 1,
      score: [3, 5],
      kills: [3, 5],
      gold: [21_000, 24_100],
      towers: [0, 2],
      dragons: [0, 2],
      barons: [0, 1],
      inhibitors: [0, 1],
      alive: [5, 3],
      clockMs: 10_000,
    });
    expect(problemsOf(events)).toEqual([]);
  });

  it("count a clock from the first frame in the game, without pauses", () => {
    const decoder = make();
    run(decoder, [0, running]);
    const waiting = frame(0, {}, {}, "paused");
    const frames = [
      waiting,
      frame(8_000, { gold: 2_600 }),
      frame(20_000, { gold: 3_000 }),
      frame(30_000, { gold: 3_100 }, {}, "paused"),
      frame(41_000, { gold: 3_100 }, {}, "paused"),
      frame(50_000, { gold: 3_200 }),
    ];
    const events = run(
      decoder,
      ...frames.map((each, index) => [index * 10_000, window(G1, [each])] as const),
    );
    expect(lastProgress(events)?.clockMs).toBe(22_000); // 42 s after the first, 20 s of them paused
    expect(told(events)).toContain("game_paused 1");
    expect(told(events)).toContain("game_resumed 1");
  });

  it("leave the clock out after a late beginning, until what was missed has been read", () => {
    const decoder = make();
    run(decoder, [1_000_000, running], [1_000_000, window(G1, [frame(0)])]);
    const late = run(decoder, [1_001_000, window(G1, [frame(970_000, { gold: 30_000 })])]);
    expect(lastProgress(late)).toMatchObject({ gold: [2_500, 30_000] });
    expect(lastProgress(late)).not.toHaveProperty("clockMs");
    const hole = (): number | undefined => decoder.status(RIFT.matchId)?.games[0]?.hole;
    for (let ms = 10_000; ms < 970_000; ms += 10_000) {
      const state = ms >= 500_000 && ms < 560_000 ? "paused" : "in_game";
      const from = hole();
      run(decoder, [1_002_000, window(G1, [frame(ms, { gold: 5_000 }, {}, state)])]);
      expect(hole()).not.toBe(from);
    }
    expect(hole()).toBeUndefined();
    const events = run(decoder, [1_010_000, window(G1, [frame(980_000, { gold: 31_000 })])]);
    expect(lastProgress(events)?.clockMs).toBe(920_000);
    expect(told(events)).not.toContain("retracted 1 rollback");
  });

  it("take each frame once, in the order of their times", () => {
    const decoder = make();
    run(decoder, [0, running]);
    const frames = [frame(3_000, { kills: 1 }), frame(1_000), frame(2_000)];
    const events = run(
      decoder,
      [10_000, window(G1, frames)],
      [20_000, window(G1, [...frames, frame(2_500, { kills: 4 })])],
    );
    expect(told(events)).toEqual(["progress 1 0-1"]);
    expect(decoder.stats).toMatchObject({ frames: 7, duplicates: 4 });
  });

  it("end a game without a winner when they say finished, and leave the winner to the count", () => {
    const decoder = make();
    const events = run(
      decoder,
      [0, running],
      [10_000, window(G1, [frame(0)])],
      [20_000, window(G1, [frame(10_000, { gold: 90_000, towers: 11, inhibitors: 3 }, { gold: 20_000 })])],
      [
        30_000,
        window(G1, [
          frame(20_000, { gold: 90_000, towers: 11, inhibitors: 3 }, { gold: 20_000 }, "finished"),
        ]),
      ],
    );
    expect(told(events)).toContain("game_ended 1");
    expect(told(events).some((each) => each.startsWith("game_won"))).toBe(false);
    const counted = run(decoder, [200_000, details([1, 0], [listedGame(1, "completed")])]);
    expect(told(counted)).toContain("game_won 1 0"); // the team that was far behind
  });

  it("tell a game that is played anew from one that was set back", () => {
    const far = { gold: 30_000, kills: 9, towers: 2 };
    const anew = make();
    const remake = run(
      anew,
      [0, running],
      [10_000, window(G1, [frame(0)])],
      [20_000, window(G1, [frame(10_000, far)])],
      [30_000, window(G1, [frame(20_000)])],
    );
    expect(told(remake)).toContain("retracted 1 remake");
    expect(lastProgress(remake)).toMatchObject({ kills: [0, 0], clockMs: 0 });
    const back = make();
    const rollback = run(
      back,
      [0, running],
      [10_000, window(G1, [frame(0)])],
      [20_000, window(G1, [frame(10_000, far)])],
      [30_000, window(G1, [frame(20_000, { gold: 26_000, kills: 7, towers: 2 })])],
    );
    expect(told(rollback)).toContain("retracted 1 rollback");
    expect(lastProgress(rollback)).toMatchObject({ kills: [0, 7] });
    expect(lastProgress(rollback)).not.toHaveProperty("clockMs"); // nobody says which minute it is now
  });

  it("never mix two games in flight", () => {
    const decoder = make();
    const both = details([0, 0], [listedGame(1, "inProgress"), listedGame(2, "inProgress")]);
    const events = run(
      decoder,
      [0, both],
      [10_000, window(G1, [frame(5_000, { kills: 9, gold: 30_000 })])],
      [11_000, window(G2, [frame(6_000)], [WOLVES, OTTERS])],
      [20_000, window(G1, [frame(15_000, { kills: 10, gold: 31_000 })])],
      [21_000, window(G2, [frame(16_000, { kills: 1 })], [WOLVES, OTTERS])],
    );
    expect(told(events).filter((each) => each.startsWith("progress"))).toEqual([
      "progress 1 0-9",
      "progress 2 0-0",
      "progress 1 0-10",
      "progress 2 1-0",
    ]);
    expect(told(events).some((each) => each.startsWith("retracted"))).toBe(false);
    const wrong = decode(decoder.ofGame(G1), window(G2, [frame(30_000, { kills: 50 })]), stampAt(40_000));
    expect(told(wrong)).toEqual(["frame_quarantined"]);
    expect(decoder.status(RIFT.matchId)?.games.map(({ lastAt }) => (lastAt ?? 0) % 100_000)).toEqual([
      15_000, 16_000,
    ]);
  });

  it("are refused with teams of another match; a game that is not listed waits", () => {
    const decoder = make();
    run(decoder, [0, running]);
    expect(told(run(decoder, [0, window(G1, [frame(0)], [OTTERS, "5"])]))).toEqual(["frame_quarantined"]);
    expect(told(run(decoder, [0, window(G1, [frame(0)], [OTTERS, OTTERS])]))).toEqual(["frame_quarantined"]);
    expect(run(decoder, [0, window("77", [frame(0)])])).toEqual([]);
    expect(decoder.stats.unplaced).toBe(1);
    expect(decoder.status(RIFT.matchId)?.games[0]?.live).toBeUndefined();
  });

  it("take the other frames of a window when one of them cannot be read", () => {
    const decoder = make();
    run(decoder, [0, running]);
    const events = run(decoder, [
      10_000,
      window(G1, [{ rfc460Timestamp: "soon" }, frame(5_000, { kills: 2 })]),
    ]);
    expect(told(events)).toEqual(["progress 1 0-2", "frame_quarantined"]);
    const future = run(decoder, [20_000, window(G1, [frame(9_000_000, { kills: 3 })])]);
    expect(told(future)).toEqual(["frame_quarantined"]);
  });

  it("get from the details what windows lack", () => {
    const decoder = make();
    const poor = structuredClone(frame(5_000)) as {
      blueTeam: Record<string, unknown>;
      redTeam: Record<string, unknown>;
    };
    for (const one of [poor.blueTeam, poor.redTeam]) {
      delete one["totalGold"];
      delete one["totalKills"];
    }
    run(decoder, [0, running], [10_000, window(G1, [poor])]);
    expect(decoder.status(RIFT.matchId)?.games[0]?.lacking).toBe(true);
    const events = decode(
      decoder.ofGame(G1),
      { frames: [detailsFrame(5_000, 12_000, 15_000)] },
      stampAt(11_000),
    );
    expect(lastProgress(events)).toMatchObject({ gold: [15_000, 12_000], kills: [10, 5] });
    expect(told(decode(decoder, { frames: [detailsFrame(5_000, 1, 1)] }))).toEqual(["frame_quarantined"]); // of which game?
  });

  it("are news only when they follow what was seen, and are not old", () => {
    const decoder = make();
    const replayed = (events: readonly CoreEvent[]): boolean[] =>
      events.filter(isClaim).map((event) => event.replayed === true);
    expect(replayed(run(decoder, [0, running]))).toEqual([true, true]);
    expect(replayed(run(decoder, [20_000, window(G1, [frame(-600_000)])]))).toEqual([true]);
    expect(replayed(run(decoder, [30_000, window(G1, [frame(0, { kills: 1 })])]))).toEqual([true]); // ten minutes later
    expect(replayed(run(decoder, [40_000, window(G1, [frame(10_000, { kills: 2 })])]))).toEqual([false]);
    expect(replayed(run(decoder, [140_000, window(G1, [frame(20_000, { kills: 3 })])]))).toEqual([true]); // nobody looked
    const early = make();
    run(early, [0, unstarted], [20_000, unstarted]);
    expect(replayed(run(early, [60_000, window(G1, [frame(30_000)])]))).toEqual([false, false, false]);
  });

  it("say again where the game stands while frames advance", () => {
    const decoder = make();
    run(decoder, [0, running]);
    const quiet = [0, 10, 20, 30].map((s) => [s * 1000 + 30_000, window(G1, [frame(s * 1000)])] as const);
    const events = run(decoder, ...quiet.map(([ms, each]) => [ms, each] as const));
    expect(told(events).filter((each) => each.startsWith("progress")).length).toBeGreaterThanOrEqual(3);
  });

  it("with fields and words that are not documented are counted by name", () => {
    const decoder = make();
    const odd = { ...window(G1, [{ ...frame(0), voidGrubs: 3, gameState: "spectating" }]), extra: 1 };
    run(decoder, [0, details([0, 0], [{ ...listedGame(1, "warmup"), mood: 1 }])], [10_000, odd]);
    const names = [...decoder.stats.unknown.entries()].map(([name]) => name);
    expect(names).toEqual(
      expect.arrayContaining([
        "game state warmup",
        "event.match.games.mood",
        "window.extra",
        "window.frames.voidGrubs",
        "gameState spectating",
      ]),
    );
    expect(decoder.stats.quarantined).toBe(0);
  });

  it("keep ids exact that come as numbers", () => {
    const decoder = make();
    const text = JSON.stringify(running).replaceAll(`"${MATCH_ID}"`, MATCH_ID).replaceAll(`"${G1}"`, G1);
    expect(told(decode(decoder, text))).toContain(`game_started 1 ${G1}`);
  });
});

it("the gateway alone makes nothing final", () => {
  const truth = new TruthEngine(TRUTH_CONFIG.parse({}));
  truth.list(RIFT, 0 as Nanos);
  const events = run(
    make(),
    [0, running],
    [20_000, details([1, 0], [listedGame(1, "completed"), listedGame(2, "inProgress")])],
    [40_000, details([2, 0], [listedGame(1, "completed"), listedGame(2, "completed")])],
  );
  const reached = events.filter(isClaim).flatMap((event) => truth.apply(event).map(({ to }) => to));
  expect(reached).toContain("effectively_final");
  expect(reached).not.toContain("final");
});
