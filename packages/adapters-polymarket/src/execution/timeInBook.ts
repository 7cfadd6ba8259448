import type { CancelTimer, Clock, Intent, OrderId, OrderReport } from "@matchpoint/sdk";

const ENDS: ReadonlySet<OrderReport["status"]> = new Set(["canceled", "expired", "invalid", "rejected"]);

/** What {@link TimeInBook} asks and does. */
export interface TimeInBookPorts {
  readonly rests: (orderId: OrderId) => boolean;
  readonly cancel: (orderId: OrderId) => void;
}

/** Cancels orders that have stood in the book for as long as they may. */
export class TimeInBook {
  readonly #clock: Clock;
  readonly #limit: ((intent: Intent) => number | undefined) | undefined;
  readonly #ports: TimeInBookPorts;
  readonly #timers = new Map<OrderId, CancelTimer>();

  constructor(
    clock: Clock,
    limit: ((intent: Intent) => number | undefined) | undefined,
    ports: TimeInBookPorts,
  ) {
    this.#clock = clock;
    this.#limit = limit;
    this.#ports = ports;
  }

  /** An order came to rest. */
  opened(orderId: OrderId, intent: Intent): void {
    const ms = this.#limit?.(intent);
    if (ms === undefined || !(ms >= 0)) return;
    this.#timers.get(orderId)?.();
    const timer = this.#clock.after(ms, () => {
      // Asked for again until it is over: a cancel may be refused, or lost.
      this.#timers.delete(orderId);
      if (!this.#ports.rests(orderId)) return;
      this.#ports.cancel(orderId);
      this.opened(orderId, intent);
    });
    this.#timers.set(orderId, timer);
  }

  heard({ orderId, status }: OrderReport): void {
    if (ENDS.has(status)) this.over(orderId);
  }

  over(orderId: OrderId): void {
    this.#timers.get(orderId)?.();
    this.#timers.delete(orderId);
  }

  close(): void {
    for (const timer of this.#timers.values()) timer();
    this.#timers.clear();
  }
}
