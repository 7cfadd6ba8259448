import { EventQueue } from "../market/eventQueue.ts";

const NOTHING = (): void => undefined;
/** Kept for the first reader. Later ones are only dropped when nobody reads for hours. */
const BACKLOG = 100_000;

/** Hands every item to all its readers, in order. What comes before the first reader waits for it: nothing is lost. */
export class ReportStream<T> {
  readonly #readers = new Set<EventQueue<T>>();
  #backlog: T[] | undefined = [];
  #ended = false;
  /** Items that nobody was there to read in time. */
  dropped = 0;

  push(item: T): void {
    if (this.#backlog !== undefined) {
      if (this.#backlog.length < BACKLOG) this.#backlog.push(item);
      else this.dropped++;
    }
    for (const reader of this.#readers) reader.push(item);
  }

  /** Everything from now on (for the first reader: from the beginning), until the signal aborts or the stream ends. */
  read(signal: AbortSignal): AsyncIterable<T> {
    const leave = (): void => {
      queue.end();
    };
    const queue = new EventQueue<T>(
      -1,
      () => {
        this.#readers.delete(queue);
        signal.removeEventListener("abort", leave);
      },
      NOTHING,
    );
    for (const item of this.#backlog ?? []) queue.push(item);
    this.#backlog = undefined;
    if (signal.aborted || this.#ended) {
      queue.end();
    } else {
      this.#readers.add(queue);
      signal.addEventListener("abort", leave, { once: true });
    }
    return queue;
  }

  /** Ends all readers. */
  end(): void {
    this.#ended = true;
    for (const reader of [...this.#readers]) reader.end();
  }
}
