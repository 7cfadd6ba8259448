import type { CoreEvent, Effect, IntentId, Nanos, OrderId, OrderReport, TradeReport } from "@matchpoint/sdk";
import type { LatencyRow, LatencyStage } from "@matchpoint/dashboard";
import { Samples } from "./samples.ts";

/** Upper bounds of the histogram's bars, in ms. */
const EDGES: readonly number[] = [
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500],
  ...[1_000, 2_000, 5_000, 10_000, 20_000, 60_000, 300_000],
];

/** The stages in the order in which they come about. */
const STAGES: readonly LatencyStage[] = [
  "source_to_receive",
  "receive_to_decision",
  "decision_to_post",
  "post_to_ack",
  "ack_to_match",
  "match_to_confirmed",
];

/** What of an order has been seen when. */
interface Followed {
  readonly decidedAt: Nanos;
  orderId: OrderId | undefined;
  sentAt: Nanos | undefined;
  ackAt: Nanos | undefined;
  matched: boolean;
}

/** Orders that are followed at once; beyond, the oldest are let go. */
const MOST = 10_000;
const MS = 1_000_000;
/** News that is older has nothing to do with a decision. */
const NEWS_MS = 60_000;

/** Measures how long news takes to a decision, and a decision to a settled trade. */
export class LatencyView {
  readonly #samples = new Map(STAGES.map((stage) => [stage, new Samples()]));
  readonly #counts = new Map(STAGES.map((stage) => [stage, new Array<number>(EDGES.length + 1).fill(0)]));
  readonly #orders = new Map<IntentId, Followed>();
  readonly #intents = new Map<OrderId, IntentId>();
  /** Trades that are matched and not confirmed, and since when. */
  readonly #trades = new Map<string, Nanos>();

  /** `newsAt`: when the last news came that an order's strategy may rest on. */
  take(
    event: CoreEvent,
    effects: readonly Effect[],
    newsAt: (effect: Extract<Effect, { type: "place" }>) => Nanos | undefined,
  ): void {
    if (event.type === "match_claim" && event.replayed !== true) {
      const told = event.occurredAt ?? event.publishedAt;
      // By true time, where it was measured how far ours is from it.
      if (told !== undefined)
        this.#add("source_to_receive", event.receivedAt + (event.ntpOffsetMs ?? 0) - told);
    } else if (event.type === "order_prepared") {
      const order = this.#orders.get(event.intentId);
      if (order !== undefined) order.orderId = event.orderId;
      this.#intents.set(event.orderId, event.intentId);
    } else if (event.type === "order_report") this.#report(event);
    else if (event.type === "trade_report") this.#trade(event);
    for (const effect of effects) {
      if (effect.type !== "place") continue;
      const news = newsAt(effect);
      if (news !== undefined && event.at - news <= NEWS_MS * MS)
        this.#add("receive_to_decision", (event.at - news) / MS);
      this.#follow(effect.intent.intentId, event.at);
    }
  }

  rows(): readonly LatencyRow[] {
    return STAGES.map((stage) => {
      const { n, p50, p90, p99, max } = this.#samples.get(stage)!.spread();
      return {
        stage,
        n,
        ...(p50 === undefined ? {} : { p50Ms: p50 }),
        ...(p90 === undefined ? {} : { p90Ms: p90 }),
        ...(p99 === undefined ? {} : { p99Ms: p99 }),
        ...(max === undefined ? {} : { maxMs: max }),
        edges: EDGES,
        counts: [...this.#counts.get(stage)!],
      };
    });
  }

  #follow(intentId: IntentId, at: Nanos): void {
    if (this.#orders.size >= MOST) {
      const [oldest] = this.#orders.keys();
      this.#forget(oldest!);
    }
    this.#orders.set(intentId, {
      decidedAt: at,
      orderId: undefined,
      sentAt: undefined,
      ackAt: undefined,
      matched: false,
    });
  }

  #forget(intentId: IntentId): void {
    const order = this.#orders.get(intentId);
    if (order?.orderId !== undefined) this.#intents.delete(order.orderId);
    this.#orders.delete(intentId);
  }

  #of(orderId: OrderId): Followed | undefined {
    const intentId = this.#intents.get(orderId);
    return intentId === undefined ? undefined : this.#orders.get(intentId);
  }

  #report({ orderId, status, at }: OrderReport): void {
    const order = this.#of(orderId);
    if (order === undefined || status === "unknown" || status === "absent" || status === "cancel_refused")
      return;
    if (order.sentAt === undefined) {
      order.sentAt = at;
      this.#add("decision_to_post", (at - order.decidedAt) / MS);
      if (status === "sent") return;
    }
    if (status === "sent" || order.ackAt !== undefined) return;
    order.ackAt = at;
    this.#add("post_to_ack", (at - order.sentAt) / MS);
  }

  #trade({ orderId, tradeId, status, at }: TradeReport): void {
    const order = this.#of(orderId);
    if (order !== undefined && !order.matched) {
      order.matched = true;
      // A trade may be told of before the answer to the order is.
      if (order.sentAt !== undefined) this.#add("ack_to_match", (at - (order.ackAt ?? at)) / MS);
    }
    const key = `${orderId} ${tradeId}`;
    const since = this.#trades.get(key);
    if (status === "CONFIRMED" || status === "FAILED") {
      if (status === "CONFIRMED" && since !== undefined) this.#add("match_to_confirmed", (at - since) / MS);
      this.#trades.delete(key);
    } else if (since === undefined && this.#trades.size < MOST) this.#trades.set(key, at);
  }

  #add(stage: LatencyStage, ms: number): void {
    const value = Math.max(0, Math.round(ms * 1_000) / 1_000);
    this.#samples.get(stage)!.add(value);
    const bar = EDGES.findIndex((edge) => value <= edge);
    this.#counts.get(stage)![bar === -1 ? EDGES.length : bar]! += 1;
  }
}
