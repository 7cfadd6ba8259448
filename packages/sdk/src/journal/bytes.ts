/**
 * Writes numbers and ready-made pieces straight into a byte buffer: most lines of a journal are numbers, and this
 * makes no strings of them. Callers see to the room; every function returns the position after what it wrote.
 * @module
 */

const ZERO = 48;
const COMMA = 44;
const EIGHT_DIGITS = 100_000_000;
const LAST_PRICE = 10_000;
const HEX = /* @__PURE__ */ new Uint8Array([
  48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 97, 98, 99, 100, 101, 102,
]);

/** The longest text of a number: a negative double with 17 digits and an exponent. */
export const MAX_NUMBER_BYTES = 25;

const encoder = /* @__PURE__ */ new TextEncoder();

/** Text as UTF-8. */
export function utf8(text: string): Uint8Array {
  return encoder.encode(text);
}

/** Copies a piece. */
export function putBytes(buffer: Uint8Array, at: number, piece: Uint8Array): number {
  const length = piece.length;
  if (length > 24) {
    buffer.set(piece, at);
  } else {
    for (let i = 0; i < length; i++) buffer[at + i] = piece[i]!;
  }
  return at + length;
}

/** The four digits of 0 to 9,999 as bytes, first digit lowest. */
const DIGITS = /* @__PURE__ */ Uint32Array.from({ length: 10_000 }, (_, value) => {
  const digit = (place: number): number => ZERO + (Math.floor(value / place) % 10);
  return digit(1_000) | (digit(100) << 8) | (digit(10) << 16) | (digit(1) << 24);
});

/** Four digits, leading zeros included. */
function putFour(buffer: Uint8Array, at: number, value: number): void {
  const digits = DIGITS[value]!;
  buffer[at] = digits;
  buffer[at + 1] = digits >>> 8;
  buffer[at + 2] = digits >>> 16;
  buffer[at + 3] = digits >>> 24;
}

/** Below 10,000, without leading zeros. */
function putShort(buffer: Uint8Array, at: number, value: number): number {
  const digits = DIGITS[value]!;
  let next = at;
  if (value >= 1_000) buffer[next++] = digits;
  if (value >= 100) buffer[next++] = digits >>> 8;
  if (value >= 10) buffer[next++] = digits >>> 16;
  buffer[next++] = digits >>> 24;
  return next;
}

/** Below 100,000,000, without leading zeros. */
function putMiddle(buffer: Uint8Array, at: number, value: number): number {
  if (value < 10_000) return putShort(buffer, at, value);
  const high = (value / 10_000) | 0;
  const next = putShort(buffer, at, high);
  putFour(buffer, next, value - high * 10_000);
  return next + 4;
}

/** A whole number from 0 to 2^53 - 1. Returns -1 for any other: then nothing that was written counts. */
export function putWhole(buffer: Uint8Array, at: number, value: number): number {
  if (value >= 0 && value < EIGHT_DIGITS) {
    const whole = value | 0;
    return whole === value ? putMiddle(buffer, at, whole) : -1;
  }
  if (!(value >= EIGHT_DIGITS && value <= Number.MAX_SAFE_INTEGER && Math.floor(value) === value)) return -1;
  const high = Math.floor(value / EIGHT_DIGITS);
  const low = (value - high * EIGHT_DIGITS) | 0;
  const next = putMiddle(buffer, at, high | 0);
  const lowHigh = (low / 10_000) | 0;
  putFour(buffer, next, lowHigh);
  putFour(buffer, next + 4, low - lowHigh * 10_000);
  return next + 8;
}

/** A whole number from 0 to `max`, which is 10,000 or less. Returns -1 like {@link putWhole}. */
export function putUpTo(buffer: Uint8Array, at: number, value: number, max: number): number {
  const whole = value | 0;
  return whole === value && whole >= 0 && whole <= max ? putMiddle(buffer, at, whole) : -1;
}

/** Any finite number, as JSON has it. Returns -1 like {@link putWhole}. */
export function putNumber(buffer: Uint8Array, at: number, value: number): number {
  const end = putWhole(buffer, at, value);
  if (end !== -1) return end;
  return Number.isFinite(value) ? putAscii(buffer, at, JSON.stringify(value)) : -1;
}

/** Triples of ladder, price and size, with commas between. Returns -1 like {@link putWhole}. */
export function putLevels(buffer: Uint8Array, start: number, levels: readonly number[]): number {
  let at = start;
  const length = levels.length;
  for (let i = 0; i < length; i += 3) {
    const ladder = levels[i]!;
    const price = levels[i + 1]!;
    const whole = price | 0;
    if (!(ladder === 0 || ladder === 1 || ladder === 2 || ladder === 3)) return -1;
    if (whole !== price || whole < 0 || whole > LAST_PRICE) return -1;
    if (i > 0) buffer[at++] = COMMA;
    buffer[at++] = ZERO + ladder;
    buffer[at++] = COMMA;
    at = putMiddle(buffer, at, whole);
    buffer[at++] = COMMA;
    at = putWhole(buffer, at, levels[i + 2]!);
    if (at === -1) return -1;
  }
  return at;
}

/** ASCII text, such as a hash. */
export function putAscii(buffer: Uint8Array, at: number, text: string): number {
  for (let i = 0; i < text.length; i++) buffer[at + i] = text.charCodeAt(i);
  return at + text.length;
}

/** Text if all of it is ASCII. Returns -1 when it is not: then nothing that was written counts. */
export function putPlain(buffer: Uint8Array, at: number, text: string): number {
  const { length } = text;
  for (let i = 0; i < length; i++) {
    const code = text.charCodeAt(i);
    if (code > 127) return -1;
    buffer[at + i] = code;
  }
  return at + length;
}

/** A 32-bit word as eight hexadecimal digits. */
export function putHex(buffer: Uint8Array, at: number, word: number): number {
  const high = word >>> 16;
  const low = word & 0xffff;
  buffer[at] = HEX[high >>> 12]!;
  buffer[at + 1] = HEX[(high >>> 8) & 15]!;
  buffer[at + 2] = HEX[(high >>> 4) & 15]!;
  buffer[at + 3] = HEX[high & 15]!;
  buffer[at + 4] = HEX[low >>> 12]!;
  buffer[at + 5] = HEX[(low >>> 8) & 15]!;
  buffer[at + 6] = HEX[(low >>> 4) & 15]!;
  buffer[at + 7] = HEX[low & 15]!;
  return at + 8;
}

/** Reads eight hexadecimal digits; -1 when they are none. */
export function readHex(bytes: Uint8Array, at: number): number {
  let word = 0;
  for (let i = 0; i < 8; i++) {
    const c = bytes[at + i] ?? 0;
    const digit = c >= 48 && c <= 57 ? c - 48 : c >= 97 && c <= 102 ? c - 87 : -1;
    if (digit === -1) return -1;
    word = word * 16 + digit;
  }
  return word;
}

/** Whether a piece stands at a position. */
export function matches(bytes: Uint8Array, at: number, piece: Uint8Array): boolean {
  for (let i = 0; i < piece.length; i++) {
    if (bytes[at + i] !== piece[i]) return false;
  }
  return true;
}
