import { TemporalArb, type MarketDescription } from "@matchpoint/sdk";
import { describe, expect, it } from "vitest";
import { startRun, type TestRun } from "../runtime/start.ts";
import { MATCH, testMarket, type Levels } from "../runtime/tape.ts";
import { denials, GAME_1, held, last, memory, open, placed, skipped, status } from "./support.ts";

/** The model's word for the team in front of a game of LoL. */
const P = 0.74;
/** Trading on nothing but the level of the edge, as long as a test likes. */
const PARAMS = { model_trust: 1, cooldown_ms: 0, max_hold_ms: 86_400_000, target_gap: -1, reversal: 1 };

interface Setting {
  readonly params?: Record<string, unknown>;
  readonly market?: Partial<MarketDescription>;
  readonly engine?: Record<string, unknown>;
  readonly risk?: Record<string, unknown>;
  readonly book?: readonly [Levels, Levels];
}

const BOOK: readonly [Levels, Levels] = [[[63, 500]], [[65, 500]]];

/** Game 1 is level, and the book is what it is. */
function level({ params, market, engine, risk, book = BOOK }: Setting = {}): TestRun {
  const run = startRun([{ use: TemporalArb, params: { ...PARAMS, ...params } }], {
    config: { ...(engine === undefined ? {} : { engine }), ...(risk === undefined ? {} : { risk }) },
  });
  run.tape.match().market({ ...GAME_1, ...market });
  run.tape.book(...book).wait(100);
  run.tape
    .claim("grid", { kind: "series_started" }, "A")
    .claim("grid", { kind: "game_started", game: 1 }, "A");
  run.tape.wait(1_000);
  return run;
}

/** Somebody takes the lead: the implied probability of team 0 moves. */
function lead(run: TestRun, score: readonly [number, number], replayed = false): TestRun {
  run.tape.claim("grid", { kind: "game_progress", game: 1, progress: { score } }, "A", replayed);
  return run;
}

/** The same, and the entry that it leads to is filled. */
function holding(setting: Setting = {}): TestRun {
  const run = lead(level(setting), [3, 0]);
  run.tape.wait(300 + (setting.market?.takerDelayMs ?? 0));
  expect(held(run)[0]).toBeGreaterThan(5);
  expect(held(run)[1]).toBe(0);
  return run;
}

const exits = (run: TestRun) => placed(run).filter(({ side }) => side === "sell");

describe("an entry", () => {
  it("buys the outcome that gained, and only once for the same news", () => {
    const run = holding();
    expect(placed(run)[0]).toMatchObject({
      side: "buy",
      outcome: 0,
      orderType: "FAK",
      reason: "book behind truth",
    });
    for (let i = 0; i < 30; i += 1) run.tape.wait(100).book([[63, 500 + i]], [[65, 500]]);
    expect(placed(run)).toHaveLength(1);
    expect(skipped(run, "this news is traded")).toBeGreaterThan(10);
    run.tape.book([[60, 500]], [[61, 500]]).wait(300); // the edge has grown from .09 to .13
    expect(placed(run)).toHaveLength(2);
  });

  it("follows the other team as readily", () => {
    const run = lead(level({ book: [[[35, 500]], [[37, 500]]] }), [0, 2]);
    run.tape.wait(300);
    expect(placed(run)).toMatchObject([{ outcome: 1 }]);
  });

  it.each([
    { ask: 70, edge: "the threshold", trades: true },
    { ask: 70.1, edge: "below the threshold", trades: false },
    { ask: 59, edge: "the top of the band", trades: true },
    { ask: 58.9, edge: "above the band", trades: false },
  ])("at an edge of .74 - $ask ($edge): $trades", ({ ask, trades }) => {
    const book: readonly [Levels, Levels] = [[[ask - 2, 500]], [[ask, 500]]];
    const run = lead(
      level({ market: { tick: 10 as never }, book, params: { edge_threshold: 0.04, edge_max: 0.15 } }),
      [1, 0],
    );
    expect(placed(run)).toHaveLength(trades ? 1 : 0);
    if (trades) expect(last(run).edge).toBeCloseTo(P - ask / 100, 9);
    // Nothing beyond the threshold is ever paid, however far an entry may reach.
    if (trades) expect(last(run).limit).toBeLessThanOrEqual(7_000);
  });

  it("counts the fee, at the worst price that it may pay as well", () => {
    const fee = { ratePpm: 50_000, exponent: 1, takerOnly: true };
    const feeAt = (price: number): number => 0.05 * price * (1 - price);
    // .74 - .69 - .0107 is not enough; .74 - .68 - .0109 is, at 68 but not at 69.
    expect(placed(lead(level({ market: { fee }, book: [[[67, 500]], [[69, 500]]] }), [1, 0]))).toEqual([]);
    const run = lead(level({ market: { fee }, book: [[[66, 500]], [[68, 500]]] }), [1, 0]);
    expect(placed(run)).toMatchObject([{ limit: 6_800 }]);
    expect(last(run).edge).toBeCloseTo(P - 0.68 - feeAt(0.68), 9);
  });

  it("is sized by Kelly's fraction, and by the caps when that is more", () => {
    // (.74 - .65) / (1 - .65) of $1,000, a tenth of it: $25.71.
    const run = holding({ params: { kelly_fraction: 0.1, max_entry_usdc: 1_000, max_slippage: 0 } });
    expect(last(run).spend).toBeGreaterThan(25_600_000);
    expect(last(run).spend).toBeLessThanOrEqual(25_714_285);
    const half = holding({
      params: { kelly_fraction: 0.1, model_trust: 0.5, max_entry_usdc: 1_000, max_slippage: 0 },
    });
    expect(last(half).spend! / last(run).spend!).toBeCloseTo(0.5, 2);
    const capped = holding({ params: { max_entry_usdc: 20 } });
    expect(last(capped).spend).toBeGreaterThan(19_900_000);
    expect(last(capped).spend).toBeLessThanOrEqual(20_000_000);
    const { cost } = capped.runtime.core.ledger.position(testMarket().marketId, 0);
    expect(cost).toBeLessThanOrEqual(20_000_000);
  });

  it("stays within the position's cap over several", () => {
    const run = holding({ params: { max_entry_usdc: 30, max_position_usdc: 45, edge_growth: 0 } });
    for (let i = 0; i < 20; i += 1) run.tape.wait(200).book([[63, 500 + i]], [[65, 500]]);
    const { cost } = run.runtime.core.ledger.position(testMarket().marketId, 0);
    expect(placed(run).length).toBeGreaterThan(1);
    expect(cost).toBeGreaterThan(40_000_000);
    expect(cost).toBeLessThanOrEqual(45_000_000);
  });

  it("takes no more than the book shows", () => {
    const run = lead(level({ book: [[[63, 500]], [[65, 7]]] }), [1, 0]);
    expect(last(run).size).toBe(7_000_000);
  });
});

describe("no entry", () => {
  it("on history that is told again", () => {
    const run = lead(level(), [5, 0], true);
    run.tape
      .wait(100)
      .book(...BOOK)
      .wait(5_000);
    // What it says is known from now on, and is no news when it is said once more.
    lead(run, [6, 0])
      .tape.book(...BOOK)
      .wait(500);
    expect(placed(run)).toEqual([]);
    expect(skipped(run, "no fresh news")).toBeGreaterThan(0);
  });

  it("on stale truth, nor on what it says first when it speaks again", () => {
    const run = level();
    run.tape.wait(31_000);
    lead(run, [4, 0])
      .tape.book(...BOOK)
      .wait(500);
    expect(placed(run)).toEqual([]);
    lead(run, [4, 9])
      .tape.book([[35, 500]], [[37, 500]])
      .wait(500);
    expect(placed(run)).toHaveLength(1);
  });

  it("on news that is old", () => {
    const run = lead(level({ book: [[[71, 500]], [[73, 500]]] }), [1, 0]);
    run.tape
      .wait(8_001)
      .book(...BOOK)
      .wait(500);
    expect(placed(run)).toEqual([]);
    expect(skipped(run, "news is old")).toBe(1);
  });

  it("in a market whose subject is not proven", () => {
    const run = startRun([{ use: TemporalArb }]);
    run.tape
      .match()
      .market(testMarket())
      .book(...BOOK)
      .wait(100);
    run.tape
      .claim("grid", { kind: "series_started" }, "A")
      .claim("grid", { kind: "game_won", game: 1, winner: 0 }, "A");
    run.tape.book(...BOOK).wait(500);
    expect(placed(run)).toEqual([]);
    expect(skipped(run, "no truth about this market")).toBeGreaterThan(0);
  });

  it("while its own result is being settled", () => {
    const run = level();
    run.tape
      .claim("grid", { kind: "game_won", game: 1, winner: 0 }, "A")
      .book([[84, 500]], [[86, 500]])
      .wait(500);
    expect(status(run)).toBe("FINALIZING");
    expect(placed(run)).toEqual([]);
    expect(skipped(run, "market is FINALIZING")).toBeGreaterThan(0);
  });

  it("at once after a denial: once a pause, not once a book", () => {
    const run = lead(level({ risk: { max_order_usdc: 100, max_market_usdc: 1 } }), [1, 0]);
    for (let i = 0; i < 79; i += 1) run.tape.wait(100).book([[63, 500 + i]], [[65, 500]]);
    expect(new Set(denials(run))).toEqual(new Set(["MAX_MARKET"]));
    expect(denials(run)).toHaveLength(8);
  });
});

describe("an exit", () => {
  it("comes at the target: the bid has caught up", () => {
    const run = holding({ params: { target_gap: 0.01 } });
    run.tape
      .wait(3_000)
      .book([[72, 500]], [[74, 500]])
      .wait(500);
    expect(exits(run)).toEqual([]);
    run.tape.book([[73, 500]], [[75, 500]]).wait(500);
    expect(exits(run)).toMatchObject([{ limit: 7_300, reason: "target reached", purpose: "exit" }]);
    expect(held(run)[0]).toBeLessThan(0.02);
    expect(run.runtime.summary().realized).toBeGreaterThan(0);
  });

  it.each([
    [[3, 4], 1, "truth reversed"],
    [[3, 3], 1, "truth reversed"],
    [[4, 3], 0, undefined],
  ] as const)("comes when the lead goes to %j", (score, count, reason) => {
    const run = holding({ params: { reversal: 0.08 } });
    run.tape.wait(3_000);
    lead(run, score).tape.wait(500);
    expect(exits(run)).toHaveLength(count);
    expect(exits(run)[0]?.reason).toBe(reason);
  });

  it("comes when the news is taken back", () => {
    const run = startRun([{ use: TemporalArb, params: { ...PARAMS, edge_max: 0.3 } }]);
    const series = {
      ...GAME_1,
      subject: { kind: "series", matchId: MATCH.matchId, teamOf: [0, 1] } as const,
    };
    run.tape
      .match()
      .market(series)
      .book([[58, 500]], [[60, 500]])
      .wait(100);
    run.tape.claim("grid", { kind: "series_started" }, "A").wait(1_000);
    run.tape.claim("grid", { kind: "game_won", game: 1, winner: 0 }, "A").wait(3_000);
    expect(held(run)[0]).toBeGreaterThan(20);
    run.tape.claim("grid", { kind: "retracted", game: 1, reason: "rollback" }, "A").wait(500);
    expect(exits(run)).toMatchObject([{ reason: "truth reversed" }]);
    expect(placed(run)).toHaveLength(2);
  });

  it("comes when truth goes stale, and what is under way goes too", () => {
    const run = holding();
    run.tape.wait(31_000);
    expect(exits(run)).toMatchObject([{ reason: "truth stale" }]);
    const keeps = holding({ params: { exit_on_stale: false } });
    keeps.tape.wait(31_000);
    expect(exits(keeps)).toEqual([]);
    // Truth falls silent while an entry waits out the venue's delay: it is called back, and what it still buys is sold.
    const under = level({ market: { takerDelayMs: 2_000 } });
    under.tape.wait(27_000);
    lead(under, [3, 0]);
    under.tape
      .offer({ type: "source_health", source: "grid" as never, health: "down", reason: "test" })
      .wait(500);
    expect(placed(under)).toHaveLength(1);
    expect(open(under).map(({ intent }) => intent.side)).toEqual(["buy"]);
    under.tape.wait(8_000);
    expect(held(under)[0]).toBeLessThan(0.02);
    expect(open(under)).toEqual([]);
  });

  it("comes when time is up", () => {
    const run = holding({ params: { max_hold_ms: 20_000 } });
    run.tape.wait(19_000);
    expect(exits(run)).toEqual([]);
    run.tape.wait(1_500);
    expect(exits(run)).toMatchObject([{ reason: "held too long" }]);
  });

  it("calls back an entry that is still under way", () => {
    const run = holding({ params: { max_hold_ms: 6_000, edge_growth: 0 }, market: { takerDelayMs: 2_500 } });
    run.tape
      .wait(5_000)
      .book([[63, 400]], [[65, 500]])
      .wait(1_500);
    const entry = placed(run)[1]!;
    expect(entry.side).toBe("buy");
    expect(run.effects.some((effect) => effect.type === "cancel" && effect.intentId === entry.intentId)).toBe(
      true,
    );
    run.tape.wait(20_000);
    expect(held(run)[0]).toBeLessThan(0.02);
    expect(placed(run).filter(({ side }) => side === "buy")).toHaveLength(2);
  });

  it("is asked for again while the gate still holds the shares", () => {
    const run = holding({
      params: { target_gap: 0.01, exit_retry_ms: 200 },
      engine: { sell_gate: "confirmed" },
    });
    run.tape.book([[73, 500]], [[75, 500]]).wait(9_000);
    expect(new Set(denials(run))).toEqual(new Set(["INSUFFICIENT_SHARES"]));
    expect(denials(run).length).toBeGreaterThan(20);
    expect(denials(run).length).toBeLessThan(50);
    expect(exits(run)).toEqual([]);
    run.tape.wait(2_000);
    expect(exits(run)).toHaveLength(1);
    expect(held(run)[0]).toBeLessThan(0.02);
  });

  it("is not asked for again and again where the market allows none", () => {
    const run = holding({ params: { max_hold_ms: 5_000 } });
    run.tape.claim("grid", { kind: "game_won", game: 1, winner: 0 }, "A").wait(60_000);
    expect(denials(run)).toEqual(["MARKET_FINALIZING"]);
    run.tape.resolve([1, 0]).wait(30_000);
    expect(status(run)).toBe("RESOLVED");
    expect(run.runtime.summary().realized).toBeGreaterThan(0);
  });

  it("waits for a bid when there is none, and goes on where a partial fill has left it", () => {
    const run = holding({ params: { max_hold_ms: 5_000, max_slippage: 0 } });
    run.tape
      .wait(4_000)
      .book([], [[65, 500]])
      .wait(3_000);
    expect(exits(run)).toEqual([]);
    run.tape.book([[60, 10]], [[65, 500]]).wait(1_500);
    expect(held(run)[0]).toBeGreaterThan(20);
    run.tape.book([[59, 500]], [[65, 500]]).wait(3_000);
    expect(held(run)[0]).toBeLessThan(0.02);
  });

  it("that fails on the chain is asked for again", () => {
    const runs = Array.from({ length: 30 }, (_, seed) => seed).map((seed) => {
      const run = startRun([{ use: TemporalArb, params: { ...PARAMS, max_hold_ms: 5_000 } }], {
        broker: { seed, faults: { trade_fail: 0.5 } },
      });
      run.tape
        .match()
        .market(GAME_1)
        .book(...BOOK)
        .wait(100);
      run.tape
        .claim("grid", { kind: "series_started" }, "A")
        .claim("grid", { kind: "game_started", game: 1 }, "A")
        .wait(1_000);
      lead(run, [3, 0]).tape.wait(300);
      for (let i = 0; i < 40; i += 1) run.tape.wait(500).book([[63, 600 + i]], [[65, 500]]);
      return run;
    });
    const voidedSale = runs.filter((run) => exits(run).length > 1);
    expect(voidedSale.length).toBeGreaterThan(0);
    expect(exits(voidedSale[0]!)[1]).toMatchObject({ reason: "sale failed on the chain" });
  });
});

describe("an exit at the target", () => {
  it.each([0, 1_000])(
    "is not made below it when the bid that reached it is pulled (delay %d ms)",
    (delay) => {
      const run = lead(level({ params: { target_gap: 0.01 }, market: { takerDelayMs: delay } }), [3, 0]);
      run.tape.wait(3_000 + delay);
      expect(held(run)[0]).toBeGreaterThan(5);
      run.tape.book([[73, 500]], [[75, 500]]).wait(20); // the target is reached, the exit is on its way
      run.tape.book([[50, 500]], [[75, 500]]).wait(5_000);
      expect(exits(run).map(({ limit, reason }) => [limit, reason])).toEqual([[7_300, "target reached"]]);
      expect(skipped(run, "the target is gone again")).toBeGreaterThan(0);
      run.tape.book([[74, 500]], [[76, 500]]).wait(5_000);
      expect(held(run)[0]).toBeLessThan(0.02);
    },
  );
});

describe("an exit that an operator forbids", () => {
  it.each(["kill", "halt"] as const)("by a %s is asked for once, not for ever", (kind) => {
    const run = holding({ params: { max_hold_ms: 60_000 } });
    run.tape.wait(5_000).offer({ type: "operator", operator: "test", command: { kind } });
    run.tape.wait(600_000);
    expect(denials(run).length).toBeLessThanOrEqual(1);
  });
});

describe("an exit that the market's state lets through", () => {
  it.each([
    { what: "mined by then", before: 2_500 },
    { what: "not mined when first asked for", before: 300 },
  ])("is made while the outcome is being finalized: shares $what", ({ before }) => {
    const params = { max_hold_ms: before + 700, exit_retry_ms: 500 };
    const run = lead(level({ params, risk: { finalizing: { allow_reduce: true } } }), [3, 0]);
    run.tape.wait(before).claim("grid", { kind: "game_won", game: 1, winner: 0 }, "A").wait(60_000);
    expect(status(run)).toBe("FINALIZING");
    expect(held(run)[0]).toBeLessThan(0.02);
  });
});

describe("news that is taken back", () => {
  it.each([0, 2_000])(
    "takes with it what was bought on it, also while the venue holds the order for %d ms",
    (delay) => {
      const run = startRun([
        { use: TemporalArb, params: { model_trust: 1, target_gap: -1, reversal: 1, edge_max: 0.3 } },
      ]);
      const subject = { kind: "series", matchId: MATCH.matchId, teamOf: [0, 1] } as const;
      run.tape.match().market({ ...GAME_1, takerDelayMs: delay, subject });
      run.tape.book([[58, 500]], [[60, 500]]).wait(100);
      run.tape.claim("grid", { kind: "series_started" }, "A").wait(1_000);
      run.tape.claim("grid", { kind: "game_won", game: 1, winner: 0 }, "A").wait(1_000);
      run.tape.claim("grid", { kind: "retracted", game: 1, reason: "rollback" }, "A");
      for (let i = 0; i < 40; i += 1) run.tape.wait(500).book([[58, 500 + i]], [[60, 500]]);
      expect(placed(run).map(({ side }) => side)).toEqual(["buy", "sell"]);
      expect(held(run)[0]).toBeLessThan(0.02);
    },
  );
});

describe("news that comes while an entry travels", () => {
  it("is traded too", () => {
    const run = startRun([
      {
        use: TemporalArb,
        params: { ...PARAMS, max_entry_usdc: 10, signal_window_ms: 60_000, edge_max: 0.9, edge_growth: 0.3 },
      },
    ]);
    const subject = { kind: "series", matchId: MATCH.matchId, teamOf: [0, 1] } as const;
    run.tape.match().market({ ...GAME_1, takerDelayMs: 2_000, subject });
    run.tape.book([[48, 500]], [[50, 500]]).wait(100);
    run.tape
      .claim("grid", { kind: "series_started" }, "A")
      .claim("grid", { kind: "game_started", game: 1 }, "A")
      .wait(1_000);
    lead(run, [3, 0]).tape.wait(500);
    expect(open(run)).toHaveLength(1);
    run.tape.claim("grid", { kind: "game_won", game: 1, winner: 0 }, "A").wait(5_000);
    for (let i = 0; i < 5; i += 1) run.tape.book([[48, 500 + i]], [[50, 500]]).wait(1_000);
    expect(placed(run).filter(({ side }) => side === "buy")).toHaveLength(2);
  });
});

describe("the bounds of an entry", () => {
  it("hold with the fee, also when the price has improved on the way", () => {
    const fee = { ratePpm: 50_000, exponent: 1, takerOnly: true };
    const run = level({ market: { fee }, params: { kelly_fraction: 1, max_position_usdc: 40 } });
    lead(run, [3, 0])
      .tape.wait(20)
      .book([[28, 500]], [[30, 500]])
      .wait(400);
    const { cost } = run.runtime.core.ledger.position(testMarket().marketId, 0);
    expect(cost).toBeGreaterThan(30_000_000);
    expect(cost).toBeLessThanOrEqual(40_000_000);
  });
});

describe("temporal-arb", () => {
  it("rests after a position is gone", () => {
    const run = holding({ params: { max_hold_ms: 5_000, cooldown_ms: 60_000 } });
    run.tape.wait(8_000);
    expect(held(run)[0]).toBeLessThan(0.02);
    lead(run, [3, 5])
      .tape.book([[35, 500]], [[37, 500]])
      .wait(500);
    expect(placed(run)).toHaveLength(2);
    expect(skipped(run, "pausing")).toBeGreaterThan(0);
  });

  it("remembers in plain JSON of its schema, and is frozen", () => {
    const run = holding();
    expect(JSON.parse(JSON.stringify(memory(run)))).toEqual(memory(run));
    expect(TemporalArb.state.parse(memory(run))).toEqual(memory(run));
    expect(Object.isFrozen(run.runtime.core.market(testMarket().marketId)!.bindings[0]!.spec.strategy)).toBe(
      true,
    );
  });
});
