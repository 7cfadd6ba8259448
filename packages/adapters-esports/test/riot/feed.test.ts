import type { CoreEvent, Feed, GameProgress, MatchDescription } from "@matchpoint/sdk";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  createRiotFeed,
  createWsTransport,
  discoverRiotMatches,
  type RiotFeedOptions,
} from "../../src/index.ts";
import { FakeProvider } from "../server.ts";
import { FastClock, isClaim, takeUntil, told } from "../support.ts";
import {
  details,
  gameId,
  listedGame,
  listing,
  MATCH_ID,
  OTTERS,
  RIFT,
  schedule,
  WOLVES,
} from "./messages.ts";
import { RiotWorld } from "./world.ts";

const KEY = "k3y+secret/";
const FACTOR = 240;
const G1 = gameId(1);

let server: FakeProvider;
let clock: FastClock;
let world: RiotWorld;
let abort: AbortController;

const playing = (one: string, two: string): object =>
  details([0, 0], [listedGame(1, one), listedGame(2, two)]);

beforeEach(async () => {
  server = new FakeProvider();
  await server.listen();
  clock = new FastClock(FACTOR);
  world = new RiotWorld(server, clock);
  world.event = playing("unstarted", "unstarted");
  abort = new AbortController();
});

afterEach(async () => {
  abort.abort();
  await server.close();
});

function feed(more: Partial<RiotFeedOptions> = {}): Feed {
  return createRiotFeed({
    transport: createWsTransport(),
    clock,
    apiKey: async () => ({ reveal: () => KEY }),
    gatewayUrl: server.httpUrl,
    livestatsUrl: server.httpUrl,
    correctionWatchMs: 60_000,
    timeoutMs: 60_000, // a quarter of a second
    ...more,
  });
}

function listen(one: Feed, matches: readonly MatchDescription[] = [RIFT]): AsyncIterable<CoreEvent> {
  const iterator = one.events({ matches, signal: abort.signal })[Symbol.asyncIterator]();
  return { [Symbol.asyncIterator]: () => iterator };
}

const now = (): number => clock.monotonic() / 1e6;

const progressOf = (seen: readonly CoreEvent[], game = 1): GameProgress[] =>
  seen.flatMap((event) =>
    isClaim(event) && event.claim.kind === "game_progress" && event.claim.game === game
      ? [event.claim.progress]
      : [],
  );

const reasons = (seen: readonly object[]): string =>
  seen.map((each) => ("reason" in each ? String(each.reason) : "")).join("\n");

const paths = (): string[] => server.requests.map(({ path }) => path);

describe("the Riot feed", () => {
  it("follows a match from before its start to its end, and ends some time after it", async () => {
    const start = now() + 60_000;
    world.games = [{ id: G1, startMs: start, endMs: start + 120_000 }];
    const events = listen(feed());
    const seen = await takeUntil(events, (all) => told(all).includes("game_ended 1"));
    expect(told(seen)).toContain(`game_started 1 ${G1}`); // the gateway never said so
    expect(told(seen)).not.toContain("game_won 1 0");
    const clocks = progressOf(seen).map(({ clockMs }) => clockMs ?? 0);
    expect(Math.max(...clocks)).toBeGreaterThan(90_000);
    expect(Math.max(...clocks)).toBeLessThanOrEqual(120_000);
    world.event = details([1, 0], [listedGame(1, "completed"), listedGame(2, "unstarted")]);
    await takeUntil(events, (all) => told(all).includes("game_won 1 0"));
    world.event = details([1, 0], [listedGame(1, "completed"), listedGame(2, "inProgress")]);
    await takeUntil(events, (all) => told(all).includes(`game_started 2 ${gameId(2)}`));
    world.event = details([2, 0], [listedGame(1, "completed"), listedGame(2, "completed")]);
    const rest = await takeUntil(events, () => false);
    expect(told(rest)).toContain("series_won 0");
    expect(
      seen
        .concat(rest)
        .filter(isClaim)
        .every(({ source, tier }) => source === "riot_gateway" && tier === "B"),
    ).toBe(true);
  });

  it("asks for whole tens of seconds, steps back when refused, and sees each moment once", async () => {
    world.event = playing("inProgress", "unstarted");
    world.games = [{ id: G1, startMs: now() - 45_000 }];
    const seen = await takeUntil(listen(feed()), (all) => progressOf(all).length >= 8);
    const asked = paths().flatMap((path) => /startingTime=(.*)Z/.exec(path)?.[1] ?? []);
    expect(asked.length).toBeGreaterThan(3);
    expect(asked.every((text) => text.endsWith("0"))).toBe(true);
    expect(world.refused.length).toBeLessThan(6);
    const gold = progressOf(seen).map((progress) => progress.gold?.[1] ?? 0);
    expect(gold).toEqual([...gold].sort((a, b) => a - b));
    expect(told(seen).filter((each) => each === "health stale")).toEqual([]);
    expect(paths().some((path) => path.includes("/details/"))).toBe(false); // windows have all that is claimed
  });

  it("shows the present at once when it comes late, and the clock when it has read what it missed", async () => {
    const start = now() - 600_000;
    world.event = playing("inProgress", "unstarted");
    world.games = [{ id: G1, startMs: start, pauses: [[start + 200_000, start + 320_000]] }];
    const seen = await takeUntil(listen(feed()), (all) => (progressOf(all).at(-1)?.clockMs ?? 0) > 300_000);
    const shown = progressOf(seen);
    expect(shown.findIndex((one) => one.gold![1] > 15_000)).toBeLessThan(shown.length - 1);
    expect(shown.slice(1, -1).some((one) => one.clockMs === undefined)).toBe(true);
    const last = shown.at(-1)!;
    const played = ((last.gold![1] - 2_500) / 30) * 1_000;
    expect(Math.abs(played - 120_000 - last.clockMs!)).toBeLessThan(15_000);
  });

  it("says so when a running game is silent, and when it is heard again", async () => {
    world.event = playing("inProgress", "unstarted");
    const start = now() - 50_000;
    world.games = [{ id: G1, startMs: start, deadMs: start + 40_000 }];
    const events = listen(feed());
    const seen = await takeUntil(events, (all) => told(all).includes("health stale"));
    expect(reasons(seen)).toMatch(/no new frame for \d+ s/);
    world.games = [{ id: G1, startMs: start }];
    const again = await takeUntil(events, (all) => told(all).includes("health live"));
    expect(progressOf(again)[0]?.gold).toBeDefined();
  });

  it("says so when nobody answers any more, and asks again", async () => {
    world.event = playing("inProgress", "unstarted");
    world.games = [{ id: G1, startMs: now() - 50_000 }];
    const events = listen(feed());
    await takeUntil(events, (all) => progressOf(all).length > 1);
    world.override = () => ({ status: 200, hangs: true });
    const silent = await takeUntil(events, (all) => told(all).includes("health stale"));
    expect(reasons(silent)).toMatch(/no (new frame|answer)/);
    const { length } = paths();
    await expect.poll(() => paths().length).toBeGreaterThan(length + 2);
    world.override = undefined;
    await takeUntil(events, (all) => told(all).includes("health live") && progressOf(all).length > 0);
  });

  it("calls a game that is in progress for long without any statistics stale", async () => {
    clock = new FastClock(FACTOR * 4);
    world = new RiotWorld(server, clock);
    world.event = playing("inProgress", "unstarted");
    const seen = await takeUntil(listen(feed({ pollMs: 60_000 })), (all) =>
      told(all).includes("health stale"),
    );
    expect(told(seen)).toContain("game_started 1 " + G1);
  });

  it("goes on to the replayed game under a new id, and leaves the old one", async () => {
    const start = now() - 50_000;
    world.event = playing("inProgress", "unstarted");
    world.games = [
      { id: G1, startMs: start },
      { id: "999", startMs: start + 100_000 },
    ];
    const events = listen(feed());
    await takeUntil(events, (all) => progressOf(all).length > 1);
    world.event = details(
      [0, 0],
      [listedGame(1, "completed"), listedGame(1, "inProgress", "999"), listedGame(2, "unstarted")],
    );
    const seen = await takeUntil(events, (all) => {
      const back = told(all).indexOf("retracted 1 remake");
      return (
        back >= 0 &&
        told(all)
          .slice(back)
          .some((each) => each.startsWith("progress 1"))
      );
    });
    expect(told(seen)).toContain("game_started 1 999");
    const { length } = paths();
    await expect.poll(() => paths().length).toBeGreaterThan(length + 5);
    expect(
      paths()
        .slice(length + 1)
        .some((path) => path.includes(G1)),
    ).toBe(false);
  });

  it("recovers from an outage, and says how it is meanwhile", async () => {
    world.event = playing("inProgress", "unstarted");
    world.games = [{ id: G1, startMs: now() - 50_000 }];
    const events = listen(feed());
    await takeUntil(events, (all) => progressOf(all).length > 1);
    world.override = () => ({ status: 503 });
    await takeUntil(events, (all) => told(all).includes("health down"));
    world.override = undefined;
    const seen = await takeUntil(
      events,
      (all) => told(all).includes("health live") && progressOf(all).length > 1,
    );
    expect(told(seen).filter((each) => each.startsWith("retracted"))).toEqual([]);
  });

  it("waits as long as it is told when there are too many requests", async () => {
    world.override = () => ({ status: 429, headers: { "retry-after": "120" } });
    const events = listen(feed());
    setTimeout(() => (world.override = undefined), 300);
    await takeUntil(events, (all) => told(all).includes("health live"));
    expect(paths().filter((path) => path.includes("getEventDetails")).length).toBeLessThanOrEqual(2);
  });

  it("ends a match that the gateway does not know, or whose key it refuses, without showing the key", async () => {
    world.override = () => ({ status: 404 });
    expect(reasons(await takeUntil(listen(feed()), () => false))).toContain(`knows no match ${MATCH_ID}`);
    world.override = () => ({ status: 403, body: { message: KEY } });
    const seen = await takeUntil(listen(feed()), () => false);
    expect(reasons(seen)).toContain("refused the key");
    expect(JSON.stringify(seen)).not.toContain(KEY);
    expect(server.requests.every(({ path }) => !path.includes("k3y"))).toBe(true);
    expect(server.requests[0]?.headers["x-api-key"]).toBe(KEY);
  });

  it("quarantines what is no answer, and goes on", async () => {
    let asked = 0;
    world.override = (path) =>
      path.includes("getEventDetails") && (asked += 1) === 1 ? { status: 200, body: "<html>" } : undefined;
    const seen = await takeUntil(listen(feed()), (all) => told(all).includes("health live"));
    expect(told(seen)).toContain("frame_quarantined");
  });

  it("stops at the signal", async () => {
    world.event = playing("inProgress", "unstarted");
    world.games = [{ id: G1, startMs: now() - 50_000 }];
    await takeUntil(listen(feed()), (all) => progressOf(all).length > 1);
    abort.abort();
    await new Promise((resolve) => setTimeout(resolve, 100));
    const { length } = server.requests;
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect(server.requests).toHaveLength(length);
  });

  it("asks for the details feed when told to", async () => {
    world.event = playing("inProgress", "unstarted");
    world.games = [{ id: G1, startMs: now() - 50_000 }];
    await takeUntil(listen(feed({ details: true })), () =>
      paths().some((path) => path.includes(`/details/${G1}?`)),
    );
  });

  it("runs as a licensed relay under another id", async () => {
    const one = feed({ source: "official" });
    expect(one).toMatchObject({ id: "official", tier: "B", upstream: "riot" });
    const seen = await takeUntil(listen(one), () => false); // no refs.official: never the gateway's
    expect(reasons(seen)).toContain("has no refs.official");
  });
});

describe("discovery", () => {
  const options = (): Parameters<typeof discoverRiotMatches>[0] => ({
    transport: createWsTransport(),
    apiKey: async () => ({ reveal: () => KEY }),
    gatewayUrl: server.httpUrl,
  });

  it("lists what is scheduled and live once, with ids, without shows", async () => {
    world.event = details([0, 0], []);
    const show = { type: "show", state: "inProgress", startTime: "2026-05-01T09:00:00Z" };
    world.schedule = schedule([listing("11"), listing(MATCH_ID), show, { type: "match" }]);
    const live = { ...listing(MATCH_ID), state: "inProgress" };
    world.live = schedule([live, listing("12")]);
    const { matches, skipped } = await discoverRiotMatches(options());
    expect(matches.map(({ id }) => id)).toEqual(["11", MATCH_ID, "12"]);
    expect(skipped).toBe(1);
    expect(matches[1]).toEqual({
      id: MATCH_ID,
      league: { name: "LCK", slug: "lck" },
      startsAt: Date.UTC(2026, 4, 1, 10),
      state: "inProgress",
      bestOf: 3,
      teams: [
        { id: OTTERS, name: "Sea Otters", code: "OTT" },
        { id: WOLVES, name: "Wolves", code: "WLV" },
      ],
    });
    const bare = await discoverRiotMatches({ ...options(), teamIds: false, leagueId: "98767991310872058" });
    expect(bare.matches.map(({ id }) => id)).toEqual(["11", MATCH_ID]);
    expect(bare.matches[0]?.teams[0]).toEqual({ id: undefined, name: "Wolves", code: "WLV" });
    expect(paths().some((path) => path.includes("getSchedule?hl=en-US&leagueId=98767991310872058"))).toBe(
      true,
    );
  });

  it("follows the schedule to its later pages, and not for ever", async () => {
    const asked: (string | null)[] = [];
    world.live = schedule([]);
    world.override = (path) => {
      if (!path.includes("getSchedule")) return undefined;
      const token = new URL(path, "http://riot").searchParams.get("pageToken");
      asked.push(token);
      const next = String(asked.length);
      const { data } = schedule([listing(next)]) as { data: { schedule: object } };
      return { status: 200, body: { data: { schedule: { ...data.schedule, pages: { newer: next } } } } };
    };
    const { matches } = await discoverRiotMatches({ ...options(), teamIds: false });
    expect(asked).toEqual([null, "1", "2"]);
    expect(matches.map(({ id }) => id)).toEqual(["1", "2", "3"]);
    asked.length = 0;
    await discoverRiotMatches({ ...options(), teamIds: false, laterPages: 0 });
    expect(asked).toEqual([null]);
  });

  it("fails with what to do, and without the key", async () => {
    world.override = () => ({ status: 403 });
    await expect(discoverRiotMatches(options())).rejects.toMatchObject({ code: "FEED_UNAUTHORIZED" });
    world.override = () => ({ status: 500 });
    await expect(discoverRiotMatches(options())).rejects.toMatchObject({ code: "HTTP_FAILED" });
    world.override = () => ({ status: 200, body: "<html>" });
    await expect(discoverRiotMatches(options())).rejects.toMatchObject({ code: "HTTP_RESPONSE_INVALID" });
    world.override = () => ({ status: 200, body: { data: null } });
    await expect(discoverRiotMatches(options())).rejects.toMatchObject({ code: "HTTP_RESPONSE_INVALID" });
  });
});
