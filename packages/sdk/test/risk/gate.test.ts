import { describe, expect, it } from "vitest";
import type { Intent } from "../../src/events/index.ts";
import { id, type MarketId } from "../../src/ids.ts";
import { DEFAULT_CHECKS, RiskGate } from "../../src/risk/index.ts";
import { NO_FEE, type Nanos } from "../../src/units/index.ts";
import { holding, owned, sell } from "./denials/cases.ts";
import {
  book,
  config,
  gate,
  held,
  intent,
  MARKET,
  order,
  px,
  resting,
  SECOND,
  sh,
  truth,
  usd,
  verdict,
  view,
  type World,
} from "./support.ts";

describe("ORDER_RATE", () => {
  it("counts what passed within the last minute, and leaves some for exits", () => {
    const limited = gate({ max_orders_per_minute: 2, exit_orders_per_minute: 1, duplicate_window_ms: 0 });
    const at = (seconds: number, one = intent()) =>
      limited.check(
        one,
        view({
          now: seconds * SECOND,
          positions: holding,
          book: book({ updatedAt: (seconds * SECOND) as Nanos }),
        }),
      );
    expect(at(1).allow).toBe(true);
    expect(at(2, intent({ size: sh(1) })).allow).toBe(false); // denied: does not count
    expect(at(31).allow).toBe(true);
    expect(at(60)).toMatchObject({ code: "ORDER_RATE" });
    expect(at(60, sell()).allow).toBe(true);
    expect(at(60, sell())).toMatchObject({ code: "ORDER_RATE" });
    expect(at(61)).toMatchObject({ code: "ORDER_RATE" });
    expect(at(91).allow).toBe(true);
  });

  it("is kept per market", () => {
    const limited = gate({ max_orders_per_minute: 1 });
    const there = { marketId: id<MarketId>("0xb") };
    expect(limited.check(intent(), view()).allow).toBe(true);
    expect(limited.check(intent({ ...there, intentId: id("me-2") }), view({ market: there })).allow).toBe(
      true,
    );
    expect(limited.check(intent({ intentId: id("me-3") }), view())).toMatchObject({ code: "ORDER_RATE" });
  });
});

describe("what passes", () => {
  const passes = (one: Intent, world: World = {}, overrides: Readonly<Record<string, unknown>> = {}) =>
    expect(gate(overrides).check(one, view(world))).toEqual({ allow: true });

  it("an ordinary entry of each order type", () => {
    passes(intent());
    passes(intent({ orderType: "FOK" }));
    passes(resting());
    passes(resting({ orderType: "GTD", expiresAt: (2 * SECOND) as Nanos }));
    passes(resting({ postOnly: true, limit: px(0.49) }));
    passes(resting({ postOnly: true, side: "sell", limit: px(0.49) }), { positions: holding });
    passes(resting({ postOnly: true, side: "sell", limit: px(0.49) }), {
      positions: holding,
      book: book({ bid0: 0 }),
    });
  });

  it("exits skip what only concerns new risk", () => {
    passes(sell({ limit: px(0.01) }), {
      positions: holding,
      lost: 500,
      cash: 0,
      now: 500 * SECOND,
      book: book({ bid0: 0.2, status: "gapped" }),
      truthDriven: true,
      truth: truth({ stale: true, status: "disputed" }),
      openChain: true,
      orders: Array.from({ length: 50 }, (_, i) =>
        order({ orderType: "GTC", outcome: 1, limit: px(0.1), size: sh(i + 5) }),
      ),
    });
  });

  it("exits of a halted or finalizing market where configuration lets them", () => {
    const halted: World = { positions: holding, trading: [owned(), { kind: "halt", cause: "gapped_book" }] };
    passes(sell(), halted, { halt: { allow_reduce: true } });
    const decided: World = { positions: holding, trading: [owned(), { kind: "own_truth", status: "final" }] };
    passes(sell(), decided, { finalizing: { allow_reduce: true } });
  });

  it("a hedge that completes a pair, and one that leaves less than it found", () => {
    const world: World = { posture: "pair", positions: { [MARKET]: [held(100, 50), held(0, 0)] } };
    const hedge = (size: number) => intent({ purpose: "hedge", outcome: 1, limit: px(0.52), size: sh(size) });
    passes(hedge(90), { ...world, lost: 500 });
    passes(hedge(5), { ...world, positions: { [MARKET]: [held(3, 1), held(0, 0)] } });
    passes(hedge(40), { ...world, positions: {}, orders: [order({ size: sh(40) })] });
  });

  it("both legs of a pair, each within the imbalance by itself", () => {
    const world: World = { posture: "pair", orders: [order({ size: sh(90), limit: px(0.5) })] };
    passes(intent({ outcome: 1, limit: px(0.52), size: sh(90) }), world);
  });

  it("the other leg of a pair whose first leg is over the imbalance", () => {
    const world: World = { posture: "pair", positions: { [MARKET]: [held(180, 90), held(0, 0)] } };
    passes(intent({ purpose: "hedge", outcome: 1, limit: px(0.52), size: sh(80) }), world);
  });

  it("post-only orders while the venue takes only those", () => {
    passes(resting({ postOnly: true, limit: px(0.49) }), { venueMode: "POST_ONLY" });
  });

  it("resting orders below a dollar, and in a wide or thin book", () => {
    passes(resting({ limit: px(0.1), size: sh(9) }), { book: book({ bid0: 0.3, ask0: 0.6, size: 0 }) });
  });

  it("taking from a synthetic book, whose sizes nobody knows", () => {
    passes(intent(), { book: book({ status: "synthetic", size: 1 }) }, { max_depth_fraction: 0.1 });
  });

  it("an order that could still be cancelled with all others, and an exit that dies at once whatever is open", () => {
    const open = (n: number): World => ({
      capabilities: { orderTypes: ["FAK", "GTC"], postOnly: true, cancelBurst: 4 },
      orders: Array.from({ length: n }, (_, i) =>
        order({ intentId: id(`old-${i}`), marketId: id(`0x${i}`) }),
      ),
      positions: holding,
    });
    passes(intent(), open(2));
    passes(sell(), open(9));
    passes(intent(), { orders: open(30).orders! });
  });

  it("entries that a drawdown leaves room for, to the micro-dollar, and exits and hedges whatever it leaves", () => {
    passes(intent(), { scale: 0.1051 });
    expect(gate().check(intent(), view({ scale: 0.1 })).allow).toBe(true);
    passes(sell(), { scale: 0, positions: holding });
    passes(sell({ purpose: "entry" }), { scale: 0, positions: holding });
    passes(intent({ purpose: "hedge", outcome: 1, limit: px(0.52) }), { scale: 0, positions: holding });
    passes(intent(), { scale: 1, positions: { [MARKET]: [held(280, 140), held(0, 0)] } });
  });

  it("an entry on a day that has lost less than the limit, with what bids have lost", () => {
    passes(intent(), { lost: 59.999999, lostOpen: 40 });
    passes(intent(), { lost: -30, lostOpen: 129 });
  });

  it("an entry of a tournament without a limit of its own, and one at the limit exactly", () => {
    const world: World = {
      positions: { "0xb": [held(600, 300), held(0, 0)] },
      tournamentMarkets: [MARKET, "0xb"],
    };
    passes(intent(), world);
    const free = { ...view({ ...world, positions: { "0xb": [held(10, 5), held(0, 0)] } }), fee: NO_FEE };
    expect(gate({ max_tournament_usdc: 10 }).check(intent(), free)).toEqual({ allow: true });
    expect(gate({ max_tournament_usdc: 9.99 }).check(intent(), free)).toMatchObject({
      code: "MAX_TOURNAMENT",
    });
    passes(sell(), { ...world, positions: { ...world.positions, ...holding } }, { max_tournament_usdc: 1 });
  });

  it("an order at every limit exactly", () => {
    passes(intent({ size: sh(100) }), {}, { max_order_usdc: 50 });
    const exact = gate({ max_market_usdc: 10 });
    const free = { ...view({ positions: { [MARKET]: [held(10, 5), held(0, 0)] } }), fee: NO_FEE };
    expect(exact.check(intent(), free)).toEqual({ allow: true });
    expect(gate({ max_market_usdc: 9.99 }).check(intent(), free)).toMatchObject({ code: "MAX_MARKET" });
  });

  it("what lies exactly on a bound: price, spread, age of the book, age of the same order", () => {
    passes(resting({ limit: px(0.01), size: sh(100) }));
    passes(sell({ limit: px(0.99) }), { positions: holding });
    passes(intent(), { book: book({ bid0: 0.35 }) });
    passes(intent(), { now: 120 * SECOND });
    passes(intent({ spend: usd(5) }));
    passes(intent(), { now: 5 * SECOND, orders: [order()] });
  });

  it("opposite orders that can never meet: neither rests, or the sum is short of a dollar", () => {
    passes(intent(), { orders: [order({ outcome: 1, limit: px(0.5) })] });
    passes(intent(), { orders: [order({ orderType: "GTC", outcome: 1, limit: px(0.49) })] });
    passes(intent(), {
      market: { mirrored: false },
      orders: [order({ orderType: "GTC", outcome: 1, limit: px(0.6) })],
    });
  });

  it("the same order again once the first is old, or another that differs", () => {
    passes(intent(), { now: 6 * SECOND, orders: [order()] });
    passes(intent({ size: sh(11) }), { orders: [order()] });
  });

  it("entries of strategies that do not rest on truth, whatever truth says", () => {
    passes(intent(), { truth: undefined, unproven: true });
    passes(intent(), { truth: truth({ stale: true }) });
  });

  it("an entry on one game while another is disputed", () => {
    const disputed = { ...verdict({ status: "disputed" }), game: 2, progress: {} };
    passes(intent(), {
      truthDriven: true,
      market: { subject: { kind: "game", matchId: id("m"), game: 1, teamOf: [0, 1] } },
      truth: truth({ games: [disputed] }),
      own: verdict(),
    });
  });
});

describe("RiskGate", () => {
  it("runs its checks in order and stops at the first that denies", () => {
    const asked: string[] = [];
    const check = (code: string, deny: boolean) => ({
      code,
      check: () => {
        asked.push(code);
        return deny ? "no" : undefined;
      },
    });
    const custom = new RiskGate(config(), [check("A", false), check("B", true), check("C", true)]);
    expect(custom.check(intent(), view())).toEqual({ allow: false, code: "B", detail: "no" });
    expect(asked).toEqual(["A", "B"]);
  });

  it("asks a check only about the purposes that it names", () => {
    const custom = new RiskGate(config(), [{ code: "MINE", purposes: ["entry"], check: () => "no" }]);
    expect(custom.check(intent(), view())).toMatchObject({ code: "MINE" });
    expect(custom.check(sell(), view()).allow).toBe(true);
  });

  it("looks at the intent alone first and adds up last", () => {
    const order = DEFAULT_CHECKS.map((check) => check.code);
    expect(order[0]).toBe("INTENT_INVALID");
    expect(order.indexOf("OFF_GRID")).toBeLessThan(order.indexOf("BOOK_UNTRUSTED"));
    expect(order.slice(-4)).toEqual(["MAX_MARKET", "MAX_MATCH", "MAX_ACCOUNT", "MAX_UNSETTLED"]);
  });
});
