import { describe, expect, it } from "vitest";
import { LONGEST_REASON, type Intent } from "../../src/events/index.ts";
import { id } from "../../src/ids.ts";
import { intentInvalid } from "../../src/risk/checks/form.ts";
import { duplicateIntent, purposeMismatch, selfCross } from "../../src/risk/checks/own.ts";
import { type Price, type Shares, type Usdc } from "../../src/units/index.ts";
import { held, intent, MARKET, order, px, resting, sh, usd, type World } from "./support.ts";
import { ask } from "./asking.ts";

describe("the same order", () => {
  const open = (over: Partial<Intent>): World => ({ orders: [order(over)] });
  it("is one that has every field in common", () => {
    expect(ask(duplicateIntent, intent(), open({}))).toBe("the same as old-1, LIVE since 1000 ms");
  });
  it.each<[string, Partial<Intent>]>([
    ["strategy", { strategyId: id("you") }],
    ["outcome", { outcome: 1 }],
    ["side", { side: "sell" }],
    ["type", { orderType: "FOK" }],
    ["limit", { limit: px(0.49) }],
    ["size", { size: sh(11) }],
  ])("is not one of another %s", (_, over) => {
    expect(ask(duplicateIntent, intent(), open(over))).toBeUndefined();
  });
});

describe("orders of ours that could meet", () => {
  // One book: a buy of the other outcome at 1 - p is a sale of this one at p.
  it.each<[string, boolean, Partial<Intent>, Partial<Intent>]>([
    ["a buy at the price of a sale", true, { limit: px(0.5) }, { side: "sell", limit: px(0.5) }],
    ["a buy above a sale", true, { limit: px(0.51) }, { side: "sell", limit: px(0.5) }],
    ["a buy below a sale", false, { limit: px(0.49) }, { side: "sell", limit: px(0.5) }],
    ["a sale at the price of a buy", true, { side: "sell", limit: px(0.5) }, { limit: px(0.5) }],
    ["a sale below a buy", true, { side: "sell", limit: px(0.49) }, { limit: px(0.5) }],
    ["a sale above a buy", false, { side: "sell", limit: px(0.51) }, { limit: px(0.5) }],
    ["two buys of one outcome", false, { limit: px(0.5) }, { limit: px(0.5) }],
    ["buys of both outcomes for a dollar", true, { limit: px(0.5) }, { outcome: 1, limit: px(0.5) }],
    ["for less than that", false, { limit: px(0.5) }, { outcome: 1, limit: px(0.49) }],
    [
      "sales of both for a dollar",
      true,
      { side: "sell", limit: px(0.5) },
      { side: "sell", outcome: 1, limit: px(0.5) },
    ],
    [
      "for more than that",
      false,
      { side: "sell", limit: px(0.5) },
      { side: "sell", outcome: 1, limit: px(0.51) },
    ],
    [
      "a buy and a sale of two outcomes",
      false,
      { limit: px(0.5) },
      { side: "sell", outcome: 1, limit: px(0.5) },
    ],
  ])("%s: %s", (_, meet, mine, other) => {
    const open: World = { orders: [order({ orderType: "GTC", ...other })] };
    expect(ask(selfCross, resting(mine), open) !== undefined).toBe(meet);
    // Where only one of the two rests, they meet as well; where neither does, never.
    expect(ask(selfCross, intent(mine), open) !== undefined).toBe(meet);
    expect(ask(selfCross, intent(mine), { orders: [order({ orderType: "FOK", ...other })] })).toBeUndefined();
  });
});

describe("a hedge shrinks what is held without a counterpart", () => {
  const long = (first: number, second: number): World => ({
    positions: { [MARKET]: [held(first, first / 2), held(second, second / 2)] },
  });
  const hedge = (over: Partial<Intent>): Intent => resting({ purpose: "hedge", ...over });

  it.each<[Partial<Intent>, World, string | undefined]>([
    [{ outcome: 1, size: sh(39.99) }, long(20, 0), undefined],
    [{ outcome: 1, size: sh(40) }, long(20, 0), "buying 40 shares does not shrink a residual of 20"],
    [{ outcome: 0, size: sh(5) }, long(20, 0), "buying 5 shares does not shrink a residual of 0"],
    [{ side: "sell", outcome: 0, size: sh(39.99) }, long(20, 0), undefined],
    [
      { side: "sell", outcome: 0, size: sh(40) },
      long(20, 0),
      "selling 40 shares does not shrink a residual of 20",
    ],
    [{ side: "sell", outcome: 1, size: sh(5) }, long(20, 30), undefined],
    [
      { side: "sell", outcome: 0, size: sh(5) },
      long(20, 30),
      "selling 5 shares does not shrink a residual of 0",
    ],
  ])("%j", (over, world, words) => {
    expect(ask(purposeMismatch, hedge(over), world)).toBe(words);
  });

  it("counts what open sales will have taken from either leg", () => {
    const selling = (outcome: 0 | 1, size: number) => ({
      ...long(20, 10),
      orders: [order({ orderType: "GTC", side: "sell", outcome, limit: px(0.9), size: sh(size) })],
    });
    // 20 and 10, of which 8 of the longer leg are being sold: 2 are missing of the shorter one.
    expect(ask(purposeMismatch, hedge({ outcome: 1, size: sh(3.99) }), selling(0, 8))).toBeUndefined();
    expect(ask(purposeMismatch, hedge({ outcome: 1, size: sh(4) }), selling(0, 8))).toMatch(/residual of 2$/);
    // Or 8 of the shorter one: 18 are.
    expect(ask(purposeMismatch, hedge({ outcome: 1, size: sh(35.99) }), selling(1, 8))).toBeUndefined();
    expect(ask(purposeMismatch, hedge({ outcome: 1, size: sh(36) }), selling(1, 8))).toMatch(
      /residual of 18$/,
    );
  });
});

describe("what is no order, and why", () => {
  it.each<[string, object]>([
    ["side true is neither buy nor sell", { side: true }],
    ["side 5 is neither buy nor sell", { side: 5 }],
    ["side object is neither buy nor sell", { side: { toString: () => "buy" } }],
    ["side undefined is neither buy nor sell", { side: undefined }],
    ["reason undefined is no text of at most 300 characters", { reason: undefined }],
    ["reason 5 is no text of at most 300 characters", { reason: 5 }],
    ['reason "xxxxxxxxxxxxxxxxxxxx" is no text of at most 300 characters', { reason: "x".repeat(301) }],
    ["a FAK buy needs a whole spend", { spend: -10_000 }],
    ["a FAK buy needs a whole spend", { spend: 0.5 }],
    ["a GTD order needs expiresAt", { orderType: "GTD", spend: undefined, expiresAt: NaN }],
    ["a GTD order needs expiresAt", { orderType: "GTD", spend: undefined, expiresAt: 5e9 + 0.5 }],
    ["spend $1 is more than size * limit", { limit: 0, spend: usd(1) }],
    ["spend $10.01 is more than size * limit", { limit: 10_000, spend: usd(10.01) }],
  ])("%s", (words, over) => {
    expect(ask(intentInvalid, { ...intent(), ...over })).toBe(words);
  });

  it("a reason may be as long as it may be", () => {
    expect(ask(intentInvalid, intent({ reason: "x".repeat(LONGEST_REASON) }))).toBeUndefined();
  });

  it("dollars of a limit that is no price are left to the check of prices", () => {
    expect(ask(intentInvalid, { ...intent(), limit: 10_001 as Price, spend: usd(99) })).toBeUndefined();
    expect(ask(intentInvalid, { ...intent(), limit: -1 as Price, spend: usd(99) })).toBeUndefined();
    // Rounded up, a micro-dollar more than the exact product is still the order's own.
    const fine = { ...intent(), size: 100 as Shares, limit: 3_333 as Price };
    expect(ask(intentInvalid, { ...fine, spend: 34 as Usdc })).toBeUndefined();
    expect(ask(intentInvalid, { ...fine, spend: 35 as Usdc })).toBeDefined();
  });
});
