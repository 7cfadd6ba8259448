import type { Address } from "../venue/contracts.ts";
import type { RelayType } from "./relayRequest.ts";

/**
 * Where the relayer has got to. FAILED and INVALID mean that it has given up, CONFIRMED that it is done.
 * Source: docs.polymarket.com/api-reference/relayer.
 */
export type RelayState =
  "STATE_NEW" | "STATE_EXECUTED" | "STATE_MINED" | "STATE_CONFIRMED" | "STATE_FAILED" | "STATE_INVALID";

/** A transaction as the relayer tells of it. What it says is checked on the chain. */
export interface RelayedTransaction {
  readonly transactionId: string;
  readonly state: RelayState;
  /** The latest attempt on the chain. */
  readonly hash?: string;
  readonly signature?: string;
  readonly metadata?: string;
  /** Why it failed. */
  readonly reason?: string;
}

/** What the relayer says that the next request must hold. */
export interface RelayParams {
  readonly nonce: string;
  /** Who will hand it to the chain; proxies sign for it. */
  readonly address?: Address;
}

/** The answer to a request. */
export type RelayAnswer =
  | { readonly kind: "accepted"; readonly transactionId: string }
  /** The relayer says that it takes it not. `busy`: the same may be asked again later. */
  | { readonly kind: "refused"; readonly detail: string; readonly fix: string; readonly busy: boolean }
  /** Whether it was taken is not known. */
  | { readonly kind: "unknown"; readonly detail: string };

/**
 * Whoever hands signed requests of contract wallets to the chain: Polymarket's relayer ({@link createRelayer}), or another.
 * Reads throw `MatchpointError` `HTTP_FAILED` or `HTTP_RESPONSE_INVALID`.
 */
export interface Relayer {
  /** Its host, for messages. */
  readonly label: string;
  /** How often it may be asked for news, in ms. */
  readonly pollMs: number;
  params(owner: Address, type: RelayType): Promise<RelayParams>;
  /** Hands in a request, once: never asked again by itself. Never throws. */
  submit(body: string): Promise<RelayAnswer>;
  transaction(transactionId: string): Promise<RelayedTransaction | undefined>;
  /** The latest of the account. */
  transactions(): Promise<readonly RelayedTransaction[]>;
}
