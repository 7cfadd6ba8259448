import { id, type Usdc } from "@matchpoint/sdk";
import { describe, expect, it } from "vitest";
import { startRun, type TestRun } from "./start.ts";
import { testMarket } from "./tape.ts";
import {
  MAKER,
  OTHER,
  between,
  compareNow,
  reconcilerOf,
  look,
  operate,
  causesIn,
  alarms,
  expectVerified,
} from "./reconciling.ts";

describe("a trade report that never came", () => {
  /** Our bid is filled, and the first words about it are lost; only its confirmation comes through. */
  function swallowing(): TestRun {
    const run = startRun([MAKER], {
      between: (broker) =>
        between(broker, (report) => report.type !== "trade_report" || report.status === "CONFIRMED"),
    });
    run.tape
      .market(testMarket())
      .market(OTHER)
      .book([[49, 100]], [[51, 100]])
      .book([[49, 100]], [[51, 100]], "m2");
    run.tape.wait(500).trade("sell", 47, 500).wait(200);
    return run;
  }

  it("is found at the second look, halts its market, and is over with two agreements and a resume", async () => {
    const run = swallowing();
    const { runtime, tape } = run;
    const reconciler = reconcilerOf(run);
    const first = await look(run, reconciler);
    expect(first.agrees).toBe(true);
    expect(first.inFlight.size).toBeGreaterThan(0);
    expect(causesIn(runtime)).toEqual([]);

    const [lost] = run.broker.view.trades().trades;
    tape.wait(200);
    const second = await look(run, reconciler);
    expect(second.differences[0]).toEqual({
      kind: "missed_trade",
      marketId: "m1",
      outcome: lost!.outcome,
      orderId: lost!.orderId,
      tradeId: lost!.tradeId,
      expected: 0,
      actual: lost!.size,
    });
    expect(runtime.core.market(id("m1"))!.trading.status).toBe("HALT");
    expect(causesIn(runtime)).toEqual(["reconcile"]);
    expect(causesIn(runtime, "m2")).toEqual([]);
    expect(alarms(run)).toContain("RECONCILE_MISMATCH");

    tape.wait(60_000); // the confirmation
    expect(runtime.core.ledger.cash).toBe(run.broker.view.balances().collateral);
    expect((await look(run, reconciler)).agrees).toBe(true);
    operate(run, { kind: "resume", marketId: id("m1") });
    expect(causesIn(runtime)).toEqual(["reconcile"]);
    tape.wait(200);
    expect((await look(run, reconciler)).agrees).toBe(true);
    expect(causesIn(runtime)).toEqual([]);
    expect(runtime.core.market(id("m1"))!.trading.status).not.toBe("HALT");
    expectVerified(run);
  });

  it("may be resumed after the agreements as well, but not with one of them", async () => {
    const run = swallowing();
    const { runtime, tape } = run;
    const reconciler = reconcilerOf(run);
    await look(run, reconciler);
    tape.wait(200);
    await look(run, reconciler);
    tape.wait(60_000);
    await look(run, reconciler);
    tape.wait(200);
    await look(run, reconciler);
    expect(causesIn(runtime)).toEqual(["reconcile"]);
    operate(run, { kind: "resume" });
    expect(causesIn(runtime)).toEqual([]);
  });

  it("does not count agreements from before the mismatch, nor around another one", () => {
    const run = startRun([MAKER]);
    const { tape, runtime } = run;
    tape.market(testMarket());
    const say = (agrees: boolean): void => {
      const differences = agrees ? [] : [{ kind: "cash", expected: 1, actual: 2 } as const];
      tape.wait(1).offer({ type: "reconciled", agrees, differences });
    };
    for (const agrees of [true, true, false, true, false, true]) say(agrees);
    operate(run, { kind: "resume" });
    expect(causesIn(runtime)).toEqual(["reconcile"]);
    say(true);
    expect(causesIn(runtime)).toEqual([]);
  });

  it("can be adopted, and is then its strategy's own", async () => {
    const run = swallowing();
    const { runtime, tape, broker } = run;
    const trades = broker.view.trades().trades.filter(({ marketId }) => marketId === "m1");
    operate(run, { kind: "adopt", trades });
    operate(run, { kind: "adopt", trades }); // once is enough
    expect(runtime.core.ledger.cash).toBe(broker.view.balances().collateral);
    expect(runtime.core.ledger.byStrategy().map(({ strategyId }) => strategyId)).toEqual(["model-maker"]);
    const reconciler = reconcilerOf(run);
    await look(run, reconciler);
    tape.wait(200);
    expect((await look(run, reconciler)).agrees).toBe(true);
    runtime.core.ledger.audit();
  });
});

describe("an unexplained difference of cash", () => {
  it("halts every market, until the collateral is adopted", () => {
    const run = startRun([MAKER]);
    const { tape, runtime } = run;
    tape.market(testMarket()).market(OTHER);
    tape.offer({
      type: "reconciled",
      agrees: false,
      differences: [{ kind: "cash", expected: 1_000_000_000, actual: 1_005_000_000 }],
    });
    expect(causesIn(runtime)).toEqual(["reconcile"]);
    expect(causesIn(runtime, "m2")).toEqual(["reconcile"]);
    operate(run, { kind: "adopt", trades: [], collateral: 5_000_000 as Usdc });
    expect(runtime.core.ledger.cash).toBe(1_005_000_000);
    expect(runtime.core.ledger.deposits).toBe(1_005_000_000);
    runtime.core.ledger.audit();
  });

  it("is found when something takes a dollar out, beyond what any trade explains", () => {
    const run = startRun([MAKER]);
    run.tape.market(testMarket());
    operate(run, { kind: "adopt", trades: [], collateral: -1_000_000 as Usdc });
    expect(compareNow(run).differences).toEqual([
      { kind: "cash", expected: 999_000_000, actual: 1_000_000_000 },
    ]);
  });
});
