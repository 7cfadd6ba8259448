/** Liquipedia's match database, for confirmation only. @module */
export { createLiquipediaDecoder } from "./decoder.ts";
export type {
  LiquipediaDecoder,
  LiquipediaDecoderOptions,
  LiquipediaStats,
  LiquipediaStatus,
} from "./decoderApi.ts";
export { createLiquipediaFeed, type LiquipediaFeedOptions } from "./feed.ts";
