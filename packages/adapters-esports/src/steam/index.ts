/** Dota 2's live league games by Steam's web API. @module */
export { createSteamDecoder } from "./decoder.ts";
export type { SteamDecoder, SteamDecoderOptions, SteamStats, SteamStatus } from "./decoderApi.ts";
export { createSteamFeed, type SteamFeedOptions } from "./feed.ts";
