import {
  MarketBook,
  type BookSnapshot,
  type BookView,
  type Intent,
  type Price,
  type Shares,
  type Usdc,
} from "@matchpoint/sdk";
import { describe, expect, it } from "vitest";
import { chooseOrder, EXCHANGES, lastLook, ORDER_CHOICES, type OrderWish } from "../../src/index.ts";
import { market } from "../support/markets.ts";
import { at, intent } from "./fakeClob.ts";

/** Asks of 10 shares at 0.50, 10 at 0.55; a bid of 10 at 0.45. */
function book(): BookView {
  const made = new MarketBook(market());
  const snapshot: BookSnapshot = {
    type: "book_snapshot",
    marketId: market().marketId,
    outcome: 0,
    levels: [0, 4_500, 10_000_000, 1, 5_000, 10_000_000, 1, 5_500, 10_000_000],
    synthetic: false,
    at: at(1),
    receivedAt: 0 as never,
  };
  made.apply(snapshot);
  return made;
}

const LIMITS = { maxTimeInBookMs: 5_000 };
const wish = (changes: Partial<OrderWish>): OrderWish => ({
  purpose: "entry",
  outcome: 0,
  side: "buy",
  limit: 5_500 as Price,
  amount: { shares: 15_000_000 as Shares },
  ...changes,
});

describe("the order type", () => {
  const rows: readonly [string, Partial<OrderWish>, object][] = [
    [
      "an exit takes what is there",
      { purpose: "exit", side: "sell", limit: 4_500 as Price },
      { orderType: "FAK" },
    ],
    [
      "an exit at a price that nobody pays",
      { purpose: "exit", side: "sell", limit: 4_600 as Price },
      { kind: "none" },
    ],
    ["all or nothing, all there", { urgency: "all" }, { orderType: "FOK" }],
    ["all or nothing, a part there", { urgency: "all", limit: 5_000 as Price }, { kind: "none" }],
    ["a hedge gets exact shares", { purpose: "hedge" }, { orderType: "GTC", maxTimeInBookMs: 5_000 }],
    ["dollars to spend now", { urgency: "now", amount: { usdc: 5_000_000 as Usdc } }, { orderType: "FAK" }],
    ["an entry waits", { limit: 4_000 as Price }, { orderType: "GTC", postOnly: false }],
    ["an entry for ten minutes", { limit: 4_000 as Price, standMs: 600_000 }, { orderType: "GTD" }],
    ["an entry for a minute", { standMs: 60_000 }, { orderType: "GTC", maxTimeInBookMs: 60_000 }],
    [
      "a maker below the ask",
      { urgency: "maker", limit: 4_900 as Price },
      { orderType: "GTC", postOnly: true },
    ],
    ["a maker at the ask", { urgency: "maker", limit: 5_000 as Price }, { kind: "none" }],
    [
      "a maker for ten minutes",
      { urgency: "maker", limit: 4_900 as Price, standMs: 600_000 },
      { orderType: "GTD", postOnly: true },
    ],
  ];
  it.each(rows)("%s", (_name, changes, expected) => {
    expect(chooseOrder(wish(changes), book(), LIMITS)).toMatchObject(expected);
  });

  it("keeps a brief order in the book for three to ten seconds", () => {
    for (const [asked, given] of [
      [0, 3_000],
      [4_000, 4_000],
      [99_000, 10_000],
    ] as const)
      expect(chooseOrder(wish({ purpose: "hedge" }), book(), { maxTimeInBookMs: asked })).toMatchObject({
        maxTimeInBookMs: given,
      });
  });

  it("looks at the price of the whole size, not at the top", () => {
    const guarded = { ...LIMITS, maxSlippage: 150 as Price };
    expect(
      chooseOrder(wish({ urgency: "now", amount: { shares: 10_000_000 as Shares } }), book(), guarded),
    ).toMatchObject({ orderType: "FAK" });
    expect(chooseOrder(wish({ urgency: "now" }), book(), guarded)).toMatchObject({ kind: "none" });
  });

  it("has a row for every urgency and depth", () => {
    for (const urgency of ["now", "all", "soon", "patient", "maker"] as const)
      for (const depth of ["none", "part", "full"] as const)
        expect(
          ORDER_CHOICES.some(
            (row) => row.urgency === urgency && (row.depth === "any" || row.depth === depth),
          ),
        ).toBe(true);
  });
});

describe("the last look", () => {
  const traded = { market: market(), tick: 100 as Price, exchange: EXCHANGES[137].v1.standard };
  const look = (wanted: Intent, changes = {}) =>
    lastLook(wanted, { market: traded, resting: [], book: book(), ...changes });

  it.each([
    [
      "a market that takes no orders",
      intent(),
      { market: { ...traded, market: market({ acceptingOrders: false }) } },
      "MARKET_CLOSED",
    ],
    ["another tick", intent({ limit: 4_950 as Price }), {}, "TICK"],
    [
      "post-only that would cross",
      intent({ postOnly: true, limit: 5_000 as Price }),
      {},
      "POST_ONLY_CROSSES",
    ],
    [
      "a marketable buy below $1",
      intent({ limit: 5_500 as Price, size: 1_000_000 as Shares }),
      {},
      "MIN_SIZE",
    ],
    [
      "a FOK that finds too little",
      intent({ orderType: "FOK", side: "sell", limit: 4_500 as Price }),
      {},
      "FOK_NOT_FILLED",
    ],
    ["a size that slips", intent({ limit: 5_500 as Price }), { maxSlippage: 200 as Price }, "OTHER"],
  ] as const)("refuses %s", (_name, wanted, changes, code) => {
    expect(look(wanted, changes)).toMatchObject({ code });
  });

  it("lets pass what is sound, and looks at no book that is not live", () => {
    expect(look(intent({ limit: 5_500 as Price }), { maxSlippage: 300 as Price })).toBeUndefined();
    const empty = new MarketBook(market());
    expect(look(intent({ postOnly: true, limit: 5_000 as Price }), { book: empty })).toBeUndefined();
  });
});
