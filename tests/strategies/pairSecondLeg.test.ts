import { describe, expect, it } from "vitest";
import { held, last, open, path, placed, skipped, status } from "./support.ts";
import { quoting, oneLeg, hedges } from "./pairs.ts";

describe("the second leg", () => {
  /** Cents that the second leg is asked at, and whether the pair may then be completed. */
  it.each([
    { what: "margin: .47 + .51 is not below .98", params: { safety_margin: 0.02 }, ask: 51, taken: false },
    { what: "margin: .47 + .50 is", params: { safety_margin: 0.02 }, ask: 50, taken: true },
    {
      what: "cap: .47 + .50 is not above .97",
      params: { safety_margin: 0, pair_cost_cap: 0.97 },
      ask: 50,
      taken: true,
    },
    { what: "cap: .47 + .51 is", params: { safety_margin: 0, pair_cost_cap: 0.97 }, ask: 51, taken: false },
  ])("is bought at the very boundary and not beyond ($what)", ({ params, ask, taken }) => {
    const run = oneLeg({ params });
    run.tape.book([[100 - ask, 500]], [[102 - ask, 500]]).wait(300);
    expect(hedges(run)).toHaveLength(taken ? 1 : 0);
    expect(held(run)).toEqual([25, taken ? 25 : 0]);
    expect(status(run)).toBe(taken ? "LOCKED_PAIR" : "BUILDING_PAIR");
  });

  it.each([
    { bid: 49, total: 0.98, taken: false },
    { bid: 49.1, total: 0.979, taken: true },
  ])("counts to the tenth of a cent on a fine grid ($total)", ({ bid, taken }) => {
    const run = oneLeg({ market: { tick: 10 as never } });
    run.tape.book([[bid, 400]], [[51, 500]]).wait(300);
    expect(hedges(run)).toHaveLength(taken ? 1 : 0);
  });

  it("counts the taker fee", () => {
    const fee = { ratePpm: 50_000, exponent: 1, takerOnly: true };
    const run = oneLeg({ market: { fee } });
    run.tape.book([[50, 500]], [[52, 500]]).wait(300);
    expect(hedges(run)).toEqual([]); // .47 + .50 + .0125
    run.tape.book([[51, 500]], [[53, 500]]).wait(300);
    expect(hedges(run)).toHaveLength(1); // .47 + .49 + .0125
    expect(hedges(run)[0]!.edge).toBeCloseTo(1 - 0.47 - 0.49 - 0.0124952, 9);
  });

  it("is priced over the levels that it has to eat, and takes the best of them when the rest is too dear", () => {
    const run = oneLeg();
    run.tape
      .book(
        [
          [50, 10],
          [45, 500],
        ],
        [[52, 500]],
      )
      .wait(300);
    // 10 at 50 and 15 at 55 would make pairs of 1.00; the 10 alone make .97.
    expect(hedges(run).map(({ size }) => size)).toEqual([10_000_000]);
    expect(held(run)).toEqual([25, 10]);
    run.tape
      .book(
        [
          [51, 10],
          [50, 500],
        ],
        [[52, 500]],
      )
      .wait(300);
    expect(hedges(run).at(-1)).toMatchObject({ size: 15_000_000 });
    expect(held(run)).toEqual([25, 25]);
  });

  it("is sized by what was filled, not by what was asked for; the rest of the first leg goes", () => {
    const run = quoting();
    run.tape.trade("sell", 47, 10).wait(300);
    expect(held(run)).toEqual([10, 0]);
    expect(open(run)).toEqual([]);
    run.tape.book([[50, 500]], [[52, 500]]).wait(300);
    expect(hedges(run).map(({ size }) => size)).toEqual([10_000_000]);
    expect(status(run)).toBe("LOCKED_PAIR");
  });

  it("waits for more of the first when what was filled is below the venue's smallest order", () => {
    const run = quoting();
    run.tape.trade("sell", 47, 3).wait(300);
    expect(held(run)).toEqual([3, 0]);
    expect(open(run)).toHaveLength(2);
    run.tape.trade("sell", 46, 500).wait(300);
    run.tape.book([[50, 500]], [[52, 500]]).wait(300);
    expect(hedges(run).map(({ size }) => size)).toEqual([25_000_000]);
  });

  it("does not rest when it finds less than it was sent for", () => {
    const run = oneLeg();
    run.tape.book([[50, 500]], [[52, 500]]).wait(20);
    run.tape.book([[45, 500]], [[47, 500]]).wait(400);
    expect(hedges(run)).toHaveLength(1);
    expect(open(run)).toEqual([]);
    expect(held(run)).toEqual([25, 0]);
  });

  it("rests where whoever comes to it leaves the margin, and follows what is held", () => {
    const run = oneLeg({ params: { leg2: "either" } });
    // .47 + .51 is not below .98, so .50.
    expect(last(run)).toMatchObject({
      outcome: 1,
      limit: 5_000,
      size: 25_000_000,
      postOnly: true,
      purpose: "hedge",
    });
    // A buyer of outcome 0 at 50 meets it: 15 shares.
    run.tape.trade("buy", 50, 15).wait(300);
    expect(held(run)).toEqual([25, 15]);
    expect(open(run)).toHaveLength(1);
    run.tape.trade("buy", 51, 500).wait(300);
    expect(held(run)).toEqual([25, 25]);
    expect(hedges(run)).toHaveLength(1);
    run.tape.wait(20_000);
    expect(run.runtime.summary().realized).toBe(25 * 30_000);
  });
});

describe("a residual that outlives its time", () => {
  const late = { residual_timeout_ms: 1_000, retry_ms: 500 };

  it("is completed up to the stated cost, and held above it", () => {
    const run = oneLeg({ params: { ...late, max_completion_cost: 1.02 } });
    run.tape.book([[44, 500]], [[46, 500]]).wait(3_000); // .47 + .56
    expect(hedges(run)).toEqual([]);
    expect(skipped(run, "residual too dear to complete: held (leg risk)")).toBeGreaterThan(1);
    run.tape.book([[45, 500]], [[47, 500]]).wait(1_000); // .47 + .55
    expect(hedges(run).map(({ reason }) => reason)).toEqual(["residual completed late"]);
    expect(held(run)).toEqual([25, 25]);
    run.tape.wait(20_000);
    expect(run.runtime.summary().realized).toBe(25 * -20_000);
    // The next one has all its time again.
    run.tape.book([[49, 500]], [[51, 500]]).wait(300);
    run.tape
      .trade("sell", 40, 500)
      .book([[45, 500]], [[47, 500]])
      .wait(600);
    expect(held(run)).toEqual([25, 0]);
    run.tape.wait(1_000);
    expect(held(run)).toEqual([25, 25]);
  });

  it("is completed before its time when that is running away", () => {
    const run = oneLeg({ params: { stop_cost: 1.01, max_completion_cost: 1.05 } });
    run.tape.book([[46, 500]], [[48, 500]]).wait(1_000); // 1.01
    expect(hedges(run)).toEqual([]);
    run.tape.book([[45, 500]], [[47, 500]]).wait(1_000); // 1.02
    expect(held(run)).toEqual([25, 25]);
  });

  it("is unwound at the stated loss, and held beyond it", () => {
    const run = oneLeg({
      params: { ...late, residual: "unwind", max_unwind_loss: 0.05, cooldown_ms: 60_000 },
    });
    run.tape
      .wait(3_000)
      .book([[41, 500]], [[43, 500]])
      .wait(2_000);
    expect(held(run)).toEqual([25, 0]);
    expect(skipped(run, "residual too costly to unwind: held (leg risk)")).toBeGreaterThan(1);
    run.tape.book([[42, 500]], [[44, 500]]).wait(2_000);
    expect(placed(run).find(({ purpose }) => purpose === "exit")).toMatchObject({
      side: "sell",
      limit: 4_200,
      reason: "residual unwound",
    });
    expect(held(run)).toEqual([0, 0]);
    expect(run.runtime.summary().realized).toBe(25 * -50_000);
    run.tape.wait(20_000);
    expect(path(run)).toContain("IDLE");
  });

  it("is held, and still completed when the price comes", () => {
    const run = oneLeg({ params: { ...late, residual: "hold" } });
    run.tape.book([[30, 500]], [[32, 500]]).wait(10_000);
    expect(hedges(run)).toEqual([]);
    expect(skipped(run, "residual held to payout (leg risk)")).toBeGreaterThan(0);
    run.tape.book([[50, 500]], [[52, 500]]).wait(500);
    expect(held(run)).toEqual([25, 25]);
  });
});
