import type { Intent, MarketDescription, OrderStatus, OrderType, Outcome, Side } from "../events/index.ts";
import type { IntentId, MarketId, StrategyId } from "../ids.ts";
import type { Position, Posture, TruthState, Verdict } from "../state/index.ts";
import type { Allowed, Claimant, NotAllowed, TradingAction, TradingOptions } from "../trading/index.ts";
import type { ResolutionAssessment, TruthSignal } from "../truth/index.ts";
import type { FeeSchedule, Nanos, Price, Shares, Usdc } from "../units/index.ts";

/** What a gate reads of an order that is not terminal. */
export interface RiskOrder {
  readonly intent: Intent;
  readonly status: OrderStatus;
  readonly matched: Shares;
  readonly createdAt: Nanos;
}

/** A trade whose settlement is being tried again: it may stand in the end, or be voided. */
export interface RetryingTrade {
  readonly outcome: Outcome;
  readonly side: Side;
  readonly size: Shares;
  /** Dollars of it without the fee, and the fee. */
  readonly cost: Usdc;
  readonly fee: Usdc;
}

/** The remaining exposure of an order in the worst case: everything unfilled fills, at the limit, with the highest fee. */
export interface WorstCase {
  /** Dollars that it can still cost (buys). What it can still buy or sell, the gate works out by itself. */
  readonly cash: Usdc;
}

/** What a gate reads of a market's book. `MarketBook` fits. */
export interface RiskBook {
  readonly status: "empty" | "live" | "synthetic" | "gapped" | "stale" | "disconnected";
  readonly updatedAt: Nanos;
  readonly mirrored: boolean;
  /** 0 when there is none. */
  bid(outcome: Outcome): Price;
  /** 10,000 when there is none. */
  ask(outcome: Outcome): Price;
  /** What a taker of `side` finds at `limit` or better. */
  depth(outcome: Outcome, side: Side, limit: Price): Shares;
  /** What a taker of an amount gets at `limit` or better, level by level. */
  walk(
    outcome: Outcome,
    side: Side,
    amount: { readonly shares: Shares } | { readonly usdc: Usdc },
    limit?: Price,
  ): { readonly shares: Shares; readonly cost: Usdc };
}

/** What a gate reads of the open orders. */
export interface RiskOrders {
  readonly openCount: number;
  /** Any order of this run, also a terminal one as long as it is kept. */
  get(intentId: IntentId): RiskOrder | undefined;
  /** Orders of a market that are not terminal. */
  open(marketId: MarketId): readonly RiskOrder[];
  /** Orders of the account that are not terminal. */
  allOpen(): Iterable<RiskOrder>;
  /** Trades of a market that are being retried: either end is in the risk. */
  retrying(marketId: MarketId): readonly RetryingTrade[];
  /** Markets that have any. */
  retryingMarkets(): Iterable<MarketId>;
}

/** What a gate reads of the books of account. `Ledger` fits. */
export interface RiskLedger {
  readonly cash: Usdc;
  position(marketId: MarketId, outcome: Outcome): Position;
  /** What of a position's cost a sale that is being retried would bring back if it failed. */
  retryingCost(marketId: MarketId, outcome: Outcome): Usdc;
  /** What bringing back shares can cost that left a market and had never come: those of a sold buy that failed, or is being retried. */
  owed(marketId: MarketId): Usdc;
  /** Every market in which anything was ever held. */
  markets(): Iterable<MarketId>;
}

/** What an execution adapter can do, as far as a gate needs to know. `Capabilities` fits. */
export interface RiskCapabilities {
  readonly orderTypes: readonly OrderType[];
  readonly postOnly: boolean;
  /** How many requests' worth of cancels the venue takes at once; absent: no such limit is known. */
  readonly cancelBurst?: number;
}

/** Everything that a risk check may look at: one market and strategy, and the account around them. Read-only. */
export interface RiskView {
  readonly now: Nanos;
  readonly market: MarketDescription;
  /** The fees that apply to the market, after any fallback. */
  readonly fee: FeeSchedule;
  /** What the market's rules text was found to say; absent: it has none. */
  readonly resolution?: ResolutionAssessment | undefined;
  /** Why the venue's terms of the market are not known well enough; absent: they are. */
  readonly staleTerms?: string | undefined;
  readonly book: RiskBook;
  readonly trading: {
    /** The strategy that has the market, if one has; named in denials. */
    readonly owner?: StrategyId | undefined;
    /** What holds it in HALT; named in denials. */
    readonly causes?: ReadonlySet<string>;
    allows(action: TradingAction, by: Claimant | undefined, options: TradingOptions): Allowed | NotAllowed;
  };
  readonly system: { allows(action: TradingAction): Allowed | NotAllowed };
  /** The venue's present mode: `venueAllows` of the trading room with that mode. */
  readonly venue: { allows(action: TradingAction, postOnly: boolean): Allowed | NotAllowed };
  readonly strategy: {
    readonly id: StrategyId;
    readonly posture: Posture;
    readonly truthDriven: boolean;
    /** Why it may ask for nothing until an operator resumes it; absent: it may. */
    readonly halted?: string | undefined;
  };
  /** Truth about the market's match, and about what the market itself is about; `undefined` while nothing is known. */
  readonly truth:
    | {
        readonly state: TruthState;
        readonly own: Verdict;
        readonly signal?: TruthSignal | undefined;
        /** Whether the market's implied probability is decided, or of a kind that was compared with outcomes. */
        readonly calibrated?: boolean;
      }
    | undefined;
  readonly capabilities: RiskCapabilities;
  readonly orders: RiskOrders;
  readonly ledger: RiskLedger;
  /** The last time that the process did nothing for too long, until what it had missed may be taken for read; absent: none. */
  readonly stall?: { readonly ms: number; readonly until: Nanos } | undefined;
  /** The venue has refused orders in a row for want of balance; until then, or until everything is resumed, entries wait. */
  readonly balanceHold?:
    { readonly refusals: number; readonly detail: string; readonly until: Nanos | undefined } | undefined;
  /** The channel of own orders was lost, and is not back or not compared with the venue twice since; absent: neither. */
  readonly ownChannel?:
    | { readonly state: "LOST" | "COMPARING"; readonly detail: string; readonly agreements: number }
    | undefined;
  /** Whether a merge, split or redeem of this market is under way. */
  readonly openChain: boolean;
  /** Markets of the same match and those related to it, this one included; only this one when its match is not known. */
  readonly matchMarkets: readonly MarketId[];
  /** Markets of the same tournament, this one included; those of which no league is known are one. */
  readonly tournamentMarkets: readonly MarketId[];
  readonly day: {
    /** Profit or loss realized since the day began; a loss is negative. */
    readonly realized: Usdc;
    /** What is held at its best bid, less what it cost. */
    readonly unrealized: Usdc;
    /** Why there are no more entries today, once that is settled. */
    readonly stopped?: string | undefined;
  };
  /** What part of its usual size an entry may have: 1 unless the account is in a drawdown that counts. */
  readonly scale: number;
  /**
   * Shares of this market that may be sold: those that have passed the sell gate, without what a pending chain action has
   * reserved. Open sell orders are taken off by the gate.
   */
  sellable(outcome: Outcome): Shares;
  /** The worst case of an open order; `worstCase` of the orders room with the fees of the order's market. */
  worstCase(order: RiskOrder): WorstCase;
}
