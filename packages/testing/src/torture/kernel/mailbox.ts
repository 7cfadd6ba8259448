/** Holds what comes until its one reader takes it; ends when told to, and gives nothing any more once its owner is dead. */
export class Mailbox<T> {
  readonly #waiting: T[] = [];
  #wake: (() => void) | undefined;
  #closed = false;

  push(item: T): void {
    if (this.#closed) return;
    this.#waiting.push(item);
    this.#wake?.();
  }

  /** What was not read is forgotten: its reader hears nothing more. */
  close(): void {
    this.#closed = true;
    this.#waiting.length = 0;
  }

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

/** A promise that is never kept: what a dead process waits for. */
export function never<T>(): Promise<T> {
  return new Promise<T>(() => undefined);
}
