/** Strategies in threads of their own. @module */
export { isolate, isolationOf, type Isolation } from "./isolate.ts";
