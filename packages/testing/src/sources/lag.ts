/** Lets things pass in order, later or at once. */
export class Lag {
  /** How much later what comes from now on passes. */
  ms = 0;
  readonly #now: () => number;
  readonly #after: (ms: number, callback: () => void) => unknown;
  readonly #queue: (() => void)[] = [];
  #due = 0;

  constructor(now: () => number, after: (ms: number, callback: () => void) => unknown) {
    this.#now = now;
    this.#after = after;
  }

  /** Nothing overtakes what came before, also when the lag has become shorter. */
  pass(work: () => void): void {
    const now = this.#now();
    this.#due = Math.max(this.#due, now + this.ms);
    if (this.#due <= now && this.#queue.length === 0) {
      work();
      return;
    }
    this.#queue.push(work);
    // Timers that are due together may come in any order: each lets the first pass.
    this.#after(this.#due - now, () => this.#queue.shift()?.());
  }
}
