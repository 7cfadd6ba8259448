import { withClobMarket, type ClobMarket, type GammaMarket } from "@matchpoint/adapters-polymarket";
import {
  termsThatDiffer,
  type MarketDescription,
  type MarketListed,
  type MarketTerms,
  type MatchRegistry,
  type Nanos,
  type Price,
  type SubjectClaim,
  type TermsChanged,
  type TermsContinuity,
} from "@matchpoint/sdk";
import { outcomeOrder, withVenueProof } from "./venueProof.ts";

/** Who is asked: Gamma for what a market is about, its rules and its exchange; the CLOB for everything that its engine goes by. */
export type Asked = "gamma" | "clob";

/** What a market is proven by. */
export interface Proof {
  /** Whether its own terms are the venue's, read before it was begun to be watched: another text is then a change of it. */
  readonly read?: boolean;
  /** What the configuration says that it is about. */
  readonly claim: SubjectClaim | undefined;
  readonly registry: MatchRegistry;
}

/** News of a market, without its time. */
export type MarketNews = Unstamped<MarketListed> | Unstamped<TermsChanged> | Unstamped<TermsContinuity>;
type Unstamped<T> = Omit<T, "at" | "receivedAt">;

/** One market of a run: how it was configured, what the venue says of it, and what was told of that. */
export class WatchedMarket {
  readonly own: MarketDescription;
  /** As it was told last. */
  now: MarketDescription;
  readonly #proof: Proof;
  #gamma: GammaMarket | undefined;
  #clob: ClobMarket | undefined;
  readonly #readAt: Record<Asked, Nanos>;
  readonly #problems = new Map<Asked, string>();
  readonly #stale = new Set<Asked>();

  /** @param at when it is begun to be watched */
  constructor(own: MarketDescription, proof: Proof, at: Nanos) {
    this.own = own;
    this.now = own;
    this.#proof = proof;
    this.#readAt = { gamma: at, clob: at };
  }

  /** Whether the CLOB has told its terms since it is watched. */
  get termsRead(): boolean {
    return this.#clob !== undefined;
  }

  /**
   * Takes over what Gamma says. The first word is part of the listing; from then on what differs is a change of the terms.
   * @param tick as the book told it last: it is newer than any listing
   */
  gamma(listing: GammaMarket, at: Nanos, tick: Price | undefined): readonly MarketNews[] {
    const first = this.#gamma === undefined;
    this.#gamma = listing;
    return this.#read("gamma", at, first, tick);
  }

  /** The same for what the CLOB says. */
  clob(market: ClobMarket, at: Nanos, tick: Price | undefined): readonly MarketNews[] {
    const first = this.#clob === undefined;
    this.#clob = market;
    return this.#read("clob", at, first, tick);
  }

  /** Notes why somebody could not be read; told when it lasts. */
  failed(asked: Asked, problem: string): void {
    this.#problems.set(asked, problem);
  }

  /** Whether what was read has become too old. */
  age(asked: Asked, at: Nanos, maxAge: number): readonly MarketNews[] {
    const age = at - this.#readAt[asked];
    if (age <= maxAge || this.#stale.has(asked)) return [];
    const fresh = this.#stale.size === 0;
    this.#stale.add(asked);
    if (!fresh) return [];
    const why = this.#problems.get(asked);
    const who = asked === "clob" ? "the CLOB" : "Gamma";
    const reason = `${who} has not told its terms for ${seconds(age)}, at most ${seconds(maxAge)}${why === undefined ? "" : `: ${why}`}`;
    return [{ type: "terms_continuity", marketId: this.own.marketId, state: "stale", reason }];
  }

  #read(asked: Asked, at: Nanos, first: boolean, tick: Price | undefined): readonly MarketNews[] {
    const age = at - this.#readAt[asked];
    this.#readAt[asked] = at;
    this.#problems.delete(asked);
    const news = [...this.#news(asked, first, tick)];
    if (this.#stale.delete(asked) && this.#stale.size === 0) {
      const reason = `its terms are read again, after ${seconds(age)}`;
      news.push({ type: "terms_continuity", marketId: this.own.marketId, state: "read", reason });
    }
    return news;
  }

  *#news(asked: Asked, first: boolean, tick: Price | undefined): Generator<MarketNews> {
    const before = this.now;
    const next = { ...this.#described(), tick: tick ?? this.#clob?.tick ?? before.tick };
    const terms = termsThatDiffer({ ...before, tick: tick ?? before.tick }, next);
    const about = subjectText(before) !== subjectText(next);
    if (terms === undefined && !about) return;
    this.now = next;
    // A changed text must not slip in with a listing: what is a change of the terms is told as one.
    if (terms !== undefined && !first) yield this.#changed(asked, terms);
    else if (terms?.rules !== undefined && this.#proof.read === true)
      yield this.#changed(asked, { rules: terms.rules });
    if (first || about) yield { type: "market_listed", market: next };
  }

  #changed(asked: Asked, terms: MarketTerms): Unstamped<TermsChanged> {
    return { type: "terms_changed", marketId: this.own.marketId, terms, source: asked };
  }

  /** All that is known of the market, put together. */
  #described(): MarketDescription {
    const { claim, registry } = this.#proof;
    const listing = this.#gamma;
    let market = listing === undefined ? this.own : withVenueProof(this.own, claim, listing, registry);
    if (listing !== undefined && outcomeOrder(this.own, listing.description) === undefined)
      market = { ...market, acceptingOrders: false };
    const clob = this.#clob;
    if (clob === undefined) return market;
    const { marketId } = market;
    const combined = withClobMarket(market, { ...clob, marketId });
    if ("kind" in combined) return { ...market, acceptingOrders: false };
    return { ...combined, acceptingOrders: clob.acceptingOrders && market.acceptingOrders };
  }
}

function subjectText({ subject, unproven, related }: MarketDescription): string {
  return JSON.stringify([subject, unproven, related]);
}

function seconds(nanos: number): string {
  return `${(nanos / 1e9).toFixed(nanos < 10e9 ? 1 : 0)} s`;
}
