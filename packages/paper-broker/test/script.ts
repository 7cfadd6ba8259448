import fc from "fast-check";
import type { Intent, OrderId, OrderType, Outcome, Side } from "@matchpoint/sdk";
import { cents, MARKET, sh, usd, type Harness } from "./harness.ts";

/** One thing that happens to a venue, as data, so that a failing run can be shrunk and read. */
export type Step =
  | { readonly do: "wait"; readonly ms: number }
  | { readonly do: "book" | "delta"; readonly bids: readonly Level[]; readonly asks: readonly Level[] }
  | {
      readonly do: "print";
      readonly side: Side;
      readonly price: number;
      readonly size: number;
      readonly outcome: Outcome;
    }
  | { readonly do: "gap" }
  | { readonly do: "quote"; readonly bid: number; readonly ask: number }
  | {
      readonly do: "place";
      readonly outcome: Outcome;
      readonly side: Side;
      readonly limit: number;
      readonly size: number;
      readonly orderType: OrderType;
      readonly postOnly: boolean;
    }
  | { readonly do: "cancel"; readonly nth: number }
  | { readonly do: "merge" | "split"; readonly size: number }
  | { readonly do: "resolve"; readonly payout: number };

type Level = readonly [number, number];

const outcome = fc.constantFrom<Outcome>(0, 1);
const side = fc.constantFrom<Side>("buy", "sell");
/** Prices in cents around the middle, so that things meet. */
const price = fc.integer({ min: 46, max: 54 });
/** Shares, often not round, sometimes none. */
const size = fc.oneof(
  fc.integer({ min: 0, max: 40 }),
  fc.integer({ min: 0, max: 4_000_000 }).map((n) => n / 100_000),
);
const level = fc.tuple(price, size);
const levels = fc.array(level, { minLength: 1, maxLength: 4 });
/** Levels on either side of a middle. */
const sides = fc.tuple(fc.integer({ min: 48, max: 52 }), levels, levels).map(([mid, bids, asks]) => ({
  bids: bids.map(([p, s]): Level => [Math.min(p, mid - 1), s]),
  asks: asks.map(([p, s]): Level => [Math.max(p, mid), s]),
}));

export const wait = fc.integer({ min: 0, max: 6_000 }).map((ms): Step => ({ do: "wait", ms }));
const tame = fc.tuple(levels, levels).map(([bids, asks]): Step => ({
  do: "delta",
  bids: bids.map(([p, s]) => [Math.min(p, 49), s]),
  asks: asks.map(([p, s]) => [Math.max(p, 51), s]),
}));
/** May cross the book, which makes it worthless until the next whole one. */
const wild = fc.tuple(levels, levels).map(([bids, asks]): Step => ({ do: "delta", bids, asks }));
export const delta = fc.oneof({ weight: 5, arbitrary: tame }, { weight: 1, arbitrary: wild });
/** A whole book that is not crossed. */
export const book = sides.map((each): Step => ({ do: "book", ...each }));
export const print = fc
  .record({ side, price, size: fc.integer({ min: 1, max: 30 }), outcome })
  .map((each): Step => ({ do: "print", ...each }));
export const order = (types: readonly OrderType[]): fc.Arbitrary<Step> =>
  fc
    .record({
      outcome,
      side,
      limit: price,
      size: fc.integer({ min: 500, max: 3_000 }).map((n) => n / 100),
      orderType: fc.constantFrom(...types),
      postOnly: fc.boolean(),
    })
    .map((each): Step => ({
      do: "place",
      ...each,
      postOnly: each.postOnly && (each.orderType === "GTC" || each.orderType === "GTD"),
    }));
const cancel = fc.integer({ min: 0, max: 10 }).map((nth): Step => ({ do: "cancel", nth }));
const chain = fc
  .record({
    kind: fc.constantFrom<"merge" | "split">("merge", "split"),
    size: fc.integer({ min: 1, max: 30 }),
  })
  .map((each): Step => ({ do: each.kind, size: each.size }));
/** A stated best that the book may lack, and then doubts itself. */
export const quote = fc
  .record({ bid: fc.integer({ min: 46, max: 50 }), ask: fc.integer({ min: 51, max: 54 }) })
  .map((each): Step => ({ do: "quote", ...each }));
export const gap = fc.constant<Step>({ do: "gap" });
const resolve = fc.constantFrom(0, 0.5, 1).map((payout): Step => ({ do: "resolve", payout }));

/** Anything that can happen. */
export const anything = fc
  .tuple(
    book,
    fc.array(
      fc.oneof(
        { weight: 4, arbitrary: wait },
        { weight: 4, arbitrary: book },
        { weight: 3, arbitrary: delta },
        { weight: 4, arbitrary: print },
        { weight: 6, arbitrary: order(["FAK", "FOK", "GTC", "GTD"]) },
        { weight: 2, arbitrary: cancel },
        { weight: 2, arbitrary: chain },
        { weight: 1, arbitrary: gap },
        { weight: 1, arbitrary: quote },
      ),
      { minLength: 5, maxLength: 40, size: "max" },
    ),
  )
  .map(([first, rest]) => [first, ...rest]);
/** The same, ending in a resolution for some. */
export const anythingResolved = fc
  .tuple(anything, fc.option(resolve, { nil: undefined }))
  .map(([steps, last]) => (last === undefined ? steps : [...steps, last]));

/** Does one step. Orders made are added to `orders`. */
export function perform(
  h: Harness,
  step: Step,
  orders: { id: OrderId; intent: Partial<Intent> }[] = [],
): void {
  switch (step.do) {
    case "wait":
      h.wait(step.ms);
      return;
    case "book":
      h.book(step.bids, step.asks);
      return;
    case "delta":
      h.delta(step.bids, step.asks);
      return;
    case "print":
      h.print(step.side, step.price, step.size, step.outcome);
      return;
    case "gap":
      h.event({ type: "book_continuity", marketId: MARKET, state: "gap", reason: "test" });
      return;
    case "quote":
      h.event({ type: "best_quote", marketId: MARKET, bestBid: cents(step.bid), bestAsk: cents(step.ask) });
      return;
    case "place": {
      const { outcome, side, orderType, postOnly } = step;
      const over: Partial<Intent> = {
        outcome,
        side,
        orderType,
        postOnly,
        limit: cents(step.limit),
        size: sh(step.size),
        ...(orderType === "GTD" ? { expiresAt: ((h.now + 3_000) * 1e6) as never } : {}),
      };
      orders.push({ id: h.place(over), intent: over });
      return;
    }
    case "cancel": {
      const target = orders.at(-1 - step.nth);
      if (target !== undefined) h.cancel(target.id);
      return;
    }
    case "merge":
    case "split":
      h.chain(step.do, [step.size, step.size]);
      return;
    case "resolve":
      h.event({
        type: "market_resolution",
        marketId: MARKET,
        payouts: [usd(step.payout), usd(1 - step.payout)],
        source: "test",
      });
      return;
  }
}
