/** Many sources as one, to which more may be added while it is read. */
export class GrowingSource<T> {
  readonly #queue: T[] = [];
  #wake: (() => void) | undefined;
  #failed: { readonly error: unknown } | undefined;

  /** Reads one more source to its end. What breaks it breaks the whole. */
  add(source: AsyncIterable<T>): void {
    void this.#read(source);
  }

  /** Everything that the sources say, in the order of its arrival, until the signal aborts. */
  async *events(signal: AbortSignal): AsyncGenerator<T> {
    const wake = (): void => this.#wake?.();
    signal.addEventListener("abort", wake);
    try {
      while (!signal.aborted) {
        const next = this.#queue.shift();
        if (next !== undefined) yield next;
        else if (this.#failed !== undefined) throw this.#failed.error;
        else
          await new Promise<void>((resolve) => {
            this.#wake = resolve;
          });
      }
    } finally {
      signal.removeEventListener("abort", wake);
    }
  }

  async #read(source: AsyncIterable<T>): Promise<void> {
    try {
      for await (const event of source) {
        this.#queue.push(event);
        this.#wake?.();
      }
    } catch (error) {
      this.#failed = { error };
      this.#wake?.();
    }
  }
}
