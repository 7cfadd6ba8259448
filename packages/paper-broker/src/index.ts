/** The paper execution adapter: a venue on paper, as a deterministic fold. @module */
export { createPaperBroker, type PaperBroker } from "./broker.ts";
export type {
  AccountId,
  Asset,
  ExchangeNews,
  ExchangeOrder,
  ExchangeTrade,
  PaperExchange,
  PublicBook,
  PublicLevel,
  TradeLeg,
} from "./exchange.ts";
export type {
  FillModel,
  PaperBrokerOptions,
  PaperExchangeOptions,
  PaperFaults,
  PaperLatency,
  PaperLeg,
  UseGate,
} from "./options.ts";
export { createPaperExchange } from "./paperExchange.ts";
export { PAPER_RATE_TIERS, type PaperRateLimit } from "./realism/buckets.ts";
export {
  LATENCY_TABLES,
  type LatencyLeg,
  type LatencyTable,
  type LatencyTableName,
} from "./realism/latencyTables.ts";
export { atShare, quantilesOf, quantilesProblem, type Quantiles } from "./realism/quantiles.ts";
export { DEFAULT_RESTARTS, type PaperRestarts } from "./realism/restarts.ts";
export type { PaperStats } from "./records.ts";
export { DEFAULT_FAULTS } from "./settings.ts";
export { paperExecution, type PaperExecution } from "./shell/execution.ts";
export type { PaperSnapshot } from "./snapshot.ts";
export type { PaperView } from "./view.ts";
