import type { MarketFeed } from "@matchpoint/adapters-polymarket";
import type { CoreEvent, MarketDescription, MarketId } from "@matchpoint/sdk";
import { GrowingSource } from "./growing.ts";

/** Books that are followed in batches: what is found together is subscribed to together, and let go of when all of it is over. */
export class Batches {
  readonly #feed: MarketFeed;
  readonly #signal: AbortSignal;
  readonly #source = new GrowingSource<CoreEvent>();
  readonly #open = new Map<MarketId, Batch>();

  constructor(feed: MarketFeed, signal: AbortSignal) {
    this.#feed = feed;
    this.#signal = signal;
  }

  events(): AsyncGenerator<CoreEvent> {
    return this.#source.events(this.#signal);
  }

  /** Follows the books of markets that the feed knows. */
  add(markets: readonly MarketDescription[]): void {
    if (markets.length === 0) return;
    const stop = new AbortController();
    const batch: Batch = { left: new Set(markets.map(({ marketId }) => marketId)), stop };
    for (const marketId of batch.left) this.#open.set(marketId, batch);
    const tokens = markets.flatMap(({ outcomes }) => outcomes.map(({ tokenId }) => tokenId));
    const signal = AbortSignal.any([this.#signal, stop.signal]);
    this.#source.add(this.#feed.events({ tokens, signal }));
  }

  /** A market is over. */
  resolved(marketId: MarketId): void {
    const batch = this.#open.get(marketId);
    if (batch === undefined) return;
    this.#open.delete(marketId);
    batch.left.delete(marketId);
    if (batch.left.size === 0) batch.stop.abort();
  }
}

interface Batch {
  readonly left: Set<MarketId>;
  readonly stop: AbortController;
}
