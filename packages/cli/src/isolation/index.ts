/** Strategies in threads of their own. @module */
export { isolate, isolationOf, type IsolatedPlan, type Isolation } from "./isolate.ts";
