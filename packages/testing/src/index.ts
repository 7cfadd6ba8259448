/**
 * For tests of strategies and adapters: a match simulator, recordings of it, a harness for strategies, fake sources of match
 * facts on real sockets, a match that happens now at sources and venue, and a simulator of bad days.
 * @module
 */
export * from "./conformance/index.ts";
export * from "./execution/index.ts";
export * from "./harness/index.ts";
export * from "./liveMatch/index.ts";
export * from "./recording/index.ts";
export * from "./season/index.ts";
export * from "./simulator/index.ts";
export * from "./sources/index.ts";
export * from "./torture/index.ts";
