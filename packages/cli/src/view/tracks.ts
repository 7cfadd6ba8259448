import type { MarketId } from "@matchpoint/sdk";
import { MarketTrack } from "./track.ts";

/** So many markets that are over are kept as they were; of those that were over before, less. */
const WHOLE = 40;

/** Every market of a run over time. A run that sees hundreds of markets come and go must not keep all of each. */
export class Tracks {
  readonly #of = new Map<MarketId, MarketTrack>();
  /** Those that are over, the first of them first. */
  readonly #over = new Set<MarketId>();
  #coarse = 0;

  /** A market's track; it begins when it is first asked for. */
  begin(marketId: MarketId): MarketTrack {
    let track = this.#of.get(marketId);
    if (track === undefined) this.#of.set(marketId, (track = new MarketTrack()));
    return track;
  }

  get(marketId: MarketId): MarketTrack | undefined {
    return this.#of.get(marketId);
  }

  /** A market is over; said again it changes nothing. */
  over(marketId: MarketId): void {
    if (this.#over.has(marketId)) return;
    this.#over.add(marketId);
    if (this.#over.size - this.#coarse <= WHOLE) return;
    const oldest = [...this.#over][this.#coarse]!;
    this.#coarse += 1;
    this.#of.get(oldest)?.coarsen();
  }
}
