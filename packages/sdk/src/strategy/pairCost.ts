import { mulDiv, PRICE_ONE, type Price, type Shares, type Usdc } from "../units/index.ts";
import type { Position } from "../state/index.ts";
import type { Quote } from "./context.ts";

/** What completing a number of pairs would cost in all, in micro-dollars. */
export interface PairCost {
  readonly shares: Shares;
  /** What the held leg cost, for these shares, fees included. */
  readonly held: Usdc;
  /** What the book asks for the missing leg at this size. */
  readonly missing: Usdc;
  /** Taker fee on the missing leg, rounded up. */
  readonly fee: Usdc;
  readonly total: Usdc;
  /** Worst price that the missing leg meets. */
  readonly worst: Price;
  /** Whether the book holds that many shares. */
  readonly complete: boolean;
}

/** Cost of the held leg for some of its shares: its total cost pro rata, rounded up. */
export function heldCost(position: Position, amount: Shares): Usdc {
  if (position.matched <= 0) return 0 as Usdc;
  return mulDiv(Math.max(0, position.cost), Math.min(amount, position.matched), position.matched, "up") as Usdc;
}

/** Prices the completion of `amount` pairs: `cost_basis(held leg) + effective_price(missing leg, size) + fee`. */
export function pairCost(position: Position, missing: Quote, amount: Shares, limit?: Price): PairCost {
  const walk = missing.buying({ shares: amount }, limit);
  const held = heldCost(position, walk.shares);
  const fee = walk.shares === 0 ? 0 : Math.ceil(feeAtMost(missing, walk.worst) * walk.shares);
  return {
    shares: walk.shares,
    held,
    missing: walk.cost,
    fee: fee as Usdc,
    total: (held + walk.cost + fee) as Usdc,
    worst: walk.worst,
    complete: walk.complete,
  };
}

/** The fee per share grows toward one half: between the best ask and the worst price met it is at most this. */
function feeAtMost(quote: Quote, worst: Price): number {
  const half = (PRICE_ONE / 2) as Price;
  if (quote.ask <= half && worst >= half) return quote.feeAt(half);
  return Math.max(quote.feeAt(quote.ask), quote.feeAt(worst));
}
