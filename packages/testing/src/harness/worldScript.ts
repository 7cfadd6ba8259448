import {
  id,
  ladderOf,
  parsePrice,
  parseShares,
  USDC_ONE,
  type FeedHealth,
  type MarketDescription,
  type MatchClaim,
  type MatchDescription,
  type Millis,
  type OperatorCommand,
  type Outcome,
  type Price,
  type Shares,
  type Side,
  type SourceId,
  type Tier,
  type Usdc,
} from "@matchpoint/sdk";
import type { SimEvent } from "../simulator/index.ts";
import { testMatch } from "./listings.ts";

/** A price in dollars or an amount in shares; a number is read by its shortest decimal form, so that 0.1 is 0.1. */
export type Decimal = number | string;

/** Price levels: price in dollars, size in shares. */
export type HarnessLevels = readonly (readonly [Decimal, Decimal])[];

/** Who says something about the match. */
export interface Saying {
  /** Default `grid`. */
  readonly source?: string;
  /** Default `A`. */
  readonly tier?: Tier;
  /** Default the source itself: sources with one upstream are one vote. */
  readonly upstream?: string;
  /** History that is told again. */
  readonly replayed?: boolean;
}

/** What can happen in the world of one market, in a test's words. */
export abstract class WorldScript {
  abstract readonly market: MarketDescription;
  abstract readonly match: MatchDescription | undefined;
  /** Any other event, at the present time. */
  abstract offer(event: SimEvent): this;
  protected abstract received(): { readonly receivedAt: Millis };

  /** The whole book of an outcome (of a mirrored market: both), the best level wherever you like. */
  book(levels: { readonly bids?: HarnessLevels; readonly asks?: HarnessLevels }, outcome: Outcome = 0): this {
    const flat: number[] = [];
    for (const side of ["bid", "ask"] as const) {
      for (const [at, amount] of levels[side === "bid" ? "bids" : "asks"] ?? []) {
        const mirror = this.market.mirrored && outcome === 1;
        const ladder = mirror ? ladderOf(0, side === "bid" ? "ask" : "bid") : ladderOf(outcome, side);
        flat.push(ladder, mirror ? 10_000 - price(at) : price(at), shares(amount));
      }
    }
    const covered: Outcome = this.market.mirrored ? 0 : outcome;
    return this.offer({
      type: "book_snapshot",
      ...this.received(),
      marketId: this.market.marketId,
      outcome: covered,
      levels: flat,
      synthetic: false,
    });
  }

  /** A level's new size; 0 removes it. */
  level(side: "bid" | "ask", at: Decimal, amount: Decimal, outcome: Outcome = 0): this {
    const mirror = this.market.mirrored && outcome === 1;
    const ladder = mirror ? ladderOf(0, side === "bid" ? "ask" : "bid") : ladderOf(outcome, side);
    return this.offer({
      type: "book_delta",
      ...this.received(),
      marketId: this.market.marketId,
      levels: [ladder, mirror ? 10_000 - price(at) : price(at), shares(amount)],
      bestBid: -1,
      bestAsk: -1,
    });
  }

  /** Somebody else's trade; `side` is the taker's. */
  trade(side: Side, at: Decimal, amount: Decimal, outcome: Outcome = 0): this {
    return this.offer({
      type: "market_trade",
      ...this.received(),
      marketId: this.market.marketId,
      outcome,
      side,
      price: price(at),
      size: shares(amount),
    });
  }

  /** What a source claims about the match. */
  claim(claim: MatchClaim, by: Saying = {}): this {
    const source = by.source ?? "grid";
    return this.offer({
      type: "match_claim",
      ...this.received(),
      matchId: (this.match ?? testMatch()).matchId,
      source: id<SourceId>(source),
      tier: by.tier ?? "A",
      upstream: by.upstream ?? source,
      ...(by.replayed === undefined ? {} : { replayed: by.replayed }),
      claim,
    });
  }

  /** How a source's connection is. */
  health(health: FeedHealth, source = "grid"): this {
    return this.offer({
      type: "source_health",
      ...this.received(),
      source: id<SourceId>(source),
      matchId: (this.match ?? testMatch()).matchId,
      health,
      reason: "test",
    });
  }

  /** What the market data feed says of its own continuity. */
  continuity(state: "gap" | "stale" | "disconnected" | "resynced"): this {
    const { marketId } = this.market;
    return this.offer({ type: "book_continuity", ...this.received(), marketId, state, reason: "test" });
  }

  /** The venue resolves the market; what a share of each outcome pays, in dollars. */
  resolve(payouts: readonly [number, number]): this {
    return this.offer({
      type: "market_resolution",
      ...this.received(),
      marketId: this.market.marketId,
      payouts: [Math.round(payouts[0] * USDC_ONE) as Usdc, Math.round(payouts[1] * USDC_ONE) as Usdc],
      source: "test",
    });
  }

  /** An operator's command. */
  operator(command: OperatorCommand): this {
    return this.offer({ type: "operator", ...this.received(), operator: "test", command });
  }
}

function price(value: Decimal): Price {
  return parsePrice(String(value));
}

function shares(value: Decimal): Shares {
  return parseShares(String(value));
}
