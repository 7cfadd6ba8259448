import { MatchpointError } from "../errors.ts";
import { LineSplitter } from "../events/index.ts";
import { matches, readHex } from "./bytes.ts";
import { pureCrc32 } from "./crc32.ts";
import { decodeLine, whereOf, type LinePosition } from "./decode.ts";
import { HotDecoder } from "./decodeHot.ts";
import { BARE_PREV_KEY, CRC_KEY, LINE_END, LINE_START, PREV_KEY, TAIL_BYTES } from "./envelope.ts";
import { HashedLines } from "./hashedLines.ts";
import type { Crc32, JournalEnd, JournalEntry, JournalPosition, RunningHash, Sha256 } from "./types.ts";

/** How a journal is read. */
export interface JournalReaderOptions {
  /** Default: a table in plain JavaScript. */
  readonly crc32?: Crc32;
  /** Holds the hashes that lines state against their bytes (`nodeSha256`). Default: they are not looked at. */
  readonly sha256?: Sha256;
  /** Names the journal in errors. */
  readonly file?: string;
  /** Where the bytes begin that it is fed, when that is not the journal's start; whoever says so vouches for what is before. */
  readonly from?: JournalPosition;
}

/** Where the digits of `crc` and `prev` begin, counted back from the end of the line. */
const CRC_DIGITS = TAIL_BYTES - 8;
const PREV_DIGITS = 10;
const CRC_FIELD_BYTES = 16; // ,"crc":"xxxxxxxx with its comma; the closing quote serves the prev field's place

/**
 * Reads a journal in chunks of any size, checking every line's checksum, its chain to the line before and its sequence
 * number before it hands the event on.
 */
export class JournalReader {
  readonly #crc32: Crc32;
  readonly #position: LinePosition;
  readonly #hot = new HotDecoder();
  readonly #lines: LineSplitter;
  readonly #hashed: HashedLines | undefined;
  #emit: (entry: JournalEntry) => void = () => undefined;
  /** What is being taken: lines in it stay where they are for as long. */
  #chunk: Uint8Array | undefined;
  #seq = 0;
  #prev = 0;

  constructor(options: JournalReaderOptions = {}) {
    this.#crc32 = options.crc32 ?? pureCrc32;
    const { from, sha256 } = options;
    // What comes from the middle of a journal is known from the first hash in it on.
    this.#hashed = sha256 === undefined ? undefined : new HashedLines(sha256, from === undefined);
    this.#position = { file: options.file ?? "journal", line: from?.line ?? 1, offset: from?.offset ?? 0 };
    if (from !== undefined) {
      this.#seq = from.nextSeq - 1;
      this.#prev = from.prev;
    }
    this.#lines = new LineSplitter(
      (buffer, start, end, line, offset) => this.#take(buffer, start, end, line, offset),
      {
        code: "JOURNAL_CORRUPT",
        ...(from === undefined ? {} : { line: from.line, offset: from.offset }),
      },
    );
  }

  /**
   * Takes the next bytes and hands over the entries that are whole.
   * @throws {@link MatchpointError} `JOURNAL_CORRUPT` with line and byte, `JOURNAL_SCHEMA_NEWER`
   */
  push(chunk: Uint8Array, emit: (entry: JournalEntry) => void): void {
    this.#emit = emit;
    this.#chunk = chunk;
    this.#lines.push(chunk);
    this.#hashed?.rest();
  }

  /** For a writer that goes on: the hash of the lines since the last that states one. Nothing is read after it. */
  get hash(): RunningHash | undefined {
    return this.#hashed?.known;
  }

  /** Call after the last chunk. */
  end(): JournalEnd {
    const torn = this.#lines.rest.length;
    const { line, offset } = this.#lines;
    return {
      lines: line - 1,
      bytes: offset,
      nextSeq: this.#seq + 1,
      prev: this.#prev,
      torn: torn === 0 ? undefined : { line, offset, bytes: torn },
    };
  }

  #take(buffer: Uint8Array, start: number, end: number, line: number, offset: number): void {
    const tail = end - TAIL_BYTES;
    if (
      tail < start ||
      !matches(buffer, tail, CRC_KEY) ||
      !matches(buffer, tail + CRC_FIELD_BYTES, PREV_KEY) ||
      !matches(buffer, end - LINE_END.length, LINE_END)
    ) {
      if (line === 1 && !matches(buffer, start, LINE_START)) throw this.#noJournal();
      throw this.#corrupt("it does not end with crc and prev", line, offset);
    }
    const stated = readHex(buffer, end - CRC_DIGITS);
    const prev = readHex(buffer, end - PREV_DIGITS);
    const body = this.#crc32(buffer, start, tail);
    const crc = this.#crc32(BARE_PREV_KEY, 0, BARE_PREV_KEY.length, body);
    const actual = this.#crc32(buffer, end - PREV_DIGITS, end, crc);
    if (actual !== stated) {
      throw this.#corrupt(
        `its checksum is ${hex(actual)}, but it states ${hex(stated)}: the line was changed`,
        line,
        offset,
      );
    }
    if (prev !== this.#prev) {
      const what = `it follows a line with checksum ${hex(prev)}, but the line before has ${hex(this.#prev)}`;
      throw this.#corrupt(`${what}: a line was dropped, added or moved`, line, offset);
    }
    const entry = this.#hot.read(buffer, start, tail, line) ?? this.#decode(buffer, start, end, line, offset);
    this.#hashed?.add(buffer, start, end, buffer === this.#chunk);
    if (line > 1 && entry.seq !== this.#seq + 1) {
      throw this.#corrupt(`its seq is ${entry.seq}, expected ${this.#seq + 1}`, line, offset);
    }
    this.#seq = entry.seq;
    this.#prev = stated;
    this.#emit(entry);
  }

  /** The general way: any kind of line, of any version. */
  #decode(buffer: Uint8Array, start: number, end: number, line: number, offset: number): JournalEntry {
    this.#position.line = line;
    this.#position.offset = offset;
    const { entry, sha256 } = decodeLine(buffer, start, end, this.#position);
    const differs = sha256 === undefined ? undefined : this.#hashed?.differs(sha256, line);
    if (differs !== undefined) throw this.#corrupt(`${differs}: the journal was changed`, line, offset);
    this.#hot.learn(entry);
    return entry;
  }

  #noJournal(): MatchpointError {
    return new MatchpointError(
      "JOURNAL_CORRUPT",
      "this is no journal: its first line is none of a journal's",
      {
        where: whereOf({ file: this.#position.file, line: 1, offset: 0 }),
        hint: "Name a file that a run has written, such as runs/RUN.journal.jsonl; a recording is for replay.",
        context: { line: 1, offset: 0 },
      },
    );
  }

  #corrupt(what: string, line: number, offset: number): MatchpointError {
    return new MatchpointError("JOURNAL_CORRUPT", what, {
      where: whereOf({ file: this.#position.file, line, offset }),
      hint: "Everything before this line is sound. Restore the file from a copy; it cannot be repaired by guessing.",
      context: { line, offset },
    });
  }
}

function hex(word: number): string {
  return word < 0 ? "no checksum" : word.toString(16).padStart(8, "0");
}

/** Options of {@link readJournal}. */
export interface ReadJournalOptions extends JournalReaderOptions {
  /** Told what was at the end, a torn last line above all. The generator also returns it. */
  readonly onEnd?: (end: JournalEnd) => void;
}

/**
 * Reads a journal from bytes, or from chunks of any size.
 *
 * @example
 * ```ts
 * import { readJournal } from "@matchpoint/sdk";
 * for (const { seq, event } of readJournal(new Uint8Array())) console.log(seq, event.type);
 * ```
 * @throws {@link MatchpointError} `JOURNAL_CORRUPT` with line and byte, `JOURNAL_SCHEMA_NEWER`
 */
export function readJournal(
  source: Uint8Array | Iterable<Uint8Array>,
  options?: ReadJournalOptions,
): Generator<JournalEntry, JournalEnd, undefined>;
export function readJournal(
  source: AsyncIterable<Uint8Array>,
  options?: ReadJournalOptions,
): AsyncGenerator<JournalEntry, JournalEnd, undefined>;
export function readJournal(
  source: Uint8Array | Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  options: ReadJournalOptions = {},
): Generator<JournalEntry, JournalEnd, undefined> | AsyncGenerator<JournalEntry, JournalEnd, undefined> {
  if (Symbol.asyncIterator in source) return readAsync(source, options);
  return readSync(source instanceof Uint8Array ? [source] : source, options);
}

function* readSync(
  chunks: Iterable<Uint8Array>,
  options: ReadJournalOptions,
): Generator<JournalEntry, JournalEnd, undefined> {
  const reader = new JournalReader(options);
  for (const chunk of chunks) yield* entriesOf(reader, chunk);
  const end = reader.end();
  options.onEnd?.(end);
  return end;
}

async function* readAsync(
  chunks: AsyncIterable<Uint8Array>,
  options: ReadJournalOptions,
): AsyncGenerator<JournalEntry, JournalEnd, undefined> {
  const reader = new JournalReader(options);
  for await (const chunk of chunks) yield* entriesOf(reader, chunk);
  const end = reader.end();
  options.onEnd?.(end);
  return end;
}

/** The entries of one chunk; those before a corrupt line are handed over before its error is thrown. */
function* entriesOf(reader: JournalReader, chunk: Uint8Array): Generator<JournalEntry, void, undefined> {
  const slice = 65_536;
  for (let at = 0; at < chunk.length; at += slice) {
    const entries: JournalEntry[] = [];
    let failure: unknown;
    let failed = false;
    try {
      reader.push(chunk.subarray(at, at + slice), (entry) => entries.push(entry));
    } catch (error) {
      failed = true;
      failure = error;
    }
    yield* entries;
    if (failed) throw failure;
  }
}
