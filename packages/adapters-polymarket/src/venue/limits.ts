import type { Price, Shares, Usdc } from "@matchpoint/sdk";

/**
 * Ticks that the venue uses: `$0.1` to `$0.0001` as prices in ten-thousandths of a dollar. Source: `roundingConfig.ts` of
 * `@polymarket/clob-client-v2` 1.1.0; a test compares with what that client builds.
 */
export const TICKS: readonly Price[] = Object.freeze([1_000, 100, 50, 25, 10, 1] as Price[]);

/**
 * Steps of amounts in millionths. Limit orders: shares to two places, at any tick. FAK and FOK: the maker's side to two places and the
 * taker's to four, whatever the tick; source: the venue's texts `invalid amounts, the market buy orders maker amount supports a max
 * accuracy of 2 decimals, taker amount a max of 4 decimals` and the same for sell orders.
 */
export const AMOUNT_STEPS = Object.freeze({
  limitShares: 10_000 as Shares,
  marketBuyDollars: 10_000 as Usdc,
  marketBuyShares: 100 as Shares,
  marketSellShares: 10_000 as Shares,
  marketSellDollars: 100 as Usdc,
});

/**
 * Smallest orders. `restingShares` is only the usual `min_order_size`: each market says its own. A marketable BUY below
 * `marketableBuyDollars` is refused: `invalid amount for a marketable BUY order ($0.94), min size: $1`.
 */
export const MINIMUM_ORDER = Object.freeze({
  restingShares: 5_000_000 as Shares,
  marketableBuyDollars: 1_000_000 as Usdc,
});

/**
 * How far ahead of an order's own time a GTD expiration must lie, in seconds. The documentation says three minutes, and the
 * venue takes the order off one minute before the stated time; a minute is added against clocks that differ.
 */
export const GTD_LEAD_S = 240;

/** Orders in one `POST /orders`: `Too many orders in payload: {N}, max allowed: 15`. Ids in one `DELETE /orders` since 2026-06-15. */
export const BATCH_LIMITS = Object.freeze({ orders: 15, cancels: 1_000 });
