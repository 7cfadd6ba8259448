import type {
  GameProgress,
  MarketDescription,
  MarketTrade,
  OrderStatus,
  OrderType,
  Outcome,
  Side,
  TradeReport,
} from "../events/index.ts";
import type { BookView, Walk } from "../book/index.ts";
import type { IntentId, OrderId } from "../ids.ts";
import type { HaltCause, Position, TradingStatus, TruthState, Verdict } from "../state/index.ts";
import type { Halt } from "../trading/index.ts";
import type { TruthSignal } from "../truth/index.ts";
import type { Millis, Nanos, Price, Probability, Shares, Usdc } from "../units/index.ts";

/** One outcome's prices as a taker meets them: its own asks, its own fee, its own depth; never a mid. */
export interface Quote {
  readonly outcome: Outcome;
  /** Best bid; 0 when there is none. */
  readonly bid: Price;
  readonly bidSize: Shares;
  /** Best ask; 10,000 ($1) when there is none. */
  readonly ask: Price;
  readonly askSize: Shares;
  /** Halfway between bid and ask as a probability; `undefined` when a side is empty. */
  readonly mid: Probability | undefined;
  /** Mid weighted by the opposite sizes; `undefined` when a side is empty. */
  readonly microprice: Probability | undefined;
  /** Taker fee per share in dollars at a price. */
  feeAt(price: Price): number;
  /** `p - ask - fee` in probability: what one share bought now is worth beyond its cost. */
  edge(p: number): number;
  /** Walks the book as a taker order would: exact cost, worst price, and how much of it was there. */
  buying(amount: { readonly shares: Shares } | { readonly usdc: Usdc }, limit?: Price): Walk;
  /** The same for selling. */
  selling(amount: { readonly shares: Shares }, limit?: Price): Walk;
}

/** An order of the strategy's own. */
export interface OrderView {
  readonly intentId: IntentId;
  readonly orderId: OrderId | undefined;
  readonly outcome: Outcome;
  readonly side: Side;
  readonly orderType: OrderType;
  /** Whether it may only rest, never take. */
  readonly postOnly: boolean;
  readonly limit: Price;
  readonly size: Shares;
  /** Shares matched so far (voided trades not counted). */
  readonly matched: Shares;
  readonly status: OrderStatus;
  readonly purpose: "entry" | "exit" | "hedge";
  readonly reason: string;
  readonly placedAt: Nanos;
}

/** What is known of the market's match, with the model's opinion turned to this market's outcomes. */
export interface MarketTruth {
  /** The outcome that is likelier by the model. */
  readonly leader: Outcome;
  /** The leader's probability. */
  readonly p: Probability;
  /** One standard deviation of `p`, as the model states it. */
  readonly sd: number;
  /** The probability of an outcome. */
  pOf(outcome: Outcome): Probability;
  /** The verdict on what this market is about: the series, or its game. */
  readonly own: Verdict;
  /** The whole match. */
  readonly match: TruthState;
  /** The game that the market is about, or the one being played. */
  readonly progress: GameProgress | undefined;
  /** Whether the last change came from fresh news rather than from replayed history. */
  readonly fresh: boolean;
  /**
   * Whose news the implied probability rests on, how late that source is, and whether orders on it may take liquidity;
   * `undefined` before any.
   */
  readonly signal: TruthSignal | undefined;
}

/** What a strategy may ask for in an order; the rest is decided by the engine. */
export interface OrderRequest {
  readonly outcome: Outcome;
  /** The worst acceptable price; must lie on the market's grid. */
  readonly limit: Price;
  /** Shares. A FAK or FOK buy spends `size * limit` dollars, whole cents, rounded down. */
  readonly size: Shares;
  /** Default `FAK`. */
  readonly orderType?: OrderType;
  /** Only with GTC and GTD: never take liquidity. */
  readonly postOnly?: boolean;
  /** GTD only: how long it may rest. */
  readonly expiresInMs?: number;
  /** Default: `entry` for a buy, `exit` for a sell. `hedge` completes a pair. */
  readonly purpose?: "entry" | "exit" | "hedge";
  /** Shown in the journal and reports. */
  readonly reason?: string;
  /** The edge seen, in probability; kept for attribution. */
  readonly edge?: number;
  /**
   * What a share of the outcome is worth in the strategy's opinion, in dollars from 0 to 1: what its fills are measured by. Default: what
   * `edge` says, else the core's own probability, else the book's mid.
   */
  readonly fair?: number;
}

/** Another market about the same match that the same strategy was given: to read, not to trade in from here. */
export type SiblingMarket = Pick<
  StrategyContext,
  "market" | "book" | "truth" | "status" | "quote" | "position" | "orders"
>;

/** What every hook's context offers. One object per strategy and market, so fields can be added without breaking anyone. */
export interface StrategyContext<State = unknown> {
  readonly now: Nanos;
  readonly wall: Millis;
  readonly market: MarketDescription;
  /** The strategy's memory for this market, typed by its `state` schema; snapshotted with the run. */
  readonly state: State;
  readonly book: BookView;
  /** Truth about the market's match; `undefined` when the market is not about a known match. */
  readonly truth: MarketTruth | undefined;
  readonly status: TradingStatus;
  readonly haltCauses: readonly HaltCause[];
  /** The same with since when, why, and what ends each. */
  readonly halts: readonly Halt[];
  /**
   * What part of its usual size an entry may have: 1, or less while the account is in a drawdown that `risk.drawdown` counts. `kelly` has
   * it in its answer; sizes chosen otherwise are to be multiplied by it, or the gate denies them (`DRAWDOWN_SIZE`).
   */
  readonly riskScale: number;
  /** Collateral that is neither spent nor reserved by open orders. */
  readonly cash: Usdc;
  quote(outcome: Outcome): Quote;
  /**
   * This strategy's other markets about the same match (the series and its games), in canonical order; empty when the market
   * is about no match. Its hooks are called for each market on its own: a change of a sibling calls none here.
   */
  siblings(): readonly SiblingMarket[];
  /** What this strategy holds. A market that another strategy owns shows nothing: its position is not this one's. */
  position(outcome: Outcome): Position;
  /** This strategy's orders in this market that are not terminal, oldest first. */
  orders(): readonly OrderView[];
  /**
   * Capped fractional Kelly for a buy: `fraction * (p - c) / (1 - c)` of the bankroll at cost `c` (price plus fee), cut to
   * the caps of the risk configuration, and by what a drawdown leaves ({@link StrategyContext.riskScale}). 0 when there is no edge.
   */
  kelly(options: {
    readonly p: number;
    readonly price: Price;
    readonly fraction?: number;
    readonly maxUsdc?: Usdc;
  }): Shares;
  /** Asks for a buy. Returns the intent's id; the answer comes through `onOrder`. */
  buy(request: OrderRequest): IntentId;
  sell(request: OrderRequest): IntentId;
  cancel(order: IntentId): void;
  /** Cancels all of this strategy's orders in this market. */
  cancelAll(reason: string): void;
  /** Says why nothing was done: counted per reason and shown by every mode. Returns nothing, so `return ctx.skip(…)` reads well. */
  skip(reason: string, data?: Readonly<Record<string, unknown>>): void;
  /** Calls `onTimer` with `name` once after `ms`; set again, it moves. */
  after(ms: number, name: string): void;
  clearTimer(name: string): void;
}

/** `onBook`: the market's book changed. */
export type BookContext<State = unknown> = StrategyContext<State>;
/** `onTrade`: a public trade printed. */
export interface TradeContext<State = unknown> extends StrategyContext<State> {
  readonly trade: MarketTrade;
}
/** `onTruth`, `onTruthRevised`: what is held true about the market's match changed. */
export interface TruthContext<State = unknown> extends StrategyContext<State> {
  readonly truth: MarketTruth;
  /** The verdict on the series or game that changed, as it was before. */
  readonly previous: Verdict | undefined;
}
/** `onOrder`: one of the strategy's orders changed state. */
export interface OrderContext<State = unknown> extends StrategyContext<State> {
  readonly order: OrderView;
  readonly previous: OrderStatus;
  /** Why it was denied or rejected. */
  readonly code: string | undefined;
}
/** `onFill`, `onFillVoided`: a trade of the strategy's order matched, or failed after it had. */
export interface FillContext<State = unknown> extends StrategyContext<State> {
  readonly order: OrderView;
  readonly fill: TradeReport;
}
/** `onPosition`: what is held in the market changed. */
export type PositionContext<State = unknown> = StrategyContext<State>;
/** `onStale`: the market's truth went stale; entries are denied and resting orders of truth-driven strategies cancelled. */
export interface StaleContext<State = unknown> extends StrategyContext<State> {
  readonly source: string;
}
/** `onHalt`, `onResume`. */
export interface HaltContext<State = unknown> extends StrategyContext<State> {
  readonly causes: readonly HaltCause[];
}
/** `onResolved`: the venue resolved the market. */
export interface ResolvedContext<State = unknown> extends StrategyContext<State> {
  readonly payouts: readonly [Usdc, Usdc];
}
/** `onTimer`. */
export interface TimerContext<State = unknown> extends StrategyContext<State> {
  readonly name: string;
}
