import type { CoreEvent, Effect, Intent, IntentId, TradeReport } from "@matchpoint/sdk";
import type { RunView } from "../view/index.ts";

/** An order of a run and what became of it. Times are Unix ms of the run's time. */
export interface OrderRow {
  readonly intent: Intent;
  readonly t: number;
  orderId: string | undefined;
  status: string;
  matched: number;
  code: string | undefined;
  detail: string | undefined;
  lastT: number;
}

/** A trade of a run, as it stood last. */
export interface FillRow {
  readonly t: number;
  readonly trade: TradeReport;
  /** Absent where the journal does not say what the order was. */
  readonly intent: Intent | undefined;
}

/** Every order and every trade of a run: what the view keeps of them is thinned, this is whole. */
export class Blotter {
  readonly #orders = new Map<IntentId, OrderRow>();
  readonly #intents = new Map<string, IntentId>();
  readonly #fills = new Map<string, FillRow>();

  get orders(): readonly OrderRow[] {
    return [...this.#orders.values()];
  }
  get fills(): readonly FillRow[] {
    return [...this.#fills.values()];
  }

  take(event: CoreEvent, effects: readonly Effect[], view: RunView): void {
    switch (event.type) {
      case "order_prepared":
        this.#intents.set(event.orderId, event.intentId);
        // Where nothing is decided again, a live journal still says what its orders were.
        if (event.intent !== undefined && !this.#orders.has(event.intentId))
          this.#begin(event.intent, view.t);
        this.#follow(event.orderId, view, undefined, undefined);
        break;
      case "order_report":
        this.#follow(event.orderId, view, event.code, event.detail);
        break;
      case "trade_report": {
        const key = `${event.orderId} ${event.tradeId}`;
        const intentId = this.#intents.get(event.orderId);
        const intent = intentId === undefined ? undefined : this.#orders.get(intentId)?.intent;
        this.#fills.set(key, { t: this.#fills.get(key)?.t ?? view.t, trade: event, intent });
        this.#follow(event.orderId, view, undefined, undefined);
        break;
      }
      default:
        break;
    }
    for (const effect of effects) if (effect.type === "place") this.#begin(effect.intent, view.t);
  }

  #begin(intent: Intent, t: number): void {
    this.#orders.set(intent.intentId, {
      intent,
      t,
      orderId: undefined,
      status: "INTENT",
      matched: 0,
      code: undefined,
      detail: undefined,
      lastT: t,
    });
  }

  /** Where an order stands now: the core forgets one that is over after a while, this does not. */
  #follow(orderId: string, view: RunView, code: string | undefined, detail: string | undefined): void {
    const intentId = this.#intents.get(orderId);
    const row = intentId === undefined ? undefined : this.#orders.get(intentId);
    if (row === undefined) return;
    row.orderId = orderId;
    const order = view.core.orders.get(row.intent.intentId);
    if (order === undefined) return;
    row.status = order.status;
    row.matched = order.matched;
    row.code = code ?? row.code;
    row.detail = detail ?? row.detail;
    row.lastT = view.t;
  }
}
