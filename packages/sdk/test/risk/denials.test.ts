import { describe, expect, it } from "vitest";
import type { Intent } from "../../src/events/index.ts";
import { id, type MarketId } from "../../src/ids.ts";
import { MarketTrading, SystemMachine, type TradingInput } from "../../src/trading/index.ts";
import { DEFAULT_CHECKS, DENIAL_CODES, RiskGate, type DenialCode } from "../../src/risk/index.ts";
import { NO_FEE, type Nanos, type Price, type Usdc } from "../../src/units/index.ts";
import {
  book,
  config,
  gate,
  held,
  intent,
  late,
  MARKET,
  order,
  px,
  ready,
  resting,
  SECOND,
  sh,
  truth,
  usd,
  verdict,
  view,
  type World,
} from "./support.ts";

interface Case {
  readonly name?: string;
  readonly intent?: Intent;
  readonly world?: World;
  readonly config?: Readonly<Record<string, unknown>>;
  readonly detail: string;
}

const sell = (overrides: Partial<Intent> = {}) =>
  intent({ side: "sell", purpose: "exit", limit: px(0.48), ...overrides });
const owned = (by = "me", posture: "pair" | "directional" = "directional"): TradingInput => ({
  kind: "intent",
  strategyId: id(by),
  posture,
});
const retried = (
  side: "buy" | "sell",
  shares: number,
  cost: number,
  outcome: 0 | 1 = 0,
): NonNullable<World["retrying"]>[number] => ({
  side,
  outcome,
  size: sh(shares),
  cost: usd(cost),
  fee: usd(0),
});
const holding = { [MARKET]: [held(20, 10), held(0, 0)] as const };
const pair = (yes: number, no: number): TradingInput => ({
  kind: "exposure",
  facts: { positions: [held(yes, 1), held(no, 1)], openOrders: false, openChain: false, dust: sh(0.01) },
});
const after = (...inputs: ("stopEntries" | "reduceOnly" | "kill" | "drain")[]) => {
  const machine = ready();
  for (const input of inputs) machine[input]();
  return machine;
};
const driven = (world: World): World => ({ truthDriven: true, ...world });

// One case or more for every code: an intent that is denied with it, by the gate as it stands.
const CASES: Record<
  Exclude<DenialCode, "STRATEGY_FAULT" | "NO_ORDER_TYPE" | "MARKET_NOT_FINAL" | "ORDER_RATE" | "RUNAWAY">,
  readonly Case[]
> = {
  INTENT_INVALID: [
    { intent: intent({ limit: NaN as Price }), detail: "limit NaN" },
    { intent: intent({ limit: 5_000.5 as Price, spend: usd(5) }), detail: "limit 5000.5" },
    { intent: intent({ size: 0 as never }), detail: "size 0" },
    { intent: intent({ size: -5 as never, spend: usd(5) }), detail: "size -5" },
    { intent: intent({ size: 1e309 as never, spend: usd(5) }), detail: "size Infinity" },
    { intent: intent({ outcome: 2 as never }), detail: "outcome 2" },
    { intent: intent({ side: "short" as never }), detail: 'side "short"' },
    { intent: intent({ orderType: "IOC" as never }), detail: 'order type "IOC"' },
    { intent: intent({ purpose: "__proto__" as never }), detail: 'purpose "__proto__"' },
    { intent: intent({ postOnly: 1 as never }), detail: "postOnly" },
    { intent: intent({ edge: NaN }), detail: "edge NaN" },
    { intent: intent({ marketId: id("0xb") }), detail: "market 0xb" },
    { intent: intent({ strategyId: id("you") }), detail: "strategy you" },
    { intent: intent({ postOnly: true }), detail: "cannot be post-only" },
    { intent: intent({ spend: NaN as Usdc }), detail: "whole spend" },
    { intent: { ...resting(), orderType: "FOK" }, detail: "whole spend" },
    { intent: resting({ spend: usd(5) }), detail: "only a FAK or FOK buy" },
    { intent: sell({ spend: usd(5) }), detail: "only a FAK or FOK buy" },
    { intent: intent({ spend: usd(5.01) }), detail: "more than size * limit" },
    { intent: resting({ orderType: "GTD" }), detail: "needs expiresAt" },
    { intent: resting({ orderType: "GTD", expiresAt: SECOND as Nanos }), detail: "has passed" },
    { intent: resting({ expiresAt: (2 * SECOND) as Nanos }), detail: "only a GTD order" },
  ],
  CAPABILITY_UNSUPPORTED: [
    { world: { capabilities: { orderTypes: ["GTC"], postOnly: true } }, detail: "FAK" },
    {
      intent: resting({ postOnly: true, limit: px(0.49) }),
      world: { capabilities: { orderTypes: ["GTC"], postOnly: false } },
      detail: "post-only",
    },
  ],
  PRICE_OUT_OF_RANGE: [
    { intent: intent({ limit: 0 as Price }), detail: "limit 0 " },
    { intent: intent({ limit: 10_000 as Price }), detail: "limit 1 " },
    { intent: intent({ limit: -100 as Price, spend: usd(1) }), detail: "limit -0.01" },
    { intent: intent({ limit: px(0.995) }), world: { market: { tick: px(0.01) } }, detail: "0.01 to 0.99" },
  ],
  OFF_GRID: [
    { intent: intent({ limit: px(0.505) }), detail: "0.505 is not a multiple of 0.01" },
    {
      intent: sell({ limit: px(0.4825) }),
      world: { positions: holding, market: { tick: px(0.005) } },
      detail: "0.005",
    },
  ],
  BELOW_MIN_SIZE: [
    { intent: intent({ size: sh(4.99) }), detail: "4.99 shares" },
    { intent: sell({ size: sh(1) }), world: { positions: holding }, detail: "1 shares" },
  ],
  SIZE_PRECISION: [
    { intent: resting({ size: sh(10.001) }), detail: "hundredth" },
    { intent: sell({ size: sh(5.005) }), world: { positions: holding }, detail: "hundredth" },
    { intent: intent({ spend: usd(4.999) }), detail: "cent" },
  ],
  BELOW_MARKETABLE_MINIMUM: [
    {
      intent: intent({ limit: px(0.1), size: sh(9), orderType: "FOK" }),
      world: { book: book({ bid0: 0.08, ask0: 0.1 }) },
      detail: "$0.9",
    },
    {
      intent: resting({ limit: px(0.1), size: sh(9) }),
      world: { book: book({ bid0: 0.08, ask0: 0.1 }) },
      detail: "$0.9",
    },
  ],
  POST_ONLY_CROSSES: [
    { intent: resting({ postOnly: true }), detail: "reaches 0.5" },
    {
      intent: resting({ postOnly: true, side: "sell", limit: px(0.48) }),
      world: { positions: holding },
      detail: "reaches 0.48",
    },
  ],
  PURPOSE_MISMATCH: [
    {
      name: "a hedge whose dollars buy far more than its size at what is asked",
      intent: intent({ purpose: "hedge", outcome: 1, limit: px(0.12), size: sh(30), spend: usd(3.6) }),
      world: {
        positions: { [MARKET]: [held(20, 18), held(0, 0)] },
        book: book({ bid0: 0.98, ask0: 0.99, size: 100_000 }),
      },
      detail: "residual of 20",
    },
    {
      name: "a hedge that an open buy makes already",
      intent: intent({ purpose: "hedge", outcome: 1, limit: px(0.52), size: sh(20) }),
      world: { positions: holding, orders: [order({ outcome: 1, limit: px(0.52), size: sh(19) })] },
      detail: "residual of 1",
    },
    { intent: intent({ purpose: "exit" }), detail: "an exit sells" },
    { intent: intent({ purpose: "hedge" }), detail: "residual of 0" },
    {
      intent: intent({ purpose: "hedge", outcome: 1, size: sh(40), limit: px(0.52) }),
      world: { positions: holding },
      detail: "residual of 20",
    },
    { intent: intent({ purpose: "hedge" }), world: { positions: holding }, detail: "residual of 0" },
    {
      intent: sell({ purpose: "hedge", outcome: 0, size: sh(20) }),
      world: { positions: { [MARKET]: [held(20, 10), held(10, 5)] } },
      detail: "selling 20 shares",
    },
  ],
  DUPLICATE_INTENT: [
    { world: { orders: [order({ intentId: id("me-1") })] }, detail: "me-1 exists" },
    { world: { orders: [order({}, "DELAYED")] }, detail: "old-1, DELAYED since 1000 ms" },
  ],
  SELF_CROSS: [
    { world: { orders: [order({ orderType: "GTC", side: "sell", limit: px(0.5) })] }, detail: "sell at 0.5" },
    { world: { orders: [order({ orderType: "GTC", outcome: 1, limit: px(0.5) })] }, detail: "buy at 0.5" },
    {
      intent: sell(),
      world: { positions: holding, orders: [order({ orderType: "GTC", limit: px(0.48) }, "PENDING_CANCEL")] },
      detail: "buy at 0.48",
    },
    {
      intent: sell(),
      world: {
        positions: holding,
        orders: [order({ orderType: "GTC", side: "sell", outcome: 1, limit: px(0.52) })],
      },
      detail: "sell at 0.52",
    },
    {
      intent: resting({ limit: px(0.49) }),
      world: { orders: [order({ side: "sell", limit: px(0.49) }, "SENT")] },
      detail: "sell at 0.49",
    },
  ],
  SYSTEM_NOT_READY: [{ world: { system: new SystemMachine() }, detail: "entry" }],
  SYSTEM_STOP_ENTRY: [{ world: { system: after("stopEntries") }, detail: "entry" }],
  SYSTEM_REDUCE_ONLY: [
    { world: { system: after("reduceOnly") }, detail: "entry" },
    { intent: intent({ purpose: "hedge" }), world: { system: after("reduceOnly") }, detail: "hedge" },
  ],
  SYSTEM_HALTED: [
    { world: { system: after("kill") }, detail: "entry" },
    { intent: sell(), world: { system: after("kill"), positions: holding }, detail: "exit" },
  ],
  SYSTEM_STOPPING: [
    { intent: sell(), world: { system: after("drain"), positions: holding }, detail: "exit" },
  ],
  VENUE_POST_ONLY: [{ world: { venueMode: "POST_ONLY" }, detail: "venue" }],
  VENUE_CANCEL_ONLY: [{ world: { venueMode: "CANCEL_ONLY" }, detail: "venue" }],
  VENUE_RESTARTING: [{ world: { venueMode: "RESTARTING" }, detail: "venue" }],
  VENUE_DOWN: [{ intent: sell(), world: { venueMode: "DOWN", positions: holding }, detail: "venue" }],
  MARKET_CLOSED: [
    { world: { market: { acceptingOrders: false } }, detail: "accepts no orders" },
    {
      intent: sell(),
      world: { market: { acceptingOrders: false }, positions: holding },
      detail: "accepts no orders",
    },
  ],
  MARKET_BUSY: [
    { world: { trading: [owned("you")] }, detail: "no entry: the market is with you" },
    { world: { trading: [owned("me", "pair")] }, detail: "entry" },
    { intent: sell(), world: { trading: [owned("you")], positions: holding }, detail: "exit" },
  ],
  MARKET_LOCKED: [
    { world: { posture: "pair", trading: [owned("me", "pair"), pair(5, 5)] }, detail: "entry" },
  ],
  MARKET_FINALIZING: [
    { world: { trading: [{ kind: "own_truth", status: "final" }] }, detail: "entry" },
    {
      intent: sell(),
      world: { trading: [{ kind: "own_truth", status: "final" }], positions: holding },
      detail: "exit",
    },
  ],
  MARKET_HALTED: [
    { world: { trading: [{ kind: "halt", cause: "manual" }] }, detail: "entry" },
    {
      intent: sell(),
      world: { trading: [{ kind: "halt", cause: "manual" }], positions: holding },
      detail: "exit",
    },
  ],
  MARKET_RESOLVED: [{ world: { trading: [{ kind: "venue_resolution" }] }, detail: "entry" }],
  CHAIN_ACTION_PENDING: [
    { world: { posture: "pair", openChain: true }, detail: "under way" },
    { intent: intent({ purpose: "hedge" }), world: { openChain: true }, detail: "under way" },
  ],
  RESOLUTION_UNCLEAR: [
    {
      world: {
        resolution: {
          ok: false,
          findings: [{ code: "UNKNOWN_SENTENCE", sentence: "It depends.", why: "no known sentence" }],
        },
      },
      detail: 'UNKNOWN_SENTENCE: no known sentence: "It depends."',
    },
  ],
  TERMS_STALE: [{ world: { staleTerms: "not read for 400 s" }, detail: "not read for 400 s" }],
  TAKER_DELAY: [
    {
      world: { market: { takerDelayMs: 3_000 } },
      config: { max_taker_delay_ms: 1_000 },
      detail: "holds it for 3000 ms, at most 1000",
    },
  ],
  SUBJECT_UNPROVEN: [{ world: driven({ unproven: true, truth: undefined }), detail: "not proven" }],
  TRUTH_UNKNOWN: [{ world: driven({ truth: undefined }), detail: "nothing is known" }],
  TRUTH_STALE: [
    { world: driven({ truth: truth({ stale: true, staleSource: id("grid") }) }), detail: "grid" },
    { world: driven({ truth: truth({ stale: true }) }), detail: "every source" },
  ],
  TRUTH_DISPUTED: [
    { world: driven({ truth: truth({ status: "disputed" }) }), detail: "the series" },
    {
      world: driven({ truth: truth(), own: verdict({ status: "retracted" }) }),
      detail: "the market's subject",
    },
    {
      world: driven({
        truth: truth({ games: [{ ...verdict({ status: "disputed" }), game: 1, progress: {} }] }),
      }),
      detail: "game 1",
    },
  ],
  TRUTH_SINGLE_SOURCE: [
    {
      world: driven({
        truth: truth({ games: [{ ...verdict({ singleSource: true }), game: 2, progress: {} }] }),
      }),
      detail: "game 2",
    },
  ],
  SIGNAL_TOO_LATE: [
    { world: driven({ signal: late(24_300) }), detail: "24.3 s late, at most 10 s" },
    { world: driven({ signal: late(undefined) }), detail: "espn, which is of unknown lag" },
    {
      world: driven({ signal: late(24_300) }),
      intent: resting({ limit: px(0.52) }),
      detail: "espn",
    },
  ],
  MODEL_UNCALIBRATED: [
    { world: driven({ calibrated: false }), detail: "never compared with outcomes" },
    { world: driven({ calibrated: false }), intent: resting({ limit: px(0.52) }), detail: "this cs2 match" },
  ],
  BOOK_UNTRUSTED: [
    { world: { book: book({ status: "empty" }) }, detail: "empty" },
    { world: { book: book({ status: "gapped" }) }, detail: "gapped" },
    { world: { book: book({ status: "stale" }) }, detail: "stale" },
    { world: { book: book({ status: "disconnected" }) }, detail: "disconnected" },
    {
      world: { book: book({ status: "synthetic" }) },
      config: { allow_synthetic_book: false },
      detail: "synthetic",
    },
  ],
  LOOP_STALLED: [
    {
      world: { stall: { ms: 812, until: (SECOND + 40_500_000) as Nanos } },
      detail: "812 ms; books count again in 41 ms",
    },
  ],
  BOOK_STALE: [{ world: { now: 121 * SECOND }, detail: "121000 ms" }],
  PRICE_BAND: [
    { config: { max_price: 0.45 }, detail: "0.01 to 0.45" },
    { config: { min_price: 0.55 }, detail: "0.55 to 0.99" },
  ],
  SPREAD_TOO_WIDE: [
    { world: { book: book({ bid0: 0.3 }) }, detail: "0.2" },
    { intent: resting(), world: { book: book({ bid0: 0.3 }) }, detail: "0.2" },
  ],
  SLIPPAGE: [
    { intent: intent({ limit: px(0.61) }), detail: "0.11 beyond the best price 0.5" },
    {
      intent: intent({ side: "sell", limit: px(0.3) }),
      world: { positions: holding },
      detail: "0.18 beyond the best price 0.48",
    },
    {
      intent: intent({ purpose: "hedge", outcome: 1, limit: px(0.63) }),
      world: { positions: holding },
      detail: "0.11 beyond the best price 0.52",
    },
  ],
  FILL_SLIPPAGE: [
    {
      name: "the average of the levels, not the first",
      intent: intent({ limit: px(0.55) }),
      world: { book: book({ walk: () => ({ shares: sh(10), cost: usd(5.2) }) }) },
      config: { max_fill_slippage_usdc: 0.01 },
      detail: "10 shares are $0.020000 a share worse than the best price 0.5, at most $0.01",
    },
  ],
  LIQUIDITY_TOO_THIN: [
    { intent: intent({ limit: px(0.49) }), detail: "$0 on offer" },
    { world: { book: book({ size: 1 }) }, detail: "$0.5 on offer" },
    {
      world: { book: book({ size: 20 }) },
      config: { max_depth_fraction: 0.25 },
      detail: "more than 5, the allowed part of 20",
    },
  ],
  INSUFFICIENT_BALANCE: [
    { world: { cash: 5 }, detail: "the order needs $5.2501" },
    {
      world: { cash: 15, orders: [order({ marketId: id("0xb"), size: sh(20) }, "UNKNOWN")] },
      detail: "$4.5 is free",
    },
    {
      name: "the dollars of a sale that is being retried are not lent",
      world: { cash: 15, retrying: [retried("sell", 20, 10.1)] },
      detail: "$4.9 is free",
    },
  ],
  INSUFFICIENT_SHARES: [
    { intent: sell(), detail: "0 shares are free" },
    { intent: sell({ purpose: "entry" }), detail: "0 shares are free" },
    { intent: sell(), world: { positions: holding, sellable: [9.99, 0] }, detail: "9.99 shares are free" },
    {
      intent: sell(),
      world: {
        positions: holding,
        orders: [order({ orderType: "GTC", side: "sell", size: sh(15), limit: px(0.6) })],
      },
      detail: "5 shares are free",
    },
  ],
  MAX_ORDER: [{ intent: intent({ size: sh(101) }), detail: "$50.5 is more than $50" }],
  MAX_MARKET: [
    {
      world: { positions: { [MARKET]: [held(300, 145), held(0, 0)] } },
      detail: "$145 now, $150.2501 in the worst case, the limit is $150",
    },
    {
      world: { positions: { [MARKET]: [held(9, 90), held(9, 50)] }, orders: [order({}, "UNKNOWN")] },
      config: { duplicate_window_ms: 0 },
      detail: "$145.25 now",
    },
    {
      name: "shares come back when a sale that is being retried fails",
      world: { retrying: [retried("sell", 300, 145)], retryingCost: 145 },
      detail: "$145 now",
    },
  ],
  MAX_MATCH: [
    {
      world: {
        positions: { "0xb": [held(300, 120), held(0, 0)], "0xc": [held(0, 0), held(300, 126)] },
        matchMarkets: [MARKET, "0xb", "0xc"],
      },
      detail: "$246 now",
    },
  ],
  MAX_TOURNAMENT: [
    {
      world: {
        positions: { "0xb": [held(300, 60), held(0, 0)], "0xc": [held(0, 0), held(300, 36)] },
        tournamentMarkets: [MARKET, "0xb", "0xc"],
      },
      config: { max_tournament_usdc: 100 },
      detail: "$96 now, $101.2501 in the worst case, the limit is $100",
    },
  ],
  STRATEGY_HALTED: [
    { world: { strategyHalted: "it ran away" }, detail: "it ran away" },
    { intent: sell(), world: { positions: holding, strategyHalted: "it ran away" }, detail: "it ran away" },
  ],
  CANCEL_BUDGET: [
    {
      name: "an entry that could not be cancelled together with the others",
      world: {
        capabilities: { orderTypes: ["FAK"], postOnly: true, cancelBurst: 4 },
        orders: [1, 2, 3].map((n) => order({ marketId: id(`0x${n}00`) })),
      },
      detail: "3 orders are open, and the venue takes 4 cancels at once",
    },
    {
      name: "an exit that rests",
      intent: resting({ side: "sell", purpose: "exit", limit: px(0.6) }),
      world: {
        positions: holding,
        capabilities: { orderTypes: ["GTC"], postOnly: true, cancelBurst: 2 },
        orders: [order({ marketId: id("0xb") })],
      },
      detail: "1 orders are open",
    },
  ],
  DRAWDOWN_SIZE: [
    {
      world: { scale: 0.099 },
      detail: "$5 is more than $4.95, 9.9 % of max_order_usdc in the present drawdown",
    },
    {
      world: { scale: 0.5, positions: { [MARKET]: [held(140, 70), held(0, 0)] } },
      detail: "$75.2501 in the worst case is more than $75, 50.0 % of max_market_usdc",
    },
    {
      world: {
        scale: 0.5,
        positions: { "0xb": [held(240, 120), held(0, 0)] },
        matchMarkets: [MARKET, "0xb"],
      },
      detail: "more than $125, 50.0 % of max_match_usdc",
    },
    {
      world: { scale: 0.5, positions: { "0xb": [held(900, 295, 900), held(0, 0)] } },
      detail: "more than $300, 50.0 % of max_account_usdc",
    },
    {
      world: {
        scale: 0.5,
        positions: { "0xb": [held(900, 248, 900), held(0, 0)] },
        tournamentMarkets: [MARKET, "0xb"],
      },
      config: { max_tournament_usdc: 500 },
      detail: "more than $250, 50.0 % of max_tournament_usdc",
    },
    {
      world: { scale: 0.5, positions: { "0xb": [held(900, 249, 0), held(0, 0)] } },
      detail: "50.0 % of max_unsettled_usdc",
    },
  ],
  MAX_ACCOUNT: [
    {
      world: {
        positions: { "0xb": [held(900, 300, 900), held(0, 0)], "0xc": [held(0, 0), held(900, 296, 900)] },
      },
      detail: "$596 now",
    },
  ],
  MAX_UNSETTLED: [
    {
      world: { positions: { "0xb": [held(900, 400, 90), held(0, 0)], "0xc": [held(90, 40, 0), held(0, 0)] } },
      detail: "$400 now",
    },
  ],
  MAX_DAILY_LOSS: [
    { world: { lost: 100 }, detail: "$100 lost today, the limit" },
    { world: { lost: 60, lostOpen: 40 }, detail: "$100 lost today, $40 of it by the bids" },
    {
      name: "a gain by bids pays for no loss",
      world: { lost: 100, lostOpen: -50 },
      detail: "$100 lost today",
    },
    { name: "a day that was stopped", world: { stopped: "it was $101 at noon" }, detail: "$101 at noon" },
  ],
  MAX_OPEN_ORDERS: [
    {
      world: { orders: Array.from({ length: 40 }, (_, i) => order({ marketId: id(`0x${i + 100}`) })) },
      detail: "40 orders",
    },
  ],
  MAX_MARKET_ORDERS: [
    {
      world: { orders: Array.from({ length: 12 }, () => order({ orderType: "GTC", limit: px(0.1) })) },
      detail: "12 orders",
    },
  ],
  MAX_LEG_IMBALANCE: [
    {
      world: { posture: "pair", positions: { [MARKET]: [held(110, 55), held(0, 0)] } },
      detail: "120 shares for $60.2501",
    },
    {
      intent: intent({ limit: px(0.2), size: sh(160) }),
      world: { posture: "pair", book: book({ bid0: 0.19, ask0: 0.2 }) },
      detail: "160 shares",
    },
    {
      name: "a FAK buys more where the book is better than its limit",
      intent: intent({ limit: px(0.25), size: sh(140) }),
      world: { posture: "pair", book: book({ bid0: 0.19, ask0: 0.2 }) },
      detail: "175 shares",
    },
    {
      intent: intent({ outcome: 1, side: "sell", limit: px(0.5), purpose: "exit", size: sh(130) }),
      world: { posture: "pair", positions: { [MARKET]: [held(130, 65), held(130, 60)] } },
      detail: "130 shares for $65",
    },
    {
      name: "a leg whose buy is being retried is none to rely on",
      intent: intent({ limit: px(0.5), size: sh(20) }),
      world: {
        posture: "pair",
        positions: { [MARKET]: [held(110, 55), held(110, 50)] },
        retrying: [retried("buy", 110, 50, 1)],
      },
      detail: "130 shares for $65.5001",
    },
    {
      name: "a leg whose sale is being retried may be there again",
      intent: intent({ limit: px(0.5), size: sh(20) }),
      world: {
        posture: "pair",
        positions: { [MARKET]: [held(0, 0), held(0, 0)] },
        retrying: [retried("sell", 110, 60)],
        retryingCost: 55,
      },
      detail: "130 shares for $65.5001",
    },
  ],
};

describe.each(Object.entries(CASES))("%s", (code, cases) => {
  it.each(cases.map((one) => [one.name ?? one.detail, one] as const))("%s", (_name, one) => {
    const verdict = gate(one.config).check(one.intent ?? intent(), view(one.world));
    expect(verdict).toMatchObject({ allow: false, code });
    expect(!verdict.allow && verdict.detail).toContain(one.detail);
  });
});

describe("the registry of denial codes", () => {
  it("has a check for every code, but for those that are no check's", () => {
    const checked = new Set(DEFAULT_CHECKS.map((check) => check.code));
    expect(checked.size).toBe(DEFAULT_CHECKS.length);
    const others = Object.keys(DENIAL_CODES).filter((code) => !checked.has(code));
    expect(others).toEqual(["STRATEGY_FAULT", "NO_ORDER_TYPE", "MARKET_NOT_FINAL", "ORDER_RATE", "RUNAWAY"]);
  });

  it("explains every code in full sentences", () => {
    for (const info of Object.values(DENIAL_CODES)) {
      expect(info.summary).toMatch(/^[A-Z].*\.$/s);
      expect(info.clears).toMatch(/^[A-Z].*\.$/s);
    }
  });

  it("reaches MARKET_NOT_FINAL by a redemption that comes too early", () => {
    const denied = new MarketTrading(MARKET).allows("redeem", undefined, {
      finalizingAllowReduce: true,
      haltAllowReduce: true,
    });
    expect(denied).toEqual({ denied: "MARKET_NOT_FINAL" });
  });
});

describe("ORDER_RATE", () => {
  it("counts what passed within the last minute, and leaves some for exits", () => {
    const limited = gate({ max_orders_per_minute: 2, exit_orders_per_minute: 1, duplicate_window_ms: 0 });
    const at = (seconds: number, one = intent()) =>
      limited.check(
        one,
        view({
          now: seconds * SECOND,
          positions: holding,
          book: book({ updatedAt: (seconds * SECOND) as Nanos }),
        }),
      );
    expect(at(1).allow).toBe(true);
    expect(at(2, intent({ size: sh(1) })).allow).toBe(false); // denied: does not count
    expect(at(31).allow).toBe(true);
    expect(at(60)).toMatchObject({ code: "ORDER_RATE" });
    expect(at(60, sell()).allow).toBe(true);
    expect(at(60, sell())).toMatchObject({ code: "ORDER_RATE" });
    expect(at(61)).toMatchObject({ code: "ORDER_RATE" });
    expect(at(91).allow).toBe(true);
  });

  it("is kept per market", () => {
    const limited = gate({ max_orders_per_minute: 1 });
    const there = { marketId: id<MarketId>("0xb") };
    expect(limited.check(intent(), view()).allow).toBe(true);
    expect(limited.check(intent({ ...there, intentId: id("me-2") }), view({ market: there })).allow).toBe(
      true,
    );
    expect(limited.check(intent({ intentId: id("me-3") }), view())).toMatchObject({ code: "ORDER_RATE" });
  });
});

describe("what passes", () => {
  const passes = (one: Intent, world: World = {}, overrides: Readonly<Record<string, unknown>> = {}) =>
    expect(gate(overrides).check(one, view(world))).toEqual({ allow: true });

  it("an ordinary entry of each order type", () => {
    passes(intent());
    passes(intent({ orderType: "FOK" }));
    passes(resting());
    passes(resting({ orderType: "GTD", expiresAt: (2 * SECOND) as Nanos }));
    passes(resting({ postOnly: true, limit: px(0.49) }));
    passes(resting({ postOnly: true, side: "sell", limit: px(0.49) }), { positions: holding });
    passes(resting({ postOnly: true, side: "sell", limit: px(0.49) }), {
      positions: holding,
      book: book({ bid0: 0 }),
    });
  });

  it("exits skip what only concerns new risk", () => {
    passes(sell({ limit: px(0.01) }), {
      positions: holding,
      lost: 500,
      cash: 0,
      now: 500 * SECOND,
      book: book({ bid0: 0.2, status: "gapped" }),
      truthDriven: true,
      truth: truth({ stale: true, status: "disputed" }),
      openChain: true,
      orders: Array.from({ length: 50 }, (_, i) =>
        order({ orderType: "GTC", outcome: 1, limit: px(0.1), size: sh(i + 5) }),
      ),
    });
  });

  it("exits of a halted or finalizing market where configuration lets them", () => {
    const halted: World = { positions: holding, trading: [owned(), { kind: "halt", cause: "gapped_book" }] };
    passes(sell(), halted, { halt: { allow_reduce: true } });
    const decided: World = { positions: holding, trading: [owned(), { kind: "own_truth", status: "final" }] };
    passes(sell(), decided, { finalizing: { allow_reduce: true } });
  });

  it("a hedge that completes a pair, and one that leaves less than it found", () => {
    const world: World = { posture: "pair", positions: { [MARKET]: [held(100, 50), held(0, 0)] } };
    const hedge = (size: number) => intent({ purpose: "hedge", outcome: 1, limit: px(0.52), size: sh(size) });
    passes(hedge(90), { ...world, lost: 500 });
    passes(hedge(5), { ...world, positions: { [MARKET]: [held(3, 1), held(0, 0)] } });
    passes(hedge(40), { ...world, positions: {}, orders: [order({ size: sh(40) })] });
  });

  it("both legs of a pair, each within the imbalance by itself", () => {
    const world: World = { posture: "pair", orders: [order({ size: sh(90), limit: px(0.5) })] };
    passes(intent({ outcome: 1, limit: px(0.52), size: sh(90) }), world);
  });

  it("the other leg of a pair whose first leg is over the imbalance", () => {
    const world: World = { posture: "pair", positions: { [MARKET]: [held(180, 90), held(0, 0)] } };
    passes(intent({ purpose: "hedge", outcome: 1, limit: px(0.52), size: sh(80) }), world);
  });

  it("post-only orders while the venue takes only those", () => {
    passes(resting({ postOnly: true, limit: px(0.49) }), { venueMode: "POST_ONLY" });
  });

  it("resting orders below a dollar, and in a wide or thin book", () => {
    passes(resting({ limit: px(0.1), size: sh(9) }), { book: book({ bid0: 0.3, ask0: 0.6, size: 0 }) });
  });

  it("taking from a synthetic book, whose sizes nobody knows", () => {
    passes(intent(), { book: book({ status: "synthetic", size: 1 }) }, { max_depth_fraction: 0.1 });
  });

  it("an order that could still be cancelled with all others, and an exit that dies at once whatever is open", () => {
    const open = (n: number): World => ({
      capabilities: { orderTypes: ["FAK", "GTC"], postOnly: true, cancelBurst: 4 },
      orders: Array.from({ length: n }, (_, i) =>
        order({ intentId: id(`old-${i}`), marketId: id(`0x${i}`) }),
      ),
      positions: holding,
    });
    passes(intent(), open(2));
    passes(sell(), open(9));
    passes(intent(), { orders: open(30).orders! });
  });

  it("entries that a drawdown leaves room for, to the micro-dollar, and exits and hedges whatever it leaves", () => {
    passes(intent(), { scale: 0.1051 });
    expect(gate().check(intent(), view({ scale: 0.1 })).allow).toBe(true);
    passes(sell(), { scale: 0, positions: holding });
    passes(sell({ purpose: "entry" }), { scale: 0, positions: holding });
    passes(intent({ purpose: "hedge", outcome: 1, limit: px(0.52) }), { scale: 0, positions: holding });
    passes(intent(), { scale: 1, positions: { [MARKET]: [held(280, 140), held(0, 0)] } });
  });

  it("an entry on a day that has lost less than the limit, with what bids have lost", () => {
    passes(intent(), { lost: 59.999999, lostOpen: 40 });
    passes(intent(), { lost: -30, lostOpen: 129 });
  });

  it("an entry of a tournament without a limit of its own, and one at the limit exactly", () => {
    const world: World = {
      positions: { "0xb": [held(600, 300), held(0, 0)] },
      tournamentMarkets: [MARKET, "0xb"],
    };
    passes(intent(), world);
    const free = { ...view({ ...world, positions: { "0xb": [held(10, 5), held(0, 0)] } }), fee: NO_FEE };
    expect(gate({ max_tournament_usdc: 10 }).check(intent(), free)).toEqual({ allow: true });
    expect(gate({ max_tournament_usdc: 9.99 }).check(intent(), free)).toMatchObject({
      code: "MAX_TOURNAMENT",
    });
    passes(sell(), { ...world, positions: { ...world.positions, ...holding } }, { max_tournament_usdc: 1 });
  });

  it("an order at every limit exactly", () => {
    passes(intent({ size: sh(100) }), {}, { max_order_usdc: 50 });
    const exact = gate({ max_market_usdc: 10 });
    const free = { ...view({ positions: { [MARKET]: [held(10, 5), held(0, 0)] } }), fee: NO_FEE };
    expect(exact.check(intent(), free)).toEqual({ allow: true });
    expect(gate({ max_market_usdc: 9.99 }).check(intent(), free)).toMatchObject({ code: "MAX_MARKET" });
  });

  it("what lies exactly on a bound: price, spread, age of the book, age of the same order", () => {
    passes(resting({ limit: px(0.01), size: sh(100) }));
    passes(sell({ limit: px(0.99) }), { positions: holding });
    passes(intent(), { book: book({ bid0: 0.35 }) });
    passes(intent(), { now: 120 * SECOND });
    passes(intent({ spend: usd(5) }));
    passes(intent(), { now: 5 * SECOND, orders: [order()] });
  });

  it("opposite orders that can never meet: neither rests, or the sum is short of a dollar", () => {
    passes(intent(), { orders: [order({ outcome: 1, limit: px(0.5) })] });
    passes(intent(), { orders: [order({ orderType: "GTC", outcome: 1, limit: px(0.49) })] });
    passes(intent(), {
      market: { mirrored: false },
      orders: [order({ orderType: "GTC", outcome: 1, limit: px(0.6) })],
    });
  });

  it("the same order again once the first is old, or another that differs", () => {
    passes(intent(), { now: 6 * SECOND, orders: [order()] });
    passes(intent({ size: sh(11) }), { orders: [order()] });
  });

  it("entries of strategies that do not rest on truth, whatever truth says", () => {
    passes(intent(), { truth: undefined, unproven: true });
    passes(intent(), { truth: truth({ stale: true }) });
  });

  it("an entry on one game while another is disputed", () => {
    const disputed = { ...verdict({ status: "disputed" }), game: 2, progress: {} };
    passes(intent(), {
      truthDriven: true,
      market: { subject: { kind: "game", matchId: id("m"), game: 1, teamOf: [0, 1] } },
      truth: truth({ games: [disputed] }),
      own: verdict(),
    });
  });
});

describe("RiskGate", () => {
  it("runs its checks in order and stops at the first that denies", () => {
    const asked: string[] = [];
    const check = (code: string, deny: boolean) => ({
      code,
      check: () => {
        asked.push(code);
        return deny ? "no" : undefined;
      },
    });
    const custom = new RiskGate(config(), [check("A", false), check("B", true), check("C", true)]);
    expect(custom.check(intent(), view())).toEqual({ allow: false, code: "B", detail: "no" });
    expect(asked).toEqual(["A", "B"]);
  });

  it("asks a check only about the purposes that it names", () => {
    const custom = new RiskGate(config(), [{ code: "MINE", purposes: ["entry"], check: () => "no" }]);
    expect(custom.check(intent(), view())).toMatchObject({ code: "MINE" });
    expect(custom.check(sell(), view()).allow).toBe(true);
  });

  it("looks at the intent alone first and adds up last", () => {
    const order = DEFAULT_CHECKS.map((check) => check.code);
    expect(order[0]).toBe("INTENT_INVALID");
    expect(order.indexOf("OFF_GRID")).toBeLessThan(order.indexOf("BOOK_UNTRUSTED"));
    expect(order.slice(-4)).toEqual(["MAX_MARKET", "MAX_MATCH", "MAX_ACCOUNT", "MAX_UNSETTLED"]);
  });
});
