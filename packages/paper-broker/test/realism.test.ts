import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { NANOS_PER_MS, type Intent, type TradeReport } from "@matchpoint/sdk";
import {
  atShare,
  createPaperBroker,
  LATENCY_TABLES,
  quantilesOf,
  quantilesProblem,
  type Quantiles,
} from "@matchpoint/paper-broker";
import { cents, Harness, market, MARKET, sh, WALL } from "./harness.ts";

const INSTANT = { place_ms: 0, cancel_ms: 0, ack_ms: 0, fill_report_ms: 0 };
const ms = (report: { at: number }): number => report.at / NANOS_PER_MS;

describe("quantiles", () => {
  const table = fc
    .array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(5_000)), {
      minLength: 1,
      maxLength: 12,
    })
    .map((pairs): Quantiles => {
      const shares = [...new Set(pairs.map(([share]) => share))].sort((a, b) => a - b);
      const values = pairs.map(([, value]) => value).sort((a, b) => a - b);
      return shares.map((share, i) => [share, values[i]!] as const);
    });

  it("are read on the straight line between them, and never beyond them", () => {
    expect(
      atShare(
        [
          [0.05, 42],
          [0.5, 58],
          [0.95, 94],
        ],
        0.725,
      ),
    ).toBeCloseTo(76);
    fc.assert(
      fc.property(table, fc.double({ min: 0, max: 1, noNaN: true }), (of, share) => {
        expect(quantilesProblem(of, 5_000)).toBeUndefined();
        const value = atShare(of, share);
        expect(value).toBeGreaterThanOrEqual(of[0]![1]);
        expect(value).toBeLessThanOrEqual(of.at(-1)![1]);
        for (const [known, there] of of)
          if (share >= known) expect(value).toBeGreaterThanOrEqual(there - 1e-9);
      }),
    );
  });

  it("of measured values are theirs", () => {
    expect(quantilesOf([])).toBeUndefined();
    const measured = quantilesOf(Array.from({ length: 101 }, (_, i) => i))!;
    for (const [share, value] of measured) expect(value).toBeCloseTo(share * 100, 3);
  });

  it.each([
    [[]],
    [[[0.5]]],
    [
      [
        [0.5, 1],
        [0.4, 2],
      ],
    ],
    [
      [
        [0.1, 2],
        [0.4, 1],
      ],
    ],
    [[[-1, 2]]],
    [[[0.5, Number.NaN]]],
  ])("%j are refused as a latency", (bad) => {
    expect(() => createPaperBroker({ runId: "r", seed: 1, latency: { place_ms: bad as never } })).toThrow(
      expect.objectContaining({ code: "CONFIG_INVALID" }),
    );
  });

  it("are what latencies are drawn from: half of the answers come within the medians of both ways", () => {
    const h = new Harness({ latency: { table: "uncalibrated-1", feed_ms: 0 }, rate_limit: "off" }).book(
      [],
      [],
    );
    const took: number[] = [];
    for (let i = 0; i < 300; i++) {
      const at = h.now;
      const id = h.place({ limit: cents(1 + (i % 20)) });
      h.wait(1_000);
      took.push(ms(h.of(id)[1]!) - at);
    }
    took.sort((a, b) => a - b);
    expect(took[0]).toBeGreaterThanOrEqual(72);
    expect(Math.abs(took[150]! - 118)).toBeLessThan(8);
    // The Dublin budget: 80 to 180 ms both ways, in nearly all cases.
    const inside = took.filter((each) => each >= 80 && each <= 180).length / took.length;
    expect(inside).toBeGreaterThan(0.93);
  });
});

describe("luck", () => {
  it("is the same whatever the run is called, and another one with another seed", () => {
    const told = (runId: string, seed: number): string => {
      const h = new Harness({ runId, seed, realism: "on", fill_model: "queue" }).book(
        [[40, 50]],
        [[50, 400]],
      );
      for (let i = 0; i < 20; i++) h.placed({ orderType: "FAK" });
      h.wait(60_000);
      return h.reports.map((each) => `${each.type} ${each.at} ${"status" in each ? each.status : ""}`).join();
    };
    expect(told("a", 1)).toBe(told("b", 1));
    expect(told("a", 1)).not.toBe(told("a", 2));
  });
});

describe("the feed's way", () => {
  it("makes an order meet the book that is seen so much later, and adds nothing to its answer", () => {
    const h = new Harness({ latency: { feed_ms: 40 } }).book([], [[50, 100]]);
    const id = h.place({ orderType: "FAK" }); // at the venue after 58 ms, which is seen here after 98
    h.wait(70)
      .delta([], [[50, 0]])
      .wait(200);
    expect(h.statuses(id)).toEqual(["sent", "rejected:FAK_NO_MATCH"]);
    expect(ms(h.of(id)[1]!)).toBe(58 + 58);
  });
});

describe("books that are too old", () => {
  it("fill nothing until something is heard of them", () => {
    const h = new Harness({ stale_book_ms: 10_000 }).book([], [[50, 100]]);
    h.wait(11_000);
    expect(h.statuses(h.placed({ orderType: "FAK" }))).toContain("rejected:FAK_NO_MATCH");
    expect(h.broker.view.stats().staleBooks).toBe(1);
    h.delta([], [[51, 100]]);
    expect(h.filled(h.placed({ orderType: "FAK" }))).toBe(10);
  });
});

describe("ghost fills", () => {
  it("strike at their rate, and those that would have won as often as they are said to", () => {
    const faults = { trade_fail: 0.2, trade_fail_adverse: 0.67 };
    const h = new Harness({ faults, collateral: 1e12 as never, latency: INSTANT });
    for (let i = 0; i < 800; i++) {
      h.book([[49, 1_000]], [[50, 1_000]]).place({ orderType: "FAK", size: sh(2) });
      // The price goes our way or against us, as often.
      h.wait(100).book(i % 2 === 0 ? [[60, 10]] : [[40, 10]], i % 2 === 0 ? [[61, 10]] : [[41, 10]]);
      h.wait(12_000);
    }
    const failed = h.trades(undefined, "FAILED");
    const won = (trade: TradeReport): boolean => Number(trade.tradeId.split("-t")[1]) % 2 === 0;
    const rate = failed.length / 800;
    expect(rate).toBeGreaterThan(0.16);
    expect(rate).toBeLessThan(0.24);
    // 10 of 12 in the report that the default is taken from.
    expect(failed.filter(won).length / failed.length).toBeGreaterThan(0.76);
    expect(failed.filter(won).length / failed.length).toBeLessThan(0.9);
  });
});

describe("rate limits", () => {
  it("let a burst through and refuse what comes on top, then as many as the rate allows", () => {
    const h = new Harness({ rate_limit: "standard", latency: INSTANT }).book([], []);
    const sent = Array.from({ length: 70 }, () => h.place({ limit: cents(1), size: sh(5) }));
    h.wait(10);
    expect(sent.filter((id) => h.statuses(id).includes("live"))).toHaveLength(60);
    expect(h.statuses(sent[69]!)).toEqual(["sent", "rejected:RATE_LIMITED"]);
    h.wait(240);
    expect(Array.from({ length: 12 }, () => h.placed({ limit: cents(1), size: sh(5) }))).toHaveLength(12);
    for (const id of sent) h.cancel(id).cancel(id);
    h.wait(10);
    expect(h.broker.view.stats().rateLimited).toBeGreaterThan(10);
  });
});

describe("restarts", () => {
  const restarts = { every_ms: 100_000, down_ms: 10_000, post_only_ms: 20_000 };

  it("refuse everything, then all but post-only orders, say so, and end", () => {
    const h = new Harness({ restarts, latency: INSTANT }).book([[40, 10]], [[60, 10]]);
    const answers: string[] = [];
    const resting = h.placed({ limit: cents(30) });
    for (let i = 0; i < 120; i++) {
      const taker = h.placed({ orderType: "FAK", limit: cents(59) });
      const maker = h.placed({ postOnly: true, limit: cents(20), size: sh(5) });
      const of = (id: typeof taker): string => h.statuses(id).at(-1)!;
      answers.push(`${of(taker)} ${of(maker)}`);
      h.cancel(maker).wait(600);
    }
    const runs = answers.filter((each, i) => each !== answers[i - 1]);
    const open = "rejected:FAK_NO_MATCH live";
    const down = "rejected:VENUE_MODE rejected:VENUE_MODE";
    const after = "rejected:VENUE_MODE live";
    expect(runs.join(" | ")).toContain([open, down, after, open].join(" | "));
    const modes = h.reports.flatMap((each) => (each.type === "venue_mode" ? [each.mode] : []));
    expect(modes.slice(0, 3)).toEqual(["RESTARTING", "POST_ONLY", "OPEN"]);
    expect(h.statuses(resting).at(-1)).toBe("live");
  });

  it("fill nothing that rests meanwhile", () => {
    const h = new Harness({
      restarts: { every_ms: 50_000, down_ms: 49_998, post_only_ms: 1 },
      latency: INSTANT,
    });
    h.book([[40, 10]], []);
    h.wait(30_000 + (50_000 - (WALL % 50_000)));
    const id = h.placed({ limit: cents(50) });
    h.print("sell", 45, 100).wait(100);
    expect(h.filled(id)).toBe(0);
  });
});

describe("prints of both outcomes", () => {
  const told = (h: Harness, over: Record<string, unknown>): Harness =>
    h.event({
      type: "market_trade",
      marketId: MARKET,
      outcome: 0,
      side: "sell",
      price: cents(50),
      size: sh(4),
      occurredAt: WALL + h.now,
      ...over,
    });

  it.each(["buy", "sell"] as const)("that tell one match count once (%s of the other)", (side) => {
    const h = new Harness().book([], [[60, 10]]);
    const id = h.placed({ limit: cents(50), size: sh(20) });
    h.wait(1_500);
    told(h, {});
    told(h, { outcome: 1, side, price: cents(50) }).wait(100);
    expect(h.filled(id)).toBe(4);
    expect(h.broker.view.stats().mirroredPrints).toBe(1);
    h.wait(500);
    told(h, { size: sh(3) }).wait(100);
    expect(h.filled(id)).toBe(7);
  });

  it("count as two when they say so: another size, another time", () => {
    const h = new Harness().book([], [[60, 10]]);
    const id = h.placed({ limit: cents(50), size: sh(20) });
    h.wait(1_500);
    told(h, {});
    told(h, { outcome: 1, side: "buy", price: cents(50), size: sh(5) }).wait(100);
    expect(h.filled(id)).toBe(9);
  });
});

describe("the likely queue", () => {
  const joined = (over: object, ahead = 100): [Harness, ReturnType<Harness["placed"]>] => {
    const h = new Harness({ fill_model: "queue", ...over }).book([[50, ahead]], [[60, 100]]);
    return [h, h.placed({ postOnly: true, limit: cents(50), size: sh(10) })];
  };

  it("takes cancels from ahead and from behind by the sizes there", () => {
    const [h, id] = joined({});
    h.delta([[50, 200]], []).wait(1_100); // 100 ahead, 100 behind
    h.delta([[50, 100]], []).wait(1_100); // 100 cancelled: 50 of them were ahead
    h.print("sell", 50, 50).wait(100);
    expect(h.filled(id)).toBe(0);
    h.print("sell", 50, 3).wait(100);
    expect(h.filled(id)).toBe(3);
  });

  it.each([
    [0, 50],
    [1, 75],
    [3, 100 - 100 / 28],
  ])(
    "with exponent %d takes so many from ahead, where three times as many are there",
    (queue_exponent, off) => {
      const [h, id] = joined({ queue_exponent }, 300);
      h.delta([[50, 400]], []).wait(1_100); // 300 ahead, 100 behind
      h.delta([[50, 300]], []).wait(1_100);
      const left = 300 - off;
      h.print("sell", 50, Math.ceil(left) + 2).wait(100);
      expect(h.filled(id)).toBeCloseTo(Math.ceil(left) + 2 - left, 3);
    },
  );

  it("counts a trade once, whether its print or its level change comes first", () => {
    for (const printFirst of [true, false]) {
      const [h, id] = joined({});
      h.delta([[50, 160]], []); // 60 behind
      for (const left of [135, 110, 85, 60]) {
        if (printFirst) h.print("sell", 50, 25).delta([[50, left]], []);
        else h.delta([[50, left]], []).print("sell", 50, 25);
        h.wait(10);
      }
      expect(h.filled(id), printFirst ? "print first" : "level first").toBe(0);
      h.print("sell", 50, 3).wait(100);
      expect(h.filled(id)).toBe(3);
    }
  });
});

describe("scenarios", () => {
  const names = (h: Harness): Record<string, [number, number]> =>
    Object.fromEntries(
      h.broker
        .scenarios()
        .map(({ name, cash, positions }) => [
          name,
          [cash / 1e6, positions.reduce((sum, { shares }) => sum + shares, 0) / 1e6],
        ]),
    );

  it("fill the same resting order as an optimist, the run and a pessimist do", () => {
    const h = new Harness({ fill_model: "queue" }).book([[50, 100]], [[60, 100]]);
    h.placed({ postOnly: true, limit: cents(50), size: sh(10) });
    h.delta([[50, 200]], []).wait(1_100);
    h.delta([[50, 100]], []).wait(1_100);
    h.print("sell", 50, 54).wait(100); // 50 were ahead by the sizes; all 100 by the pessimist
    expect(names(h)).toEqual({ optimistic: [995, 10], base: [998, 4], pessimistic: [1_000, 0] });
  });

  it("sell and hedge only what they hold, and merge their own pairs", () => {
    const h = new Harness({ fill_model: "queue", latency: INSTANT }).book([[50, 100]], [[60, 100]]);
    const bid = h.placed({ postOnly: true, limit: cents(50), size: sh(20) });
    h.print("sell", 50, 108).cancel(bid).wait(12_000); // eight for the run and the pessimist, all twenty for the optimist
    const hedge: Partial<Intent> = { outcome: 1, purpose: "hedge", limit: cents(50), size: sh(16) };
    h.place(hedge);
    h.wait(12_000);
    h.chain("merge", [8, 8]);
    h.wait(5_000);
    const [optimist, base, pessimist] = h.broker.scenarios();
    expect(base!.positions).toEqual([{ marketId: MARKET, outcome: 1, shares: sh(8) }]);
    expect(pessimist!.positions).toEqual([]);
    expect(optimist!.positions).toEqual([{ marketId: MARKET, outcome: 0, shares: sh(4) }]);
    for (const each of [optimist!, pessimist!]) expect(each.deposits).toBe(1_000e6);
  });

  it("come back with a snapshot, and can be left out", () => {
    const h = new Harness({ fill_model: "queue" }).book([[50, 100]], [[60, 100]]);
    h.placed({ postOnly: true, limit: cents(50), size: sh(10) });
    h.print("sell", 50, 20).wait(100);
    const next = new Harness({ fill_model: "queue" }, null);
    next.broker.restore(JSON.parse(JSON.stringify(h.broker.snapshot())));
    next.resume(h).print("sell", 50, 85).wait(100);
    h.print("sell", 50, 85).wait(100);
    expect(next.broker.scenarios()).toEqual(h.broker.scenarios());
    expect(new Harness({ scenarios: "off" }).broker.scenarios()).toEqual([]);
  });
});

describe("what a broker says of itself", () => {
  const states = (over: object): Record<string, string> =>
    Object.fromEntries(
      createPaperBroker({ runId: "r", seed: 1, ...over }).realism.map(({ part, state }) => [part, state]),
    );

  it("is that everything is on, unless something was turned off", () => {
    expect(new Set(Object.values(states({})))).toEqual(new Set(["on"]));
    expect(states({ faults: { trade_fail: 0 } })["ghost fills"]).toBe("off");
    expect(states({ fill_model: "touch" })["queue"]).toBe("off");
    expect(states({ latency: { table: "constant-1" } })).toMatchObject({
      latency: "off",
      "feed latency": "off",
    });
    expect(states({ restarts: { every_ms: 0 } })["restarts"]).toBe("off");
    const ideal = states({ realism: "off" });
    for (const part of ["latency", "ghost fills", "rate limits", "restarts", "stale books"])
      expect(ideal[part]).toBe("off");
  });

  it("names the tables' medians, which are those of their source", () => {
    const medians = Object.entries(LATENCY_TABLES["uncalibrated-1"].legs).map(
      ([leg, table]) => [leg, atShare(table, 0.5)] as const,
    );
    expect(Object.fromEntries(medians)).toEqual({
      feed: 58,
      place: 58,
      cancel: 45,
      ack: 58,
      fill_report: 58,
      mined: 2_000,
      confirmed: 10_000,
      chain: 4_000,
    });
    expect(market().takerDelayMs).toBe(0);
  });
});
