import {
  MatchpointError,
  NANOS_PER_MS,
  type BookSnapshot,
  type ReceiveStamp,
  type TickSizeChanged,
} from "@matchpoint/sdk";
import { MAX_AHEAD_MS, newsOf, type Change } from "./cover.ts";
import type { FeedPorts, FeedSettings, MarketFeedStats } from "./feedOptions.ts";
import { SAME_TIME_MS, type RestBook, type RestBooks } from "./restBook.ts";
import { openLine, type Resync, type Tracked } from "./tracked.ts";

/** Where mended markets go. */
export interface ResyncSink {
  /** A whole book of a cover is about to be pushed. */
  whole(market: Tracked, cover: number): void;
  push(market: Tracked, event: BookSnapshot | TickSizeChanged | Change): void;
  stamp(): ReceiveStamp;
}

/** So many changes wait for a book at most; beyond it they are given up, and the book must include them. */
const HELD_LIMIT = 1_000;
/** After so many times `restLagMs` REST has surely caught up: only its stamps are a little behind. */
const CAUGHT_UP = 5;
/** So many of them later it is our own word that is wrong. */
const GIVE_IN = 30;

/**
 * Mends broken markets with books from REST, until each has all of its books: with backoff, one call at a time per market.
 * Changes that the socket brings meanwhile are held back, since a book that is older than them would undo them.
 *
 * A book from REST may come from a cache: it is believed only when it is newer than all that was told before the loss, and thus
 * knows of the loss, or when REST had time to catch up and has nothing newer.
 */
export class Resyncer {
  readonly #ports: FeedPorts;
  readonly #settings: FeedSettings;
  readonly #stats: MarketFeedStats;
  readonly #rest: RestBooks;
  readonly #closed: AbortSignal;
  readonly #sink: ResyncSink;

  constructor(
    ports: FeedPorts,
    settings: FeedSettings,
    stats: MarketFeedStats,
    rest: RestBooks,
    closed: AbortSignal,
    sink: ResyncSink,
  ) {
    this.#ports = ports;
    this.#settings = settings;
    this.#stats = stats;
    this.#rest = rest;
    this.#closed = closed;
    this.#sink = sink;
  }

  /** Mends a market, unless that is under way or cannot be done now. */
  start(market: Tracked): void {
    if (market.resync !== undefined || market.lost) return;
    if (openLine(market.shard) === undefined) return; // subscribing again brings a book
    const resync: Resync = {
      held: [],
      outdated: market.covers.map(() => 0),
      known: market.covers.map((cover) => cover.changedAt),
      lostAt: this.#ports.clock.monotonic(),
      overtaken: false,
      call: undefined,
      wait: undefined,
    };
    market.resync = resync;
    this.#ask(market, resync, 0);
  }

  /** Keeps a change until the market is whole. */
  hold(market: Tracked, resync: Resync, change: Change): void {
    if (resync.held.length >= HELD_LIMIT) this.#giveUp(market, resync);
    resync.held.push(change);
  }

  /** Something else of a market was lost: the books must be asked for after it, and changes before it may undo it. */
  overtake(market: Tracked, resync: Resync): void {
    this.#giveUp(market, resync);
    resync.lostAt = this.#ports.clock.monotonic();
    resync.overtaken = true;
  }

  /** The socket brings a book. It is in order with itself: what was held back is part of this book. */
  had(market: Tracked, cover: number): void {
    const { resync } = market;
    if (resync === undefined) return;
    resync.outdated[cover] = resync.held.length;
    resync.known[cover] = market.covers[cover]!.changedAt;
  }

  /** Ends the resync of a market that has all of its books, and lets go what they do not include. */
  finish(market: Tracked): void {
    const { resync } = market;
    if (resync === undefined) return;
    this.cancel(market);
    const { at } = this.#sink.stamp();
    for (const [index, change] of resync.held.entries()) {
      const news = newsOf(market.covers, change, index, resync.outdated);
      if (news === undefined) this.#stats.superseded++;
      else this.#sink.push(market, { ...news, at });
    }
  }

  /** Drops a resync and what it held back. */
  cancel(market: Tracked): void {
    const { resync } = market;
    market.resync = undefined;
    resync?.wait?.();
    resync?.call?.abort();
  }

  #giveUp(market: Tracked, resync: Resync): void {
    this.#stats.superseded += resync.held.length;
    resync.held.length = 0;
    for (const [index, cover] of market.covers.entries()) {
      market.missing.add(index);
      resync.outdated[index] = 0;
      resync.known[index] = cover.changedAt;
    }
  }

  #ask(market: Tracked, resync: Resync, afterMs: number): void {
    const { clock } = this.#ports;
    const ms = Math.max(afterMs, (market.notBefore - clock.monotonic()) / NANOS_PER_MS);
    if (ms <= 0) {
      void this.#run(market, resync);
      return;
    }
    resync.wait = clock.after(ms, () => {
      resync.wait = undefined;
      void this.#run(market, resync);
    });
  }

  async #run(market: Tracked, resync: Resync): Promise<void> {
    const { clock, logger, random } = this.#ports;
    const { resyncEveryMs, minBackoffMs, maxBackoffMs } = this.#settings;
    market.notBefore = clock.monotonic() + resyncEveryMs * NANOS_PER_MS;
    this.#stats.resyncs++;
    resync.overtaken = false;
    let books: ReadonlyMap<number, RestBook>;
    try {
      books = await this.#fetch(market, resync);
    } catch (error) {
      if (market.resync !== resync) return;
      this.#stats.failedResyncs++;
      logger?.warn("a book could not be had", { marketId: market.marketId, error: String(error) });
      if (market.lost) {
        this.cancel(market); // it begins anew when the reader has read on
        return;
      }
      const most = Math.min(maxBackoffMs, minBackoffMs * 2 ** Math.min(++market.failures, 30));
      this.#ask(market, resync, most * (1 - random() / 2));
      return;
    }
    if (market.resync !== resync) return;
    for (const [cover, book] of books)
      if (market.missing.has(cover) && !market.lost) this.#take(market, cover, book);
    this.finish(market);
  }

  /** The missing books, those that become missing meanwhile included; all or none. */
  async #fetch(market: Tracked, resync: Resync): Promise<ReadonlyMap<number, RestBook>> {
    resync.call = new AbortController();
    const signal = AbortSignal.any([resync.call.signal, this.#closed]);
    const books = new Map<number, RestBook>();
    for (const cover of market.missing) {
      const askedAt = this.#ports.clock.monotonic();
      const body = await this.#rest.fetch(market.covers[cover]!.tokenId, signal);
      if (market.resync !== resync) break;
      if (resync.overtaken) throw unusable("something else was missed while it was under way");
      if (market.lost) throw unusable("the reader is too slow to get it");
      if (body === undefined) throw unusable("the venue has no book of this token");
      books.set(cover, this.#read(market, resync, cover, body, askedAt));
    }
    return books;
  }

  #read(market: Tracked, resync: Resync, cover: number, body: Uint8Array, askedAt: number): RestBook {
    const book = this.#rest.read(body, market.marketId, market.covers[cover]!, this.#sink.stamp());
    const behind = resync.known[cover]! - (book.snapshot.occurredAt ?? 0);
    const { restLagMs } = this.#settings;
    const waitedMs = (askedAt - resync.lostAt) / NANOS_PER_MS;
    if (behind <= allowedBehind(waitedMs / restLagMs)) return book;
    throw unusable(
      behind === 0
        ? "it is what was known before, and REST may not know better yet"
        : `it is ${behind} ms older than what is known`,
    );
  }

  #take(market: Tracked, index: number, { snapshot, tick }: RestBook): void {
    const cover = market.covers[index]!;
    const occurredAt = snapshot.occurredAt ?? 0;
    cover.changedAt = Math.max(cover.changedAt, occurredAt);
    // Changes are told again that may be in the book: in their order they lead to the same, and none is left out.
    cover.floor = occurredAt - SAME_TIME_MS;
    market.heardAt = snapshot.at;
    if (tick !== undefined && occurredAt >= market.tickAt && this.#rest.adopt(tick)) {
      market.tickAt = occurredAt;
      this.#sink.push(market, tick);
    }
    this.#sink.whole(market, index);
    this.#sink.push(market, { ...snapshot, at: this.#sink.stamp().at });
  }
}

function unusable(why: string): MatchpointError {
  return new MatchpointError("HTTP_RESPONSE_INVALID", `the book cannot be used: ${why}`);
}

/**
 * How much older than what is known a book from REST may be, after so many lags of REST's: at first it must be newer, then as
 * new; later stamps that differ a little are forgiven, and in the end a time that had been ahead of its own.
 */
function allowedBehind(lags: number): number {
  if (lags < 1) return -1;
  if (lags < CAUGHT_UP) return 0;
  return lags < GIVE_IN ? SAME_TIME_MS : MAX_AHEAD_MS;
}
