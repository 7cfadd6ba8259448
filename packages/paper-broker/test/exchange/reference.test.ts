import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { id, type OrderId, type Price, type Shares, type Usdc } from "@matchpoint/sdk";
import { market, MARKET, usd } from "../harness.ts";
import { Floor } from "./floor.ts";
import { Reference, type Ask } from "./reference.ts";

const PEOPLE = ["ann", "bob", "cat"] as const;

type Step =
  { readonly do: "place"; readonly ask: Omit<Ask, "id"> } | { readonly do: "cancel"; readonly nth: number };

const place = fc
  .record({
    account: fc.constantFrom(...PEOPLE),
    outcome: fc.constantFrom<0 | 1>(0, 1),
    side: fc.constantFrom<"buy" | "sell">("buy", "sell"),
    /** Tenths of a cent: what is not a whole share costs broken micro-dollars. */
    tenths: fc.integer({ min: 495, max: 505 }),
    type: fc.constantFrom<Ask["type"]>("GTC", "GTC", "FAK", "FAK", "FOK"),
    cents: fc.integer({ min: 500, max: 4_000 }),
  })
  .map(({ tenths, cents, ...ask }): Step => ({
    do: "place",
    ask: { ...ask, limit: tenths * 10, amount: cents * 10_000 },
  }));
const cancel = fc.nat(12).map((nth): Step => ({ do: "cancel", nth }));
const script = fc.array(fc.oneof({ weight: 8, arbitrary: place }, { weight: 1, arbitrary: cancel }), {
  minLength: 5,
  maxLength: 60,
  size: "max",
});

describe("the naive exchange", () => {
  it.each([true, false])(
    "agrees with the fast one, order for order, to the micro-dollar (mirrored: %s)",
    (mirrored) => {
      let matched = 0;
      let mixed = 0;
      let broken = 0;
      fc.assert(
        fc.property(script, (steps) => {
          const floor = new Floor({}, market({ mirrored, tick: 10 as Price })).open(PEOPLE, 5_000);
          for (const account of PEOPLE) floor.exchange.deposit(account, usd(10_000));
          const naive = new Reference(mirrored);
          const placed: Ask[] = [];
          for (const step of steps) {
            const before = floor.trades().length;
            if (step.do === "cancel") {
              const ask = placed.at(-1 - step.nth);
              if (ask === undefined) continue;
              floor.cancel(ask.account, id<OrderId>(ask.id));
              const gone = naive.cancel(ask.id, ask.account);
              expect(floor.statuses(ask.account, id<OrderId>(ask.id)).at(-1)).toBe(
                gone ? "canceled" : "cancel_refused",
              );
            } else {
              const ask: Ask = { ...step.ask, id: `n${placed.length}` };
              placed.push(ask);
              order(floor, ask);
              const expected = naive.place(ask);
              const told = floor.statuses(ask.account, id<OrderId>(ask.id))[1];
              if (expected === undefined) expect(told).toBe("rejected:OTHER");
              else {
                expect(told?.replace("rejected:", "")).toBe(expected.status);
                const matches = floor.trades().slice(before);
                expect(
                  matches.map(({ taker, makers }) => ({
                    taker: taker.orderId,
                    price: taker.price,
                    size: taker.size,
                    cost: taker.cost,
                    parts: makers.map(({ orderId, size, cost }) => ({ maker: orderId, size, cost })),
                  })),
                ).toEqual(expected.matches);
                matched += matches.length;
                for (const { taker, makers } of matches) {
                  if (makers.some(({ outcome }) => outcome !== taker.outcome)) mixed++;
                  if ((taker.size * taker.price) % 10_000 !== 0) broken++;
                }
              }
            }
            for (const outcome of [0, 1] as const) {
              const { bids, asks } = floor.exchange.book(MARKET, outcome);
              expect(bids.map(({ price, size }) => [price, size])).toEqual(naive.bids(outcome));
              if (mirrored) {
                const other = naive.bids(outcome === 0 ? 1 : 0);
                expect(asks.map(({ price, size }) => [10_000 - price, size])).toEqual(other);
              }
            }
          }
        }),
        { numRuns: 150 },
      );
      expect(matched).toBeGreaterThan(200);
      expect(broken).toBeGreaterThan(10);
      expect(mixed > 20).toBe(mirrored);
    },
  );
});

function order(floor: Floor, { id: orderId, account, outcome, side, limit, type, amount }: Ask): void {
  const dollars = side === "buy" && type !== "GTC";
  floor.place(
    account,
    {
      outcome,
      side,
      limit: limit as Price,
      orderType: type,
      size: amount as Shares,
      ...(dollars ? { spend: amount as Usdc } : {}),
    },
    id<OrderId>(orderId),
  );
}
