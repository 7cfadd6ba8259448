/** A simulated match that happens now, on real sockets and at a venue at once. @module */
export { LiveMatch, type LiveMatchOptions, type LiveMatchResult } from "./liveMatch.ts";
export type { MatchMarket, MatchVenue } from "./venueTeller.ts";
