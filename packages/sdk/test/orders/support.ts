import {
  id,
  notional,
  type Intent,
  type IntentId,
  type MarketId,
  type Millis,
  type Nanos,
  type OrderId,
  type OrderPrepared,
  type OrderReport,
  type OrderType,
  type Price,
  type Shares,
  type Side,
  type StrategyId,
  type TradeId,
  type TradeReport,
  type TradeStatus,
  type Usdc,
} from "../../src/index.ts";
import { OrderStore } from "../../src/orders/index.ts";

export const MARKET = id<MarketId>("0xmarket");
export const S = (shares: number): Shares => Math.round(shares * 1_000_000) as Shares;
export const USD = (dollars: number): Usdc => Math.round(dollars * 1_000_000) as Usdc;
export const P = (price: number): Price => Math.round(price * 10_000) as Price;
export const SEC = (seconds: number): Nanos => Math.round(seconds * 1e9) as Nanos;

export interface IntentShape {
  name?: string;
  orderType?: OrderType;
  side?: Side;
  size?: number;
  limit?: number;
  spend?: number;
  expiresAt?: Nanos;
  postOnly?: boolean;
  market?: MarketId;
}

export function intent(shape: IntentShape = {}): Intent {
  const { name = "s-1", orderType = "GTC", side = "buy", size = 100, limit = 0.5 } = shape;
  return {
    intentId: id<IntentId>(name),
    strategyId: id<StrategyId>("s"),
    marketId: shape.market ?? MARKET,
    outcome: 0,
    side,
    orderType,
    postOnly: shape.postOnly ?? false,
    limit: P(limit),
    size: S(size),
    ...(shape.spend === undefined ? {} : { spend: USD(shape.spend) }),
    ...(shape.expiresAt === undefined ? {} : { expiresAt: shape.expiresAt }),
    purpose: side === "buy" ? "entry" : "exit",
    reason: "test",
  };
}

export const hashOf = (name: string): OrderId => id<OrderId>(`0x${name}`);

export function prepared(name: string, at = SEC(1), orderId = hashOf(name)): OrderPrepared {
  return { type: "order_prepared", intentId: id<IntentId>(name), orderId, at, receivedAt: 0 as Millis };
}

export function report(
  status: OrderReport["status"],
  at = SEC(2),
  extra: Partial<OrderReport> = {},
): OrderReport {
  return { type: "order_report", orderId: hashOf("s-1"), status, at, receivedAt: 0, ...extra } as OrderReport;
}

export interface TradeShape {
  name?: string;
  order?: string;
  status?: TradeStatus;
  size?: number;
  price?: number;
  cost?: Usdc;
  fee?: number;
  side?: Side;
  at?: Nanos;
}

export function trade(shape: TradeShape = {}): TradeReport {
  const { size = 10, price = 0.5 } = shape;
  return {
    type: "trade_report",
    tradeId: id<TradeId>(shape.name ?? "t1"),
    orderId: hashOf(shape.order ?? "s-1"),
    marketId: MARKET,
    outcome: 0,
    side: shape.side ?? "buy",
    price: P(price),
    size: S(size),
    cost: shape.cost ?? notional(S(size), P(price), "down"),
    fee: USD(shape.fee ?? 0),
    liquidity: "taker",
    status: shape.status ?? "MATCHED",
    at: shape.at ?? SEC(3),
    receivedAt: 0,
  } as TradeReport;
}

/** A store with one order that has been sent. */
export function sent(shape: IntentShape = {}): OrderStore {
  const store = new OrderStore();
  store.create(intent(shape), SEC(0));
  store.prepared(prepared(shape.name ?? "s-1"));
  store.report(report("sent", SEC(1), { orderId: hashOf(shape.name ?? "s-1") }));
  return store;
}

export const S1 = id<IntentId>("s-1");
export const statusOf = (store: OrderStore): string => store.get(S1)!.status;
