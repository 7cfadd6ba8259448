import {
  MatchpointError,
  type FeedHealth,
  type MarketDataFeed,
  type MarketDescription,
  type MarketId,
  type Price,
  type TokenId,
} from "@matchpoint/sdk";
import {
  FEED_DEFAULTS,
  type FeedPorts,
  type FeedSettings,
  type MarketFeedOptions,
  type MarketFeedStats,
} from "./feedOptions.ts";
import type { FeedEvent } from "./marketStream.ts";
import { MarketSession } from "./session.ts";

const MAX_PAYLOAD = 16 * 1024 * 1024;

/** Polymarket's market channel as a {@link MarketDataFeed}. */
export interface MarketFeed extends MarketDataFeed {
  events(options: {
    readonly tokens: readonly TokenId[];
    readonly signal: AbortSignal;
  }): AsyncIterableIterator<FeedEvent>;
  /**
   * Fetches a market's book anew: for who keeps the book and found that it contradicts what the venue states.
   * @throws `MatchpointError` `MARKET_UNKNOWN` when nobody follows it
   */
  requestResync(marketId: MarketId, reason?: string): void;
  /** Adds a market, or replaces what is known of it, for subscriptions that are made from now on. */
  add(market: MarketDescription): void;
  /** The tick of a market as the venue said it last; `undefined` when nobody follows it. */
  tickOf(marketId: MarketId): Price | undefined;
  readonly stats: Readonly<MarketFeedStats>;
}

/**
 * Follows books on Polymarket's market channel and heals what breaks: it reconnects with jittered backoff, gets missing or
 * doubtful books from REST, and tells with `book_continuity` what may be trusted when.
 *
 * Silence is not taken for quiet: a silent socket or market is compared with REST, and is `stale` when REST is ahead or does not
 * answer.
 *
 * @example
 * ```ts
 * import { createMarketFeed, createWsTransport } from "@matchpoint/adapters-polymarket";
 * import { SystemClock, type MarketDescription } from "@matchpoint/sdk";
 *
 * async function print(market: MarketDescription, signal: AbortSignal) {
 *   const feed = createMarketFeed({ transport: createWsTransport(), clock: new SystemClock(), markets: [market] });
 *   for await (const event of feed.events({ tokens: [market.outcomes[0].tokenId], signal })) console.log(event.type);
 * }
 * ```
 */
export function createMarketFeed(options: MarketFeedOptions): MarketFeed {
  const { transport, clock, markets, random, maxPayload, logger, onFrame, ...given } = options;
  const ports: FeedPorts = {
    transport,
    clock,
    random: random ?? Math.random,
    maxPayload: maxPayload ?? MAX_PAYLOAD,
    ...(logger === undefined ? {} : { logger }),
    ...(onFrame === undefined ? {} : { onFrame }),
  };
  return new PolymarketFeed(markets, ports, { ...FEED_DEFAULTS, ...given });
}

class PolymarketFeed implements MarketFeed {
  readonly stats: MarketFeedStats = {
    frames: 0,
    quarantined: 0,
    reconnects: 0,
    missingSnapshots: 0,
    resyncs: 0,
    failedResyncs: 0,
    audits: 0,
    superseded: 0,
    degraded: 0,
    disagreements: 0,
    overflowed: 0,
    gap: 0,
    stale: 0,
    disconnected: 0,
    resynced: 0,
  };
  readonly #markets = new Map<MarketId, MarketDescription>();
  readonly #ports: FeedPorts;
  readonly #settings: FeedSettings;
  readonly #sessions = new Set<MarketSession>();

  constructor(markets: Iterable<MarketDescription>, ports: FeedPorts, settings: FeedSettings) {
    for (const market of markets) this.add(market);
    this.#ports = ports;
    this.#settings = settings;
  }

  events(options: {
    readonly tokens: readonly TokenId[];
    readonly signal: AbortSignal;
  }): AsyncIterableIterator<FeedEvent> {
    const tokens = new Set(options.tokens);
    const unknown = new Set(tokens);
    const markets: MarketDescription[] = [];
    for (const market of this.#markets.values()) {
      const own = market.outcomes.filter((outcome) => tokens.has(outcome.tokenId));
      if (own.length > 0) markets.push(market);
      for (const outcome of own) unknown.delete(outcome.tokenId);
    }
    for (const tokenId of unknown) {
      throw new MatchpointError("MARKET_UNKNOWN", `token ${tokenId} is of no market that this feed knows`, {
        hint: "give its market to createMarketFeed, or to add()",
      });
    }
    const { signal } = options;
    const stop = () => {
      session.stop();
    };
    const session = new MarketSession(markets, tokens, this.#ports, this.#settings, this.stats, () => {
      signal.removeEventListener("abort", stop);
      this.#sessions.delete(session);
    });
    if (signal.aborted) {
      stop();
      return session.queue;
    }
    signal.addEventListener("abort", stop, { once: true });
    this.#sessions.add(session);
    session.start();
    return session.queue;
  }

  requestResync(marketId: MarketId, reason = "asked for"): void {
    let followed = false;
    for (const session of this.#sessions) if (session.requestResync(marketId, reason)) followed = true;
    if (!followed) throw new MatchpointError("MARKET_UNKNOWN", `nobody follows market ${marketId}`);
  }

  add(market: MarketDescription): void {
    this.#markets.set(market.marketId, market);
  }

  tickOf(marketId: MarketId): Price | undefined {
    for (const session of this.#sessions) {
      const tick = session.tickOf(marketId);
      if (tick !== undefined) return tick;
    }
    return undefined;
  }

  health(): FeedHealth {
    const order: readonly FeedHealth[] = ["down", "connecting", "stale", "replaying", "live"];
    const states = [...this.#sessions].map((session) => session.health());
    return order.find((state) => states.includes(state)) ?? "down";
  }
}
