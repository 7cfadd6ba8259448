/** Turns what the venue says into events of the order machine. @module */
import type { OrderReport } from "../events/index.ts";
import type { Nanos } from "../units/index.ts";
import { isComplete, isImmediate, isTerminal, type Order } from "./order.ts";
import type { OrderMachineEvent } from "./orderMachine.ts";

/** What is remembered of cancels that were sent and of looks that did not find the order. */
export interface Absence {
  /** A cancel was sent whose answer is due. */
  cancelOnItsWay: boolean;
  /** When a cancel by hash was first asked for; `undefined` before, and again once the venue refused it. */
  cancelAskedAt: Nanos | undefined;
  /** Looks that count, and when the last one was. */
  looks: number;
  lastLookAt: Nanos;
  /** Held to be gone without the venue's word. */
  heldGone: boolean;
}

/** How many looks make an absence evidence. */
export const LOOKS_NEEDED = 2;

/**
 * The event that a report means for an order:
 *
 * - An immediate order that is called live has only been taken in (`sent`), and `unmatched` kills it (`canceled`).
 * - `matched` completes an order whose trades are all here already.
 * - A refusal as a DUPLICATE proves that the order exists.
 */
export function classify(
  order: Order,
  absence: Absence,
  report: OrderReport,
  lookSpacing: Nanos,
): OrderMachineEvent {
  switch (report.status) {
    case "live":
      if (absence.heldGone) return "resurfaced";
      return isImmediate(order.intent) ? "sent" : "live";
    case "delayed":
      return absence.heldGone ? "resurfaced" : "delayed";
    case "unmatched":
      if (isImmediate(order.intent)) return "canceled";
      return absence.heldGone ? "resurfaced" : "unmatched";
    case "matched":
      if (isComplete(order.intent, order.grossMatched, order.grossSpent, true)) return "complete";
      return absence.heldGone ? "resurfaced" : "matched";
    case "rejected":
      if (report.code === "DUPLICATE") return "duplicate";
      return order.grossMatched > 0 ? "rejected_filled" : "rejected";
    case "absent":
      return countLook(order, absence, report.at, lookSpacing) ? "gone" : "absent";
    default:
      return report.status;
  }
}

/**
 * Counts a look that did not find the order and tells whether it is the last one needed. A look counts when it came
 * after the order's expiry or after a cancel by hash was asked for, and at least `lookSpacing` after the one before: the
 * same answer delivered twice is one look. In DELAYED and MATCHED the venue does not list an order, so no look counts.
 */
function countLook(order: Order, absence: Absence, at: Nanos, lookSpacing: Nanos): boolean {
  if (order.status === "DELAYED" || order.status === "MATCHED" || isTerminal(order)) return false;
  const { expiresAt } = order.intent;
  const asked = absence.cancelAskedAt !== undefined && at > absence.cancelAskedAt;
  const expired = expiresAt !== undefined && at > expiresAt;
  if (!asked && !expired) return false;
  if (absence.looks > 0 && (at <= absence.lastLookAt || at - absence.lastLookAt < lookSpacing)) return false;
  absence.looks += 1;
  absence.lastLookAt = at;
  return absence.looks >= LOOKS_NEEDED;
}
