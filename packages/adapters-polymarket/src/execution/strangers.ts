import type { OrderId, OrderReport } from "@matchpoint/sdk";

/** How many of other people's orders (of an earlier run, of a second writer) are remembered. */
const REMEMBERED = 10_000;

/** Orders on our account that this gateway did not send: what was said of one is not said again. */
export class Strangers {
  readonly #said = new Map<OrderId, OrderReport["status"]>();

  /** Whether a report says something new. */
  isNews({ orderId, status }: OrderReport): boolean {
    if (this.#said.get(orderId) === status) return false;
    this.#said.delete(orderId);
    this.#said.set(orderId, status);
    for (const oldest of this.#said.keys()) {
      if (this.#said.size <= REMEMBERED) break;
      this.#said.delete(oldest);
    }
    return true;
  }
}
