import { createPaperBroker, type PaperBrokerOptions } from "@matchpoint/paper-broker";
import {
  coreOfRun,
  createRuntime,
  journaledRun,
  LADDER,
  parseConfig,
  Strategy,
  type CoreEvent,
  type MarketId,
  type Shares,
  type StrategyClass,
  type StrategyContext,
} from "@matchpoint/sdk";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { PaperCheck, type CheckResult } from "../../src/paperCheck/check.ts";
import { checkLines } from "../../src/paperCheck/checkText.ts";
import { latencyBlock } from "../../src/paperCheck/measured.ts";
import { better, optimism, type Compared } from "../../src/paperCheck/optimism.ts";
import { OwnInBook } from "../../src/paperCheck/ownInBook.ts";

const WALL = 1_780_000_000_000;
const QUICK = { place_ms: 5, cancel_ms: 5, ack_ms: 5, fill_report_ms: 5, mined_ms: 500, confirmed_ms: 900 };
const IDEAL = { realism: "off", latency: QUICK } as const;

/** Takes, rests and sells in turns, so that there is something of everything to compare. */
class Turns extends Strategy<typeof Turns.params, typeof Turns.state> {
  static readonly id = "turns";
  static readonly posture = "directional";
  static readonly params = z.object({ rests: z.boolean().default(true) });
  static readonly state = z.object({ turn: z.number().default(0) });

  override onStart(ctx: StrategyContext<{ turn: number }>): void {
    ctx.after(400, "turn");
  }

  override onTimer(ctx: StrategyContext<{ turn: number }>): void {
    ctx.after(400, "turn");
    const { bid, ask } = ctx.quote(0);
    if (bid <= 0 || ask >= 10_000) return;
    for (const { intentId } of ctx.orders()) ctx.cancel(intentId);
    if (ctx.orders().length > 0) return;
    ctx.state.turn += 1;
    const size = 5_000_000 as Shares;
    if (this.params.rests && ctx.state.turn % 2 === 0)
      ctx.buy({ outcome: 0, limit: bid, size, orderType: "GTC", postOnly: true });
    else ctx.buy({ outcome: 0, limit: ask, size, orderType: "FAK" });
  }
}

/** As a list of classes takes it. */
const TURNS = Turns as unknown as StrategyClass;

const listing = (n: number): object => ({
  type: "market_listed",
  market: {
    marketId: `m${n}` as MarketId,
    title: `Game ${n}`,
    outcomes: [
      { tokenId: `${n}1`, name: "A" },
      { tokenId: `${n}2`, name: "B" },
    ],
    tick: 100,
    minSize: 5_000_000,
    fee: { ratePpm: 30_000, exponent: 1, takerOnly: true },
    takerDelayMs: 0,
    mirrored: true,
    negRisk: false,
    acceptingOrders: true,
    clearBookOnStart: false,
  },
});

/** A live journal, of a venue that is a paper venue with options of its own. */
function live(reality: Partial<PaperBrokerOptions>, rests: boolean, markets = 1): CoreEvent[] {
  const log: CoreEvent[] = [];
  const runtime = createRuntime({
    config: parseConfig({ paper: { realism: "off" }, risk: { max_spread: 0.5 } }),
    strategies: [{ use: TURNS, params: { rests } }],
    execution: createPaperBroker({ runId: "live", seed: 5, ...IDEAL, ...reality }),
    journal: { append: (event) => log.push(event) },
    runId: "live",
    mode: "live",
    collateral: 500_000_000 as never,
    startsAt: WALL,
  });
  let ms = 0;
  const offer = (event: object): void => {
    runtime.offer({ ...event, at: ms * 1_000_000, receivedAt: WALL + ms } as unknown as CoreEvent);
  };
  for (let n = 0; n < markets; n++) offer(listing(n));
  for (let i = 0; i < 150; i++) {
    ms += 100;
    const mid = 4_800 + 100 * ((i * 7) % 5);
    for (let n = 0; n < markets; n++) {
      const marketId = `m${n}` as MarketId;
      const levels = [LADDER.BID_0, mid - 100, 90_000_000, LADDER.ASK_0, mid + 100, 80_000_000];
      offer({ type: "book_snapshot", marketId, outcome: 0, levels, synthetic: false });
      const trade = { outcome: 0, side: "sell", price: mid - 100, size: 3_000_000 };
      if (i % 3 === 0) offer({ type: "market_trade", marketId, ...trade });
    }
  }
  runtime.finish("over");
  return log;
}

function check(log: readonly CoreEvent[], options: Partial<PaperBrokerOptions>): CheckResult {
  const core = coreOfRun(journaledRun(log[0]!, () => TURNS));
  const one = new PaperCheck(core, { runId: "check", seed: 5, ...IDEAL, ...options });
  for (const event of log) one.take(event);
  return one.end();
}

describe("paper-check", () => {
  it("finds nothing where reality is what paper assumes", () => {
    const { orders } = check(live({}, false), {});
    expect(orders.filter(({ real }) => real.shares > 0).length).toBeGreaterThan(5);
    for (const { real, paper } of orders) expect(paper).toEqual(real);
    expect(optimism(orders)).toMatchObject({ dollars: 0, centsPerShare: 0, matches: 1 });
  });

  it("says that paper is optimistic where reality is slower, fails more and fills resting orders less", () => {
    const reality = {
      latency: { ...QUICK, place_ms: 250 },
      faults: { trade_fail: 0.5, trade_fail_adverse: 1 },
    };
    const log = live(reality, true, 4);
    const result = check(log, {});
    const found = optimism(result.orders);
    expect(result.orders.some(({ real }) => real.voided > 0)).toBe(true);
    expect(found.matches).toBe(4);
    expect(found.interval!.dollars[0]).toBeLessThanOrEqual(found.dollars);
    expect(found.interval!.dollars[1]).toBeGreaterThanOrEqual(found.dollars);
    const text = checkLines(result, found, 200).join("\n");
    expect(text).toMatch(/paper is (optimistic|pessimistic) by \d+\.\d\d cents a share/);
    expect(text).toMatch(/voided/);
    // Under what was true the same orders come out closer.
    const truth = optimism(check(log, { latency: reality.latency }).orders);
    const apart = (of: CheckResult): number =>
      of.orders.reduce((sum, { real, paper }) => sum + Math.abs(real.shares + real.voided - paper.shares), 0);
    expect(apart(check(log, { latency: reality.latency }))).toBeLessThan(apart(result));
    expect(truth.matches).toBe(4);
  });

  it("measures the ways, as a block that the configuration takes", () => {
    const { measured } = check(live({ latency: { ...QUICK, place_ms: 30, ack_ms: 50 } }, true), {});
    const median = Object.fromEntries(measured.map(({ leg, quantiles }) => [leg, quantiles[3]![1]]));
    expect(median).toMatchObject({ place: 40, ack: 40, mined: 495 });
    const block = latencyBlock(measured);
    expect(block).toContain("place_ms: [[0, 40], [0.05, 40]");
    const latency = Object.fromEntries(measured.map(({ leg, quantiles }) => [`${leg}_ms`, quantiles]));
    expect(() => parseConfig({ paper: { latency } })).not.toThrow();
  });
});

describe("what paper was too kind by", () => {
  const fill = (shares: number, cost: number, fee = 0): Compared["real"] => ({
    shares: shares * 1e6,
    cost: cost * 1e6,
    fee: fee * 1e6,
    voided: 0,
    answered: undefined,
    firstFill: undefined,
    status: undefined,
  });
  const none = fill(0, 0);

  it("is what the fills were worth in the end", () => {
    expect(better("buy", none, fill(10, 4, 0.1), 1)).toBeCloseTo(5.9);
    expect(better("buy", none, fill(10, 4, 0.1), 0)).toBeCloseTo(-4.1);
    expect(better("sell", fill(10, 6), fill(10, 6.5), 0.3)).toBeCloseTo(0.5);
  });

  it("has an interval that holds whole matches together, and none of one match", () => {
    const order = (match: string, dollars: number): Compared => ({
      orderId: "0x1",
      match,
      market: match,
      side: "buy",
      outcome: "A",
      orderType: "FAK",
      limit: 5_000,
      size: 1e6,
      real: fill(10, 5),
      paper: fill(10, 5),
      worth: 0.5,
      better: dollars,
    });
    const one = optimism([order("a", 1), order("a", 3)]);
    expect(one).toEqual({ dollars: 4, centsPerShare: 20, shares: 20, matches: 1 });
    const many = optimism(Array.from({ length: 20 }, (_, i) => order(`m${i}`, i % 2)));
    expect(many.centsPerShare).toBeCloseTo(5);
    expect(many.interval!.centsPerShare[0]).toBeGreaterThan(1);
    expect(many.interval!.centsPerShare[1]).toBeLessThan(9);
    // Forty orders of two matches are two observations, not forty.
    const two = optimism(Array.from({ length: 40 }, (_, i) => order(i % 2 === 0 ? "a" : "b", i % 2)));
    expect(two.interval!.centsPerShare).toEqual([0, 10]);
  });
});

describe("the world without us", () => {
  const market = (listing(0) as { market: never }).market;
  const order = {
    orderType: "GTC",
    side: "buy",
    outcome: 0,
    limit: 5_000,
    size: 10,
    marketId: "m0",
  } as never;
  const delta = (...levels: number[]): CoreEvent =>
    ({ type: "book_delta", marketId: "m0", levels, bestBid: 5_000, bestAsk: -1 }) as never;

  it("loses our order with the level change that brings it, and gets nothing back with the one that takes it", () => {
    const own = new OwnInBook();
    own.without(delta(LADDER.BID_0, 5_000, 30));
    own.sent("0x1" as never, order, market);
    expect(own.without(delta(LADDER.BID_0, 5_000, 40))).toMatchObject({
      levels: [0, 5_000, 30],
      bestBid: -1,
    });
    own.filled("0x1" as never, 4);
    expect(own.without(delta(LADDER.BID_0, 5_000, 36))).toMatchObject({ levels: [0, 5_000, 30] });
    own.over("0x1" as never);
    expect(own.without(delta(LADDER.BID_0, 5_000, 30))).toMatchObject({
      levels: [0, 5_000, 30],
      bestBid: 5_000,
    });
  });

  it("has the best prices of the others again once all of our order is filled", () => {
    const own = new OwnInBook();
    const quote = { type: "best_quote", marketId: "m0", bestBid: 5_000, bestAsk: 6_000 } as never;
    own.sent("0x1" as never, order, market);
    own.live("0x1" as never);
    own.filled("0x1" as never, 9);
    expect(own.without(quote)).toBeUndefined();
    own.filled("0x1" as never, 1);
    expect(own.without(quote)).toEqual(quote);
    expect(own.without(delta(LADDER.BID_0, 5_000, 30))).toMatchObject({
      levels: [0, 5_000, 30],
      bestBid: 5_000,
    });
  });

  it("knows our order on the other outcome by the complement, and by its acknowledgement", () => {
    const own = new OwnInBook();
    own.sent("0x1" as never, { ...(order as object), outcome: 1, limit: 4_000 } as never, market);
    own.live("0x1" as never);
    expect(own.without(delta(LADDER.ASK_0, 6_000, 25))).toMatchObject({ levels: [1, 6_000, 15] });
    const quote = { type: "best_quote", marketId: "m0", bestBid: 1, bestAsk: 6_000 } as never;
    expect(own.without(quote)).toBeUndefined();
  });
});
