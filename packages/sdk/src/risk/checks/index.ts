import type { RiskCheck } from "../check.ts";

/** The checks of the gate in the order in which they run. */
export const DEFAULT_CHECKS: readonly RiskCheck[] = [];
