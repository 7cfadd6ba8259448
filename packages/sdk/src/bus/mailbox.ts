/**
 * Holds what comes until its one reader takes it, in order: nothing is lost before the reader is there. It has no limit: what may
 * grow without one goes through the bus.
 */
export class Mailbox<T> {
  readonly #waiting: T[] = [];
  #wake: (() => void) | undefined;
  #closed = false;

  /** Puts one in; after {@link Mailbox.close} it is forgotten. */
  push(item: T): void {
    if (this.#closed) return;
    this.#waiting.push(item);
    this.#wake?.();
  }

  /** Forgets what was not read: from now on its reader hears nothing more. */
  close(): void {
    this.#closed = true;
    this.#waiting.length = 0;
  }

  /** Everything so far and from now on, until the signal aborts; what is there by then is still given. */
  async *read(signal: AbortSignal): AsyncGenerator<T> {
    const stop = (): void => this.#wake?.();
    signal.addEventListener("abort", stop, { once: true });
    try {
      for (;;) {
        while (this.#waiting.length > 0) yield this.#waiting.shift()!;
        if (signal.aborted) return;
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
        this.#wake = undefined;
      }
    } finally {
      signal.removeEventListener("abort", stop);
    }
  }
}
