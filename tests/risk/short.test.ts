import { id, type BotConfigInput, type ExecutionCommand, type MarketId, type OrderId } from "@matchpoint/sdk";
import { describe, expect, it } from "vitest";
import { testMarket } from "../runtime/tape.ts";
import { cents, request, RiskRun, shares } from "./scripted.ts";

const placed = (sent: readonly ExecutionCommand[]): readonly OrderId[] =>
  sent.flatMap((command) => (command.kind === "place" ? [command.order.orderId] : []));

/** Twenty shares bought for $8 and sold for $15.80 before they were confirmed; the purchase ends otherwise afterwards. */
function soldTooSoon(
  risk: NonNullable<BotConfigInput["risk"]>,
  then: "FAILED" | "RETRYING",
): { readonly run: RiskRun; readonly bought: OrderId } {
  const run = new RiskRun({
    risk: {
      max_order_usdc: 50,
      max_market_usdc: 100,
      max_match_usdc: 100,
      max_account_usdc: 100,
      max_unsettled_usdc: 100,
      ...risk,
    },
  });
  for (const marketId of ["m1", "m2"]) run.tape.market(testMarket({ marketId: id<MarketId>(marketId) }));
  const [bought] = run.place({ size: shares(20) });
  run.trade(bought!, "t1", "MINED").book(80, 82);
  const before = run.venue.sent.length;
  run.act((ctx) => ctx.sell(request({ limit: cents(79), size: shares(20), orderType: "FAK" })));
  const [sold] = placed(run.venue.sent.slice(before));
  run.trade(sold!, "t2", "MATCHED", { at: 79 }).trade(bought!, "t1", then);
  return { run, bought: bought! };
}

function short(risk: NonNullable<BotConfigInput["risk"]>): RiskRun {
  const { run } = soldTooSoon(risk, "FAILED");
  expect(run.core.ledger.position(id<MarketId>("m1"), 0)).toMatchObject({ matched: -20e6, cost: -15.8e6 });
  return run;
}

describe("a purchase that fails when its shares are sold", () => {
  it.each([
    [{ max_account_usdc: 51 }, "MAX_ACCOUNT"],
    [{ max_unsettled_usdc: 51 }, "MAX_UNSETTLED"],
  ])("lends nothing to %o: the missing shares count with a dollar each", (risk, code) => {
    const run = short(risk);
    expect(run.placeIn("m2", { size: shares(80) })).toHaveLength(0);
    expect(run.denials()).toEqual([code]);
    // $20 may be needed; what more is asked for costs $30 and its fee.
    expect(run.placeIn("m2", { size: shares(75) })).toHaveLength(1);
  });

  it("halts its market, over a restart too, until comparisons agree and a person resumes", () => {
    const run = short({});
    expect(run.alarms()).toContain("POSITION_SHORT");
    expect([run.causes("m1"), run.causes("m2")]).toEqual([["reconcile"], []]);
    run.operate({ kind: "resume" });
    expect(run.causes("m1")).toEqual(["reconcile"]);
    const next = run.restarted(1_000, {}, (other) => {
      other.tape.market(testMarket({ marketId: id<MarketId>("m1") }));
    });
    expect(next.causes("m1")).toEqual(["reconcile"]);
  });

  it("counts by its payout once that is known", () => {
    const run = short({ max_account_usdc: 51 });
    run.tape.offer({
      type: "market_resolution",
      marketId: id<MarketId>("m1"),
      payouts: [0, 1_000_000],
      source: "venue",
    } as never);
    expect(run.core.ledger.owed(id<MarketId>("m1"))).toBe(0);
    expect(run.placeIn("m2", { size: shares(80) })).toHaveLength(1);
  });
});

describe("a purchase that is being retried when its shares are sold", () => {
  it.each([
    [{ max_account_usdc: 51 }, "MAX_ACCOUNT"],
    [{ max_unsettled_usdc: 51 }, "MAX_UNSETTLED"],
  ])("may fail yet: %o counts its shares with a dollar each until it is mined again", (risk, code) => {
    const { run, bought } = soldTooSoon(risk, "RETRYING");
    expect(run.core.ledger.owed(id<MarketId>("m1"))).toBe(20e6);
    expect(run.placeIn("m2", { size: shares(80) })).toHaveLength(0);
    expect(run.denials()).toEqual([code]);
    expect([run.alarms(), run.causes("m1")]).toEqual([[], []]);
    run.trade(bought, "t1", "MINED");
    expect(run.core.ledger.owed(id<MarketId>("m1"))).toBe(0);
    expect(run.placeIn("m2", { size: shares(80) })).toHaveLength(1);
  });

  it("costs what more was sold than would be left, and nothing while that is all there", () => {
    const { run, bought } = soldTooSoon({}, "RETRYING");
    const [second] = run.place({ size: shares(25) });
    run.trade(second!, "t3", "MATCHED", { size: 15 });
    expect(run.core.ledger.owed(id<MarketId>("m1"))).toBe(5e6);
    run.trade(second!, "t4", "MATCHED", { size: 10 });
    expect(run.core.ledger.owed(id<MarketId>("m1"))).toBe(0);
    run.trade(bought, "t1", "FAILED");
    expect(run.core.ledger.position(id<MarketId>("m1"), 0)).toMatchObject({ matched: 5e6 });
  });
});
