import type { RelayDraft } from "./relayRequest.ts";

/** Written down before a request is handed to the relayer. The signature is not in it: the same is signed again to the same bytes. */
export interface RelayAttemptEntry extends RelayDraft {
  readonly type: "relay_attempt";
  readonly intentId: string;
  readonly what: string;
  readonly key?: string;
  /** The chain's height then: before it nothing of it is to be found. */
  readonly block: string;
}

/** The relayer has taken it. */
export interface RelayAcceptedEntry {
  readonly type: "relay_accepted";
  readonly intentId: string;
  readonly transactionId: string;
}

/** How it ended. REFUSED: the relayer did not take it, and the same intent may be sent again. */
export interface RelaySettledEntry {
  readonly type: "relay_settled";
  readonly intentId: string;
  readonly nonce: number;
  readonly hash?: string;
  readonly status: "FINAL" | "REVERTED" | "REFUSED";
  readonly detail?: string;
}

/** A line of the journal of what went through the relayer. Plain JSON. */
export type RelayEntry = RelayAttemptEntry | RelayAcceptedEntry | RelaySettledEntry;
