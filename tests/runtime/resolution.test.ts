import {
  id,
  Strategy,
  type BookContext,
  type Effect,
  type ExecutionFold,
  type Price,
  type ResolvedContext,
  type Shares,
  type Usdc,
} from "@matchpoint/sdk";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { startRun, type TestRun } from "./start.ts";
import { MATCH, testMarket } from "./tape.ts";

const shares = (count: number): Shares => (count * 1_000_000) as Shares;
const QUIET = { config: { risk: { duplicate_window_ms: 0 } } };

/** Buys at every book. */
class Buyer extends Strategy<typeof Buyer.params, typeof Buyer.state> {
  static readonly id = "buyer";
  static readonly posture = "directional";
  static readonly params = z.object({ most: z.number().default(1) });
  static readonly state = z.object({ bought: z.number().default(0), resolved: z.number().default(0) });
  override onBook(ctx: BookContext<z.output<typeof Buyer.state>>): void {
    if (ctx.state.bought >= this.params.most) return;
    ctx.state.bought += 1;
    ctx.buy({ outcome: 0, limit: ctx.quote(0).ask, size: shares(10) });
  }
  override onResolved(ctx: ResolvedContext<z.output<typeof Buyer.state>>): void {
    ctx.state.resolved += 1;
  }
}

/** Buys both outcomes once. */
class PairBuyer extends Strategy<typeof PairBuyer.params, typeof PairBuyer.state> {
  static readonly id = "pair-buyer";
  static readonly posture = "pair";
  static readonly params = z.object({});
  static readonly state = z.object({ done: z.boolean().default(false) });
  override onBook(ctx: BookContext<z.output<typeof PairBuyer.state>>): void {
    if (ctx.state.done) return;
    ctx.state.done = true;
    ctx.buy({ outcome: 0, limit: 5_100 as Price, size: shares(10) });
    ctx.buy({ outcome: 1, limit: 5_100 as Price, size: shares(10) });
  }
}

function effectsOf<T extends Effect["type"]>(run: TestRun, type: T): Extract<Effect, { type: T }>[] {
  return run.effects.filter((effect) => effect.type === type) as Extract<Effect, { type: T }>[];
}

describe("a venue's resolution", () => {
  it("of a market that is not listed yet pays what is held there, and ends it as soon as it is listed", () => {
    const run = startRun([{ use: Buyer }], QUIET);
    const paid = { cost: 4_000_000, fee: 0, liquidity: "taker", status: "CONFIRMED" } as const;
    const where = { marketId: id("m1"), outcome: 0, side: "buy", price: 4_000, size: 10_000_000 } as const;
    // By somebody else who uses the account: nothing else trades where nothing is listed.
    const foreign = { type: "trade_report", orderId: id("0x99"), tradeId: id("t-9"), ...where, ...paid };
    run.tape.offer(foreign as never).resolve([1, 0]);
    const { ledger } = run.runtime.core;
    expect(ledger.payouts(id("m1"))).toEqual([1_000_000, 0]);
    run.tape.resolve([0, 1]);
    expect(effectsOf(run, "alarm").map(({ code }) => code)).toContain("RESOLUTION_CHANGED");
    run.tape
      .resolve([1, 0])
      .wait(10)
      .market(testMarket())
      .book([[49, 100]], [[51, 100]])
      .wait(30_000);
    const entry = run.runtime.core.markets()[0]!;
    expect(entry.payouts).toEqual([1_000_000, 0]);
    expect(["FINALIZING", "RESOLVED"]).toContain(entry.trading.status);
    expect(effectsOf(run, "place")).toEqual([]);
  });

  it("ends entries at once, also while a trade is not confirmed yet", () => {
    const run = startRun([{ use: Buyer, params: { most: 9 } }], QUIET);
    run.tape
      .market(testMarket())
      .book([[49, 100]], [[51, 100]])
      .wait(500)
      .resolve([1, 0]);
    expect(run.runtime.core.orders.hasOpen(id("m1"))).toBe(true);
    const before = effectsOf(run, "place").length;
    run.tape.wait(10).book([[49, 200]], [[51, 200]]);
    const entry = run.runtime.core.markets()[0]!;
    expect(entry.trading.status).toBe("FINALIZING");
    expect(effectsOf(run, "place").length).toBe(before);
    run.tape.wait(30_000);
    expect(entry.trading.status).toBe("RESOLVED");
    expect(entry.bindings[0]!.state).toMatchObject({ resolved: 1 });
  });

  it("is followed by a redemption when the merge that was under way reverts", () => {
    const run = startRun([{ use: PairBuyer }], {
      // The chain is played by hand.
      between: (broker): ExecutionFold => ({
        capabilities: broker.capabilities,
        prepare: (intent, seq) => broker.prepare(intent, seq),
        observe: (event) => {
          broker.observe(event);
        },
        submit: (command, at) => {
          if (command.kind !== "chain") broker.submit(command, at);
        },
        nextDue: () => broker.nextDue(),
        advance: (to, emit) => {
          broker.advance(to, emit);
        },
      }),
    });
    run.tape
      .market(testMarket())
      .book([[49, 100]], [[51, 100]])
      .wait(30_000);
    const { actionId } = effectsOf(run, "chain")[0]!.action;
    run.tape.resolve([1, 0]).wait(100).offer({ type: "chain_report", actionId, status: "REVERTED" });
    run.tape.wait(60_000);
    expect(run.runtime.core.markets()[0]!.trading.status).toBe("RESOLVED");
    const actions = effectsOf(run, "chain").map(({ action }) => action);
    expect(actions).toMatchObject([{ kind: "merge" }, { kind: "redeem", amounts: [shares(10), shares(10)] }]);
  });

  it("lets shares that come in after the redemption be redeemed too", () => {
    const run = startRun([{ use: Buyer }]);
    run.tape
      .market(testMarket())
      .book([[49, 100]], [[51, 100]])
      .wait(20_000)
      .resolve([1, 0])
      .wait(20_000);
    expect(effectsOf(run, "chain").map(({ action }) => action.kind)).toEqual(["redeem"]);
    const trade = {
      tradeId: id("late"),
      orderId: id("0xlate"),
      marketId: id("m1"),
      outcome: 0,
      side: "buy",
      price: 5_000 as Price,
      size: shares(7),
      cost: 3_500_000 as Usdc,
      fee: 0 as Usdc,
      liquidity: "maker",
      status: "CONFIRMED",
    } as never;
    run.tape.offer({ type: "operator", operator: "test", command: { kind: "adopt", trades: [trade] } });
    expect(effectsOf(run, "chain")[1]?.action).toMatchObject({ kind: "redeem", amounts: [shares(7), 0] });
  });

  it("is followed by no redemption of shares that the rest of the same adoption has sold", () => {
    const run = startRun([{ use: Buyer, params: { most: 0 } }]);
    run.tape.market(testMarket()).wait(1_000).resolve([1, 0]).wait(1_000);
    const foreign = (tradeId: string, side: "buy" | "sell", size: number, cost: number) => ({
      tradeId: id(tradeId),
      orderId: id(`0x${tradeId}`),
      marketId: id("m1"),
      outcome: 0,
      side,
      price: 5_000 as Price,
      size: shares(size),
      cost: cost as Usdc,
      fee: 0 as Usdc,
      liquidity: "taker",
      status: "CONFIRMED",
    });
    const trades = [foreign("in", "buy", 7, 3_500_000), foreign("out", "sell", 5, 2_500_000)] as never;
    run.tape.offer({ type: "operator", operator: "test", command: { kind: "adopt", trades } });
    expect(effectsOf(run, "chain").map(({ action }) => action)).toMatchObject([
      { kind: "redeem", amounts: [shares(2), 0] },
    ]);
  });

  it("that nothing can pay is told and halts the market, and a sound one settles it", () => {
    for (const bad of [
      [0.5, -1],
      [2, 0],
      [Number.NaN, 1],
      [0.0000001, 1],
    ] as const) {
      const run = startRun([{ use: Buyer }]);
      run.tape
        .market(testMarket())
        .book([[49, 100]], [[51, 100]])
        .wait(20_000)
        .resolve(bad);
      const { trading } = run.runtime.core.markets()[0]!;
      expect(effectsOf(run, "alarm")).toMatchObject([{ code: "RESOLUTION_INVALID" }]);
      expect(trading.status).toBe("HALT");
      run.tape.resolve([1, 0]).wait(20_000);
      expect(trading.status).toBe("RESOLVED");
    }
  });

  it("and balances that agree end an order of unknown fate", () => {
    const run = startRun([{ use: Buyer }], {
      // Nothing is heard of the order.
      between: (broker): ExecutionFold => ({
        capabilities: broker.capabilities,
        prepare: (intent, seq) => broker.prepare(intent, seq),
        observe: () => undefined,
        submit: () => undefined,
        nextDue: () => undefined,
        advance: () => undefined,
      }),
    });
    run.tape.market(testMarket()).book([[49, 100]], [[51, 100]]);
    const { orders } = run.runtime.core;
    const { orderId } = orders.open(id("m1"))[0]!;
    for (let i = 0; i < 3; i++)
      run.tape.wait(1_000).offer({ type: "reconciled", agrees: true, differences: [] } as never);
    run.tape.offer({ type: "order_report", orderId: orderId!, status: "unknown" } as never);
    run.tape.resolve([1, 0]).wait(60_000);
    expect(orders.open(id("m1"))).toMatchObject([{ status: "UNKNOWN" }]);
    for (let i = 0; i < 2; i++) {
      expect(orders.hasOpen(id("m1"))).toBe(true);
      run.tape.wait(1_000).offer({ type: "reconciled", agrees: true, differences: [] } as never);
    }
    expect(orders.hasOpen(id("m1"))).toBe(false);
    expect(run.runtime.core.markets()[0]!.trading.status).toBe("RESOLVED");
  });

  it("that changes is told, and the last word counts", () => {
    const run = startRun([{ use: Buyer }]);
    run.tape
      .market(testMarket())
      .book([[49, 100]], [[51, 100]])
      .wait(500)
      .resolve([1, 0])
      .wait(10)
      .resolve([1, 0]);
    expect(effectsOf(run, "alarm")).toEqual([]);
    run.tape.wait(10).resolve([0, 1]);
    expect(effectsOf(run, "alarm")).toMatchObject([{ code: "RESOLUTION_CHANGED" }]);
    expect(run.runtime.core.markets()[0]!.payouts).toEqual([0, 1_000_000]);
  });

  it("is held against truth that becomes final later", () => {
    const run = startRun([{ use: Buyer }]);
    run.tape
      .match()
      .market(testMarket({ subject: { kind: "game", matchId: MATCH.matchId, game: 1, teamOf: [0, 1] } }));
    run.tape.wait(10).claim("grid", { kind: "game_started", game: 1 }, "A");
    run.tape.wait(10).resolve([0, 1]);
    expect(effectsOf(run, "alarm")).toEqual([]);
    run.tape.wait(10).claim("grid", { kind: "game_won", game: 1, winner: 0 }, "A");
    expect(effectsOf(run, "alarm")).toMatchObject([{ code: "PAYOUT_DIFFERS_FROM_TRUTH", marketId: "m1" }]);
  });

  it("finer than a price is valued to the micro-dollar", () => {
    const run = startRun([{ use: Buyer }]);
    run.tape
      .market(testMarket())
      .book([[49, 100]], [[51, 100]])
      .wait(5_000)
      .resolve([0.333333, 0.666667]);
    const held = run.runtime.summary();
    run.tape.wait(30_000);
    const redeemed = run.runtime.summary();
    expect(held.unrealized).not.toBe(0);
    expect(redeemed.unrealized).toBe(0);
    expect(held.pnl).toBe(redeemed.pnl);
  });
});

/** The rules of a match market in the venue's words, with what a walkover before the start pays. */
function rulesOf(walkover: string): string {
  return [
    "This market refers to the LoL match between Alpha and Beta in the Testing League.",
    'This market will resolve to "Alpha" if Alpha win the match against Beta.',
    'This market will resolve to "Beta" if Beta win the match against Alpha.',
    "If the match is canceled (not played at all), ends in a tie, or is delayed beyond 7 days from the scheduled date without a winner determined, this market will resolve to 50-50.",
    "If the match begins but is not completed, and one team wins due to the opponent's forfeiture, disqualification, or walkover, this market will resolve to the team who wins.",
    `If the match ends in a forfeit, disqualification, or walkover (team withdraws before the start and the other wins automatically), this market will resolve ${walkover}.`,
    "The resolution source for this market will be official information from https://gol.gg/esports/home.",
  ].join("\n\n");
}

describe("a market's rules text", () => {
  const own = testMarket();
  const named = {
    ...own,
    outcomes: [
      { ...own.outcomes[0], name: "Alpha" },
      { ...own.outcomes[1], name: "Beta" },
    ] as const,
    subject: { kind: "series", matchId: MATCH.matchId, teamOf: [0, 1] } as const,
  };
  const bought = (rules: string | undefined, filter?: "refuse" | "warn" | "off"): TestRun => {
    const risk = { duplicate_window_ms: 0, ...(filter === undefined ? {} : { resolution_filter: filter }) };
    const run = startRun([{ use: Buyer }], { config: { risk } });
    run.tape.match().market(rules === undefined ? named : { ...named, rules });
    run.tape.book([[49, 100]], [[51, 100]]).wait(500);
    return run;
  };

  it("that is not understood keeps entries out, with the sentence, unless it is configured otherwise", () => {
    const odd = `${rulesOf("to 50-50")}\n\nThe organisers may decide otherwise.`;
    const refused = bought(odd);
    expect(effectsOf(refused, "place")).toEqual([]);
    expect(JSON.stringify(refused.effects)).toContain("RESOLUTION_UNCLEAR");
    expect(JSON.stringify(refused.effects)).toContain("The organisers may decide otherwise.");
    const warned = bought(odd, "warn");
    expect(effectsOf(warned, "place")).toHaveLength(1);
    expect(effectsOf(warned, "alarm").filter(({ code }) => code === "RESOLUTION_UNCLEAR")).toHaveLength(1);
    const off = bought(odd, "off");
    expect(effectsOf(off, "place")).toHaveLength(1);
    expect(JSON.stringify(off.effects)).not.toContain("RESOLUTION_UNCLEAR");
    expect(effectsOf(bought(undefined), "place")).toHaveLength(1);
    expect(effectsOf(bought(rulesOf("to 50-50")), "place")).toHaveLength(1);
  });

  it.each([
    ["to 50-50", [0.5, 0.5] as const],
    ["to the team who wins", [1, 0] as const],
  ])("that pays a walkover %s is what payouts are held against", (words, pays) => {
    const run = bought(rulesOf(words));
    run.tape.wait(10).claim("grid", { kind: "series_won", winner: 0, forfeit: true }, "A");
    const mismatches = (): number =>
      effectsOf(run, "alarm").filter(({ code }) => code === "PAYOUT_DIFFERS_FROM_TRUTH").length;
    run.tape.wait(10).resolve([pays[0], pays[1]]);
    expect(mismatches()).toBe(0);
    const other = bought(rulesOf(words));
    other.tape.wait(10).claim("grid", { kind: "series_won", winner: 0, forfeit: true }, "A");
    other.tape.wait(10).resolve([0, 1]);
    expect(effectsOf(other, "alarm").filter(({ code }) => code === "PAYOUT_DIFFERS_FROM_TRUTH")).toHaveLength(
      1,
    );
  });
});
