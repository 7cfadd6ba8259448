/**
 * The venue's words for why it refuses something, as a table. Codes are ours; the venue's symbolic names of old documentation
 * are not on the wire, so that everything is told by text. Source: docs.polymarket.com/resources/error-codes and issues of the
 * official clients as of 2026-11.
 * @module
 */
import type { RejectCode, VenueModeChanged } from "@matchpoint/sdk";

/** What to do about a refusal. */
export type Remedy =
  | "nothing"
  | "make_a_new_order"
  | "refresh_tick"
  | "requote_price"
  | "cancel_own_orders"
  | "refresh_balance"
  | "approve_spender"
  | "wait"
  | "find_out"
  | "check_credentials"
  | "halt_market"
  | "halt_account";

/** One text and what it means. */
export interface RejectionRow {
  /** Our name of it. */
  readonly name: string;
  /** Matches anywhere in the text, in any case; named groups are kept as figures. */
  readonly pattern: RegExp;
  /** A text as on the wire that the row, and none before it, matches. */
  readonly example: string;
  readonly code: RejectCode;
  /** Whether the same order may be accepted later without a change. Says nothing about sending twice: a retry is a new order. */
  readonly retryable: boolean;
  readonly remedy: Remedy;
  /** `refused`: it proves that there is no such order; `no_fill`: taken, nothing matched, over; `open`: proves nothing. */
  readonly proves: "refused" | "no_fill" | "open";
  readonly mode?: VenueModeChanged["mode"];
}

function row(
  name: string,
  pattern: RegExp,
  example: string,
  code: RejectCode,
  retryable: boolean,
  remedy: Remedy,
  proves: RejectionRow["proves"] = "refused",
  mode?: RejectionRow["mode"],
): RejectionRow {
  return { name, pattern, example, code, retryable, remedy, proves, ...(mode === undefined ? {} : { mode }) };
}

/** The first row that matches counts. */
export const REJECTIONS: readonly RejectionRow[] = [
  row(
    "BALANCE_COMMITTED",
    /the balance is not enough -> balance: (?<balance>\d+), sum of active orders: (?<active>\d+), sum of matched orders: (?<matched>\d+), order amount \(inc\. fees\): (?<amount>\d+)/i,
    "not enough balance / allowance: the balance is not enough -> balance: 45967864, sum of active orders: 26800000, sum of matched orders: 0, order amount (inc. fees): 21550000",
    "BALANCE",
    true,
    "cancel_own_orders",
  ),
  row(
    "BALANCE_LOW",
    /the balance is not enough(?: -> balance: (?<balance>\d+), order amount: (?<amount>\d+))?/i,
    "not enough balance / allowance: the balance is not enough -> balance: 8860000, order amount: 8770000",
    "BALANCE",
    true,
    "refresh_balance",
  ),
  row(
    "ALLOWANCE_LOW",
    /the allowance is not enough(?: -> spender: (?<spender>0x[\da-f]+), allowance: (?<allowance>\d+)(?:, sum of matched orders: (?<matched>\d+), order amount \(inc\. fees\): (?<amount>\d+))?)?/i,
    "not enough balance / allowance: the allowance is not enough -> spender: 0xE111180000d2663C0091e4f400237545B87B996B, allowance: 0, sum of matched orders: 5, order amount (inc. fees): 7",
    "ALLOWANCE",
    false,
    "approve_spender",
  ),
  row(
    "BALANCE_OR_ALLOWANCE",
    /not enough balance \/ allowance|insufficient balance/i,
    "not enough balance / allowance",
    "BALANCE",
    true,
    "refresh_balance",
  ),
  row(
    "TICK_BROKEN",
    /price \((?<price>[^)]*)\) breaks minimum tick size rule: (?<tick>\d*\.?\d+)/i,
    "order 0xab is invalid. Price (0.505) breaks minimum tick size rule: 0.01",
    "TICK",
    false,
    "refresh_tick",
  ),
  row(
    "SIZE_BELOW_MINIMUM",
    /size \((?<size>[^)]*)\) lower than the minimum: (?<min>\d*\.?\d+)/i,
    "order 0xab is invalid. Size (4) lower than the minimum: 5",
    "MIN_SIZE",
    false,
    "make_a_new_order",
  ),
  row(
    "VALUE_BELOW_MINIMUM",
    /invalid amount for a marketable (?:buy|sell) order \(\$(?<value>[\d.]+)\), min size: \$(?<min>\d+(?:\.\d+)?)/i,
    "invalid amount for a marketable BUY order ($0.94), min size: $1",
    "MIN_SIZE",
    false,
    "make_a_new_order",
  ),
  row(
    "DUPLICATED",
    /\bduplicated\b/i,
    "order 0xab is invalid. Duplicated.",
    "DUPLICATE",
    false,
    "find_out",
    "open",
  ),
  row(
    "POST_ONLY_CROSSES",
    /invalid post-only order|post-only.*crosses/i,
    "invalid post-only order: order crosses book",
    "POST_ONLY_CROSSES",
    true,
    "requote_price",
  ),
  row(
    "CROSSES_BOOK",
    /crosses the book/i,
    "order 0xab crosses the book",
    "POST_ONLY_CROSSES",
    true,
    "requote_price",
  ),
  row(
    "EXPIRATION_INVALID",
    /invalid expiration/i,
    "invalid expiration",
    "EXPIRATION",
    false,
    "make_a_new_order",
  ),
  row(
    "PRECISION",
    /invalid amounts, .*max accuracy of (?<maker>\d+) decimals, taker amount a max of (?<taker>\d+) decimals/i,
    "invalid amounts, the market buy orders maker amount supports a max accuracy of 2 decimals, taker amount a max of 4 decimals",
    "PRECISION",
    false,
    "make_a_new_order",
  ),
  row(
    "AMOUNTS_INVALID",
    /invalid amounts/i,
    "invalid amounts, something else",
    "PRECISION",
    false,
    "make_a_new_order",
  ),
  row(
    "FOK_KILLED",
    /couldn't be fully filled|FOK orders are fully filled or killed/i,
    "order couldn't be fully filled. FOK orders are fully filled or killed.",
    "FOK_NOT_FILLED",
    true,
    "nothing",
    "no_fill",
  ),
  row(
    "FAK_NO_MATCH",
    /no orders found to match with FAK order/i,
    "no orders found to match with FAK order. FAK orders are partially filled or killed if no match is found.",
    "FAK_NO_MATCH",
    true,
    "nothing",
    "no_fill",
  ),
  // Not a refusal: the order may match when the delay is over.
  row(
    "MATCH_DELAYED",
    /order match delayed/i,
    "order match delayed due to market conditions",
    "OTHER",
    false,
    "find_out",
    "open",
  ),
  row(
    "MARKET_NOT_READY",
    /not yet ready to process new orders/i,
    "the market is not yet ready to process new orders",
    "MARKET_CLOSED",
    true,
    "wait",
  ),
  row(
    "CANCELED_ON_CHAIN",
    /canceled in the CTF exchange contract/i,
    "order canceled in the CTF exchange contract",
    "OTHER",
    false,
    "nothing",
  ),
  row("ORDER_VERSION", /order_version_mismatch/i, "order_version_mismatch", "OTHER", false, "halt_account"),
  row(
    "OWNER_MISMATCH",
    /order owner has to be the owner of the api key/i,
    "the order owner has to be the owner of the API KEY",
    "AUTH",
    false,
    "check_credentials",
  ),
  row(
    "SIGNER_MISMATCH",
    /order signer address has to be the address of the api key/i,
    "the order signer address has to be the address of the API KEY",
    "AUTH",
    false,
    "check_credentials",
  ),
  row(
    "MAKER_NOT_ALLOWED",
    /maker address not allowed/i,
    "maker address not allowed, please use the deposit wallet flow",
    "AUTH",
    false,
    "halt_account",
  ),
  row("BANNED", /address banned/i, "'0xf39F' address banned", "AUTH", false, "halt_account"),
  row(
    "CLOSED_ONLY",
    /closed only mode/i,
    "'0xf39F' address in closed only mode",
    "AUTH",
    false,
    "halt_account",
  ),
  row(
    "API_KEY",
    /unauthorized|invalid api key/i,
    "Unauthorized/Invalid api key",
    "AUTH",
    false,
    "check_credentials",
  ),
  row(
    "L1_HEADERS",
    /invalid L1 request headers/i,
    "Invalid L1 Request headers",
    "AUTH",
    false,
    "check_credentials",
  ),
  row(
    "BATCH_TOO_LARGE",
    /too many orders in payload: (?<count>\d+), max allowed: (?<max>\d+)/i,
    "Too many orders in payload: 16, max allowed: 15",
    "OTHER",
    false,
    "make_a_new_order",
  ),
  row(
    "PAYLOAD_TOO_LARGE",
    /payload exceeds the limit/i,
    "Payload exceeds the limit",
    "OTHER",
    false,
    "make_a_new_order",
  ),
  row(
    "PAYLOAD_INVALID",
    /invalid (?:order )?payload/i,
    "Invalid order payload",
    "OTHER",
    false,
    "halt_market",
  ),
  row("TOKEN_INVALID", /invalid token id/i, "Invalid token id", "MARKET_CLOSED", false, "halt_market"),
  row("SIDE_INVALID", /invalid side/i, "Invalid side", "OTHER", false, "halt_market"),
  row(
    "MARKET_NOT_FOUND",
    /market not found|no orderbook exists/i,
    "No orderbook exists for the requested token id",
    "MARKET_CLOSED",
    false,
    "halt_market",
  ),
  row("RATE_LIMITED", /too many requests/i, "Too Many Requests", "RATE_LIMITED", true, "wait"),
  row(
    "POST_ONLY_MODE",
    /post-only mode/i,
    "post-only mode: only post-only orders and cancels are allowed",
    "VENUE_MODE",
    true,
    "wait",
    "refused",
    "POST_ONLY",
  ),
  row(
    "CANCEL_ONLY_MODE",
    /cancel-only/i,
    "Trading is currently cancel-only. New orders are not accepted, but cancels are allowed.",
    "VENUE_MODE",
    true,
    "wait",
    "refused",
    "CANCEL_ONLY",
  ),
  row(
    "TRADING_DISABLED",
    /trading is currently disabled/i,
    "Trading is currently disabled. Check polymarket.com for updates",
    "VENUE_MODE",
    true,
    "wait",
    "refused",
    "DOWN",
  ),
  row("NOT_INSERTED", /could not insert order/i, "could not insert order", "OTHER", true, "find_out", "open"),
  row(
    "NOTHING_MATCHED",
    /there are no matching orders/i,
    "there are no matching orders",
    "OTHER",
    true,
    "find_out",
    "open",
  ),
  row(
    "ROUNDING",
    /trade contains rounding issues/i,
    "the trade contains rounding issues",
    "PRECISION",
    false,
    "find_out",
    "open",
  ),
  row(
    "PRICE_DISCREPANCY",
    /discrepancy greater than allowed/i,
    "the price of the taker's order has a discrepancy greater than allowed with the worst maker order",
    "OTHER",
    true,
    "find_out",
    "open",
  ),
  row("VENUE_FAULT", /internal server error/i, "Internal server error", "OTHER", true, "find_out", "open"),
];
