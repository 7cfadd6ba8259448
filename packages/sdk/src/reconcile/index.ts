/** Compares the core's account with the venue's. @module */
export {
  expectedAccount,
  heldAccount,
  tradeKey,
  type ExpectedAccount,
  type HeldAccount,
  type HeldAction,
  type HeldOrder,
  type HeldPosition,
  type ReconciledCore,
  type VenueAccount,
} from "./account.ts";
export { compare, RECONCILE_DUST, type Comparison, type Dust } from "./compare.ts";
export { compareChain, type ChainBooks, type ChainHoldings } from "./compareChain.ts";
export { describeDifference } from "./describe.ts";
export { isNews } from "./news.ts";
export { reconciliations, runReconciler, type ReconciliationOptions, type SystemMoves } from "./loop.ts";
export {
  Reconciler,
  type ChainWord,
  type Look,
  type ReconcilerOptions,
  type ReconciledVenue,
} from "./reconciler.ts";
