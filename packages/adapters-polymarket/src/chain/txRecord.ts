import type { RelayEntry } from "../relayer/relayRecord.ts";
import type { Address, Hex } from "../venue/contracts.ts";
import type { ContractCall } from "./contractCalls.ts";
import type { ChainReceipt } from "./wire.ts";

/** Something to be done on the chain, once. */
export interface TxIntent extends ContractCall {
  /** Once and for all: what has the same id is the same thing and is never sent again. */
  readonly id: string;
  /** In words, for reports. */
  readonly what: string;
  /** Two intents with the same key are never under way at the same time. */
  readonly key?: string;
  /** Calls that are carried out with it, all or nothing: only a contract wallet can. */
  readonly also?: readonly ContractCall[];
  /** The contract wallet itself, which is `to`, is to be made. */
  readonly makes?: true;
}

/**
 * What is written down before anything is handed to a node. Numbers beyond 2^53 are decimal texts. Signatures are not in it:
 * the same fields are signed again to the same bytes.
 */
export interface TxAttemptEntry {
  readonly type: "tx_attempt";
  readonly intentId: string;
  readonly what: string;
  readonly key?: string;
  readonly chainId: number;
  readonly from: Address;
  readonly to: Address;
  readonly data: Hex;
  readonly nonce: number;
  readonly hash: string;
  readonly gasLimit: string;
  readonly maxFeePerGas: string;
  readonly maxPriorityFeePerGas: string;
}

/** How it ended. */
export interface TxSettledEntry {
  readonly type: "tx_settled";
  readonly intentId: string;
  readonly nonce: number;
  readonly hash?: string;
  readonly status: "FINAL" | "REVERTED";
  readonly detail?: string;
}

/** A line of the journal of transactions: of those that the wallet sent by itself, and those that the relayer did. Plain JSON. */
export type TxEntry = TxAttemptEntry | TxSettledEntry | RelayEntry;

/** Where transactions are written down. */
export interface TxJournal {
  /** Resolves when the entry is durable: nothing is sent before. */
  append(entry: TxEntry): Promise<void> | void;
  /** What earlier processes wrote, in order. */
  readonly entries?: readonly TxEntry[];
}

/** Where a transaction stands. UNKNOWN becomes something else by evidence alone. */
export type TxStatus = "SENT" | "MINED" | "FINAL" | "REVERTED" | "UNKNOWN";

/** News of a transaction. */
export interface TxReport {
  readonly intentId: string;
  readonly status: TxStatus;
  readonly nonce: number;
  /** The attempt that was mined, else the last one. Absent when the nonce was used by something else. */
  readonly hash?: string;
  readonly detail?: string;
  /** With MINED, FINAL and a REVERTED that was mined. */
  readonly receipt?: ChainReceipt;
}

/** Why nothing was sent. */
export type SendRefusal =
  /** A contract would refuse it now. */
  | "WOULD_REVERT"
  /** Too little POL, or a price of gas above the cap. */
  | "GAS"
  /** The wallet has transactions that were not made here. */
  | "FOREIGN"
  /** The same thing is under way already, or as many things as may be. */
  | "BUSY"
  /** The wallet is a contract: the relayer must send for it, and there is none, or it does not. */
  | "RELAYER"
  /** A balance or an allowance is too small, or there is nothing to do. */
  | "AMOUNT"
  /** Another process has signed for the account since this one started: nothing is sent from here any more. */
  | "EPOCH"
  /** Nodes do not answer, or contradict each other. */
  | "NODES"
  /** The journal could not be written: nothing more is signed by this process. */
  | "JOURNAL";

interface SentTx<Kind extends string> {
  readonly kind: Kind;
  readonly nonce: number;
  /** Of the last attempt. Absent while only the relayer knows it. */
  readonly hash?: string;
  /** The relayer's name for it. */
  readonly relayId?: string;
}

/** The answer to an intent. */
export type SendOutcome =
  | SentTx<"sent">
  | (SentTx<"unknown"> & { readonly detail: string })
  | { readonly kind: "refused"; readonly code: SendRefusal; readonly detail: string; readonly fix: string };
