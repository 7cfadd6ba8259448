import type { IntentId, OrderId } from "../ids.ts";
import { isTerminal, type Order, type OrderChange } from "../orders/index.ts";
import type { OrderStatus } from "../events/index.ts";
import { NANOS_PER_MS } from "../units/index.ts";
import type { Floor } from "./floor.ts";
import type { MarketEntry } from "./marketEntry.ts";

/** A refused cancel is asked for again after this long, then twice as long, and so on up to the longest wait. */
const CANCEL_AGAIN_MS = 500;
const LONGEST_CANCEL_WAIT_MS = 30_000;
/** A report of life that comes this long after an order's end is not merely late. */
const REVENANT_MS = 3_000;

/** Asks for the ends of orders, until they have come. */
export class CancelDesk {
  readonly #floor: Floor;
  /** Orders that must go whatever the venue answers, and how often it has refused. */
  readonly #unwanted = new Map<IntentId, number>();

  /** Tells of an order that is being cancelled; the order desk sets it. */
  changed: (change: OrderChange) => void = () => undefined;

  constructor(floor: Floor) {
    this.#floor = floor;
  }

  /** Asks for an order's end. Whether a cancel is being sent. */
  request(intentId: IntentId, reason: string): boolean {
    const floor = this.#floor;
    const order = floor.orders.get(intentId);
    if (order === undefined) return false;
    const change = floor.orders.requestCancel(intentId, floor.now);
    if (!change.applied) return false;
    const { marketId } = order.intent;
    const { orderId } = order;
    const cancel = { type: "cancel", intentId, marketId, reason } as const;
    floor.effect(orderId === undefined ? cancel : { ...cancel, orderId });
    this.changed(change);
    return true;
  }

  /**
   * Like {@link CancelDesk.request}, but a refusal is not taken for an answer: it is asked for until the order is over. A new reason
   * begins with the shortest wait again, however long it had grown for an earlier one.
   */
  demand(intentId: IntentId, reason: string): void {
    const order = this.#floor.orders.get(intentId);
    if (order === undefined || isTerminal(order)) return;
    this.#unwanted.set(intentId, 0);
    this.request(intentId, reason);
  }

  demandMarket(entry: MarketEntry, reason: string): void {
    for (const { intent } of this.#floor.orders.open(entry.market.marketId))
      this.demand(intent.intentId, reason);
  }

  /** Takes back every entry that has not filled: what ends entries ends those that rest too. */
  demandEntries(reason: string): void {
    for (const { intent } of [...this.#floor.orders.allOpen()])
      if (intent.purpose === "entry") this.demand(intent.intentId, reason);
  }

  demandStrategy(strategyId: string, reason: string): void {
    for (const { intent } of [...this.#floor.orders.allOpen()])
      if (intent.strategyId === strategyId) this.demand(intent.intentId, reason);
  }

  /** An earlier run's order goes whatever was asked of it then: `unknown` takes in that its fate is unknown before it is cancelled by its hash. */
  takeBack(intentId: IntentId, unknown: () => void): void {
    this.#unwanted.set(intentId, 0);
    this.#floor.orders.forgetCancel(intentId);
    unknown();
    // One that was unknown before is cancelled by its hash all the same.
    this.request(intentId, "of a run that has ended");
  }

  /** The wait after a refusal is over. */
  askAgain(intentId: IntentId): void {
    if (this.#unwanted.has(intentId)) this.request(intentId, "the venue refused before");
  }

  /** The order is over: nothing is asked of it any more. */
  over(intentId: IntentId): void {
    this.#unwanted.delete(intentId);
  }

  /** The venue has refused a cancel; an order that may rest all the same lives on. */
  refused(order: Order): void {
    if (!mayRest(order)) return;
    const { intentId } = order.intent;
    const refusals = this.#unwanted.get(intentId);
    if (refusals === undefined) return;
    this.#unwanted.set(intentId, refusals + 1);
    const wait = Math.min(CANCEL_AGAIN_MS << Math.min(refusals, 6), LONGEST_CANCEL_WAIT_MS);
    this.#floor.setTimer(`cancel:${intentId}`, wait);
  }

  /**
   * A cancel that was asked for while the order could not be cancelled yet (delayed, not acknowledged) is asked for again
   * once it, or what is left of it, rests; an order of unknown fate is cancelled by its hash, so that its absence can become evidence.
   */
  moved(order: Order, from: OrderStatus, to: OrderStatus): void {
    const { intentId } = order.intent;
    if (mayRest(order) && order.cancelRequested && from !== "LIVE" && from !== "PENDING_CANCEL") {
      this.request(intentId, "cancel requested earlier");
    } else if (to === "UNKNOWN" && from !== "UNKNOWN") {
      this.request(intentId, "its fate is unknown");
    }
  }

  /**
   * An order that is over here is alive at the venue: whatever it was that went wrong, it has to go. `anew`: the venue had never said that
   * it was over (two looks had not found it, or it was refused), so that it may have come to it only now.
   */
  revenant(orderId: OrderId, anew = false): void {
    const { orders, now } = this.#floor;
    const order = orders.byOrderId(orderId);
    if (order === undefined || !isTerminal(order) || order.status === "FILLED") return;
    const { intentId, marketId } = order.intent;
    // After its own word of the end, what is late and what is alive look the same for a moment.
    if (!anew && now - order.updatedAt < REVENANT_MS * NANOS_PER_MS) return;
    const reason = "it was held to be over, and is alive";
    this.#floor.effect({ type: "cancel", intentId, orderId, marketId, reason });
  }
}

/** Whether an order is in a state in which it can be cancelled. Of what is matched as far as is known, a rest may be resting. */
function mayRest({ status, intent: { orderType } }: Order): boolean {
  return status === "LIVE" || (status === "MATCHED" && (orderType === "GTC" || orderType === "GTD"));
}
