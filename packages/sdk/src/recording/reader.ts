import { MatchpointError } from "../errors.ts";
import { LineSplitter } from "../events/index.ts";
import type { Millis } from "../units/index.ts";
import { checkHeader } from "./header.ts";
import type { RecordedFrame, RecordingEnd, RecordingSink } from "./types.ts";

type Writable<T> = { -readonly [K in keyof T]: T[K] };

const QUOTE = 34;
const COMMA = 44;
const DOT = 46;
const COLON = 58;
const OPEN = 123;
const CLOSE = 125;
const SPACE = 32;
const TAB = 9;
const RETURN = 13;
const ZERO = 48;
const NINE = 57;

const decoder = /* @__PURE__ */ new TextDecoder("utf-8", { fatal: true });
const encoder = /* @__PURE__ */ new TextEncoder();

/**
 * Reads a recording in chunks of any size. A `json` frame is never made into a string: the sink gets its place in the
 * bytes, so that a decoder reads it just as it would read the socket's.
 */
export class RecordingReader {
  readonly #sink: RecordingSink;
  readonly #file: string;
  readonly #lines: LineSplitter;
  readonly #frame: Writable<RecordedFrame> = {
    channel: "",
    t: 0 as Millis,
    buffer: new Uint8Array(0),
    start: 0,
    end: 0,
    line: 0,
  };
  /** Channel names as bytes, the last one found first. */
  #channels: { readonly name: string; readonly bytes: Uint8Array }[] = [];
  #started = false;
  #frames = 0;
  #stated: number | undefined;
  #offset = 0;

  /** @param file Names the recording in errors. */
  constructor(sink: RecordingSink, file = "recording") {
    this.#sink = sink;
    this.#file = file;
    this.#lines = new LineSplitter(
      (buffer, start, end, line, offset) => {
        this.#take(buffer, start, end, line, offset);
      },
      { code: "RECORDING_INVALID" },
    );
  }

  /** @throws {@link MatchpointError} `RECORDING_INVALID` with the line's number, or whatever the sink throws */
  push(chunk: Uint8Array): void {
    this.#lines.push(chunk);
  }

  /**
   * Call after the last chunk.
   * @throws {@link MatchpointError} `RECORDING_INVALID` when there was no header, or the end line counts other frames than there were
   */
  end(): RecordingEnd {
    const { rest, line, offset } = this.#lines;
    if (!this.#started) throw this.#invalid("it has no header", line, offset);
    if (this.#stated !== undefined && this.#stated !== this.#frames) {
      const what = `the end line counts ${this.#stated} frames, but there are ${this.#frames}`;
      throw this.#invalid(what, line - 1, offset);
    }
    let truncated: string | undefined;
    if (this.#stated === undefined) {
      const last =
        rest.length > 0 ? `line ${line} breaks off after ${rest.length} bytes` : "the end line is missing";
      truncated = `${this.#file} is truncated: ${last}; ${this.#frames} frames are usable`;
    } else if (rest.length > 0) {
      throw this.#invalid("there is more after the end line", line, offset);
    }
    return { frames: this.#frames, bytes: offset, truncated };
  }

  #take(buffer: Uint8Array, start: number, lineEnd: number, line: number, offset: number): void {
    this.#offset = offset;
    let end = lineEnd;
    while (end > start && isBlank(buffer[end - 1]!)) end--;
    if (!this.#started) {
      this.#takeHeader(buffer, start, end, line);
      return;
    }
    if (this.#stated !== undefined) throw this.#invalid("there is more after the end line", line, offset);
    if (!this.#takeFrame(buffer, start, end, line)) this.#takeEnd(buffer, start, end, line);
  }

  #takeHeader(buffer: Uint8Array, start: number, end: number, line: number): void {
    const header = checkHeader(this.#parse(buffer, start, end, line), this.#where(line, this.#offset));
    this.#channels = Object.keys(header.channels).map((name) => ({ name, bytes: encoder.encode(name) }));
    this.#started = true;
    this.#sink.header(header);
  }

  /** Returns false when the line does not begin like a frame. */
  #takeFrame(buffer: Uint8Array, start: number, end: number, line: number): boolean {
    let at = token(buffer, start, OPEN);
    at = at === -1 ? -1 : key(buffer, at, T_KEY);
    if (at === -1) return false;
    const numberStart = at;
    while (at < end && isNumberByte(buffer[at]!)) at++;
    const t = readNumber(buffer, numberStart, at);
    if (Number.isNaN(t)) throw this.#invalid("t is no number", line, this.#offset);
    at = comma(buffer, at);
    at = at === -1 ? -1 : key(buffer, at, CH_KEY);
    if (at === -1 || buffer[at] !== QUOTE)
      throw this.#invalid('expected "ch" and a channel name after "t"', line, this.#offset);
    const nameStart = at + 1;
    let nameEnd = nameStart;
    while (nameEnd < end && buffer[nameEnd] !== QUOTE) nameEnd++;
    if (nameEnd >= end) throw this.#invalid("the channel name has no end", line, this.#offset);
    const channel = this.#channel(buffer, nameStart, nameEnd, line);
    at = comma(buffer, nameEnd + 1);
    if (at === -1) throw this.#invalid(NO_FRAME, line, this.#offset);
    if (buffer[end - 1] !== CLOSE) throw this.#invalid("the line does not end with }", line, this.#offset);
    const frame = this.#frame;
    frame.channel = channel;
    frame.t = t as Millis;
    frame.line = line;
    const json = key(buffer, at, JSON_KEY);
    if (json !== -1) {
      let last = end - 1;
      while (last > json && isBlank(buffer[last - 1]!)) last--;
      if (last <= json) throw this.#invalid(NO_FRAME, line, this.#offset);
      frame.buffer = buffer;
      frame.start = json;
      frame.end = last;
    } else {
      const bytes = this.#escaped(buffer, start, end, at, line);
      frame.buffer = bytes;
      frame.start = 0;
      frame.end = bytes.length;
    }
    this.#frames += 1;
    this.#sink.frame(frame);
    return true;
  }

  /** The bytes of a frame that stands in its line as text or base64. */
  #escaped(buffer: Uint8Array, start: number, end: number, at: number, line: number): Uint8Array {
    if (key(buffer, at, TEXT_KEY) === -1 && key(buffer, at, BASE64_KEY) === -1) {
      throw this.#invalid(NO_FRAME, line, this.#offset);
    }
    const { text, base64 } = this.#parse(buffer, start, end, line) as {
      readonly text?: unknown;
      readonly base64?: unknown;
    };
    if (typeof text === "string") return encoder.encode(text);
    if (typeof base64 !== "string") throw this.#invalid("the frame is no text", line, this.#offset);
    let binary: string;
    try {
      binary = atob(base64);
    } catch {
      throw this.#invalid("the frame is no base64", line, this.#offset);
    }
    return Uint8Array.from(binary, (character) => character.charCodeAt(0));
  }

  #takeEnd(buffer: Uint8Array, start: number, end: number, line: number): void {
    const value = this.#parse(buffer, start, end, line);
    if (
      typeof value === "object" &&
      value !== null &&
      "end" in value &&
      value.end === true &&
      "lines" in value
    ) {
      if (Number.isSafeInteger(value.lines)) {
        this.#stated = value.lines as number;
        return;
      }
    }
    throw this.#invalid(
      'a line is {"t":…,"ch":…,"json":…} in this order, or the end line',
      line,
      this.#offset,
    );
  }

  #channel(buffer: Uint8Array, start: number, end: number, line: number): string {
    const channels = this.#channels;
    for (let i = 0; i < channels.length; i++) {
      const channel = channels[i]!;
      if (channel.bytes.length === end - start && same(buffer, start, channel.bytes)) {
        if (i > 0) {
          channels[i] = channels[0]!;
          channels[0] = channel;
        }
        return channel.name;
      }
    }
    const name = new TextDecoder().decode(buffer.subarray(start, Math.min(end, start + 60)));
    throw this.#invalid(`the header names no channel ${JSON.stringify(name)}`, line, this.#offset);
  }

  #parse(buffer: Uint8Array, start: number, end: number, line: number): unknown {
    try {
      return JSON.parse(decoder.decode(buffer.subarray(start, end)));
    } catch (cause) {
      throw this.#invalid("the line is no JSON", line, this.#offset, cause);
    }
  }

  #where(line: number, offset: number): string {
    return `${this.#file}: line ${line}, byte ${offset}`;
  }

  #invalid(what: string, line: number, offset: number, cause?: unknown): MatchpointError {
    return new MatchpointError("RECORDING_INVALID", what, {
      where: this.#where(line, offset),
      cause,
      context: { line, offset },
    });
  }
}

const NO_FRAME = 'expected "json", "text" or "base64" after the channel';
const T_KEY = /* @__PURE__ */ encoder.encode('"t"');
const CH_KEY = /* @__PURE__ */ encoder.encode('"ch"');
const JSON_KEY = /* @__PURE__ */ encoder.encode('"json"');
const TEXT_KEY = /* @__PURE__ */ encoder.encode('"text"');
const BASE64_KEY = /* @__PURE__ */ encoder.encode('"base64"');

function isBlank(byte: number): boolean {
  return byte === SPACE || byte === TAB || byte === RETURN;
}

function isNumberByte(byte: number): boolean {
  return (
    (byte >= ZERO && byte <= NINE) ||
    byte === DOT ||
    byte === 43 ||
    byte === 45 ||
    byte === 69 ||
    byte === 101
  );
}

function skipBlank(buffer: Uint8Array, at: number): number {
  let i = at;
  while (i < buffer.length && isBlank(buffer[i]!)) i++;
  return i;
}

/** Position after a byte that must stand here, blanks before and after it skipped; -1 when it does not. */
function token(buffer: Uint8Array, at: number, byte: number): number {
  const i = skipBlank(buffer, at);
  return buffer[i] === byte ? skipBlank(buffer, i + 1) : -1;
}

function comma(buffer: Uint8Array, at: number): number {
  return token(buffer, at, COMMA);
}

/** Position of the value of a key that must stand here; -1 when it does not. */
function key(buffer: Uint8Array, at: number, name: Uint8Array): number {
  return same(buffer, at, name) ? token(buffer, at + name.length, COLON) : -1;
}

function same(buffer: Uint8Array, at: number, bytes: Uint8Array): boolean {
  for (let i = 0; i < bytes.length; i++) {
    if (buffer[at + i] !== bytes[i]) return false;
  }
  return true;
}

/** Plain digits by arithmetic, anything else as JSON has it; NaN when it is no number. */
function readNumber(buffer: Uint8Array, start: number, end: number): number {
  const length = end - start;
  if (length === 0 || length > 40) return NaN;
  if (length <= 15) {
    let value = 0;
    let i = start;
    for (; i < end; i++) {
      const digit = buffer[i]! - ZERO;
      if (digit < 0 || digit > 9) break;
      value = value * 10 + digit;
    }
    if (i === end) return value;
  }
  let text = "";
  for (let i = start; i < end; i++) text += String.fromCharCode(buffer[i]!);
  return /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(text) && Number.isFinite(Number(text)) ? Number(text) : NaN;
}
