import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { JournalReader } from "../journal/index.ts";
import { AccountRebuilder } from "../runtime/index.ts";
import { nodeCrc32 } from "./crc32.ts";
import { nodeSha256 } from "./sha256.ts";
import { readBlocks } from "./files.ts";
import { digestOf, freshSnapshotPath, snapshotBytes, snapshotPath } from "./snapshotFile.ts";

/** A snapshot that was written: what the journal has to say of it before it counts. */
export interface SnapshotWritten {
  /** Lines of the journal that it stands for. */
  readonly lines: number;
  /** SHA-256 of its bytes. */
  readonly digest: string;
}

/**
 * Follows a live run's journal as it grows, keeps the account that it comes to, and writes that beside it from time to time. It reads the
 * file and nothing else, so it can do so in a thread of its own; the run neither waits for it nor depends on it.
 *
 * A snapshot counts when the journal itself holds a `snapshot_taken` with its digest: hand over what {@link AccountSnapshots.look} returns,
 * and when that is durable call {@link AccountSnapshots.vouched}. Until then the one before stays.
 *
 * @example
 * ```ts
 * import { AccountSnapshots } from "@matchpoint/sdk/node";
 * const snapshots = new AccountSnapshots("runs/run-1.journal.jsonl", { every: 10_000 });
 * const written = snapshots.look(); // { lines, digest }: to be journaled as a `snapshot_taken` event
 * if (written !== undefined) snapshots.vouched();
 * ```
 */
export class AccountSnapshots {
  readonly #journal: string;
  readonly #every: number;
  readonly #reader: JournalReader;
  readonly #rebuilder = new AccountRebuilder();
  /** Bytes of the journal read so far. */
  #read = 0;
  /** Where the last snapshot stood, and what it took. */
  #last = { lines: 0, bytes: 0, size: 0 };
  #waiting = false;

  /**
   * Forgets what an earlier journal of the same name has left.
   * @param options `every`: lines of the journal from one snapshot to the next, at least
   */
  constructor(journal: string, options: { readonly every: number }) {
    this.#journal = journal;
    this.#every = options.every;
    this.#reader = new JournalReader({ crc32: nodeCrc32, sha256: nodeSha256, file: journal });
    rmSync(freshSnapshotPath(journal), { force: true });
    rmSync(snapshotPath(journal), { force: true });
  }

  /**
   * Reads what the journal has got since the last look, and writes a snapshot when one is due.
   * @throws `MatchpointError` `FILE_NOT_FOUND`, `JOURNAL_CORRUPT`; and what the disk throws
   */
  look(): SnapshotWritten | undefined {
    for (const block of readBlocks(this.#journal, { what: "journal", from: this.#read })) {
      this.#read += block.length;
      this.#reader.push(block, ({ event }) => {
        this.#rebuilder.take(event);
      });
    }
    const { lines, bytes, nextSeq, prev } = this.#reader.end();
    const last = this.#last;
    // No more is written beside the journal than into it.
    const due = lines - last.lines >= this.#every && bytes - last.bytes >= last.size;
    if (!due || this.#waiting) return undefined;
    const written = snapshotBytes(this.#rebuilder.save(), {
      line: lines + 1,
      offset: bytes,
      nextSeq,
      prev,
    });
    writeDurably(freshSnapshotPath(this.#journal), written);
    this.#last = { lines, bytes, size: written.length };
    this.#waiting = true;
    return { lines, digest: digestOf(written) };
  }

  /** The journal has vouched, durably, for the last one: it takes the place of the one before. */
  vouched(): void {
    if (!this.#waiting) return;
    this.#waiting = false;
    renameSync(freshSnapshotPath(this.#journal), snapshotPath(this.#journal));
    syncFolder(dirname(this.#journal));
  }
}

function writeDurably(path: string, bytes: Uint8Array): void {
  const descriptor = openSync(path, "w");
  try {
    for (let at = 0; at < bytes.length;) at += writeSync(descriptor, bytes, at);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** A name that is lost with the power costs a snapshot, not more. */
function syncFolder(path: string): void {
  try {
    const descriptor = openSync(path, "r");
    try {
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
  } catch {
    // Some systems do not sync folders.
  }
}
