/** What an {@link AsyncQueue} tells about its length. */
export interface QueuePressureOptions {
  /** Length at which the consumer is called slow. */
  readonly mark: number;
  /** Called once when the length reaches the mark (`over`), and once when it has fallen to half of it. */
  readonly onPressure: (over: boolean, length: number) => void;
}

/**
 * Hands over what callbacks push to one `for await` loop.
 *
 * Overflow policy: match facts are never dropped. Beyond its mark the queue grows and says so, and the feed's health
 * carries the reason; what is to be done about a consumer that cannot keep up is the consumer's decision.
 */
export class AsyncQueue<T> implements AsyncIterable<T> {
  #items: T[] = [];
  #head = 0;
  #waiting: ((result: IteratorResult<T, undefined>) => void) | undefined;
  #ended = false;
  #over = false;
  /** What is pushed while pressure is told is part of telling it: it would be told of for ever. */
  #telling = false;
  readonly #pressure: QueuePressureOptions | undefined;

  constructor(pressure?: QueuePressureOptions) {
    this.#pressure = pressure;
  }

  get length(): number {
    return this.#items.length - this.#head;
  }

  /** Appends; after {@link AsyncQueue.end} it does nothing. */
  push(item: T): void {
    if (this.#ended) return;
    if (this.#waiting !== undefined) {
      const resolve = this.#waiting;
      this.#waiting = undefined;
      resolve({ value: item, done: false });
      return;
    }
    this.#items.push(item);
    const mark = this.#pressure?.mark ?? Infinity;
    if (!this.#over && !this.#telling && this.length >= mark) this.#tell(true);
  }

  #tell(over: boolean): void {
    this.#over = over;
    this.#telling = true;
    this.#pressure?.onPressure(over, this.length);
    this.#telling = false;
  }

  /** No more items: the loop ends after those that are here. */
  end(): void {
    this.#ended = true;
    const resolve = this.#waiting;
    this.#waiting = undefined;
    resolve?.({ value: undefined, done: true });
  }

  [Symbol.asyncIterator](): AsyncIterator<T, undefined> {
    return {
      next: () => this.#next(),
      return: () => {
        this.end();
        return Promise.resolve({ value: undefined, done: true });
      },
    };
  }

  #next(): Promise<IteratorResult<T, undefined>> {
    if (this.length > 0) {
      const value = this.#items[this.#head++]!;
      if (this.#head > 1024 && this.#head * 2 > this.#items.length) {
        this.#items = this.#items.slice(this.#head);
        this.#head = 0;
      }
      if (this.#over && this.length <= (this.#pressure?.mark ?? 0) / 2) this.#tell(false);
      return Promise.resolve({ value, done: false });
    }
    if (this.#ended) return Promise.resolve({ value: undefined, done: true });
    return new Promise((resolve) => {
      this.#waiting = resolve;
    });
  }
}
