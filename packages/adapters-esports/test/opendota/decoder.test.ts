import { existsSync, readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { gunzipSync } from "node:zlib";
import type { CoreEvent, MatchDescription, Millis } from "@matchpoint/sdk";
import { describe, expect, it } from "vitest";
import { createOpendotaDecoder, type OpendotaDecoder } from "../../src/index.ts";
import { DOTA } from "../steam/messages.ts";
import { decode, EPOCH, isClaim, problemsOf, stampAt, told } from "../support.ts";
import { entry, idOf, OTTERS, page, WOLVES } from "./messages.ts";

const MATCH: MatchDescription = { ...DOTA, startsAt: EPOCH as Millis };
const swapped = {
  radiant_team_id: OTTERS,
  radiant_name: "Sea Otters",
  dire_team_id: WOLVES,
  dire_name: "Wolves",
};

function fresh(match: MatchDescription = MATCH): OpendotaDecoder {
  return createOpendotaDecoder({ matches: [match] });
}

/** Answers a minute apart; every event is one that a journal takes. */
function play(decoder: OpendotaDecoder, frames: readonly object[], fromMs = 4 * 3_600_000): CoreEvent[] {
  const events = frames.flatMap((one, index) => decode(decoder, one, stampAt(fromMs + index * 60_000)));
  expect(problemsOf(events)).toEqual([]);
  return events;
}

const quiet = (events: readonly CoreEvent[]): string[] =>
  told(events).filter((each) => !/progress|game_started/.test(each));

describe("games that were played", () => {
  it("are numbered in their order and won by the side's team, whatever the order of the list", () => {
    const one = entry(0, false);
    const two = entry(1, false, swapped);
    const events = play(fresh(), [[two, one]]);
    expect(told(events)).toEqual([
      "series_started",
      `game_started 1 ${idOf(0)}`,
      "progress 1 31-9",
      "game_won 1 1",
      `game_started 2 ${idOf(1)}`,
      "progress 2 9-31",
      "game_won 2 0",
      "series_score 1-1",
    ]);
    expect(events[0]).toMatchObject({ source: "opendota", tier: "B", upstream: "valve", replayed: true });
  });

  it("have no winner while it is not known, nor a number after such a one", () => {
    const decoder = fresh();
    const [one, two] = [entry(0, null), entry(1, true)];
    expect(quiet(play(decoder, [[two, one]]))).toEqual(["series_started"]);
    expect(decoder.status(MATCH.matchId)).toMatchObject({ unresolved: [idOf(0)], decided: false });
    const {
      radiant_team_id: first,
      dire_team_id: second,
      ...rest
    } = entry(0, true) as Record<string, unknown>;
    const detail = {
      ...rest,
      radiant_team: { team_id: first, tag: "W" },
      dire_team: { team_id: second },
      players: [],
    };
    expect(quiet(play(decoder, [detail], 4.1 * 3_600_000))).toEqual([
      "game_won 1 0",
      "game_won 2 0",
      "series_score 2-0",
    ]);
    expect(decoder.status(MATCH.matchId)).toMatchObject({ unresolved: [], decided: true });
    // The list may still not know.
    expect(play(decoder, [[two, one]], 4.2 * 3_600_000)).toEqual([]);
  });

  it("are not taken back because kills are counted otherwise", () => {
    const decoder = fresh();
    play(decoder, [[entry(0, true)]]);
    expect(told(play(decoder, [entry(0, true, { radiant_score: 30 })], 4.1 * 3_600_000))).toEqual([]);
  });

  it("of a series that is decided end it, whatever is played after", () => {
    const list = [entry(3, true), entry(2, true), entry(1, true), entry(0, true)];
    expect(quiet(play(fresh(), [list])).at(-1)).toBe("series_score 2-0");
  });

  it("of other series, leagues, teams and times are left aside", () => {
    const decoder = fresh();
    const list = [
      entry(5, true, { series_id: 2 }),
      entry(0.5, false, { leagueid: 18_001 }),
      entry(0.6, false, { dire_team_id: 5 }),
      entry(0.7, false, { dire_team_id: null }),
      entry(0, true),
      entry(-2.5, false),
    ];
    expect(quiet(play(decoder, [list]))).toEqual(["series_started", "game_won 1 0", "series_score 1-0"]);
    expect(decoder.stats).toMatchObject({ games: 6, foreign: 4, lists: 1 });
  });

  it("without a planned time are those since six hours before the first look", () => {
    const unplanned = fresh(DOTA);
    const list = [entry(3, true, { series_id: 9 }), entry(-3, false, { series_id: 7 })];
    expect(quiet(play(unplanned, [list]))).toEqual(["series_started", "game_won 1 0", "series_score 1-0"]);
  });

  it("are history when they are seen first, and news when the list is looked at all the time", () => {
    const decoder = fresh();
    const first = play(decoder, [[entry(0, true)]]);
    expect(first.every((event) => "replayed" in event)).toBe(true);
    const next = play(decoder, [[entry(1, true), entry(0, true)]], 4 * 3_600_000 + 60_000);
    expect(quiet(next)).toEqual(["game_won 2 0", "series_score 2-0"]);
    expect(next.some((event) => "replayed" in event)).toBe(false);
  });
});

describe("a list that does not reach back far enough", () => {
  it("says nothing: its first game may be the second of the series", () => {
    const decoder = fresh();
    expect(play(decoder, [[entry(2, true), ...page(12).slice(1)]])).toEqual([]);
    expect(decoder.status(MATCH.matchId)?.covered).toBe(false);
    const older = [...page(2), entry(0, false)];
    const events = play(decoder, [older], 4 * 3_600_000 + 1_000);
    expect(events.every((event) => "replayed" in event)).toBe(true); // a moment later, and history all the same
    expect(quiet(events).slice(0, 3)).toEqual(["series_started", "game_won 1 1", "game_won 2 0"]);
  });

  it("counts anew after a gap", () => {
    const decoder = fresh();
    play(decoder, [page(-3), page(3)]);
    expect(decoder.status(MATCH.matchId)?.covered).toBe(true);
    play(decoder, [page(60)]);
    expect(decoder.status(MATCH.matchId)?.covered).toBe(false);
  });
});

describe("answers that cannot be read", () => {
  it("are quarantined, and one bad entry spoils nothing", () => {
    const decoder = fresh();
    expect(told(play(decoder, [{ error: "Not Found" }]))).toEqual(["frame_quarantined"]);
    expect(quiet(play(decoder, [[{ match_id: 1.5 }, null, entry(0, true)] as object]))).toEqual([
      "series_started",
      "game_won 1 0",
      "series_score 1-0",
      "frame_quarantined",
    ]);
  });

  it("count what nobody has heard of", () => {
    const decoder = fresh();
    play(decoder, [[entry(0, true, { mood: "good" })]]);
    expect([...decoder.stats.unknownFields.entries()]).toEqual([["mood", 1]]);
  });
});

const data = process.env["MATCHPOINT_DATA"] ?? resolve(import.meta.dirname, "../../../../../shared/data");
const folder = resolve(data, "dota2-opendota-fixtures");
const there = existsSync(folder);
if (!there) console.warn(`skipped: no recorded OpenDota data in ${data} (set MATCHPOINT_DATA)`);

describe.skipIf(!there)("recorded OpenDota data", () => {
  interface Raw {
    readonly match_id: number;
    readonly radiant_win?: boolean;
    readonly radiant_team_id?: number;
    readonly dire_team_id?: number;
    readonly leagueid: number;
    readonly start_time: number;
  }

  const texts = there
    ? readdirSync(folder)
        .filter((name) => /^opendota_match.*\.json\.gz$|_output\.json$|_parsed\.json$/.test(name))
        .map((name) => readFileSync(resolve(folder, name)))
        .map((bytes) => (bytes[0] === 0x1f ? gunzipSync(bytes) : bytes).toString("utf8"))
    : [];
  const follow = (raw: Raw, league = raw.leagueid): MatchDescription => ({
    ...MATCH,
    bestOf: 1,
    startsAt: (raw.start_time * 1000) as Millis,
    refs: {
      opendota: { match: `league:${league}`, teams: [`${raw.dire_team_id}`, `${raw.radiant_team_id}`] },
    },
  });

  it("of single games decode completely, each with the winner that it names", () => {
    const all = texts.flatMap((text): Raw[] => [JSON.parse(text) as Raw | Raw[]].flat());
    expect(all.length).toBe(10);
    let named = 0;
    for (const raw of all) {
      if (raw.radiant_team_id === undefined || raw.dire_team_id === undefined) {
        const decoder = fresh();
        expect(decode(decoder, raw)).toEqual([]);
        expect(decoder.stats).toMatchObject({ games: 1, foreign: 1, quarantined: 0 });
        continue;
      }
      named += 1;
      const decoder = fresh(follow(raw));
      // A list that is short is the list's end: it covers everything.
      const events = [...decode(decoder, [], stampAt(0)), ...decode(decoder, raw, stampAt(1_000))];
      // The match's teams are dire and radiant, in this order.
      expect(told(events)).toContain(`game_won 1 ${raw.radiant_win === true ? 1 : 0}`);
      expect(decoder.stats.quarantined).toBe(0);
    }
    expect(named).toBe(8);
  });

  it("of 1,962 professional games, as list entries, give each its winner", () => {
    const lines = readFileSync(resolve(folder, "pro_matches_flat_2025-10_2026-08.csv"), "utf8")
      .trim()
      .split("\n");
    const head = lines[0]!.split(",");
    const cells = (line: string): string[] =>
      [...line.matchAll(/("(?:[^"]|"")*"|[^,]*)(?:,|$)/g)].map(([, cell]) => cell!).slice(0, head.length);
    const at = (line: readonly string[], field: string): string => line[head.indexOf(field)] ?? "";
    const wins = [0, 0];
    for (const line of lines.slice(1).map(cells)) {
      const number = (field: string): number => Number(at(line, field));
      const startsAt = Date.parse(`${at(line, "start_time").replace(" ", "T")}Z`);
      const list = {
        match_id: number("match_id"),
        leagueid: number("league_id"),
        start_time: startsAt / 1000,
        duration: number("duration_secs"),
        radiant_win: at(line, "radiant_win") === "True",
        radiant_score: number("radiant_score"),
        dire_score: number("dire_score"),
        radiant_team_id: number("radiant_team_id"),
        dire_team_id: number("dire_team_id"),
      };
      const decoder = fresh(follow({ ...list, start_time: startsAt / 1000 }));
      const events = decode(decoder, [list]);
      const won = events.filter(isClaim).find(({ claim }) => claim.kind === "game_won")?.claim;
      expect(won, at(line, "match_id")).toEqual({
        kind: "game_won",
        game: 1,
        winner: list.radiant_win ? 1 : 0,
      });
      wins[list.radiant_win ? 1 : 0]! += 1;
    }
    expect(wins[0]! + wins[1]!).toBe(1_962);
    const counted = lines.slice(1).filter((line) => at(cells(line), "radiant_win") === "True").length;
    expect(wins[1]).toBe(counted);
  });
});
