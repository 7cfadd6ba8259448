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

function start(
  runId: string,
  carried?: RebuiltAccount,
  startsAt = STARTS_AT + (carried === undefined ? 0 : 3_600_000),
): Run {
  const log: CoreEvent[] = [];
  const runtime = createRuntime({
    config: CONFIG,
    strategies: [{ use: ModelMaker, params: { reference: "microprice", min_rest_ms: 0 } }],
    execution: createPaperBroker({ runId, seed: 1 }),
    runId,
    mode: "live",
    collateral: 1_000_000_000 as Usdc,
    startsAt,
    ...(carried === undefined ? {} : { carried }),
    journal: { append: (event) => log.push(checkEvent(JSON.parse(JSON.stringify(event)))) },
  });
  return { runtime, tape: new Tape(runtime, startsAt), log };
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

function rebuilt({ log }: Run, startsAt = STARTS_AT + 3_600_000): RebuiltAccount {
  const rebuilder = new AccountRebuilder();
  for (const event of log) rebuilder.take(event);
  return rebuilder.account(startsAt);
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
    // And that it is left out is said, with how many fills it concerns.
    const trades = one.strategies.reduce((sum, line) => sum + line.trades, 0);
    expect([one.unseen, two.unseen]).toEqual([0, trades]);
    expect(two.strategies.map(({ unseen }) => unseen)).toEqual(one.strategies.map((line) => line.trades));
    expect(two.markets[0]!.unseen).toBe(trades);
    const three = start("third", rebuilt(after)).runtime.summary();
    expect(three.unseen).toBe(trades);
    expect(PNL_PARTS.reduce((sum, part) => sum + two.parts[part], 0)).toBe(two.pnl);
  });

  it.each([
    [2_000, 0, true, true],
    [20_000, 1, false, true],
    [40_000, 1, false, false],
  ] as const)(
    "takes the looks that are still to come %d ms after a fill, and says what was missed",
    (laterMs, unseen, soon, later) => {
      const run = start("first");
      run.tape.market(MARKET).book([[47, 500]], [[53, 500]]);
      run.tape.wait(500).trade("sell", 47, 500).wait(900);
      const matched = run.log.findLast(
        (event) => event.type === "trade_report" && event.status === "MATCHED",
      )!;
      const startsAt = Math.round(STARTS_AT + matched.at / 1e6 + laterMs);
      const next = start("second", rebuilt(run, startsAt), startsAt);
      next.tape.market(MARKET).book([[45, 500]], [[51, 500]]);
      next.tape.wait(10_000).book([[43, 500]], [[49, 500]]);
      next.tape.wait(60_000).book([[41, 500]], [[47, 500]]);
      const made = next.runtime.summary();
      expect([made.unseen, made.parts.after5s !== 0, made.parts.after30s !== 0]).toEqual([
        unseen,
        soon,
        later,
      ]);
      expect(PNL_PARTS.reduce((sum, part) => sum + made.parts[part], 0)).toBe(made.pnl);
      next.runtime.core.ledger.audit();
    },
  );

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
