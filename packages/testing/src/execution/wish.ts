import {
  id,
  type Intent,
  type IntentId,
  type MarketId,
  type Nanos,
  type Outcome,
  type StrategyId,
} from "@matchpoint/sdk";
import { inDollars, inShares, inTicks } from "./amounts.ts";

/** What cases do with an order, in the units that people use: dollars per share, shares, dollars. */
export interface OrderWish {
  readonly marketId?: MarketId;
  readonly outcome?: Outcome;
  readonly side?: "buy" | "sell";
  readonly orderType?: Intent["orderType"];
  readonly postOnly?: boolean;
  readonly price: number;
  readonly shares?: number;
  readonly spend?: number;
  readonly expiresInMs?: number;
}

/** The intent that a wish means. Dollars of a FAK or FOK buy that are not stated are what its shares cost at its price. */
export function intentOf(wish: OrderWish, marketId: MarketId, seq: number, now: Nanos): Intent {
  const { orderType = "GTC", side = "buy", spend = 5, expiresInMs } = wish;
  const shares = wish.shares ?? Math.floor((spend / wish.price) * 1e6) / 1e6;
  const spends = side === "buy" && (orderType === "FAK" || orderType === "FOK");
  return {
    intentId: id<IntentId>(`trial-${seq}`),
    strategyId: id<StrategyId>("trial"),
    marketId: wish.marketId ?? marketId,
    outcome: wish.outcome ?? 0,
    side,
    orderType,
    postOnly: wish.postOnly ?? false,
    limit: inTicks(wish.price),
    size: inShares(shares),
    ...(spends ? { spend: inDollars(spend) } : {}),
    ...(expiresInMs === undefined ? {} : { expiresAt: (now + expiresInMs * 1_000_000) as Nanos }),
    purpose: side === "buy" ? "entry" : "exit",
    reason: "trial",
  };
}
