import type { MarketId, StrategyId } from "../ids.ts";
import type { Stamped } from "./stamp.ts";

/**
 * What a strategy that runs apart from the core asks for, as it said it: nothing of it is trusted, all of it passes the same gate as any
 * other strategy's. Orders are named by the strategy itself, since it cannot wait for the core's names.
 */
export type StrategyAction =
  | { readonly kind: "buy"; readonly ref: string; readonly request: unknown }
  | { readonly kind: "sell"; readonly ref: string; readonly request: unknown }
  | { readonly kind: "cancel"; readonly order: string }
  | { readonly kind: "cancel_all"; readonly reason: string }
  | { readonly kind: "after"; readonly ms: number; readonly name: string }
  | { readonly kind: "clear_timer"; readonly name: string }
  | {
      readonly kind: "skip";
      readonly reason: string;
      /** How often since the last reply. */
      readonly times: number;
      readonly data?: Readonly<Record<string, unknown>>;
    };

/**
 * A strategy with `isolation: worker` has answered, or has failed for good. Journaled like the outside world, so that a replay needs no
 * worker.
 */
export interface StrategyReply extends Stamped {
  readonly type: "strategy_reply";
  readonly strategyId: StrategyId;
  /** Absent when it failed: then it is halted everywhere. */
  readonly marketId?: MarketId;
  readonly actions: readonly StrategyAction[];
  /** Why it is halted: a missed deadline, or how its worker ended. */
  readonly failed?: string;
}
