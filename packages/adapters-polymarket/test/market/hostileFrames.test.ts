import { describe, expect, it } from "vitest";
import { decodeAll } from "../support/decode.ts";
import { market, MARKET, NO, YES } from "../support/markets.ts";
import { decode, change, changes, book } from "./frames.ts";

describe("hostile frames", () => {
  const deep = (levels: number) => "[".repeat(levels) + "]".repeat(levels);
  const good = change(YES, "0.5", "1", "BUY", "0.5", "0.52");
  const huge = "9".repeat(5_000_000);
  const hostile: readonly (readonly [string, unknown, string])[] = [
    ["NaN", '{"event_type":"book","asset_id":NaN}', "not JSON"],
    ["a price of NaN as text", changes({ ...good, price: "NaN" }), 'price_changes[0].price is "NaN"'],
    ["1e309", changes({ ...good, size: 1e308 }), "price_changes[0].size is 1e+308"],
    ["1e309 as text", changes({ ...good, size: "1e309" }), 'price_changes[0].size is "1e309"'],
    [
      "1e309 as number",
      '{"event_type":"last_trade_price","asset_id":"1","timestamp":"1","price":"0.5","size":1e309,"side":"BUY"}',
      "size is Infinity",
    ],
    ["a negative size", changes({ ...good, size: "-1" }), 'price_changes[0].size is "-1"'],
    ["minus nothing", changes({ ...good, size: "-0" }), 'price_changes[0].size is "-0"'],
    ["a point without digits", changes({ ...good, size: "5." }), 'price_changes[0].size is "5."'],
    ["a price that ends at its point", changes({ ...good, price: "0." }), 'price_changes[0].price is "0."'],
    ["nothing but a point", changes({ ...good, size: "." }), 'price_changes[0].size is "."'],
    [
      "a size of nineteen places",
      changes({ ...good, size: "1.0000000000000000000" }),
      'price_changes[0].size is "1.0000000000000000000"',
    ],
    ["an empty size", changes({ ...good, size: "" }), 'price_changes[0].size is ""'],
    ["a missing size", changes({ ...good, size: undefined }), "price_changes[0].size is missing"],
    ["a price of five places", changes({ ...good, price: "0.12345" }), 'price_changes[0].price is "0.12345"'],
    ["a price above one", changes({ ...good, price: "1.01" }), 'price_changes[0].price is "1.01"'],
    [
      "a size of seven places",
      changes({ ...good, size: "0.0000001" }),
      'price_changes[0].size is "0.0000001"',
    ],
    ["a size beyond 2^53", changes({ ...good, size: "9007199254.740992" }), "price_changes[0].size is"],
    ["a number for text", changes({ ...good, price: 0.5 }), "price_changes[0].price is 0.5"],
    ["a list for text", changes({ ...good, price: ["0.5"] }), "price_changes[0].price is a list"],
    ["a side of its own", changes({ ...good, side: "buy" }), 'price_changes[0].side is "buy"'],
    ["a wrong best bid", changes({ ...good, best_bid: "x" }), 'price_changes[0].best_bid is "x"'],
    ["a token of null", changes({ ...good, asset_id: null }), "price_changes[0].asset_id is null"],
    ["a bad change behind a good one", changes(good, { ...good, size: "x" }), 'price_changes[1].size is "x"'],
    ["a bad event behind a good one", [book(), book({ timestamp: "" })], 'timestamp is ""'],
    ["a time in words", book({ timestamp: "yesterday" }), 'timestamp is "yesterday"'],
    ["no time", book({ timestamp: undefined }), "timestamp is missing"],
    ["bids of null", book({ bids: null }), "bids is null"],
    ["a level of null", book({ bids: [null] }), "bids[0] is null"],
    ["levels as pairs", book({ asks: [["0.5", "1"]] }), "asks[0] is a list"],
    ["a frame of null", "null", "an event is null, not an object"],
    ["a frame of nulls", "[null]", "an event is null, not an object"],
    ["a number", "5", "an event is 5, not an object"],
    ["an empty frame", "", "not JSON"],
    ["an empty object", "{}", "asset_id is missing"],
    ["a type of number", '{"event_type":5}', "event_type is 5"],
    ["no type", changes(good).price_changes, "timestamp is missing"],
    ["10,000 brackets", deep(10_000), "an event is a list, not an object"],
    ["broken brackets", deep(10_000).slice(1), "not JSON"],
    ["5 MB of digits", changes({ ...good, size: huge }), "price_changes[0].size is"],
    ["5 MB of nothing", "x".repeat(5_000_000), "not JSON"],
    ["something behind the end", `${JSON.stringify(book())}x`, "not JSON"],
    ["two frames in one", `${JSON.stringify(book())}${JSON.stringify(book())}`, "not JSON"],
    ["half a frame", JSON.stringify(book()).slice(0, 200), "not JSON"],
    [
      "a control character in a text",
      JSON.stringify(book({ hash: "x" })).replace('"x"', '"\u0001"'),
      "not JSON",
    ],
    ["a proto with the fields", '{"__proto__":{"event_type":"book","asset_id":"1"}}', "asset_id is missing"],
    ["html", "<html>403</html>", "not JSON"],
  ];

  it.each(hostile)("%s: quarantined, whole, and said why", (_, frame, reason) => {
    const events = decode(frame);
    expect(events).toHaveLength(1);
    const [event] = events;
    if (event?.type !== "frame_quarantined") throw new Error(`expected a quarantine, got ${event?.type}`);
    expect(event.reason).toContain(reason);
    expect(event.reason.length).toBeLessThan(160);
    expect(event.sample.length).toBeLessThanOrEqual(200);
    expect(event.feed).toBe("polymarket-market");
  });

  it("names the market when it can", () => {
    expect(decode(book({ timestamp: "" }))).toMatchObject([{ marketId: MARKET }]);
    expect(decode(changes({ ...good, size: "x" }))).toMatchObject([{ marketId: MARKET }]);
    expect(decode("{")[0]).not.toHaveProperty("marketId");
  });

  it("does not change the tick for a frame that is refused", () => {
    const frames = [
      JSON.stringify([book({ tick_size: "0.001" }), book({ timestamp: "" })]),
      JSON.stringify(book({ tick_size: "0.001" })),
    ];
    expect(decodeAll(frames, [market()]).events).toMatchObject([
      { type: "frame_quarantined" },
      { type: "tick_size_changed" },
      { type: "book_snapshot" },
    ]);
  });

  it("reads what is only odd", () => {
    const odd = [
      `{"event_type":"book","asset_id":"${YES}","asset_id":"${YES}","timestamp":"1","bids":[],"asks":[]}`,
      `{"event_type":"b\\u006fok","asset_id":"${YES}","timestamp":"1","bids":[],"asks":[]}`,
      `\n { "event_type" : "book" , "asset_id" : "${YES}" ,\t"timestamp" : "1" , "bids" : [ ] , "asks" : [ ] } \r\n`,
      JSON.stringify(book({ extra: { deep: [1, 2, { x: null }] }, price: "nonsense" })),
      JSON.stringify(book({ note: "x".repeat(5_000_000) })),
      JSON.stringify(book({ nested: 1 })).replace('"nested":1', `"nested":${deep(10_000)}`),
      JSON.stringify(book({ price_changes: [change(NO, "0.5", "1", "BUY", "", "")] })),
      JSON.stringify(
        book({
          bids: [
            { price: ".48", size: "1" },
            { price: "0.4900", size: "2.500000" },
          ],
        }),
      ),
    ];
    for (const frame of odd)
      expect(decode(frame)).toMatchObject([{ type: "book_snapshot", marketId: MARKET, outcome: 0 }]);
  });

  it("of duplicate keys takes the last, as JSON does", () => {
    const twice = `{"event_type":"last_trade_price","asset_id":"${YES}","price":"0.1","price":"0.2","size":"1","side":"BUY","timestamp":"1"}`;
    expect(decode(twice)).toMatchObject([{ price: 2000 }]);
  });
});
