import type { Hex } from "../venue/contracts.ts";

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

/** Bytes as `0x` and lower-case digits. */
export function hexOf(bytes: Uint8Array): Hex {
  let text = "0x";
  for (let i = 0; i < bytes.length; i++) text += HEX[bytes[i]!]!;
  return text as Hex;
}

/** Writes the bytes of a hexadecimal text, after its `0x`, from `at` on. The text is known to be one. */
export function putHex(bytes: Uint8Array, at: number, text: string): void {
  for (let i = 2, to = at; i < text.length; i += 2, to++)
    bytes[to] = (digit(text.charCodeAt(i)) << 4) | digit(text.charCodeAt(i + 1));
}

/** The bytes of a hexadecimal text, after its `0x`. */
export function bytesOf(text: string): Uint8Array {
  const bytes = new Uint8Array((text.length - 2) / 2);
  putHex(bytes, 0, text);
  return bytes;
}

/** Writes a whole number below 2^53 at the right of the 32 bytes that begin at `at`; the others are zero already. */
export function putNumber(bytes: Uint8Array, at: number, value: number): void {
  let rest = value;
  for (let to = at + 31; rest > 0; to--) {
    bytes[to] = rest % 256;
    rest = Math.floor(rest / 256);
  }
}

/** The value of a digit's character code: `0-9`, `a-f` or `A-F`. */
function digit(code: number): number {
  return code <= 57 ? code - 48 : (code | 32) - 87;
}
