/** Events that one side puts in and the run reads: nothing is lost before the run listens. */
export class Mailbox<T> {
  readonly #waiting: T[] = [];
  #wake: (() => void) | undefined;

  push(item: T): void {
    this.#waiting.push(item);
    this.#wake?.();
  }

  /** Everything so far and from now on, until the signal aborts. */
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
