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
