/** Polymarket: market data, discovery, execution and settlement. @module */
export {
  createMarketDecoder,
  MARKET_FEED,
  type MarketDecoder,
  type MarketDecoderOptions,
  type MarketDecoderStats,
} from "./market/decoder.ts";
export { TokenIndex, type IndexedMarket, type IndexedToken } from "./market/tokenIndex.ts";
