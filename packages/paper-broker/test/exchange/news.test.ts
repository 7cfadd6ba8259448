import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { OrderId, Price } from "@matchpoint/sdk";
import { createPaperBroker, type ExchangeNews, type PublicBook } from "@matchpoint/paper-broker";
import { cents, market, MARKET, sh, SPORTS } from "../harness.ts";
import { act, alone, inWorld, PEOPLE, type Step } from "./crowd.ts";
import { Floor, INSTANT } from "./floor.ts";

const FAULTS = { trade_fail: 0.15, trade_retry: 0.2, chain_revert: 0.2, duplicate_report: 0.2 };
const DELAYED = market({ tick: 10 as Price, fee: SPORTS, takerDelayMs: 700 });

/** What a news is about, in a word or two. */
function brief(news: ExchangeNews): string {
  if (news.kind === "trade") return `trade ${news.trade.status}`;
  if (news.kind === "book") return "book";
  const { report, account } = news;
  if (report.type === "order_report") return `${account} ${report.status}`;
  return `${account} ${report.type === "trade_report" ? report.liquidity : report.type}`;
}

describe("news", () => {
  it("tells a match to everyone when it happens, to those in it when word has reached them, and the book last", () => {
    const floor = new Floor({ latency: { ...INSTANT, fill_report_ms: 20, mined_ms: 50, confirmed_ms: 90 } })
      .open(["ann", "bob"], 100)
      .wait(1_000);
    floor.news.length = 0;
    floor.place("ann", { side: "sell", limit: cents(50), size: sh(10) });
    floor.wait(10).place("bob", { limit: cents(50), size: sh(6) });
    floor.wait(100);
    expect(
      floor.news.map((each) => [
        (each.kind === "report" ? each.report.at : each.at) / 1e6 - 6_000,
        brief(each),
      ]),
    ).toEqual([
      [0, "ann sent"],
      [0, "ann live"],
      [0, "book"],
      [10, "bob sent"],
      [10, "bob matched"],
      [10, "trade MATCHED"],
      [10, "book"],
      [30, "bob taker"],
      [30, "ann maker"],
      [60, "bob taker"],
      [60, "ann maker"],
      [60, "trade MINED"],
      [100, "bob taker"],
      [100, "ann maker"],
      [100, "trade CONFIRMED"],
    ]);
  });

  it("says that a book changed only when it did", () => {
    const floor = new Floor().open(["ann"]).book([[40, 5]], [[60, 5]]);
    const books = (): number => floor.news.filter(({ kind }) => kind === "book").length;
    expect(books()).toBe(1);
    floor.book([[40, 5]], [[60, 5]]).delta([[40, 5]], []);
    expect(books()).toBe(1);
    const bid = floor.place("ann", { limit: cents(50), size: sh(10) });
    expect(books()).toBe(2);
    // Within one instant: an order that comes and goes has not been there.
    floor.wait(5);
    const { exchange } = floor;
    exchange.submit("ann", { kind: "cancel", orderId: bid, intentId: "x" as never }, floor.at);
    exchange.submit(
      "ann",
      { kind: "place", order: { orderId: "again" as OrderId, intent: exchange.order(bid)!.order.intent } },
      floor.at,
    );
    floor.wait(5);
    expect(books()).toBe(2);
    expect(floor.shown()).toEqual({
      bids: [
        [50, 10],
        [40, 5],
      ],
      asks: [[60, 5]],
    });
  });

  it.each([true, false])(
    "of books is complete: whoever follows it has the public book, which never crosses (mirrored: %s)",
    (mirrored) => {
      let told = 0;
      fc.assert(
        fc.property(inWorld, (steps) => {
          const floor = new Floor({ faults: FAULTS, gtd_min_lead_ms: 0 }, { ...DELAYED, mirrored }).open(
            PEOPLE,
            200,
          );
          const both = (): PublicBook[] => [floor.exchange.book(MARKET, 0), floor.exchange.book(MARKET, 1)];
          let followed = both();
          const follow = (news: ExchangeNews): void => {
            if (news.kind !== "book") return;
            told++;
            expect(both()).not.toEqual(followed);
            followed = both();
          };
          floor.listener = follow;
          const orders: [string, OrderId][] = [];
          for (const step of steps) {
            act(floor, step, orders);
            floor.to(floor.now);
            expect(both()).toEqual(followed);
            for (const { bids, asks } of followed) {
              if (bids.length > 0 && asks.length > 0) expect(bids[0]!.price).toBeLessThan(asks[0]!.price);
              for (const { size } of [...bids, ...asks]) expect(size).toBeGreaterThan(0);
            }
          }
          if (!mirrored) return;
          const [yes, no] = followed;
          expect(no!.asks.map(({ price, size }) => [10_000 - price, size])).toEqual(
            yes!.bids.map(({ price, size }) => [price, size]),
          );
        }),
        { numRuns: 60 },
      );
      expect(told).toBeGreaterThan(100);
    },
  );
});

describe("the fold", () => {
  const OPTIONS = {
    faults: FAULTS,
    gtd_min_lead_ms: 0,
    latency: { ...INSTANT, place_ms: 20, jitter_ms: 30 },
  };
  const run = (
    steps: readonly Step[],
    seed: number,
    each?: (floor: Floor, index: number) => Floor,
  ): Floor => {
    let floor = new Floor({ ...OPTIONS, seed }, DELAYED).open(PEOPLE, 200);
    const orders: [string, OrderId][] = [];
    steps.forEach((step, index) => {
      if (each !== undefined) floor = each(floor, index);
      act(floor, step, orders);
    });
    return floor.wait(60_000);
  };
  const all = (floor: Floor): string => JSON.stringify([floor.news, floor.exchange.snapshot()]);

  it("gives the same news for the same seed and events", () => {
    fc.assert(
      fc.property(inWorld, fc.integer(), (steps, seed) => {
        expect(all(run(steps, seed))).toBe(all(run(steps, seed)));
      }),
      { numRuns: 50 },
    );
  });

  it("goes on from a snapshot as if nothing had happened", () => {
    fc.assert(
      fc.property(inWorld, fc.integer(), fc.nat(59), (steps, seed, cut) => {
        const restored = run(steps, seed, (floor, index) => {
          if (index !== cut % steps.length) return floor;
          const next = new Floor({ ...OPTIONS, seed }, null);
          next.exchange.restore(JSON.parse(JSON.stringify(floor.exchange.snapshot())));
          return next.resume(floor);
        });
        expect(all(restored)).toBe(all(run(steps, seed)));
      }),
      { numRuns: 50 },
    );
  });

  it("does not depend on how often its clock is moved, but for books that were not looked at in between", () => {
    const timed = new Set<Step["do"]>(["pay", "doom"]); // these happen when they are asked for
    fc.assert(
      fc.property(alone, fc.integer(), (steps, seed) => {
        const script = steps.filter((step) => !timed.has(step.do));
        const told = (floor: Floor): string =>
          JSON.stringify(floor.news.filter(({ kind }) => kind !== "book"));
        expect(told(run(script, seed, (floor) => floor.lazily()))).toBe(told(run(script, seed)));
      }),
      { numRuns: 80 },
    );
  });

  it("takes only snapshots of its own kind, and only when it is new", () => {
    const floor = new Floor().open(["ann"]);
    const snapshot = floor.exchange.snapshot();
    const broker = createPaperBroker({ runId: "floor", seed: 7, realism: "off" });
    const refused = expect.objectContaining({ code: "INVARIANT" });
    expect(() => broker.restore(snapshot)).toThrow(refused);
    expect(() => new Floor({}, null).exchange.restore(broker.snapshot())).toThrow(refused);
    expect(() => new Floor({}, null).open(["bob"]).exchange.restore(snapshot)).toThrow(refused);
    expect(() => new Floor({}, null).exchange.restore({ ...snapshot, version: 2 })).toThrow(refused);
    const next = new Floor({}, null);
    next.exchange.restore(snapshot);
    expect(next.cash("ann")).toBe(floor.cash("ann"));
    expect(next.exchange.snapshot()).toEqual(snapshot);
  });

  it("refuses options that it does not know", () => {
    expect(() => new Floor({ selfCross: "maybe" as never })).toThrow(
      expect.objectContaining({ code: "CONFIG_INVALID" }),
    );
    expect(() => new Floor({ unseenBook: "" as never })).toThrow(
      expect.objectContaining({ code: "CONFIG_INVALID" }),
    );
  });
});
