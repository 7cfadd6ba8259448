import {
  complement,
  type MarketDescription,
  type Millis,
  type Outcome,
  type Price,
  type Shares,
  type Side,
  type TokenId,
  type Usdc,
} from "@matchpoint/sdk";
import type { PublicBook as Book } from "@matchpoint/paper-broker";

/** A tag of Gamma. */
export interface Tag {
  readonly id: string;
  readonly slug: string;
  readonly label: string;
}

/** A match as Gamma's event and the sports channel tell it. */
export interface MatchFacts {
  /** Gamma's event id. */
  readonly id: string;
  readonly slug: string;
  /** `LoL: T1 vs Gen.G (BO5) - LCK` */
  readonly title: string;
  /** The same id on the sports channel. */
  readonly gameId: number;
  /** As the sports channel abbreviates it: `lol`, `cs2`, `dota2`, `val`. */
  readonly league: string;
  readonly seriesSlug: string;
  readonly tournament: string;
  readonly tags: readonly Tag[];
  readonly teams: readonly [string, string];
  readonly bestOf: number;
  readonly startsAt: Millis;
}

/** A market as it is listed. */
export interface VenueListing {
  /** Its id must be a condition id (`0x` and 64 hexadecimal digits), its token ids decimal. */
  readonly description: MarketDescription;
  readonly slug: string;
  readonly match: MatchFacts;
  /** `moneyline`, `child_moneyline`, … */
  readonly sportsMarketType: string;
  readonly groupItemTitle: string;
  /** The game id of a market on one game; absent: the match's. */
  readonly gameId?: string;
  /** Gamma does not show it until the admin command `list`: a market that is listed while clients run. */
  readonly unlisted?: boolean;
  /** Which exchange its orders are for; default `v1`, domain version "2". */
  readonly version?: "v1" | "v2";
  /** The question that its condition was made of, where it is known: then the chain's own oracle answers it. */
  readonly questionId?: string;
  /** Where the makers' fair price of the first outcome begins; default 0.5. */
  readonly fair?: Price;
}

export type UmaStatus = "proposed" | "disputed" | "requested" | "resolved";

/** One market's state beside its orders. */
export class Market {
  readonly listing: VenueListing;
  /** Gamma's id. */
  readonly gammaId: string;
  description: MarketDescription;
  /** Whether Gamma shows it. */
  listed: boolean;
  /** What a share of each outcome pays, once resolved. */
  payouts: readonly [Usdc, Usdc] | undefined;
  uma: UmaStatus | undefined;
  closedAt: Millis | undefined;
  lastTrade: { readonly outcome: Outcome; readonly price: Price; readonly side: Side } | undefined;
  /** What was last published, of the first outcome: sizes by price. */
  readonly shown: { readonly bids: Map<Price, Shares>; readonly asks: Map<Price, Shares> } = {
    bids: new Map(),
    asks: new Map(),
  };
  /** Whether the venue has made its grid finer by itself, which it does once. */
  refined = false;
  /** Whether there was a trade since the last publication. */
  traded = false;
  /** Middle prices of the first outcome by second. */
  readonly history: { readonly t: number; readonly p: number }[] = [];

  constructor(listing: VenueListing, gammaId: string) {
    this.listing = listing;
    this.gammaId = gammaId;
    this.description = listing.description;
    this.listed = listing.unlisted !== true;
  }

  get version(): "v1" | "v2" {
    return this.listing.version ?? "v1";
  }

  tokenId(outcome: Outcome): TokenId {
    return this.description.outcomes[outcome].tokenId;
  }

  name(outcome: Outcome): string {
    return this.description.outcomes[outcome].name;
  }

  /** The last trade's price as the outcome's own. */
  lastPrice(outcome: Outcome): Price | undefined {
    const { lastTrade } = this;
    if (lastTrade === undefined) return undefined;
    return lastTrade.outcome === outcome ? lastTrade.price : complement(lastTrade.price);
  }
}

/** The markets by condition id and by token. */
export class Markets {
  readonly all: Market[] = [];
  readonly #byId = new Map<string, Market>();
  readonly #byToken = new Map<string, { readonly market: Market; readonly outcome: Outcome }>();

  constructor(listings: readonly VenueListing[]) {
    for (const listing of listings) {
      const market = new Market(listing, String(700_000 + this.all.length));
      this.all.push(market);
      this.#byId.set(market.description.marketId.toLowerCase(), market);
      for (const outcome of [0, 1] as const) this.#byToken.set(market.tokenId(outcome), { market, outcome });
    }
  }

  get(conditionId: string): Market | undefined {
    return this.#byId.get(conditionId.toLowerCase());
  }

  ofToken(tokenId: string): { readonly market: Market; readonly outcome: Outcome } | undefined {
    return this.#byToken.get(tokenId);
  }
}

/** Best prices of a book; `undefined` where a side is empty. */
export function best(book: Book): { readonly bid: Price | undefined; readonly ask: Price | undefined } {
  return { bid: book.bids[0]?.price, ask: book.asks[0]?.price };
}
