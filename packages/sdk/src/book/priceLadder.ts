import { PRICE_ONE } from "../units/index.ts";

/** What an event changed, as bit flags: the result of {@link MarketBook.apply}. */
export const BOOK_CHANGE = {
  NONE: 0,
  /** A best price, or the size there. */
  TOP: 1,
  /** Any level. */
  DEPTH: 2,
  STATUS: 4,
  TICK: 8,
} as const;

function gcd(a: number, b: number): number {
  return b === 0 ? a : gcd(b, a % b);
}

const OFF_GRID = 0xffff;
const SLOTS = new Map<number, Uint16Array>();

/** The slot of every key from 0 to 10,000 on a grid, shared by all ladders of that grid: quicker than dividing. */
function slotsOf(step: number): Uint16Array {
  let slots = SLOTS.get(step);
  if (slots === undefined) {
    slots = new Uint16Array(PRICE_ONE + 1).fill(OFF_GRID);
    for (let key = 0; key <= PRICE_ONE; key += step) slots[key] = key / step;
    SLOTS.set(step, slots);
  }
  return slots;
}

/**
 * Sizes of one side of a book, indexed by *key*: the price of a bid, 10,000 minus the price of an ask. So the best level of
 * either side is the highest key, and the asks of one outcome are, key by key, the bids of the other at the complement.
 *
 * A slot per step of the grid and one bit per slot that says whether it is taken: setting a level is two array writes, and
 * the next worse level is found 32 slots at a time. A key off the grid refines the grid.
 */
export class PriceLadder {
  /** Key distance of neighbouring slots; divides 10,000. */
  step: number;
  /** Slot of the best level, -1 when the ladder is empty. */
  best = -1;
  /** Size per slot, to be read only. Slot 0 is always 0, so that `sizes[slot - 1]` tells whether the neighbour is next. */
  sizes: Float64Array;
  private slots: Uint16Array;
  private taken: Int32Array;

  constructor(step: number) {
    this.step = gcd(PRICE_ONE, step);
    this.slots = slotsOf(this.step);
    this.sizes = new Float64Array(PRICE_ONE / this.step + 1);
    this.taken = new Int32Array((this.sizes.length >>> 5) + 1);
  }

  /** Key of the best level; 0 when the ladder is empty. */
  get bestKey(): number {
    return this.best < 0 ? 0 : this.best * this.step;
  }

  /** Size of the best level. */
  get bestSize(): number {
    return this.best < 0 ? 0 : this.sizes[this.best]!;
  }

  sizeAt(key: number): number {
    const slot = this.slot(key);
    return slot < 0 ? 0 : this.sizes[slot]!;
  }

  /**
   * Sets the size of a level, 0 removes it; `key` is a whole number from 1 to 9,999. Returns what changed:
   * {@link BOOK_CHANGE} `NONE`, `DEPTH` or `DEPTH | TOP`.
   */
  set(key: number, size: number): number {
    let slot = this.slots[key]!;
    if (slot === OFF_GRID) {
      if (size === 0) return BOOK_CHANGE.NONE;
      this.refine(gcd(this.step, key));
      slot = key / this.step;
    }
    const sizes = this.sizes;
    const before = sizes[slot]!;
    if (before === size) return BOOK_CHANGE.NONE;
    sizes[slot] = size;
    if (size === 0) {
      this.taken[slot >>> 5]! &= ~(1 << (slot & 31));
      if (slot !== this.best) return BOOK_CHANGE.DEPTH;
      this.best = this.next(slot);
      return BOOK_CHANGE.DEPTH | BOOK_CHANGE.TOP;
    }
    if (before === 0) this.taken[slot >>> 5]! |= 1 << (slot & 31);
    if (slot < this.best) return BOOK_CHANGE.DEPTH;
    this.best = slot;
    return BOOK_CHANGE.DEPTH | BOOK_CHANGE.TOP;
  }

  /** The next worse taken slot, -1 after the last. */
  next(slot: number): number {
    const taken = this.taken;
    let word = slot >>> 5;
    let bits = taken[word]! & ((1 << (slot & 31)) - 1);
    while (bits === 0) {
      if (--word < 0) return -1;
      bits = taken[word]!;
    }
    return (word << 5) + 31 - Math.clz32(bits);
  }

  /** Removes all levels. */
  clear(): void {
    if (this.best < 0) return;
    this.sizes.fill(0, 0, this.best + 1);
    this.taken.fill(0);
    this.best = -1;
  }

  /** Removes every level better than `key`; returns how many there were. */
  dropBetter(key: number): number {
    let dropped = 0;
    while (this.best >= 0 && this.best * this.step > key) {
      this.set(this.best * this.step, 0);
      dropped++;
    }
    return dropped;
  }

  /** Removes every level that is not on a grid of `tick`; returns how many there were. Allows finer levels from now on. */
  retick(tick: number): number {
    let dropped = 0;
    for (let slot = this.best; slot >= 0; slot = this.next(slot)) {
      if ((slot * this.step) % tick === 0) continue;
      this.set(slot * this.step, 0);
      dropped++;
    }
    const step = gcd(this.step, tick);
    if (step < this.step) this.refine(step);
    return dropped;
  }

  private slot(key: number): number {
    const slot = this.slots[key] ?? OFF_GRID;
    return slot === OFF_GRID ? -1 : slot;
  }

  private refine(step: number): void {
    const finer = new PriceLadder(step);
    for (let slot = this.best; slot >= 0; slot = this.next(slot))
      finer.set(slot * this.step, this.sizes[slot]!);
    this.step = finer.step;
    this.best = finer.best;
    this.slots = finer.slots;
    this.sizes = finer.sizes;
    this.taken = finer.taken;
  }
}
