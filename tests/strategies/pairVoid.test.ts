import { PairArb } from "@matchpoint/sdk";
import { describe, expect, it } from "vitest";
import { startRun, type TestRun } from "../runtime/start.ts";
import { testMarket } from "../runtime/tape.ts";
import { denials, FREE, held, memory, placed, skipped, status } from "./support.ts";

const PARAMS = {
  calm_ms: 0,
  cooldown_ms: 0,
  calm_move: 1,
  leg2: "take",
  safety_margin: 0.02,
  pair_cost_cap: 0.99,
  stop_cost: 2,
};

interface Setting {
  readonly params?: Record<string, unknown>;
  readonly risk?: Record<string, unknown>;
}

/**
 * A pair for 47 + 50 cents whose first leg fails on the chain in the end, by a reorganisation, while outcome 0 is asked for at 52: 25
 * shares of outcome 1 are left. The venue's own account goes on as if nothing had been, so that nothing else fails.
 */
function firstLegVoided({ params, risk }: Setting = {}): TestRun {
  const run = startRun([{ use: PairArb, params: { ...PARAMS, ...params } }], {
    config: { engine: { auto_merge: false }, ...(risk === undefined ? {} : { risk }) },
  });
  run.tape
    .market(testMarket(FREE))
    .book([[49, 500]], [[51, 500]])
    .wait(500);
  run.tape.trade("sell", 46, 500).wait(300);
  run.tape.book([[50, 500]], [[52, 500]]).wait(20_000);
  expect(held(run)).toEqual([25, 25]);
  expect(placed(run)).toHaveLength(3);
  voidFill(run, 0);
  return run;
}

/** The venue takes back what filled an outcome last. */
function voidFill(run: TestRun, outcome: 0 | 1): void {
  const fill = run.log
    .map(({ event }) => event)
    .findLast((event) => event.type === "trade_report" && event.outcome === outcome);
  if (fill?.type !== "trade_report") throw new Error("nothing was filled");
  run.tape.offer({ ...fill, status: "FAILED" }).wait(300);
}

const after = (run: TestRun) => placed(run).slice(3);

describe("a leg whose counterpart was voided", () => {
  it("is hedged anew at once, for at most what a late pair may cost", () => {
    const run = firstLegVoided();
    expect(after(run)).toMatchObject([
      { outcome: 0, side: "buy", purpose: "hedge", reason: "re-hedged after a void", size: 25_000_000 },
    ]);
    // Fifty cents for what is held: a dollar's worth of pair may cost 1.12.
    expect(after(run)[0]!.limit).toBe(5_700);
    expect(after(run)[0]!.decision).toMatchObject({ price: 520_000, breakEven: 500_000 });
    expect(skipped(run, "residual held to payout (leg risk)")).toBe(0);
  });

  it("is held where a pair would cost too much, and says so", () => {
    const run = firstLegVoided({ params: { max_completion_cost: 1.01 } });
    expect(after(run)).toEqual([]);
    expect(skipped(run, "leg of a voided pair too dear to complete: held (leg risk)")).toBeGreaterThan(0);
    expect(held(run)).toEqual([0, 25]);
    // The price comes back: the same policy is tried again by itself.
    run.tape.book([[48, 500]], [[50, 500]]).wait(3_000);
    expect(after(run)).toMatchObject([{ outcome: 0, limit: 5_100, reason: "re-hedged after a void" }]);
  });

  it("is sold at once with `unwind`, at a bounded loss", () => {
    const run = firstLegVoided({ params: { on_void: "unwind" } });
    expect(after(run)[0]).toMatchObject({
      ...{ outcome: 1, side: "sell", orderType: "FAK", purpose: "exit", limit: 4_800 },
      reason: "unwound after a void",
    });
    const bounded = firstLegVoided({ params: { on_void: "unwind", max_unwind_loss: 0.01 } });
    expect(after(bounded)).toEqual([]);
    expect(skipped(bounded, "leg of a voided pair too costly to unwind: held (leg risk)")).toBeGreaterThan(0);
  });

  it("waits with `hold`, whatever becomes of other residuals, and is completed when that leaves the margin", () => {
    const run = firstLegVoided({
      params: { on_void: "hold", residual: "complete", residual_timeout_ms: 1_000 },
    });
    run.tape
      .wait(5_000)
      .book([[51, 500]], [[53, 500]])
      .wait(5_000);
    expect(after(run)).toEqual([]);
    expect(skipped(run, "leg of a voided pair held (leg risk)")).toBeGreaterThan(0);
    run.tape.book([[45, 500]], [[47, 500]]).wait(300);
    expect(after(run)).toMatchObject([{ outcome: 0, limit: 4_700, reason: "second leg" }]);
  });

  it("obeys the limits: what the gate refuses is told with its code, and is no order", () => {
    const run = firstLegVoided({ risk: { max_orders_per_minute: 3 } });
    expect(after(run)).toEqual([]);
    expect(denials(run)).toContain("ORDER_RATE");
    expect(held(run)).toEqual([0, 25]);
    expect(status(run)).toBe("BUILDING_PAIR");
  });

  it("forgets the void with the residual: the next one waits like any other", () => {
    const run = firstLegVoided({ params: { on_void: "unwind", residual: "hold" } });
    expect(memory(run)).toMatchObject({ voided: false, expired: false });
    expect(held(run)).toEqual([0, 0]);
    // A new first leg is bought, and its residual outlives its time: `residual` has the word.
    run.tape
      .wait(2_000)
      .book([[48, 400]], [[52, 500]])
      .wait(500);
    run.tape.trade("sell", 40, 500).wait(130_000);
    expect(held(run)).toEqual([25, 0]);
    expect(skipped(run, "residual held to payout (leg risk)")).toBeGreaterThan(0);
    expect(skipped(run, "leg of a voided pair held (leg risk)")).toBe(0);
  });

  it("is re-hedged once more when the hedge is voided too, and costs what the books say", () => {
    const run = firstLegVoided();
    expect(held(run)).toEqual([25, 25]);
    run.tape.wait(20_000);
    voidFill(run, 0);
    expect(after(run).map(({ reason }) => reason)).toEqual([
      "re-hedged after a void",
      "re-hedged after a void",
    ]);
    expect(held(run)).toEqual([25, 25]);
    const { pnl, fillsVoided, parts } = run.runtime.summary();
    expect(fillsVoided).toBe(2);
    // 25 pairs for 50 + 52 cents: two cents of leg loss each; at the bids (50 and 48) they are worth 98.
    expect(pnl).toBe(25 * (98 - 102) * 10_000);
    expect(parts.legLoss).toBe(25 * -2 * 10_000);
    expect(Object.values(parts).reduce((sum, part) => sum + part, 0)).toBe(pnl);
  });

  it("is left alone while the market is halted, and hedged once it goes on", () => {
    const run = firstLegVoided({ params: { max_completion_cost: 0.9 } });
    const command = (kind: "halt" | "resume"): void =>
      void run.tape.offer({ type: "operator", operator: "test", command: { kind } });
    command("halt");
    const before = after(run).length;
    run.tape.book([[35, 500]], [[38, 500]]).wait(3_000);
    expect(after(run)).toHaveLength(before);
    command("resume");
    run.tape.wait(3_000);
    expect(after(run)).toHaveLength(before + 1);
    expect(held(run)).toEqual([25, 25]);
  });
});
