import type { SendOutcome, TxAttemptEntry, TxIntent, TxReport, TxStatus } from "./txRecord.ts";

/** Something that was signed for a nonce. `raw` is absent after a restart, until it was signed again. */
export interface Attempt {
  readonly entry: TxAttemptEntry;
  raw: string | undefined;
}

/** An intent on its way. */
export interface Tracked {
  readonly intent: TxIntent;
  readonly nonce: number;
  readonly gasLimit: bigint;
  status: TxStatus;
  detail: string | undefined;
  /** The block that a MINED was told of. */
  minedIn: string | undefined;
  /** The attempt that was final. */
  settledBy: string | undefined;
  /** What was signed, the newest last. */
  readonly attempts: Attempt[];
  /** When the last attempt was signed. */
  since: number;
  /** Whether the last look found its nonce used for good, and none of ours there. */
  missed: boolean;
  /** How many looks in succession found its nonce used, for good or not yet, and none of ours there. */
  unseen: number;
}

/** An intent that is about to be signed. */
export function newTracked(intent: TxIntent, nonce: number, gasLimit: bigint): Tracked {
  const unknown = { detail: undefined, minedIn: undefined, settledBy: undefined };
  const looks = { missed: false, unseen: 0 };
  return { intent, nonce, gasLimit, status: "SENT", ...unknown, attempts: [], since: 0, ...looks };
}

/** An intent that an earlier process signed: where it stands is not known before the chain was looked at. */
export function trackedFrom(entry: TxAttemptEntry, since: number): Tracked {
  const { intentId: id, what, key, to, data, nonce } = entry;
  const intent = { id, what, to, data, ...(key === undefined ? {} : { key }) };
  const fresh = newTracked(intent, nonce, BigInt(entry.gasLimit));
  return { ...fresh, status: "UNKNOWN", detail: "not looked for since the restart", since };
}

/** What whoever hands it in is told. */
export function answerOf({ nonce, attempts, status, detail }: Tracked): SendOutcome {
  const hash = attempts.at(-1)!.entry.hash;
  return status === "UNKNOWN"
    ? { kind: "unknown", nonce, hash, detail: detail ?? "" }
    : { kind: "sent", nonce, hash };
}

/** Where it stands, as news. */
export function reportOf({ intent, status, nonce, detail, attempts }: Tracked): TxReport {
  const hash = attempts.at(-1)?.entry.hash;
  return {
    intentId: intent.id,
    status,
    nonce,
    ...(hash === undefined ? {} : { hash }),
    ...(detail === undefined ? {} : { detail }),
  };
}
