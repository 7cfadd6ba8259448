/** Reads the venue's texts into exact integers. @module */
import { MatchpointError, type Millis } from "@matchpoint/sdk";
import { WIRE_DECIMAL, wireSize } from "../market/decimal.ts";
import { readTime } from "../gamma/values.ts";

/** Decimal places of an {@link wireRatio exact price}. */
const RATIO_PLACES = 18;
/** The price of one dollar as an {@link wireRatio exact price}. */
export const RATIO_ONE = 1_000_000_000_000_000_000n;

/** What an id may look like; hashes, UUIDs and plain numbers do. */
export const PLAIN_ID = /^[\w.:-]{1,160}$/;

/** Hashes are compared by their text, and the venue's case is not promised. */
export function normalId(text: string): string {
  return /^0x[\da-fA-F]+$/i.test(text) ? text.toLowerCase() : text;
}

/**
 * Reads a price exactly, in 1e-18 dollars; `undefined` when it is none from 0 to 1. Prices of market orders and of trades
 * over several levels are quotients and have more places than any grid.
 */
export function wireRatio(text: unknown): bigint | undefined {
  if (typeof text !== "string" || text.length > 40) return undefined;
  const match = WIRE_DECIMAL.exec(text);
  if (match === null || (match[1] === "" && match[2] === undefined)) return undefined;
  const value = BigInt(match[1]! + (match[2] ?? "").padEnd(RATIO_PLACES, "0"));
  return value <= RATIO_ONE ? value : undefined;
}

/** Reads an amount in millionths that may be left out or `""`: `undefined` then, and -1 when it is there and wrong. */
export function wireOptionalSize(text: unknown): number | undefined {
  return text === undefined || text === null || text === "" ? undefined : wireSize(text);
}

/**
 * Reads a time in seconds, milliseconds, microseconds or nanoseconds since 1970 (told apart by how many digits it has), or
 * in ISO form. `undefined` when it is left out, `""` or 0; -1 when it is there and no time.
 */
export function wireTime(value: unknown): Millis | -1 | undefined {
  if (value === undefined || value === null || value === "") return undefined;
  const text = typeof value === "number" ? String(value) : value;
  if (typeof text !== "string" || text.length > 40) return -1;
  if (/^0+$/.test(text)) return undefined;
  if (/^[1-9]\d{8,19}$/.test(text)) {
    if (text.length <= 11) return (Number(text) * 1_000) as Millis;
    const places = text.length <= 14 ? 0 : text.length <= 17 ? 3 : 6;
    return Number(text.slice(0, text.length - places)) as Millis;
  }
  try {
    return readTime(text, "time");
  } catch (error) {
    if (error instanceof MatchpointError) return -1;
    throw error;
  }
}
