/** Polymarket: market data, discovery, execution and settlement. @module */
export { createMarketFeed, type MarketFeed } from "./market/client.ts";
export {
  createMarketDecoder,
  MARKET_FEED,
  type MarketDecoder,
  type MarketDecoderOptions,
  type MarketDecoderStats,
} from "./market/decoder.ts";
export {
  FEED_DEFAULTS,
  type FeedSettings,
  type MarketFeedOptions,
  type MarketFeedStats,
} from "./market/feedOptions.ts";
export { type ConnectionTiming } from "./market/connection.ts";
export { type FeedEvent } from "./market/session.ts";
export { TokenIndex, type IndexedMarket, type IndexedToken } from "./market/tokenIndex.ts";
export { createWsTransport, type WsTransportOptions } from "./transport/wsTransport.ts";
