import fc from "fast-check";
import type { OrderId, OrderType, Outcome, Price, Side } from "@matchpoint/sdk";
import { cents, MARKET, sh, usd } from "../harness.ts";
import { book, delta, gap, print, quote, type Step as WorldStep } from "../script.ts";
import type { Floor } from "./floor.ts";

export const PEOPLE = ["ann", "bob", "cat", "dan"] as const;

/** One thing that happens on the floor, as data. */
export type Step =
  | WorldStep
  | {
      readonly do: "order";
      readonly account: string;
      readonly outcome: Outcome;
      readonly side: Side;
      /** In tenths of a cent. */
      readonly tenths: number;
      readonly size: number;
      readonly orderType: OrderType;
      readonly postOnly: boolean;
    }
  | { readonly do: "withdraw"; readonly account: string; readonly nth: number }
  | { readonly do: "pair" | "unpair"; readonly account: string; readonly size: number }
  | { readonly do: "pay"; readonly account: string; readonly dollars: number }
  | { readonly do: "doom"; readonly nth: number }
  | { readonly do: "expire"; readonly account: string };

const account = fc.constantFrom(...PEOPLE);
const order = fc
  .record({
    account,
    outcome: fc.constantFrom<Outcome>(0, 1),
    side: fc.constantFrom<Side>("buy", "sell"),
    tenths: fc.integer({ min: 96, max: 104 }).map((n) => n * 5),
    size: fc.integer({ min: 500, max: 4_000 }).map((n) => n / 100),
    orderType: fc.constantFrom<OrderType>("GTC", "GTC", "GTC", "GTD", "FAK", "FOK"),
    postOnly: fc.integer({ min: 0, max: 4 }).map((n) => n === 0),
  })
  .map((each): Step => ({
    do: "order",
    ...each,
    postOnly: each.postOnly && (each.orderType === "GTC" || each.orderType === "GTD"),
  }));
const withdraw = fc.record({ account, nth: fc.nat(8) }).map((each): Step => ({ do: "withdraw", ...each }));
const chain = fc
  .record({
    do: fc.constantFrom<"pair" | "unpair">("pair", "unpair"),
    account,
    size: fc.integer({ min: 1, max: 40 }),
  })
  .map((each): Step => each);
const pay = fc
  .record({ account, dollars: fc.integer({ min: -200, max: 50 }) })
  .map((each): Step => ({ do: "pay", ...each }));
const doom = fc.nat(5).map((nth): Step => ({ do: "doom", nth }));
const expire = account.map((each): Step => ({ do: "expire", account: each }));
const wait = fc.integer({ min: 0, max: 5_000 }).map((ms): Step => ({ do: "wait", ms }));

const people = [
  { weight: 28, arbitrary: order },
  { weight: 4, arbitrary: withdraw },
  { weight: 4, arbitrary: chain },
  { weight: 2, arbitrary: pay },
  { weight: 2, arbitrary: doom },
  { weight: 2, arbitrary: expire },
  { weight: 6, arbitrary: wait },
];
const world = [
  { weight: 4, arbitrary: book },
  { weight: 4, arbitrary: delta },
  { weight: 4, arbitrary: print },
  { weight: 1, arbitrary: gap },
  { weight: 1, arbitrary: quote },
];
const LENGTH = { minLength: 10, maxLength: 60, size: "max" } as const;

/** Accounts alone, or in a world that has a book of its own. */
export const alone: fc.Arbitrary<Step[]> = fc.array(fc.oneof(...people), LENGTH);
export const inWorld: fc.Arbitrary<Step[]> = fc.array(fc.oneof(...people, ...world), LENGTH);

/** Does one step. Orders made are added to `orders`. */
export function act(floor: Floor, step: Step, orders: [string, OrderId][] = []): void {
  switch (step.do) {
    case "order": {
      const { account: who, outcome, side, orderType, postOnly } = step;
      const ends = orderType === "GTD" ? { expiresAt: ((floor.now + 3_000) * 1e6) as never } : {};
      const over = {
        outcome,
        side,
        orderType,
        postOnly,
        size: sh(step.size),
        limit: (step.tenths * 10) as Price,
      };
      orders.push([who, floor.place(who, { ...over, ...ends })]);
      return;
    }
    case "withdraw": {
      const own = orders.filter(([who]) => who === step.account).at(-1 - step.nth);
      if (own !== undefined) floor.cancel(step.account, own[1]);
      return;
    }
    case "pair":
    case "unpair":
      floor.chain(step.account, step.do === "pair" ? "split" : "merge", [step.size, step.size]);
      return;
    case "pay":
      floor.pay(step.account, usd(step.dollars));
      return;
    case "doom": {
      const trade = floor.trades().at(-1 - step.nth);
      if (trade !== undefined) floor.exchange.failTrade(trade.tradeId);
      return;
    }
    case "expire":
      floor.expire(step.account);
      return;
    case "wait":
      floor.wait(step.ms);
      return;
    case "book":
      floor.book(step.bids, step.asks);
      return;
    case "delta":
      floor.delta(step.bids, step.asks);
      return;
    case "print": {
      const { side, outcome } = step;
      const trade = { marketId: MARKET, outcome, side, price: cents(step.price), size: sh(step.size) };
      floor.event({ type: "market_trade", ...trade });
      return;
    }
    case "gap":
      floor.event({ type: "book_continuity", marketId: MARKET, state: "gap", reason: "test" });
      return;
    case "quote":
      floor.event({
        type: "best_quote",
        marketId: MARKET,
        bestBid: cents(step.bid),
        bestAsk: cents(step.ask),
      });
      return;
    default:
      throw new Error(`nobody does ${step.do}`);
  }
}
