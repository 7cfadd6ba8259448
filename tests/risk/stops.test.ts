import { id, type MarketId } from "@matchpoint/sdk";
import { describe, expect, it } from "vitest";
import { STARTS_AT } from "../runtime/tape.ts";
import { listed, many, ROOM } from "./manyOrders.ts";
import { cents, RiskRun, request, shares } from "./scripted.ts";

describe("an operator's kill", () => {
  it("needs no reason to be ended, but time", () => {
    const run = listed(new RiskRun({ risk: { kill_cooldown_ms: 5_000 } }));
    run.operate({ kind: "kill", reason: "lunch" });
    expect(run.core.risk.killed).toMatchObject({ by: "operator", reason: "lunch" });
    run.wait(4_000).operate({ kind: "resume" });
    expect(run.alarm()).toContain("killed (lunch): a resume is refused for another 1 s");
    run.wait(1_000).operate({ kind: "resume" }).compared();
    expect(run.core.system.status).toBe("READY");
  });

  it("is ended by a comparison that agrees, which the resume only lets count", () => {
    const run = listed(new RiskRun({ risk: { kill_cooldown_ms: 5_000 } }));
    run.operate({ kind: "kill" }).compared().wait(5_000).operate({ kind: "resume", reason: "mended" });
    expect(run.core.system.status).toBe("RECOVERING");
    expect(run.place({})).toHaveLength(0);
    expect(run.denials()).toEqual(["SYSTEM_NOT_READY"]);
    const marketId = id<MarketId>("m1");
    const difference = { kind: "missing_order", marketId, expected: 5, actual: 0 } as const;
    run.tape.offer({ type: "reconciled", agrees: false, differences: [difference] });
    run.operate({ kind: "resume", reason: "once more" });
    expect(run.core.system.status).toBe("RECOVERING");
    // Killed again, the comparison ends nothing.
    run.operate({ kind: "kill" }).compared();
    expect(run.core.system.status).toBe("HALTED");
    run.wait(5_000).operate({ kind: "resume", reason: "mended" }).compared();
    expect(run.core.system.status).toBe("READY");
  });

  it("given again, begins its cool-down anew, and excuses no earlier kill of the bot's own", () => {
    const run = listed(
      new RiskRun({ risk: { ...ROOM, kill_cooldown_ms: 5_000, runaway: { max_orders_per_second: 1 } } }),
    );
    run.act(many(2));
    run.wait(4_500).operate({ kind: "kill" });
    run.wait(4_000).operate({ kind: "resume", reason: "mended" });
    expect(run.core.system.status).toBe("HALTED");
    run.wait(1_000).operate({ kind: "resume" });
    expect(run.alarm()).toContain("needs a reason");
    run.operate({ kind: "resume", reason: "mended" }).compared();
    expect(run.core.system.status).toBe("READY");
  });

  it("told late, counts from when it was given", () => {
    const run = listed(new RiskRun({ risk: { kill_cooldown_ms: 60_000 } }));
    run.wait(10_000);
    // As a start tells it that finds a kill in the stop file: forty seconds old.
    const givenAt = (STARTS_AT + run.ms - 40_000) as never;
    run.operate({ kind: "kill", reason: "lunch", givenAt });
    expect(run.core.system.status).toBe("HALTED");
    run.operate({ kind: "resume" }).compared();
    expect(run.alarm()).toContain("killed (lunch): a resume is refused for another 20 s");
    // The same word again changes nothing, and neither does an older one.
    run.wait(5_000).operate({ kind: "kill", reason: "again", givenAt });
    run.operate({ kind: "kill", givenAt: 1 as never });
    run.operate({ kind: "resume" }).compared();
    expect(run.alarm()).toContain("killed (lunch): a resume is refused for another 15 s");
    // Whoever kills again later begins a new one; a clock that is ahead makes it no longer than that.
    run
      .operate({ kind: "kill", givenAt: (STARTS_AT + 9e9) as never })
      .operate({ kind: "resume" })
      .compared();
    expect(run.alarm()).toContain("refused for another 60 s");
    run.wait(60_000).operate({ kind: "resume" }).compared();
    expect(run.core.system.status).toBe("READY");
  });

  it("told late, is over when its time has passed, and excuses no kill of the bot's own", () => {
    const old = listed(new RiskRun());
    old.operate({ kind: "kill", givenAt: 1 as never });
    expect(Number.isSafeInteger(old.core.risk.killed!.at)).toBe(true);
    old.operate({ kind: "resume" }).compared();
    expect(old.core.system.status).toBe("READY");
    const run = listed(new RiskRun({ risk: { ...ROOM, runaway: { max_orders_per_second: 1 } } }));
    run.act(many(2)).operate({ kind: "kill", givenAt: 1 as never });
    expect(run.core.risk.killed).toMatchObject({ by: "runaway" });
    run.operate({ kind: "resume", reason: "mended" }).compared();
    expect(run.core.system.status).toBe("HALTED");
  });

  it("holds merges and redemptions back until it is resumed", () => {
    const chain = (run: RiskRun): readonly string[] =>
      run.venue.sent.flatMap((command) => (command.kind === "chain" ? [command.action.kind] : []));
    const run = listed(new RiskRun({ capabilities: { merge: true } }));
    const [held] = run.place({ size: shares(10) });
    run.trade(held!, "t1", "CONFIRMED").operate({ kind: "kill" });
    const marketId = id<MarketId>("m1");
    run.tape.offer({
      type: "market_resolution",
      marketId,
      payouts: [1_000_000, 0],
      source: "venue",
    } as never);
    run.wait(60_000).operate({ kind: "resume", reason: "looked at it" });
    expect(chain(run)).toEqual([]);
    expect(chain(run.compared())).toEqual(["redeem"]);
  });

  it("keeps its time over a restart", () => {
    const run = listed(new RiskRun());
    run.operate({ kind: "kill", reason: "lunch" });
    const next = run.restarted(40_000, {}, listed);
    next.operate({ kind: "resume" }).compared();
    expect(next.alarm()).toMatch(/killed \(lunch\): a resume is refused for another 20 s/);
    next.wait(20_000).operate({ kind: "resume" }).compared();
    expect(next.core.system.status).toBe("READY");
  });
});

describe("a word that stops entries", () => {
  it("takes back the entries that rest, however often the venue refuses, and leaves exits and hedges", () => {
    const run = listed(new RiskRun({ risk: ROOM }));
    const [held] = run.place({ size: shares(10) });
    run.trade(held!, "t1", "CONFIRMED");
    run.act((ctx) => {
      ctx.buy(request({ limit: cents(30) }));
      ctx.buy(request({ outcome: 1, limit: cents(20), purpose: "hedge" }));
      ctx.sell(request({ limit: cents(90), purpose: "exit" }));
    });
    const open = [...run.core.orders.allOpen()].map(({ orderId }) => orderId!);
    for (const each of open) run.report(each, "live");
    run.operate({ kind: "stop_entries", reason: "the internet is shaky" });
    expect(run.cancelled()).toEqual(["s0-2"]);
    run.report(open[0]!, "cancel_refused", { detail: "busy" }).wait(1_000);
    expect(run.cancelled()).toEqual(["s0-2", "s0-2"]);
    expect(run.report(open[0]!, "canceled").core.orders.openCount).toBe(2);
  });

  it("takes back what comes to rest only afterwards", () => {
    const run = listed(new RiskRun({ risk: ROOM }));
    const [late] = run.place({});
    run.operate({ kind: "stop_entries" }).report(late!, "live").wait(1_000);
    expect(run.core.orders.byOrderId(late!)?.status).toBe("PENDING_CANCEL");
  });

  it("takes back what is adopted when a run goes on under it", () => {
    const run = listed(new RiskRun({ risk: ROOM })).operate({ kind: "stop_entries" });
    const next = run.restarted(1_000, { risk: ROOM }, (other) => {
      const what = {
        kind: "order",
        orderId: id("0x9"),
        marketId: id("m1"),
        outcome: 0,
        side: "buy",
        price: cents(30),
        size: shares(10),
        matched: 0,
      };
      listed(other).tape.offer({ type: "adopted", reason: "operator", evidence: "test", what } as never);
    });
    expect(next.core.system.status).toBe("STOP_ENTRY");
    expect(next.cancelled()).toEqual(["external-0x9"]);
  });
});
