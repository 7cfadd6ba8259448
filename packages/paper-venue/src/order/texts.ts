/**
 * The venue's words, as on the wire. Source: docs.polymarket.com/resources/error-codes and issues of the official clients as
 * of 2026-11.
 * @module
 */

/** Texts without figures in them. */
export const TEXTS = {
  unauthorized: "Unauthorized/Invalid api key",
  l1: "Invalid L1 Request headers",
  createKey: "Could not create api key",
  deriveKey: "Could not derive api key!",
  payload: "Invalid order payload",
  badPayload: "Invalid payload",
  limit: "Payload exceeds the limit",
  version: "order_version_mismatch",
  owner: "the order owner has to be the owner of the API KEY",
  signer: "the order signer address has to be the address of the API KEY",
  maker: "maker address not allowed, please use the deposit wallet flow",
  signature: "invalid signature",
  token: "Invalid token id",
  side: "Invalid side",
  market: "market not found",
  book: "No orderbook exists for the requested token id",
  notReady: "the market is not yet ready to process new orders",
  postOnly: "invalid post-only order: order crosses book",
  expiration: "invalid expiration",
  balance: "not enough balance / allowance",
  noPostOnly: "invalid post-only order: only GTC and GTD orders are supported",
  tooMany: "Too Many Requests",
  internal: "Internal server error",
  notInserted: "could not insert order",
  interval: "'startTs' and 'endTs' interval is too long",
  canceledOrMatched: "already canceled or matched",
  notFoundOrCanceled: "Order not found or already canceled",
  heartbeat: "Invalid Heartbeat ID",
  restarting: "The matching engine is restarting",
  disabled: "Trading is currently disabled. Check polymarket.com for updates",
  cancelOnly: "Trading is currently cancel-only. New orders are not accepted, but cancels are allowed.",
  postOnlyMode: "post-only mode: only post-only orders and cancels are allowed",
} as const;

/** Most orders in one `POST /orders`. */
export const MAX_BATCH = 15;
/** Most ids in one `DELETE /orders`, since 2026-06-15. */
export const MAX_CANCELS = 1_000;

export function tooManyOrders(count: number): string {
  return `Too many orders in payload: ${count}, max allowed: ${MAX_BATCH}`;
}

export function banned(address: string): string {
  return `'${address}' address banned`;
}

export function closedOnly(address: string): string {
  return `'${address}' address in closed only mode`;
}

export function invalidOrder(orderId: string, why: string): string {
  return `order ${orderId} is invalid. ${why}`;
}

export function breaksTick(orderId: string, price: string, tick: string): string {
  return invalidOrder(orderId, `Price (${price}) breaks minimum tick size rule: ${tick}`);
}

export function belowMinimum(orderId: string, size: string, minimum: string): string {
  return invalidOrder(orderId, `Size (${size}) lower than the minimum: ${minimum}`);
}

export function duplicated(orderId: string): string {
  return invalidOrder(orderId, "Duplicated.");
}

/** Precision rules; `decimals` of the dollars of a limit order go by the market's tick. */
export const PRECISION = {
  marketBuy:
    "invalid amounts, the market buy orders maker amount supports a max accuracy of 2 decimals, taker amount a max of 4 decimals",
  marketSell:
    "invalid amounts, the sell orders maker amount supports a max accuracy of 2 decimals, taker amount a max of 4 decimals",
  limitBuy: (decimals: number) =>
    `invalid amounts, the buy orders maker amount supports a max accuracy of ${decimals} decimals, taker amount a max of 2 decimals`,
  limitSell: (decimals: number) =>
    `invalid amounts, the sell orders maker amount supports a max accuracy of 2 decimals, taker amount a max of ${decimals} decimals`,
  nothing: "invalid amounts, maker and taker amounts have to be greater than 0",
} as const;

/** What is short, in millionths. */
export function lacksBalance(figures: {
  readonly balance: number;
  readonly active: number;
  readonly matched: number;
  readonly amount: number;
}): string {
  const { balance, active, matched, amount } = figures;
  const details =
    active === 0 && matched === 0
      ? `balance: ${balance}, order amount: ${amount}`
      : `balance: ${balance}, sum of active orders: ${active}, sum of matched orders: ${matched}, order amount (inc. fees): ${amount}`;
  return `${TEXTS.balance}: the balance is not enough -> ${details}`;
}

export function lacksAllowance(spender: string, allowance: bigint): string {
  return `${TEXTS.balance}: the allowance is not enough -> spender: ${spender}, allowance: ${allowance}`;
}
