import { id, SystemClock, type MarketDescription, type MarketId } from "@matchpoint/sdk";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  createMarketFeed,
  createWsTransport,
  type FeedEvent,
  type MarketFeedOptions,
} from "../../src/index.ts";
import { FakeVenue, until } from "../support/fakeVenue.ts";
import { bookOf, change, FAST, follow as followVenue, T0, type Follower } from "../support/follower.ts";
import { market, MARKET, NO, YES } from "../support/markets.ts";

let venue: FakeVenue;
const abort: AbortController[] = [];

beforeEach(async () => {
  venue = await FakeVenue.start();
  venue.books.set(YES, { timestamp: T0, bids: [["0.48", "30"]], asks: [["0.52", "25"]] });
});
afterEach(async () => {
  for (const each of abort.splice(0)) each.abort();
  await venue.close();
});

function follow(
  options?: Partial<MarketFeedOptions>,
  markets?: readonly MarketDescription[],
  tokens?: readonly string[],
): Follower {
  const follower = followVenue(venue, options, markets, tokens);
  abort.push(follower.controller);
  return follower;
}

describe("a followed market", () => {
  it("is subscribed to, dumped and kept up to date", async () => {
    const { feed, events, words, has, controller, done } = follow({}, [market()], [YES, NO]);
    expect(feed.health()).toBe("connecting");
    await until(() => has("snapshot"), "a snapshot");
    expect(venue.subscriptions).toEqual([
      { type: "market", assets_ids: [YES, NO], initial_dump: true, custom_feature_enabled: true, level: 2 },
    ]);
    expect(feed.health()).toBe("live");
    venue.send(change("0.49", "7", T0 + 10, "0.49", "0.52"));
    venue.send({ event_type: "new_market", id: "1" });
    venue.send({
      event_type: "last_trade_price",
      asset_id: NO,
      price: "0.51",
      size: "2",
      side: "BUY",
      timestamp: String(T0 + 20),
    });
    await until(() => has("market_trade"), "a trade");
    expect(words()).toEqual(["snapshot", "delta", "market_trade"]);
    const book = bookOf(events);
    expect([book.status, book.bid(0), book.ask(0)]).toEqual(["live", 4900, 5200]);
    expect(events.every((event, i) => i === 0 || event.at >= events[i - 1]!.at)).toBe(true);
    controller.abort();
    await done;
    expect(feed.health()).toBe("down");
    await until(() => venue.sockets.size === 0, "the socket to close");
  });

  it("sends PING and does not take PONG for data", async () => {
    const { has, feed } = follow();
    await until(() => has("snapshot") && venue.pings >= 3, "pings");
    expect(feed.stats).toMatchObject({ quarantined: 0, reconnects: 0 });
    expect(feed.stats.frames).toBeGreaterThanOrEqual(3);
  });

  it("is split over sockets of at most so many assets, a market never", async () => {
    const markets = Array.from({ length: 3 }, (_, i) =>
      market({ marketId: id(`m${i}`) }, [`${i}`.repeat(20), `${i + 5}`.repeat(20)]),
    );
    const tokens = markets.flatMap((each) => each.outcomes.map((outcome) => outcome.tokenId as string));
    follow({ shardSize: 5 }, markets, tokens);
    await until(() => venue.subscriptions.length === 2, "two subscriptions");
    expect(venue.subscriptions.map((each) => each.assets_ids).sort((a, b) => b.length - a.length)).toEqual([
      tokens.slice(0, 4),
      tokens.slice(4),
    ]);
  });

  it("must be one that the feed knows", () => {
    const feed = createMarketFeed({ transport: createWsTransport(), clock: new SystemClock(), markets: [] });
    const signal = new AbortController().signal;
    expect(() => feed.events({ tokens: [id(YES)], signal })).toThrow("is of no market that this feed knows");
    expect(() => {
      feed.requestResync(MARKET);
    }).toThrow("nobody follows market");
  });

  it("of an aborted signal is not followed at all", async () => {
    const feed = createMarketFeed({
      transport: createWsTransport(),
      clock: new SystemClock(),
      markets: [market()],
      url: venue.url,
    });
    for await (const event of feed.events({ tokens: [id(YES)], signal: AbortSignal.abort() }))
      throw new Error(event.type);
    expect(venue.connections).toBe(0);
  });

  it("is left when its reader breaks off", async () => {
    const feed = createMarketFeed({
      transport: createWsTransport(),
      clock: new SystemClock(),
      markets: [market()],
      url: venue.url,
    });
    const controller = new AbortController();
    for await (const event of feed.events({ tokens: [id(YES)], signal: controller.signal })) {
      expect(event.type).toBe("book_snapshot");
      break;
    }
    expect(feed.health()).toBe("down");
    await until(() => venue.sockets.size === 0, "the socket to close");
  });
});

describe("a lost connection", () => {
  it("is told, made again, and the market resubscribed and mended", async () => {
    const { events, words, has, feed } = follow();
    await until(() => has("snapshot"), "a snapshot");
    for (const socket of venue.sockets) socket.close(1012, "restart");
    await until(() => has("snapshot", 2), "another snapshot");
    expect(words()).toEqual(["snapshot", "disconnected", "resynced", "snapshot"]);
    expect(events[1]).toMatchObject({ reason: "closed with 1012 restart", marketId: MARKET });
    expect(venue.subscriptions).toHaveLength(2);
    expect(feed.stats).toMatchObject({ reconnects: 1, disconnected: 1, resynced: 1 });
    expect(bookOf(events).status).toBe("live");
  });

  it("is tried again until the venue takes it", async () => {
    venue.refuses = true;
    const { words, has, feed } = follow();
    await until(() => has("disconnected"), "a refusal");
    expect(feed.health()).toBe("connecting");
    await new Promise((resolve) => setTimeout(resolve, 60));
    venue.refuses = false;
    await until(() => has("snapshot"), "a snapshot");
    expect(words()).toEqual(["disconnected", "resynced", "snapshot"]);
  });

  it("is given up when PING is not answered", async () => {
    const { events, has } = follow({ pongMs: 60 });
    await until(() => has("snapshot"), "a snapshot");
    venue.pongs = false;
    await until(() => has("disconnected"), "the watchdog");
    expect(events.find((event) => event.type === "book_continuity")).toMatchObject({
      reason: "no PONG within 60 ms",
    });
    venue.pongs = true;
    await until(() => has("snapshot", 2), "another snapshot");
  });
});

describe("silence", () => {
  it("is only quiet when REST has nothing newer", async () => {
    const { words, has, feed } = follow({ silenceMs: 60 });
    await until(() => has("snapshot"), "a snapshot");
    await until(() => feed.stats.audits >= 3, "audits");
    expect(words()).toEqual(["snapshot"]);
    expect(venue.connections).toBe(1);
  });

  it("of a frozen socket makes the market stale and the socket new", async () => {
    const { events, words, has } = follow({ silenceMs: 60 });
    await until(() => has("snapshot"), "a snapshot");
    venue.books.set(YES, { timestamp: T0 + 5_000, bids: [["0.40", "1"]], asks: [["0.41", "1"]] });
    await until(() => has("snapshot", 2), "another snapshot");
    expect(words().slice(0, 5)).toEqual(["snapshot", "stale", "disconnected", "resynced", "snapshot"]);
    expect(events[1]).toMatchObject({ reason: "silence for 60 ms: REST has a book 5000 ms newer" });
    expect(bookOf(events).bid(0)).toBe(4000);
  });

  it("is not trusted when REST does not answer", async () => {
    const { events, has } = follow({ silenceMs: 60 });
    await until(() => has("snapshot"), "a snapshot");
    venue.onBook = (_, response) => {
      response.writeHead(503).end("down");
      return true;
    };
    await until(() => has("stale"), "staleness");
    expect(events[1]).toMatchObject({ state: "stale" });
    expect(JSON.stringify(events[1])).toContain("status 503");
  });

  it("of one market among others is noticed and mended by REST", async () => {
    const other = market({ marketId: id("other") }, ["3".repeat(30), "4".repeat(30)]);
    venue.books.set("3".repeat(30), { timestamp: T0, bids: [], asks: [] });
    const { events, has } = follow({ marketSilenceMs: 80 }, [market(), other], [YES, "3".repeat(30)]);
    await until(() => has("snapshot", 2), "snapshots");
    venue.books.set(YES, { timestamp: T0 + 9_000, bids: [["0.60", "1"]], asks: [] });
    await until(() => has("resynced"), "a resync");
    const own = events.filter((event) => "marketId" in event && event.marketId === MARKET);
    expect(own.map((event) => (event.type === "book_continuity" ? event.state : event.type))).toEqual([
      "book_snapshot",
      "stale",
      "resynced",
      "book_snapshot",
    ]);
    expect(venue.connections).toBe(1);
  });

  it("of a market without a book is stale and no reason to reconnect", async () => {
    const { words, has, feed } = follow({ silenceMs: 60 });
    await until(() => has("snapshot"), "a snapshot");
    venue.books.clear();
    await until(() => has("stale"), "staleness");
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(words()).toEqual(["snapshot", "stale"]);
    expect([venue.connections, feed.health()]).toEqual([1, "stale"]);
  });
});

describe("a missing snapshot", () => {
  it("is a gap, and mended by REST", async () => {
    venue.dumps = false;
    const { events, words, has, feed } = follow({ snapshotMs: 60 });
    await until(() => venue.subscriptions.length === 1, "a subscription");
    expect(feed.health()).toBe("replaying");
    await until(() => has("snapshot"), "a snapshot");
    expect(words()).toEqual(["gap", "resynced", "snapshot"]);
    expect(events[0]).toMatchObject({ reason: "no snapshot within 60 ms of subscribing" });
    expect(feed.stats).toMatchObject({ missingSnapshots: 1, resyncs: 1, failedResyncs: 0 });
    expect(bookOf(events).status).toBe("live");
  });

  it("is asked for until REST has it, past errors, hangs, stale and wrong answers", async () => {
    venue.dumps = false;
    const answers = [
      (response: { end(text?: string): unknown }) => response.end("<html>"),
      (response: { end(text?: string): unknown }) =>
        response.end(venue.bookFrame(YES, false).replace(YES, "777")),
      () => undefined, // never answers
      (response: { end(text?: string): unknown }) =>
        response.end(venue.bookFrame(YES, false).replace('"0.48"', '"0.48123"')),
      (response: { end(text?: string): unknown }) =>
        response.end(venue.bookFrame(YES, false).replace(String(T0), String(T0 - 60_000))),
    ];
    let call = 0;
    venue.onBook = (_, response) => {
      const answer = answers[call++];
      answer?.(response);
      return answer !== undefined;
    };
    const { feed, words, has } = follow({ snapshotMs: 30, timeoutMs: 100 });
    await until(() => venue.subscriptions.length === 1, "a subscription");
    venue.send(change("0.47", "1", T0, "0.48", "0.52"));
    await until(() => has("snapshot"), "a snapshot", 12_000);
    expect(words().filter((word) => word !== "delta")).toEqual(["gap", "resynced", "snapshot"]);
    expect(feed.stats.failedResyncs).toBe(5);
  }, 15_000);
});

describe("a resync", () => {
  it("asked for by the caller holds changes back and drops those that the book includes", async () => {
    const { feed, events, words, has } = follow();
    await until(() => has("snapshot"), "a snapshot");
    let answer: (() => void) | undefined;
    venue.onBook = (_, response) => {
      answer = () => {
        response.end(venue.bookFrame(YES, false));
      };
      return true;
    };
    feed.requestResync(MARKET, "the book is crossed");
    await until(() => answer !== undefined, "the call");
    venue.send(change("0.47", "1", T0 + 50, "0.48", "0.52"));
    venue.send(change("0.46", "2", T0 + 20_000, "0.48", "0.52"));
    await until(() => feed.stats.frames >= 3, "the changes");
    expect(words()).toEqual(["snapshot", "gap"]);
    venue.books.set(YES, {
      timestamp: T0 + 10_000,
      bids: [
        ["0.48", "30"],
        ["0.47", "5"],
      ],
      asks: [["0.52", "25"]],
    });
    answer?.();
    await until(() => has("delta"), "the change that is newer");
    expect(words()).toEqual(["snapshot", "gap", "resynced", "snapshot", "delta"]);
    expect(feed.stats.superseded).toBe(1);
    venue.send(change("0.47", "9", T0 + 60, "0.48", "0.52"));
    venue.send(change("0.45", "3", T0 + 30_000, "0.48", "0.52"));
    await until(() => has("delta", 2), "a later change");
    expect(feed.stats.superseded).toBe(2);
    const book = bookOf(events);
    expect(book.levels(0, "bid", 9)).toEqual([
      { price: 4800, size: 30_000_000 },
      { price: 4700, size: 5_000_000 },
      { price: 4600, size: 2_000_000 },
      { price: 4500, size: 3_000_000 },
    ]);
    expect([book.status, events.every((event, i) => i === 0 || event.at >= events[i - 1]!.at)]).toEqual([
      "live",
      true,
    ]);
  });

  it("is not needed when the socket sends a book first", async () => {
    const { feed, words, has } = follow();
    await until(() => has("snapshot"), "a snapshot");
    venue.onBook = () => true; // never answers
    feed.requestResync(MARKET);
    venue.send(change("0.47", "1", T0 + 50, "0.48", "0.52"));
    venue.send(venue.bookFrame(YES, true));
    await until(() => has("snapshot", 2), "the socket's book");
    await new Promise((resolve) => setTimeout(resolve, 450));
    expect(words()).toEqual(["snapshot", "gap", "resynced", "snapshot"]);
    expect(feed.stats.failedResyncs).toBe(0);
  });

  it("of one market is not made too often", async () => {
    const { feed, has } = follow({ resyncEveryMs: 1_000 });
    await until(() => has("snapshot"), "a snapshot");
    for (let i = 1; i <= 5; i++) {
      feed.requestResync(MARKET);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    expect(venue.bookCalls).toBe(1);
  });

  it("follows a frame that could not be read, for its market or for all of its socket", async () => {
    const other = market({ marketId: id("other") }, ["3".repeat(30), "4".repeat(30)]);
    venue.books.set("3".repeat(30), { timestamp: T0, bids: [], asks: [] });
    const { events, has, feed } = follow({}, [market(), other], [YES, "3".repeat(30)]);
    await until(() => has("snapshot", 2), "snapshots");
    venue.send(change("0.47", "NaN", T0, "0.48", "0.52"));
    await until(() => has("snapshot", 3), "a mended market");
    expect(events.filter((event) => event.type === "book_continuity").map((event) => event.marketId)).toEqual(
      [MARKET, MARKET],
    );
    venue.send("{broken");
    await until(() => has("snapshot", 5), "mended markets");
    expect(feed.stats).toMatchObject({ quarantined: 2, gap: 3, resynced: 3 });
    expect(events.filter((event) => event.type === "frame_quarantined")).toHaveLength(2);
  });
});

describe("a slow reader", () => {
  it("is told of the gap where it begins, and gets a fresh book", async () => {
    const feed = createMarketFeed({
      transport: createWsTransport({ closeTimeoutMs: 20 }),
      clock: new SystemClock(),
      markets: [market()],
      random: () => 0.5,
      ...FAST,
      url: venue.url,
      restUrl: venue.restUrl,
      queueCapacity: 10,
    });
    const controller = new AbortController();
    abort.push(controller);
    const events = feed.events({ tokens: [id(YES)], signal: controller.signal });
    const first = await events.next();
    expect(first.value).toMatchObject({ type: "book_snapshot" });
    for (let i = 1; i <= 50; i++) venue.send(change("0.47", String(i), T0 + i, "0.48", "0.52"));
    venue.send({
      event_type: "tick_size_change",
      asset_id: YES,
      new_tick_size: "0.001",
      timestamp: String(T0 + 51),
    });
    venue.books.set(YES, {
      timestamp: T0 + 50,
      bids: [
        ["0.48", "30"],
        ["0.47", "50"],
      ],
      asks: [["0.52", "25"]],
    });
    await until(() => feed.stats.frames >= 52, "all frames");
    const seen: FeedEvent[] = [first.value as FeedEvent];
    while (seen.at(-1)?.type !== "book_snapshot" || seen.length === 1)
      seen.push((await events.next()).value as FeedEvent);
    const words = seen.map((event) => (event.type === "book_continuity" ? event.state : event.type));
    expect(words).toEqual([
      "book_snapshot",
      ...Array.from({ length: 10 }, () => "book_delta"),
      "gap",
      "tick_size_changed",
      "resynced",
      "book_snapshot",
    ]);
    expect(feed.stats.overflowed).toBe(40);
    const book = bookOf(seen);
    expect([book.status, book.sizeAt(0, "bid", 4700 as never)]).toEqual(["live", 50_000_000]);
  });
});

describe("tick and market changes", () => {
  it("are each told once, whoever tells them", async () => {
    const { has, words, feed } = follow({}, [market()], [YES, NO]);
    await until(() => has("snapshot"), "a snapshot");
    for (const token of [YES, NO]) {
      venue.send({
        event_type: "tick_size_change",
        asset_id: token,
        new_tick_size: "0.001",
        timestamp: String(T0),
      });
    }
    feed.requestResync(MARKET);
    await until(() => has("snapshot", 2), "a snapshot");
    expect(words().filter((word) => word === "tick_size_changed")).toHaveLength(1);
  });

  it("let frames be recorded as they came", async () => {
    const frames: string[] = [];
    const { has } = follow({ onFrame: (bytes) => frames.push(new TextDecoder().decode(bytes)) });
    await until(() => has("snapshot"), "a snapshot");
    expect(frames[0]).toBe(`[${venue.bookFrame(YES, true)}]`);
  });

  it("of another market than the feed's are not seen", async () => {
    const { feed, words, has } = follow();
    await until(() => has("snapshot"), "a snapshot");
    feed.add(market({ marketId: "0xnew" as MarketId }, ["5".repeat(20), "6".repeat(20)]));
    venue.send({
      event_type: "last_trade_price",
      asset_id: "5".repeat(20),
      price: "0.5",
      size: "1",
      side: "BUY",
      timestamp: "1",
    });
    venue.send(change("0.47", "1", T0 + 1, "0.48", "0.52"));
    await until(() => has("delta"), "a change");
    expect(words()).toEqual(["snapshot", "delta"]);
  });
});
