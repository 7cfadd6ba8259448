import type { OrderStatus } from "../events/index.ts";
import { illegal, impossible, move, stay, type Cell, type Machine } from "./machine.ts";

/**
 * What can happen to an order. Reports, trades and requests are classified into these first (`classify.ts`), so that the
 * table below needs no conditions:
 *
 * - `prepared`: the hash is known. `prepared_again`: a second hash for the intent, or one that belongs to another.
 * - `duplicate`: the venue refuses the order because it has it already: proof that it exists, not a rejection.
 * - `rejected_filled`: refused, although trades of it are known.
 * - `absent`: one look that did not find it. `gone`: the second such look after its expiry or a cancel by hash, or its
 *   market resolved and chain balances agree.
 * - `resurfaced`: an order that was held to be gone is reported alive.
 * - `fill_resting`, `fill_immediate`: a trade that leaves something open, on an order that can rest (GTC, GTD) or that
 *   cannot (FAK, FOK). `complete`: a trade, or the word that all is matched, that leaves nothing open.
 * - `void`: a counted trade failed.
 */
export const ORDER_EVENTS = [
  "deny",
  "prepared",
  "prepared_again",
  "request_cancel",
  "sent",
  "live",
  "delayed",
  "matched",
  "unmatched",
  "rejected",
  "rejected_filled",
  "duplicate",
  "unknown",
  "canceled",
  "cancel_refused",
  "expired",
  "invalid",
  "absent",
  "gone",
  "resurfaced",
  "fill_resting",
  "fill_immediate",
  "complete",
  "void",
] as const;

/** An event of {@link ORDER_MACHINE}. */
export type OrderMachineEvent = (typeof ORDER_EVENTS)[number];

type Row = Readonly<Record<OrderMachineEvent, Cell<OrderStatus>>>;

const DUPLICATE = "said before";
const LATE = "late news of an earlier state";
const OVER = "the order is over";
const NO_HASH = "no hash is known, so nothing can name the order";
const HANDED_OVER = "the order is on its way: only the venue ends it";
const TWO_HASHES = "an intent has one hash, and a hash one intent";
const NEVER_GONE = "only an order that was held to be gone can resurface";
const NEVER_RESTS = "a FAK or FOK order never rests";
const REFUSED_FILLED = "the venue refuses an order that it has matched";
const KEPT_IN_MIND = "takes effect once the order is live";

/** What the venue's word does to an order whose state at the venue is not known yet. */
const OPEN_ENDED = {
  deny: illegal(HANDED_OVER),
  prepared: stay(DUPLICATE),
  prepared_again: illegal(TWO_HASHES),
  request_cancel: stay(KEPT_IN_MIND),
  live: move("LIVE"),
  delayed: move("DELAYED"),
  matched: move("MATCHED"),
  unmatched: move("LIVE"),
  rejected: move("REJECTED"),
  duplicate: move("UNKNOWN"),
  unknown: move("UNKNOWN"),
  canceled: move("CANCELED"),
  cancel_refused: stay("the request came before the order, or found it gone"),
  expired: move("EXPIRED"),
  invalid: move("INVALID"),
  gone: move("CANCELED"),
  resurfaced: impossible(NEVER_GONE),
  fill_resting: move("LIVE"),
  fill_immediate: move("MATCHED"),
  complete: move("FILLED"),
} as const satisfies Partial<Row>;

/** An order without a hash meets nothing from outside. */
const NAMELESS = {
  prepared_again: impossible(NO_HASH),
  sent: impossible(NO_HASH),
  live: impossible(NO_HASH),
  delayed: impossible(NO_HASH),
  matched: impossible(NO_HASH),
  unmatched: impossible(NO_HASH),
  rejected: impossible(NO_HASH),
  rejected_filled: impossible(NO_HASH),
  duplicate: impossible(NO_HASH),
  unknown: impossible(NO_HASH),
  canceled: impossible(NO_HASH),
  cancel_refused: impossible(NO_HASH),
  expired: impossible(NO_HASH),
  invalid: impossible(NO_HASH),
  absent: impossible(NO_HASH),
  resurfaced: impossible(NO_HASH),
  fill_resting: impossible(NO_HASH),
  fill_immediate: impossible(NO_HASH),
  complete: impossible(NO_HASH),
  void: impossible(NO_HASH),
} as const satisfies Partial<Row>;

const LATE_FILL = stay("a late fill is legal: it counts, and the order stays over");

/** An order that is over stays over; what comes late is counted or ignored, and only contradictions are loud. */
const ENDED = {
  deny: illegal(HANDED_OVER),
  prepared: stay(DUPLICATE),
  prepared_again: illegal(TWO_HASHES),
  request_cancel: stay(OVER),
  sent: stay(LATE),
  live: stay(LATE),
  delayed: stay(LATE),
  matched: stay(LATE),
  unmatched: stay(LATE),
  rejected: stay("the venue said the same in another way"),
  rejected_filled: illegal(REFUSED_FILLED),
  duplicate: stay(LATE),
  unknown: stay("its end is known"),
  canceled: stay(OVER),
  cancel_refused: stay(OVER),
  expired: stay(OVER),
  invalid: stay(OVER),
  absent: stay("an order that is over leaves the venue's lists"),
  gone: stay(OVER),
  resurfaced: impossible(NEVER_GONE),
  fill_resting: LATE_FILL,
  fill_immediate: LATE_FILL,
  complete: LATE_FILL,
  void: stay("a trade that fails does not put its shares back on the order"),
} as const satisfies Row;

const ALIVE_AFTER_REFUSAL = illegal("an order that the venue had refused is alive");

/** The order machine: every state with every event. */
export const ORDER_MACHINE: Machine<OrderStatus, OrderMachineEvent> = {
  name: "order",
  initial: "INTENT",
  states: [
    "INTENT",
    "DENIED",
    "PREPARED",
    "SENT",
    "LIVE",
    "DELAYED",
    "MATCHED",
    "PENDING_CANCEL",
    "UNKNOWN",
    "FILLED",
    "CANCELED",
    "EXPIRED",
    "REJECTED",
    "INVALID",
  ],
  terminal: ["DENIED", "FILLED", "CANCELED", "EXPIRED", "REJECTED", "INVALID"],
  events: ORDER_EVENTS,
  table: {
    INTENT: {
      ...NAMELESS,
      deny: move("DENIED"),
      prepared: move("PREPARED"),
      prepared_again: illegal(TWO_HASHES),
      request_cancel: stay(KEPT_IN_MIND),
      gone: move("CANCELED"),
    },
    DENIED: {
      ...NAMELESS,
      deny: stay(DUPLICATE),
      prepared: illegal("a denied intent must not become an order"),
      prepared_again: illegal(TWO_HASHES),
      request_cancel: stay(OVER),
      gone: stay(OVER),
    },
    PREPARED: {
      ...OPEN_ENDED,
      sent: move("SENT"),
      rejected_filled: impossible("a trade has moved it on"),
      absent: move("UNKNOWN"),
      void: impossible("a trade has moved it on"),
    },
    SENT: {
      ...OPEN_ENDED,
      sent: stay(DUPLICATE),
      rejected_filled: impossible("a trade has moved it on"),
      absent: move("UNKNOWN"),
      void: impossible("a trade has moved it on"),
    },
    LIVE: {
      ...OPEN_ENDED,
      request_cancel: move("PENDING_CANCEL"),
      sent: stay(LATE),
      live: stay(DUPLICATE),
      delayed: stay(LATE),
      unmatched: stay(LATE),
      rejected: illegal("the venue refuses an order that it has accepted"),
      rejected_filled: illegal(REFUSED_FILLED),
      duplicate: stay("it is known to exist"),
      absent: move("UNKNOWN"),
      fill_resting: stay("filled in part: the rest stays live"),
      fill_immediate: impossible(NEVER_RESTS),
      void: stay("a trade that fails does not put its shares back on the order"),
    },
    DELAYED: {
      ...OPEN_ENDED,
      request_cancel: stay("the venue takes no cancel inside the window"),
      sent: stay(LATE),
      delayed: stay(DUPLICATE),
      rejected_filled: illegal(REFUSED_FILLED),
      duplicate: stay("it is known to exist"),
      absent: stay("an order inside the window is not listed: no evidence"),
      void: stay("a trade that fails does not put its shares back on the order"),
    },
    MATCHED: {
      ...OPEN_ENDED,
      request_cancel: stay("nothing rests as far as is known"),
      sent: stay(LATE),
      delayed: stay(LATE),
      matched: stay(DUPLICATE),
      unmatched: stay(LATE),
      rejected: illegal("the venue refuses an order that it says it has matched"),
      rejected_filled: illegal(REFUSED_FILLED),
      duplicate: stay("it is known to exist"),
      absent: stay("a matched order leaves the venue's lists: no evidence"),
      fill_resting: stay("more fills follow"),
      fill_immediate: stay("more fills follow, or the word that the rest was killed"),
      void: stay("a trade that fails does not put its shares back on the order"),
    },
    PENDING_CANCEL: {
      ...OPEN_ENDED,
      request_cancel: stay(DUPLICATE),
      sent: stay(LATE),
      live: stay("the cancel is still on its way"),
      delayed: stay(LATE),
      unmatched: stay(LATE),
      rejected: illegal("the venue refuses an order that it has accepted"),
      rejected_filled: illegal(REFUSED_FILLED),
      duplicate: stay("it is known to exist"),
      cancel_refused: move("LIVE"),
      absent: move("UNKNOWN"),
      fill_resting: stay("filled in part while the cancel is on its way"),
      fill_immediate: impossible(NEVER_RESTS),
      void: stay("a trade that fails does not put its shares back on the order"),
    },
    UNKNOWN: {
      ...OPEN_ENDED,
      request_cancel: stay("cancelled by hash; only evidence ends it"),
      sent: stay("that it was sent is no answer"),
      rejected_filled: illegal(REFUSED_FILLED),
      duplicate: stay("it exists, no more is known"),
      unknown: stay(DUPLICATE),
      cancel_refused: stay("no evidence: the venue may not have known it yet"),
      absent: stay("one look is no evidence"),
      void: stay("a trade that fails does not put its shares back on the order"),
    },
    FILLED: { ...ENDED, rejected: impossible("a filled order has trades") },
    CANCELED: { ...ENDED, resurfaced: illegal("an order that was held to be gone is alive") },
    EXPIRED: ENDED,
    REJECTED: {
      ...ENDED,
      live: ALIVE_AFTER_REFUSAL,
      matched: ALIVE_AFTER_REFUSAL,
      unmatched: ALIVE_AFTER_REFUSAL,
      fill_resting: ALIVE_AFTER_REFUSAL,
      fill_immediate: ALIVE_AFTER_REFUSAL,
      complete: ALIVE_AFTER_REFUSAL,
    },
    INVALID: ENDED,
  },
};

const TERMINAL = new Set<OrderStatus>(ORDER_MACHINE.terminal);

/** Whether an order in this state is over. */
export function isTerminalStatus(status: OrderStatus): boolean {
  return TERMINAL.has(status);
}
