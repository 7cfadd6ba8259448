import {
  isMatchpointError,
  type CoreEvent,
  type FrameDecoder,
  type FrameQuarantined,
  type ReceiveStamp,
} from "@matchpoint/sdk";
import { z } from "zod";
import { malformed, type Json } from "./read.ts";

const SAMPLE_CHARS = 200;
/** Four bytes hold any character of UTF-8. */
const SAMPLE_BYTES = SAMPLE_CHARS * 4;
const decoder = new TextDecoder();

/** Parses bytes `start` to `end` as JSON. @throws `FRAME_INVALID` */
export function parseFrame(
  frame: Uint8Array,
  start: number,
  end: number,
  parse: (text: string) => unknown = JSON.parse,
): unknown {
  const text = decoder.decode(start === 0 && end === frame.length ? frame : frame.subarray(start, end));
  try {
    return parse(text);
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
  stamp: ReceiveStamp,
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

/**
 * Reads a frame's JSON: emits what it says through `push`, and returns what is wrong with it, if anything is. May throw for a
 * frame that it cannot read.
 */
export type ReadJson = (
  json: unknown,
  stamp: ReceiveStamp,
  push: (event: CoreEvent) => void,
) => string | undefined;

/**
 * A decoder of JSON frames that keeps the contract: what cannot be read becomes one `frame_quarantined` with the reason and
 * the first 200 characters, and nothing is thrown but what `emit` itself throws.
 *
 * @param feed named in the quarantined frame
 * @param refused called for each quarantined frame, to count them
 * @param parse how text becomes values; by default `JSON.parse`, which rounds whole numbers beyond 2^53
 */
export function createJsonDecoder(
  feed: string,
  read: ReadJson,
  refused?: () => void,
  parse?: (text: string) => unknown,
): FrameDecoder {
  return {
    decode(frame, start, end, stamp, emit) {
      const events: CoreEvent[] = [];
      let problem: string | undefined;
      try {
        problem = read(parseFrame(frame, start, end, parse), stamp, (event) => events.push(event));
      } catch (error) {
        problem = refusal(error);
      }
      for (const event of events) emit(event);
      if (problem === undefined) return;
      refused?.();
      emit(quarantined(feed, problem, frame, start, end, stamp));
    },
  };
}

const REASON_CHARS = 300;

/** Why a frame was refused: what its check says; any other error is a bug of the decoder, and says so. */
export function refusal(error: unknown): string {
  if (isMatchpointError(error)) return error.message.slice(0, REASON_CHARS);
  if (error instanceof z.ZodError) {
    const issue = error.issues[0];
    const where = issue === undefined || issue.path.length === 0 ? "message" : issue.path.join(".");
    return `${where} is not of its shape (${issue?.message ?? "unknown"})`.slice(0, REASON_CHARS);
  }
  return `decoder failed: ${error instanceof Error ? error.message : String(error)}`.slice(0, REASON_CHARS);
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
