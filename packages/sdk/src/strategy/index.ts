/** What a strategy is written against, and the default strategies. @module */
export type {
  BookContext,
  FillContext,
  HaltContext,
  MarketTruth,
  OrderContext,
  OrderRequest,
  OrderView,
  PositionContext,
  Quote,
  ResolvedContext,
  StaleContext,
  StrategyContext,
  TimerContext,
  TradeContext,
  TruthContext,
} from "./context.ts";
export { kellyFraction } from "./sizing.ts";
export { Strategy, type StrategyClass } from "./strategy.ts";
