/** A strategy under test in the real runtime. @module */
export { testMarket, testMatch } from "./listings.ts";
export type { HarnessFill, HarnessOrder, HarnessPosition, HarnessSkip } from "./results.ts";
export { strategyHarness, StrategyHarness, type HarnessOptions } from "./strategyHarness.ts";
export { WorldScript, type Decimal, type HarnessLevels, type Saying } from "./worldScript.ts";
