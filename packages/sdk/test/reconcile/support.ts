import type { OpenOrder, Trade } from "../../src/contracts/index.ts";
import { id, type MarketId, type OrderId } from "../../src/ids.ts";
import type { ExpectedAccount, HeldOrder, HeldPosition, VenueAccount } from "../../src/reconcile/index.ts";
import type { Price, Shares, Usdc } from "../../src/units/index.ts";

export const M1: MarketId = id("m1");
export const ONE = 1_000_000;

/** A trade of our order `o1`: ten shares of outcome 0 bought at 40 cents. */
export function tradeOf(over: Partial<Trade> = {}): Trade {
  return {
    tradeId: id("t1"),
    orderId: id("o1"),
    marketId: M1,
    outcome: 0,
    side: "buy",
    price: 4_000 as Price,
    size: (10 * ONE) as Shares,
    cost: (4 * ONE) as Usdc,
    fee: 100 as Usdc,
    liquidity: "taker",
    status: "MATCHED",
    ...over,
  };
}

export function held(matched: number, settled: number = matched, outcome: 0 | 1 = 0): HeldPosition {
  return { marketId: M1, outcome, matched, settled };
}

export function heldOrder(over: Partial<HeldOrder> = {}): HeldOrder {
  return { orderId: id("o1"), marketId: M1, outcome: 0, status: "LIVE", size: 10 * ONE, matched: 0, ...over };
}

export function openOrder(over: Partial<OpenOrder> = {}): OpenOrder {
  const [price, size, matched] = [4_000 as Price, (10 * ONE) as Shares, 0 as Shares];
  return { orderId: id("o1"), marketId: M1, outcome: 0, side: "buy", price, size, matched, ...over };
}

/** What the core expects; by default $1,000, and every order named is ours. */
export function expected(over: Partial<ExpectedAccount> = {}): ExpectedAccount {
  return {
    cash: 1_000 * ONE,
    positions: [],
    orders: [],
    pending: [],
    owners: new Map<OrderId, "ours">([[id<OrderId>("o1"), "ours"]]),
    trades: new Map(),
    ...over,
  };
}

/** What the venue says; by default $1,000. */
export function actual(over: Partial<VenueAccount> & { readonly cash?: number } = {}): VenueAccount {
  const { cash, ...rest } = over;
  const balances = { collateral: (cash ?? 1_000 * ONE) as Usdc };
  return { positions: [], balances, openOrders: [], trades: [], ...rest };
}

/** A position as the venue states it. */
export function stated(matched: number, settled: number = matched, outcome: 0 | 1 = 0) {
  return { marketId: M1, outcome, matched: matched as Shares, settled: settled as Shares };
}
