/** The gate that every intent passes. @module */
export type { CheckCode, Purpose, RiskCheck } from "./check.ts";
export { DEFAULT_CHECKS } from "./checks/index.ts";
export { BENIGN_REJECTS, MarketBreaker, type BreakerCounts, type BreakerLimits } from "./breaker.ts";
export { RISK_CONFIG, riskLimits, type RiskConfig, type RiskLimits } from "./config.ts";
export { DRAWDOWN_CONFIG, drawdownScale, type DrawdownConfig } from "./drawdown.ts";
export { DENIAL_CODES, type DenialCode, type DenialInfo } from "./denialCodes.ts";
export { RiskGate, type RiskVerdict } from "./riskGate.ts";
export { RunawayGuard, type Missteps, type Runaway, type RunawayLimits } from "./runaway.ts";
export type {
  RetryingTrade,
  RiskBook,
  RiskCapabilities,
  RiskLedger,
  RiskOrder,
  RiskOrders,
  RiskView,
  WorstCase,
} from "./view.ts";
