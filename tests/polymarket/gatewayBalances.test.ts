import {
  createDirectGateway,
  createWsTransport,
  type PolymarketGateway,
} from "@matchpoint/adapters-polymarket";
import { startVenue, type RunningVenue } from "@matchpoint/paper-venue";
import { id, SystemClock, type MarketDescription, type RunId } from "@matchpoint/sdk";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ADDRESS, apiKey, LIMITS, signerOf } from "./gatewayStage.ts";
import { until } from "./officialSupport.ts";

let venue: RunningVenue;
let gateway: PolymarketGateway;
let market: MarketDescription;

beforeAll(async () => {
  venue = await startVenue({ seed: 8, liquidity: "none", settlement: { chain_ms: 10 } });
  venue.command({ do: "fund", address: ADDRESS, usd: 100 });
  market = venue.venue.market(id(venue.markets[0]!.conditionId))!;
  const clock = new SystemClock();
  const signer = signerOf(() => clock.wall());
  const transport = createWsTransport();
  const credentials = await apiKey(transport, venue.clob, signer, clock.wall());
  gateway = createDirectGateway({
    ...{ transport, clock, signer, credentials, parties: LIMITS.parties, chainId: 137, markets: [market] },
    ...{ runId: id<RunId>("balances"), url: venue.clob, userUrl: venue.wsUser },
  });
});
afterAll(async () => {
  gateway.close();
  await venue.close();
});

/** The venue's cache stays as it is from here on, and the chain moves. */
async function onChain(kind: "split" | "merge", shares: number): Promise<void> {
  venue.command({ do: "fault", kind: "stale_balance", durationMs: 60_000 });
  const actionId = `${kind}-${shares}`;
  venue.command({ do: "chain", address: ADDRESS, market: market.marketId, kind, shares, actionId });
  await until(() => {
    const answer: unknown = venue.command({ do: "chainStatus", actionId });
    const { report } = answer as { report: { status?: string } | null };
    return report?.status === "FINAL";
  });
}

test("what the chain moved beside the trades is seen, though the venue answers from a cache until it is asked to look", async () => {
  expect(await gateway.fetchBalances()).toEqual({ collateral: 100_000_000 });
  expect(await gateway.fetchPositions()).toEqual([]);
  await onChain("split", 30);
  expect(await gateway.fetchBalances()).toEqual({ collateral: 70_000_000 });
  const held = await gateway.fetchPositions();
  expect(held.map(({ matched }) => matched)).toEqual([30_000_000, 30_000_000]);
  await onChain("merge", 10);
  expect(await gateway.fetchBalances()).toEqual({ collateral: 80_000_000 });
  const left = await gateway.fetchPositions();
  expect(left.map(({ settled }) => settled)).toEqual([20_000_000, 20_000_000]);
});
