import {
  formatShares,
  formatUsdc,
  PRICE_ONE,
  type OrderType,
  type Price,
  type Shares,
  type Side,
  type Usdc,
} from "@matchpoint/sdk";
import { AMOUNT_STEPS, MINIMUM_ORDER } from "../venue/limits.ts";
import { refuse } from "./refuse.ts";
import { checkPrice } from "./snap.ts";

/** What an order asks for: an intent's own fields. */
export interface OrderTerms {
  readonly side: Side;
  readonly orderType: OrderType;
  readonly limit: Price;
  /** Shares; a FAK or FOK buy is denominated by `spend` and does not look at it. */
  readonly size: Shares;
  /** Dollars that a FAK or FOK buy spends, in whole cents. */
  readonly spend?: Usdc;
}

/** What amounts depend on in a market. */
export interface MarketGrid {
  readonly tick: Price;
  /** The market's `min_order_size`, which orders that may rest must reach. */
  readonly minSize: Shares;
}

/** An order's amounts in millionths: a buy gives dollars for shares, a sell shares for dollars. */
export interface OrderAmounts {
  readonly makerAmount: number;
  readonly takerAmount: number;
}

/**
 * The exact amounts of an order, in integers.
 *
 * GTC and GTD: shares to two places at a price on the grid always make an amount that the venue takes, so nothing is rounded. FAK
 * and FOK buys spend `spend` and derive the shares from the limit, rounded **down** to four places: rounded up, the implied price would
 * lie below the limit and the order would miss the very ask that it is for. FAK and FOK sells round the dollars down to four
 * places. Both leave the implied price within a tick of the limit, where no other price is.
 * Sources: the venue's `invalid amounts, …` texts; github.com/Polymarket/py-sdk/issues/291, py-clob-client-v2/issues/99.
 *
 * @example
 * ```ts
 * import { orderAmounts } from "@matchpoint/adapters-polymarket";
 * import { parsePrice, parseShares } from "@matchpoint/sdk";
 * const grid = { tick: parsePrice("0.01"), minSize: parseShares("5") };
 * const limit = parsePrice("0.47");
 * orderAmounts({ side: "buy", orderType: "GTC", limit, size: parseShares("21.28") }, grid); // 10001600 for 21280000
 * ```
 * @throws `MatchpointError` `ORDER_INVALID` on a price off the grid, an amount too fine, too small or too large
 */
export function orderAmounts(terms: OrderTerms, grid: MarketGrid): OrderAmounts {
  const { side, orderType, limit, size, spend } = terms;
  checkPrice(limit, grid.tick);
  const immediate = orderType === "FAK" || orderType === "FOK";
  if (immediate && side === "buy") return marketBuy(spend, limit, grid.tick);
  if (spend !== undefined) refuse(`only a FAK or FOK buy spends dollars, not a ${orderType} ${side}`);
  if (!Number.isSafeInteger(size) || size <= 0) refuse(`size ${size} is not an amount of shares`);
  if (size % AMOUNT_STEPS.limitShares !== 0)
    refuse(`size ${formatShares(size)} has more than two places`, "take snapShares of it");
  if (!immediate && size < grid.minSize)
    refuse(`size ${formatShares(size)} is below the market's minimum ${formatShares(grid.minSize)}`);
  // Divided first: exact, because sizes are hundredths, and no product is out of range before the result is.
  const dollars = (size / PRICE_ONE) * limit;
  if (!Number.isSafeInteger(dollars)) refuse(`size ${formatShares(size)} is too large`);
  if (side === "buy") return { makerAmount: dollars, takerAmount: size };
  return {
    makerAmount: size,
    takerAmount: immediate ? marketSell(dollars, size, limit, grid.tick) : dollars,
  };
}

function marketBuy(spend: Usdc | undefined, limit: Price, tick: Price): OrderAmounts {
  if (spend === undefined || !Number.isSafeInteger(spend) || spend <= 0)
    refuse(`a FAK or FOK buy spends dollars; spend is ${String(spend)}`);
  if (spend % AMOUNT_STEPS.marketBuyDollars !== 0)
    refuse(`spend ${formatUsdc(spend)} is not in whole cents`, "take snapSpend of it");
  if (spend < MINIMUM_ORDER.marketableBuyDollars)
    refuse(`spend ${formatUsdc(spend)} is below the venue's minimum of $1 for a marketable buy`);
  const step = AMOUNT_STEPS.marketBuyShares;
  const bought = (BigInt(spend) * BigInt(PRICE_ONE)) / BigInt(limit);
  const takerAmount = Number(bought - (bought % BigInt(step)));
  if (!Number.isSafeInteger(takerAmount)) refuse(`spend ${formatUsdc(spend)} is too large`);
  if (BigInt(spend) * BigInt(PRICE_ONE) >= BigInt(takerAmount) * BigInt(limit + tick))
    refuse(`spend ${formatUsdc(spend)} is too small to say a limit of ${limit} ten-thousandths`);
  return { makerAmount: spend, takerAmount };
}

function marketSell(dollars: number, size: Shares, limit: Price, tick: Price): number {
  const takerAmount = dollars - (dollars % AMOUNT_STEPS.marketSellDollars);
  if (BigInt(takerAmount) * BigInt(PRICE_ONE) <= BigInt(size) * BigInt(limit - tick))
    refuse(`size ${formatShares(size)} is too small to say a limit of ${limit} ten-thousandths`);
  return takerAmount;
}
