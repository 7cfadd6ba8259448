/** Polymarket: market data, discovery, execution and settlement. @module */
export { type AccountIdentity } from "./account/identity.ts";
export {
  createAccountRest,
  type AccountPage,
  type AccountRest,
  type BalanceAllowance,
} from "./account/rest.ts";
export { AccountTokens, type AccountToken } from "./account/tokens.ts";
export {
  createUserDecoder,
  USER_FEED,
  type OrderFacts,
  type UserDecoder,
  type UserDecoderOptions,
  type UserDecoderStats,
  type Emit,
} from "./account/userDecoder.ts";
export { type HttpExchange, type VenueHint } from "./execution/answer.ts";
export {
  heedHeaders,
  newRateState,
  RATE_TIERS,
  takeTokens,
  type BucketSize,
  type RateState,
  type RateTier,
  type RateUse,
  type RateVerdict,
} from "./execution/buckets.ts";
export {
  CANCEL_REFUSALS,
  cancelAnswer,
  cancelRefusal,
  type CancelAnswer,
  type CancelRefusal,
} from "./execution/cancelAnswer.ts";
export { createDirectGateway } from "./execution/gateway.ts";
export {
  GATEWAY_DEFAULTS,
  type DirectGatewayOptions,
  type GatewaySettings,
  type GatewayStats,
  type PolymarketGateway,
  type WarmUp,
} from "./execution/gatewayOptions.ts";
export { heartbeatAnswer, type HeartbeatAnswer } from "./execution/heartbeatAnswer.ts";
export {
  lastLook,
  selfCrossed,
  type LastLook,
  type LocalRefusal,
  type RestingOrder,
} from "./execution/lastLine.ts";
export {
  chooseOrder,
  depthOf,
  ORDER_CHOICES,
  slippageOf,
  type ChoiceLimits,
  type ChoiceRow,
  type Depth,
  type OrderChoice,
  type OrderWish,
  type Urgency,
} from "./execution/orderChoice.ts";
export { OFFICIAL_CLIENT, type LoadOfficial } from "./execution/officialClient.ts";
export { createOfficialGateway, type OfficialGatewayOptions } from "./execution/officialGateway.ts";
export { batchAnswer, placeAnswer, placeOutcome, type PlaceAnswer } from "./execution/placeAnswer.ts";
export { rejectionOf, type Rejection } from "./execution/rejections.ts";
export { REJECTIONS, type RejectionRow, type Remedy } from "./execution/rejectionTable.ts";
export {
  createGammaCatalog,
  fetchClobMarket,
  type CatalogQuery,
  type GammaCatalogOptions,
} from "./gamma/catalog.ts";
export { decodeClobMarket, withClobMarket, type ClobMarket } from "./gamma/clobMarket.ts";
export {
  listingFacts,
  matchOfListing,
  provenSubjects,
  titleOfListing,
  type ListingFacts,
  type ListingRefusal,
} from "./gamma/listing.ts";
export {
  decodeGammaEvent,
  decodeGammaMarket,
  type GammaDetails,
  type GammaEvent,
  type GammaEventFacts,
  type GammaMarket,
  type GammaResolution,
  type Refused,
  type SubjectOf,
} from "./gamma/market.ts";
export {
  fetchGammaEvents,
  fetchGammaMarkets,
  fetchGammaTag,
  type GammaAnswer,
  type GammaEventQuery,
  type GammaPorts,
} from "./gamma/reads.ts";
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
export { type FeedEvent } from "./market/marketStream.ts";
export { TokenIndex, type IndexedMarket, type IndexedToken } from "./market/tokenIndex.ts";
export { measureVenueOffset, type VenueTimeOptions } from "./time/venueTime.ts";
export { createWsTransport, type WsTransportOptions } from "./transport/wsTransport.ts";
export { orderAmounts, type MarketGrid, type OrderAmounts, type OrderTerms } from "./order/amounts.ts";
export { orderBody, ordersBody, type PostOptions, type SignedOrder } from "./order/body.ts";
export { domainSeparator, ORDER_TYPE, orderHash, orderStructHash, wrappedHash } from "./order/hash.ts";
export {
  buildOrder,
  ZERO_BYTES32,
  type OrderInput,
  type OrderParties,
  type SignatureType,
  type VenueOrder,
} from "./order/order.ts";
export { orderSalt } from "./order/salt.ts";
export { snapPrice, snapShares, snapSpend } from "./order/snap.ts";
export { CONTRACTS, type Address, type ChainId, type Hex, type VenueContracts } from "./venue/contracts.ts";
export {
  CLOB_VERSION,
  EXCHANGE_NAME,
  EXCHANGES,
  type Exchange,
  type MarketVersion,
} from "./venue/exchanges.ts";
export { AMOUNT_STEPS, BATCH_LIMITS, GTD_LEAD_S, MINIMUM_ORDER, TICKS } from "./venue/limits.ts";
export { fetchApiKey, type ApiKeyOptions } from "./auth/apiKey.ts";
export { type L1Claim, type L1Headers } from "./auth/l1.ts";
export { createL2Auth, type ApiCredentials, type L2Auth, type L2Headers, type L2Request } from "./auth/l2.ts";
export { loadCurve, PURE_CURVE, type Curve, type CurveName, type CurveSignature } from "./signing/curve.ts";
export { fileEpochs, overtaken, type EpochFence, type EpochStore, type Turn } from "./signing/epochs.ts";
export { openKeystore } from "./signing/keystore.ts";
export { createOrderSigner, type OrderSigner, type OrderSignerOptions } from "./signing/orderSigner.ts";
export { type PriceBand, type SigningLimits } from "./signing/policy.ts";
export { type Signer, type SigningRequest, type TypedData } from "./signing/signer.ts";
export {
  createChainSigner,
  createEthersSigner,
  createWalletSigner,
  type WalletChainSigner,
} from "./signing/wallet.ts";
export {
  type ApprovalPlan,
  type MarketKind,
  type SpenderNeed,
  type SpenderState,
  type WalletUse,
} from "./chain/approvals.ts";
export { type ChainPayouts, type ChainReads } from "./chain/chainReads.ts";
export { GAS_LIMITS, type GasLimits } from "./chain/gas.ts";
export { createRpcPool, type RpcHealth, type RpcPool, type RpcPoolOptions } from "./chain/rpcPool.ts";
export { createChainSettlement, type ChainSettlementOptions } from "./chain/settlement.ts";
export { type FinalityPolicy } from "./chain/txEvidence.ts";
export {
  type SendOutcome,
  type SendRefusal,
  type TxAttemptEntry,
  type TxEntry,
  type TxJournal,
  type TxReport,
  type TxSettledEntry,
  type TxStatus,
} from "./chain/txRecord.ts";
export { type ChainSigner } from "./chain/txSigner.ts";
export { type ChainMarketRef, type WalletAction, type WalletActions } from "./chain/walletActions.ts";
export { createWalletChain } from "./chain/walletChain.ts";
export {
  type ActHow,
  type ApprovalRequest,
  type WalletChain,
  type WalletResult,
  type WalletStatus,
} from "./chain/walletTypes.ts";
export { walletChecks, type WalletCheck } from "./chain/walletChecks.ts";
export { WALLET_LIMITS, type WalletChainOptions, type WalletLimits } from "./chain/walletOptions.ts";
export { deriveWallets } from "./relayer/derive.ts";
export {
  createRelayer,
  RELAYER_URL,
  type RelayerCredentials,
  type RelayerOptions,
} from "./relayer/httpRelayer.ts";
export { RELAY_CONTRACTS, type RelayContracts } from "./relayer/relayContracts.ts";
export {
  type RelayAnswer,
  type RelayedTransaction,
  type Relayer,
  type RelayParams,
  type RelayState,
} from "./relayer/relayer.ts";
export {
  type RelayAcceptedEntry,
  type RelayAttemptEntry,
  type RelayEntry,
  type RelaySettledEntry,
} from "./relayer/relayRecord.ts";
export { type RelayDraft, type RelaySigner, type RelayType } from "./relayer/relayRequest.ts";
export { type LiveCheck } from "./startup/check.ts";
export {
  askGeoblock,
  judgeGeoblock,
  watchGeoblock,
  type GeoblockAnswer,
  type GeoblockOptions,
  type GeoblockWatchOptions,
} from "./startup/geoblock.ts";
export {
  accountChecks,
  termsCheck,
  venueChecks,
  versionCheck,
  type VenueCheckOptions,
} from "./startup/venueChecks.ts";
export {
  createSmokeProbe,
  type ProbeAnswer,
  type ProbeOrder,
  type SmokeProbe,
  type SmokeProbeOptions,
} from "./smoke/probe.ts";
export { type HeardEvent } from "./smoke/userEar.ts";
