/** A local venue that speaks Polymarket's protocol. @module */
export type {
  ChainEffect,
  ChainHoldings,
  Channel,
  MarketSummary,
  PaperVenue,
  Settled,
  VenueEffect,
  VenueOptions,
  VenueRequest,
} from "./contract.ts";
export type { AdminAnswer } from "./http/admin.ts";
export { FAULT_TABLE, type FaultKind, type FaultPoint, type FaultRow } from "./faults/table.ts";
export type { FaultMatch, FaultOrder, FaultReport } from "./faults/faults.ts";
export { TIERS, type TierName } from "./http/rateLimits.ts";
export { ROUTES, type AuthLevel, type Route } from "./http/routes.ts";
export { RELAYER_FAULTS, type RelayerFault } from "./relayer/relayerDesk.ts";
export { REHEARSAL_BUILDER } from "./relayer/relayerKeys.ts";
export { runVenue, venueLine, type VenueFlags, type VenueOperator } from "./runVenue.ts";
export { startVenue, type RunningVenue, type StartOptions } from "./shell/server.ts";
export { venueAdmin, venueTransport, type VenueTransportOptions } from "./shell/transport.ts";
export type { OnChainOptions } from "./settle/rules.ts";
export type { SettlerRules } from "./settle/settler.ts";
export { createVenue } from "./venue.ts";
export { defaultWorld, type WorldOptions } from "./world/defaultWorld.ts";
export { matchListings, type ListedMatch } from "./world/matchListings.ts";
export type { MatchFacts, Tag, VenueListing } from "./world/listing.ts";
export {
  CHAIN_ADDRESSES,
  FEE_RECEIVER,
  LOCAL_CHAIN_ID,
  RELAY_ADDRESSES,
  RELAY_OPERATOR,
  STEWARD,
} from "./chain/addresses.ts";
export { findAnvil } from "./chain/anvil.ts";
export { conditionIdOf, questionIdOf, tokenIdsOf } from "./chain/ids.ts";
export {
  startLocalChain,
  type ChainBalances,
  type ChainMarket,
  type LocalChain,
  type LocalChainOptions,
  type MinedTransaction,
} from "./chain/localChain.ts";
export { type ChainFill, type ChainMatch, type ChainOrder } from "./chain/settleTrade.ts";
