import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { WebSocketServer, type WebSocket } from "ws";

/** One socket that a client opened. */
export interface Visit {
  readonly url: URL;
  readonly socket: WebSocket;
  /** What the client sent, in order. */
  readonly received: string[];
}

/** Answer of the HTTP half. */
export interface Answer {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** It never comes. */
  readonly hangs?: boolean;
}

/** A provider's front door on a real port: sockets and HTTP, as the test scripts them. */
export class FakeProvider {
  readonly visits: Visit[] = [];
  readonly requests: {
    readonly path: string;
    readonly headers: IncomingMessage["headers"];
    readonly body: string;
  }[] = [];
  /** Called for each socket that is accepted. */
  onVisit: (visit: Visit, count: number) => void = () => undefined;
  /** Called for each frame of a client. */
  onMessage: (visit: Visit, text: string) => void = () => undefined;
  /** Whether a socket is accepted; a number is the HTTP status of the refusal. */
  gate: (url: URL, count: number) => true | number = () => true;
  onRequest: (path: string, body: string) => Answer = () => ({ status: 404 });
  readonly #http: Server;
  readonly #sockets = new Set<Socket>();
  #attempts = 0;

  constructor() {
    this.#http = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        const body = Buffer.concat(chunks).toString("utf8");
        const path = request.url ?? "";
        this.requests.push({ path, headers: request.headers, body });
        const answer = this.onRequest(path, body);
        if (answer.hangs === true) return;
        response.writeHead(answer.status, { "content-type": "application/json", ...answer.headers });
        response.end(typeof answer.body === "string" ? answer.body : JSON.stringify(answer.body ?? null));
      });
    });
    const sockets = new WebSocketServer({ noServer: true });
    this.#http.on("connection", (socket) => {
      this.#sockets.add(socket);
      socket.on("close", () => this.#sockets.delete(socket));
    });
    this.#http.on("upgrade", (request, socket, head) => {
      this.#attempts += 1;
      socket.on("error", () => undefined);
      const url = new URL(request.url ?? "/", "ws://fake");
      const verdict = this.gate(url, this.#attempts);
      if (verdict !== true) {
        socket.end(`HTTP/1.1 ${verdict} Refused\r\ncontent-length: 0\r\nconnection: close\r\n\r\n`);
        return;
      }
      sockets.handleUpgrade(request, socket, head, (client) => {
        const visit: Visit = { url, socket: client, received: [] };
        this.visits.push(visit);
        client.on("error", () => undefined);
        client.on("message", (data) => {
          const text = (data as Buffer).toString("utf8");
          visit.received.push(text);
          this.onMessage(visit, text);
        });
        this.onVisit(visit, this.visits.length);
      });
    });
  }

  get attempts(): number {
    return this.#attempts;
  }

  async listen(): Promise<void> {
    await new Promise<void>((resolve) => this.#http.listen(0, "127.0.0.1", resolve));
  }

  get port(): number {
    return (this.#http.address() as AddressInfo).port;
  }

  get socketUrl(): string {
    return `ws://127.0.0.1:${this.port}`;
  }

  get httpUrl(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** The visit that came last. */
  get last(): Visit {
    const visit = this.visits.at(-1);
    if (visit === undefined) throw new Error("nobody has come");
    return visit;
  }

  async close(): Promise<void> {
    for (const visit of this.visits) visit.socket.terminate();
    for (const socket of this.#sockets) socket.destroy();
    await new Promise<void>((resolve) => this.#http.close(() => resolve()));
  }
}
