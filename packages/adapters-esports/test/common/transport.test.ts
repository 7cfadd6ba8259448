import { MatchpointError, type Socket } from "@matchpoint/sdk";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createWsTransport } from "../../src/index.ts";
import { FakeProvider } from "../server.ts";

let server: FakeProvider;

beforeEach(async () => {
  server = new FakeProvider();
  await server.listen();
});

afterEach(async () => {
  await server.close();
});

interface Log {
  readonly lines: string[];
  readonly errors: Error[];
  readonly closed: Promise<string>;
}

function open(url: string, maxPayload?: number): { socket: Socket; log: Log } {
  const lines: string[] = [];
  const errors: Error[] = [];
  let done: (text: string) => void = () => undefined;
  const closed = new Promise<string>((resolve) => (done = resolve));
  const socket = createWsTransport().connect(
    url,
    {
      open: () => lines.push("open"),
      frame: (bytes) => lines.push(new TextDecoder().decode(bytes)),
      close: (code, reason) => done(`${code} ${reason}`),
      error: (error) => errors.push(error),
    },
    maxPayload === undefined ? {} : { maxPayload },
  );
  return { socket, log: { lines, errors, closed } };
}

describe("sockets", () => {
  it("carry text both ways, uncompressed, and say how they were closed", async () => {
    server.onMessage = ({ socket }, text) => {
      socket.send(`${text}!`);
      socket.close(4029, "too many");
    };
    server.onVisit = ({ socket }) => socket.send("hello");
    const { socket, log } = open(server.socketUrl);
    socket.send("too early"); // dropped: it is not open yet
    await expect.poll(() => log.lines).toContain("open");
    socket.send("now");
    expect(await log.closed).toBe("4029 too many");
    expect(log.lines.sort()).toEqual(["hello", "now!", "open"]);
    expect(server.last.socket.extensions).toBe("");
    expect(server.last.received).toEqual(["now"]);
  });

  it("take frames of eight megabytes, and no more than they are told", async () => {
    const big = "x".repeat(8 * 1024 * 1024);
    server.onVisit = ({ socket }) => socket.send(big);
    const { log } = open(server.socketUrl);
    await expect.poll(() => log.lines.at(-1)?.length, { timeout: 5000 }).toBe(big.length);
    const small = open(server.socketUrl, 1000);
    expect(await small.log.closed).toMatch(/^1006|^1009/);
    expect(small.log.errors).toHaveLength(1);
    expect(small.log.lines.filter((line) => line.length > 1000)).toEqual([]);
  });

  it.each([
    [401, "FEED_UNAUTHORIZED"],
    [403, "FEED_UNAUTHORIZED"],
    [429, "FEED_CONNECTION"],
    [503, "FEED_CONNECTION"],
  ])("refused with %i give %s, without the key", async (status, code) => {
    server.gate = () => status;
    const { log } = open(`${server.socketUrl}/x?key=s3cret`);
    expect(await log.closed).toMatch(/^1006/);
    expect(log.errors[0]).toBeInstanceOf(MatchpointError);
    expect(log.errors[0]).toMatchObject({ code, where: `${server.socketUrl}/x?key=<redacted>` });
    expect(log.errors[0]!.message).not.toContain("s3cret");
  });

  it("give an error for a port where nobody listens, and throw one for what is no address", async () => {
    const url = server.socketUrl;
    await server.close();
    const { log } = open(url);
    expect(await log.closed).toMatch(/^1006/);
    expect(log.errors[0]).toMatchObject({ code: "FEED_CONNECTION" });
    expect(() => open("http//nowhere?token=s3cret")).toThrow(
      expect.objectContaining({ code: "FEED_CONNECTION" }),
    );
    expect(() => open("http//nowhere?token=s3cret")).not.toThrow(/s3cret/);
    await server.listen();
  });

  it("can be closed before they are open", async () => {
    const { socket, log } = open(server.socketUrl);
    socket.close(1000);
    expect(await log.closed).toMatch(/^1006/);
    expect(log.lines).toEqual([]);
  });
});

describe("requests", () => {
  const transport = createWsTransport({ maxResponse: 1000 });

  it("carry method, headers and body, and give the answer whole", async () => {
    server.onRequest = () => ({ status: 201, body: { fine: true }, headers: { "x-page": "1" } });
    const answer = await transport.request({
      method: "POST",
      url: `${server.httpUrl}/a`,
      headers: { "x-api-key": "k" },
      body: "{}",
      timeoutMs: 3000,
    });
    expect(answer.status).toBe(201);
    expect(answer.headers["x-page"]).toBe("1");
    expect(JSON.parse(new TextDecoder().decode(answer.body))).toEqual({ fine: true });
    expect(server.requests[0]).toMatchObject({ path: "/a", body: "{}", headers: { "x-api-key": "k" } });
  });

  it("give a status that is no success as it is", async () => {
    server.onRequest = () => ({ status: 500 });
    expect((await transport.request({ method: "GET", url: server.httpUrl, timeoutMs: 3000 })).status).toBe(
      500,
    );
  });

  it.each([
    ["an answer that is too long", () => ({ status: 200, body: "x".repeat(2000) }), /longer than 1000 bytes/],
    ["a redirect", () => ({ status: 302, headers: { location: "/b" } }), /HTTP_FAILED|redirect/],
  ])("fail for %s", async (_, onRequest, message) => {
    server.onRequest = onRequest;
    const failed = transport.request({
      method: "GET",
      url: `${server.httpUrl}/?token=s3cret`,
      timeoutMs: 3000,
    });
    await expect(failed).rejects.toMatchObject({
      code: "HTTP_FAILED",
      message: expect.stringMatching(message),
    });
    await expect(failed).rejects.not.toMatchObject({ message: expect.stringContaining("s3cret") });
  });

  it("fail at their deadline, at the signal, and when nobody listens", async () => {
    server.onRequest = () => {
      const until = Date.now() + 150;
      while (Date.now() < until);
      return { status: 200 };
    };
    const url = server.httpUrl;
    await expect(transport.request({ method: "GET", url, timeoutMs: 20 })).rejects.toMatchObject({
      code: "HTTP_FAILED",
      message: expect.stringContaining("no answer within 20 ms"),
    });
    const abort = new AbortController();
    const aborted = transport.request({ method: "GET", url, timeoutMs: 3000, signal: abort.signal });
    abort.abort();
    await expect(aborted).rejects.toMatchObject({ code: "ABORTED" });
    await expect(
      transport.request({ method: "GET", url: "http://127.0.0.1:1", timeoutMs: 3000 }),
    ).rejects.toMatchObject({
      code: "HTTP_FAILED",
    });
  });
});
