/** What execution adapters owe a run, as cases for any test runner. @module */
export { executionConformance } from "./executionConformance.ts";
export type { ExecutionFault, ExecutionStage, ExecutionSubject, ShownLevel } from "./subject.ts";
