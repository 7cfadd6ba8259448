import type { CoreEvent, MarketDescription, MarketId, MarketTerms, Outcome, Price } from "@matchpoint/sdk";
import { AccountTokens } from "../account/tokens.ts";
import type { ChainId } from "../venue/contracts.ts";
import { EXCHANGES, type Exchange, type MarketVersion } from "../venue/exchanges.ts";

/** What decides how orders of a market are made. */
export interface TradedMarket {
  readonly market: MarketDescription;
  /** The tick as the venue said it last. */
  readonly tick: Price;
  readonly exchange: Exchange;
}

/** The markets that orders can be made for, kept up to date by the log's events. */
export class GatewayMarkets {
  /** What token ids stand for in our own trades. Markets stay in here. */
  readonly tokens: AccountTokens;
  readonly #markets = new Map<MarketId, MarketDescription>();
  readonly #ticks = new Map<MarketId, Price>();
  readonly #chainId: ChainId;
  readonly #versionOf: (market: MarketDescription) => MarketVersion;

  constructor(
    markets: Iterable<MarketDescription>,
    chainId: ChainId,
    versionOf: (market: MarketDescription) => MarketVersion,
  ) {
    this.#chainId = chainId;
    this.#versionOf = versionOf;
    this.tokens = new AccountTokens();
    for (const market of markets) this.add(market);
  }

  /** Adds a market, or takes over what has changed of it. Its own tick counts from here on. */
  add(market: MarketDescription): void {
    this.#markets.set(market.marketId, market);
    this.#ticks.delete(market.marketId);
    this.tokens.add(market);
  }

  /** Takes over what an event of the log says about markets; others pass. */
  observe(event: CoreEvent): void {
    if (event.type === "market_listed") this.add(event.market);
    else if (event.type === "terms_changed") this.#change(event.marketId, event.terms);
    else if (event.type === "tick_size_changed" && this.#markets.has(event.marketId))
      this.#ticks.set(event.marketId, event.tick);
  }

  /** A tick that was told since the market was listed stays, unless the terms say another. */
  #change(marketId: MarketId, terms: MarketTerms): void {
    const market = this.#markets.get(marketId);
    if (market === undefined) return;
    const changed = { ...market, ...terms };
    this.#markets.set(marketId, changed);
    this.tokens.add(changed);
    if (terms.tick !== undefined) this.#ticks.delete(marketId);
  }

  get(marketId: MarketId): TradedMarket | undefined {
    const market = this.#markets.get(marketId);
    if (market === undefined) return undefined;
    const pair = EXCHANGES[this.#chainId][this.#versionOf(market)];
    return {
      market,
      tick: this.#ticks.get(marketId) ?? market.tick,
      exchange: market.negRisk ? pair.negRisk : pair.standard,
    };
  }

  /** Whether a market's tokens are position ids of the newer ledger. */
  isV2(marketId: MarketId): boolean {
    const market = this.#markets.get(marketId);
    return market !== undefined && this.#versionOf(market) === "v2";
  }

  all(): Iterable<MarketDescription> {
    return this.#markets.values();
  }
}

/** Which generation a market is of, by what the venue says of it. */
export function marketVersion({ version }: Pick<MarketDescription, "version">): MarketVersion {
  return version === 3 ? "v2" : "v1";
}

/** The token of an outcome. */
export function tokenOf(market: MarketDescription, outcome: Outcome): string {
  return market.outcomes[outcome].tokenId;
}
