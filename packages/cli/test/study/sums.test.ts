import { describe, expect, it } from "vitest";
import { accountJson, scenario, sumOf } from "../../src/study/sums.ts";
import type { JobAccount } from "../../src/study/job.ts";

const account = (pnl: number, optimistic?: number, pessimistic?: number): JobAccount => ({
  events: 10,
  orders: 2,
  fills: 1,
  denied: 0,
  skipped: 0,
  fees: 0,
  pnl,
  ...(optimistic === undefined ? {} : { optimistic }),
  ...(pessimistic === undefined ? {} : { pessimistic }),
  effectsHash: "h",
});

describe("recordings added up", () => {
  it("have the sum of a scenario that all of them have", () => {
    const sum = sumOf([account(1e6, 3e6, -1e6), account(2e6, 2e6, -2e6)]);
    expect(sum).toMatchObject({ pnl: 3e6, optimistic: 5e6, pessimistic: -3e6 });
    expect(accountJson(sum)).toMatchObject({ optimisticUsdc: 5, pessimisticUsdc: -3 });
  });

  it("have none that one of them lacks: a profit of the run itself is no pessimist's", () => {
    for (const sum of [sumOf([account(1e6), account(2e6)]), sumOf([account(1e6, 3e6, -1e6), account(2e6)])]) {
      expect(sum.pnl).toBe(3e6);
      expect([sum.optimistic, sum.pessimistic].map(scenario)).toEqual(["-", "-"]);
      expect(accountJson(sum)).toMatchObject({ pnlUsdc: 3, optimisticUsdc: null, pessimisticUsdc: null });
    }
    expect(accountJson(account(1e6))).toMatchObject({ optimisticUsdc: null, pessimisticUsdc: null });
  });
});
