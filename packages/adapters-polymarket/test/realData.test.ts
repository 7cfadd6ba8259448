import { existsSync, globSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { gunzipSync } from "node:zlib";
import {
  feeSchedule,
  id,
  MarketBook,
  NO_FEE,
  type BookEvent,
  type CoreEvent,
  type MarketDescription,
  type Price,
} from "@matchpoint/sdk";
import { describe, expect, it } from "vitest";
import {
  createMarketDecoder,
  decodeClobMarket,
  decodeGammaEvent,
  decodeGammaMarket,
  TokenIndex,
  withClobMarket,
} from "../src/index.ts";
import { market as describeMarket, STAMP } from "./support/markets.ts";

const data = process.env["MATCHPOINT_DATA"] ?? resolve(import.meta.dirname, "../../../../shared/data");
const there = existsSync(join(data, "polymarket-ws-raw-15m-2026-04"));
if (!there) console.warn(`skipped: no recorded Polymarket data in ${data} (set MATCHPOINT_DATA)`);

// Recorded JSON is read as it comes.
/* eslint-disable @typescript-eslint/no-explicit-any, @typescript-eslint/restrict-plus-operands */
const json = (path: string): any => JSON.parse(readFileSync(join(data, path), "utf8"));
const lines = (path: string): any[] =>
  readFileSync(path, "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line));

function named(marketId: string, tokens: readonly [string, string], tick: number): MarketDescription {
  return describeMarket({ marketId: id(marketId), tick: tick as Price }, tokens);
}

describe.skipIf(!there)("recorded frames of the market channel", () => {
  it("decode, all of them, into as many events as they hold", () => {
    const folder = join(data, "polymarket-ws-raw-15m-2026-04");
    const markets = new Map<string, MarketDescription>();
    for (const file of globSync("*.markets.jsonl", { cwd: folder })) {
      for (const each of lines(join(folder, file))) {
        const tokens = each.outcomes.map((outcome: { token_id: string }) => outcome.token_id);
        markets.set(each.condition_id, named(each.condition_id, tokens, Math.round(each.tick_size * 10_000)));
      }
    }
    const known = new Set(
      [...markets.values()].flatMap((each) => each.outcomes.map((outcome) => outcome.tokenId as string)),
    );
    const decoder = createMarketDecoder(new TokenIndex(markets.values()));
    const plain = createMarketDecoder(new TokenIndex(markets.values()), { read: "parser" });
    const books = new Map(
      [...markets.values()].map((each) => [each.marketId as string, new MarketBook(each)]),
    );
    const expected = { book: 0, price_change: 0, new_market: 0, foreign: 0 };
    const got: Record<string, number> = {};
    for (const file of globSync("*.raw.jsonl", { cwd: folder })) {
      for (const { source, payload } of lines(join(folder, file))) {
        if (source !== "polymarket_clob") continue;
        const value = JSON.parse(payload);
        for (const each of Array.isArray(value) ? value : [value]) {
          if (each.event_type === "new_market") expected.new_market++;
          else if (each.price_changes !== undefined) {
            const own = each.price_changes.filter((change: { asset_id: string }) =>
              known.has(change.asset_id),
            ).length;
            expected.foreign += each.price_changes.length - own;
            if (own > 0) expected.price_change++;
          } else if (known.has(each.asset_id)) expected.book++;
          else expected.foreign++;
        }
        const bytes = new TextEncoder().encode(payload);
        const events: CoreEvent[] = [];
        const parsed: CoreEvent[] = [];
        decoder.decode(bytes, 0, bytes.length, STAMP, (event) => events.push(event));
        plain.decode(bytes, 0, bytes.length, STAMP, (event) => parsed.push(event));
        expect(events).toEqual(parsed);
        for (const event of events) {
          got[event.type] = (got[event.type] ?? 0) + 1;
          if ("marketId" in event) books.get(event.marketId ?? "")?.apply(event as BookEvent);
        }
      }
    }
    expect(expected.book).toBeGreaterThan(500);
    expect(got).toEqual({ book_snapshot: expected.book, book_delta: expected.price_change });
    expect(decoder.stats).toMatchObject({
      quarantined: 0,
      ignored: expected.new_market,
      foreign: expected.foreign,
    });
    expect(decoder.stats.scanned).toBeGreaterThan(decoder.stats.parsed);
    const totals = [...books.values()].reduce(
      (sum, book) => sum + book.stats.refused + book.stats.crossed,
      0,
    );
    expect(totals).toBe(0);
  });

  it("of the two outcomes of a market are one book", () => {
    const books: any[] = json("fixtures-polymarket-cli-go/fed-decision-in-june-825/clob-books.json");
    const byMarket = new Map<string, any[]>();
    for (const book of books) byMarket.set(book.market, [...(byMarket.get(book.market) ?? []), book]);
    expect(byMarket.size).toBe(5);
    for (const [marketId, pair] of byMarket) {
      const sides = pair.map((book) => {
        const listed = named(marketId, [pair[0].asset_id, pair[1].asset_id], 10);
        const own = new MarketBook(listed);
        const decoder = createMarketDecoder(new TokenIndex([listed]));
        const bytes = new TextEncoder().encode(JSON.stringify(book));
        decoder.decode(bytes, 0, bytes.length, STAMP, (event) => own.apply(event as BookEvent));
        expect([own.status, own.stats.offGrid]).toEqual(["live", 0]);
        return [
          own.levels(0, "bid", 1e4),
          own.levels(0, "ask", 1e4),
          own.levels(1, "bid", 1e4),
          own.levels(1, "ask", 1e4),
        ];
      });
      expect(sides[0]).toEqual(sides[1]);
      expect(sides[0]![0]!.length + sides[0]![1]!.length).toBe(pair[0].bids.length + pair[0].asks.length);
    }
  });

  it("in play without snapshots make books that always have the stated best prices", () => {
    const folder = join(data, "polymarket-ticks-nhl-inplay-2026-06-07");
    const { tokens, ...rest } = json("polymarket-ticks-nhl-inplay-2026-06-07/tokens.json");
    const pairs: [number, number][] =
      Object.values(rest).find((value): value is [number, number][] => Array.isArray(value)) ?? [];
    expect(pairs).toHaveLength(6);
    const markets = pairs.map(([a, b], i) => named(`nhl-${i}`, [tokens[a], tokens[b]], 10));
    const books = new Map(markets.map((each) => [each.marketId as string, new MarketBook(each)]));
    const decoder = createMarketDecoder(new TokenIndex(markets));
    const outcome = new Map(
      markets.flatMap((each) =>
        each.outcomes.map((one, i) => [one.tokenId as string, [each.marketId as string, i as 0 | 1]]),
      ),
    );
    const rows = gunzipSync(readFileSync(join(folder, "ticks.csv.gz")))
      .toString("utf8")
      .split(/\r?\n/)
      .slice(1, 60_001);
    let changes = 0;
    let wrong = 0;
    for (const row of rows) {
      const [at, kind, token, side, price, size, bid, ask] = row.split(",") as [
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string,
      ];
      if (kind !== "P") continue;
      const asset: string = tokens[Number(token)];
      const frame = {
        event_type: "price_change",
        timestamp: at,
        price_changes: [
          { asset_id: asset, price, size, side: side === "B" ? "BUY" : "SELL", best_bid: bid, best_ask: ask },
        ],
      };
      const bytes = new TextEncoder().encode(JSON.stringify(frame));
      decoder.decode(bytes, 0, bytes.length, STAMP, (event) => {
        if (event.type === "book_delta") books.get(event.marketId)?.apply(event);
      });
      changes++;
      const [marketId, which] = outcome.get(asset) as [string, 0 | 1];
      const book = books.get(marketId)!;
      if (
        book.bid(which) !== Math.round(Number(bid) * 10_000) ||
        book.ask(which) !== Math.round(Number(ask) * 10_000)
      )
        wrong++;
    }
    expect(changes).toBeGreaterThan(50_000);
    expect(wrong).toBe(0);
    expect(decoder.stats).toMatchObject({ quarantined: 0, foreign: 0, events: changes });
    expect([...books.values()].map((book) => book.status)).toEqual(
      Array.from({ length: 6 }, () => "synthetic"),
    );
  });
});

describe.skipIf(!there)("canonical frames", () => {
  const folder = "fixtures-nautilus_trader/polymarket-rust";
  const A = "71321045679252212594626385532706912750332728571942532289631379312455583992563";
  const B = "52114319501245915516055106046884209969926127482827954674443846427813813222426";
  const quoted = "85354956062430465315924116860125388538595433819574542752031640332592237464430";
  const resolved = [
    "76043073756653678226373981964075571318267289248134717369284518995922789326425",
    "31690934263385727664202099278545688007799199447969475608906331829650099442770",
  ] as const;
  const decode = (file: string, type?: string): CoreEvent[] => {
    const decoder = createMarketDecoder(
      new TokenIndex([named("a", [A, B], 1000), named("q", [quoted, "1"], 100), named("r", resolved, 100)]),
    );
    const value = json(`${folder}/${file}`);
    const bytes = new TextEncoder().encode(
      JSON.stringify(type === undefined ? value : { ...value, event_type: type }),
    );
    const events: CoreEvent[] = [];
    decoder.decode(bytes, 0, bytes.length, STAMP, (event) => events.push(event));
    return events;
  };

  it.each([
    [
      "ws_market_book_msg.json",
      undefined,
      { type: "book_snapshot", levels: [0, 5000, 2e8, 0, 4900, 35e7, 1, 5100, 15e7, 1, 5200, 25e7] },
    ],
    ["ws_book_snapshot.json", undefined, { type: "book_snapshot", marketId: "a" }],
    [
      "ws_market_price_change_msg.json",
      undefined,
      { type: "book_delta", levels: [0, 5100, 15e7], bestBid: 5100, bestAsk: 5200 },
    ],
    [
      "ws_market_last_trade_msg.json",
      undefined,
      { type: "market_trade", outcome: 0, side: "buy", price: 5100, size: 25e6 },
    ],
    ["ws_last_trade.json", "last_trade_price", { type: "market_trade", price: 5100 }],
    ["ws_market_tick_size_msg.json", undefined, { type: "tick_size_changed", tick: 100 }],
    ["ws_tick_size_change.json", "tick_size_change", { type: "tick_size_changed", tick: 100 }],
    [
      "ws_market_best_bid_ask_msg.json",
      undefined,
      { type: "best_quote", marketId: "q", bestBid: 7300, bestAsk: 7700 },
    ],
    ["ws_market_resolved_msg.json", undefined, { type: "market_resolved_hint", marketId: "r", winner: 0 }],
    // Typed by hand upstream, and not what one book can say: 150 on one side, 100 on its mirror.
    ["ws_quotes.json", "price_change", { type: "frame_quarantined", marketId: "a" }],
  ])("%s", (file, type, expected) => {
    expect(decode(file, type)).toMatchObject([expected]);
  });

  it("ws_market_new_market_msg.json is of no use", () => {
    expect(decode("ws_market_new_market_msg.json")).toEqual([]);
  });
});

describe.skipIf(!there)("recorded market records", () => {
  const folder = "fixtures-nautilus_trader/polymarket-rust";
  const gamma = (file: string) => {
    const value = json(`${folder}/${file}`);
    return decodeGammaMarket(Array.isArray(value) ? value[0] : value);
  };

  it("describe the CS2 match and its handicap", () => {
    for (const file of ["money_line", "map_handicap"]) {
      expect(gamma(`gamma_market_sports_market_${file}.json`)).toMatchObject({
        kind: "market",
        description: {
          outcomes: [{ name: "FaZe" }, { name: "illwill" }],
          tick: 10,
          minSize: 5_000_000,
          fee: feeSchedule(30_000, 1, true),
          takerDelayMs: 3_000,
          clearBookOnStart: true,
          acceptingOrders: false,
          startsAt: Date.parse("2026-04-05T15:10:00Z"),
        },
        details: { closed: true, umaResolutionStatus: "resolved" },
        resolution: { kind: "resolved", payouts: [1_000_000, 0] },
      });
    }
  });

  it("that are traps are none", () => {
    expect(gamma("gamma_market_closed_binary_accepting_true.json")).toMatchObject({
      description: { acceptingOrders: false, fee: NO_FEE },
      resolution: { kind: "open" }, // prices say 1 and 0, but nothing says that it is resolved
    });
    expect(gamma("gamma_market_closed_binary_accepting_false.json")).toMatchObject({
      resolution: { kind: "resolved", payouts: [0, 1_000_000] },
    });
    for (const file of [
      "gamma_market_closed_nonbinary_legacy.json",
      "gamma_market_closed_zero_zero_legacy.json",
    ]) {
      const answer = gamma(file);
      expect(answer.kind === "refused" || answer.resolution.kind !== "resolved").toBe(true);
    }
    expect(gamma("gamma_market.json")).toMatchObject({ description: { acceptingOrders: true } });
    expect(gamma("gamma_market.json")).not.toHaveProperty("description.fee");
  });

  it("of 996 esports markets are all usable", () => {
    const text = gunzipSync(
      readFileSync(join(data, "polymarket-gamma-esports-2026-03-11/markets.jsonl.gz")),
    ).toString("utf8");
    const answers = text
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => decodeGammaMarket(JSON.parse(line)));
    expect(answers.filter((answer) => answer.kind === "refused")).toEqual([]);
    const markets = answers.filter((answer) => answer.kind === "market");
    expect(markets).toHaveLength(996);
    expect(
      markets.every(
        (market) => market.description.takerDelayMs === 3_000 && market.resolution.kind === "open",
      ),
    ).toBe(true);
    expect(
      new TokenIndex(new Map(markets.map((each) => [each.description.marketId, each.description])).values())
        .size,
    ).toBe(2 * new Set(markets.map((each) => each.description.marketId)).size);
  });

  it("of a negRisk event are usable", () => {
    const value = json("fixtures-polymarket-cli-go/fed-decision-in-june-825/gamma-event.json");
    const event = decodeGammaEvent(Array.isArray(value) ? value[0] : value);
    if (event.kind === "refused") throw new Error(event.reason);
    expect(
      event.markets.map(
        (each) => each.kind === "market" && each.description.negRisk && each.description.tick,
      ),
    ).toEqual([10, 10, 10, 10, 10]);
    const first = event.markets[0]!;
    if (first.kind === "refused") throw new Error(first.reason);
    const clob = decodeClobMarket({
      c: first.description.marketId,
      t: first.description.outcomes.map((one) => ({ t: one.tokenId, o: one.name })),
      mts: 0.001,
      mos: 5,
      nr: true,
      ao: true,
    });
    expect(clob.kind === "market" && withClobMarket(first.description, clob)).toMatchObject({
      negRisk: true,
      fee: NO_FEE,
      takerDelayMs: 0,
    });
  });
});
