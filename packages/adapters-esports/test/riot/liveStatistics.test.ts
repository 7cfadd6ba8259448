import { type CoreEvent, type GameProgress } from "@matchpoint/sdk";
import { describe, expect, it } from "vitest";
import { decode, isClaim, problemsOf, stampAt, told } from "../support.ts";
import {
  details,
  detailsFrame,
  frame,
  listedGame,
  MATCH_ID,
  OTTERS,
  RIFT,
  window,
  WOLVES,
} from "./messages.ts";
import { G1, G2, run, make, unstarted, running } from "./decoding.ts";

function lastProgress(events: readonly CoreEvent[]): GameProgress | undefined {
  const claims = events.flatMap((event) => (isClaim(event) ? [event.claim] : []));
  return claims.flatMap((claim) => (claim.kind === "game_progress" ? [claim.progress] : [])).at(-1);
}

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
