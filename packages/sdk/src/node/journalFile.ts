import { existsSync, truncateSync } from "node:fs";
import { basename, dirname } from "node:path";
import type { CoreEvent } from "../events/index.ts";
import type { RunId } from "../ids.ts";
import {
  JournalReader,
  JournalWriter,
  readJournal,
  type JournalEnd,
  type JournalEntry,
} from "../journal/index.ts";
import { nodeCrc32 } from "./crc32.ts";
import { nodeSha256 } from "./sha256.ts";
import { readBlocks } from "./files.ts";
import { FileStorage, type FileStorageOptions } from "./fileStorage.ts";

/** How a journal file is opened. */
export interface OpenJournalOptions extends FileStorageOptions {
  readonly runId: RunId;
  /** Names this start of the process. */
  readonly bootId: string;
  /** Takes what is in the file already, in order, to rebuild the run from. */
  readonly onEntry?: (entry: JournalEntry) => void;
}

/** A journal file that is written to. */
export interface OpenJournal {
  readonly writer: JournalWriter;
  readonly storage: FileStorage;
  /** What was in the file before; a torn last line has been cut off. */
  readonly found: JournalEnd;
  append(event: CoreEvent, effectsHash: string | undefined): void;
  sync(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens a journal file to append to it: a new one, or one that a run left behind, which is checked from its first line.
 * A line that was being written when the power went is cut off; `found.torn` tells.
 *
 * @throws `MatchpointError` `JOURNAL_CORRUPT`, `JOURNAL_SCHEMA_NEWER`, `JOURNAL_WRITE_FAILED`
 */
export function openJournal(path: string, options: OpenJournalOptions): OpenJournal {
  const { runId, bootId, onEntry } = options;
  const reader = new JournalReader({ crc32: nodeCrc32, sha256: nodeSha256, file: path });
  if (existsSync(path)) {
    for (const block of readBlocks(path, { what: "journal" })) reader.push(block, onEntry ?? ignore);
  }
  const found = reader.end();
  if (found.torn !== undefined) truncateSync(path, found.bytes);
  const storage = new FileStorage(dirname(path), options);
  const writer = new JournalWriter({
    storage,
    runId,
    bootId,
    crc32: nodeCrc32,
    sha256: nodeSha256,
    segment: basename(path),
    resume: { ...found, hash: reader.hash },
  });
  return {
    writer,
    storage,
    found,
    append: (event, effectsHash) => {
      writer.append(event, effectsHash);
    },
    sync: () => writer.sync(),
    close: () => writer.close(),
  };
}

/**
 * Reads a journal file.
 * @throws `MatchpointError` `FILE_NOT_FOUND`, `JOURNAL_CORRUPT` with line and byte, `JOURNAL_SCHEMA_NEWER`
 */
export function readJournalFile(path: string): Generator<JournalEntry, JournalEnd, undefined> {
  return readJournal(readBlocks(path, { what: "journal" }), {
    crc32: nodeCrc32,
    sha256: nodeSha256,
    file: path,
  });
}

function ignore(): void {
  // What is in the file is checked, but nobody asked to see it.
}
