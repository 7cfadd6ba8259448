import type { OrderStatus } from "../events/index.ts";
import type { Nanos } from "../units/index.ts";
import type { OrderChange } from "./order.ts";
import { ENTERED, type MutableCounts } from "./orderCounts.ts";
import type { OrderIndex } from "./orderIndex.ts";
import { isTerminalStatus, ORDER_MACHINE, type OrderMachineEvent } from "./orderMachine.ts";
import type { OrderRecord } from "./orderRecord.ts";

/** These show that the venue has the order: earlier looks that missed it were no evidence. */
const SEEN: ReadonlySet<OrderMachineEvent> = new Set<OrderMachineEvent>([
  "live",
  "delayed",
  "matched",
  "unmatched",
  "fill_resting",
  "fill_immediate",
  "complete",
]);

/** The venue has an order in one of these. */
const TAKEN: ReadonlySet<OrderStatus> = new Set<OrderStatus>([
  "LIVE",
  "DELAYED",
  "MATCHED",
  "PENDING_CANCEL",
]);

/** Moves orders as the table says. The only place that writes an order's status. */
export class OrderMover {
  readonly #index: OrderIndex;
  readonly #counts: MutableCounts;

  constructor(index: OrderIndex, counts: MutableCounts) {
    this.#index = index;
    this.#counts = counts;
  }

  /** Callers count what is illegal: a trade and its order are one contradiction, not two. */
  step(order: OrderRecord, event: OrderMachineEvent, at: Nanos): OrderChange {
    const from = order.status;
    const cell = ORDER_MACHINE.table[from][event];
    if (cell.kind === "illegal" || cell.kind === "impossible") {
      const what = cell.kind === "illegal" ? cell.why : `should be impossible (${cell.why})`;
      return { order, from, to: from, applied: false, illegal: `${event} in ${from}: ${what}` };
    }
    if (SEEN.has(event)) order.absence.looks = 0;
    if (cell.kind === "stay") return { order, from, to: from, applied: false };
    this.#enter(order, cell.to, at);
    return { order, from, to: cell.to, applied: true };
  }

  #enter(order: OrderRecord, to: OrderStatus, at: Nanos): void {
    if (to === "UNKNOWN" && TAKEN.has(order.status)) order.takenBefore = true;
    order.status = to;
    order.updatedAt = at;
    const counter = ENTERED[to];
    if (counter !== undefined) this.#counts[counter] += 1;
    // A cancel that was sent before the order was live may have come too early: it has to be sent again.
    if (to === "LIVE") order.absence.cancelOnItsWay = false;
    if (!isTerminalStatus(to)) return;
    order.cancelRequested = false;
    order.absence.cancelOnItsWay = false;
    this.#index.close(order);
  }
}
