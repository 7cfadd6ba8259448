/** The double-entry ledger: cash, positions, fees, profit and loss, attribution. @module */
export { Ledger } from "./ledger.ts";
export { EXTERNAL } from "./marketAccount.ts";
export type { LedgerSnapshot, MarketAccountSnapshot } from "./snapshot.ts";
export type {
  AccountBalance,
  BookableTrade,
  LedgerChange,
  MarketPnl,
  PairCost,
  SellGate,
  StrategyPnl,
} from "./types.ts";
