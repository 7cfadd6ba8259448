import {
  createDirectGateway,
  createWsTransport,
  type ApiCredentials,
  type DirectGatewayOptions,
  type PolymarketGateway,
} from "@matchpoint/adapters-polymarket";
import { startVenue, type RunningVenue } from "@matchpoint/paper-venue";
import {
  id,
  SystemClock,
  type ExecutionReport,
  type Intent,
  type MarketDescription,
  type MarketId,
  type OrderId,
  type Price,
  type RunId,
  type Shares,
  type Usdc,
} from "@matchpoint/sdk";
import { OrderType, Side } from "@polymarket/clob-client-v2";
import { testMarket } from "@matchpoint/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ADDRESS, apiKey, LIMITS, openStage, signerOf, testIntent } from "./gatewayStage.ts";
import { KEYS, trader, until, type Trader } from "./officialSupport.ts";

let venue: RunningVenue;
let other: Trader;
let market: MarketDescription;
let credentials: ApiCredentials;
let runs = 0;

beforeAll(async () => {
  venue = await startVenue({
    seed: 7,
    liquidity: "none",
    settlement: { mined_ms: 50, confirmed_ms: 100, chain_ms: 20 },
    onError: (error) => {
      throw error;
    },
  });
  venue.command({ do: "fund", address: ADDRESS, usd: 1_000 });
  const clock = new SystemClock();
  const signer = signerOf(() => clock.wall());
  credentials = await apiKey(createWsTransport(), venue.clob, signer, clock.wall());
  other = await trader(venue, KEYS[1], 1_000);
  const [listed] = venue.markets;
  venue.command({ do: "market", market: listed!.conditionId, secondsDelay: 0 });
  market = venue.venue.market(id<MarketId>(listed!.conditionId))!;
});
afterAll(() => venue.close());

interface Run {
  readonly gateway: PolymarketGateway;
  readonly reports: ExecutionReport[];
  readonly said: (orderId: OrderId) => string[];
  readonly close: () => void;
}

/** A gateway on real sockets, listening. */
function run(options: Partial<DirectGatewayOptions> = {}): Run {
  const clock = new SystemClock();
  const transport = createWsTransport();
  const signer = signerOf(() => clock.wall());
  const gateway = createDirectGateway({
    transport,
    clock,
    signer,
    credentials,
    parties: LIMITS.parties,
    chainId: 137,
    runId: id<RunId>(`run-${runs++}`),
    markets: [market],
    url: venue.clob,
    userUrl: venue.wsUser,
    ...options,
  });
  const stop = new AbortController();
  const reports: ExecutionReport[] = [];
  void (async () => {
    for await (const report of gateway.reports(stop.signal)) reports.push(report);
  })();
  return {
    gateway,
    reports,
    said: (orderId) =>
      reports.flatMap((each) =>
        each.type === "order_report" && each.orderId === orderId ? [each.status] : [],
      ),
    close: () => {
      stop.abort();
      gateway.close();
    },
  };
}

const intent = (changes: Partial<Intent> = {}): Intent => testIntent(market, changes);

/** The other account sells or buys our first outcome. */
async function others(side: Side, price: number, size: number): Promise<void> {
  const [first] = market.outcomes;
  if (side === Side.SELL)
    // Nobody holds shares: a sell of one outcome is a buy of the other.
    await other.client.createAndPostOrder(
      { tokenID: market.outcomes[1].tokenId, side: Side.BUY, price: 1 - price, size },
      { tickSize: "0.01", negRisk: false },
      OrderType.GTC,
    );
  else
    await other.client.createAndPostOrder(
      { tokenID: first.tokenId, side, price, size },
      { tickSize: "0.01", negRisk: false },
      OrderType.GTC,
    );
}

test("an order rests, is filled by another client in parts, and its rest is cancelled", async () => {
  const { gateway, reports, said, close } = run();
  expect(Math.abs((await gateway.warm()).offsetMs)).toBeLessThan(1_000);
  const order = gateway.prepare(intent(), 0);
  gateway.presign(order);
  expect(await gateway.placeOrder(order)).toEqual({ kind: "live" });
  expect(await gateway.fetchOrder(order.orderId)).toEqual({ kind: "found", status: "LIVE", matched: 0 });
  await others(Side.SELL, 0.4, 8);
  const trades = () => reports.flatMap((each) => (each.type === "trade_report" ? [each] : []));
  await until(() => trades().some(({ status }) => status === "CONFIRMED"));
  expect(trades()[0]).toMatchObject({
    orderId: order.orderId,
    outcome: 0,
    side: "buy",
    size: 8_000_000,
    cost: 3_200_000,
    liquidity: "maker",
  });
  expect(await gateway.cancelOrder(order.orderId)).toMatchObject({ kind: "canceled" });
  await until(() => said(order.orderId).includes("canceled"));
  expect(await gateway.fetchOpenOrders()).toEqual([]);
  expect(await gateway.fetchPositions()).toEqual([
    { marketId: market.marketId, outcome: 0, matched: 8_000_000, settled: 8_000_000 },
  ]);
  expect(await gateway.fetchBalances()).toEqual({ collateral: 996_800_000 });
  close();
});

test("a FAK takes what another client shows, and its rest is told to be killed", async () => {
  const { gateway, reports, said, close } = run();
  await others(Side.SELL, 0.5, 10);
  const order = gateway.prepare(
    intent({ orderType: "FAK", limit: 5_000 as Price, spend: 8_000_000 as Usdc, size: 16_000_000 as Shares }),
    0,
  );
  expect(await gateway.placeOrder(order)).toEqual({ kind: "matched" });
  await until(() => said(order.orderId).includes("canceled"));
  const kinds = reports.map((each) => (each.type === "order_report" ? each.status : each.type));
  expect(kinds.indexOf("trade_report")).toBeLessThan(kinds.indexOf("canceled"));
  await until(() => reports.some((each) => each.type === "trade_report" && each.status === "CONFIRMED"));
  close();
});

test("a lost answer, a broken channel and a repeated frame lose nothing and double nothing", async () => {
  const { gateway, reports, said, close } = run({ placeMs: 300 });
  await until(() => gateway.stats.sweeps > 0);
  venue.command({
    do: "fault",
    kind: "hang",
    params: { when: "after" },
    match: { method: "POST", path: "/order" },
  });
  venue.command({ do: "fault", kind: "user_duplicate", durationMs: 60_000 });
  const order = gateway.prepare(intent({ limit: 3_000 as Price }), 0);
  expect(await gateway.placeOrder(order)).toMatchObject({ kind: "unknown" });
  await until(() => said(order.orderId).at(-1) === "live");
  venue.command({ do: "disconnect", channel: "user" });
  await others(Side.SELL, 0.3, 20);
  const confirmed = (each: ExecutionReport) =>
    each.type === "trade_report" && each.orderId === order.orderId && each.status === "CONFIRMED";
  await until(() => reports.some(confirmed) && gateway.stats.reconnects === 1);
  const trades = reports.flatMap((each) =>
    each.type === "trade_report" && each.orderId === order.orderId ? [each] : [],
  );
  expect(new Set(trades.map(({ tradeId }) => tradeId)).size).toBe(1);
  expect(trades.filter(({ status }) => status === "CONFIRMED")).toHaveLength(1);
  expect(trades[0]).toMatchObject({ orderId: order.orderId, size: 20_000_000 });
  venue.command({ do: "disarm" });
  close();
});

test("fifteen orders go in one request, and all of a market are cancelled at once", async () => {
  const { gateway, close } = run();
  const orders = Array.from({ length: 15 }, (_, n) =>
    gateway.prepare(intent({ limit: ((n + 1) * 100) as Price }), n),
  );
  const outcomes = await gateway.placeOrders(orders);
  expect(outcomes.map(({ kind }) => kind)).toEqual(orders.map(() => "live"));
  expect(gateway.stats.posts).toBe(1);
  const canceled = await gateway.cancelAll(market.marketId);
  expect(canceled.filter(({ kind }) => kind === "canceled")).toHaveLength(15);
  close();
});

test("the venue keeps orders while the heart beats, and cancels them when it stops", async () => {
  const stage = await openStage(createDirectGateway, 1_000_000_000 as Usdc);
  const { adapter, wait, resting } = stage;
  adapter.reports(new AbortController().signal);
  const listed = { ...market, marketId: id<MarketId>("0x5f6501"), outcomes: testMarket({}, false).outcomes };
  await stage.list(listed);
  const order = adapter.prepare(intent({ marketId: listed.marketId }), 0);
  let kind = "";
  void adapter.placeOrder(order).then((outcome) => (kind = outcome.kind));
  for (let ms = 0; ms < 30_000; ms += 100) await wait(100);
  expect(kind).toBe("live");
  expect(resting()).toBe(1);
  await stage.close();
  for (let ms = 0; ms < 20_000; ms += 100) await wait(100);
  expect(resting()).toBe(0);
});
