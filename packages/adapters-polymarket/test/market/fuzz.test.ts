import { eventProblem, type CoreEvent } from "@matchpoint/sdk";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createMarketDecoder, TokenIndex } from "../../src/index.ts";
import { MARKET_FRAME } from "../../src/market/schemas.ts";
import { market, MARKET, NO, STAMP, YES } from "../support/markets.ts";

/** Reasons beyond the shape of a frame: what the index knows of its tokens. */
const MEANING = /disagree|two markets/;

const OTHER = market({ marketId: "0xother" as typeof MARKET, mirrored: false }, ["8".repeat(77), "31"]);

const readers = (["fastest", "parser"] as const).map((read) => {
  const index = new TokenIndex();
  return { index, decoder: createMarketDecoder(index, { read }) };
});

/** What a reader makes of a frame, without memory of earlier ones. */
function read({ index, decoder }: (typeof readers)[number], frame: Uint8Array) {
  for (const each of [market(), OTHER]) index.add(each);
  const before = decoder.stats;
  const events: CoreEvent[] = [];
  decoder.decode(frame, 0, frame.length, STAMP, (event) => events.push(event));
  const { foreign, ignored, unusable, quarantined, control } = decoder.stats;
  return {
    events,
    scanned: decoder.stats.scanned > before.scanned,
    counts: {
      foreign: foreign - before.foreign,
      ignored: ignored - before.ignored,
      unusable: unusable - before.unusable,
      quarantined: quarantined - before.quarantined,
      control: control - before.control,
    },
  };
}

/** The three readers of a frame must agree; returns whether it was accepted, and by the scanner. */
function agree(frame: string | Uint8Array): { accepted: boolean; scanned: boolean } {
  const bytes = typeof frame === "string" ? new TextEncoder().encode(frame) : frame;
  const [fastest, parser] = readers.map((reader) => read(reader, bytes));
  expect(fastest!.events).toEqual(parser!.events);
  expect(fastest!.counts).toEqual(parser!.counts);

  const { events, counts, scanned } = fastest!;
  expect(events.flatMap((event) => eventProblem(event) ?? [])).toEqual([]); // a journal takes them all
  const refusal = events.find((event) => event.type === "frame_quarantined");
  if (refusal !== undefined) expect(events).toHaveLength(1);
  expect(counts.quarantined).toBe(refusal === undefined ? 0 : 1);
  const accepted = refusal === undefined;
  if (counts.control > 0 || (refusal !== undefined && MEANING.test(refusal.reason)))
    return { accepted, scanned };
  const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
  expect(accepted, refusal?.reason ?? "accepted").toBe(specified(text));
  return { accepted, scanned };
}

function specified(text: string): boolean {
  try {
    return MARKET_FRAME.safeParse(JSON.parse(text)).success;
  } catch {
    return false;
  }
}

const token = fc.constantFrom(YES, YES, NO, OTHER.outcomes[0].tokenId, "31", "1".repeat(77), "7");
const decimal = fc.oneof(
  fc.integer({ min: 0, max: 10_000 }).map((n) => String(n / 10_000)),
  fc.integer({ min: 0, max: 100 }).map((n) => (n / 100).toFixed(2)),
  fc.constantFrom("0", "1", "0.5", ".5", "0.50000", "1.0", "00.5", "0.0001"),
);
const size = fc.oneof(
  fc.integer({ min: 0, max: 100_000_000 }).map((n) => String(n / 100)),
  fc.integer({ min: 0, max: 9e15 }).map((n) => (n / 1e6).toFixed(6)),
  fc.constantFrom("0", "5", "1234567890.5", "0.000001", "17.000000000"),
);
const odd = fc.oneof(
  fc.constantFrom<unknown>(
    "",
    "-1",
    "NaN",
    "1e3",
    "0.12345",
    "1.5",
    "0.0000001",
    "9007199254740993",
    "5.",
    "0.",
    ".",
    "0.1000000000000000000",
    "12345678901",
    " 1",
    "1 ",
    null,
    0.5,
    true,
    [],
    {},
  ),
  fc.string(),
  fc.jsonValue({ maxDepth: 2 }),
);
const rarelyOdd = <T>(usual: fc.Arbitrary<T>): fc.Arbitrary<unknown> =>
  fc.oneof({ arbitrary: usual, weight: 60 }, { arbitrary: odd, weight: 1 });
const side = fc.constantFrom("BUY", "SELL");
const millis = fc.integer({ min: 0, max: 2_000_000_000_000 }).map(String);
const extra = fc.dictionary(
  fc.oneof(
    fc.string(),
    fc.constantFrom(
      "__proto__",
      "constructor",
      "price",
      "asset_id",
      "pricey",
      "best_bidder",
      "timestamps",
      'é\\"',
    ),
  ),
  fc.oneof(fc.string(), fc.boolean(), fc.jsonValue({ maxDepth: 2 })),
  { maxKeys: 2 },
);

const level = fc.record({ price: rarelyOdd(decimal), size: rarelyOdd(size) });
const ladder = fc.oneof(
  fc
    .uniqueArray(fc.integer({ min: 0, max: 100 }), { maxLength: 12 })
    .map((prices) => prices.sort((a, b) => a - b).map((n) => ({ price: String(n / 100), size: String(n) }))),
  fc.array(level, { maxLength: 4 }),
);
const change = fc.record(
  {
    asset_id: rarelyOdd(token),
    price: rarelyOdd(decimal),
    size: rarelyOdd(size),
    side: rarelyOdd(side),
    hash: fc.string(),
    best_bid: rarelyOdd(decimal),
    best_ask: rarelyOdd(decimal),
  },
  { requiredKeys: ["asset_id", "price", "size", "side"] },
);
/** A change and its mirror image, as the venue sends them. */
const mirrored = fc
  .tuple(
    fc.integer({ min: 1, max: 99 }),
    size,
    fc.boolean(),
    fc.integer({ min: 0, max: 100 }),
    fc.integer({ min: 0, max: 100 }),
  )
  .map(([price, amount, buy, bid, ask]) => {
    const of = (asset: string, at: number, way: boolean, best: number, worst: number) => ({
      asset_id: asset,
      price: String(at / 100),
      size: amount,
      side: way ? "BUY" : "SELL",
      hash: "c10e3921ecf96b5972fd22339c9ab6b53d512b23",
      best_bid: String(best / 100),
      best_ask: String(worst / 100),
    });
    return [of(YES, price, buy, bid, ask), of(NO, 100 - price, !buy, 100 - ask, 100 - bid)];
  });
const type = (name: string) => rarelyOdd(fc.constant(name));
const event = fc.oneof(
  fc.record(
    {
      market: fc.constant(MARKET),
      asset_id: rarelyOdd(token),
      timestamp: rarelyOdd(millis),
      bids: rarelyOdd(ladder),
      asks: rarelyOdd(ladder),
      tick_size: rarelyOdd(fc.constantFrom("0.01", "0.001", "0.0025", "")),
      event_type: type("book"),
      neg_risk: fc.boolean(),
    },
    { requiredKeys: ["asset_id", "timestamp", "bids", "asks"] },
  ),
  fc.record({
    market: fc.constant(MARKET),
    price_changes: rarelyOdd(fc.oneof(mirrored, fc.array(change, { maxLength: 4 }))),
    timestamp: rarelyOdd(millis),
    event_type: type("price_change"),
  }),
  fc.record({
    asset_id: rarelyOdd(token),
    price: rarelyOdd(decimal),
    size: rarelyOdd(size),
    side: rarelyOdd(side),
    timestamp: rarelyOdd(millis),
    event_type: type("last_trade_price"),
  }),
  fc.record({
    asset_id: rarelyOdd(token),
    new_tick_size: rarelyOdd(decimal),
    timestamp: rarelyOdd(millis),
    event_type: type("tick_size_change"),
  }),
  fc.record({
    asset_id: rarelyOdd(token),
    best_bid: rarelyOdd(decimal),
    best_ask: rarelyOdd(decimal),
    timestamp: rarelyOdd(millis),
    event_type: type("best_bid_ask"),
  }),
  fc.record({
    winning_asset_id: rarelyOdd(token),
    timestamp: rarelyOdd(millis),
    event_type: type("market_resolved"),
  }),
  fc.record({ event_type: fc.string(), x: fc.jsonValue() }),
);
/** An event with its keys shuffled, other keys between them, and some of another event, so that keys occur twice. */
const shuffled = fc
  .tuple(event, extra, fc.option(event, { nil: {} }), fc.nat(3), fc.infiniteStream(fc.nat()))
  .map(([fields, more, another, borrowed, order]) => {
    const entries = [
      ...Object.entries(fields),
      ...Object.entries(more).filter(([key]) => !(key in fields)),
      ...Object.entries(another).slice(0, borrowed),
    ];
    return entries
      .map((entry) => ({ entry, at: order.next().value }))
      .sort((a, b) => a.at - b.at)
      .map(({ entry }) => entry);
  });
/** An event followed by the lists of another. */
const joined = fc
  .tuple(event, event)
  .map(([fields, another]) => [
    ...Object.entries(fields),
    ...Object.entries(another).filter(([key]) => ["bids", "asks", "price_changes"].includes(key)),
  ]);
const plain = fc.oneof(
  event.map((fields) => Object.entries(fields)),
  shuffled,
  joined,
);

/** JSON as different writers lay it out. */
function write(entries: readonly (readonly [string, unknown])[], style: number): string {
  const space = style === 0 ? "" : style === 1 ? " " : "\n\t ";
  const value = (each: unknown): string =>
    style === 2 ? JSON.stringify(each, null, 2) : JSON.stringify(each).replaceAll('","', `",${space}"`);
  return `{${entries.map(([key, each]) => `${JSON.stringify(key)}:${style === 2 ? space : ""}${value(each)}`).join(`,${space}`)}}`;
}
const frame = fc.oneof(
  fc.tuple(plain, fc.nat(2)).map(([entries, style]) => write(entries, style)),
  fc
    .tuple(fc.array(plain, { maxLength: 3 }), fc.nat(2))
    .map(([list, style]) => `[${list.map((each) => write(each, style)).join(", ")}]`),
);

describe("scanner, parser and schema", { timeout: 60_000 }, () => {
  it("agree on frames that are as specified or nearly so", () => {
    let accepted = 0;
    let scanned = 0;
    fc.assert(
      fc.property(frame, (text) => {
        const result = agree(text);
        if (result.accepted) accepted++;
        if (result.scanned) scanned++;
      }),
      { numRuns: 1000 },
    );
    expect(accepted).toBeGreaterThan(400); // the generator must mostly make frames that count
    expect(scanned).toBeGreaterThan(100);
  });

  it("agree on frames with bytes changed, lost, doubled or cut off", () => {
    const symbols = Array.from('"\\{}[]:,0123456789.-+eE \n\t\u0000tfnu', (symbol) => symbol.charCodeAt(0));
    const bytes = fc.oneof(fc.nat(255), fc.constantFrom(...symbols));
    const damage = fc.array(fc.tuple(fc.nat(3), fc.nat(), bytes), { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(frame, damage, (text, harm) => {
        const content = [...new TextEncoder().encode(text)];
        for (const [kind, where, byte] of harm) {
          const at = where % Math.max(1, content.length);
          if (kind === 0) content[at] = byte;
          else if (kind === 1) content.splice(at, 1);
          else if (kind === 2) content.splice(at, 0, byte);
          else content.length = at;
        }
        agree(Uint8Array.from(content));
      }),
      { numRuns: 2000 },
    );
  });

  it("agree on anything", () => {
    fc.assert(
      fc.property(fc.oneof(fc.json(), fc.string(), fc.uint8Array({ maxLength: 300 })), (text) => {
        agree(text);
      }),
      { numRuns: 300 },
    );
  });

  it("read the venue's usual frames from their bytes", () => {
    fc.assert(
      fc.property(mirrored, millis, (pair, at) => {
        const fields = { market: MARKET, price_changes: pair, timestamp: at, event_type: "price_change" };
        expect(agree(write(Object.entries(fields), 1))).toEqual({ accepted: true, scanned: true });
      }),
    );
  });
});
