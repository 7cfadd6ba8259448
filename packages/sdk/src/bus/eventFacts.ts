import type { CoreEvent } from "../events/index.ts";
import type { MarketId, MatchId } from "../ids.ts";

/** Whether a snapshot from before an event is the book no more after it. */
export function endsSnapshots(event: CoreEvent): boolean {
  if (event.type === "book_continuity") return event.state !== "resynced";
  if (event.type === "terms_changed") return event.terms.tick !== undefined;
  return event.type === "tick_size_changed";
}

/** The market that an event is about. */
export function marketIdOf(event: CoreEvent): MarketId | undefined {
  if (event.type === "market_listed") return event.market.marketId;
  return "marketId" in event ? event.marketId : undefined;
}

/** The match that an event is about. */
export function matchIdOf(event: CoreEvent): MatchId | undefined {
  if (event.type === "match_listed") return event.match.matchId;
  return "matchId" in event ? event.matchId : undefined;
}
