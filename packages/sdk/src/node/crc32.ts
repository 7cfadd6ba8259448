import { crc32 } from "node:zlib";
import type { Crc32 } from "../journal/index.ts";

/** CRC-32 by Node's zlib: the same numbers as `pureCrc32`, faster on long lines. */
export const nodeCrc32: Crc32 = (bytes, start, end, before = 0) => crc32(bytes.subarray(start, end), before);
