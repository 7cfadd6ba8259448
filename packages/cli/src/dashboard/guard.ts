import type { IncomingMessage } from "node:http";
import { fromHere, isToken, type Refusal } from "../loopback/index.ts";
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

/** Whether a socket may be opened to whoever holds the token: a page has to say where it is from. */
export function mayUpgrade(request: IncomingMessage, port: number): Refusal | undefined {
  const away = fromPage(request, port);
  if (away !== undefined) return away;
  const { headers, method, url } = request;
  if (url !== "/ws") return { status: 404, error: "there is no such socket" };
  if (method !== "GET") return { status: 405, error: "GET only" };
  if (headers.upgrade?.toLowerCase() !== "websocket") return { status: 400, error: "no such upgrade" };
  if (headers.origin === undefined) return { status: 403, error: "no origin" };
  const [name, , ...more] = subprotocols(request);
  if (name !== SUBPROTOCOL || more.length > 0) return { status: 400, error: "no such subprotocol" };
  return undefined;
}

/** Whether who asks for a socket holds the token, which no address and no log shows. */
export function holdsSocketToken(request: IncomingMessage, token: string): boolean {
  return isToken(subprotocols(request)[1] ?? "", token);
}

function subprotocols({ headers }: IncomingMessage): readonly string[] {
  return (headers["sec-websocket-protocol"] ?? "").split(",").map((each) => each.trim());
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
