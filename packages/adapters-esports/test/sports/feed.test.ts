import type { Feed, MatchDescription } from "@matchpoint/sdk";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createSportsFeed, createWsTransport, type SportsFeedOptions } from "../../src/index.ts";
import { FakeProvider } from "../server.ts";
import { FastClock, takeUntil, told } from "../support.ts";
import { frame, MATCH, over } from "./messages.ts";

let server: FakeProvider;
let clock: FastClock;
let abort: AbortController;

beforeEach(async () => {
  server = new FakeProvider();
  await server.listen();
  clock = new FastClock(200);
  abort = new AbortController();
});

afterEach(async () => {
  abort.abort();
  await server.close();
});

function feed(more: Partial<SportsFeedOptions> = {}): Feed {
  return createSportsFeed({
    transport: createWsTransport(),
    clock,
    socketUrl: `${server.socketUrl}/ws`,
    correctionWatchMs: 20_000,
    ...more,
  });
}

/** One consumer that can be asked in parts. */
function listen(one: Feed, matches: readonly MatchDescription[] = [MATCH]): ReturnType<Feed["events"]> {
  const iterator = one.events({ matches, signal: abort.signal })[Symbol.asyncIterator]();
  return { [Symbol.asyncIterator]: () => iterator };
}

const send = (...frames: readonly (object | string)[]): void => {
  for (const one of frames) server.last.socket.send(typeof one === "string" ? one : JSON.stringify(one));
};

const reasons = (seen: readonly object[]): string =>
  seen.map((each) => ("reason" in each ? String(each.reason) : "")).join("\n");

describe("the sports channel feed", () => {
  it("opens one socket for all matches, subscribes to nothing, and ends some time after the last end", async () => {
    const second: MatchDescription = {
      ...MATCH,
      matchId: "second" as MatchDescription["matchId"],
      refs: { polymarket_sports: { match: "7", teams: ["Wolves Esports", "Otters"] } },
    };
    server.onVisit = () => {
      send(frame("000-000|0-0|Bo3"), frame("000-000|1-0|Bo3", { gameId: 7 }));
      setTimeout(() => send(over("000-000|0-2|Bo3"), over("000-000|0-0|Bo3", { gameId: 7 })), 50);
    };
    const one = feed({ staleMs: 600_000 });
    const seen = await takeUntil(listen(one, [MATCH, second]), () => false);
    const of = (matchId: string): string[] =>
      told(seen.filter((each) => each.type === "match_claim" && each.matchId === matchId));
    expect(of(MATCH.matchId)).toEqual(["series_started", "series_score 2-0", "series_ended"]);
    expect(of("second")).toEqual(["series_started", "series_score 0-1", "series_ended"]);
    expect(server.visits).toHaveLength(1);
    expect(server.last.url.pathname).toBe("/ws");
    expect(server.last.received).toEqual([]);
    expect(one).toMatchObject({ id: "polymarket_sports", tier: "B", upstream: "pandascore" });
  });

  it("answers pings", async () => {
    server.onVisit = () => send("ping", frame("000-000|0-0|Bo3"), "ping");
    await takeUntil(listen(feed()), (all) => told(all).includes("series_started"));
    await expect.poll(() => server.last.received).toEqual(["pong", "pong"]);
  });

  it("answers no pong: a server that echoes would be answered for ever", async () => {
    server.onVisit = () => send("ping", frame("000-000|0-0|Bo3"));
    server.onMessage = (_, text) => send(text);
    await takeUntil(listen(feed()), (all) => told(all).includes("series_started"));
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(server.last.received).toEqual(["pong"]);
  });

  it("is stale when frames of a running match stop, and live when they come", async () => {
    const timer = setInterval(() => server.visits.length > 0 && send("ping"), 20);
    try {
      server.onVisit = () => send(frame("000-000|0-0|Bo3"));
      const events = listen(feed());
      const seen = await takeUntil(events, (all) => told(all).includes("health stale"));
      expect(reasons(seen)).toMatch(/no frame of the running match for \d+ s/);
      send(frame("000-000|0-0|Bo3"));
      await takeUntil(events, (all) => told(all).includes("health live"));
      expect(server.visits).toHaveLength(1);
    } finally {
      clearInterval(timer);
    }
  });

  it("connects again after a close and after silence, and says nothing twice", async () => {
    server.onVisit = (visit, count) => {
      send(frame("000-000|1-0|Bo3"));
      if (count === 1) visit.socket.terminate();
      if (count === 3) send(frame("000-000|1-1|Bo3"));
    };
    const seen = await takeUntil(listen(feed()), (all) => told(all).includes("series_score 1-1"));
    expect(told(seen).filter((each) => each === "series_score 0-1")).toHaveLength(1);
    expect(told(seen).filter((each) => each === "health down").length).toBeGreaterThanOrEqual(2);
    expect(reasons(seen)).toMatch(/closed with code 1006/);
    expect(reasons(seen)).toMatch(/no frame of any game for \d+ s/);
  });

  it("waits longer and longer for a server that refuses", async () => {
    const times: number[] = [];
    server.gate = () => {
      times.push(clock.wall());
      return times.length < 4 ? 503 : true;
    };
    server.onVisit = () => send(frame("000-000|0-0|Bo3"));
    const seen = await takeUntil(listen(feed()), (all) => told(all).includes("series_started"));
    expect(times[3]! - times[2]!).toBeGreaterThanOrEqual(4_000);
    expect(reasons(seen)).toContain("HTTP 503");
  });

  it("says why it follows neither of two matches with one id", async () => {
    const twin = { ...MATCH, matchId: "twin" as MatchDescription["matchId"] };
    const seen = await takeUntil(listen(feed(), [MATCH, twin]), () => false);
    expect(reasons(seen)).toContain('have the id "1616952" both');
    expect(server.attempts).toBe(0);
  });

  it("stops at the signal", async () => {
    server.onVisit = () => send(frame("000-000|0-0|Bo3"));
    await takeUntil(listen(feed()), (all) => told(all).includes("series_started"));
    abort.abort();
    await expect.poll(() => server.last.socket.readyState, { timeout: 4_000 }).toBe(3);
    const { attempts } = server;
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(server.attempts).toBe(attempts);
  });
});
