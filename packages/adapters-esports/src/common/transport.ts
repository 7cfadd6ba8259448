import {
  isMatchpointError,
  MatchpointError,
  type HttpResponse,
  type Socket,
  type SocketHandlers,
  type Transport,
} from "@matchpoint/sdk";
import { WebSocket, type RawData } from "ws";
import { redact, redactedMessage } from "./redact.ts";

/** Limits of {@link createWsTransport}. */
export interface WsTransportOptions {
  /** Largest frame in bytes; a bigger one closes the socket. Default 16 MiB: GRID sends frames beyond 5 MB. */
  readonly maxPayload?: number;
  /** How long a handshake may take. Default 10,000. */
  readonly handshakeTimeoutMs?: number;
  /** Largest HTTP answer in bytes. Default 16 MiB. */
  readonly maxResponse?: number;
}

const MIB = 1024 * 1024;

/**
 * Sockets by the `ws` package and HTTP by the platform's `fetch`. Frames come without copies and without compression
 * (`perMessageDeflate` costs latency and memory). Secrets in URLs appear in no error.
 *
 * The errors that its `error` handler and its promises give are `FEED_UNAUTHORIZED` (401 or 403), `FEED_CONNECTION`
 * and `HTTP_FAILED`.
 */
export function createWsTransport(options: WsTransportOptions = {}): Transport {
  const maxResponse = options.maxResponse ?? 16 * MIB;
  return {
    connect(url, handlers, given = {}) {
      return connect(url, handlers, {
        maxPayload: given.maxPayload ?? options.maxPayload ?? 16 * MIB,
        handshakeTimeout: options.handshakeTimeoutMs ?? 10_000,
        ...(given.headers === undefined ? {} : { headers: { ...given.headers } }),
      });
    },
    request: (request) => send(request, maxResponse),
  };
}

function connect(
  url: string,
  handlers: SocketHandlers,
  options: { maxPayload: number; handshakeTimeout: number; headers?: Record<string, string> },
): Socket {
  // `closeTimeout`: a peer that is gone answers no close frame; without it the process would wait for one.
  const settings = { ...options, perMessageDeflate: false, closeTimeout: 2_000 };
  let socket: WebSocket;
  try {
    socket = new WebSocket(url, settings);
  } catch (error) {
    throw new MatchpointError("FEED_CONNECTION", redactedMessage(error), {
      where: redact(url),
      hint: "Check the URL of the feed.",
    });
  }
  socket.binaryType = "nodebuffer";
  socket.on("open", () => handlers.open());
  socket.on("message", (data: RawData) => handlers.frame(bytesOf(data)));
  socket.on("close", (code, reason) => handlers.close(code, redact(reason.toString("utf8"))));
  socket.on("error", (error) => {
    const refused = /^Unexpected server response: (\d{3})$/.exec(error.message)?.[1];
    const code = refused === "401" || refused === "403" ? "FEED_UNAUTHORIZED" : "FEED_CONNECTION";
    const message = refused === undefined ? redactedMessage(error) : `the server answered HTTP ${refused}`;
    handlers.error(new MatchpointError(code, message, { where: redact(url) }));
  });
  return {
    send(text) {
      if (socket.readyState === WebSocket.OPEN) socket.send(text);
    },
    close(code) {
      socket.close(code);
    },
  };
}

function bytesOf(data: RawData): Uint8Array {
  if (data instanceof Uint8Array) return data;
  return Array.isArray(data) ? Buffer.concat(data) : new Uint8Array(data);
}

async function send(
  request: Parameters<Transport["request"]>[0],
  maxResponse: number,
): Promise<HttpResponse> {
  const deadline = AbortSignal.timeout(request.timeoutMs);
  const signal = request.signal === undefined ? deadline : AbortSignal.any([request.signal, deadline]);
  try {
    const response = await fetch(request.url, {
      method: request.method,
      signal,
      redirect: "error", // a redirect would carry the key to another host
      ...(request.headers === undefined ? {} : { headers: { ...request.headers } }),
      ...(request.body === undefined ? {} : { body: request.body }),
    });
    const body = await readBody(response, maxResponse);
    return { status: response.status, headers: Object.fromEntries(response.headers), body };
  } catch (error) {
    if (isMatchpointError(error)) throw error;
    const where = redact(request.url);
    if (request.signal?.aborted === true)
      throw new MatchpointError("ABORTED", "the request was aborted", { where });
    const what = deadline.aborted ? `no answer within ${request.timeoutMs} ms` : causeOf(error);
    throw new MatchpointError("HTTP_FAILED", what, { where });
  }
}

async function readBody(response: Response, max: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  if (response.body !== null) {
    for await (const chunk of response.body as AsyncIterable<Uint8Array>) {
      size += chunk.length;
      if (size > max) {
        throw new MatchpointError("HTTP_FAILED", `the answer is longer than ${max} bytes`, {
          where: redact(response.url),
        });
      }
      chunks.push(chunk);
    }
  }
  return Buffer.concat(chunks);
}

/** `fetch failed` says nothing; its cause does. */
function causeOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return redactedMessage(cause);
}
