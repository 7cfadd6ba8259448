/** Polymarket's sports channel. @module */
export { createSportsDecoder } from "./decoder.ts";
export type { SportsDecoder, SportsDecoderOptions, SportsStats, SportsStatus } from "./decoderApi.ts";
export { createSportsFeed, type SportsFeedOptions } from "./feed.ts";
