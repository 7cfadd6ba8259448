import { LineSplitter, type CoreEvent } from "../events/index.ts";
import { matches, utf8 } from "./bytes.ts";
import { pureCrc32 } from "./crc32.ts";
import { decodeLine } from "./decode.ts";
import type { Crc32, JournalEntry, JournalPosition } from "./types.ts";
import type { LineAfter } from "./writer.ts";

/** The version of snapshots that is written and read; any other is passed over, and the journal read whole. */
export const SNAPSHOT_VERSION = 1;

/** Which events a snapshot keeps. */
export interface SnapshotKinds {
  /** Names them: a snapshot that was made by another name is not used. */
  readonly kinds: string;
  readonly has: (event: CoreEvent) => boolean;
}

/** Up to where a snapshot stands for its journal. */
export interface Checkpoint extends JournalPosition {
  /** Of the journal's last line before it. */
  readonly at: number;
  readonly receivedAt: number;
  /** Lines that the snapshot keeps up to here, and its bytes. */
  readonly kept: number;
  readonly snapshotBytes: number;
}

/** What a {@link SnapshotWriter} needs. */
export interface SnapshotWriterOptions {
  readonly keep: SnapshotKinds;
  /** Lines of the journal from one checkpoint to the next. */
  readonly every: number;
  /** Takes the next bytes, which stay valid. */
  readonly write: (bytes: Uint8Array) => void;
  readonly crc32?: Crc32;
}

const MARK = /* @__PURE__ */ utf8('{"matchpoint_snapshot":');
const CHECK = ',"check":"';

/**
 * Makes a journal's snapshot: its own lines, as they are, but only those of the kinds that are kept, and from time to time a checkpoint that
 * says up to which line of the journal they stand for it. What is folded from a snapshot and the journal's lines after a checkpoint
 * is what is folded from the whole journal, because the lines are the same and the others have no say.
 */
export class SnapshotWriter {
  readonly #options: SnapshotWriterOptions;
  readonly #crc32: Crc32;
  #waiting: Uint8Array[] = [];
  #chain = 0;
  #kept = 0;
  #lines = 0;
  #until: number;

  constructor(options: SnapshotWriterOptions) {
    this.#options = options;
    this.#crc32 = options.crc32 ?? pureCrc32;
    this.#until = options.every;
  }

  /** Takes the journal's next line; as `onLine` of a `JournalWriter`. */
  take(event: CoreEvent, line: Uint8Array, after: LineAfter): void {
    this.#lines += 1;
    if (this.#options.keep.has(event)) {
      this.#waiting.push(line.slice());
      this.#chain = this.#crc32(line, 0, line.length, this.#chain);
      this.#kept += 1;
    }
    if (this.#lines >= this.#until) this.#checkpoint(event, after);
  }

  #checkpoint({ at, receivedAt }: CoreEvent, { nextSeq, prev, bytes }: LineAfter): void {
    const { every, keep, write } = this.#options;
    this.#until = this.#lines + every;
    const body = JSON.stringify({
      matchpoint_snapshot: SNAPSHOT_VERSION,
      kinds: keep.kinds,
      line: this.#lines + 1,
      offset: bytes,
      nextSeq,
      prev,
      at,
      receivedAt,
      kept: this.#kept,
      chain: this.#chain,
    }).slice(0, -1);
    const sealed = utf8(body);
    const check = this.#crc32(sealed, 0, sealed.length).toString(16).padStart(8, "0");
    const tail = utf8(`${CHECK}${check}"}\n`);
    const parts = [...this.#waiting, sealed, tail];
    this.#waiting = [];
    let length = 0;
    for (const part of parts) length += part.length;
    const whole = new Uint8Array(length);
    let used = 0;
    for (const part of parts) {
      whole.set(part, used);
      used += part.length;
    }
    write(whole);
  }
}

/** What a snapshot holds that can be believed. */
export interface SnapshotScan {
  /** Its sound checkpoints, the earliest first. */
  readonly checkpoints: readonly Checkpoint[];
  /** What is wrong with the rest, in words; `undefined`: nothing. */
  readonly problem: string | undefined;
}

/** Looks a snapshot through for the checkpoints that its own bytes agree with. Never throws for what is in it. */
export function scanSnapshot(
  chunks: Iterable<Uint8Array>,
  keep: SnapshotKinds,
  crc32: Crc32 = pureCrc32,
): SnapshotScan {
  const checkpoints: Checkpoint[] = [];
  let problem: string | undefined;
  let [chain, kept] = [0, 0];
  const newline = utf8("\n");
  const lines = new LineSplitter(
    (buffer, start, end, line, offset) => {
      if (problem !== undefined) return;
      if (!matches(buffer, start, MARK)) {
        chain = crc32(newline, 0, 1, crc32(buffer, start, end, chain));
        kept += 1;
        return;
      }
      const found = readCheckpoint(buffer.subarray(start, end), keep, crc32, offset + end - start + 1);
      if (typeof found === "string") problem = `line ${line}: ${found}`;
      else if (found.chain !== chain || found.kept !== kept)
        problem = `line ${line}: what is before it was changed`;
      else checkpoints.push(found);
    },
    { code: "JOURNAL_CORRUPT" },
  );
  try {
    for (const chunk of chunks) {
      lines.push(chunk);
      if (problem !== undefined) break;
    }
  } catch (error) {
    problem ??= error instanceof Error ? error.message : String(error);
  }
  return { checkpoints, problem };
}

const NUMBERS = ["line", "offset", "nextSeq", "prev", "receivedAt", "at", "kept", "chain"] as const;
const decoder = /* @__PURE__ */ new TextDecoder();

function readCheckpoint(
  line: Uint8Array,
  keep: SnapshotKinds,
  crc32: Crc32,
  snapshotBytes: number,
): (Checkpoint & { readonly chain: number }) | string {
  const text = decoder.decode(line);
  const split = text.lastIndexOf(CHECK);
  const sealed = utf8(text.slice(0, Math.max(0, split)));
  const check = crc32(sealed, 0, sealed.length).toString(16).padStart(8, "0");
  if (split === -1 || text.slice(split) !== `${CHECK}${check}"}`) return "its checksum is another";
  const plain = JSON.parse(text) as Record<string, unknown>;
  if (plain["matchpoint_snapshot"] !== SNAPSHOT_VERSION)
    return `it is of version ${String(plain["matchpoint_snapshot"])}, not ${SNAPSHOT_VERSION}`;
  if (plain["kinds"] !== keep.kinds) return "it was made by another version";
  if (!NUMBERS.every((name) => Number.isSafeInteger(plain[name]) || name === "receivedAt"))
    return "it is not whole";
  return { ...(plain as unknown as Checkpoint & { chain: number }), snapshotBytes };
}

/** The lines that a snapshot keeps up to a checkpoint, of bytes that {@link scanSnapshot} has found to be sound. */
export function readSnapshot(
  chunks: Iterable<Uint8Array>,
  { snapshotBytes }: Checkpoint,
  emit: (entry: JournalEntry) => void,
): void {
  const position = { file: "snapshot", line: 1, offset: 0 };
  const lines = new LineSplitter(
    (buffer, start, end, line, offset) => {
      if (offset >= snapshotBytes || matches(buffer, start, MARK)) return;
      position.line = line;
      position.offset = offset;
      emit(decodeLine(buffer, start, end, position));
    },
    { code: "JOURNAL_CORRUPT" },
  );
  for (const chunk of chunks) {
    if (lines.offset >= snapshotBytes) return;
    lines.push(chunk);
  }
}
