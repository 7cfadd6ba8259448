import { MatchpointError, type Millis } from "@matchpoint/sdk";

/** A parsed JSON object whose fields are not checked yet. */
export type Json = Readonly<Record<string, unknown>>;

const ISO_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2})$/;
/** Before this a time is a placeholder: file exports carry 1970-01-01. */
const EARLIEST = 946_684_800_000; // 2000-01-01

/** A frame does not have its shape. Caught by the decoder, which quarantines the frame. */
export function malformed(what: string, expected: string): MatchpointError {
  return new MatchpointError("FRAME_INVALID", `${what} is not ${expected}`);
}

/** An object, or `undefined` for an absent or null field. */
export function readObject(value: unknown, what: string): Json | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== "object" || Array.isArray(value)) throw malformed(what, "an object");
  return value as Json;
}

/** An object that must be there. */
export function needObject(value: unknown, what: string): Json {
  const found = readObject(value, what);
  if (found === undefined) throw malformed(what, "an object");
  return found;
}

/** An array, or `undefined` for an absent or null field. */
export function readArray(value: unknown, what: string): readonly unknown[] | undefined {
  if (value === undefined || value === null) return undefined;
  if (!Array.isArray(value)) throw malformed(what, "an array");
  return value as readonly unknown[];
}

/** Text, or `undefined` for an absent or null field. */
export function readText(value: unknown, what: string): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== "string") throw malformed(what, "text");
  return value;
}

/** Non-empty text that must be there. */
export function needText(value: unknown, what: string): string {
  const found = readText(value, what);
  if (found === undefined || found === "") throw malformed(what, "text");
  return found;
}

/** A boolean, or `undefined` for an absent or null field. */
export function readFlag(value: unknown, what: string): boolean | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== "boolean") throw malformed(what, "true or false");
  return value;
}

/** A number of at most `most` in size, by default any below 2^53, or `undefined` for an absent or null field. */
export function readNumber(
  value: unknown,
  what: string,
  most: number = Number.MAX_SAFE_INTEGER,
): number | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== "number" || !(Math.abs(value) <= most)) {
    throw malformed(what, `a number from ${-most} to ${most}`);
  }
  return value;
}

/** An integer within bounds, or `undefined` for an absent or null field. */
export function readInteger(value: unknown, min: number, max: number, what: string): number | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== "number" || !Number.isInteger(value) || value < min || value > max) {
    throw malformed(what, `an integer from ${min} to ${max}`);
  }
  return value;
}

/** An ISO-8601 time as Unix ms; `undefined` when absent, unreadable or a placeholder such as 1970-01-01. */
export function readTime(value: unknown): Millis | undefined {
  if (typeof value !== "string" || value.length > 40 || !ISO_TIME.test(value)) return undefined;
  const at = Date.parse(value);
  return at >= EARLIEST ? (at as Millis) : undefined;
}

/** Clocks differ by less. */
const MAX_AHEAD_MS = 60_000;

/** A source's time, if it can be one: what is from the future would make all that follows look old. */
export function believable(time: Millis | undefined, receivedAt: Millis): Millis | undefined {
  return time === undefined || time > receivedAt + MAX_AHEAD_MS ? undefined : time;
}
