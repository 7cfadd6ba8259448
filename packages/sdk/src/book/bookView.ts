import type { Outcome, Side } from "../events/index.ts";
import type { Nanos, Price, Shares, Usdc } from "../units/index.ts";

/**
 * How far a book can be trusted.
 *
 * | status | meaning |
 * |---|---|
 * | `empty` | nothing known yet |
 * | `live` | built on a snapshot and never contradicted since |
 * | `synthetic` | no snapshot was ever seen: the top is what the venue states, sizes there may be assumed |
 * | `gapped` | something was missed, contradicted or refused; needs a snapshot |
 * | `stale` | the feed fell silent; needs a snapshot |
 * | `disconnected` | no connection; needs a snapshot |
 */
export type BookStatus = "empty" | "live" | "synthetic" | "gapped" | "stale" | "disconnected";

/** What a taker order would meet. */
export interface Walk {
  /** Shares found. */
  readonly shares: Shares;
  /** What they cost or bring, without fee: summed exactly, the last micro-dollar rounded up for a buy and down for a sell. */
  readonly cost: Usdc;
  /** The worst price touched; 0 when nothing was found. */
  readonly worst: Price;
  /** Price levels touched. */
  readonly levels: number;
  /** Whether the whole amount was there within the limit. */
  readonly complete: boolean;
  /** Dollars per share, for statistics only; 0 when nothing was found. */
  readonly average: number;
}

/** One price level. */
export interface Level {
  readonly price: Price;
  readonly size: Shares;
}

/** How much to walk: shares to buy or sell, or dollars to spend or raise. */
export type WalkAmount = { readonly shares: Shares } | { readonly usdc: Usdc };

/** A market's book as everyone but its owner sees it: both outcomes, each with its own bids and asks. */
export interface BookView {
  readonly status: BookStatus;
  /** Smallest price step. */
  readonly tick: Price;
  /** Counts changes of the tick: orders priced in an earlier epoch may be off the grid. */
  readonly epoch: number;
  /** When the last snapshot, delta or quote arrived; 0 before the first. */
  readonly updatedAt: Nanos;
  /** Whether both outcomes are one book. */
  readonly mirrored: boolean;
  /** Best bid; 0 when there is none. */
  bid(outcome: Outcome): Price;
  /** Best ask; 10,000 when there is none. */
  ask(outcome: Outcome): Price;
  bidSize(outcome: Outcome): Shares;
  askSize(outcome: Outcome): Shares;
  /** Size resting at one price; 0 when there is none. */
  sizeAt(outcome: Outcome, side: "bid" | "ask", price: Price): Shares;
  /** What a taker of `side` finds at `limit` or better, capped at 2^53 - 1. */
  depth(outcome: Outcome, side: Side, limit: Price): Shares;
  /**
   * Effective price for a size: walks the book as a taker order would. Dollars of a buy are spent, those of a sell raised.
   * @throws `UNIT_INVALID` when the amount is negative or not a safe integer
   */
  walk(outcome: Outcome, side: Side, amount: WalkAmount, limit?: Price): Walk;
  /** At most `max` levels, best first. */
  levels(outcome: Outcome, side: "bid" | "ask", max: number): Level[];
}

/** A book as plain JSON: all that decides what it shows and how it takes the next event. Counters are not part of it. */
export interface SavedBook {
  readonly tick: Price;
  readonly epoch: number;
  readonly updatedAt: Nanos;
  /** Per half: how far it can be trusted, as a number of its own order, and whether it stands on a real snapshot. */
  readonly halves: readonly [number, boolean, number, boolean];
  /** Since when a stated best price is lacking; -1 when none is. */
  readonly lackingSince: number;
  /** Flat triples `ladder, price, size`. */
  readonly levels: readonly number[];
}
