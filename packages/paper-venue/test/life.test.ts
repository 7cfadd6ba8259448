import { LADDER } from "@matchpoint/sdk";
import { describe, expect, test } from "vitest";
import { ALICE, BOB, Desk, START } from "./support.ts";

const MINUTES = 60_000;

describe("the taker's delay", () => {
  test("holds what would match, cannot be cancelled, and rests what then finds nothing", async () => {
    const desk = new Desk({ delay: 3 });
    const [alice, bob] = [await desk.account(ALICE), await desk.account(BOB)];
    const { no } = desk.market();
    const ear = alice.user();
    const ask = await bob.rest({ token: no, price: 0.6, size: 10 });
    const answer = await alice.place({ price: 0.4, size: 10 });
    expect(answer.body).toMatchObject({
      success: true,
      status: "delayed",
      makingAmount: "",
      takingAmount: "",
    });
    const id = answer.body.orderID as string;
    expect(alice.ask("DELETE", "/order", { orderID: id })?.body.not_canceled).toEqual({
      [id]: "order is delayed and cannot be canceled",
    });
    bob.ask("DELETE", "/order", { orderID: ask });
    desk.pass(3_000);
    expect(ear.events().map(({ type, status }) => [type, status])).toEqual([
      ["PLACEMENT", "DELAYED"],
      ["UPDATE", "UNMATCHED"],
    ]);
    expect(alice.get(`/data/order/${id}`).status).toBe("LIVE");
    // Post-only and resting orders are never delayed.
    expect((await alice.place({ price: 0.2, size: 10 })).body.status).toBe("live");
  });

  test("of FAK ends in a cancellation", async () => {
    const desk = new Desk({ delay: 1 });
    const [alice, bob] = [await desk.account(ALICE), await desk.account(BOB)];
    const ask = await bob.rest({ token: desk.market().no, price: 0.6, size: 10 });
    const ear = alice.user();
    const { body } = await alice.place({ type: "FAK", price: 0.4, size: 10 });
    expect(body.status).toBe("delayed");
    bob.ask("DELETE", "/order", { orderID: ask });
    desk.pass(1_000);
    expect(ear.events().at(-1)).toMatchObject({
      id: body.orderID,
      type: "CANCELLATION",
      status: expect.stringMatching(/^CANCELED_no orders found to match with FAK order/),
    });
  });

  test("can change while a market trades", () => {
    const desk = new Desk();
    desk.do({ do: "market", market: desk.market().id, secondsDelay: 3 });
    expect(desk.get(`/clob-markets/${desk.market().id}`).body.sd).toBe(3);
  });
});

describe("the game's start", () => {
  test("clears the book, wherever it was moved to", async () => {
    const desk = new Desk();
    const alice = await desk.account(ALICE);
    const ear = alice.user();
    await alice.rest({ price: 0.4, size: 10 });
    desk.do({ do: "market", market: desk.market().id, startsAt: START + 40 * MINUTES });
    for (let minute = 0; minute < 39; minute++) {
      desk.pass(MINUTES);
      ear.say("PING");
    }
    expect(alice.get("/data/orders").data).toHaveLength(1);
    desk.pass(MINUTES);
    expect(alice.get("/data/orders").data).toEqual([]);
    expect(ear.events().at(-1)).toMatchObject({ type: "CANCELLATION", status: "CANCELED" });
    // In play it trades on.
    expect((await alice.place({ price: 0.4, size: 10 })).body.status).toBe("live");
  });
});

describe("the grid", () => {
  test("becomes finer near the edge, and orders off it are refused", async () => {
    const desk = new Desk();
    const alice = await desk.account(ALICE);
    const { id, yes, no } = desk.market();
    const ear = desk.socket("market", { type: "market", assets_ids: [yes, no] });
    await alice.rest({ price: 0.97, size: 10 });
    expect(ear.events().filter((each) => each.event_type === "tick_size_change")).toMatchObject([
      { asset_id: yes, old_tick_size: "0.01", new_tick_size: "0.001" },
      { asset_id: no, old_tick_size: "0.01", new_tick_size: "0.001" },
    ]);
    expect(desk.get(`/tick-size?token_id=${yes}`).body).toEqual({ minimum_tick_size: 0.001 });
    await alice.rest({ price: 0.975, size: 10 });
    desk.do({ do: "market", market: id, tick: "0.01" });
    // What rested off the new grid is invalid.
    expect(alice.get("/data/orders").data.map((each: { price: string }) => each.price)).toEqual(["0.97"]);
    expect((await alice.place({ price: 0.975, size: 10 })).body.error).toMatch(
      /breaks minimum tick size rule: 0.01/,
    );
  });
});

test("a market that takes no orders says so, and takes them again", async () => {
  const desk = new Desk();
  const alice = await desk.account(ALICE);
  const market = desk.market().id;
  desk.do({ do: "market", market, acceptingOrders: false });
  expect((await alice.place({ price: 0.4, size: 10 })).body.error).toBe(
    "the market is not yet ready to process new orders",
  );
  expect(desk.get(`/clob-markets/${market}`).body).not.toHaveProperty("ao");
  desk.do({ do: "market", market, acceptingOrders: true });
  expect((await alice.place({ price: 0.4, size: 10 })).body.status).toBe("live");
});

describe("resolution", () => {
  test.each([
    [0, ["1", "0"], "10000000"],
    [1, ["0", "1"], "0"],
    ["50-50", ["0.5", "0.5"], "5000000"],
  ] as const)("as %s: orders go, Gamma says it, and shares are redeemed", async (outcome, prices, worth) => {
    const desk = new Desk();
    const [alice, bob] = [await desk.account(ALICE, 100), await desk.account(BOB, 100)];
    const { id, yes, no } = desk.market();
    await bob.rest({ token: no, price: 0.5, size: 10 });
    await alice.rest({ price: 0.5, size: 10 });
    const open = await alice.rest({ price: 0.3, size: 10 });
    const ear = alice.user();
    desk.pass(20_000);
    desk.do({ do: "oracle", market: id, status: "proposed" });
    desk.do({ do: "oracle", market: id, status: "disputed" });
    const gamma = () => desk.get(`/gamma/markets?condition_ids=${id}`).body[0];
    expect(gamma()).toMatchObject({ closed: false, umaResolutionStatus: "disputed" });
    desk.do({ do: "resolve", market: id, outcome });
    expect(gamma()).toMatchObject({
      closed: true,
      umaResolutionStatus: "resolved",
      outcomePrices: JSON.stringify(prices),
      acceptingOrders: false,
    });
    expect(alice.get(`/data/order/${open}`).status).toBe("CANCELED_MARKET_RESOLVED");
    expect(ear.events().at(-1)).toMatchObject({ type: "CANCELLATION", status: "CANCELED_MARKET_RESOLVED" });
    expect(desk.get(`/book?token_id=${yes}`)).toMatchObject({
      status: 404,
      body: { error: "No orderbook exists for the requested token id" },
    });
    expect(desk.get(`/markets/${id}`).body.tokens.map((each: { winner: boolean }) => each.winner)).toEqual([
      outcome === 0,
      outcome === 1,
    ]);
    expect((await alice.place({ price: 0.3, size: 10 })).status).toBe(400);
    expect(desk.get("/gamma/markets/keyset").body.markets).toHaveLength(desk.venue.markets().length - 1);
    const before = Number(alice.get("/balance-allowance?asset_type=COLLATERAL").balance);
    const { actionId } = desk.do({
      do: "chain",
      address: ALICE.address,
      kind: "redeem",
      market: id,
      amounts: ["10", "0"],
    });
    desk.pass(10_000);
    expect(desk.do({ do: "chainStatus", actionId })["report"]).toMatchObject({ status: "FINAL" });
    const after = Number(alice.get("/balance-allowance?asset_type=COLLATERAL").balance);
    expect(String(after - before)).toBe(worth);
  });
});

test("splits and merges move dollars and pairs", () => {
  const desk = new Desk();
  const { id, yes } = desk.market();
  desk.do({ do: "fund", address: ALICE.address, usd: 100 });
  desk.do({ do: "chain", address: ALICE.address, kind: "split", market: id, shares: "40" });
  desk.pass(10_000);
  expect(desk.do({ do: "account", address: ALICE.address })).toMatchObject({
    collateral: 60_000_000,
    positions: [
      { outcome: 0, settled: 40_000_000 },
      { outcome: 1, settled: 40_000_000 },
    ],
  });
  desk.do({ do: "chain", address: ALICE.address, kind: "merge", market: id, shares: "15" });
  desk.pass(10_000);
  expect(desk.do({ do: "account", address: ALICE.address })).toMatchObject({ collateral: 75_000_000 });
  expect(yes).toMatch(/^\d+$/);
});

test("heartbeats that stop cancel everything of their key, and of nobody else", async () => {
  const desk = new Desk();
  const [alice, bob] = [await desk.account(ALICE), await desk.account(BOB)];
  await alice.rest({ price: 0.4, size: 10 });
  await bob.rest({ price: 0.3, size: 10 });
  let beat = alice.ask("POST", "/v1/heartbeats", { heartbeat_id: "" })!.body.heartbeat_id as string;
  for (let round = 0; round < 6; round++) {
    desk.pass(5_000);
    beat = alice.ask("POST", "/v1/heartbeats", { heartbeat_id: beat })!.body.heartbeat_id as string;
  }
  expect(alice.ask("POST", "/v1/heartbeats", { heartbeat_id: "wrong" })).toMatchObject({
    status: 400,
    body: { error: "Invalid Heartbeat ID", heartbeat_id: beat },
  });
  desk.pass(9_999);
  expect(alice.get("/data/orders").data).toHaveLength(1);
  desk.pass(5_001);
  expect(alice.get("/data/orders").data).toEqual([]);
  expect(bob.get("/data/orders").data).toHaveLength(1);
  // It is armed again by the next one.
  await alice.rest({ price: 0.4, size: 10 });
  expect(alice.ask("POST", "/v1/heartbeats", { heartbeat_id: beat })?.status).toBe(200);
  desk.pass(15_000);
  expect(alice.get("/data/orders").data).toEqual([]);
});

test("token buckets per signer, a batch all or nothing, cancels apart from orders", async () => {
  const desk = new Desk({ rateLimits: "Standard" });
  const [alice, bob] = [await desk.account(ALICE, 10_000), await desk.account(BOB)];
  const order = await alice.order({ price: 0.4, size: 10 });
  const batch = Array.from({ length: 15 }, () => order);
  for (let round = 0; round < 4; round++) expect(alice.ask("POST", "/orders", batch)?.status).toBe(200);
  const over = alice.ask("POST", "/order", order)!;
  expect(over).toMatchObject({
    status: 429,
    headers: { "poly-ratelimit-remaining": "0", "poly-ratelimit-tier": "Standard", "retry-after": "1" },
    body: { error: "Too Many Requests" },
  });
  expect((await bob.place({ price: 0.3, size: 10 })).headers["poly-ratelimit-remaining"]).toBe("59");
  expect(alice.ask("DELETE", "/cancel-all")?.status).toBe(200);
  desk.pass(250); // ten more
  expect(alice.ask("POST", "/orders", batch)?.status).toBe(429);
  expect(alice.ask("POST", "/orders", batch.slice(0, 10))?.status).toBe(200);
});

test("prices are remembered", async () => {
  const desk = new Desk();
  const [alice, bob] = [await desk.account(ALICE), await desk.account(BOB)];
  const { yes, no } = desk.market();
  await alice.rest({ price: 0.4, size: 10 });
  await bob.rest({ token: no, price: 0.5, size: 10 });
  desk.pass(120_000);
  await alice.rest({ price: 0.44, size: 10 });
  expect(desk.get(`/prices-history?market=${yes}&interval=1h`).body.history).toEqual([
    { t: START / 1_000, p: 0.45 },
    { t: START / 1_000 + 120, p: 0.47 },
  ]);
  expect(desk.get(`/prices-history?market=${no}&interval=1h`).body.history[1].p).toBe(0.53);
  expect(desk.get(`/prices-history?market=${yes}&startTs=0&endTs=9999999`)).toMatchObject({
    status: 400,
    body: { error: "'startTs' and 'endTs' interval is too long" },
  });
});

test("the geoblock answer can be changed", () => {
  const desk = new Desk();
  expect(desk.get("/api/geoblock").body).toMatchObject({ blocked: false });
  desk.do({ do: "geoblock", blocked: true, country: "US", region: "NY" });
  expect(desk.get("/api/geoblock").body).toEqual({
    blocked: true,
    ip: "127.0.0.1",
    country: "US",
    region: "NY",
  });
});

test("liquidity may come from a recording: its levels are quoted, and taken", async () => {
  const desk = new Desk();
  const alice = await desk.account(ALICE);
  const { id, yes, no } = desk.market();
  const ear = desk.socket("market", { type: "market", assets_ids: [yes] });
  const stamp = { at: desk.at, receivedAt: START, marketId: id as never };
  desk.venue.observe({
    type: "book_snapshot",
    outcome: 0,
    levels: [LADDER.BID_0, 4_500, 30_000_000, LADDER.ASK_0, 4_700, 20_000_000],
    synthetic: false,
    ...stamp,
  });
  desk.pass(0);
  expect(desk.get(`/book?token_id=${no}`).body).toMatchObject({
    bids: [{ price: "0.53", size: "20" }],
    asks: [{ price: "0.55", size: "30" }],
  });
  const { body } = await alice.place({ price: 0.48, size: 30 });
  expect(body).toMatchObject({ status: "live", makingAmount: "9.4", takingAmount: "20" });
  const [trade] = alice.get("/data/trades").data;
  expect(trade).toMatchObject({
    trader_side: "TAKER",
    maker_orders: [{ matched_amount: "20", price: "0.47" }],
  });
  expect(trade.maker_orders[0].owner).not.toBe(alice.creds.apiKey);
  expect(ear.events().at(-1)).toMatchObject({
    event_type: "book",
    bids: [
      { price: "0.45", size: "30" },
      { price: "0.48", size: "10" },
    ],
    asks: [],
  });
  // Somebody out there sells into it: she is the maker, and the taker has no name.
  desk.venue.observe({
    type: "market_trade",
    outcome: 0,
    side: "sell",
    price: 4_800 as never,
    size: 10_000_000 as never,
    ...stamp,
  });
  desk.pass(0);
  expect(alice.get("/data/trades").data[0]).toMatchObject({ trader_side: "MAKER", side: "SELL", size: "10" });
});

test("settlement may be retried, and may fail by chance", async () => {
  const desk = new Desk({
    settlementFaults: { trade_retry: 1 },
    settlement: { mined_ms: 100, confirmed_ms: 200 },
  });
  const [alice, bob] = [await desk.account(ALICE), await desk.account(BOB)];
  const ear = alice.user();
  await bob.rest({ token: desk.market().no, price: 0.5, size: 10 });
  await alice.rest({ price: 0.5, size: 10 });
  desk.pass(5_000);
  expect(
    ear
      .events()
      .filter(({ type }) => type === "TRADE")
      .map(({ status }) => status),
  ).toEqual(["MATCHED", "RETRYING", "RETRYING", "RETRYING", "MINED", "CONFIRMED"]);
});
