import { closeSync, existsSync, fstatSync, openSync, readSync } from "node:fs";
import { isMatchpointError, MatchpointError } from "../errors.ts";
import type { CoreEvent } from "../events/index.ts";
import { JournalReader, type JournalEnd, type JournalPosition } from "../journal/index.ts";
import { AccountRebuilder, type RebuiltAccount } from "../runtime/index.ts";
import { nodeCrc32 } from "./crc32.ts";
import { nodeSha256 } from "./sha256.ts";
import { readBlocks } from "./files.ts";
import { freshSnapshotPath, readSnapshot, snapshotPath, type ReadSnapshot } from "./snapshotFile.ts";

/** An account, and what was read to find it. */
export interface AccountFound {
  readonly account: RebuiltAccount;
  /** The line of the journal up to which its snapshot was read instead; 0: the journal was read whole. */
  readonly snapshotLines: number;
  /** Why a snapshot was not used, in words; `undefined`: it was, or there is none. */
  readonly passedOver: string | undefined;
  readonly end: JournalEnd;
}

/** The end of a line: `,"crc":"…","prev":"…"}` and the newline. */
const TAIL = /^,"crc":"([0-9a-f]{8})","prev":"[0-9a-f]{8}"\}\n$/;
const TAIL_BYTES = 37;

/** Where an account is gone on from: at the journal's first line, or after the lines that a snapshot stands for. */
interface Begun {
  readonly rebuilder: AccountRebuilder;
  readonly from: JournalPosition | undefined;
}

/**
 * Rebuilds an account from a live run's journal: from its snapshot and the journal's lines after it. A snapshot counts only as the journal
 * vouches for it; one that is damaged, cut off, of another journal, of another version or longer than the journal is passed over with the
 * reason, and the journal is read from its first line.
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
  const { begun, passedOver } = options.snapshot === false ? WHOLE : bySnapshot(path);
  const { rebuilder, from } = begun ?? { rebuilder: new AccountRebuilder(), from: undefined };
  const end = readOn(path, from, (event) => {
    rebuilder.take(event);
    return true;
  });
  const snapshotLines = from === undefined ? 0 : from.line - 1;
  return { account: rebuilder.account(startsAt), snapshotLines, passedOver, end };
}

const CHANGED = "it is not what the journal vouches for";

interface Chosen {
  readonly begun: Begun | undefined;
  readonly passedOver: string | undefined;
}

const WHOLE: Chosen = { begun: undefined, passedOver: undefined };

/** The latest snapshot that the journal vouches for. */
function bySnapshot(path: string): Chosen {
  if (!existsSync(path)) return WHOLE;
  const fresh = usable(path, freshSnapshotPath(path));
  if (fresh !== undefined && typeof fresh !== "string") return { begun: fresh, passedOver: undefined };
  // One that was being written when the run ended is no surprise.
  const changed = fresh === CHANGED ? fresh : undefined;
  const found = usable(path, snapshotPath(path));
  if (typeof found === "string") return { begun: undefined, passedOver: found };
  return { begun: found, passedOver: changed };
}

/** A snapshot as a beginning, or why it is none; `undefined` when there is none. */
function usable(path: string, file: string): Begun | string | undefined {
  const found = readSnapshot(file);
  if (found === undefined || typeof found === "string") return found;
  const { position } = found;
  const ends = lineEndsAt(path, position);
  if (ends !== undefined) return ends;
  const vouched = digestVouchedFor(path, found);
  if (vouched === undefined) return "the journal does not vouch for it";
  if (vouched !== found.digest) return CHANGED;
  try {
    return { rebuilder: AccountRebuilder.restore(firstEvent(path), found.saved()), from: position };
  } catch (error) {
    // Its bytes are what was written: it is another version that wrote them.
    if (!isMatchpointError(error) || error.code !== "JOURNAL_SCHEMA_NEWER") throw error;
    return error.message;
  }
}

/** What the journal says, after the lines that a snapshot stands for, that its bytes are. */
function digestVouchedFor(path: string, { position }: ReadSnapshot): string | undefined {
  let digest: string | undefined;
  readOn(path, position, (event) => {
    if (event.type === "snapshot_taken" && event.lines === position.line - 1) ({ digest } = event);
    return digest === undefined;
  });
  return digest;
}

function firstEvent(path: string): CoreEvent {
  const events: CoreEvent[] = [];
  readOn(path, undefined, (event) => {
    events.push(event);
    return false;
  });
  const [first] = events;
  if (first === undefined) throw new MatchpointError("JOURNAL_CORRUPT", "holds no event", { where: path });
  return first;
}

/** Reads a journal's events until one is enough, checking each line and that it follows the one before. */
function readOn(
  path: string,
  from: JournalPosition | undefined,
  take: (event: CoreEvent) => boolean,
): JournalEnd {
  const lines = new JournalReader({
    crc32: nodeCrc32,
    sha256: nodeSha256,
    file: path,
    ...(from === undefined ? {} : { from }),
  });
  let goesOn = true;
  const isOver = (): boolean => !goesOn;
  const blocks = readBlocks(path, { what: "journal", ...(from === undefined ? {} : { from: from.offset }) });
  for (const block of blocks) {
    lines.push(block, ({ event }) => {
      if (goesOn) goesOn = take(event);
    });
    if (isOver()) break;
  }
  return lines.end();
}

/** Why the journal has no line with a position's checksum that ends there; `undefined`: it has. */
function lineEndsAt(path: string, { offset, prev }: JournalPosition): string | undefined {
  const descriptor = openSync(path, "r");
  try {
    if (fstatSync(descriptor).size < offset) return "the journal does not have all that it has";
    const tail = Buffer.alloc(TAIL_BYTES);
    if (offset >= TAIL_BYTES) readSync(descriptor, tail, 0, TAIL_BYTES, offset - TAIL_BYTES);
    const crc = TAIL.exec(tail.toString("latin1"))?.[1];
    return crc !== undefined && Number.parseInt(crc, 16) === prev ? undefined : "it is of another journal";
  } finally {
    closeSync(descriptor);
  }
}
