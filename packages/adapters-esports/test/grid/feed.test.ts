import { MatchpointError, type Feed, type MatchDescription } from "@matchpoint/sdk";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createGridFeed, createWsTransport, type GridFeedOptions } from "../../src/index.ts";
import { FakeProvider, type Visit } from "../server.ts";
import { CS, EPOCH, FastClock, isClaim, takeUntil, told } from "../support.ts";
import {
  event,
  gameStarted,
  gameState,
  roundStarted,
  roundWon,
  seriesState,
  started,
  sweep,
  transaction,
} from "./transactions.ts";

const KEY = "k3y/with+signs";
const frames = sweep();
/** Waits of minutes pass in a second. */
const FACTOR = 60;

let server: FakeProvider;
let clock: FastClock;
let abort: AbortController;

beforeEach(async () => {
  server = new FakeProvider();
  await server.listen();
  clock = new FastClock(FACTOR);
  abort = new AbortController();
});

afterEach(async () => {
  abort.abort();
  await server.close();
});

function feed(more: Partial<GridFeedOptions> = {}): Feed {
  return createGridFeed({
    transport: createWsTransport(),
    clock,
    apiKey: async () => ({ reveal: () => KEY }),
    socketUrl: server.socketUrl,
    httpUrl: server.httpUrl,
    ...more,
  });
}

function listen(one: Feed, matches: readonly MatchDescription[] = [CS]): ReturnType<Feed["events"]> {
  return one.events({ matches, signal: abort.signal });
}

/** Sends frames `from` to `to` (counted from 1), as if they had occurred `ageMs` ago. */
function send({ socket }: Visit, from: number, to: number, ageMs?: number): void {
  for (let n = from; n <= to; n++) {
    const frame = frames[n - 1]!;
    const at = new Date(ageMs === undefined ? EPOCH : clock.wall() - ageMs).toISOString();
    socket.send(
      JSON.stringify({ ...frame, ...(ageMs === undefined ? {} : { occurredAt: at, publishedAt: at }) }),
    );
  }
}

const fromOf = ({ url }: Visit): string | null => url.searchParams.get("fromSequenceNumber");

describe("the GRID feed", () => {
  it("follows a series to its end over one socket, configured by its first frame", async () => {
    server.onMessage = (visit) => {
      send(visit, 1, frames.length, 100);
      visit.socket.close(1000);
    };
    const one = feed();
    const seen = await takeUntil(listen(one), () => false);
    const steps = told(seen).filter((each) => !each.startsWith("progress"));
    expect(steps.slice(0, 4)).toEqual([
      "health connecting",
      "health live",
      "series_started",
      "game_started 1 g1",
    ]);
    expect(steps.at(-1)).toBe("series_won 0");
    expect(server.visits).toHaveLength(1);
    expect(server.last.url.pathname).toBe("/live-data-feed/series/2700001");
    expect(Object.fromEntries(server.last.url.searchParams)).toEqual({ key: KEY, useConfig: "true" });
    expect(JSON.parse(server.last.received[0]!)).toMatchObject({
      rules: [{ exclude: false, includeFullState: false }],
    });
    expect(one).toMatchObject({ id: "grid", tier: "A", upstream: "grid" });
    expect(one.health()).toBe("down"); // nothing is followed any more
  });

  it("marks the replay after a late join as history and says when it is live", async () => {
    server.onMessage = (visit) => {
      send(visit, 1, 60, 3_600_000);
      send(visit, 61, 62, 500);
    };
    const one = feed();
    const seen = await takeUntil(listen(one), (all) =>
      all.some((each) => each.type === "source_health" && each.health === "live"),
    );
    const claims = seen.filter(isClaim);
    expect(claims.length).toBeGreaterThan(50);
    expect(claims.filter((each) => each.replayed !== true).map((each) => each.ref!.split(".")[0])).toEqual([
      "61",
    ]);
    expect(told(seen)).toContain("health replaying");
    expect(one.health()).toBe("live");
  });

  it("takes up where a lost socket stopped, not before twelve seconds, and drops what it has", async () => {
    const times: number[] = [];
    server.onVisit = () => times.push(clock.wall());
    server.onMessage = (visit) => {
      if (server.visits.length === 1) {
        send(visit, 1, 10, 100);
        setTimeout(() => visit.socket.terminate(), 30);
      } else {
        send(visit, 8, frames.length, 100); // replays more than was asked for
        visit.socket.close(1001);
      }
    };
    const seen = await takeUntil(listen(feed()), () => false);
    expect(fromOf(server.last)).toBe("11");
    expect(times[1]! - times[0]!).toBeGreaterThanOrEqual(12_000);
    const steps = told(seen);
    expect(steps.filter((each) => each.startsWith("health"))).toEqual([
      "health connecting",
      "health live",
      "health down",
      "health connecting",
      "health live",
    ]);
    expect(steps.filter((each) => each.startsWith("game_started"))).toHaveLength(2);
    expect(steps.filter((each) => each.startsWith("progress 1"))).toHaveLength(37);
  });

  it("asks again for a gap that does not mend itself", async () => {
    server.onMessage = (visit) => {
      if (server.visits.length === 1) {
        send(visit, 1, 3, 100);
        send(visit, 6, 9, 100);
      } else {
        send(visit, 4, frames.length, 100);
        visit.socket.close(1000);
      }
    };
    const seen = await takeUntil(listen(feed()), () => false);
    expect(fromOf(server.last)).toBe("4");
    const steps = told(seen);
    expect(steps).toContain("health invalid");
    expect(seen).toContainEqual(expect.objectContaining({ reason: "gap: expected 4, received 6" }));
    expect(steps.at(-1)).toBe("series_won 0");
    expect(steps.filter((each) => each === "progress 1 0-2 r2")).toHaveLength(1);
  });

  it("asks again for a transaction that is missing before a silence", async () => {
    server.onMessage = (visit) => {
      if (server.visits.length === 1) {
        send(visit, 1, 3, 100);
        send(visit, 5, 5, 100);
      } else {
        send(visit, 4, frames.length, 100);
        visit.socket.close(1000);
      }
    };
    const seen = await takeUntil(listen(feed()), () => false);
    expect(seen).toContainEqual(expect.objectContaining({ reason: "gap: transaction 4 is missing" }));
    expect(fromOf(server.last)).toBe("4");
    expect(told(seen).at(-1)).toBe("series_won 0");
  });

  it("leaves a swapped pair alone", async () => {
    server.onMessage = (visit) => {
      send(visit, 1, 3, 100);
      send(visit, 5, 5, 100);
      send(visit, 4, 4, 100);
      send(visit, 6, frames.length, 100);
      visit.socket.close(1000);
    };
    const seen = await takeUntil(listen(feed()), () => false);
    expect(server.visits).toHaveLength(1);
    expect(told(seen)).not.toContain("health invalid");
    expect(told(seen).at(-1)).toBe("series_won 0");
  });

  it("takes the series state for what cannot be had again", async () => {
    const state = (): object => ({
      data: {
        seriesState: {
          id: "2700001",
          ...seriesState([gameState("g1", 1, [0, 2])], [0, 0], {
            updatedAt: new Date(clock.wall()).toISOString(),
          }),
        },
      },
    });
    server.onRequest = () => ({ status: 200, body: state() });
    server.onMessage = (visit) => {
      if (server.visits.length === 1) send(visit, 1, 3, 100);
      send(visit, 6, 9, 100); // 4 and 5 are gone for good
    };
    const seen = await takeUntil(listen(feed()), (all) => told(all).includes("progress 1 0-2"));
    expect(server.visits).toHaveLength(2);
    expect(server.requests[0]).toMatchObject({
      path: "/live-data-feed/series-state/graphql",
      headers: { "x-api-key": KEY },
    });
    expect(server.requests[0]!.body).toContain("2700001");
    expect(told(seen)).not.toContain("progress 1 0-1 r1");
  });

  it("believes a normal close only when the series has a result", async () => {
    server.onRequest = () => ({
      status: 200,
      body: {
        data: {
          seriesState: {
            id: "2700001",
            ...seriesState([], [0, 0], { updatedAt: new Date(clock.wall()).toISOString() }),
          },
        },
      },
    });
    server.onMessage = (visit) => {
      if (server.visits.length === 1) send(visit, 1, 5, 100);
      else send(visit, 6, frames.length, 100);
      visit.socket.close(1000);
    };
    const seen = await takeUntil(listen(feed()), () => false);
    expect(server.visits).toHaveLength(2);
    expect(fromOf(server.last)).toBe("6");
    expect(told(seen).at(-1)).toBe("series_won 0");
  });

  it("gives up on a feed that ends three times without a result, and says so", async () => {
    server.onMessage = (visit) => visit.socket.close(1000);
    const seen = await takeUntil(listen(feed()), () => false);
    expect(server.visits).toHaveLength(3);
    expect(seen.at(-1)).toMatchObject({ type: "source_health", health: "down", matchId: CS.matchId });
    expect((seen.at(-1) as { reason: string }).reason).toMatch(/ended 3 times .* no result/);
  });

  it("goes stale in the silence of a running game, and reconnects", async () => {
    server.onMessage = (visit) => {
      if (server.visits.length === 1) send(visit, 1, 5, 100);
      else {
        send(visit, 6, frames.length, 100);
        visit.socket.close(1000);
      }
    };
    const seen = await takeUntil(listen(feed()), () => false);
    expect(seen).toContainEqual(
      expect.objectContaining({ health: "stale", reason: expect.stringMatching(/^no message for \d+ s$/) }),
    );
    expect(fromOf(server.last)).toBe("6");
    expect(told(seen).at(-1)).toBe("series_won 0");
  });

  it("goes stale when nothing that it hears can be read", async () => {
    let noise: NodeJS.Timeout | undefined;
    server.onMessage = (visit) => {
      send(visit, 1, 5, 100);
      noise ??= setInterval(() => visit.socket.send('{"seriesId":"2700001"}'), 20);
    };
    const seen = await takeUntil(listen(feed()), (all) => told(all).includes("health stale"));
    clearInterval(noise);
    expect(told(seen)).toContain("frame_quarantined");
  });

  it("does not take the silence between games for staleness", async () => {
    server.onMessage = (visit) => send(visit, 1, 41, 100); // game 1 is over
    const one = feed();
    const iterator = listen(one)[Symbol.asyncIterator]();
    const until = Date.now() + 1500; // 90 s of the feed's time
    const seen: string[] = [];
    const late = new Promise<undefined>((resolve) =>
      setTimeout(() => resolve(undefined), until - Date.now()),
    );
    for (;;) {
      const next = await Promise.race([iterator.next(), late]);
      if (next === undefined || next.done === true) break;
      seen.push(...told([next.value]));
    }
    expect(seen.at(-1)).toBe("series_score 1-0");
    expect(one.health()).toBe("live");
    expect(server.visits).toHaveLength(1);
  });

  it("says that the data are invalid as long as GRID says so", async () => {
    const invalid = event("grid:GRID", "invalidated", "series:2700001", { delta: { valid: false } });
    server.onMessage = ({ socket }) => {
      socket.send(JSON.stringify(transaction(1, [started(), gameStarted("g1"), invalid])));
    };
    const one = feed();
    const seen = await takeUntil(listen(one), (all) => told(all).includes("health invalid"));
    expect(told(seen)).toContain("source_invalid");
    expect(one.health()).toBe("invalid");
  });

  it("asks for the state when a transaction cannot be read", async () => {
    server.onRequest = () => ({
      status: 200,
      body: {
        data: {
          seriesState: {
            id: "2700001",
            ...seriesState([gameState("g1", 1, [2, 0])], [0, 0], {
              updatedAt: new Date(clock.wall()).toISOString(),
            }),
          },
        },
      },
    });
    server.onMessage = ({ socket }) => {
      const now = { occurredAt: new Date(clock.wall() - 5000).toISOString() };
      socket.send(JSON.stringify(transaction(1, [started(), gameStarted("g1"), roundStarted("g1", 1)], now)));
      socket.send(JSON.stringify(transaction(2, [{ ...roundWon("g1", 1, "96"), actor: null }], now)));
    };
    const seen = await takeUntil(listen(feed()), (all) => told(all).includes("progress 1 2-0"));
    expect(told(seen)).toContain("frame_quarantined");
    expect(told(seen)).toContain("health invalid");
  });

  it("ends a match whose key is refused, without ever showing the key", async () => {
    server.gate = () => 401;
    const seen = await takeUntil(listen(feed()), () => false);
    expect(server.attempts).toBe(1);
    expect(seen.at(-1)).toMatchObject({ health: "down" });
    expect((seen.at(-1) as { reason: string }).reason).toMatch(/refused the API key.*HTTP 401/s);
    expect(JSON.stringify(seen)).not.toContain(KEY);
    expect(JSON.stringify(seen)).not.toContain(encodeURIComponent(KEY));
  });

  it("does not show the key when the connection fails for another reason", async () => {
    server.gate = (_, count) => (count === 1 ? 503 : true);
    server.onMessage = (visit) =>
      visit.socket.close(4001, `bad key ${KEY} in ?key=${encodeURIComponent(KEY)}`);
    const seen = await takeUntil(
      listen(feed()),
      (all) => told(all).filter((each) => each === "health down").length === 2,
    );
    expect(JSON.stringify(seen)).toContain("HTTP 503");
    expect(JSON.stringify(seen)).toContain("code 4001");
    expect(JSON.stringify(seen)).not.toContain(KEY);
    expect(JSON.stringify(seen)).not.toContain(encodeURIComponent(KEY));
  });

  it("ends a match when there is no key to be had", async () => {
    const apiKey = async (): Promise<never> => {
      throw new MatchpointError("FILE_NOT_FOUND", "no secrets file");
    };
    const seen = await takeUntil(listen(feed({ apiKey })), () => false);
    expect(seen.at(-1)).toMatchObject({
      health: "down",
      reason: "the API key could not be read: no secrets file",
    });
    expect(server.attempts).toBe(0);
  });

  it("keeps within five attempts a minute, whatever the number of matches", async () => {
    const matches = [1, 2, 3, 4, 5, 6, 7].map((n) => ({
      ...CS,
      matchId: `m${n}` as MatchDescription["matchId"],
      refs: { grid: { match: `s${n}`, teams: ["96", "97"] as const } },
    }));
    const times: number[] = [];
    server.onVisit = () => times.push(clock.wall());
    void takeUntil(listen(feed(), matches), () => false).catch(() => undefined);
    await expect.poll(() => times.length, { timeout: 5000 }).toBe(7);
    expect(times[5]! - times[0]!).toBeGreaterThan(55_000);
  });

  it("follows what has a reference and says what has none", async () => {
    const { title, teams, bestOf } = CS;
    const other: MatchDescription = { matchId: "x" as MatchDescription["matchId"], title, teams, bestOf };
    server.onMessage = (visit) => {
      send(visit, 1, frames.length, 100);
      visit.socket.close(1000);
    };
    const seen = await takeUntil(listen(feed(), [other, CS]), () => false);
    expect(seen[0]).toMatchObject({
      matchId: "x",
      health: "down",
      reason: "match x has no refs.grid: it is not followed",
    });
    expect(told(seen).at(-1)).toBe("series_won 0");
  });

  it("stops at the signal, closes its socket, and does not begin after it", async () => {
    server.onMessage = (visit) => send(visit, 1, 5, 100);
    const one = feed();
    const events = listen(one);
    await takeUntil(events, (all) => told(all).includes("progress 1 0-1 r1"));
    const closed = new Promise((resolve) => server.last.socket.on("close", resolve));
    abort.abort();
    await closed;
    expect(await takeUntil(listen(one), () => false)).toEqual([]);
    expect(server.visits).toHaveLength(1);
  });

  it("closes its socket when its consumer stops listening", async () => {
    server.onMessage = (visit) => send(visit, 1, 5, 100);
    for await (const each of listen(feed())) if (each.type === "match_claim") break;
    await expect.poll(() => server.last.socket.readyState, { timeout: 4000 }).toBe(3);
  });

  it("drops nothing when its consumer is slow, and says that it is", async () => {
    let sent = false;
    server.onMessage = (visit) => {
      send(visit, 1, frames.length, 100);
      visit.socket.ping();
      visit.socket.on("pong", () => (sent = true)); // all frames before it have been received
    };
    const iterator = listen(feed({ pressureMark: 20 }))[Symbol.asyncIterator]();
    const first = await iterator.next();
    await expect.poll(() => sent, { timeout: 4000 }).toBe(true);
    const rest = await takeUntil({ [Symbol.asyncIterator]: () => iterator }, (all) =>
      told(all).includes("series_won 0"),
    );
    expect([first.value, ...rest].filter((each) => each !== undefined && isClaim(each))).toHaveLength(82);
    const reasons = rest.flatMap((each) => (each.type === "source_health" ? [each.reason] : []));
    expect(reasons).toContain("20 events wait: the consumer is too slow (no fact is dropped)");
    const caughtUp = await takeUntil({ [Symbol.asyncIterator]: () => iterator }, (all) => all.length === 1);
    expect(caughtUp).toMatchObject([{ reason: "the consumer has caught up: 10 events wait" }]);
  });
});
