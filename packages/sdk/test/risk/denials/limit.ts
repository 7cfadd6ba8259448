import { id } from "../../../src/ids.ts";
import { book, held, intent, MARKET, order, px, resting, sh } from "../support.ts";
import { sell, retried, holding, type Cases } from "./cases.ts";

export const LIMIT_CASES = {
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
} satisfies Cases<"limit">;
