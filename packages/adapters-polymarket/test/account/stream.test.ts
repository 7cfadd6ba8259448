import {
  id,
  OrderStore,
  type Intent,
  type IntentId,
  type Nanos,
  type OrderId,
  type Price,
  type Shares,
  type StrategyId,
} from "@matchpoint/sdk";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  entry,
  hear,
  makerFrame,
  MARKET,
  newDecoder,
  NO,
  orderFrame,
  STAMP,
  tradeFrame,
  YES,
} from "./frames.ts";

const HASHES = ["0xa1", "0xa2", "0xa3"].map((start) => start.padEnd(66, "0"));

/** A store that knows three orders: a buy of YES, a sell of YES, a buy of NO. */
function newStore(): OrderStore {
  const store = new OrderStore();
  HASHES.forEach((hash, n) => {
    const intent: Intent = {
      intentId: id<IntentId>(`s-${n}`),
      strategyId: id<StrategyId>("s"),
      marketId: MARKET,
      outcome: n === 2 ? 1 : 0,
      side: n === 1 ? "sell" : "buy",
      orderType: "GTC",
      postOnly: false,
      limit: 5_000 as Price,
      size: 1_000_000_000 as Shares,
      purpose: "entry",
      reason: "test",
    };
    store.create(intent, 0 as Nanos);
    store.prepared({
      type: "order_prepared",
      intentId: intent.intentId,
      orderId: id<OrderId>(hash),
      ...STAMP,
    });
  });
  return store;
}

/** What the account holds after frames, by the order store's count. */
function positions(frames: readonly unknown[]): readonly (readonly number[])[] {
  const store = newStore();
  for (const event of hear(newDecoder(), ...frames)) {
    if (event.type === "order_report") store.report(event);
    else if (event.type === "trade_report") store.trade(event);
    else throw new TypeError(JSON.stringify(event));
  }
  return HASHES.map((hash) => {
    const order = store.byOrderId(id<OrderId>(hash))!;
    return [order.matched, order.spent, order.fees];
  });
}

const LIVES = [
  ["MATCHED"],
  ["MATCHED_NOT_BROADCASTED", "MATCHED", "MINED", "CONFIRMED"],
  ["MATCHED", "RETRYING", "MINED", "TRADE_STATUS_CONFIRMED"],
  ["MATCHED", "MINED", "RETRYING", "MINED", "FAILED"],
  ["MATCHED", "FAILED"],
] as const;

const trade = fc
  .record({
    which: fc.integer({ min: 0, max: 2 }),
    maker: fc.boolean(),
    cents: fc.integer({ min: 1, max: 99 }),
    micros: fc.integer({ min: 1, max: 50_000_000 }),
    life: fc.constantFrom(...LIVES),
  })
  .map(({ which, maker, cents, micros, life }) => ({
    which,
    life,
    maker,
    price: (cents / 100).toFixed(2),
    size: (micros / 1_000_000).toFixed(6),
  }));

type TradeShape = typeof trade extends fc.Arbitrary<infer T> ? T : never;

function framesOf({ which, life, maker, price, size }: TradeShape, n: number): unknown[] {
  const hash = HASHES[which]!;
  const own = { asset_id: which === 2 ? NO : YES, side: which === 1 ? "SELL" : "BUY", price };
  return life.map((status, step) => {
    const common = { id: `t-${n}`, status, last_update: String(1_790_000_000 + step) };
    return maker
      ? makerFrame({ ...own, order_id: hash, matched_amount: size }, common)
      : tradeFrame({
          ...own,
          ...common,
          taker_order_id: hash,
          size,
          maker_orders: [entry({ asset_id: own.asset_id, price, matched_amount: size })],
        });
  });
}

const ORDERS = HASHES.flatMap((hash, n) => [
  orderFrame({ id: hash, original_size: "1000", side: n === 1 ? "SELL" : "BUY" }),
  orderFrame({ id: hash, original_size: "1000", type: "UPDATE", size_matched: "5" }),
  orderFrame({ id: hash, original_size: "1000", type: "CANCELLATION", status: "CANCELED" }),
]);

const story = fc.array(trade, { minLength: 1, maxLength: 6 }).chain((trades) => {
  const frames = [...ORDERS, ...trades.flatMap(framesOf)];
  return fc
    .record({
      shuffled: fc.shuffledSubarray(frames, { minLength: frames.length }),
      again: fc.array(fc.constantFrom(...frames), { maxLength: 20 }),
      cut: fc.boolean(),
    })
    .map(({ shuffled, again, cut }) => ({
      trades,
      frames,
      delivered: cut ? [[...shuffled, ...again]] : [...shuffled, ...again],
    }));
});

describe("what frames add up to", () => {
  it("is the same in any order, with any repetition, in one frame or many", () => {
    fc.assert(
      fc.property(story, ({ frames, delivered }) => {
        expect(positions(delivered)).toEqual(positions(frames));
      }),
    );
  });

  it("is the sum of the trades that did not fail", () => {
    fc.assert(
      fc.property(story, ({ trades, delivered }) => {
        const expected = HASHES.map((_, which) =>
          trades
            .filter((each) => each.which === which && !(each.life as readonly string[]).includes("FAILED"))
            .reduce((sum, each) => sum + Math.round(Number(each.size) * 1_000_000), 0),
        );
        expect(positions(delivered).map(([matched]) => matched)).toEqual(expected);
      }),
    );
  });

  it("is counted in order too when a failure comes first", () => {
    const [matched, failed] = framesOf(
      { which: 0, life: LIVES[4], maker: true, price: "0.40", size: "3.000000" },
      1,
    );
    expect(positions([failed, matched])[0]![0]).toBe(0);
    expect(positions([matched])[0]).toEqual([3_000_000, 1_200_000, 0]);
  });
});
