import type { WebSocket } from "ws";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { MarketFeedOptions } from "../../src/index.ts";
import { FakeVenue, until } from "../support/fakeVenue.ts";
import { bookOf, change, follow as followVenue, T0, type Follower } from "../support/follower.ts";
import { market, MARKET, YES } from "../support/markets.ts";

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

/** Follows over two sockets, and waits until both have told their book. */
async function follow(options: Partial<MarketFeedOptions> = {}): Promise<Follower> {
  const follower = followVenue(venue, { sockets: 2, pairLagMs: 120, ...options });
  abort.push(follower.controller);
  await until(() => venue.subscriptions.length === 2 && follower.has("snapshot"), "two subscriptions");
  return follower;
}

const sockets = (): WebSocket[] => [...venue.sockets];
const tell = (socket: WebSocket, frame: unknown) => {
  socket.send(JSON.stringify(frame));
};
/** A better bid, known to REST as well, told to some sockets or to all. */
function bid(price: string, at: number, to: readonly WebSocket[] = sockets()): void {
  const { bids, asks } = venue.books.get(YES)!;
  const rest = bids.filter(([known]) => known !== price);
  venue.books.set(YES, { timestamp: at, bids: [...rest, [price, "7"]], asks });
  for (const socket of to) tell(socket, change(price, "7", at, "", "0.52"));
}
const states = ({ events }: Follower): string[] =>
  events.flatMap((event) =>
    event.type === "book_continuity" || event.type === "feed_redundancy" ? [event.state] : [],
  );
const best = ({ events }: Follower): unknown[] => {
  const book = bookOf(events);
  return [book.status, book.bid(0), book.ask(0)];
};

describe("a pair of sockets", () => {
  it("tells each change once, by whichever is first", async () => {
    const follower = await follow();
    const [first, second] = sockets();
    expect(venue.subscriptions[0]).toEqual(venue.subscriptions[1]);
    const frames = [1, 2, 3, 4].map((n) => change(`0.4${n}`, "7", T0 + n, "0.48", "0.52"));
    for (const frame of frames.slice(0, 2)) tell(first!, frame);
    await until(() => follower.has("delta", 2), "two changes");
    for (const frame of frames) tell(second!, frame);
    await until(() => follower.has("delta", 4), "four changes");
    for (const frame of frames.slice(2)) tell(first!, frame);
    bid("0.49", T0 + 10);
    await until(() => follower.has("delta", 5), "the last change");
    expect(follower.words()).toEqual(["snapshot", "delta", "delta", "delta", "delta", "delta"]);
    expect(best(follower)).toEqual(["live", 4900, 5200]);
    expect(follower.events.every((event, i) => i === 0 || event.at >= follower.events[i - 1]!.at)).toBe(true);
  });

  it.each([0, 1])("loses nothing and says so when socket %i is cut, and has it back", async (which) => {
    const follower = await follow();
    bid("0.49", T0 + 10);
    await until(() => follower.has("delta"), "a change");
    const survivor = sockets()[1 - which]!;
    sockets()[which]!.terminate();
    await until(() => states(follower).includes("degraded"), "the loss");
    bid("0.50", T0 + 20, [survivor]);
    await until(() => states(follower).includes("restored"), "both again");
    bid("0.51", T0 + 30);
    await until(() => follower.has("delta", 3), "the changes");
    expect(states(follower)).toEqual(["degraded", "restored"]);
    expect(follower.words().filter((word) => word === "snapshot")).toHaveLength(1);
    expect(best(follower)).toEqual(["live", 5100, 5200]);
    expect(follower.feed.stats).toMatchObject({ degraded: 1, disagreements: 0, gap: 0, disconnected: 0 });
    expect(venue.connections).toBe(3);
  });

  it.each([0, 1])("replaces socket %i when it is open and silent while the other tells", async (which) => {
    const follower = await follow();
    bid("0.49", T0 + 10);
    await until(() => follower.has("delta"), "a change");
    const frozen = sockets()[which]!;
    for (let n = 1; venue.connections < 3; n++) {
      bid(
        `0.4${n % 9}`,
        T0 + 10 + n,
        sockets().filter((socket) => socket !== frozen),
      );
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    await until(() => states(follower).includes("restored"), "both again");
    expect(states(follower)).toEqual(["degraded", "restored"]);
    expect(best(follower)).toEqual(["live", 4900, 5200]);
    expect(follower.feed.stats).toMatchObject({ gap: 0, stale: 0, disconnected: 0, resyncs: 0 });
  });

  it("is disconnected with both lost, and whole again with one", async () => {
    const follower = await follow();
    for (const socket of sockets()) socket.terminate();
    await until(() => follower.has("resynced"), "a new book");
    expect(states(follower)).toContain("disconnected");
    expect(states(follower)).not.toContain("gap");
    expect(best(follower)).toEqual(["live", 4800, 5200]);
  });

  it("is stale when both are silent and REST knows more, and then made anew", async () => {
    const follower = await follow({ silenceMs: 150 });
    bid("0.49", T0 + 10_000, []);
    await until(() => follower.has("resynced"), "a new book");
    await until(() => best(follower)[1] === 4900, "what was missed");
    expect(states(follower)).toContain("stale");
  });

  it("says that something may be wrong when one tells what the other has missed, and asks REST", async () => {
    const follower = await follow({ pairLagMs: 60_000 });
    const [first, second] = sockets();
    bid("0.49", T0 + 10, [second!]);
    bid("0.50", T0 + 20, [second!]);
    await until(() => follower.has("delta", 2), "two changes");
    tell(first!, change("0.49", "7", T0 + 10, "", "0.52"));
    tell(first!, change("0.45", "3", T0 + 15, "", "0.52"));
    venue.books.get(YES)!.timestamp = T0 + 21;
    await until(() => follower.has("resynced"), "a fresh book");
    expect(states(follower)).toEqual(["gap", "resynced"]);
    expect(follower.feed.stats).toMatchObject({ disagreements: 1, resyncs: 1 });
    expect(best(follower)).toEqual(["live", 5000, 5200]);
  });

  it("asks REST when one comes back with another book", async () => {
    const follower = await follow();
    // The change is told to one socket only: it is in no dump and REST does not know of it either.
    tell(sockets()[0]!, change("0.49", "7", T0 + 1_000, "0.49", "0.52"));
    await until(() => follower.has("delta"), "a change");
    sockets()[1]!.terminate();
    await until(() => follower.has("gap"), "the difference");
    venue.books.set(YES, { timestamp: T0 + 2_000, bids: [["0.47", "1"]], asks: [["0.52", "25"]] });
    await until(() => follower.has("resynced"), "a fresh book");
    expect(best(follower)).toEqual(["live", 4700, 5200]);
  });

  it("takes no older tick from a socket that is behind", async () => {
    const follower = await follow();
    const [first, second] = sockets();
    const tick = { event_type: "tick_size_change", market: MARKET, asset_id: YES, old_tick_size: "0.01" };
    tell(first!, { ...tick, new_tick_size: "0.001", timestamp: String(T0 + 10) });
    tell(first!, { ...tick, new_tick_size: "0.01", timestamp: String(T0 + 20) });
    await until(() => follower.has("tick_size_changed", 2), "two ticks");
    tell(second!, { ...tick, new_tick_size: "0.001", timestamp: String(T0 + 10) });
    tell(second!, { ...tick, new_tick_size: "0.01", timestamp: String(T0 + 20) });
    bid("0.49", T0 + 30, [second!]);
    await until(() => follower.has("delta"), "a change");
    expect(follower.words().filter((word) => word === "tick_size_changed")).toHaveLength(2);
    expect(follower.feed.tickOf(market().marketId)).toBe(100);
  });

  it("tells of an unreadable frame once", async () => {
    const follower = await follow();
    venue.send({ ...change("0.49", "-1", T0 + 10, "0.49", "0.52") });
    await until(() => follower.has("resynced"), "a fresh book");
    bid("0.50", T0 + 5_000);
    await until(() => best(follower)[1] === 5000, "a change");
    expect(follower.words().filter((word) => word === "frame_quarantined")).toHaveLength(1);
  });

  it("renews its sockets in turn without a word", async () => {
    const follower = await follow({ renewMs: 200 });
    for (let n = 1; venue.connections < 5; n++) {
      bid(`0.4${n % 9}`, T0 + 10 + n);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    expect(states(follower)).toEqual([]);
    expect(best(follower)[0]).toBe("live");
  });
});
