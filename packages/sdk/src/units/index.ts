/** Exact units of money and time, and deterministic arithmetic. @module */
export {
  NANOS_PER_MS,
  PRICE_ONE,
  SHARES_ONE,
  USDC_ONE,
  type Millis,
  type Nanos,
  type Price,
  type Probability,
  type Shares,
  type Usdc,
} from "./brand.ts";
export { formatDecimal, parseDecimal } from "./decimal.ts";
export { feePerShare, feeSchedule, NO_FEE, takerFee, type FeeSchedule } from "./fee.ts";
export { exp, log, logistic, logit, pow } from "./math.ts";
export {
  complement,
  formatPrice,
  formatShares,
  formatUsdc,
  mulDiv,
  notional,
  parsePrice,
  parseShares,
  parseUsdc,
  price,
  priceToProbability,
  probability,
  shares,
  sharesFor,
  usdc,
  type Rounding,
} from "./money.ts";
