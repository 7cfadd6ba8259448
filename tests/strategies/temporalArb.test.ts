import { TemporalArb } from "@matchpoint/sdk";
import { describe, expect, it } from "vitest";
import { startRun } from "../runtime/start.ts";
import { MATCH, testMarket, type Levels } from "../runtime/tape.ts";
import { denials, GAME_1, held, last, memory, open, placed, skipped, status } from "./support.ts";
import { PARAMS, BOOK, level, lead, holding } from "./temporal.ts";

/** The model's word for the team in front of a game of LoL. */
const P = 0.74;

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
