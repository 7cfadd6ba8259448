/** Riot's LoL esports gateway and live statistics. @module */
export { createRiotDecoder } from "./decoder.ts";
export type { RiotDecoder, RiotDecoderOptions, RiotGameStatus, RiotStats, RiotStatus } from "./decoderApi.ts";
export {
  discoverRiotMatches,
  readRiotSchedule,
  type DiscoverRiotOptions,
  type RiotListedTeam,
  type RiotListing,
  type RiotListings,
} from "./discover.ts";
export { createRiotFeed, type RiotFeedOptions } from "./feed.ts";
