/** A run looked at from outside, in a terminal: `why` and `watch`. @module */
export { watchCommand, type WatchFlags } from "./watchCommand.ts";
export { whyCommand, type InspectFlags } from "./whyCommand.ts";
