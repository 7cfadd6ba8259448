import { id, type MarketDescription } from "@matchpoint/sdk";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { FeedEvent, MarketFeedOptions } from "../../src/index.ts";
import { FakeVenue, until } from "../support/fakeVenue.ts";
import { bookOf, change, follow as followVenue, T0, type Follower } from "../support/follower.ts";
import { market, MARKET, NO, YES } from "../support/markets.ts";

/** A frame that is quarantined: whatever it said is lost. */
const LOST = {
  event_type: "price_change",
  market: MARKET,
  timestamp: String(T0 + 50),
  price_changes: [{ asset_id: YES, price: "0.123456", size: "1", side: "BUY" }],
};
const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

let venue: FakeVenue;
const open: Follower[] = [];

beforeEach(async () => {
  venue = await FakeVenue.start();
  setBook(YES, 0, "0.48", "0.52");
});
afterEach(async () => {
  for (const { controller } of open.splice(0)) controller.abort();
  await venue.close();
});

function setBook(token: string, afterMs: number, bid: string, ask: string): void {
  venue.books.set(token, { timestamp: T0 + afterMs, bids: [[bid, "30"]], asks: [[ask, "25"]] });
}

async function follow(
  options?: Partial<MarketFeedOptions>,
  markets?: readonly MarketDescription[],
  tokens: readonly string[] = [YES],
): Promise<Follower> {
  const follower = followVenue(venue, options, markets, tokens);
  open.push(follower);
  await until(() => follower.has("snapshot", tokens.length), "snapshots");
  return follower;
}

const bid = (token: string, price: string, size: string, afterMs: number) =>
  change(price, size, T0 + afterMs, "0.48", "0.52", token);

describe("a book of REST", () => {
  it("that lacks what was already told is not believed, whatever REST repeats", async () => {
    const { events, has, feed } = await follow({ restLagMs: 2_000 });
    venue.send(change("0.49", "7", T0 + 1_000, "0.49", "0.52"));
    venue.send(change("0.48", "0", T0 + 1_800, "0.49", "0.52"));
    await until(() => has("delta", 2), "changes");
    venue.send(LOST);
    await until(() => feed.stats.failedResyncs >= 5, "refusals");
    expect([has("resynced"), bookOf(events).status]).toEqual([false, "gapped"]);
    venue.books.set(YES, { timestamp: T0 + 1_801, bids: [["0.49", "7"]], asks: [["0.52", "25"]] });
    await until(() => has("resynced"), "a book that knows more");
    expect(bookOf(events).bid(0)).toBe(4_900);
  });

  it("that only repeats what was told is believed when REST had time to know of the loss", async () => {
    const { has, feed } = await follow({ restLagMs: 200 });
    const from = performance.now();
    venue.send(LOST);
    await until(() => has("resynced"), "a resync");
    expect(performance.now() - from).toBeGreaterThan(190);
    expect(feed.stats.failedResyncs).toBeGreaterThan(0);
  });

  it("that is stamped a little earlier than the socket's is believed in the end", async () => {
    const { events, has, feed } = await follow({ restLagMs: 40 });
    venue.send(change("0.49", "7", T0 + 1_000, "0.49", "0.52"));
    await until(() => has("delta"), "a change");
    venue.books.set(YES, { timestamp: T0 + 990, bids: [["0.49", "7"]], asks: [["0.52", "25"]] });
    venue.send(LOST);
    await until(() => has("resynced"), "a resync");
    expect(feed.stats.failedResyncs).toBeGreaterThan(2);
    expect([bookOf(events).status, bookOf(events).bid(0)]).toEqual(["live", 4_900]);
  });

  it("that always lags mends a busy market too: changes wait while it is asked for again", async () => {
    const { events, has, words } = await follow({ restLagMs: 60_000 });
    venue.send(LOST);
    await until(() => has("gap"), "the gap");
    for (let i = 1; i <= 20; i++) {
      venue.send(bid(YES, "0.47", String(i), i * 100));
      venue.books.set(YES, {
        timestamp: T0 + i * 100 - 1_000,
        bids: [["0.48", "30"]],
        asks: [["0.52", "25"]],
      });
      await wait(20);
    }
    await until(() => has("resynced"), "a resync");
    await until(() => has("delta", 10), "what waited");
    expect(words().indexOf("delta")).toBeGreaterThan(words().indexOf("resynced"));
    expect(bookOf(events).sizeAt(0, "bid", 4_700 as never)).toBe(20_000_000);
  });

  it("must know of a book of the socket that its slow reader did not get", async () => {
    const { feed, controller: quick, done } = followVenue(venue, { queueCapacity: 4 });
    quick.abort();
    await done;
    const controller = new AbortController();
    const events = feed.events({ tokens: [id(YES)], signal: controller.signal });
    const seen: FeedEvent[] = [(await events.next()).value as FeedEvent];
    for (let i = 1; i <= 6; i++) venue.send(bid(YES, "0.47", String(i), i));
    setBook(YES, 5_000, "0.30", "0.60");
    venue.send(venue.bookFrame(YES, true));
    await until(() => feed.stats.overflowed >= 3, "events that do not fit");
    setBook(YES, 4_000, "0.48", "0.52");
    const calls = venue.bookCalls;
    const reading = (async () => {
      for await (const event of events) seen.push(event);
    })();
    await until(() => venue.bookCalls > calls, "a call");
    setBook(YES, 5_001, "0.31", "0.60");
    await until(() => seen.at(-1)?.type === "book_snapshot", "a book");
    controller.abort();
    await reading;
    expect([bookOf(seen).status, bookOf(seen).bid(0)]).toEqual(["live", 3_100]);
  });

  it("stamped a little later than a change that it lacks does not keep that change out", async () => {
    const { events, has } = await follow();
    let answer: (() => void) | undefined;
    venue.onBook = (_, response) => {
      answer = () => response.end(venue.bookFrame(YES, false));
      return true;
    };
    venue.send(LOST);
    await until(() => answer !== undefined, "the call");
    venue.send(bid(YES, "0.47", "5", 500));
    await until(() => has("gap"), "the gap");
    await wait(30);
    setBook(YES, 600, "0.48", "0.52");
    answer!();
    await until(() => has("delta"), "the change");
    expect(bookOf(events).sizeAt(0, "bid", 4_700 as never)).toBe(5_000_000);
  });

  it("that was asked for before another loss is not believed", async () => {
    const { has, feed, events } = await follow();
    const answers: (() => void)[] = [];
    venue.onBook = (_, response) => {
      const text = venue.bookFrame(YES, false);
      answers.push(() => response.end(text));
      return true;
    };
    setBook(YES, 100, "0.40", "0.52");
    venue.send(LOST);
    await until(() => answers.length === 1, "a call");
    venue.send(bid(YES, "0.47", "5", 150));
    venue.send(LOST);
    await until(() => feed.stats.quarantined === 2, "another loss");
    setBook(YES, 200, "0.45", "0.52");
    answers[0]!();
    await until(() => answers.length === 2, "another call");
    expect(has("resynced")).toBe(false);
    answers[1]!();
    await until(() => has("resynced"), "a resync");
    // The change before the second loss may have been undone by it: the book says.
    expect([bookOf(events).bid(0), feed.stats.superseded, has("delta")]).toEqual([4_500, 1, false]);
  });

  it("of another token, of the future or of several is refused", async () => {
    const two = market({ mirrored: false });
    setBook(NO, 0, "0.40", "0.60");
    const { has, feed } = await follow({}, [two], [YES, NO]);
    const stamped = (at: number) => venue.bookFrame(YES, false).replace(String(T0), String(at));
    const answers = [
      venue.bookFrame(NO, false).replace(String(T0), String(T0 + 1)),
      stamped((T0 + 1) * 1_000),
      `[${stamped(T0 + 1)},${stamped(T0 + 2)}]`,
    ];
    const calls = answers.length;
    venue.onBook = (_, response) => {
      const answer = answers.shift();
      if (answer !== undefined) response.end(answer);
      return answer !== undefined;
    };
    feed.requestResync(MARKET);
    await until(() => has("resynced"), "a resync");
    expect(feed.stats.failedResyncs).toBeGreaterThanOrEqual(calls);
  });

  it("that is refused keeps its tick: the next one tells it", async () => {
    const { words, has, feed } = await follow();
    venue.send(change("0.49", "7", T0 + 10_000, "0.49", "0.52"));
    await until(() => has("delta"), "a change");
    let calls = 0;
    venue.onBook = (_, response) => {
      const at = calls++ === 0 ? T0 : T0 + 20_000;
      const book = JSON.parse(venue.bookFrame(YES, false)) as object;
      response.end(JSON.stringify({ ...book, timestamp: String(at), tick_size: "0.001" }));
      return true;
    };
    venue.send(LOST);
    await until(() => has("resynced"), "a resync");
    expect(words().filter((word) => word === "tick_size_changed")).toHaveLength(1);
    feed.requestResync(MARKET);
    await until(() => has("resynced", 2), "another resync");
    expect(words().filter((word) => word === "tick_size_changed")).toHaveLength(1);
  });

  it("does not set a tick back that the socket changed after it", async () => {
    const { words, has } = await follow();
    const tick = { event_type: "tick_size_change", asset_id: YES, new_tick_size: "0.001" };
    venue.send({ ...tick, timestamp: String(T0 + 500) });
    await until(() => has("tick_size_changed"), "the tick");
    venue.onBook = (_, response) => {
      const book = JSON.parse(venue.bookFrame(YES, false)) as object;
      response.end(JSON.stringify({ ...book, timestamp: String(T0 + 400), tick_size: "0.01" }));
      return true;
    };
    venue.send(LOST);
    await until(() => has("resynced"), "a resync");
    expect(words().filter((word) => word === "tick_size_changed")).toHaveLength(1);
  });
});

describe("a time from the future", () => {
  const future = change("0.49", "7", T0 * 1_000, "0.49", "0.52"); // microseconds instead of milliseconds

  it("is quarantined, and does not keep the books of REST out", async () => {
    const { events, has } = await follow();
    setBook(YES, 5_000, "0.49", "0.52");
    venue.send(future);
    await until(() => has("resynced"), "a resync");
    expect(events.find((event) => event.type === "frame_quarantined")).toMatchObject({
      marketId: MARKET,
      reason: expect.stringMatching(
        /^the time of a book_delta, 1790000000000000, is more than a minute ahead/,
      ),
    });
    expect([has("delta"), bookOf(events).bid(0)]).toEqual([false, 4_900]);
  });

  it("does not hide a frozen market", async () => {
    const { has } = await follow({ marketSilenceMs: 200 });
    venue.send(future);
    await until(() => has("resynced"), "a resync");
    setBook(YES, 60_000, "0.30", "0.35");
    await until(() => has("stale"), "staleness");
  });

  it("does not lose a tick, which is told but once", async () => {
    const { has } = await follow();
    const tick = { event_type: "tick_size_change", asset_id: YES, new_tick_size: "0.001" };
    venue.send({ ...tick, timestamp: String(T0 * 1_000) });
    await until(() => has("tick_size_changed"), "the tick");
    expect(has("gap")).toBe(false);
  });
});

describe("a market of two books", () => {
  const two = market({ mirrored: false });
  beforeEach(() => {
    setBook(NO, 0, "0.40", "0.60");
  });

  it("keeps a change that came after its first book from REST and before its second", async () => {
    const { events, has, feed } = await follow({}, [two], [YES, NO]);
    setBook(YES, 100_000, "0.48", "0.52");
    setBook(NO, 300_000, "0.40", "0.60");
    let answer: (() => void) | undefined;
    venue.onBook = (token, response) => {
      if (token === YES) return false;
      answer = () => response.end(venue.bookFrame(NO, false));
      return true;
    };
    venue.send(LOST);
    await until(() => answer !== undefined, "the second call");
    const both = bid(YES, "0.47", "77", 200_000);
    const [first] = both.price_changes;
    venue.send({ ...both, price_changes: [first, { ...first, asset_id: NO, price: "0.39" }] });
    await wait(50);
    answer!();
    await until(() => has("delta"), "the change");
    const book = bookOf(events, two);
    expect([book.status, feed.stats.superseded]).toEqual(["live", 0]);
    expect(book.sizeAt(0, "bid", 4_700 as never)).toBe(77_000_000);
    expect(book.sizeAt(1, "bid", 3_900 as never)).toBe(0);
  });

  it("is mended although the socket sends one of its books meanwhile", async () => {
    const { events, has } = await follow({}, [two], [YES, NO]);
    let asked = 0;
    venue.onBook = (token, response) => {
      asked++;
      setBook(token, 100, "0.40", "0.60");
      setTimeout(() => response.end(venue.bookFrame(token, false)), 80);
      return true;
    };
    venue.send(LOST);
    await until(() => asked === 1, "a call");
    venue.send(bid(NO, "0.39", "3", 80_000));
    venue.send(venue.bookFrame(YES, true));
    venue.send(bid(YES, "0.38", "4", 90_000));
    await until(() => has("delta", 2), "a resync");
    const book = bookOf(events, two);
    expect(book.status).toBe("live");
    expect(book.sizeAt(1, "bid", 3_900 as never)).toBe(3_000_000);
    expect(book.sizeAt(0, "bid", 3_800 as never)).toBe(4_000_000);
  });

  it("is stale when REST is ahead with its second book only", async () => {
    const { has } = await follow({ marketSilenceMs: 100 }, [two], [YES, NO]);
    setBook(NO, 60_000, "0.10", "0.20");
    await until(() => has("stale"), "staleness");
    await until(() => has("resynced"), "a resync");
  });
});

describe("a market whose book the venue had no more", () => {
  it("is mended when a change of it comes", async () => {
    const { events, has } = await follow({ marketSilenceMs: 80 });
    venue.books.clear();
    await until(() => has("stale"), "staleness");
    setBook(YES, 5_000, "0.49", "0.52");
    venue.send(change("0.49", "9", T0 + 5_000, "0.49", "0.52"));
    await until(() => has("resynced"), "a resync");
    await until(() => has("delta"), "the change");
    expect([bookOf(events).status, bookOf(events).sizeAt(0, "bid", 4_900 as never)]).toEqual([
      "live",
      9_000_000,
    ]);
  });
});

describe("a change whose time was ahead of its own", () => {
  it("does not keep a quiet market from being mended for good", async () => {
    const now = Date.now();
    setBook(YES, now - T0, "0.48", "0.52");
    const { has } = await follow();
    venue.send(change("0.47", "5", now + 50_000, "0.48", "0.52"));
    await until(() => has("delta"), "the change");
    setBook(YES, now - T0 + 500, "0.48", "0.52");
    venue.send({ ...LOST, timestamp: String(now + 100) });
    await until(() => has("gap"), "the gap");
    await until(() => has("resynced"), "a resync");
  });
});

describe("a reader that is too slow between the books of a market of two", () => {
  it("gets both in the end", async () => {
    const two = market({ mirrored: false });
    setBook(NO, 0, "0.40", "0.60");
    const { feed } = followVenue(venue, { queueCapacity: 2 }, [two], []);
    const controller = new AbortController();
    const events = feed.events({ tokens: [id(YES), id(NO)], signal: controller.signal });
    const seen: FeedEvent[] = [];
    for (let i = 0; i < 2; i++) seen.push((await events.next()).value as FeedEvent);
    setBook(YES, 5_000, "0.30", "0.70");
    setBook(NO, 5_000, "0.20", "0.80");
    venue.send(LOST);
    await until(() => feed.stats.resyncs >= 1 && venue.bookCalls >= 2, "a resync");
    await wait(150);
    const reading = (async () => {
      for await (const event of events) seen.push(event);
    })();
    await until(
      () => bookOf(seen, two).status === "live" && bookOf(seen, two).bid(1) === 2_000,
      "both books",
    );
    expect(bookOf(seen, two).bid(0)).toBe(3_000);
    controller.abort();
    await reading;
  });
});
