import type { IncomingMessage } from "node:http";
import { fromHere, isToken, type Refusal } from "../control/httpGuard.ts";
import type { Subprotocol } from "@matchpoint/dashboard";

export const SUBPROTOCOL: Subprotocol = "matchpoint.v1";

/** Headers that a request may have once: of two, a proxy and a server might each believe another one. */
const ONCE = ["host", "origin", "authorization", "sec-websocket-protocol", "content-length"];

/** Whether a request comes from this machine's own page, as {@link fromHere} has it, and says nothing twice. */
export function fromPage(request: IncomingMessage, port: number): Refusal | undefined {
  for (const name of ONCE) {
    let times = 0;
    for (let i = 0; i < request.rawHeaders.length; i += 2)
      if (request.rawHeaders[i]!.toLowerCase() === name) times += 1;
    if (times > 1) return { status: 400, error: `${name} is given twice` };
  }
  return fromHere(request, port);
}

/** Whether a socket may be opened: a page has to say where it is from, and hold the token, which no address and no log shows. */
export function mayUpgrade(request: IncomingMessage, port: number, token: string): Refusal | undefined {
  const away = fromPage(request, port);
  if (away !== undefined) return away;
  const { headers, method, url } = request;
  if (url !== "/ws") return { status: 404, error: "there is no such socket" };
  if (method !== "GET") return { status: 405, error: "GET only" };
  if (headers.upgrade?.toLowerCase() !== "websocket") return { status: 400, error: "no such upgrade" };
  if (headers.origin === undefined) return { status: 403, error: "no origin" };
  const [name, given, ...more] = (headers["sec-websocket-protocol"] ?? "")
    .split(",")
    .map((each) => each.trim());
  const holds = isToken(given ?? "", token);
  if (name !== SUBPROTOCOL || more.length > 0) return { status: 400, error: "no such subprotocol" };
  return holds ? undefined : { status: 401, error: "wrong token" };
}

/** So many things in so long, by the clock that is given with each. */
export class RateLimit {
  readonly #most: number;
  readonly #withinMs: number;
  #times: number[] = [];

  constructor(most: number, withinMs: number) {
    this.#most = most;
    this.#withinMs = withinMs;
  }

  /** Whether one more may be done now. */
  take(now: number): boolean {
    if (this.isFull(now)) return false;
    this.#times.push(now);
    return true;
  }

  isFull(now: number): boolean {
    this.#times = this.#times.filter((time) => now - time < this.#withinMs);
    return this.#times.length >= this.#most;
  }
}
