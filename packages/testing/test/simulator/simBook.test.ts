import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  SimBook,
  type BookSide,
  type OrderOwner,
  type RestingOrder,
} from "../../src/simulator/venue/simBook.ts";

type Step =
  | { readonly do: "rest"; readonly side: BookSide; readonly price: number; readonly size: number }
  | { readonly do: "take"; readonly side: BookSide; readonly price: number; readonly size: number }
  | { readonly do: "cancel"; readonly index: number };

const side = fc.constantFrom<BookSide>("bid", "ask");
const price = fc.integer({ min: 485, max: 515 });
const size = fc.integer({ min: 1, max: 40 });
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    fc.record({ do: fc.constant("rest" as const), side, price, size }),
    fc.record({ do: fc.constant("take" as const), side, price, size }),
    fc.record({ do: fc.constant("cancel" as const), index: fc.nat(60) }),
  ),
  { maxLength: 120 },
);

/** The same rules in the plainest way: a sorted list that is searched anew every time. */
class PlainBook {
  readonly orders: { id: number; side: BookSide; price: number; size: number }[] = [];

  best(of: BookSide): number {
    const prices = this.orders.filter((order) => order.side === of).map((order) => order.price);
    return of === "bid" ? Math.max(0, ...prices) : Math.min(1_000, ...prices);
  }

  take(taker: BookSide, amount: number, limit: number): { id: number; size: number; price: number }[] {
    const fills: { id: number; size: number; price: number }[] = [];
    const other: BookSide = taker === "bid" ? "ask" : "bid";
    for (let left = amount; left > 0;) {
      const at = this.best(other);
      const order = this.orders.find((each) => each.side === other && each.price === at);
      if (order === undefined || (taker === "bid" ? at > limit : at < limit)) break;
      const part = Math.min(left, order.size);
      fills.push({ id: order.id, size: part, price: at });
      order.size -= part;
      left -= part;
      if (order.size === 0) this.orders.splice(this.orders.indexOf(order), 1);
    }
    return fills;
  }
}

describe("SimBook", () => {
  it("matches by price and time exactly as the plainest book does, and is never crossed", () => {
    fc.assert(
      fc.property(steps, (script) => {
        const book = new SimBook();
        const plain = new PlainBook();
        const filled: { id: number; size: number; price: number }[] = [];
        const mine: RestingOrder[] = [];
        const ids = new Map<RestingOrder, number>();
        const owner: OrderOwner = {
          onFill: (order, part, at) => filled.push({ id: ids.get(order)!, size: part, price: at }),
        };
        for (const step of script) {
          if (step.do === "rest") {
            const crosses = step.side === "bid" ? step.price >= book.ask : step.price <= book.bid;
            if (crosses) continue;
            const order: RestingOrder = {
              owner,
              market: 0,
              side: step.side,
              price: step.price,
              token: 0,
              size: step.size,
            };
            ids.set(order, mine.length);
            plain.orders.push({ id: mine.length, side: step.side, price: step.price, size: step.size });
            mine.push(order);
            book.rest(order);
          } else if (step.do === "take") {
            filled.length = 0;
            const levels: number[] = [];
            const fills = book.take(step.side, step.size, step.price, (fill) => {
              levels.push(fill.price);
              expect(book.bid).toBeLessThan(book.ask);
            });
            expect(filled).toEqual(plain.take(step.side, step.size, step.price));
            expect(levels).toEqual(fills.map((fill) => fill.price));
            expect(fills.reduce((sum, fill) => sum + fill.size, 0)).toBe(
              filled.reduce((sum, fill) => sum + fill.size, 0),
            );
          } else if (step.index < mine.length) {
            const left = plain.orders.findIndex((order) => order.id === step.index);
            expect(book.cancel(mine[step.index]!)).toBe(left !== -1);
            if (left !== -1) plain.orders.splice(left, 1);
          }
          expect([book.bid, book.ask]).toEqual([plain.best("bid"), plain.best("ask")]);
          for (const each of ["bid", "ask"] as const) {
            const levels: [number, number][] = [];
            book.eachLevel(each, (at, total) => levels.push([at, total]));
            const totals = new Map<number, number>();
            for (const order of plain.orders) {
              if (order.side === each) totals.set(order.price, (totals.get(order.price) ?? 0) + order.size);
            }
            expect(levels).toEqual([...totals].sort((a, b) => (each === "bid" ? b[0] - a[0] : a[0] - b[0])));
          }
        }
        expect(book.orders().reduce((sum, order) => sum + order.size, 0)).toBe(
          plain.orders.reduce((sum, order) => sum + order.size, 0),
        );
      }),
    );
  });

  it.each([0, -1, 0.5, NaN])("refuses a size of %s", (amount) => {
    const order: RestingOrder = {
      owner: { onFill: () => undefined },
      market: 0,
      side: "bid",
      price: 500,
      token: 0,
      size: amount,
    };
    expect(() => {
      new SimBook().rest(order);
    }).toThrow(/micro-shares/);
    expect(() => new SimBook().take("bid", amount, 500, () => undefined)).toThrow(/micro-shares/);
  });
});
