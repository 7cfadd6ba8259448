import { describe, expect, test } from "vitest";
import { ALICE, BOB, Desk, type Json } from "./support.ts";

function follow(desk: Desk, assets: readonly string[], more = {}) {
  return desk.socket("market", { type: "market", assets_ids: assets, ...more });
}

/** A book rebuilt from frames alone. */
class Mirror {
  readonly bids = new Map<string, string>();
  readonly asks = new Map<string, string>();
  readonly asset: string;

  constructor(asset: string) {
    this.asset = asset;
  }

  hear(events: readonly Json[]): this {
    for (const event of events) {
      if (event.event_type === "book" && event.asset_id === this.asset) {
        this.bids.clear();
        this.asks.clear();
        for (const { price, size } of event.bids) this.bids.set(price, size);
        for (const { price, size } of event.asks) this.asks.set(price, size);
      }
      for (const change of event.price_changes ?? []) {
        if (change.asset_id !== this.asset) continue;
        const side = change.side === "BUY" ? this.bids : this.asks;
        if (change.size === "0") side.delete(change.price);
        else side.set(change.price, change.size);
      }
    }
    return this;
  }

  levels() {
    const list = (side: Map<string, string>) => [...side].map(([price, size]) => ({ price, size }));
    const rising = (a: { price: string }, b: { price: string }) => Number(a.price) - Number(b.price);
    return { bids: list(this.bids).sort(rising), asks: list(this.asks).sort((a, b) => rising(b, a)) };
  }
}

describe("the market channel", () => {
  test("sends books on subscribing, and then what changes, for both tokens", async () => {
    const desk = new Desk();
    const alice = await desk.account(ALICE);
    const { id, yes, no } = desk.market();
    await alice.rest({ price: 0.4, size: 10 });
    const ear = follow(desk, [yes]);
    expect(ear.events()).toMatchObject([
      {
        event_type: "book",
        market: id,
        asset_id: yes,
        bids: [{ price: "0.4", size: "10" }],
        asks: [],
        tick_size: "0.01",
      },
    ]);
    expect(ear.texts()[0]).toMatch(/^\[/);
    desk.pass(100);
    await alice.rest({ price: 0.4, size: 5 });
    const [, change] = ear.events();
    expect(change).toMatchObject({
      event_type: "price_change",
      market: id,
      timestamp: String(1_790_000_000_100),
      price_changes: [
        { asset_id: yes, price: "0.4", size: "15", side: "BUY", best_bid: "0.4", best_ask: "1" },
        { asset_id: no, price: "0.6", size: "15", side: "SELL", best_bid: "0", best_ask: "0.6" },
      ],
    });
    expect(change.price_changes[0].hash).toMatch(/^[\da-f]{40}$/);
  });

  test("tells a trade, and the whole book after it", async () => {
    const desk = new Desk();
    const [alice, bob] = [await desk.account(ALICE), await desk.account(BOB)];
    const { yes, no } = desk.market();
    await alice.rest({ price: 0.4, size: 10 });
    const ear = follow(desk, [yes, no]);
    await bob.rest({ token: no, price: 0.6, size: 4 + 2 });
    const kinds = ear.events().slice(2);
    expect(kinds.map((each) => each.event_type)).toEqual([
      "last_trade_price",
      "price_change",
      "book",
      "book",
    ]);
    expect(kinds[0]).toMatchObject({ asset_id: no, price: "0.6", size: "6", side: "BUY", fee_rate_bps: "0" });
    expect(kinds[2]).toMatchObject({
      asset_id: yes,
      bids: [{ price: "0.4", size: "4" }],
      last_trade_price: "0.4",
    });
  });

  test("is enough to know the book at any time", async () => {
    const desk = new Desk({ liquidity: "agents" });
    const { yes, no } = desk.market();
    const ear = follow(desk, [yes, no]);
    for (let step = 0; step < 40; step++) {
      desk.pass(777);
      for (const asset of [yes, no]) {
        const { bids, asks } = desk.get(`/book?token_id=${asset}`).body;
        expect(new Mirror(asset).hear(ear.events()).levels()).toEqual({ bids, asks });
      }
    }
    expect(ear.events().filter((each) => each.event_type === "last_trade_price").length).toBeGreaterThan(0);
  });

  test("custom features only for those who ask for them", async () => {
    const desk = new Desk();
    const alice = await desk.account(ALICE);
    const { id, yes, no } = desk.market();
    const plain = follow(desk, [yes]);
    const custom = follow(desk, [yes], { custom_feature_enabled: true });
    await alice.rest({ price: 0.4, size: 10 });
    desk.do({ do: "resolve", market: id, outcome: 1 });
    const types = (ear: typeof plain) => [...new Set(ear.events().map((each) => each.event_type))];
    expect(types(plain)).toEqual(["book", "price_change"]);
    expect(types(custom)).toEqual(["book", "price_change", "best_bid_ask", "market_resolved"]);
    expect(custom.events().at(-1)).toMatchObject({ winning_asset_id: no, assets_ids: [yes, no] });
  });

  test("dynamic subscriptions, and what is known already", () => {
    const desk = new Desk();
    const { yes, no } = desk.market();
    const ear = follow(desk, [yes]);
    ear.say({ operation: "subscribe", assets_ids: [no] });
    expect(ear.events().map((each) => each.asset_id)).toEqual([yes, no]);
    ear.say({ operation: "subscribe", assets_ids: [yes, no] });
    expect(ear.texts().at(-1)).toBe("NO NEW ASSETS");
    ear.say({ operation: "unsubscribe", assets_ids: [no] });
    ear.say({ operation: "subscribe", assets_ids: [no] });
    expect(ear.events()).toHaveLength(3);
    ear.say("PING");
    expect(ear.texts().at(-1)).toBe("PONG");
  });

  test("no first books beyond five hundred assets, and resets of the silent", () => {
    const desk = new Desk();
    const { yes, no } = desk.market();
    const others = Array.from({ length: 499 }, (_, index) => String(index + 1));
    const ear = follow(desk, [...others, yes, no]);
    expect(ear.events().map((each) => each.asset_id)).toEqual([yes]);
    desk.pass(124_000);
    expect(ear.closed()).toBeUndefined();
    ear.say("PING");
    desk.pass(124_000);
    expect(ear.closed()).toBeUndefined();
    desk.pass(2_000);
    expect(ear.closed()).toMatchObject({ code: 1006 });
  });
});

describe("the user channel", () => {
  test("answers wrong credentials by closing", async () => {
    const desk = new Desk();
    const { creds } = await desk.account(ALICE);
    for (const auth of [
      { ...creds, secret: "x" },
      {},
      null,
      { apiKey: "__proto__" },
      { ...creds, passphrase: 3 },
    ])
      expect(desk.socket("user", { type: "user", auth }).closed()).toBeDefined();
    const ear = desk.socket("user", { type: "user", auth: creds });
    expect(ear.closed()).toBeUndefined();
    ear.say("PING");
    expect(ear.texts()).toEqual(["PONG"]);
  });

  test("a maker's part carries its own token, side and price, and a trade every status", async () => {
    const desk = new Desk({ settlement: { mined_ms: 1_000, confirmed_ms: 3_000 } });
    const [alice, bob] = [await desk.account(ALICE), await desk.account(BOB)];
    const { id, yes, no } = desk.market();
    const [hers, his] = [alice.user(), bob.user()];
    const resting = await alice.rest({ price: 0.6, size: 50 });
    const taking = await bob.rest({ token: no, price: 0.45, size: 20 });
    desk.pass(1_000);
    desk.pass(2_000);
    expect(hers.events().map(({ type, status }) => [type, status])).toEqual([
      ["PLACEMENT", "LIVE"],
      ["UPDATE", "LIVE"],
      ["TRADE", "MATCHED"],
      ["TRADE", "MINED"],
      ["TRADE", "CONFIRMED"],
    ]);
    expect(hers.events()[1]).toMatchObject({ id: resting, size_matched: "20", original_size: "50" });
    const trade = hers.events()[2];
    expect(trade).toMatchObject({
      event_type: "trade",
      market: id,
      asset_id: no,
      side: "BUY",
      size: "20",
      price: "0.4",
      taker_order_id: taking,
      owner: bob.creds.apiKey,
      trade_owner: alice.creds.apiKey,
      trader_side: "MAKER",
      fee_rate_bps: "0",
      transaction_hash: "",
      maker_orders: [
        {
          order_id: resting,
          owner: alice.creds.apiKey,
          maker_address: ALICE.address,
          matched_amount: "20",
          price: "0.6",
          asset_id: yes,
          side: "BUY",
          outcome_index: 0,
        },
      ],
    });
    expect(his.events().find((each) => each.status === "MATCHED" && each.type === "TRADE")).toMatchObject({
      id: trade.id,
      trader_side: "TAKER",
    });
    expect(hers.events()[3].transaction_hash).toMatch(/^0x[\da-f]{64}$/);
  });

  test("only of the markets that were asked for", async () => {
    const desk = new Desk();
    const alice = await desk.account(ALICE);
    const ear = desk.socket("user", { type: "user", auth: alice.creds, markets: [desk.market(1).id] });
    await alice.rest({ price: 0.5, size: 10 });
    expect(ear.events()).toEqual([]);
    await alice.rest({ token: desk.market(1).yes, price: 0.5, size: 10 });
    ear.say({ operation: "subscribe", markets: [desk.market(0).id] });
    await alice.rest({ price: 0.4, size: 10 });
    expect(ear.events()).toHaveLength(2);
  });

  test("a killed FOK order is told as captured frames tell it", async () => {
    const desk = new Desk();
    const alice = await desk.account(ALICE);
    const ear = alice.user();
    await alice.place({ type: "FOK", price: 0.5, size: 10 });
    expect(ear.events()).toMatchObject([
      {
        type: "CANCELLATION",
        status: "CANCELED_order couldn't be fully filled. FOK orders are fully filled or killed.",
        size_matched: "",
        outcome: "",
        created_at: "",
      },
    ]);
  });
});

test("the sports channel repeats active games, and says the end once", () => {
  const desk = new Desk();
  const ear = desk.socket("sports");
  expect(ear.events().map((each) => each.leagueAbbreviation)).toEqual(["lol", "cs2"]);
  const [{ gameId }] = ear.events();
  desk.do({ do: "sports", gameId, status: "running", live: true, score: "000-000|1-0|Bo5", period: "2/5" });
  expect(ear.events()).toHaveLength(3);
  desk.pass(20_000);
  expect(ear.events()).toHaveLength(5);
  expect(ear.events()[3]).toMatchObject({
    gameId,
    status: "running",
    score: "000-000|1-0|Bo5",
    period: "2/5",
    live: true,
  });
  desk.do({ do: "sports", gameId, status: "finished", live: false, ended: true });
  desk.pass(60_000);
  expect(ear.events().filter((each) => each.ended)).toHaveLength(1);
});
