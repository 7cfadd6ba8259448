/** Wires it all: the session that drives the core along a log, and the embeddable runtime. @module */
export { createRuntime, Runtime, type RuntimeEvents, type RuntimeOptions } from "./runtime.ts";
export type { StrategyUse } from "./instantiate.ts";
export { coreOfRun, journaledRun, type JournaledRun } from "./journaledRun.ts";
export { AccountRebuilder, type RebuiltAccount, type SavedAccount } from "./rebuild.ts";
export { recover, type Recovered, type RecoveryOptions } from "./recover.ts";
export { seekEvidence, type EvidenceOptions } from "./evidence.ts";
export { ARRIVES_MS } from "./lastLooks.ts";
export { runLive, type LiveOptions, type LiveVenue } from "./live.ts";
export { compareScenarios, type ScenarioReport, type ScenarioSummary } from "./scenarios.ts";
export { Session, type EventSink, type SessionOptions } from "./session.ts";
export {
  summarize,
  type MarketSummary,
  type MatchSummary,
  type RunSummary,
  type StrategySummary,
  type WhyNot,
} from "./summary.ts";
export { LoopWatch, type StallWatch } from "./stallWatch.ts";
export { TimerQueue } from "./timers.ts";
export { tradeNews } from "./tradeNews.ts";
export { createVenueLink, type VenueLink, type VenueLinkOptions } from "./venueLink.ts";
