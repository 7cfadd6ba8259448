/** A local venue that speaks Polymarket's protocol. @module */
export { CHAIN_ADDRESSES, FEE_RECEIVER, LOCAL_CHAIN_ID, STEWARD } from "./chain/addresses.ts";
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
