import { describe, expect, test } from "vitest";
import { ALICE, BOB, Desk, listings, START, type OrderParts } from "./support.ts";

const seconds = START / 1_000;

describe("what is refused, in the venue's words", () => {
  test.each<[string, OrderParts, string]>([
    [
      "a price between the ticks",
      { price: 0.505, size: 10, amounts: [5_050_000, 10_000_000] },
      "is invalid. Price (0.505) breaks minimum tick size rule: 0.01",
    ],
    [
      "a price of a dollar",
      { price: 1, size: 10 },
      "is invalid. Price (1) breaks minimum tick size rule: 0.01",
    ],
    ["too small", { price: 0.5, size: 4 }, "is invalid. Size (4) lower than the minimum: 5"],
    [
      "shares finer than cents",
      { price: 0.5, size: 10, amounts: [5_000_500, 10_001_000] },
      "invalid amounts, the buy orders maker amount supports a max accuracy of 4 decimals, taker amount a max of 2 decimals",
    ],
    [
      "a sale finer than cents",
      { side: "SELL", price: 0.5, size: 10, amounts: [10_001_000, 5_000_500] },
      "invalid amounts, the sell orders maker amount supports a max accuracy of 2 decimals, taker amount a max of 4 decimals",
    ],
    [
      "a market buy of fractions of a cent",
      { type: "FAK", price: 0.47, size: 21.28 },
      "invalid amounts, the market buy orders maker amount supports a max accuracy of 2 decimals, taker amount a max of 4 decimals",
    ],
    [
      "a market sale finer than cents",
      { type: "FOK", side: "SELL", price: 0.5, size: 10, amounts: [10_001_000, 5_000_500] },
      "invalid amounts, the sell orders maker amount supports a max accuracy of 2 decimals, taker amount a max of 4 decimals",
    ],
    [
      "nothing",
      { price: 0.5, size: 0 },
      "invalid amounts, maker and taker amounts have to be greater than 0",
    ],
    [
      "more than can be counted",
      { price: 0.5, size: 1, amounts: ["99999999999999999999", "1000000"] },
      "Invalid order payload",
    ],
    ["GTD too near", { type: "GTD", price: 0.5, size: 10, expiration: seconds + 179 }, "invalid expiration"],
    ["GTC with an end", { price: 0.5, size: 10, expiration: seconds + 600 }, "invalid expiration"],
    [
      "more than there is",
      { price: 0.5, size: 4_000 },
      "not enough balance / allowance: the balance is not enough -> balance: 1000000000, order amount: 2050000000",
    ],
    [
      "shares that there are none of",
      { side: "SELL", price: 0.5, size: 10 },
      "not enough balance / allowance: the balance is not enough -> balance: 0, order amount: 10000000",
    ],
    [
      "FAK without anybody",
      { type: "FAK", price: 0.5, size: 10 },
      "no orders found to match with FAK order. FAK orders are partially filled or killed if no match is found.",
    ],
    [
      "FOK without anybody",
      { type: "FOK", price: 0.5, size: 10 },
      "order couldn't be fully filled. FOK orders are fully filled or killed.",
    ],
    [
      "post-only market order",
      { type: "FAK", price: 0.5, size: 10, postOnly: true },
      "invalid post-only order",
    ],
  ])("%s", async (_, parts, text) => {
    const alice = await new Desk().account(ALICE);
    const { status, body } = await alice.place(parts);
    expect(status).toBe(400);
    expect(body.error).toContain(text);
    expect("orderID" in body).toBe(/killed/.test(text));
    expect(alice.get("/data/orders").data).toEqual([]);
  });

  test("a marketable buy of less than a dollar", async () => {
    const desk = new Desk();
    const [alice, bob] = [await desk.account(ALICE), await desk.account(BOB)];
    await bob.rest({ token: desk.market().no, price: 0.9, size: 50 });
    const { body } = await alice.place({ price: 0.1, size: 9 });
    expect(body.error).toBe("invalid amount for a marketable BUY order ($0.9), min size: $1");
  });

  test("no allowance", async () => {
    const desk = new Desk();
    const alice = await desk.account(ALICE);
    const spender = "0xE111180000d2663C0091e4f400237545B87B996B";
    desk.do({ do: "allowance", address: ALICE.address, spender, amount: "0" });
    expect((await alice.place({ price: 0.5, size: 10 })).body.error).toBe(
      `not enough balance / allowance: the allowance is not enough -> spender: ${spender}, allowance: 0`,
    );
    expect(alice.get("/balance-allowance?asset_type=COLLATERAL").allowances[spender]).toBe("0");
  });

  test("the same order twice", async () => {
    const alice = await new Desk().account(ALICE);
    const order = await alice.order({ price: 0.5, size: 10 });
    const first = alice.ask("POST", "/order", order)!;
    const again = alice.ask("POST", "/order", order)!;
    expect(again.body.error).toBe(`order ${first.body.orderID} is invalid. Duplicated.`);
    expect(alice.get("/data/orders").data).toHaveLength(1);
    alice.ask("DELETE", "/cancel-all");
    expect(alice.ask("POST", "/order", order)!.body.error).toMatch(/Duplicated/);
  });

  test("open orders hold collateral back, across markets", async () => {
    const desk = new Desk();
    const alice = await desk.account(ALICE, 100);
    await alice.rest({ price: 0.5, size: 100 });
    const { body } = await alice.place({ token: desk.market(1).yes, price: 0.4, size: 150 });
    expect(body.error).toBe(
      "not enough balance / allowance: the balance is not enough -> balance: 100000000, sum of active orders: 50000000, sum of matched orders: 0, order amount (inc. fees): 61800000",
    );
  });
});

describe("amounts", () => {
  test.each([
    ["0.01", 100, { price: 0.56, size: 21.04 }, "0.56"],
    ["0.001", 10, { price: 0.057, size: 133.37 }, "0.057"],
    ["0.005", 50, { price: 0.125, size: 10.01 }, "0.125"],
    ["0.0001", 1, { price: 0.0123, size: 12.34 }, "0.0123"],
  ] as const)("of a limit order at tick %s", async (_, tick, parts, price) => {
    const desk = new Desk({
      markets: listings((each) => ({ ...each, description: { ...each.description, tick: tick as never } })),
    });
    const alice = await desk.account(ALICE);
    const id = await alice.rest(parts);
    expect(alice.get(`/data/order/${id}`)).toMatchObject({ price, original_size: String(parts.size) });
  });

  test("a market buy's rounded amounts stand for the price next to them, a market sale's too", async () => {
    const desk = new Desk();
    const [alice, bob] = [await desk.account(ALICE), await desk.account(BOB)];
    await bob.rest({ token: desk.market().no, price: 0.93, size: 50 });
    // 1 / 0.07 = 14.285714…, floored: the ratio is a trifle above 0.07.
    const bought = await alice.place({ type: "FAK", price: 0.07, size: 0, amounts: [1_000_000, 14_285_700] });
    // All but the last millionth of a dollar, which buys no whole ten-thousandth of a share.
    expect(bought.body).toMatchObject({
      status: "matched",
      takingAmount: "14.2857",
      makingAmount: "0.999999",
    });
    // Rounded up it is below 0.07, and finds nothing.
    const up = await alice.place({ type: "FAK", price: 0.07, size: 0, amounts: [1_000_000, 14_285_800] });
    expect(up.body.error).toMatch(/no orders found/);
    desk.pass(20_000);
    await bob.rest({ price: 0.06, size: 20 });
    const sold = await alice.place({
      type: "FAK",
      side: "SELL",
      price: 0.06,
      size: 0,
      amounts: [14_280_000, 856_800],
    });
    expect(sold.body).toMatchObject({ status: "matched", makingAmount: "14.28", takingAmount: "0.8568" });
  });
});

test("GTD ends a minute before its time, and says so", async () => {
  const desk = new Desk();
  const alice = await desk.account(ALICE);
  const ear = alice.user();
  const id = await alice.rest({ type: "GTD", price: 0.5, size: 10, expiration: seconds + 200 });
  desk.pass(70_000);
  ear.say("PING");
  desk.pass(69_000);
  expect(alice.get(`/data/order/${id}`)).toMatchObject({ status: "LIVE" });
  desk.pass(1_000);
  expect(alice.get(`/data/order/${id}`)).toMatchObject({ status: "CANCELED" });
  expect(ear.events().map(({ type }) => type)).toEqual(["PLACEMENT", "CANCELLATION"]);
  // Over for a minute, and nobody knows it any more.
  desk.pass(61_000);
  expect(alice.get(`/data/order/${id}`)).toBeNull();
  expect(alice.get(`/data/orders?id=${id}`).data).toEqual([]);
});

test("lists come in pages", async () => {
  const desk = new Desk({ pageSize: 2 });
  const alice = await desk.account(ALICE);
  const ids: string[] = [];
  for (const price of [0.1, 0.2, 0.3, 0.4, 0.5]) ids.push(await alice.rest({ price, size: 10 }));
  const seen: string[] = [];
  let cursor = "MA==";
  for (let page = 0; cursor !== "LTE="; page++) {
    const answer = alice.get(`/data/orders?next_cursor=${encodeURIComponent(cursor)}`);
    seen.push(...answer.data.map((each: { id: string }) => each.id));
    cursor = answer.next_cursor;
    expect(page).toBeLessThan(3);
  }
  expect(seen).toEqual(ids);
  expect(alice.ask("GET", "/data/orders?next_cursor=x")?.status).toBe(400);
});

test("a deferred order is answered without its fills", async () => {
  const desk = new Desk();
  const [alice, bob] = [await desk.account(ALICE), await desk.account(BOB)];
  await bob.rest({ token: desk.market().no, price: 0.5, size: 50 });
  const order = { ...(await alice.order({ price: 0.5, size: 10 })), deferExec: true };
  const { body } = alice.ask("POST", "/order", order)!;
  expect(body).toMatchObject({ success: true, makingAmount: "", takingAmount: "" });
  expect(body).not.toHaveProperty("tradeIDs");
  expect(alice.get("/data/trades").data).toHaveLength(1);
});

test("trades are found by id, market, maker and time; the market's filter goes by the taker's token", async () => {
  const desk = new Desk();
  const [alice, bob] = [await desk.account(ALICE), await desk.account(BOB)];
  const { id, yes, no } = desk.market();
  await bob.rest({ token: no, price: 0.5, size: 50 });
  await alice.rest({ token: yes, price: 0.5, size: 10 });
  const find = (query: string) => bob.get(`/data/trades?${query}`).data.length;
  expect(find(`market=${id}`)).toBe(1);
  expect(find(`asset_id=${yes}`)).toBe(1);
  // Bob's own fill was of the other token: a known trap of the real venue.
  expect(find(`asset_id=${no}`)).toBe(0);
  expect(find(`maker_address=${BOB.address}`)).toBe(1);
  expect(find(`maker_address=0x${"1".repeat(40)}`)).toBe(0);
  expect(find(`after=${seconds - 10}`)).toBe(1);
  expect(find(`before=${seconds - 10}`)).toBe(0);
});

test("balances count what is on the chain", async () => {
  const desk = new Desk({ settlement: { mined_ms: 1_000, confirmed_ms: 2_000 } });
  const [alice, bob] = [await desk.account(ALICE, 100), await desk.account(BOB, 100)];
  const { yes, no } = desk.market();
  await bob.rest({ token: no, price: 0.5, size: 50 });
  await alice.rest({ token: yes, price: 0.5, size: 50 });
  const dollars = () => alice.get("/balance-allowance?asset_type=COLLATERAL").balance;
  const shares = () => alice.get(`/balance-allowance?asset_type=CONDITIONAL&token_id=${yes}`).balance;
  expect([dollars(), shares()]).toEqual(["100000000", "0"]);
  expect((await alice.place({ side: "SELL", price: 0.6, size: 10 })).body.error).toMatch(
    /not enough balance/,
  );
  desk.pass(1_000);
  // 25 dollars and a fee of 50 * 0.05 * 0.25.
  expect([dollars(), shares()]).toEqual(["74375000", "50000000"]);
  expect((await alice.place({ side: "SELL", price: 0.6, size: 10 })).body.status).toBe("live");
});
