import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";

/** Why a request is not answered: a status and a word. */
export interface Refusal {
  readonly status: number;
  readonly error: string;
}

/** The header that no page of a browser may send elsewhere without being asked about it first. */
export const CONTROL_HEADER = "x-matchpoint-control";

/**
 * Whether a request comes from this machine and not by way of a browser: a page could reach a server on this machine by its own name
 * (DNS rebinding) or blindly (cross-site requests). `port` is the server's.
 */
export function fromHere({ headers }: IncomingMessage, port: number): Refusal | undefined {
  const hosts = [`127.0.0.1:${port}`, `localhost:${port}`];
  if (headers.host === undefined || !hosts.includes(headers.host.toLowerCase()))
    return { status: 421, error: "wrong host" };
  const { origin } = headers;
  if (origin !== undefined && !hosts.some((host) => origin.toLowerCase() === `http://${host}`))
    return { status: 403, error: "wrong origin" };
  const site = headers["sec-fetch-site"];
  if (site !== undefined && site !== "none" && site !== "same-origin")
    return { status: 403, error: "cross-site request" };
  return undefined;
}

/** What is said to whoever does not hold the secret. */
export const WRONG_TOKEN: Refusal = { status: 401, error: "wrong token" };

/** Whether a request holds a secret: the run's own, or the one that metrics are read with. The comparison takes as long whatever is wrong with it. */
export function holdsToken({ headers }: IncomingMessage, token: string): boolean {
  return isToken(/^Bearer ([\x21-\x7e]{1,512})$/.exec(headers.authorization ?? "")?.[1] ?? "", token);
}

/** Whether a text is the secret; takes as long whatever is wrong with it. */
export function isToken(given: string, token: string): boolean {
  return timingSafeEqual(digest(given), digest(token));
}

/** Whether a request that changes something says so in the way that no form and no link can. */
export function meansIt({ headers }: IncomingMessage): Refusal | undefined {
  if (headers[CONTROL_HEADER] !== "1") return { status: 403, error: `${CONTROL_HEADER}: 1 is missing` };
  const type = headers["content-type"]?.split(";")[0]?.trim().toLowerCase();
  if (type !== "application/json") return { status: 415, error: "the body must be application/json" };
  return undefined;
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
