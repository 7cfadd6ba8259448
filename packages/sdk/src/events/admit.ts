import { eventProblem } from "./checkEvent.ts";
import { shownValue } from "./checks.ts";
import type { CoreEvent } from "./index.ts";
import { MatchpointError } from "../errors.ts";

const SAMPLE_CHARACTERS = 200;

/**
 * Lets an event of a feed into a log, or in its place the evidence that it is none: a log that cannot be read back is worth
 * nothing, and one feed's fault must not end the run. Market data passes: its decoders check every number, and books
 * refuse what they cannot hold.
 *
 * @throws {@link MatchpointError} `EVENT_INVALID` when not even its times hold
 */
export function admitted(event: CoreEvent): CoreEvent {
  switch (event.type) {
    case "book_delta":
    case "book_snapshot":
    case "market_trade":
    case "best_quote":
      return event;
    default: {
      const problem = eventProblem(event);
      return problem === undefined ? event : evidenceOf(event, problem);
    }
  }
}

function evidenceOf(event: CoreEvent, problem: string): CoreEvent {
  const { type, at, receivedAt, source, marketId } = event as unknown as Readonly<Record<string, unknown>>;
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
