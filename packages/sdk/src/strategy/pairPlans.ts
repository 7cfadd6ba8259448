import { PRICE_ONE, type Price, type Shares } from "../units/index.ts";
import type { Position } from "../state/index.ts";
import type { Quote } from "./context.ts";
import { orderSize, smallest } from "./grid.ts";
import { feeFor, heldCost, highestLimit, pairCost, within, type Fits } from "./pairCost.ts";

/** An order to be sent: how many shares, the worst price, and what is left of each pair's dollar at the book's present prices. */
export interface LegPlan {
  readonly size: Shares;
  readonly limit: Price;
  readonly edge?: number;
}

/**
 * Buys the missing leg if the whole cost of the pairs fits: the full residual, or else what stands at the best ask. The
 * limit reaches up to the last price that still fits, since the book may move while the order travels.
 */
export function planSecondLeg(
  position: Position,
  missing: Quote,
  residual: Shares,
  terms: { readonly tick: Price; readonly minSize: Shares; readonly reach: number },
  fits: Fits,
): LegPlan | undefined {
  for (const size of [residual, smallest(residual, missing.askSize)]) {
    if (size < terms.minSize) continue;
    const cost = pairCost(position, missing, size);
    if (!cost.complete || !fits(size, cost.total)) continue;
    const ceiling = Math.min(cost.worst + terms.reach, PRICE_ONE) as Price;
    const last = highestLimit(cost.held, missing, size, { tick: terms.tick, ceiling, maker: false }, fits);
    return { size, limit: Math.max(cost.worst, last) as Price, edge: 1 - cost.total / size };
  }
  return undefined;
}

/** Both legs bought at once, each from its own book. */
export interface BothPlan {
  readonly size: Shares;
  readonly limits: readonly [Price, Price];
  readonly edge: number;
}

/** The clip, or else what stands at both best asks, if `eff_yes + eff_no` and the fees fit. Never so on a mirrored book. */
export function planBothLegs(
  quotes: readonly [Quote, Quote],
  clip: Shares,
  minSize: Shares,
  fits: Fits,
): BothPlan | undefined {
  const [yes, no] = quotes;
  if (yes.ask + no.ask >= PRICE_ONE) return undefined;
  for (const size of [orderSize(clip), smallest(clip, yes.askSize, no.askSize)]) {
    if (size < minSize) continue;
    const first = pairCost(NOTHING, yes, size);
    const second = pairCost(NOTHING, no, size);
    const total = first.total + second.total;
    if (!first.complete || !second.complete || !fits(size, total)) continue;
    return { size, limits: [first.worst, second.worst], edge: 1 - total / size };
  }
  return undefined;
}

/** Sells a residual, or else what the best bid takes of it, if that loses at most so many dollars per share, fees included. */
export function planUnwind(
  position: Position,
  held: Quote,
  residual: Shares,
  minSize: Shares,
  maxLoss: number,
): LegPlan | undefined {
  for (const shares of [residual, smallest(residual, held.bidSize)]) {
    if (shares < minSize) continue;
    const walk = held.selling({ shares });
    if (!walk.complete) continue;
    const loss = heldCost(position, shares) - walk.cost + feeFor(held, shares, walk.worst, held.bid);
    if (within(shares, loss, maxLoss)) return { size: shares, limit: walk.worst };
  }
  return undefined;
}

const NOTHING = { matched: 0, settled: 0, cost: 0, openedAt: undefined } as Position;
