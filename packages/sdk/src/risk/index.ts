/** The gate that every intent passes. @module */
export type { CheckCode, Purpose, RiskCheck } from "./check.ts";
export { DEFAULT_CHECKS } from "./checks/index.ts";
export { RISK_CONFIG, riskLimits, type RiskConfig, type RiskLimits } from "./config.ts";
export { DENIAL_CODES, type DenialCode, type DenialInfo } from "./denialCodes.ts";
export { RiskGate, type RiskVerdict } from "./riskGate.ts";
export type {
  RiskBook,
  RiskCapabilities,
  RiskLedger,
  RiskOrder,
  RiskOrders,
  RiskView,
  WorstCase,
} from "./view.ts";
