import {
  NANOS_PER_MS,
  notional,
  type CancelTimer,
  type Intent,
  type Nanos,
  type OrderId,
  type OrderReport,
  type Shares,
  type TradeStatus,
} from "@matchpoint/sdk";
import { isImmediate } from "./prepare.ts";

/** The venue cuts matched sizes to hundredths of a share. */
export const DUST = 10_000 as Shares;

/**
 * Where an order stands for the gateway: `sending` its POST is under way; `delayed` inside the venue's taker delay; `open` it
 * rests; `unknown` nobody knows; `ended` nothing of it rests, its fills may still be on their way; `over` all is known.
 */
export type OwnState = "sending" | "delayed" | "open" | "unknown" | "ended" | "over";

/** An order of this gateway. */
export interface OwnOrder {
  readonly orderId: OrderId;
  readonly intent: Intent;
  readonly state: OwnState;
  /** Monotonic; an answer that does not know the order proves nothing before this. */
  readonly hiddenUntil: number;
  /** Shares of all its trades, also of failed ones. */
  readonly matched: number;
}

/** The same as {@link OwnOrders} keeps it. */
export interface Own {
  readonly orderId: OrderId;
  readonly intent: Intent;
  state: OwnState;
  hiddenUntil: number;
  matched: number;
  spent: number;
  /** Shares that the venue says are matched; at least that many must come as trades. */
  stated: number | undefined;
  /** The answer to its POST has stated it: nothing will be added. */
  exact: boolean;
  trades: Map<string, TradeStatus>;
  pending: number;
  said: OrderReport["status"] | undefined;
  /** Until then it is said again although it was said, monotonic. */
  doubtedUntil: number;
  held: OrderReport | undefined;
  timer: CancelTimer | undefined;
  endedAt: number;
  /** Whole sweeps that began after its end. */
  sweeps: number;
  /** Looks that did not find it, and when the first was. */
  absences: number;
  absentSince: number;
}

/** An order that nothing is known of yet. */
export function newOwn(
  orderId: OrderId,
  intent: Intent,
  state: "sending" | "unknown",
  now: Nanos,
  hiddenMs: number,
): Own {
  return {
    orderId,
    intent,
    state,
    hiddenUntil: now + hiddenMs * NANOS_PER_MS,
    matched: 0,
    spent: 0,
    stated: undefined,
    exact: false,
    trades: new Map(),
    pending: 0,
    said: undefined,
    doubtedUntil: 0,
    held: undefined,
    timer: undefined,
    endedAt: 0,
    sweeps: 0,
    absences: 0,
    absentSince: 0,
  };
}

/** Whether all fills are here that the venue has stated. */
export function isFilled({ stated, matched }: Own): boolean {
  return stated === undefined || matched > stated - DUST;
}

/** Whether a trade can change no more, except that a reorganisation voids it. */
export function isFinal(status: TradeStatus): boolean {
  return status === "CONFIRMED" || status === "FAILED";
}

/** Whether the venue has nothing left to match of it, as the order store counts. */
export function isComplete({ intent, matched, spent }: Own): boolean {
  if (matched <= 0) return false;
  if (intent.side === "buy" && isImmediate(intent))
    return (intent.spend ?? 0) - spent < notional(DUST, intent.limit, "up");
  return intent.size - matched < DUST;
}
