import { createGammaCatalog, createWsTransport, type GammaMarket } from "@matchpoint/adapters-polymarket";
import {
  id,
  pause,
  type Clock,
  type MarketDescription,
  type MarketId,
  type MarketListed,
  type MarketResolution,
  type MatchRegistry,
  type Price,
  type SubjectClaim,
} from "@matchpoint/sdk";
import { outcomeOrder, withVenueProof } from "./venueProof.ts";

/** What is asked for, where and how often, and whom to tell of what goes wrong. */
export interface VenueListingOptions {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly gammaUrl?: string;
  readonly pollMs?: number;
  /** What the configuration says that a market is about. */
  readonly claims: ReadonlyMap<MarketId, SubjectClaim>;
  /** The matches that a market may be about. */
  readonly registry: MatchRegistry;
  /** The tick of a market as its book told it last: it changes without the configuration. */
  readonly tickOf: (marketId: MarketId) => Price | undefined;
  /** Told of everything that keeps a market from being proven or resolved, once each. */
  readonly say: (problem: string) => void;
}

const POLL_MS = 30_000;
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
 * What Gamma says of configured markets: each is listed anew when the listing proves, or disproves, what it is about, or brings its rules;
 * and resolved as soon as Gamma says what it pays. Payouts are put to outcomes by token, whatever the order in which the configuration and
 * Gamma list them; a market whose tokens differ is proven and settled by nobody.
 */
export async function* venueListings(
  markets: readonly MarketDescription[],
  options: VenueListingOptions,
): AsyncGenerator<MarketListed | MarketResolution> {
  const { clock, signal, gammaUrl, pollMs = POLL_MS } = options;
  const aborted = (): boolean => signal.aborted;
  const told = new Set<string>();
  const once = (problem: string): void => {
    if (!told.has(problem)) options.say(problem);
    told.add(problem);
  };
  const open = new Map(
    askable(markets).map((market) => [keyOf(market.marketId), { own: market, now: market }]),
  );
  while (open.size > 0 && !aborted()) {
    const listings = new Map<MarketId, GammaMarket>();
    const catalog = createGammaCatalog({
      transport: createWsTransport(),
      clock,
      query: { conditionIds: [...open.keys()] },
      refine: false,
      filter: (market) => {
        listings.set(keyOf(market.description.marketId), market);
        return true;
      },
      onRefused: ({ id, reason }) => {
        once(`Gamma on market ${id ?? "?"}: ${reason}`);
      },
      ...(gammaUrl === undefined ? {} : { gammaUrl }),
    });
    try {
      for await (const event of catalog.markets({ signal })) {
        if (event.type !== "market_listed" && event.type !== "market_resolution") continue;
        const key = keyOf(event.type === "market_listed" ? event.market.marketId : event.marketId);
        const [market, listing] = [open.get(key), listings.get(key)];
        if (market === undefined || listing === undefined) continue;
        const { own, now } = market;
        const { marketId } = own;
        if (event.type === "market_listed") {
          const claim = options.claims.get(marketId);
          const listed = withVenueProof(own, claim, listing, options.registry);
          if (JSON.stringify(listed) === JSON.stringify(now)) continue;
          open.set(key, { own, now: listed });
          if (claim !== undefined && listed.unproven !== undefined)
            once(`market ${marketId} is not traded on match facts: ${listed.unproven}`);
          yield { ...event, market: { ...listed, tick: options.tickOf(marketId) ?? listed.tick } };
          continue;
        }
        const order = outcomeOrder(own, listing.description);
        if (order === undefined) {
          once(`market ${marketId} is resolved, but its tokens are not those of the configuration`);
          continue;
        }
        open.delete(key);
        const [first, second] = event.payouts;
        yield { ...event, marketId, payouts: order === 0 ? [first, second] : [second, first] };
      }
    } catch (error) {
      if (aborted()) return;
      once(
        `Gamma cannot be asked; until it can, the configuration's names say what markets are about, and none is settled: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
    await pause(clock, pollMs, signal);
  }
}
