import type { RecordingChannel } from "@matchpoint/sdk";
import type { Mapping } from "./mapping.ts";

/** One frame of a capture, ready to be written. */
export interface CapturedFrame {
  /** Receive time, Unix ms. */
  readonly t: number;
  readonly channel: string;
  /** The frame's text, verbatim JSON where the capture has it so. */
  readonly text: string;
}

/** What was read, for the report. */
export interface CaptureCounts {
  /** Lines or rows of the capture. */
  read: number;
  /** Lines that were left out, by reason. */
  readonly left: Record<string, number>;
  /** Whatever else the kind counts. */
  readonly more: Record<string, number>;
}

/** A capture of one kind, opened with its mapping. */
export interface Capture {
  readonly channels: Readonly<Record<string, RecordingChannel>>;
  /** The capture's own list of tokens, for mappings that name tokens by position. */
  readonly tokens: readonly string[];
  readonly counts: CaptureCounts;
  /** How many bytes there are to read and how many were, for progress. */
  progress(): { readonly done: number; readonly total: number };
  frames(): AsyncIterable<CapturedFrame>;
}

/** Opens a capture. PATH is a folder, or the kind's main file. */
export type OpenCapture = (path: string, mapping: Mapping) => Promise<Capture>;

/** Adds one to a named counter. */
export function tally(counts: Record<string, number>, name: string): void {
  counts[name] = (counts[name] ?? 0) + 1;
}
