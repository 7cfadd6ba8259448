import type { CoreEvent } from "../events/index.ts";
import type { RunId } from "../ids.ts";

/** The version that is written: 2. Version 1 is read through a migration, newer ones are refused. */
export const JOURNAL_SCHEMA_VERSION = 2;

/** CRC-32 (IEEE 802.3, as in gzip) of bytes `start` to `end`, going on from `before`, as an unsigned number. */
export type Crc32 = (bytes: Uint8Array, start: number, end: number, before?: number) => number;

/** SHA-256 of bytes as they come. */
export interface RunningHash {
  update(bytes: Uint8Array): void;
  /** The hash in lower-case hexadecimal digits; nothing is added after it. */
  digest(): string;
}
/** Begins a hash. */
export type Sha256 = () => RunningHash;

/** One line of a journal. */
export interface JournalEntry {
  /** Position in the journal, from 1. */
  readonly seq: number;
  readonly event: CoreEvent;
  /** Hash of the effects that the event led to; absent when it led to none that are hashed. */
  readonly effectsHash: string | undefined;
  /** Line number in the file, from 1. */
  readonly line: number;
  readonly runId: RunId;
  readonly bootId: string;
}

/** Where a journal's next line begins. */
export interface JournalPosition {
  /** Its number in the file, from 1. */
  readonly line: number;
  /** In bytes from the file's start. */
  readonly offset: number;
  readonly nextSeq: number;
  /** The checksum of the line before. */
  readonly prev: number;
}

/** What was found at a journal's end. */
export interface JournalEnd {
  /** Whole lines. */
  readonly lines: number;
  /** Bytes up to the end of the last whole line: where writing goes on. */
  readonly bytes: number;
  /** For {@link JournalWriterOptions.resume}: the next line's `seq` and `prev`. */
  readonly nextSeq: number;
  readonly prev: number;
  /** A last line that was being written when the power went: cut, never applied. */
  readonly torn: { readonly line: number; readonly offset: number; readonly bytes: number } | undefined;
}
