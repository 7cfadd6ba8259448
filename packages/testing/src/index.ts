/** For tests of strategies and adapters: a match simulator. @module */
export * from "./simulator/index.ts";
