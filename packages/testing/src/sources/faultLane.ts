/** Counters of what is to go wrong with the next messages, and the one that is held back for an exchange. */
export class FaultLane<T> {
  #drop = 0;
  #duplicate = 0;
  #swap = false;
  #held: T | undefined;

  drop(count: number): void {
    this.#drop += count;
  }

  duplicate(count: number): void {
    this.#duplicate += count;
  }

  swap(): void {
    this.#swap = true;
  }

  /** Whether this one is lost. */
  loses(): boolean {
    if (this.#drop === 0) return false;
    this.#drop -= 1;
    return true;
  }

  /** Whether this one comes once more. */
  repeats(): boolean {
    if (this.#duplicate === 0) return false;
    this.#duplicate -= 1;
    return true;
  }

  /** Whether an exchange begins with this one. */
  exchanges(): boolean {
    const swap = this.#swap;
    this.#swap = false;
    return swap;
  }

  /** Messages in the order of their arrival: none while one waits for its successor. */
  order(message: T): readonly T[] {
    if (this.#held !== undefined) {
      const held = this.#held;
      this.#held = undefined;
      return [message, held];
    }
    if (!this.exchanges()) return [message];
    this.#held = message;
    return [];
  }

  /** The one that waits in vain. */
  release(): T | undefined {
    const held = this.#held;
    this.#held = undefined;
    return held;
  }
}
