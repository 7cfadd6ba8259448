/** One reader's queue: holds what comes until it is read, and ends when its signal aborts. */
class Reader<T> {
  readonly #waiting: T[] = [];
  #wake: ((result: IteratorResult<T, undefined>) => void) | undefined;
  #ended = false;

  push(item: T): void {
    if (this.#ended) return;
    const wake = this.#wake;
    if (wake === undefined) {
      this.#waiting.push(item);
    } else {
      this.#wake = undefined;
      wake({ value: item, done: false });
    }
  }

  end(): void {
    this.#ended = true;
    this.#wake?.({ value: undefined, done: true });
    this.#wake = undefined;
  }

  next(): Promise<IteratorResult<T, undefined>> {
    if (this.#waiting.length > 0) return Promise.resolve({ value: this.#waiting.shift()!, done: false });
    if (this.#ended) return Promise.resolve({ value: undefined, done: true });
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }
}

/** Hands every item to all readers. What comes before the first reader waits for it: nothing is lost. */
export class ReportStream<T> {
  readonly #readers = new Set<Reader<T>>();
  #backlog: T[] | undefined = [];

  push(item: T): void {
    this.#backlog?.push(item);
    for (const reader of this.#readers) reader.push(item);
  }

  /** Everything from now on (for the first reader: from the beginning), until the signal aborts. Read by one loop. */
  read(signal: AbortSignal): AsyncIterable<T> {
    const reader = new Reader<T>();
    for (const item of this.#backlog ?? []) reader.push(item);
    this.#backlog = undefined;
    const leave = (): void => {
      this.#readers.delete(reader);
      reader.end();
      signal.removeEventListener("abort", leave);
    };
    if (signal.aborted) {
      reader.end();
    } else {
      this.#readers.add(reader);
      signal.addEventListener("abort", leave);
    }
    return {
      [Symbol.asyncIterator]: () => ({
        next: () => reader.next(),
        return: () => {
          leave();
          return Promise.resolve({ value: undefined, done: true });
        },
      }),
    };
  }
}
