import {
  MatchpointError,
  NANOS_PER_MS,
  pause,
  type Clock,
  type OffsetMeasurement,
  type Transport,
} from "@matchpoint/sdk";

/** What {@link measureVenueOffset} needs. */
export interface VenueTimeOptions {
  readonly transport: Transport;
  readonly clock: Clock;
  /** The CLOB's address. Default `https://clob.polymarket.com`. */
  readonly url?: string;
  /** How often it is asked; default 6. The stamps are whole seconds, so each further answer narrows the offset. */
  readonly samples?: number;
  /** Deadline of each question. Default 3,000. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

const HOST = "https://clob.polymarket.com";
/** Not a divisor of a second, so that the questions fall on different parts of it. */
const PAUSE_MS = 173;
/** 2020 to 2100: what else comes is no Unix time in seconds. */
const MIN_S = 1_577_836_800;
const MAX_S = 4_102_444_800;

/** The offsets that are still possible, in ms. */
interface Bounds {
  readonly low: number;
  readonly high: number;
}

/**
 * Measures how far the venue's clock is ahead of our wall clock, by the CLOB's `GET /time` (Unix seconds as text).
 *
 * A whole second says only that the venue's clock stood in `[s, s + 1)` at some moment between question and answer, so each
 * answer bounds the offset to within a second and the way there and back; the bounds of several answers are intersected. Answers that
 * contradict the rest (the venue's own servers disagree, or our clock was set meanwhile) widen the error instead.
 *
 * @throws `MatchpointError` `HTTP_FAILED` when no question was answered, `ABORTED`
 */
export async function measureVenueOffset(options: VenueTimeOptions): Promise<OffsetMeasurement> {
  const { clock, transport, signal } = options;
  const url = `${options.url ?? HOST}/time`;
  const asked = options.samples ?? 6;
  const found: Bounds[] = [];
  const problems: string[] = [];
  // One wall time for all, moved on by the monotonic clock: a step of the wall clock meanwhile must not count.
  const wall0 = clock.wall();
  const at0 = clock.monotonic();
  const now = (): number => wall0 + (clock.monotonic() - at0) / NANOS_PER_MS;
  for (let i = 0; i < asked; i++) {
    if (i > 0) await pause(clock, PAUSE_MS);
    if (signal?.aborted === true) throw new MatchpointError("ABORTED", "the venue's clock was not measured");
    const sent = now();
    try {
      const answer = await transport.request({
        method: "GET",
        url,
        timeoutMs: options.timeoutMs ?? 3_000,
        ...(signal === undefined ? {} : { signal }),
      });
      const back = now();
      const text = new TextDecoder().decode(answer.body).trim();
      const seconds = /^\d{10}$/.test(text) ? Number(text) : NaN;
      if (answer.status !== 200) problems.push(`status ${answer.status}`);
      else if (!(seconds >= MIN_S && seconds <= MAX_S))
        problems.push(`${JSON.stringify(text.slice(0, 40))} is no Unix time`);
      else found.push({ low: seconds * 1000 - back, high: (seconds + 1) * 1000 - sent });
    } catch (error) {
      problems.push(error instanceof Error ? error.message : String(error));
    }
  }
  if (found.length === 0) {
    const problem = problems[0] ?? "no answer";
    // A transport's error says itself what was asked.
    const options = problem.startsWith("GET ") ? {} : { where: `GET ${url}` };
    throw new MatchpointError("HTTP_FAILED", `the venue's clock could not be read: ${problem}`, options);
  }
  const { low, high } = narrowed(found);
  return {
    offsetMs: Math.round((low + high) / 2) || 0,
    errorMs: Math.ceil((high - low) / 2),
    answers: found.length,
    asked,
    problems,
  };
}

/** What all bounds allow; where nothing is, the span from the highest low to the lowest high, turned round. */
function narrowed(found: readonly Bounds[]): Bounds {
  const low = Math.max(...found.map((bounds) => bounds.low));
  const high = Math.min(...found.map((bounds) => bounds.high));
  if (low <= high) return { low, high };
  return {
    low: Math.min(...found.map((each) => each.low)),
    high: Math.max(...found.map((each) => each.high)),
  };
}
