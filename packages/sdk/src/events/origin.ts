import type { CoreEvent } from "./index.ts";

/**
 * Where an event comes from. `outside` is the world (market data, match facts, operator): what a replay keeps. `inside`
 * is what the run itself brought about (timers, reports of its own orders): a replay makes it anew.
 */
export const EVENT_ORIGIN = {
  run_started: "inside",
  run_stopping: "outside",
  run_stopped: "inside",
  market_listed: "outside",
  terms_changed: "outside",
  terms_continuity: "outside",
  match_listed: "outside",
  book_snapshot: "outside",
  book_delta: "outside",
  best_quote: "outside",
  market_trade: "outside",
  tick_size_changed: "outside",
  book_continuity: "outside",
  market_resolved_hint: "outside",
  market_resolution: "outside",
  match_claim: "outside",
  source_health: "outside",
  frame_quarantined: "outside",
  feed_redundancy: "outside",
  queue_pressure: "outside",
  loop_stalled: "outside",
  reconciled: "outside",
  operator: "outside",
  strategy_reply: "outside",
  timer: "inside",
  order_prepared: "inside",
  order_report: "inside",
  trade_report: "inside",
  chain_report: "inside",
  balance_report: "inside",
  venue_mode: "inside",
  venue_limits: "inside",
  own_channel: "inside",
  // Another run's account: a replay begins with its own money.
  adopted: "inside",
  chain_requested: "inside",
  risk_noted: "inside",
  snapshot_taken: "inside",
} as const satisfies Record<CoreEvent["type"], "outside" | "inside">;

/** Whether a replay keeps this event. */
export function isOutside(event: CoreEvent): boolean {
  return EVENT_ORIGIN[event.type] === "outside";
}
