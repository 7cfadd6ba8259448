import {
  id,
  JournalWriter,
  MemoryStorage,
  readJournal,
  type MarketId,
  type OrderRequest,
} from "@matchpoint/sdk";
import { describe, expect, it } from "vitest";
import { request, RiskRun } from "../risk/scripted.ts";
import { testMarket } from "./tape.ts";

/** A context as plain JavaScript has it: it takes anything. */
type Loose = Readonly<Record<string, (...given: unknown[]) => unknown>>;
type Slip = (ctx: Loose) => void;

const buy =
  (over: Readonly<Record<string, unknown>>): Slip =>
  (ctx) =>
    ctx.buy!(request(over));
const silent: unknown = Object.create(null);
const boom = (): never => {
  throw new Error("boom");
};

/** Does it on one book of a market, and lets it go on long enough for every cool-down; then it trades in another market. */
function run(slip: Slip): RiskRun {
  const bot = new RiskRun();
  for (const marketId of ["m1", "m2"]) bot.tape.market(testMarket({ marketId: id<MarketId>(marketId) }));
  bot.book();
  bot.act((ctx) => {
    slip(ctx as unknown as Loose);
  });
  bot.wait(10).placeIn("m2", {});
  return bot;
}

/** The run goes on, trades elsewhere, and what it wrote and reports can be read. */
function expectAlive(bot: RiskRun): void {
  const elsewhere = bot.venue.sent.filter((command) => command.kind === "place").at(-1)?.order.intent;
  expect(elsewhere).toMatchObject({ marketId: "m2", reason: "" });
  const storage = new MemoryStorage();
  const journal = new JournalWriter({ storage, runId: id("r"), bootId: "b" });
  for (const event of bot.log) journal.append(event, undefined);
  journal.flush();
  expect([...readJournal(storage.bytes())]).toHaveLength(bot.log.length);
  JSON.stringify([bot.effects, bot.runtime.summary()]);
}

describe("an order with a field that is none", () => {
  const cases: readonly (readonly [string, Readonly<Record<string, unknown>>])[] = [
    ["reason is a number, no text", { reason: 0.05 }],
    ["reason is an object, no text", { reason: { a: 1 } }],
    ["reason is a bigint, no text", { reason: 5n }],
    ["reason is a symbol, no text", { reason: Symbol("x") }],
    ["size is an object, no number", { size: silent }],
    ["size is a bigint, no number", { size: 10n }],
    ["size is a string, no number", { size: "10000000" }],
    ["limit is a list, no number", { limit: [4_000] }],
    ["outcome is null, no number", { outcome: null }],
    ["edge is a bigint, no number", { edge: 1n }],
    ["fair is a bigint, no number", { fair: 1n }],
    ["expiresInMs is an object, no number", { orderType: "GTD", expiresInMs: new Date(0) }],
    ["postOnly is a string, no boolean", { postOnly: "false" }],
    ["orderType is an object, no text", { orderType: silent }],
    ["purpose is a function, no text", { purpose: boom }],
    ["a GTD order needs expiresAt", { orderType: "GTD", expiresInMs: Number.NaN }],
  ];
  it.each(cases)("is denied: %s", (detail, over) => {
    const bot = run(buy(over));
    expect(bot.effects.find((effect) => effect.type === "denied")).toMatchObject({
      code: "INTENT_INVALID",
      detail,
    });
    expectAlive(bot);
  });

  it("again and again halts its strategy, which is told why", () => {
    const bot = new RiskRun();
    bot.tape.market(testMarket());
    for (let i = 0; i < 7; i++) bot.act((ctx) => ctx.buy(request({ reason: 5 as never })));
    expect(bot.core.risk.strategies).toMatchObject([
      { strategyId: "s0", reason: expect.stringContaining("reason is a number") as string },
    ]);
  });
});

describe("a hook that hands over or throws what nobody can read", () => {
  const cases: readonly (readonly [string, string, Slip])[] = [
    ["no request", "undefined for a request", (ctx) => ctx.buy!()],
    ["a list for a request", "a list for a request", (ctx) => ctx.sell!([])],
    [
      "a request whose getter throws",
      "boom",
      (ctx) => ctx.buy!(Object.defineProperty({ ...request() }, "size", { enumerable: true, get: boom })),
    ],
    ["a request that hides its fields", "boom", (ctx) => ctx.buy!(new Proxy(request(), { ownKeys: boom }))],
    [
      "no reason to cancel",
      "the reason of ctx.cancelAll is undefined, no text",
      (ctx) => {
        ctx.buy!(request());
        ctx.cancelAll!();
      },
    ],
    ["a number to cancel for", "ctx.cancelAll is a number, no text", (ctx) => ctx.cancelAll!(5)],
    ["a timer without a name", "the name of a timer is undefined", (ctx) => ctx.after!(5)],
    ["a timer with a symbol", "the name of a timer is a symbol", (ctx) => ctx.clearTimer!(Symbol("x"))],
    ["a timer of a bigint", "is set to 5 ms", (ctx) => ctx.after!(5n, "x")],
    ["a timer of an object", "ms", (ctx) => ctx.after!(silent, "x")],
    ["nothing to reckon a size from", "undefined", (ctx) => ctx.kelly!()],
    ["nothing to skip for", "without a reason", (ctx) => ctx.skip!(Symbol("x"))],
    [
      "an object without words",
      "cannot be shown",
      () => {
        throw silent;
      },
    ],
    [
      "an error whose message is a symbol",
      "cannot be shown",
      () => {
        throw Object.assign(new Error("x"), { message: Symbol("x") });
      },
    ],
    [
      "an error that throws when it is looked at",
      "cannot be shown",
      () => {
        throw new Proxy(new Error("x"), { getPrototypeOf: boom, get: boom });
      },
    ],
    [
      "nothing",
      "undefined",
      () => {
        // eslint-disable-next-line @typescript-eslint/only-throw-error -- what must not be done, done
        throw undefined;
      },
    ],
    [
      "five million characters",
      "xxx",
      () => {
        throw new Error("x".repeat(5_000_000));
      },
    ],
  ];
  it.each(cases)("halts its market alone: %s", (_what, said, slip) => {
    const bot = run(slip);
    expect(bot.causes()).toEqual(["strategy_fault"]);
    const alarm = bot.effects.find((effect) => effect.type === "alarm")!;
    expect(alarm).toMatchObject({ code: "STRATEGY_FAULT", strategyId: "s0" });
    expect(alarm.message).toContain(said);
    expect(alarm.message.length).toBeLessThan(400);
    expect(bot.causes("m2")).toEqual([]);
    expectAlive(bot);
  });
});

describe("what a hook says and nothing is decided by", () => {
  it("is cut to a length that can be written", () => {
    const bot = run(buy({ reason: "x".repeat(5_000_000) }));
    const [first] = [...bot.venue.intents.values()];
    expect(first!.reason).toBe("x".repeat(300));
    expectAlive(bot);
  });

  it("is shown as plain data, whatever it was", () => {
    const loop: Record<string, unknown> = { deep: { er: { still: { more: 1 } } } };
    loop.self = loop;
    const bot = run((ctx) => {
      ctx.skip!("big", { a: 1n, b: Symbol("x"), c: undefined, d: Number.NaN });
      ctx.skip!("loop", loop);
      ctx.skip!("getter", Object.defineProperty({}, "a", { enumerable: true, get: boom }));
      ctx.skip!("text", "x".repeat(5_000_000));
      ctx.skip!("plain", { ask: 5_100, name: "m1" });
    });
    const last = Object.fromEntries(bot.runtime.summary().whyNot.map((line) => [line.reason, line.last]));
    expect(last).toMatchObject({
      big: { a: "1n", b: "a symbol", d: Number.NaN },
      loop: { deep: { er: { still: "an object" } }, self: { self: { self: "an object" } } },
      getter: { data: "what cannot be shown" },
      text: { data: "x".repeat(300) },
      plain: { ask: 5_100, name: "m1" },
    });
    expectAlive(bot);
  });

  it("is read once: an order is what the gate has seen", () => {
    let asked = 0;
    const changing: OrderRequest = Object.defineProperty({ ...request() }, "size", {
      enumerable: true,
      get: () => (asked++ === 0 ? 10_000_000 : 9e15),
    });
    const bot = run((ctx) => ctx.buy!(changing));
    expect([...bot.venue.intents.values()][0]).toMatchObject({ size: 10_000_000 });
    expect(asked).toBe(1);
  });
});
