import type { Millis, Trade, TradeReport, TradeStatus } from "@matchpoint/sdk";

/** Statuses of settled trades that are remembered to tell news from repetition. */
const REMEMBERED = 50_000;

interface Heard {
  readonly trade: TradeReport;
  status: TradeStatus;
}

/** Our trades as last heard of, and which of them are neither confirmed nor failed. */
export class UnsettledTrades {
  readonly #open = new Map<string, Heard>();
  readonly #said = new Map<string, TradeStatus>();

  /** When the oldest of them was matched; `undefined` when there is none, or none says when. */
  get oldest(): Millis | undefined {
    let found: Millis | undefined;
    for (const { trade } of this.#open.values()) {
      const at = trade.occurredAt ?? trade.receivedAt;
      if (found === undefined || at < found) found = at;
    }
    return found;
  }

  /** Whether a trade is known with this status, or a later one. */
  knows({ orderId, tradeId, status }: TradeReport): boolean {
    const said = this.#said.get(`${orderId} ${tradeId}`);
    return said !== undefined && (said === status || said === "CONFIRMED" || said === "FAILED");
  }

  note(trade: TradeReport): void {
    const { status } = trade;
    const key = `${trade.orderId} ${trade.tradeId}`;
    const before = this.#said.get(key);
    // What comes late does not open again what is settled; only a reorganisation voids it.
    if (before === "FAILED" || (before === "CONFIRMED" && status !== "FAILED")) return;
    // Late news of an earlier state.
    if (before !== undefined && before !== "MATCHED" && status === "MATCHED") return;
    this.#said.delete(key);
    this.#said.set(key, status);
    if (status === "CONFIRMED" || status === "FAILED") this.#open.delete(key);
    else this.#open.set(key, { trade, status });
    for (const oldest of this.#said.keys()) {
      if (this.#said.size <= REMEMBERED) break;
      this.#said.delete(oldest);
    }
  }

  *all(): IterableIterator<Trade> {
    for (const { trade, status } of this.#open.values()) yield { ...trade, status };
  }
}
