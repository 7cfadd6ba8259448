import { eventProblem } from "./checkEvent.ts";
import { shownValue } from "./checks.ts";
import type { BookContinuity, CoreEvent, CoreEventType } from "./index.ts";
import { isWholeBookEvent } from "./wholeEvent.ts";
import { MatchpointError } from "../errors.ts";

const SAMPLE_CHARACTERS = 200;
const OF_BOOKS: ReadonlySet<CoreEventType> = new Set(["book_delta", "book_snapshot", "best_quote"]);

/**
 * Lets an event of a feed into a log, or in its place the evidence that it is none: a log that cannot be read back is worth
 * nothing, and one feed's fault must not end the run. Where it was a book's, {@link gapOf} is to be said first.
 *
 * @throws {@link MatchpointError} `EVENT_INVALID` when not even its times hold
 */
export function admitted(event: CoreEvent): CoreEvent {
  // What an adapter calls an event may be none at all.
  if (isObject(event) && isWholeBookEvent(event)) return event;
  const problem = eventProblem(event);
  return problem === undefined ? event : evidenceOf(event, problem);
}

/**
 * What a book lacks when the evidence was `taken` in place of an event of it: nobody can say what the rest of that frame was, so that
 * its feed is asked for a whole book.
 */
export function gapOf(offered: CoreEvent, taken: CoreEvent): BookContinuity | undefined {
  if (taken.type !== "frame_quarantined" || taken.marketId === undefined) return undefined;
  if (!OF_BOOKS.has(offered.type)) return undefined;
  const { at, receivedAt, marketId, reason } = taken;
  return { type: "book_continuity", at, receivedAt, marketId, state: "gap", reason };
}

function isObject(event: unknown): boolean {
  return typeof event === "object" && event !== null;
}

function evidenceOf(event: CoreEvent, problem: string): CoreEvent {
  const { type, at, receivedAt, source, marketId } = (isObject(event) ? event : {}) as Readonly<
    Record<string, unknown>
  >;
  const evidence = {
    type: "frame_quarantined",
    at,
    receivedAt,
    feed: typeof source === "string" ? source : "unknown",
    reason: `${shownValue(type)} is refused: ${problem}`,
    sample: sampleOf(event),
    ...(typeof marketId === "string" && marketId !== "" ? { marketId } : {}),
  };
  if (eventProblem(evidence) === undefined) return evidence as unknown as CoreEvent;
  throw new MatchpointError("EVENT_INVALID", problem, {
    hint: "Every event carries `at` (whole nanoseconds since the run began) and `receivedAt` (Unix ms).",
  });
}

function sampleOf(event: CoreEvent): string {
  try {
    return JSON.stringify(event).slice(0, SAMPLE_CHARACTERS);
  } catch {
    return ""; // what JSON cannot hold has no sample; the reason still names it
  }
}
