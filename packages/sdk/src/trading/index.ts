/** The trading machines: one per market, one of the system, and the table of allowed actions. @module */
export { systemDiagram, tradingDiagram } from "./diagram.ts";
export { classify, type ExposureClass } from "./exposure.ts";
export {
  HALT_CAUSES,
  type ClearedBy,
  type Halt,
  type HaltCauseInfo,
  type HaltReason,
  type SavedHalt,
} from "./haltCauses.ts";
export { MarketTrading, TRUTH_MEANS, type MarketTradingOptions, type SavedTrading } from "./marketTrading.ts";
export {
  ALLOWED_ACTIONS,
  MARKET_DENIAL,
  SYSTEM_PERMISSIONS,
  systemAllows,
  TRADING_ACTIONS,
  VENUE_MODES,
  VENUE_PERMISSIONS,
  venueAllows,
  type Allowed,
  type Claimant,
  type MarketPermission,
  type NotAllowed,
  type Permission,
  type TradingAction,
  type TradingDenialCode,
  type TradingOptions,
  type VenueMode,
} from "./permissions.ts";
export { SystemMachine, type Restriction, type SavedSystem, type SystemChange } from "./systemMachine.ts";
export {
  SYSTEM_INPUTS,
  SYSTEM_STATUSES,
  SYSTEM_SYMBOLS,
  SYSTEM_TABLE,
  type SystemInput,
  type SystemRow,
  type SystemStatus,
  type SystemSymbol,
} from "./systemTable.ts";
export type { ExposureFacts, TradingChange, TradingInput } from "./tradingInput.ts";
export {
  TRADING_STATUSES,
  TRADING_SYMBOLS,
  TRADING_TABLE,
  type TradingRow,
  type TradingSymbol,
} from "./tradingTable.ts";
