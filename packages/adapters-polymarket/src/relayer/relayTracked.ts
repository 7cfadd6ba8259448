import type { SendOutcome, TxReport, TxStatus } from "../chain/txRecord.ts";
import type { Hex } from "../venue/contracts.ts";
import type { RelayedTransaction, RelayState } from "./relayer.ts";
import type { RelayAttemptEntry } from "./relayRecord.ts";

/** A request on its way. */
export interface TrackedRelay {
  readonly entry: RelayAttemptEntry;
  /** Absent after a restart, until it was signed again. */
  signature: Hex | undefined;
  /** The relayer's name for it; absent while it is not known whether the relayer has it. */
  transactionId: string | undefined;
  /** What the relayer said last. */
  state: RelayState | undefined;
  reason: string | undefined;
  /** Transactions that are said to carry it out, the newest last. */
  readonly hashes: string[];
  status: TxStatus;
  detail: string | undefined;
  /** The block that a MINED was told of. */
  minedIn: string | undefined;
  settledBy: string | undefined;
  /** Whether the last look found its nonce used, and nothing of it there. */
  passed: boolean;
  /** The chain's height when the relayer was first known to have given it up. */
  gaveUpAt: bigint | undefined;
  /** When it was handed in, and how often the relayer's list did not have it since. */
  since: number;
  missed: number;
}

/** A request that is about to be handed in, or was by an earlier process. */
export function trackRelay(entry: RelayAttemptEntry, since: number, signature?: Hex): TrackedRelay {
  const fresh = signature !== undefined;
  return {
    ...{ entry, signature, since, hashes: [], missed: 0, passed: false },
    status: fresh ? "SENT" : "UNKNOWN",
    detail: fresh ? undefined : "not looked for since the restart",
    ...{ transactionId: undefined, state: undefined, reason: undefined },
    ...{ minedIn: undefined, settledBy: undefined, gaveUpAt: undefined },
  };
}

/** Takes over what the relayer says. */
export function heedRelayer(tracked: TrackedRelay, { state, reason, hash }: RelayedTransaction): void {
  tracked.state = state;
  tracked.reason = reason;
  if (hash !== undefined && !tracked.hashes.includes(hash)) tracked.hashes.push(hash);
}

/**
 * Whether two requests are the same to the chain, byte for byte: signed alike, and carried out once at most. What the chain shows of
 * the one must not be taken for the other.
 */
export function sameRequest({ entry: a }: TrackedRelay, { entry: b }: TrackedRelay): boolean {
  return bytesOf(a) === bytesOf(b);
}

function bytesOf({ relayType, nonce, calls, relay, gasLimit, deadline }: RelayAttemptEntry): string {
  return JSON.stringify([relayType, nonce, calls, relay, gasLimit, deadline]);
}

/** Whether it has come to its end. */
export function isOver({ status }: TrackedRelay): boolean {
  return status === "FINAL" || status === "REVERTED";
}

/** What whoever hands it in is told. */
export function relayAnswer(tracked: TrackedRelay): SendOutcome {
  const { entry, transactionId, status, detail } = tracked;
  const hash = tracked.hashes.at(-1);
  const about = {
    nonce: Number(entry.nonce),
    ...(hash === undefined ? {} : { hash }),
    ...(transactionId === undefined ? {} : { relayId: transactionId }),
  };
  return status === "UNKNOWN"
    ? { kind: "unknown", ...about, detail: detail ?? "" }
    : { kind: "sent", ...about };
}

/** Where it stands, as news. */
export function relayReport({ entry, status, detail, hashes, settledBy }: TrackedRelay): TxReport {
  const hash = settledBy ?? hashes.at(-1);
  return {
    intentId: entry.intentId,
    status,
    nonce: Number(entry.nonce),
    ...(hash === undefined ? {} : { hash }),
    ...(detail === undefined ? {} : { detail }),
  };
}
