/** PandaScore's REST API and live sockets. @module */
export { createPandascoreDecoder } from "./decoder.ts";
export type {
  PandascoreDecoder,
  PandascoreDecoderOptions,
  PandascoreStats,
  PandascoreStatus,
} from "./decoderApi.ts";
export { createPandascoreFeed, type PandascoreFeedOptions } from "./feed.ts";
export {
  PANDASCORE_EVENT,
  PANDASCORE_FRAME,
  PANDASCORE_HELLO,
  PANDASCORE_INCIDENT,
  PANDASCORE_MATCH,
} from "./schema.ts";
