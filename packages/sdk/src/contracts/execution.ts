import type {
  Capabilities,
  ChainAction,
  ChainReport,
  CoreEvent,
  ExecutionReport,
  Intent,
  OrderStatus,
  Outcome,
  RejectCode,
  Side,
  TradeReport,
} from "../events/index.ts";
import type { IntentId, MarketId, OrderId } from "../ids.ts";
import type { Nanos, Price, Shares, Usdc } from "../units/index.ts";

/** Position of an intent in its run, from 0; with the run's id it derives salt and timestamp of the order. */
export type Sequence = number;

/** An order, ready to be sent: its hash is known, so that it can be recognised whatever happens to the answer. */
export interface PreparedOrder {
  readonly orderId: OrderId;
  readonly intent: Intent;
  /** What the adapter needs to send it; opaque to everyone else. */
  readonly payload?: unknown;
}

/** The venue's answer to an order. `unknown` is not `rejected`: the order may be live. */
export type PlaceOutcome =
  | { readonly kind: "live" | "matched" | "delayed" }
  | { readonly kind: "rejected"; readonly code: RejectCode; readonly detail?: string }
  | { readonly kind: "unknown"; readonly cause: Error };

/** The venue's answer to a cancellation. `not_canceled` says why; the order's own state comes as a report. */
export type CancelOutcome =
  | { readonly kind: "canceled"; readonly orderId: OrderId }
  | { readonly kind: "not_canceled"; readonly orderId: OrderId; readonly reason: string }
  | { readonly kind: "unknown"; readonly orderId: OrderId; readonly cause: Error };

/** What the venue knows of an order. `absent` is evidence of absence only where the adapter's documentation says so. */
export type OrderEvidence =
  | { readonly kind: "found"; readonly status: OrderStatus; readonly matched: Shares }
  | { readonly kind: "absent" }
  | { readonly kind: "unknown"; readonly cause: Error };

/** An order resting at the venue. */
export interface OpenOrder {
  readonly orderId: OrderId;
  readonly marketId: MarketId;
  readonly outcome: Outcome;
  readonly side: Side;
  readonly price: Price;
  readonly size: Shares;
  readonly matched: Shares;
}

/** A trade as the venue lists it. */
export type Trade = Omit<TradeReport, "type" | "at" | "receivedAt" | "occurredAt" | "publishedAt">;

/** Shares held of one outcome: matched (ours if nothing fails) and settled (confirmed). */
export interface VenuePosition {
  readonly marketId: MarketId;
  readonly outcome: Outcome;
  readonly matched: Shares;
  readonly settled: Shares;
}

/** Collateral as the venue has it. */
export interface Balances {
  readonly collateral: Usdc;
}

/** A venue's place for orders, real or paper: the same contract, so that nothing changes but the adapter. */
export interface ExecutionAdapter {
  readonly capabilities: Capabilities;
  /** Pure: the same intent and sequence give the same order and hash. */
  prepare(intent: Intent, seq: Sequence): PreparedOrder;
  /** Told of listings, tick changes and book events, in log order, when the adapter makes orders from them. */
  observe?(event: CoreEvent): void;
  /** Begins what may be done before the order is journaled, such as signing it. Sends nothing and never throws. */
  presign?(order: PreparedOrder): void;
  placeOrder(order: PreparedOrder): Promise<PlaceOutcome>;
  cancelOrder(orderId: OrderId): Promise<CancelOutcome>;
  cancelAll(scope?: MarketId): Promise<readonly CancelOutcome[]>;
  fetchOrder(orderId: OrderId): Promise<OrderEvidence>;
  fetchOpenOrders(): Promise<readonly OpenOrder[]>;
  /** Trades since a cursor that an earlier call returned; `undefined` from the start. */
  fetchTrades(since?: string): Promise<{ readonly trades: readonly Trade[]; readonly cursor: string }>;
  fetchPositions(): Promise<readonly VenuePosition[]>;
  fetchBalances(): Promise<Balances>;
  reports(signal: AbortSignal): AsyncIterable<ExecutionReport>;
}

/** The chain's answer to an action. */
export type ChainOutcome =
  | { readonly kind: "sent" }
  | { readonly kind: "refused"; readonly detail: string }
  | { readonly kind: "unknown"; readonly cause: Error };

/** Merge, split and redeem; on a chain or on paper. */
export interface SettlementAdapter {
  submit(action: ChainAction): Promise<ChainOutcome>;
  reports(signal: AbortSignal): AsyncIterable<ChainReport>;
}

/** What the core's effects ask of a venue. */
export type ExecutionCommand =
  | { readonly kind: "place"; readonly order: PreparedOrder }
  | { readonly kind: "cancel"; readonly intentId: IntentId; readonly orderId: OrderId }
  | { readonly kind: "chain"; readonly action: ChainAction };

/** A part of the venue's nature that a paper venue shows or leaves out, for a run's account. */
export interface RealismPart {
  /** Such as `latency`, `queue`, `ghost fills`. */
  readonly part: string;
  /** `weakened`: there, but by less than its floor, so that paper is kinder than what is known of the venue. */
  readonly state: "on" | "weakened" | "off";
  /** With which figures, in words. */
  readonly detail: string;
  /** What keeps it from being on, in words: of a weakened part what was found, its floor and what is assumed of the venue. */
  readonly why?: string;
}

/**
 * What a paper account would hold if resting orders were filled as an optimist, the run itself or a pessimist has them filled. All
 * three were sent the same orders.
 */
export interface FillScenario {
  readonly name: "optimistic" | "base" | "pessimistic";
  /** The paper venue's name of how resting orders are filled. */
  readonly model: string;
  readonly deposits: Usdc;
  readonly cash: Usdc;
  /** Shares by trades that did not fail. */
  readonly positions: readonly {
    readonly marketId: MarketId;
    readonly outcome: Outcome;
    readonly shares: Shares;
  }[];
  readonly fills: number;
  /** Fills of resting orders among them. */
  readonly makerFills: number;
}

/**
 * A venue that is itself a synchronous, deterministic fold: the paper broker. The runtime drives it in line with the
 * event log instead of awaiting it, which is why paper, backtest and replay of one log give the same orders. Behind
 * an {@link ExecutionAdapter} the same fold serves every other shell.
 */
export interface ExecutionFold {
  readonly capabilities: Capabilities;
  /** Pure. */
  prepare(intent: Intent, seq: Sequence): PreparedOrder;
  /** Tells the venue what happened in the world, in log order. Own reports come only from {@link ExecutionFold.advance}. */
  observe(event: CoreEvent): void;
  /** Hands over a command at a monotonic time that is not before any seen so far. */
  submit(command: ExecutionCommand, at: Nanos): void;
  /** When the venue next does something by itself; `undefined` when it is idle. */
  nextDue(): Nanos | undefined;
  /** Does everything that is due up to and at `to`, and hands the reports to `emit` stamped with their own due times, in order. */
  advance(to: Nanos, emit: (report: ExecutionReport) => void): void;
  /** A paper venue: how real it is. */
  readonly realism?: readonly RealismPart[];
  /** A paper venue: the account as an optimist and a pessimist would have it. */
  scenarios?(): readonly FillScenario[];
}
