import type { Feed, MatchDescription, Millis } from "@matchpoint/sdk";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createOpendotaFeed, createWsTransport, type OpendotaFeedOptions } from "../../src/index.ts";
import { FakeProvider } from "../server.ts";
import { DOTA } from "../steam/messages.ts";
import { EPOCH, FastClock, takeUntil, told } from "../support.ts";
import { entry, idOf, page } from "./messages.ts";

const KEY = "k3y+secret/";
const MATCH: MatchDescription = { ...DOTA, startsAt: EPOCH as Millis };

let server: FakeProvider;
let clock: FastClock;
let abort: AbortController;
let list: readonly object[];

beforeEach(async () => {
  server = new FakeProvider();
  await server.listen();
  clock = new FastClock(200);
  abort = new AbortController();
  list = [];
  server.onRequest = () => ({ status: 200, body: list });
});

afterEach(async () => {
  abort.abort();
  await server.close();
});

function feed(more: Partial<OpendotaFeedOptions> = {}): Feed {
  const transport = createWsTransport();
  return createOpendotaFeed({
    transport,
    clock,
    httpUrl: server.httpUrl,
    correctionWatchMs: 90_000,
    timeoutMs: 600_000,
    ...more,
  });
}

/** One consumer that can be asked in parts. */
function listen(one: Feed, matches: readonly MatchDescription[] = [MATCH]): ReturnType<Feed["events"]> {
  const iterator = one.events({ matches, signal: abort.signal })[Symbol.asyncIterator]();
  return { [Symbol.asyncIterator]: () => iterator };
}

const reasons = (seen: readonly object[]): string =>
  seen.map((each) => ("reason" in each ? String(each.reason) : "")).join("\n");

describe("the OpenDota feed", () => {
  it("polls the list, asks for winners that it does not know, and ends some time after the last", async () => {
    list = [entry(0, null)];
    server.onRequest = (path) => {
      if (path.startsWith("/matches/")) {
        list = [entry(1, true), entry(0, null)];
        return { status: 200, body: entry(0, true) };
      }
      return { status: 200, body: list };
    };
    const one = feed({ apiKey: async () => ({ reveal: () => KEY }) });
    const seen = await takeUntil(listen(one), () => false);
    expect(told(seen).filter((each) => /won|score/.test(each) && !each.startsWith("progress"))).toEqual([
      "game_won 1 0",
      "series_score 1-0",
      "game_won 2 0",
      "series_score 2-0",
    ]);
    const paths = server.requests.map(({ path }) => path.replace(/\?.*/, ""));
    expect(paths.slice(0, 3)).toEqual(["/proMatches", `/matches/${idOf(0)}`, "/proMatches"]);
    expect(server.requests[0]!.path).toContain(`api_key=${encodeURIComponent(KEY)}`);
    expect(JSON.stringify(seen)).not.toContain("k3y");
    expect(one).toMatchObject({ id: "opendota", tier: "B", upstream: "valve" });
  });

  it("looks back page by page before it numbers a game", async () => {
    server.onRequest = (path) => {
      const less = new URL(path, "http://x").searchParams.get("less_than_match_id");
      if (less === null) return { status: 200, body: [entry(11, true), ...page(10.8).slice(1)] };
      if (Number(less) > 8_930_000_000)
        return { status: 200, body: [...page(0.7).slice(1), entry(-0.1, false)] };
      return { status: 200, body: page(-9.5) };
    };
    const seen = await takeUntil(listen(feed()), (all) => told(all).includes("series_score 1-1"));
    expect(told(seen).filter((each) => each.startsWith("game_won"))).toEqual([
      "game_won 1 1",
      "game_won 2 0",
    ]);
    expect(told(seen).filter((each) => each.startsWith("retracted"))).toEqual([]);
  });

  it("keeps within the requests of a minute", async () => {
    const times: number[] = [];
    server.onRequest = (path) => {
      times.push(clock.wall());
      if (path.startsWith("/matches/")) return { status: 200, body: entry(0, null) };
      return { status: 200, body: [entry(0, null)] };
    };
    void takeUntil(listen(feed({ pollMs: 1_000, perMinute: 4 })), () => false).catch(() => undefined);
    await expect.poll(() => times.length, { timeout: 5_000 }).toBeGreaterThan(9);
    for (let i = 4; i < times.length; i++) expect(times[i]! - times[i - 4]!).toBeGreaterThan(40_000);
  });

  it("waits when it is told to, is down after failures, and comes back", async () => {
    const times: number[] = [];
    server.onRequest = () => {
      times.push(clock.wall());
      if (times.length === 1) return { status: 429 };
      if (times.length < 5) return { status: 500 };
      return { status: 200, body: [entry(0, true)] };
    };
    const seen = await takeUntil(listen(feed({ pollMs: 20_000 })), (all) =>
      told(all).includes("game_won 1 0"),
    );
    expect(times[1]! - times[0]!).toBeGreaterThanOrEqual(45_000); // the first may have arrived late
    expect(told(seen)).toContain("health down");
    expect(reasons(seen)).toMatch(/HTTP (429|500)/);
  });

  it("quarantines what is no answer, and says which reference it cannot follow", async () => {
    let polls = 0;
    server.onRequest = () => ({ status: 200, body: (polls += 1) === 1 ? "<html>" : [entry(0, true)] });
    const bad: MatchDescription = {
      ...MATCH,
      matchId: "bad" as MatchDescription["matchId"],
      refs: { opendota: { match: "series", teams: ["1", "2"] } },
    };
    const seen = await takeUntil(listen(feed(), [MATCH, bad]), (all) => told(all).includes("game_won 1 0"));
    expect(told(seen)).toContain("frame_quarantined");
    expect(reasons(seen)).toContain("write league:<league id>");
  });
});
