import {
  type BookContinuity,
  type BookDelta,
  type BookEvent,
  type BookSnapshot,
  type CoreEvent,
  type FeedHealth,
  type FeedRedundancy,
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
import { createMarketDecoder, MARKET_FEED, SAMPLE } from "./decoder.ts";
import { EventQueue } from "./eventQueue.ts";
import type { FeedPorts, FeedSettings, MarketFeedStats } from "./feedOptions.ts";
import { MarketMerge, type Side } from "./marketMerge.ts";
import { PairInput } from "./pairInput.ts";
import { PairKeeper } from "./pairKeeper.ts";
import { RestBooks } from "./restBook.ts";
import { Resyncer } from "./resyncer.ts";
import { SilenceWatch } from "./silence.ts";
import { TokenIndex } from "./tokenIndex.ts";
import {
  openLine,
  planShards,
  track,
  type Broken,
  type Line,
  type Shard,
  type ShardPlan,
  type Tracked,
} from "./tracked.ts";

/** What a market data feed yields. */
export type FeedEvent = BookEvent | MarketEvent | FrameQuarantined | FeedRedundancy;

/** One reader's subscription: its sockets, its markets' continuity, its queue. */
export class MarketSession {
  readonly queue: EventQueue<FeedEvent>;
  readonly #ports: FeedPorts;
  readonly #settings: FeedSettings;
  readonly #stats: MarketFeedStats;
  readonly #descriptions: readonly MarketDescription[];
  readonly #index: TokenIndex;
  readonly #resyncer: Resyncer;
  readonly #silence: SilenceWatch;
  readonly #pairs: PairKeeper | undefined;
  readonly #either: PairInput | undefined;
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
    this.#descriptions = markets;
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
      restart: (shard, reason) => {
        if (this.#pairs === undefined) shard.lines[0]!.connection.restart(reason);
        else this.#pairs.restart(shard, reason);
      },
      stamp: () => this.#stamp(),
    });
    if (settings.sockets === 2) {
      this.#either = new PairInput(index, this.#markets, {
        event: this.#take,
        quarantine: (event) => {
          this.#onQuarantine(event);
        },
        future: (event) => {
          this.#onFuture(event);
        },
      });
      this.#pairs = new PairKeeper(ports, settings, stats, {
        say: (state, reason) => {
          this.queue.push({ type: "feed_redundancy", feed: MARKET_FEED, state, reason, ...this.#stamp() });
        },
        disagree: (market, reason) => {
          this.#disagree(market, reason);
        },
      });
    }
    for (const plan of planShards(tokens, markets, settings.shardSize)) this.#addShard(plan);
  }

  /** Opens the sockets. */
  start(): void {
    for (const { lines } of this.#shards) lines[0]!.connection.start();
    this.#silence.watch(this.#shards);
    this.#pairs?.watch(this.#shards);
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
    for (const shard of this.#shards) {
      const { lines, markets } = shard;
      if (lines[0]!.connection.state === "stopped") return "down";
      if (openLine(shard) === undefined) worst = "connecting";
      else if (worst === "live" && markets.some((market) => market.broken !== undefined)) worst = "stale";
      else if (worst === "live" && markets.some((market) => market.missing.size > 0)) worst = "replaying";
    }
    return worst;
  }

  #addShard(plan: ShardPlan): void {
    const shard: Shard = { tokens: plan.tokens, markets: [], lines: [], sweeping: false, asking: false };
    shard.lines.push(this.#newLine(shard, 0));
    if (this.#pairs !== undefined) shard.lines.push(this.#newLine(shard, 1));
    for (const planned of plan.markets) {
      const market = track(planned, shard);
      if (this.#pairs !== undefined) market.merge = this.#newMerge(market, planned.tokens);
      shard.markets.push(market);
      this.#markets.set(planned.marketId, market);
    }
    this.#shards.push(shard);
  }

  #newLine(shard: Shard, side: Side): Line {
    const connection = new Connection(this.#settings.url, this.#ports, this.#settings, {
      open: () => {
        this.#onOpen(line);
      },
      frame: (bytes) => {
        this.#onFrame(line, bytes);
      },
      down: (reason) => {
        this.#onDown(line, reason);
      },
      silent: () => {
        if (this.#pairs?.frozen(line) !== true) void this.#silence.onSocket(line);
      },
    });
    const alone = this.#pairs === undefined;
    const line: Line = {
      shard,
      side,
      connection,
      decoder: createMarketDecoder(alone ? this.#index : new TokenIndex(this.#descriptions)),
      take: alone
        ? this.#take
        : (event) => {
            this.#either!.take(side, event);
          },
      deadline: undefined,
    };
    return line;
  }

  #newMerge(market: Tracked, tokens: number): MarketMerge {
    const outcomes = market.covers.map(({ outcome }) => outcome);
    return new MarketMerge(outcomes, tokens, {
      tell: (event) => {
        this.#onEvent(event);
      },
      disagree: (reason) => {
        this.#disagree(market, reason);
      },
      behind: (side, reason) => {
        this.#pairs!.replace(market.shard.lines[side]!, reason);
      },
      whole: () => market.missing.size === 0 && market.resync === undefined && !market.lost,
    });
  }

  #onOpen(line: Line): void {
    const { shard, side, connection } = line;
    if (connection.opened > 1) this.#stats.reconnects++;
    const now = this.#ports.clock.monotonic();
    for (const market of shard.markets) {
      market.merge?.open(side, now);
      if (!this.#leads(market, side)) continue;
      market.heardAt = now;
      for (const cover of market.covers.keys()) market.missing.add(cover);
    }
    connection.send(
      JSON.stringify({
        type: "market",
        assets_ids: shard.tokens,
        initial_dump: true,
        custom_feature_enabled: true,
        level: 2,
      }),
    );
    line.deadline = this.#ports.clock.after(this.#settings.snapshotMs, () => {
      line.deadline = undefined;
      for (const market of shard.markets) {
        if (market.missing.size === 0 || !this.#leads(market, side)) continue;
        this.#stats.missingSnapshots++;
        this.#break(market, "gap", `no snapshot within ${this.#settings.snapshotMs} ms of subscribing`);
        this.#resyncer.start(market);
      }
    });
  }

  /** Whether a socket's word on a market is taken as it is. */
  #leads({ merge }: Tracked, side: Side): boolean {
    return merge === undefined || merge.stateOf(side) === "joined";
  }

  #onDown(line: Line, reason: string): void {
    line.deadline?.();
    line.deadline = undefined;
    for (const market of line.shard.markets) {
      const loss = market.merge?.close(line.side);
      if (loss?.kind === "carried") continue;
      this.#resyncer.cancel(market);
      if (loss?.kind === "adopt") this.#adopt(market, reason, loss.tail);
      else this.#break(market, "disconnected", reason);
    }
    if (openLine(line.shard) !== undefined) this.#pairs?.lost(line, reason);
  }

  /** The socket that a market was told by is lost, and the other had not caught up with it: that one's own book is the market's now. */
  #adopt(market: Tracked, reason: string, tail: readonly (BookSnapshot | BookDelta)[] | undefined): void {
    this.#break(market, "gap", `the other socket had not caught up when this one was lost: ${reason}`);
    if (tail === undefined) {
      this.#resyncer.start(market);
      return;
    }
    for (const cover of market.covers) cover.changedAt = cover.floor = 0;
    const stamp = this.#stamp();
    for (const event of tail) this.#onEvent({ ...event, ...stamp });
  }

  /** The two sockets of a pair cannot both be right. */
  #disagree(market: Tracked, reason: string): void {
    this.#stats.disagreements++;
    if (market.resync !== undefined) this.#resyncer.overtake(market, market.resync);
    this.#break(market, "gap", reason);
    this.#resyncer.start(market);
  }

  #onFrame(line: Line, bytes: Uint8Array): void {
    this.#stats.frames++;
    const stamp = this.#stamp();
    this.#ports.onFrame?.(bytes, stamp, line.side);
    this.#reading = line.shard;
    this.#frameStamp = stamp;
    line.decoder.decode(bytes, 0, bytes.length, stamp, line.take);
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
    if (market.merge !== undefined && (event.type === "book_snapshot" || event.type === "book_delta"))
      market.merge.told(event);
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
    this.#pairs?.stop();
    for (const shard of this.#shards) {
      for (const line of shard.lines) {
        line.deadline?.();
        line.connection.stop();
      }
      for (const market of shard.markets) this.#resyncer.cancel(market);
    }
  }
}
