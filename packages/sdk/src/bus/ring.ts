/** A first-in, first-out list that reuses its memory. Grows by doubling, never shrinks. */
export class Ring<T> {
  #items: (T | undefined)[];
  #mask: number;
  #head = 0;
  #size = 0;

  /** @param capacity Places to begin with; a power of two. */
  constructor(capacity = 16) {
    this.#items = new Array<T | undefined>(capacity).fill(undefined);
    this.#mask = capacity - 1;
  }

  get size(): number {
    return this.#size;
  }

  push(item: T): void {
    if (this.#size > this.#mask) this.#grow();
    this.#items[(this.#head + this.#size) & this.#mask] = item;
    this.#size += 1;
  }

  shift(): T | undefined {
    if (this.#size === 0) return undefined;
    const item = this.#items[this.#head];
    this.#items[this.#head] = undefined;
    this.#head = (this.#head + 1) & this.#mask;
    this.#size -= 1;
    return item;
  }

  /** The item at a place counted from the front. */
  at(index: number): T | undefined {
    return index < this.#size ? this.#items[(this.#head + index) & this.#mask] : undefined;
  }

  /** The item at the back. */
  last(): T | undefined {
    return this.#size === 0 ? undefined : this.at(this.#size - 1);
  }

  /** Puts another item in place of the one at the back. */
  replaceLast(item: T): void {
    if (this.#size > 0) this.#items[(this.#head + this.#size - 1) & this.#mask] = item;
  }

  /** Takes out the first item that a test accepts; the others keep their order. */
  removeFirst(test: (item: T) => boolean): T | undefined {
    for (let i = 0; i < this.#size; i++) {
      const item = this.at(i)!;
      if (!test(item)) continue;
      // The shorter side moves: what is dropped as oldest is near the front.
      for (let j = i; j > 0; j--) this.#items[(this.#head + j) & this.#mask] = this.at(j - 1);
      this.shift();
      return item;
    }
    return undefined;
  }

  #grow(): void {
    const larger = new Array<T | undefined>(this.#items.length * 2).fill(undefined);
    for (let i = 0; i < this.#size; i++) larger[i] = this.at(i);
    this.#items = larger;
    this.#mask = larger.length - 1;
    this.#head = 0;
  }
}
