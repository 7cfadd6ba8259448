import type { Feed, MatchDescription } from "@matchpoint/sdk";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createSteamFeed, createWsTransport, type SteamFeedOptions } from "../../src/index.ts";
import { FakeProvider, type Answer } from "../server.ts";
import { FastClock, takeUntil, told } from "../support.ts";
import { answer, DOTA, game, result } from "./messages.ts";

const KEY = "k3y+secret/";
const FACTOR = 400;
const G1 = 8_930_000_001;
const G2 = 8_930_000_002;

let server: FakeProvider;
let clock: FastClock;
let abort: AbortController;
let list: Answer;
let results: Record<number, boolean>;

const listed = (...games: readonly object[]): Answer => ({ status: 200, body: answer(...games) });

beforeEach(async () => {
  server = new FakeProvider();
  await server.listen();
  clock = new FastClock(FACTOR);
  abort = new AbortController();
  list = listed();
  results = {};
  server.onRequest = (path) => {
    const asked = /^\/api\/matches\/(\d+)$/.exec(path)?.[1];
    if (asked === undefined) return list;
    const won = results[Number(asked)];
    return won === undefined ? { status: 404 } : { status: 200, body: result(Number(asked), won) };
  };
});

afterEach(async () => {
  abort.abort();
  await server.close();
});

function feed(more: Partial<SteamFeedOptions> = {}): Feed {
  return createSteamFeed({
    transport: createWsTransport(),
    clock,
    apiKey: async () => ({ reveal: () => KEY }),
    httpUrl: server.httpUrl,
    resultsUrl: `${server.httpUrl}/api`,
    correctionWatchMs: 20_000,
    timeoutMs: 1_200_000,
    // A poll takes milliseconds of real time, which are seconds of this clock.
    freshWithinMs: 120_000,
    ...more,
  });
}

/** One consumer that can be asked in parts. */
function listen(one: Feed, matches: readonly MatchDescription[] = [DOTA]): ReturnType<Feed["events"]> {
  const iterator = one.events({ matches, signal: abort.signal })[Symbol.asyncIterator]();
  return { [Symbol.asyncIterator]: () => iterator };
}

const reasons = (seen: readonly object[]): string =>
  seen.map((each) => ("reason" in each ? String(each.reason) : "")).join("\n");

const polls = (): number => server.requests.filter(({ path }) => path.includes("GetLiveLeagueGames")).length;

describe("the Steam feed", () => {
  it("polls once for all matches, asks OpenDota for results, and ends some time after the last", async () => {
    let seconds = 0;
    const plain = server.onRequest;
    server.onRequest = (path, body) => {
      if (path.includes("GetLive") && polls() < 4) list = listed(game({ id: G1, seconds: (seconds += 10) }));
      else if (path.includes("GetLive") && polls() < 8) list = listed();
      else if (path.includes("GetLive") && polls() < 12)
        list = listed(game({ id: G2, wins: [1, 0], seconds: (seconds += 10) }));
      else if (path.includes("GetLive")) {
        list = listed();
        results[G2] = true;
      }
      return plain(path, body);
    };
    const one = feed({ staleMs: 600_000 });
    const seen = await takeUntil(listen(one), () => false);
    expect(told(seen).filter((each) => !/health|progress/.test(each))).toEqual([
      "series_started",
      `game_started 1 ${G1}`,
      "game_won 1 0",
      `game_started 2 ${G2}`,
      "series_score 1-0",
      "game_won 2 0",
      "series_score 2-0",
    ]);
    expect(server.requests[0]!.path).toBe(
      `/IDOTA2Match_570/GetLiveLeagueGames/v1/?key=${encodeURIComponent(KEY)}`,
    );
    expect(reasons(seen)).toContain(`game ${G2} has left the list`);
    expect(JSON.stringify(seen)).not.toContain("k3y");
    expect(one).toMatchObject({ id: "steam", tier: "B", upstream: "valve" });
  });

  it("asks nobody when it is told so, and stays stale rather than guess", async () => {
    list = listed(game({ id: G1, kills: [50, 1], seconds: 3_000 }));
    const events = listen(feed({ resultsUrl: false }));
    await takeUntil(events, (all) => told(all).includes("progress 1 50-1"));
    list = listed();
    const seen = await takeUntil(events, (all) => told(all).includes("health stale"));
    expect(told(seen).some((each) => /won|ended/.test(each))).toBe(false);
    expect(server.requests.some(({ path }) => path.includes("matches"))).toBe(false);
  });

  it("says that a clock stands still, and that it moves again", async () => {
    list = listed(game({ id: G1, seconds: 100 }));
    const events = listen(feed());
    const still = await takeUntil(events, (all) => told(all).includes("health stale"));
    expect(reasons(still)).toMatch(/the clock of game \d+ stands still for \d+ s/);
    list = listed(game({ id: G1, seconds: 101 }));
    await takeUntil(events, (all) => told(all).includes("health live"));
  });

  it("leaves a server alone that says 429 or 403", async () => {
    // Requests may arrive late, by some seconds of this clock.
    const times: number[] = [];
    server.onRequest = () => {
      times.push(clock.wall());
      if (times.length === 1) return { status: 429, headers: { "retry-after": "90" } };
      if (times.length === 2) return { status: 403 };
      return listed();
    };
    const seen = await takeUntil(listen(feed({ staleMs: 30_000 })), (all) =>
      told(all).includes("health live"),
    );
    expect(times[1]! - times[0]!).toBeGreaterThanOrEqual(70_000);
    expect(times[2]! - times[1]!).toBeGreaterThanOrEqual(560_000);
    expect(reasons(seen)).toMatch(/HTTP 429|HTTP 403/);
    expect(told(seen)).toContain("health down");
  });

  it("is down after three failures, which include answers that cannot be read, and counts no game as gone", async () => {
    list = listed(game({ id: G1 }));
    const events = listen(feed({ staleMs: 3_600_000 }));
    await takeUntil(events, (all) => told(all).includes("health live"));
    list = { status: 200, body: "<html>maintenance</html>" };
    const seen = await takeUntil(events, (all) => told(all).includes("health down"));
    expect(told(seen).filter((each) => each === "frame_quarantined").length).toBeGreaterThanOrEqual(3);
    list = { status: 500 };
    await expect.poll(polls).toBeGreaterThan(6);
    list = listed(game({ id: G1, seconds: 700, kills: [1, 0] }));
    const after = await takeUntil(events, (all) => told(all).includes("health live"));
    expect(told(after)).toContain("progress 1 1-0");
    expect(server.requests.some(({ path }) => path.includes("matches"))).toBe(false);
  });

  it("ends when the key is refused", async () => {
    list = { status: 401 };
    const seen = await takeUntil(listen(feed()), () => false);
    expect(seen.at(-1)).toMatchObject({ health: "down" });
    expect(reasons(seen)).toContain("refused the key");
  });

  it("says which references it cannot follow, and follows the others", async () => {
    const match = (id: string, ref: string, teams: [string, string]): MatchDescription => ({
      ...DOTA,
      matchId: id as MatchDescription["matchId"],
      refs: { steam: { match: ref, teams } },
    });
    list = listed(game({ id: G1 }));
    const matches = [
      DOTA,
      match("bad", "series 5", ["1", "2"]),
      match("a", "18000", ["3", "4"]),
      match("b", "18000", ["4", "3"]),
    ];
    const seen = await takeUntil(listen(feed(), matches), (all) => told(all).includes("series_started"));
    expect(reasons(seen)).toMatch(/write league:<league id>/);
    expect(reasons(seen)).toMatch(/matches a and b have one pair of teams in one league/);
    expect(polls()).toBe(1);
  });

  it("stops at the signal", async () => {
    await takeUntil(listen(feed()), (all) => told(all).includes("health live"));
    abort.abort();
    await new Promise((resolve) => setTimeout(resolve, 60));
    const { length } = server.requests;
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(server.requests).toHaveLength(length);
  });
});
