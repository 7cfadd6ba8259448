import fc from "fast-check";
import { PRICE_ONE, type OrderType, type Price, type Shares, type Usdc } from "@matchpoint/sdk";
import { describe, expect, test } from "vitest";
import { orderAmounts, snapPrice, snapShares, snapSpend, TICKS, type OrderTerms } from "../../src/index.ts";
import {
  amount,
  dollars,
  officialBuilder,
  officialLimit,
  officialMarket,
  TICK_TEXTS,
} from "../support/trading.ts";

const MIN = amount("5");
const sides = fc.constantFrom("buy" as const, "sell" as const);
const ticks = fc.constantFrom(...TICK_TEXTS);
/** A tick, and a price on its grid. */
const priced = fc
  .tuple(ticks, fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }))
  .map(([tick, where]) => {
    const step = dollars(tick);
    return { tick, step, limit: (step * (1 + Math.floor(where * (PRICE_ONE / step - 1)))) as Price };
  });

function terms(over: Partial<OrderTerms> = {}): OrderTerms {
  return { side: "buy", orderType: "GTC", limit: dollars("0.47"), size: amount("21.28"), ...over };
}
const grid = (tick: string) => ({ tick: dollars(tick), minSize: MIN });

describe("limit orders", () => {
  test.each([
    ["0.01", "buy", "0.47", "21.28", 10_001_600, 21_280_000],
    ["0.01", "buy", "0.56", "21.04", 11_782_400, 21_040_000],
    ["0.001", "buy", "0.057", "133.37", 7_602_090, 133_370_000],
    ["0.005", "buy", "0.125", "10.01", 1_251_250, 10_010_000],
    ["0.0001", "sell", "0.0123", "12.34", 12_340_000, 151_782],
    // Beyond what the official client's floats hold: it makes 392390621649 of it.
    ["0.0025", "buy", "0.6575", "596791.82", 392_390_621_650, 596_791_820_000],
  ] as const)("tick %s: %s at %s of %s", (tick, side, limit, size, makerAmount, takerAmount) => {
    const asked = terms({ side, limit: dollars(limit), size: amount(size) });
    expect(orderAmounts(asked, grid(tick))).toEqual({ makerAmount, takerAmount });
    expect(orderAmounts({ ...asked, orderType: "GTD" }, grid(tick))).toEqual({ makerAmount, takerAmount });
  });

  test("amounts are the official client's up to 10,000 shares", async () => {
    const builder = officialBuilder(3);
    Object.assign(builder, { signer: unsigned });
    await fc.assert(
      fc.asyncProperty(priced, sides, fc.integer({ min: 500, max: 1_000_000 }), async (at, side, cents) => {
        const official = await officialLimit(builder, {
          side,
          price: at.limit / PRICE_ONE,
          size: cents / 100,
          tick: at.tick,
        });
        const ours = orderAmounts(
          terms({ side, limit: at.limit, size: (cents * 10_000) as Shares }),
          grid(at.tick),
        );
        expect([`${ours.makerAmount}`, `${ours.takerAmount}`]).toEqual([
          official.makerAmount,
          official.takerAmount,
        ]);
      }),
      { numRuns: 3_000, seed: 20_261_123 },
    );
  });

  test("the dollars are exactly shares times price, at any size", () => {
    fc.assert(
      fc.property(
        priced,
        sides,
        fc.integer({ min: 500, max: 900_000_000_000 }),
        ({ tick, limit }, side, cents) => {
          const size = (cents * 10_000) as Shares;
          const { makerAmount, takerAmount } = orderAmounts(terms({ side, limit, size }), grid(tick));
          const [paid, given] = side === "buy" ? [makerAmount, takerAmount] : [takerAmount, makerAmount];
          expect(given).toBe(size);
          expect(BigInt(paid) * BigInt(PRICE_ONE)).toBe(BigInt(size) * BigInt(limit));
        },
      ),
    );
  });
});

describe("FAK and FOK orders", () => {
  test.each([
    // The official client makes 10131970 of it, with five places, and the venue refuses that.
    ["buy", "0.001", "0.985", 9_980_000, 9_980_000, 10_131_900],
    ["buy", "0.01", "0.07", 1_000_000, 1_000_000, 14_285_700],
    ["buy", "0.0001", "0.9999", 1_000_000, 1_000_000, 1_000_100],
    // Likewise 5842690.
    ["sell", "0.001", "0.437", 13_370_000, 13_370_000, 5_842_600],
    ["sell", "0.01", "0.47", 21_280_000, 21_280_000, 10_001_600],
  ] as const)("%s at tick %s, limit %s of %i", (side, tick, limit, value, makerAmount, takerAmount) => {
    const asked = terms({ side, limit: dollars(limit), size: value as Shares });
    const spend = side === "buy" ? { spend: value as Usdc } : {};
    for (const orderType of ["FAK", "FOK"] as const)
      expect(orderAmounts({ ...asked, ...spend, orderType }, grid(tick))).toEqual({
        makerAmount,
        takerAmount,
      });
  });

  test("at tick 0.01 amounts are the official client's", async () => {
    const builder = officialBuilder(3);
    Object.assign(builder, { signer: unsigned });
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 99 }),
        sides,
        fc.integer({ min: 100, max: 1_000_000 }),
        async (percent, side, cents) => {
          const official = await officialMarket(builder, {
            side,
            price: percent / 100,
            amount: cents / 100,
            tick: "0.01",
          });
          const value = cents * 10_000;
          const ours = orderAmounts(
            terms({
              side,
              orderType: "FAK",
              limit: (percent * 100) as Price,
              size: value as Shares,
              ...(side === "buy" ? { spend: value as Usdc } : {}),
            }),
            grid("0.01"),
          );
          expect([`${ours.makerAmount}`, `${ours.takerAmount}`]).toEqual([
            official.makerAmount,
            official.takerAmount,
          ]);
        },
      ),
      { numRuns: 2_000, seed: 20_261_123 },
    );
  });

  test("the venue's precision holds, and the implied price is past the limit by less than a tick", () => {
    fc.assert(
      fc.property(
        priced,
        sides,
        fc.integer({ min: 100, max: 50_000_000 }),
        ({ step, tick, limit }, side, cents) => {
          const value = cents * 10_000;
          const spend = side === "buy" ? { spend: value as Usdc } : {};
          const asked = terms({ side, orderType: "FOK", limit, size: value as Shares, ...spend });
          const { makerAmount, takerAmount } = orderAmounts(asked, grid(tick));
          expect([makerAmount % 10_000, takerAmount % 100]).toEqual([0, 0]);
          const [paid, traded] = side === "buy" ? [makerAmount, takerAmount] : [takerAmount, makerAmount];
          const implied = BigInt(paid) * BigInt(PRICE_ONE);
          const bound = (at: number) => BigInt(traded) * BigInt(at);
          if (side === "buy") {
            expect(implied >= bound(limit) && implied < bound(limit + step)).toBe(true);
          } else {
            expect(implied <= bound(limit) && implied > bound(limit - step)).toBe(true);
          }
        },
      ),
      { numRuns: 2_000 },
    );
  });
});

describe("what the venue would refuse is refused", () => {
  const refused: readonly [string, Partial<OrderTerms>, string?][] = [
    ["a price off the grid", { limit: 4_750 as Price }],
    ["a price of 0", { limit: 0 as Price }],
    ["a price of 1", { limit: PRICE_ONE }],
    ["a price below 0", { limit: -100 as Price }],
    ["a price that is no number", { limit: NaN as Price }],
    ["half a ten-thousandth", { limit: 4_700.5 as Price }, "0.0001"],
    ["a tick that the venue does not have", {}, "0.02"],
    ["three places", { size: amount("21.281") }],
    ["a size of 0", { size: 0 as Shares }],
    ["a size below 0", { size: -5_000_000 as Shares }],
    ["a size that is no number", { size: NaN as Shares }],
    ["an endless size", { size: Infinity as Shares }],
    ["a size beyond 2^53", { size: (2 ** 60) as Shares }],
    ["less than the market's minimum", { size: amount("4.99") }],
    ["dollars for a GTC order", { spend: 1_000_000 as Usdc }],
    ["dollars for a FAK sell", { side: "sell", orderType: "FAK", spend: 1_000_000 as Usdc }],
    ["a FAK buy without dollars", { orderType: "FAK" }],
    ["parts of cents", { orderType: "FAK", spend: 1_000_001 as Usdc }],
    ["99 cents", { orderType: "FOK", spend: 990_000 as Usdc }],
    ["dollars below 0", { orderType: "FOK", spend: -1_000_000 as Usdc }],
    ["dollars that are no number", { orderType: "FOK", spend: NaN as Usdc }],
    ["more shares than can be counted", { orderType: "FOK", limit: 100 as Price, spend: 9e15 as Usdc }],
    [
      "a sell too small to say its limit",
      { side: "sell", orderType: "FAK", limit: 1 as Price, size: amount("0.01") },
      "0.0001",
    ],
  ];
  test.each(refused)("%s", (_, over, tick = "0.01") => {
    expect(() =>
      orderAmounts(terms(over), { tick: tick === "0.02" ? (200 as Price) : dollars(tick), minSize: MIN }),
    ).toThrow(expect.objectContaining({ code: "ORDER_INVALID" }));
  });

  test("FAK and FOK sells may be below the minimum of resting orders", () => {
    const asked = terms({ side: "sell", orderType: "FAK", size: amount("1.5") });
    expect(orderAmounts(asked, grid("0.01"))).toEqual({ makerAmount: 1_500_000, takerAmount: 705_000 });
  });
});

describe("snapping", () => {
  test.each([
    ["buy", "0.505", "0.01", "0.5"],
    ["sell", "0.505", "0.01", "0.51"],
    ["buy", "0.5", "0.01", "0.5"],
    ["sell", "0.5", "0.01", "0.5"],
    ["buy", "0.9999", "0.01", "0.99"],
    ["sell", "0.0001", "0.01", "0.01"],
    ["buy", "0.3333", "0.0025", "0.3325"],
  ] as const)("%s %s on %s is %s", (side, at, tick, snapped) => {
    expect(snapPrice(dollars(at), dollars(tick), side)).toBe(dollars(snapped));
  });

  test("nothing is as good as a buy below the lowest price or a sell above the highest", () => {
    const code = expect.objectContaining({ code: "ORDER_INVALID" });
    expect(() => snapPrice(dollars("0.009"), dollars("0.01"), "buy")).toThrow(code);
    expect(() => snapPrice(dollars("0.991"), dollars("0.01"), "sell")).toThrow(code);
    expect(() => snapPrice(NaN as Price, dollars("0.01"), "sell")).toThrow(code);
  });

  test("never to a worse price, never further than a tick unless at the end, never to more", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...TICKS),
        fc.integer({ min: 0, max: PRICE_ONE }),
        sides,
        (tick, at, side) => {
          let snapped: number;
          try {
            snapped = snapPrice(at as Price, tick, side);
          } catch {
            expect(side === "buy" ? at < tick : at > PRICE_ONE - tick).toBe(true);
            return;
          }
          expect(side === "buy" ? snapped <= at : snapped >= at).toBe(true);
          expect(Math.abs(snapped - at) < tick || snapped === tick || snapped === PRICE_ONE - tick).toBe(
            true,
          );
          const orderType: OrderType = "GTC";
          orderAmounts(terms({ side, orderType, limit: snapped as Price }), { tick, minSize: MIN });
        },
      ),
    );
    expect([snapShares(amount("21.289999")), snapShares(amount("0.009"))]).toEqual([amount("21.28"), 0]);
    expect([snapSpend(9_999_999 as Usdc), snapSpend(1_000_000 as Usdc)]).toEqual([9_990_000, 1_000_000]);
    expect(() => snapShares(-1 as Shares)).toThrow(expect.objectContaining({ code: "ORDER_INVALID" }));
  });
});

/** The official client's signer, for tests that look only at amounts. */
const unsigned = {
  getAddress: async () => "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266",
  _signTypedData: async () => `0x${"00".repeat(65)}`,
};
