import { describe, expect, it } from "vitest";
import type { TradeReport, TradeStatus } from "../../src/events/index.ts";
import { id } from "../../src/ids.ts";
import { OrderStore } from "../../src/orders/index.ts";
import { Ledger } from "../../src/portfolio/index.ts";
import type { Millis, Nanos, Price, Shares, Usdc } from "../../src/units/index.ts";

function report(status: TradeStatus, over: Partial<TradeReport> = {}): TradeReport {
  return {
    type: "trade_report",
    at: 5 as Nanos,
    receivedAt: 0 as Millis,
    tradeId: id("t"),
    orderId: id("theirs"),
    marketId: id("m"),
    outcome: 0,
    side: "buy",
    price: 4_000 as Price,
    size: 1_000_000 as Shares,
    cost: 400_000 as Usdc,
    fee: 0 as Usdc,
    liquidity: "maker",
    status,
    ...over,
  };
}

describe("an adopted trade", () => {
  it("holds its market open until it is terminal, and is followed like any other", () => {
    const [store, ledger] = [new OrderStore(), new Ledger()];
    expect(store.trade(report("MATCHED")).kind).toBe("foreign");
    expect(store.tradeStatus(id("theirs"), id("t"))).toBeUndefined();
    expect(store.hasOpen(id("m"))).toBe(false);

    const adopted = store.adopt(report("MATCHED"));
    expect(adopted).toMatchObject({ kind: "matched", order: undefined, from: undefined, to: "MATCHED" });
    ledger.trade(adopted, 5 as Nanos);
    expect(store.hasOpen(id("m"))).toBe(true);
    expect(store.adopt(report("MATCHED")).kind).toBe("duplicate");

    expect(store.trade(report("MINED")).kind).toBe("advanced");
    const confirmed = store.trade(report("CONFIRMED"));
    ledger.trade(confirmed, 6 as Nanos);
    expect(confirmed.kind).toBe("confirmed");
    expect(store.hasOpen(id("m"))).toBe(false);
    expect(ledger.position(id("m"), 0)).toMatchObject({ matched: 1_000_000, settled: 1_000_000 });
    expect(ledger.byStrategy()).toMatchObject([{ strategyId: "external", trades: 1 }]);
    expect(store.counts.foreign).toBe(1);

    ledger.trade(store.trade(report("FAILED")), 7 as Nanos);
    expect(ledger.position(id("m"), 0).matched).toBe(0);
    ledger.audit();
  });

  it("is adopted as what was heard of it before", () => {
    const store = new OrderStore();
    store.trade(report("CONFIRMED"));
    expect(store.adopt(report("MATCHED"))).toMatchObject({
      kind: "matched",
      to: "CONFIRMED",
      report: { status: "CONFIRMED" },
    });
    const failed = new OrderStore();
    failed.trade(report("FAILED"));
    expect(failed.adopt(report("MATCHED"))).toMatchObject({ kind: "voided", from: undefined, to: "FAILED" });
    expect(failed.hasOpen(id("m"))).toBe(false);
  });

  it("whose numbers change is a contradiction; the first stand", () => {
    const store = new OrderStore();
    store.adopt(report("MATCHED"));
    expect(store.trade(report("MINED", { cost: 1 as Usdc })).illegal).toContain("restated");
  });

  it("survives a snapshot", () => {
    const store = new OrderStore();
    store.adopt(report("MATCHED"));
    store.trade(report("MATCHED", { tradeId: id("other") }));
    const again = OrderStore.restore(
      JSON.parse(JSON.stringify(store.snapshot())) as ReturnType<OrderStore["snapshot"]>,
    );
    expect(again.snapshot()).toEqual(store.snapshot());
    expect(again.hasOpen(id("m"))).toBe(true);
    expect(again.trade(report("CONFIRMED")).kind).toBe("confirmed");
    expect(again.hasOpen(id("m"))).toBe(false);
    expect(again.trade(report("CONFIRMED", { tradeId: id("other") })).kind).toBe("foreign");
  });

  it("must have numbers that are a trade's", () => {
    for (const size of [0, -1, 1.5, NaN, 1e309]) {
      expect(() => new OrderStore().adopt(report("MATCHED", { size: size as Shares }))).toThrow(/size/);
    }
  });
});
