import { NANOS_PER_MS, type CancelTimer, type ReceiveStamp } from "@matchpoint/sdk";
import { audit, QUIET, type Finding } from "./audit.ts";
import type { FeedPorts, FeedSettings, MarketFeedStats } from "./feedOptions.ts";
import type { RestBooks } from "./restBook.ts";
import { openLine, type Line, type Shard, type Tracked } from "./tracked.ts";

/** What is to be done about silence that is more than quiet. */
export interface SilenceSink {
  /** A market cannot be trusted any more. */
  stale(market: Tracked, reason: string): void;
  /** REST has a book for it. */
  mend(market: Tracked): void;
  /** The sockets of a shard are frozen. */
  restart(shard: Shard, reason: string): void;
  stamp(): ReceiveStamp;
}

/** Asks REST whether silence is quiet: of sockets, and of single markets while their socket lives. */
export class SilenceWatch {
  readonly #ports: FeedPorts;
  readonly #settings: FeedSettings;
  readonly #stats: MarketFeedStats;
  readonly #rest: RestBooks;
  readonly #closed: AbortSignal;
  readonly #sink: SilenceSink;
  #sweep: CancelTimer | undefined;

  constructor(
    ports: FeedPorts,
    settings: FeedSettings,
    stats: MarketFeedStats,
    rest: RestBooks,
    closed: AbortSignal,
    sink: SilenceSink,
  ) {
    this.#ports = ports;
    this.#settings = settings;
    this.#stats = stats;
    this.#rest = rest;
    this.#closed = closed;
    this.#sink = sink;
  }

  /** Looks for silent markets from now on. */
  watch(shards: readonly Shard[]): void {
    this.#sweep = this.#ports.clock.after(this.#settings.marketSilenceMs / 4, () => {
      this.watch(shards);
      for (const shard of shards) void this.#sweepShard(shard);
    });
  }

  stop(): void {
    this.#sweep?.();
  }

  /** Nothing came through a socket for long: quiet markets or a frozen socket? REST knows. */
  async onSocket({ shard, connection }: Line): Promise<void> {
    // Of a pair either may find that both are silent: one question is enough.
    if (shard.asking) return;
    shard.asking = true;
    const opened = connection.opened;
    let worst = QUIET;
    for (const market of shard.markets) {
      const finding = await this.#audit(market);
      if (!connection.still(opened)) {
        shard.asking = false;
        for (const line of shard.lines) line.connection.alive();
        return;
      }
      if (finding.kind === "gone") this.#sink.stale(market, finding.detail);
      else if (finding.kind !== "quiet") {
        worst = finding;
        break;
      }
    }
    shard.asking = false;
    if (worst.kind === "quiet") {
      for (const line of shard.lines) line.connection.alive();
      return;
    }
    const reason = `silence for ${this.#settings.silenceMs} ms: ${worst.detail}`;
    for (const market of shard.markets) this.#sink.stale(market, reason);
    this.#sink.restart(shard, reason);
  }

  /** Asks REST about markets that fell silent while their socket lives. */
  async #sweepShard(shard: Shard): Promise<void> {
    const connection = openLine(shard)?.connection;
    if (shard.sweeping || connection === undefined) return;
    shard.sweeping = true;
    const opened = connection.opened;
    for (const market of shard.markets) {
      const quietMs = (this.#ports.clock.monotonic() - market.heardAt) / NANOS_PER_MS;
      if (quietMs < this.#settings.marketSilenceMs || market.missing.size > 0) continue;
      const finding = await this.#audit(market);
      if (!connection.still(opened)) break;
      market.heardAt = this.#ports.clock.monotonic();
      if (finding.kind === "quiet") continue;
      this.#sink.stale(market, `silence for ${this.#settings.marketSilenceMs} ms: ${finding.detail}`);
      if (finding.kind !== "gone") this.#sink.mend(market);
    }
    shard.sweeping = false;
  }

  /** Compares a market with REST. One that is known to be broken is left to its resync. */
  async #audit(market: Tracked): Promise<Finding> {
    if (market.missing.size > 0) return QUIET;
    this.#stats.audits++;
    return audit(this.#rest, market, () => this.#sink.stamp(), this.#closed);
  }
}
