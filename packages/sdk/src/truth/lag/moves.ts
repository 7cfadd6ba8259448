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
  /** How far both sides of the book have come so far, in 1e-4 dollars. */
  readonly size: number;
}

/** What makes a move. */
export interface MoveOptions {
  /** Dollars that both bid and ask have come. */
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
 * Watches the best prices of one market for moves. Both sides must come along: a quote that is pulled moves the mid and says
 * nothing. Bounded memory, no allocation per price.
 */
export class MoveDetector {
  readonly #least: number;
  readonly #slot: number;
  /** Lowest and highest bid and ask per slot of the window. */
  readonly #lowBid = new Int32Array(SLOTS);
  readonly #lowAsk = new Int32Array(SLOTS);
  readonly #highBid = new Int32Array(SLOTS);
  readonly #highAsk = new Int32Array(SLOTS);
  #tick = -1;
  #bid = 0;
  #ask = 0;
  #running = false;
  #baseBid = 0;
  #baseAsk = 0;
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
    const move = this.#move;
    if (this.#running) {
      const size = move.up
        ? Math.min(bid - this.#baseBid, ask - this.#baseAsk)
        : Math.min(this.#baseBid - bid, this.#baseAsk - ask);
      if (at - this.#grownAt > this.#slot * SLOTS) this.#running = false;
      else if (size > move.size) {
        move.size = size;
        this.#grownAt = at;
        return move;
      } else if (move.size - size < this.#least) return undefined;
      else this.#running = false;
    }
    return this.#begin(at, bid, ask);
  }

  #begin(at: Nanos, bid: number, ask: number): RunningMove | undefined {
    let lowBid = bid;
    let lowAsk = ask;
    let highBid = bid;
    let highAsk = ask;
    for (let i = 0; i < SLOTS; i++) {
      lowBid = Math.min(lowBid, this.#lowBid[i]!);
      lowAsk = Math.min(lowAsk, this.#lowAsk[i]!);
      highBid = Math.max(highBid, this.#highBid[i]!);
      highAsk = Math.max(highAsk, this.#highAsk[i]!);
    }
    const rise = Math.min(bid - lowBid, ask - lowAsk);
    const fall = Math.min(highBid - bid, highAsk - ask);
    const up = rise >= fall;
    const size = up ? rise : fall;
    if (size < this.#least) return undefined;
    this.#running = true;
    this.#baseBid = up ? lowBid : highBid;
    this.#baseAsk = up ? lowAsk : highAsk;
    this.#grownAt = at;
    this.#move.up = up;
    this.#move.at = at;
    this.#move.size = size;
    return this.#move;
  }

  /** Prices stand until the next ones come, so each slot that is entered begins with the last ones. */
  #remember(tick: number, bid: number, ask: number): void {
    if (this.#tick === -1) {
      this.#bid = bid;
      this.#ask = ask;
      this.#tick = tick - SLOTS;
    }
    for (let next = Math.max(this.#tick + 1, tick - SLOTS + 1); next <= tick; next++) {
      const i = next % SLOTS;
      this.#lowBid[i] = this.#highBid[i] = this.#bid;
      this.#lowAsk[i] = this.#highAsk[i] = this.#ask;
    }
    this.#tick = tick;
    const i = tick % SLOTS;
    if (bid < this.#lowBid[i]!) this.#lowBid[i] = bid;
    if (ask < this.#lowAsk[i]!) this.#lowAsk[i] = ask;
    if (bid > this.#highBid[i]!) this.#highBid[i] = bid;
    if (ask > this.#highAsk[i]!) this.#highAsk[i] = ask;
    this.#bid = bid;
    this.#ask = ask;
  }
}
