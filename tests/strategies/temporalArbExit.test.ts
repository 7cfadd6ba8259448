import { TemporalArb } from "@matchpoint/sdk";
import { describe, expect, it } from "vitest";
import { startRun, type TestRun } from "../runtime/start.ts";
import { MATCH } from "../runtime/tape.ts";
import { denials, GAME_1, held, open, placed, skipped, status } from "./support.ts";
import { PARAMS, BOOK, level, lead, holding } from "./temporal.ts";

const exits = (run: TestRun) => placed(run).filter(({ side }) => side === "sell");

describe("an exit", () => {
  it("comes at the target: the bid has caught up", () => {
    const run = holding({ params: { target_gap: 0.01 } });
    run.tape
      .wait(3_000)
      .book([[72, 500]], [[74, 500]])
      .wait(500);
    expect(exits(run)).toEqual([]);
    run.tape.book([[73, 500]], [[75, 500]]).wait(500);
    expect(exits(run)).toMatchObject([{ limit: 7_300, reason: "target reached", purpose: "exit" }]);
    expect(held(run)[0]).toBeLessThan(0.02);
    expect(run.runtime.summary().realized).toBeGreaterThan(0);
  });

  it.each([
    [[3, 4], 1, "truth reversed"],
    [[3, 3], 1, "truth reversed"],
    [[4, 3], 0, undefined],
  ] as const)("comes when the lead goes to %j", (score, count, reason) => {
    const run = holding({ params: { reversal: 0.08 } });
    run.tape.wait(3_000);
    lead(run, score).tape.wait(500);
    expect(exits(run)).toHaveLength(count);
    expect(exits(run)[0]?.reason).toBe(reason);
  });

  it("comes when the news is taken back", () => {
    const run = startRun([{ use: TemporalArb, params: { ...PARAMS, edge_max: 0.3 } }]);
    const series = {
      ...GAME_1,
      subject: { kind: "series", matchId: MATCH.matchId, teamOf: [0, 1] } as const,
    };
    run.tape
      .match()
      .market(series)
      .book([[58, 500]], [[60, 500]])
      .wait(100);
    run.tape.claim("grid", { kind: "series_started" }, "A").wait(1_000);
    run.tape.claim("grid", { kind: "game_won", game: 1, winner: 0 }, "A").wait(3_000);
    expect(held(run)[0]).toBeGreaterThan(20);
    run.tape.claim("grid", { kind: "retracted", game: 1, reason: "rollback" }, "A").wait(500);
    expect(exits(run)).toMatchObject([{ reason: "truth reversed" }]);
    expect(placed(run)).toHaveLength(2);
  });

  it("comes when truth goes stale, and what is under way goes too", () => {
    const run = holding();
    run.tape.wait(31_000);
    expect(exits(run)).toMatchObject([{ reason: "truth stale" }]);
    const keeps = holding({ params: { exit_on_stale: false } });
    keeps.tape.wait(31_000);
    expect(exits(keeps)).toEqual([]);
    // Truth falls silent while an entry waits out the venue's delay: it is called back, and what it still buys is sold.
    const under = level({ market: { takerDelayMs: 2_000 } });
    under.tape.wait(27_000);
    lead(under, [3, 0]);
    under.tape
      .offer({ type: "source_health", source: "grid" as never, health: "down", reason: "test" })
      .wait(500);
    expect(placed(under)).toHaveLength(1);
    expect(open(under).map(({ intent }) => intent.side)).toEqual(["buy"]);
    under.tape.wait(8_000);
    expect(held(under)[0]).toBeLessThan(0.02);
    expect(open(under)).toEqual([]);
  });

  it("comes when time is up", () => {
    const run = holding({ params: { max_hold_ms: 20_000 } });
    run.tape.wait(19_000);
    expect(exits(run)).toEqual([]);
    run.tape.wait(1_500);
    expect(exits(run)).toMatchObject([{ reason: "held too long" }]);
  });

  it("calls back an entry that is still under way", () => {
    const run = holding({ params: { max_hold_ms: 6_000, edge_growth: 0 }, market: { takerDelayMs: 2_500 } });
    run.tape
      .wait(5_000)
      .book([[63, 400]], [[65, 500]])
      .wait(1_500);
    const entry = placed(run)[1]!;
    expect(entry.side).toBe("buy");
    expect(run.effects.some((effect) => effect.type === "cancel" && effect.intentId === entry.intentId)).toBe(
      true,
    );
    run.tape.wait(20_000);
    expect(held(run)[0]).toBeLessThan(0.02);
    expect(placed(run).filter(({ side }) => side === "buy")).toHaveLength(2);
  });

  it("is asked for again while the gate still holds the shares", () => {
    const run = holding({
      params: { target_gap: 0.01, exit_retry_ms: 200 },
      engine: { sell_gate: "confirmed" },
    });
    run.tape.book([[73, 500]], [[75, 500]]).wait(9_000);
    expect(new Set(denials(run))).toEqual(new Set(["INSUFFICIENT_SHARES"]));
    expect(denials(run).length).toBeGreaterThan(20);
    expect(denials(run).length).toBeLessThan(50);
    expect(exits(run)).toEqual([]);
    run.tape.wait(2_000);
    expect(exits(run)).toHaveLength(1);
    expect(held(run)[0]).toBeLessThan(0.02);
  });

  it("is not asked for again and again where the market allows none", () => {
    const run = holding({ params: { max_hold_ms: 5_000 } });
    run.tape.claim("grid", { kind: "game_won", game: 1, winner: 0 }, "A").wait(60_000);
    expect(denials(run)).toEqual(["MARKET_FINALIZING"]);
    run.tape.resolve([1, 0]).wait(30_000);
    expect(status(run)).toBe("RESOLVED");
    expect(run.runtime.summary().realized).toBeGreaterThan(0);
  });

  it("waits for a bid when there is none, and goes on where a partial fill has left it", () => {
    const run = holding({ params: { max_hold_ms: 5_000, max_slippage: 0 } });
    run.tape
      .wait(4_000)
      .book([], [[65, 500]])
      .wait(3_000);
    expect(exits(run)).toEqual([]);
    run.tape.book([[60, 10]], [[65, 500]]).wait(1_500);
    expect(held(run)[0]).toBeGreaterThan(20);
    run.tape.book([[59, 500]], [[65, 500]]).wait(3_000);
    expect(held(run)[0]).toBeLessThan(0.02);
  });

  it("that fails on the chain is asked for again", () => {
    const runs = Array.from({ length: 30 }, (_, seed) => seed).map((seed) => {
      const run = startRun([{ use: TemporalArb, params: { ...PARAMS, max_hold_ms: 5_000 } }], {
        broker: { seed, faults: { trade_fail: 0.5 } },
      });
      run.tape
        .match()
        .market(GAME_1)
        .book(...BOOK)
        .wait(100);
      run.tape
        .claim("grid", { kind: "series_started" }, "A")
        .claim("grid", { kind: "game_started", game: 1 }, "A")
        .wait(1_000);
      lead(run, [3, 0]).tape.wait(300);
      for (let i = 0; i < 40; i += 1) run.tape.wait(500).book([[63, 600 + i]], [[65, 500]]);
      return run;
    });
    const voidedSale = runs.filter((run) => exits(run).length > 1);
    expect(voidedSale.length).toBeGreaterThan(0);
    expect(exits(voidedSale[0]!)[1]).toMatchObject({ reason: "sale failed on the chain" });
  });
});

describe("an exit at the target", () => {
  it.each([0, 1_000])(
    "is not made below it when the bid that reached it is pulled (delay %d ms)",
    (delay) => {
      const run = lead(level({ params: { target_gap: 0.01 }, market: { takerDelayMs: delay } }), [3, 0]);
      run.tape.wait(3_000 + delay);
      expect(held(run)[0]).toBeGreaterThan(5);
      run.tape.book([[73, 500]], [[75, 500]]).wait(20); // the target is reached, the exit is on its way
      run.tape.book([[50, 500]], [[75, 500]]).wait(5_000);
      expect(exits(run).map(({ limit, reason }) => [limit, reason])).toEqual([[7_300, "target reached"]]);
      expect(skipped(run, "the target is gone again")).toBeGreaterThan(0);
      run.tape.book([[74, 500]], [[76, 500]]).wait(5_000);
      expect(held(run)[0]).toBeLessThan(0.02);
    },
  );
});

describe("an exit that an operator forbids", () => {
  it.each(["kill", "halt"] as const)("by a %s is asked for once, not for ever", (kind) => {
    const run = holding({ params: { max_hold_ms: 60_000 } });
    run.tape.wait(5_000).offer({ type: "operator", operator: "test", command: { kind } });
    run.tape.wait(600_000);
    expect(denials(run).length).toBeLessThanOrEqual(1);
  });
});

describe("an exit that the market's state lets through", () => {
  it.each([
    { what: "mined by then", before: 2_500 },
    { what: "not mined when first asked for", before: 300 },
  ])("is made while the outcome is being finalized: shares $what", ({ before }) => {
    const params = { max_hold_ms: before + 700, exit_retry_ms: 500 };
    const run = lead(level({ params, risk: { finalizing: { allow_reduce: true } } }), [3, 0]);
    run.tape.wait(before).claim("grid", { kind: "game_won", game: 1, winner: 0 }, "A").wait(60_000);
    expect(status(run)).toBe("FINALIZING");
    expect(held(run)[0]).toBeLessThan(0.02);
  });
});

describe("news that is taken back", () => {
  it.each([0, 2_000])(
    "takes with it what was bought on it, also while the venue holds the order for %d ms",
    (delay) => {
      const run = startRun([
        { use: TemporalArb, params: { model_trust: 1, target_gap: -1, reversal: 1, edge_max: 0.3 } },
      ]);
      const subject = { kind: "series", matchId: MATCH.matchId, teamOf: [0, 1] } as const;
      run.tape.match().market({ ...GAME_1, takerDelayMs: delay, subject });
      run.tape.book([[58, 500]], [[60, 500]]).wait(100);
      run.tape.claim("grid", { kind: "series_started" }, "A").wait(1_000);
      run.tape.claim("grid", { kind: "game_won", game: 1, winner: 0 }, "A").wait(1_000);
      run.tape.claim("grid", { kind: "retracted", game: 1, reason: "rollback" }, "A");
      for (let i = 0; i < 40; i += 1) run.tape.wait(500).book([[58, 500 + i]], [[60, 500]]);
      expect(placed(run).map(({ side }) => side)).toEqual(["buy", "sell"]);
      expect(held(run)[0]).toBeLessThan(0.02);
    },
  );
});
