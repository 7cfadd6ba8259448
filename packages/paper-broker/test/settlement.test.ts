import { describe, expect, it } from "vitest";
import type { TradeReport } from "@matchpoint/sdk";
import { cents, Harness, MARKET, sh, usd } from "./harness.ts";

const bought = (
  options: ConstructorParameters<typeof Harness>[0] = {},
): { h: Harness; of: () => TradeReport[] } => {
  const h = new Harness(options).book([], [[50, 100]]);
  const orderId = h.placed({ size: sh(10) });
  return {
    h,
    of: () =>
      h.reports.filter(
        (each): each is TradeReport => each.type === "trade_report" && each.orderId === orderId,
      ),
  };
};
const pair = (h: Harness, size: number): Harness => h.own(0, size, 40).own(1, size, 55);

describe("trades after the match", () => {
  it("PB-100 are mined after 2 s and confirmed after 10", () => {
    const { h, of } = bought();
    h.to(20_000);
    expect(of().map((each) => [each.status, each.at / 1e6])).toEqual([
      ["MATCHED", 116],
      ["MINED", 2_058],
      ["CONFIRMED", 10_058],
    ]);
    expect(new Set(of().map((each) => each.tradeId)).size).toBe(1);
  });

  it("PB-101 are matched at once and settled when confirmed", () => {
    const { h } = bought();
    const settled = (): number => h.broker.view.positions()[0]!.settled;
    expect([h.held(0), settled()]).toEqual([10, 0]);
    expect([h.to(10_057).held(0), settled()]).toEqual([10, 0]);
    expect([h.to(10_058).held(0), settled()]).toEqual([10, sh(10)]);
  });

  it("PB-102 that fail give back shares, dollars and fee", () => {
    const { h, of } = bought({ faults: { trade_fail: 1 } });
    h.to(20_000);
    expect(of().map((each) => each.status)).toEqual(["MATCHED", "FAILED"]);
    expect([h.cash(), h.held(0), h.broker.view.free()]).toEqual([1000, 0, usd(1000)]);
    expect(h.broker.view.stats().tradesFailed).toBe(1);
  });

  it("PB-103 are retried at most three times", () => {
    const { h, of } = bought({ faults: { trade_retry: 1 } });
    h.to(30_000);
    expect(of().map((each) => each.status)).toEqual([
      "MATCHED",
      "RETRYING",
      "RETRYING",
      "RETRYING",
      "MINED",
      "CONFIRMED",
    ]);
  });

  it("PB-104 may be reported twice", () => {
    const { h, of } = bought({ faults: { duplicate_report: 1 } });
    h.to(30_000);
    expect(of().map((each) => each.status)).toEqual([
      "MATCHED",
      "MATCHED",
      "MINED",
      "MINED",
      "CONFIRMED",
      "CONFIRMED",
    ]);
    expect(h.broker.view.positions()).toMatchObject([{ matched: sh(10), settled: sh(10) }]);
  });

  it("PB-105 fail about as often as asked, each by its own luck", () => {
    const h = new Harness({ collateral: usd(1e6), faults: { trade_fail: 0.3 } }).book([], [[50, 1e6]]);
    for (let i = 0; i < 400; i++) h.place({ size: sh(5) });
    h.to(20_000);
    const failed = h.trades(undefined, "FAILED").length;
    expect(failed).toBeGreaterThan(85);
    expect(failed).toBeLessThan(155);
    expect(failed + h.trades(undefined, "CONFIRMED").length).toBe(400);
  });

  it("PB-106 a failed sell gives its shares back, and its proceeds were never free", () => {
    const h = new Harness({ sell_gate: "confirmed" }).own(0, 10, 50);
    const failing = new Harness({ faults: { trade_fail: 1 } }, null);
    failing.broker.restore(h.broker.snapshot());
    failing.now = h.now;
    failing.book([[50, 10]], []);
    failing.placed({ side: "sell", orderType: "FAK" });
    expect([failing.cash(), failing.broker.view.free()]).toEqual([1000, usd(995)]);
    failing.wait(5_000);
    expect([failing.cash(), failing.broker.view.free(), failing.held(0)]).toEqual([995, usd(995), 10]);
  });
});

describe("merge, split and redeem", () => {
  it("PB-110 merges confirmed pairs into dollars, final after 4 s", () => {
    const h = pair(new Harness(), 10);
    const start = h.now;
    expect(h.cash()).toBe(1000 - 9.5);
    const action = h.chain("merge", [10, 10]);
    h.wait(5_000);
    expect(h.chainReports(action).map((each) => [each.status, each.at / 1e6 - start, each.proceeds])).toEqual(
      [
        ["SENT", 0, undefined],
        ["MINED", 2_000, undefined],
        ["FINAL", 4_000, usd(10)],
      ],
    );
    expect([h.cash(), h.held(0), h.held(1)]).toEqual([1000.5, 0, 0]);
  });

  it("PB-111 reverts a merge of shares that are not confirmed yet, and leaves them as they are", () => {
    const h = pair(new Harness(), 10).book([], [[40, 10]]);
    h.placed({ limit: cents(40) });
    h.wait(5_000);
    const action = h.chain("merge", [20, 10]);
    const other = h.chain("merge", [20, 20]);
    h.wait(5_000);
    expect(h.chainReports(action).map((each) => each.status)).toEqual(["SENT", "REVERTED"]);
    expect(h.chainReports(other)[1]!.detail).toMatch(/outcome 0: 10000000 confirmed, 20000000 needed/);
    expect([h.held(0), h.held(1)]).toEqual([20, 10]);
  });

  it("PB-112 holds the shares of a pending merge back, from sells and from another merge", () => {
    const h = pair(new Harness(), 10);
    h.chain("merge", [6, 6]);
    const second = h.chain("merge", [5, 5]);
    h.book([[45, 100]], []);
    expect(h.statuses(h.placed({ side: "sell", orderType: "FAK", limit: cents(45), size: sh(5) }))).toContain(
      "rejected:BALANCE",
    );
    expect(h.statuses(h.placed({ side: "sell", orderType: "FAK", limit: cents(45), size: sh(4) }))).toContain(
      "matched",
    );
    h.wait(5_000);
    expect(h.chainReports(second).at(-1)!.status).toBe("REVERTED");
    expect([h.held(0), h.held(1)]).toEqual([0, 4]);
  });

  it("PB-113 makes open sells invalid whose shares are merged away, the newest first", () => {
    const h = pair(new Harness(), 10).book([], []);
    const old = h.placed({ side: "sell", limit: cents(60), size: sh(5) });
    const young = h.placed({ side: "sell", limit: cents(61), size: sh(5) });
    h.chain("merge", [5, 5]);
    h.wait(100);
    expect(h.statuses(old)).toEqual(["sent", "live"]);
    expect(h.statuses(young)).toEqual(["sent", "live", "invalid:BALANCE"]);
  });

  it("PB-114 splits dollars into pairs that can be sold", () => {
    const h = new Harness().book([[45, 100]], []);
    const action = h.chain("split", [20, 20]);
    expect(h.broker.view.free()).toBe(usd(980));
    h.wait(5_000);
    expect(h.chainReports(action).at(-1)).toMatchObject({ status: "FINAL", proceeds: usd(-20) });
    expect([h.cash(), h.held(0), h.held(1)]).toEqual([980, 20, 20]);
    expect(
      h.statuses(h.placed({ side: "sell", orderType: "FAK", limit: cents(45), size: sh(20) })),
    ).toContain("matched");
    const poor = h.chain("split", [2_000, 2_000]);
    expect(h.wait(5_000).chainReports(poor).at(-1)!.status).toBe("REVERTED");
  });

  it.each([
    ["a winner", [1, 0], 10],
    ["a 50-50", [0.5, 0.5], 7.5],
    ["nobody that we hold", [0, 1], 5],
  ] as const)("PB-115 redeems %s by its payouts", (_name, payouts, proceeds) => {
    const h = pair(new Harness(), 5).own(0, 5, 50).wait(12_000);
    const cash = h.cash();
    const early = h.chain("redeem", [10, 5]);
    h.wait(5_000).event({
      type: "market_resolution",
      marketId: MARKET,
      payouts: [usd(payouts[0]), usd(payouts[1])],
      source: "chain",
    });
    const action = h.chain("redeem", [10, 5]);
    h.wait(5_000);
    expect(h.chainReports(early).at(-1)).toMatchObject({
      status: "REVERTED",
      detail: "the market is not resolved",
    });
    expect(h.chainReports(action).at(-1)).toMatchObject({ status: "FINAL", proceeds: usd(proceeds) });
    expect([h.cash() - cash, h.held(0), h.held(1)]).toEqual([proceeds, 0, 0]);
  });

  it("PB-116 reverts by bad luck when asked to, and gives everything back", () => {
    const h = pair(new Harness({ faults: { chain_revert: 1 } }), 10);
    const action = h.chain("merge", [10, 10]);
    h.wait(5_000);
    expect(h.chainReports(action).map((each) => each.status)).toEqual(["SENT", "REVERTED"]);
    expect([h.held(0), h.held(1)]).toEqual([10, 10]);
    expect(h.broker.view.positions()).toMatchObject([{ settled: sh(10) }, { settled: sh(10) }]);
  });

  it("PB-117 ignores and counts an action sent twice, and refuses amounts that are none", () => {
    const h = pair(new Harness(), 10);
    h.chain("merge", [5, 5], "chain-x");
    h.chain("merge", [5, 5], "chain-x");
    const bad = [
      h.chain("merge", [-5, -5]),
      h.chain("merge", [0, 0]),
      h.chain("merge", [Number.NaN, 5]),
      h.chain("split", [5, 4]),
    ];
    h.wait(5_000);
    expect([h.held(0), h.broker.view.stats().duplicateActions]).toEqual([5, 1]);
    for (const action of bad) expect(h.chainReports(action).at(-1)!.status).toBe("REVERTED");
  });
});
