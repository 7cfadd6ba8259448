import type { IncomingMessage } from "node:http";
import type { ActionAnswer, ActionRequest } from "@matchpoint/dashboard";
import { WebSocketServer, type WebSocket } from "ws";
import {
  holdsToken,
  jsonAnswer,
  meansIt,
  refused,
  serveLoopback,
  textOf,
  TOO_LONG,
  WRONG_TOKEN,
  type Answer,
  type Refusal,
  type Upgrade,
} from "../loopback/index.ts";
import { FREE_PORT } from "./shared.ts";
import { fromPage, holdsSocketToken, mayUpgrade, RateLimit, SUBPROTOCOL } from "./guard.ts";

/** A file of the page. */
export interface PageFile {
  readonly type: string;
  readonly bytes: Uint8Array;
}

/** What the server is made of. */
export interface DashboardServerOptions {
  readonly token: string;
  /** 0: any free port. */
  readonly port: number;
  /** The page's files by their path, such as `/index.html`; waited for when they are still being made. */
  readonly page: Promise<ReadonlyMap<string, PageFile>>;
  /** Does what a page orders; `undefined`: there is no run to be stopped. */
  readonly act:
    ((action: ActionAnswer["action"], request: ActionRequest) => Promise<ActionAnswer>) | undefined;
  readonly onSocket: (socket: WebSocket) => void;
  /** Monotonic time in ms. */
  readonly now: () => number;
}

/** A server that listens. */
export interface DashboardServer {
  readonly port: number;
  close(): void;
}

/** What a page sends is small. */
const FRAME_BYTES = 8_192;
const MOST_SOCKETS = 16;
const ID = /^[\w-]{1,64}$/;
const LONGEST_REASON = 500;
const LONGEST_MARKET = 200;
const TOO_MANY: Refusal = { status: 429, error: "too many requests" };

/** With every answer; a page may load nothing but what this server has, and nobody may frame it or read it from elsewhere. */
const HEADERS: Readonly<Record<string, string>> = {
  "content-security-policy":
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  "cache-control": "no-store",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  "referrer-policy": "no-referrer",
  "cross-origin-resource-policy": "same-origin",
  "cross-origin-opener-policy": "same-origin",
};

const ACTIONS: Readonly<Record<string, ActionAnswer["action"]>> = {
  "/api/kill": "kill",
  "/api/stop-entry": "stop-entry",
  "/api/halt": "halt",
};

/**
 * Serves the page and its socket on the loopback interface. The page's files are the same for everybody; all else, to whoever holds the
 * token, which is part of no address and of no answer. What changes the run is a POST with a header that no other page can send. Nothing
 * lets a stopped run go on.
 * @throws MatchpointError `CONFIG_INVALID` when the port is taken
 */
export async function serveDashboard(options: DashboardServerOptions): Promise<DashboardServer> {
  const { token, now } = options;
  const guard = new Guard();
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: FRAME_BYTES,
    perMessageDeflate: false,
    handleProtocols: () => SUBPROTOCOL,
  });
  const upgrade: Upgrade = (request, socket, head, port) => {
    const holds = holdsSocketToken(request, token);
    const refusal =
      guard.limited(holds, now()) ??
      mayUpgrade(request, port) ??
      (holds ? undefined : guard.stranger(now())) ??
      (sockets.clients.size >= MOST_SOCKETS ? { status: 503, error: "too many pages are open" } : undefined);
    if (refusal !== undefined) {
      socket.end(`HTTP/1.1 ${refusal.status} Refused\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
      return;
    }
    sockets.handleUpgrade(request, socket, head, (opened) => {
      opened.on("error", () => undefined);
      options.onSocket(opened);
    });
  };
  const { port, close } = await serveLoopback({
    key: "dashboard.port",
    hint: FREE_PORT,
    port: options.port,
    limits: { requestTimeout: 5_000, connectionsCheckingInterval: 500 },
    headers: HEADERS,
    answer: (request, own) => answer(request, options, own, guard),
    failed: () => refused({ status: 500, error: "it could not be done" }),
    upgrade,
  });
  return {
    port,
    close: () => {
      for (const socket of sockets.clients) socket.close(1001);
      sockets.close();
      close();
    },
  };
}

/**
 * Keeps what would try its luck from trying often. Who holds the token is told from the others first and counted apart: whatever
 * they send, a page of this run can still stop it.
 */
class Guard {
  readonly #holders = new RateLimit(300, 1_000);
  readonly #others = new RateLimit(300, 1_000);
  readonly #orders = new RateLimit(20, 10_000);
  readonly #wrongTokens = new RateLimit(30, 60_000);

  limited(holds: boolean, now: number): Refusal | undefined {
    return (holds ? this.#holders : this.#others).take(now) ? undefined : TOO_MANY;
  }
  order(now: number): Refusal | undefined {
    return this.#orders.take(now) ? undefined : { status: 429, error: "too many orders" };
  }
  /** What is said to a wrong token. */
  stranger(now: number): Refusal {
    return this.#wrongTokens.take(now) ? WRONG_TOKEN : TOO_MANY;
  }
}

async function answer(
  request: IncomingMessage,
  options: DashboardServerOptions,
  port: number,
  guard: Guard,
): Promise<Answer> {
  const now = options.now();
  const holds = holdsToken(request, options.token);
  const refusal = guard.limited(holds, now) ?? fromPage(request, port);
  if (refusal !== undefined) return refused(refusal);
  const { method, url = "" } = request;
  if (!url.startsWith("/api/")) {
    if (method !== "GET" && method !== "HEAD") return refused({ status: 405, error: "GET only" });
    const page = await options.page.catch(() => undefined);
    if (page === undefined)
      return {
        status: 503,
        type: "text/plain",
        bytes: "The page could not be built: the command has said why.\n",
      };
    const file = page.get(url === "/" ? "/index.html" : url);
    return file === undefined
      ? refused({ status: 404, error: "there is no such thing" })
      : { status: 200, ...file };
  }
  if (!holds) return refused(guard.stranger(now));
  if (url === "/api/token")
    return method === "GET"
      ? { status: 204, type: "text/plain", bytes: "" }
      : refused({ status: 405, error: "GET only" });
  if (url === "/api/resume")
    return refused({ status: 403, error: "only the command on this machine resumes: matchpoint resume" });
  const action = Object.hasOwn(ACTIONS, url) ? ACTIONS[url] : undefined;
  if (action === undefined) return refused({ status: 404, error: "there is no such thing" });
  if (method !== "POST") return refused({ status: 405, error: "POST only" });
  const careless = meansIt(request) ?? guard.order(now);
  if (careless !== undefined) return refused(careless);
  const text = await textOf(request);
  if (text === undefined) return refused(TOO_LONG);
  const order = orderOf(text, action);
  if (order === undefined)
    return refused({
      status: 400,
      error: "the body must be a JSON object with id, a reason and, for halt, market",
    });
  if (options.act === undefined)
    return refused({ status: 409, error: "this run is over: there is nothing to stop" });
  const given = await options.act(action, order);
  return jsonAnswer(given.ok ? 200 : 504, given);
}

/** What a page orders; nothing when it is not exactly that. */
function orderOf(text: string, action: ActionAnswer["action"]): ActionRequest | undefined {
  let given: unknown;
  try {
    given = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof given !== "object" || given === null || Array.isArray(given)) return undefined;
  const { id, reason, market, ...more } = given as Readonly<Record<string, unknown>>;
  if (Object.keys(more).length > 0) return undefined;
  if (typeof id !== "string" || !ID.test(id)) return undefined;
  if (typeof reason !== "string" || reason.trim() === "" || reason.length > LONGEST_REASON) return undefined;
  if (market === undefined) return { id, reason };
  if (action !== "halt" || typeof market !== "string" || market === "" || market.length > LONGEST_MARKET)
    return undefined;
  return { id, reason, market };
}
