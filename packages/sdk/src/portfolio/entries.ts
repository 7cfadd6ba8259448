import type { ChainAction, Decision, Outcome, Side, TradeStatus } from "../events/index.ts";
import type { ActionId, StrategyId } from "../ids.ts";
import type { Nanos, Shares, Usdc } from "../units/index.ts";

/** A trade that stands, as booked. */
export interface TradeEntry {
  readonly type: "trade";
  /** Order and trade: one trade may match several orders. */
  readonly key: string;
  readonly strategyId: StrategyId;
  readonly outcome: Outcome;
  readonly side: Side;
  readonly size: Shares;
  readonly cost: Usdc;
  readonly fee: Usdc;
  readonly at: Nanos;
  /** What its order was decided by; absent where nobody of this account decided it. */
  readonly decision?: Decision | undefined;
  /** What the venue will share out to the maker for it, as far as its schedule is stated; absent: nothing. */
  readonly rebate?: Usdc | undefined;
  /** What a share was worth some time after the match, in micro-dollars. */
  after5s?: Usdc | undefined;
  after30s?: Usdc | undefined;
  /** Booked by an earlier process, whose looks are not carried: 5 seconds after the match nobody of this one had looked. */
  unseen?: true;
  status: TradeStatus;
  /** Its order was pruned: nothing can be said about it any more. */
  sealed: boolean;
}

/** A chain action that is final, as booked. */
export interface ChainEntry {
  readonly type: "chain";
  readonly actionId: ActionId;
  readonly kind: ChainAction["kind"];
  readonly amounts: readonly [Shares, Shares];
  /** Dollars received; negative for a split. */
  readonly proceeds: Usdc;
  readonly strategyId: StrategyId;
  readonly at: Nanos;
}

export type Entry = TradeEntry | ChainEntry;
