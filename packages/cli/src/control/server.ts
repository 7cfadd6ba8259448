import type { IncomingMessage } from "node:http";
import { isMatchpointError, type Secret } from "@matchpoint/sdk";
import type { FactTaken } from "./facts.ts";
import type { KillReport } from "./killProof.ts";
import {
  fromHere,
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
} from "../loopback/index.ts";
import { isMarketId } from "./stopFile.ts";

/** What a run lets be seen by whoever is on this machine. */
export interface Watched {
  health(): Health;
  /** What the run counts, in Prometheus' text format. */
  metrics(): Promise<string>;
}

/** What a run lets be seen and done. There is no way to go on again among it: that is the local command's alone. */
export interface ControlActions extends Watched {
  status(): unknown;
  kill(by: string, reason: string): Promise<KillReport>;
  stopEntries(by: string, reason: string): unknown;
  halt(by: string, reason: string, market: string | undefined): unknown;
  /** @throws MatchpointError `USAGE` for what is no fact, `MATCH_UNKNOWN` */
  fact(by: string, line: string): Promise<FactTaken>;
}

/** Whether the process is sound, and whether it may trade. */
export interface Health {
  readonly live: boolean;
  readonly ready: boolean;
  /** Why not. */
  readonly reasons: readonly string[];
}

/** Who may ask for what. */
export interface ControlAccess {
  /** Who holds it may stop the run. */
  readonly token: string;
  /** Who holds it may read the metrics; absent: whoever is on this machine. */
  readonly metrics?: Secret;
}

/** A control server that listens. */
export interface ControlServer {
  readonly url: string;
  close(): void;
}

const POSTED: ReadonlySet<string> = new Set(["/v1/kill", "/v1/stop-entry", "/v1/halt", "/v1/fact"]);
/** Prometheus' text format. */
const METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8";
const HEADERS = {
  "cache-control": "no-store",
  "x-content-type-options": "nosniff",
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
  "cross-origin-resource-policy": "same-origin",
};

/**
 * Serves a run's control on the loopback interface: `GET /livez`, `/readyz` to whoever is on this machine, `GET /metrics` too unless a
 * token was set for it; `GET /v1/status` and `POST /v1/kill`, `/v1/stop-entry`, `/v1/halt`, `/v1/fact` to whoever holds the run's
 * token. Anything else is refused, and nothing is shared with pages of a browser.
 * @throws MatchpointError `CONFIG_INVALID` when the port is taken
 */
export async function serveControl(
  actions: ControlActions,
  access: ControlAccess,
  port: number,
): Promise<ControlServer> {
  return serving(port, (request, own) => answer(request, actions, access, own));
}

/**
 * Serves `GET /livez`, `/readyz` and `/metrics` as {@link serveControl} does, and nothing else: no part of it stops anything.
 * @throws MatchpointError `CONFIG_INVALID` when the port is taken
 */
export async function serveWatched(
  watched: Watched,
  metrics: Secret | undefined,
  port: number,
): Promise<ControlServer> {
  return serving(
    port,
    async (request, own) =>
      (await seen(request, watched, metrics, own)) ??
      refused({ status: 404, error: "there is no such thing" }),
  );
}

async function serving(
  port: number,
  answerTo: (request: IncomingMessage, port: number) => Promise<Answer>,
): Promise<ControlServer> {
  const server = await serveLoopback({
    key: "control.port",
    hint: "Another run of the same configuration? Leave control.port out, or 0: any free port is taken then.",
    port,
    limits: { requestTimeout: 20_000 },
    headers: HEADERS,
    answer: answerTo,
    failed: (error) =>
      refused({ status: 500, error: isMatchpointError(error) ? error.message : "the run could not do it" }),
  });
  // The run ends when its work does: nobody has to hang up first.
  server.unref();
  return { url: `http://127.0.0.1:${server.port}`, close: server.close };
}

/** The answer to what anybody on this machine may see; `undefined`: it is something else that is asked for. */
async function seen(
  request: IncomingMessage,
  watched: Watched,
  metrics: Secret | undefined,
  port: number,
): Promise<Answer | undefined> {
  const { method, url: path = "" } = request;
  const away = fromHere(request, port);
  if (away !== undefined) return refused(away);
  if (path === "/livez" || path === "/readyz") {
    if (method !== "GET" && method !== "HEAD") return refused({ status: 405, error: "GET only" });
    const { live, ready, reasons } = watched.health();
    const good = path === "/livez" ? live : live && ready;
    return jsonAnswer(good ? 200 : 503, { [path === "/livez" ? "live" : "ready"]: good, reasons });
  }
  if (path !== "/metrics") return undefined;
  if (method !== "GET") return refused({ status: 405, error: "GET only" });
  if (metrics !== undefined && !holdsToken(request, metrics.reveal())) return refused(WRONG_TOKEN);
  return { status: 200, type: METRICS_TYPE, bytes: await watched.metrics() };
}

async function answer(
  request: IncomingMessage,
  actions: ControlActions,
  { token, metrics }: ControlAccess,
  port: number,
): Promise<Answer> {
  const known = await seen(request, actions, metrics, port);
  if (known !== undefined) return known;
  const { method, url: path = "" } = request;
  if (!holdsToken(request, token)) return refused(WRONG_TOKEN);
  if (path === "/v1/status")
    return method === "GET" ? jsonAnswer(200, actions.status()) : refused({ status: 405, error: "GET only" });
  if (path === "/v1/resume")
    return refused({ status: 403, error: "only the command on this machine resumes: matchpoint resume" });
  if (!POSTED.has(path)) return refused({ status: 404, error: "there is no such thing" });
  if (method !== "POST") return refused({ status: 405, error: "POST only" });
  const careless = meansIt(request);
  if (careless !== undefined) return refused(careless);
  const body = await bodyOf(request);
  if ("error" in body) return refused(body);
  const { by, reason, market, fact } = body;
  if (path === "/v1/fact") return stated(actions, by, fact);
  if (path === "/v1/halt") return jsonAnswer(200, actions.halt(by, reason, market));
  if (path === "/v1/stop-entry") return jsonAnswer(200, actions.stopEntries(by, reason));
  const report = await actions.kill(by, reason);
  return jsonAnswer(report.proven ? 200 : 504, report);
}

interface Order {
  readonly by: string;
  readonly reason: string;
  readonly market: string | undefined;
  readonly fact: string;
}

/** What a run says to a fact; what it does not understand is told. */
async function stated(actions: ControlActions, by: string, line: string): Promise<Answer> {
  try {
    return jsonAnswer(200, await actions.fact(by, line));
  } catch (error) {
    if (!isMatchpointError(error)) throw error;
    return jsonAnswer(400, { code: error.code, error: error.message });
  }
}

async function bodyOf(request: IncomingMessage): Promise<Order | Refusal> {
  const text = await textOf(request);
  if (text === undefined) return TOO_LONG;
  try {
    const given = JSON.parse(text) as Record<string, unknown> | null;
    const { by = "http", reason = "", market, fact = "" } = given ?? {};
    const fits = typeof by === "string" && typeof reason === "string" && typeof fact === "string";
    if (fits && (market === undefined || (typeof market === "string" && isMarketId(market))))
      return { by, reason, market, fact };
  } catch {
    // Said below.
  }
  return {
    status: 400,
    error:
      "the body must be a JSON object with by, reason and, for halt, the id of a market; for fact, the fact as text",
  };
}
