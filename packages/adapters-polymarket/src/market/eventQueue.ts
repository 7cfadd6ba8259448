/**
 * Hands events from a callback to one `for await`, in order. It has no limit of its own: who fills it asks `size` and decides what
 * may be left out, since only the filler knows.
 */
export class EventQueue<T> implements AsyncIterableIterator<T> {
  private items: T[] = [];
  private head = 0;
  private readonly waiting: ((result: IteratorResult<T>) => void)[] = [];
  private ended = false;
  private readonly low: number;
  private readonly onEnd: () => void;
  private readonly onRoom: () => void;

  /**
   * `onEnd` is called once, when the reader leaves or the queue is ended; `onRoom` each time that the reader has read it down to
   * `low` events.
   */
  constructor(low: number, onEnd: () => void, onRoom: () => void) {
    this.low = low;
    this.onEnd = onEnd;
    this.onRoom = onRoom;
  }

  /** Events that the reader has not taken. */
  get size(): number {
    return this.items.length - this.head;
  }

  push(item: T): void {
    if (this.ended) return;
    const waiting = this.waiting.shift();
    if (waiting === undefined) this.items.push(item);
    else waiting({ value: item, done: false });
  }

  /** Ends at once: what was not read is dropped. */
  end(): void {
    if (this.ended) return;
    this.ended = true;
    this.items = [];
    this.head = 0;
    this.onEnd();
    for (const waiting of this.waiting.splice(0)) waiting({ value: undefined, done: true });
  }

  next(): Promise<IteratorResult<T>> {
    if (this.head < this.items.length) {
      const value = this.items[this.head++]!;
      if (this.head === this.items.length) {
        this.items = [];
        this.head = 0;
      } else if (this.head >= 1024) {
        this.items = this.items.slice(this.head);
        this.head = 0;
      }
      if (this.size === this.low) this.onRoom();
      return Promise.resolve({ value, done: false });
    }
    if (this.ended) return Promise.resolve({ value: undefined, done: true });
    return new Promise((resolve) => {
      this.waiting.push(resolve);
    });
  }

  return(): Promise<IteratorResult<T>> {
    this.end();
    return Promise.resolve({ value: undefined, done: true });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}
