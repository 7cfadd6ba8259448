import {
  closeSync,
  existsSync,
  fdatasyncSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  truncateSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import type { TxEntry, TxJournal } from "@matchpoint/adapters-polymarket";
import { MatchpointError } from "@matchpoint/sdk";
import { buildOfCode } from "../build.ts";
import { lock } from "./lock.ts";

/** A wallet's transactions in a file: one line of JSON each, on the disk before anything is handed to a node. */
export interface TxJournalFile extends TxJournal {
  readonly path: string;
  close(): void;
}

/**
 * Opens a wallet's journal of transactions, which all runs of the wallet share: its nonces go on from there. Only one process at a time
 * may send by it, for two would give two things the same nonce; to read it is always free.
 * @throws MatchpointError `CONFIG_INVALID` when another process sends by it, `JOURNAL_CORRUPT` with the line, `JOURNAL_WRITE_FAILED`
 */
export function openTxJournal(
  dir: string,
  chainId: number,
  wallet: string,
  use: "send" | "read" = "send",
): TxJournalFile {
  const path = join(dir, `wallet-${chainId}-${wallet.toLowerCase()}.chain.jsonl`);
  if (use === "read") {
    const append = (): never => {
      throw failed(path, "it was opened to be read");
    };
    return { path, entries: existsSync(path) ? read(path, false) : [], append, close: () => undefined };
  }
  let descriptor: number;
  let entries: readonly TxEntry[];
  try {
    mkdirSync(dir, { recursive: true });
  } catch (cause) {
    throw failed(path, cause);
  }
  const held = lock(
    `${path}.lock`,
    {
      does: "sends transactions for this wallet",
      hint: "One process at a time: end the other one first (a bot merges and redeems by itself). `wallet status` and --dry-run go on meanwhile.",
      failed,
    },
    { build: buildOfCode() },
  );
  try {
    const old = existsSync(path);
    entries = old ? read(path, true) : [];
    descriptor = openFile(path);
    if (!old) syncFolder(dir);
  } catch (error) {
    held.release();
    throw error;
  }
  return {
    path,
    entries,
    append(entry) {
      try {
        const bytes = Buffer.from(`${JSON.stringify(entry)}\n`);
        for (let at = 0; at < bytes.length;) at += writeSync(descriptor, bytes, at);
        fdatasyncSync(descriptor);
      } catch (cause) {
        throw failed(path, cause);
      }
    },
    close: () => {
      closeSync(descriptor);
      held.release();
    },
  };
}

function openFile(path: string): number {
  try {
    return openSync(path, "a");
  } catch (cause) {
    throw failed(path, cause);
  }
}

/** Makes a new file's name durable: syncing a file does not sync the folder that it is listed in. */
function syncFolder(dir: string): void {
  // Windows opens no folders, and needs none of this.
  if (process.platform === "win32") return;
  let descriptor: number | undefined;
  try {
    descriptor = openSync(dir, "r");
    fsyncSync(descriptor);
  } catch (cause) {
    throw failed(dir, cause);
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

/** A last line that was being written when the power went is cut off: nothing was sent of it. */
function read(path: string, mend: boolean): readonly TxEntry[] {
  const text = readFileSync(path, "utf8");
  const whole = text.lastIndexOf("\n") + 1;
  if (mend && whole < text.length) truncateSync(path, Buffer.byteLength(text.slice(0, whole)));
  return text
    .slice(0, whole)
    .split("\n")
    .slice(0, -1)
    .map((line, index) => {
      try {
        return JSON.parse(line) as TxEntry;
      } catch (cause) {
        throw new MatchpointError("JOURNAL_CORRUPT", `line ${index + 1} is no JSON`, {
          where: path,
          hint: "Put it right from a backup. Without its transactions a wallet may do something twice.",
          cause,
        });
      }
    });
}

function failed(path: string, cause: unknown): MatchpointError {
  return new MatchpointError("JOURNAL_WRITE_FAILED", cause instanceof Error ? cause.message : String(cause), {
    where: path,
    hint: "Nothing is sent to the chain that is not written down first.",
    cause,
  });
}
