import { MatchpointError, type ErrorCode } from "../errors.ts";

/** Takes one line: bytes `start` to `end` of `buffer` without the newline, valid during the call only. */
export type LineSink = (buffer: Uint8Array, start: number, end: number, line: number, offset: number) => void;

const NEWLINE = 10;
const MAX_LINE = 256 * 1024 * 1024;

/** Cuts chunks of bytes into lines without making strings; only a line that spans chunks is copied. */
export class LineSplitter {
  readonly #sink: LineSink;
  readonly #code: ErrorCode;
  readonly #maxLine: number;
  #carry = new Uint8Array(0);
  #carried = 0;
  #line: number;
  #offset: number;

  /** @param options `line` and `offset`: where the bytes begin, when it is not at the start */
  constructor(
    sink: LineSink,
    options: {
      readonly code: ErrorCode;
      readonly maxLine?: number;
      readonly line?: number;
      readonly offset?: number;
    },
  ) {
    this.#line = options.line ?? 1;
    this.#offset = options.offset ?? 0;
    this.#sink = sink;
    this.#code = options.code;
    this.#maxLine = options.maxLine ?? MAX_LINE;
  }

  /** Number of the line that comes next, from 1. */
  get line(): number {
    return this.#line;
  }

  /** Where that line begins, in bytes from the start. */
  get offset(): number {
    return this.#offset;
  }

  /** The bytes after the last newline, so far. */
  get rest(): Uint8Array {
    return this.#carry.subarray(0, this.#carried);
  }

  /** @throws {@link MatchpointError} with the code given, when a line is longer than the limit */
  push(chunk: Uint8Array): void {
    let from = 0;
    let newline = chunk.indexOf(NEWLINE);
    if (this.#carried > 0 && newline !== -1) {
      this.#keep(chunk, 0, newline);
      const length = this.#carried;
      this.#carried = 0;
      this.#emit(this.#carry, 0, length);
      from = newline + 1;
      newline = chunk.indexOf(NEWLINE, from);
    }
    while (newline !== -1) {
      this.#emit(chunk, from, newline);
      from = newline + 1;
      newline = chunk.indexOf(NEWLINE, from);
    }
    if (from < chunk.length) this.#keep(chunk, from, chunk.length);
  }

  #emit(buffer: Uint8Array, start: number, end: number): void {
    const line = this.#line;
    const offset = this.#offset;
    this.#line = line + 1;
    this.#offset = offset + end - start + 1;
    this.#sink(buffer, start, end, line, offset);
  }

  #keep(chunk: Uint8Array, start: number, end: number): void {
    const needed = this.#carried + end - start;
    if (needed > this.#maxLine) {
      throw new MatchpointError(this.#code, `line ${this.#line} is longer than ${this.#maxLine} bytes`, {
        where: `byte ${this.#offset}`,
        hint: "Lines end with a newline; this does not look like a file of this format.",
      });
    }
    if (needed > this.#carry.length) {
      const larger = new Uint8Array(Math.max(needed, 2 * this.#carry.length, 65_536));
      larger.set(this.#carry.subarray(0, this.#carried));
      this.#carry = larger;
    }
    this.#carry.set(chunk.subarray(start, end), this.#carried);
    this.#carried = needed;
  }
}
