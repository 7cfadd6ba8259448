import type { MarketDescription, MatchDescription } from "../events/index.ts";
import type { Millis } from "../units/index.ts";

/** How a channel's frames are read: which decoder, and whatever that decoder wants to know. */
export interface RecordingChannel {
  /**
   * `events` (frames are events of this SDK) and `claims` (frames are claims: a `match_claim` without its type) are built
   * in; the others, such as `polymarket-market`, `grid-series-events` or `pandascore-frames`, come with the adapters.
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
  /** When it began: Unix ms or an ISO 8601 time. */
  readonly started_at: number | string;
  /** The mapping that somebody stated (which market is about which team), when it was not read from the venue. */
  readonly asserted_by?: unknown;
  readonly markets: readonly MarketDescription[];
  readonly matches: readonly MatchDescription[];
  readonly channels: Readonly<Record<string, RecordingChannel>>;
}

/** One frame found by a {@link RecordingReader}. The object and its buffer are used again: valid during the call only. */
export interface RecordedFrame {
  /** Name of the channel, one of the header's. */
  readonly channel: string;
  /** When it was received, Unix ms. */
  readonly t: Millis;
  /** Bytes `start` to `end` of `buffer` are the frame as it was received. */
  readonly buffer: Uint8Array;
  readonly start: number;
  readonly end: number;
  /** Line number in the file, from 1. */
  readonly line: number;
}

/** Takes what a {@link RecordingReader} finds. */
export interface RecordingSink {
  header(header: RecordingHeader): void;
  frame(frame: RecordedFrame): void;
}

/** What was found at a recording's end. */
export interface RecordingEnd {
  readonly frames: number;
  /** Bytes of whole lines. */
  readonly bytes: number;
  /** Why the recording is not whole, with how much of it is usable; `undefined` when it is whole. */
  readonly truncated: string | undefined;
}
