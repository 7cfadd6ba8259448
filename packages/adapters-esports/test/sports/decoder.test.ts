import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { CoreEvent, MatchDescription } from "@matchpoint/sdk";
import { describe, expect, it } from "vitest";
import { createSportsDecoder, type SportsDecoder } from "../../src/index.ts";
import { decode, isClaim, problemsOf, stampAt, told } from "../support.ts";
import { frame, MATCH, over } from "./messages.ts";

function fresh(match: MatchDescription = MATCH): SportsDecoder {
  return createSportsDecoder({ matches: [match] });
}

/** Frames twenty seconds apart; every event is one that a journal takes. */
function play(
  decoder: SportsDecoder,
  frames: readonly (string | object)[],
  fromMs = 0,
  stepMs = 20_000,
): CoreEvent[] {
  const events = frames.flatMap((one, index) => decode(decoder, one, stampAt(fromMs + index * stepMs)));
  expect(problemsOf(events)).toEqual([]);
  return events;
}

const reason = (events: readonly CoreEvent[]): string =>
  events.map((event) => (event.type === "frame_quarantined" ? event.reason : "")).join();

describe("frames of the sports channel", () => {
  it("give maps won in the order of the match's teams, and the end, and no winner", () => {
    const events = play(fresh(), [
      frame("0-0|0-0|Bo3", { status: "not_started", live: false }),
      frame("000-000|0-0|Bo3"),
      frame("000-000|1-0|Bo3", { period: "2/3" }),
      frame("000-000|1-1|Bo3", { period: "3/3" }),
      over("000-000|1-2|Bo3", { period: "3/3" }),
    ]);
    expect(told(events)).toEqual([
      "series_started",
      "series_score 0-1",
      "series_score 1-1",
      "series_score 2-1",
      "series_ended",
    ]);
    expect(events[0]).toMatchObject({ source: "polymarket_sports", tier: "B", upstream: "pandascore" });
  });

  it("are told whichever team is at home, by the channel's names, ours, and their aliases", () => {
    const names = [
      ["Otters", "Wolves Esports"],
      ["wolves  esports", " OTTERS "],
      ["WLV", "Sea Otters"],
    ] as const;
    const scores = names.map(([homeTeam, awayTeam]) => {
      const home = /wol|wlv/i.test(homeTeam) ? "1-0" : "0-1";
      return told(play(fresh(), [frame(`000-000|${home}|Bo3`, { homeTeam, awayTeam })])).at(-1);
    });
    expect(scores).toEqual(["series_score 1-0", "series_score 1-0", "series_score 1-0"]);
  });

  it("give points of the map that is played where they are supplied", () => {
    const events = play(fresh(), [
      frame("0-0|0-0|Bo3"),
      frame("3-5|0-0|Bo3"),
      frame("9-13|0-1|Bo3"), // the period still says the first map: whose points are they?
      frame("000-000|0-1|Bo3", { period: "2/3" }),
      frame("1-0|0-1|Bo3", { period: "2/3" }),
    ]);
    expect(told(events)).toEqual([
      "series_started",
      "game_started 1",
      "progress 1 5-3",
      "game_ended 1",
      "series_score 1-0",
      "game_started 2",
      "progress 2 0-1",
    ]);
  });

  it("end without a winner at 0-0, and never with one", () => {
    expect(told(play(fresh(), [over("0-0|0-0|Bo3")]))).toEqual(["series_ended"]);
    const two = { ...MATCH, bestOf: 2 };
    expect(told(play(fresh(two), [frame("000-000|1-1|Bo2"), over("000-000|0-0|Bo2")]))).toEqual([
      "series_started",
      "series_score 1-1",
      "series_ended",
    ]);
  });

  it("tell cancellations and postponements, and take them back when the match is on again", () => {
    expect(told(play(fresh(), [frame("0-0|0-0|Bo3", { status: "canceled", live: false })]))).toEqual([
      "cancelled cancelled",
    ]);
    const postponed = frame("0-0|0-0|Bo3", { status: "postponed", live: false });
    const on = frame("000-000|0-0|Bo3");
    expect(told(play(fresh(), [postponed, on, on]))).toEqual([
      "cancelled postponed",
      "retracted series correction",
      "series_started",
    ]);
  });

  it("that say less than one before are late, unless they stay so", () => {
    const decoder = fresh();
    play(decoder, [frame("000-000|0-0|Bo3"), frame("000-000|1-0|Bo3")]);
    expect(play(decoder, [frame("000-000|0-0|Bo3"), frame("000-000|1-0|Bo3")], 40_000)).toEqual([]);
    expect(decoder.stats.late).toBe(1);
    const stays = [frame("000-000|0-0|Bo3"), frame("000-000|0-0|Bo3")];
    expect(told(play(decoder, stays, 80_000))).toEqual([
      "retracted series correction",
      "series_score 0-0",
      "series_started",
    ]);
  });

  it("take an end back when the match goes on", () => {
    const decoder = fresh();
    play(decoder, [frame("000-000|1-0|Bo3"), over("000-000|1-0|Bo3")]);
    expect(told(play(decoder, [frame("000-000|1-0|Bo3"), frame("000-000|1-0|Bo3")], 40_000))).toEqual([
      "retracted series correction",
      "series_started",
      "series_score 0-1",
    ]);
  });

  it("of a round that was restored set the points back, after a while", () => {
    const decoder = fresh();
    play(decoder, [frame("5-3|0-0|Bo3"), frame("5-4|0-0|Bo3")]);
    const back = [frame("5-3|0-0|Bo3"), frame("5-3|0-0|Bo3")];
    expect(told(play(decoder, back, 40_000))).toEqual([
      "retracted 1 rollback",
      "game_started 1",
      "progress 1 3-5",
    ]);
  });

  it("say nothing twice, but keep a running map alive", () => {
    const decoder = fresh();
    const one = frame("5-3|0-0|Bo3");
    expect(told(play(decoder, [one, one], 0, 2_000))).toHaveLength(3);
    expect(told(play(decoder, [one], 20_000))).toEqual(["progress 1 3-5"]);
  });

  it("seen first, or after a gap, are history", () => {
    const decoder = fresh();
    const replayed = (events: readonly CoreEvent[]): boolean[] => events.map((event) => "replayed" in event);
    expect(replayed(play(decoder, [frame("000-000|0-0|Bo3")]))).toEqual([true]);
    expect(replayed(play(decoder, [frame("000-000|1-0|Bo3")], 20_000))).toEqual([false]);
    expect(replayed(play(decoder, [frame("000-000|1-1|Bo3")], 200_000))).toEqual([true]);
  });

  it("of other games and sports are left aside, and pings are no frames", () => {
    const decoder = fresh();
    const nba = { gameId: "nba-2026-x", homeTeam: null, score: [1, 2], status: "Q4" };
    expect(play(decoder, [nba, frame("000-000|1-0|Bo3", { gameId: 5 }), "ping", "PING"])).toEqual([]);
    expect(decoder.stats).toMatchObject({ foreign: 2, pings: 2, frames: 0, quarantined: 0 });
  });

  it("come in lists too, of which one bad entry spoils nothing", () => {
    const events = play(fresh(), [[{ gameId: null }, frame("000-000|1-0|Bo3"), null]]);
    expect(told(events)).toEqual(["series_started", "series_score 0-1", "frame_quarantined"]);
  });

  it("count what nobody has heard of", () => {
    const decoder = fresh();
    play(decoder, [frame("000-000|0-0|Bo3", { status: "warmup", live: true, referee: 1 })]);
    expect([...decoder.stats.unknownFields.entries()]).toEqual([["referee", 1]]);
    expect([...decoder.stats.unknownStatus.entries()]).toEqual([["warmup", 1]]);
  });
});

describe("frames that cannot be about the match", () => {
  it.each([
    ["other teams", { awayTeam: "Wolves Academy" }, "are not the teams of match"],
    ["one team twice", { homeTeam: "Wolves", awayTeam: "WLV" }, "are not the teams of match"],
    ["another title", { leagueAbbreviation: "lol" }, "is one of lol, not of cs2"],
    ["another length", { score: "000-000|1-1|Bo5" }, "is a series of 5"],
    ["a score of another form", { score: "1-1" }, "score is not of the form"],
    ["a score that cannot be", { score: "000-000|2-2|Bo3" }, "one that a series of 3 can have"],
    ["too many maps", { score: "000-000|3-0|Bo3" }, "one that a series of 3 can have"],
    ["no teams", { homeTeam: null }, "homeTeam is not of its shape"],
  ])("%s: quarantined, with the reason", (_, more, why) => {
    const events = play(fresh(), [frame("000-000|1-1|Bo3", more)]);
    expect(told(events)).toEqual(["frame_quarantined"]);
    expect(reason(events)).toContain(why);
  });
});

const data = process.env["MATCHPOINT_DATA"] ?? resolve(import.meta.dirname, "../../../../../shared/data");
const recorded = resolve(data, "fixtures-sports-ws/esports-frames.json");
const there = existsSync(recorded);
if (!there) console.warn(`skipped: no recorded sports frames in ${data} (set MATCHPOINT_DATA)`);

describe.skipIf(!there)("recorded frames", () => {
  interface Raw {
    readonly gameId: number;
    readonly leagueAbbreviation: "cs2" | "lol";
    readonly homeTeam: string;
    readonly awayTeam: string;
    readonly score: string;
  }

  it("decode completely, the teams in the match's order", () => {
    const all = JSON.parse(readFileSync(recorded, "utf8")) as Raw[];
    expect(all).toHaveLength(2);
    for (const raw of all) {
      const match: MatchDescription = {
        ...MATCH,
        title: raw.leagueAbbreviation,
        teams: [{ name: raw.awayTeam }, { name: raw.homeTeam }],
        refs: { polymarket_sports: { match: String(raw.gameId), teams: [raw.awayTeam, raw.homeTeam] } },
      };
      const decoder = fresh(match);
      const [home, away] = raw.score.split("|")[1]!.split("-");
      expect(told(decode(decoder, raw).filter(isClaim))).toEqual([
        "series_started",
        `series_score ${away}-${home}`,
      ]);
      expect(decoder.stats).toMatchObject({ frames: 1, quarantined: 0 });
      expect(decoder.stats.unknownFields.total + decoder.stats.unknownStatus.total).toBe(0);
    }
  });
});
