/**
 * A 128-bit hash (MurmurHash3 x64-free variant over four 32-bit lanes) in plain integer arithmetic: the same on every
 * machine, fast on short strings. Detects change; it is no defence against a forger.
 * @module
 */

function rotl(x: number, r: number): number {
  return (x << r) | (x >>> (32 - r));
}

function mix(h: number): number {
  h ^= h >>> 16;
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return h ^ (h >>> 16);
}

const HEX: readonly string[] = /* @__PURE__ */ Array.from({ length: 256 }, (_, byte) =>
  byte.toString(16).padStart(2, "0"),
);

function hex(h: number): string {
  return HEX[h >>> 24]! + HEX[(h >>> 16) & 255]! + HEX[(h >>> 8) & 255]! + HEX[h & 255]!;
}

/** Hashes text (UTF-16 code units, two per word) to 32 hexadecimal digits. */
export function hash128(text: string, seed = 0): string {
  let h1 = seed | 0;
  let h2 = (seed ^ 0x2f6b3a91) | 0;
  let h3 = (seed ^ 0x71c9d0e5) | 0;
  let h4 = (seed ^ 0x38b34ae5) | 0;
  const n = text.length;
  for (let i = 0; i < n; i += 2) {
    const word = text.charCodeAt(i) | (i + 1 < n ? text.charCodeAt(i + 1) << 16 : 0);
    const k = Math.imul(rotl(Math.imul(word, 0x239b961b), 15), 0xab0e9789);
    h1 = (Math.imul(rotl(h1 ^ k, 19) + h2, 5) + 0x561ccd1b) | 0;
    h2 = (Math.imul(rotl(h2 ^ rotl(k, 8), 17) + h3, 5) + 0x0bcaa747) | 0;
    h3 = (Math.imul(rotl(h3 ^ rotl(k, 16), 15) + h4, 5) + 0x96cd1c35) | 0;
    h4 = (Math.imul(rotl(h4 ^ rotl(k, 24), 13) + h1, 5) + 0x32ac3b17) | 0;
  }
  h1 ^= n;
  h2 ^= n;
  h3 ^= n;
  h4 ^= n;
  h1 = (h1 + h2 + h3 + h4) | 0;
  h2 = (h2 + h1) | 0;
  h3 = (h3 + h1) | 0;
  h4 = (h4 + h1) | 0;
  h1 = mix(h1);
  h2 = mix(h2);
  h3 = mix(h3);
  h4 = mix(h4);
  h1 = (h1 + h2 + h3 + h4) | 0;
  h2 = (h2 + h1) | 0;
  h3 = (h3 + h1) | 0;
  h4 = (h4 + h1) | 0;
  return hex(h1) + hex(h2) + hex(h3) + hex(h4);
}
