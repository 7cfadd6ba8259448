import type {
  BookEvent,
  CoreEvent,
  FeedHealth,
  MarketEvent,
  MatchRef,
  SourceEvent,
  SourceHealthChanged,
  FeedRedundancy,
  FrameQuarantined,
  Tier,
} from "../events/index.ts";
import type { SourceId, TokenId } from "../ids.ts";
import type { Millis, Nanos } from "../units/index.ts";

/** Receive times of a frame, put on every event that is decoded from it. */
export interface ReceiveStamp {
  readonly at: Nanos;
  readonly receivedAt: Millis;
}

/** A source of match facts. A source is added by implementing this; see the feed recipe in the documentation. */
export interface Feed {
  readonly id: SourceId;
  readonly tier: Tier;
  /** Where the source has its facts from; sources with one upstream are one vote. */
  readonly upstream: string;
  /** Facts in the order of arrival until the signal aborts or the source says that the match is over. */
  events(options: {
    readonly matches: readonly MatchRef[];
    readonly signal: AbortSignal;
  }): AsyncIterable<SourceEvent | SourceHealthChanged | FrameQuarantined>;
  health(): FeedHealth;
}

/** A venue's public market data. */
export interface MarketDataFeed {
  events(options: {
    readonly tokens: readonly TokenId[];
    readonly signal: AbortSignal;
  }): AsyncIterable<BookEvent | MarketEvent | FrameQuarantined | FeedRedundancy>;
  health(): FeedHealth;
}

/** A venue's list of markets. */
export interface MarketCatalog {
  markets(options: { readonly signal: AbortSignal }): AsyncIterable<MarketEvent>;
}

/**
 * Turns one feed's raw frames into events, synchronously. The same decoder runs behind the live socket and in replays of
 * a recording. Never throws for a bad frame: it emits a `frame_quarantined` instead.
 */
export interface FrameDecoder {
  /** Bytes `start` to `end` of `frame` are one frame, as received. Calls `emit` for each event, in order. */
  decode(
    frame: Uint8Array,
    start: number,
    end: number,
    stamp: ReceiveStamp,
    emit: (event: CoreEvent) => void,
  ): void;
}
