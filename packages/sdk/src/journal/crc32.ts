import type { Crc32 } from "./types.ts";

const SLICES = 8;

/** Eight tables of 256 words: "slicing-by-8" looks up eight bytes at a time. */
function makeTables(): Int32Array {
  const tables = new Int32Array(SLICES * 256);
  for (let i = 0; i < 256; i++) {
    let word = i;
    for (let bit = 0; bit < 8; bit++) word = word & 1 ? (word >>> 1) ^ 0xedb88320 : word >>> 1;
    tables[i] = word;
  }
  for (let i = 256; i < tables.length; i++) {
    const before = tables[i - 256]!;
    tables[i] = (before >>> 8) ^ tables[before & 255]!;
  }
  return tables;
}

const TABLES = /* @__PURE__ */ makeTables();

/**
 * CRC-32 (IEEE 802.3: reflected polynomial 0xEDB88320, as in gzip and `zlib.crc32`) in plain JavaScript. Under Node,
 * `nodeCrc32` of `@matchpoint/sdk/node` gives the same numbers faster.
 */
export const pureCrc32: Crc32 = (bytes, start, end, before = 0) => {
  let crc = ~before;
  let i = start;
  for (const last = end - SLICES; i <= last; i += SLICES) {
    crc ^= bytes[i]! | (bytes[i + 1]! << 8) | (bytes[i + 2]! << 16) | (bytes[i + 3]! << 24);
    crc =
      TABLES[1792 + (crc & 255)]! ^
      TABLES[1536 + ((crc >>> 8) & 255)]! ^
      TABLES[1280 + ((crc >>> 16) & 255)]! ^
      TABLES[1024 + (crc >>> 24)]! ^
      TABLES[768 + bytes[i + 4]!]! ^
      TABLES[512 + bytes[i + 5]!]! ^
      TABLES[256 + bytes[i + 6]!]! ^
      TABLES[bytes[i + 7]!]!;
  }
  for (; i < end; i++) crc = (crc >>> 8) ^ TABLES[(crc ^ bytes[i]!) & 255]!;
  return ~crc >>> 0;
};

/** A piece that many lines share, made ready so that a checksum passes over it in four look-ups, however long it is. */
export interface ReadyPiece {
  readonly bytes: Uint8Array;
  /** What the piece itself adds to the checksum's register. */
  readonly own: number;
  /** What so many bytes make of each of the register's own four bytes. */
  readonly shift: Int32Array;
}

/** Tables per length: CRC is linear, so what zeros do to a register is the sum of what they do to its bits. */
const SHIFTS = /* @__PURE__ */ new Map<number, Int32Array>();

function shiftOf(length: number): Int32Array {
  const known = SHIFTS.get(length);
  if (known !== undefined) return known;
  const shift = new Int32Array(1_024);
  for (let bit = 0; bit < 32; bit++) {
    let word = 1 << bit;
    for (let i = 0; i < length; i++) word = (word >>> 8) ^ TABLES[word & 255]!;
    const table = (bit >>> 3) * 256;
    const step = 1 << (bit & 7);
    for (let i = 0; i < step; i++) shift[table + step + i] = shift[table + i]! ^ word;
  }
  SHIFTS.set(length, shift);
  return shift;
}

/** Makes a piece ready. Costs some microseconds, once per piece. */
export function readyPiece(bytes: Uint8Array): ReadyPiece {
  let own = 0;
  for (const byte of bytes) own = (own >>> 8) ^ TABLES[(own ^ byte) & 255]!;
  return { bytes, own, shift: shiftOf(bytes.length) };
}

/** The same as `pureCrc32(piece.bytes, 0, piece.bytes.length, before)`. */
export function crcOverPiece(before: number, { own, shift }: ReadyPiece): number {
  const crc = ~before;
  const word =
    shift[crc & 255]! ^
    shift[256 + ((crc >>> 8) & 255)]! ^
    shift[512 + ((crc >>> 16) & 255)]! ^
    shift[768 + (crc >>> 24)]! ^
    own;
  return ~word >>> 0;
}
