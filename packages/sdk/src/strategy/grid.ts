import { PRICE_ONE, type Price, type Shares } from "../units/index.ts";

/** The venue's sizes have two decimals: a hundredth of a share in micro-shares. */
const HUNDREDTH = 10_000;

/**
 * The highest price on the grid that is not above a probability, kept inside the tradable range; 0 when there is none.
 *
 * @example
 * ```ts
 * import { gridFloor, price } from "@matchpoint/sdk";
 * gridFloor(0.557, price(100)); // 5_500: $0.55 on a grid of cents
 * ```
 */
export function gridFloor(p: number, tick: Price): Price {
  const steps = Math.floor((p * PRICE_ONE + 1e-6) / tick);
  const price = Math.min(steps * tick, PRICE_ONE - tick);
  return (price < tick ? 0 : price) as Price;
}

/** Rounds shares (in millionths) down to what an order can ask for, hundredths; 0 for nothing and less. */
export function orderSize(amount: number): Shares {
  return amount <= 0 ? (0 as Shares) : ((Math.floor(amount) - (Math.floor(amount) % HUNDREDTH)) as Shares);
}

/** The smallest of some amounts of shares, as an order size. */
export function smallest(...amounts: readonly number[]): Shares {
  return orderSize(Math.min(...amounts));
}
