// Orders without end from one hook, by the million:
//   MATCHPOINT_RISK_ASKS=1000000 npx vitest run tests/risk/runaway.test.ts
import { id, type MarketId, type StrategyContext, type StrategyId } from "@matchpoint/sdk";
import { describe, expect, it } from "vitest";
import { testMarket } from "../runtime/tape.ts";
import { listed, many, ROOM } from "./manyOrders.ts";
import { cents, RiskRun, request, shares } from "./scripted.ts";

const ASKS = Number(process.env["MATCHPOINT_RISK_ASKS"] ?? "200000");
const S0 = id<StrategyId>("s0");
const two = (run: RiskRun): RiskRun => {
  run.tape.market(testMarket()).market(testMarket({ marketId: id("m2") }));
  return run;
};
const halted = (run: RiskRun): readonly string[] =>
  run.core.risk.strategies.map(({ strategyId }) => strategyId);
const placed = (run: RiskRun): number => run.effects.filter(({ type }) => type === "place").length;

describe("a strategy that runs away", () => {
  it("is halted by its rate of orders, and the bot goes on", () => {
    const run = two(
      new RiskRun({ strategies: 2, risk: { ...ROOM, runaway: { strategy_orders_per_second: 5 } } }),
    );
    run.act(many(20));
    expect(placed(run)).toBe(5);
    expect(run.denials()).toEqual(["RUNAWAY", ...Array.from({ length: 14 }, () => "STRATEGY_HALTED")]);
    expect(run.alarms()).toEqual(["STRATEGY_HALTED"]);
    expect(run.core.risk.strategies).toEqual([
      { strategyId: "s0", at: run.ms * 1e6, reason: "6 orders within a second, the limit is 5" },
    ]);
    // What it had sent is taken back, and none of its hooks is called.
    expect(run.cancelled()).toHaveLength(5);
    const heard = run.script.hooks.length;
    run.book();
    expect(run.script.hooks).toHaveLength(heard);
    expect(run.core.system.status).toBe("READY");
    expect(run.causes()).toEqual([]);
    run.act((ctx) => ctx.buy(request()), "m2", 1);
    expect(placed(run)).toBe(6);
  });

  it("is measured within any second, however its orders are spread", () => {
    const run = listed(new RiskRun({ risk: { ...ROOM, runaway: { strategy_orders_per_second: 5 } } }));
    for (let i = 0; i < 4; i++) run.act(many(1, 10 + i));
    run.wait(950);
    run.act(many(1, 20));
    expect(halted(run)).toEqual([]);
    run.act(many(1, 21));
    expect(halted(run)).toEqual(["s0"]);
  });

  it("is halted by the dollars of a minute", () => {
    const run = listed(new RiskRun({ risk: { ...ROOM, runaway: { strategy_usdc_per_minute: 10 } } }));
    run.act(many(3, 30));
    expect(placed(run)).toBe(3);
    run.wait(58_000).act(many(1, 40));
    expect(run.core.risk.strategies[0]!.reason).toBe("orders for $13.3 within a minute, the limit is $10");
    expect(placed(run)).toBe(3);
  });

  it("is halted by what the venue refuses, but not for want of a match", () => {
    const run = listed(
      new RiskRun({
        risk: {
          ...ROOM,
          max_consecutive_rejects_per_market: 0,
          runaway: { strategy_rejects_per_minute: 3 },
        },
      }),
    );
    for (const code of ["FAK_NO_MATCH", "OTHER", "POST_ONLY_CROSSES", "BALANCE"] as const) {
      const [orderId] = run.place({ size: shares(20 + run.ms) });
      run.report(orderId!, "rejected", { code });
    }
    expect(halted(run)).toEqual([]);
    const [orderId] = run.place({});
    run.report(orderId!, "rejected", { code: "OTHER" });
    expect(run.core.risk.strategies[0]!.reason).toBe("3 orders rejected within a minute, the limit is 3");
  });

  it("is halted by cancels without fills", () => {
    const run = listed(new RiskRun({ risk: { ...ROOM, runaway: { strategy_cancels_per_fill: 3 } } }));
    const turn = (size: number, fill: boolean): void => {
      const [orderId] = run.place({ size: shares(size) });
      run.report(orderId!, "live");
      if (fill) run.trade(orderId!, `t${size}`, "MATCHED", { size: 1 });
      run.act((ctx) => ctx.cancelAll("test"));
      run.report(orderId!, "canceled");
    };
    for (let i = 0; i < 6; i++) turn(10 + i, i < 2);
    expect(halted(run)).toEqual([]);
    turn(20, false);
    expect(run.core.risk.strategies[0]!.reason).toBe(
      "7 cancels and 2 fills within a minute, the limit is 3 per fill",
    );
  });

  it("asks for hundreds of thousands of orders in one hook: bounded time and memory, none is sent", () => {
    const run = two(new RiskRun({ strategies: 2, risk: ROOM }));
    const began = performance.now();
    run.act((ctx) => {
      for (let i = 0; i < ASKS; i++) {
        try {
          ctx.buy(request({ limit: cents(1), size: shares(5 + (i % 1_000)) }));
        } catch {
          // A strategy that catches everything.
        }
      }
    });
    expect(performance.now() - began).toBeLessThan(ASKS / 40);
    expect(run.effects.length).toBeLessThan(1_000);
    expect(placed(run)).toBe(0);
    expect(run.core.orders.openCount).toBe(0);
    expect(run.alarm()).toContain("a hook asked for more than 200 orders, cancels and timers");
    expect(run.causes()).toEqual(["strategy_fault"]);
    run.act((ctx) => ctx.buy(request()), "m2", 1);
    expect(placed(run)).toBe(1);
  });

  it("cannot ask for more timers, cancels or reasons either", () => {
    const run = listed(new RiskRun({ risk: ROOM }));
    run.act((ctx) => {
      for (let i = 0; i < 100_000; i++) ctx.skip(`reason ${i}`);
      for (let i = 0; i < 100_000; i++) ctx.after(1_000, `timer ${i}`);
    });
    expect(run.effects.filter(({ type }) => type === "set_timer").length).toBeLessThan(210);
    expect(run.causes()).toEqual(["strategy_fault"]);
    expect(run.runtime.summary().whyNot.length).toBeLessThan(1_100);
  });

  it("is told from its neighbours when one event sets off hooks without end", () => {
    const run = new RiskRun({ strategies: 2, risk: ROOM, engine: { max_hooks_per_event: 50 } });
    two(run);
    const script = run.scripts[0]!;
    Object.defineProperty(script, "act", {
      value: (ctx: StrategyContext) => ctx.buy(request({ limit: 1 as never })),
    });
    // Each denial calls `onOrder`, which asks again.
    script.hooks.push = (...items: string[]) => {
      if (items[0] === "order DENIED") again();
      return 0;
    };
    let again = (): void => undefined;
    run.scripts[1]!.act = (ctx) => ctx.buy(request({ size: shares(50) }));
    const contexts: StrategyContext[] = [];
    Object.defineProperty(script, "act", {
      value: (ctx: StrategyContext) => {
        contexts[0] = ctx;
        again = () => contexts[0]!.buy(request({ limit: 1 as never }));
        ctx.buy(request({ limit: 1 as never }));
      },
    });
    run.book();
    expect(halted(run)).toEqual(["s0"]);
    expect(run.alarms()).toContain("HOOKS_RUNAWAY");
    expect(run.core.risk.strategies[0]!.reason).toContain("more than 50 hooks");
    expect(run.core.system.status).toBe("READY");
  });
});

describe("a strategy that asks for nonsense", () => {
  it.each([NaN, -0, Infinity, -Infinity, 1e309, 0.5, -5])(
    "is halted for sizes of %d, again and again",
    (size) => {
      const run = listed(new RiskRun({ risk: ROOM }));
      for (let i = 0; i < 4; i++) run.act((ctx) => ctx.buy(request({ size: size as never })));
      expect(halted(run)).toEqual([]);
      run.act((ctx) => ctx.buy(request({ size: size as never })));
      expect(halted(run)).toEqual(["s0"]);
      expect(run.core.risk.strategies[0]!.reason).toMatch(
        /^5 orders within a minute that are none, the last: size /,
      );
      expect(new Set(run.denials())).toEqual(new Set(["INTENT_INVALID"]));
      expect(run.core.system.status).toBe("READY");
      run.core.ledger.check();
    },
  );

  it("is not, when it happens now and then", () => {
    const run = listed(new RiskRun({ risk: ROOM }));
    for (let i = 0; i < 20; i++) run.wait(16_000).act((ctx) => ctx.buy(request({ size: NaN as never })));
    expect(halted(run)).toEqual([]);
  });
});

describe("a strategy whose hooks throw", () => {
  it("halts its market at each, and itself at the fifth; the others go on", () => {
    const run = two(new RiskRun({ strategies: 2, risk: ROOM }));
    const fail = (): never => {
      throw new RangeError("no such game");
    };
    for (let i = 0; i < 4; i++) run.act(fail);
    expect(run.causes()).toEqual(["strategy_fault"]);
    expect(halted(run)).toEqual([]);
    run.act(fail);
    expect(run.core.risk.strategies).toMatchObject([
      { strategyId: "s0", reason: "5 of its hooks failed within ten minutes" },
    ]);
    run.wait(60_000);
    expect(run.causes()).toEqual([]);
    run.act(() => {
      throw new Error("not called");
    });
    expect(run.causes()).toEqual([]);
    run.act((ctx) => ctx.buy(request()), "m2", 1);
    expect(placed(run)).toBe(1);
  });
});

describe("a halted strategy", () => {
  const ranAway = (): RiskRun => {
    const run = two(new RiskRun({ risk: { ...ROOM, runaway: { strategy_orders_per_second: 2 } } }));
    run.act(many(3));
    expect(halted(run)).toEqual(["s0"]);
    return run;
  };

  it("goes on by an operator's resume with a reason, and by nothing else", () => {
    const run = ranAway();
    run.wait(86_400_000);
    expect(halted(run)).toEqual(["s0"]);
    run.operate({ kind: "resume" });
    expect(run.alarm()).toBe("halted strategies stay halted (s0): a resume needs a reason");
    run.operate({ kind: "resume", strategyId: S0 });
    expect(run.alarm()).toContain("a resume needs a reason");
    run.operate({ kind: "resume", strategyId: S0, reason: "  " });
    run.operate({ kind: "resume", strategyId: id("nobody"), reason: "why not" });
    expect(run.alarm()).toBe("strategy nobody is not halted");
    expect(halted(run)).toEqual(["s0"]);
    run.operate({ kind: "resume", strategyId: S0, reason: "the loop is mended" });
    expect(halted(run)).toEqual([]);
    expect(run.effects.findLast(({ type }) => type === "transition")).toMatchObject({
      machine: "system",
      subject: "strategy:s0",
      from: "STRATEGY_HALTED",
      to: "STRATEGY_RUNNING",
      reason: "the loop is mended",
    });
    expect(run.script.hooks.filter((hook) => hook === "resume")).toHaveLength(2);
    const before = placed(run);
    run.act(many(1, 90));
    expect(placed(run)).toBe(before + 1);
  });

  it("goes on too when everything is resumed with a reason", () => {
    const run = ranAway();
    run.operate({ kind: "resume", reason: "looked at" });
    expect(halted(run)).toEqual([]);
  });

  it("stays halted over a restart, and begins when it is resumed", () => {
    const next = ranAway().restarted(86_400_000, {}, two);
    expect(halted(next)).toEqual(["s0"]);
    expect(next.core.risk.strategies).toEqual([
      { strategyId: "s0", at: expect.any(Number), reason: "3 orders within a second, the limit is 2" },
    ]);
    next.act(many(1));
    expect(next.script.hooks).toEqual([]);
    expect(placed(next)).toBe(0);
    next.operate({ kind: "resume", strategyId: S0, reason: "mended" });
    expect(next.script.hooks).toEqual(["start", "start"]);
    next.act(many(1));
    expect(placed(next)).toBe(1);
    expect(next.restarted(1_000, { runId: "third" }, two).core.risk.strategies).toEqual([]);
  });
});

describe("an account that runs away", () => {
  const risk = { ...ROOM, kill_cooldown_ms: 10_000, runaway: { max_orders_per_second: 6 } };
  const ranAway = (): RiskRun => {
    const run = two(new RiskRun({ strategies: 2, risk }));
    run.act(many(4));
    run.act(many(4), "m2", 1);
    return run;
  };

  it("is killed: everything is cancelled, and the reason is told", () => {
    const run = ranAway();
    expect(placed(run)).toBe(6);
    expect(run.core.system.status).toBe("HALTED");
    expect(run.causes()).toEqual(["kill"]);
    expect(run.causes("m2")).toEqual(["kill"]);
    expect(run.cancelled()).toHaveLength(6);
    expect(run.core.risk.killed).toEqual({
      by: "runaway",
      at: run.ms * 1e6,
      reason: "7 orders within a second, the limit is 6",
      resumableAt: (run.ms + 10_000) * 1e6,
    });
    expect(run.alarms()).toEqual(["KILLED"]);
    expect(
      run.effects.find((effect) => effect.type === "transition" && effect.to === "HALTED"),
    ).toMatchObject({
      reason: "7 orders within a second, the limit is 6",
    });
  });

  it("is resumed only after its cool-down, and only with a reason", () => {
    const run = ranAway();
    run.operate({ kind: "resume", reason: "too soon" });
    expect(run.alarm()).toContain("a resume is refused for another 10 s (risk.kill_cooldown_ms)");
    run.operate({ kind: "resume", marketId: id<MarketId>("m1"), reason: "too soon" });
    expect(run.causes()).toEqual(["kill"]);
    run.wait(10_000).operate({ kind: "resume" });
    expect(run.alarm()).toContain("a resume needs a reason");
    expect(run.core.system.status).toBe("HALTED");
    run.operate({ kind: "resume", reason: "mended" }).compared();
    expect(run.core.system.status).toBe("READY");
    expect(run.causes()).toEqual([]);
    expect(run.core.risk.killed).toBeUndefined();
    const before = placed(run);
    run.act(many(1, 70));
    expect(placed(run)).toBe(before + 1);
  });

  it("stays killed over a restart, whose cool-down and need of a reason go on", () => {
    const next = ranAway().restarted(4_000, { risk, strategies: 2 }, two);
    expect(next.core.system.status).toBe("HALTED");
    expect(next.core.risk.killed).toMatchObject({ by: "runaway", at: -4_000e6 });
    next.operate({ kind: "resume", reason: "too soon" });
    expect(next.alarm()).toMatch(/refused for another 6 s/);
    next.wait(6_000).operate({ kind: "resume" });
    expect(next.alarm()).toContain("needs a reason");
    next.operate({ kind: "resume", reason: "mended" }).compared();
    expect(next.core.system.status).toBe("READY");
    expect(next.restarted(1_000, { risk, strategies: 2, runId: "third" }, two).core.system.status).toBe(
      "READY",
    );
  });
});

describe("rates of orders", () => {
  it("count what was rejected and cancelled before a restart", () => {
    const runaway = { strategy_rejects_per_minute: 3, strategy_cancels_per_fill: 3 };
    const risk = { ...ROOM, max_consecutive_rejects_per_market: 0, runaway };
    const ended = (status: "rejected" | "canceled", code?: "FAK_NO_MATCH"): RiskRun => {
      const run = listed(new RiskRun({ risk }));
      run.act(many(3));
      for (const orderId of [...run.venue.intents.keys()].slice(0, status === "rejected" ? 2 : 3)) {
        if (status === "canceled") run.report(orderId, "live");
        run.report(orderId, status, code === undefined ? {} : { code });
      }
      return run;
    };
    const again = (run: RiskRun, laterMs: number, act: (next: RiskRun) => void): readonly string[] => {
      const next = run.restarted(laterMs, { risk }, listed);
      act(next);
      return halted(next);
    };
    const rejects = (next: RiskRun): void => {
      const [orderId] = next.place({});
      next.report(orderId!, "rejected");
    };
    const cancels = (next: RiskRun): void => {
      const [orderId] = next.place({});
      next.report(orderId!, "live").act((ctx) => ctx.cancelAll("moved"));
    };
    expect(again(ended("rejected"), 1_000, rejects)).toEqual(["s0"]);
    expect(again(ended("rejected"), 62_000, rejects)).toEqual([]);
    expect(again(ended("rejected", "FAK_NO_MATCH"), 1_000, rejects)).toEqual([]);
    expect(again(ended("canceled"), 1_000, cancels)).toEqual(["s0"]);
    expect(again(ended("canceled"), 62_000, cancels)).toEqual([]);
  });

  it("count a fill before a restart when it was one, not when the chain has confirmed it later", () => {
    const risk = { ...ROOM, runaway: { strategy_cancels_per_fill: 2 } };
    const cancelled = (confirmedAfterMs: number): readonly string[] => {
      const run = listed(new RiskRun({ risk }));
      run.act(many(2));
      const orders = [...run.venue.intents.keys()];
      for (const orderId of orders) run.trade(orderId, `t-${orderId}`, "MATCHED");
      run.wait(confirmedAfterMs);
      for (const orderId of orders) run.trade(orderId, `t-${orderId}`, "CONFIRMED");
      const next = run.restarted(1_000, { risk }, listed);
      next.act(many(3, 50));
      for (const orderId of next.venue.intents.keys()) next.report(orderId, "live");
      next.act((ctx) => ctx.cancelAll("moved"));
      return halted(next);
    };
    expect(cancelled(1_000)).toEqual([]);
    expect(cancelled(70_000)).toEqual(["s0"]);
  });

  it("go on over a restart: a run that is started again and again gets no new minute", () => {
    const risk = { ...ROOM, max_orders_per_minute: 4, exit_orders_per_minute: 0 };
    const run = listed(new RiskRun({ risk }));
    run.act(many(3));
    const next = run.restarted(10_000, { risk }, listed);
    next.act(many(3, 50));
    expect(placed(next)).toBe(1);
    expect(next.denials()).toEqual(["ORDER_RATE", "ORDER_RATE"]);
    next.wait(50_000).act(many(1, 60));
    expect(placed(next)).toBe(2);
  });
});
