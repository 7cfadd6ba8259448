import { ModelMaker, type Intent, type MarketDescription, type Price } from "@matchpoint/sdk";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { startRun, type TestRun } from "../runtime/start.ts";
import { MATCH, testMarket } from "../runtime/tape.ts";
import { denials, FREE, GAME_1, held, memory, open, placed, skipped, status } from "./support.ts";

/** Quotes at once and often, around the microprice. */
const PARAMS = { reference: "microprice", min_rest_ms: 0, half_spread: 0.02, skew_per_100_shares: 0 };

interface Setting {
  readonly params?: Record<string, unknown>;
  readonly market?: Partial<MarketDescription>;
}

function start({ params, market }: Setting = {}): TestRun {
  const run = startRun([{ use: ModelMaker, params: { ...PARAMS, ...params } }]);
  run.tape.match().market({ ...GAME_1, ...market });
  return run;
}

/** Quoting around 50 cents: bids of 48 on both outcomes. */
function quoting(setting: Setting = {}): TestRun {
  const run = start(setting);
  run.tape.book([[49, 500]], [[51, 500]]).wait(200);
  expect(quotes(run)).toEqual([4_800, 4_800]);
  return run;
}

/** Limits of the open quotes: the bid on outcome 0, the bid on outcome 1. */
const quotes = (run: TestRun) =>
  open(run)
    .map(({ intent }) => intent)
    .sort((a, b) => a.outcome - b.outcome)
    .map(({ limit }) => limit);
const cancels = (run: TestRun) => run.effects.filter((effect) => effect.type === "cancel").length;

describe("quotes", () => {
  it("stand post-only on both sides of the microprice", () => {
    const run = start();
    run.tape.book([[40, 100]], [[60, 300]]).wait(200);
    // (40 * 300 + 60 * 100) / 400 = 45.
    expect(placed(run)).toMatchObject([
      { outcome: 0, limit: 4_300, postOnly: true, orderType: "GTC", size: 20_000_000 },
      { outcome: 1, limit: 5_300, postOnly: true, orderType: "GTC", size: 20_000_000 },
    ]);
  });

  it("stand around the model's probability when asked to", () => {
    const run = start({ params: { reference: "model" } });
    run.tape.book([[60, 500]], [[80, 500]]).wait(200);
    run.tape
      .claim("grid", { kind: "series_started" }, "A")
      .claim("grid", { kind: "game_started", game: 1 }, "A");
    run.tape.claim("grid", { kind: "game_progress", game: 1, progress: { score: [5, 1] } }, "A").wait(21_000);
    expect(quotes(run)).toEqual([7_200, 2_400]); // .74 -+ .02
    run.tape.wait(20_000);
    expect(quotes(run)).toEqual([]); // thirty seconds of silence
    run.tape.book([[60, 400]], [[80, 400]]);
    expect(skipped(run, "truth about this market is missing, stale or in doubt")).toBeGreaterThan(0);
  });

  it("lean against the position and stop at its limit", () => {
    const run = quoting({ params: { skew_per_100_shares: 0.1, max_position_shares: 40 } });
    run.tape
      .trade("sell", 47, 500)
      .wait(100)
      .book([[49, 400]], [[51, 400]])
      .wait(300);
    expect(held(run)).toEqual([20, 0]);
    // 20 shares move the fair price from 50 to 48: bids of 46 and 50.
    run.tape.book([[49, 300]], [[51, 300]]).wait(300);
    expect(quotes(run)).toEqual([4_600, 5_000]);
    run.tape.trade("sell", 45, 500).wait(300);
    run.tape
      .book([[49, 400]], [[51, 400]])
      .wait(300)
      .book([[49, 300]], [[51, 300]])
      .wait(300);
    expect(held(run)).toEqual([40, 0]);
    expect(open(run).map(({ intent }) => intent.outcome)).toEqual([1]);
    expect(skipped(run, "position limit reached")).toBeGreaterThan(0);
  });

  it("that both fill make a pair, which is merged", () => {
    const run = quoting();
    run.tape.trade("sell", 47, 500).wait(200).trade("buy", 53, 500).wait(20_000);
    expect(run.runtime.core.counts.merges).toBe(1);
    expect(held(run)).toEqual([0, 0]);
    expect(run.runtime.summary().realized).toBe(20 * 40_000);
  });

  it("keep to a fine grid, and do not follow every tenth of a cent", () => {
    const run = start({ market: { tick: 10 as Price } });
    run.tape.book([[94.1, 500]], [[94.4, 500]], "m1").wait(200);
    expect(skipped(run, "reference out of range")).toBe(1);
    run.tape.book([[90.1, 500]], [[90.4, 500]]).wait(200);
    expect(quotes(run)).toEqual([8_820, 770]);
    for (let i = 0; i < 9; i += 1) run.tape.book([[90.2 + i / 10, 500]], [[90.5 + i / 10, 500]]).wait(200);
    expect(cancels(run)).toBe(0);
    run.tape
      .book([[91.2, 500]], [[91.4, 500]])
      .wait(200)
      .book([[91.2, 400]], [[91.4, 400]])
      .wait(200);
    expect(cancels(run)).toBe(2);
    expect(quotes(run)).toEqual([8_930, 670]);
  });

  it("go when the tick gets coarser and they no longer lie on it", () => {
    const run = start({ market: { tick: 10 as Price } });
    run.tape.book([[70.1, 500]], [[70.4, 500]]).wait(200);
    run.tape
      .offer({ type: "tick_size_changed", marketId: testMarket().marketId, tick: 100 as Price })
      .wait(200);
    run.tape.book([[70, 500]], [[71, 500]]).wait(200);
    expect(quotes(run).every((limit) => limit % 100 === 0)).toBe(true);
    expect(denials(run)).toEqual([]);
  });

  it("never cross the book nor each other, whatever the book does", () => {
    const cents = fc.integer({ min: 1, max: 97 });
    const books = fc.array(
      fc.tuple(cents, fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 900 }), fc.boolean()),
      {
        minLength: 2,
        maxLength: 25,
      },
    );
    fc.assert(
      fc.property(books, (list) => {
        const run = start({
          params: { skew_per_100_shares: 0.2, max_position_shares: 60, min_reference: 0, max_reference: 1 },
        });
        for (const [bid, spread, size, hit] of list) {
          const ask = Math.min(99, bid + spread);
          run.tape.book([[bid, size]], [[ask, 500]]);
          // What is sent at this very moment rests behind the book.
          for (const intent of sentNow(run)) {
            expect(intent.postOnly).toBe(true);
            expect(intent.limit).toBeLessThan(
              run.runtime.core.market(testMarket().marketId)!.book.ask(intent.outcome),
            );
          }
          run.tape.wait(150);
          if (hit) run.tape.trade(size % 2 === 0 ? "sell" : "buy", size % 2 === 0 ? 1 : 99, 30).wait(100);
          const [first, second] = run.runtime.core
            .market(testMarket().marketId)!
            .bindings[0]!.context.orders();
          if (second !== undefined) expect(first!.limit + second.limit).toBeLessThan(10_000);
          expect(Math.abs(held(run)[0] - held(run)[1])).toBeLessThanOrEqual(60);
        }
        expect(denials(run)).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });
});

/** What was sent since the last call. */
const seen = new WeakMap<TestRun, number>();
function sentNow(run: TestRun): readonly Intent[] {
  const all = placed(run);
  const fresh = all.slice(seen.get(run) ?? 0);
  seen.set(run, all.length);
  return fresh;
}

describe("the cancel budget", () => {
  it("used up keeps safe quotes where they are and still pulls unsafe ones", () => {
    const run = quoting({ params: { max_cancels_per_minute: 4, pause_after_truth_ms: 0 } });
    // Four cancels: both quotes follow the book down a cent, and down again.
    run.tape
      .book([[48, 500]], [[50, 500]])
      .wait(200)
      .book([[48, 400]], [[50, 400]])
      .wait(200);
    run.tape
      .book([[47, 500]], [[49, 500]])
      .wait(200)
      .book([[47, 400]], [[49, 400]])
      .wait(200);
    expect(cancels(run)).toBe(4);
    expect(quotes(run)).toEqual([4_600, 5_000]);
    run.tape.book([[46, 500]], [[48, 500]]).wait(200);
    expect(cancels(run)).toBe(4);
    expect(skipped(run, "cancel budget is used up")).toBe(2);
    // At 46 the bid for outcome 0 at 46 has no margin left: it goes. The other one is only far away: it stays.
    run.tape.book([[45, 500]], [[47, 500]]).wait(200);
    expect(cancels(run)).toBe(5);
    run.tape.book([[45, 400]], [[47, 400]]).wait(200);
    expect(quotes(run)).toEqual([4_400, 5_000]);
    // A minute later there is a new budget.
    run.tape
      .wait(60_000)
      .book([[45, 500]], [[47, 500]])
      .wait(200)
      .book([[45, 400]], [[47, 400]])
      .wait(200);
    expect(quotes(run)).toEqual([4_400, 5_200]);
  });

  it("leaves young quotes alone while they are safe", () => {
    const run = quoting({ params: { min_rest_ms: 5_000 } });
    run.tape.book([[48, 500]], [[50, 500]]).wait(200);
    expect(cancels(run)).toBe(0);
    expect(skipped(run, "quote is young and safe")).toBe(2);
  });
});

describe("news", () => {
  it("pulls every quote within the moment, and they stay away until it is digested", () => {
    const run = quoting();
    run.tape
      .claim("grid", { kind: "series_started" }, "A")
      .claim("grid", { kind: "game_started", game: 1 }, "A")
      .wait(25_000);
    run.tape.book([[49, 500]], [[51, 500]]).wait(200);
    expect(open(run)).toHaveLength(2);
    const before = run.effects.length;
    run.tape.claim("grid", { kind: "game_progress", game: 1, progress: { score: [1, 0] } }, "A");
    expect(run.effects.slice(before).filter(({ type }) => type === "cancel")).toHaveLength(2);
    for (let i = 0; i < 19; i += 1) run.tape.wait(1_000).book([[49, 500 + i]], [[51, 500]]);
    expect(open(run)).toEqual([]);
    run.tape.wait(1_500);
    expect(open(run)).toHaveLength(2);
  });

  it("is what happened, not the clock and the gold", () => {
    const run = quoting();
    run.tape
      .claim("grid", { kind: "series_started" }, "A")
      .claim("grid", { kind: "game_started", game: 1 }, "A")
      .wait(25_000);
    run.tape
      .claim(
        "grid",
        { kind: "game_progress", game: 1, progress: { score: [1, 0], gold: [5_000, 4_000] } },
        "A",
      )
      .wait(25_000);
    const before = cancels(run);
    for (let i = 1; i < 10; i += 1) {
      const progress = { score: [1, 0], gold: [5_000 + i, 4_000], clockMs: i * 1_000 } as const;
      run.tape.claim("grid", { kind: "game_progress", game: 1, progress }, "A").wait(1_000);
    }
    expect(cancels(run)).toBe(before);
    expect(open(run)).toHaveLength(2);
  });

  it("that is history told again changes nothing", () => {
    const run = quoting();
    run.tape
      .claim("grid", { kind: "series_started" }, "A")
      .claim("grid", { kind: "game_started", game: 1 }, "A");
    run.tape.wait(25_000);
    expect(open(run)).toHaveLength(2);
    const before = cancels(run);
    const progress = { score: [9, 0] } as const;
    run.tape.claim("grid", { kind: "game_progress", game: 1, progress }, "A", true).wait(1_000);
    expect(run.runtime.core.market(testMarket().marketId)!.truth!.progress).toEqual(progress);
    expect(cancels(run)).toBe(before);
  });

  it("taken back pulls them as well", () => {
    const run = quoting();
    run.tape
      .claim("grid", { kind: "series_started" }, "A")
      .claim("grid", { kind: "game_started", game: 1 }, "A");
    run.tape.claim("grid", { kind: "game_won", game: 1, winner: 0 }, "A").wait(1_000);
    run.tape.claim("grid", { kind: "retracted", game: 1, reason: "rollback" }, "A").wait(1_000);
    expect(open(run)).toEqual([]);
  });
});

describe("model-maker", () => {
  it("pauses after a denial, on both sides", () => {
    const run = startRun([{ use: ModelMaker, params: PARAMS }], { config: { risk: { max_order_usdc: 5 } } });
    run.tape.market(testMarket(FREE));
    for (let i = 0; i < 100; i += 1) run.tape.wait(100).book([[49, 500 + i]], [[51, 500]]);
    expect(new Set(denials(run))).toEqual(new Set(["MAX_ORDER"]));
    expect(denials(run).length).toBeLessThanOrEqual(2 * 5);
    expect(denials(run).length).toBeGreaterThan(5);
  });

  it("takes its quotes away from an empty or a wide book, and comes back after a gap", () => {
    const run = quoting();
    run.tape.book([], [[51, 500]]).wait(200);
    expect(open(run)).toEqual([]);
    run.tape.book([[49, 500]], [[51, 500]]).wait(200);
    expect(open(run)).toHaveLength(2);
    run.tape.book([[30, 500]], [[60, 500]]).wait(200);
    expect(open(run)).toEqual([]);
    run.tape.book([[49, 500]], [[51, 500]]).wait(200);
    run.tape
      .offer({
        type: "book_continuity",
        marketId: testMarket().marketId,
        state: "disconnected",
        reason: "test",
      })
      .wait(200);
    expect(status(run)).toBe("HALT");
    expect(open(run)).toEqual([]);
    run.tape
      .book([[49, 500]], [[51, 500]])
      .wait(3_000)
      .book([[49, 400]], [[51, 400]])
      .wait(200);
    expect(open(run)).toHaveLength(2);
  });

  it("does not quote around a probability that rests on disputed truth", () => {
    const run = start({
      params: { reference: "model", pause_after_truth_ms: 1_000 },
      market: { subject: { kind: "series", matchId: MATCH.matchId, teamOf: [0, 1] } },
    });
    run.tape.book([[58, 500]], [[62, 500]]).wait(100);
    run.tape.claim("pandascore", { kind: "series_started" }).wait(2_000);
    run.tape.book([[58, 501]], [[62, 500]]).wait(300);
    expect(open(run).length).toBeGreaterThan(0);
    run.tape.claim("pandascore", { kind: "game_won", game: 1, winner: 0 }).wait(500);
    run.tape.claim("liquipedia", { kind: "game_won", game: 1, winner: 1 }).wait(6_000);
    expect(run.runtime.core.truth.state(MATCH.matchId)!.games[0]!.status).toBe("disputed");
    expect(open(run)).toEqual([]);
    const before = placed(run).length;
    for (let i = 0; i < 10; i += 1) run.tape.book([[58, 500 + i]], [[62, 500]]).wait(300);
    expect(placed(run)).toHaveLength(before);
    expect(denials(run)).toEqual([]);
  });

  it("remembers in plain JSON of its schema, and is frozen", () => {
    const run = quoting();
    expect(JSON.parse(JSON.stringify(memory(run)))).toEqual(memory(run));
    expect(ModelMaker.state.parse(memory(run))).toEqual(memory(run));
    expect(Object.isFrozen(run.runtime.core.market(testMarket().marketId)!.bindings[0]!.spec.strategy)).toBe(
      true,
    );
  });
});
