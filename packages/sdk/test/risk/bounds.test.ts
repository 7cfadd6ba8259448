import { describe, expect, it, test } from "vitest";
import { type Intent } from "../../src/events/index.ts";
import { id } from "../../src/ids.ts";
import type { RiskCheck, RiskView } from "../../src/risk/index.ts";
import { riskLimits } from "../../src/risk/index.ts";
import {
  bookStale,
  fillSlippage,
  liquidityTooThin,
  loopStalled,
  priceBand,
  slippage,
} from "../../src/risk/checks/book.ts";
import { belowMarketableMinimum } from "../../src/risk/checks/form.ts";
import { drawdownSize } from "../../src/risk/checks/guards.ts";
import {
  insufficientBalance,
  maxAccount,
  maxLegImbalance,
  maxOrder,
  maxUnsettled,
} from "../../src/risk/checks/limits.ts";
import { duplicateIntent } from "../../src/risk/checks/own.ts";
import { chainActionPending, marketChecks } from "../../src/risk/checks/state.ts";
import { takerDelay } from "../../src/risk/checks/terms.ts";
import { truthChecks } from "../../src/risk/checks/truth.ts";
import { MarketTrading, type TradingInput } from "../../src/trading/index.ts";
import { feeSchedule, NO_FEE, type Nanos, type Price, type Shares } from "../../src/units/index.ts";
import {
  book,
  config,
  held,
  intent,
  MARKET,
  order,
  px,
  resting,
  SECOND,
  sh,
  truth,
  usd,
  verdict,
  view,
  type World,
} from "./support.ts";
import { ask } from "./asking.ts";

const free = (world: World = {}): RiskView => ({ ...view(world), fee: NO_FEE });
const sell = (over: Partial<Intent> = {}): Intent =>
  intent({ side: "sell", purpose: "exit", limit: px(0.48), ...over });

describe("a bound itself is still within it, and the next unit is not", () => {
  const walked = (shares: number, dollars: number): World => ({
    book: book({ walk: () => ({ shares: sh(shares), cost: usd(dollars) }) }),
  });
  const slips = { max_fill_slippage_usdc: 0.01 };
  const delayed = (takerDelayMs: number): World => ({ market: { takerDelayMs } });

  const TABLE: [
    string,
    RiskCheck,
    [Intent, World | RiskView, object?],
    [Intent, World | RiskView, object?],
  ][] = [
    [
      "the highest price",
      priceBand,
      [resting({ limit: px(0.99) }), {}],
      [resting({ limit: 9_901 as Price }), {}],
    ],
    [
      "the lowest price",
      priceBand,
      [resting({ limit: px(0.01) }), {}],
      [resting({ limit: 99 as Price }), {}],
    ],
    [
      "the age of a book",
      bookStale,
      [intent(), { now: 120 * SECOND }],
      [intent(), { now: 120 * SECOND + 1 }],
    ],
    [
      "the rest after the process did nothing",
      loopStalled,
      [intent(), { now: 2 * SECOND, stall: { ms: 900, until: (2 * SECOND) as Nanos } }],
      [intent(), { now: 2 * SECOND, stall: { ms: 900, until: (2 * SECOND + 1) as Nanos } }],
    ],
    [
      "the limit's distance from the best price of a buy",
      slippage,
      [intent({ limit: px(0.6) }), {}],
      [intent({ limit: 6_001 as Price }), {}],
    ],
    ["the same of a sale", slippage, [sell({ limit: px(0.38) }), {}], [sell({ limit: 3_799 as Price }), {}]],
    [
      "the average price of a buy",
      fillSlippage,
      [intent(), walked(10, 5.1), slips],
      [intent(), walked(10, 5.100001), slips],
    ],
    [
      "the average price of a sale",
      fillSlippage,
      [sell(), walked(10, 4.7), slips],
      [sell(), walked(10, 4.699999), slips],
    ],
    [
      "dollars on offer",
      liquidityTooThin,
      [intent(), { book: book({ size: 2 }) }],
      [intent(), { book: book({ size: 1.99 }) }],
    ],
    [
      "the part of what is on offer",
      liquidityTooThin,
      [intent(), { book: book({ size: 40 }) }, { max_depth_fraction: 0.25 }],
      [intent({ size: 10_000_001 as Shares }), { book: book({ size: 40 }) }, { max_depth_fraction: 0.25 }],
    ],
    [
      "a dollar that matches at once",
      belowMarketableMinimum,
      [intent({ spend: usd(1) }), {}],
      [intent({ spend: usd(0.99) }), {}],
    ],
    [
      "a market's delay",
      takerDelay,
      [intent(), delayed(1_000), { max_taker_delay_ms: 1_000 }],
      [intent(), delayed(1_001), { max_taker_delay_ms: 1_000 }],
    ],
    ["the balance", insufficientBalance, [intent(), free({ cash: 5 })], [intent(), free({ cash: 4.999999 })]],
    [
      "dollars of a leg",
      maxLegImbalance,
      [resting(), free({ posture: "pair" }), { max_leg_imbalance_usdc: 5 }],
      [resting(), free({ posture: "pair" }), { max_leg_imbalance_usdc: 4.999999 }],
    ],
    [
      "shares of a leg",
      maxLegImbalance,
      [resting(), free({ posture: "pair" }), { max_leg_imbalance_shares: 10 }],
      [resting(), free({ posture: "pair" }), { max_leg_imbalance_shares: 9.999999 }],
    ],
    [
      "a limit in a drawdown",
      drawdownSize,
      [intent(), free({ scale: 0.5 }), { max_market_usdc: 10 }],
      [intent(), free({ scale: 0.5 }), { max_market_usdc: 9.99 }],
    ],
    [
      "the age of the same order",
      duplicateIntent,
      [intent(), { now: 12 * SECOND, orders: [{ ...order(), createdAt: (7 * SECOND) as Nanos }] }],
      [intent(), { now: 12 * SECOND, orders: [{ ...order(), createdAt: (7 * SECOND + 1) as Nanos }] }],
    ],
  ];
  it.each(TABLE)("%s", (_, check, within, beyond) => {
    expect(ask(check, within[0], within[1], within[2] as never)).toBeUndefined();
    expect(ask(check, beyond[0], beyond[1], beyond[2] as never)).toBeDefined();
  });

  it.each<[string, RiskCheck, Intent, World, object]>([
    ["the age of a book", bookStale, intent(), { now: 1e6 * SECOND }, { max_book_age_ms: 0 }],
    ["a market's delay", takerDelay, intent(), delayed(60_000), { max_taker_delay_ms: 0 }],
    ["the average price", fillSlippage, intent(), walked(10, 9), {}],
    [
      "the part of what is on offer",
      liquidityTooThin,
      intent(),
      { book: book({ size: 3 }) },
      { max_depth_fraction: 1 },
    ],
  ])("%s has none where none is configured", (_, check, one, world, settings) => {
    expect(ask(check, one, world, settings as never)).toBeUndefined();
  });

  it("a resting order is held for no delay, and looks at no levels", () => {
    const world = { ...walked(10, 9), ...delayed(5_000) };
    const quote = resting({ postOnly: true, limit: px(0.49) });
    expect(ask(takerDelay, quote, world, { max_taker_delay_ms: 1 })).toBeUndefined();
    expect(ask(fillSlippage, quote, world, slips)).toBeUndefined();
    expect(ask(slippage, resting({ postOnly: true, limit: px(0.9) }), world)).toBeUndefined();
  });

  it("the average price is of the levels that the order would take: its dollars, or its shares", () => {
    const asked: unknown[] = [];
    const walk = (...args: unknown[]) => {
      asked.push(args);
      return { shares: sh(0), cost: usd(0) };
    };
    const world = { book: book({ walk }) };
    expect(ask(fillSlippage, intent(), world, slips)).toBeUndefined();
    expect(ask(fillSlippage, sell(), world, slips)).toBeUndefined();
    expect(asked).toEqual([
      [0, "buy", { usdc: usd(5) }, px(0.5)],
      [0, "sell", { shares: sh(10) }, px(0.48)],
    ]);
    // A synthetic book's sizes are nobody's.
    expect(ask(fillSlippage, intent(), { book: book({ status: "synthetic", walk }) }, slips)).toBeUndefined();
    expect(asked).toHaveLength(2);
  });
});

test("dollars that bringing back sold shares may take are not lent", () => {
  const world = (cash: number): RiskView =>
    free({ cash, owed: 10, positions: { [MARKET]: [held(-10, -4), held(0, 0)] } });
  expect(ask(insufficientBalance, intent(), world(15))).toBeUndefined();
  expect(ask(insufficientBalance, intent(), world(14.99))).toBe("$4.99 is free, the order needs $5");
});

describe("limits on what is bought have nothing against a sale", () => {
  const much: World = { positions: { [MARKET]: [held(9_000, 5_000), held(0, 0)] } };
  it.each([maxOrder, maxAccount, maxUnsettled])("$code", (check) => {
    for (const purpose of ["entry", "hedge"] as const)
      expect(ask(check, sell({ purpose, size: sh(5_000) }), much)).toBeUndefined();
    expect(ask(check, intent({ size: sh(5_000) }), much)).toBeDefined();
  });
});

describe("a market's state in words", () => {
  const say = (one: Intent, ...inputs: TradingInput[]): string[] =>
    marketChecks.flatMap((check) => ask(check, one, { posture: "pair", trading: inputs }) ?? []);
  const owned: TradingInput = { kind: "intent", strategyId: id("me"), posture: "pair" };
  const facts = (yes: number, no: number): TradingInput => ({
    kind: "exposure",
    facts: { positions: [held(yes, 1), held(no, 1)], openOrders: false, openChain: false, dust: sh(0.01) },
  });
  const manual: TradingInput = { kind: "halt", cause: "manual" };
  const breaker: TradingInput = { kind: "halt", cause: "breaker" };

  it.each<[string[], TradingInput[]]>([
    [[], []],
    [[], [owned]],
    [
      ["no entry: the market is with you until it is idle again"],
      [{ kind: "intent", strategyId: id("you"), posture: "pair" }],
    ],
    [
      ["no entry while the market is in its present state"],
      [facts(5, 0), { kind: "operator_resume" }, { kind: "clear", cause: "reconcile" }],
    ],
    [["no entry while the market holds a complete pair that is being merged"], [owned, facts(5, 5)]],
    [["no entry while the market is decided or being decided"], [{ kind: "own_truth", status: "final" }]],
    [["no entry while the market is halted by manual, breaker"], [owned, manual, breaker]],
    [["no entry while the market is resolved"], [owned, facts(0, 0), { kind: "venue_resolution" }]],
  ])("%j", (words, inputs) => {
    expect(say(intent(), ...inputs)).toEqual(words);
  });

  it("names no causes where it is told of none", () => {
    const trading = new MarketTrading(MARKET);
    trading.apply(manual, 1 as Nanos);
    const mute = { allows: trading.allows.bind(trading) };
    expect(ask(marketChecks[3]!, intent(), { ...view(), trading: mute })).toBe(
      "no entry while the market is halted",
    );
  });

  it("a chain action under way is nothing to who holds one side alone", () => {
    expect(ask(chainActionPending, intent(), { openChain: true })).toBeUndefined();
    expect(ask(chainActionPending, intent(), { openChain: true, posture: "pair" })).toBeDefined();
    expect(ask(chainActionPending, intent({ purpose: "hedge" }), { openChain: true })).toBeDefined();
    expect(ask(chainActionPending, intent(), { posture: "pair" })).toBeUndefined();
  });
});

describe("what an entry by truth rests on", () => {
  const game = {
    subject: { kind: "game" as const, matchId: id<never>("m"), game: 1, teamOf: [0, 1] as const },
  };
  const say = (world: World | RiskView): string[] =>
    truthChecks.flatMap(
      (check) => ask(check, intent(), "ledger" in world ? world : { truthDriven: true, ...world }) ?? [],
    );

  it("the series too, for a market on one of its games", () => {
    expect(say({ market: game, truth: truth({ status: "disputed" }), own: verdict() })).toEqual([
      "the series is disputed or was retracted",
    ]);
    expect(say({ market: game, truth: truth(), own: verdict({ singleSource: true }) })).toEqual([
      "the market's subject rests on a single source",
    ]);
    expect(say({ market: game, truth: truth(), own: verdict() })).toEqual([]);
  });

  it("a proven subject, or why it is not", () => {
    const unknown = "nothing is known of the market's match";
    const unproven = { unproven: true, truth: undefined };
    expect(say(unproven)).toEqual(["it is not proven which match the market is about", unknown]);
    expect(say({ ...unproven, market: { unproven: "no team B" } })).toEqual([
      "it is not proven which match the market is about: no team B",
      unknown,
    ]);
    // A market whose subject nobody proved, and of which truth tells all the same: no check fails over it.
    expect(say({ unproven: true })).toEqual(["it is not proven which match the market is about"]);
  });
});

test("the leg without its counterpart is told with both limits", () => {
  expect(
    ask(
      maxLegImbalance,
      resting(),
      { ...free({ posture: "pair" }), fee: feeSchedule(0, 1, true) },
      {
        max_leg_imbalance_usdc: 4,
        max_leg_imbalance_shares: 7,
      },
    ),
  ).toBe("the leg without its counterpart could be 10 shares for $5, the limits are 7 and $4");
});

test("limits that are not configured are none, and rules that only warn refuse nothing", () => {
  const limits = riskLimits(config());
  expect([limits.maxFillSlippage, limits.refuseUnclearRules]).toEqual([undefined, true]);
  const other = riskLimits(config({ max_fill_slippage_usdc: 0.02, resolution_filter: "warn" }));
  expect([other.maxFillSlippage, other.refuseUnclearRules]).toEqual([200, false]);
});
