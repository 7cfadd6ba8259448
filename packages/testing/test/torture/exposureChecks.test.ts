import type { Effect } from "@matchpoint/sdk";
import { describe, expect, it } from "vitest";
import { judgeExposure } from "../../src/torture/judge/exposureChecks.ts";
import type { Seen } from "../../src/torture/judge/seen.ts";
import { Verdicts } from "../../src/torture/judge/verdicts.ts";

const LARGE = 1_000;

/** What is said of a buy of a dollar, when a market holds so much of outcome 0 and would hold so much without its retried sales. */
function exposed(cost: number, without: number, owed: number, mostInMarket: number): readonly string[] {
  const verdicts = new Verdicts();
  const intent = {
    intentId: "i",
    marketId: "m",
    side: "buy",
    purpose: "exit",
    spend: 1_000_000,
    limit: 5_000,
  };
  const risk = {
    ...{ max_open_orders: 9, max_open_orders_per_market: 9, max_daily_loss_usdc: LARGE },
    ...{ max_account_usdc: LARGE, max_unsettled_usdc: LARGE, max_order_usdc: LARGE, max_match_usdc: LARGE },
    max_market_usdc: mostInMarket,
    drawdown: { curve: "none" },
  };
  judgeExposure({
    history: { world: { config: { risk }, matches: [] } },
    core: { orders: { allOpen: () => [{ intent }], open: () => [], openCount: 1 } },
    life: {
      account: {
        ...{ cash: 100_000_000, retriedProceeds: 0, owed: () => owed, filled: () => 0 },
        costs: new Map([["m", { cost: [cost, 0], withoutRetried: () => [without, 0] }]]),
        position: () => ({ shares: 0, unconfirmed: 0 }),
      },
      markets: new Map(),
    },
    step: {
      event: { type: "book_delta" },
      effects: [{ type: "place", intent: { ...intent, purpose: "hedge" } } as unknown as Effect],
    },
    ...{ verdicts, truth: undefined, effect: "none" },
  } as unknown as Seen);
  return (verdicts.take() ?? []).map(({ invariant, message }) => `${invariant} ${message}`);
}

describe("a market with a sale that is being retried", () => {
  it("counts what would be held again, beside what is", () => {
    expect(exposed(2_000_000, 5_000_000, 0, 6)).toEqual([]);
    expect(exposed(2_000_000, 5_000_000, 0, 5)).toEqual([
      "I6 with i market m may come to 6000000 micro-dollars, at most 5 dollars",
    ]);
  });

  it("counts of shares that never were what they may cost, and not what they have brought as well", () => {
    // 5 were sold for 3.26 of which 4.7 never came: it owes 4.7, or holds 0.3 for 0.2 again.
    expect(exposed(-3_064_400, 198_600, 4_700_000, 6)).toEqual([]);
    expect(exposed(-3_064_400, 198_600, 4_700_000, 5)).toEqual([
      "I6 with i market m may come to 5898600 micro-dollars, at most 5 dollars",
    ]);
  });
});
