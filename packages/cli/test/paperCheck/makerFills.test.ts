import { createPaperBroker, type PaperBrokerOptions } from "@matchpoint/paper-broker";
import {
  coreOfRun,
  createRuntime,
  journaledRun,
  LADDER,
  parseConfig,
  Strategy,
  type CoreEvent,
  type ExecutionFold,
  type MarketId,
  type Shares,
  type StrategyClass,
  type StrategyContext,
} from "@matchpoint/sdk";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { PaperCheck, type CheckResult } from "../../src/paperCheck/check.ts";
import { optimism } from "../../src/paperCheck/optimism.ts";

const WALL = 1_780_000_000_000;
const M0 = "m0" as MarketId;
const QUICK = { place_ms: 5, cancel_ms: 5, ack_ms: 5, fill_report_ms: 5, mined_ms: 500, confirmed_ms: 900 };
const SAME = { realism: "off", latency: QUICK, fill_model: "queue" } as const;

/** Keeps an order at the best bid of either outcome, and asks for a new one when it is filled or the price has gone. */
class Rester extends Strategy<typeof Rester.params> {
  static readonly id = "rester";
  static readonly posture = "directional";
  static readonly params = z.object({});
  override onStart(ctx: StrategyContext): void {
    ctx.after(400, "look");
  }
  override onTimer(ctx: StrategyContext): void {
    ctx.after(400, "look");
    for (const outcome of [0, 1] as const) {
      const { bid } = ctx.quote(outcome);
      const own = ctx.orders().filter((order) => order.outcome === outcome);
      for (const { intentId, limit } of own) if (limit !== bid) ctx.cancel(intentId);
      if (own.length > 0 || bid <= 100) continue;
      ctx.buy({ outcome, limit: bid, size: 10_000_000 as Shares, orderType: "GTC", postOnly: true });
    }
  }
}
const RESTER = Rester as unknown as StrategyClass;

const LISTED = {
  type: "market_listed",
  market: {
    marketId: M0,
    title: "Game 1",
    outcomes: [
      { tokenId: "1", name: "A" },
      { tokenId: "2", name: "B" },
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
};

/** How a feed tells of the book. */
type Telling = "snapshots" | "deltas" | "quotes";

/**
 * The journal of a live run whose resting orders are filled, as a real venue makes it: the book that the run is shown holds its own
 * orders, while the venue itself (a paper venue) fills them behind those of others.
 */
function live(telling: Telling, steps = 160): CoreEvent[] {
  const venue = createPaperBroker({ runId: "live", seed: 5, ...SAME });
  /** What the venue is told, by what the run is shown. */
  const behind = new WeakMap<object, CoreEvent>();
  const execution: ExecutionFold = {
    capabilities: venue.capabilities,
    prepare: (intent, seq) => venue.prepare(intent, seq),
    submit: (command, at) => {
      venue.submit(command, at);
    },
    nextDue: () => venue.nextDue(),
    advance: (to, emit) => {
      venue.advance(to, emit);
    },
    observe: (event) => {
      venue.observe(behind.get(event) ?? event);
    },
  };
  const log: CoreEvent[] = [];
  const limits = { max_market_usdc: 10_000, max_match_usdc: 10_000, max_account_usdc: 10_000 };
  const runtime = createRuntime({
    config: parseConfig({
      paper: { realism: "off" },
      risk: { ...limits, max_spread: 0.5, max_unsettled_usdc: 10_000, max_leg_imbalance_usdc: 10_000 },
    }),
    strategies: [{ use: RESTER }],
    execution,
    journal: { append: (event) => log.push(event) },
    runId: "live",
    mode: "live",
    collateral: 9_000_000_000 as never,
    startsAt: WALL,
  });
  let ms = 0;
  const offer = (shown: object, pure: object = shown): void => {
    const stamp = { at: ms * 1_000_000, receivedAt: WALL + ms };
    const event = { ...shown, ...stamp } as unknown as CoreEvent;
    behind.set(event, { ...pure, ...stamp } as unknown as CoreEvent);
    runtime.offer(event);
  };
  /** What of ours rests, as the first outcome's ladders show it. */
  const ours = (ladder: number, price: number): number => {
    let sum = 0;
    for (const { outcome, price: limit, size, matched } of venue.view.openOrders(M0)) {
      const [where, at] = outcome === 0 ? [LADDER.BID_0, limit] : [LADDER.ASK_0, 10_000 - limit];
      if (where === ladder && at === price) sum += size - matched;
    }
    return sum;
  };
  offer(LISTED);
  let mid = 5_000;
  let told: (readonly [number, number])[] = [];
  for (let i = 0; i < steps; i++) {
    ms += 100;
    // What is due by now has happened at the venue before it shows its book.
    runtime.advanceTo((ms * 1_000_000) as never);
    if (i % 40 === 39) mid += i % 80 === 39 ? 100 : -100;
    const levels = [
      [LADDER.BID_0, mid - 100, 20_000_000],
      [LADDER.ASK_0, mid + 100, 15_000_000],
    ] as const;
    const flat = (own: boolean): number[] =>
      levels.flatMap(([ladder, price, size]) => [ladder, price, size + (own ? ours(ladder, price) : 0)]);
    const whole = { type: "book_snapshot", marketId: M0, outcome: 0, synthetic: false };
    if (telling === "snapshots" || i === 0)
      offer({ ...whole, levels: flat(true) }, { ...whole, levels: flat(false) });
    else {
      const gone = told
        .filter(([ladder, price]) => !levels.some(([l, p]) => l === ladder && p === price))
        .flatMap(([ladder, price]) => [ladder, price]);
      const zeros = (own: boolean): number[] => {
        const out: number[] = [];
        for (let n = 0; n < gone.length; n += 2)
          out.push(gone[n]!, gone[n + 1]!, own ? ours(gone[n]!, gone[n + 1]!) : 0);
        return out;
      };
      const best = { bestBid: mid - 100, bestAsk: mid + 100 };
      offer(
        { type: "book_delta", marketId: M0, levels: [...zeros(true), ...flat(true)], ...best },
        { type: "book_delta", marketId: M0, levels: [...zeros(false), ...flat(false)], ...best },
      );
      if (telling === "quotes") offer({ type: "best_quote", marketId: M0, ...best });
    }
    told = [...levels.map(([ladder, price]) => [ladder, price] as const)];
    // Somebody sells into the bid, or buys from the ask: now and then enough to reach who stands last.
    const size = i % 5 === 0 ? 26_000_000 : 4_000_000;
    const seller = { type: "market_trade", marketId: M0, outcome: 0, side: "sell", price: mid - 100, size };
    const buyer = { type: "market_trade", marketId: M0, outcome: 0, side: "buy", price: mid + 100, size };
    if (i % 3 === 1) offer(i % 2 === 0 ? seller : buyer);
  }
  runtime.finish("over");
  return log;
}

function check(log: readonly CoreEvent[], options: Partial<PaperBrokerOptions> = {}): CheckResult {
  const core = coreOfRun(journaledRun(log[0]!, () => RESTER));
  const one = new PaperCheck(core, { runId: "check", seed: 5, ...SAME, ...options });
  for (const event of log) one.take(event);
  return one.end();
}

describe("paper-check of a run whose resting orders were filled", () => {
  it.each(["snapshots", "deltas", "quotes"] as const)(
    "finds nothing where the venue is what paper assumes, with a feed of %s that shows its own orders",
    (telling) => {
      const { orders, fits } = check(live(telling));
      const filled = orders.filter(({ real }) => real.shares > 0);
      expect(filled.length).toBeGreaterThan(10);
      expect(new Set(filled.map(({ outcome }) => outcome))).toEqual(new Set(["A", "B"]));
      expect(filled.some(({ real, size }) => real.shares < size)).toBe(true);
      for (const { orderId, real, paper } of orders)
        expect({ orderId, ...paper }).toEqual({ orderId, ...real });
      expect(optimism(orders)).toMatchObject({ dollars: 0, centsPerShare: 0 });
      expect(fits.find(({ model }) => model === "queue 1")?.apart).toBe(0);
    },
  );

  it("counts a trade once, also when it is heard of again, or first when it is settled", () => {
    const log = live("deltas");
    const matched = (event: CoreEvent): boolean =>
      event.type === "trade_report" && event.status === "MATCHED";
    const apart = (events: readonly CoreEvent[]): number =>
      check(events).orders.reduce((sum, { real, paper }) => sum + Math.abs(real.shares - paper.shares), 0);
    expect(apart(log.flatMap((event) => (matched(event) ? [event, event] : [event])))).toBe(0);
    const settled = log.map((event) =>
      matched(event) ? ({ ...event, status: "MINED" } as CoreEvent) : event,
    );
    expect(settled.some((event, n) => event !== log[n])).toBe(true);
    expect(apart(settled)).toBe(0);
  });

  it("says that paper is too kind when it takes every order for the first in its queue", () => {
    const log = live("deltas");
    const { orders, fits } = check(log, { fill_model: "touch" });
    const sum = (of: "real" | "paper"): number => orders.reduce((all, each) => all + each[of].shares, 0);
    expect(sum("paper")).toBeGreaterThan(sum("real") * 1.1);
    const apart = (model: string): number => fits.find((each) => each.model === model)!.apart;
    expect(apart("touch")).toBeGreaterThan(apart("queue 1"));
  });
});
