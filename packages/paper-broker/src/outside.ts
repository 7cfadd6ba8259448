import {
  isOutside,
  NANOS_PER_MS,
  PRICE_ONE,
  type CoreEvent,
  type MarketDescription,
  type MarketResolution,
  type MarketTrade,
  type Nanos,
} from "@matchpoint/sdk";
import { PaperMarket } from "./market.ts";
import type { Matching } from "./matching.ts";
import type { Resting } from "./resting.ts";
import type { Venue } from "./venue.ts";

/** What the outside world does: it lists and resolves markets, shows books and trades. */
export class Outside {
  readonly #venue: Venue;
  readonly #matching: Matching;
  readonly #resting: Resting;
  readonly #reach: (at: number) => void;
  readonly #keeper: Venue | undefined;

  /**
   * @param reach does what was due before a time
   * @param keeper a venue that is told of everything first, and keeps the books for both
   */
  constructor(
    venue: Venue,
    matching: Matching,
    resting: Resting,
    reach: (at: number) => void,
    keeper: Venue | undefined,
  ) {
    this.#venue = venue;
    this.#keeper = keeper;
    this.#matching = matching;
    this.#resting = resting;
    this.#reach = reach;
  }

  observe(event: CoreEvent): void {
    const venue = this.#venue;
    if (venue.wallOffset === undefined) {
      if (!isOutside(event)) return;
      venue.wallOffset = event.receivedAt - Math.floor(event.at / NANOS_PER_MS);
    }
    switch (event.type) {
      case "market_listed":
        this.#reach(event.at);
        this.#list(event.market);
        return;
      case "terms_changed": {
        const known = venue.markets.get(event.marketId);
        if (known === undefined) venue.stats.unlisted++;
        else {
          this.#reach(event.at);
          // The grid may have changed since it was listed.
          this.#list({ ...known.description, tick: known.book.tick, ...event.terms });
        }
        return;
      }
      case "book_delta":
      case "book_snapshot":
      case "best_quote":
      case "tick_size_changed":
      case "book_continuity":
      case "market_trade":
      case "market_resolution":
        break;
      default:
        return;
    }
    const market = venue.markets.get(event.marketId);
    if (market === undefined) {
      venue.stats.unlisted++;
      return;
    }
    this.#reach(event.at);
    if (event.occurredAt !== undefined) venue.hearClock(event.receivedAt - event.occurredAt);
    if (event.type === "market_resolution") {
      this.#resolve(market, event);
      return;
    }
    market.apply(event, venue.now);
    if (event.type !== "market_trade") venue.touch(market);
    if (market.resting.length === 0) return;
    if (event.type === "market_trade") {
      this.#print(market, event);
      return;
    }
    if (event.type === "tick_size_changed") this.#matching.dropOffGrid(market, venue.now);
    this.#resting.onBook(market, venue.now);
  }

  #list(description: MarketDescription): void {
    const venue = this.#venue;
    const known = venue.markets.get(description.marketId);
    const { marketId } = description;
    const market = known ?? new PaperMarket(description, venue.settings, this.#keeper?.markets.get(marketId));
    // Of a book that is kept by another the grid has changed already.
    const grid = market.follows || description.tick !== market.book.tick;
    market.description =
      known === undefined ? description : { ...description, mirrored: market.book.mirrored };
    if (known === undefined) venue.markets.set(marketId, market);
    if (grid) {
      const { tick } = description;
      const at = venue.now as Nanos;
      market.apply({ type: "tick_size_changed", marketId, tick, at, receivedAt: venue.wall(at) }, at);
      this.#matching.dropOffGrid(market, at);
      venue.touch(market);
    }
    this.#planClear(market, known === undefined);
  }

  /** Plans to clear the book at the game's start. A market listed after its start is past it. */
  #planClear(market: PaperMarket, first: boolean): void {
    const { startsAt, clearBookOnStart, marketId } = market.description;
    if (!clearBookOnStart || startsAt === undefined || startsAt === market.clearAt) return;
    const due = (startsAt - (this.#venue.wallOffset ?? 0)) * NANOS_PER_MS;
    if (!Number.isSafeInteger(due)) return;
    market.clearAt = startsAt;
    const { now } = this.#venue;
    if (first && due <= now) return;
    this.#venue.agenda.plan(Math.max(due, now), { kind: "clear", marketId, startsAt });
  }

  #resolve(market: PaperMarket, event: MarketResolution): void {
    if (!event.payouts.every((each) => Number.isInteger(each) && each >= 0 && each <= 1_000_000)) {
      this.#venue.stats.malformed++;
      return;
    }
    market.payouts = event.payouts;
    // Nothing is matched there any more: a run sees hundreds of markets come and go.
    if (!market.follows) market.gone.clear();
    this.#matching.cancelResting(market.resting, "the market is resolved", this.#venue.now);
  }

  #print(market: PaperMarket, event: MarketTrade): void {
    if (!Number.isSafeInteger(event.size) || event.size <= 0 || !(event.price > 0 && event.price < 10_000)) {
      this.#venue.stats.malformed++;
      return;
    }
    if (toldAgain(market, event, this.#venue)) this.#venue.stats.mirroredPrints++;
    else this.#resting.onPrint(market, event, this.#venue.now);
  }
}

/**
 * Whether a print tells the trade of the print before once more: at the same moment, of the same size, as one of the other
 * outcome at the complement. A match that mints or dissolves pairs is a trade of both outcomes, and counts once.
 */
function toldAgain(
  market: PaperMarket,
  { outcome, price, size, occurredAt }: MarketTrade,
  venue: Venue,
): boolean {
  const { lastPrint: last } = market;
  if (!market.description.mirrored || occurredAt === undefined) return false;
  market.lastPrint = { outcome, price, size, at: venue.now, occurredAt };
  if (last?.outcome !== 1 - outcome || last.size !== size || last.price !== PRICE_ONE - price) return false;
  if (last.occurredAt !== occurredAt || venue.now - last.at > venue.settings.printMatch) return false;
  // The third print of the kind is a trade of its own again.
  market.lastPrint = undefined;
  return true;
}
