import { createPaperBroker } from "@matchpoint/paper-broker";
import {
  AccountRebuilder,
  checkEvent,
  createRuntime,
  id,
  ModelMaker,
  parseConfig,
  PNL_PARTS,
  type CoreEvent,
  type MarketId,
  type RebuiltAccount,
  type Runtime,
  type Usdc,
} from "@matchpoint/sdk";
import { describe, expect, it } from "vitest";
import { STARTS_AT, Tape, testMarket } from "./tape.ts";

const CONFIG = parseConfig({ risk: { resolution_filter: "off" } });
const MARKET = testMarket({ makerRebatePpm: 150_000 });
const M1 = id<MarketId>("m1");

interface Run {
  readonly runtime: Runtime;
  readonly tape: Tape;
  readonly log: CoreEvent[];
}

function start(runId: string, carried?: RebuiltAccount): Run {
  const log: CoreEvent[] = [];
  const runtime = createRuntime({
    config: CONFIG,
    strategies: [{ use: ModelMaker, params: { reference: "microprice", min_rest_ms: 0 } }],
    execution: createPaperBroker({ runId, seed: 1 }),
    runId,
    mode: "live",
    collateral: 1_000_000_000 as Usdc,
    startsAt: STARTS_AT + (carried === undefined ? 0 : 3_600_000),
    ...(carried === undefined ? {} : { carried }),
    journal: { append: (event) => log.push(checkEvent(JSON.parse(JSON.stringify(event)))) },
  });
  return { runtime, tape: new Tape(runtime), log };
}

function first(): Run {
  const run = start("first");
  run.tape.market(MARKET).book([[47, 500]], [[53, 500]]);
  run.tape.wait(500).trade("sell", 47, 500);
  run.tape.wait(3_000).book([[46, 500]], [[54, 500]]);
  run.tape.wait(10_000).book([[45, 500]], [[54, 500]]);
  run.tape.wait(60_000).book([[44, 500]], [[54, 500]]);
  return run;
}

function rebuilt({ log }: Run): RebuiltAccount {
  const rebuilder = new AccountRebuilder();
  for (const event of log) rebuilder.take(event);
  return rebuilder.account(STARTS_AT + 3_600_000);
}

describe("profit and loss over a restart", () => {
  it("goes on to the micro-dollar, with what each fill was decided by and the rebates that are owed", () => {
    const before = first();
    const one = before.runtime.summary();
    expect(one.fills).toBeGreaterThan(0);
    expect([one.parts.edge > 0, one.parts.after5s + one.parts.after30s !== 0]).toEqual([true, true]);
    expect(one.rebates.accrued).toBeGreaterThan(0);
    const after = start("second", rebuilt(before));
    after.tape.market(MARKET).book([[44, 500]], [[54, 500]]);
    const two = after.runtime.summary();
    for (const what of [
      "pnl",
      "realized",
      "unrealized",
      "unrealizedAtModel",
      "fees",
      "equity",
      "rebates",
    ] as const)
      expect(two[what], what).toEqual(one[what]);
    for (const part of ["edge", "legLoss", "slippage", "fees", "conversion", "exit"] as const)
      expect(two.parts[part], part).toBe(one.parts[part]);
    // What was looked at after the fills is the first process's own: it counts with what came later.
    expect([two.parts.after5s, two.parts.after30s]).toEqual([0, 0]);
    expect(PNL_PARTS.reduce((sum, part) => sum + two.parts[part], 0)).toBe(two.pnl);
  });

  it("books rebates that came in meanwhile as profit, and owes them no more", () => {
    const before = first();
    const { accrued } = before.runtime.summary().rebates;
    const after = start("second", rebuilt(before));
    after.tape.market(MARKET).book([[44, 500]], [[54, 500]]);
    const { cash, pnl, equity, deposits } = after.runtime.summary();
    const what = { kind: "rebate", amount: 50_000 as Usdc } as const;
    after.tape.offer({ type: "adopted", reason: "operator", evidence: "the venue's balance", what });
    const paid = after.runtime.summary();
    expect([paid.cash, paid.equity, paid.pnl, paid.deposits]).toEqual([
      cash + 50_000,
      equity + 50_000,
      pnl,
      deposits,
    ]);
    expect(paid.rebates).toEqual({ accrued, received: 50_000, due: accrued - 50_000 });
    after.runtime.core.ledger.audit();
    const third = start("third", rebuilt(after));
    expect(third.runtime.core.ledger.cash).toBe(cash + 50_000);
    expect(third.runtime.core.ledger.rebates).toEqual(paid.rebates);
  });

  it("counts markets that the new run does not list, so that its rows add up to the account", () => {
    const before = first();
    const after = start("second", rebuilt(before));
    const { markets, pnl, fills } = after.runtime.summary();
    expect(markets.map(({ marketId, status }) => [marketId, status])).toEqual([[M1, "IDLE"]]);
    expect(markets[0]!.fills).toBe(before.runtime.summary().fills);
    expect(markets.reduce((sum, market) => sum + market.pnl, 0)).toBe(pnl);
    // Without any price it is held at what it cost.
    expect(markets[0]!.unrealized).toBe(0);
    expect(fills).toBe(0);
    const resolved = first();
    resolved.tape.resolve([0, 1]);
    const last = start("third", rebuilt(resolved)).runtime.summary();
    expect(last.markets).toMatchObject([
      { marketId: M1, status: "RESOLVED", pnl: resolved.runtime.summary().pnl },
    ]);
  });
});
