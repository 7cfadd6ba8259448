import type { Feed, MatchDescription } from "@matchpoint/sdk";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createPandascoreFeed, createWsTransport, type PandascoreFeedOptions } from "../../src/index.ts";
import { FakeProvider, type Visit } from "../server.ts";
import { CS, FastClock, isClaim, takeUntil, told } from "../support.ts";
import { csFrame, game, hello, match, results, roundEvent } from "./messages.ts";

const TOKEN = "t0ken+secret/";
const FACTOR = 60;

let server: FakeProvider;
let clock: FastClock;
let abort: AbortController;
let status: object;

const running = match("running", [game(1, "running"), game(2, "not_started")]);
const finished = match("finished", [game(1, "finished", 1), game(2, "finished", 1)], {
  ...results(2, 0),
  winner_id: 1,
});

beforeEach(async () => {
  server = new FakeProvider();
  await server.listen();
  clock = new FastClock(FACTOR);
  abort = new AbortController();
  status = running;
  server.onRequest = () => ({ status: 200, body: status });
});

afterEach(async () => {
  abort.abort();
  await server.close();
});

function feed(more: Partial<PandascoreFeedOptions> = {}): Feed {
  return createPandascoreFeed({
    transport: createWsTransport(),
    clock,
    apiToken: async () => ({ reveal: () => TOKEN }),
    socketUrl: server.socketUrl,
    httpUrl: server.httpUrl,
    correctionWatchMs: 20_000,
    timeoutMs: 180_000,
    ...more,
  });
}

function listen(one: Feed, matches: readonly MatchDescription[] = [CS]): ReturnType<Feed["events"]> {
  return one.events({ matches, signal: abort.signal });
}

const send = ({ socket }: Visit, ...messages: readonly object[]): void => {
  for (const message of messages) socket.send(JSON.stringify(message));
};

const reasons = (seen: readonly object[]): string =>
  seen.map((each) => ("reason" in each ? String(each.reason) : "")).join("\n");

describe("the PandaScore feed", () => {
  it("polls a match, listens to its frames, and ends some time after it", async () => {
    let frames = 0;
    server.onVisit = (visit) => {
      send(visit, hello("31"));
      const timer = setInterval(() => {
        frames += 1;
        send(visit, csFrame(31, frames, frames, 0));
        if (frames < 6) return;
        clearInterval(timer);
        status = finished;
        visit.socket.close(1000);
      }, 2000 / FACTOR);
    };
    const one = feed({ staleMs: 120_000 });
    const seen = await takeUntil(listen(one), () => false);
    expect(told(seen).filter((each) => !/health|progress/.test(each))).toEqual([
      "series_started",
      "game_started 1 31",
      "game_won 1 0",
      "game_started 2 32",
      "game_won 2 0",
      "series_score 2-0",
      "series_won 0",
    ]);
    expect(told(seen).filter((each) => each.startsWith("progress 1"))).toHaveLength(6);
    expect(server.visits).toHaveLength(1); // 1000 is the end
    expect(server.last.url.pathname).toBe("/matches/1616952");
    expect(server.last.url.searchParams.get("token")).toBe(TOKEN);
    expect(server.requests[0]).toMatchObject({
      path: "/matches/1616952",
      headers: { authorization: `Bearer ${TOKEN}` },
    });
    expect(one).toMatchObject({ id: "pandascore", tier: "B", upstream: "pandascore" });
  });

  it("opens no socket before it opens, nor for a match without live data", async () => {
    const opens = new Date(clock.wall() + 3_600_000).toISOString();
    status = match("not_started", [], { live: { supported: true, opens_at: opens } });
    const one = feed();
    const iterator = listen(one)[Symbol.asyncIterator]();
    const first = await takeUntil({ [Symbol.asyncIterator]: () => iterator }, (all) =>
      told(all).includes("health live"),
    );
    expect(told(first)).toEqual(["health connecting", "health live"]);
    await expect.poll(() => server.requests.length).toBeGreaterThan(3);
    expect(server.attempts).toBe(0);
    status = match("running", [game(1, "running")], { live: { supported: false } });
    await takeUntil({ [Symbol.asyncIterator]: () => iterator }, (all) =>
      told(all).includes("game_started 1 31"),
    );
    expect(server.attempts).toBe(0);
  });

  it("watches a finished match for corrections", async () => {
    status = finished;
    const corrected = match("finished", [game(1, "finished", 1), game(2, "finished", 2)], {
      ...results(1, 1),
      draw: true,
    });
    setTimeout(() => (status = corrected), 150);
    const seen = await takeUntil(listen(feed()), () => false);
    const steps = told(seen);
    expect(steps).toContain("series_won 0");
    expect(steps.slice(steps.indexOf("retracted series correction"))).toContain("series_ended");
  });

  it("goes on with polls alone when the plan has no frames", async () => {
    server.onVisit = (visit) => visit.socket.close(4003);
    const one = feed();
    const iterator = listen(one)[Symbol.asyncIterator]();
    const rest = { [Symbol.asyncIterator]: () => iterator };
    const seen = await takeUntil(rest, (all) => told(all).includes("game_started 1 31"));
    await expect.poll(() => server.requests.length).toBeGreaterThan(4);
    expect(server.attempts).toBe(1);
    expect(one.health()).toBe("live");
    status = match("running", [game(1, "finished", 1), game(2, "running")]);
    seen.push(...(await takeUntil(rest, (all) => told(all).includes("game_started 2 32"))));
    expect(told(seen)).not.toContain("health down");
  });

  it("ends a match whose token is refused, on the socket or over REST, without showing it", async () => {
    server.onVisit = (visit) => visit.socket.close(4001, `token=${TOKEN}`);
    const seen = await takeUntil(listen(feed()), () => false);
    expect(seen.at(-1)).toMatchObject({ health: "down" });
    expect(reasons(seen)).toMatch(/refused the token.*4001/);
    server.onRequest = () => ({ status: 401 });
    const again = await takeUntil(listen(feed()), () => false);
    expect(reasons(again)).toMatch(/refused the token/);
    server.onRequest = () => ({ status: 200, body: running });
    server.gate = () => 403;
    const upgrade = await takeUntil(listen(feed()), () => false);
    expect(reasons(upgrade)).toMatch(/HTTP 403/);
    for (const text of [seen, again, upgrade].map((each) => JSON.stringify(each))) {
      expect(text).not.toContain(TOKEN);
      expect(text).not.toContain(encodeURIComponent(TOKEN));
    }
  });

  it("waits a minute when there are too many sockets", async () => {
    const times: number[] = [];
    server.onVisit = (visit, count) => {
      times.push(clock.wall());
      if (count === 1) visit.socket.close(4029);
      else send(visit, csFrame(31, 1, 0, 0));
    };
    const seen = await takeUntil(listen(feed()), (all) => told(all).includes("progress 1 0-0 r1"));
    expect(times[1]! - times[0]!).toBeGreaterThanOrEqual(60_000);
    expect(told(seen)).toContain("health stale");
    expect(reasons(seen)).toContain("4029");
  });

  it("goes stale when the frames of a running game stop, and connects again", async () => {
    server.onVisit = (visit, count) => send(visit, csFrame(31, count, count, 0));
    const seen = await takeUntil(listen(feed()), (all) => told(all).includes("progress 1 2-0 r2"));
    const steps = told(seen);
    expect(steps.indexOf("health stale")).toBeGreaterThan(steps.indexOf("progress 1 1-0 r1"));
    expect(reasons(seen)).toMatch(/no frame for \d+ s/);
    expect(server.attempts).toBe(2);
  });

  it("connects again after any other close, and asks for the events that it missed", async () => {
    server.onVisit = (visit, count) => {
      const events = visit.url.pathname.endsWith("/events");
      if (!events) send(visit, csFrame(31, 3, 2, 1));
      else if (count <= 2) {
        send(visit, hello("31"), roundEvent("round_end", 4, 3, 1));
        setTimeout(() => visit.socket.terminate(), 60);
      }
    };
    server.onMessage = (visit, text) => {
      if (JSON.parse(text).type === "recover")
        send(visit, roundEvent("round_end", 4, 3, 1), roundEvent("round_end", 5, 4, 1));
    };
    const seen = await takeUntil(listen(feed({ events: true })), (all) =>
      told(all).includes("progress 1 4-1 r5"),
    );
    const again = server.visits.filter(({ url }) => url.pathname.endsWith("/events"));
    expect(again).toHaveLength(2);
    expect(again[0]!.received).toEqual([]);
    expect(again[1]!.received.map((text) => JSON.parse(text))).toEqual([
      { type: "recover", payload: { game_id: 31 } },
    ]);
    expect(told(seen).filter((each) => each === "progress 1 3-1 r4")).toHaveLength(1);
  });

  it("is down after three failed polls, and live again after a good one", async () => {
    let polls = 0;
    server.onRequest = () => {
      polls += 1;
      if (polls === 2) return { status: 429, headers: { "retry-after": "25" } };
      return polls < 5 && polls > 1
        ? { status: 500 }
        : { status: 200, body: match("not_started", [], { live: null }) };
    };
    const seen = await takeUntil(
      listen(feed()),
      (all) => told(all).filter((each) => each === "health live").length === 2,
    );
    expect(told(seen)).toEqual(["health connecting", "health live", "health down", "health live"]);
    expect(reasons(seen)).toContain("3 polls failed: HTTP 500");
  });

  it("is down while no answer can be read", async () => {
    status = match("running", [game(1, "running")], { live: { supported: false } });
    const one = feed();
    const iterator = listen(one)[Symbol.asyncIterator]();
    const rest = { [Symbol.asyncIterator]: () => iterator };
    await takeUntil(rest, (all) => told(all).includes("health live"));
    status = match("running", [game(1, "running", null, { position: null })], { live: { supported: false } });
    const seen = await takeUntil(rest, (all) => told(all).includes("health down"));
    expect(told(seen).filter((each) => each === "frame_quarantined").length).toBeGreaterThanOrEqual(3);
    expect(reasons(seen)).toContain("3 polls failed: the answer could not be read");
    status = match("running", [game(1, "running")], { live: { supported: false } });
    await takeUntil(rest, (all) => told(all).includes("health live"));
  });

  it("takes no event for a frame: lost frames stay lost until one comes", async () => {
    server.onVisit = (visit) => {
      if (!visit.url.pathname.endsWith("/events")) send(visit, csFrame(31, 1, 0, 0));
    };
    const one = feed({ events: true, staleMs: 20_000 });
    const iterator = listen(one)[Symbol.asyncIterator]();
    const rest = { [Symbol.asyncIterator]: () => iterator };
    await takeUntil(rest, (all) => told(all).includes("progress 1 0-0 r1"));
    await expect.poll(() => server.visits.length).toBe(2);
    server.gate = (url) => (url.pathname.endsWith("/events") ? true : 503);
    const [events] = server.visits.filter(({ url }) => url.pathname.endsWith("/events"));
    for (const visit of server.visits) if (visit !== events) visit.socket.terminate();
    await takeUntil(rest, (all) => told(all).includes("health stale"));
    send(events!, roundEvent("round_end", 2, 1, 0));
    const seen = await takeUntil(rest, (all) => told(all).includes("progress 1 1-0 r2"));
    expect(told(seen)).not.toContain("health live");
    expect(one.health()).toBe("stale");
  });

  it("is stale while its frames cannot be read", async () => {
    server.onVisit = (visit) => send(visit, csFrame(31, 1, 0, 0));
    const one = feed({ staleMs: 600_000 });
    const iterator = listen(one)[Symbol.asyncIterator]();
    const rest = { [Symbol.asyncIterator]: () => iterator };
    await takeUntil(rest, (all) => told(all).includes("progress 1 0-0 r1"));
    send(server.last, csFrame(31, 1_001, 1, 0));
    const seen = await takeUntil(rest, (all) => told(all).includes("health stale"));
    expect(reasons(seen)).toContain("a frame could not be read");
    send(server.last, csFrame(31, 2, 1, 0));
    await takeUntil(rest, (all) => told(all).includes("health live"));
  });

  it("lets one token's requests be shared by its matches, and all wait when one is told to", async () => {
    const second = {
      ...CS,
      matchId: "second" as MatchDescription["matchId"],
      refs: { pandascore: { match: "7", teams: ["1", "2"] as const } },
    };
    const times: number[] = [];
    server.onRequest = () => {
      times.push(clock.wall());
      if (times.length === 3) return { status: 429, headers: { "retry-after": "120" } };
      return { status: 200, body: match("not_started", [], { live: null }) };
    };
    const events = listen(feed({ requestsPerHour: 400 }), [CS, second]);
    void takeUntil(events, () => false).catch(() => undefined);
    await expect.poll(() => times.length, { timeout: 8_000 }).toBeGreaterThanOrEqual(5);
    // Two matches and 360 requests in the hour: each every 20 s. After the third request nobody asks for two minutes.
    expect(times[2]! - times[0]!).toBeGreaterThanOrEqual(19_000);
    expect(times[4]! - times[2]!).toBeGreaterThanOrEqual(119_000);
  });

  it("ends a match that PandaScore does not know or sell", async () => {
    server.onRequest = () => ({ status: 404 });
    expect(reasons(await takeUntil(listen(feed()), () => false))).toContain("knows no match 1616952");
    server.onRequest = () => ({ status: 403 });
    expect(reasons(await takeUntil(listen(feed()), () => false))).toContain("plan does not include");
  });

  it("quarantines what no poll should answer, and goes on", async () => {
    let polls = 0;
    server.onRequest = () => ({
      status: 200,
      body: (polls += 1) === 1 ? "<html>maintenance</html>" : running,
    });
    const seen = await takeUntil(listen(feed()), (all) => told(all).includes("series_started"));
    expect(told(seen)).toContain("frame_quarantined");
  });

  it("stops at the signal", async () => {
    server.onVisit = (visit) => send(visit, csFrame(31, 1, 0, 0));
    await takeUntil(listen(feed()), (all) =>
      all.some((each) => isClaim(each) && each.claim.kind === "game_progress"),
    );
    abort.abort();
    await expect.poll(() => server.last.socket.readyState, { timeout: 4000 }).toBe(3);
    const { length } = server.requests;
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect(server.requests).toHaveLength(length);
  });
});
