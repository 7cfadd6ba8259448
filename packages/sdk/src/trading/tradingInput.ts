import type { StrategyId } from "../ids.ts";
import type { HaltCause, Position, Posture, TradingStatus, TruthStatus } from "../state/index.ts";
import type { Shares } from "../units/index.ts";
import type { HaltReason } from "./haltCauses.ts";
import type { TradingSymbol } from "./tradingTable.ts";

/** What a market holds and what is still under way: all that the trading machine needs to know of orders and money. */
export interface ExposureFacts {
  readonly positions: readonly [Position, Position];
  /** Any order or trade that is not terminal. */
  readonly openOrders: boolean;
  /** A chain action that is not terminal. */
  readonly openChain: boolean;
  /** An amount of shares that counts as nothing. */
  readonly dust: Shares;
}

/** What the trading machine of a market can be told. */
export type TradingInput =
  /** The risk gate has passed an intent; its order is being made. Claims the market when it is IDLE. */
  | { readonly kind: "intent"; readonly strategyId: StrategyId; readonly posture: Posture }
  /** Orders, trades or holdings changed. */
  | { readonly kind: "exposure"; readonly facts: ExposureFacts }
  | { readonly kind: "merge_final"; readonly facts: ExposureFacts }
  /** A fill of a pair was voided, or a merge reverted with a leg missing. */
  | { readonly kind: "pair_broken"; readonly facts: ExposureFacts }
  | ({ readonly kind: "halt"; readonly cause: HaltCause } & HaltReason)
  /** The evidence that the cause's rule asks for was seen. */
  | { readonly kind: "clear"; readonly cause: HaltCause }
  /** `except`: a cause that came up at this very moment, of which the operator cannot have known. */
  | { readonly kind: "operator_resume"; readonly except?: HaltCause | undefined }
  /** Truth about what this market is about (its game, or the series). */
  | { readonly kind: "own_truth"; readonly status: TruthStatus }
  /** The venue resolved the market (never the socket's hint). */
  | { readonly kind: "venue_resolution" };

/** What a market's machine did about an input. */
export interface TradingChange {
  readonly from: TradingStatus;
  readonly to: TradingStatus;
  /** States passed through on the way, such as FINALIZING on the way to RESOLVED. */
  readonly via: readonly TradingStatus[];
  /** The cells of the table that were walked: in `from` the first, in each later state the next. */
  readonly symbols: readonly TradingSymbol[];
  /** Whether anything changed: the state, the causes or the owner. */
  readonly applied: boolean;
  /** What forbids the input in this state; nothing was changed then. */
  readonly illegal?: string;
  /** FINALIZING or HALT was entered, or a cause added: every resting order is to be cancelled. */
  readonly cancelAll: boolean;
  readonly reason: string;
}
