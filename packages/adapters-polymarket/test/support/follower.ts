import { id, MarketBook, SystemClock, type BookEvent, type MarketDescription } from "@matchpoint/sdk";
import {
  createMarketFeed,
  createWsTransport,
  type FeedEvent,
  type MarketFeed,
  type MarketFeedOptions,
} from "../../src/index.ts";
import type { FakeVenue } from "./fakeVenue.ts";
import { market, MARKET, YES } from "./markets.ts";

/** When the venue's books begin. */
export const T0 = 1_790_000_000_000;

/** Times short enough to test. */
export const FAST: Partial<MarketFeedOptions> = {
  pingMs: 40,
  pongMs: 200,
  connectMs: 2_000,
  silenceMs: 20_000,
  marketSilenceMs: 20_000,
  snapshotMs: 1_500,
  timeoutMs: 400,
  resyncEveryMs: 20,
  restLagMs: 20,
  minBackoffMs: 10,
  maxBackoffMs: 40,
};

/** A `price_change` of one bid. */
export function change(price: string, size: string, at: number, bid: string, ask: string, token = YES) {
  return {
    event_type: "price_change",
    market: MARKET,
    timestamp: String(at),
    price_changes: [{ asset_id: token, price, size, side: "BUY", hash: "h", best_bid: bid, best_ask: ask }],
  };
}

/** One reader of a feed and what it saw. */
export interface Follower {
  readonly feed: MarketFeed;
  readonly events: FeedEvent[];
  readonly controller: AbortController;
  readonly done: Promise<void>;
  /** The events as short words: `snapshot`, `delta`, `gap`… */
  words(): string[];
  has(word: string, times?: number): boolean;
}

/** Follows markets of a venue until `controller` is aborted. */
export function follow(
  venue: FakeVenue,
  options: Partial<MarketFeedOptions> = {},
  markets: readonly MarketDescription[] = [market()],
  tokens: readonly string[] = [YES],
): Follower {
  const feed = createMarketFeed({
    transport: createWsTransport({ closeTimeoutMs: 20 }),
    clock: new SystemClock(),
    markets,
    random: () => 0.5,
    url: venue.url,
    restUrl: venue.restUrl,
    ...FAST,
    ...options,
  });
  const controller = new AbortController();
  const events: FeedEvent[] = [];
  const done = (async () => {
    for await (const event of feed.events({
      tokens: tokens.map((token) => id(token)),
      signal: controller.signal,
    }))
      events.push(event);
  })();
  const words = () =>
    events.map((event) => (event.type === "book_continuity" ? event.state : event.type.replace("book_", "")));
  const has = (word: string, times = 1) => words().filter((each) => each === word).length >= times;
  return { feed, events, controller, done, words, has };
}

/** The book that a reader of the events has. */
export function bookOf(events: readonly FeedEvent[], of: MarketDescription = market()): MarketBook {
  const book = new MarketBook(of);
  for (const event of events)
    if (event.type.startsWith("book_") || event.type === "best_quote") book.apply(event as BookEvent);
  return book;
}
