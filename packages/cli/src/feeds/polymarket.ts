import { createMarketFeed, createWsTransport } from "@matchpoint/adapters-polymarket";
import {
  configuredMatches,
  id,
  subjectClaim,
  type BotConfig,
  type Clock,
  type CoreEvent,
  type Logger,
  type MarketDescription,
  type MarketId,
  type MatchRegistry,
  type SubjectClaim,
} from "@matchpoint/sdk";
import { z } from "zod";
import { plural } from "../report/format.ts";
import { Batches } from "./batches.ts";
import { defined, enabled, http, ms, socketUrl } from "./options.ts";
import { askable, LISTING_DEFAULTS, VenueListings, type Say } from "./venueListings.ts";

/** What the venue's market data can be told in the configuration. */
export const POLYMARKET = z.strictObject({
  enabled: enabled.describe("Books, trades and resolutions of the configured markets."),
  socket_url: socketUrl,
  rest_url: http.optional().describe("Where whole books are fetched after a gap, and the venue's time."),
  silence_ms: ms.optional().describe("Silence of the socket after which REST is asked whether it is frozen."),
  sockets: z
    .union([z.literal(1), z.literal(2)])
    .default(1)
    .describe(
      "2: every book is followed over two connections at once; one that is lost or falls silent is replaced without a gap.",
    ),
  gamma_url: http.optional().describe("Where it is asked what a market is about and what it pays."),
  resolutions_poll_ms: ms.optional().describe("How often it is asked; default 30 seconds."),
  terms_poll_ms: ms
    .default(LISTING_DEFAULTS.termsPollMs)
    .describe("How often the venue is asked for each market's fee, delay, tick, smallest order and start."),
  terms_max_age_ms: ms
    .default(LISTING_DEFAULTS.termsMaxAgeMs)
    .describe("How old the venue's word on a market may be before entries are denied (`TERMS_STALE`)."),
});

/** Market data of a live run. */
export interface OpenMarkets {
  readonly sources: readonly AsyncIterable<CoreEvent>[];
  readonly lines: readonly string[];
  /** Has a market's book fetched anew. */
  readonly resync: (marketId: MarketId, reason: string) => void;
  /** Follows more markets, until they are resolved. */
  readonly add: (markets: readonly MarketDescription[]) => void;
}

/** What is found while a run goes on, and whom to tell of what is over. */
export interface Growth {
  /** The matches that found markets may be about, beside the configured ones. */
  readonly registry: MatchRegistry;
  readonly onResolved: (marketId: MarketId) => void;
}

/** Opens the books of markets, and asks what they are about and what they pay. */
export function openPolymarket(
  options: z.output<typeof POLYMARKET>,
  config: Pick<BotConfig, "matches" | "markets" | "mode">,
  markets: readonly MarketDescription[],
  clock: Clock,
  signal: AbortSignal,
  say: Say,
  growth?: Growth,
  logger?: Logger,
): OpenMarkets {
  const { socket_url: url, rest_url: restUrl, silence_ms: silenceMs, sockets } = options;
  const { gamma_url: gammaUrl, resolutions_poll_ms: pollMs } = options;
  const { terms_poll_ms: termsPollMs, terms_max_age_ms: termsMaxAgeMs } = options;
  const feed = createMarketFeed({
    transport: createWsTransport(),
    clock,
    markets,
    sockets,
    ...defined({ url, restUrl, silenceMs, logger }),
  });
  const batches = new Batches(feed, signal);
  batches.add(markets);
  const lines = [`polymarket: the books of ${plural(markets.length, "market")}`];
  const claims = new Map<MarketId, SubjectClaim>();
  for (const market of config.markets) {
    const claim = subjectClaim(market);
    if (claim !== undefined) claims.set(id(market.id), claim);
  }
  const settled = askable(markets).length;
  if (settled < markets.length) {
    lines.push(
      `polymarket: ${plural(markets.length - settled, "market")} will neither be confirmed nor settled by Polymarket: the id is no condition id`,
    );
  }
  const resync = (marketId: MarketId, reason: string): void => {
    feed.requestResync(marketId, reason);
  };
  const listings = new VenueListings(markets, {
    clock,
    signal,
    say,
    claims,
    registry: growth?.registry ?? configuredMatches(config.matches),
    termsRead: config.mode === "live",
    onResolved: (marketId) => {
      growth?.onResolved(marketId);
      batches.resolved(marketId);
    },
    tickOf: (marketId) => feed.tickOf(marketId),
    resync,
    termsPollMs,
    termsMaxAgeMs,
    ...defined({ gammaUrl, restUrl, pollMs }),
  });
  const followed = new Set(markets.map(({ marketId }) => marketId));
  return {
    sources: [batches.events(), listings.listings(), listings.terms()],
    lines,
    resync,
    add: (more) => {
      // Over two subscriptions a book would be told in two orders.
      const fresh = more.filter(({ marketId }) => !followed.has(marketId));
      for (const market of fresh) {
        followed.add(market.marketId);
        feed.add(market);
        listings.add(market);
      }
      batches.add(fresh);
    },
  };
}
