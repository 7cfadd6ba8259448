import type { Clock, Logger, MarketDescription, ReceiveStamp, Transport } from "@matchpoint/sdk";
import type { ConnectionTiming } from "./connection.ts";

/** What a feed runs on. */
export interface FeedPorts {
  readonly transport: Transport;
  readonly clock: Clock;
  /** A number from 0 to 1, for jitter; seed it to get the same reconnects again. */
  readonly random: () => number;
  readonly maxPayload: number;
  readonly logger?: Logger;
  /**
   * Sees every frame as it came, for a recording, and of which socket of a pair (0 or 1): each of them is a recording of its own. The
   * bytes are only valid during the call.
   */
  readonly onFrame?: (bytes: Uint8Array, stamp: ReceiveStamp, socket: 0 | 1) => void;
}

/** How a feed behaves. Times in ms. */
export interface FeedSettings extends ConnectionTiming {
  readonly url: string;
  readonly restUrl: string;
  /** Assets per socket; more than 500 get no initial snapshot from the venue. */
  readonly shardSize: number;
  /** A subscribed market without a book after this is a gap. */
  readonly snapshotMs: number;
  /** A market without any event for so long is compared with REST. */
  readonly marketSilenceMs: number;
  /** A market's book is asked of REST at most this often. */
  readonly resyncEveryMs: number;
  /** So much the books of REST may be behind the socket; one that only repeats what was known is not believed before. */
  readonly restLagMs: number;
  /** Deadline of a REST call. */
  readonly timeoutMs: number;
  /**
   * Sockets per shard: 2 follows every asset over two connections at once. What either tells first counts; one that is lost or falls
   * silent is replaced without a gap while the other goes on.
   */
  readonly sockets: 1 | 2;
  /** So long one socket of a pair may be behind the other before it is replaced. */
  readonly pairLagMs: number;
  /** How often each socket of a pair is renewed, in turn with the other; 0: never. */
  readonly renewMs: number;
  /** Events that may wait for the reader; beyond it markets lose theirs, are told of the gap and get a fresh book. */
  readonly queueCapacity: number;
}

/** The defaults of {@link FeedSettings}. */
export const FEED_DEFAULTS: FeedSettings = {
  url: "wss://ws-subscriptions-clob.polymarket.com/ws/market",
  restUrl: "https://clob.polymarket.com",
  shardSize: 200,
  snapshotMs: 5_000,
  connectMs: 10_000,
  pingMs: 10_000,
  pongMs: 10_000,
  silenceMs: 30_000,
  marketSilenceMs: 60_000,
  resyncEveryMs: 1_000,
  restLagMs: 2_000,
  timeoutMs: 5_000,
  minBackoffMs: 250,
  maxBackoffMs: 30_000,
  sockets: 1,
  pairLagMs: 5_000,
  renewMs: 600_000,
  queueCapacity: 65_536,
};

/** Options of `createMarketFeed`. */
export interface MarketFeedOptions extends Partial<FeedSettings> {
  readonly transport: Transport;
  readonly clock: Clock;
  /** The markets whose tokens may be asked for. */
  readonly markets: Iterable<MarketDescription>;
  /** Jitter; default `Math.random`. */
  readonly random?: () => number;
  readonly maxPayload?: number;
  readonly logger?: Logger;
  readonly onFrame?: (bytes: Uint8Array, stamp: ReceiveStamp, socket: 0 | 1) => void;
}

/** Counters of a feed over all its sessions. */
export interface MarketFeedStats {
  frames: number;
  quarantined: number;
  reconnects: number;
  missingSnapshots: number;
  /** Books asked of REST to mend a market, and those that could not be had. */
  resyncs: number;
  failedResyncs: number;
  /** Comparisons with REST because of silence. */
  audits: number;
  /** Changes left out because a book from REST includes them. */
  superseded: number;
  /** How often a pair lost one of its sockets, and how often its sockets contradicted each other. */
  degraded: number;
  disagreements: number;
  /** Events that did not fit into the queue. */
  overflowed: number;
  /** How often markets were said to be in each state. */
  gap: number;
  stale: number;
  disconnected: number;
  resynced: number;
}
