import { PRICE_ONE } from "../units/index.ts";
import type { CoreEvent } from "./index.ts";
import type { Stamped } from "./stamp.ts";

/**
 * Whether an event is market data of which a journal can hold every number: what `eventProblem` says in words, at the price of a few
 * comparisons, since it comes thousands of times a second. Of a field that is not its own it says nothing: none is written. `false`
 * for any other event.
 */
export function isWholeBookEvent(event: CoreEvent): boolean {
  switch (event.type) {
    case "book_delta":
      return (
        headHolds(event) && levelsHold(event.levels) && isStated(event.bestBid) && isStated(event.bestAsk)
      );
    case "book_snapshot":
      return (
        headHolds(event) &&
        isOutcome(event.outcome) &&
        typeof event.synthetic === "boolean" &&
        levelsHold(event.levels)
      );
    case "market_trade":
      return (
        headHolds(event) &&
        isOutcome(event.outcome) &&
        ((event.side as string) === "buy" || (event.side as string) === "sell") &&
        isPrice(event.price) &&
        isAmount(event.size)
      );
    case "best_quote":
      return headHolds(event) && isPrice(event.bestBid) && isPrice(event.bestAsk);
    default:
      return false;
  }
}

function headHolds(event: Stamped & { readonly marketId: string }): boolean {
  if (typeof event.marketId !== "string" || event.marketId.length === 0) return false;
  const { occurredAt, publishedAt, ntpOffsetMs, venueOffsetMs } = event;
  return (
    isAmount(event.at) &&
    Number.isFinite(event.receivedAt) &&
    (occurredAt === undefined || Number.isFinite(occurredAt)) &&
    (publishedAt === undefined || Number.isFinite(publishedAt)) &&
    (ntpOffsetMs === undefined || Number.isSafeInteger(ntpOffsetMs)) &&
    (venueOffsetMs === undefined || Number.isSafeInteger(venueOffsetMs))
  );
}

function levelsHold(levels: readonly number[]): boolean {
  if (!(levels instanceof Array) || levels.length % 3 !== 0) return false;
  for (let i = 0; i < levels.length; i += 3) {
    const ladder = levels[i];
    if (!(ladder === 0 || ladder === 1 || ladder === 2 || ladder === 3)) return false;
    if (!isPrice(levels[i + 1]) || !isAmount(levels[i + 2])) return false;
  }
  return true;
}

function isOutcome(value: number): boolean {
  return value === 0 || value === 1;
}

function isPrice(value: number | undefined): boolean {
  return Number.isInteger(value) && value! >= 0 && value! <= PRICE_ONE;
}

/** A best price, or -1 where none is stated. */
function isStated(value: number): boolean {
  return value === -1 || isPrice(value);
}

function isAmount(value: number | undefined): boolean {
  return Number.isSafeInteger(value) && value! >= 0;
}
