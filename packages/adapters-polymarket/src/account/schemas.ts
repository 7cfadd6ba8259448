/**
 * What the venue's records of our own orders, trades and balances must look like, in zod. One schema serves the user channel
 * and REST: their records differ only in what they leave out. Unknown keys are allowed and counted; what may be absent may
 * also be null or `""`. Source: docs.polymarket.com user channel and /data endpoints as of 2026-08, and captured frames
 * of 2024 to 2026.
 * @module
 */
import { z } from "zod";
import { wireSize } from "../market/decimal.ts";
import { PLAIN_ID, wireOptionalSize, wireRatio } from "./values.ts";

const plainId = z.string().regex(PLAIN_ID, "not an id");
const text = z.string().max(1_000).nullish();
/** Times do no harm: one that cannot be read is counted, and left out. */
const time = z.union([z.string().max(64), z.number()]).nullish();
const side = z.enum(["BUY", "SELL"]);
const ratio = z.string().refine((value) => wireRatio(value) !== undefined, "not a price from 0 to 1");
const size = z.string().refine((value) => wireSize(value) >= 0, "not a size with at most 6 places");
const positive = size.refine((value) => wireSize(value) !== 0, "nothing");
const optionalSize = z
  .string()
  .nullish()
  .refine((value) => wireOptionalSize(value) !== -1, "neither a size nor left out");

/** An order: a frame of the user channel, or what `/data/order` and `/data/orders` list. */
export const ACCOUNT_ORDER = z.looseObject({
  event_type: text,
  type: z.enum(["PLACEMENT", "UPDATE", "CANCELLATION", ""]).nullish(),
  id: plainId,
  status: text,
  owner: text,
  order_owner: text,
  maker_address: text,
  market: plainId,
  asset_id: plainId,
  outcome: text,
  side,
  original_size: optionalSize,
  size_matched: optionalSize,
  price: ratio,
  order_type: text,
  associate_trades: z.array(z.string()).nullish(),
  created_at: time,
  expiration: time,
  timestamp: time,
});

/** A maker's part of a trade. */
export const MAKER_ORDER = z.looseObject({
  order_id: plainId,
  owner: text,
  maker_address: text,
  matched_amount: positive,
  price: ratio,
  asset_id: plainId,
  outcome: text,
  outcome_index: z.number().nullish(),
  /** Left out by older frames. */
  side: side.or(z.literal("")).nullish(),
  fee_rate_bps: z.union([z.string(), z.number()]).nullish(),
});

/** A trade: a frame of the user channel, or what `/data/trades` lists. */
export const ACCOUNT_TRADE = z.looseObject({
  event_type: text,
  type: z.literal("TRADE").or(z.literal("")).nullish(),
  id: plainId,
  taker_order_id: plainId,
  market: plainId,
  asset_id: plainId,
  outcome: text,
  side,
  size: positive,
  price: ratio,
  fee_rate_bps: z.union([z.string(), z.number()]).nullish(),
  status: z.string(),
  match_time: time,
  match_time_nano: time,
  last_update: time,
  timestamp: time,
  bucket_index: z.union([z.number(), z.string()]).nullish(),
  owner: text,
  trade_owner: text,
  maker_address: text,
  transaction_hash: text,
  err_msg: text,
  trader_side: z.enum(["TAKER", "MAKER", ""]).nullish(),
  maker_orders: z.array(MAKER_ORDER).nullish(),
});

/** A page of `/data/orders` or `/data/trades`; its records are read one by one, so that a bad one hides no other. */
export const PAGE = z.looseObject({
  data: z.array(z.unknown()),
  next_cursor: z.string().max(1_000).nullish(),
  limit: z.number().nullish(),
  count: z.number().nullish(),
});

/** `/balance-allowance`: base units, as whole numbers. */
export const BALANCE_ALLOWANCE = z.looseObject({
  balance: z.string(),
  allowances: z.record(z.string(), z.string()).nullish(),
  /** The older shape: of one spender that is not named. */
  allowance: z.string().nullish(),
});

/** What zod found wrong, in a line. */
export function problemOf(error: z.ZodError): string {
  const [first] = error.issues;
  return first === undefined
    ? "unreadable"
    : `${first.path.join(".") || "record"}: ${first.message}`.slice(0, 200);
}
