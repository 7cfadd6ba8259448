/** The venue's words for the states of orders and trades. @module */
import type { OrderReport, OrderStatus, RejectCode, TradeStatus } from "@matchpoint/sdk";

/** What a status text of an order means. */
export interface OrderMeaning {
  readonly report: OrderReport["status"] &
    ("live" | "matched" | "delayed" | "unmatched" | "canceled" | "expired" | "invalid");
  /** The same as evidence about the order's state. */
  readonly state: OrderStatus;
  readonly code?: RejectCode;
}

const CANCELED: OrderMeaning = { report: "canceled", state: "CANCELED" };

/**
 * Status texts of orders, without the prefix `ORDER_STATUS_` that some sources write; the first row whose text the status
 * starts with counts, and with `exact` only the whole text does. Source: docs.polymarket.com and captured frames.
 */
export const ORDER_STATUSES: readonly {
  readonly text: string;
  readonly exact: boolean;
  readonly meaning: OrderMeaning;
}[] = [
  { text: "LIVE", exact: true, meaning: { report: "live", state: "LIVE" } },
  { text: "MATCHED", exact: true, meaning: { report: "matched", state: "MATCHED" } },
  { text: "DELAYED", exact: true, meaning: { report: "delayed", state: "DELAYED" } },
  { text: "UNMATCHED", exact: true, meaning: { report: "unmatched", state: "LIVE" } },
  { text: "EXPIRED", exact: true, meaning: { report: "expired", state: "EXPIRED" } },
  { text: "CANCELED_MARKET_RESOLVED", exact: false, meaning: { ...CANCELED, code: "MARKET_CLOSED" } },
  {
    text: "CANCELED_order couldn't be fully filled",
    exact: false,
    meaning: { ...CANCELED, code: "FOK_NOT_FILLED" },
  },
  { text: "CANCELED_no orders found to match", exact: false, meaning: { ...CANCELED, code: "FAK_NO_MATCH" } },
  { text: "CANCELED", exact: false, meaning: CANCELED },
  { text: "CANCELLED", exact: false, meaning: CANCELED },
  { text: "INVALID", exact: false, meaning: { report: "invalid", state: "INVALID" } },
];

/** What a status text of an order means; `undefined` when it is none that is known. */
export function orderMeaning(status: string): OrderMeaning | undefined {
  const text = status.startsWith("ORDER_STATUS_") ? status.slice("ORDER_STATUS_".length) : status;
  const folded = text.toLowerCase();
  return ORDER_STATUSES.find((row) =>
    row.exact ? folded === row.text.toLowerCase() : folded.startsWith(row.text.toLowerCase()),
  )?.meaning;
}

/** Status texts of trades, without the prefix `TRADE_STATUS_`. */
export const TRADE_STATUSES: ReadonlyMap<string, TradeStatus> = new Map<string, TradeStatus>([
  ["MATCHED", "MATCHED"],
  // Matched, but no transaction was sent yet: no more certain than MATCHED.
  ["MATCHED_NOT_BROADCASTED", "MATCHED"],
  ["MINED", "MINED"],
  ["RETRYING", "RETRYING"],
  ["CONFIRMED", "CONFIRMED"],
  ["FAILED", "FAILED"],
]);

/** What a status text of a trade means; `undefined` when it is none that is known. */
export function tradeStatus(status: string): TradeStatus | undefined {
  const text = status.toUpperCase();
  return TRADE_STATUSES.get(text.startsWith("TRADE_STATUS_") ? text.slice("TRADE_STATUS_".length) : text);
}
