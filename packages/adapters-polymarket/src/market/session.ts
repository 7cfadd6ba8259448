import {
  type BookContinuity,
  type BookEvent,
  type BookSnapshot,
  type CoreEvent,
  type FeedHealth,
  type FrameQuarantined,
  type MarketDescription,
  type MarketEvent,
  type MarketId,
  type MarketResolvedHint,
  type Price,
  type ReceiveStamp,
  type TokenId,
} from "@matchpoint/sdk";
import { Connection } from "./connection.ts";
import { isAhead, newsOf, noteChange, type Change } from "./cover.ts";
import { createMarketDecoder, MARKET_FEED, SAMPLE, type MarketDecoder } from "./decoder.ts";
import { EventQueue } from "./eventQueue.ts";
import type { FeedPorts, FeedSettings, MarketFeedStats } from "./feedOptions.ts";
import { RestBooks } from "./restBook.ts";
import { Resyncer } from "./resyncer.ts";
import { SilenceWatch } from "./silence.ts";
import { TokenIndex } from "./tokenIndex.ts";
import { planShards, track, type Broken, type Shard, type ShardPlan, type Tracked } from "./tracked.ts";

/** What a market data feed yields. */
export type FeedEvent = BookEvent | MarketEvent | FrameQuarantined;

/** One reader's subscription: its sockets, its markets' continuity, its queue. */
export class MarketSession {
  readonly queue: EventQueue<FeedEvent>;
  readonly #ports: FeedPorts;
  readonly #settings: FeedSettings;
  readonly #stats: MarketFeedStats;
  readonly #decoder: MarketDecoder;
  readonly #index: TokenIndex;
  readonly #resyncer: Resyncer;
  readonly #silence: SilenceWatch;
  readonly #markets = new Map<MarketId, Tracked>();
  readonly #shards: Shard[] = [];
  readonly #closed = new AbortController();
  readonly #take = (event: CoreEvent): void => {
    this.#onEvent(event);
  };
  /** The shard whose frame is being read. */
  #reading: Shard | undefined;
  /** Its stamp: what the frame brings about is stamped like the frame, so that time never goes back. */
  #frameStamp: ReceiveStamp | undefined;

  /** `onEnd` is called once, when the session is over for whatever reason. */
  constructor(
    markets: readonly MarketDescription[],
    tokens: ReadonlySet<TokenId>,
    ports: FeedPorts,
    settings: FeedSettings,
    stats: MarketFeedStats,
    onEnd: () => void,
  ) {
    this.#ports = ports;
    this.#settings = settings;
    this.#stats = stats;
    const index = new TokenIndex(markets);
    this.#index = index;
    this.#decoder = createMarketDecoder(index);
    // One memory for socket and REST: what either says about a tick is news once.
    const rest = new RestBooks(markets, index, {
      transport: ports.transport,
      restUrl: settings.restUrl,
      timeoutMs: settings.timeoutMs,
    });
    this.queue = new EventQueue(
      settings.queueCapacity >> 1,
      () => {
        this.#close();
        onEnd();
      },
      () => {
        this.#onRoom();
      },
    );
    this.#resyncer = new Resyncer(ports, settings, stats, rest, this.#closed.signal, {
      whole: (market, cover) => {
        this.#whole(market, cover);
      },
      push: (market, event) => {
        this.#push(market, event);
      },
      stamp: () => this.#stamp(),
    });
    this.#silence = new SilenceWatch(ports, settings, stats, rest, this.#closed.signal, {
      stale: (market, reason) => {
        this.#break(market, "stale", reason);
      },
      mend: (market) => {
        this.#resyncer.start(market);
      },
      stamp: () => this.#stamp(),
    });
    for (const plan of planShards(tokens, markets, settings.shardSize)) this.#addShard(plan);
  }

  /** Opens the sockets. */
  start(): void {
    for (const shard of this.#shards) shard.connection.start();
    this.#silence.watch(this.#shards);
  }

  /** Ends the subscription at once. */
  stop(): void {
    this.queue.end();
  }

  /** Fetches a market's book anew; false when this session does not follow it. */
  requestResync(marketId: MarketId, reason: string): boolean {
    const market = this.#markets.get(marketId);
    if (market === undefined) return false;
    this.#break(market, "gap", reason);
    this.#resyncer.start(market);
    return true;
  }

  /** The tick of a market as last seen; `undefined` when this session does not follow it. */
  tickOf(marketId: MarketId): Price | undefined {
    return this.#index.tickOf(marketId);
  }

  health(): FeedHealth {
    let worst: FeedHealth = this.#shards.length === 0 ? "down" : "live";
    for (const { connection, markets } of this.#shards) {
      if (connection.state === "stopped") return "down";
      if (connection.state !== "open") worst = "connecting";
      else if (worst === "live" && markets.some((market) => market.broken !== undefined)) worst = "stale";
      else if (worst === "live" && markets.some((market) => market.missing.size > 0)) worst = "replaying";
    }
    return worst;
  }

  #addShard(plan: ShardPlan): void {
    const connection = new Connection(this.#settings.url, this.#ports, this.#settings, {
      open: () => {
        this.#onOpen(shard);
      },
      frame: (bytes) => {
        this.#onFrame(shard, bytes);
      },
      down: (reason) => {
        this.#onDown(shard, reason);
      },
      silent: () => {
        void this.#silence.onSocket(shard);
      },
    });
    const shard: Shard = {
      tokens: plan.tokens,
      markets: [],
      connection,
      deadline: undefined,
      sweeping: false,
    };
    for (const planned of plan.markets) {
      const market = track(planned, shard);
      shard.markets.push(market);
      this.#markets.set(planned.marketId, market);
    }
    this.#shards.push(shard);
  }

  #onOpen(shard: Shard): void {
    if (shard.connection.opened > 1) this.#stats.reconnects++;
    const now = this.#ports.clock.monotonic();
    for (const market of shard.markets) {
      market.heardAt = now;
      for (const cover of market.covers.keys()) market.missing.add(cover);
    }
    shard.connection.send(
      JSON.stringify({
        type: "market",
        assets_ids: shard.tokens,
        initial_dump: true,
        custom_feature_enabled: true,
        level: 2,
      }),
    );
    shard.deadline = this.#ports.clock.after(this.#settings.snapshotMs, () => {
      shard.deadline = undefined;
      for (const market of shard.markets) {
        if (market.missing.size === 0) continue;
        this.#stats.missingSnapshots++;
        this.#break(market, "gap", `no snapshot within ${this.#settings.snapshotMs} ms of subscribing`);
        this.#resyncer.start(market);
      }
    });
  }

  #onDown(shard: Shard, reason: string): void {
    shard.deadline?.();
    shard.deadline = undefined;
    for (const market of shard.markets) {
      this.#resyncer.cancel(market);
      this.#break(market, "disconnected", reason);
    }
  }

  #onFrame(shard: Shard, bytes: Uint8Array): void {
    this.#stats.frames++;
    const stamp = this.#stamp();
    this.#ports.onFrame?.(bytes, stamp);
    this.#reading = shard;
    this.#frameStamp = stamp;
    this.#decoder.decode(bytes, 0, bytes.length, stamp, this.#take);
    this.#frameStamp = undefined;
    this.#reading = undefined;
  }

  #onEvent(event: CoreEvent): void {
    if (isAhead(event) && event.type !== "tick_size_changed") {
      this.#onFuture(event);
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
        this.#onQuarantine(event);
        return;
      default:
        return; // the decoder makes no others
    }
  }

  /** A frame was lost to us: what it may have changed is unknown, for its market or, if it names none, for its whole socket. */
  #onQuarantine(event: FrameQuarantined): void {
    this.#stats.quarantined++;
    if (this.queue.size < this.#settings.queueCapacity) this.queue.push(event);
    const named = event.marketId === undefined ? undefined : this.#markets.get(event.marketId);
    for (const market of named === undefined ? (this.#reading?.markets ?? []) : [named]) {
      if (market.resync !== undefined) this.#resyncer.overtake(market, market.resync);
      this.#break(market, "gap", `a frame was quarantined: ${event.reason}`);
      this.#resyncer.start(market);
    }
  }

  /** An event whose time cannot be: it is as good as lost. */
  #onFuture(event: CoreEvent): void {
    const { type, at, receivedAt, occurredAt } = event;
    const reason = `the time of a ${type}, ${occurredAt}, is more than a minute ahead of the receive clock`;
    const marketId = "marketId" in event ? event.marketId : undefined;
    this.#onQuarantine({
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
    const market = this.#markets.get(event.marketId);
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
    this.#resyncer.had(market, index);
    this.#whole(market, index);
    this.#push(market, event);
    if (market.missing.size === 0) this.#resyncer.finish(market);
  }

  #onChange(market: Tracked, change: Change): void {
    // A market whose book the venue had no more has one again.
    if (market.broken === "stale" && market.resync === undefined) this.#resyncer.start(market);
    noteChange(market.covers, change);
    if (market.resync !== undefined) {
      this.#resyncer.hold(market, market.resync, change);
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

  #break(market: Tracked, state: Broken, reason: string): void {
    for (const cover of market.covers.keys()) market.missing.add(cover);
    if (market.broken === state || (market.broken !== undefined && state !== "disconnected")) return;
    market.broken = state;
    this.#say(market, state, reason);
  }

  #say(market: Tracked, state: BookContinuity["state"], reason: string): void {
    this.#stats[state]++;
    this.queue.push({ type: "book_continuity", marketId: market.marketId, state, reason, ...this.#stamp() });
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
      this.#break(market, "gap", "the reader is too slow: events were dropped");
      return;
    }
    this.queue.push(event);
  }

  #onRoom(): void {
    for (const market of this.#markets.values()) {
      if (!market.lost) continue;
      market.lost = false;
      this.#resyncer.start(market);
    }
  }

  #stamp(): ReceiveStamp {
    return this.#frameStamp ?? { at: this.#ports.clock.monotonic(), receivedAt: this.#ports.clock.wall() };
  }

  #close(): void {
    this.#closed.abort();
    this.#silence.stop();
    for (const shard of this.#shards) {
      shard.deadline?.();
      shard.connection.stop();
      for (const market of shard.markets) this.#resyncer.cancel(market);
    }
  }
}
