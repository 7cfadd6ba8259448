/** The step of the fold: routes an event through truth, market, strategies, risk and orders. @module */
export type { SavedAdoption } from "./adoptDesk.ts";
export { type StrategySpec } from "./binding.ts";
export type { CarriedAccount, CarriedHold, CarriedMarket, CarriedRisk } from "./carried.ts";
export { ENGINE_CONFIG, type EngineConfig } from "./config.ts";
export { Core } from "./core.ts";
export { type CoreOptions } from "./coreOptions.ts";
export { type CoreCounts } from "./floor.ts";
export { type CarriedDay, type LossStatus, type SavedLoss } from "./lossDesk.ts";
export { type RiskStatus } from "./riskDesk.ts";
export { type HaltedStrategy, type Killed } from "./stopDesk.ts";
export { IsolatedHost, type HostedCall } from "./isolatedHost.ts";
export { isolated, IsolatedStrategy, type IsolatedCall, type IsolatedOutbox } from "./isolatedStrategy.ts";
export type { IsolatedTruth, IsolatedView } from "./isolatedView.ts";
export { MarketEntry } from "./marketEntry.ts";
export { type OwnChannelGap } from "./ownChannelDesk.ts";
export { FINAL_WITHIN_MS } from "./reconcileDesk.ts";
export type { SavedBooks, SavedMarket } from "./savedBooks.ts";
export { type SkipCount } from "./skips.ts";
