/** Live trading: secrets, accounts, the start-up checklist, and Polymarket opened for a run. @module */
export { openLive, type LiveSession } from "./openLive.ts";
