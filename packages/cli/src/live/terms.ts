import {
  createWsTransport,
  fetchClobMarket,
  fetchGammaMarkets,
  withClobMarket,
  type GammaMarket,
} from "@matchpoint/adapters-polymarket";
import { isMatchpointError, type BotConfig, type Clock, type MarketDescription } from "@matchpoint/sdk";
import { gammaUrlOf } from "../feeds/index.ts";
import { outcomeOrder } from "../feeds/venueProof.ts";
import type { ChecklistLine } from "../doctor/index.ts";

/** Markets as they will be traded, and what kept some from being known. */
export interface VenueTerms {
  readonly markets: readonly MarketDescription[];
  readonly lines: readonly ChecklistLine[];
}

/**
 * The configured markets with the venue's own tick, smallest order, fee, delay, rules and exchange: fees are charged, and orders signed,
 * by these. Whether a market takes orders is not taken over: it may begin to.
 */
export async function venueTerms(
  config: BotConfig,
  markets: readonly MarketDescription[],
  clock: Clock,
  signal: AbortSignal,
  listed?: Listings | string,
): Promise<VenueTerms> {
  const { clob_url: restUrl } = config.execution;
  const ports = { transport: createWsTransport(), clock, ...(restUrl === undefined ? {} : { restUrl }) };
  const lines: ChecklistLine[] = [];
  const lack = (market: MarketDescription, why: string): MarketDescription => {
    const found = `${market.title}: its terms are not known: ${why}`;
    lines.push({
      id: "terms",
      status: "fail",
      found,
      fix: "Check the market's id and tokens, and try again.",
    });
    return market;
  };
  const gamma = listed ?? (await listingsOf(config, markets, clock, signal));
  if (typeof gamma === "string")
    lines.push({
      id: "exchange",
      status: "warn",
      found: `Gamma does not say which exchange the markets are of: ${gamma}`,
      fix: "Orders are signed for exchange V2; the venue refuses them where a market is of another.",
    });
  const merged = await Promise.all(
    markets.map(async (market) => {
      try {
        const described = withClobMarket(market, await fetchClobMarket(ports, market.marketId, signal));
        if ("kind" in described) return lack(market, described.reason);
        const traded = { ...described, acceptingOrders: market.acceptingOrders };
        if (typeof gamma === "string") return traded;
        const key = market.marketId.toLowerCase();
        const refused = gamma.refused.get(key);
        if (refused !== undefined) return lack(market, refused);
        const listing = gamma.listings.get(key);
        return listing === undefined ? traded : withListing(traded, listing, lines);
      } catch (error) {
        if (!isMatchpointError(error)) throw error;
        return lack(market, error.message.split("\n")[0]!);
      }
    }),
  );
  return { markets: merged, lines };
}

/** What only Gamma says: the rules, and which exchange the market is of. */
function withListing(
  market: MarketDescription,
  { description }: GammaMarket,
  lines: ChecklistLine[],
): MarketDescription {
  if (outcomeOrder(market, description) === undefined) return market;
  const { version, rules } = description;
  if (version === 3)
    lines.push({
      id: "exchange",
      status: "warn",
      found: `${market.title} is of exchange V3, whose shares are position ids`,
      fix: "Orders are signed for it. Approvals for it are not checked, and its shares neither merged nor redeemed: do so on polymarket.com.",
    });
  return {
    ...market,
    ...(version === undefined ? {} : { version }),
    ...(rules === undefined ? {} : { rules }),
  };
}

/** What Gamma says of markets. */
export interface Listings {
  readonly listings: ReadonlyMap<string, GammaMarket>;
  /** Why a record cannot be used, by market. */
  readonly refused: ReadonlyMap<string, string>;
}

/** What Gamma says of markets; text: why it says nothing. @throws what is no `MatchpointError` */
export async function listingsOf(
  config: BotConfig,
  markets: readonly MarketDescription[],
  clock: Clock,
  signal: AbortSignal,
): Promise<Listings | string> {
  const gammaUrl = gammaUrlOf(config);
  const ports = { transport: createWsTransport(), clock, ...(gammaUrl === undefined ? {} : { gammaUrl }) };
  try {
    const listings = new Map<string, GammaMarket>();
    const refused = new Map<string, string>();
    const ids = markets.map(({ marketId }) => marketId);
    for (const { conditionId, market } of await fetchGammaMarkets(ports, ids, signal)) {
      if (conditionId === undefined) continue;
      if (market.kind === "market") listings.set(conditionId, market);
      else refused.set(conditionId, market.reason);
    }
    return { listings, refused };
  } catch (error) {
    if (!isMatchpointError(error)) throw error;
    return error.message.split("\n")[0]!;
  }
}
