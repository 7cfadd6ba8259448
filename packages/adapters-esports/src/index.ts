/**
 * Sources of match facts: GRID, PandaScore, Riot, Steam, OpenDota, Polymarket's sports channel, Liquipedia and a person, as
 * decoders (frames to claims, for sockets and recordings alike) and as feeds (sockets to claims).
 * @module
 */
export { createWsTransport, type WsTransportOptions } from "./common/transport.ts";
// What sources are made of, for those who add one: docs/how-to/add-a-source.md.
export { Backoff } from "./common/attempts.ts";
export type { RetractionHint } from "./common/claims.ts";
export type { FeedEvent, FeedRun } from "./common/feedRun.ts";
export { createJsonDecoder, Tally, type ReadJson } from "./common/frame.ts";
export { createMatchFeed, type MatchConnection, type MatchFeedOptions } from "./common/matchFeed.ts";
export { redact, redactedMessage } from "./common/redact.ts";
export { createSharedFeed, type SharedFeedOptions } from "./common/sharedFeed.ts";
export { Speaker, type Provenance, type SpeakerIdentity } from "./common/speaker.ts";
export { matchesByRef, noteName, teamIndex, type FollowedMatch } from "./common/teams.ts";
export type { GameView, SeriesView } from "./common/view.ts";
export { Watchdog } from "./common/watchdog.ts";
export {
  createGridDecoder,
  createGridFeed,
  createGridStateDecoder,
  GRID_SERIES,
  GRID_STATE_RESPONSE,
  GRID_TRANSACTION,
  gridStateQuery,
  type GridDecoder,
  type GridDecoderOptions,
  type GridFeedOptions,
  type GridGap,
  type GridStateDecoderOptions,
  type GridStats,
  type GridStatus,
} from "./grid/index.ts";
export {
  createLiquipediaDecoder,
  createLiquipediaFeed,
  type LiquipediaDecoder,
  type LiquipediaDecoderOptions,
  type LiquipediaFeedOptions,
  type LiquipediaStats,
  type LiquipediaStatus,
} from "./liquipedia/index.ts";
export {
  createOperatorFeed,
  FACT_GRAMMAR,
  formatFact,
  parseFact,
  type OperatorFact,
  type OperatorFeed,
  type OperatorFeedOptions,
} from "./operator/index.ts";
export {
  createPandascoreDecoder,
  createPandascoreFeed,
  PANDASCORE_EVENT,
  PANDASCORE_FRAME,
  PANDASCORE_HELLO,
  PANDASCORE_INCIDENT,
  PANDASCORE_MATCH,
  type PandascoreDecoder,
  type PandascoreDecoderOptions,
  type PandascoreFeedOptions,
  type PandascoreStats,
  type PandascoreStatus,
} from "./pandascore/index.ts";
export {
  createRiotDecoder,
  createRiotFeed,
  discoverRiotMatches,
  readRiotSchedule,
  type DiscoverRiotOptions,
  type RiotDecoder,
  type RiotDecoderOptions,
  type RiotFeedOptions,
  type RiotGameStatus,
  type RiotListedTeam,
  type RiotListing,
  type RiotListings,
  type RiotStats,
  type RiotStatus,
} from "./riot/index.ts";
export {
  createSteamDecoder,
  createSteamFeed,
  type SteamDecoder,
  type SteamDecoderOptions,
  type SteamFeedOptions,
  type SteamStats,
  type SteamStatus,
} from "./steam/index.ts";
export {
  createSportsDecoder,
  createSportsFeed,
  type SportsDecoder,
  type SportsDecoderOptions,
  type SportsFeedOptions,
  type SportsStats,
  type SportsStatus,
} from "./sports/index.ts";
export {
  createOpendotaDecoder,
  createOpendotaFeed,
  type OpendotaDecoder,
  type OpendotaDecoderOptions,
  type OpendotaFeedOptions,
  type OpendotaStats,
  type OpendotaStatus,
} from "./opendota/index.ts";
export { askSource, type AskSourceOptions, type AskedSource, type SourceReach } from "./reach/index.ts";
