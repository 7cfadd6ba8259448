// A feed over two sockets on the venue, one of which freezes, lags or is cut on the way: the book stays the venue's own.
import {
  createMarketFeed,
  createWsTransport,
  type FeedEvent,
  type MarketFeed,
} from "@matchpoint/adapters-polymarket";
import type { RunningVenue } from "@matchpoint/paper-venue";
import {
  feeSchedule,
  id,
  MarketBook,
  SystemClock,
  type BookEvent,
  type MarketDescription,
  type Price,
  type Shares,
  type SocketHandlers,
  type Transport,
} from "@matchpoint/sdk";
import { Side } from "@polymarket/clob-client-v2";
import { afterAll, beforeAll, expect, test } from "vitest";
import { KEYS, quietVenue, trader, until, type Trader } from "./officialSupport.ts";

let venue: RunningVenue;
let alice: Trader;
beforeAll(async () => {
  venue = await quietVenue();
  alice = await trader(venue, KEYS[0], 10_000);
});
afterAll(() => venue.close());

/** Sockets on whose way something may happen: `frozen` swallows what they carry, `lateMs` holds it back. */
function roughWay(): Transport & { readonly ways: { frozen: boolean; lateMs: number; cut: () => void }[] } {
  const plain = createWsTransport({ closeTimeoutMs: 20 });
  const ways: { frozen: boolean; lateMs: number; cut: () => void }[] = [];
  return {
    ways,
    request: (call) => plain.request(call),
    connect(url, handlers, options) {
      const way = { frozen: false, lateMs: 0, cut: (): void => undefined };
      ways.push(way);
      const rough: SocketHandlers = {
        ...handlers,
        frame(bytes) {
          // Like the real freeze: the socket stays open and answers PING.
          if (way.frozen && bytes.length > 16) return;
          if (way.lateMs === 0) handlers.frame(bytes);
          else {
            const copy = bytes.slice();
            setTimeout(() => {
              handlers.frame(copy);
            }, way.lateMs);
          }
        },
      };
      const socket = plain.connect(url, rough, options);
      way.cut = () => {
        socket.close();
      };
      return socket;
    },
  };
}

function follow(index: number) {
  const { conditionId, question, tokens } = venue.markets[index]!;
  const market: MarketDescription = {
    marketId: id(conditionId),
    title: question,
    outcomes: [
      { tokenId: id(tokens[0]!.tokenId), name: "A" },
      { tokenId: id(tokens[1]!.tokenId), name: "B" },
    ],
    tick: 100 as Price,
    minSize: 5_000_000 as Shares,
    fee: feeSchedule(0, 1, true),
    takerDelayMs: 0,
    mirrored: true,
    negRisk: false,
    acceptingOrders: true,
    clearBookOnStart: false,
  };
  const transport = roughWay();
  const stop = new AbortController();
  const events: FeedEvent[] = [];
  const feed: MarketFeed = createMarketFeed({
    transport,
    clock: new SystemClock(),
    markets: [market],
    url: venue.wsMarket,
    restUrl: venue.clob,
    sockets: 2,
    pairLagMs: 200,
    minBackoffMs: 10,
    maxBackoffMs: 50,
  });
  const book = new MarketBook(market);
  const done = (async () => {
    for await (const event of feed.events({
      tokens: market.outcomes.map(({ tokenId }) => tokenId),
      signal: stop.signal,
    })) {
      events.push(event);
      if (event.type.startsWith("book_") || event.type === "best_quote") book.apply(event as BookEvent);
    }
  })();
  const states = () =>
    events.flatMap((event) =>
      event.type === "book_continuity" || event.type === "feed_redundancy" ? [event.state] : [],
    );
  return { ...transport, feed, book, states, token: tokens[0]!.tokenId, stop, done };
}

test("one frozen socket, then a late one, then a cut one: no gap, no change lost, and the venue's own book", async () => {
  const { ways, feed, book, states, token, stop, done } = follow(0);
  await until(() => book.status === "live" && ways.length === 2);
  let orders = 0;
  const order = async () => {
    const price = [0.3, 0.31, 0.32][orders++ % 3]!;
    await alice.client.createAndPostOrder({ tokenID: token, side: Side.BUY, price, size: 5 + orders });
  };
  const settled = async () => {
    const { bids } = await alice.client.getOrderBook(token);
    const all = bids.map(({ price, size }) => `${price} ${Number(size)}`).sort();
    await until(() => {
      const own = [0.3, 0.31, 0.32].flatMap((price) => {
        const size = book.sizeAt(0, "bid", Math.round(price * 10_000) as Price);
        return size === 0 ? [] : [`${price} ${size / 1e6}`];
      });
      return own.join() === all.join();
    });
  };
  await order();
  await settled();
  // The first socket freezes while it leads.
  ways[0]!.frozen = true;
  for (let i = 0; i < 5; i++) await order();
  await until(() => ways.length === 3);
  await until(() => states().join() === "degraded,restored");
  await settled();
  // The second carries everything late; then the one that leads is cut, while changes are on the way.
  ways[1]!.lateMs = 30;
  for (let i = 0; i < 5; i++) await order();
  await settled();
  await new Promise((resolve) => setTimeout(resolve, 50));
  ways[2]!.cut();
  for (let i = 0; i < 3; i++) await order();
  await until(() => states().join() === "degraded,restored,degraded,restored");
  await settled();
  expect(feed.stats).toMatchObject({ gap: 0, stale: 0, disconnected: 0, resyncs: 0, disagreements: 0 });
  expect(book.stats.mismatches).toBe(0);
  stop.abort();
  await done;
});
