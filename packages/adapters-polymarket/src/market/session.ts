import type {
  BookDelta,
  BookSnapshot,
  CoreEvent,
  FeedHealth,
  MarketDescription,
  MarketId,
  Price,
  TokenId,
} from "@matchpoint/sdk";
import { Connection } from "./connection.ts";
import { createMarketDecoder, MARKET_FEED } from "./decoder.ts";
import type { EventQueue } from "./eventQueue.ts";
import type { FeedPorts, FeedSettings, MarketFeedStats } from "./feedOptions.ts";
import { MarketMerge, type Side } from "./marketMerge.ts";
import { MarketStream, type FeedEvent } from "./marketStream.ts";
import { PairInput } from "./pairInput.ts";
import { PairKeeper } from "./pairKeeper.ts";
import { RestBooks } from "./restBook.ts";
import { SilenceWatch } from "./silence.ts";
import { TokenIndex } from "./tokenIndex.ts";
import {
  openLine,
  planShards,
  track,
  type Line,
  type Shard,
  type ShardPlan,
  type Tracked,
} from "./tracked.ts";

/** One reader's subscription: its sockets, alone or in pairs, and the stream of what they tell. */
export class MarketSession {
  readonly #ports: FeedPorts;
  readonly #settings: FeedSettings;
  readonly #stats: MarketFeedStats;
  readonly #descriptions: readonly MarketDescription[];
  readonly #index: TokenIndex;
  readonly #stream: MarketStream;
  readonly #silence: SilenceWatch;
  readonly #pairs: PairKeeper | undefined;
  readonly #either: PairInput | undefined;
  readonly #shards: Shard[] = [];
  readonly #closed = new AbortController();
  readonly #take = (event: CoreEvent): void => {
    this.#stream.take(event);
  };

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
    const stream = new MarketStream({
      ...{ ports, settings, stats, rest },
      closed: this.#closed.signal,
      onEnd: () => {
        this.#close();
        onEnd();
      },
    });
    this.#stream = stream;
    this.#silence = new SilenceWatch(ports, settings, stats, rest, this.#closed.signal, {
      stale: (market, reason) => {
        stream.break(market, "stale", reason);
      },
      mend: (market) => {
        stream.resyncer.start(market);
      },
      restart: (shard, reason) => {
        if (this.#pairs === undefined) shard.lines[0]!.connection.restart(reason);
        else this.#pairs.restart(shard, reason);
      },
      stamp: () => stream.stamp(),
    });
    if (settings.sockets === 2) {
      this.#either = new PairInput(index, stream.markets, {
        event: this.#take,
        quarantine: (event) => {
          stream.quarantine(event);
        },
        future: (event) => {
          stream.future(event);
        },
      });
      this.#pairs = new PairKeeper(ports, settings, stats, {
        say: (state, reason) => {
          stream.queue.push({ type: "feed_redundancy", feed: MARKET_FEED, state, reason, ...stream.stamp() });
        },
        disagree: (market, reason) => {
          stream.disagree(market, reason);
        },
      });
    }
    for (const plan of planShards(tokens, markets, settings.shardSize)) this.#addShard(plan);
  }

  /** What the reader takes from. */
  get queue(): EventQueue<FeedEvent> {
    return this.#stream.queue;
  }

  /** Opens the sockets. */
  start(): void {
    for (const { lines } of this.#shards) lines[0]!.connection.start();
    this.#silence.watch(this.#shards);
    this.#pairs?.watch(this.#shards);
  }

  /** Ends the subscription at once. */
  stop(): void {
    this.#stream.queue.end();
  }

  /** Fetches a market's book anew; false when this session does not follow it. */
  requestResync(marketId: MarketId, reason: string): boolean {
    const market = this.#stream.markets.get(marketId);
    if (market === undefined) return false;
    this.#stream.break(market, "gap", reason);
    this.#stream.resyncer.start(market);
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
      this.#stream.markets.set(planned.marketId, market);
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
        this.#stream.take(event);
      },
      disagree: (reason) => {
        this.#stream.disagree(market, reason);
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
        this.#stream.break(
          market,
          "gap",
          `no snapshot within ${this.#settings.snapshotMs} ms of subscribing`,
        );
        this.#stream.resyncer.start(market);
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
      this.#stream.resyncer.cancel(market);
      if (loss?.kind === "adopt") this.#adopt(market, reason, loss.tail);
      else this.#stream.break(market, "disconnected", reason);
    }
    if (openLine(line.shard) !== undefined) this.#pairs?.lost(line, reason);
  }

  /** The socket that a market was told by is lost, and the other had not caught up with it: that one's own book is the market's now. */
  #adopt(market: Tracked, reason: string, tail: readonly (BookSnapshot | BookDelta)[] | undefined): void {
    this.#stream.break(market, "gap", `the other socket had not caught up when this one was lost: ${reason}`);
    if (tail === undefined) {
      this.#stream.resyncer.start(market);
      return;
    }
    for (const cover of market.covers) cover.changedAt = cover.floor = 0;
    const stamp = this.#stream.stamp();
    for (const event of tail) this.#stream.take({ ...event, ...stamp });
  }

  #onFrame(line: Line, bytes: Uint8Array): void {
    this.#stats.frames++;
    const stamp = this.#stream.stamp();
    this.#ports.onFrame?.(bytes, stamp, line.side);
    this.#stream.begin(line.shard, stamp);
    line.decoder.decode(bytes, 0, bytes.length, stamp, line.take);
    this.#stream.end();
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
      for (const market of shard.markets) this.#stream.resyncer.cancel(market);
    }
  }
}
