import type { AddressInfo } from "node:net";
import { parseConfig, SystemClock, type MarketDescription } from "@matchpoint/sdk";
import { expect, it } from "vitest";
import { WebSocketServer } from "ws";
import { openPolymarket, POLYMARKET } from "../../src/feeds/polymarket.ts";

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
  const server = new WebSocketServer({ host: "127.0.0.1", port: 0 });
  const asked: string[][] = [];
  server.on("connection", (socket) => {
    socket.on("message", (data: Buffer) => {
      const text = data.toString();
      if (text.startsWith("{")) asked.push((JSON.parse(text) as { assets_ids: string[] }).assets_ids);
    });
  });
  await new Promise((resolve) => server.once("listening", resolve));
  const at = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const options = POLYMARKET.parse({
    enabled: true,
    socket_url: `ws://${at}`,
    rest_url: `http://${at}`,
    gamma_url: `http://${at}`,
  });
  const stop = new AbortController();
  const say = (): void => undefined;
  const feed = openPolymarket(options, parseConfig({}), [market(1)], new SystemClock(), stop.signal, say);
  feed.add([market(1), market(2)]);
  feed.add([market(2)]);
  while (asked.length < 2) await new Promise((resolve) => setTimeout(resolve, 10));
  await new Promise((resolve) => setTimeout(resolve, 100));
  stop.abort();
  for (const socket of server.clients) socket.terminate();
  server.close();
  expect(asked.flat().sort()).toEqual(["11", "12", "21", "22"]);
});
