import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, it } from "vitest";
import { createWsTransport } from "../../src/index.ts";

const servers: Server[] = [];

afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

async function serve(answer: (url: string) => string | undefined) {
  const heard: IncomingHttpHeaders[] = [];
  const server = createServer((request, response) => {
    heard.push(request.headers);
    const location = answer(request.url!);
    if (location === undefined) response.end("{}");
    else response.writeHead(302, { location }).end();
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { heard, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

it("credentials go nowhere but where they were sent to", async () => {
  const other = await serve(() => undefined);
  const venue = await serve(() => `${other.url}/data/orders`);
  const headers = { accept: "application/json", POLY_API_KEY: "key", POLY_PASSPHRASE: "canary" };
  const { request } = createWsTransport();
  const answer = await request({ method: "GET", url: `${venue.url}/data/orders`, headers, timeoutMs: 2_000 });
  expect(answer.status).toBe(302);
  expect(other.heard).toEqual([]);
});

it("a public question may be answered elsewhere", async () => {
  const other = await serve(() => undefined);
  const venue = await serve(() => `${other.url}/markets`);
  const { request } = createWsTransport();
  for (const headers of [undefined, { accept: "application/json" }]) {
    const call = { method: "GET", url: `${venue.url}/markets`, timeoutMs: 2_000 } as const;
    expect((await request(headers === undefined ? call : { ...call, headers })).status).toBe(200);
  }
});
