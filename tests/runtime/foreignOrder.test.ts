import {
  id,
  type Intent,
  type Price,
  type Shares,
  type StrategyUse,
  type Trade,
  type Usdc,
} from "@matchpoint/sdk";
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

describe("an order that somebody else made with our account", () => {
  const foreign: Intent = {
    intentId: id("theirs"),
    strategyId: id("nobody"),
    marketId: id("m1"),
    outcome: 0,
    side: "buy",
    orderType: "GTC",
    postOnly: false,
    limit: 4_000 as Price,
    size: 20_000_000 as Shares,
    purpose: "entry",
    reason: "by hand",
  };

  /** A second writer rests a bid; nobody tells us (`heard` false), or its trades are told once `heard` is true. */
  function withForeign(strategies: readonly StrategyUse[] = [MAKER]): {
    run: TestRun;
    channel: { heard: boolean };
  } {
    const channel = { heard: false };
    const theirs = new Set<string>();
    const run = startRun(strategies, {
      between: (broker) =>
        between(broker, (report) => channel.heard || !("orderId" in report) || !theirs.has(report.orderId)),
    });
    const { tape, runtime, broker } = run;
    tape
      .market(testMarket())
      .market(OTHER)
      .book([[49, 100]], [[51, 100]])
      .wait(500);
    const order = broker.prepare(foreign, 999);
    theirs.add(order.orderId);
    broker.submit({ kind: "place", order }, runtime.at);
    tape.wait(500);
    return { run, channel };
  }

  it("halts every market at once, for as long as it is there: it is the same money", async () => {
    const { run } = withForeign();
    const { runtime, tape, broker } = run;
    const reconciler = reconcilerOf(run);
    const found = await look(run, reconciler);
    expect(found.differences).toEqual([
      {
        kind: "foreign_order",
        marketId: "m1",
        outcome: 0,
        orderId: expect.any(String) as string,
        expected: 0,
        actual: 20_000_000,
      },
    ]);
    expect(causesIn(runtime)).toEqual(["foreign_order"]);
    expect(causesIn(runtime, "m2")).toEqual(["foreign_order"]);
    operate(run, { kind: "resume" });
    expect(causesIn(runtime)).toEqual(["foreign_order"]);

    broker.submit(
      { kind: "cancel", intentId: foreign.intentId, orderId: found.differences[0]!.orderId! },
      runtime.at,
    );
    for (let i = 0; i < 2; i++) {
      tape.wait(1_000);
      expect((await look(run, reconciler)).agrees).toBe(true);
    }
    operate(run, { kind: "resume" });
    expect(causesIn(runtime)).toEqual([]);
  });

  it("is adopted as EXTERNAL once it has traded: the books balance and the halt can end", async () => {
    const { run, channel } = withForeign();
    const { runtime, tape, broker } = run;
    const { ledger } = runtime.core;
    const reconciler = reconcilerOf(run);
    await look(run, reconciler);
    tape
      .book([[30, 100]], [[35, 500]])
      .trade("sell", 35, 500)
      .wait(200);
    const theirs = (): Trade[] =>
      broker.view.trades().trades.filter((each) => runtime.core.orders.ownership(each.orderId) === "foreign");
    expect(theirs().length).toBeGreaterThan(0);
    const found = await look(run, reconciler);
    expect(found.differences.map(({ kind }) => kind)).toEqual(theirs().map(() => "foreign_trade"));
    expect(ledger.cash).not.toBe(broker.view.balances().collateral);

    operate(run, { kind: "adopt", trades: theirs() });
    operate(run, { kind: "adopt", trades: theirs() });
    expect(ledger.cash).toBe(broker.view.balances().collateral);
    expect(ledger.byStrategy().map(({ strategyId, trades }) => [strategyId, trades])).toContainEqual([
      "external",
      theirs().length,
    ]);
    ledger.audit();
    expect(runtime.core.orders.hasOpen(id("m1"))).toBe(true);

    // From now on their reports are heard, and are those of any trade.
    channel.heard = true;
    tape.wait(60_000);
    expect(alarms(run).filter((code) => code === "FOREIGN_TRADE")).toHaveLength(theirs().length);
    for (let i = 0; i < 2; i++) {
      tape.wait(1_000);
      expect((await look(run, reconciler)).differences).toEqual([]);
    }
    operate(run, { kind: "resume" });
    expect(causesIn(runtime)).toEqual([]);
    tape.resolve([1, 0]).wait(60_000);
    runtime.finish("end");
    expect(runtime.core.market(id("m1"))!.trading.status).toBe("RESOLVED");
    expect(compareNow(run)).toEqual({ agrees: true, differences: [], inFlight: new Set(), rounding: [] });
    ledger.audit();
    expectVerified(run);
  });

  it("in a market that no strategy has claimed can only be reduced once it is adopted", () => {
    const { run } = withForeign([]);
    const { runtime, tape, broker } = run;
    tape.trade("sell", 35, 500).wait(60_000);
    operate(run, { kind: "adopt", trades: broker.view.trades().trades });
    const entry = runtime.core.market(id("m1"))!;
    expect(causesIn(runtime)).toEqual(["reconcile"]); // holdings that no intent explains
    for (let i = 0; i < 2; i++) {
      const { agrees, differences } = compareNow(run);
      tape.offer({ type: "reconciled", agrees, differences });
    }
    operate(run, { kind: "resume" });
    expect(entry.trading.status).toBe("TEMPORAL_ACTIVE");
    expect(entry.trading.owner).toBeUndefined();
    expect(runtime.core.ledger.byStrategy().map(({ strategyId }) => strategyId)).toEqual(["external"]);
  });

  it("that was adopted in a wrong amount is refused, and nothing is booked", () => {
    const { run } = withForeign();
    const { runtime } = run;
    const wrong: Trade = {
      tradeId: id("t"),
      orderId: id("o"),
      marketId: id("m1"),
      outcome: 0,
      side: "buy",
      price: 4_000 as Price,
      size: -5 as Shares,
      cost: 1 as Usdc,
      fee: 0 as Usdc,
      liquidity: "maker",
      status: "CONFIRMED",
    };
    operate(run, {
      kind: "adopt",
      trades: [wrong, { ...wrong, size: 1.5 as Shares }],
      collateral: NaN as Usdc,
    });
    expect(alarms(run).filter((code) => code === "ADOPT_REFUSED")).toHaveLength(3);
    expect(runtime.core.ledger.cash).toBe(1_000_000_000);
    runtime.core.ledger.audit();
  });
});
