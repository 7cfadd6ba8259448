import { id, type MarketId } from "@matchpoint/sdk";
import { describe, expect, it } from "vitest";
import { testMarket } from "../runtime/tape.ts";
import { cents, RiskRun, request, shares } from "./scripted.ts";

const M1 = id<MarketId>("m1");
const listed = (run: RiskRun): RiskRun => {
  run.tape.market(testMarket());
  return run;
};
const two = (run: RiskRun): RiskRun => {
  run.tape.market(testMarket()).market(testMarket({ marketId: id("m2") }));
  return run;
};
/** An order of each size is another order, so that none is a duplicate. */
const reject = (run: RiskRun, n: number, code: string = "BALANCE"): void => {
  for (let i = 0; i < n; i++) {
    const [orderId] = run.place({ size: shares(10 + i) });
    run.report(orderId!, "rejected", { code: code as never, detail: "no money" });
  }
};

describe("refusals for want of balance, over all markets of the wallet", () => {
  const wallet = (risk = {}): RiskRun =>
    two(
      new RiskRun({ risk: { max_consecutive_rejects_per_market: 90, breaker_cooldown_ms: 5_000, ...risk } }),
    );
  /** Refused in one market and then the other. */
  const refuse = (run: RiskRun, n: number, code = "BALANCE"): void => {
    for (let i = 0; i < n; i++) {
      const [orderId] = run.placeIn(i % 2 === 0 ? "m1" : "m2", { size: shares(10 + i) });
      run.report(orderId!, "rejected", { code: code as never, detail: "not enough" });
    }
  };

  it("hold the entries of all markets back after four in a row, page, and end by the cool-down", () => {
    const run = wallet();
    refuse(run, 3);
    expect(run.core.balanceHold).toBeUndefined();
    expect(run.placeIn("m1", { size: shares(20) })).toHaveLength(1);
    refuse(run, 1);
    expect(run.core.balanceHold).toMatchObject({ refusals: 4, detail: "not enough" });
    expect(run.alarms()).toEqual(["BALANCE_REFUSED"]);
    for (const market of ["m1", "m2"]) expect(run.placeIn(market, { size: shares(21) })).toEqual([]);
    expect(run.denials()).toEqual(["BALANCE_REFUSED", "BALANCE_REFUSED"]);
    run.wait(4_980);
    expect(run.placeIn("m1", { size: shares(22) })).toEqual([]);
    run.wait(20);
    expect(run.placeIn("m1", { size: shares(23) })).toHaveLength(1);
    expect(run.core.balanceHold).toBeUndefined();
    // From nothing.
    refuse(run, 3);
    expect(run.core.balanceHold).toBeUndefined();
    refuse(run, 1);
    expect(run.core.balanceHold).toBeDefined();
  });

  it("count anew when the venue has taken an order in any market, and not for other reasons", () => {
    const run = wallet();
    refuse(run, 3);
    refuse(run, 3, "OTHER");
    const [taken] = run.placeIn("m2", { size: shares(40) });
    run.report(taken!, "live");
    refuse(run, 3);
    expect(run.core.balanceHold).toBeUndefined();
  });

  it("are over with a resume of everything, and where it is so configured with nothing else", () => {
    const run = wallet({ breaker_resume: "operator" });
    refuse(run, 4);
    run.wait(60_000);
    expect(run.core.balanceHold).toMatchObject({ until: undefined });
    run.operate({ kind: "resume", marketId: M1 });
    expect(run.core.balanceHold).toBeDefined();
    run.operate({ kind: "resume" });
    expect(run.core.balanceHold).toBeUndefined();
    expect(run.placeIn("m2", { size: shares(50) })).toHaveLength(1);
  });
});

describe("rejects in a row", () => {
  it("halt their market and no other, and tell why, since when, and what ends it", () => {
    const run = two(new RiskRun({ risk: { max_consecutive_rejects_per_market: 3 } }));
    reject(run, 2);
    expect(run.causes()).toEqual([]);
    reject(run, 1);
    expect(run.causes()).toEqual(["breaker"]);
    expect(run.causes("m2")).toEqual([]);
    const [halt] = run.core.market(M1)!.trading.halts;
    expect(halt).toMatchObject({
      cause: "breaker",
      reason: "3 orders rejected in a row, the last with BALANCE: no money",
      clearedBy: "evidence_or_operator",
      clears: "the cool-down has passed, or an operator's resume",
      since: run.ms * 1e6,
      until: (run.ms + 60_000) * 1e6,
    });
    expect(run.core.risk.halts).toEqual([{ marketId: "m1", causes: [halt] }]);
    expect(run.effects.findLast((effect) => effect.type === "transition")).toMatchObject({
      to: "HALT",
      reason: expect.stringContaining("breaker: 3 orders rejected in a row"),
    });
    expect(run.effects.findLast((effect) => effect.type === "risk")).toMatchObject({
      note: { kind: "hold", marketId: "m1", cause: "breaker" },
    });
    expect(run.alarms()).toEqual(["BREAKER_TRIPPED"]);
    let shown: unknown;
    run.act((ctx) => {
      shown = ctx.halts;
      ctx.buy(request());
    });
    expect(shown).toEqual([halt]);
    expect(run.denials()).toEqual(["MARKET_HALTED"]);
    expect(run.placeIn("m2", {})).toHaveLength(1);
  });

  it("count anew when the venue has taken one, and not for what only found no match", () => {
    const run = listed(new RiskRun({ risk: { max_consecutive_rejects_per_market: 2 } }));
    reject(run, 1);
    reject(run, 3, "FAK_NO_MATCH");
    reject(run, 3, "POST_ONLY_CROSSES");
    const [taken] = run.place({ size: shares(30) });
    run.report(taken!, "live");
    reject(run, 1);
    expect(run.causes()).toEqual([]);
    reject(run, 1);
    expect(run.causes()).toEqual(["breaker"]);
  });

  it("count anew by the first word that the venue has taken an order, and by no later one", () => {
    const run = listed(new RiskRun({ risk: { max_consecutive_rejects_per_market: 2 } }));
    const [early, late] = run.place({ size: shares(30) }, { size: shares(31) });
    run.report(early!, "live");
    reject(run, 1);
    // Nobody has heard of this one before.
    run.report(late!, "unknown").trade(late!, "t1", "MATCHED");
    reject(run, 1);
    expect(run.causes()).toEqual([]);
    // This one was taken before any was rejected: that it is found again is no news of what the venue takes now.
    run.report(early!, "unknown").report(early!, "live").report(early!, "unknown");
    run.trade(early!, "t2", "MATCHED");
    reject(run, 1);
    expect(run.causes()).toEqual(["breaker"]);
  });

  it("do nothing with a limit of 0", () => {
    const run = listed(new RiskRun({ risk: { max_consecutive_rejects_per_market: 0 } }));
    reject(run, 30);
    expect(run.causes()).toEqual([]);
  });

  it("end their halt by the cool-down, and begin to count from nothing", () => {
    const run = listed(
      new RiskRun({ risk: { max_consecutive_rejects_per_market: 2, breaker_cooldown_ms: 5_000 } }),
    );
    reject(run, 2);
    run.wait(4_999);
    expect(run.causes()).toEqual(["breaker"]);
    run.wait(1);
    expect(run.causes()).toEqual([]);
    expect(run.script.hooks.filter((hook) => hook === "resume")).toHaveLength(1);
    reject(run, 1);
    expect(run.causes()).toEqual([]);
  });

  it("begin the cool-down anew while it lasts", () => {
    const run = listed(
      new RiskRun({ risk: { max_consecutive_rejects_per_market: 2, breaker_cooldown_ms: 5_000 } }),
    );
    const [late] = run.place({ size: shares(99) });
    reject(run, 2);
    const since = run.core.market(M1)!.trading.halts[0]!.since;
    run.wait(4_000).report(late!, "rejected", { code: "OTHER" });
    run.wait(4_000);
    expect(run.causes()).toEqual(["breaker"]);
    expect(run.core.market(M1)!.trading.halts[0]!.since).toBe(since);
    run.wait(1_000);
    expect(run.causes()).toEqual([]);
  });

  it("wait for an operator where that is configured", () => {
    const run = listed(
      new RiskRun({ risk: { max_consecutive_rejects_per_market: 2, breaker_resume: "operator" } }),
    );
    reject(run, 2);
    run.wait(3_600_000);
    expect(run.causes()).toEqual(["breaker"]);
    expect(run.core.market(M1)!.trading.halts[0]).toMatchObject({ clears: "an operator's resume" });
    run.operate({ kind: "resume", marketId: M1 });
    expect(run.causes()).toEqual([]);
    reject(run, 1);
    expect(run.causes()).toEqual([]);
  });
});

describe("cancels that fail", () => {
  const resting = (run: RiskRun, n: number): readonly string[] => {
    const orders = run.place(...Array.from({ length: n }, (_, i) => ({ limit: cents(20 + i) })));
    for (const orderId of orders) run.report(orderId, "live");
    return orders;
  };

  it("halt their market; one that succeeds lets the count begin anew", () => {
    const run = listed(new RiskRun({ risk: { max_cancel_failures_per_market: 2 } }));
    const [a, b, c] = resting(run, 3);
    const cancel = (): void => {
      run.act((ctx) => ctx.cancelAll("test"));
    };
    cancel();
    run.report(a as never, "cancel_refused", { detail: "busy" });
    run.report(b as never, "canceled");
    cancel();
    run.report(c as never, "cancel_refused");
    expect(run.causes()).toEqual([]);
    cancel();
    run.report(a as never, "cancel_refused", { detail: "busy" });
    expect(run.causes()).toEqual(["breaker"]);
    expect(run.core.market(M1)!.trading.halts[0]!.reason).toBe("2 cancels failed in a row: busy");
  });

  it("are also those of which nobody knows what became", () => {
    const run = listed(new RiskRun({ risk: { max_cancel_failures_per_market: 2 } }));
    const orders = resting(run, 2);
    run.act((ctx) => ctx.cancelAll("test"));
    for (const orderId of orders) run.report(orderId as never, "unknown");
    expect(run.causes()).toEqual(["breaker"]);
    expect(run.core.market(M1)!.trading.halts[0]!.reason).toContain("nobody knows");
  });

  it("are none when the order was matched meanwhile", () => {
    const run = listed(new RiskRun({ risk: { max_cancel_failures_per_market: 1 } }));
    const [a] = resting(run, 1);
    run.act((ctx) => ctx.cancelAll("test"));
    run.trade(a as never, "t1", "MATCHED");
    run.report(a as never, "cancel_refused");
    expect(run.causes()).toEqual([]);
  });
});

describe("an answer that does not come", () => {
  it("halts its market before anything else is sent there, and cancels what waits", () => {
    const run = two(new RiskRun({ risk: { max_order_latency_ms: 3_000 } }));
    const [orderId] = run.place({});
    run.report(orderId!, "sent").report(orderId!, "unknown");
    run.wait(2_990);
    run.act((ctx) => ctx.buy(request({ size: shares(11) })));
    expect(run.denials()).toEqual([]);
    run.wait(10);
    run.act((ctx) => ctx.buy(request({ size: shares(12) })));
    expect(run.causes()).toEqual(["breaker"]);
    expect(run.denials()).toEqual(["MARKET_HALTED"]);
    expect(run.core.market(M1)!.trading.halts[0]!.reason).toMatch(
      /^order s0-1 has had no answer for 30\d\d ms$/,
    );
    expect(run.cancelled()).toContain("s0-1");
    expect(run.causes("m2")).toEqual([]);
  });

  it("is an answer whatever it says: live, delayed, matched, rejected, a fill", () => {
    for (const how of ["live", "delayed", "matched", "rejected", "fill"] as const) {
      const run = listed(new RiskRun({ risk: { max_order_latency_ms: 3_000 } }));
      const [orderId] = run.place({});
      if (how === "fill") run.trade(orderId!, "t1", "MATCHED", { size: 5 });
      else run.report(orderId!, how);
      run.wait(20_000).book();
      expect([how, run.causes()]).toEqual([how, []]);
    }
  });

  it("holds on when a person resumes at the very moment at which it is found out, and after a restart too", () => {
    for (const breaker_resume of ["cooldown", "operator"] as const) {
      const risk = { max_order_latency_ms: 3_000, breaker_resume };
      const run = two(new RiskRun({ risk }));
      const [orderId] = run.place({});
      run.report(orderId!, "sent");
      run.operate({ kind: "halt", marketId: M1 });
      run.wait(3_000).operate({ kind: "resume" });
      expect(run.alarms()).toEqual(["BREAKER_TRIPPED"]);
      expect(run.causes()).toEqual(["breaker"]);
      run.act((ctx) => ctx.buy(request({ size: shares(11) })));
      expect(run.denials()).toEqual(["MARKET_HALTED"]);
      expect(run.restarted(1_000, { risk }, two).causes()).toEqual(["breaker"]);
      // He knows of it now.
      run.operate({ kind: "resume" });
      expect(run.causes()).toEqual([]);
      expect(run.restarted(1_000, { risk, runId: "third" }, two).causes()).toEqual([]);
    }
  });

  it("leaves what had failed before to the resume that it comes with", () => {
    const risk = { max_order_latency_ms: 3_000, max_consecutive_rejects_per_market: 2 };
    const run = listed(new RiskRun({ risk }));
    const [late] = run.place({ size: shares(30) });
    run.report(late!, "sent");
    reject(run, 2);
    expect(run.causes()).toEqual(["breaker"]);
    run.wait(3_000).operate({ kind: "resume" });
    expect(run.causes()).toEqual(["breaker"]);
    run.operate({ kind: "resume" });
    reject(run, 1);
    expect(run.causes()).toEqual([]);
  });

  it("is not waited for with a limit of 0", () => {
    const run = listed(new RiskRun({ risk: { max_order_latency_ms: 0 } }));
    run.place({});
    run.wait(3_600_000).book();
    expect(run.causes()).toEqual([]);
  });
});

describe("a restart", () => {
  const limits = { max_consecutive_rejects_per_market: 3, breaker_cooldown_ms: 60_000 };

  it("goes on with the cool-down where it was, with its reason", () => {
    const run = listed(new RiskRun({ risk: limits }));
    reject(run, 3);
    const next = run.wait(10_000).restarted(20_000, { risk: limits }, listed);
    expect(next.causes()).toEqual(["breaker"]);
    expect(next.core.market(M1)!.trading.halts[0]).toMatchObject({
      reason: "3 orders rejected in a row, the last with BALANCE: no money",
      since: -30_000e6,
      until: 30_000e6,
    });
    next.wait(29_998);
    expect(next.causes()).toEqual(["breaker"]);
    next.wait(2);
    expect(next.causes()).toEqual([]);
  });

  it("holds no market whose cool-down is over by then, and any that an operator has to end", () => {
    const run = listed(new RiskRun({ risk: limits }));
    reject(run, 3);
    expect(run.restarted(60_001, { risk: limits }, listed).causes()).toEqual([]);
    const strict = { ...limits, breaker_resume: "operator" } as const;
    const halted = listed(new RiskRun({ risk: strict }));
    reject(halted, 3);
    expect(halted.restarted(86_400_000, { risk: strict }, listed).causes()).toEqual(["breaker"]);
    halted.operate({ kind: "resume" });
    expect(halted.restarted(1_000, { risk: strict }, listed).causes()).toEqual([]);
  });

  it("gives no new row of rejects: those before count", () => {
    const run = listed(new RiskRun({ risk: limits }));
    reject(run, 2);
    const next = run.restarted(1_000, { risk: limits }, listed);
    reject(next, 1);
    expect(next.causes()).toEqual(["breaker"]);
  });

  it("knows what the venue had taken before it: that this is found again ends no row", () => {
    const run = listed(new RiskRun({ risk: limits }));
    const [early] = run.place({ size: shares(30) });
    run.report(early!, "live").report(early!, "unknown");
    reject(run, 2);
    const next = run.restarted(1_000, { risk: limits }, listed);
    next.report(early!, "live");
    reject(next, 1);
    expect(next.causes()).toEqual(["breaker"]);
  });

  it("forgets nothing of a market that the run in between did not list", () => {
    const run = listed(new RiskRun({ risk: limits }));
    reject(run, 3);
    const between = run.restarted(1_000, { risk: limits });
    expect(between.restarted(1_000, { risk: limits, runId: "third" }, listed).causes()).toEqual(["breaker"]);
  });
});
