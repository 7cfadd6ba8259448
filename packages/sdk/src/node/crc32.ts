import { crc32 } from "node:zlib";
import { pureCrc32, type Crc32 } from "../journal/index.ts";

/** Below this, calling out of JavaScript costs more than it saves. */
const SHORT_BYTES = 64;

/** CRC-32 by Node's zlib: the same numbers as `pureCrc32`, faster on long lines. */
export const nodeCrc32: Crc32 = (bytes, start, end, before = 0) =>
  end - start < SHORT_BYTES
    ? pureCrc32(bytes, start, end, before)
    : crc32(bytes.subarray(start, end), before);
