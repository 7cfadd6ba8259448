import { describe, expect, it } from "vitest";
import { placeAnswer, rejectionOf, REJECTIONS } from "../../src/index.ts";
import { answer, ORDER, taken } from "./answers.ts";

describe("the venue's refusals", () => {
  it.each(REJECTIONS)("$name is told by its text, by no row before it", (row) => {
    const found = rejectionOf(row.example);
    expect(found).toMatchObject({
      name: row.name,
      code: row.code,
      retryable: row.retryable,
      remedy: row.remedy,
    });
    expect(rejectionOf(row.example.toUpperCase()).name).toBe(row.name);
    expect(rejectionOf(`prefix: ${row.example}`).name).toBe(row.name);
  });

  it("have names of their own", () => {
    expect(new Set(REJECTIONS.map((row) => row.name)).size).toBe(REJECTIONS.length);
  });

  it.each(REJECTIONS)("$name means the same with status 400 and beside success:true", (row) => {
    const kinds = { refused: "rejected", no_fill: "no_fill", open: "unknown" } as const;
    const expected = row.code === "DUPLICATE" ? "rejected" : kinds[row.proves];
    expect(placeAnswer(answer(400, { error: row.example }), ORDER).kind).toBe(expected);
    const beside = taken({ orderID: "", status: "", errorMsg: row.example });
    expect(placeAnswer(answer(200, beside), ORDER).kind).toBe(expected);
  });

  it.each(REJECTIONS)(
    "$name proves nothing with status 500, and with 503 only as a mode of the venue",
    (row) => {
      expect(placeAnswer(answer(500, { error: row.example }), ORDER).kind).toBe("unknown");
      const expected = row.mode === undefined ? "unknown" : "rejected";
      expect(placeAnswer(answer(503, { error: row.example }), ORDER).kind).toBe(expected);
    },
  );

  it.each([
    [
      "not enough balance / allowance: the balance is not enough -> balance: 8860000, order amount: 8770000",
      { balance: "8860000", amount: "8770000" },
    ],
    [
      "not enough balance / allowance: the balance is not enough -> balance: 45967864, sum of active orders: 26800000, sum of matched orders: 3, order amount (inc. fees): 21550000",
      { balance: "45967864", active: "26800000", matched: "3", amount: "21550000" },
    ],
    [
      "not enough balance / allowance: the allowance is not enough -> spender: 0xE111, allowance: 0",
      { spender: "0xE111", allowance: "0" },
    ],
    [
      "not enough balance / allowance: the allowance is not enough -> spender: 0xE111, allowance: 0, sum of matched orders: 5, order amount (inc. fees): 7",
      { spender: "0xE111", allowance: "0", matched: "5", amount: "7" },
    ],
    ["not enough balance / allowance", {}],
    [
      "order 0xab is invalid. Price (0.505) breaks minimum tick size rule: 0.01",
      { price: "0.505", tick: "0.01" },
    ],
    ["order 0xab is invalid. Size (4) lower than the minimum: 5", { size: "4", min: "5" }],
    ["invalid amount for a marketable BUY order ($0.94), min size: $1", { value: "0.94", min: "1" }],
    [
      "invalid amounts, the buy orders maker amount supports a max accuracy of 5 decimals, taker amount a max of 2 decimals",
      { maker: "5", taker: "2" },
    ],
    ["Too many orders in payload: 16, max allowed: 15", { count: "16", max: "15" }],
  ])("state figures: %s", (text, figures) => {
    expect(rejectionOf(text).figures).toEqual(figures);
  });

  it("of unknown words are no reason to try again, and are kept short", () => {
    expect(rejectionOf("x".repeat(5_000_000))).toMatchObject({
      name: "UNRECOGNIZED",
      retryable: false,
      detail: "x".repeat(300),
    });
  });

  it("take no time, whatever the text", () => {
    const nasty = ["invalid amounts, ".repeat(20), "post-only ".repeat(40), "Price (".repeat(50)];
    for (const text of nasty) expect(rejectionOf(text).detail.length).toBeLessThanOrEqual(300);
  });
});
