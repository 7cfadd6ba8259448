import type { CoreEvent } from "@matchpoint/sdk";

/** The channels of a simulated stream. */
export type SimChannel = "polymarket.market" | "grid" | "pandascore.frames" | "pandascore.match" | "events";

type WithoutAt<E> = E extends unknown ? Omit<E, "at"> : never;

/** An event before the run that takes it has put its own monotonic time on it. */
export type SimEvent = WithoutAt<CoreEvent>;

/** One frame as it is received. */
export interface SimFrame {
  /** Wall clock of the receipt, Unix ms. Never decreases along the stream. */
  readonly receivedAtMs: number;
  readonly channel: SimChannel;
  /** The frame as it comes off the wire; on channel `events` the event as JSON. */
  readonly bytes: Uint8Array;
  /** What a decoder would have made of it, on channel `events` only. */
  readonly event?: SimEvent;
  /** Which injected fault this frame is owed to. For tests: nothing in the bytes says so. */
  readonly fault?: "hostile" | "duplicate" | "swapped" | "replayed";
}

/** A frame on its way. */
export interface Parcel {
  /** Virtual ms of its receipt. */
  readonly at: number;
  readonly channel: SimChannel;
  readonly body: string | Uint8Array;
  readonly event?: SimEvent;
  readonly fault?: SimFrame["fault"];
}

interface Entry {
  readonly parcel: Parcel;
  readonly order: number;
}

/** Frames that were sent and not yet received, in the order of their receipt. */
export class Outbox {
  readonly #heap: Entry[] = [];
  #order = 0;

  get size(): number {
    return this.#heap.length;
  }

  /** When the next frame is received; `Infinity` when there is none. */
  get next(): number {
    return this.#heap[0]?.parcel.at ?? Infinity;
  }

  push(parcel: Parcel): void {
    const entry: Entry = { parcel, order: this.#order++ };
    const heap = this.#heap;
    let index = heap.length;
    heap.push(entry);
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!before(entry, heap[parent]!)) break;
      heap[index] = heap[parent]!;
      index = parent;
    }
    heap[index] = entry;
  }

  pop(): Parcel | undefined {
    const heap = this.#heap;
    const top = heap[0];
    if (top === undefined) return undefined;
    const last = heap.pop()!;
    if (heap.length === 0) return top.parcel;
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && before(heap[child + 1]!, heap[child]!)) child += 1;
      if (!before(heap[child]!, last)) break;
      heap[index] = heap[child]!;
      index = child;
    }
    heap[index] = last;
    return top.parcel;
  }
}

function before(a: Entry, b: Entry): boolean {
  return a.parcel.at < b.parcel.at || (a.parcel.at === b.parcel.at && a.order < b.order);
}
