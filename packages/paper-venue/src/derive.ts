/** Everything that production draws at random is derived from the seed here. @module */
import { createHash } from "node:crypto";
import { hash128 } from "@matchpoint/sdk";

const TWO_52 = 4_503_599_627_370_496;

/** An even draw from [0, 1) that depends on the seed and on what it decides about, and on nothing else. */
export function luck(seed: number, what: string): number {
  return Number.parseInt(hash128(`${seed}|${what}`).slice(0, 13), 16) / TWO_52;
}

/** A UUID made of a text. */
export function uuidOf(text: string): string {
  const h = hash128(text);
  return `${h.slice(0, 8)}-${h.slice(8, 12)}-4${h.slice(13, 16)}-a${h.slice(17, 20)}-${h.slice(20)}`;
}

/** 32 bytes as hexadecimal text with `0x`. */
export function bytes32Of(text: string): string {
  return `0x${sha256(text)}`;
}

/** 64 hexadecimal digits. */
export function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** 40 hexadecimal digits, as in a book's `hash`. */
export function sha1(text: string): string {
  return createHash("sha1").update(text).digest("hex");
}

/** An address that nobody has the key of. */
export function addressOf(text: string): string {
  return `0x${sha256(text).slice(0, 40)}`;
}
