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
  SiblingMarket,
  StaleContext,
  StrategyContext,
  TimerContext,
  TradeContext,
  TruthContext,
} from "./context.ts";
export { gridFloor, orderSize } from "./grid.ts";
export { MARKET_FILTER, passesFilter, type MarketFilter } from "./marketFilter.ts";
export { ModelMaker } from "./modelMaker.ts";
export { PairArb } from "./pairArb.ts";
export { SeriesConsistency } from "./seriesConsistency.ts";
export {
  chooseOrder,
  depthOf,
  ORDER_CHOICES,
  slippageOf,
  type ChoiceLimits,
  type ChoiceRow,
  type Depth,
  type OrderChoice,
  type OrderWish,
  type Urgency,
} from "./orderChoice.ts";
export { kellyFraction } from "./sizing.ts";
export { TemporalArb } from "./temporalArb.ts";
export { HOOKS, Strategy, type StrategyClass } from "./strategy.ts";

import { ModelMaker } from "./modelMaker.ts";
import { PairArb } from "./pairArb.ts";
import { SeriesConsistency } from "./seriesConsistency.ts";
import type { StrategyClass } from "./strategy.ts";
import { TemporalArb } from "./temporalArb.ts";

/** The default strategies by the name that a configuration uses. */
export const DEFAULT_STRATEGIES: Readonly<Record<string, StrategyClass>> = {
  [PairArb.id]: PairArb,
  [TemporalArb.id]: TemporalArb,
  [ModelMaker.id]: ModelMaker,
  [SeriesConsistency.id]: SeriesConsistency,
};
