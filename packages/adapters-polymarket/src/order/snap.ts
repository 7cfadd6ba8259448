import { formatPrice, PRICE_ONE, type Price, type Shares, type Side, type Usdc } from "@matchpoint/sdk";
import { AMOUNT_STEPS, TICKS } from "../venue/limits.ts";
import { refuse } from "./refuse.ts";

/** Checks that a price is a tick that the venue uses. @throws `MatchpointError` `ORDER_INVALID` */
export function checkTick(tick: Price): void {
  if (!TICKS.includes(tick)) refuse(`${tick} ten-thousandths of a dollar is no tick of the venue`);
}

/** Checks `tick <= price <= 1 - tick`, on the grid. @throws `MatchpointError` `ORDER_INVALID` */
export function checkPrice(price: Price, tick: Price): void {
  checkTick(tick);
  if (!Number.isInteger(price) || price < tick || price > PRICE_ONE - tick)
    refuse(
      `price ${price} ten-thousandths is not from ${formatPrice(tick)} to ${formatPrice((PRICE_ONE - tick) as Price)}`,
    );
  if (price % tick !== 0)
    refuse(
      `price ${formatPrice(price)} is not on the grid of ${formatPrice(tick)}`,
      "snap it with snapPrice: never worse than asked",
    );
}

/**
 * The nearest price on the grid that is not worse than the one asked for: a buy goes down, a sell goes up.
 *
 * @example
 * ```ts
 * import { snapPrice } from "@matchpoint/adapters-polymarket";
 * import { price } from "@matchpoint/sdk";
 * snapPrice(price(5_050), price(100), "buy"); // 0.50
 * ```
 * @throws `MatchpointError` `ORDER_INVALID` when no price of the grid is as good
 */
export function snapPrice(price: Price, tick: Price, side: Side): Price {
  checkTick(tick);
  if (!Number.isInteger(price) || price < 0 || price > PRICE_ONE) refuse(`${price} is not a price`);
  const steps = price / tick;
  const highest = PRICE_ONE - tick;
  const snapped =
    side === "buy" ? Math.min(Math.floor(steps) * tick, highest) : Math.max(Math.ceil(steps) * tick, tick);
  if (snapped < tick || snapped > highest)
    refuse(`no price on the grid of ${formatPrice(tick)} is as good as ${formatPrice(price)} for a ${side}`);
  return snapped as Price;
}

/** The most hundredths of a share that are not more than `size`: what an order may ask for. 0 when there is none. */
export function snapShares(size: Shares): Shares {
  return floorTo(size, AMOUNT_STEPS.limitShares, "size") as Shares;
}

/** The most whole cents that are not more than `spend`: what a FAK or FOK buy may spend. 0 when there are none. */
export function snapSpend(spend: Usdc): Usdc {
  return floorTo(spend, AMOUNT_STEPS.marketBuyDollars, "spend") as Usdc;
}

function floorTo(value: number, step: number, what: string): number {
  if (!Number.isSafeInteger(value) || value < 0) refuse(`${what} ${value} is not a count of millionths`);
  return value - (value % step);
}
