import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MarketBook } from "../../src/book/index.ts";
import { LiveQuote } from "../../src/engine/quote.ts";
import { LADDER, type BookSnapshot, type MarketDescription, type Outcome } from "../../src/events/index.ts";
import { id } from "../../src/ids.ts";
import type { Position } from "../../src/state/index.ts";
import { affordable, heldCost, highestLimit, pairCost, within } from "../../src/strategy/pairCost.ts";
import { planBothLegs, planSecondLeg, planUnwind } from "../../src/strategy/pairPlans.ts";
import {
  notional,
  takerFee,
  type FeeSchedule,
  type Millis,
  type Nanos,
  type Price,
  type Shares,
  type Usdc,
} from "../../src/units/index.ts";

const FREE: FeeSchedule = { ratePpm: 0, exponent: 1, takerOnly: true };
const SPORTS: FeeSchedule = { ratePpm: 50_000, exponent: 1, takerOnly: true };
const shares = (amount: number): Shares => Math.round(amount * 1e6) as Shares;
const dollars = (amount: number): Usdc => Math.round(amount * 1e6) as Usdc;
const cents = (amount: number): Price => Math.round(amount * 100) as Price;

type Side = readonly (readonly [number, number])[];

/** The quotes of a market whose outcome 0 has this book, and outcome 1 that one (mirrored when there is none). */
function quotes(fee: FeeSchedule, first: { bids: Side; asks: Side }, second?: { bids: Side; asks: Side }) {
  const market: MarketDescription = {
    marketId: id("m"),
    title: "m",
    outcomes: [
      { tokenId: id("1"), name: "A" },
      { tokenId: id("2"), name: "B" },
    ],
    tick: 100 as Price,
    minSize: shares(5),
    takerDelayMs: 0,
    mirrored: second === undefined,
    negRisk: false,
    acceptingOrders: true,
    clearBookOnStart: false,
  };
  const book = new MarketBook(market);
  const stamp = { at: 1 as Nanos, receivedAt: 1 as Millis };
  const apply = (outcome: Outcome, side: { bids: Side; asks: Side }): void => {
    const [bid, ask] = outcome === 0 ? [LADDER.BID_0, LADDER.ASK_0] : [LADDER.BID_1, LADDER.ASK_1];
    const levels = [
      ...side.bids.flatMap(([price, size]) => [bid, cents(price), shares(size)]),
      ...side.asks.flatMap(([price, size]) => [ask, cents(price), shares(size)]),
    ];
    const event: BookSnapshot = {
      type: "book_snapshot",
      ...stamp,
      marketId: id("m"),
      outcome,
      levels,
      synthetic: false,
    };
    book.apply(event);
  };
  apply(0, first);
  if (second !== undefined) apply(1, second);
  return [new LiveQuote(0, book, () => fee), new LiveQuote(1, book, () => fee)] as const;
}

const position = (matched: number, cost: number): Position => ({
  matched: shares(matched),
  settled: shares(matched),
  cost: dollars(cost),
  openedAt: undefined,
});

const amounts = fc.integer({ min: 1, max: 4_000_000_000_000 });

describe("what pairs may cost", () => {
  it("counts no less fee than the venue charges at the ask", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 99 }),
        fc.integer({ min: 500, max: 100_000 }),
        (ask, hundredths) => {
          const size = (hundredths * 10_000) as Shares;
          const bids = [[ask - 0.5, 5_000]] as const;
          const [quote] = quotes(SPORTS, { bids, asks: [[ask, 5_000]] });
          const position: Position = {
            matched: 0 as Shares,
            settled: 0 as Shares,
            cost: 0 as Usdc,
            openedAt: undefined,
          };
          expect(pairCost(position, quote, size).fee).toBeGreaterThanOrEqual(
            takerFee(size, cents(ask), SPORTS),
          );
        },
      ),
    );
  });

  it("is exact to the micro-dollar: below the margin, not above the cap", () => {
    const budget = { safety_margin: 0.015, pair_cost_cap: 0.985 };
    const size = shares(25);
    expect(affordable(size, dollars(24.625), budget)).toBe(false);
    expect(affordable(size, dollars(24.625) - 1, budget)).toBe(true);
    const capped = { safety_margin: 0, pair_cost_cap: 0.985 };
    expect(affordable(size, dollars(24.625), capped)).toBe(true);
    expect(affordable(size, dollars(24.625) + 1, capped)).toBe(false);
  });

  it("agrees with arithmetic in whole numbers for every size, margin and cap", () => {
    const ppm = fc.integer({ min: 500_000, max: 1_000_000 });
    fc.assert(
      fc.property(amounts, ppm, ppm, fc.integer({ min: -2, max: 2 }), (size, margin, cap, off) => {
        const budget = { safety_margin: (1_000_000 - margin) / 1e6, pair_cost_cap: cap / 1e6 };
        const edge = (BigInt(size) * BigInt(Math.min(margin, cap))) / 1_000_000n;
        const total = Number(edge) + off;
        const exact =
          BigInt(total) * 1_000_000n < BigInt(size) * BigInt(margin) &&
          BigInt(total) * 1_000_000n <= BigInt(size) * BigInt(cap);
        expect(affordable(size as Shares, total, budget)).toBe(exact);
        expect(within(size as Shares, total, cap / 1e6)).toBe(
          BigInt(total) * 1_000_000n <= BigInt(size) * BigInt(cap),
        );
      }),
    );
  });

  it("counts the held leg pro rata, never for less than it cost", () => {
    expect(heldCost(position(10, 4.7), shares(5))).toBe(dollars(2.35));
    expect(heldCost({ ...position(3, 1), cost: 1_000_001 as Usdc }, shares(1))).toBe(333_334);
    expect(heldCost(position(10, 4.7), shares(99))).toBe(dollars(4.7));
    expect(heldCost(position(0, 0), shares(5))).toBe(0);
  });

  it("is the held leg, the walk and the fee", () => {
    const [, no] = quotes(SPORTS, {
      bids: [
        [52, 10],
        [49, 90],
      ],
      asks: [[54, 10]],
    });
    const cost = pairCost(position(25, 11.75), no, shares(25));
    // 10 at 48 and 15 at 51: the highest fee on the way is that at one half.
    expect(cost).toMatchObject({
      held: dollars(11.75),
      missing: dollars(12.45),
      worst: 5_100,
      complete: true,
    });
    expect(cost.fee).toBe(dollars(25 * 0.0125));
    expect(cost.total).toBe(dollars(11.75 + 12.45 + 0.3125));
    expect(pairCost(position(25, 11.75), no, shares(101)).complete).toBe(false);
  });

  it("is reached by the highest limit, and by no higher one", () => {
    const [, no] = quotes(SPORTS, { bids: [[60, 500]], asks: [[62, 500]] });
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 99 }),
        fc.integer({ min: 5, max: 500 }),
        fc.boolean(),
        (held, size, maker) => {
          const cost = dollars((held / 100) * size);
          const total = (price: number): number =>
            cost +
            notional(shares(size), price as Price, "up") +
            (maker
              ? 0
              : Math.ceil(
                  Math.max(
                    no.feeAt(no.ask),
                    price >= 5_000 ? no.feeAt(5_000 as Price) : no.feeAt(price as Price),
                  ) *
                    shares(size) -
                    1e-6,
                ));
          const fits = (shares: Shares, sum: number): boolean =>
            affordable(shares, sum, { safety_margin: 0.02, pair_cost_cap: 0.99 });
          const limit = highestLimit(
            cost,
            no,
            shares(size),
            { tick: 100 as Price, ceiling: 9_900 as Price, maker },
            fits,
          );
          expect(limit % 100).toBe(0);
          if (limit > 0) expect(fits(shares(size), total(limit))).toBe(true);
          if (limit < 9_900) expect(fits(shares(size), total(limit + 100))).toBe(false);
        },
      ),
    );
  });
});

describe("plans", () => {
  const terms = { tick: 100 as Price, minSize: shares(5), reach: 500 };
  const anything = (): boolean => true;

  it("for a second leg fall back on the best level, and reach no further than fits", () => {
    const [, no] = quotes(FREE, {
      bids: [
        [50, 10],
        [45, 90],
      ],
      asks: [[54, 10]],
    });
    const fits = (size: Shares, total: number): boolean => within(size, total, 0.98);
    expect(planSecondLeg(position(25, 11.75), no, shares(25), terms, fits)).toEqual({
      size: shares(10),
      limit: 5_100,
      edge: expect.closeTo(0.03, 9) as number,
    });
    expect(planSecondLeg(position(25, 11.75), no, shares(25), terms, anything)).toMatchObject({
      size: shares(25),
      limit: 6_000,
    });
    expect(planSecondLeg(position(25, 11.75), no, shares(25), terms, () => false)).toBeUndefined();
    expect(planSecondLeg(position(4, 2), no, shares(4), terms, anything)).toBeUndefined();
  });

  it("for unwinding count the loss with the fee", () => {
    const [yes] = quotes(SPORTS, {
      bids: [
        [44, 10],
        [40, 90],
      ],
      asks: [[54, 10]],
    });
    const at = (loss: number) => planUnwind(position(25, 11.75), yes, shares(25), shares(5), loss);
    // All: 4.4 + 6 against 11.75, and 1.232 cents of fee a share. At the best bid alone: 3 cents and the fee.
    expect(at(0.0664)).toEqual({ size: shares(25), limit: 4_000 });
    expect(at(0.0663)).toEqual({ size: shares(10), limit: 4_400 });
    expect(at(0.0424)).toEqual({ size: shares(10), limit: 4_400 });
    expect(at(0.0423)).toBeUndefined();
  });

  it("for both legs never fire on a mirrored book, however cheap they are asked to be", () => {
    const side = fc.array(fc.tuple(fc.integer({ min: 1, max: 99 }), fc.integer({ min: 1, max: 1_000 })), {
      maxLength: 8,
    });
    fc.assert(
      fc.property(side, side, fc.integer({ min: 5, max: 500 }), (some, others, clip) => {
        const split = some[0]?.[0] ?? 50;
        const bids = [...some, ...others].filter(([price]) => price <= split);
        const asks = [...some, ...others].filter(([price]) => price > split);
        expect(planBothLegs(quotes(FREE, { bids, asks }), shares(clip), shares(5), anything)).toBeUndefined();
      }),
    );
  });

  it("for both legs integrate two books of their own at size", () => {
    const cheap = {
      bids: [[40, 100]],
      asks: [
        [45, 10],
        [49, 500],
      ],
    } as const;
    const two = quotes(FREE, cheap, {
      bids: [[40, 100]],
      asks: [
        [50, 10],
        [54, 500],
      ],
    });
    // 25 each: .45 * 10 + .49 * 15 + .50 * 10 + .54 * 15 = 24.95.
    expect(
      planBothLegs(
        two,
        shares(25),
        shares(5),
        (size, total) => total <= dollars(24.95) && size === shares(25),
      ),
    ).toEqual({
      size: shares(25),
      limits: [4_900, 5_400],
      edge: expect.closeTo(0.002, 9) as number,
    });
    expect(planBothLegs(two, shares(25), shares(5), (size, total) => within(size, total, 0.98))?.size).toBe(
      shares(10),
    );
    const paid = quotes(SPORTS, cheap, {
      bids: [[40, 100]],
      asks: [
        [50, 10],
        [54, 500],
      ],
    });
    // .95 and 2.5 cents of fees.
    expect(
      planBothLegs(paid, shares(10), shares(5), (size, total) => within(size, total, 0.974)),
    ).toBeUndefined();
    expect(planBothLegs(paid, shares(10), shares(5), (size, total) => within(size, total, 0.975))?.size).toBe(
      shares(10),
    );
  });
});
