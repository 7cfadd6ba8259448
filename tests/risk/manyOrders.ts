import type { StrategyContext } from "@matchpoint/sdk";
import { testMarket } from "../runtime/tape.ts";
import { cents, request, shares, type RiskRun } from "./scripted.ts";

/** A run that has listed its market. */
export const listed = (run: RiskRun): RiskRun => {
  run.tape.market(testMarket());
  return run;
};
/** Orders that differ, as many as wanted, far from each other's way. */
export const many =
  (n: number, from = 10) =>
  (ctx: StrategyContext): void => {
    for (let i = 0; i < n; i++) ctx.buy(request({ size: shares(from + i), limit: cents(10) }));
  };
/** Limits that are in nobody's way. */
export const ROOM = {
  max_order_latency_ms: 0,
  max_open_orders: 1_000,
  max_open_orders_per_market: 1_000,
  max_orders_per_minute: 10_000,
  max_market_usdc: 100_000,
  max_match_usdc: 100_000,
  max_account_usdc: 100_000,
  max_unsettled_usdc: 100_000,
} as const;
