import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import type { Duplex } from "node:stream";
import { MatchpointError, type CancelTimer, type Clock, type MatchDescription } from "@matchpoint/sdk";
import { WebSocket, WebSocketServer } from "ws";
import { Prng } from "../simulator/prng.ts";
import { AnswerLane } from "./answerLane.ts";
import type { FakeSource, FakeSourceOptions, SourceVisits } from "./fakeSource.ts";
import { FaultLane } from "./faultLane.ts";
import { FaultSpells } from "./faultSpells.ts";
import { hostileBody } from "./hostileBody.ts";
import { every, type SourceClient, type SourceProtocol, type SourceRequest } from "./sourceProtocol.ts";
import { Lag } from "./lag.ts";
import type { Garbling, SourceFault, StoryStep } from "./story.ts";
import { StoryWorld } from "./storyWorld.ts";
import { headersOf, VisitBook } from "./visitBook.ts";

/** What a client is to hear, if anything. */
type Render = (client: SourceClient) => unknown;

/** How long a message waits for the one that it is exchanged with. */
const SWAP_PATIENCE_MS = 5_000;
const MAX_MESSAGE = 1024 * 1024;

/**
 * What all fake sources have in common: a port with HTTP and WebSocket behind it, the story's world, faults, and a book of
 * what clients did. A provider is the protocol that it is given.
 *
 * @example
 * ```ts
 * import { SystemClock, type MatchDescription } from "@matchpoint/sdk";
 * import { SourceServer, type FakeSource } from "@matchpoint/testing";
 *
 * function createFakeBoard(match: MatchDescription): FakeSource {
 *   return new SourceServer("board", { match, clock: new SystemClock() }, (server) => ({
 *     answer: () => ({ status: 200, body: { id: server.ref.match, state: server.world.status } }),
 *   }));
 * }
 * ```
 */
export class SourceServer implements FakeSource {
  readonly source: string;
  readonly match: MatchDescription;
  readonly clock: Clock;
  /** The source's ids of the match and its teams, in the order of the match. */
  readonly ref: { readonly match: string; readonly teams: readonly [string, string] };
  readonly rng: Prng;
  /** Where the story stands, as clients can know it. */
  readonly world: StoryWorld;
  readonly urls: { http?: string; ws?: string } = {};
  readonly #protocol: SourceProtocol;
  readonly #http: Server;
  readonly #upgrader = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_MESSAGE,
    perMessageDeflate: false,
  });
  readonly #tcp = new Set<Socket>();
  readonly #clients = new Map<SourceClient, WebSocket>();
  readonly #waiting = new Set<ServerResponse>();
  readonly #timers = new Set<CancelTimer>();
  readonly #said = new FaultLane<Render>();
  readonly #answers = new AnswerLane();
  readonly #hostile: Garbling[] = [];
  readonly #book = new VisitBook();
  #lastText = "{}";
  readonly #lag: Lag;
  readonly #spells = new FaultSpells();
  readonly #port: number;
  #cutNext = false;

  /** @throws `MatchpointError` `EVENT_INVALID` when the match has no reference for the source */
  constructor(
    source: string,
    options: FakeSourceOptions,
    protocol: (server: SourceServer) => SourceProtocol,
  ) {
    const ref = options.match.refs?.[source];
    if (ref === undefined) {
      throw new MatchpointError("EVENT_INVALID", `match ${options.match.matchId} has no refs.${source}`, {
        where: `the fake source ${source}`,
        hint: "Give the match the source's ids of itself and of both teams.",
      });
    }
    this.source = source;
    this.match = options.match;
    this.clock = options.clock;
    this.ref = ref;
    this.#port = options.port ?? 0;
    this.rng = new Prng(options.seed ?? 1, source);
    this.world = new StoryWorld(options.match);
    this.#lag = new Lag(
      () => this.#now(),
      (ms, callback) => this.after(ms, callback),
    );
    this.#protocol = protocol(this);
    this.#http = createServer((request, response) => this.#request(request, response));
    this.#http.on("connection", (socket) => {
      this.#tcp.add(socket);
      socket.on("close", () => this.#tcp.delete(socket));
    });
    this.#http.on("upgrade", (request, socket, head) => this.#upgrade(request, socket, head));
  }

  get seen(): SourceVisits {
    return this.#book.list(this.#clients.size + this.#waiting.size);
  }

  async start(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#http.once("error", reject);
      this.#http.listen(this.#port, "127.0.0.1", resolve);
    });
    const { port } = this.#http.address() as AddressInfo;
    this.urls.http = `http://127.0.0.1:${port}`;
    if (this.#protocol.joined !== undefined) this.urls.ws = `ws://127.0.0.1:${port}`;
  }

  async stop(): Promise<void> {
    for (const cancel of this.#timers) cancel();
    this.#timers.clear();
    for (const socket of this.#clients.values()) socket.terminate();
    for (const socket of this.#tcp) socket.destroy();
    await new Promise<void>((resolve) => {
      this.#http.close(() => resolve());
    });
  }

  tell(step: StoryStep): void {
    const at = this.clock.wall();
    this.#lag.pass(() => {
      this.world.apply(step, at);
      this.#protocol.told?.(step, at);
    });
  }

  fault(fault: SourceFault): void {
    switch (fault.kind) {
      case "lag":
        this.#lag.ms = fault.ms;
        return;
      case "drop":
        this.#said.drop(fault.count);
        this.#answers.faults.drop(fault.count);
        return;
      case "duplicate":
        this.#said.duplicate(fault.count);
        this.#answers.faults.duplicate(fault.count);
        return;
      case "swap":
        this.#said.swap();
        this.#answers.faults.swap();
        return;
      case "garble":
        this.#garble(fault.frame);
        return;
      case "disconnect":
        this.#cut(fault.code);
        this.#cutNext = this.#polled && this.#clients.size === 0;
        return;
      case "outage":
        this.#spells.begin("outage", this.#now() + fault.ms);
        this.#cut(undefined);
        return;
      case "rate_limit":
        this.#spells.begin("rate_limit", this.#now() + fault.ms);
        return;
      case "silence":
        this.#spells.begin("silence", this.#now() + fault.ms);
    }
  }

  /**
   * Says something to every client, through whatever faults are due. A function says what is for which client; what is
   * `undefined` is not for it.
   */
  say(message: unknown): void {
    const render = typeof message === "function" ? (message as Render) : (): unknown => message;
    if (typeof message !== "function") this.#lastText = textOf(message);
    if (this.#silent || this.#said.loses()) return;
    const copies = this.#said.repeats() ? 2 : 1;
    const ready = this.#said.order(render);
    if (ready.length === 0) {
      this.after(SWAP_PATIENCE_MS, () => {
        const held = this.#said.release();
        if (held !== undefined) this.#deliver(held);
      });
    }
    for (const each of ready) for (let n = 0; n < copies; n++) this.#deliver(each);
  }

  /** Closes every socket with a code of the protocol, after what was said. */
  hangUp(code: number, reason = ""): void {
    for (const client of this.#clients.keys()) client.close(code, reason);
  }

  /** A timer that ends with the server. */
  after(ms: number, callback: () => void): CancelTimer {
    const cancel = this.clock.after(ms, () => {
      this.#timers.delete(cancel);
      callback();
    });
    this.#timers.add(cancel);
    return () => {
      this.#timers.delete(cancel);
      cancel();
    };
  }

  /** Calls back every `ms` until cancelled or stopped. */
  every(ms: number, callback: () => void): CancelTimer {
    const cancel = every(this.clock, ms, callback);
    this.#timers.add(cancel);
    return () => {
      this.#timers.delete(cancel);
      cancel();
    };
  }

  get #polled(): boolean {
    return this.#protocol.polled ?? this.#protocol.joined === undefined;
  }

  get #silent(): boolean {
    return this.#spells.left("silence", this.#now()) > 0;
  }

  #now(): number {
    return this.clock.monotonic() / 1e6;
  }

  #deliver(render: Render): void {
    for (const [client, socket] of this.#clients) {
      const message = render(client);
      if (message === undefined) continue;
      this.#lastText = textOf(message);
      socket.send(this.#lastText);
    }
  }

  /** One message is one message, however many sockets are open: whoever came last gets it. */
  #garble(frame: Garbling): void {
    const open = [...this.#clients.values()].findLast(({ readyState }) => readyState === WebSocket.OPEN);
    if (open === undefined) this.#hostile.push(frame);
    else open.send(this.#garbled(frame));
  }

  #garbled(frame: Garbling): string | Buffer {
    const shape = frame === "wrong_shape" ? this.#protocol.wrongShape?.() : undefined;
    return shape === undefined ? hostileBody(frame, this.#lastText, this.rng) : JSON.stringify(shape);
  }

  #cut(code: number | undefined): void {
    for (const socket of this.#clients.values()) {
      if (code === undefined) socket.terminate();
      else socket.close(code);
    }
    for (const response of this.#waiting) response.destroy();
  }

  /** Notes a request or an attempt at a socket; returns the status that refuses it, if there is one. */
  #note(request: IncomingMessage): number | undefined {
    this.#book.came(request);
    if (this.#spells.left("outage", this.#now()) > 0) return 503;
    return this.#spells.left("rate_limit", this.#now()) > 0 ? 429 : undefined;
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    // The server listens no more to a socket that it hands over; a client that resets it must not end the process.
    socket.on("error", () => undefined);
    const { method = "GET" } = request;
    const url = new URL(request.url ?? "/", "http://source");
    const headers = headersOf(request);
    const refused =
      this.#note(request) ??
      (this.#protocol.joined === undefined ? 404 : this.#protocol.admit?.({ method, url, headers }));
    if (refused !== undefined) {
      const retry = refused === 429 ? `retry-after: ${this.#retryAfter()}\r\n` : "";
      socket.end(`HTTP/1.1 ${refused} Refused\r\n${retry}content-length: 0\r\nconnection: close\r\n\r\n`);
      return;
    }
    this.#upgrader.handleUpgrade(request, socket, head, (accepted) => {
      this.#book.connections += 1;
      const client: SourceClient = {
        url,
        headers,
        send: (message) => {
          if (this.#silent) return;
          this.#lastText = textOf(message);
          accepted.send(this.#lastText);
        },
        close: (code, reason) => accepted.close(code, reason),
      };
      this.#clients.set(client, accepted);
      accepted.on("error", () => undefined);
      accepted.on("close", () => {
        this.#clients.delete(client);
        this.#protocol.left?.(client);
      });
      accepted.on("message", (data) => {
        const text = (data as Buffer).toString("utf8");
        this.#book.messages.push(text);
        if (accepted.readyState === WebSocket.OPEN) this.#protocol.heard?.(client, text);
      });
      this.#protocol.joined?.(client);
      // What nobody was there to hear.
      for (const frame of this.#hostile.splice(0)) accepted.send(this.#garbled(frame));
    });
  }

  #request(request: IncomingMessage, response: ServerResponse): void {
    this.#book.requests += 1;
    const refused = this.#note(request);
    if (this.#cutNext) {
      this.#cutNext = false;
      request.socket.destroy();
      return;
    }
    this.#waiting.add(response);
    response.on("close", () => this.#waiting.delete(response));
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const headers = headersOf(request);
      const url = new URL(request.url ?? "/", "http://source");
      const asked = {
        method: request.method ?? "GET",
        url,
        headers,
        body: Buffer.concat(chunks).toString("utf8"),
      };
      if (refused !== undefined) this.#refuse(response, refused);
      else this.#respond(asked, response);
    });
  }

  #respond(request: SourceRequest, response: ServerResponse): void {
    if (response.destroyed) return;
    if (this.#silent) {
      this.after(this.#spells.left("silence", this.#now()), () => this.#respond(request, response));
      return;
    }
    const answer = this.#protocol.answer?.(request) ?? { status: 404, body: { error: "not found" } };
    const bodyless = answer.status === 204 || answer.status === 304;
    let text = bodyless ? "" : textOf(answer.body ?? null);
    if (answer.status === 200 && this.#polled) {
      this.#lastText = text;
      const hostile = this.#hostile.shift();
      if (hostile !== undefined) {
        response.writeHead(200, { "content-type": "application/json" });
        response.end(this.#garbled(hostile));
        return;
      }
      text = this.#answers.next(`${request.method} ${request.url.pathname}`, text);
    }
    response.writeHead(answer.status, { "content-type": "application/json", ...answer.headers });
    response.end(text);
  }

  #refuse(response: ServerResponse, status: number): void {
    const retry = status === 429 ? { "retry-after": this.#retryAfter() } : {};
    response.writeHead(status, { "content-type": "application/json", ...retry });
    response.end(JSON.stringify({ error: status === 429 ? "too many requests" : "service unavailable" }));
  }

  #retryAfter(): string {
    return String(Math.max(1, Math.ceil(this.#spells.left("rate_limit", this.#now()) / 1_000)));
  }
}

function textOf(message: unknown): string {
  return typeof message === "string" ? message : JSON.stringify(message);
}
