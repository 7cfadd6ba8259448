import {
  MatchpointError,
  NANOS_PER_MS,
  type BookDelta,
  type BookSnapshot,
  type BestQuote,
  type ReceiveStamp,
  type TickSizeChanged,
} from "@matchpoint/sdk";
import { SAME_TIME_MS } from "./audit.ts";
import type { MarketDecoder } from "./decoder.ts";
import type { FeedPorts, FeedSettings, MarketFeedStats } from "./feedOptions.ts";
import { fetchBook, readBook } from "./restBook.ts";
import type { Resync, Tracked } from "./tracked.ts";

/** Where mended markets go. */
export interface ResyncSink {
  /** A whole book of a cover is about to be pushed. */
  whole(market: Tracked, cover: number): void;
  push(market: Tracked, event: BookSnapshot | TickSizeChanged | BookDelta | BestQuote): void;
  stamp(): ReceiveStamp;
}

/**
 * Mends broken markets with books from REST, until one is had: with backoff, one at a time per market. Changes that the socket
 * brings meanwhile are held back, since some may already be in the book and an older size must not replace a newer one.
 */
export class Resyncer {
  readonly #ports: FeedPorts;
  readonly #settings: FeedSettings;
  readonly #stats: MarketFeedStats;
  readonly #decoder: MarketDecoder;
  readonly #closed: AbortSignal;
  readonly #sink: ResyncSink;

  constructor(
    ports: FeedPorts,
    settings: FeedSettings,
    stats: MarketFeedStats,
    decoder: MarketDecoder,
    closed: AbortSignal,
    sink: ResyncSink,
  ) {
    this.#ports = ports;
    this.#settings = settings;
    this.#stats = stats;
    this.#decoder = decoder;
    this.#closed = closed;
    this.#sink = sink;
  }

  /** Mends a market, unless that is under way or cannot be done now. */
  start(market: Tracked): void {
    if (market.resync !== undefined || market.retry !== undefined || market.lost) return;
    if (market.shard.connection.state !== "open") return; // subscribing again brings a book
    const now = this.#ports.clock.monotonic();
    if (now < market.notBefore) {
      this.#later(market, (market.notBefore - now) / NANOS_PER_MS);
      return;
    }
    market.notBefore = now + this.#settings.resyncEveryMs * NANOS_PER_MS;
    const resync: Resync = { abort: new AbortController(), held: [], overtaken: false };
    market.resync = resync;
    this.#stats.resyncs++;
    void this.#run(market, resync);
  }

  /** Drops a resync and what it held back. */
  cancel(market: Tracked): void {
    market.retry?.();
    market.retry = undefined;
    const resync = market.resync;
    market.resync = undefined;
    resync?.abort.abort();
  }

  #later(market: Tracked, ms: number): void {
    market.retry = this.#ports.clock.after(ms, () => {
      market.retry = undefined;
      if (market.missing.size > 0) this.start(market);
    });
  }

  async #run(market: Tracked, resync: Resync): Promise<void> {
    const { transport, logger, random } = this.#ports;
    const { restUrl, timeoutMs, minBackoffMs, maxBackoffMs } = this.#settings;
    const call = {
      transport,
      restUrl,
      timeoutMs,
      signal: AbortSignal.any([resync.abort.signal, this.#closed]),
    };
    const known = market.occurredAt;
    try {
      for (const cover of [...market.missing]) {
        const body = await fetchBook(call, market.covers[cover]!);
        if (market.resync !== resync) return;
        this.#take(market, resync, cover, body, known);
      }
    } catch (error) {
      if (market.resync !== resync) return;
      this.#stats.failedResyncs++;
      logger?.warn("a book could not be had", { marketId: market.marketId, error: String(error) });
    }
    this.#release(market, resync);
    if (market.missing.size === 0) return;
    const most = Math.min(maxBackoffMs, minBackoffMs * 2 ** Math.min(++market.failures, 30));
    this.#later(market, most * (1 - random() / 2));
  }

  #take(market: Tracked, resync: Resync, cover: number, body: Uint8Array | undefined, known: number): void {
    if (body === undefined) throw unusable("the venue has no book of this token");
    if (resync.overtaken) throw unusable("something else was missed while it was under way");
    if (market.lost) throw unusable("the reader is too slow to get it");
    const { snapshot, tick } = readBook(this.#decoder, body, market.marketId, this.#sink.stamp());
    const occurredAt = snapshot.occurredAt ?? 0;
    if (occurredAt < known - SAME_TIME_MS)
      throw unusable(`it is ${known - occurredAt} ms older than what is known`);
    if (occurredAt > market.occurredAt) market.occurredAt = occurredAt;
    market.floor = occurredAt;
    market.heardAt = snapshot.at;
    if (tick !== undefined) this.#sink.push(market, tick);
    this.#sink.whole(market, cover);
    this.#sink.push(market, { ...snapshot, at: this.#sink.stamp().at });
  }

  /** Lets go what was held back, but for what the new book includes. */
  #release(market: Tracked, resync: Resync): void {
    market.resync = undefined;
    const { at } = this.#sink.stamp();
    for (const event of resync.held) {
      if ((event.occurredAt ?? Infinity) < market.floor) this.#stats.superseded++;
      else this.#sink.push(market, { ...event, at });
    }
  }
}

function unusable(why: string): MatchpointError {
  return new MatchpointError("HTTP_RESPONSE_INVALID", `the book cannot be used: ${why}`);
}
