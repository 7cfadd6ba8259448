/** For tests of strategies and adapters: a match simulator. @module */
export * from "./recording/index.ts";
export * from "./simulator/index.ts";
