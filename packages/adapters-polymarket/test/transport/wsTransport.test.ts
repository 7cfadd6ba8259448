import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { isMatchpointError, type SocketHandlers } from "@matchpoint/sdk";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { WebSocketServer } from "ws";
import { createWsTransport } from "../../src/index.ts";

let server: Server;
let sockets: WebSocketServer;
let base: string;

beforeEach(async () => {
  server = createServer((request, response) => {
    if (request.url === "/hang") return;
    if (request.url === "/drip") {
      response.write("x");
      return;
    }
    if (request.url === "/big") {
      response.end("x".repeat(2_000));
      return;
    }
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    request.on("end", () => {
      const answer = {
        method: request.method,
        header: request.headers["x-test"],
        body: Buffer.concat(parts).toString(),
      };
      response
        .writeHead(request.url === "/missing" ? 404 : 200, { "x-answer": "yes" })
        .end(JSON.stringify(answer));
    });
  });
  sockets = new WebSocketServer({ server, perMessageDeflate: true });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  base = `127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  for (const socket of sockets.clients) socket.terminate();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

async function failure(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
    return "none";
  } catch (error) {
    return isMatchpointError(error) ? `${error.code} ${error.message}` : "another error";
  }
}

describe("HTTP", () => {
  it("sends and reads whole answers of any status", async () => {
    const transport = createWsTransport();
    const answer = await transport.request({
      method: "POST",
      url: `http://${base}/missing`,
      headers: { "x-test": "1" },
      body: "hello",
      timeoutMs: 1_000,
    });
    expect([answer.status, answer.headers["x-answer"]]).toEqual([404, "yes"]);
    expect(JSON.parse(new TextDecoder().decode(answer.body))).toEqual({
      method: "POST",
      header: "1",
      body: "hello",
    });
  });

  it.each([
    ["GET", undefined],
    ["POST", "the outcome is unknown, not refused"],
  ] as const)("says of a %s without an answer what it leaves open", async (method, hint) => {
    const call = createWsTransport().request({ method, url: `http://${base}/hang`, timeoutMs: 50 });
    await expect(call).rejects.toMatchObject({ code: "HTTP_FAILED", hint });
  });

  it.each(["/hang", "/drip"])("keeps its deadline on %s", async (path) => {
    const call = createWsTransport().request({ method: "GET", url: `http://${base}${path}`, timeoutMs: 50 });
    expect(await failure(call)).toContain("HTTP_FAILED");
    expect(
      await failure(
        createWsTransport().request({ method: "GET", url: `http://${base}${path}`, timeoutMs: 50 }),
      ),
    ).toContain("no answer within 50 ms");
  });

  it("ends when the caller gives up", async () => {
    const controller = new AbortController();
    const call = createWsTransport().request({
      method: "GET",
      url: `http://${base}/hang`,
      timeoutMs: 5_000,
      signal: controller.signal,
    });
    controller.abort();
    expect(await failure(call)).toContain("ABORTED");
  });

  it("refuses answers that are too long, and says why it could not connect", async () => {
    const transport = createWsTransport({ maxPayload: 1_000 });
    expect(
      await failure(transport.request({ method: "GET", url: `http://${base}/big`, timeoutMs: 1_000 })),
    ).toContain("HTTP_RESPONSE_INVALID");
    const gone = createServer();
    await new Promise<void>((resolve) => gone.listen(0, "127.0.0.1", resolve));
    const { port } = gone.address() as AddressInfo;
    await new Promise((resolve) => gone.close(resolve));
    expect(
      await failure(transport.request({ method: "GET", url: `http://127.0.0.1:${port}/`, timeoutMs: 1_000 })),
    ).toContain("ECONNREFUSED");
  });
});

describe("sockets", () => {
  /** Opens a socket and gathers what is heard until it closes. */
  function open(maxPayload?: number) {
    const heard: string[] = [];
    let closed: () => void;
    const done = new Promise<void>((resolve) => {
      closed = resolve;
    });
    const handlers: SocketHandlers = {
      open: () => heard.push("open"),
      frame: (bytes) => heard.push(new TextDecoder().decode(bytes)),
      close: (code) => {
        heard.push(`close ${code}`);
        closed();
      },
      error: (error) => heard.push(isMatchpointError(error) ? error.code : "another error"),
    };
    const transport = createWsTransport({
      closeTimeoutMs: 30,
      ...(maxPayload === undefined ? {} : { maxPayload }),
    });
    const socket = transport.connect(`ws://${base}`, handlers, { headers: { "x-test": "1" } });
    return { heard, done, socket };
  }

  it("carry frames both ways, without compression", async () => {
    sockets.on("connection", (socket, request) => {
      expect([socket.extensions, request.headers["x-test"]]).toEqual(["", "1"]);
      socket.on("message", (data: Buffer) => {
        socket.send(`echo ${data.toString()}`);
        socket.close(1001);
      });
      socket.send("hello");
    });
    const { heard, done, socket } = open();
    socket.send("lost: not open yet");
    await new Promise((resolve) => setTimeout(resolve, 50));
    socket.send("hi");
    await done;
    expect(heard).toEqual(["open", "hello", "echo hi", "close 1001"]);
    socket.close();
  });

  it("close although the other side does not", async () => {
    sockets.on("connection", (socket) => {
      socket.pause();
    });
    const { heard, done, socket } = open();
    await new Promise((resolve) => setTimeout(resolve, 50));
    socket.close();
    await done;
    expect(heard).toEqual(["open", "close 1006"]);
  });

  it("close on what is too long, and before they are open", async () => {
    sockets.on("connection", (socket) => {
      socket.send("x".repeat(2_000));
    });
    const first = open(1_000);
    await first.done;
    expect(first.heard).toEqual(["open", "FEED_CONNECTION", "close 1006"]);
    const second = open();
    second.socket.close();
    await second.done;
    expect(second.heard).toEqual(["FEED_CONNECTION", "close 1006"]);
  });
});
