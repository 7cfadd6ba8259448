import type { CoreEvent, FrameQuarantined, MarketId } from "@matchpoint/sdk";
import { isAhead } from "./cover.ts";
import type { Side } from "./marketMerge.ts";
import type { TokenIndex } from "./tokenIndex.ts";
import type { Tracked } from "./tracked.ts";

/** Where the events of two sockets go, each once. */
export interface PairInputSink {
  event(event: CoreEvent): void;
  quarantine(event: FrameQuarantined): void;
  /** One whose time cannot be. */
  future(event: CoreEvent): void;
}

/** Unreadable frames that are remembered. */
const UNREAD = 64;

/** Takes what either of two sockets tells, and gives each event to where it is known whether it is the first of its kind. */
export class PairInput {
  /** The ticks that the reader was told: each socket's own decoder has seen others. */
  readonly #told: TokenIndex;
  readonly #markets: ReadonlyMap<MarketId, Tracked>;
  readonly #sink: PairInputSink;
  /** Unreadable frames of one socket, until the other has told them too. */
  readonly #unread: { readonly side: Side; readonly text: string }[] = [];

  constructor(told: TokenIndex, markets: ReadonlyMap<MarketId, Tracked>, sink: PairInputSink) {
    this.#told = told;
    this.#markets = markets;
    this.#sink = sink;
  }

  take(side: Side, event: CoreEvent): void {
    if (event.type === "frame_quarantined") {
      if (this.#isFirst(side, event)) this.#sink.quarantine(event);
      return;
    }
    const market = "marketId" in event ? this.#markets.get(event.marketId) : undefined;
    if (market?.merge === undefined) return;
    if (event.type === "tick_size_changed") {
      // Each socket tells it, also one that is behind; and so does REST.
      const old = event.occurredAt !== undefined && event.occurredAt < market.tickAt;
      if (old || this.#told.tickOf(event.marketId) === event.tick) return;
      this.#told.setTick(event.marketId, event.tick);
      this.#sink.event(event);
      return;
    }
    if (isAhead(event)) {
      this.#sink.future(event);
      return;
    }
    market.heardAt = event.at;
    switch (event.type) {
      case "book_snapshot":
        // Of a token that nobody asked for there is no book to keep.
        if (market.covers.some(({ outcome }) => outcome === event.outcome)) market.merge.ordered(side, event);
        return;
      case "book_delta":
        market.merge.ordered(side, event);
        return;
      case "best_quote":
      case "market_trade":
      case "market_resolved_hint":
        market.merge.loose(side, event);
        return;
      default:
        return; // the decoder makes no others
    }
  }

  /** Whether the other socket has not told of an unreadable frame yet. */
  #isFirst(side: Side, { reason, sample }: FrameQuarantined): boolean {
    const text = `${reason}\n${sample}`;
    const known = this.#unread.findIndex((each) => each.side !== side && each.text === text);
    if (known >= 0) {
      this.#unread.splice(known, 1);
      return false;
    }
    this.#unread.push({ side, text });
    if (this.#unread.length > UNREAD) this.#unread.shift();
    return true;
  }
}
