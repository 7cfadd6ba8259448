import type { MarketId } from "../../ids.ts";
import type { Team } from "../../events/index.ts";
import { NANOS_PER_MS, PRICE_ONE, type Nanos, type Price } from "../../units/index.ts";

/** A market of a match has moved: whoever moved it knew something. */
export interface MarketMove {
  readonly marketId: MarketId;
  /** The game that the market is about; absent: the series. */
  readonly game?: number;
  /** The team that it moved for. */
  readonly team: Team;
  /** When it began. */
  readonly at: Nanos;
  /** How far the bid is above what was asked before, or the ask below what was bid, at its widest; in 1e-4 dollars. */
  readonly size: number;
}

/** What makes a move. */
export interface MoveOptions {
  /** How many dollars the bid is above what the ask was, or the ask below what the bid was. */
  readonly price: number;
  /** Within how many ms. */
  readonly withinMs: number;
}

/** A move as the detector keeps it; changed in place while it lasts. */
export interface RunningMove {
  /** Of outcome 0's price. */
  up: boolean;
  at: Nanos;
  size: number;
}

const SLOTS = 10;

/**
 * Watches the best prices of one market for moves: the bid is now above what was asked a moment ago, or the ask below what
 * was bid. A quote that is pulled moves the mid and says nothing. Bounded memory, no allocation per price.
 *
 * @example
 * ```ts
 * import { MoveDetector, type Nanos, type Price } from "@matchpoint/sdk";
 * const detector = new MoveDetector({ price: 0.02, withinMs: 5_000 });
 * detector.observe(0 as Nanos, 5_000 as Price, 5_100 as Price);
 * const move = detector.observe(1_000_000_000 as Nanos, 5_600 as Price, 6_000 as Price); // up by 500: 0.56 bid, 0.51 was asked
 * ```
 */
export class MoveDetector {
  readonly #least: number;
  readonly #slot: number;
  /** Lowest ask and highest bid per slot of the window. */
  readonly #lowAsk = new Int32Array(SLOTS);
  readonly #highBid = new Int32Array(SLOTS);
  #tick = -1;
  #bid = 0;
  #ask = 0;
  #running = false;
  /** The ask that a rise began from, or the bid that a fall did. */
  #base = 0;
  #grownAt = 0;
  readonly #move: RunningMove = { up: true, at: 0 as Nanos, size: 0 };

  constructor(options: MoveOptions) {
    this.#least = Math.max(1, Math.round(options.price * PRICE_ONE));
    this.#slot = Math.max(1, (options.withinMs * NANOS_PER_MS) / SLOTS);
  }

  /** Forgets what prices were: there was a gap, so nobody knows when they moved. */
  reset(): void {
    this.#tick = -1;
    this.#running = false;
  }

  /** Takes the best prices of outcome 0. Returns the move that began or grew with them, valid until the next call. */
  observe(at: Nanos, bid: Price, ask: Price): RunningMove | undefined {
    if (bid <= 0 || ask >= PRICE_ONE) return undefined;
    this.#remember(Math.floor(at / this.#slot), bid, ask);
    return this.#running && this.#goesOn(at, bid, ask)
      ? this.#grown(at, bid, ask)
      : this.#begin(at, bid, ask);
  }

  #sizeOf(bid: number, ask: number): number {
    return this.#move.up ? bid - this.#base : this.#base - ask;
  }

  /** A move is over when it has not grown for as long as one may take, or has gone back by as much as makes one. */
  #goesOn(at: Nanos, bid: number, ask: number): boolean {
    const over =
      at - this.#grownAt > this.#slot * SLOTS || this.#sizeOf(bid, ask) <= this.#move.size - this.#least;
    if (over) this.#running = false;
    return !over;
  }

  #grown(at: Nanos, bid: number, ask: number): RunningMove | undefined {
    const size = this.#sizeOf(bid, ask);
    if (size <= this.#move.size) return undefined;
    this.#move.size = size;
    this.#grownAt = at;
    return this.#move;
  }

  #begin(at: Nanos, bid: number, ask: number): RunningMove | undefined {
    let low = ask;
    let high = bid;
    for (let i = 0; i < SLOTS; i++) {
      low = Math.min(low, this.#lowAsk[i]!);
      high = Math.max(high, this.#highBid[i]!);
    }
    const up = bid - low >= high - ask;
    const size = up ? bid - low : high - ask;
    if (size < this.#least) return undefined;
    this.#running = true;
    this.#base = up ? low : high;
    this.#grownAt = at;
    this.#move.up = up;
    this.#move.at = at;
    this.#move.size = size;
    return this.#move;
  }

  /** Prices stand until the next ones come, so each slot that is entered begins with the last ones. */
  #remember(tick: number, bid: number, ask: number): void {
    if (this.#tick === -1) {
      this.#lowAsk.fill(ask);
      this.#highBid.fill(bid);
      this.#tick = tick;
    }
    for (let next = Math.max(this.#tick + 1, tick - SLOTS + 1); next <= tick; next++) {
      this.#lowAsk[next % SLOTS] = this.#ask;
      this.#highBid[next % SLOTS] = this.#bid;
    }
    this.#tick = tick;
    const i = tick % SLOTS;
    if (ask < this.#lowAsk[i]!) this.#lowAsk[i] = ask;
    if (bid > this.#highBid[i]!) this.#highBid[i] = bid;
    this.#bid = bid;
    this.#ask = ask;
  }
}
