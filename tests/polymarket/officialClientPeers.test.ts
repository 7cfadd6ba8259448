import net from "node:net";
import tls from "node:tls";
import type { RunningVenue } from "@matchpoint/paper-venue";
import { WSSubscriptionManager } from "@nevuamarkets/poly-websockets";
import {
  Chain as OldChain,
  ClobClient as OldClient,
  OrderType as OldOrderType,
  Side as OldSide,
} from "@polymarket/clob-client";
import {
  ApiError,
  AssetType,
  Chain,
  ClobClient,
  OrderType,
  Side,
  SignatureTypeV2,
} from "@polymarket/clob-client-v2";
import { Wallet } from "ethers";
import { afterAll, beforeAll, expect, test } from "vitest";
import { KEYS, quietVenue, setDelay, shim, trader, until, type Trader } from "./officialSupport.ts";

let venue: RunningVenue;
let alice: Trader;

beforeAll(async () => {
  venue = await quietVenue();
  alice = await trader(venue, KEYS[0], 1_000);
  for (const { conditionId } of venue.markets) setDelay(venue, conditionId, 0);
});
afterAll(() => venue.close());

function market(index: number) {
  const { conditionId, tokens } = venue.markets[index]!;
  return { id: conditionId, yes: tokens[0]!.tokenId, no: tokens[1]!.tokenId };
}

test("@polymarket/clob-client 5.8.1, the client of the exchange before: its orders are refused, its reads and cancels work", async () => {
  const { yes, id } = market(0);
  const wallet = new Wallet(KEYS[1]);
  const creds = await new OldClient(venue.clob, OldChain.POLYGON, shim(wallet)).createOrDeriveApiKey();
  const old = new OldClient(venue.clob, OldChain.POLYGON, shim(wallet), creds);
  venue.command({ do: "fund", address: wallet.address, usd: 100 });
  const refused = await old.createAndPostOrder(
    { tokenID: yes, side: OldSide.BUY, price: 0.4, size: 10 },
    { tickSize: "0.01", negRisk: false },
    OldOrderType.GTC,
  );
  expect(refused).toMatchObject({ error: "order_version_mismatch", status: 400 });
  await alice.client.createAndPostOrder({ tokenID: yes, side: Side.BUY, price: 0.4, size: 10 });
  expect((await old.getOrderBook(yes)).bids).toEqual([{ price: "0.4", size: "10" }]);
  expect(await old.getMidpoint(yes)).toMatchObject({ mid: expect.any(String) });
  expect(await old.getTickSize(yes)).toBe("0.01");
  expect(await old.getMarket(id)).toMatchObject({ condition_id: id });
  expect(await old.getOpenOrders()).toEqual([]);
  expect(await old.getTrades()).toEqual([]);
  expect(await old.getBalanceAllowance({ asset_type: AssetType.COLLATERAL as never })).toMatchObject({
    balance: "100000000",
  });
  expect(await old.cancelAll()).toEqual({ canceled: [], not_canceled: {} });
  await alice.client.cancelAll();
});

test("a deposit wallet's orders (ERC-7739) trade with the wallet's money, for the key that owns it", async () => {
  const { yes, no } = market(1);
  const wallet = `0x${"5afe".repeat(10)}`;
  venue.command({ do: "fund", address: wallet, usd: 50 });
  const client = (key: string, creds: Trader["creds"]) =>
    new ClobClient({
      host: venue.clob,
      chain: Chain.POLYGON,
      signer: shim(new Wallet(key)),
      creds,
      signatureType: SignatureTypeV2.POLY_1271,
      funderAddress: wallet,
      throwOnError: true,
    });
  const owner = client(KEYS[0], alice.creds);
  const bob = await trader(venue, KEYS[1], 100);
  await bob.client.createAndPostOrder({ tokenID: no, side: Side.BUY, price: 0.5, size: 20 });
  const answer = await owner.createAndPostOrder({ tokenID: yes, side: Side.BUY, price: 0.5, size: 20 });
  expect(answer).toMatchObject({ status: "matched", makingAmount: "10", takingAmount: "20" });
  expect((await owner.getBalanceAllowance({ asset_type: AssetType.COLLATERAL })).balance).toBe("39750000");
  expect(await owner.getOrder(answer.orderID)).toMatchObject({ status: "MATCHED" });
  // Bob's key does not own that wallet, whatever he signs.
  const thief = client(KEYS[1], bob.creds);
  await expect(
    thief.createAndPostOrder({ tokenID: yes, side: Side.BUY, price: 0.5, size: 10 }),
  ).rejects.toThrow("maker address not allowed, please use the deposit wallet flow");
  // A signature under the other domain version is one for another exchange.
  const order = await owner.createOrder(
    { tokenID: yes, side: Side.BUY, price: 0.5, size: 10 },
    { tickSize: "0.01", version: 3 },
  );
  const refused = await owner.postOrder(order, OrderType.GTC).catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(ApiError);
  expect((refused as ApiError).message).toBe("order_version_mismatch");
});

test("@nevuamarkets/poly-websockets follows a book", async () => {
  const { yes, no } = market(2);
  const { port } = new URL(venue.clob);
  // Its address is fixed. So is not where this process' connections lead: TLS to the venue becomes plain TCP to ours.
  const original = tls.connect;
  const hosts: unknown[] = [];
  tls.connect = ((options: { host?: string }) => {
    hosts.push(options.host);
    return net.connect(Number(port), "127.0.0.1");
  }) as unknown as typeof tls.connect;
  const books: { asset_id: string; bids: { price: string; size: string }[] }[] = [];
  const changes: { price_changes: { asset_id: string; price: string; size: string; side: string }[] }[] = [];
  const trades: { price: string; size: string; asset_id: string }[] = [];
  const prices: { asset_id: string; price: string; midpoint: string; spread: string }[] = [];
  const errors: Error[] = [];
  const manager = new WSSubscriptionManager({
    onBook: async (events) => void books.push(...(events as never[])),
    onPriceChange: async (events) => void changes.push(...(events as never[])),
    onLastTradePrice: async (events) => void trades.push(...(events as never[])),
    onPolymarketPriceUpdate: async (events) => void prices.push(...(events as never[])),
    onError: async (error) => void errors.push(error),
  });
  try {
    await alice.client.createAndPostOrder({ tokenID: yes, side: Side.BUY, price: 0.4, size: 10 });
    await manager.addSubscriptions([yes, no]);
    await until(() => books.length === 2);
    expect(hosts).toEqual(["ws-subscriptions-clob.polymarket.com"]);
    expect(books.find((book) => book.asset_id === yes)?.bids).toEqual([{ price: "0.4", size: "10" }]);
    await alice.client.createAndPostOrder({ tokenID: no, side: Side.BUY, price: 0.5, size: 10 });
    await until(() => prices.some((each) => each.asset_id === yes));
    expect(changes[0]?.price_changes).toMatchObject([
      { asset_id: yes, price: "0.5", size: "10", side: "SELL" },
      { asset_id: no, price: "0.5", size: "10", side: "BUY" },
    ]);
    expect(prices.find((each) => each.asset_id === yes)).toMatchObject({ midpoint: "0.45", spread: "0.1" });
    const bob = await trader(venue, KEYS[1], 100);
    await bob.client.createAndPostOrder({ tokenID: yes, side: Side.BUY, price: 0.5, size: 6 });
    await until(() => trades.length > 0 && books.length === 4);
    expect(trades[0]).toMatchObject({ asset_id: yes, price: "0.5", size: "6" });
    expect(errors).toEqual([]);
  } finally {
    tls.connect = original;
    await manager.clearState();
  }
});
