/** GRID Series Events and Series State. @module */
export { createGridDecoder } from "./decoder.ts";
export type { GridDecoder, GridDecoderOptions, GridGap, GridStats, GridStatus } from "./decoderApi.ts";
export { createGridFeed, type GridFeedOptions } from "./feed.ts";
export { GRID_SERIES, GRID_STATE_RESPONSE, GRID_TRANSACTION } from "./schema.ts";
export { createGridStateDecoder, gridStateQuery, type GridStateDecoderOptions } from "./state.ts";
