import { describe, expect, it, test } from "vitest";
import type { Intent } from "../../src/events/index.ts";
import { id, type MarketId } from "../../src/ids.ts";
import type { RetryingTrade, RiskView } from "../../src/risk/index.ts";
import { crosses, orderValue, takes, worstCash, worstFee, worstShares } from "../../src/risk/amounts.ts";
import {
  accountExposure,
  marketExposure,
  matchExposure,
  owedCash,
  promisedShares,
  reservedCash,
  retryingProceeds,
  retryingShares,
  shortage,
  tournamentExposure,
  unsettledExposure,
  worstResidual,
} from "../../src/risk/exposure.ts";
import { SumWindow } from "../../src/risk/sumWindow.ts";
import {
  feeSchedule,
  NO_FEE,
  type Nanos,
  type Price,
  type Shares,
  type Usdc,
} from "../../src/units/index.ts";
import {
  book,
  held,
  intent,
  MARKET,
  order,
  px,
  resting,
  SECOND,
  sh,
  usd,
  view,
  type World,
} from "./support.ts";

const FEE = feeSchedule(50_000, 1, true);
const OTHER: MarketId = id("0xb");
const retried = (
  side: "buy" | "sell",
  outcome: 0 | 1,
  shares: number,
  cost: number,
  fee = 0,
): RetryingTrade => ({ side, outcome, size: sh(shares), cost: usd(cost), fee: usd(fee) });
/** With what failed sales of both outcomes would cost again. */
const withCost = (world: World, first: number, second: number): RiskView => {
  const plain = view(world);
  const retryingCost = (_: MarketId, outcome: 0 | 1): Usdc => usd(outcome === 0 ? first : second);
  return { ...plain, ledger: { ...plain.ledger, cash: plain.ledger.cash, retryingCost } };
};
const quote = (over: Partial<Intent>, matched = 0) => order({ orderType: "GTC", ...over }, "LIVE", matched);

describe("whether an order takes liquidity", () => {
  const none = book({ bid0: 0, ask0: 1 });
  it.each<[string, boolean, Intent, ReturnType<typeof book>]>([
    ["a buy at the ask", true, resting({ limit: px(0.5) }), book()],
    ["a buy below it", false, resting({ limit: px(0.49) }), book()],
    ["a sale at the bid", true, resting({ side: "sell", limit: px(0.48) }), book()],
    ["a sale above it", false, resting({ side: "sell", limit: px(0.49) }), book()],
    ["the highest buy where nothing is asked", false, resting({ limit: 10_000 as Price }), none],
    ["the lowest sale where nothing is bid", false, resting({ side: "sell", limit: 0 as Price }), none],
  ])("%s: %s", (_, reaches, one, of) => {
    expect(crosses(one, of)).toBe(reaches);
    expect(takes(one, of)).toBe(reaches);
    expect(takes({ ...one, postOnly: true }, of)).toBe(false);
    expect(takes({ ...one, orderType: "FAK" }, of)).toBe(true);
    expect(takes({ ...one, orderType: "FOK" }, of)).toBe(true);
  });
});

describe("the most that an order can cost", () => {
  const flat = feeSchedule(50_000, 0, true);
  const all = feeSchedule(50_000, 1, false);
  // Rounding may add 100 micro-dollars over the fills of an order.
  it.each<[string, Intent, ReturnType<typeof feeSchedule>, number]>([
    ["a sale", intent({ side: "sell" }), FEE, 0],
    ["a market without fees", intent(), NO_FEE, 0],
    ["a quote where only takers pay", resting({ postOnly: true }), FEE, 0],
    ["a quote where makers pay too", resting({ postOnly: true }), all, 125_000 + 100],
    ["a resting order that might take", resting(), FEE, 125_000 + 100],
    ["shares below half a dollar pay less", resting({ limit: px(0.2) }), FEE, 80_000 + 100],
    ["shares above it pay what they would there", resting({ limit: px(0.9) }), FEE, 125_000 + 100],
    ["dollars pay the rate at worst", intent(), FEE, 250_000 + 100],
    ["dollars at a fee per share, by the cheapest shares", intent(), flat, 25_000_000 + 100],
  ])("fee: %s", (_, one, fee, most) => {
    expect(worstFee(one, fee, px(0.01))).toBe(most);
    expect(worstCash(one, fee, px(0.01))).toBe(one.side === "sell" ? 0 : orderValue(one) + most);
  });

  it("its dollars, or its shares at the limit, rounded up", () => {
    expect(orderValue(intent({ spend: usd(3) }))).toBe(usd(3));
    expect(orderValue(resting())).toBe(usd(5));
    expect(orderValue({ ...resting(), size: 100 as Shares, limit: 3_333 as Price })).toBe(34);
  });

  it("and get: dollars buy more where the book is better than the limit", () => {
    expect(worstShares(resting({ limit: px(0.6) }), book())).toBe(sh(10));
    expect(worstShares(intent({ limit: px(0.6) }), book())).toBe(sh(12));
    expect(worstShares(intent({ limit: px(0.4) }), book())).toBe(sh(10));
    expect(worstShares(intent({ limit: px(0.5), spend: usd(4) }), book())).toBe(sh(10));
    expect(worstShares({ ...intent(), limit: 0 as Price }, book())).toBe(sh(10));
  });
});

describe("dollars in the worst case", () => {
  const world: World = {
    positions: { [MARKET]: [held(20, 8), held(10, 5)], [OTHER]: [held(30, 12, 10), held(0, 0)] },
    orders: [
      quote({ limit: px(0.4), size: sh(10) }, 5),
      order({ marketId: OTHER, spend: usd(6), size: sh(12) }, "UNKNOWN"),
      quote({ side: "sell", limit: px(0.9), size: sh(9) }),
    ],
    matchMarkets: [MARKET],
    tournamentMarkets: [MARKET, OTHER],
  };
  const [quoted, unknown] = [usd(2.1), usd(6.3)];

  it("of open orders, a market, its match and tournament, and the account", () => {
    const all = view(world);
    expect(reservedCash(all)).toBe(quoted + unknown);
    expect(marketExposure(all, MARKET)).toBe(usd(13) + quoted);
    expect(marketExposure(all, OTHER)).toBe(usd(12) + unknown);
    expect(matchExposure(all)).toBe(usd(13) + quoted);
    expect(tournamentExposure(all)).toBe(usd(25) + quoted + unknown);
    expect(accountExposure(all)).toBe(usd(25) + quoted + unknown);
  });

  it("of what is not settled: its part of the cost, rounded up", () => {
    expect(unsettledExposure(view(world))).toBe(usd(13 + 8) + quoted + unknown);
    const third: World = { positions: { [MARKET]: [held(0.000003, 0.00001, 0.000001), held(0, 0)] } };
    expect(unsettledExposure(view(third))).toBe(7);
    expect(unsettledExposure(view({ positions: { [MARKET]: [held(9, 4, 9), held(0, 0, 5)] } }))).toBe(0);
  });

  it("with what sales of either outcome that are being retried would bring back, and only while they are", () => {
    const settled = { positions: { [MARKET]: [held(20, 8, 20), held(10, 5, 10)] as const } };
    const back = withCost({ ...settled, retrying: [retried("sell", 0, 4, 2)] }, 1.5, 0.25);
    expect(marketExposure(back, MARKET)).toBe(usd(13 + 1.75));
    expect(accountExposure(back)).toBe(usd(13 + 1.75));
    expect(unsettledExposure(back)).toBe(usd(1.75));
    expect(marketExposure(withCost(settled, 1.5, 0.25), MARKET)).toBe(usd(13));
  });

  it("with what shares may come to that left and had never come, whose proceeds pay for nothing else", () => {
    const short: World = {
      positions: { [MARKET]: [held(-10, -5), held(20, 8, 20)], [OTHER]: [held(1, 1, 1), held(0, 0)] },
    };
    const plain = view(short);
    const owed = (marketId: MarketId): Usdc => usd(marketId === MARKET ? 10 : 0.5);
    const owing = { ...plain, ledger: { ...plain.ledger, cash: plain.ledger.cash, owed } };
    expect(owedCash(owing)).toBe(usd(10.5));
    expect(owedCash(plain)).toBe(0);
    expect(marketExposure(owing, MARKET)).toBe(usd(18));
    expect(accountExposure(owing)).toBe(usd(18 + 1.5));
    expect(unsettledExposure(owing)).toBe(usd(10.5));
    const one = resting({ limit: px(0.5), size: sh(10) });
    expect(worstResidual({ ...plain, fee: NO_FEE }, { ...one, outcome: 1 })).toEqual({
      shares: sh(30),
      cost: usd(13),
    });
    expect(worstResidual({ ...plain, fee: NO_FEE }, one)).toEqual({ shares: 0, cost: 0 });
    const alone = view({ positions: { [MARKET]: [held(-10, -5), held(0, 0)] } });
    expect(worstResidual({ ...alone, fee: NO_FEE }, one)).toEqual({ shares: sh(10), cost: usd(5) });
  });

  it("that sales being retried have brought: without their fees, and never less than nothing", () => {
    const of = (...retrying: RetryingTrade[]): number => retryingProceeds(view({ retrying }));
    expect(of(retried("sell", 0, 10, 5, 0.1), retried("sell", 1, 1, 0.5))).toBe(usd(5.4));
    expect(of(retried("buy", 0, 10, 5))).toBe(0);
    expect(of(retried("sell", 0, 1, 0.01, 0.02))).toBe(0);
    expect(retryingProceeds(view())).toBe(0);
  });
});

describe("shares", () => {
  it("of trades being retried, of one side of one outcome", () => {
    const all = view({
      retrying: [
        retried("buy", 0, 1, 1),
        retried("sell", 0, 2, 1),
        retried("buy", 1, 4, 1),
        retried("buy", 0, 8, 1),
      ],
    });
    expect([0, 1].map((outcome) => retryingShares(all, outcome as 0 | 1, "buy"))).toEqual([sh(9), sh(4)]);
    expect([0, 1].map((outcome) => retryingShares(all, outcome as 0 | 1, "sell"))).toEqual([sh(2), 0]);
  });

  it("that open sales have promised: what is not matched of them", () => {
    const all = view({
      orders: [
        quote({ side: "sell", size: sh(10) }, 4),
        quote({ side: "sell", size: sh(5) }, 6),
        quote({ side: "sell", outcome: 1, size: sh(3) }),
        quote({ size: sh(50) }),
        quote({ side: "sell", marketId: OTHER, size: sh(70) }),
      ],
    });
    expect([promisedShares(all, 0), promisedShares(all, 1)]).toEqual([sh(6), sh(3)]);
  });

  it("by which a leg is short: with open buys of both, and without what is being sold of either", () => {
    const positions = { [MARKET]: [held(20, 10), held(8, 4)] as const };
    const short = (...orders: ReturnType<typeof quote>[]): number[] => {
      const all = view({ positions, orders });
      expect(shortage(all, 0)).toBe(-shortage(all, 1));
      return [shortage(all, 1) / 1e6];
    };
    expect(short()).toEqual([12]);
    expect(short(quote({ size: sh(3) }))).toEqual([15]);
    expect(short(quote({ outcome: 1, size: sh(3) }))).toEqual([9]);
    expect(short(quote({ side: "sell", size: sh(3) }))).toEqual([9]);
    expect(short(quote({ side: "sell", outcome: 1, size: sh(3) }))).toEqual([15]);
  });
});

describe("the leg without its counterpart in the worst case", () => {
  const residual = (of: RiskView, one: Intent): number[] => {
    const { shares, cost } = worstResidual({ ...of, fee: NO_FEE }, one);
    return [shares / 1e6, cost / 1e6];
  };
  const legs = (first: number, second: number): World => ({
    positions: { [MARKET]: [held(first, first / 2), held(second, second / 2)] },
  });
  const buy = resting({ limit: px(0.5), size: sh(10) });
  const sale = resting({ side: "sell", outcome: 1, limit: px(0.5), size: sh(10) });

  it.each<[string, World, Intent, number[]]>([
    ["nothing held", {}, buy, [10, 5]],
    ["a buy of the shorter leg", legs(10, 20), buy, [0, 0]],
    ["a buy that makes both alike", legs(10, 20), buy, [0, 0]],
    ["a buy beyond that", legs(15, 20), buy, [5, 2.5]],
    ["a sale of the counterpart", legs(20, 20), sale, [10, 5]],
    ["a sale of more counterpart than there is", legs(20, 5), sale, [20, 10]],
    ["a sale that leaves both alike", legs(10, 20), sale, [0, 0]],
    [
      "an open sale of the counterpart",
      { ...legs(10, 30), orders: [quote({ side: "sell", outcome: 1, size: sh(20) })] },
      buy,
      [10, 5],
    ],
    [
      "an open buy of the counterpart is none",
      { ...legs(10, 0), orders: [quote({ outcome: 1, size: sh(20) })] },
      buy,
      [20, 10],
    ],
    [
      "a counterpart whose buys are being retried, and more",
      { ...legs(10, 20), retrying: [retried("buy", 1, 15, 7)] },
      buy,
      [15, 7.5],
    ],
    [
      "a counterpart of which nothing stands",
      { ...legs(10, 20), retrying: [retried("buy", 1, 30, 15)] },
      buy,
      [20, 10],
    ],
  ])("%s", (_, world, one, expected) => {
    expect(residual(view(world), one)).toEqual(expected);
  });

  it("has the cost of sales that are being retried only where there are any of it", () => {
    expect(residual(withCost(legs(10, 0), 3, 3), buy)).toEqual([20, 10]);
    expect(residual(withCost({ ...legs(10, 0), retrying: [retried("sell", 1, 5, 2)] }, 3, 3), buy)).toEqual([
      20, 10,
    ]);
    expect(residual(withCost({ ...legs(10, 0), retrying: [retried("sell", 0, 5, 2)] }, 3, 3), buy)).toEqual([
      25, 13,
    ]);
  });

  it("rounds its part of the cost up", () => {
    const third: World = { positions: { [MARKET]: [held(0.000002, 0.000005), held(0.000001, 0)] } };
    const one = { ...resting(), size: 1 as Shares, limit: px(0.5) };
    // 2 of 3 shares that cost 5 and 1 micro-dollars.
    expect(worstResidual({ ...view(third), fee: NO_FEE }, one)).toEqual({ shares: 2, cost: 4 });
  });
});

describe("a sliding sum", () => {
  const at = (seconds: number): Nanos => (seconds * SECOND) as Nanos;

  test("forgets all of it after a silence of its length, and no piece before", () => {
    const window = new SumWindow(10 * SECOND, 10);
    window.add(5, at(0.5));
    window.add(3, at(1.2));
    expect([9.9, 10.9, 11.1, 11.9, 12].map((now) => window.total(at(now)))).toEqual([8, 8, 3, 3, 0]);
    window.add(2, at(12.1));
    expect(window.total(at(22.9))).toBe(2);
    expect(window.total(at(23))).toBe(0);
    window.add(4, at(23.5));
    expect(window.total(at(34.5))).toBe(0);
    window.add(1, at(34.6));
    window.add(1, at(34.7));
    expect(window.total(at(34.8))).toBe(2);
  });
});
