import type { CoreEvent, Effect, MarketDescription, MarketId, OrderId } from "@matchpoint/sdk";
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

  readonly #byHand: (orderId: OrderId) => boolean;
  readonly #markets = new Map<MarketId, MarketDescription>();
  /** Listed when the run was on. */
  readonly #late = new Set<MarketId>();
  /** Markets of which the account has held something. */
  readonly #held = new Set<MarketId>();
  /** Markets of which a start has heard a whole book, and those whose dispute it has heard of. */
  readonly #shown = new Set<string>();
  readonly #disputed = new Set<string>();

  /** @param byHand whether an order of the account was made by hand */
  constructor(see: (kind: FaultKind) => void, byHand: (orderId: OrderId) => boolean) {
    this.#see = see;
    this.#byHand = byHand;
  }

  take(entry: HistoryEntry): void {
    switch (entry.kind) {
      case "post":
        this.#asked.set(entry.orderId, entry.intent.size);
        if (this.#isBeside(entry.intent.marketId)) this.#see("related_market");
        if (this.#late.has(entry.intent.marketId)) this.#see("late_market");
        return;
      case "market":
        if (entry.at > 0 && !this.#markets.has(entry.market.marketId)) this.#late.add(entry.market.marketId);
        this.#markets.set(entry.market.marketId, entry.market);
        return;
      case "venue_order":
        if (entry.status === "delayed") this.#see("taker_delay");
        if (entry.status !== "live" && entry.status !== "delayed" && entry.status !== "unmatched")
          this.#done.add(entry.orderId);
        return;
      case "venue_trade": {
        if (entry.status !== "MATCHED") return;
        this.#held.add(entry.marketId);
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
    if (event.type === "book_snapshot") this.#shown.add(`${life} ${event.marketId}`);
    if (event.type === "book_delta" && !this.#shown.has(`${life} ${event.marketId}`))
      this.#see("no_snapshot");
    if (event.type === "strategy_reply") this.#reply(event, effects);
    if (event.type === "terms_changed" && event.terms.disputed === true)
      this.#disputed.add(`${life} ${event.marketId}`);
    if (event.type === "market_resolution" && this.#disputed.has(`${life} ${event.marketId}`))
      this.#see("disputed_paid");
    for (const effect of effects) this.#effect(effect, event);
  }

  /** A strategy that runs apart has failed for good, or has said what nobody could do. */
  #reply(
    { failed }: Extract<CoreEvent, { readonly type: "strategy_reply" }>,
    effects: readonly Effect[],
  ): void {
    const halts = effects.some((effect) => effect.type === "alarm" && effect.code === "STRATEGY_HALTED");
    const faulty = effects.some((effect) => effect.type === "alarm" && effect.code === "STRATEGY_FAULT");
    if (failed === undefined) {
      if (faulty) this.#see("worker_garbage");
    } else if (halts)
      this.#see(
        failed.includes("did not end")
          ? "worker_late"
          : failed.includes("ended by itself")
            ? "worker_dies"
            : "worker_garbage",
      );
  }

  #effect(effect: Effect, event: CoreEvent): void {
    if (effect.type === "denied") {
      if (effect.code === "SELF_CROSS") this.#see("self_cross");
      if (effect.code === "INTENT_INVALID") this.#see("strategy_nonsense");
      if (effect.code === "ORDER_RATE") this.#see("strategy_runaway");
      if (effect.code === "CANCEL_BUDGET") this.#see("cancel_budget");
    } else if (effect.type === "alarm") {
      // What a worker answers is told apart by its reply.
      const apart = event.type === "strategy_reply";
      if (effect.code === "STRATEGY_FAULT" && !apart)
        this.#see(effect.message.includes("timer") ? "timer_flood" : "strategy_throws");
      if (effect.code === "STRATEGY_HALTED" && !apart) this.#see("strategy_runaway");
      if (effect.code.startsWith("FOREIGN")) {
        this.#see("foreign_seen");
        if ("orderId" in event && this.#byHand(event.orderId)) this.#see("late_foreign");
      }
    } else if (effect.type === "transition" && effect.machine === "system") {
      const goesOn = effect.subject === "" && effect.from === "HALTED" && effect.to !== "DRAINING";
      if (goesOn) this.#see("kill_resumed");
    } else if (effect.type === "transition" && effect.machine === "trading" && effect.to === "HALT") {
      if (effect.reason.includes("gapped")) this.#see("book_doubted");
      if (effect.reason.includes("stale")) this.#see("stale_stopped");
      if (event.type === "terms_changed" && event.terms.disputed === true) this.#see("oracle_dispute");
    }
  }

  /** Whether something is held in another market of the match, and one of the two is only related to it. */
  #isBeside(marketId: MarketId): boolean {
    const market = this.#markets.get(marketId);
    const match = market?.subject?.matchId ?? market?.related;
    if (match === undefined) return false;
    for (const other of this.#held) {
      const { subject, related } = this.#markets.get(other) ?? {};
      const isOne = (related ?? market?.related) !== undefined;
      if (other !== marketId && isOne && (subject?.matchId ?? related) === match) return true;
    }
    return false;
  }
}
