import type {
  Clock,
  ExecutionAdapter,
  MarketDescription,
  MarketId,
  Price,
  SettlementAdapter,
  Shares,
  Side,
  Usdc,
} from "@matchpoint/sdk";

/**
 * Ways in which a venue or its network can go wrong, each for the next request or event that it can strike:
 *
 * - `lost_before`, `lost_after`: the answer to a placement does not come in time; the venue never got the order, or has it.
 * - `error_after`: the venue takes the order and answers with a server's error.
 * - `late_answer`: the answer to a placement comes after the order's own reports, yet in time.
 * - `page`: a placement is answered with a page for people instead of data, and not taken.
 * - `refused_as_success`: the venue says that it succeeded, and in the same answer why it has not.
 * - `restarting`: the venue restarts; then, for a while, it takes post-only orders alone.
 * - `post_only`, `cancel_only`: the venue takes nothing else for a while.
 * - `too_many`: the next placement is refused because there were too many.
 * - `channel_lost`: the channel of own events breaks, and what happens before it is back is never sent on it.
 * - `channel_silent`: it stays open and says nothing any more.
 * - `channel_repeats`: each of its events comes twice, and pairs of them exchanged.
 * - `trade_fails`: the next trade fails on the chain.
 */
export type ExecutionFault =
  | "lost_before"
  | "lost_after"
  | "error_after"
  | "late_answer"
  | "page"
  | "refused_as_success"
  | "restarting"
  | "post_only"
  | "cancel_only"
  | "too_many"
  | "channel_lost"
  | "channel_silent"
  | "channel_repeats"
  | "trade_fails";

/** One price of a book. */
export interface ShownLevel {
  readonly price: Price;
  readonly size: Shares;
}

/** A venue with an adapter on it, for one case. */
export interface ExecutionStage {
  readonly adapter: ExecutionAdapter;
  /** The chain side, where there is one. */
  readonly settlement?: SettlementAdapter;
  /** The clock that the adapter has. */
  readonly clock: Clock;
  /** Lets time of that clock pass, and everything happen that is due by then. */
  wait(ms: number): Promise<void>;
  /** Lists a market at the venue and to the adapter, or lists it anew with other terms. */
  list(market: MarketDescription): Promise<void>;
  /** What others show of outcome 0 from now on, instead of what they showed: bids and asks, best first. */
  show(marketId: MarketId, bids: readonly ShownLevel[], asks: readonly ShownLevel[]): Promise<void>;
  /** Somebody else takes outcome 0 at this price or better: `sell` meets bids. What is not met does not rest. */
  take(marketId: MarketId, side: Side, price: Price, size: Shares): Promise<void>;
  /** The venue resolves a market, with dollars per share of each outcome. */
  resolve(marketId: MarketId, payouts: readonly [Usdc, Usdc]): Promise<void>;
  /** Arms a fault; asked for only where {@link ExecutionSubject.faults} has it. */
  arm(fault: ExecutionFault): Promise<void>;
  close(): Promise<void>;
}

/** An execution adapter under test. */
export interface ExecutionSubject {
  readonly name: string;
  /** The faults that its stage can bring about; cases of the others are skipped by name. */
  readonly faults: readonly ExecutionFault[];
  /** Cases that do not apply, by number, with the reason, such as `{ E44: "the chain is not part of this adapter" }`. */
  readonly excused?: Readonly<Record<string, string>>;
  /** Longest that one thing may take, in ms of the stage's clock: an answer, a report, a recovery. Default 30,000. */
  readonly patienceMs?: number;
  /** Keys and passphrases that the adapter was given: they must occur in nothing that it says. */
  readonly secrets?: readonly string[];
  /** Opens a venue with an account that has so many dollars and nothing else. */
  open(options: { readonly collateral: Usdc }): Promise<ExecutionStage>;
}
