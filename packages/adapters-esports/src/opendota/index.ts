/** Dota 2 results by OpenDota. @module */
export { createOpendotaDecoder } from "./decoder.ts";
export type { OpendotaDecoder, OpendotaDecoderOptions, OpendotaStats, OpendotaStatus } from "./decoderApi.ts";
export { createOpendotaFeed, type OpendotaFeedOptions } from "./feed.ts";
