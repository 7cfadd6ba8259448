import { createPaperBroker } from "@matchpoint/paper-broker";
import { createRuntime, defaultConfig, ModelMaker, PairArb, TemporalArb, type CoreEvent, type StrategyUse } from "@matchpoint/sdk";
import { describe, expect, it } from "vitest";
import { STARTS_AT, Tape, testMarket } from "./tape.ts";

function start(...strategies: readonly StrategyUse[]) {
  const log: CoreEvent[] = [];
  const runtime = createRuntime({
    config: defaultConfig(),
    strategies,
    execution: createPaperBroker({ runId: "test", seed: 1 }),
    runId: "test",
    startsAt: STARTS_AT,
    journal: { append: (event) => log.push(event) },
  });
  return { runtime, log, tape: new Tape(runtime) };
}

describe("a paper run", () => {
  it("quotes both sides, is filled on both, merges the pair and accounts for every micro-dollar", () => {
    const { runtime, tape } = start({ use: ModelMaker, params: { reference: "microprice" } });
    tape.market(testMarket()).book([[49, 100]], [[51, 100]]);
    tape.wait(500);
    expect(runtime.core.counts.orders).toBe(2);
    // Whoever sells through our bid, and buys through our offer, fills both quotes.
    tape.trade("sell", 47, 500).wait(200);
    tape.trade("buy", 53, 500).wait(30_000);
    const summary = runtime.finish("end of the tape");
    expect(summary.fills).toBeGreaterThanOrEqual(2);
    expect(summary.merges).toBeGreaterThanOrEqual(1);
    expect(summary.markets.reduce((sum, market) => sum + market.pnl, 0)).toBe(summary.pnl);
    expect(summary.cash + summary.unrealized - summary.deposits).toBeGreaterThan(0);
  });
});

void [PairArb, TemporalArb];
