/** Cancels everything of an account with code of its own: what `polymarket-cancel-all` does, for a process that has to do it itself. @module */
export { asking, type Account, type Answer, type Ask, type Venue } from "./account.ts";
export { cancelAll, type CancelAllOptions, type CancelAllResult } from "./cancelAll.ts";
export { runCancelAll, type CancelAllHost } from "./program.ts";
