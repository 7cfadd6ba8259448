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
export {
  DEFAULT_LATENCY,
  type FillModel,
  type PaperBrokerOptions,
  type PaperExchangeOptions,
  type PaperFaults,
  type PaperLatency,
  type UseGate,
} from "./options.ts";
export { createPaperExchange } from "./paperExchange.ts";
export type { PaperStats } from "./records.ts";
export { paperExecution, type PaperExecution } from "./shell/execution.ts";
export type { PaperSnapshot } from "./snapshot.ts";
export type { PaperView } from "./view.ts";
