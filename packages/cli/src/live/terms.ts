import { createWsTransport, fetchClobMarket, withClobMarket } from "@matchpoint/adapters-polymarket";
import { isMatchpointError, type BotConfig, type Clock, type MarketDescription } from "@matchpoint/sdk";
import type { ChecklistLine } from "./checklist.ts";

/** Markets as they will be traded, and what kept some from being known. */
export interface VenueTerms {
  readonly markets: readonly MarketDescription[];
  readonly lines: readonly ChecklistLine[];
}

/**
 * The configured markets with the venue's own tick, smallest order, fee, delay and exchange: fees are charged, and orders signed, by
 * these. Whether a market takes orders is not taken over: it may begin to.
 */
export async function venueTerms(
  config: BotConfig,
  markets: readonly MarketDescription[],
  clock: Clock,
  signal: AbortSignal,
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
  const merged = await Promise.all(
    markets.map(async (market) => {
      try {
        const described = withClobMarket(market, await fetchClobMarket(ports, market.marketId, signal));
        if ("kind" in described) return lack(market, described.reason);
        return { ...described, acceptingOrders: market.acceptingOrders };
      } catch (error) {
        if (!isMatchpointError(error)) throw error;
        return lack(market, error.message.split("\n")[0]!);
      }
    }),
  );
  return { markets: merged, lines };
}
