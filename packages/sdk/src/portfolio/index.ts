/** The double-entry ledger: cash, positions, fees, profit and loss, attribution. @module */
export {
  EXTERNAL,
  Ledger,
  type BookableTrade,
  type LedgerChange,
  type LedgerSnapshot,
  type MarketPnl,
  type PairCost,
  type StrategyPnl,
} from "./ledger.ts";
