import { closeSync, existsSync, fstatSync, openSync, readSync } from "node:fs";
import type { Nanos, Millis } from "../units/index.ts";
import {
  JournalReader,
  readSnapshot,
  scanSnapshot,
  type Checkpoint,
  type JournalEnd,
  type JournalReaderOptions,
} from "../journal/index.ts";
import { AccountRebuilder, TELLS_OF_ACCOUNT, type RebuiltAccount } from "../runtime/index.ts";
import { nodeCrc32 } from "./crc32.ts";
import { readBlocks } from "./files.ts";
import { snapshotPath } from "./snapshotFile.ts";

/** An account, and what was read to find it. */
export interface AccountFound {
  readonly account: RebuiltAccount;
  /** The line of the journal up to which its snapshot was read instead; 0: the journal was read whole. */
  readonly snapshotLines: number;
  /** Why the snapshot, or the end of it, was not used, in words; `undefined`: it was, or there is none. */
  readonly passedOver: string | undefined;
  readonly end: JournalEnd;
}

/** The end of a line: `,"crc":"…","prev":"…"}` and the newline. */
const TAIL = /^,"crc":"([0-9a-f]{8})","prev":"[0-9a-f]{8}"\}\n$/;
const TAIL_BYTES = 37;

/**
 * Rebuilds an account from a live run's journal: from its snapshot as far as that reaches, and from the journal's lines after it. A snapshot
 * of another journal, of another version, or one that is damaged is passed over, and the journal read from its first line.
 *
 * @example
 * ```ts
 * import { rebuildAccount } from "@matchpoint/sdk/node";
 * const { account, snapshotLines } = rebuildAccount("runs/run-1.journal.jsonl", Date.now());
 * console.log(account.cash, snapshotLines);
 * ```
 * @param startsAt - when the next run starts, Unix ms
 * @throws `MatchpointError` `FILE_NOT_FOUND`, `JOURNAL_CORRUPT` with line and byte, `JOURNAL_SCHEMA_NEWER`, `ORDER_UNKNOWN`
 */
export function rebuildAccount(
  path: string,
  startsAt: number,
  options: { readonly snapshot?: boolean } = {},
): AccountFound {
  const found = options.snapshot === false ? NONE : usable(path);
  const rebuilder = new AccountRebuilder();
  const reader: JournalReaderOptions = { crc32: nodeCrc32, file: path };
  const { checkpoint } = found;
  if (checkpoint !== undefined) {
    let before = 1;
    readSnapshot(readBlocks(snapshotPath(path), { what: "snapshot" }), checkpoint, ({ event, seq }) => {
      rebuilder.pass(seq - before, event);
      rebuilder.take(event);
      before = seq + 1;
    });
    const last = { at: checkpoint.at as Nanos, receivedAt: checkpoint.receivedAt as Millis };
    rebuilder.pass(checkpoint.line - 1 - rebuilder.lines, last);
  }
  const lines = new JournalReader(checkpoint === undefined ? reader : { ...reader, from: checkpoint });
  const from = checkpoint === undefined ? {} : { from: checkpoint.offset };
  for (const block of readBlocks(path, { what: "journal", ...from })) {
    lines.push(block, ({ event }) => {
      rebuilder.take(event);
    });
  }
  return {
    account: rebuilder.account(startsAt),
    snapshotLines: checkpoint === undefined ? 0 : checkpoint.line - 1,
    passedOver: found.problem,
    end: lines.end(),
  };
}

interface Usable {
  readonly checkpoint: Checkpoint | undefined;
  readonly problem: string | undefined;
}

const NONE: Usable = { checkpoint: undefined, problem: undefined };

/** The last of a snapshot's checkpoints that the journal agrees with. */
function usable(path: string): Usable {
  const snapshot = snapshotPath(path);
  if (!existsSync(snapshot) || !existsSync(path)) return NONE;
  try {
    if (!beginAlike(path, snapshot)) return { checkpoint: undefined, problem: "it is of another journal" };
    const { checkpoints, problem } = scanSnapshot(
      readBlocks(snapshot, { what: "snapshot" }),
      TELLS_OF_ACCOUNT,
      nodeCrc32,
    );
    const standing = checkpoints.findLast((each) => standsAt(path, each));
    const beyond = standing === checkpoints.at(-1) ? undefined : "the journal does not have all that it has";
    return { checkpoint: standing, problem: problem ?? beyond };
  } catch (error) {
    return { checkpoint: undefined, problem: error instanceof Error ? error.message : String(error) };
  }
}

/** Whether both files begin with the same line. */
function beginAlike(path: string, snapshot: string): boolean {
  const line = firstLine(snapshot);
  return line !== undefined && firstLine(path) === line;
}

function firstLine(path: string): string | undefined {
  let text = "";
  for (const block of readBlocks(path)) {
    const end = block.indexOf(10);
    if (end !== -1) return text + Buffer.from(block.subarray(0, end)).toString("latin1");
    text += Buffer.from(block).toString("latin1");
  }
  return undefined;
}

/** Whether the journal has a line with a checkpoint's checksum that ends where the checkpoint says. */
function standsAt(path: string, { offset, prev }: Checkpoint): boolean {
  const descriptor = openSync(path, "r");
  try {
    if (offset < TAIL_BYTES || fstatSync(descriptor).size < offset) return false;
    const tail = Buffer.alloc(TAIL_BYTES);
    readSync(descriptor, tail, 0, TAIL_BYTES, offset - TAIL_BYTES);
    const crc = TAIL.exec(tail.toString("latin1"))?.[1];
    return crc !== undefined && Number.parseInt(crc, 16) === prev;
  } finally {
    closeSync(descriptor);
  }
}
