import { MatchpointError } from "../errors.ts";
import type { ChainAction, Outcome, TradeReport, TradeStatus } from "../events/index.ts";
import type { MarketId, StrategyId } from "../ids.ts";
import type { Position } from "../state/index.ts";
import type { Nanos, Price, Shares, Usdc } from "../units/index.ts";

const todo = (): never => {
  throw new MatchpointError("INVARIANT", "under construction");
};

/** A change of a trade as the ledger needs it; `TradeChange` of orders/ is one. */
export interface BookableTrade {
  readonly order: { readonly intent: { readonly strategyId: StrategyId } } | undefined;
  readonly report: TradeReport;
  readonly to: TradeStatus;
  readonly kind: "matched" | "advanced" | "confirmed" | "voided" | "duplicate" | "foreign";
}
/** What a booking did. */
export interface LedgerChange {
  readonly booked: boolean;
  /** How much realized P&L moved. */
  readonly realized: Usdc;
  /** More shares have left the market than entered it: raise an alarm. */
  readonly short: boolean;
}
/** Profit and loss of a market. */
export interface MarketPnl {
  readonly realized: Usdc;
  readonly fees: Usdc;
  /** Cost of what is held. */
  readonly cost: Usdc;
  readonly trades: number;
  readonly volume: Usdc;
}
/** What one strategy brought in. */
export interface StrategyPnl {
  readonly strategyId: StrategyId;
  readonly realized: Usdc;
  readonly fees: Usdc;
  readonly trades: number;
  readonly volume: Usdc;
}
/** What is held as pairs in a market. */
export interface PairCost {
  /** Pairs held: the smaller of both matched legs. */
  readonly pairs: Shares;
  /** What those pairs cost, fees included, rounded up. */
  readonly cost: Usdc;
  /** A dollar a pair less their cost: what a merge would bring. */
  readonly locked: Usdc;
  /** Shares of the longer leg beyond the pairs. */
  readonly residual: Shares;
  readonly residualOutcome: Outcome | undefined;
}
/** A ledger's contents as plain JSON. */
export interface LedgerSnapshot {
  readonly version: 1;
}
/** The attribution of trades that no strategy of this run asked for. */
export const EXTERNAL = "external" as StrategyId;

export class Ledger {
  deposit(_amount: Usdc, _at: Nanos): void {
    return todo();
  }
  trade(_change: BookableTrade, _at: Nanos): LedgerChange {
    return todo();
  }
  /** Books a foreign trade under EXTERNAL, once somebody has decided that it is the account's own. */
  adopt(_report: TradeReport, _at: Nanos): LedgerChange {
    return todo();
  }
  chain(_action: ChainAction, _proceeds: Usdc, _at: Nanos, _owner?: StrategyId): LedgerChange {
    return todo();
  }
  resolution(_marketId: MarketId, _payouts: readonly [Usdc, Usdc], _owner?: StrategyId): LedgerChange {
    return todo();
  }
  get deposits(): Usdc {
    return todo();
  }
  get cash(): Usdc {
    return todo();
  }
  get realizedTotal(): Usdc {
    return todo();
  }
  get feesTotal(): Usdc {
    return todo();
  }
  position(_marketId: MarketId, _outcome: Outcome): Position {
    return todo();
  }
  /** Shares that may be sold under a sell gate: held, less buys that have not reached it. */
  sellable(_marketId: MarketId, _outcome: Outcome, _gate: "matched" | "mined" | "confirmed"): Shares {
    return todo();
  }
  /** Pairs of confirmed shares that no unconfirmed sell takes away. */
  mergeable(_marketId: MarketId): Shares {
    return todo();
  }
  pairCost(_marketId: MarketId): PairCost {
    return todo();
  }
  payouts(_marketId: MarketId): readonly [Usdc, Usdc] | undefined {
    return todo();
  }
  isShort(_marketId: MarketId): boolean {
    return todo();
  }
  market(_marketId: MarketId): MarketPnl {
    return todo();
  }
  markets(): Iterable<MarketId> {
    return todo();
  }
  byStrategy(): readonly StrategyPnl[] {
    return todo();
  }
  equity(_mark: (marketId: MarketId, outcome: Outcome) => Price | undefined): Usdc {
    return todo();
  }
  /** Account sums, cheap. @throws LEDGER_UNBALANCED */
  check(): void {
    return todo();
  }
  /** Folds every entry anew and compares. @throws LEDGER_UNBALANCED */
  audit(): void {
    return todo();
  }
  /** Forgets single entries of orders that were pruned. */
  prune(
    _orders: Iterable<{ readonly orderId?: string | undefined; readonly trades: readonly string[] }>,
  ): void {
    return todo();
  }
  snapshot(): LedgerSnapshot {
    return todo();
  }
  static restore(_snapshot: LedgerSnapshot): Ledger {
    return todo();
  }
}
