import { isMatchpointError, type FrameQuarantined } from "@matchpoint/sdk";
import { malformed, type Json } from "./read.ts";

/** The receive stamp of the contract, as decoders take it. */
type Stamp = Pick<FrameQuarantined, "at" | "receivedAt">;

const SAMPLE_CHARS = 200;
/** Four bytes hold any character of UTF-8. */
const SAMPLE_BYTES = SAMPLE_CHARS * 4;
const decoder = new TextDecoder();

/** Parses bytes `start` to `end` as JSON. @throws `FRAME_INVALID` */
export function parseFrame(frame: Uint8Array, start: number, end: number): unknown {
  const text = decoder.decode(start === 0 && end === frame.length ? frame : frame.subarray(start, end));
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw malformed("frame", "JSON");
  }
}

/** The evidence of a frame that could not be read: why, and its first 200 characters. */
export function quarantined(
  feed: string,
  reason: string,
  frame: Uint8Array,
  start: number,
  end: number,
  stamp: Stamp,
): FrameQuarantined {
  const sample = decoder.decode(frame.subarray(start, Math.min(end, start + SAMPLE_BYTES)));
  return {
    type: "frame_quarantined",
    at: stamp.at,
    receivedAt: stamp.receivedAt,
    feed,
    reason,
    sample: sample.slice(0, SAMPLE_CHARS),
  };
}

/** Why a frame was refused. An error of ours says what is wrong with it; any other is a bug, and says so. */
export function refusal(error: unknown): string {
  if (isMatchpointError(error)) return error.message;
  return `decoder failed: ${error instanceof Error ? error.message : String(error)}`;
}

/** Whether a parsed value is an object with fields. */
export function isJson(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Counts by name, with at most `limit` names: the rest are counted together, so that a hostile feed cannot grow it. */
export class Tally {
  readonly #counts = new Map<string, number>();
  readonly #limit: number;

  constructor(limit = 200) {
    this.#limit = limit;
  }

  add(name: string): void {
    const key = this.#counts.has(name) || this.#counts.size < this.#limit ? name.slice(0, 80) : "(others)";
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1);
  }

  get(name: string): number {
    return this.#counts.get(name) ?? 0;
  }

  get total(): number {
    let sum = 0;
    for (const count of this.#counts.values()) sum += count;
    return sum;
  }

  entries(): IterableIterator<[string, number]> {
    return this.#counts.entries();
  }
}
