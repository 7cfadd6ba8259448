import {
  MatchpointError,
  pause,
  termsThatDiffer,
  type Clock,
  type Logger,
  type MarketCatalog,
  type MarketDescription,
  type MarketEvent,
  type MarketId,
  type Transport,
} from "@matchpoint/sdk";
import { decodeClobMarket, withClobMarket, type ClobMarket } from "./clobMarket.ts";
import { getJson, keyset, type RestPorts } from "./gammaClient.ts";
import { GAMMA_URL } from "./reads.ts";
import {
  decodeGammaEvent,
  decodeGammaMarket,
  type GammaMarket,
  type Refused,
  type SubjectOf,
} from "./market.ts";

/** Which markets to list: all that any of these name. */
export interface CatalogQuery {
  /** Slugs of events (all their markets), and of single markets. */
  readonly eventSlugs?: readonly string[];
  readonly marketSlugs?: readonly string[];
  /** Markets by condition id, open or closed. */
  readonly conditionIds?: readonly MarketId[];
  /** A tag's open events; esports is 64. With it the times of game start from and to, ISO. */
  readonly tagId?: number;
  readonly startsFrom?: string;
  readonly startsTo?: string;
}

/** Options of {@link createGammaCatalog}. */
export interface GammaCatalogOptions {
  readonly transport: Transport;
  readonly clock: Clock;
  readonly query: CatalogQuery;
  /** Says what a market is about; without it every market's subject stays unproven. */
  readonly subjectOf?: SubjectOf;
  /** Which markets are wanted; default all. */
  readonly filter?: (market: GammaMarket) => boolean;
  /** Lists anew this often and tells what changed; absent: lists once and ends. */
  readonly pollMs?: number;
  /** Takes tick, fee, delay and start from the CLOB itself (`/clob-markets`), one call per market. Default true. */
  readonly refine?: boolean;
  readonly gammaUrl?: string;
  readonly restUrl?: string;
  readonly timeoutMs?: number;
  readonly attempts?: number;
  readonly retryMs?: number;
  readonly logger?: Logger;
  /** Told of every record that cannot be used, once per reason. */
  readonly onRefused?: (refused: Refused) => void;
}

const CLOB_URL = "https://clob.polymarket.com";
/** Condition ids per call, so that the URL stays short. */
const IDS_PER_CALL = 20;

/**
 * Lists markets from Gamma: each as `market_listed` when it is found, with `terms_changed` when the venue changes its terms, and as
 * `market_resolution` once it is closed, resolved, and its prices are a payout.
 *
 * A listing that fails ends with its error when it is the first; later ones are logged and made again.
 *
 * @example
 * ```ts
 * import { createGammaCatalog, createWsTransport } from "@matchpoint/adapters-polymarket";
 * import { SystemClock } from "@matchpoint/sdk";
 *
 * async function print(signal: AbortSignal) {
 *   const catalog = createGammaCatalog({
 *     transport: createWsTransport(),
 *     clock: new SystemClock(),
 *     query: { eventSlugs: ["cs2-faze-ill-2026-04-05"] },
 *   });
 *   for await (const event of catalog.markets({ signal })) console.log(event.type);
 * }
 * ```
 */
export function createGammaCatalog(options: GammaCatalogOptions): MarketCatalog {
  return { markets: ({ signal }) => new Listing(options, signal).run() };
}

class Listing {
  readonly #options: GammaCatalogOptions;
  readonly #signal: AbortSignal;
  readonly #ports: RestPorts;
  readonly #gammaUrl: string;
  /** The description that was last told of each market. */
  readonly #told = new Map<MarketId, MarketDescription>();
  readonly #resolved = new Set<MarketId>();
  readonly #refusals = new Set<string>();
  /** What Gamma said of a market when the CLOB last answered, what that was, and what became of it. */
  readonly #refined = new Map<
    MarketId,
    { readonly own: string; readonly clob: ClobMarket; readonly description: MarketDescription }
  >();

  constructor(options: GammaCatalogOptions, signal: AbortSignal) {
    this.#options = options;
    this.#signal = signal;
    this.#gammaUrl = options.gammaUrl ?? GAMMA_URL;
    this.#ports = {
      transport: options.transport,
      clock: options.clock,
      timeoutMs: options.timeoutMs ?? 10_000,
      attempts: options.attempts ?? 3,
      retryMs: options.retryMs ?? 500,
    };
  }

  async *run(): AsyncGenerator<MarketEvent> {
    const { pollMs, clock, logger } = this.#options;
    const aborted = () => this.#signal.aborted;
    for (let first = true; !aborted(); first = false) {
      try {
        yield* this.#once();
      } catch (error) {
        if (aborted()) return;
        if (first) throw error;
        logger?.warn("the list of markets could not be had", { error: String(error) });
      }
      if (pollMs === undefined) return;
      await pause(clock, pollMs, this.#signal);
    }
  }

  async *#once(): AsyncGenerator<MarketEvent> {
    const listed = new Set<MarketId>();
    for await (const market of this.#found()) {
      listed.add(market.description.marketId);
      yield* this.#tell(market);
    }
    // Closed markets leave the listings: ask for those that are gone by name.
    const gone = [...this.#told.keys()].filter(
      (marketId) => !listed.has(marketId) && !this.#resolved.has(marketId),
    );
    for await (const market of this.#byId(gone, true)) {
      if (this.#told.has(market.description.marketId)) yield* this.#tell(market);
    }
  }

  async *#byId(ids: readonly MarketId[], closed: boolean): AsyncGenerator<GammaMarket> {
    for (let i = 0; i < ids.length; i += IDS_PER_CALL) {
      const params: (readonly [string, string])[] = ids
        .slice(i, i + IDS_PER_CALL)
        .map((marketId) => ["condition_ids", marketId]);
      params.push(["closed", String(closed)]);
      for await (const record of keyset(this.#ports, this.#gammaUrl, "markets", params, this.#signal)) {
        const market = this.#usable(decodeGammaMarket(record));
        if (market !== undefined) yield market;
      }
    }
  }

  async *#found(): AsyncGenerator<GammaMarket> {
    const { query } = this.#options;
    for (const slug of query.eventSlugs ?? []) {
      const event = await this.#named("events", slug);
      if (event !== undefined) yield* this.#marketsOf(event);
    }
    for (const slug of query.marketSlugs ?? []) {
      const record = await this.#named("markets", slug);
      const market = record === undefined ? undefined : this.#usable(decodeGammaMarket(record));
      if (market !== undefined) yield market;
    }
    const unsettled = (query.conditionIds ?? []).filter((marketId) => !this.#resolved.has(marketId));
    yield* this.#byId(unsettled, false);
    yield* this.#byId(unsettled, true);
    if (query.tagId === undefined) return;
    const params: (readonly [string, string])[] = [
      ["tag_id", String(query.tagId)],
      ["closed", "false"],
    ];
    if (query.startsFrom !== undefined) params.push(["start_time_min", query.startsFrom]);
    if (query.startsTo !== undefined) params.push(["start_time_max", query.startsTo]);
    for await (const record of keyset(this.#ports, this.#gammaUrl, "events", params, this.#signal))
      yield* this.#marketsOf(record);
  }

  async #named(what: "events" | "markets", slug: string): Promise<unknown> {
    const record = await getJson(
      this.#ports,
      `${this.#gammaUrl}/${what}/slug/${encodeURIComponent(slug)}`,
      this.#signal,
    );
    if (record === undefined)
      this.#refuse({ kind: "refused", id: slug, reason: `Gamma knows no such slug among its ${what}` });
    return record;
  }

  *#marketsOf(record: unknown): Generator<GammaMarket> {
    const event = decodeGammaEvent(record);
    if (event.kind === "refused") {
      this.#refuse(event);
      return;
    }
    for (const each of event.markets) {
      const market = this.#usable(each);
      if (market !== undefined) yield market;
    }
  }

  #usable(answer: GammaMarket | Refused): GammaMarket | undefined {
    if (answer.kind === "refused") {
      this.#refuse(answer);
      return undefined;
    }
    return this.#options.filter?.(answer) === false ? undefined : answer;
  }

  async *#tell(market: GammaMarket): AsyncGenerator<MarketEvent> {
    const { marketId } = market.description;
    if (this.#resolved.has(marketId)) return;
    const description = await this.#describe(market);
    const before = this.#told.get(marketId);
    this.#told.set(marketId, description);
    yield* this.#changes(before, description);
    const { resolution } = market;
    if (resolution.kind === "unclear")
      this.#refuse({ kind: "refused", id: marketId, reason: resolution.reason });
    if (resolution.kind !== "resolved") return;
    this.#resolved.add(marketId);
    yield {
      type: "market_resolution",
      marketId,
      payouts: resolution.payouts,
      source: "gamma",
      ...this.#stamp(),
    };
  }

  /** The first word on a market lists it; later what the venue changes of its terms is told as that, all else lists it anew. */
  *#changes(before: MarketDescription | undefined, market: MarketDescription): Generator<MarketEvent> {
    const terms = before === undefined ? undefined : termsThatDiffer(before, market);
    if (terms !== undefined) {
      const { marketId } = market;
      yield { type: "terms_changed", marketId, terms, source: "gamma", ...this.#stamp() };
    }
    // That nothing is disputed is no news.
    const quiet = market.disputed === false ? { disputed: false } : {};
    if (before === undefined || !isSame({ ...before, ...terms, ...quiet }, market))
      yield { type: "market_listed", market, ...this.#stamp() };
  }

  async #describe(market: GammaMarket): Promise<MarketDescription> {
    const subject = this.#options.subjectOf?.(market);
    const own = subject === undefined ? market.description : { ...market.description, subject };
    if (this.#options.refine === false || market.details.closed) return own;
    const text = JSON.stringify(own);
    const before = this.#refined.get(own.marketId);
    if (before?.own === text) return before.description;
    const clob = await this.#clobMarket(own.marketId);
    if (clob !== undefined) {
      const description = this.#combine(own, clob);
      this.#refined.set(own.marketId, { own: text, clob, description });
      return description;
    }
    if (before === undefined) return own;
    // Its last word on tick and fee is better than Gamma's lagging one; whether orders are taken both must say.
    const last = this.#combine(own, before.clob);
    return { ...last, acceptingOrders: last.acceptingOrders && own.acceptingOrders };
  }

  #combine(own: MarketDescription, clob: ClobMarket): MarketDescription {
    const description = withClobMarket(own, clob);
    if (!("kind" in description)) return description;
    this.#refuse(description);
    return { ...own, acceptingOrders: false };
  }

  async #clobMarket(marketId: MarketId): Promise<ClobMarket | undefined> {
    const url = `${this.#options.restUrl ?? CLOB_URL}/clob-markets/${encodeURIComponent(marketId)}`;
    const record = await getJson(this.#ports, url, this.#signal);
    const clob: ClobMarket | Refused =
      record === undefined
        ? { kind: "refused", id: marketId, reason: "the CLOB does not know it (yet)" }
        : decodeClobMarket(record);
    if (clob.kind === "market") return clob;
    this.#refuse(clob);
    return undefined;
  }

  #refuse(refused: Refused): void {
    const key = `${refused.id ?? "?"}: ${refused.reason}`;
    if (this.#refusals.has(key)) return;
    this.#refusals.add(key);
    this.#options.logger?.warn("a market record cannot be used", { id: refused.id, reason: refused.reason });
    this.#options.onRefused?.(refused);
  }

  #stamp() {
    return { at: this.#options.clock.monotonic(), receivedAt: this.#options.clock.wall() };
  }
}

function isSame(a: MarketDescription, b: MarketDescription): boolean {
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]) as Set<keyof MarketDescription>;
  return [...keys].every((key) => JSON.stringify(a[key]) === JSON.stringify(b[key]));
}

/**
 * Fetches `/clob-markets/{condition id}`: the truth about tick, fee, delay and start, worth asking after each tick change.
 * @throws `MatchpointError` `HTTP_FAILED`, `HTTP_RESPONSE_INVALID`, `MARKET_UNKNOWN`
 */
export async function fetchClobMarket(
  options: {
    readonly transport: Transport;
    readonly clock: Clock;
    readonly restUrl?: string;
    readonly timeoutMs?: number;
  },
  marketId: MarketId,
  signal: AbortSignal,
): Promise<ClobMarket> {
  const { transport, clock, timeoutMs = 10_000, restUrl = CLOB_URL } = options;
  const url = `${restUrl}/clob-markets/${encodeURIComponent(marketId)}`;
  const record = await getJson({ transport, clock, timeoutMs, attempts: 3, retryMs: 500 }, url, signal);
  if (record === undefined)
    throw new MatchpointError("MARKET_UNKNOWN", `the CLOB does not know market ${marketId}`, { where: url });
  const answer = decodeClobMarket(record);
  if (answer.kind === "market") return answer;
  throw new MatchpointError("HTTP_RESPONSE_INVALID", answer.reason, { where: url });
}
