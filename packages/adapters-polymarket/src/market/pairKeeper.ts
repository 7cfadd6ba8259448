import { NANOS_PER_MS, type CancelTimer, type FeedRedundancy } from "@matchpoint/sdk";
import type { FeedPorts, FeedSettings, MarketFeedStats } from "./feedOptions.ts";
import type { Side } from "./marketMerge.ts";
import type { Line, Shard, Tracked } from "./tracked.ts";

/** What a {@link PairKeeper} tells. */
export interface PairSink {
  say(state: FeedRedundancy["state"], reason: string): void;
  /** The books of a market's two sockets differ. */
  disagree(market: Tracked, reason: string): void;
}

/** How often within `pairLagMs` sockets are compared. */
const LOOKS = 4;

/**
 * Keeps both sockets of each pair: replaces one that falls behind, falls silent or does not catch up, renews each in turn, and says
 * when there is only one. While one is not open the other is left alone.
 */
export class PairKeeper {
  readonly #ports: FeedPorts;
  readonly #settings: FeedSettings;
  readonly #stats: MarketFeedStats;
  readonly #sink: PairSink;
  readonly #degraded = new Set<Shard>();
  /** Pairs of which a socket is being renewed: that is no loss. */
  readonly #renewing = new Map<Shard, Line>();
  /** How often in a row a socket was behind in a market, also after it had been made anew. */
  readonly #times = new Map<Tracked, number>();
  /** Markets of which a socket's book was said to differ since it was opened. */
  readonly #differing = new Map<Tracked, number>();
  readonly #timers = new Set<CancelTimer>();

  constructor(ports: FeedPorts, settings: FeedSettings, stats: MarketFeedStats, sink: PairSink) {
    this.#ports = ports;
    this.#settings = settings;
    this.#stats = stats;
    this.#sink = sink;
  }

  /** Opens the second socket of each pair, never at once with the first, and watches both from now on. */
  watch(shards: readonly Shard[]): void {
    const { pairLagMs, renewMs, minBackoffMs } = this.#settings;
    this.#after(minBackoffMs, () => {
      for (const { lines } of shards) lines[1]!.connection.start();
    });
    const look = (): void => {
      this.#after(pairLagMs / LOOKS, look);
      for (const shard of shards) this.#compare(shard);
    };
    this.#after(pairLagMs / LOOKS, look);
    if (renewMs <= 0) return;
    let turn: Side = 1;
    const renew = (): void => {
      this.#after(renewMs / 2, renew);
      for (const shard of shards) this.#renewOne(shard, turn);
      turn = turn === 1 ? 0 : 1;
    };
    this.#after(renewMs / 2, renew);
  }

  stop(): void {
    for (const cancel of this.#timers) cancel();
    this.#timers.clear();
  }

  /** Whether a socket is silent while the other tells: then it is replaced. */
  frozen(line: Line): boolean {
    const { silenceMs } = this.#settings;
    const other = line.shard.lines.find((each) => each !== line)!.connection;
    if (other.state !== "open" || other.quietMs >= silenceMs / 2) return false;
    return this.replace(line, `silence for ${silenceMs} ms, while the other tells`);
  }

  /** What is open of a pair is frozen: makes it anew, the second socket when the first had its time. */
  restart(shard: Shard, reason: string): void {
    // What they still tell is not heard.
    for (const { merge } of shard.markets) for (const side of [0, 1] as const) merge!.close(side);
    const [first, second] = shard.lines.filter(({ connection }) => connection.state === "open");
    if (second !== undefined) {
      const { opened } = second.connection;
      this.#after(this.#settings.connectMs, () => {
        if (second.connection.still(opened)) second.connection.restart(reason);
      });
    }
    first?.connection.restart(reason);
  }

  /** A socket of a pair was lost while the other carries on. */
  lost(line: Line, reason: string): void {
    const { shard } = line;
    if (this.#renewing.get(shard) === line) {
      // It was closed by us. If it does not come back at once, it is lost.
      this.#renewing.delete(shard);
      return;
    }
    if (this.#degraded.has(shard)) return;
    this.#degraded.add(shard);
    this.#stats.degraded++;
    this.#sink.say("degraded", `socket ${line.side + 1} of 2: ${reason}`);
  }

  /** Replaces a socket, if the other one is open. */
  replace(line: Line, reason: string): boolean {
    const { shard } = line;
    const other = shard.lines.find((each) => each !== line);
    if (other?.connection.state !== "open" || line.connection.state !== "open") return false;
    line.connection.restart(reason);
    return true;
  }

  #after(ms: number, callback: () => void): void {
    const cancel = this.#ports.clock.after(ms, () => {
      this.#timers.delete(cancel);
      callback();
    });
    this.#timers.add(cancel);
  }

  #compare(shard: Shard): void {
    const { clock } = this.#ports;
    const { pairLagMs } = this.#settings;
    let both = shard.lines.every(({ connection }) => connection.state === "open");
    for (const line of shard.lines) {
      for (const market of shard.markets) {
        const { merge } = market;
        if (merge === undefined || market.missing.size > 0) continue;
        if (merge.stateOf(line.side) !== "joined") both = false;
        const lag = merge.lag(line.side, clock.monotonic());
        if (lag < pairLagMs * NANOS_PER_MS) {
          if (lag > 0) both = false;
          continue;
        }
        if (merge.stateOf(line.side) === "joined" || merge.moved(line.side)) {
          both = false;
          const times = (this.#times.get(market) ?? 0) + 1;
          this.#times.set(market, times);
          if (times > 1) {
            this.#times.delete(market);
            merge.doubt(line.side);
            this.#sink.disagree(market, "one of the two sockets does not tell what the other has told");
            continue;
          }
          const ms = Math.round(lag / NANOS_PER_MS);
          if (this.replace(line, `it has been behind the other for ${ms} ms`)) break;
        } else if (!merge.agrees(line.side) && this.#differing.get(market) !== line.connection.opened) {
          this.#differing.set(market, line.connection.opened);
          this.#sink.disagree(market, "the books of the two sockets differ");
        }
      }
    }
    if (!both) return;
    for (const market of shard.markets) this.#times.delete(market);
    if (!this.#degraded.delete(shard)) return;
    this.#sink.say("restored", "both sockets tell the same again");
  }

  #renewOne(shard: Shard, side: Side): void {
    if (this.#degraded.has(shard)) return;
    const line = shard.lines[side]!;
    const carried = shard.markets.every(
      ({ merge, missing }) =>
        missing.size > 0 || (merge?.stateOf(0) === "joined" && merge.stateOf(1) === "joined"),
    );
    if (!carried) return;
    this.#renewing.set(shard, line);
    if (!this.replace(line, "renewed on schedule")) this.#renewing.delete(shard);
  }
}
