import {
  createGammaCatalog,
  createWsTransport,
  fetchClobMarket,
  type GammaMarket,
} from "@matchpoint/adapters-polymarket";
import {
  id,
  NANOS_PER_MS,
  pause,
  termsInWords,
  termsThatDiffer,
  type Clock,
  type MarketDescription,
  type MarketEvent,
  type MarketId,
  type MarketResolution,
  type MatchRegistry,
  type Price,
  type SubjectClaim,
} from "@matchpoint/sdk";
import { outcomeOrder } from "./venueProof.ts";
import { WatchedMarket, type Asked, type MarketNews } from "./watchedMarket.ts";

/** Told of a problem, and of which market it is. */
export type Say = (problem: string, marketId?: MarketId) => void;

/** What is asked for, where and how often, and whom to tell of what goes wrong. */
export interface VenueListingOptions {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly gammaUrl?: string;
  readonly restUrl?: string;
  /** How often Gamma is asked, in ms. */
  readonly pollMs?: number;
  /** How often the CLOB is asked for terms, in ms. */
  readonly termsPollMs?: number;
  /** How old terms may be before nothing is begun by them, in ms. */
  readonly termsMaxAgeMs?: number;
  /** What the configuration says that a market is about. */
  readonly claims: ReadonlyMap<MarketId, SubjectClaim>;
  /** The matches that a market may be about. */
  readonly registry: MatchRegistry;
  /** Whether the markets' own terms are the venue's, as a live run has read them. */
  readonly termsRead?: boolean;
  /** The tick of a market as its book told it last: it changes without the configuration. */
  readonly tickOf: (marketId: MarketId) => Price | undefined;
  /** Has a market's book, with its tick, fetched anew. */
  readonly resync: (marketId: MarketId, reason: string) => void;
  /** Told of each market that is over. */
  readonly onResolved?: (marketId: MarketId) => void;
  /** Told of everything that keeps a market from being proven or resolved, once each. */
  readonly say: Say;
}

/** How often is asked, and how old terms may be, in ms. */
export const LISTING_DEFAULTS = { pollMs: 30_000, termsPollMs: 30_000, termsMaxAgeMs: 900_000 } as const;
/** Markets whose terms are asked for at the same time. */
const AT_ONCE = 4;
/** Characters of a problem that are told. */
const LONGEST = 160;
const CONDITION_ID = /^0x[0-9a-f]{64}$/i;

/** Condition ids are hexadecimal: the case of their digits means nothing, and Gamma writes them small. */
function keyOf(marketId: MarketId): MarketId {
  return id<MarketId>(marketId.toLowerCase());
}

/** The markets that Gamma can be asked for: those that are named by their condition id. */
export function askable(markets: readonly MarketDescription[]): readonly MarketDescription[] {
  return markets.filter(({ marketId }) => CONDITION_ID.test(marketId));
}

/**
 * What the venue says of the markets of a run, for as long as it goes on. Each is listed anew when Gamma proves, or disproves, what it
 * is about; what the venue changes of its terms is told as such, and also that they could not be read for too long; and it is resolved
 * as soon as Gamma says what it pays. Payouts are put to outcomes by token, whatever the order in which the configuration and Gamma list
 * them; a market whose tokens differ is proven and settled by nobody.
 */
export class VenueListings {
  readonly #options: VenueListingOptions;
  readonly #open = new Map<MarketId, WatchedMarket>();
  readonly #told = new Set<string>();
  readonly #maxAge: number;

  constructor(markets: readonly MarketDescription[], options: VenueListingOptions) {
    this.#options = options;
    this.#maxAge = (options.termsMaxAgeMs ?? LISTING_DEFAULTS.termsMaxAgeMs) * NANOS_PER_MS;
    for (const market of askable(markets)) this.add(market);
  }

  /** Watches one more market. */
  add(market: MarketDescription): void {
    const { claims, registry, clock, termsRead: read = false } = this.#options;
    const proof = { claim: claims.get(market.marketId), registry, read };
    this.#open.set(keyOf(market.marketId), new WatchedMarket(market, proof, clock.monotonic()));
  }

  /** What Gamma says: what markets are about, their rules, what they pay. */
  async *listings(): AsyncGenerator<MarketEvent> {
    const { pollMs = LISTING_DEFAULTS.pollMs } = this.#options;
    yield* this.#every(pollMs, "gamma", () => this.#askGamma());
  }

  /** What the CLOB says: the terms that its engine goes by. */
  async *terms(): AsyncGenerator<MarketEvent> {
    const { termsPollMs = LISTING_DEFAULTS.termsPollMs } = this.#options;
    yield* this.#every(termsPollMs, "clob", () => this.#askClob());
  }

  async *#every(
    ms: number,
    asked: Asked,
    ask: () => AsyncGenerator<MarketEvent>,
  ): AsyncGenerator<MarketEvent> {
    const { clock, signal } = this.#options;
    while (!signal.aborted) {
      if (this.#open.size > 0) yield* ask();
      if (aborted(signal)) return;
      const now = clock.monotonic();
      for (const market of this.#open.values()) yield* this.#stamped(market.age(asked, now, this.#maxAge));
      await pause(clock, ms, signal);
    }
  }

  async *#askGamma(): AsyncGenerator<MarketEvent> {
    const { clock, signal, gammaUrl } = this.#options;
    const listings = new Map<MarketId, GammaMarket>();
    const catalog = createGammaCatalog({
      transport: createWsTransport(),
      clock,
      query: { conditionIds: [...this.#open.keys()] },
      refine: false,
      filter: (market) => {
        listings.set(keyOf(market.description.marketId), market);
        return true;
      },
      onRefused: ({ id: marketId, reason }) => {
        this.#once(
          `Gamma on market ${marketId ?? "?"}: ${reason}`,
          this.#open.get(keyOf(id(marketId ?? "")))?.own.marketId,
        );
      },
      ...(gammaUrl === undefined ? {} : { gammaUrl }),
    });
    for (const market of this.#open.values()) market.failed("gamma", "it does not list it");
    try {
      for await (const event of catalog.markets({ signal })) {
        if (event.type !== "market_listed" && event.type !== "market_resolution") continue;
        const key = keyOf(event.type === "market_listed" ? event.market.marketId : event.marketId);
        const [market, listing] = [this.#open.get(key), listings.get(key)];
        if (market === undefined || listing === undefined) continue;
        if (event.type === "market_listed") yield* this.#listed(market, listing);
        else yield* this.#resolved(key, market, listing, event);
      }
    } catch (error) {
      if (aborted(signal)) return;
      for (const market of this.#open.values()) market.failed("gamma", textOf(error));
      this.#once(
        `Gamma cannot be asked; until it can, the configuration's names say what markets are about, and none is settled: ${textOf(error)}`,
      );
    }
  }

  *#listed(market: WatchedMarket, listing: GammaMarket): Generator<MarketEvent> {
    const { marketId } = market.own;
    const { clock, claims, tickOf } = this.#options;
    yield* this.#stamped(market.gamma(listing, clock.monotonic(), tickOf(marketId)));
    const { unproven } = market.now;
    if (claims.has(marketId) && unproven !== undefined)
      this.#once(`market ${marketId} is not traded on match facts: ${unproven}`, marketId);
  }

  *#resolved(
    key: MarketId,
    { own }: WatchedMarket,
    listing: GammaMarket,
    event: MarketResolution,
  ): Generator<MarketEvent> {
    const { marketId } = own;
    const order = outcomeOrder(own, listing.description);
    if (order === undefined) {
      this.#once(
        `market ${marketId} is resolved, but its tokens are not those of the configuration`,
        marketId,
      );
      return;
    }
    this.#open.delete(key);
    this.#options.onResolved?.(marketId);
    const [first, second] = event.payouts;
    yield { ...event, marketId, payouts: order === 0 ? [first, second] : [second, first] };
  }

  async *#askClob(): AsyncGenerator<MarketEvent> {
    const keys = [...this.#open.keys()];
    for (let i = 0; i < keys.length; i += AT_ONCE) {
      const asked = await Promise.all(keys.slice(i, i + AT_ONCE).map((key) => this.#termsOf(key)));
      if (aborted(this.#options.signal)) return;
      for (const news of asked) yield* this.#stamped(news);
    }
  }

  /** Asks for the terms of a market; what keeps them from being known is remembered for when it lasts. */
  async #termsOf(key: MarketId): Promise<readonly MarketNews[]> {
    const { clock, signal, restUrl, tickOf, resync } = this.#options;
    const ports = { transport: createWsTransport(), clock, ...(restUrl === undefined ? {} : { restUrl }) };
    try {
      const clob = await fetchClobMarket(ports, key, signal);
      const market = this.#open.get(key);
      if (market === undefined) return [];
      if (keyOf(clob.marketId) !== key) {
        market.failed("clob", `it answers for market ${clob.marketId}`);
        return [];
      }
      const { marketId } = market.own;
      const tick = tickOf(marketId);
      // The socket may be ahead of the answer: the book, which has the tick too, decides.
      if (tick !== undefined && tick !== clob.tick) resync(marketId, "the CLOB states another tick");
      const configured = market.termsRead ? undefined : market.now;
      const news = market.clob(clob, clock.monotonic(), tick);
      const other = configured === undefined ? undefined : termsThatDiffer(configured, market.now);
      if (configured !== undefined && other !== undefined)
        this.#once(
          `${market.own.title}: the venue's terms count, not the configuration's: ${termsInWords(configured, other)}`,
          marketId,
        );
      return news;
    } catch (error) {
      if (!aborted(signal)) this.#open.get(key)?.failed("clob", textOf(error));
      return [];
    }
  }

  *#stamped(news: readonly MarketNews[]): Generator<MarketEvent> {
    const { clock } = this.#options;
    for (const each of news) yield { ...each, at: clock.monotonic(), receivedAt: clock.wall() };
  }

  #once(problem: string, marketId?: MarketId): void {
    if (!this.#told.has(problem)) this.#options.say(problem, marketId);
    this.#told.add(problem);
  }
}

/** Asked anew after each wait: the compiler would hold it for settled. */
function aborted(signal: AbortSignal): boolean {
  return signal.aborted;
}

function textOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split("\n")[0]!.slice(0, LONGEST);
}
