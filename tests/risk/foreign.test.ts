import { id, type MarketId } from "@matchpoint/sdk";
import { describe, expect, it } from "vitest";
import { testMarket } from "../runtime/tape.ts";
import { cents, RiskRun } from "./scripted.ts";

const listing = (run: RiskRun, ...names: readonly string[]): RiskRun => {
  for (const name of names) run.tape.market(testMarket({ marketId: id<MarketId>(name) }));
  return run;
};
/** A run in whose account somebody else has an order. */
const foreign = (): RiskRun => listing(new RiskRun(), "m1").report(id("0xforeign"), "live");
const agree = (run: RiskRun, times = 2): RiskRun => {
  for (let i = 0; i < times; i++) run.compared();
  return run;
};

describe("an order that somebody else has in the account", () => {
  it("halts markets that are listed later", () => {
    const run = listing(foreign().wait(60_000), "m2");
    expect([run.causes("m1"), run.causes("m2")]).toEqual([["foreign_order"], ["foreign_order"]]);
    expect(run.placeIn("m2", {})).toHaveLength(0);
    expect(run.denials()).toEqual(["MARKET_HALTED"]);
  });

  it("halts them over a restart too, also when the run in between lists nothing", () => {
    const between = foreign().restarted();
    const next = between.restarted(1_000, { runId: "third" }, (run) => listing(run, "m3"));
    expect(next.causes("m3")).toEqual(["foreign_order"]);
  });

  it("is over when comparisons agree and a person resumes everything, in either order", () => {
    const resumed = agree(foreign().operate({ kind: "resume" }));
    const agreed = agree(foreign()).operate({ kind: "resume" });
    for (const run of [resumed, agreed]) expect(listing(run, "m2").causes("m2")).toEqual([]);
  });

  it.each([
    ["one agreement", (run: RiskRun) => agree(run, 1).operate({ kind: "resume" })],
    ["no resume", (run: RiskRun) => agree(run)],
    ["a resume of one market", (run: RiskRun) => agree(run).operate({ kind: "resume", marketId: id("m1") })],
    ["another order", (run: RiskRun) => agree(run).report(id("0xother"), "live").operate({ kind: "resume" })],
  ])("is not over by %s", (_name, end) => {
    const run = foreign();
    end(run);
    expect(listing(run, "m2").causes("m2")).toEqual(["foreign_order"]);
  });
});

describe("cash that differs from the venue's", () => {
  it.each(["cash", "chain_cash"] as const)(
    "ends entries and hedges in markets listed later too, over restarts: %s",
    (kind) => {
      const run = listing(new RiskRun(), "m1").wait(1);
      const differs = (): void => {
        const differences = [{ kind, expected: 1_000, actual: 900 }];
        run.wait(1).tape.offer({ type: "reconciled", agrees: false, differences });
      };
      differs();
      expect(run.causes("m1")).toEqual(["reconcile"]);
      expect(listing(run, "m2").placeIn("m2", {})).toHaveLength(0);
      expect(run.denials()).toEqual(["SYSTEM_REDUCE_ONLY"]);
      expect(run.restarted().core.system.status).toBe("REDUCE_ONLY");
      // Resumed too soon, it is back with the next comparison.
      run.operate({ kind: "resume" });
      differs();
      expect(run.core.system.status).toBe("REDUCE_ONLY");
      agree(run).operate({ kind: "resume" });
      expect(run.placeIn("m1", { limit: cents(41) })).toHaveLength(1);
    },
  );
});

describe("what somebody else did in one market", () => {
  it.each(["foreign_trade", "foreign_order"] as const)("halts every market by the difference %s", (kind) => {
    const run = listing(new RiskRun(), "m1", "m2").wait(1);
    const difference = { kind, marketId: id<MarketId>("m1"), expected: 0, actual: 1 };
    run.tape.offer({ type: "reconciled", agrees: false, differences: [difference] });
    listing(run, "m3");
    for (const name of ["m1", "m2", "m3"]) expect(run.causes(name)).toEqual(["foreign_order"]);
  });
});
