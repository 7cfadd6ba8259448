import { id, type MarketDescription, type MarketId, type StrategyContext } from "@matchpoint/sdk";
import { describe, expect, it } from "vitest";
import { MATCH, testMarket } from "../runtime/tape.ts";
import { cents, RiskRun, request, shares } from "./scripted.ts";

const M1 = id<MarketId>("m1");
const FREE = { fee: { ratePpm: 0, exponent: 1, takerOnly: true } } as const;
const ROOM = { max_order_latency_ms: 0 } as const;
const listed = (run: RiskRun): RiskRun => {
  run.tape.market(testMarket(FREE));
  return run;
};
const sale = (amount: number, at = 60) => ({
  outcome: 0 as const,
  limit: cents(at),
  size: shares(amount),
  orderType: "GTC" as const,
  purpose: "exit" as const,
});

describe("a trade that is being retried", () => {
  it("of a buy counts in the exposure, and not for exits, whatever may be sold early", () => {
    const run = listed(
      new RiskRun({ risk: { ...ROOM, max_market_usdc: 20 }, engine: { sell_gate: "matched" } }),
    );
    const [orderId] = run.place({ size: shares(25) });
    run.trade(orderId!, "t1", "MATCHED");
    run.act((ctx) => ctx.sell(sale(5)));
    expect(run.denials()).toEqual([]);
    run.trade(orderId!, "t1", "RETRYING");
    run.act((ctx) => ctx.sell(sale(6)));
    expect(run.denials()).toEqual(["INSUFFICIENT_SHARES"]);
    run.act((ctx) => ctx.buy(request({ size: shares(26) })));
    expect(run.denials()).toEqual(["INSUFFICIENT_SHARES", "MAX_MARKET"]);
    run.trade(orderId!, "t1", "MINED");
    run.act((ctx) => ctx.sell(sale(7)));
    expect(run.denials()).toHaveLength(2);
  });

  it("of a sale keeps its shares' cost in the exposure, and its dollars out of the cash", () => {
    const run = listed(new RiskRun({ risk: { ...ROOM, max_market_usdc: 20, max_account_usdc: 20 } }));
    const [bought] = run.place({ size: shares(25) });
    run.trade(bought!, "t1", "CONFIRMED");
    run.act((ctx) => ctx.sell(sale(25)));
    const sold = [...run.venue.intents.keys()].at(-1)!;
    run.trade(sold, "t2", "MATCHED");
    expect(run.core.ledger.retryingCost(M1, 0)).toBe(0);
    run.trade(sold, "t2", "RETRYING");
    expect(run.core.ledger.position(M1, 0)).toMatchObject({ matched: 0, cost: 0 });
    expect(run.core.ledger.retryingCost(M1, 0)).toBe(10_000_000);
    run.act((ctx) => ctx.buy(request({ size: shares(26) })));
    expect(run.denials()).toEqual(["MAX_MARKET"]);
    run.act((ctx) => ctx.buy(request({ size: shares(25) })));
    expect(run.denials()).toEqual(["MAX_MARKET"]);
    run.trade(sold, "t2", "CONFIRMED");
    run.act((ctx) => ctx.buy(request({ size: shares(20), limit: cents(39) })));
    expect(run.denials()).toEqual(["MAX_MARKET"]);
  });

  it("does not lend the dollars of a sale to another order", () => {
    const run = listed(
      new RiskRun({
        risk: {
          ...ROOM,
          max_order_usdc: 10_000,
          max_market_usdc: 10_000,
          max_match_usdc: 10_000,
          max_account_usdc: 10_000,
          max_unsettled_usdc: 10_000,
        },
      }),
    );
    const [bought] = run.place({ size: shares(2_400) });
    run.trade(bought!, "t1", "CONFIRMED");
    run.act((ctx) => ctx.sell(sale(2_400)));
    const sold = [...run.venue.intents.keys()].at(-1)!;
    run.trade(sold, "t2", "RETRYING");
    // $40 is left of the $1,000 that is sure.
    run.act((ctx) => ctx.buy(request({ size: shares(101) })));
    expect(run.denials()).toEqual(["INSUFFICIENT_BALANCE"]);
    run.act((ctx) => ctx.buy(request({ size: shares(100) })));
    expect(run.denials()).toEqual(["INSUFFICIENT_BALANCE"]);
  });

  it("is still one after a restart, until its end is known", () => {
    const risk = { ...ROOM, max_market_usdc: 20 };
    const run = listed(new RiskRun({ risk, engine: { sell_gate: "matched" } }));
    const [orderId] = run.place({ size: shares(25) });
    run.trade(orderId!, "t1", "RETRYING");
    const next = run.restarted(1_000, { risk, engine: { sell_gate: "matched" } }, listed);
    expect(next.core.orders.retrying(M1)).toMatchObject([{ tradeId: "t1" }]);
    next.act((ctx) => ctx.sell(sale(6)));
    expect(next.denials()).toEqual(["INSUFFICIENT_SHARES"]);
  });

  it("that fails is gone from both sides", () => {
    const run = listed(new RiskRun({ risk: ROOM }));
    const [orderId] = run.place({});
    run.trade(orderId!, "t1", "RETRYING");
    expect([...run.core.orders.retryingMarkets()]).toEqual(["m1"]);
    run.trade(orderId!, "t1", "FAILED");
    expect([...run.core.orders.retryingMarkets()]).toEqual([]);
    expect(run.core.orders.retrying(M1)).toEqual([]);
  });
});

describe("a match", () => {
  const subject = { kind: "series", matchId: MATCH.matchId, teamOf: [0, 1] } as const;
  const handicap = {
    marketId: id<MarketId>("m2"),
    title: "Map handicap: A (-1.5)",
    subject: undefined as never,
  };
  const both = (
    related: Partial<MarketDescription>,
    of: Partial<MarketDescription> = { subject },
  ): RiskRun => {
    const run = new RiskRun({ risk: { ...ROOM, max_match_usdc: 6 } });
    run.tape.match().market(testMarket({ ...FREE, ...of }));
    run.tape.market(testMarket({ ...FREE, ...handicap, ...related }));
    run.book();
    run.book(47, 53, "m2");
    return run;
  };

  it("is one bet with what is related to it, whichever comes first", () => {
    const related = { related: MATCH.matchId };
    for (const [first, second] of [
      ["m1", "m2"],
      ["m2", "m1"],
    ] as const) {
      const run = both(related);
      run.placeIn(first, {});
      run.placeIn(second, {});
      expect(run.denials()).toEqual(["MAX_MATCH"]);
      run.placeIn(second, { size: shares(5) });
      expect(run.denials()).toEqual(["MAX_MATCH"]);
    }
    const alone = both({});
    alone.placeIn("m1", {});
    alone.placeIn("m2", {});
    expect(alone.denials()).toEqual([]);
  });

  it("stays one bet with a market that is no longer proven to be about it", () => {
    const run = both({ related: MATCH.matchId });
    run.placeIn("m1", {});
    run.tape.market(testMarket({ ...FREE, subject: undefined as never, related: MATCH.matchId }));
    run.placeIn("m2", {});
    expect(run.denials()).toEqual(["MAX_MATCH"]);
  });

  it("reports what is related to it with its own", () => {
    const run = both({ related: MATCH.matchId });
    for (const [i, marketId] of ["m1", "m2"].entries())
      run.trade(run.placeIn(marketId, { size: shares(5) })[0]!, `t${i}`, "CONFIRMED");
    expect(run.runtime.summary().matches).toMatchObject([{ matchId: MATCH.matchId, trades: 2 }]);
  });
});

describe("a tournament", () => {
  const league = (run: RiskRun, ...leagues: readonly (string | undefined)[]): RiskRun => {
    leagues.forEach((name, i) => {
      const matchId = id<never>(`match${i}`);
      if (name !== "not listed")
        run.tape.match({ ...MATCH, matchId, ...(name === undefined ? {} : { league: name }) });
      const subject = { kind: "series", matchId, teamOf: [0, 1] } as const;
      run.tape.market(testMarket({ ...FREE, marketId: id(`m${i}`), subject }));
    });
    return run;
  };
  const risk = { ...ROOM, max_tournament_usdc: 10 };

  it("holds its matches together, and others apart", () => {
    const run = league(new RiskRun({ risk }), "LCK", "LCK", "LPL");
    run.placeIn("m0", { size: shares(20) });
    run.placeIn("m1", { size: shares(6) });
    expect(run.denials()).toEqual(["MAX_TOURNAMENT"]);
    run.placeIn("m1", { size: shares(5) });
    run.placeIn("m2", { size: shares(25) });
    expect(run.denials()).toEqual(["MAX_TOURNAMENT"]);
  });

  it("is one for all of which nobody knows the league", () => {
    const run = league(new RiskRun({ risk }), undefined, undefined, "not listed", "LCK");
    run.tape.market(testMarket({ ...FREE, marketId: id("m9") }));
    run.placeIn("m0", { size: shares(20) });
    for (const marketId of ["m1", "m2", "m9"]) run.placeIn(marketId, { size: shares(6) });
    expect(run.denials()).toEqual(["MAX_TOURNAMENT", "MAX_TOURNAMENT", "MAX_TOURNAMENT"]);
    run.placeIn("m3", { size: shares(25) });
    expect(run.denials()).toHaveLength(3);
  });

  it("has no limit of its own unless one is configured", () => {
    const run = league(new RiskRun({ risk: ROOM }), "LCK", "LCK");
    run.placeIn("m0", { size: shares(100) });
    run.placeIn("m1", { size: shares(100) });
    expect(run.denials()).toEqual([]);
  });
});

describe("the venue's cancel budget", () => {
  it("bounds what rests, and the venue's own number is what counts", () => {
    const run = listed(new RiskRun({ risk: ROOM, capabilities: { cancelBurst: 4 } }));
    const orders = run.place(...[20, 21, 22, 23].map((limit) => ({ limit: cents(limit) })));
    expect(orders).toHaveLength(3);
    expect(run.denials()).toEqual(["CANCEL_BUDGET"]);
    run.report(orders[0]!, "live").report(orders[0]!, "canceled");
    expect(run.place({ limit: cents(24) })).toHaveLength(1);
    const started = run.log[0]!;
    expect(started.type === "run_started" && started.capabilities.cancelBurst).toBe(4);
  });

  it("is what the venue says while the run goes on: less, or more", () => {
    const run = listed(new RiskRun({ risk: ROOM, capabilities: { cancelBurst: 6 } }));
    const says = (cancelBurst: number): void => {
      run.wait(1);
      run.venue.say({ type: "venue_limits", cancelBurst, detail: "another tier" }, run.ms * 1_000_000);
      run.wait(0);
    };
    expect(run.place({ limit: cents(20) }, { limit: cents(21) })).toHaveLength(2);
    says(3);
    expect(run.place({ limit: cents(22) })).toEqual([]);
    expect(run.denials()).toEqual(["CANCEL_BUDGET"]);
    expect(run.cancelled()).toEqual([]);
    says(8);
    expect(run.place(...[22, 23, 24, 25, 26, 27].map((limit) => ({ limit: cents(limit) })))).toHaveLength(5);
    expect(run.denials()).toEqual(["CANCEL_BUDGET", "CANCEL_BUDGET"]);
  });
});

describe("an order in a market that is not listed", () => {
  it("counts against the account like any other, and breaks nothing", () => {
    const run = listed(new RiskRun({ risk: { ...ROOM, max_account_usdc: 20 } }));
    run.wait(1).tape.offer({
      type: "adopted",
      reason: "operator",
      evidence: "test",
      what: {
        kind: "order",
        orderId: id("foreign"),
        marketId: id("elsewhere"),
        outcome: 0,
        side: "buy",
        price: cents(40),
        size: shares(25),
        matched: shares(0),
      },
    });
    run.act((ctx) => {
      expect(ctx.cash).toBeLessThanOrEqual(990_000_000);
      ctx.buy(request({ size: shares(26) }));
    });
    expect(run.denials()).toEqual(["MAX_ACCOUNT"]);
    expect(run.alarms()).toEqual([]);
  });
});

describe("what a strategy is shown", () => {
  it.each([
    ["the grid", (ctx: StrategyContext) => Object.assign(ctx.market, { tick: 1, minSize: 0 })],
    ["the outcomes", (ctx: StrategyContext) => Object.assign(ctx.market.outcomes[0], { name: "mine" })],
  ])("is a copy of the market that cannot be changed: %s", (_what, change) => {
    const run = listed(new RiskRun());
    const before = JSON.stringify(run.core.market(M1)!.market);
    run.act((ctx) => {
      change(ctx);
      ctx.buy(request({ limit: 4_001 as never, size: shares(1) }));
    });
    expect(run.alarm()).toContain("Cannot assign to read only property");
    expect(run.venue.intents.size).toBe(0);
    expect(JSON.stringify(run.core.market(M1)!.market)).toBe(before);
  });

  it("is not what the gate goes by: a context with limits of its own is none", () => {
    const run = listed(new RiskRun({ risk: { max_order_usdc: 5, max_market_usdc: 5 } }));
    const ledger = { cash: 1e15, markets: () => [], position: () => ({ matched: 0, settled: 0, cost: 0 }) };
    run.act((ctx) => {
      Object.assign(ctx, { risk: { ledger, worstCase: () => ({ cash: 0 }) } });
      for (let i = 0; i < 5; i++) ctx.buy(request({ limit: cents(40 + i) }));
    });
    expect(run.venue.intents.size).toBe(1);
    expect(run.denials()).toEqual(Array.from({ length: 4 }, () => "MAX_MARKET"));
  });

  it("gives orders to none that only looks like it", () => {
    const run = listed(new RiskRun());
    run.act((ctx) => {
      const forged = Object.create(ctx, {
        spec: { value: { id: "s0", use: { posture: "pair" } } },
      }) as typeof ctx;
      forged.buy(request());
    });
    expect(run.alarm()).toContain("a context that was not given out");
    expect(run.venue.intents.size).toBe(0);
  });
});
