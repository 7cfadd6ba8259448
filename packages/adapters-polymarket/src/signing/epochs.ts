import { closeSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { MatchpointError } from "@matchpoint/sdk";

/** Keeps the highest epoch that ever signed for an account. */
export interface EpochStore {
  /** The highest epoch; 0 when none ever signed. @throws `MatchpointError` when that cannot be told */
  highest(): number;
  /** Keeps a higher one; it would survive a power loss when this returns. @throws `MatchpointError` when it cannot be kept */
  raise(epoch: number): void;
}

/**
 * Whose turn it is to sign. Of two processes that hold the same key the one that started later has the higher epoch; from its first
 * signature on the other gets none. Source of the idea: Kleppmann, "How to do distributed locking" (fencing tokens).
 */
export interface EpochFence {
  /** Higher than that of every process before; whole, from 1. */
  readonly epoch: number;
  readonly store: EpochStore;
}

/** A process's turn at an account, as its order signer holds it: an `OrderSigner` is one. Without a fence it says nothing. */
export interface Turn {
  /** Takes the turn, once and for all. @throws `MatchpointError` `SIGNING_REFUSED` when a process that started later has it */
  readonly begin?: (() => void) | undefined;
  /** Why nothing may be sent any more; `undefined`: it may. @throws `MatchpointError` when that cannot be told */
  readonly stale?: (() => string | undefined) | undefined;
}

/**
 * Why nothing of this process may be sent any more; `undefined` while it has the account's turn, or no fence is kept. Where that cannot be
 * told, nothing may: the reason says what went wrong.
 */
export function overtaken({ stale }: Turn): string | undefined {
  try {
    return stale?.();
  } catch (error) {
    return error instanceof Error ? error.message.split("\n")[0]! : String(error);
  }
}

/**
 * The highest epoch in a file of one line.
 *
 * @example
 * ```ts
 * import { fileEpochs } from "@matchpoint/adapters-polymarket";
 * const store = fileEpochs("runs/account.epoch");
 * console.log(store.highest());
 * ```
 * @throws from its methods `MatchpointError` `JOURNAL_CORRUPT` when the file holds no epoch, `JOURNAL_WRITE_FAILED`
 */
export function fileEpochs(path: string): EpochStore {
  return Object.freeze({
    highest: () => read(path),
    raise: (epoch: number) => {
      write(path, epoch);
    },
  });
}

function read(path: string): number {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return 0;
    throw new MatchpointError("JOURNAL_CORRUPT", `it cannot be read: ${String(cause)}`, {
      where: path,
      cause,
    });
  }
  const epoch = /^[1-9]\d{0,14}\n$/.test(text) ? Number(text) : 0;
  if (epoch > 0) return epoch;
  throw new MatchpointError("JOURNAL_CORRUPT", "it holds no epoch", {
    where: path,
    hint: "It is one whole number. Make sure that no other process trades with the account, then delete it.",
  });
}

/** The old epoch stands until the new one is whole on the disk. */
function write(path: string, epoch: number): void {
  const fresh = `${path}.${process.pid}.new`;
  try {
    const descriptor = openSync(fresh, "w");
    try {
      writeSync(descriptor, `${epoch}\n`);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    renameSync(fresh, path);
    syncFolder(dirname(path));
  } catch (cause) {
    rmSync(fresh, { force: true });
    throw new MatchpointError(
      "JOURNAL_WRITE_FAILED",
      cause instanceof Error ? cause.message : String(cause),
      {
        where: path,
        hint: "Nothing is signed by a process that could not say that it does.",
        cause,
      },
    );
  }
}

/** Makes a new name durable: syncing a file does not sync the folder that it is listed in. */
function syncFolder(dir: string): void {
  // Windows opens no folders, and needs none of this.
  if (process.platform === "win32") return;
  const descriptor = openSync(dir, "r");
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** Lets signatures through as long as no higher epoch has signed. */
export class Fence {
  readonly epoch: number;
  readonly #store: EpochStore;
  #raised = false;

  /** @throws `MatchpointError` `SIGNING_REFUSED` when the epoch is no whole number above 0 */
  constructor({ epoch, store }: EpochFence) {
    if (!Number.isSafeInteger(epoch) || epoch < 1)
      throw new MatchpointError("SIGNING_REFUSED", `not signed, by the rule of epoch: ${epoch} is none`);
    this.epoch = epoch;
    this.#store = store;
  }

  /** Why nothing may be signed any more; `undefined`: it may. Looks and changes nothing. */
  refusal(): string | undefined {
    const highest = this.#store.highest();
    const mine = this.#raised ? highest === this.epoch : highest < this.epoch;
    if (mine) return undefined;
    return highest < this.epoch
      ? `its epoch ${this.epoch} is not kept any more, only ${highest}`
      : `epoch ${highest} has signed for this account since; this process has ${this.epoch}`;
  }

  /** Before each signature; the first one is not made before the epoch is kept. Returns why it must not be made. */
  pass(): string | undefined {
    const refusal = this.refusal();
    if (refusal !== undefined || this.#raised) return refusal;
    this.#store.raise(this.epoch);
    this.#raised = true;
    return undefined;
  }
}
