import { LADDER, type BookDelta, type BookSnapshot, type Outcome } from "@matchpoint/sdk";

/** The levels of a market's book as its events say: without opinion, only to be compared with another's. */
export class BookContent {
  /** Sizes by ladder and price. */
  readonly #levels = new Map<number, number>();

  /** Takes in what the reader was told. */
  apply(event: BookSnapshot | BookDelta): void {
    if (event.type === "book_snapshot") {
      for (const key of this.#levels.keys())
        if (outcomeOf(key >>> 14) === event.outcome) this.#levels.delete(key);
    }
    const { levels } = event;
    for (let i = 0; i < levels.length; i += 3) {
      const key = keyOf(levels[i]!, levels[i + 1]!);
      const size = levels[i + 2]!;
      if (size === 0) this.#levels.delete(key);
      else this.#levels.set(key, size);
    }
  }

  /** Whether another has the same levels. */
  same(other: BookContent): boolean {
    if (other.#levels.size !== this.#levels.size) return false;
    for (const [key, size] of this.#levels) if (other.#levels.get(key) !== size) return false;
    return true;
  }

  /** Whether a whole book says the same of its outcome. */
  equals({ levels, outcome }: BookSnapshot): boolean {
    let own = 0;
    for (const key of this.#levels.keys()) if (outcomeOf(key >>> 14) === outcome) own++;
    let theirs = 0;
    for (let i = 0; i < levels.length; i += 3) {
      const size = levels[i + 2]!;
      if (size === 0) continue;
      theirs++;
      if (this.#levels.get(keyOf(levels[i]!, levels[i + 1]!)) !== size) return false;
    }
    return own === theirs;
  }
}

function keyOf(ladder: number, price: number): number {
  return (ladder << 14) | price;
}

function outcomeOf(ladder: number): Outcome {
  return ladder >= LADDER.BID_1 ? 1 : 0;
}

const words = new Float64Array(1);
const halves = new Int32Array(words.buffer);

/**
 * A number for what an event says and when: the same for two copies of one, and for two others the same once in 2^52.
 * Of what is stamped here (`at`, `receivedAt`) it knows nothing.
 */
export function fingerprint(
  kind: number,
  occurredAt: number,
  numbers: readonly number[],
  ...more: number[]
): number {
  let a = 0x9e3779b9 ^ kind;
  let b = 0x85ebca6b ^ numbers.length;
  const mix = (value: number): void => {
    words[0] = value;
    a = Math.imul(a ^ halves[0]!, 0xcc9e2d51) ^ (b >>> 15);
    b = Math.imul(b ^ halves[1]!, 0x1b873593) ^ (a >>> 13);
    a = (a << 13) | (a >>> 19);
    b = (b << 17) | (b >>> 15);
  };
  mix(occurredAt);
  for (let i = 0; i < numbers.length; i++) mix(numbers[i]!);
  for (const value of more) mix(value);
  // Whatever came last has been through two more rounds.
  mix(kind);
  mix(numbers.length);
  return (a >>> 0) * 0x100000 + (b >>> 12);
}
