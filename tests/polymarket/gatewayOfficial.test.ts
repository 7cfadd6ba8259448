import {
  createOfficialGateway,
  createWsTransport,
  type PolymarketGateway,
} from "@matchpoint/adapters-polymarket";
import { startVenue, type RunningVenue } from "@matchpoint/paper-venue";
import {
  id,
  SystemClock,
  type ExecutionReport,
  type MarketDescription,
  type MarketId,
  type Price,
  type RunId,
} from "@matchpoint/sdk";
import { OrderType, Side } from "@polymarket/clob-client-v2";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ADDRESS, apiKey, LIMITS, signerOf, testIntent } from "./gatewayStage.ts";
import { KEYS, trader, until, type Trader } from "./officialSupport.ts";

let venue: RunningVenue;
let other: Trader;
let market: MarketDescription;
let gateway: PolymarketGateway;
const reports: ExecutionReport[] = [];
const stop = new AbortController();
let seq = 0;
const prepared = (changes: Parameters<typeof testIntent>[1] = {}) =>
  gateway.prepare(testIntent(market, changes), seq++);

beforeAll(async () => {
  venue = await startVenue({ seed: 9, liquidity: "none", settlement: { mined_ms: 50, confirmed_ms: 100 } });
  venue.command({ do: "fund", address: ADDRESS, usd: 1_000 });
  other = await trader(venue, KEYS[1], 1_000);
  const [listed] = venue.markets;
  venue.command({ do: "market", market: listed!.conditionId, secondsDelay: 0 });
  market = venue.venue.market(id<MarketId>(listed!.conditionId))!;
  const clock = new SystemClock();
  const transport = createWsTransport();
  const signer = signerOf(() => clock.wall());
  gateway = await createOfficialGateway({
    transport,
    clock,
    signer,
    credentials: await apiKey(transport, venue.clob, signer, clock.wall()),
    parties: LIMITS.parties,
    chainId: 137,
    runId: id<RunId>("official"),
    markets: [market],
    url: venue.clob,
    userUrl: venue.wsUser,
    placeMs: 600,
  });
  void (async () => {
    for await (const report of gateway.reports(stop.signal)) reports.push(report);
  })();
});
afterAll(async () => {
  stop.abort();
  gateway.close();
  await venue.close();
});

test("orders rest, are found, listed and cancelled, each way", async () => {
  const orders = [
    prepared(),
    prepared({ limit: 3_000 as Price, postOnly: true }),
    prepared({ limit: 2_000 as Price }),
  ];
  expect(await gateway.placeOrder(orders[0]!)).toEqual({ kind: "live" });
  expect(await gateway.placeOrders(orders.slice(1))).toEqual([{ kind: "live" }, { kind: "live" }]);
  expect(await gateway.fetchOrder(orders[0]!.orderId)).toEqual({ kind: "found", status: "LIVE", matched: 0 });
  expect((await gateway.fetchOpenOrders()).map(({ orderId }) => orderId).sort()).toEqual(
    orders.map(({ orderId }) => orderId).sort(),
  );
  expect(await gateway.cancelOrder(orders[0]!.orderId)).toMatchObject({ kind: "canceled" });
  expect(await gateway.cancelOrder(orders[0]!.orderId)).toMatchObject({ kind: "not_canceled" });
  expect(await gateway.cancelOrders([orders[1]!.orderId])).toMatchObject([{ kind: "canceled" }]);
  expect(await gateway.cancelAll(market.marketId)).toMatchObject([{ kind: "canceled" }]);
  expect(await gateway.cancelAll()).toEqual([]);
  await until(() => gateway.stats.heartbeats > 0);
});

test("a match is answered at once, told once, and counted to the micro-dollar", async () => {
  await other.client.createAndPostOrder(
    { tokenID: market.outcomes[1].tokenId, side: Side.BUY, price: 0.6, size: 20 },
    { tickSize: "0.01", negRisk: false },
    OrderType.GTC,
  );
  const order = prepared();
  expect(await gateway.placeOrder(order)).toEqual({ kind: "matched" });
  await until(() => reports.some((each) => each.type === "trade_report" && each.status === "CONFIRMED"));
  const { trades } = await gateway.fetchTrades();
  expect(trades).toMatchObject([
    { orderId: order.orderId, side: "buy", size: 20_000_000, cost: 8_000_000, fee: 240_000 },
  ]);
  expect(await gateway.fetchPositions()).toEqual([
    { marketId: market.marketId, outcome: 0, matched: 20_000_000, settled: 20_000_000 },
  ]);
  expect(await gateway.fetchBalances()).toEqual({ collateral: 991_760_000 });
});

test("refusals have their reasons, and lost answers are unknown although the client waits for ever", async () => {
  expect(await gateway.placeOrder(prepared({ size: 10_000_000_000 as never }))).toMatchObject({
    kind: "rejected",
    code: "BALANCE",
  });
  venue.command({
    do: "fault",
    kind: "hang",
    params: { when: "after" },
    match: { method: "POST", path: "/order" },
  });
  const lost = prepared({ limit: 1_000 as Price });
  expect(await gateway.placeOrder(lost)).toMatchObject({ kind: "unknown" });
  await until(
    () =>
      reports.findLast(
        (each) => each.type === "order_report" && each.orderId === lost.orderId && each.status === "live",
      ) !== undefined,
  );
  venue.command({
    do: "fault",
    kind: "server_error",
    params: { when: "before" },
    match: { method: "POST", path: "/order" },
  });
  expect(await gateway.placeOrder(prepared({ limit: 1_100 as Price }))).toMatchObject({ kind: "unknown" });
  venue.command({ do: "fault", kind: "forbidden_html", match: { method: "POST", path: "/order" } });
  expect(await gateway.placeOrder(prepared({ limit: 1_200 as Price }))).toMatchObject({ kind: "unknown" });
  expect(await gateway.placeOrder(prepared({ limit: 1_300 as Price }))).toMatchObject({
    kind: "rejected",
    code: "VENUE_MODE",
  });
});

test("without the package it says what to install", async () => {
  const options = {
    load: () => Promise.reject(new TypeError("Cannot find package")),
    parties: LIMITS.parties,
  };
  await expect(createOfficialGateway(options as never)).rejects.toThrow(
    /npm install @polymarket\/clob-client-v2@1\.1\.0/,
  );
});
