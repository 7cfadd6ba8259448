import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import type { JournalPosition } from "../journal/index.ts";
import type { SavedAccount } from "../runtime/index.ts";

/** The version of snapshots that is written and read; any other is passed over, and the journal read whole. */
const VERSION = 2;
const NEWLINE = 10;

/** Where a journal's snapshot is. */
export function snapshotPath(journal: string): string {
  return `${journal}.snapshot`;
}

/** Where the next one is until the journal vouches for it. */
export function freshSnapshotPath(journal: string): string {
  return `${snapshotPath(journal)}.new`;
}

/** What a snapshot says, and the digest of its bytes. */
export interface ReadSnapshot {
  /** Up to where it stands for its journal. */
  readonly position: JournalPosition;
  readonly digest: string;
  /** The account there; only to be asked for when the journal vouches for the digest. */
  readonly saved: () => SavedAccount;
}

const POSITION = ["line", "offset", "nextSeq", "prev"] as const;

/** A snapshot's bytes: a line that says what it stands for, and the account in one more. */
export function snapshotBytes(saved: SavedAccount, position: JournalPosition): Uint8Array {
  const { line, offset, nextSeq, prev } = position;
  const body = Buffer.from(`${JSON.stringify(saved)}\n`);
  const head = JSON.stringify({
    matchpoint_snapshot: VERSION,
    line,
    offset,
    nextSeq,
    prev,
    bytes: body.length,
  });
  return Buffer.concat([Buffer.from(`${head}\n`), body]);
}

/** SHA-256, as 64 hexadecimal digits. */
export function digestOf(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** Reads a snapshot: what it says, or what is wrong with it; `undefined` when there is none. Believes nothing of it. */
export function readSnapshot(path: string): ReadSnapshot | string | undefined {
  if (!existsSync(path)) return undefined;
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    return `it cannot be read (${error instanceof Error ? error.message : String(error)})`;
  }
  return parseSnapshot(bytes);
}

/** The same of its bytes. */
export function parseSnapshot(given: Uint8Array): ReadSnapshot | string {
  const bytes = Buffer.from(given.buffer, given.byteOffset, given.byteLength);
  const end = bytes.indexOf(NEWLINE);
  const head = end === -1 ? undefined : headOf(bytes.toString("utf8", 0, end));
  if (head === undefined) return "it does not begin as a snapshot does";
  if (head["matchpoint_snapshot"] !== VERSION)
    return `it is of version ${String(head["matchpoint_snapshot"])}, not ${VERSION}`;
  if (
    ![...POSITION, "bytes"].every((name) => Number.isSafeInteger(head[name]) && (head[name] as number) >= 0)
  )
    return "it does not say what it stands for";
  if (bytes.length - end - 1 !== head["bytes"]) return "it is not whole";
  const { line, offset, nextSeq, prev } = head as unknown as JournalPosition;
  return {
    position: { line, offset, nextSeq, prev },
    digest: digestOf(bytes),
    saved: () => JSON.parse(bytes.toString("utf8", end + 1)) as SavedAccount,
  };
}

function headOf(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const head: unknown = JSON.parse(text);
    return typeof head === "object" && head !== null ? (head as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
