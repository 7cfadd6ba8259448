import type {
  BookContinuity,
  BookEvent,
  BookSnapshot,
  CoreEvent,
  FeedRedundancy,
  FrameQuarantined,
  MarketEvent,
  MarketId,
  MarketResolvedHint,
  ReceiveStamp,
} from "@matchpoint/sdk";
import { isAhead, newsOf, noteChange, type Change } from "./cover.ts";
import { MARKET_FEED, SAMPLE } from "./decoder.ts";
import { EventQueue } from "./eventQueue.ts";
import type { FeedPorts, FeedSettings, MarketFeedStats } from "./feedOptions.ts";
import type { RestBooks } from "./restBook.ts";
import { Resyncer } from "./resyncer.ts";
import type { Broken, Shard, Tracked } from "./tracked.ts";

/** What a market data feed yields. */
export type FeedEvent = BookEvent | MarketEvent | FrameQuarantined | FeedRedundancy;

/** What a stream is made of. */
export interface MarketStreamOptions {
  readonly ports: FeedPorts;
  readonly settings: FeedSettings;
  readonly stats: MarketFeedStats;
  readonly rest: RestBooks;
  /** Aborted when the session is over. */
  readonly closed: AbortSignal;
  /** The reader has gone, or the session was stopped. */
  readonly onEnd: () => void;
}

/**
 * What is heard of the followed markets, on its way to the reader: every market's continuity. A market that misses something is said
 * to be broken before anything else of it, mended by a fresh book, and said to be whole before that book.
 */
export class MarketStream {
  readonly queue: EventQueue<FeedEvent>;
  readonly markets = new Map<MarketId, Tracked>();
  readonly resyncer: Resyncer;
  readonly #ports: FeedPorts;
  readonly #settings: FeedSettings;
  readonly #stats: MarketFeedStats;
  /** The shard whose frame is being read. */
  #reading: Shard | undefined;
  /** Its stamp: what the frame brings about is stamped like the frame, so that time never goes back. */
  #frameStamp: ReceiveStamp | undefined;

  constructor({ ports, settings, stats, rest, closed, onEnd }: MarketStreamOptions) {
    this.#ports = ports;
    this.#settings = settings;
    this.#stats = stats;
    this.queue = new EventQueue(settings.queueCapacity >> 1, onEnd, () => {
      this.#onRoom();
    });
    this.resyncer = new Resyncer(ports, settings, stats, rest, closed, {
      whole: (market, cover) => {
        this.#whole(market, cover);
      },
      push: (market, event) => {
        this.#push(market, event);
      },
      stamp: () => this.stamp(),
    });
  }

  /** A frame is read from here on, to {@link MarketStream.end}: what it brings about is stamped like it, and is its shard's. */
  begin(shard: Shard, stamp: ReceiveStamp): void {
    this.#reading = shard;
    this.#frameStamp = stamp;
  }

  end(): void {
    this.#frameStamp = undefined;
    this.#reading = undefined;
  }

  /** Takes what a socket, or a pair of them, tells. */
  take(event: CoreEvent): void {
    if (isAhead(event) && event.type !== "tick_size_changed") {
      this.future(event);
      return;
    }
    switch (event.type) {
      case "book_snapshot": {
        const market = this.#heard(event);
        if (market !== undefined) this.#onBook(market, event);
        return;
      }
      case "book_delta":
      case "best_quote": {
        const market = this.#heard(event);
        if (market !== undefined) this.#onChange(market, event);
        return;
      }
      case "tick_size_changed": {
        const market = this.#heard(event);
        if (market === undefined) return;
        // It is told once only: so it counts whatever its time.
        if (!isAhead(event)) market.tickAt = event.occurredAt ?? market.tickAt;
        this.#push(market, event);
        return;
      }
      case "market_trade":
      case "market_resolved_hint": {
        const market = this.#heard(event);
        if (market !== undefined) this.#push(market, event);
        return;
      }
      case "frame_quarantined":
        this.quarantine(event);
        return;
      default:
        return; // the decoder makes no others
    }
  }

  /** The two sockets of a pair cannot both be right. */
  disagree(market: Tracked, reason: string): void {
    this.#stats.disagreements++;
    if (market.resync !== undefined) this.resyncer.overtake(market, market.resync);
    this.break(market, "gap", reason);
    this.resyncer.start(market);
  }

  /** A frame was lost to us: what it may have changed is unknown, for its market or, if it names none, for its whole socket. */
  quarantine(event: FrameQuarantined): void {
    this.#stats.quarantined++;
    if (this.queue.size < this.#settings.queueCapacity) this.queue.push(event);
    const named = event.marketId === undefined ? undefined : this.markets.get(event.marketId);
    for (const market of named === undefined ? (this.#reading?.markets ?? []) : [named]) {
      if (market.resync !== undefined) this.resyncer.overtake(market, market.resync);
      this.break(market, "gap", `a frame was quarantined: ${event.reason}`);
      this.resyncer.start(market);
    }
  }

  /** An event whose time cannot be: it is as good as lost. */
  future(event: CoreEvent): void {
    const { type, at, receivedAt, occurredAt } = event;
    const reason = `the time of a ${type}, ${occurredAt}, is more than a minute ahead of the receive clock`;
    const marketId = "marketId" in event ? event.marketId : undefined;
    this.quarantine({
      type: "frame_quarantined",
      feed: MARKET_FEED,
      reason,
      sample: JSON.stringify(event).slice(0, SAMPLE),
      at,
      receivedAt,
      ...(marketId === undefined ? {} : { marketId }),
    });
  }

  #heard(event: BookEvent | MarketResolvedHint): Tracked | undefined {
    const market = this.markets.get(event.marketId);
    if (market !== undefined) market.heardAt = event.at;
    return market;
  }

  #onBook(market: Tracked, event: BookSnapshot): void {
    const index = market.covers.findIndex(({ outcome }) => outcome === event.outcome);
    const cover = market.covers[index];
    if (cover === undefined) return; // a token that nobody asked for
    cover.changedAt = event.occurredAt ?? cover.changedAt;
    if (market.lost) {
      this.#stats.overflowed++;
      return;
    }
    cover.floor = 0;
    this.resyncer.had(market, index);
    this.#whole(market, index);
    this.#push(market, event);
    if (market.missing.size === 0) this.resyncer.finish(market);
  }

  #onChange(market: Tracked, change: Change): void {
    // A market whose book the venue had no more has one again.
    if (market.broken === "stale" && market.resync === undefined) this.resyncer.start(market);
    noteChange(market.covers, change);
    if (market.resync !== undefined) {
      this.resyncer.hold(market, market.resync, change);
      return;
    }
    const news = newsOf(market.covers, change);
    if (news === undefined) this.#stats.superseded++;
    else this.#push(market, news);
  }

  /** A whole book of a cover arrives: says that the market is whole again before the book itself. */
  #whole(market: Tracked, cover: number): void {
    market.missing.delete(cover);
    if (market.missing.size > 0) return;
    market.failures = 0;
    if (market.broken === undefined) return;
    market.broken = undefined;
    this.#say(market, "resynced", "a fresh snapshot follows");
  }

  /** Says that a market is broken; every book of it is missing from here on. */
  break(market: Tracked, state: Broken, reason: string): void {
    for (const cover of market.covers.keys()) market.missing.add(cover);
    if (market.broken === state || (market.broken !== undefined && state !== "disconnected")) return;
    market.broken = state;
    this.#say(market, state, reason);
  }

  #say(market: Tracked, state: BookContinuity["state"], reason: string): void {
    this.#stats[state]++;
    this.queue.push({ type: "book_continuity", marketId: market.marketId, state, reason, ...this.stamp() });
  }

  /**
   * Queues an event. A market that finds the queue full loses its events from there on; its reader is told of the gap at that
   * place, and when there is room again a fresh book mends it.
   */
  #push(market: Tracked, event: FeedEvent): void {
    const droppable = event.type !== "tick_size_changed" && event.type !== "market_resolved_hint";
    if (droppable && (market.lost || this.queue.size >= this.#settings.queueCapacity)) {
      this.#stats.overflowed++;
      if (market.lost) return;
      market.lost = true;
      this.break(market, "gap", "the reader is too slow: events were dropped");
      return;
    }
    if (market.merge !== undefined && (event.type === "book_snapshot" || event.type === "book_delta"))
      market.merge.told(event);
    this.queue.push(event);
  }

  #onRoom(): void {
    for (const market of this.markets.values()) {
      if (!market.lost) continue;
      market.lost = false;
      this.resyncer.start(market);
    }
  }

  /** Of the frame being read, or of now. */
  stamp(): ReceiveStamp {
    return this.#frameStamp ?? { at: this.#ports.clock.monotonic(), receivedAt: this.#ports.clock.wall() };
  }
}
