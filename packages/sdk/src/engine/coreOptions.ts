import type { Capabilities } from "../events/index.ts";
import type { MarketId, StrategyId } from "../ids.ts";
import type { RiskConfig } from "../risk/index.ts";
import type { ProbabilityModel, TruthConfig } from "../truth/index.ts";
import type { StrategySpec } from "./binding.ts";
import type { EngineConfig } from "./config.ts";

/** What a core is made of. Everything in it is plain data or pure: the same options and events give the same effects. */
export interface CoreOptions {
  readonly engine: EngineConfig;
  readonly truth: TruthConfig;
  readonly risk: RiskConfig;
  readonly model: ProbabilityModel;
  readonly strategies: readonly StrategySpec[];
  readonly capabilities: Capabilities;
  /**
   * Only keeps the books of what its events tell, orders and chain actions included, and asks for nothing itself: how an account is
   * rebuilt from a journal without the strategies that wrote it. Default: false.
   */
  readonly bookkeeping?: boolean;
  /** Shown what a strategy's hook threw. For a person's eyes: it must not change anything. */
  readonly onStrategyError?: (strategyId: StrategyId, marketId: MarketId, error: unknown) => void;
}
