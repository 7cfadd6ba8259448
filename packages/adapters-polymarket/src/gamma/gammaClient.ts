import { MatchpointError, pause, type Clock, type Transport } from "@matchpoint/sdk";
import { issue } from "./market.ts";
import { GAMMA_PAGE } from "./schemas.ts";

/** What reading from Gamma or the CLOB runs on. */
export interface RestPorts {
  readonly transport: Transport;
  readonly clock: Clock;
  readonly timeoutMs: number;
  /** Tries of one call that fails for a reason that may pass. */
  readonly attempts: number;
  /** Wait before the second try; doubles. */
  readonly retryMs: number;
}

/** The venue's own maximum. */
const PAGE_LIMIT = 100;
/** The end of a listing, as the CLOB writes it; Gamma leaves the cursor out. */
const LAST_CURSOR = "LTE=";
/** More than the whole venue has. */
const MAX_PAGES = 5_000;

/**
 * `GET` of a JSON document; `undefined` for 404. Tries again on network errors, 429 and 5xx.
 * @throws `MatchpointError` `HTTP_FAILED`, `HTTP_RESPONSE_INVALID`, `ABORTED`
 */
export async function getJson(ports: RestPorts, url: string, signal: AbortSignal): Promise<unknown> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await getOnce(ports, url, signal);
    } catch (error) {
      const passing = error instanceof MatchpointError && error.retryable;
      if (!passing || attempt >= ports.attempts || signal.aborted) throw error;
      await pause(ports.clock, ports.retryMs * 2 ** (attempt - 1), signal);
    }
  }
}

async function getOnce(ports: RestPorts, url: string, signal: AbortSignal): Promise<unknown> {
  const { status, body } = await ports.transport.request({
    method: "GET",
    url,
    timeoutMs: ports.timeoutMs,
    signal,
  });
  const where = `GET ${url}`;
  const text = new TextDecoder().decode(body);
  if (status === 404) return undefined;
  if (status === 429 || status >= 500)
    throw new MatchpointError("HTTP_FAILED", `status ${status}: ${text.slice(0, 200)}`, { where });
  if (status !== 200)
    throw new MatchpointError("HTTP_RESPONSE_INVALID", `status ${status}: ${text.slice(0, 200)}`, { where });
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw new MatchpointError("HTTP_RESPONSE_INVALID", `the answer is not JSON: ${text.slice(0, 80)}`, {
      where,
      cause,
    });
  }
}

/**
 * All records of a keyset listing, page by page.
 * @throws `MatchpointError` `HTTP_RESPONSE_INVALID` also when the cursor does not move on
 */
export async function* keyset(
  ports: RestPorts,
  base: string,
  what: "events" | "markets",
  query: readonly (readonly [string, string])[],
  signal: AbortSignal,
): AsyncGenerator {
  const seen = new Set<string>();
  let cursor = "";
  for (let page = 0; page < MAX_PAGES; page++) {
    const params = new URLSearchParams();
    for (const [key, value] of query) params.append(key, value);
    params.set("limit", String(PAGE_LIMIT));
    if (cursor !== "") params.set("after_cursor", cursor);
    const url = `${base}/${what}/keyset?${params.toString()}`;
    const parsed = GAMMA_PAGE.safeParse(await getJson(ports, url, signal));
    if (!parsed.success)
      throw new MatchpointError("HTTP_RESPONSE_INVALID", issue(parsed.error), { where: `GET ${url}` });
    const records = parsed.data[what];
    if (records === undefined)
      throw new MatchpointError("HTTP_RESPONSE_INVALID", `the page has no ${what}`, { where: `GET ${url}` });
    yield* records;
    cursor = parsed.data.next_cursor ?? "";
    if (cursor === "" || cursor === LAST_CURSOR) return;
    if (seen.has(cursor)) {
      throw new MatchpointError("HTTP_RESPONSE_INVALID", "the cursor leads to a page that was already read", {
        where: `GET ${url}`,
      });
    }
    seen.add(cursor);
  }
  throw new MatchpointError("HTTP_RESPONSE_INVALID", `the listing has more than ${MAX_PAGES} pages`, {
    where: base,
  });
}
