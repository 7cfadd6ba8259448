import type { FrameDecoder, ReceiveStamp } from "../contracts/index.ts";
import { eventProblem, type CoreEvent } from "../events/index.ts";

const SAMPLE_BYTES = 200;

/**
 * Reads frames that are events of this SDK already (`events`), or claims about a match (`claims`: a `match_claim`
 * without its type). The stamp is the frame's; `occurredAt` and `publishedAt` may be stated.
 */
export class EventDecoder implements FrameDecoder {
  readonly #kind: "events" | "claims";
  readonly #utf8 = new TextDecoder("utf-8", { fatal: true });

  constructor(kind: "events" | "claims") {
    this.#kind = kind;
  }

  decode(
    frame: Uint8Array,
    start: number,
    end: number,
    stamp: ReceiveStamp,
    emit: (event: CoreEvent) => void,
  ): void {
    const { at, receivedAt } = stamp;
    let parsed: unknown;
    try {
      parsed = JSON.parse(this.#utf8.decode(frame.subarray(start, end)));
    } catch {
      emit(this.#quarantined(frame, start, end, stamp, "no JSON"));
      return;
    }
    for (const item of Array.isArray(parsed) ? (parsed as unknown[]) : [parsed]) {
      const type = this.#kind === "claims" ? { type: "match_claim" } : {};
      const event: unknown =
        typeof item === "object" && item !== null ? { ...item, ...type, at, receivedAt } : item;
      const problem = eventProblem(event);
      emit(
        problem === undefined ? (event as CoreEvent) : this.#quarantined(frame, start, end, stamp, problem),
      );
    }
  }

  #quarantined(
    frame: Uint8Array,
    start: number,
    end: number,
    stamp: ReceiveStamp,
    reason: string,
  ): CoreEvent {
    const sample = new TextDecoder().decode(frame.subarray(start, Math.min(end, start + SAMPLE_BYTES)));
    const { at, receivedAt } = stamp;
    return { type: "frame_quarantined", at, receivedAt, feed: this.#kind, reason, sample };
  }
}
