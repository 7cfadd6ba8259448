import {
  id,
  ModelMaker,
  Strategy,
  type BookContext,
  type HaltCause,
  type OrderContext,
  type Price,
  type Shares,
} from "@matchpoint/sdk";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { startRun, type TestRun } from "./start.ts";
import { STARTS_AT, testMarket } from "./tape.ts";

const MAKER = [{ use: ModelMaker, params: { reference: "microprice" } }];
const TEN = 10_000_000 as Shares;

function causes(run: TestRun): readonly HaltCause[] {
  return [...run.runtime.core.markets()[0]!.trading.causes];
}

function chainActions(run: TestRun): number {
  return run.effects.filter((effect) => effect.type === "chain").length;
}

describe("a halt by a full queue", () => {
  const full = (run: TestRun, halted: boolean, topic = "own"): void => {
    run.tape.offer({ type: "queue_pressure", topic, marketId: id("m1"), dropped: 0, halted });
  };

  it("ends when the queue has drained and the sound book has stayed quiet", () => {
    const run = startRun(MAKER);
    run.tape.market(testMarket()).book([[49, 100]], [[51, 100]]);
    full(run, true);
    run.tape.wait(60_000);
    expect(causes(run)).toEqual(["queue_mark"]);
    full(run, false, "ticker"); // dropped prints, not a drained queue
    run.tape.wait(60_000);
    expect(causes(run)).toEqual(["queue_mark"]);
    full(run, false);
    run.tape.wait(1_000);
    expect(causes(run)).toEqual(["queue_mark"]);
    run.tape.wait(2_000);
    expect(causes(run)).toEqual([]);
  });

  it("waits for a new snapshot when the book missed something meanwhile", () => {
    const run = startRun(MAKER);
    run.tape.market(testMarket()).book([[49, 100]], [[51, 100]]);
    full(run, true);
    run.tape.offer({ type: "book_continuity", marketId: id("m1"), state: "gap", reason: "dropped" });
    full(run, false);
    run.tape.wait(60_000);
    expect(causes(run)).toEqual(["queue_mark", "gapped_book"]);
    run.tape.book([[49, 100]], [[51, 100]]).wait(3_000);
    expect(causes(run)).toEqual([]);
  });
});

describe("hooks that set each other off without end", () => {
  class Runaway extends Strategy {
    static readonly id = "runaway";
    static readonly posture = "directional";
    static readonly params = z.object({});
    override onBook(ctx: BookContext): void {
      ctx.buy({ outcome: 0, limit: 1 as Price, size: TEN });
    }
    override onOrder(ctx: OrderContext): void {
      ctx.buy({ outcome: 0, limit: 1 as Price, size: TEN });
    }
  }

  it("halt the markets until the cool-down has passed", () => {
    const run = startRun([{ use: Runaway }]);
    run.tape
      .market(testMarket())
      .book([[49, 100]], [[51, 100]])
      .wait(30_000);
    expect(causes(run)).toEqual(["strategy_fault"]);
    run.tape.wait(31_000);
    expect(causes(run)).toEqual([]);
  });
});

describe("an operator's halt of everything", () => {
  it("holds for markets that are listed later, until a resume", () => {
    const run = startRun(MAKER);
    run.tape.offer({ type: "operator", operator: "test", command: { kind: "halt" } });
    run.tape.market(testMarket());
    expect(causes(run)).toEqual(["manual"]);
    run.tape.offer({ type: "operator", operator: "test", command: { kind: "resume" } });
    expect(causes(run)).toEqual([]);
    run.tape.market(testMarket({ marketId: id("m2") }));
    expect(run.runtime.core.market(id("m2"))!.trading.status).toBe("IDLE");
  });
});

describe("chain actions", () => {
  it("are not sent while the system is killed, and are once it is resumed", () => {
    const run = startRun(MAKER);
    run.tape
      .market(testMarket())
      .book([[49, 100]], [[51, 100]])
      .wait(500);
    run.tape.trade("sell", 47, 500).wait(200).trade("buy", 53, 500).wait(200);
    run.tape.offer({ type: "operator", operator: "test", command: { kind: "kill" } }).wait(30_000);
    expect(chainActions(run)).toBe(0);
    run.tape.offer({ type: "operator", operator: "test", command: { kind: "resume" } });
    expect(chainActions(run)).toBe(1);
  });

  it("that revert are tried again after the configured time, whatever happens meanwhile", () => {
    const run = startRun(MAKER, { broker: { faults: { chain_revert: 1 } } });
    run.tape
      .market(testMarket())
      .book([[49, 100]], [[51, 100]])
      .wait(500);
    run.tape.trade("sell", 47, 500).wait(200).trade("buy", 53, 500);
    for (let i = 0; i < 60; i++) run.tape.wait(1_000).book([[40 + (i % 9), 100]], [[51 + (i % 5), 100]]);
    const times = (status: string): number[] =>
      run.log
        .filter(({ event }) => event.type === "chain_report" && event.status === status)
        .map(({ event }) => event.at / 1_000_000);
    const [sent, reverted] = [times("SENT"), times("REVERTED")];
    expect(sent.length).toBeGreaterThan(2);
    for (let i = 1; i < sent.length; i++) expect(sent[i]! - reverted[i - 1]!).toBeGreaterThanOrEqual(15_000);
  });
});

describe("the daily loss limit", () => {
  class Gambler extends Strategy {
    static readonly id = "gambler";
    static readonly posture = "directional";
    static readonly params = z.object({});
    override onBook(ctx: BookContext): void {
      ctx.buy({ outcome: 0, limit: ctx.quote(0).ask, size: 90_000_000 as Shares });
    }
  }

  it("counts a loss for the day on which it is made, not for the day of the last order", () => {
    const run = startRun([{ use: Gambler }], {
      config: { risk: { max_daily_loss_usdc: 10, max_book_age_ms: 0 } },
    });
    const midnight = 86_400_000 - (STARTS_AT % 86_400_000);
    run.tape
      .at(midnight - 60_000)
      .market(testMarket())
      .market(testMarket({ marketId: id("m2") }));
    run.tape.book([[49, 100]], [[51, 100]]).wait(30_000);
    expect(run.runtime.core.counts.fills).toBe(1);
    run.tape.wait(60_000).resolve([0, 1]).wait(20_000);
    expect(run.runtime.core.ledger.realizedTotal).toBeLessThan(-10_000_000);
    run.tape.book([[49, 100]], [[51, 100]], "m2");
    expect(run.effects.filter((effect) => effect.type === "denied")).toMatchObject([
      { code: "MAX_DAILY_LOSS" },
    ]);
  });
});
