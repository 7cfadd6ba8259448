import type { Effect, OrderId } from "@matchpoint/sdk";
import type { HistoryEntry } from "../history.ts";
import type { FaultKind } from "../kernel/faults.ts";

const OVER: ReadonlySet<string> = new Set(["canceled", "expired", "invalid", "rejected"]);

/** Sees in a history what is a case of a failure mode although nobody planned it. */
export class Sightings {
  readonly #see: (kind: FaultKind) => void;
  readonly #asked = new Map<OrderId, number>();
  readonly #matched = new Map<OrderId, number>();
  /** Orders that are over or full at the venue. */
  readonly #done = new Set<OrderId>();
  /** Orders of which their program was told that they are over. */
  readonly #toldOver = new Set<string>();

  constructor(see: (kind: FaultKind) => void) {
    this.#see = see;
  }

  take(entry: HistoryEntry): void {
    switch (entry.kind) {
      case "post":
        this.#asked.set(entry.orderId, entry.intent.size);
        return;
      case "venue_order":
        if (entry.status === "delayed") this.#see("taker_delay");
        if (entry.status !== "live" && entry.status !== "delayed" && entry.status !== "unmatched")
          this.#done.add(entry.orderId);
        return;
      case "venue_trade": {
        if (entry.status !== "MATCHED") return;
        const matched = (this.#matched.get(entry.orderId) ?? 0) + entry.size;
        this.#matched.set(entry.orderId, matched);
        if (matched < (this.#asked.get(entry.orderId) ?? 0)) this.#see("partial_fill");
        else this.#done.add(entry.orderId);
        return;
      }
      case "cancel_reply":
        if (entry.outcome === "not_canceled" && this.#done.has(entry.orderId)) this.#see("cancel_race");
        return;
      case "step":
        this.#step(entry);
        return;
      default:
        return;
    }
  }

  #step({ life, event, effects }: Extract<HistoryEntry, { readonly kind: "step" }>): void {
    if (event.type === "order_report") {
      if (OVER.has(event.status)) this.#toldOver.add(`${life} ${event.orderId}`);
      if (event.status === "unknown") this.#see("unknown_order");
    }
    if (
      event.type === "trade_report" &&
      event.status === "MATCHED" &&
      this.#toldOver.has(`${life} ${event.orderId}`)
    )
      this.#see("late_fill");
    for (const effect of effects) this.#effect(effect);
  }

  #effect(effect: Effect): void {
    if (effect.type === "denied") {
      if (effect.code === "SELF_CROSS") this.#see("self_cross");
      if (effect.code === "INTENT_INVALID") this.#see("strategy_nonsense");
      if (effect.code === "ORDER_RATE") this.#see("strategy_runaway");
    } else if (effect.type === "alarm") {
      if (effect.code === "STRATEGY_FAULT") this.#see("strategy_throws");
      if (effect.code === "STRATEGY_HALTED") this.#see("strategy_runaway");
      if (effect.code.startsWith("FOREIGN")) this.#see("foreign_seen");
    } else if (effect.type === "transition" && effect.machine === "system") {
      const goesOn = effect.subject === "" && effect.from === "HALTED" && effect.to !== "DRAINING";
      if (goesOn) this.#see("kill_resumed");
    } else if (effect.type === "transition" && effect.machine === "trading" && effect.to === "HALT") {
      if (effect.reason.includes("gapped")) this.#see("book_doubted");
      if (effect.reason.includes("stale")) this.#see("stale_stopped");
    }
  }
}
