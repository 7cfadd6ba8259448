import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { WebSocketServer, type WebSocket } from "ws";

/** A book as the venue keeps it for one token. */
export interface VenueBook {
  timestamp: number;
  bids: readonly (readonly [string, string])[];
  asks: readonly (readonly [string, string])[];
}

/** The market channel and `GET /book` on real sockets, with the venue's bad habits as switches. */
export class FakeVenue {
  readonly books = new Map<string, VenueBook>();
  /** Whether a subscription is answered with books. */
  dumps = true;
  /** Whether `PING` is answered. */
  pongs = true;
  /** Whether new sockets are refused. */
  refuses = false;
  /** Answers `GET /book` instead of the books; `undefined` falls through. */
  onBook: ((token: string, response: ServerResponse) => boolean) | undefined;
  readonly subscriptions: { type: string; assets_ids: string[]; [key: string]: unknown }[] = [];
  readonly sockets = new Set<WebSocket>();
  connections = 0;
  pings = 0;
  bookCalls = 0;
  readonly #server: Server;
  readonly #wss: WebSocketServer;

  private constructor(server: Server) {
    this.#server = server;
    this.#wss = new WebSocketServer({ server, path: "/ws/market", verifyClient: () => !this.refuses });
    this.#wss.on("connection", (socket) => {
      this.#serve(socket);
    });
    server.on("request", (request, response) => {
      this.#rest(request, response);
    });
  }

  static async start(): Promise<FakeVenue> {
    const server = createServer();
    const venue = new FakeVenue(server);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return venue;
  }

  get url(): string {
    return `ws://127.0.0.1:${(this.#server.address() as AddressInfo).port}/ws/market`;
  }

  get restUrl(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  bookFrame(token: string, event: boolean): string {
    const { timestamp, bids, asks } = this.books.get(token)!;
    const levels = (list: VenueBook["bids"]) => list.map(([price, size]) => ({ price, size }));
    return JSON.stringify({
      market: "0xm",
      asset_id: token,
      timestamp: String(timestamp),
      hash: "h",
      bids: levels(bids),
      asks: levels(asks),
      ...(event ? { event_type: "book" } : {}),
    });
  }

  /** Sends a frame to every socket. */
  send(frame: unknown): void {
    const text = typeof frame === "string" ? frame : JSON.stringify(frame);
    for (const socket of this.sockets) socket.send(text);
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.terminate();
    this.#wss.close();
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #serve(socket: WebSocket): void {
    this.connections++;
    this.sockets.add(socket);
    socket.on("close", () => this.sockets.delete(socket));
    socket.on("message", (data) => {
      const text = (data as Buffer).toString();
      if (text === "PING") {
        this.pings++;
        if (this.pongs) socket.send("PONG");
        return;
      }
      const frame = JSON.parse(text) as (typeof this.subscriptions)[number];
      this.subscriptions.push(frame);
      if (!this.dumps) return;
      const known = frame.assets_ids.filter((token) => this.books.has(token));
      socket.send(`[${known.map((token) => this.bookFrame(token, true)).join(",")}]`);
    });
  }

  #rest(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url ?? "/", "http://x");
    const token = url.searchParams.get("token_id") ?? "";
    this.bookCalls++;
    if (url.pathname !== "/book" || this.onBook?.(token, response) === true) {
      if (url.pathname !== "/book") response.writeHead(404).end();
      return;
    }
    if (!this.books.has(token)) {
      response.writeHead(404).end('{"error":"No orderbook exists for the requested token id"}');
      return;
    }
    response.writeHead(200, { "content-type": "application/json" }).end(`${this.bookFrame(token, false)}\n`);
  }
}

/** Waits until something holds. */
export async function until(condition: () => boolean, what: string, ms = 4_000): Promise<void> {
  const deadline = performance.now() + ms;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error(`waited in vain for: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
