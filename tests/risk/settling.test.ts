import { id, type MarketId } from "@matchpoint/sdk";
import { describe, expect, it } from "vitest";
import { testMarket } from "../runtime/tape.ts";
import { cents, request, RiskRun, shares } from "./scripted.ts";

const MARKET = testMarket({ marketId: id<MarketId>("m1") });

/** Ten shares bought for $4, a minute before they are late. */
function bought(status: "MATCHED" | "MINED" | "RETRYING"): RiskRun {
  const run = new RiskRun();
  run.tape.market(MARKET);
  const [orderId] = run.place({});
  return run.trade(orderId!, "t1", status);
}
const order = (run: RiskRun): never => [...run.venue.intents.keys()][0] as never;
const late = (run: RiskRun): number => run.alarms().filter((code) => code === "TRADE_UNSETTLED").length;

describe("a trade that is not settled for long", () => {
  it.each(["MATCHED", "MINED", "RETRYING"] as const)("is told of once while it is %s", (status) => {
    const run = bought(status).wait(59_000).book();
    expect(late(run)).toBe(0);
    run.wait(1_000).book();
    expect(run.alarm()).toBe(
      `trade t1 is still ${status} after 60 s: 10 shares bought for $4 may stand, or be voided yet`,
    );
    for (let i = 0; i < 5; i++) run.wait(60_000).book();
    expect(late(run)).toBe(1);
  });

  it("is late by its first word, whatever it has been since", () => {
    const run = bought("MATCHED").wait(40_000);
    run.trade(order(run), "t1", "RETRYING").wait(20_000).book();
    expect(run.alarm()).toContain("trade t1 is still RETRYING after 60 s");
  });

  it("is not told of when the same word that comes late settles it", () => {
    const run = bought("MATCHED").wait(90_000);
    run.trade(order(run), "t1", "CONFIRMED").wait(90_000).book();
    expect(late(run)).toBe(0);
  });

  it("goes on waiting over a restart, and its next run is told of it after it has recovered", () => {
    const next = bought("MINED").restarted(90_000, {}, (run) => {
      run.tape.market(MARKET);
      expect(late(run)).toBe(0);
    });
    next.wait(2_000).book();
    expect(next.alarm()).toContain("trade t1 is still MINED after 9");
  });
});

describe("a trade that fails", () => {
  const voided = (run: RiskRun): string => {
    expect(run.alarms()).toContain("FILL_VOIDED");
    return run.effects.flatMap((each) =>
      each.type === "alarm" && each.code === "FILL_VOIDED" ? [`${each.marketId}: ${each.message}`] : [],
    )[0]!;
  };

  it("is told of with what is as before it", () => {
    const run = bought("MINED");
    run.trade(order(run), "t1", "FAILED").trade(order(run), "t1", "FAILED");
    expect(voided(run)).toBe("m1: trade t1 has failed: 10 shares are gone, $4 is back");
    expect(run.alarms()).toEqual(["FILL_VOIDED"]);
  });

  it("says the same of a sale", () => {
    const run = bought("CONFIRMED" as never);
    run.act((ctx) => ctx.sell(request({ limit: cents(40), size: shares(5), orderType: "FAK" })));
    const [, sale] = [...run.venue.intents.keys()];
    run.trade(sale!, "t2", "MATCHED").trade(sale!, "t2", "FAILED");
    expect(voided(run)).toBe("m1: trade t2 has failed: 5 shares are back, $2 is gone");
  });

  it("gives nothing back that had never counted", () => {
    const run = bought("FAILED" as never);
    expect(voided(run)).toBe("m1: trade t1 has failed: it was not heard of before, and never counted");
  });
});
