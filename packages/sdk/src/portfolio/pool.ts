import type { TradeStatus } from "../events/index.ts";
import { mulDiv, type Nanos } from "../units/index.ts";

/**
 * The shares held of one outcome and what they cost, by the average-cost method on totals: selling part of a position
 * releases its part of the cost, rounded toward zero, and the last share releases the rest, so that nothing is ever lost to
 * rounding.
 *
 * A pool may go short (negative shares) when a buy fails after its shares were sold or merged, or when a sell is reported
 * before its buy. The proceeds of what was not held are then a negative cost: nothing is realized on them until shares come
 * in to cover.
 */
export interface Pool {
  shares: number;
  cost: number;
  openedAt: Nanos | undefined;
  /** Bought, and not yet (or not any more) mined. */
  unminedBuys: number;
  /** Bought or sold, and not yet confirmed. */
  unconfirmedBuys: number;
  unconfirmedSells: number;
}

export function emptyPool(): Pool {
  return {
    shares: 0,
    cost: 0,
    openedAt: undefined,
    unminedBuys: 0,
    unconfirmedBuys: 0,
    unconfirmedSells: 0,
  };
}

/** `value * part / whole` rounded toward zero, for a value of either sign. */
function portion(value: number, part: number, whole: number): number {
  return value < 0 ? 0 - mulDiv(0 - value, part, whole, "down") : mulDiv(value, part, whole, "down");
}

/**
 * Moves shares into a pool (`size` > 0, `value` their cost) or out of it (`size` < 0, `value` minus their proceeds) and
 * returns what that realizes: minus what left the pool and the dollars that came with it.
 */
export function transfer(pool: Pool, size: number, value: number, at: Nanos): number {
  if (size === 0) return 0;
  const held = pool.shares;
  const after = held + size;
  let realized = 0;
  if (held === 0 || held > 0 === size > 0) {
    pool.cost += value;
  } else {
    // Closes what is held, first in part or whole; what is beyond that opens a position the other way.
    const closing = Math.min(Math.abs(held), Math.abs(size));
    const closingValue = portion(value, closing, Math.abs(size));
    const released = portion(pool.cost, closing, Math.abs(held));
    realized = 0 - released - closingValue;
    pool.cost += value - closingValue - released;
  }
  pool.shares = after;
  if (after === 0) pool.openedAt = undefined;
  else if (held === 0 || held > 0 !== after > 0) pool.openedAt = at;
  return realized;
}

/** Counts a trade as not mined or not confirmed (`sign` 1), or takes it out again (-1). */
export function countStatus(
  pool: Pool,
  side: "buy" | "sell",
  size: number,
  status: TradeStatus,
  sign: 1 | -1,
): void {
  if (status === "CONFIRMED" || status === "FAILED") return;
  if (side === "sell") {
    pool.unconfirmedSells += sign * size;
    return;
  }
  pool.unconfirmedBuys += sign * size;
  if (status !== "MINED") pool.unminedBuys += sign * size;
}
