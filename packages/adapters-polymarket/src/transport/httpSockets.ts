/** HTTP/1.1 over sockets of our own that stay open: for what acts at a venue, where each millisecond counts. @module */
import { connect as connectPlain, isIP, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import {
  MatchpointError,
  NANOS_PER_MS,
  type Clock,
  type HttpResponse,
  type Transport,
} from "@matchpoint/sdk";
import { HttpReply } from "./httpReply.ts";

type Call = Parameters<Transport["request"]>[0];

/** An idle socket is used for so long when the server does not say how long it keeps one; before that it is closed. */
const IDLE_MS = 15_000;
/** Of what the server says this much is left out: its answer was under way. */
const MARGIN_MS = 1_000;
/** So many sockets are open to a server that had a request: an order must not wait for another request's end, or a handshake. */
const SPARE = 2;

const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const NOT_A_VALUE = /[\u0000-\u0008\u000a-\u001f\u007f]|[^\u0000-\u00ff]/;
const PATH = /^\/[\u0021-\u0022\u0024-\u007e]*$/;

/** One server. */
interface Origin {
  readonly host: string;
  readonly port: number;
  readonly tls: boolean;
  /** What the header says. */
  readonly hostHeader: string;
  /** Sockets without a request, the one that waits the longest first. */
  readonly idle: Line[];
  /** Sockets that are open or opening, with a request or without. */
  open: number;
  /** Of the last TLS connection: the next one is made with fewer round trips. */
  session: Buffer | undefined;
}

/** One socket. */
interface Line {
  readonly socket: Socket;
  /** Whether the connection stands: before that, nothing of a request has left this process. */
  ready: boolean;
  exchange: Exchange | undefined;
  /** Monotonic time at which it is not used any more. */
  usableUntil: number;
}

/** One request under way. */
interface Exchange {
  readonly reply: HttpReply;
  readonly done: (answer: HttpResponse) => void;
  readonly fail: (error: unknown) => void;
}

/**
 * Sends requests, one at a time per socket, and keeps the sockets. Nothing is sent twice and no redirect is followed: what an answer
 * says is the caller's to judge. Certificates are checked as Node does.
 */
export class HttpSockets {
  readonly #maxBytes: number;
  readonly #clock: Clock;
  readonly #origins = new Map<string, Origin>();

  /** `maxBytes`: the longest body of an answer. */
  constructor(maxBytes: number, clock: Clock) {
    this.#maxBytes = maxBytes;
    this.#clock = clock;
  }

  /**
   * The answer to a request, whatever its status.
   * @throws `MatchpointError` `HTTP_FAILED`, `HTTP_RESPONSE_INVALID`, `ABORTED`; with the hint of whether it may have been sent
   */
  request(call: Call): Promise<HttpResponse> {
    return new Promise((resolve, reject) => {
      const { signal, timeoutMs } = call;
      const where = `${call.method} ${call.url}`;
      const refuse = (code: "HTTP_FAILED" | "ABORTED", message: string, hint: string, cause?: unknown) => {
        reject(
          new MatchpointError(code, message, { where, hint, ...(cause === undefined ? {} : { cause }) }),
        );
      };
      if (signal?.aborted === true) {
        refuse("ABORTED", "the caller gave up", NOT_SENT);
        return;
      }
      let text: string;
      let origin: Origin;
      try {
        const at = splitUrl(call.url);
        origin = this.#originOf(at.origin);
        text = head(call, at.path, origin.hostHeader);
      } catch (error) {
        refuse("HTTP_FAILED", describe(error), NOT_SENT, error);
        return;
      }
      const line = this.#take(origin);
      const { socket } = line;
      const hint = (): string => (line.ready ? UNKNOWN : NOT_SENT);
      const over = (): void => {
        cancel();
        signal?.removeEventListener("abort", abort);
        line.exchange = undefined;
      };
      const give = (code: "HTTP_FAILED" | "ABORTED", message: string): void => {
        over();
        socket.destroy();
        refuse(code, message, hint());
      };
      const abort = (): void => {
        give("ABORTED", "the caller gave up");
      };
      const cancel = this.#clock.after(timeoutMs, () => {
        give("HTTP_FAILED", `no answer within ${timeoutMs} ms`);
      });
      signal?.addEventListener("abort", abort);
      const reply = new HttpReply(this.#maxBytes);
      line.exchange = {
        reply,
        done: (answer) => {
          over();
          resolve(answer);
          if (reply.reusable) this.#park(origin, line, reply.keepAliveMs);
          else socket.destroy();
        },
        fail: (error) => {
          over();
          socket.destroy();
          if (error instanceof MatchpointError && error.code !== "HTTP_FAILED")
            reject(new MatchpointError(error.code, error.message, { where, hint: UNKNOWN }));
          else refuse("HTTP_FAILED", describe(error), hint(), error);
        },
      };
      socket.ref();
      const { body } = call;
      // In one piece: two would be two packets.
      if (body === undefined) socket.write(text, "latin1");
      else if (Buffer.byteLength(body) === body.length) socket.write(text + body, "latin1");
      else socket.write(Buffer.concat([Buffer.from(text, "latin1"), Buffer.from(body)]));
    });
  }

  /** Closes the sockets that wait. */
  close(): void {
    for (const { idle } of this.#origins.values()) for (const { socket } of idle.splice(0)) socket.destroy();
  }

  #originOf(text: string): Origin {
    let origin = this.#origins.get(text);
    if (origin === undefined) {
      const { protocol, hostname, port, host, username, password } = new URL(text);
      if ((protocol !== "https:" && protocol !== "http:") || username !== "" || password !== "")
        throw refusal("it is no address of a server");
      const tls = protocol === "https:";
      const bare = hostname.startsWith("[") ? hostname.slice(1, -1) : hostname;
      origin = {
        host: bare,
        port: port === "" ? (tls ? 443 : 80) : Number(port),
        tls,
        hostHeader: host,
        idle: [],
        open: 0,
        session: undefined,
      };
      this.#origins.set(text, origin);
    }
    return origin;
  }

  /** A socket that is as good as new, or a new one. */
  #take(origin: Origin): Line {
    const now = this.#clock.monotonic();
    for (;;) {
      const line = origin.idle.shift();
      if (line === undefined) return this.#open(origin);
      if (line.usableUntil > now && line.socket.writable && !line.socket.readableEnded) return line;
      line.socket.destroy();
    }
  }

  #park(origin: Origin, line: Line, keepAliveMs: number | undefined): void {
    const keep = keepAliveMs === undefined ? IDLE_MS : Math.min(keepAliveMs - MARGIN_MS, IDLE_MS);
    line.usableUntil = this.#clock.monotonic() + keep * NANOS_PER_MS;
    // Nobody waits for it: it must not keep the process.
    line.socket.unref();
    origin.idle.push(line);
    while (origin.open < SPARE) {
      const spare = this.#open(origin);
      spare.usableUntil = this.#clock.monotonic() + keep * NANOS_PER_MS;
      spare.socket.unref();
      origin.idle.push(spare);
    }
  }

  #open(origin: Origin): Line {
    const { host, port, tls, session } = origin;
    const name = isIP(host) === 0 ? { servername: host } : {};
    const resumed = session === undefined ? {} : { session };
    const socket: Socket = tls
      ? connectTls({ host, port, ALPNProtocols: ["http/1.1"], ...name, ...resumed })
      : connectPlain({ host, port });
    socket.setNoDelay(true);
    if (tls)
      socket.on("session", (ticket: Buffer) => {
        origin.session = ticket;
      });
    const line: Line = { socket, ready: false, exchange: undefined, usableUntil: 0 };
    socket.on(tls ? "secureConnect" : "connect", () => {
      line.ready = true;
    });
    const fail = (error: unknown): void => {
      const { exchange } = line;
      if (exchange === undefined) {
        this.#drop(origin, line);
        return;
      }
      exchange.fail(error);
    };
    socket.on("data", (bytes: Buffer) => {
      const { exchange } = line;
      // An answer to nothing: whatever it is, no request may be given it.
      if (exchange === undefined) {
        this.#drop(origin, line);
        return;
      }
      let answer: HttpResponse | undefined;
      try {
        answer = exchange.reply.feed(bytes);
      } catch (error) {
        exchange.fail(error);
        return;
      }
      if (answer !== undefined) exchange.done(answer);
    });
    socket.on("end", () => {
      const answer = line.exchange?.reply.end();
      if (answer !== undefined) line.exchange!.done(answer);
      else fail(refusal("the connection was closed before the answer was whole"));
    });
    socket.on("error", fail);
    origin.open++;
    socket.on("close", () => {
      origin.open--;
      fail(refusal("the connection was closed"));
    });
    return line;
  }

  #drop(origin: Origin, line: Line): void {
    const at = origin.idle.indexOf(line);
    if (at >= 0) origin.idle.splice(at, 1);
    line.socket.destroy();
  }
}

const NOT_SENT = "it was not sent";
const UNKNOWN = "the outcome is unknown, not refused";

/** Where a URL's path begins; it goes on the wire as it stands. */
function splitUrl(url: string): { readonly origin: string; readonly path: string } {
  const slash = url.indexOf("/", 8);
  const path = slash < 0 ? "/" : url.slice(slash);
  if (!PATH.test(path)) throw refusal("the path has characters that it cannot have");
  return { origin: slash < 0 ? url : url.slice(0, slash), path };
}

/** The request up to its body. */
function head({ method, headers = {}, body }: Call, path: string, host: string): string {
  let text = `${method} ${path} HTTP/1.1\r\nhost: ${host}\r\nconnection: keep-alive\r\nuser-agent: node\r\n`;
  for (const name of Object.keys(headers)) {
    const value = headers[name]!;
    if (!TOKEN.test(name) || NOT_A_VALUE.test(value)) throw refusal("a header cannot be sent");
    text += `${name}: ${value}\r\n`;
  }
  if (body !== undefined) return `${text}content-length: ${Buffer.byteLength(body)}\r\n\r\n`;
  return method === "POST" ? `${text}content-length: 0\r\n\r\n` : `${text}\r\n`;
}

function refusal(message: string): MatchpointError {
  return new MatchpointError("HTTP_FAILED", message);
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // Several addresses were tried.
  if (error instanceof AggregateError) return error.errors.map((each) => describe(each)).join("; ");
  return error.message;
}
