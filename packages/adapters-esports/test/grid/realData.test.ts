import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { CoreEvent, MatchDescription, Millis, Nanos } from "@matchpoint/sdk";
import { describe, expect, it } from "vitest";
import { createGridDecoder, createGridStateDecoder, GRID_TRANSACTION } from "../../src/index.ts";
import { bytesOf, decode, isClaim, stampAt, told } from "../support.ts";

const data = process.env["MATCHPOINT_DATA"] ?? resolve(import.meta.dirname, "../../../../../shared/data");
const transactions = resolve(data, "grid-series-events-csgo-sample/events_2578928_first50.jsonl");
const states = resolve(data, "grid-series-state-valorant");
const there = existsSync(transactions) && existsSync(states);
if (!there) console.warn(`skipped: no recorded GRID data in ${data} (set MATCHPOINT_DATA)`);

const MATCH: MatchDescription = {
  matchId: "forze-ecstatic" as MatchDescription["matchId"],
  title: "cs2",
  teams: [{ name: "forZe" }, { name: "ECSTATIC" }],
  bestOf: 3,
  refs: { grid: { match: "2578928", teams: ["47336", "3128"] } },
};

const lines = (path: string): string[] =>
  readFileSync(path, "utf8")
    .split("\n")
    .filter((line) => line !== "");

describe.skipIf(!there)("50 recorded transactions of GRID Series Events", () => {
  /** Receives each transaction 200 ms after it occurred. */
  function replay(frames: readonly string[]): {
    events: CoreEvent[];
    perFrame: number[];
    decoder: ReturnType<typeof createGridDecoder>;
  } {
    const decoder = createGridDecoder({ matches: [MATCH] });
    const perFrame: number[] = [];
    const first = Date.parse((JSON.parse(frames[0]!) as { occurredAt: string }).occurredAt);
    const events = frames.flatMap((frame) => {
      const at = Date.parse((JSON.parse(frame) as { occurredAt: string }).occurredAt);
      const stamp = { at: ((at - first) * 1e6) as Nanos, receivedAt: (at + 200) as Millis };
      const found = decode(decoder, frame, stamp);
      perFrame.push(found.length);
      return found;
    });
    return { events, perFrame, decoder };
  }

  it("decode with the claims that counting in the raw file gives", () => {
    const frames = lines(transactions);
    const { events, decoder } = replay(frames);
    expect(decoder.stats).toMatchObject({
      transactions: 50,
      duplicates: 0,
      gaps: 0,
      foreign: 0,
      quarantined: 0,
    });
    expect(decoder.stats.unknownEvents.total).toBe(0);
    expect([...decoder.stats.unknownFields.entries()]).toEqual([]);

    // Counted without the decoder: by the words of each event, whose inverses carry "!".
    const types = frames.flatMap((frame) =>
      (JSON.parse(frame) as { events: { type: string }[] }).events.map(({ type }) => type),
    );
    const count = (type: string): number => types.filter((each) => each === type).length;
    const kinds = events.filter(isClaim).map(({ claim }) => claim.kind);
    const claimed = (kind: string): number => kinds.filter((each) => each === kind).length;
    expect(types).toHaveLength(57);
    expect(claimed("series_started")).toBe(count("tournament-started-series"));
    expect(claimed("game_started")).toBe(count("series-started-game"));
    expect(claimed("retracted")).toBe(count("series-!started-game"));
    expect(claimed("source_invalid")).toBe(count("grid-invalidated-series"));
    expect(claimed("source_valid")).toBe(count("grid-validated-series"));
    expect([count("series-started-game"), count("series-!started-game"), count("team-won-round")]).toEqual([
      2, 1, 0,
    ]);
    expect(
      claimed("game_won") + claimed("series_won") + claimed("game_ended") + claimed("series_ended"),
    ).toBe(0);
    expect(events.every((event) => event.type === "match_claim" && event.replayed === undefined)).toBe(true);
    expect(events.every((event) => event.publishedAt === undefined)).toBe(true); // 1970 in file exports
  });

  it("tell the real invalidation: invalid, taken back, valid, and the game under its new id", () => {
    const { events } = replay(lines(transactions));
    const [old, fresh] = ["c9bee8ac-7c73-4f17-ad71-dbe2ced66432", "5061e2fb-b880-4705-9466-dd3d25d55a03"];
    expect(told(events).filter((each) => !each.startsWith("progress"))).toEqual([
      "series_started",
      `game_started 1 ${old}`,
      "source_invalid",
      "retracted 1 rollback",
      "source_valid",
      `game_started 1 ${fresh}`,
    ]);
    const refs = events
      .filter(isClaim)
      .flatMap(({ ref, claim }) => (claim.kind === "game_progress" ? [] : [ref]));
    expect(refs).toEqual(["2", "3", "6", "9", "10", "11"]);
  });

  it("say nothing for the 36 purchases, drops and pick-ups, save that the game goes on", () => {
    const frames = lines(transactions);
    const items = frames.map((frame) =>
      (JSON.parse(frame) as { events: { type: string }[] }).events.every(({ type }) => /-item$/.test(type)),
    );
    expect(items.filter(Boolean)).toHaveLength(36);
    const { perFrame, events } = replay(frames);
    const said = perFrame.filter((_, index) => items[index]).reduce((sum, each) => sum + each, 0);
    expect(said).toBe(1);
    expect(told(events).at(-1)).toBe("progress 1 0-0 r1");
  });

  it("tell the same story from their deltas alone", () => {
    const bare = lines(transactions).map((frame) => {
      const json = JSON.parse(frame) as { events: Record<string, unknown>[] };
      const events = json.events.map(({ actor, target, ...event }) => ({
        ...event,
        seriesState: undefined,
        actor: { ...(actor as object), state: undefined },
        target: { ...(target as object), state: undefined },
      }));
      return JSON.stringify({ ...json, events });
    });
    const steps = (frames: readonly string[]): string[] =>
      told(replay(frames).events).filter((each) => !each.startsWith("progress"));
    expect(steps(bare)).toEqual(steps(lines(transactions)));
  });

  it("fit the schema", () => {
    for (const frame of lines(transactions))
      expect(GRID_TRANSACTION.safeParse(JSON.parse(frame)).error).toBeUndefined();
  });

  it("come out the same when they are swapped, doubled and broken on the way", () => {
    const frames = lines(transactions);
    const order = frames.flatMap((frame, index) =>
      index % 2 === 0 ? [frames[index + 1] ?? "", "{broken", frame, frame] : [],
    );
    const decoder = createGridDecoder({ matches: [MATCH] });
    const events = order
      .filter((frame) => frame !== "")
      .flatMap((frame) => decode(decoder, frame, stampAt(0)));
    const clean = told(replay(frames).events);
    clean.splice(clean.lastIndexOf("progress 1 0-0 r1"), 1); // said again only because ten seconds had passed
    expect(told(events).filter((each) => !/health|quarantined/.test(each))).toEqual(clean);
    expect(decoder.stats).toMatchObject({ transactions: 50, quarantined: 25 });
  });
});

describe.skipIf(!there)("recorded GRID series states", () => {
  interface State {
    readonly id?: string;
    readonly valid: boolean;
    readonly finished: boolean;
    readonly teams: { readonly id: string; readonly won: boolean; readonly score: number }[];
    readonly games?: {
      readonly teams: { readonly id: string; readonly won: boolean; readonly score: number }[];
    }[];
  }

  function claimsOf(state: State): string[] {
    const teams = state.teams.map((team) => team.id);
    const match = {
      ...MATCH,
      title: "valorant" as const,
      refs: { grid: { match: state.id!, teams: [teams[0]!, teams[1]!] as const } },
    };
    const decoder = createGridStateDecoder({ matches: [match] });
    return told(decode(decoder, new TextDecoder().decode(bytesOf({ data: { seriesState: state } }))));
  }

  it("settle the finished and valid ones, and none that is finished but not valid", () => {
    const all = lines(resolve(states, "series_summary.jsonl")).map((line) => JSON.parse(line) as State);
    const invalid = all.filter((state) => !state.valid);
    expect(all.length).toBeGreaterThan(100);
    expect(invalid.length).toBeGreaterThan(0);
    for (const state of all) {
      const winner = state.teams.findIndex((team) => team.won);
      const claims = claimsOf(state);
      if (state.valid)
        expect(claims.filter((each) => each.startsWith("series_won"))).toEqual([`series_won ${winner}`]);
      else expect(claims).toEqual(["source_invalid"]);
    }
  });

  it("give every map its winner and its score", () => {
    const paths = ["series_with_games.jsonl", "series_2653988_full_rounds.jsonl"];
    const all = paths
      .flatMap((path) => lines(resolve(states, path)))
      .map((line) => JSON.parse(line) as State);
    let maps = 0;
    for (const state of all) {
      const claims = claimsOf(state);
      state.games?.forEach((game, index) => {
        const order = state.teams.map((team) => game.teams.find((each) => each.id === team.id)!);
        const winner = order.findIndex((team) => team.won);
        maps += 1;
        expect(claims).toContain(`game_won ${index + 1} ${winner}`);
        expect(
          claims.some((each) =>
            each.startsWith(`progress ${index + 1} ${order[0]!.score}-${order[1]!.score}`),
          ),
        ).toBe(true);
      });
    }
    expect(maps).toBeGreaterThan(20);
  });
});
