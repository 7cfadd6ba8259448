import type { CoreEvent, CoreEventType } from "../events/index.ts";
import { utf8 } from "./bytes.ts";

/** A field of an event that has a column of its own in the line, so that a journal can be searched with `grep`. */
export type Column = "marketId" | "matchId" | "intentId" | "orderId";

/** Columns in the order of the line, with their names there. */
export const COLUMNS: readonly (readonly [Column, string])[] = [
  ["marketId", "market_id"],
  ["matchId", "match_id"],
  ["intentId", "intent_id"],
  ["orderId", "order_id"],
];

type ColumnsOf<K extends CoreEventType> = readonly (keyof Extract<CoreEvent, { readonly type: K }> &
  Column)[];

/**
 * Which columns an event of a kind has as fields of its own; reading puts them back. Listings carry their id inside
 * the description, so their column is only a copy.
 */
export const EVENT_COLUMNS: { readonly [K in CoreEventType]: ColumnsOf<K> } = {
  run_started: [],
  run_stopping: [],
  run_stopped: [],
  timer: [],
  operator: [],
  strategy_reply: ["marketId"],
  frame_quarantined: ["marketId"],
  feed_redundancy: [],
  queue_pressure: ["marketId"],
  loop_stalled: [],
  reconciled: ["marketId"],
  market_listed: [],
  terms_changed: ["marketId"],
  terms_continuity: ["marketId"],
  book_snapshot: ["marketId"],
  book_delta: ["marketId"],
  best_quote: ["marketId"],
  market_trade: ["marketId"],
  tick_size_changed: ["marketId"],
  book_continuity: ["marketId"],
  market_resolved_hint: ["marketId"],
  market_resolution: ["marketId"],
  match_listed: [],
  match_claim: ["matchId"],
  source_health: ["matchId"],
  order_prepared: ["intentId", "orderId"],
  order_report: ["orderId"],
  trade_report: ["marketId", "orderId"],
  chain_report: [],
  balance_report: [],
  venue_mode: [],
  venue_limits: [],
  own_channel: [],
  adopted: [],
  chain_requested: [],
  risk_noted: [],
  snapshot_taken: [],
};

/** The value of a column. */
export function columnOf(event: CoreEvent, column: Column): string | undefined {
  if (event.type === "market_listed") return column === "marketId" ? event.market.marketId : undefined;
  if (event.type === "match_listed") return column === "matchId" ? event.match.matchId : undefined;
  return (event as Partial<Record<Column, string>>)[column];
}

/** `,"crc":"` … `","prev":"` … `"}`: every line ends with these 36 bytes, in every version. */
export const CRC_KEY = /* @__PURE__ */ utf8(',"crc":"');
export const PREV_KEY = /* @__PURE__ */ utf8('","prev":"');
/** How every line begins, of whatever version. */
export const LINE_START = /* @__PURE__ */ utf8('{"schema_version":');
export const LINE_END = /* @__PURE__ */ utf8('"}');
/** What stands before the digits of `prev` once the crc field is taken out. */
export const BARE_PREV_KEY = /* @__PURE__ */ utf8(',"prev":"');
export const TAIL_BYTES = 36;
