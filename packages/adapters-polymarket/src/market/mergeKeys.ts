import type { BestQuote, BookDelta, BookSnapshot, MarketResolvedHint, MarketTrade } from "@matchpoint/sdk";
import { fingerprint } from "./bookContent.ts";

/** What changes a book: it counts in its order. */
export type Ordered = BookSnapshot | BookDelta;
/** What only says something of a book. */
export type Loose = MarketTrade | BestQuote | MarketResolvedHint;

/** The venue's time. */
export function timeOf(event: Ordered): number {
  return event.occurredAt ?? 0;
}

/** The same change has the same one on both sockets. */
export function keyOf(event: Ordered): number {
  const { occurredAt = 0, levels } = event;
  return event.type === "book_snapshot"
    ? fingerprint(1, occurredAt, levels, event.outcome)
    : fingerprint(2, occurredAt, levels, event.bestBid, event.bestAsk);
}

const NONE: readonly number[] = [];

/** The same for what only says something. */
export function looseKey(event: Loose): number {
  const { occurredAt = 0 } = event;
  switch (event.type) {
    case "market_trade":
      return fingerprint(
        3,
        occurredAt,
        NONE,
        event.outcome,
        event.side === "buy" ? 1 : 0,
        event.price,
        event.size,
      );
    case "best_quote":
      return fingerprint(4, occurredAt, NONE, event.bestBid, event.bestAsk);
    case "market_resolved_hint":
      return fingerprint(5, occurredAt, NONE, event.winner);
  }
}

/** Whether two changes give the same level different sizes. */
export function overlap(a: readonly number[], b: readonly number[]): boolean {
  for (let i = 0; i < a.length; i += 3)
    for (let j = 0; j < b.length; j += 3)
      if (a[i] === b[j] && a[i + 1] === b[j + 1] && a[i + 2] !== b[j + 2]) return true;
  return false;
}
