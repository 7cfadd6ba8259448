/** Single questions to Gamma: markets by id, open events by tag, a tag by its slug. @module */
import { MatchpointError, type Clock, type MarketId, type Transport } from "@matchpoint/sdk";
import { getJson, keyset, type RestPorts } from "./gammaClient.ts";
import {
  decodeGammaEvent,
  decodeGammaMarket,
  type GammaEvent,
  type GammaMarket,
  type Refused,
} from "./market.ts";
import { show } from "./values.ts";

/** What Gamma is asked with. */
export interface GammaPorts {
  readonly transport: Transport;
  readonly clock: Clock;
  /** Default Polymarket's. */
  readonly gammaUrl?: string;
  readonly timeoutMs?: number;
}

/** A market's record and whose it is, as far as that can be read. */
export interface GammaAnswer {
  /** In lower case, as Gamma writes condition ids. */
  readonly conditionId: string | undefined;
  readonly market: GammaMarket | Refused;
}

/** Which events are asked for. */
export interface GammaEventQuery {
  readonly tagId: string;
  /** Game starts from and to, ISO. */
  readonly startsFrom?: string;
  readonly startsTo?: string;
}

/** Gamma's own address. */
export const GAMMA_URL = "https://gamma-api.polymarket.com";
/** Condition ids per call, so that the URL stays short. */
const IDS_PER_CALL = 20;

function restOf({ transport, clock, timeoutMs = 10_000 }: GammaPorts): RestPorts {
  return { transport, clock, timeoutMs, attempts: 3, retryMs: 500 };
}

/**
 * Markets by condition id, open or closed, in any order; one that Gamma does not list is left out.
 * @throws `MatchpointError` `HTTP_FAILED`, `HTTP_RESPONSE_INVALID`, `ABORTED`
 *
 * @example
 * ```ts
 * import { createWsTransport, fetchGammaMarkets } from "@matchpoint/adapters-polymarket";
 * import { SystemClock, type MarketId } from "@matchpoint/sdk";
 *
 * async function exchangeOf(marketId: MarketId, signal: AbortSignal) {
 *   const ports = { transport: createWsTransport(), clock: new SystemClock() };
 *   const [answer] = await fetchGammaMarkets(ports, [marketId], signal);
 *   return answer?.market.kind === "market" ? answer.market.description.version : undefined;
 * }
 * ```
 */
export async function fetchGammaMarkets(
  ports: GammaPorts,
  conditionIds: readonly MarketId[],
  signal: AbortSignal,
): Promise<readonly GammaAnswer[]> {
  const found: GammaAnswer[] = [];
  for (let i = 0; i < conditionIds.length; i += IDS_PER_CALL) {
    const ids = conditionIds
      .slice(i, i + IDS_PER_CALL)
      .map((marketId) => ["condition_ids", marketId.toLowerCase()] as const);
    for (const closed of ["false", "true"]) {
      const params = [...ids, ["closed", closed] as const];
      const url = ports.gammaUrl ?? GAMMA_URL;
      for await (const record of keyset(restOf(ports), url, "markets", params, signal))
        found.push({ conditionId: conditionIdOf(record), market: decodeGammaMarket(record) });
    }
  }
  return found;
}

/**
 * The open events of a tag, page by page.
 * @throws `MatchpointError` `HTTP_FAILED`, `HTTP_RESPONSE_INVALID`, `ABORTED`
 */
export async function fetchGammaEvents(
  ports: GammaPorts,
  query: GammaEventQuery,
  signal: AbortSignal,
): Promise<readonly (GammaEvent | Refused)[]> {
  const params: (readonly [string, string])[] = [
    ["tag_id", query.tagId],
    ["closed", "false"],
  ];
  if (query.startsFrom !== undefined) params.push(["start_time_min", query.startsFrom]);
  if (query.startsTo !== undefined) params.push(["start_time_max", query.startsTo]);
  const found: (GammaEvent | Refused)[] = [];
  const url = ports.gammaUrl ?? GAMMA_URL;
  for await (const record of keyset(restOf(ports), url, "events", params, signal))
    found.push(decodeGammaEvent(record));
  return found;
}

/**
 * A tag's id by its slug, such as `esports`; `undefined` when Gamma knows no such tag. Ids are Gamma's own and may change.
 * @throws `MatchpointError` `HTTP_FAILED`, `HTTP_RESPONSE_INVALID`, `ABORTED`
 */
export async function fetchGammaTag(
  ports: GammaPorts,
  slug: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  const url = `${ports.gammaUrl ?? GAMMA_URL}/tags/slug/${encodeURIComponent(slug)}`;
  const record = await getJson(restOf(ports), url, signal);
  if (record === undefined) return undefined;
  const found: unknown =
    typeof record === "object" && record !== null && "id" in record ? record.id : undefined;
  const text = typeof found === "number" ? String(found) : found;
  if (typeof text === "string" && /^\d{1,12}$/.test(text)) return text;
  throw new MatchpointError("HTTP_RESPONSE_INVALID", `tag ${show(slug)} has the id ${show(found)}`, {
    where: `GET ${url}`,
  });
}

function conditionIdOf(record: unknown): string | undefined {
  const stated = (record as { readonly conditionId?: unknown } | null)?.conditionId;
  return typeof stated === "string" ? stated.toLowerCase() : undefined;
}
