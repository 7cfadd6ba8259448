import {
  id,
  ModelMaker,
  Strategy,
  type BookContext,
  type ExecutionFold,
  type ExecutionReport,
  type HaltCause,
  type Nanos,
  type OrderContext,
  type Price,
  type Shares,
  type TimerContext,
  type TruthContext,
} from "@matchpoint/sdk";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { startRun, type TestRun } from "./start.ts";
import { MATCH, STARTS_AT, testMarket } from "./tape.ts";

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

/** A venue that refuses the first cancels. */
function refusing(broker: ExecutionFold, times: number, asked: number[]): ExecutionFold {
  let left = times;
  let refused: {
    readonly at: Nanos;
    readonly orderId: ExecutionReport["orderId" & keyof ExecutionReport];
  }[] = [];
  return {
    capabilities: broker.capabilities,
    prepare: (intent, seq) => broker.prepare(intent, seq),
    observe: (event) => {
      broker.observe(event);
    },
    submit: (command, at) => {
      if (command.kind === "cancel") asked.push(at / 1_000_000);
      if (command.kind === "cancel" && left > 0) {
        left -= 1;
        refused.push({ at: (at + 1_000_000) as Nanos, orderId: command.orderId as never });
      } else broker.submit(command, at);
    },
    nextDue: () => {
      const due = [broker.nextDue(), refused[0]?.at].filter((each) => each !== undefined);
      return due.length === 0 ? undefined : (Math.min(...due) as Nanos);
    },
    advance: (to, emit) => {
      const due = refused.filter(({ at }) => at <= to);
      refused = refused.filter(({ at }) => at > to);
      for (const { at, orderId } of due) {
        const receivedAt = (STARTS_AT + at / 1_000_000) as never;
        emit({ type: "order_report", at, receivedAt, orderId, status: "cancel_refused" } as never);
      }
      broker.advance(to, emit);
    },
  };
}

describe("a cancel that the venue refuses", () => {
  class Resting extends Strategy<typeof Resting.params, typeof Resting.state> {
    static readonly id = "resting";
    static readonly posture = "directional";
    static readonly params = z.object({ cancelAfterMs: z.number().default(0) });
    static readonly state = z.object({ placed: z.boolean().default(false) });
    override onBook(ctx: BookContext<{ placed: boolean }>): void {
      if (ctx.state.placed) return;
      ctx.state.placed = true;
      ctx.buy({ outcome: 0, limit: 4_000 as Price, size: TEN, orderType: "GTC" });
      if (this.params.cancelAfterMs > 0) ctx.after(this.params.cancelAfterMs, "cancel");
    }
    override onTimer(ctx: TimerContext): void {
      ctx.cancelAll("changed its mind");
    }
  }
  it("is asked for again, ever later, until the order is gone when a halt demands it", () => {
    const asked: number[] = [];
    const run = startRun([{ use: Resting }], { between: (broker) => refusing(broker, 3, asked) });
    run.tape
      .market(testMarket())
      .book([[49, 100]], [[51, 100]])
      .wait(1_000);
    run.tape.offer({ type: "operator", operator: "test", command: { kind: "halt" } }).wait(60_000);
    expect(run.runtime.core.orders.hasOpen(id("m1"))).toBe(false);
    const [first, ...again] = asked;
    expect(again.map((at) => at - first!)).toEqual([501, 1_502, 3_503]);
  });

  it("is asked for again when only part of the order was matched, as far as is known", () => {
    const asked: number[] = [];
    const run = startRun([{ use: Resting }], { between: (broker) => refusing(broker, 2, asked) });
    run.tape
      .market(testMarket())
      .book([[49, 100]], [[51, 100]])
      .wait(1_000);
    const [order] = run.runtime.core.orders.allOpen();
    const { orderId } = order!;
    run.tape.offer({ type: "order_report", orderId: orderId!, status: "matched" });
    expect(order!.status).toBe("MATCHED");
    run.tape.offer({ type: "operator", operator: "test", command: { kind: "halt" } }).wait(60_000);
    expect(run.runtime.core.orders.hasOpen(id("m1"))).toBe(false);
    const [first, ...again] = asked;
    expect(again.map((at) => at - first!)).toEqual([501, 1_502]);
  });

  it("is asked for again at once when part of the order was matched after all", () => {
    const asked: number[] = [];
    const run = startRun([{ use: Resting }], { between: (broker) => refusing(broker, 1, asked) });
    run.tape
      .market(testMarket())
      .book([[49, 100]], [[51, 100]])
      .wait(1_000);
    const [order] = run.runtime.core.orders.allOpen();
    const { orderId } = order!;
    run.tape.offer({ type: "order_report", orderId: orderId!, status: "unknown" }).wait(100);
    expect([order!.status, asked.length]).toEqual(["UNKNOWN", 1]);
    run.tape.offer({ type: "order_report", orderId: orderId!, status: "matched" }).wait(1_000);
    expect([order!.status, asked.length]).toEqual(["CANCELED", 2]);
  });

  it("is asked for again soon when a new halt demands it, however long the waits had grown", () => {
    const asked: number[] = [];
    const run = startRun([{ use: Resting }], { between: (broker) => refusing(broker, 100, asked) });
    run.tape
      .market(testMarket())
      .book([[49, 100]], [[51, 100]])
      .wait(1_000);
    const operate = (kind: "halt" | "resume"): void => {
      run.tape.offer({ type: "operator", operator: "test", command: { kind } });
    };
    operate("halt");
    run.tape.wait(40_000);
    expect(asked.at(-1)! - asked.at(-2)!).toBeGreaterThan(7_000);
    operate("resume");
    operate("halt");
    const [before, now] = [asked.length, asked.at(-1)!];
    run.tape.wait(1_900);
    expect(asked.slice(before).map((at) => at - now)).toEqual([501, 1_502]);
  });

  it("is asked for again when truth that an order rests on goes stale", () => {
    class Believer extends Strategy<typeof Believer.params, typeof Believer.state> {
      static readonly id = "believer";
      static readonly posture = "directional";
      static readonly params = z.object({});
      static readonly state = z.object({ placed: z.boolean().default(false) });
      static readonly truthDriven = true;
      override onTruth(ctx: TruthContext<{ placed: boolean }>): void {
        if (ctx.state.placed) return;
        ctx.state.placed = true;
        ctx.buy({ outcome: 0, limit: 4_000 as Price, size: TEN, orderType: "GTC" });
      }
    }
    const asked: number[] = [];
    const run = startRun([{ use: Believer }], { between: (broker) => refusing(broker, 1, asked) });
    const subject = { kind: "series", matchId: MATCH.matchId, teamOf: [0, 1] } as const;
    run.tape
      .match()
      .market(testMarket({ subject }))
      .book([[49, 100]], [[51, 100]])
      .wait(10);
    run.tape.claim("grid", { kind: "game_started", game: 1 }, "A").wait(1_000);
    expect(run.runtime.core.orders.openCount).toBe(1);
    run.tape.wait(120_000);
    expect(asked).toHaveLength(2);
    expect(run.runtime.core.orders.openCount).toBe(0);
  });

  it("is the strategy's to ask for again when the strategy had asked for it", () => {
    const asked: number[] = [];
    const run = startRun([{ use: Resting, params: { cancelAfterMs: 1_000 } }], {
      between: (broker) => refusing(broker, 1, asked),
    });
    run.tape
      .market(testMarket())
      .book([[49, 100]], [[51, 100]])
      .wait(60_000);
    expect(asked).toHaveLength(1);
    expect(run.runtime.core.orders.open(id("m1"))).toMatchObject([{ status: "LIVE" }]);
  });
});

describe("the system's own moves", () => {
  it("are told like those of markets and matches", () => {
    const run = startRun(MAKER, { config: { risk: { kill_cooldown_ms: 0 } } });
    const heard: string[] = [];
    run.runtime.on("system", ({ from, to }) => heard.push(`${from} ${to}`));
    for (const kind of ["kill", "resume", "stop_entries"] as const)
      run.tape.offer({ type: "operator", operator: "test", command: { kind } });
    const told = run.effects.filter((effect) => effect.type === "transition" && effect.machine === "system");
    expect(told).toMatchObject([
      { subject: "", from: "READY", to: "HALTED" },
      { from: "HALTED", to: "RECOVERING" },
      { from: "RECOVERING", to: "READY" },
      { from: "READY", to: "STOP_ENTRY" },
    ]);
    expect(heard).toEqual(["READY HALTED", "HALTED RECOVERING", "RECOVERING READY", "READY STOP_ENTRY"]);
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
    const run = startRun(MAKER, { config: { risk: { kill_cooldown_ms: 30_000 } } });
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
    for (let i = 0; i < 120; i++) run.tape.wait(1_000).book([[40 + (i % 9), 100]], [[51 + (i % 5), 100]]);
    const times = (status: string): number[] =>
      run.log
        .filter(({ event }) => event.type === "chain_report" && event.status === status)
        .map(({ event }) => event.at / 1_000_000);
    const [sent, reverted] = [times("SENT"), times("REVERTED")];
    expect(sent.length).toBeGreaterThan(2);
    for (let i = 1; i < sent.length; i++)
      expect(sent[i]! - reverted[i - 1]!).toBeGreaterThanOrEqual(15_000 * 2 ** (i - 1));
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
