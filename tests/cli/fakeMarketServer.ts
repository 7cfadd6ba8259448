import { createHash } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";

const WEBSOCKET = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"; // RFC 6455, section 1.3

/** A server that speaks as much of the market channel as a client needs: books on request, by socket and by REST. */
export interface FakeMarketServer {
  readonly socketUrl: string;
  readonly restUrl: string;
  /** What clients have sent, PINGs included. */
  readonly heard: readonly string[];
  /** Markets as Gamma has them; may be changed. */
  readonly gamma: Record<string, unknown>[];
  /** How many books were asked for by REST. */
  readonly booksAsked: () => number;
  /** Sends a frame to every client. */
  send(frame: unknown): void;
  /** Cuts every connection without a word. */
  drop(): void;
  close(): Promise<void>;
}

/** Starts a server that gives `book(token)` for every token that is subscribed to or asked for. */
export async function fakeMarketServer(book: (token: string) => object): Promise<FakeMarketServer> {
  const heard: string[] = [];
  const gamma: Record<string, unknown>[] = [];
  let booksAsked = 0;
  const sockets = new Set<Duplex>();
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://x");
    if (pathname === "/markets/keyset") {
      const closed = searchParams.get("closed") === "true";
      const ids = searchParams.getAll("condition_ids");
      const markets = gamma.filter(
        (market) => market["closed"] === closed && ids.includes(market["conditionId"] as string),
      );
      response.writeHead(200, { "content-type": "application/json" });
      response.end(JSON.stringify({ markets }));
      return;
    }
    if (pathname === "/time") {
      response.writeHead(200, { "content-type": "application/json" });
      response.end(String(Math.floor(Date.now() / 1000)));
      return;
    }
    const token = searchParams.get("token_id");
    if (token !== null) booksAsked += 1;
    response.writeHead(token === null ? 404 : 200, { "content-type": "application/json" });
    response.end(JSON.stringify(token === null ? {} : book(token)));
  });
  server.on("upgrade", (request, socket) => {
    const key = request.headers["sec-websocket-key"] ?? "";
    const accept = createHash("sha1")
      .update(key + WEBSOCKET)
      .digest("base64");
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
    );
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => sockets.delete(socket));
    let rest = Buffer.alloc(0);
    socket.on("data", (chunk: Buffer) => {
      rest = Buffer.concat([rest, chunk]);
      for (let frame = take(rest); frame !== undefined; frame = take(rest)) {
        rest = rest.subarray(frame.length);
        if (frame.opcode === 8) socket.end(Buffer.from([0x88, 0]));
        if (frame.opcode !== 1) continue;
        heard.push(frame.text);
        if (frame.text === "PING") socket.write(text("PONG"));
        else
          for (const token of tokensOf(frame.text))
            socket.write(text(JSON.stringify([{ event_type: "book", ...book(token) }])));
      }
    });
  });
  await new Promise<void>((up) => server.listen(0, "127.0.0.1", up));
  const { port } = server.address() as AddressInfo;
  return {
    socketUrl: `ws://127.0.0.1:${port}/ws/market`,
    restUrl: `http://127.0.0.1:${port}`,
    heard,
    gamma,
    booksAsked: () => booksAsked,
    send: (frame) => {
      for (const socket of sockets) socket.write(text(JSON.stringify(frame)));
    },
    drop: () => {
      for (const socket of sockets) socket.destroy();
    },
    close: () => {
      for (const socket of sockets) socket.destroy();
      server.closeAllConnections();
      return new Promise((down) =>
        server.close(() => {
          down();
        }),
      );
    },
  };
}

function tokensOf(subscription: string): readonly string[] {
  return (JSON.parse(subscription) as { readonly assets_ids?: readonly string[] }).assets_ids ?? [];
}

/** A server's text frame: unmasked. */
function text(content: string): Buffer {
  const body = Buffer.from(content);
  const head =
    body.length < 126
      ? Buffer.from([0x81, body.length])
      : Buffer.from([0x81, 126, body.length >> 8, body.length & 255]);
  return Buffer.concat([head, body]);
}

/** The first whole frame of a client: masked, and short enough for two bytes of length. */
function take(
  bytes: Buffer,
): { readonly opcode: number; readonly text: string; readonly length: number } | undefined {
  if (bytes.length < 6) return undefined;
  const short = bytes[1]! & 127;
  const head = short === 126 ? 4 : 2;
  const size = short === 126 ? bytes.readUInt16BE(2) : short;
  const length = head + 4 + size;
  if (bytes.length < length) return undefined;
  const mask = bytes.subarray(head, head + 4);
  const body = Buffer.from(bytes.subarray(head + 4, length).map((byte, i) => byte ^ mask[i % 4]!));
  return { opcode: bytes[0]! & 15, text: body.toString("utf8"), length };
}
