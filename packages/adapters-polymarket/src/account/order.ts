import {
  id,
  type Millis,
  type OpenOrder,
  type OrderId,
  type OrderReport,
  type Price,
  type ReceiveStamp,
  type Shares,
  type Side,
} from "@matchpoint/sdk";
import { wirePrice } from "../market/decimal.ts";
import type { FieldCounts } from "./fields.ts";
import type { Ownership } from "./identity.ts";
import { ACCOUNT_ORDER, problemOf } from "./schemas.ts";
import { orderMeaning, type OrderMeaning } from "./status.ts";
import type { AccountTokens } from "./tokens.ts";
import { normalId, wireOptionalSize, wireTime } from "./values.ts";

/** Less than this of an order that is left over is no rest: the venue cuts matched sizes to hundredths of a share. */
const DUST = 10_000;
/** The venue ends a GTD order this long before its stated expiration. */
const GTD_LEAD_MS = 60_000;

/** An order of ours as a record of the venue states it. */
export interface AccountOrder {
  readonly orderId: OrderId;
  readonly meaning: OrderMeaning;
  /** The status as it stood, and how much of the order it spoke of. */
  readonly detail: string;
  readonly marketId: string;
  readonly tokenId: string;
  readonly side: Side;
  /** Absent when it is finer than any grid, as that of market orders is. */
  readonly price: Price | undefined;
  readonly size: Shares | undefined;
  readonly matched: Shares | undefined;
  readonly createdAt: Millis | undefined;
  readonly publishedAt: Millis | undefined;
  /** Times that were there and could not be read. */
  readonly unreadableTimes: number;
}

/** Reads an order of the user channel or of REST; a text says why it cannot be used. */
export function decodeOrder(value: unknown, own: Ownership, fields: FieldCounts): AccountOrder | string {
  const parsed = ACCOUNT_ORDER.safeParse(value);
  if (!parsed.success) return `order: ${problemOf(parsed.error)}`;
  const order = parsed.data;
  fields.count("order", value as object, ACCOUNT_ORDER);
  if (own.foreign(order.owner, order.order_owner, order.maker_address))
    return `order ${order.id}: its owner is not us`;
  const status = order.status ?? "";
  const size = wireOptionalSize(order.original_size) as Shares | undefined;
  const matched = wireOptionalSize(order.size_matched) as Shares | undefined;
  const created = wireTime(order.created_at);
  const published = wireTime(order.timestamp);
  const expiration = wireTime(order.expiration);
  let meaning = orderMeaning(status);
  if (order.type === "CANCELLATION") {
    // The frame's type says that the order is over; its status at most why.
    if (meaning === undefined || !ENDS.has(meaning.report))
      meaning = { report: "canceled", state: "CANCELED" };
    if (order.order_type === "GTD" && meaning.report === "canceled" && meaning.code === undefined) {
      const due = expiration !== undefined && expiration > 0 && published !== undefined;
      if (due && published >= expiration - GTD_LEAD_MS) meaning = { report: "expired", state: "EXPIRED" };
    }
  }
  if (meaning === undefined) return `order ${order.id}: status is ${JSON.stringify(status.slice(0, 60))}`;
  const rests = order.order_type === "GTC" || order.order_type === "GTD";
  if (meaning.report === "matched" && rests && size !== undefined && matched !== undefined)
    if (size - matched > DUST) meaning = { report: "live", state: "LIVE" }; // what is not matched still rests
  const price = wirePrice(order.price);
  return {
    orderId: id(normalId(order.id)),
    meaning,
    detail: `${status} (${order.size_matched || "?"} of ${order.original_size || "?"})`,
    marketId: order.market,
    tokenId: order.asset_id,
    side: order.side === "BUY" ? "buy" : "sell",
    price: price < 0 ? undefined : (price as Price),
    size,
    matched,
    createdAt: readable(created),
    publishedAt: readable(published),
    unreadableTimes: [created, published, expiration].filter((each) => each === -1).length,
  };
}

const ENDS: ReadonlySet<OrderReport["status"]> = new Set(["canceled", "expired", "invalid"]);

/** The report that an order's record amounts to. */
export function orderReport(order: AccountOrder, stamp: ReceiveStamp): OrderReport {
  const { meaning, publishedAt } = order;
  return {
    type: "order_report",
    orderId: order.orderId,
    status: meaning.report,
    ...(meaning.code === undefined ? {} : { code: meaning.code }),
    detail: order.detail,
    at: stamp.at,
    receivedAt: stamp.receivedAt,
    ...(publishedAt === undefined ? {} : { publishedAt }),
  };
}

/** A resting order, for comparison with our own books; a text says why it cannot be told exactly. */
export function openOrder(order: AccountOrder, tokens: AccountTokens): OpenOrder | string {
  const token = tokens.get(order.tokenId);
  if (token === undefined)
    return `order ${order.orderId}: token ${order.tokenId.slice(0, 90)} is of no market that is followed`;
  if (normalId(order.marketId) !== normalId(token.marketId))
    return `order ${order.orderId}: its token is not of its market`;
  const { price, size, matched } = order;
  if (price === undefined || size === undefined || matched === undefined)
    return `order ${order.orderId}: price, original_size or size_matched is missing`;
  const { marketId, outcome } = token;
  return { orderId: order.orderId, marketId, outcome, side: order.side, price, size, matched };
}

export function readable(time: Millis | -1 | undefined): Millis | undefined {
  return time === -1 ? undefined : time;
}
