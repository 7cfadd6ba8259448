import type { Decision, Outcome, TradeReport, TradeStatus } from "../events/index.ts";
import type { MarketId, OrderId, StrategyId, TradeId } from "../ids.ts";
import type { Nanos, Shares, Usdc } from "../units/index.ts";

/** A change of a trade as the ledger needs it: what `OrderStore.trade` returns. */
export interface BookableTrade {
  readonly order:
    | { readonly intent: { readonly strategyId: StrategyId; readonly decision?: Decision | undefined } }
    | undefined;
  readonly report: TradeReport;
  readonly to: TradeStatus;
  readonly kind: "matched" | "advanced" | "confirmed" | "voided" | "duplicate" | "foreign";
}

/** A fill, and when it was booked. */
export interface TimedFill {
  readonly at: Nanos;
  readonly marketId: MarketId;
  readonly orderId: OrderId;
  readonly tradeId: TradeId;
  readonly outcome: Outcome;
}

/** What a booking did. */
export interface LedgerChange {
  /** Whether anything was booked; false for duplicates and for what the ledger does not know. */
  readonly booked: boolean;
  /** How far the market's realized P&L moved. */
  readonly realized: Usdc;
  /** More shares have left one of the market's positions than entered it: raise an alarm. */
  readonly short: boolean;
}

/** Profit and loss of a market. */
export interface MarketPnl {
  /** Proceeds less fees less the cost of what was sold, merged, redeemed or has become worthless. */
  readonly realized: Usdc;
  /** Fees paid; already inside `realized` and `cost`. */
  readonly fees: Usdc;
  /** Cost of what is held, fees included. */
  readonly cost: Usdc;
  /** Trades that stand. */
  readonly trades: number;
  /** Dollars of those trades, without fees. */
  readonly volume: Usdc;
}

/** What one strategy brought in; all strategies together are the ledger. */
export interface StrategyPnl {
  readonly strategyId: StrategyId;
  readonly realized: Usdc;
  readonly fees: Usdc;
  readonly trades: number;
  readonly volume: Usdc;
}

/** Makers' rebates, in micro-dollars. The venue pays them later: none of it is cash, or profit, before it is received. */
export interface RebateBalance {
  /** What the fills that stand have earned by the markets' schedules. */
  readonly accrued: Usdc;
  /** What has come in. */
  readonly received: Usdc;
  /** `accrued - received`: what the venue still owes, by our count. */
  readonly due: Usdc;
}

/** What a market holds as pairs. */
export interface PairCost {
  /** Pairs held: the smaller of both matched legs. */
  readonly pairs: Shares;
  /** What those pairs cost, fees included, rounded up. */
  readonly cost: Usdc;
  /** A dollar a pair less their cost: what a merge would realize. */
  readonly locked: Usdc;
  /** Shares of the longer leg beyond the pairs. */
  readonly residual: Shares;
  readonly residualOutcome: Outcome | undefined;
}

/** A line of the trial balance. Debits are positive; all lines add up to zero. */
export interface AccountBalance {
  /**
   * `cash`, `inventory:<market>:<outcome>`, `deposits`, `realized:<market>`; where a schedule states rebates, or some were received, also
   * `rebates-due` and `rebates:<market>`.
   */
  readonly account: string;
  readonly balance: Usdc;
}

/** When a bought share may be sold again: as soon as matched, once mined, or once confirmed. */
export type SellGate = "matched" | "mined" | "confirmed";
