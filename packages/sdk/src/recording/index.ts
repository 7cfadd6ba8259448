/** Captures of raw frames as they came from the wire. @module */
export type { RecordingChannel, RecordingEnd, RecordingHeader, RecordingSink } from "./types.ts";
