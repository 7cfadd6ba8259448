import { PairArb } from "@matchpoint/sdk";
import { describe, expect, it } from "vitest";
import { startRun, type TestRun } from "../runtime/start.ts";
import { testMarket } from "../runtime/tape.ts";
import { denials, FREE, held, last, memory, merges, open, path, placed, skipped, status } from "./support.ts";
import { PARAMS, quoting, oneLeg, hedges } from "./pairs.ts";

describe("a market that is locked by a pair", () => {
  it.each([2, 0.5])("is freed by a merge, also of %d shares", (size) => {
    const run = startRun([{ use: PairArb, params: { calm_ms: 1_000, cooldown_ms: 0 } }]);
    run.tape
      .market(testMarket(FREE))
      .book([[49, 500]], [[51, 500]])
      .wait(2_000);
    run.tape.trade("sell", 47, size).wait(300);
    run.tape.trade("buy", 53, size).wait(300);
    expect(held(run)).toEqual([size, size]);
    expect(status(run)).toBe("LOCKED_PAIR");
    for (let i = 0; i < 60; i += 1) run.tape.book([[54, 500 + (i % 2)]], [[56, 500]]).wait(1_000);
    expect(merges(run)).toBe(1);
    expect(status(run)).not.toBe("LOCKED_PAIR");
  });

  it("has no first legs that nobody watches", () => {
    const run = quoting();
    run.tape.trade("sell", 47, 3).wait(300);
    run.tape.trade("buy", 53, 3).wait(300);
    expect(status(run)).toBe("LOCKED_PAIR");
    for (const mid of [49, 48]) run.tape.book([[mid - 1, 500]], [[mid + 1, 500]]).wait(1_000);
    expect(status(run)).toBe("LOCKED_PAIR");
    expect(open(run)).toEqual([]);
    run.tape.trade("sell", 46, 500).wait(300);
    expect(held(run)).toEqual([3, 3]);
  });
});

describe("a first leg that may rest or be taken", () => {
  it.each([0, 1] as const)("is taken when outcome %d is cheap against its average", (outcome) => {
    const run = startRun([{ use: PairArb, params: { leg1: "either", calm_ms: 1_000 } }]);
    run.tape
      .market(testMarket(FREE))
      .book([[49, 500]], [[51, 500]])
      .wait(1_500);
    // The move unrests the book and pulls the first legs; the outcome ends up asked at 45, with an average near 50.
    run.tape.book([[outcome === 0 ? 46 : 52, 500]], [[outcome === 0 ? 48 : 54, 500]]).wait(300);
    expect(open(run)).toEqual([]);
    const mid = outcome === 0 ? 44 : 56;
    for (let i = 0; i < 80; i += 1) run.tape.book([[mid - 1, 500 + (i % 2)]], [[mid + 1, 500]]).wait(100);
    const takes = placed(run).filter(({ orderType }) => orderType === "FAK");
    expect(takes.map((intent) => intent.outcome)).toEqual([outcome]);
    expect(placed(run).length).toBeLessThan(10);
  });
});

describe("the first leg", () => {
  it("rests post-only below a calm market, on both sides", () => {
    const run = quoting();
    expect(placed(run).map(({ outcome, limit, postOnly, size }) => [outcome, limit, postOnly, size])).toEqual(
      [
        [0, 4_700, true, 25_000_000],
        [1, 4_700, true, 25_000_000],
      ],
    );
    expect(status(run)).toBe("BUILDING_PAIR");
  });

  it("waits until the book has kept still, and is pulled when the mid leaves or something happens", () => {
    const run = quoting({ params: { calm_ms: 5_000, calm_move: 0.015 } });
    expect(placed(run)).toEqual([]);
    run.tape.wait(4_600);
    expect(open(run)).toHaveLength(2);
    run.tape.book([[46, 500]], [[48, 500]]).wait(200);
    expect(open(run)).toEqual([]);
    expect(skipped(run, "the book is not calm")).toBeGreaterThan(0);
    run.tape.wait(5_000);
    // Below the new mid, though the slow average still stands near 50.
    expect(open(run).map(({ intent }) => intent.limit)).toEqual([4_400, 4_700]);
  });

  it("needs dollars behind it on the other leg", () => {
    const thin = startRun([{ use: PairArb, params: PARAMS }]);
    thin.tape
      .market(testMarket(FREE))
      .book([[49, 90]], [[51, 500]])
      .wait(500);
    // Outcome 1 is asked for at 51 by the 90 shares that bid 49 for outcome 0: $45.90.
    expect(placed(thin).map(({ outcome }) => outcome)).toEqual([1]);
    expect(skipped(thin, "too little on the other leg's asks")).toBeGreaterThan(0);
  });

  it("taken for dollars brings more shares when the book improves, and the second is sized by them", () => {
    const run = quoting({ params: { leg1: "take" } });
    run.tape.book([[44, 500]], [[46, 500]]);
    expect(last(run)).toMatchObject({
      outcome: 0,
      orderType: "FAK",
      limit: 4_600,
      size: 25_000_000,
      spend: 11_500_000,
    });
    run.tape
      .wait(20)
      .book([[43, 500]], [[45, 500]])
      .wait(300);
    expect(held(run)[0]).toBeCloseTo(25.5555, 3);
    run.tape.book([[50, 500]], [[52, 500]]);
    expect(last(run)).toMatchObject({ purpose: "hedge", outcome: 1, size: 25_550_000 });
    run.tape.wait(300);
    expect(status(run)).toBe("LOCKED_PAIR");
  });

  it("beyond the cap on a leg without its counterpart is denied, now and then and not at every book", () => {
    const run = quoting({ risk: { max_leg_imbalance_shares: 10 } });
    for (let i = 0; i < 100; i += 1) run.tape.wait(100).book([[49, 500 + i]], [[51, 500]]);
    expect(new Set(denials(run))).toEqual(new Set(["MAX_LEG_IMBALANCE"]));
    expect(denials(run).length).toBeGreaterThan(2);
    expect(denials(run).length).toBeLessThanOrEqual(2 * 7);
    expect(placed(run)).toEqual([]);
  });
});

describe("a complete pair", () => {
  it("is merged once both legs are confirmed, and not before", () => {
    const run = oneLeg();
    run.tape.book([[50, 500]], [[52, 500]]).wait(300);
    expect(status(run)).toBe("LOCKED_PAIR");
    expect(merges(run)).toBe(0); // matched
    run.tape.wait(3_000);
    const mined = run.log.filter(({ event }) => event.type === "trade_report" && event.status === "MINED");
    expect(mined).toHaveLength(2);
    expect(merges(run)).toBe(0);
    run.tape.wait(6_700);
    const confirmed = run.log.filter(
      ({ event }) => event.type === "trade_report" && event.status === "CONFIRMED",
    );
    expect(confirmed).toHaveLength(1);
    expect(merges(run)).toBe(0);
    run.tape.wait(1_000);
    expect(merges(run)).toBe(1);
    expect(held(run)).toEqual([25, 25]);
    run.tape.wait(5_000);
    expect(held(run)).toEqual([0, 0]);
    expect(run.runtime.summary().realized).toBe(25 * 30_000);
    expect(path(run)).toEqual(["BUILDING_PAIR", "LOCKED_PAIR", "IDLE"]);
  });

  it("is followed by a pause", () => {
    const run = oneLeg({ params: { cooldown_ms: 60_000 } });
    run.tape.book([[50, 500]], [[52, 500]]).wait(20_000);
    const before = placed(run).length;
    run.tape.book([[50, 400]], [[52, 500]]).wait(1_000);
    expect(status(run)).toBe("IDLE");
    expect(placed(run)).toHaveLength(before);
    run.tape.wait(60_000);
    expect(placed(run)).toHaveLength(before + 2);
  });

  it("of which a fill is voided is built anew", () => {
    const broken = Array.from({ length: 40 }, (_, seed) => seed).map((seed) => {
      const run = oneLeg({ params: { on_void: "hold" }, broker: { seed, faults: { trade_fail: 0.5 } } });
      run.tape
        .book([[50, 500]], [[52, 500]])
        .wait(2_300)
        .book([[50, 600]], [[52, 500]])
        .wait(300);
      return run;
    });
    const once = broken.filter(({ runtime }) => runtime.core.counts.fillsVoided === 1);
    // The second leg failed: it is bought again.
    const second = once.find((run) => held(run)[0] === 25)!;
    expect(path(second)).toEqual(["BUILDING_PAIR", "LOCKED_PAIR", "BUILDING_PAIR", "LOCKED_PAIR"]);
    expect(hedges(second).map(({ outcome }) => outcome)).toEqual([1, 1]);
    // The first failed: what was to be the second is now the leg that waits, and is completed like any other.
    const first = once.find((run) => held(run)[0] === 0)!;
    expect(held(first)).toEqual([0, 25]);
    expect(status(first)).toBe("BUILDING_PAIR");
    first.tape.book([[45, 500]], [[47, 500]]).wait(300);
    expect(hedges(first).map(({ outcome }) => outcome)).toEqual([1, 0]);
    expect(held(first)).toEqual([25, 25]);
    for (const run of once) run.runtime.finish("end of the tape");
  });
});

describe("both legs at once", () => {
  const own = (asks: readonly [number, number], size = 500): TestRun => {
    const run = startRun([{ use: PairArb, params: { ...PARAMS, min_liquidity_usdc: 1e6 } }]);
    run.tape.market(testMarket({ ...FREE, mirrored: false }));
    run.tape.ownBook(
      0,
      [[40, 500]],
      [
        [asks[0], size],
        [asks[0] + 4, 500],
      ],
    );
    run.tape
      .ownBook(
        1,
        [[40, 500]],
        [
          [asks[1], size],
          [asks[1] + 4, 500],
        ],
      )
      .wait(400);
    return run;
  };

  it("are bought where each outcome has a book of its own and both are cheap", () => {
    const run = own([45, 50]);
    expect(placed(run).map(({ outcome, limit, size, purpose }) => [outcome, limit, size, purpose])).toEqual([
      [0, 4_500, 25_000_000, "entry"],
      [1, 5_000, 25_000_000, "hedge"],
    ]);
    expect(held(run)).toEqual([25, 25]);
    run.tape.wait(20_000);
    expect(run.runtime.summary().realized).toBe(25 * 50_000);
  });

  it.each([
    [[48, 49], 1],
    [[48, 50], 0],
  ] as const)("only when what both cost leaves the margin (%j)", (asks, pairs) => {
    expect(placed(own(asks))).toHaveLength(2 * pairs);
  });

  it("are integrated over both books at size, and cut to the best level when the clip is too dear", () => {
    // 10 at the best asks and 15 four cents higher on each side: .95 + 2 * .04 * .6 = .998 per pair.
    const run = own([45, 50], 10);
    expect(
      placed(run)
        .slice(0, 2)
        .map(({ size }) => size),
    ).toEqual([10_000_000, 10_000_000]);
  });
});

describe("pair-arb", () => {
  it("comes back after a gap, an empty book and a halt with nothing left over", () => {
    const run = quoting({ params: { calm_ms: 1_000, calm_move: 0.015 } });
    run.tape.wait(1_000);
    expect(open(run)).toHaveLength(2);
    run.tape
      .offer({ type: "book_continuity", marketId: testMarket().marketId, state: "gap", reason: "test" })
      .wait(500);
    expect(status(run)).toBe("HALT");
    expect(open(run)).toEqual([]);
    run.tape.book([[49, 500]], [[51, 500]]).wait(10_000);
    expect(open(run)).toHaveLength(2);
    run.tape.book([], []).wait(500);
    expect(open(run)).toEqual([]);
    run.tape.book([[49, 500]], [[51, 500]]).wait(3_000);
    expect(open(run)).toHaveLength(2);
    run.tape.offer({ type: "operator", command: { kind: "halt", reason: "test" } } as never).wait(500);
    expect(open(run)).toEqual([]);
    run.tape.offer({ type: "operator", command: { kind: "resume", reason: "test" } } as never).wait(3_000);
    expect(open(run)).toHaveLength(2);
  });

  it("remembers in plain JSON of its schema, and is frozen", () => {
    const run = oneLeg();
    expect(JSON.parse(JSON.stringify(memory(run)))).toEqual(memory(run));
    expect(PairArb.state.parse(memory(run))).toEqual(memory(run));
    expect(Object.isFrozen(run.runtime.core.market(testMarket().marketId)!.bindings[0]!.spec.strategy)).toBe(
      true,
    );
  });
});
