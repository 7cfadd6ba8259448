/** Judges of tortured runs: books of their own, and no code of what they judge. @module */
export { INVARIANTS, type Invariant } from "./invariants.ts";
export { JUDGES } from "./judges.ts";
