import { PRICE_PLACES } from "./decimal.ts";
import { ABSENT } from "./stage.ts";

export const QUOTE = 0x22;
const BACKSLASH = 0x5c;
export const COMMA = 0x2c;
export const COLON = 0x3a;
export const OPEN = 0x7b;
export const CLOSE = 0x7d;
export const OPEN_LIST = 0x5b;
export const CLOSE_LIST = 0x5d;
const DOT = 0x2e;
export const SPACE = 0x20;
const ZERO = 0x30;

/** What a reader returns for something that it leaves to the parser. */
export const ODD = -2;
/** Bytes that must be readable behind a frame: what a frame cut in the middle of a word makes the reader touch at most. */
const PAD = 64;

const POWERS = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000];

/** Four characters as a little-endian word. */
export function word(text: string): number {
  return (
    text.charCodeAt(0) | (text.charCodeAt(1) << 8) | (text.charCodeAt(2) << 16) | (text.charCodeAt(3) << 24)
  );
}
const TRUE = word("true");
const NULL = word("null");
const ALSE = word("alse");

/**
 * Reads the plainest JSON from bytes: text without escapes, decimals and times as text. Everything else is {@link ODD} or
 * false. Bounds are checked where a value ends, not at each byte: `pos` may run a few bytes past `end` in a frame that is cut
 * off, and no such frame is accepted.
 */
export class ByteReader {
  protected bytes: Uint8Array = new Uint8Array(0);
  protected view: DataView = new DataView(new ArrayBuffer(0));
  protected pos = 0;
  protected end = 0;
  private buffer: ArrayBufferLike = new ArrayBuffer(0);
  private scratch = new Uint8Array(4096);

  /** Makes the frame's bytes readable by word, copying it when it ends where its memory ends. */
  protected open(frame: Uint8Array, start: number, end: number): void {
    let buffer: ArrayBufferLike = frame.buffer;
    let from = frame.byteOffset + start;
    const length = end - start;
    if (from + length + PAD > buffer.byteLength) {
      if (this.scratch.length < length + PAD) this.scratch = new Uint8Array((length + PAD) * 2);
      this.scratch.set(start === 0 && end === frame.length ? frame : frame.subarray(start, end));
      buffer = this.scratch.buffer;
      from = 0;
    }
    if (buffer !== this.buffer) {
      this.buffer = buffer;
      this.bytes = new Uint8Array(buffer);
      this.view = new DataView(buffer);
    }
    this.pos = from;
    this.end = from + length;
  }

  protected space(): void {
    const bytes = this.bytes;
    let at = this.pos;
    for (
      let c = bytes[at]!;
      at < this.end && (c === SPACE || c === 10 || c === 13 || c === 9);
      c = bytes[at]!
    )
      at++;
    this.pos = at;
  }

  /** The character after a value, spaces before it skipped; `pos` behind it. */
  protected next(): number {
    if (this.bytes[this.pos]! <= SPACE) this.space();
    return this.bytes[this.pos++]!;
  }

  /** Skips the value of a key that is not read: text, `true`, `false` or `null`. */
  protected skip(): boolean {
    const c = this.bytes[this.pos];
    if (c === QUOTE) return this.string();
    const at = this.pos;
    if (at >= this.end) return false;
    const four = this.view.getInt32(at, true);
    if (four === TRUE || four === NULL) {
      this.pos = at + 4;
      return true;
    }
    if (c !== 0x66 || this.view.getInt32(at + 1, true) !== ALSE) return false;
    this.pos = at + 5;
    return true;
  }

  /** Skips text without escapes, four bytes at a time. */
  protected string(): boolean {
    const { bytes, view, end } = this;
    let at = this.pos + 1;
    for (const last = end - 4; at <= last; at += 4) {
      const four = view.getInt32(at, true);
      const quote = four ^ 0x22222222;
      const slash = four ^ 0x5c5c5c5c;
      // The high bit of a byte is set where it is a quote, a backslash or below a space.
      const hit =
        ((quote - 0x01010101) & ~quote) | ((slash - 0x01010101) & ~slash) | ((four - 0x20202020) & ~four);
      if ((hit & 0x80808080) !== 0) break;
    }
    for (; at < end; at++) {
      const c = bytes[at]!;
      if (c === QUOTE) {
        this.pos = at + 1;
        return true;
      }
      if (c < SPACE || c === BACKSLASH) return false;
    }
    return false;
  }

  /** A price as text; most are `"0."` and up to four digits. */
  protected priceText(): number {
    const bytes = this.bytes;
    const at = this.pos;
    if (bytes[at] !== QUOTE || bytes[at + 1] !== ZERO || bytes[at + 2] !== DOT)
      return this.decimal(PRICE_PLACES);
    let digit = bytes[at + 3]! - ZERO;
    if (!(digit >= 0 && digit <= 9)) return ODD;
    let value = digit * 1000;
    let unit = 100;
    for (let i = at + 4; i < at + 7; i++) {
      const c = bytes[i]!;
      if (c === QUOTE) {
        this.pos = i + 1;
        return value;
      }
      digit = c - ZERO;
      if (!(digit >= 0 && digit <= 9)) return ODD;
      value += digit * unit;
      unit = unit === 100 ? 10 : 1;
    }
    if (bytes[at + 7] !== QUOTE) return this.decimal(PRICE_PLACES);
    this.pos = at + 8;
    return value;
  }

  /** A decimal as text, in units of 10^-places; {@link ABSENT} for `""`, {@link ODD} for what the parser should see. */
  protected decimal(places: number): number {
    const bytes = this.bytes;
    let at = this.pos;
    if (bytes[at] !== QUOTE) return ODD;
    const from = ++at;
    let c = bytes[at]!;
    if (c === QUOTE) {
      this.pos = at + 1;
      return ABSENT;
    }
    let whole = 0;
    for (let digit = c - ZERO; digit >= 0 && digit <= 9; digit = c - ZERO) {
      whole = whole * 10 + digit;
      c = bytes[++at]!;
    }
    if (at - from > 10) return ODD;
    let fraction = 0;
    let kept = 0;
    if (c === DOT) {
      const point = at;
      c = bytes[++at]!;
      for (let digit = c - ZERO; digit >= 0 && digit <= 9; digit = c - ZERO) {
        if (kept < places) {
          fraction = fraction * 10 + digit;
          kept++;
        } else if (digit !== 0) return ODD;
        c = bytes[++at]!;
      }
      const length = at - point - 1;
      if (length === 0 || length > 18) return ODD;
    }
    if (c !== QUOTE || at >= this.end) return ODD;
    this.pos = at + 1;
    const value = whole * POWERS[places]! + fraction * POWERS[places - kept]!;
    return value <= Number.MAX_SAFE_INTEGER ? value : ODD;
  }

  /** A timestamp: text of digits. */
  protected digits(): number {
    const bytes = this.bytes;
    let at = this.pos;
    if (bytes[at] !== QUOTE) return ODD;
    const from = ++at;
    let value = 0;
    let c = bytes[at]!;
    for (let digit = c - ZERO; digit >= 0 && digit <= 9; digit = c - ZERO) {
      value = value * 10 + digit;
      c = bytes[++at]!;
    }
    const length = at - from;
    if (c !== QUOTE || length === 0 || length > 15 || at >= this.end) return ODD;
    this.pos = at + 1;
    return value;
  }
}
