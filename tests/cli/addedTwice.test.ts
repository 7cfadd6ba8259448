import { parseConfig, SystemClock, type MarketDescription } from "@matchpoint/sdk";
import { expect, it } from "vitest";
import { fakeMarketServer } from "./fakeMarketServer.ts";
import { openPolymarket, POLYMARKET } from "../../packages/cli/src/feeds/polymarket.ts";

function market(n: number): MarketDescription {
  return {
    marketId: `0x${String(n).padStart(64, "0")}`,
    title: `market ${n}`,
    outcomes: [
      { tokenId: `${n}1`, name: "A" },
      { tokenId: `${n}2`, name: "B" },
    ],
    tick: 100,
    minSize: 5_000_000,
    takerDelayMs: 0,
    mirrored: true,
    negRisk: false,
    acceptingOrders: true,
    clearBookOnStart: false,
  } as unknown as MarketDescription;
}

it("follows a market once that is found again, such as one that an earlier run has left something in", async () => {
  const server = await fakeMarketServer(() => ({}));
  const asked = (): string[] =>
    server.heard
      .filter((text) => text.startsWith("{"))
      .flatMap((text) => (JSON.parse(text) as { assets_ids: string[] }).assets_ids);
  const options = POLYMARKET.parse({
    enabled: true,
    socket_url: server.socketUrl,
    rest_url: server.restUrl,
    gamma_url: server.restUrl,
  });
  const stop = new AbortController();
  const say = (): void => undefined;
  const feed = openPolymarket(options, parseConfig({}), [market(1)], new SystemClock(), stop.signal, say);
  feed.add([market(1), market(2)]);
  feed.add([market(2)]);
  while (asked().length < 4) await new Promise((resolve) => setTimeout(resolve, 10));
  await new Promise((resolve) => setTimeout(resolve, 100));
  stop.abort();
  await server.close();
  expect(asked().sort()).toEqual(["11", "12", "21", "22"]);
});
