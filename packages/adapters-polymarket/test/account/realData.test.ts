import { existsSync, globSync, readFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { eventProblem, id, type OrderId } from "@matchpoint/sdk";
import { describe, expect, it } from "vitest";
import {
  AccountTokens,
  createAccountRest,
  createUserDecoder,
  type AccountIdentity,
} from "../../src/index.ts";
import { market } from "../support/markets.ts";
import { hear, IDENTITY } from "./frames.ts";

const data = process.env["MATCHPOINT_DATA"] ?? resolve(import.meta.dirname, "../../../../../shared/data");
const folder = join(data, "fixtures-nautilus_trader");
const there = existsSync(folder);
if (!there)
  console.warn(`skipped: no captured frames of the user channel in ${folder} (set MATCHPOINT_DATA)`);

type Frame = Record<string, unknown> & { readonly maker_orders?: readonly Record<string, string>[] };
const read = (path: string) => JSON.parse(readFileSync(join(folder, path), "utf8")) as Frame;
const file = (name: string) => read(join("polymarket-rust", name));

/** Markets of exactly the tokens that a frame names: the recorded ids are cut short in some. */
function tokensOf(frame: Frame): AccountTokens {
  const makers = frame.maker_orders ?? [];
  const named = [frame["asset_id"], ...makers.map((each) => each["asset_id"])] as string[];
  const [yes, no = "other"] = [...new Set(named)];
  return new AccountTokens([market({ marketId: id(frame["market"] as string) }, [yes!, no])]);
}

/** Whose account a frame was recorded on. */
function recordedOn(frame: Frame): AccountIdentity {
  const names = ["owner", "order_owner", "trade_owner"].map((key) => frame[key]);
  const apiKeys = names.filter((name) => typeof name === "string");
  const makers = frame.maker_orders ?? [];
  if (frame["trader_side"] === "MAKER" && !makers.some((each) => apiKeys.includes(each["owner"]!)))
    apiKeys.push(makers[0]!["owner"]!);
  return { apiKeys, addresses: [] };
}

function decode(frame: Frame) {
  const decoder = createUserDecoder({ identity: recordedOn(frame), tokens: tokensOf(frame) });
  const said = hear(decoder, frame);
  expect(said.flatMap((event) => eventProblem(event) ?? [])).toEqual([]);
  return { said, stats: decoder.stats };
}

describe.skipIf(!there)("captured frames of the user channel", () => {
  const frames = there
    ? globSync(["polymarket-rust/ws_user_*.json", "polymarket-python-ws/{order,user_trade}*.json"], {
        cwd: folder,
      })
    : [];

  it("are there", () => {
    expect(frames.length).toBeGreaterThanOrEqual(9);
  });

  it.each(frames)("%s decodes, and holds no field that is not known", (path) => {
    const frame = read(path);
    const { said, stats } = decode(frame);
    expect(said.length).toBeGreaterThan(0);
    const expected = basename(path).includes("trade") ? "trade_report" : "order_report";
    expect(new Set(said.map((event) => event.type))).toEqual(new Set([expected]));
    expect([...stats.unknownFields.keys()]).toEqual([]);
    expect(stats.unreadableTimes).toBe(0);
  });

  it.each([
    ["ws_user_order_placement.json", "live", undefined],
    ["ws_user_order_update.json", "live", undefined],
    ["ws_user_order_matched.json", "matched", undefined],
    ["ws_user_order_cancellation.json", "canceled", undefined],
    ["ws_user_order_venue_cancel.json", "invalid", undefined],
    ["ws_user_order_fok_killed.json", "canceled", "FOK_NOT_FILLED"],
  ])("%s is %s", (name, status, code) => {
    const [report] = decode(file(name)).said;
    expect(report).toMatchObject(code === undefined ? { status } : { status, code });
  });

  it("keeps the words of an order that the venue killed", () => {
    const [report] = decode(file("ws_user_order_fok_killed.json")).said;
    expect(report).toMatchObject({
      detail: expect.stringContaining("FOK orders are fully filled or killed") as string,
    });
  });

  it("counts a trade's dollars", () => {
    expect(decode(file("ws_user_trade.json")).said).toMatchObject([
      {
        type: "trade_report",
        side: "buy",
        size: 25_000_000,
        price: 5_000,
        cost: 12_500_000,
        status: "CONFIRMED",
      },
    ]);
  });
});

describe.skipIf(!there)("captured REST answers about the account", () => {
  const rest = createAccountRest(IDENTITY, new AccountTokens([market()]));

  it("list orders and trades without a refusal", () => {
    const orders = rest.openOrders(file("http_open_orders_page.json"));
    expect(orders).toMatchObject({ refused: [], next: undefined });
    expect(orders.items).toMatchObject([
      { outcome: 0, side: "buy", price: 6_000, size: 200_000_000, matched: 0 },
      { outcome: 1, side: "sell", price: 4_000, size: 150_000_000, matched: 50_000_000 },
    ]);
    const trades = rest.trades(file("http_trades_page.json"));
    expect(trades).toMatchObject({
      refused: [],
      items: [{ status: "MINED", size: 10_000_000, cost: 5_000_000 }],
    });
    const one = rest.trades([file("http_trade_report.json")]);
    expect(one.items).toMatchObject([{ status: "CONFIRMED", liquidity: "taker", cost: 12_500_000 }]);
    expect([...rest.unknownFields.keys()]).toEqual([]);
  });

  it.each([
    ["http_open_order.json", "LIVE", 25_000_000],
    ["http_open_order_sell_fok.json", "MATCHED", 50_000_000],
  ])("%s is evidence for %s", (name, status, matched) => {
    const answer = file(name);
    expect(rest.order(answer, id<OrderId>(answer["id"] as string))).toEqual({
      kind: "found",
      status,
      matched,
    });
  });

  it("state balances in millionths, or are refused", () => {
    const balance = rest.balance(file("http_balance_allowance_collateral.json"));
    expect(balance.balance).toBe(1_000_000_000);
    expect(balance.allowances.get("")).toBe(999_999_999_000_000n);
    // Whole dollars with a point: the venue writes millionths, and a guess would be wrong by a factor of a million.
    expect(() => rest.balance(file("http_balance_allowance_no_allowance.json"))).toThrow(/whole number/);
  });
});
