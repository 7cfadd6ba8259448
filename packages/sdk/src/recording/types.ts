import type { MarketDescription, MatchDescription } from "../events/index.ts";
import type { Millis } from "../units/index.ts";

/** How a channel's frames are read: which decoder, and whatever that decoder wants to know. */
export interface RecordingChannel {
  /**
   * `events` (lines are events of this SDK) and `claims` (lines are claims: `match_claim` without type and stamps) are built in; the
   * others, such as `polymarket-market`, `grid-series-events` or `pandascore-frames`, come with the adapters.
   */
  readonly decoder: string;
  readonly [option: string]: unknown;
}

/** First line of a recording. */
export interface RecordingHeader {
  /** Version of the format: 1. */
  readonly matchpoint_recording: 1;
  /** The program that wrote it. */
  readonly created_by: string;
  /** What was recorded, in words or as a URL. */
  readonly source: string;
  /** Unix ms or an ISO 8601 date. */
  readonly started_at: number | string;
  /** The mapping that somebody stated (which market is about which team), when it was not read from the venue. */
  readonly asserted_by?: unknown;
  readonly markets: readonly MarketDescription[];
  readonly matches: readonly MatchDescription[];
  readonly channels: Readonly<Record<string, RecordingChannel>>;
}

/** Takes what a {@link RecordingReader} finds. */
export interface RecordingSink {
  header(header: RecordingHeader): void;
  /** Bytes `start` to `end` of `buffer` are one frame as received, valid during the call only. */
  frame(channel: string, t: Millis, buffer: Uint8Array, start: number, end: number, line: number): void;
}

/** What was found at a recording's end. */
export interface RecordingEnd {
  readonly frames: number;
  readonly lines: number;
  readonly bytes: number;
  /** Why the recording is not whole: no end line, or a last line that breaks off. `undefined` when it is whole. */
  readonly truncated: string | undefined;
}
