import type { BookDelta } from "../events/index.ts";

/** Several deltas in one: for each level the last size, in the order in which levels were first named. */
export class MergedDelta {
  readonly #levels: number[] = [];
  readonly #places = new Map<number, number>();
  #last: BookDelta;
  #count = 0;

  constructor(first: BookDelta) {
    this.#last = first;
    this.add(first);
  }

  /** How many deltas it holds. */
  get count(): number {
    return this.#count;
  }

  add(delta: BookDelta): void {
    this.#last = delta;
    this.#count += 1;
    const { levels } = delta;
    for (let i = 0; i + 2 < levels.length; i += 3) {
      const ladder = levels[i]!;
      const price = levels[i + 1]!;
      const size = levels[i + 2]!;
      const key = ladder * 16_384 + price;
      const place = this.#places.get(key);
      if (place === undefined) {
        this.#places.set(key, this.#levels.length);
        this.#levels.push(ladder, price, size);
      } else {
        this.#levels[place + 2] = size;
      }
    }
  }

  /** One delta with the times and stated best prices of the last. */
  event(): BookDelta {
    return this.#count === 1 ? this.#last : { ...this.#last, levels: this.#levels };
  }
}
