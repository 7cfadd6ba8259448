import type { CoreEvent } from "@matchpoint/sdk";
import { describe, expect, it } from "vitest";
import { createMarketDecoder, TokenIndex } from "../../src/index.ts";
import { decodeAll } from "../support/decode.ts";
import { market, MARKET, NO, STAMP, YES } from "../support/markets.ts";
import { decode, change, changes, book } from "./frames.ts";

const AT = { at: 5, receivedAt: 1_790_000_000_500 };

describe("price_change", () => {
  it("tells both sides of a mirrored change as one level of outcome 0", () => {
    const frame = changes(
      change(YES, "0.5", "200", "BUY", "0.5", "0.52"),
      change(NO, "0.5", "200", "SELL", "0.48", "0.5"),
    );
    expect(decode(frame)).toEqual([
      {
        type: "book_delta",
        marketId: MARKET,
        levels: [0, 5000, 200_000_000],
        bestBid: 5000,
        bestAsk: 5200,
        occurredAt: 1_790_000_000_200,
        ...AT,
      },
    ]);
  });

  it("turns the second outcome's change around", () => {
    expect(decode(changes(change(NO, "0.471", "7", "BUY", "0.471", "0.5")))).toMatchObject([
      { levels: [1, 5290, 7_000_000], bestBid: 5000, bestAsk: 5290 },
    ]);
  });

  it("keeps outcomes apart where they are not mirrored, and only states the first one's best", () => {
    const frame = changes(
      change(YES, "0.5", "2", "SELL", "0.4", "0.5"),
      change(NO, "0.3", "3", "BUY", "0.3", "0.6"),
    );
    expect(decode(frame, { mirrored: false })).toMatchObject([
      { levels: [1, 5000, 2_000_000, 2, 3000, 3_000_000], bestBid: 4000, bestAsk: 5000 },
    ]);
  });

  it("takes the last of several sizes of a level, and the last best prices", () => {
    const frame = changes(
      change(YES, "0.5", "1", "BUY", "0.5", "0.52"),
      change(NO, "0.5", "1", "SELL", "0.48", "0.5"),
      change(YES, "0.5", "0", "BUY", "0.49", "0.52"),
      change(NO, "0.5", "0", "SELL", "0.48", "0.51"),
    );
    expect(decode(frame)).toMatchObject([{ levels: [0, 5000, 0], bestBid: 4900, bestAsk: 5200 }]);
  });

  it.each([
    ["", "", -1, -1],
    ["0", "1", 0, 10_000],
    ["1", "0", -1, -1],
    [null, undefined, -1, -1],
  ])("reads best prices %j and %j as %d and %d", (bid, ask, bestBid, bestAsk) => {
    const frame = changes({ ...change(YES, "0.5", "1", "BUY", "", ""), best_bid: bid, best_ask: ask });
    expect(decode(frame)).toMatchObject([{ bestBid, bestAsk }]);
    const other = changes({ ...change(NO, "0.5", "1", "BUY", "", ""), best_bid: bid, best_ask: ask });
    const turned = (price: number) => (price < 0 ? -1 : 10_000 - price);
    expect(decode(other)).toMatchObject([{ bestBid: turned(bestAsk), bestAsk: turned(bestBid) }]);
  });

  it("quarantines mirrored changes that disagree", () => {
    const frame = changes(
      change(YES, "0.51", "150.0", "BUY", "0.51", "0.52"),
      change(NO, "0.49", "100.0", "SELL", "0.48", "0.49"),
    );
    expect(decode(frame)).toMatchObject([
      {
        type: "frame_quarantined",
        marketId: MARKET,
        reason: "the two outcomes disagree on the size at 0.51",
      },
    ]);
  });

  it("quarantines a frame of two markets and drops changes of unknown tokens", () => {
    const other = market({ marketId: "0xother" as typeof MARKET }, ["111111111111", "222222222222"]);
    const mixed = changes(
      change(YES, "0.5", "1", "BUY", "", ""),
      change("111111111111", "0.5", "1", "BUY", "", ""),
    );
    const known = decodeAll([JSON.stringify(mixed)], [market(), other]);
    expect(known.events).toMatchObject([
      { type: "frame_quarantined", reason: "price_changes name tokens of two markets" },
    ]);
    const unknown = decodeAll([JSON.stringify(mixed)], [market()]);
    expect(unknown.events).toMatchObject([{ type: "book_delta", levels: [0, 5000, 1_000_000] }]);
    expect(unknown.decoder.stats).toMatchObject({ foreign: 1, quarantined: 0, scanned: 1 });
  });

  it("reads a frame of many changes", () => {
    const many = Array.from({ length: 400 }, (_, i) =>
      change(YES, `0.${String(i + 100)}`, String(i), "BUY", "0.499", "0.6"),
    );
    const both = [
      ...many,
      ...many.map((each) =>
        change(NO, String((1000 - Number(each.price) * 1000) / 1000), each.size, "SELL", "0.4", "0.501"),
      ),
    ];
    const [event] = decode(changes(...both), { tick: 10 });
    expect(event).toMatchObject({ type: "book_delta", bestBid: 4990, bestAsk: 6000 });
    expect(event?.type === "book_delta" ? event.levels.length : 0).toBe(1200);
  });

  it("of no change says nothing", () => {
    expect(decode(changes())).toEqual([]);
  });
});

describe("book", () => {
  const levels = [0, 4800, 30_000_000, 0, 4900, 20_500_000, 1, 5300, 60_000_001, 1, 5200, 25_000_000];

  it("is a snapshot", () => {
    expect(decode([book()])).toEqual([
      {
        type: "book_snapshot",
        marketId: MARKET,
        outcome: 0,
        levels,
        synthetic: false,
        occurredAt: 1_790_000_000_123,
        ...AT,
      },
    ]);
  });

  it("of the second outcome is one of the first, turned around", () => {
    expect(decode(book({ asset_id: NO }))).toMatchObject([
      {
        outcome: 0,
        levels: [1, 5200, 30_000_000, 1, 5100, 20_500_000, 0, 4700, 60_000_001, 0, 4800, 25_000_000],
      },
    ]);
    expect(decode(book({ asset_id: NO }), { mirrored: false })).toMatchObject([
      {
        outcome: 1,
        levels: [2, 4800, 30_000_000, 2, 4900, 20_500_000, 3, 5300, 60_000_001, 3, 5200, 25_000_000],
      },
    ]);
  });

  it("may be empty, and may come as REST answers it", () => {
    const rest = {
      ...book({ bids: [], asks: [] }),
      min_order_size: "5",
      neg_risk: false,
      event_type: undefined,
      last_trade_price: "",
    };
    expect(decode(`${JSON.stringify(rest)}\n`)).toMatchObject([{ type: "book_snapshot", levels: [] }]);
    expect(decodeAll([JSON.stringify(rest)], [market()]).decoder.stats.scanned).toBe(1);
  });

  it("tells of a tick that changed meanwhile, before itself", () => {
    expect(decode(book({ tick_size: "0.001" }))).toMatchObject([
      { type: "tick_size_changed", tick: 10 },
      { type: "book_snapshot" },
    ]);
    expect(decode(book({ tick_size: "" }))).toHaveLength(1);
    expect(decode(book({ tick_size: "0.003" }))).toMatchObject([
      { type: "frame_quarantined", reason: 'tick_size is "0.003"' },
    ]);
  });

  it("that lists a price twice is quarantined", () => {
    const twice = [
      { price: "0.48", size: "30" },
      { price: "0.49", size: "30" },
      { price: "0.480", size: "31" },
    ];
    expect(decode(book({ bids: twice }))).toMatchObject([{ reason: 'bids list the price "0.480" twice' }]);
    expect(decode(book({ asks: twice.slice(0, 2), bids: [] }))).toMatchObject([{ type: "book_snapshot" }]);
  });

  it("comes several to a frame", () => {
    expect(
      decode([book(), changes(change(YES, "0.5", "1", "BUY", "0.5", "0.52")), book({ asset_id: NO })]),
    ).toHaveLength(3);
  });
});

describe("other events", () => {
  it("last_trade_price is a trade of its token", () => {
    const trade = {
      event_type: "last_trade_price",
      market: MARKET,
      asset_id: NO,
      price: "0.52",
      size: "25",
      side: "SELL",
      fee_rate_bps: "0",
      timestamp: "1790000000300",
      transaction_hash: "0x1",
    };
    expect(decode(trade)).toEqual([
      {
        type: "market_trade",
        marketId: MARKET,
        outcome: 1,
        side: "sell",
        price: 5200,
        size: 25_000_000,
        occurredAt: 1_790_000_000_300,
        ...AT,
      },
    ]);
  });

  it("tick_size_change is told once although both tokens tell it", () => {
    const tick = (asset: string, size: string) =>
      JSON.stringify({
        event_type: "tick_size_change",
        market: MARKET,
        asset_id: asset,
        old_tick_size: "0.01",
        new_tick_size: size,
        timestamp: "1790000000400",
      });
    const { events } = decodeAll(
      [tick(YES, "0.001"), tick(NO, "0.001"), tick(YES, "0.01"), tick(NO, "0.01")],
      [market()],
    );
    expect(events).toMatchObject([
      { type: "tick_size_changed", tick: 10, occurredAt: 1_790_000_000_400 },
      { type: "tick_size_changed", tick: 100 },
    ]);
    expect(decodeAll([`[${tick(YES, "0.001")},${tick(NO, "0.001")}]`], [market()]).events).toHaveLength(1);
  });

  it("best_bid_ask is a quote of outcome 0", () => {
    const quote = (asset: string, bid: string, ask: string) => ({
      event_type: "best_bid_ask",
      market: MARKET,
      asset_id: asset,
      best_bid: bid,
      best_ask: ask,
      spread: "0.02",
      timestamp: "1790000000500",
    });
    expect(decode(quote(YES, "0.5", "0.52"))).toMatchObject([
      { type: "best_quote", bestBid: 5000, bestAsk: 5200 },
    ]);
    expect(decode(quote(NO, "0.48", "1"))).toMatchObject([{ type: "best_quote", bestBid: 0, bestAsk: 5200 }]);
    expect(decode(quote(YES, "", "0.52"))).toEqual([]);
    expect(decode(quote(NO, "0.4", "0.5"), { mirrored: false })).toEqual([]);
    expect(decodeAll([JSON.stringify(quote(YES, "", "0.52"))], [market()]).decoder.stats.unusable).toBe(1);
  });

  it("market_resolved is a hint at its winner", () => {
    const resolved = {
      event_type: "market_resolved",
      id: "1031769",
      market: MARKET,
      assets_ids: [YES, NO],
      winning_asset_id: NO,
      winning_outcome: "B",
      timestamp: "1790000000600",
      tags: ["esports"],
    };
    expect(decode(resolved)).toMatchObject([{ type: "market_resolved_hint", marketId: MARKET, winner: 1 }]);
  });

  it("what is of no use is counted", () => {
    const frames = [
      '{"event_type":"new_market","id":"1","assets_ids":["1","2"]}',
      '{"event_type":"__proto__"}',
      '[{"event_type":"constructor","x":1},{"event_type":"hasOwnProperty"}]',
      "PONG",
      "NO NEW ASSETS",
      "[]",
      JSON.stringify(book({ asset_id: "5" })),
    ];
    const { events, decoder } = decodeAll(frames, [market()]);
    expect(events).toEqual([]);
    expect(decoder.stats).toEqual({
      scanned: 2,
      parsed: 3,
      control: 2,
      quarantined: 0,
      events: 0,
      ignored: 4,
      foreign: 1,
      unusable: 0,
    });
  });

  it("short token ids are found too", () => {
    const { events, decoder } = decodeAll(
      [JSON.stringify(book({ asset_id: "2" }))],
      [market({}, ["1", "2"])],
    );
    expect(events).toHaveLength(1);
    expect(decoder.stats.scanned).toBe(1);
  });
});

describe("a frame's place in memory", () => {
  it("does not matter", () => {
    const text = JSON.stringify([book()]);
    const expected = decode(text);
    const bytes = new TextEncoder().encode(text);
    for (const [before, after] of [
      [0, 0],
      [3, 0],
      [0, 5],
      [7, 200],
    ] as const) {
      const memory = new Uint8Array(before + bytes.length + after).fill(0x22);
      memory.set(bytes, before);
      const decoder = createMarketDecoder(new TokenIndex([market()]));
      const events: CoreEvent[] = [];
      decoder.decode(memory, before, before + bytes.length, STAMP, (event) => events.push(event));
      const view = memory.subarray(before);
      decoder.decode(view, 0, bytes.length, STAMP, (event) => events.push(event));
      expect(events).toEqual([...expected, ...expected]);
      expect(decoder.stats.scanned).toBe(2);
    }
  });
});

describe("the token index", () => {
  it("refuses ids that cannot be told apart", () => {
    expect(() => new TokenIndex([market({}, ["1", "1"])])).toThrow("not plain or not unique");
    expect(() => new TokenIndex([market({}, ["", "1"])])).toThrow("not plain or not unique");
    expect(() => new TokenIndex([market({}, ['1"', "1"])])).toThrow("not plain or not unique");
    expect(() => new TokenIndex([market(), market({ marketId: "0x2" as typeof MARKET })])).toThrow(
      "not plain or not unique",
    );
  });

  it("forgets and replaces markets", () => {
    const index = new TokenIndex([market()]);
    index.add(market({ tick: 10 as never }));
    expect([index.size, index.get(YES)?.market.tick, [...index.marketIds()]]).toEqual([2, 10, [MARKET]]);
    expect(index.tokensOf(MARKET).map((token) => token.outcome)).toEqual([0, 1]);
    index.remove(MARKET);
    index.remove(MARKET);
    expect([index.size, index.get(NO), index.tokensOf(MARKET)]).toEqual([0, undefined, []]);
  });
});
