import {
  id,
  PNL_PARTS,
  Strategy,
  type BookContext,
  type Intent,
  type MarketDescription,
  type OrderRequest,
  type PnlLine,
  type Shares,
  type StrategyUse,
  type Usdc,
} from "@matchpoint/sdk";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { startRun, type TestRun } from "./start.ts";
import { MATCH, testMarket } from "./tape.ts";

const FREE: Partial<MarketDescription> = { fee: { ratePpm: 0, exponent: 1, takerOnly: true } };
const SERIES: Partial<MarketDescription> = {
  subject: { kind: "series", matchId: MATCH.matchId, teamOf: [0, 1] },
};

/** Asks for what its parameters say, once per market, as soon as there is a book. */
class Asker extends Strategy<typeof Asker.params, typeof Asker.state> {
  static readonly id: string = "asker";
  static readonly posture = "directional";
  static readonly params = z.object({
    outcome: z.union([z.literal(0), z.literal(1)]).default(0),
    cents: z.number(),
    shares: z.number(),
    postOnly: z.boolean().default(false),
    fair: z.number().exactOptional(),
    edge: z.number().exactOptional(),
  });
  static readonly state = z.object({ done: z.boolean().default(false) });

  override onBook(ctx: BookContext<z.output<typeof Asker.state>>): void {
    if (ctx.state.done || ctx.quote(0).mid === undefined) return;
    ctx.state.done = true;
    const { outcome, cents, shares, postOnly, fair, edge } = this.params;
    ctx.buy({
      outcome,
      limit: Math.round(cents * 100) as OrderRequest["limit"],
      size: (shares * 1e6) as Shares,
      orderType: "GTC",
      postOnly,
      ...(fair === undefined ? {} : { fair }),
      ...(edge === undefined ? {} : { edge }),
    });
  }
}

const CONFIG = {
  risk: {
    resolution_filter: "off",
    ...{ max_order_usdc: 500, max_market_usdc: 500, max_match_usdc: 500, max_unsettled_usdc: 500 },
  },
} as const;
const ask = (params: z.input<typeof Asker.params>): StrategyUse => ({ use: Asker, params });
const USD = (dollars: number): Usdc => Math.round(dollars * 1e6) as Usdc;
const M1 = id<MarketDescription["marketId"]>("m1");

function run(params: z.input<typeof Asker.params>, market: Partial<MarketDescription> = FREE): TestRun {
  const made = startRun([ask(params)], { config: CONFIG });
  made.tape.market(testMarket(market)).book([[48, 500]], [[52, 500]]);
  return made;
}

function intentOf({ effects }: TestRun): Intent {
  const placed = effects.find((effect) => effect.type === "place");
  if (placed?.type !== "place") throw new Error("nothing was placed");
  return placed.intent;
}

function sum({ parts }: Pick<PnlLine, "parts">): number {
  return PNL_PARTS.reduce((total, part) => total + parts[part], 0);
}

describe("what an order was decided by", () => {
  const SPORTS = { fee: { ratePpm: 50_000, exponent: 1, takerOnly: true } };

  it.each([
    ["the mid, when nobody says more", {}, FREE, { fair: 500_000, by: "mid", price: 520_000 }],
    ["what the strategy states", { fair: 0.6 }, FREE, { fair: 600_000, by: "strategy", price: 520_000 }],
    ["the edge that it states", { edge: 0.03 }, FREE, { fair: 550_000, by: "strategy", price: 520_000 }],
    // 52 cents, a fee of 0.05 * 0.52 * 0.48 and three cents of edge.
    ["that edge after the fee", { edge: 0.03 }, SPORTS, { fair: 562_480, by: "strategy", price: 520_000 }],
    [
      "its limit when it rests",
      { cents: 49, postOnly: true },
      FREE,
      { fair: 500_000, by: "mid", price: 490_000 },
    ],
    ["its limit below the asks", { cents: 51 }, FREE, { fair: 500_000, by: "mid", price: 510_000 }],
    [
      "the other outcome's own prices",
      { outcome: 1 as const, cents: 60 },
      FREE,
      { fair: 500_000, price: 520_000 },
    ],
  ])("is %s", (_, params, market, expected) => {
    const made = run({ cents: 55, shares: 20, ...params }, market);
    expect(intentOf(made).decision).toMatchObject(expected);
    expect(intentOf(made).decision).not.toHaveProperty("breakEven");
  });

  it("is the model's word once the match goes on, and not before", () => {
    const made = startRun([ask({ cents: 55, shares: 20 })], { config: CONFIG });
    made.tape.market(testMarket({ ...FREE, ...SERIES })).match();
    const other = testMarket({ ...FREE, ...SERIES, marketId: id("m2") });
    made.tape.market(other).book([[48, 500]], [[52, 500]]);
    made.tape
      .claim("a", { kind: "series_started" })
      .claim("a", { kind: "game_won", game: 1, winner: 0 }, "A");
    made.tape.book([[48, 500]], [[52, 500]], "m2");
    const decisions = made.effects.flatMap((effect) =>
      effect.type === "place" ? [effect.intent.decision] : [],
    );
    const p = made.runtime.core.market(id("m2"))!.truth!.pOf(0);
    expect(p).toBeGreaterThan(0.6);
    expect(decisions).toEqual([
      { fair: 500_000, by: "mid", price: 520_000 },
      { fair: Math.round(p * 1e6), by: "model", price: 520_000 },
    ]);
  });

  it.each([NaN, -0.1, 1.1, Infinity, "0.5" as never, null as never])(
    "is never a fair value of %d: such an intent is denied",
    (fair) => {
      const loose: StrategyUse = {
        use: class extends Asker {
          static override readonly id = "loose";
          override onBook(ctx: BookContext<z.output<typeof Asker.state>>): void {
            ctx.buy({ outcome: 0, limit: 5_200 as OrderRequest["limit"], size: 20e6 as Shares, fair });
          }
        },
        params: { cents: 1, shares: 1 },
      };
      const made = startRun([loose]);
      made.tape.market(testMarket(FREE)).book([[48, 500]], [[52, 500]]);
      expect(made.effects.filter(({ type }) => type === "denied")).toMatchObject([
        { type: "denied", code: "INTENT_INVALID" },
      ]);
    },
  );
});

describe("what became of a fill", () => {
  it("is looked at 5 and 30 seconds later, and adds up to the micro-dollar", () => {
    const made = run({ cents: 55, shares: 100, fair: 0.56 }, {});
    made.tape.wait(400);
    made.tape.at(4_000).book([[50, 500]], [[54, 500]]);
    // Five seconds after the fill that is the last word; this book comes later.
    made.tape.at(5_600).book([[30, 500]], [[32, 500]]);
    made.tape.at(30_020).book([[58, 500]], [[62, 500]]);
    made.tape.at(40_000).book(
      [
        [66, 40],
        [60, 500],
      ],
      [[70, 500]],
    );
    const { pnl, parts, unrealized, unrealizedAtModel, fees, strategies, markets } = made.runtime.summary();
    const fill = made.log.flatMap(({ event }) => (event.type === "trade_report" ? [event] : []))[0]!;
    expect([fill.at > 20e6, fill.at < 600e6]).toEqual([true, true]);
    expect(fees).toBe(USD(1.248));
    // Bought at 52 what was held to be worth 56; then worth 52, 60, and 68 by now. 40 go at 66 and 60 at 60.
    expect(parts).toEqual({
      edge: USD(4),
      legLoss: 0,
      slippage: 0,
      fees: USD(-1.248),
      after5s: USD(-4),
      after30s: USD(8),
      settlement: USD(8),
      conversion: 0,
      exit: USD(62.4 - 68),
      rounding: 0,
    });
    expect(unrealized).toBe(USD(62.4 - 52 - 1.248));
    expect(unrealizedAtModel).toBe(USD(68 - 52 - 1.248));
    expect(pnl).toBe(unrealized);
    for (const line of [{ parts }, ...strategies, ...markets]) expect(sum(line)).toBe(pnl);
  });

  it("needs no timers: nothing is asked of the shell for it, and no event is made", () => {
    const made = run({ cents: 55, shares: 100 });
    made.tape.wait(60_000);
    expect(made.effects.filter(({ type }) => type === "set_timer")).toEqual([]);
    expect(made.log.filter(({ event }) => event.type === "timer")).toEqual([]);
  });

  it("is no look at a book that is broken, nor at a fill that was voided", () => {
    const made = run({ cents: 55, shares: 100 });
    made.tape.wait(400);
    made.tape.at(3_000).offer({ type: "book_continuity", marketId: M1, state: "gap", reason: "test" });
    made.tape.at(10_000).book([[58, 500]], [[62, 500]]);
    expect(made.runtime.summary().parts).toMatchObject({ after5s: 0, settlement: USD(10) });
    const fill = made.log.flatMap(({ event }) => (event.type === "trade_report" ? [event] : []))[0]!;
    made.tape.offer({ ...fill, status: "FAILED" });
    made.tape.at(60_000).book([[58, 500]], [[62, 500]]);
    const { pnl, parts } = made.runtime.summary();
    expect([pnl, ...Object.values(parts)]).toEqual(Array.from({ length: 11 }, () => 0));
  });

  it("can be read fill by fill", () => {
    const made = run({ cents: 55, shares: 100, fair: 0.53 });
    made.tape.wait(400).book([[54, 500]], [[58, 500]]);
    const { core } = made.runtime;
    const fills = core.ledger.fills(M1, core.mark(M1));
    expect(fills).toMatchObject([
      {
        ...{ strategyId: "asker", side: "buy", outcome: 0, size: 100e6, cost: USD(52) },
        parts: { edge: USD(1), settlement: USD(3), exit: 0 },
        pnl: USD(4),
      },
    ]);
  });
});

describe("what is held", () => {
  it("counts as what its sale would bring, level by level, and nothing beyond the bids", () => {
    const made = run({ cents: 55, shares: 100 });
    made.tape.wait(400).book(
      [
        [50, 30],
        [45, 20],
      ],
      [[52, 500]],
    );
    expect(made.runtime.summary().unrealized).toBe(USD(30 * 0.5 + 20 * 0.45 - 52));
    made.tape.book([], [[52, 500]]);
    expect(made.runtime.summary()).toMatchObject({ unrealized: USD(-52), unrealizedAtModel: 0 });
  });

  it("counts at most half while what the market is about is disputed", () => {
    const made = startRun([ask({ cents: 55, shares: 100 })], { config: CONFIG });
    made.tape.market(testMarket({ ...FREE, ...SERIES })).match();
    made.tape
      .claim("a", { kind: "series_started" })
      .book([[48, 500]], [[52, 500]])
      .wait(400);
    made.tape.book([[80, 500]], [[82, 500]]);
    expect(made.runtime.summary().unrealized).toBe(USD(28));
    made.tape.claim("a", { kind: "series_won", winner: 0 }, "A").wait(100);
    made.tape.claim("b", { kind: "series_won", winner: 1 }, "A").wait(120_000);
    expect([...made.runtime.core.market(M1)!.trading.causes]).toContain("truth_disputed");
    const { unrealized, unrealizedAtModel, parts, pnl } = made.runtime.summary();
    expect(unrealized).toBe(USD(50 - 52));
    expect(unrealizedAtModel).toBeLessThanOrEqual(USD(50 - 52));
    expect(sum({ parts })).toBe(pnl);
    // A price below half stands.
    made.tape.book([[30, 500]], [[32, 500]]);
    expect(made.runtime.summary().unrealized).toBe(USD(30 - 52));
  });

  it.each([
    [[1, 0], 48],
    [[0, 1], -52],
    [[0.5, 0.5], -2],
  ] as const)("counts by the payout vector %j once there is one", (payouts, won) => {
    const made = run({ cents: 55, shares: 100 });
    made.tape
      .wait(400)
      .book([[20, 500]], [[22, 500]])
      .resolve(payouts);
    const before = made.runtime.summary();
    expect([before.pnl, before.unrealizedAtModel + before.realized]).toEqual([USD(won), USD(won)]);
    expect(before.parts.exit).toBe(0);
    made.tape.wait(20_000);
    const after = made.runtime.summary();
    expect([after.pnl, after.unrealized, after.cash]).toEqual([USD(won), 0, USD(1_000 + won)]);
    expect(after.parts).toEqual(before.parts);
  });

  it("adds up by match, and markets of none are in none", () => {
    const made = startRun([ask({ cents: 55, shares: 20 })], { config: CONFIG });
    made.tape.market(testMarket({ ...FREE, ...SERIES })).match();
    const game = { kind: "game", matchId: MATCH.matchId, game: 1, teamOf: [0, 1] } as const;
    made.tape.market(testMarket({ ...FREE, marketId: id("m2"), subject: game }));
    made.tape.market(testMarket({ ...FREE, marketId: id("m3") }));
    for (const market of ["m1", "m2", "m3"]) made.tape.book([[48, 500]], [[52, 500]], market);
    made.tape.wait(400);
    const { matches, markets, pnl } = made.runtime.summary();
    expect(markets.map((market) => market.pnl)).toEqual([USD(-0.8), USD(-0.8), USD(-0.8)]);
    expect(matches).toMatchObject([{ matchId: MATCH.matchId, pnl: USD(-1.6), trades: 2 }]);
    expect([sum(matches[0]!), pnl]).toEqual([USD(-1.6), USD(-2.4)]);
  });
});

describe("makers' rebates", () => {
  it("are owed by the market's schedule, and neither cash nor profit before they come in", () => {
    const market = { makerRebatePpm: 150_000 };
    const made = run({ cents: 49, shares: 100, postOnly: true }, market);
    made.tape.wait(400).trade("sell", 48, 1_000).wait(400);
    const { rebates, cash, pnl, equity, strategies } = made.runtime.summary();
    // A taker would have paid 100 * 0.05 * 0.49 * 0.51, to five decimals; 15 % of that.
    expect(rebates).toEqual({ accrued: 187_425, received: 0, due: 187_425 });
    expect(strategies[0]!.rebates).toBe(187_425);
    expect(cash).toBe(USD(1_000 - 49));
    expect(pnl).toBe(USD(48 - 49));
    const { ledger } = made.runtime.core;
    expect([...ledger.accounts()].filter(({ account }) => account.startsWith("rebates"))).toEqual([
      { account: "rebates:m1", balance: -187_425 },
      { account: "rebates-due", balance: 187_425 },
    ]);
    ledger.receiveRebate(USD(0.1));
    ledger.audit();
    const after = made.runtime.summary();
    expect(after.rebates).toEqual({ accrued: 187_425, received: 100_000, due: 87_425 });
    expect([after.cash, after.pnl, after.equity]).toEqual([cash + 100_000, pnl, equity + 100_000]);
  });

  it.each([
    ["takers", { cents: 55 }, { makerRebatePpm: 150_000 }],
    ["markets that state none", { cents: 49, postOnly: true }, {}],
    ["markets without fees", { cents: 49, postOnly: true }, { ...FREE, makerRebatePpm: 150_000 }],
  ])("are none for %s", (_, params, market) => {
    const made = run({ shares: 100, ...params }, market);
    made.tape.wait(400).trade("sell", 48, 1_000).wait(400);
    expect(made.runtime.core.counts.fills).toBe(1);
    expect(made.runtime.summary().rebates.accrued).toBe(0);
  });
});

describe("a run that is told again", () => {
  it("has the same decisions, looks and parts", () => {
    const made = run({ cents: 55, shares: 100, fair: 0.56 }, {});
    made.tape.at(4_000).book([[50, 500]], [[54, 500]]);
    made.tape.at(36_000).book([[58, 500]], [[62, 500]]);
    const again = run({ cents: 55, shares: 100, fair: 0.56 }, {});
    again.tape.at(4_000).book([[50, 500]], [[54, 500]]);
    again.tape.at(36_000).book([[58, 500]], [[62, 500]]);
    expect(again.runtime.summary().parts).toEqual(made.runtime.summary().parts);
    expect(again.runtime.summary().effectsHash).toBe(made.runtime.summary().effectsHash);
  });
});
