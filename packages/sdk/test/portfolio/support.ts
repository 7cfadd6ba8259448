import {
  id,
  type ActionId,
  type ChainAction,
  type MarketId,
  type Nanos,
  type OrderId,
  type Outcome,
  type Shares,
  type Side,
  type StrategyId,
  type TradeId,
  type TradeReport,
  type TradeStatus,
  type Usdc,
} from "../../src/index.ts";
import type { BookableTrade, Ledger, LedgerChange } from "../../src/portfolio/index.ts";

export const MARKET = id<MarketId>("0xm");
export const S = (shares: number): Shares => Math.round(shares * 1_000_000) as Shares;
export const USD = (dollars: number): Usdc => Math.round(dollars * 1_000_000) as Usdc;
export const T0 = 1 as Nanos;

export interface Shape {
  name: string;
  side?: Side;
  outcome?: Outcome;
  size: number;
  cost: number;
  fee?: number;
  strategy?: string;
  market?: MarketId;
}

/** A change as `OrderStore.trade` makes it. Numbers are in micro-units. */
export function change(
  shape: Shape,
  kind: BookableTrade["kind"] = "matched",
  to: TradeStatus = "MATCHED",
): BookableTrade {
  const report = {
    type: "trade_report",
    tradeId: id<TradeId>(shape.name),
    orderId: id<OrderId>("0xo"),
    marketId: shape.market ?? MARKET,
    outcome: shape.outcome ?? 0,
    side: shape.side ?? "buy",
    price: 0,
    size: shape.size,
    cost: shape.cost,
    fee: shape.fee ?? 0,
    liquidity: "taker",
    status: to,
    at: T0,
    receivedAt: 0,
  } as TradeReport;
  return { order: { intent: { strategyId: id<StrategyId>(shape.strategy ?? "s") } }, report, to, kind };
}

export const buy = (ledger: Ledger, shape: Shape, to: TradeStatus = "MATCHED"): LedgerChange =>
  ledger.trade(change({ ...shape, side: "buy" }, "matched", to), T0);
export const sell = (ledger: Ledger, shape: Shape, to: TradeStatus = "MATCHED"): LedgerChange =>
  ledger.trade(change({ ...shape, side: "sell" }, "matched", to), T0);
export const say = (ledger: Ledger, name: string, to: TradeStatus): LedgerChange =>
  ledger.trade(
    change(
      { name, size: 1, cost: 1 },
      to === "FAILED" ? "voided" : to === "CONFIRMED" ? "confirmed" : "advanced",
      to,
    ),
    T0,
  );

export function action(
  name: string,
  kind: ChainAction["kind"],
  amounts: readonly [number, number],
  marketId = MARKET,
): ChainAction {
  return { actionId: id<ActionId>(name), kind, marketId, amounts: amounts as readonly [Shares, Shares] };
}
