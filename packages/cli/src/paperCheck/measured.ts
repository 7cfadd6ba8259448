import { quantilesOf, type LatencyLeg, type Quantiles } from "@matchpoint/paper-broker";
import {
  NANOS_PER_MS,
  type ActionId,
  type CoreEvent,
  type OrderId,
  type OrderReport,
  type TradeId,
} from "@matchpoint/sdk";

/** What was measured of a leg. */
export interface Measured {
  readonly leg: LatencyLeg;
  readonly count: number;
  readonly quantiles: Quantiles;
}

const ANSWERS = new Set<OrderReport["status"]>(["live", "matched", "delayed", "rejected"]);
/** Beyond this a stamp says nothing about a way. */
const MOST_MS = 60_000;
const ORDER: readonly LatencyLeg[] = [
  "feed",
  "place",
  "cancel",
  "ack",
  "fill_report",
  "mined",
  "confirmed",
  "chain",
];

/**
 * How long things took in a live journal. There and back are measured together, from handing over an order to its answer, and
 * halved: nothing in a journal tells them apart. Ways from the venue are told by its stamps, corrected by the measured offset of the
 * clocks.
 */
export class Stopwatch {
  readonly #ms = new Map<LatencyLeg, number[]>();
  readonly #placed = new Map<OrderId, { readonly at: number; sent: boolean }>();
  readonly #canceling = new Map<OrderId, number>();
  readonly #matched = new Map<TradeId, { readonly at: number; mined: boolean; confirmed: boolean }>();
  readonly #actions = new Map<ActionId, number>();

  placed(orderId: OrderId, at: number): void {
    this.#placed.set(orderId, { at, sent: false });
  }

  canceling(orderId: OrderId, at: number): void {
    if (!this.#canceling.has(orderId)) this.#canceling.set(orderId, at);
  }

  take(event: CoreEvent): void {
    switch (event.type) {
      case "book_delta":
      case "book_snapshot":
      case "market_trade":
        this.#stamped("feed", event);
        return;
      case "order_report":
        this.#answered(event);
        return;
      case "trade_report": {
        const { tradeId, status, at } = event;
        const known = this.#matched.get(tradeId);
        if (known === undefined) {
          this.#matched.set(tradeId, { at, mined: status !== "MATCHED", confirmed: status !== "MATCHED" });
          if (status === "MATCHED") this.#stamped("fill_report", event);
        } else if (status === "MINED" && !known.mined) {
          known.mined = true;
          this.#add("mined", at - known.at);
        } else if (status === "CONFIRMED" && !known.confirmed) {
          known.confirmed = true;
          this.#add("confirmed", at - known.at);
        }
        return;
      }
      case "chain_requested":
        this.#actions.set(event.action.actionId, event.at);
        return;
      case "chain_report": {
        const at = this.#actions.get(event.actionId);
        if (at === undefined || event.status !== "FINAL") return;
        this.#actions.delete(event.actionId);
        this.#add("chain", event.at - at);
        return;
      }
      default:
    }
  }

  /** Every leg of which anything was measured. */
  measured(): readonly Measured[] {
    return ORDER.flatMap((leg) => {
      const values = this.#ms.get(leg) ?? [];
      const quantiles = quantilesOf(values);
      return quantiles === undefined ? [] : [{ leg, count: values.length, quantiles }];
    });
  }

  #answered({ orderId, status, at }: OrderReport): void {
    const placed = this.#placed.get(orderId);
    if (status === "sent" && placed !== undefined) placed.sent = true;
    if (ANSWERS.has(status) && placed?.sent === true) {
      this.#placed.delete(orderId);
      this.#add("place", (at - placed.at) / 2);
      this.#add("ack", (at - placed.at) / 2);
    }
    const asked = this.#canceling.get(orderId);
    if ((status === "canceled" || status === "cancel_refused") && asked !== undefined) {
      this.#canceling.delete(orderId);
      this.#add("cancel", (at - asked) / 2);
    }
  }

  #stamped(leg: LatencyLeg, event: CoreEvent): void {
    const { receivedAt, occurredAt, venueOffsetMs = 0 } = event;
    if (occurredAt === undefined) return;
    const ms = receivedAt + venueOffsetMs - occurredAt;
    if (ms > 0 - MOST_MS && ms < MOST_MS) this.#push(leg, Math.max(0, ms));
  }

  #add(leg: LatencyLeg, nanos: number): void {
    this.#push(leg, nanos / NANOS_PER_MS);
  }

  #push(leg: LatencyLeg, ms: number): void {
    const values = this.#ms.get(leg);
    if (values === undefined) this.#ms.set(leg, [ms]);
    else values.push(ms);
  }
}

/** The block of a configuration that makes the paper venue as quick as was measured (YAML). */
export function latencyBlock(measured: readonly Measured[]): string {
  const legs = measured.map(({ leg, count, quantiles }) => {
    const pairs = quantiles.map(([share, ms]) => `[${share}, ${ms}]`).join(", ");
    return `    ${leg}_ms: [${pairs}] # ${count} times`;
  });
  return `paper:\n  latency:\n${legs.join("\n")}\n`;
}
