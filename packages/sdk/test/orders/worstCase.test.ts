import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { feeSchedule, notional, takerFee, type Shares } from "../../src/index.ts";
import { worstCase } from "../../src/orders/index.ts";
import { P, report, S, S1, SEC, sent, trade, USD } from "./support.ts";

const FEE = feeSchedule(50_000, 1, true);

describe("worst case of an open order", () => {
  test("a resting buy: unmatched shares at the limit, and the highest fee on them", () => {
    const store = sent({ size: 100, limit: 0.4 });
    store.trade(trade({ size: 25, price: 0.4 }));
    const order = store.get(S1)!;
    expect(worstCase(order)).toEqual({ cash: USD(30), shares: 0 });
    expect(worstCase(order, FEE).cash).toBe(USD(30) + takerFee(S(75), P(0.4), FEE) + 10);
  });

  test("a spending buy: unspent dollars and the rate on them", () => {
    const store = sent({ orderType: "FAK", size: 100, limit: 0.5, spend: 50 });
    store.trade(trade({ size: 25, price: 0.4 }));
    expect(worstCase(store.get(S1)!, FEE).cash).toBe(USD(40) + USD(2) + 10);
  });

  test("a sell: unsold shares", () => {
    const store = sent({ side: "sell", size: 100 });
    store.trade(trade({ size: 25, side: "sell" }));
    expect(worstCase(store.get(S1)!, FEE)).toEqual({ cash: 0, shares: S(75) });
  });

  test("a maker-only order pays no taker fee, an order that is over nothing", () => {
    expect(worstCase(sent({ postOnly: true }).get(S1)!, FEE).cash).toBe(USD(50));
    const over = sent();
    over.report(report("canceled", SEC(3)));
    expect(worstCase(over.get(S1)!, FEE)).toEqual({ cash: 0, shares: 0 });
  });

  test("a failed trade's part counts as open again; an overfill is no credit", () => {
    const store = sent({ size: 100, limit: 0.5 });
    store.trade(trade({ size: 60 }));
    store.trade(trade({ size: 60, status: "FAILED" }));
    expect(worstCase(store.get(S1)!).cash).toBe(USD(50));
    const sell = sent({ side: "sell", size: 10 });
    sell.report(report("unknown"));
    sell.trade(trade({ size: 9, side: "sell" }));
    expect(worstCase(sell.get(S1)!).shares).toBe(S(1));
  });

  test("no fill within the limit ever costs more, fee included", () => {
    fc.assert(
      fc.property(
        fc.constantFrom("FAK" as const, "GTC" as const),
        fc.integer({ min: 1, max: 9_999 }),
        fc.integer({ min: 1, max: 9_999 }),
        fc.integer({ min: 100, max: 10_000 }),
        fc.integer({ min: 0, max: 1_000_000 }),
        fc.integer({ min: 0, max: 4 }),
        (orderType, limit, below, cents, ratePpm, exponent) => {
          const fee = feeSchedule(ratePpm, exponent, true);
          const at = Math.min(limit, below);
          const spend = cents / 100;
          const size = orderType === "FAK" ? (spend * 10_000) / at : spend;
          const store = sent({
            orderType,
            limit: limit / 10_000,
            size: spend,
            ...(orderType === "FAK" ? { spend } : {}),
          });
          const bound = worstCase(store.get(S1)!, fee).cash;
          const filled = Math.floor(size * 1_000_000) as Shares;
          const price = P(at / 10_000);
          expect(notional(filled, price, "down") + takerFee(filled, price, fee)).toBeLessThanOrEqual(bound);
        },
      ),
    );
  });
});
