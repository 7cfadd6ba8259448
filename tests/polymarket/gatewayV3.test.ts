import {
  createDirectGateway,
  createOfficialGateway,
  createWsTransport,
  fetchGammaMarkets,
  type ApiCredentials,
  type DirectGatewayOptions,
  type PolymarketGateway,
} from "@matchpoint/adapters-polymarket";
import { defaultWorld, startVenue, type RunningVenue } from "@matchpoint/paper-venue";
import { id, SystemClock, type MarketDescription, type MarketId, type RunId } from "@matchpoint/sdk";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ADDRESS, apiKey, LIMITS, signerOf, testIntent } from "./gatewayStage.ts";

const clock = new SystemClock();
const transport = createWsTransport();
const never = new AbortController().signal;

let venue: RunningVenue;
let market: MarketDescription;
let credentials: ApiCredentials;
const signer = signerOf(() => clock.wall());
const open: PolymarketGateway[] = [];

beforeAll(async () => {
  const markets = defaultWorld({ seed: 9, wallStart: clock.wall(), secondsDelay: 0 })
    .slice(0, 1)
    .map((listing) => ({ ...listing, version: "v2" as const }));
  venue = await startVenue({ seed: 9, liquidity: "none", markets });
  venue.command({ do: "fund", address: ADDRESS, usd: 1_000 });
  credentials = await apiKey(transport, venue.clob, signer, clock.wall());
  const marketId = id<MarketId>(venue.markets[0]!.conditionId);
  const ports = { transport, clock, gammaUrl: venue.gamma };
  const [answer] = await fetchGammaMarkets(ports, [marketId], never);
  if (answer?.market.kind !== "market") throw new Error("not listed");
  market = answer.market.description;
});
afterAll(async () => {
  for (const gateway of open) gateway.close();
  await venue.close();
});

async function gatewayOf(kind: "direct" | "official", listed: MarketDescription): Promise<PolymarketGateway> {
  const options: DirectGatewayOptions = {
    transport,
    clock,
    signer,
    credentials,
    parties: LIMITS.parties,
    chainId: 137,
    runId: id<RunId>(`v3-${kind}-${listed.version ?? "none"}`),
    markets: [listed],
    url: venue.clob,
    userUrl: venue.wsUser,
  };
  const gateway = kind === "direct" ? createDirectGateway(options) : await createOfficialGateway(options);
  open.push(gateway);
  return gateway;
}

describe.each(["direct", "official"] as const)("the %s gateway, in a market of exchange V3", (kind) => {
  it("signs for it because the listing says so, and the venue takes the order", async () => {
    expect(market.version).toBe(3);
    const gateway = await gatewayOf(kind, market);
    const order = gateway.prepare(testIntent(market), 0);
    expect(await gateway.placeOrder(order)).toEqual({ kind: "live" });
    expect(await gateway.fetchOrder(order.orderId)).toMatchObject({ kind: "found", status: "LIVE" });
    expect(await gateway.cancelOrder(order.orderId)).toMatchObject({ kind: "canceled" });
  });

  it("is refused when it signs for another, until it is told that the exchange has changed", async () => {
    const { version, ...silent } = market;
    const gateway = await gatewayOf(kind, silent);
    const placed = await gateway.placeOrder(gateway.prepare(testIntent(market), 0));
    expect(placed).toMatchObject({
      kind: "rejected",
      detail: expect.stringMatching(/order_version_mismatch/) as string,
    });
    const at = { at: clock.monotonic(), receivedAt: clock.wall() };
    const { marketId } = market;
    gateway.observe({
      type: "terms_changed",
      marketId,
      terms: { version: version! },
      source: "gamma",
      ...at,
    });
    expect(await gateway.placeOrder(gateway.prepare(testIntent(market), 1))).toEqual({ kind: "live" });
    await gateway.cancelAll();
  });
});
