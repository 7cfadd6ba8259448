import { eventProblem, id, type OrderId } from "@matchpoint/sdk";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { AccountTokens, createUserDecoder, USER_FEED } from "../../src/index.ts";
import { market } from "../support/markets.ts";
import { entry, hear, IDENTITY, makerFrame, MARKET, newDecoder, orderFrame, tradeFrame } from "./frames.ts";

describe("frames of the user channel", () => {
  it("are an object or a list", () => {
    const one = hear(newDecoder(), orderFrame(), tradeFrame());
    expect(hear(newDecoder(), [orderFrame(), tradeFrame()])).toEqual(one);
    expect(hear(newDecoder(), [])).toEqual([]);
  });

  it("may leave out event_type", () => {
    const said = hear(
      newDecoder(),
      { ...orderFrame(), event_type: undefined },
      { ...tradeFrame(), event_type: undefined },
    );
    expect(said.map((event) => event.type)).toEqual(["order_report", "trade_report"]);
  });

  it("keep the good events beside a bad one", () => {
    const said = hear(newDecoder(), [tradeFrame(), tradeFrame({ id: "bad id" }), orderFrame()]);
    expect(said.map((event) => event.type)).toEqual(["trade_report", "frame_quarantined", "order_report"]);
    expect(said[1]).toMatchObject({
      feed: USER_FEED,
      sample: expect.stringContaining("id: bad id") as string,
    });
  });

  it("count unknown fields and unknown types", () => {
    const decoder = newDecoder();
    hear(
      decoder,
      tradeFrame({ fee_paid: "0.1", maker_orders: [entry({ rebate: 1 })] }),
      orderFrame({ fee_paid: 1 }),
      orderFrame({ fee_paid: 2 }),
      { event_type: "notice", text: "hello" },
    );
    expect(Object.fromEntries(decoder.stats.unknownFields)).toEqual({
      "trade.fee_paid": 1,
      "maker_order.rebate": 1,
      "order.fee_paid": 2,
    });
    expect(decoder.stats).toMatchObject({ ignored: 1, quarantined: 0 });
  });

  it("keep few names of unknown fields, however many come", () => {
    const decoder = newDecoder();
    for (let n = 0; n < 200; n++) hear(decoder, orderFrame({ [`new_${n}`]: 1 }));
    expect(decoder.stats.unknownFields.size).toBeLessThanOrEqual(65);
    expect([...decoder.stats.unknownFields.values()].reduce((sum, count) => sum + count, 0)).toBe(200);
  });

  it("are remembered up to a bound", () => {
    const tokens = new AccountTokens([market()]);
    const decoder = createUserDecoder({ identity: IDENTITY, tokens, remembered: 2 });
    hear(
      decoder,
      tradeFrame({ id: "1" }),
      tradeFrame({ id: "2" }),
      tradeFrame({ id: "3" }),
      tradeFrame({ id: "1" }),
    );
    expect(decoder.stats).toMatchObject({ trades: 4, duplicates: 0 });
  });

  it("take no part of what is inherited or hidden in __proto__", () => {
    const text = JSON.stringify(orderFrame()).replace("{", '{"__proto__":{"status":"MATCHED","evil":1},');
    expect(hear(newDecoder(), text)).toMatchObject([
      { status: "live", orderId: id<OrderId>(orderFrame()["id"] as string) },
    ]);
    expect(({} as { readonly evil?: number }).evil).toBeUndefined();
  });
});

const HOSTILE: readonly unknown[] = [
  null,
  true,
  "",
  "NaN",
  "Infinity",
  "1e309",
  "-0",
  "0x10",
  "9".repeat(400),
  "🦊",
  "\u0000",
  "__proto__",
  Number.MAX_VALUE,
  -1,
  0.1,
  [],
  [[]],
  {},
  { __proto__: null, toString: 1 },
  { length: 1e9 },
];

describe("hostile frames", () => {
  const decoder = newDecoder();
  const keys = [
    ...new Set([...Object.keys(orderFrame()), ...Object.keys(tradeFrame()), ...Object.keys(entry())]),
  ];
  const base = fc.constantFrom<() => Record<string, unknown>>(
    () => orderFrame(),
    () => tradeFrame(),
    () => makerFrame({}),
  );
  const broken = fc
    .record({
      base,
      changes: fc.array(fc.tuple(fc.constantFrom(...keys), fc.constantFrom<unknown>(...HOSTILE)), {
        maxLength: 4,
      }),
      deep: fc.boolean(),
      list: fc.boolean(),
    })
    .map(({ base, changes, deep, list }) => {
      const frame = { ...base(), ...(deep ? {} : Object.fromEntries(changes)) };
      if (deep)
        frame["maker_orders"] = [
          entry(Object.fromEntries(changes), true),
          ...changes.map(([, value]) => value),
        ];
      return JSON.stringify(list ? [frame, frame] : frame);
    });
  const cut = broken.chain((text) => fc.integer({ min: 0, max: text.length }).map((at) => text.slice(0, at)));
  const frame = fc.oneof({ weight: 5, arbitrary: broken }, cut, fc.json(), fc.string());

  it("never throw, and each says something, or is counted: 2,000 of them", () => {
    let accepted = 0;
    let refused = 0;
    fc.assert(
      fc.property(frame, (text) => {
        const before = decoder.stats;
        const said = hear(decoder, text);
        const after = decoder.stats;
        for (const event of said) expect(eventProblem(event), text).toBeUndefined();
        for (const event of said) {
          if (event.type === "frame_quarantined") refused++;
          else accepted++;
          if (event.type !== "trade_report") continue;
          expect(event.marketId).toBe(MARKET);
          expect(event.size).toBeGreaterThan(0);
          expect(event.cost).toBeGreaterThanOrEqual(0);
        }
        const counted = (["control", "ignored", "duplicates"] as const).some(
          (name) => after[name] > before[name],
        );
        expect(said.length > 0 || counted || text.replace(/\s/g, "") === "[]", text).toBe(true);
      }),
      { numRuns: 2_000 },
    );
    expect(accepted).toBeGreaterThan(100); // the fuzz reaches both sides
    expect(refused).toBeGreaterThan(500);
  });

  it.each([
    ["deep nesting", `${"[".repeat(200_000)}${"]".repeat(200_000)}`],
    [
      "a deep object",
      `{"event_type":"trade","maker_orders":${'{"a":'.repeat(50_000)}1${"}".repeat(50_000)}}`,
    ],
    ["5 MB of text", JSON.stringify(orderFrame({ status: "x".repeat(5_000_000) }))],
    ["a 5 MB key", JSON.stringify({ ["k".repeat(5_000_000)]: 1 })],
    ["a number beyond all", '{"event_type":"order","id":1e309}'],
    ["HTML", "<html><body>Just a moment...</body></html>"],
  ])("%s is quarantined with a short sample", (_, text) => {
    const said = hear(newDecoder(), text);
    expect(said).toHaveLength(1);
    const [only] = said;
    expect(only?.type).toBe("frame_quarantined");
    if (only?.type !== "frame_quarantined") return;
    expect(only.sample.length).toBeLessThanOrEqual(200);
    expect(only.reason.length).toBeLessThanOrEqual(300);
  });
});
