import type { Storage } from "../contracts/index.ts";
import { MatchpointError } from "../errors.ts";
import type { CoreEvent } from "../events/index.ts";
import type { RunId } from "../ids.ts";
import { putHex, putPlain, utf8 } from "./bytes.ts";
import { pureCrc32 } from "./crc32.ts";
import { isHot, LineEncoder } from "./encode.ts";
import { BARE_PREV_KEY, CRC_KEY, LINE_END, TAIL_BYTES } from "./envelope.ts";
import type { Crc32, RunningHash, Sha256 } from "./types.ts";

const BUFFER_BYTES = 1_048_576;
/** Below this, calling out of JavaScript costs more than it saves. */
const SHORT_BYTES = 400;
/** A hash is stated once so many bytes have gathered, with the next line that is no market data. */
const HASHED_BYTES = 65_536;
/** These state one whatever has gathered: a run's end, and a snapshot that the next start may begin at. */
const ALWAYS_HASHED: ReadonlySet<CoreEvent["type"]> = new Set(["run_stopped", "snapshot_taken"]);

/** What a {@link JournalWriter} needs. */
export interface JournalWriterOptions {
  /** Where the bytes go. It must copy or write them before `append` returns: the buffer is used again. */
  readonly storage: Storage;
  readonly runId: RunId;
  /** Names this start of the process: monotonic times of different boots cannot be compared. */
  readonly bootId: string;
  /** Default: a table in plain JavaScript. */
  readonly crc32?: Crc32;
  /** States hashes too (`nodeSha256`). Default: none, only checksums. */
  readonly sha256?: Sha256;
  /** The storage's name for the journal. Default `journal.jsonl`. */
  readonly segment?: string;
  /** Bytes that are gathered before they go to the storage. Default 1 MiB. */
  readonly bufferBytes?: number;
  /** Goes on where a journal ended, as its reader found it: {@link JournalEnd}, and the reader's `hash`. */
  readonly resume?: {
    readonly nextSeq: number;
    readonly prev: number;
    readonly hash?: RunningHash | undefined;
  };
}

/**
 * Appends events to a journal: one line of JSON each, checksummed and chained.
 *
 * `{schema_version, seq, run_id, market_id?, match_id?, intent_id?, order_id?, occurred_at?, received_at, mono_ns,
 * ntp_offset_ms?, venue_offset_ms?, boot_id, kind, payload, effects_hash?, sha256?, crc, prev}`, in this order and without blanks. `payload` holds the event's
 * fields that have no column. `crc` is the CRC-32, as eight hexadecimal digits, of the line's bytes without its newline
 * and without `,"crc":"…"`; `prev` is the `crc` of the line before (`00000000` on the first). Changing, dropping, adding
 * or moving a line breaks the chain. A checksum finds what a disk does; for what a person or a program does to a journal, some
 * lines state the SHA-256 of all bytes from the line that stated one before (or the journal's start) up to themselves, so that
 * these hashes are chained as well: the last one stands for the whole journal before it.
 *
 * @example
 * ```ts
 * import { id, JournalWriter, MemoryStorage } from "@matchpoint/sdk";
 * const journal = new JournalWriter({ storage: new MemoryStorage(), runId: id("r1"), bootId: "b1" });
 * journal.append({ type: "run_stopping", at: 0 as never, receivedAt: 0 as never, reason: "done" }, undefined);
 * await journal.sync();
 * ```
 */
export class JournalWriter {
  readonly #storage: Storage;
  readonly #encoder: LineEncoder;
  readonly #crc32: Crc32;
  readonly #sha256: Sha256 | undefined;
  readonly #segment: string;
  readonly #buffer: Uint8Array;
  /** The end of the next line: as its checksum sees it, and as it is written. */
  readonly #bareTail = utf8(`,"prev":"00000000"}`);
  readonly #tail = utf8(`,"crc":"00000000","prev":"00000000"}\n`);
  #used = 0;
  #seq: number;
  #bytes = 0;
  /** Of everything since the last line that states a hash, up to `#hashed` in the buffer. */
  #hash: RunningHash | undefined;
  #hashed = 0;
  #hashedBytes = 0;
  #failure: MatchpointError | undefined;

  constructor(options: JournalWriterOptions) {
    this.#storage = options.storage;
    this.#encoder = new LineEncoder(options.runId, options.bootId);
    this.#crc32 = options.crc32 ?? pureCrc32;
    this.#sha256 = options.sha256;
    // A hash that does not go on from the one before would not be the one that is read.
    this.#hash = (options.resume?.nextSeq ?? 1) > 1 ? options.resume?.hash : options.sha256?.();
    this.#segment = options.segment ?? "journal.jsonl";
    this.#buffer = new Uint8Array(options.bufferBytes ?? BUFFER_BYTES);
    this.#seq = options.resume?.nextSeq ?? 1;
    this.#chain(options.resume?.prev ?? 0);
  }

  /** The `seq` of the next line. */
  get nextSeq(): number {
    return this.#seq;
  }

  /** Bytes appended by this writer. */
  get bytes(): number {
    return this.#bytes;
  }

  /**
   * Takes an event that the core has taken, with the hash of what it led to. Only buffers; see {@link JournalWriter.sync}.
   *
   * @throws {@link MatchpointError} `JOURNAL_WRITE_FAILED` (now and from then on), `EVENT_INVALID`
   */
  append(event: CoreEvent, effectsHash: string | undefined): void {
    if (this.#failure !== undefined) throw this.#failure;
    const room = this.#encoder.room(event, effectsHash);
    if (room > 0 && room <= this.#buffer.length && isHot(event)) {
      if (this.#used + room > this.#buffer.length) this.flush();
      const end = this.#encoder.hot(event, this.#seq, effectsHash, this.#buffer, this.#used);
      if (end !== -1) {
        const { crc, crcEnd } = this.#encoder;
        this.#used = this.#seal(this.#buffer, this.#used, end, crc, crcEnd);
        return;
      }
    }
    const text = this.#encoder.text(event, this.#seq, effectsHash);
    const due =
      this.#hashedBytes + this.#used - this.#hashed >= HASHED_BYTES || ALWAYS_HASHED.has(event.type);
    this.#appendText(
      due && this.#hash !== undefined ? `${text},"sha256":"${this.#digest(this.#hash)}"` : text,
    );
  }

  /** The hash of all that came before the next line, which is the first of the next one. */
  #digest(hash: RunningHash): string {
    this.#hashOn();
    this.#hash = this.#sha256?.();
    this.#hashedBytes = 0;
    return hash.digest();
  }

  /** Takes into the hash what the buffer holds. */
  #hashOn(): void {
    this.#hash?.update(this.#buffer.subarray(this.#hashed, this.#used));
    this.#hashedBytes += this.#used - this.#hashed;
    this.#hashed = this.#used;
  }

  #appendText(text: string): void {
    // Nearly always plain ASCII, which goes straight into the buffer.
    const most = text.length + TAIL_BYTES + 1;
    if (this.#used + most > this.#buffer.length) this.flush();
    const end = most <= this.#buffer.length ? putPlain(this.#buffer, this.#used, text) : -1;
    if (end !== -1) {
      this.#used = this.#seal(this.#buffer, this.#used, end, 0, this.#used);
      return;
    }
    const body = utf8(text);
    const length = body.length + TAIL_BYTES + 1;
    if (this.#used + length > this.#buffer.length) this.flush();
    if (length <= this.#buffer.length) {
      const start = this.#used;
      this.#buffer.set(body, start);
      this.#used = this.#seal(this.#buffer, start, start + body.length, 0, start);
      return;
    }
    const line = new Uint8Array(length);
    line.set(body);
    this.#seal(line, 0, body.length, 0, 0);
    this.#hash?.update(line);
    this.#hashedBytes += line.length;
    this.#store(line);
  }

  /**
   * Closes the line from `start` to `end` with its checksum, which is known to be `before` up to `from`; returns where the
   * next line starts.
   */
  #seal(buffer: Uint8Array, start: number, end: number, before: number, from: number): number {
    // First without the crc field, so that one pass covers what it covers; then again with it.
    const bare = end + this.#bareTail.length;
    buffer.set(this.#bareTail, end);
    const crc32 = bare - from < SHORT_BYTES ? pureCrc32 : this.#crc32;
    const crc = crc32(buffer, from, bare, before);
    const tail = this.#tail;
    putHex(tail, CRC_KEY.length, crc);
    const next = end + tail.length;
    buffer.set(tail, end);
    this.#chain(crc);
    this.#seq += 1;
    this.#bytes += next - start;
    return next;
  }

  /** Makes a line's checksum the `prev` of the next. */
  #chain(crc: number): void {
    putHex(this.#bareTail, BARE_PREV_KEY.length, crc);
    putHex(this.#tail, TAIL_BYTES - 8 - LINE_END.length, crc);
  }

  /**
   * Hands everything to the storage, without waiting for it to be durable.
   * @throws {@link MatchpointError} `JOURNAL_WRITE_FAILED`
   */
  flush(): void {
    if (this.#failure !== undefined) throw this.#failure;
    if (this.#used === 0) return;
    this.#hashOn();
    const used = this.#used;
    this.#used = 0;
    this.#hashed = 0;
    this.#store(this.#buffer.subarray(0, used));
  }

  /**
   * Resolves when everything appended before the call would survive a power loss.
   * @throws {@link MatchpointError} `JOURNAL_WRITE_FAILED`
   */
  async sync(): Promise<void> {
    this.flush();
    try {
      await this.#storage.sync();
    } catch (cause) {
      throw this.#fail(cause);
    }
  }

  /** Syncs and lets go of the storage. @throws {@link MatchpointError} `JOURNAL_WRITE_FAILED` */
  async close(): Promise<void> {
    await this.sync();
    await this.#storage.close();
  }

  #store(bytes: Uint8Array): void {
    try {
      this.#storage.append(this.#segment, bytes);
    } catch (cause) {
      throw this.#fail(cause);
    }
  }

  #fail(cause: unknown): MatchpointError {
    const reason = cause instanceof Error ? cause.message : String(cause);
    this.#failure ??= new MatchpointError(
      "JOURNAL_WRITE_FAILED",
      `the journal cannot be written: ${reason}`,
      {
        where: this.#segment,
        hint: "Nothing more is traded without a journal. Free the disk or point journal.dir elsewhere, then start again.",
        cause,
      },
    );
    return this.#failure;
  }
}
