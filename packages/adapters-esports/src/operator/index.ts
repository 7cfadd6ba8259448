/** Facts that a person states. @module */
export { FACT_GRAMMAR, formatFact, parseFact, type OperatorFact } from "./facts.ts";
export { createOperatorFeed, type OperatorFeed, type OperatorFeedOptions } from "./feed.ts";
