/** For tests of strategies and adapters: a match simulator, recordings of it, and a harness for strategies. @module */
export * from "./harness/index.ts";
export * from "./recording/index.ts";
export * from "./simulator/index.ts";
