/** Remembers the last so many keys with what was said under each; older ones are forgotten. */
export class Recent {
  readonly #said = new Map<string, string>();
  readonly #capacity: number;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /** Takes down what is said under a key, and tells what was said before; the first word stays. */
  say(key: string, words: string): string | undefined {
    const before = this.#said.get(key);
    if (before !== undefined) return before;
    if (this.#said.size >= this.#capacity) {
      for (const oldest of this.#said.keys()) {
        this.#said.delete(oldest);
        break;
      }
    }
    this.#said.set(key, words);
    return undefined;
  }
}
