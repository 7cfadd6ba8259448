import type { BookSnapshot, CoreEvent } from "../events/index.ts";
import type { MarketId } from "../ids.ts";
import { MergedDelta } from "./mergeDeltas.ts";
import { Ring } from "./ring.ts";
import { EVENT_TOPIC, type Topic, type TopicPolicy } from "./topics.ts";

type Item = CoreEvent | MergedDelta;

/** What became of an event that was offered. */
export type Offered = "queued" | "coalesced" | "held" | "dropped" | "duplicate";

/** Why a market's book deltas are stopped. */
export type StopCause = "own" | "market" | "book" | "truth";

/** Events in arrival order, with a count per topic. */
export class EventQueue {
  readonly key: string;
  readonly items = new Ring<Item>();
  readonly counts: Record<Topic, number> = {
    control: 0,
    truth: 0,
    own: 0,
    market: 0,
    book: 0,
    ticker: 0,
    evidence: 0,
  };
  /** Whether the bus has it among those that have something to give. */
  ready = false;

  constructor(key: string) {
    this.key = key;
  }

  push(event: CoreEvent, topic: Topic): void {
    this.items.push(event);
    this.counts[topic] += 1;
  }

  take(): CoreEvent | undefined {
    const item = this.items.shift();
    if (item === undefined) return undefined;
    const event = item instanceof MergedDelta ? item.event() : item;
    this.counts[EVENT_TOPIC[event.type]] -= 1;
    return event;
  }

  /** Drops the oldest event of a topic. */
  dropOldest(topic: Topic): void {
    const found = this.items.removeFirst(
      (item) => !(item instanceof MergedDelta) && EVENT_TOPIC[item.type] === topic,
    );
    if (found !== undefined) this.counts[topic] -= 1;
  }
}

/** A market's queue: knows how to coalesce its book and what to do while its deltas are stopped. */
export class MarketQueue extends EventQueue {
  readonly marketId: MarketId;
  readonly stoppedBy = new Set<StopCause>();
  /** Book events dropped since the deltas were stopped. */
  dropped = 0;
  /** Trades dropped since that was last told. */
  droppedTrades = 0;
  /** Snapshots that arrived meanwhile and still hold, by outcome. */
  readonly #held: [BookSnapshot | undefined, BookSnapshot | undefined] = [undefined, undefined];

  constructor(marketId: MarketId) {
    super(`market:${marketId}`);
    this.marketId = marketId;
  }

  /** Takes a book event while deltas flow; merges it into the one before when the queue is full. */
  offerBook(event: CoreEvent, policy: TopicPolicy): Offered {
    if (this.counts.book >= policy.capacity) {
      const last = this.items.last();
      if (event.type === "book_delta" && last instanceof MergedDelta) {
        last.add(event);
        return "coalesced";
      }
      if (
        event.type === "book_delta" &&
        last !== undefined &&
        !(last instanceof MergedDelta) &&
        last.type === "book_delta"
      ) {
        const merged = new MergedDelta(last);
        merged.add(event);
        this.items.replaceLast(merged);
        return "coalesced";
      }
      if (event.type === "best_quote" && !(last instanceof MergedDelta) && last?.type === "best_quote") {
        this.items.replaceLast(event);
        return "coalesced";
      }
    }
    this.push(event, "book");
    return "queued";
  }

  /** Takes a book event while deltas are stopped: only the latest snapshots are kept, as long as nothing follows them. */
  offerStopped(event: CoreEvent): Offered {
    if (event.type === "book_snapshot") {
      if (this.#held[event.outcome] !== undefined) this.dropped += 1;
      this.#held[event.outcome] = event;
      return "held";
    }
    this.dropped += 1;
    if (event.type === "book_delta") this.forgetHeld();
    return "dropped";
  }

  /** What was held is no longer the book: something about it was lost, its grid changed, or its feed takes it back. */
  forgetHeld(): void {
    for (const outcome of [0, 1] as const) {
      if (this.#held[outcome] !== undefined) this.dropped += 1;
      this.#held[outcome] = undefined;
    }
  }

  /** Whether anything of the book was lost or held back. */
  get bookMissed(): boolean {
    return this.dropped > 0 || this.#held[0] !== undefined || this.#held[1] !== undefined;
  }

  /** Hands over what was held. */
  takeHeld(): readonly BookSnapshot[] {
    const held = this.#held.filter((snapshot) => snapshot !== undefined);
    this.#held[0] = undefined;
    this.#held[1] = undefined;
    return held;
  }
}
