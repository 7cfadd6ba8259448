import { createServer, type IncomingMessage, type ServerOptions, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { MatchpointError } from "@matchpoint/sdk";
import type { Answer } from "./messages.ts";

/** Takes a request for another protocol over; `port` is the server's. */
export type Upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer, port: number) => void;

/** What a server is made of. */
export interface LoopbackOptions {
  /** The configuration's key of the port, for whoever finds it taken, and what to do about that. */
  readonly key: string;
  readonly hint: string;
  /** 0: any free port. */
  readonly port: number;
  /** How long a request may take, and what else is the server's own. */
  readonly limits: ServerOptions;
  /** With every answer. */
  readonly headers: Readonly<Record<string, string>>;
  /** Answers a request; `port` is the server's. */
  readonly answer: (request: IncomingMessage, port: number) => Promise<Answer>;
  /** What is said when that failed. */
  readonly failed: (error: unknown) => Answer;
  readonly upgrade?: Upgrade;
}

/** A server that listens. */
export interface Loopback {
  readonly port: number;
  /** Lets the process end while it listens. */
  readonly unref: () => void;
  /** Ends it, and whatever hangs on it. */
  readonly close: () => void;
}

const MOST_CONNECTIONS = 64;
const HEADER_BYTES = 8_192;
const HEADERS_MS = 3_000;

/**
 * Serves HTTP on the loopback interface, an answer to a connection. Peers that break off, talk nonsense or take their time disturb
 * nobody.
 * @throws MatchpointError `CONFIG_INVALID` when the port is taken
 */
export async function serveLoopback(options: LoopbackOptions): Promise<Loopback> {
  const { key, hint, headers, failed, upgrade } = options;
  let port = 0;
  const server = createServer({
    maxHeaderSize: HEADER_BYTES,
    headersTimeout: HEADERS_MS,
    ...options.limits,
  });
  server.maxConnections = MOST_CONNECTIONS;
  server.on("request", (request: IncomingMessage, response: ServerResponse) => {
    request.on("error", () => undefined);
    response.on("finish", () => request.resume());
    const reply = ({ status, type, bytes }: Answer): void => {
      response.writeHead(status, {
        ...headers,
        "content-type": type,
        "content-length": Buffer.byteLength(bytes),
        connection: "close",
      });
      response.end(request.method === "HEAD" ? undefined : bytes);
    };
    options.answer(request, port).then(reply, (error: unknown) => {
      reply(failed(error));
    });
  });
  if (upgrade !== undefined)
    server.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      socket.on("error", () => undefined);
      upgrade(request, socket, head, port);
    });
  server.on("clientError", (_error, socket) => {
    socket.destroy();
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", (cause: NodeJS.ErrnoException) => {
      const why = cause.code === "EADDRINUSE" ? "another program has it" : cause.message;
      reject(
        new MatchpointError("CONFIG_INVALID", `${key} ${options.port} cannot be listened on: ${why}`, {
          hint,
          cause,
        }),
      );
    });
    server.listen({ host: "127.0.0.1", port: options.port }, () => {
      server.on("error", () => undefined);
      ({ port } = server.address() as AddressInfo);
      resolve();
    });
  });
  return {
    port,
    unref: () => {
      server.unref();
    },
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
