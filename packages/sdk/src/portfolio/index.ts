/** The double-entry ledger: cash, positions, fees, profit and loss, attribution. @module */
export { Ledger } from "./ledger.ts";
export { EXTERNAL } from "./marketAccount.ts";
export { PNL_PARTS, type PnlPart, type PnlParts } from "./parts.ts";
export { groupLines, profitAndLoss, sumLines, type Pnl } from "./pnl.ts";
export { atFair, type FillPnl, type Mark, type PnlCell, type PnlLine } from "./pnlCells.ts";
export type { LedgerSnapshot, MarketAccountSnapshot } from "./snapshot.ts";
export type {
  AccountBalance,
  BookableTrade,
  LedgerChange,
  MarketPnl,
  PairCost,
  RebateBalance,
  SellGate,
  StrategyPnl,
  TimedFill,
} from "./types.ts";
