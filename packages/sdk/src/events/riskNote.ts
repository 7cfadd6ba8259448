import type { MarketId, StrategyId } from "../ids.ts";
import type { Nanos, Usdc } from "../units/index.ts";
import type { Stamped } from "./stamp.ts";

/** What no sound strategy does: it asks for an order that is none, or one of its hooks fails. */
export type Misstep = "malformed_order" | "failed_hook";

/** Who or what killed the account. */
export type KilledBy = "operator" | "daily_loss" | "runaway";

/**
 * What the core has latched by itself, and what a restart must not forget. Times are monotonic.
 *
 * - `hold`: a market is halted until a cool-down is over (`until`), or until an operator resumes it.
 * - `strategy_halted`: a strategy may ask for nothing until an operator resumes it.
 * - `killed`: the account was killed; only an operator's resume ends that.
 * - `day_stopped`: no entries until the UTC day is over.
 * - `misstep`: a strategy did what no sound one does, an order that is none or a hook that fails; too many of them halt it.
 * - `peak`: the most that the account has won so far, realized and at bids; what a drawdown is measured from.
 */
export type RiskNote =
  | {
      readonly kind: "hold";
      readonly marketId: MarketId;
      readonly cause: "breaker" | "strategy_fault";
      readonly reason: string;
      readonly at: Nanos;
      readonly until?: Nanos;
    }
  | {
      readonly kind: "strategy_halted";
      readonly strategyId: StrategyId;
      readonly reason: string;
      readonly at: Nanos;
    }
  | { readonly kind: "killed"; readonly by: KilledBy; readonly reason: string; readonly at: Nanos }
  | { readonly kind: "day_stopped"; readonly reason: string; readonly at: Nanos }
  | {
      readonly kind: "misstep";
      readonly what: Misstep;
      readonly strategyId: StrategyId;
      readonly at: Nanos;
    }
  | { readonly kind: "peak"; readonly profit: Usdc; readonly at: Nanos };

/**
 * The core has latched something. Journaled by live runs, so that an account can be rebuilt from a journal alone: the books and hooks
 * that led to it are not looked at again.
 */
export interface RiskNoted extends Stamped {
  readonly type: "risk_noted";
  readonly note: RiskNote;
}
