import { existsSync, globSync, readFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { id, type CoreEvent } from "@matchpoint/sdk";
import { describe, expect, it } from "vitest";
import {
  createMarketDecoder,
  decodeClobMarket,
  decodeGammaEvent,
  decodeGammaMarket,
  orderBody,
  TokenIndex,
  type SignedOrder,
} from "../src/index.ts";
import { market, STAMP } from "./support/markets.ts";

const data = process.env["MATCHPOINT_DATA"] ?? resolve(import.meta.dirname, "../../../../shared/data");
const there = existsSync(join(data, "fixtures-nautilus_trader"));
if (!there) console.warn(`skipped: no recorded Polymarket data in ${data} (set MATCHPOINT_DATA)`);

const RUST = "fixtures-nautilus_trader/polymarket-rust";
const HTTP = "fixtures-nautilus_trader/polymarket-python-http";

/** Files that nothing here reads, and why. */
const NOT_READ: Readonly<Record<string, string>> = {
  [`${RUST}/gamma_tags.json`]: "a tag is asked for by its slug, by itself",
  [`${RUST}/rtds_crypto_prices_subscribe.json`]: "prices of other venues: a channel that is not used",
  [`${RUST}/rtds_crypto_prices_update.json`]: "as above",
  [`${RUST}/rtds_equity_prices_subscribe.json`]: "as above",
  [`${RUST}/rtds_equity_prices_update.json`]: "as above",
  [`${RUST}/data_api_positions_response.json`]: "positions are read from the CLOB's balances and the chain",
  [`${RUST}/data_api_trades_response.json`]: "trades are read from the CLOB",
  [`${RUST}/clob_fee_rate_response_nonzero.json`]:
    "fees are read from /clob-markets; nothing is signed with one",
  [`${RUST}/clob_fee_rate_response_zero.json`]: "as above",
  "fixtures-polybot/market-ws-cache.strategy.json": "a program's own cache, in its own form",
  "fixtures-polymarket-cli-go/fed-decision-in-june-825/gamma-search.json": "search is for people",
  "fixtures-ts-sdk/asyncapi-price-polymarket-snapshot.json": "another service's frames",
  "fixtures-ts-sdk/polybolt-control-frames-excerpt.json": "as above",
};

const json = (path: string) => JSON.parse(readFileSync(join(data, path), "utf8")) as Record<string, any>; // eslint-disable-line @typescript-eslint/no-explicit-any

describe.skipIf(!there)("recorded wire data", () => {
  it("is read by a test, every file of it, or there is a reason not to", () => {
    const files = globSync(
      "fixtures-{nautilus_trader,polybot,polymarket-cli-go,sports-ws,ts-sdk}/**/*.json",
      {
        cwd: data,
      },
    );
    const root = resolve(import.meta.dirname, "../../..");
    const tests = globSync("{packages/*/test,tests}/**/*.test.ts", { cwd: root })
      .map((path) => readFileSync(join(root, path), "utf8"))
      .join("\n");
    const polymarket = files.filter((file) => !file.includes("betfair"));
    expect(polymarket.length).toBeGreaterThan(60);
    const named = (file: string): boolean =>
      tests.includes(basename(file, ".json")) ||
      /\/ws_user_\w+\.json$|gamma_market_sports|\/clob_market_closed/.test(file);
    expect(polymarket.filter((file) => NOT_READ[file] === undefined && !named(file))).toEqual([]);
    expect(Object.keys(NOT_READ).filter((file) => !polymarket.includes(file))).toEqual([]);
  });

  it("of Gamma that was cut short is refused with the key that is missing, and is not guessed", () => {
    const records = [
      ...(json(`${HTTP}/events_list.json`) as unknown as { markets: unknown[] }[]).flatMap(
        (one) => one.markets,
      ),
      ...(json(`${HTTP}/markets_list.json`) as unknown as unknown[]),
      ...(json(`${HTTP}/event.json`)["markets"] as unknown[]),
      json(`${HTTP}/market_slug.json`),
      json(`${HTTP}/market.json`),
    ];
    expect(records).toHaveLength(11);
    for (const record of records)
      expect(decodeGammaMarket(record)).toMatchObject({
        kind: "refused",
        reason: expect.stringMatching(/^(id|outcomes): /) as string,
      });
    const event = json(`${RUST}/gamma_event.json`);
    expect(decodeGammaEvent(Array.isArray(event) ? event[0] : event)).toMatchObject({ kind: "event" });
  });

  it("of a market in the CLOB's older long form is refused: only /clob-markets is read", () => {
    for (const accepting of [true, false])
      expect(
        decodeClobMarket(json(`${RUST}/clob_market_closed_binary_accepting_${accepting}.json`)),
      ).toMatchObject({ kind: "refused" });
  });

  it("of a book from REST is a snapshot", () => {
    const book = json(`${RUST}/clob_book_response.json`);
    const known = market({ marketId: id(book["market"] as string), tick: 100 as never }, [
      book["asset_id"],
      "1",
    ]);
    const decoder = createMarketDecoder(new TokenIndex([known]));
    const bytes = new TextEncoder().encode(JSON.stringify(book));
    const events: CoreEvent[] = [];
    decoder.decode(bytes, 0, bytes.length, STAMP, (event) => events.push(event));
    expect(events).toMatchObject([
      {
        type: "book_snapshot",
        levels: [0, 4800, 1e8, 0, 4900, 2e8, 0, 5000, 15e7, 1, 5100, 12e7, 1, 5200, 18e7, 1, 5300, 9e7],
      },
    ]);
  });

  it("of a signed order has the keys that are sent, and no other", () => {
    const { signature, ...order } = json(`${RUST}/http_signed_order.json`);
    const signed = { order, signature } as unknown as SignedOrder;
    const sent = JSON.parse(orderBody(signed, { owner: "o", orderType: "GTC" })) as { order: object };
    expect(sent.order).toEqual({ ...order, signature });
  });
});
