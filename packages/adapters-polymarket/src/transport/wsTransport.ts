import {
  MatchpointError,
  SystemClock,
  type HttpResponse,
  type Socket,
  type SocketHandlers,
  type Transport,
} from "@matchpoint/sdk";
import { WebSocket, type RawData } from "ws";
import { HttpSockets } from "./httpSockets.ts";

/** Options of {@link createWsTransport}. */
export interface WsTransportOptions {
  /** Largest socket message and HTTP body in bytes. Default 16 MiB. */
  readonly maxPayload?: number;
  /** How long a socket may take to open, and a closing one to say goodbye before it is cut. Default 10 s and 1 s. */
  readonly handshakeTimeoutMs?: number;
  readonly closeTimeoutMs?: number;
}

const MAX_PAYLOAD = 16 * 1024 * 1024;
const PUBLIC: ReadonlySet<string> = new Set(["accept", "content-type", "user-agent"]);

/**
 * The network for production: sockets of the `ws` package, without compression (which divides its speed by ninety); HTTP with a
 * deadline that also covers the body, `GET` by `fetch`, `POST` and `DELETE` over connections that are kept open, each sent once.
 *
 * @example
 * ```ts
 * import { createWsTransport } from "@matchpoint/adapters-polymarket";
 * const transport = createWsTransport();
 * const time = await transport.request({ method: "GET", url: "https://clob.polymarket.com/time", timeoutMs: 5_000 });
 * ```
 */
export function createWsTransport(options: WsTransportOptions = {}): Transport {
  const maxPayload = options.maxPayload ?? MAX_PAYLOAD;
  const sockets = new HttpSockets(maxPayload, new SystemClock());
  return {
    connect: (url, handlers, how) => connect(url, handlers, { maxPayload, ...how }, options),
    // Answers to questions may be large, and `fetch` asks for them compressed; what acts is small, and must be quick.
    request: (call) => (call.method === "GET" ? ask(call, maxPayload) : sockets.request(call)),
  };
}

function connect(
  url: string,
  handlers: SocketHandlers,
  how: { readonly maxPayload: number; readonly headers?: Readonly<Record<string, string>> },
  options: WsTransportOptions,
): Socket {
  const settings = {
    perMessageDeflate: false,
    maxPayload: how.maxPayload,
    handshakeTimeout: options.handshakeTimeoutMs ?? 10_000,
    closeTimeout: options.closeTimeoutMs ?? 1_000,
    ...(how.headers === undefined ? {} : { headers: { ...how.headers } }),
  };
  const socket = new WebSocket(url, settings);
  socket.on("open", () => {
    handlers.open();
  });
  socket.on("message", (data: RawData) => {
    handlers.frame(
      data instanceof ArrayBuffer ? new Uint8Array(data) : Array.isArray(data) ? Buffer.concat(data) : data,
    );
  });
  socket.on("close", (code: number, reason: Buffer) => {
    handlers.close(code, reason.toString());
  });
  socket.on("error", (error: Error) => {
    handlers.error(new MatchpointError("FEED_CONNECTION", error.message, { where: url, cause: error }));
  });
  return {
    send(text: string): void {
      if (socket.readyState === WebSocket.OPEN) socket.send(text);
    },
    close(code?: number): void {
      if (socket.readyState === WebSocket.CLOSED) return;
      if (socket.readyState === WebSocket.CONNECTING) {
        socket.terminate();
        return;
      }
      socket.close(code ?? 1000);
    },
  };
}

async function ask(call: Parameters<Transport["request"]>[0], maxBytes: number): Promise<HttpResponse> {
  const deadline = AbortSignal.timeout(call.timeoutMs);
  const where = `${call.method} ${call.url}`;
  try {
    const response = await fetch(call.url, {
      method: call.method,
      headers: { ...call.headers },
      // `fetch` takes every header but the standard ones along to another host.
      redirect: isPublic(call.headers) ? "follow" : "manual",
      signal: call.signal === undefined ? deadline : AbortSignal.any([call.signal, deadline]),
    });
    const body = await whole(response, maxBytes, where);
    return { status: response.status, headers: Object.fromEntries(response.headers), body };
  } catch (error) {
    if (error instanceof MatchpointError) throw error;
    if (call.signal?.aborted === true)
      throw new MatchpointError("ABORTED", "the caller gave up", { where, cause: error });
    const message = deadline.aborted ? `no answer within ${call.timeoutMs} ms` : describe(error);
    throw new MatchpointError("HTTP_FAILED", message, { where, cause: error });
  }
}

/** Whether a question carries nothing that only its own server may see. */
function isPublic(headers: Readonly<Record<string, string>> = {}): boolean {
  return Object.keys(headers).every((name) => PUBLIC.has(name.toLowerCase()));
}

async function whole(response: Response, maxBytes: number, where: string): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    length += part.length;
    if (length > maxBytes) {
      throw new MatchpointError("HTTP_RESPONSE_INVALID", `the answer is longer than ${maxBytes} bytes`, {
        where,
      });
    }
    parts.push(part);
  }
  const body = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    body.set(part, at);
    at += part.length;
  }
  return body;
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}
