import {
  id,
  Strategy,
  type BookContext,
  type FillContext,
  type OrderRequest,
  type Shares,
  type TradeReport,
  type Usdc,
} from "@matchpoint/sdk";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { startRun, type TestRun } from "./start.ts";
import { testMarket } from "./tape.ts";

const M1 = id<TradeReport["marketId"]>("m1");
const STATE = z.object({ told: z.array(z.string()).default([]), pair: z.boolean().default(false) });

const LEG = { size: 10e6 as Shares, limit: 5_200 as OrderRequest["limit"], orderType: "GTC" } as const;

/** Buys ten shares of both outcomes, and writes down what it is told of them. */
class Both extends Strategy<typeof Both.params, typeof STATE> {
  static readonly id = "both";
  static readonly posture = "pair";
  static readonly params = z.object({});
  static readonly state = STATE;

  override onBook(ctx: BookContext<z.output<typeof STATE>>): void {
    if (ctx.state.pair) return;
    ctx.state.pair = true;
    ctx.buy({ ...LEG, outcome: 0 });
  }
  override onFill(ctx: FillContext<z.output<typeof STATE>>): void {
    ctx.state.told.push(`fill ${ctx.fill.outcome} ${ctx.position(ctx.fill.outcome).matched}`);
    if (ctx.fill.outcome === 0) ctx.buy({ ...LEG, outcome: 1, purpose: "hedge" });
  }
  override onFillVoided(ctx: FillContext<z.output<typeof STATE>>): void {
    ctx.state.told.push(`voided ${ctx.fill.outcome} ${ctx.position(ctx.fill.outcome).matched} ${ctx.cash}`);
  }
}

/** A venue that only matches: what becomes of its trades is told by hand. */
function pair(gate: "matched" | "mined" | "confirmed" = "mined"): TestRun {
  const run = startRun([{ use: Both }], {
    config: { engine: { sell_gate: gate }, risk: { resolution_filter: "off" } },
    between: (broker) => ({
      ...wrapped(broker),
      advance: (to, emit) => {
        broker.advance(to, (report) => {
          if (report.type !== "trade_report" || report.status === "MATCHED") emit(report);
        });
      },
    }),
  });
  run.tape.market(testMarket()).book([[48, 500]], [[52, 500]]);
  run.tape.wait(1_000);
  expect(positions(run)).toEqual([10, 0, 10, 0]);
  return run;
}

type Fold = Parameters<NonNullable<NonNullable<Parameters<typeof startRun>[1]>["between"]>>[0];
function wrapped(broker: Fold) {
  return {
    capabilities: broker.capabilities,
    prepare: broker.prepare.bind(broker),
    submit: broker.submit.bind(broker),
    observe: broker.observe.bind(broker),
    nextDue: broker.nextDue.bind(broker),
  };
}

/** Matched and settled shares of both outcomes. */
function positions({ runtime }: TestRun): number[] {
  return ([0, 1] as const).flatMap((outcome) => {
    const { matched, settled } = runtime.core.ledger.position(M1, outcome);
    return [matched / 1e6, settled / 1e6];
  });
}

function fillOf({ log }: TestRun, outcome: 0 | 1): TradeReport {
  const fills = log.flatMap(({ event }) => (event.type === "trade_report" ? [event] : []));
  return fills.find((fill) => fill.outcome === outcome)!;
}

function say(run: TestRun, outcome: 0 | 1, status: TradeReport["status"]): void {
  run.tape.offer({ ...fillOf(run, outcome), status });
}

const merges = ({ effects }: TestRun): number =>
  effects.filter((effect) => effect.type === "chain" && effect.action.kind === "merge").length;
const told = ({ runtime }: TestRun): unknown =>
  (runtime.core.market(M1)!.bindings[0]!.state as z.output<typeof STATE>).told;

describe("money that is not final yet", () => {
  it("counts as exposure from MATCHED on, and is merged only when both legs are CONFIRMED", () => {
    const run = pair();
    const { ledger } = run.runtime.core;
    // 52 cents and a fee of 0.05 * 0.52 * 0.48, ten times.
    expect(ledger.position(M1, 0).cost).toBe(5_324_800);
    expect(ledger.cash).toBe(1_000_000_000 - 2 * 5_324_800);
    for (const status of ["MINED", "RETRYING", "MINED"] as const) {
      say(run, 0, status);
      say(run, 1, status);
      expect(positions(run)).toEqual([10, 0, 10, 0]);
      expect([ledger.mergeable(M1), merges(run)]).toEqual([0, 0]);
    }
    say(run, 0, "CONFIRMED");
    expect([...positions(run), ledger.mergeable(M1), merges(run)]).toEqual([10, 10, 10, 0, 0, 0]);
    say(run, 1, "CONFIRMED");
    expect([...positions(run), merges(run)]).toEqual([10, 10, 10, 10, 1]);
  });

  it.each([
    ["matched", [10, 10, 0, 10]],
    ["mined", [0, 10, 0, 10]],
    ["confirmed", [0, 0, 0, 10]],
  ] as const)("may be sold again by the gate `%s`", (gate, sellable) => {
    const run = pair(gate);
    const now = (): number => run.runtime.core.sellable(M1, 0) / 1e6;
    const seen = [now()];
    for (const status of ["MINED", "RETRYING", "CONFIRMED"] as const) {
      say(run, 0, status);
      seen.push(now());
    }
    expect(seen).toEqual(sellable);
  });

  it("keeps what is being retried in risk, whichever way it ends", () => {
    const run = pair();
    const before = run.runtime.core.ledger.position(M1, 0);
    say(run, 0, "RETRYING");
    expect(run.runtime.core.ledger.position(M1, 0)).toEqual(before);
    expect(run.runtime.core.orders.hasOpen(M1)).toBe(true);
    say(run, 0, "CONFIRMED");
    expect(positions(run)).toEqual([10, 10, 10, 0]);
    const other = pair();
    say(other, 0, "RETRYING");
    say(other, 0, "FAILED");
    expect(positions(other)).toEqual([0, 0, 10, 0]);
  });

  it.each(["MATCHED", "MINED", "RETRYING", "CONFIRMED"] as const)(
    "is taken back by FAILED after %s: cash, fee and position, and the strategy is told",
    (last) => {
      const run = pair();
      if (last !== "MATCHED") say(run, 0, last);
      say(run, 0, "FAILED");
      const { ledger, counts } = run.runtime.core;
      expect(positions(run)).toEqual([0, 0, 10, 0]);
      expect(ledger.position(M1, 0).cost).toBe(0);
      expect(ledger.cash).toBe(1_000_000_000 - 5_324_800);
      expect(ledger.feesTotal).toBe(124_800);
      expect(ledger.realizedTotal).toBe(0);
      ledger.audit();
      expect(told(run)).toEqual(["fill 0 10000000", "fill 1 10000000", `voided 0 0 ${ledger.cash}`]);
      expect([counts.fills, counts.fillsVoided]).toEqual([2, 1]);
      expect(run.runtime.core.market(M1)!.trading.status).toBe("BUILDING_PAIR");
      const { pnl, parts, fees } = run.runtime.summary();
      expect(fees).toBe(124_800 as Usdc);
      expect(Object.values(parts).reduce((sum, part) => sum + part, 0)).toBe(pnl);
      // Told again it changes nothing.
      say(run, 0, "FAILED");
      expect([ledger.cash, run.runtime.core.counts.fillsVoided]).toEqual([1_000_000_000 - 5_324_800, 1]);
    },
  );
});
