import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compareChain, tradeKey, type ChainHoldings, type Dust } from "../../src/reconcile/index.ts";
import { someOf } from "../../src/reconcile/someOf.ts";
import type { Shares, Usdc } from "../../src/units/index.ts";
import { actual, expected, held, M1, ONE, tradeOf } from "./support.ts";

const EXACT: Dust = { shares: 0 as Shares, cash: 0 as Usdc };
const NONE: ReadonlySet<string> = new Set();

function chain(shares: number, cash = 1_000 * ONE): ChainHoldings {
  return { collateral: cash as Usdc, positions: [{ marketId: M1, outcome: 0, shares: shares as Shares }] };
}

const PAID = 1_000 * ONE - 4 * ONE - 100;
const bought = expected({
  cash: PAID,
  positions: [held(10 * ONE, 0)],
  trades: new Map([[tradeKey(tradeOf()), "MATCHED" as const]]),
});

describe("what the chain holds", () => {
  it("agrees, or is allowed for once and is then a difference", () => {
    const here = expected({ positions: [held(10 * ONE)] });
    expect(compareChain(here, actual(), chain(10 * ONE), EXACT, NONE).inFlight.size).toBe(0);
    const first = compareChain(here, actual(), chain(9 * ONE, 999 * ONE), EXACT, NONE);
    expect(first.differences).toEqual([]);
    expect(
      compareChain(here, actual(), chain(9 * ONE, 999 * ONE), EXACT, first.inFlight).differences,
    ).toEqual([
      { kind: "chain_position", marketId: M1, outcome: 0, expected: 10 * ONE, actual: 9 * ONE },
      { kind: "chain_cash", expected: 1_000 * ONE, actual: 999 * ONE },
    ]);
  });

  it("may lack a trade, or have it, until the venue and we say that it is confirmed", () => {
    const overdue = new Set([`on chain 0 ${M1}`, "on chain "]);
    for (const status of ["MATCHED", "MINED", "RETRYING", "CONFIRMED"] as const) {
      const there = actual({ trades: [tradeOf({ status })] });
      for (const holds of [chain(0), chain(10 * ONE, PAID)])
        expect(compareChain(bought, there, holds, EXACT, overdue).differences).toEqual([]);
    }
    const known = { ...bought, trades: new Map([[tradeKey(tradeOf()), "CONFIRMED" as const]]) };
    const there = actual({ trades: [tradeOf({ status: "CONFIRMED" })] });
    expect(compareChain(known, there, chain(0), EXACT, overdue).differences).toHaveLength(2);
  });

  it("may have a trade that we have not heard of, and hides nothing behind one", () => {
    const overdue = new Set([`on chain 0 ${M1}`, "on chain "]);
    const there = actual({ trades: [tradeOf()] });
    expect(compareChain(expected(), there, chain(10 * ONE, PAID), EXACT, overdue).differences).toEqual([]);
    expect(
      compareChain(expected(), there, chain(10 * ONE + 1, PAID - 1), EXACT, overdue).differences,
    ).toHaveLength(2);
    const failed = actual({ trades: [tradeOf({ status: "FAILED" })] });
    expect(compareChain(expected(), failed, chain(10 * ONE, PAID), EXACT, overdue).differences).toHaveLength(
      2,
    );
    expect(compareChain(bought, failed, chain(0), EXACT, overdue).differences).toEqual([]);
  });
});

it("finds a sum if and only if some of the amounts add up to it", () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: -50, max: 50 }), { maxLength: 8 }),
      fc.integer({ min: -120, max: 120 }),
      (amounts, sum) => {
        let found = false;
        for (let mask = 1; mask < 1 << amounts.length; mask++)
          found ||= amounts.reduce((total, each, i) => total + ((mask >> i) & 1) * each, 0) === sum;
        expect(someOf(amounts, sum, 0)).toBe(found);
      },
    ),
  );
  expect(
    someOf(
      Array.from({ length: 30 }, () => 1_000),
      30_000,
      0,
    ),
  ).toBe(true);
  expect(
    someOf(
      Array.from({ length: 30 }, () => 1_000),
      30_001,
      0,
    ),
  ).toBe(false);
});
