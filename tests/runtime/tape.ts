import {
  id,
  LADDER,
  type CoreEvent,
  type MarketDescription,
  type MatchClaim,
  type MatchDescription,
  type Millis,
  type Nanos,
  type Outcome,
  type Price,
  type Runtime,
  type Shares,
  type Usdc,
} from "@matchpoint/sdk";

/** Wall clock at which hand-written tapes begin. */
export const STARTS_AT = 1_780_000_000_000;

/** A mirrored test market. */
export function testMarket(over: Partial<MarketDescription> = {}): MarketDescription {
  return {
    marketId: id("m1"),
    title: "A vs B",
    outcomes: [
      { tokenId: id("1001"), name: "A" },
      { tokenId: id("1002"), name: "B" },
    ],
    tick: 100 as Price,
    minSize: 5_000_000 as Shares,
    fee: { ratePpm: 50_000, exponent: 1, takerOnly: true },
    takerDelayMs: 0,
    mirrored: true,
    negRisk: false,
    acceptingOrders: true,
    clearBookOnStart: false,
    ...over,
  };
}

/** A best-of-three between the test market's teams. */
export const MATCH: MatchDescription = {
  matchId: id("match1"),
  title: "lol",
  teams: [{ name: "A" }, { name: "B" }],
  bestOf: 3,
};

/** Offers hand-written events to a runtime at virtual times. */
export class Tape {
  readonly #runtime: Runtime;
  #ms = 0;

  readonly #startsAt: number;

  constructor(runtime: Runtime, startsAt: number = STARTS_AT) {
    this.#runtime = runtime;
    this.#startsAt = startsAt;
  }

  /** Moves on to a time, in ms since the start. */
  at(ms: number): this {
    this.#ms = ms;
    return this;
  }

  offer(event: Unstamped): this {
    this.#runtime.offer({ ...event, ...this.#stamp() });
    return this;
  }

  market(market: MarketDescription): this {
    return this.offer({ type: "market_listed", market });
  }

  match(match: MatchDescription = MATCH): this {
    return this.offer({ type: "match_listed", match });
  }

  /** A snapshot from `[price in cents, shares]` pairs; tenths of a cent are fine. */
  book(bids: Levels, asks: Levels, marketId = "m1"): this {
    return this.ownBook(0, bids, asks, marketId);
  }

  /** A snapshot of one outcome's own book, where it has one. */
  ownBook(outcome: Outcome, bids: Levels, asks: Levels, marketId = "m1"): this {
    const [bid, ask] = outcome === 0 ? [LADDER.BID_0, LADDER.ASK_0] : [LADDER.BID_1, LADDER.ASK_1];
    const levels: number[] = [];
    for (const [cents, size] of bids) levels.push(bid, Math.round(cents * 100), size * 1_000_000);
    for (const [cents, size] of asks) levels.push(ask, Math.round(cents * 100), size * 1_000_000);
    return this.offer({ type: "book_snapshot", marketId: id(marketId), outcome, levels, synthetic: false });
  }

  trade(side: "buy" | "sell", cents: number, size: number, marketId = "m1"): this {
    return this.offer({
      type: "market_trade",
      marketId: id(marketId),
      outcome: 0,
      side,
      price: Math.round(cents * 100) as Price,
      size: (size * 1_000_000) as Shares,
    });
  }

  claim(source: string, claim: MatchClaim, tier: "A" | "B" | "C" = "B", replayed = false): this {
    return this.offer({
      type: "match_claim",
      matchId: MATCH.matchId,
      source: id(source),
      tier,
      upstream: source,
      ...(replayed ? { replayed } : {}),
      claim,
    });
  }

  resolve(payouts: readonly [number, number], marketId = "m1"): this {
    const micros = payouts.map((dollars) => dollars * 1_000_000) as unknown as readonly [Usdc, Usdc];
    return this.offer({ type: "market_resolution", marketId: id(marketId), payouts: micros, source: "test" });
  }

  /** Lets time pass. */
  wait(ms: number): this {
    this.#ms += ms;
    this.#runtime.advanceTo((this.#ms * 1_000_000) as Nanos);
    return this;
  }

  #stamp(): { readonly at: Nanos; readonly receivedAt: Millis } {
    return { at: (this.#ms * 1_000_000) as Nanos, receivedAt: (this.#startsAt + this.#ms) as Millis };
  }
}

/** Price in cents and shares of each level. */
export type Levels = readonly (readonly [number, number])[];

/** An outside event without its stamps. */
type Unstamped = CoreEvent extends infer Event
  ? Event extends CoreEvent
    ? Omit<Event, "at" | "receivedAt">
    : never
  : never;
