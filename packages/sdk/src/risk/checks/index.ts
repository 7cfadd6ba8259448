import type { RiskCheck } from "../check.ts";
import {
  bookStale,
  bookUntrusted,
  fillSlippage,
  liquidityTooThin,
  loopStalled,
  priceBand,
  slippage,
  spreadTooWide,
} from "./book.ts";
import {
  belowMarketableMinimum,
  belowMinSize,
  capabilityUnsupported,
  intentInvalid,
  offGrid,
  postOnlyCrosses,
  priceOutOfRange,
  sizePrecision,
} from "./form.ts";
import { cancelBudget, drawdownSize, strategyHalted } from "./guards.ts";
import {
  insufficientBalance,
  insufficientShares,
  maxAccount,
  maxDailyLoss,
  maxLegImbalance,
  maxMarket,
  maxMarketOrders,
  maxMatch,
  maxOpenOrders,
  maxOrder,
  maxTournament,
  maxUnsettled,
} from "./limits.ts";
import { resolutionUnclear } from "./resolution.ts";
import { duplicateIntent, purposeMismatch, selfCross } from "./own.ts";
import {
  balanceRefused,
  chainActionPending,
  marketChecks,
  marketClosed,
  ownChannelLost,
  systemChecks,
  venueChecks,
} from "./state.ts";
import { takerDelay, termsStale } from "./terms.ts";
import { truthChecks } from "./truth.ts";

/**
 * The checks of the gate in the order in which they run: what looks at the intent alone, then states, truth and the book's
 * best prices, last what adds up orders and positions. Every later check may rely on a well-formed intent.
 */
export const DEFAULT_CHECKS: readonly RiskCheck[] = [
  intentInvalid,
  strategyHalted,
  ...systemChecks,
  ...marketChecks,
  marketClosed,
  ...venueChecks,
  ownChannelLost,
  balanceRefused,
  capabilityUnsupported,
  priceOutOfRange,
  offGrid,
  belowMinSize,
  sizePrecision,
  maxOrder,
  priceBand,
  maxDailyLoss,
  maxOpenOrders,
  cancelBudget,
  chainActionPending,
  resolutionUnclear,
  termsStale,
  takerDelay,
  ...truthChecks,
  bookUntrusted,
  bookStale,
  loopStalled,
  belowMarketableMinimum,
  postOnlyCrosses,
  spreadTooWide,
  slippage,
  fillSlippage,
  liquidityTooThin,
  maxMarketOrders,
  duplicateIntent,
  selfCross,
  purposeMismatch,
  insufficientShares,
  insufficientBalance,
  maxLegImbalance,
  drawdownSize,
  maxTournament,
  maxMarket,
  maxMatch,
  maxAccount,
  maxUnsettled,
];
