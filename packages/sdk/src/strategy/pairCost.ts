import { mulDiv, notional, PRICE_ONE, type Price, type Shares, type Usdc } from "../units/index.ts";
import type { Position } from "../state/index.ts";
import type { Quote } from "./context.ts";
import { gridFloor } from "./grid.ts";

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

/** Whether so many pairs may cost so many micro-dollars in all. */
export type Fits = (size: Shares, total: number) => boolean;

/** What pairs may cost. */
export interface PairBudget {
  /** What must be left of each pair's dollar, and more than that. */
  readonly safety_margin: number;
  /** Most that each pair may cost. */
  readonly pair_cost_cap: number;
}

/** Whether this many pairs for this much in all leave more than the margin and are not above the cap: exact to the micro-dollar. */
export function affordable(size: Shares, total: number, budget: PairBudget): boolean {
  return (
    total < part(size, 1 - budget.safety_margin, "up") && total <= part(size, budget.pair_cost_cap, "down")
  );
}

/** Whether this many pairs cost at most `each` dollars: exact to the micro-dollar. */
export function within(size: Shares, total: number, each: number): boolean {
  return total <= part(size, each, "down");
}

/** Micro-dollars at so many dollars (known to the millionth) per share. */
function part(size: Shares, each: number, rounding: "up" | "down"): number {
  return mulDiv(size, Math.round(each * 1_000_000), 1_000_000, rounding);
}

/** Cost of the held leg for some of its shares: its total cost pro rata, rounded up. */
export function heldCost(position: Position, amount: Shares): Usdc {
  if (position.matched <= 0) return 0 as Usdc;
  return mulDiv(
    Math.max(0, position.cost),
    Math.min(amount, position.matched),
    position.matched,
    "up",
  ) as Usdc;
}

/** Prices the completion of `amount` pairs: `cost_basis(held leg) + effective_price(missing leg, size) + fee`. */
export function pairCost(position: Position, missing: Quote, amount: Shares): PairCost {
  const walk = missing.buying({ shares: amount });
  const held = heldCost(position, walk.shares);
  const fee = walk.shares === 0 ? 0 : feeFor(missing, walk.shares, missing.ask, walk.worst);
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

/**
 * The highest price on the grid, not above `ceiling`, at which the missing leg can be bought in one go for a total that
 * `fits`; 0 when there is none. A maker pays no fee.
 */
export function highestLimit(
  held: Usdc,
  missing: Quote,
  amount: Shares,
  options: { readonly tick: Price; readonly ceiling: Price; readonly maker: boolean },
  fits: Fits,
): Price {
  const { tick, maker } = options;
  // The total grows with the price, so the last price that fits is found by halving.
  let low = 0;
  let high = gridFloor(options.ceiling / PRICE_ONE, tick) / tick;
  while (low < high) {
    const steps = Math.ceil((low + high) / 2);
    const limit = (steps * tick) as Price;
    const fee = maker ? 0 : feeFor(missing, amount, missing.ask, limit);
    if (fits(amount, held + notional(amount, limit, "up") + fee)) low = steps;
    else high = steps - 1;
  }
  return (low * tick) as Price;
}

/** Fees are whole hundred-thousandths of a dollar. */
const FEE_GRAIN = 10;

/**
 * The fee per share grows toward one half: between two prices it is at most this. The venue rounds each fill's fee to a
 * hundred-thousandth of a dollar, half up: rounded up to one. Each further level can add half of one.
 */
export function feeFor(quote: Quote, amount: Shares, best: Price, worst: Price): number {
  const half = (PRICE_ONE / 2) as Price;
  const perShare =
    best <= half && worst >= half ? quote.feeAt(half) : Math.max(quote.feeAt(best), quote.feeAt(worst));
  // The fee per share is a float: what it is off by must not add anything.
  return Math.ceil((perShare * amount - 1e-6) / FEE_GRAIN) * FEE_GRAIN;
}
