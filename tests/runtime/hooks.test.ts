import {
  id,
  Strategy,
  type BookContext,
  type Price,
  type Shares,
  type StrategyContext,
  type TimerContext,
} from "@matchpoint/sdk";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { startRun } from "./start.ts";
import { MATCH, testMarket } from "./tape.ts";

const TEN = 10_000_000 as Shares;
const SEEN = z.object({ seen: z.array(z.string()).default([]) });
type Seen = z.output<typeof SEEN>;

class Timed extends Strategy<typeof Timed.params, typeof SEEN> {
  static readonly id = "timed";
  static readonly posture = "directional";
  static readonly params = z.object({});
  static readonly state = SEEN;
  override onStart(ctx: StrategyContext<Seen>): void {
    ctx.after(10, "a|b:c");
  }
  override onTimer(ctx: TimerContext<Seen>): void {
    ctx.state.seen.push(`${ctx.market.marketId} ${ctx.name}`);
  }
}

describe("timers", () => {
  it("find their way whatever separators the ids of markets, strategies and timers hold", () => {
    const { tape, runtime } = startRun([
      { use: Timed, name: "b|c" },
      { use: Timed, name: "c" },
    ]);
    const ids = ["a", "a|b", "%7C", "a:b%25|"];
    for (const marketId of ids) tape.market(testMarket({ marketId: id(marketId) }));
    tape.wait(100);
    for (const { market, bindings } of runtime.core.markets()) {
      const once = { seen: [`${market.marketId} a|b:c`] };
      expect(bindings.map(({ state }) => state)).toEqual([once, once]);
    }
  });

  it.each([NaN, -1, Infinity, 1e300])("of %d ms are refused, and hold up no other", (ms) => {
    class Bad extends Timed {
      override onBook(ctx: BookContext<Seen>): void {
        ctx.after(ms, "bad");
      }
    }
    const { tape, runtime } = startRun([{ use: Bad }]);
    tape
      .market(testMarket())
      .book([[49, 100]], [[51, 100]])
      .wait(1_000);
    expect([...runtime.core.markets()[0]!.trading.causes]).toEqual(["strategy_fault"]);
    tape.market(testMarket({ marketId: id("m2") })).wait(100);
    expect(runtime.core.market(id("m2"))!.bindings[0]!.state).toEqual({ seen: ["m2 a|b:c"] });
  });
});

describe("timers of one strategy", () => {
  it("are as many as may wait at once: one more fails, one of the same name moves, one that is due makes room", () => {
    class Many extends Strategy<typeof Many.params, typeof SEEN> {
      static readonly id = "many";
      static readonly posture = "directional";
      static readonly params = z.object({ names: z.array(z.string()) });
      static readonly state = SEEN;
      override onBook(ctx: BookContext<Seen>): void {
        ctx.after(100, this.params.names[ctx.state.seen.length]!);
        ctx.state.seen.push("set");
      }
    }
    const causes = (names: readonly string[], waits: readonly number[] = []): readonly string[] => {
      const run = startRun([{ use: Many, params: { names } }], { config: { engine: { max_timers: 2 } } });
      run.tape.market(testMarket());
      for (let i = 0; i < names.length; i++) run.tape.book([[49, 100 + i]], [[51, 100]]).wait(waits[i] ?? 1);
      return [...run.runtime.core.markets()[0]!.trading.causes];
    };
    expect(causes(["a", "b", "c"])).toEqual(["strategy_fault"]);
    expect(causes(["a", "b", "a", "b"])).toEqual([]);
    expect(causes(["a", "b", "c", "d"], [1, 200])).toEqual([]);
  });
});

describe("a strategy's memory", () => {
  class Nested extends Strategy<typeof Nested.params, typeof Nested.state> {
    static readonly id = "nested";
    static readonly posture = "directional";
    static readonly params = z.object({});
    static readonly state = z.object({
      inner: z.object({ list: z.array(z.string()) }).default({ list: [] }),
    });
    override onStart(ctx: StrategyContext<z.output<typeof Nested.state>>): void {
      ctx.state.inner.list.push(ctx.market.marketId);
    }
  }

  it("is of one market and one run, also where the schema has one default object", () => {
    for (let run = 0; run < 2; run++) {
      const { tape, runtime } = startRun([{ use: Nested }]);
      tape.market(testMarket()).market(testMarket({ marketId: id("m2") }));
      const lists = runtime.core.markets().map(({ bindings }) => bindings[0]!.state);
      expect(lists).toEqual([{ inner: { list: ["m1"] } }, { inner: { list: ["m2"] } }]);
    }
  });
});

describe("onStart", () => {
  it("comes before every other hook, also in a market that is halted as it is listed", () => {
    const seen: string[] = [];
    class Listener extends Strategy {
      static readonly id = "listener";
      static readonly posture = "directional";
      static readonly params = z.object({});
      override onStart(): void {
        seen.push("start");
      }
      override onHalt(): void {
        seen.push("halt");
      }
    }
    const { tape } = startRun([{ use: Listener }]);
    tape.match().wait(10).claim("grid", { kind: "game_started", game: 1 }, "A");
    tape.wait(10).claim("grid", { kind: "game_won", game: 1, winner: 0 }, "A");
    tape.wait(10).claim("other", { kind: "game_won", game: 1, winner: 1 }, "A").wait(60_000);
    tape.market(testMarket({ subject: { kind: "game", matchId: MATCH.matchId, game: 1, teamOf: [0, 1] } }));
    expect(seen).toEqual(["start", "halt"]);
  });
});

describe("a context that is used after its hook has ended", () => {
  it("is refused, and a hook that returns a promise halts its market", async () => {
    const errors: unknown[] = [];
    class Late extends Strategy {
      static readonly id = "late";
      static readonly posture = "directional";
      static readonly params = z.object({});
      // eslint-disable-next-line @typescript-eslint/no-misused-promises -- what must not be done, done
      override async onBook(ctx: BookContext): Promise<void> {
        await Promise.resolve();
        const asks = [
          () => ctx.buy({ outcome: 0, limit: 5_100 as Price, size: TEN }),
          () => {
            ctx.after(10, "later");
          },
          () => {
            ctx.clearTimer("later");
          },
        ];
        for (const ask of asks) {
          try {
            ask();
          } catch (error) {
            errors.push(error);
          }
        }
        throw new Error("nobody may be left to catch this");
      }
    }
    const { tape, runtime, effects } = startRun([{ use: Late }]);
    tape.market(testMarket()).book([[49, 100]], [[51, 100]]);
    await new Promise((resolve) => {
      setTimeout(resolve, 0);
    });
    tape.wait(1_000);
    expect(errors).toMatchObject(Array.from({ length: 3 }, () => ({ code: "STRATEGY_FAULT" })));
    expect(runtime.core.orders.openCount).toBe(0);
    expect([...runtime.core.markets()[0]!.trading.causes]).toEqual(["strategy_fault"]);
    expect(effects.filter((effect) => effect.type === "alarm")).toMatchObject([{ code: "STRATEGY_FAULT" }]);
  });
});

class Buyer extends Strategy<typeof Buyer.params, typeof Buyer.state> {
  static readonly id = "buyer";
  static readonly posture = "directional";
  static readonly params = z.object({});
  static readonly state = z.object({ done: z.boolean().default(false) });
  override onBook(ctx: BookContext<z.output<typeof Buyer.state>>): void {
    if (ctx.state.done) return;
    ctx.state.done = true;
    ctx.buy({ outcome: 0, limit: ctx.quote(0).ask, size: TEN });
  }
}

describe("a runtime", () => {
  it("tells each fill once, also when the venue reports everything twice", () => {
    const { tape, runtime } = startRun([{ use: Buyer }], { broker: { faults: { duplicate_report: 1 } } });
    const fills: string[] = [];
    runtime.on("fill", ({ tradeId }) => fills.push(tradeId));
    tape
      .market(testMarket())
      .book([[49, 100]], [[51, 100]])
      .wait(30_000);
    expect(runtime.core.counts.fills).toBe(1);
    expect(fills).toHaveLength(1);
  });

  it("journals the event that it breaks on", () => {
    const { tape, log } = startRun([{ use: Buyer }]);
    tape.market(testMarket());
    const broken = {
      type: "trade_report",
      tradeId: id("x"),
      orderId: id("y"),
      marketId: id("m1"),
      outcome: 0,
      side: "buy",
      price: 5_000 as Price,
      size: -1 as Shares,
      status: "MATCHED",
    };
    expect(() => tape.offer(broken as never)).toThrow(/size -1/);
    expect(log.at(-1)?.event).toMatchObject(broken);
  });
});

describe("a strategy that could not do what it says", () => {
  it("is refused when a method looks like a hook and is none", () => {
    class Misspelled extends Strategy {
      static readonly id = "misspelled";
      static readonly posture = "directional";
      static readonly params = z.object({});
      onBooks(): void {
        throw new Error("never called");
      }
    }
    class Heir extends Misspelled {}
    for (const use of [Misspelled, Heir]) {
      expect(() => startRun([{ use }])).toThrow(
        /strategy misspelled has a method onBooks, which is no hook[^]*Did you mean onBook\? The hooks are onStart, /,
      );
    }
  });

  it("is refused when its parameters would not survive the journal", () => {
    class Cents extends Strategy {
      static readonly id = "cents";
      static readonly posture = "directional";
      static readonly params = z.object({
        edge: z
          .number()
          .default(3)
          .transform((cents) => cents / 100),
      });
    }
    class Dated extends Strategy {
      static readonly id = "dated";
      static readonly posture = "directional";
      static readonly params = z.object({ until: z.date().default(new Date(0)) });
    }
    for (const use of [Cents, Dated])
      expect(() => startRun([{ use }])).toThrow(/change when they are checked twice/);
  });

  it("is refused when a market could not begin with its state", () => {
    class Stateful extends Strategy {
      static readonly id = "stateful";
      static readonly posture = "directional";
      static readonly params = z.object({});
      static readonly state = z.object({ seen: z.number(), deep: z.object({ known: z.boolean() }) });
    }
    expect(() => startRun([{ use: Stateful }])).toThrow(
      /the state of strategy stateful has no default for seen, deep[^]*Give every field/,
    );
  });

  it("may have hooks as fields and methods of any other name", () => {
    let calls = 0;
    class Fields extends Strategy {
      static readonly id = "fields";
      static readonly posture = "directional";
      static readonly params = z.object({});
      override onBook = (): void => {
        this.once();
      };
      once(): void {
        calls += 1;
      }
    }
    startRun([{ use: Fields }])
      .tape.market(testMarket())
      .book([[49, 100]], [[51, 100]]);
    expect(calls).toBe(1);
  });
});

describe("what a hook asks for before it fails", () => {
  class Failing extends Strategy<typeof Failing.params> {
    static readonly id = "failing";
    static readonly posture = "directional";
    static readonly params = z.object({ how: z.enum(["throws", "skips", "promises"]) });
    override onBook(ctx: BookContext): void {
      ctx.buy({ outcome: 0, limit: 4_000 as Price, size: TEN, orderType: "GTC" });
      if (this.params.how === "throws") throw new TypeError("boom");
      if (this.params.how === "skips") ctx.skip(undefined as never);
      if (this.params.how === "promises") return Promise.resolve() as never;
    }
  }

  it.each(["throws", "skips", "promises"])("is never sent: one that %s", (how) => {
    const { tape, runtime, effects } = startRun([{ use: Failing, params: { how } }]);
    const errors: unknown[] = [];
    runtime.on("strategyError", (strategyId, marketId, error) => errors.push([strategyId, marketId, error]));
    tape
      .market(testMarket())
      .book([[49, 100]], [[51, 100]])
      .wait(1_000);
    expect(effects.filter(({ type }) => type === "place" || type === "cancel")).toEqual([]);
    expect(effects.filter(({ type }) => type === "denied")).toMatchObject([{ code: "STRATEGY_FAULT" }]);
    expect(runtime.core.orders.openCount).toBe(0);
    expect(errors).toEqual([["failing", "m1", expect.any(Error)]]);
    expect(runtime.core.counts).toMatchObject({ intents: 1, orders: 0, denied: 1 });
    expect([...runtime.core.markets()[0]!.trading.causes]).toEqual(["strategy_fault"]);
    tape.wait(120_000);
    expect(runtime.core.markets()[0]!.trading.status).toBe("IDLE");
  });
});

describe("an order request", () => {
  it("with a field that there is none of is denied, and told which was meant", () => {
    class Typo extends Strategy {
      static readonly id = "typo";
      static readonly posture = "directional";
      static readonly params = z.object({});
      override onBook(ctx: BookContext): void {
        ctx.buy({ outcome: 0, limit: 5_100 as Price, size: TEN, postonly: true } as never);
        ctx.buy({ outcome: 0, price: 5_100, size: TEN } as never);
      }
    }
    const { tape, effects } = startRun([{ use: Typo }]);
    tape.market(testMarket()).book([[49, 100]], [[51, 100]]);
    expect(effects.filter(({ type }) => type === "denied")).toMatchObject([
      { type: "denied", code: "INTENT_INVALID", detail: "there is no postonly; did you mean postOnly?" },
      {
        type: "denied",
        code: "INTENT_INVALID",
        detail: expect.stringMatching(/^there is no price; there are outcome, limit, /) as string,
      },
    ]);
  });
});

describe("an order that the venue rejects", () => {
  it("is among the reasons why nothing was traded", () => {
    class Killed extends Strategy {
      static readonly id = "killed";
      static readonly posture = "directional";
      static readonly params = z.object({});
      override onBook(ctx: BookContext): void {
        ctx.buy({ outcome: 0, limit: ctx.quote(0).ask, size: TEN });
      }
    }
    const { tape, runtime } = startRun([{ use: Killed }]);
    // What it wants to take is gone before the order is there.
    tape.market(testMarket()).book([[49, 100]], [[51, 100]]);
    tape.book([[49, 100]], [[60, 100]]).wait(1_000);
    const { whyNot } = runtime.summary();
    expect(whyNot).toContainEqual(
      expect.objectContaining({ strategyId: "killed", reason: "rejected: FAK_NO_MATCH" }),
    );
  });
});
