import { TRUTH_CONFIG, TruthEngine, type Nanos } from "@matchpoint/sdk";
import { describe, expect, it } from "vitest";
import { createRiotDecoder } from "../../src/index.ts";
import { decode, isClaim, problemsOf, told } from "../support.ts";
import { details, gameId, listedGame, MATCH_ID, OTTERS, RIFT, schedule } from "./messages.ts";
import { G1, G2, run, make, unstarted, running } from "./decoding.ts";

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
