import type { Nanos } from "@matchpoint/sdk";
import type { ApiKey } from "../auth/keys.ts";
import type { VenueRequest } from "../contract.ts";
import type { Call, Core } from "../core.ts";
import type { FaultKind } from "../faults/table.ts";
import { parseJson } from "../order/parse.ts";
import { TEXTS } from "../order/texts.ts";
import { nanos } from "../time.ts";
import { runCommand } from "./admin.ts";
import { failure, type Reply } from "./reply.ts";
import { routeOf, type Route } from "./routes.ts";

/** Longest body that is read. */
export const MAX_BODY = 1_048_576;

const NOBODY: ApiKey = { apiKey: "", secret: "", passphrase: "", address: "" };
const HTML = { "content-type": "text/html; charset=UTF-8" };
const FORBIDDEN_PAGE = `<!DOCTYPE html><html lang="en-US"><head><title>Attention Required! | Cloudflare</title></head><body><h1>Sorry, you have been blocked</h1><p>You are unable to access polymarket.com</p></body></html>`;

/** Carries a request out and answers it, or does to it what a fault demands. Nothing that a request holds can make it throw. */
export function answer(core: Core, request: VenueRequest, at: Nanos): void {
  if (request.path === "/admin") {
    const command = runCommand(core, parseJson(request.body), at);
    send(core, request.id, { status: command.ok ? 200 : 400, body: command });
    return;
  }
  const method = request.method.toUpperCase();
  const found = routeOf(method, request.path);
  const occasion = {
    method,
    path: request.path,
    addresses: [(request.headers["poly_address"] ?? "").toLowerCase()],
  };
  const strike = (kind: FaultKind) => core.faults.strike(kind, occasion, at);

  if (strike("forbidden_html") !== undefined) {
    send(core, request.id, { status: 403, body: FORBIDDEN_PAGE, headers: HTML });
    return;
  }
  const limited = strike("rate_limited");
  if (limited !== undefined) {
    const wait = String(limited.number("retryAfter"));
    const headers = {
      "retry-after": wait,
      "poly-ratelimit-remaining": "0",
      "poly-ratelimit-reset": wait,
      "poly-ratelimit-tier": "Standard",
    };
    send(core, request.id, { ...failure(429, TEXTS.tooMany), headers });
    return;
  }
  const broken = (["hang", "drop", "server_error"] as const).flatMap((kind) => strike(kind) ?? [])[0];
  const before = broken?.text("when") === "before";
  const reply = before ? undefined : carryOut(core, request, method, found, at);
  if (broken?.kind === "hang" || broken?.kind === "drop") {
    core.effect({ kind: broken.kind, id: request.id });
    return;
  }
  const shown =
    broken === undefined
      ? reply!
      : failure(broken.number("status"), before ? TEXTS.notInserted : TEXTS.internal);
  const late = strike("delay_reply");
  if (late === undefined) send(core, request.id, shown);
  else core.agenda.plan(at + nanos(late.number("delayMs")), () => send(core, request.id, shown));
}

function carryOut(
  core: Core,
  request: VenueRequest,
  method: string,
  found: { readonly route: Route; readonly params: readonly string[] } | undefined,
  at: Nanos,
): Reply {
  if (found === undefined) return failure(404, "404 page not found");
  if (request.body.length > MAX_BODY) return failure(400, TEXTS.limit);
  const { route, params } = found;
  let key = NOBODY;
  if (route.auth === "l2") {
    const { path, body, headers } = request;
    const proven = core.keys.l2(headers, { method, path, body }, core.wall.millis(at));
    if (proven === undefined) return failure(401, TEXTS.unauthorized);
    key = proven;
  }
  if (route.engine === true) {
    const occasion = { method, path: request.path, addresses: [key.address] };
    if (core.faults.strike("restart", occasion, at) !== undefined) return failure(425, TEXTS.restarting);
    if (core.faults.strike("trading_disabled", occasion, at) !== undefined)
      return failure(503, TEXTS.disabled);
  }
  const call: Call = { request, query: new URLSearchParams(request.query), params, at, key };
  return route.handle(core, call);
}

function send(core: Core, id: string, reply: Reply): void {
  const html = reply.headers?.["content-type"] !== undefined;
  core.effect({
    kind: "response",
    id,
    status: reply.status,
    headers: { "content-type": "application/json", ...reply.headers },
    body: html ? String(reply.body) : JSON.stringify(reply.body),
  });
}
