import { id, type OrderId } from "@matchpoint/sdk";
import { describe, expect, it } from "vitest";
import { AccountTokens, createAccountRest } from "../../src/index.ts";
import { market } from "../support/markets.ts";
import { ADDRESS, FEE, IDENTITY, MARKET, NO, ORDER, orderFrame, tradeFrame } from "./frames.ts";

const rest = createAccountRest(IDENTITY, new AccountTokens([market({ fee: FEE })]));

/** An order as REST lists it. */
function listed(changes: Record<string, unknown> = {}) {
  return orderFrame({
    event_type: undefined,
    type: undefined,
    timestamp: undefined,
    created_at: 1_790_000_000,
    ...changes,
  });
}

describe("GET /data/orders", () => {
  it("lists what rests, tells what it cannot read, and where it goes on", () => {
    const page = rest.openOrders({
      data: [
        listed({ size_matched: "25", expiration: null }),
        listed({ asset_id: NO, side: "SELL", price: "0.4", status: "ORDER_STATUS_LIVE", id: "0x2" }),
        listed({ status: "CANCELED" }),
        listed({ price: "two" }),
        listed({ asset_id: "55" }),
        null,
      ],
      next_cursor: "MTAw",
    });
    expect(page.items).toEqual([
      {
        orderId: ORDER,
        marketId: MARKET,
        outcome: 0,
        side: "buy",
        price: 5_000,
        size: 100_000_000,
        matched: 25_000_000,
      },
      {
        orderId: "0x2",
        marketId: MARKET,
        outcome: 1,
        side: "sell",
        price: 4_000,
        size: 100_000_000,
        matched: 0,
      },
    ]);
    expect(page.refused).toHaveLength(3);
    expect(page.next).toBe("MTAw");
  });

  it.each([["LTE="], [""], [null], [undefined]])("ends with the cursor %o", (next_cursor) => {
    expect(rest.openOrders({ data: [], next_cursor })).toEqual({ items: [], refused: [], next: undefined });
  });

  it.each([[null], ["<html>"], [{}], [{ data: "no" }]])("refuses %o whole", (answer) => {
    expect(() => rest.openOrders(answer)).toThrow(/the answer of \/data\/orders cannot be used/);
  });
});

describe("GET /data/trades", () => {
  it("lists our parts as the user channel reports them", () => {
    const page = rest.trades({
      data: [tradeFrame({ status: "TRADE_STATUS_CONFIRMED" }), { id: 1 }],
      next_cursor: "LTE=",
    });
    expect(page.items).toMatchObject([{ tradeId: "t-1", orderId: ORDER, status: "CONFIRMED", fee: 312_500 }]);
    expect(page.refused).toEqual([expect.stringContaining("trade: ")]);
    expect(page.next).toBeUndefined();
  });
});

describe("GET /data/order/{id}", () => {
  const orderId = id<OrderId>(ORDER);
  it.each([
    ["LIVE", "LIVE"],
    ["MATCHED", "LIVE"], // not whole, and it can rest
    ["CANCELED", "CANCELED"],
    ["CANCELED_MARKET_RESOLVED", "CANCELED"],
    ["INVALID", "INVALID"],
    ["DELAYED", "DELAYED"],
  ])("%s is evidence for %s", (status, state) => {
    const evidence = rest.order(listed({ status, size_matched: "25" }), orderId);
    expect(evidence).toEqual({ kind: "found", status: state, matched: 25_000_000 });
  });

  it.each([[null], [""], [undefined]])("%o is an absence", (answer) => {
    expect(rest.order(answer, orderId)).toEqual({ kind: "absent" });
  });

  it.each([[listed({ id: "0x9" })], [{}], [[]], [listed({ status: "MATCHED", size_matched: "" })]])(
    "%# proves nothing",
    (answer) => {
      expect(rest.order(answer, orderId).kind).toBe("unknown");
    },
  );
});

describe("GET /balance-allowance", () => {
  it("counts millionths, and allowances beyond every number", () => {
    const most = (2n ** 256n - 1n).toString();
    const { balance, allowances } = rest.balance({ balance: "1000000", allowances: { [ADDRESS]: most } });
    expect(balance).toBe(1_000_000);
    expect(allowances.get(ADDRESS.toLowerCase())).toBe(2n ** 256n - 1n);
  });

  it("knows the older shape", () => {
    expect(rest.balance({ balance: "5", allowance: "7" }).allowances.get("")).toBe(7n);
  });

  it.each([
    [{ balance: "250.500000" }], // dollars, or millionths? nobody may guess
    [{ balance: 5 }],
    [{ balance: "-1" }],
    [{ balance: "1e6" }],
    [{ balance: "9007199254740993" }],
    [{ balance: "1", allowances: { spender: "1" } }],
    [null],
  ])("refuses %o", (answer) => {
    expect(() => rest.balance(answer)).toThrow(/balance-allowance cannot be used/);
  });
});
