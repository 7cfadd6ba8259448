import { type RunningVenue } from "@matchpoint/paper-venue";
import { ApiError, Chain, ClobClient, OrderType, Side } from "@polymarket/clob-client-v2";
import { Wallet } from "ethers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { KEYS, listen, quietVenue, setDelay, shim, trader, until, type Trader } from "./officialSupport.ts";

let venue: RunningVenue;
let alice: Trader;
let bob: Trader;
let next = 0;

beforeAll(async () => {
  venue = await quietVenue();
  alice = await trader(venue, KEYS[0], 10_000);
  bob = await trader(venue, KEYS[1], 10_000);
});
afterAll(() => venue.close());

/** A market of one's own, with no delay unless asked for. */
function freshMarket(secondsDelay = 0) {
  const market = venue.markets[next++ % venue.markets.length]!;
  setDelay(venue, market.conditionId, secondsDelay);
  return { id: market.conditionId, yes: market.tokens[0]!.tokenId, no: market.tokens[1]!.tokenId };
}

async function refusal(promise: Promise<unknown>): Promise<{ status: number | undefined; text: string }> {
  try {
    return { status: 200, text: JSON.stringify(await promise) };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return { status: error.status, text: error.message };
  }
}

const gtc = (who: Trader, tokenID: string, side: Side, price: number, size: number) =>
  who.client.createAndPostOrder({ tokenID, side, price, size }, undefined, OrderType.GTC);

describe("keys", () => {
  test("are created once and derived ever after", async () => {
    const client = new ClobClient({
      host: venue.clob,
      chain: Chain.POLYGON,
      signer: shim(new Wallet(KEYS[0])),
    });
    expect(await client.deriveApiKey()).toEqual(alice.creds);
    expect(await client.createApiKey()).toMatchObject({ key: undefined });
    const second = await client.createOrDeriveApiKey(5);
    expect(second.key).not.toBe(alice.creds.key);
    expect(await client.deriveApiKey(5)).toEqual(second);
    expect((await alice.client.getApiKeys()).apiKeys).toEqual([alice.creds.key, second.key]);
  });

  test("of somebody else, and clocks that are off, are refused", async () => {
    const thief = new ClobClient({
      host: venue.clob,
      chain: Chain.POLYGON,
      signer: shim(new Wallet(KEYS[1])),
      creds: alice.creds,
      throwOnError: true,
    });
    expect(await refusal(thief.getOpenOrders())).toEqual({
      status: 401,
      text: "Unauthorized/Invalid api key",
    });
    const wrong = new ClobClient({
      host: venue.clob,
      chain: Chain.AMOY,
      signer: shim(new Wallet(KEYS[0])),
      throwOnError: true,
    });
    expect(await refusal(wrong.deriveApiKey())).toEqual({ status: 401, text: "Invalid L1 Request headers" });
  });
});

test("reads about a market", async () => {
  const market = freshMarket();
  const { client } = alice;
  expect(await client.getOk()).toBe("OK");
  expect(await client.getVersion()).toBe(2);
  expect(Math.abs((await client.getServerTime()) - Date.now() / 1_000)).toBeLessThan(5);
  await gtc(bob, market.yes, Side.BUY, 0.4, 100);
  await gtc(bob, market.yes, Side.BUY, 0.41, 50);
  await gtc(bob, market.no, Side.BUY, 0.5, 30);
  const book = await client.getOrderBook(market.yes);
  expect(book).toMatchObject({
    market: market.id,
    asset_id: market.yes,
    bids: [
      { price: "0.4", size: "100" },
      { price: "0.41", size: "50" },
    ],
    asks: [{ price: "0.5", size: "30" }],
    min_order_size: "5",
    tick_size: "0.01",
    neg_risk: false,
  });
  expect((await client.getOrderBook(market.no)).bids).toEqual([{ price: "0.5", size: "30" }]);
  expect(await client.getMidpoint(market.yes)).toEqual({ mid: "0.455" });
  expect(await client.getSpread(market.yes)).toEqual({ spread: "0.09" });
  expect(await client.getPrice(market.yes, "BUY")).toEqual({ price: "0.41" });
  expect(await client.getPrice(market.yes, "SELL")).toEqual({ price: "0.5" });
  expect(await client.getTickSize(market.yes)).toBe("0.01");
  expect(await client.getNegRisk(market.yes)).toBe(false);
  expect(await client.getFeeRateBps(market.yes)).toBe(1_000);
  expect(await client.getFeeExponent(market.yes)).toBe(1);
  expect(await client.getClobMarketInfo(market.id)).toMatchObject({
    c: market.id,
    mts: 0.01,
    fd: { r: 0.05 },
  });
  expect((await client.getMarkets()).data).toHaveLength(venue.markets.length);
  expect(await client.getMarket(market.id)).toMatchObject({ accepting_orders: true });
  expect((await client.getOrderBooks([{ token_id: market.yes, side: Side.BUY }]))[0]).toMatchObject({
    asset_id: market.yes,
  });
  expect(await refusal(client.getOrderBook("12"))).toEqual({
    status: 404,
    text: "No orderbook exists for the requested token id",
  });
  await bob.client.cancelAll();
});

describe("orders", () => {
  test("GTC rests, is listed, and is cancelled in each way", async () => {
    const market = freshMarket();
    const answer = await gtc(alice, market.yes, Side.BUY, 0.47, 21.28);
    expect(answer).toEqual({
      success: true,
      errorMsg: "",
      orderID: expect.stringMatching(/^0x[\da-f]{64}$/),
      status: "live",
      makingAmount: "",
      takingAmount: "",
    });
    const order = await alice.client.getOrder(answer.orderID);
    expect(order).toMatchObject({
      id: answer.orderID,
      status: "LIVE",
      owner: alice.creds.key,
      maker_address: alice.address,
      asset_id: market.yes,
      side: "BUY",
      original_size: "21.28",
      size_matched: "0",
      price: "0.47",
      order_type: "GTC",
    });
    expect(await alice.client.getOpenOrders({ market: market.id })).toEqual([order]);
    expect(await bob.client.getOpenOrders({ market: market.id })).toEqual([]);
    expect(await bob.client.getOrder(answer.orderID)).toBeNull();
    // Somebody else cannot cancel it.
    expect(await bob.client.cancelOrder({ orderID: answer.orderID })).toEqual({
      canceled: [],
      not_canceled: { [answer.orderID]: "Order not found or already canceled" },
    });
    expect(await alice.client.cancelOrder({ orderID: answer.orderID })).toEqual({
      canceled: [answer.orderID],
      not_canceled: {},
    });
    expect(await alice.client.getOrder(answer.orderID)).toMatchObject({ status: "CANCELED" });
    expect((await alice.client.cancelOrder({ orderID: answer.orderID })).not_canceled).toEqual({
      [answer.orderID]: "already canceled or matched",
    });

    const place = (price: number) => gtc(alice, market.yes, Side.BUY, price, 10);
    const [a, b, c] = [await place(0.1), await place(0.2), await place(0.3)];
    expect((await alice.client.cancelOrders([a.orderID, b.orderID])).canceled).toEqual([
      a.orderID,
      b.orderID,
    ]);
    expect(
      (await alice.client.cancelMarketOrders({ market: market.id, asset_id: market.no })).canceled,
    ).toEqual([]);
    expect((await alice.client.cancelMarketOrders({ market: market.id })).canceled).toEqual([c.orderID]);
    const last = await place(0.4);
    expect((await alice.client.cancelAll()).canceled).toEqual([last.orderID]);
  });

  test("GTC matches within an outcome and across the two, the taker at the maker's price", async () => {
    const market = freshMarket();
    const before = [await alice.dollars(), await bob.dollars()] as const;
    // A mint: both buy, together they pay a dollar.
    const resting = await gtc(alice, market.yes, Side.BUY, 0.6, 50);
    const taking = await gtc(bob, market.no, Side.BUY, 0.45, 20);
    expect(taking).toMatchObject({ status: "matched", makingAmount: "8", takingAmount: "20" });
    expect(taking.tradeIDs).toHaveLength(1);
    expect(taking.transactionsHashes).toHaveLength(1);
    const [trade] = await bob.client.getTrades({ id: taking.tradeIDs![0]! });
    expect(trade).toMatchObject({
      taker_order_id: taking.orderID,
      asset_id: market.no,
      side: "BUY",
      size: "20",
      price: "0.4",
      trader_side: "TAKER",
      maker_orders: [
        {
          order_id: resting.orderID,
          owner: alice.creds.key,
          asset_id: market.yes,
          side: "BUY",
          price: "0.6",
          matched_amount: "20",
        },
      ],
    });
    const [mine] = await alice.client.getTrades({ market: market.id });
    expect(mine).toMatchObject({ id: trade!.id, trader_side: "MAKER", owner: bob.creds.key });
    expect(await alice.client.getOrder(resting.orderID)).toMatchObject({
      status: "LIVE",
      size_matched: "20",
    });
    await until(() => venue.venue.exchange.view(bob.address.toLowerCase()).positions()[0]?.settled === 20e6);
    expect(await bob.shares(market.no)).toBe(20);
    // 20 * 0.05 * 0.4 * 0.6 = 0.24 fee, the taker's.
    expect(await bob.dollars()).toBeCloseTo(before[1] - 8 - 0.24, 6);
    expect(await alice.dollars()).toBeCloseTo(before[0] - 12, 6);
    await alice.client.cancelAll();

    // Back within one outcome, with price improvement.
    await gtc(alice, market.no, Side.BUY, 0.3, 20);
    const sale = await gtc(bob, market.no, Side.SELL, 0.25, 20);
    expect(sale).toMatchObject({ status: "matched", makingAmount: "20", takingAmount: "6" });
    // A merge: both sell, and together they get a dollar.
    const held = () => venue.venue.exchange.view(alice.address.toLowerCase()).positions();
    await until(() => held().length === 2 && held().every(({ settled }) => settled === 20e6));
    const first = await gtc(alice, market.yes, Side.SELL, 0.5, 20);
    await gtc(bob, market.yes, Side.BUY, 0.5, 10);
    expect(await refusal(gtc(alice, market.yes, Side.SELL, 0.6, 15))).toEqual({
      status: 400,
      text: "not enough balance / allowance: the balance is not enough -> balance: 10000000, sum of active orders: 10000000, sum of matched orders: 0, order amount (inc. fees): 15000000",
    });
    await alice.client.cancelOrder({ orderID: first.orderID });
  });

  test("FAK spends dollars: a better price buys more shares than asked", async () => {
    const market = freshMarket();
    await gtc(bob, market.no, Side.BUY, 0.6, 50); // asks YES at 0.4
    const answer = await alice.client.createAndPostMarketOrder(
      { tokenID: market.yes, side: Side.BUY, amount: 10, price: 0.5, orderType: OrderType.FAK },
      undefined,
      OrderType.FAK,
    );
    expect(answer).toMatchObject({ status: "matched", makingAmount: "10", takingAmount: "25" });
    expect(
      await refusal(
        alice.client.createAndPostMarketOrder(
          { tokenID: market.yes, side: Side.BUY, amount: 10, price: 0.3, orderType: OrderType.FAK },
          undefined,
          OrderType.FAK,
        ),
      ),
    ).toEqual({
      status: 400,
      text: "no orders found to match with FAK order. FAK orders are partially filled or killed if no match is found.",
    });
    // The rest of a partly filled one is killed.
    const rest = await alice.client.createAndPostMarketOrder(
      { tokenID: market.yes, side: Side.BUY, amount: 100, price: 0.5, orderType: OrderType.FAK },
      undefined,
      OrderType.FAK,
    );
    expect(rest).toMatchObject({ status: "matched", makingAmount: "10", takingAmount: "25" });
    expect(await alice.client.getOpenOrders({ market: market.id })).toEqual([]);
  });

  test("FOK fills whole or not at all", async () => {
    const market = freshMarket();
    await gtc(bob, market.no, Side.BUY, 0.6, 50);
    const fok = (amount: number) =>
      alice.client.createAndPostMarketOrder(
        { tokenID: market.yes, side: Side.BUY, amount, price: 0.4 },
        undefined,
        OrderType.FOK,
      );
    expect(await refusal(fok(20.01))).toEqual({
      status: 400,
      text: "order couldn't be fully filled. FOK orders are fully filled or killed.",
    });
    expect(await fok(20)).toMatchObject({ status: "matched", makingAmount: "20", takingAmount: "50" });
  });

  test("GTD needs time ahead, and post-only must not cross", async () => {
    const market = freshMarket();
    const now = Math.floor(Date.now() / 1_000);
    const gtd = (expiration: number) =>
      alice.client.createAndPostOrder(
        { tokenID: market.yes, side: Side.BUY, price: 0.2, size: 10, expiration },
        undefined,
        OrderType.GTD,
      );
    expect(await refusal(gtd(now + 60))).toEqual({ status: 400, text: "invalid expiration" });
    const live = await gtd(now + 600);
    expect(live.status).toBe("live");
    expect(await alice.client.getOrder(live.orderID)).toMatchObject({
      order_type: "GTD",
      expiration: String(now + 600),
    });
    const postOnly = (price: number) =>
      bob.client.createAndPostOrder(
        { tokenID: market.no, side: Side.BUY, price, size: 10 },
        undefined,
        OrderType.GTC,
        true,
      );
    expect(await refusal(postOnly(0.8))).toEqual({
      status: 400,
      text: "invalid post-only order: order crosses book",
    });
    expect((await postOnly(0.79)).status).toBe("live");
    await alice.client.cancelAll();
    await bob.client.cancelAll();
  });

  test("a batch answers each order by itself", async () => {
    const market = freshMarket();
    const build = (price: number, size: number) =>
      alice.client.createOrder({ tokenID: market.yes, side: Side.BUY, price, size });
    const args = [
      { order: await build(0.2, 10), orderType: OrderType.GTC },
      { order: await build(0.2, 2), orderType: OrderType.GTC },
    ];
    const answers = await alice.client.postOrders(args);
    expect(answers).toMatchObject([
      { success: true, status: "live" },
      { success: false, errorMsg: expect.stringMatching(/Size \(2\) lower than the minimum: 5$/) },
    ]);
    expect(await alice.client.postOrders([args[0]!])).toMatchObject([
      { errorMsg: expect.stringMatching(/is invalid\. Duplicated\.$/) },
    ]);
    const many = Array.from({ length: 16 }, () => args[0]!);
    expect(await refusal(alice.client.postOrders(many))).toEqual({
      status: 400,
      text: "Too many orders in payload: 16, max allowed: 15",
    });
    await alice.client.cancelAll();
  });

  test("a delayed order cannot be cancelled, and matches when its delay is over", async () => {
    const market = freshMarket(0.3);
    await gtc(bob, market.no, Side.BUY, 0.6, 50);
    const delayed = await gtc(alice, market.yes, Side.BUY, 0.4, 10);
    expect(delayed).toMatchObject({ success: true, status: "delayed", makingAmount: "", takingAmount: "" });
    expect((await alice.client.cancelOrder({ orderID: delayed.orderID })).canceled).toEqual([]);
    expect(await alice.client.getOrder(delayed.orderID)).toMatchObject({ status: "DELAYED" });
    await until(() => venue.venue.exchange.order(delayed.orderID as never)?.stage === "done");
    expect(await alice.client.getOrder(delayed.orderID)).toMatchObject({
      status: "MATCHED",
      size_matched: "10",
    });
    await bob.client.cancelAll();
  });
});

test("heartbeats chain, and when they stop every order goes", async () => {
  const other = await quietVenue({ heartbeatMs: 50 });
  try {
    const carol = await trader(other, KEYS[0], 100);
    const first = await carol.client.postHeartbeat();
    const second = await carol.client.postHeartbeat(first.heartbeat_id);
    expect(second.heartbeat_id).not.toBe(first.heartbeat_id);
    expect(await refusal(carol.client.postHeartbeat(first.heartbeat_id))).toEqual({
      status: 400,
      text: "Invalid Heartbeat ID",
    });
    const order = await gtc(carol, other.markets[0]!.tokens[0]!.tokenId, Side.BUY, 0.1, 10);
    expect(order.status).toBe("live");
    await until(() => other.venue.exchange.order(order.orderID as never)?.stage === "done", 8_000);
    expect(await carol.client.getOrder(order.orderID)).toMatchObject({ status: "CANCELED" });
  } finally {
    await other.close();
  }
});

test("the user channel tells orders and trades with every status", async () => {
  const market = freshMarket();
  const { key, secret, passphrase } = alice.creds;
  const ear = listen(venue.wsUser, {
    type: "user",
    auth: { apiKey: key, secret, passphrase },
    markets: [market.id],
  });
  await ear.opened;
  const resting = await gtc(alice, market.yes, Side.BUY, 0.5, 10);
  await gtc(bob, market.yes, Side.BUY, 0.4, 10);
  const taking = await gtc(bob, market.no, Side.BUY, 0.5, 10);
  await until(() => ear.events.some((event) => event["status"] === "CONFIRMED"));
  ear.close();
  expect(ear.events.map((event) => [event["type"], event["status"], event["trader_side"]])).toEqual([
    ["PLACEMENT", "LIVE", undefined],
    ["UPDATE", "MATCHED", undefined],
    ["TRADE", "MATCHED", "MAKER"],
    ["TRADE", "MINED", "MAKER"],
    ["TRADE", "CONFIRMED", "MAKER"],
  ]);
  expect(ear.events[0]).toMatchObject({
    event_type: "order",
    id: resting.orderID,
    owner: key,
    outcome: expect.any(String),
  });
  expect(ear.events[2]).toMatchObject({ taker_order_id: taking.orderID, trade_owner: key });
  await bob.client.cancelAll();
});
