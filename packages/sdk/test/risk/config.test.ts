import { describe, expect, it } from "vitest";
import { RISK_CONFIG, riskLimits } from "../../src/risk/index.ts";
import { config, px, sh, usd } from "./support.ts";

describe("RISK_CONFIG", () => {
  it("suits a paper account of $1,000 by default", () => {
    const limits = riskLimits(RISK_CONFIG.parse(undefined));
    expect(limits).toMatchObject({
      maxOrder: usd(50),
      maxMarket: usd(150),
      maxMatch: usd(250),
      maxAccount: usd(600),
      maxDailyLoss: usd(100),
      maxOpenOrders: 40,
      maxOpenOrdersPerMarket: 12,
      maxOrdersPerMinute: 120,
      minPrice: px(0.01),
      maxPrice: px(0.99),
      maxLegImbalance: usd(60),
      maxLegImbalanceShares: sh(150),
      finalizingAllowReduce: false,
      haltAllowReduce: false,
    });
  });

  it("refuses what it does not know", () => {
    const issues =
      RISK_CONFIG.safeParse({ max_order_usd: 5, halt: { allow_reduse: true } }).error?.issues ?? [];
    expect(issues.map((issue) => JSON.stringify(issue)).join()).toContain("max_order_usd");
    expect(issues.map((issue) => JSON.stringify(issue)).join()).toContain("allow_reduse");
  });

  it.each([
    { max_order_usdc: -1 },
    { max_order_usdc: NaN },
    { max_order_usdc: Infinity },
    { max_order_usdc: "50" },
    { max_open_orders: 1.5 },
    { min_price: 0.6, max_price: 0.5 },
    { min_price: 0.5, max_price: 0.5 },
    { max_price: 1.01 },
    { halt: { allow_reduce: "yes" } },
  ])("refuses %j", (bad) => {
    expect(RISK_CONFIG.safeParse(bad).success).toBe(false);
  });

  it("converts exactly, and toward the stricter side where a unit is too coarse", () => {
    const limits = riskLimits(
      config({
        max_order_usdc: 0.1 + 0.2,
        max_market_usdc: 1.00000099,
        min_price: 0.00012,
        max_price: 0.98769,
        max_leg_imbalance_shares: 0.29,
      }),
    );
    expect(limits.maxOrder).toBe(300_000);
    expect(limits.maxMarket).toBe(1_000_000);
    expect(limits.minPrice).toBe(2);
    expect(limits.maxPrice).toBe(9_876);
    expect(limits.maxLegImbalanceShares).toBe(290_000);
  });

  it("stops what fails, loses and runs away by default", () => {
    const ms = 1_000_000;
    expect(riskLimits(RISK_CONFIG.parse(undefined))).toMatchObject({
      maxTournament: undefined,
      killOnDailyLoss: false,
      killCooldown: 60_000 * ms,
      drawdown: { curve: "none", alpha: 0.8, floor: 0.1 },
      maxConsecutiveRejects: 5,
      maxCancelFailures: 5,
      maxOrderLatency: 10_000 * ms,
      breakerCooldownMs: 60_000,
      breakerByOperator: false,
    });
  });

  it("takes what is configured of it", () => {
    const limits = riskLimits(
      config({
        max_tournament_usdc: 12.3456789,
        max_daily_loss_action: "kill",
        kill_cooldown_ms: 1,
        drawdown: { curve: "grossman_zhou", alpha: 0.5, floor: 0 },
        max_consecutive_rejects_per_market: 1,
        max_cancel_failures_per_market: 2,
        max_order_latency_ms: 3,
        breaker_cooldown_ms: 4,
        breaker_resume: "operator",
      }),
    );
    expect(limits).toMatchObject({
      maxTournament: 12_345_678,
      killOnDailyLoss: true,
      killCooldown: 1_000_000,
      drawdown: { curve: "grossman_zhou", alpha: 0.5, floor: 0 },
      maxConsecutiveRejects: 1,
      maxCancelFailures: 2,
      maxOrderLatency: 3_000_000,
      breakerCooldownMs: 4,
      breakerByOperator: true,
    });
  });

  it.each([
    { max_daily_loss_action: "halt" },
    { kill_cooldown_ms: -1 },
    { breaker_resume: "never" },
    { max_tournament_usdc: -1 },
    { runaway: { max_orders_per_second: 1.5 } },
    { runaway: { strategy_usdc_per_minute: -1 } },
    { runaway: { orders_per_second: 5 } },
    { drawdown: { curve: "table" } },
  ])("refuses %j, too", (bad) => {
    expect(RISK_CONFIG.safeParse(bad).success).toBe(false);
  });
});
