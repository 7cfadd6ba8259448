import { CONTRACTS, type Address, type ChainId } from "./contracts.ts";

/** A market's generation, as Gamma's `version` names it; it alone decides which exchange an order is for. */
export type MarketVersion = "v1" | "v2";

/** An exchange contract as an order's EIP-712 domain names it. */
export interface Exchange {
  readonly chainId: ChainId;
  readonly name: string;
  readonly version: "2" | "3";
  readonly verifyingContract: Address;
}

/** The name in the EIP-712 domain of every exchange. */
export const EXCHANGE_NAME = "Polymarket CTF Exchange";

/** What `GET /version` must answer for orders of {@link EXCHANGES}. Domain `"1"` is refused: `order_version_mismatch`. */
export const CLOB_VERSION = 2;

function exchange(chainId: ChainId, version: "2" | "3", verifyingContract: Address): Exchange {
  return Object.freeze({ chainId, name: EXCHANGE_NAME, version, verifyingContract });
}

interface ExchangePair {
  readonly standard: Exchange;
  readonly negRisk: Exchange;
}

function exchanges(chainId: ChainId): Readonly<Record<MarketVersion, ExchangePair>> {
  const { ctfExchange, negRiskExchange, exchangeV3 } = CONTRACTS[chainId];
  const v3 = exchange(chainId, "3", exchangeV3);
  return Object.freeze({
    v1: Object.freeze({
      standard: exchange(chainId, "2", ctfExchange),
      negRisk: exchange(chainId, "2", negRiskExchange),
    }),
    // One contract serves both kinds of market.
    v2: Object.freeze({ standard: v3, negRisk: v3 }),
  });
}

/**
 * The exchange of a market: by chain, by the market's version and by whether it is neg-risk. Markets of `"v1"` trade under
 * domain version `"2"`, those of `"v2"` (position ids instead of token ids) under `"3"`.
 * Source: docs.polymarket.com/v2-migration and /protocol-v2-migration; `src/order-builder` of `@polymarket/clob-client-v2`.
 *
 * @example
 * ```ts
 * import { EXCHANGES } from "@matchpoint/adapters-polymarket";
 * const exchange = EXCHANGES[137].v1.standard;
 * ```
 */
export const EXCHANGES: Readonly<Record<ChainId, Readonly<Record<MarketVersion, ExchangePair>>>> =
  Object.freeze({ 137: exchanges(137), 80002: exchanges(80002) });
